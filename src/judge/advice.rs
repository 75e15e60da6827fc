//! What would mend a finding: the first mend with which the rule passes when everything is read again.

use super::memo::Memo;
use super::verdict::{Member, judge_again};
use crate::condition::{Evaluation, Values, bounds};
use crate::fact::{Better, Duration, FactIx, FactKey, Record, Type, Value, Word};
use crate::platform::{Deployment, Mend, Plan};
use crate::rule::{Check, Rule, Selected};
use crate::text::Span;
use std::sync::Arc;

/// A replacement of a written scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct RawEdit {
    /// The document.
    pub document: u32,
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// What to tell a person, and what a program could write.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// The lines for people.
    pub help: String,
    /// The help is the rule's own general advice.
    pub general: bool,
    /// What a program would write, if only written scalars change: title and edits.
    pub fix: Option<(String, Vec<RawEdit>)>,
    /// It may be applied unasked.
    pub safe: bool,
    /// Some mend makes the rule pass, or tells a person how.
    pub mendable: bool,
    /// The settings of the mend that passes, for gates.
    pub plan: Option<Arc<Plan>>,
}

/// The advice for the members that were folded into one finding.
pub fn advise(
    deployment: &Deployment<'_>,
    selected_at: usize,
    selected: &Selected,
    known: Option<(&Memo, u128)>,
    members: &[Member],
) -> Advice {
    let rule = &selected.rule;
    let Some(first) = members.first() else { return Advice::default() };
    if let Some(event) = first.event.as_ref().filter(|e| e.kind == crate::platform::EventKind::Conflict) {
        return Advice { help: event.value.clone().unwrap_or_default(), mendable: true, ..Advice::default() };
    }
    if deployment.is_declaration() {
        return Advice { help: declared(deployment, selected, members), mendable: true, ..Advice::default() };
    }
    if let Some(event) = &first.event {
        return of_event(deployment, rule, event);
    }
    let records = witnesses(deployment, members);
    let mut words: Option<Plan> = None;
    let plan_of = |mend: &Mend, fact: Option<FactIx>| {
        let qualifiers: Vec<Option<Word>> = match fact {
            None => vec![None],
            Some(fact) => qualifiers(deployment, fact, members),
        };
        let wanted = fact.and_then(|f| bound(deployment, selected, f, first));
        deployment.plan(mend, &qualifiers, wanted.as_ref(), &records)
    };
    let platform = deployment.platform();
    let of_facts = deciding(deployment, members).into_iter().flat_map(|fact| {
        platform.and_then(|p| p.mends.get(&fact)).into_iter().flatten().map(move |mend| (mend, Some(fact)))
    });
    let tried = rule.mends.iter().map(|m| (m, None)).chain(of_facts);
    // Settings in the same states are mended by the same mend: it need not be tried again.
    let print = members_print(members);
    let before = known.and_then(|(memo, key)| memo.mend(selected_at, key, print));
    let mut found: Option<Plan> = None;
    let mut which: Option<usize> = None;
    for (n, (mend, fact)) in tried.enumerate() {
        let chosen = before.map(|before| before == Some(n));
        if chosen == Some(false) && (before != Some(None) || words.is_some()) {
            continue;
        }
        let Some(plan) = plan_of(mend, fact) else { continue };
        if plan.text_alone() && plan.overlay.is_empty() {
            if plan.text.is_some() && words.is_none() {
                words = Some(plan);
            }
            continue;
        }
        let passes = chosen.unwrap_or_else(|| {
            let mended = deployment.overlaid(plan.overlay.clone(), plan.fields.clone());
            members.iter().all(|m| judge_again(&mended, selected, m.it.as_ref()))
        });
        if passes {
            found = Some(plan);
            which = Some(n);
            break;
        }
    }
    if let (None, Some((memo, key))) = (before, known) {
        memo.put_mend(selected_at, key, print, which);
    }
    deployment.set_params(selected.params.clone());
    match found.or(words) {
        Some(plan) => {
            let help = deployment.help(&plan);
            let fix = edits(&plan);
            Advice { help, fix, general: false, safe: plan.safe, mendable: true, plan: Some(Arc::new(plan)) }
        }
        None => Advice { help: rule.fix.clone(), general: true, ..Advice::default() },
    }
}

/// Tells the members of two findings of one rule apart.
fn members_print(members: &[Member]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    members.iter().for_each(|m| m.qualifier.hash(&mut hasher));
    hasher.finish()
}

fn of_event(deployment: &Deployment<'_>, rule: &Rule, event: &crate::platform::Event) -> Advice {
    if let (Some((span, key)), Some(document)) =
        (&event.respell, deployment.place(event.place).and_then(|p| p.document))
    {
        let help = format!("write `{key}`");
        let edit = RawEdit { document, span: *span, text: key.clone() };
        return Advice { fix: Some((help.clone(), vec![edit])), help, mendable: true, ..Advice::default() };
    }
    if let Some(advice) = meant(deployment, event) {
        return advice;
    }
    let mend = event.gate.and_then(|g| deployment.platform()?.gates.get(g)?.mend.as_ref());
    if let Some(plan) = mend.and_then(|m| deployment.plan(m, &[None], None, &[])) {
        return Advice {
            help: deployment.help(&plan),
            fix: edits(&plan),
            general: false,
            safe: plan.safe,
            mendable: true,
            plan: Some(Arc::new(plan)),
        };
    }
    Advice { help: rule.fix.clone(), general: true, mendable: true, ..Advice::default() }
}

/// What somebody most likely meant by a value that is read as something else.
fn meant(deployment: &Deployment<'_>, event: &crate::platform::Event) -> Option<Advice> {
    use crate::platform::{Base, EventKind};
    if event.kind != EventKind::Misread {
        return None;
    }
    let place = deployment.place(event.place)?;
    let setting = deployment.platform()?.setting(event.setting?)?;
    let shown = &place.shown;
    let text = place.text.as_deref()?.trim_matches(['"', '\'', ' ']);
    match setting.codec() {
        Base::Truthy if !text.is_empty() => {
            let help = format!("set `{shown}` to `false`, without quotes");
            let edit = RawEdit { document: place.document?, span: place.span, text: "false".into() };
            let fix = (!place.shared).then(|| (help.clone(), vec![edit]));
            Some(Advice { help, fix, mendable: true, ..Advice::default() })
        }
        Base::Duration { units, .. } if text.bytes().all(|b| b.is_ascii_digit()) && text != "0" => {
            let names: Vec<String> = units.iter().map(|(name, _)| format!("`{name}`")).collect();
            let help = format!("write `{shown}` with a unit ({}), if that is not what you mean", names.join(", "));
            Some(Advice { help, mendable: true, ..Advice::default() })
        }
        _ => None,
    }
}

/// Edits, where every change replaces a written scalar.
pub(super) fn edits(plan: &Plan) -> Option<(String, Vec<RawEdit>)> {
    let mut edits = Vec::new();
    let mut titles = Vec::new();
    for change in &plan.changes {
        let text = change.text.clone()?;
        titles.push(format!("set `{}` to `{text}`", change.shown));
        edits.push(RawEdit { document: change.document?, span: change.replaces?, text });
    }
    (!edits.is_empty()).then(|| (titles.join(", "), edits))
}

/// The records that stand for the fail.
fn witnesses(deployment: &Deployment<'_>, members: &[Member]) -> Vec<Record> {
    let of = |value: &Value| match value {
        Value::Record(r) => Some((**r).clone()),
        _ => None,
    };
    let mut out: Vec<Record> = Vec::new();
    for record in
        members.iter().flat_map(|m| m.it.iter().chain(m.witnesses.iter().flat_map(|w| &w.values))).filter_map(of)
    {
        if !out.contains(&record) {
            out.push(record);
        }
    }
    // A fact rests on fields of records: those that decided are the ones to mend.
    for record in members.iter().flat_map(|m| &m.sources).filter_map(|s| deployment.place(s.place)?.record) {
        if !out.contains(&record) {
            out.push((*record).clone());
        }
    }
    out
}

/// The facts that decided, those that derived ones come from included.
pub fn deciding(deployment: &Deployment<'_>, members: &[Member]) -> Vec<FactIx> {
    let mut out: Vec<FactIx> = Vec::new();
    let mut push = |key: FactKey| {
        if let Some((fact, _)) = deployment.fact_of(key)
            && !out.contains(&fact)
        {
            out.push(fact);
        }
    };
    for member in members {
        member.facts.iter().for_each(|k| push(*k));
        member.sources.iter().filter_map(|s| s.fact).for_each(&mut push);
    }
    out
}

/// The qualifiers of a fact over all members.
fn qualifiers(deployment: &Deployment<'_>, fact: FactIx, members: &[Member]) -> Vec<Option<Word>> {
    let mut out: Vec<Option<Word>> = Vec::new();
    for member in members {
        for key in member.facts.iter().copied().chain(member.sources.iter().filter_map(|s| s.fact)) {
            if let Some((ix, qualifier)) = deployment.fact_of(key)
                && ix == fact
                && !out.contains(&qualifier)
            {
                out.push(qualifier);
            }
        }
    }
    if out.is_empty() { vec![None] } else { out }
}

/// The value under which the rule just passes.
fn bound(deployment: &Deployment<'_>, selected: &Selected, fact: FactIx, member: &Member) -> Option<Value> {
    let (condition, holds) = match &selected.rule.check {
        Check::Require(c) => (c, true),
        Check::Forbid(c) => (c, false),
        Check::Event(_) => return None,
    };
    deployment.set_params(selected.params.clone());
    let found = bounds(condition, holds);
    // The other side may name the variable of a fold: its first witness stands for it.
    let witness = member.witnesses.first().and_then(|w| w.values.first());
    let other = |expr| {
        let mut evaluation = Evaluation::new(deployment, member.it.clone());
        witness.cloned().into_iter().for_each(|w| evaluation.bind(w));
        evaluation.eval(expr).known().cloned()
    };
    let value = found.iter().filter(|b| b.fact == fact).find_map(|b| other(b.other));
    value.filter(|v| !matches!(v, Value::Duration(Duration::Unlimited | Duration::Unspecified)))
}

/// For a declaration: the least value that passes, and what it means.
fn declared(deployment: &Deployment<'_>, selected: &Selected, members: &[Member]) -> String {
    let vocabulary = Values::vocabulary(deployment);
    let rule = &selected.rule;
    if let (Check::Event(_), Some((fact, _))) =
        (&rule.check, members.first().and_then(|m| m.facts.first()).and_then(|k| deployment.fact_of(*k)))
    {
        let def = vocabulary.fact(fact);
        return format!("declare `{}`{}{}", def.id, values_of(&def.ty, vocabulary), sentence(&def.definition));
    }
    for fact in deciding(deployment, members) {
        let def = vocabulary.fact(fact);
        // What is said in public is not what is to be mended: to unsay it makes nothing better.
        if def.derived() || def.context || def.undeclared.is_some() {
            continue;
        }
        let own = qualifiers(deployment, fact, members);
        // Members are mended together; without a list each qualifier is a matter of its own.
        let together: Vec<Vec<Option<Word>>> =
            if rule.each.is_some() { vec![own] } else { own.into_iter().map(|q| vec![q]).collect() };
        for qualifiers in together {
            let trial = |value: &Value| {
                let trial = qualifiers.iter().map(|q| ((fact, q.clone()), value.clone())).collect();
                let trial = deployment.with_trial(trial);
                members.iter().all(|m| judge_again(&trial, selected, m.it.as_ref()))
            };
            let present = qualifiers.first().and_then(|q| deployment.fact(fact, q.as_ref()).known().cloned());
            let better = |value: &Value| present.as_ref().is_none_or(|p| def.worse(p, value, vocabulary) == Some(true));
            let bound = members.first().and_then(|m| bound(deployment, selected, fact, m));
            let passing: Vec<Value> =
                candidates(&def.ty, vocabulary, bound).into_iter().filter(|v| better(v) && trial(v)).collect();
            deployment.set_params(selected.params.clone());
            if let Some(words) = passes_from(&def.ty, def.better, &passing) {
                let name = match qualifiers.as_slice() {
                    [Some(q)] => format!("{}['{q}']", def.id),
                    _ => def.id.clone(),
                };
                return format!("`{name}` passes {words}{}", sentence(&def.definition));
            }
        }
    }
    deployment.set_params(selected.params.clone());
    rule.fix.clone()
}

/// The values of a type, worst first, as far as they can be listed.
fn candidates(ty: &Type, vocabulary: &crate::fact::Vocabulary, bound: Option<Value>) -> Vec<Value> {
    match ty {
        Type::Level(level) => level.values.iter().map(|w| Value::Word(Word::clone(w))).collect(),
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Audience => {
            crate::fact::Audiences::audience_names(vocabulary).into_iter().map(|n| Value::Word(Word::from(n))).collect()
        }
        _ => bound.into_iter().collect(),
    }
}

/// How to say which values pass; audiences have no one order, so all of them are named.
fn passes_from(ty: &Type, better: Better, passing: &[Value]) -> Option<String> {
    let first = passing.first()?;
    let literal = |value: &Value| match value {
        Value::Duration(d) => format!("`{d}`"),
        other => format!("`{}`", other.words()),
    };
    Some(match ty {
        Type::Audience => format!(
            "as {}",
            crate::fact::enumerate(&passing.iter().map(literal).collect::<Vec<_>>()).replace(" and ", " or ")
        ),
        Type::Bool => format!("as {}", literal(first)),
        Type::Level(level) if level.values.last().is_some_and(|last| Some(last) == first.word()) => {
            format!("as {}", literal(first))
        }
        Type::Duration | Type::Number if better == Better::Less => format!("from {} downwards", literal(first)),
        Type::Duration | Type::Number => format!("from {} upwards", literal(first)),
        _ => format!("from {} on", literal(first)),
    })
}

/// What may be declared, from worst to best where there is such an order.
fn values_of(ty: &Type, vocabulary: &crate::fact::Vocabulary) -> String {
    let quoted = |list: &[&str]| list.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    let words =
        |level: &crate::fact::Level| level.values.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    match ty {
        Type::Level(level) if level.ordered => format!(", from worst to best: {}", words(level)),
        Type::Level(level) => format!(": one of {}", words(level)),
        Type::Set(Some(level)) => format!(": any of {}", words(level)),
        Type::Set(None) => ": a list of words".to_owned(),
        Type::Audience => format!(": one of {}", quoted(&crate::fact::Audiences::audience_names(vocabulary))),
        Type::Bool => ": `true` or `false`".to_owned(),
        Type::Duration => {
            let words = ["none", "until-delivered", "until-account-deletion", "unlimited", "unspecified"];
            format!(": a period such as `30d`, or one of {}", quoted(&words))
        }
        other => format!(": {}", other.name()),
    }
}

fn sentence(definition: &str) -> String {
    if definition.is_empty() { String::new() } else { format!("\n{definition}") }
}
