//! Outcomes.

use super::carry::{CarriedMembers, Frame, Met};
use super::memo::{Memo, Named, Seen, Settled};
use crate::condition::{Evaluation, Expr, Members, Op, Values, Witness};
use crate::fact::{FactKey, QualifierKind, Reading, State, Step, Trail, Unknown, Value, Word};
use crate::platform::{Deployment, Event, EventKind};
use crate::rule::{Check, Policy, Selected};
use serde::Serialize;
use std::sync::Arc;

/// The verdict of a rule on a deployment.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The rule is about something that does not exist here.
    NotApplicable,
    /// Holds.
    Pass,
    /// Cannot be decided from what was given.
    Unknown,
    /// Does not hold.
    Fail,
}

/// One fail: of a deployment, or of one member of a rule's list.
#[derive(Clone, Debug)]
pub struct Member {
    /// The rule, by its place in the policy.
    pub selected: usize,
    /// The member.
    pub it: Option<Value>,
    /// What tells it apart.
    pub qualifier: Option<Word>,
    /// The sources of the violation.
    pub sources: Trail,
    /// The sources of what makes the rule apply.
    pub when: Trail,
    /// The facts that decided, as the rule names them.
    pub facts: Vec<FactKey>,
    /// The members that outermost folds found.
    pub witnesses: Vec<Witness>,
    /// What reading reported.
    pub event: Option<Event>,
    /// The primary place.
    pub primary: Option<u32>,
}

/// A rule that could not be decided.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The rule, by its place in the policy.
    pub selected: usize,
    /// What is known of it.
    pub unknown: Arc<Unknown>,
    /// The facts that are unknown, with their qualifiers.
    pub facts: Arc<[Named]>,
}

/// All outcomes of a deployment.
#[derive(Default, Debug)]
pub struct Judgement {
    /// For each rule of the policy its outcome, and why it could not be decided or does not apply.
    pub outcomes: Vec<(Outcome, Option<Arc<str>>)>,
    /// The fails.
    pub members: Vec<Member>,
    /// The undecided.
    pub undecided: Vec<Undecided>,
    /// For each rule what was met before, or will be next time.
    pub met: Vec<Option<Arc<Met>>>,
    /// What the memo knows of the deployment.
    pub seen: Option<Seen>,
}

struct Verdict {
    outcome: Outcome,
    violation: Reading,
    when: Trail,
    whole: Reading,
    witnesses: Vec<Witness>,
}

/// Judges a deployment by every selected rule. What rules came to before, for settings in the same states, is taken
/// from the memo.
pub fn judge(deployment: &Deployment<'_>, policy: &Policy, memo: Option<&Memo>) -> Judgement {
    let mut out = Judgement::default();
    let seen = memo.and_then(|memo| Some((memo, memo.look(deployment)?)));
    for (n, selected) in policy.selected.iter().enumerate() {
        let (outcome, why) = match (&selected.rule.check, &seen) {
            (Check::Event(kind), _) => {
                out.met.push(None);
                by_event(deployment, policy, n, *kind, &mut out)
            }
            (_, Some((memo, seen))) => by_memo(deployment, n, selected, memo, seen, &mut out),
            (_, None) => {
                out.met.push(None);
                deployment.set_params(selected.params.clone());
                let settled = deployment.quick(|| settle(deployment, selected));
                by_outcome(deployment, n, selected, &settled, &mut out)
            }
        };
        out.outcomes.push((outcome, why));
    }
    super::conflict::conflicts(deployment, policy, &mut out);
    out.seen = seen.map(|(_, seen)| seen);
    out
}

/// Is a rule surely about this deployment: does what it and its packs name as condition hold?
pub(super) fn applies(deployment: &Deployment<'_>, selected: &Selected) -> bool {
    deployment.set_params(selected.params.clone());
    let holds = |when: &Expr| Evaluation::of(when, deployment, None).is_true();
    selected.rule.when.as_ref().is_none_or(holds) && (selected.whens.is_empty() || selected.whens.iter().any(holds))
}

/// Judges one member of one rule again, on a deployment with a mend laid over it. `true`: it does not fail.
pub fn judge_again(deployment: &Deployment<'_>, selected: &Selected, it: Option<&Value>) -> bool {
    deployment.set_params(selected.params.clone());
    deployment.quick(|| matches!(verdict(deployment, selected, it).outcome, Outcome::Pass | Outcome::NotApplicable))
}

fn verdict(deployment: &Deployment<'_>, selected: &Selected, it: Option<&Value>) -> Verdict {
    let rule = &selected.rule;
    let mut guard: Option<Reading> = rule.when.as_ref().map(|w| Evaluation::of(w, deployment, it.cloned()));
    if !selected.whens.is_empty() {
        let packs: Vec<Reading> = selected.whens.iter().map(|w| Evaluation::of(w, deployment, None)).collect();
        let any = crate::condition::any(&packs);
        guard = Some(match guard {
            Some(own) => crate::condition::both(&own, &any),
            None => any,
        });
    }
    if !deployment.traced() && guard.as_ref().is_some_and(|g| g.is_false() || g.is_na()) {
        let whole = guard.unwrap_or_else(|| Reading::truth(false));
        return Verdict {
            outcome: Outcome::NotApplicable,
            violation: whole.clone(),
            when: Trail::new(),
            whole,
            witnesses: Vec::new(),
        };
    }
    let mut evaluation = Evaluation::new(deployment, it.cloned());
    let violation = match &rule.check {
        Check::Forbid(condition) => evaluation.eval(condition),
        Check::Require(condition) => crate::condition::not(&evaluation.eval(condition)),
        Check::Event(_) => Reading::truth(false),
    };
    let witnesses = evaluation.witnesses;
    let whole = guard.as_ref().map_or_else(|| violation.clone(), |g| crate::condition::both(g, &violation));
    let inapplicable = violation.is_na() || guard.as_ref().is_some_and(|g| g.is_false() || g.is_na());
    let outcome = if inapplicable {
        Outcome::NotApplicable
    } else {
        match whole.as_bool() {
            Some(true) => Outcome::Fail,
            Some(false) => Outcome::Pass,
            None => Outcome::Unknown,
        }
    };
    Verdict { outcome, violation, when: guard.map(|g| g.from).unwrap_or_default(), whole, witnesses }
}

/// By what was met before: sections of the same text, else settings in the same states, else by asking.
fn by_memo(
    deployment: &Deployment<'_>,
    n: usize,
    selected: &Selected,
    memo: &Memo,
    seen: &Seen,
    out: &mut Judgement,
) -> (Outcome, Option<Arc<str>>) {
    let text = memo.text_key(n, seen);
    let met = text.and_then(|(_, key)| memo.met(n, key));
    let met = met.or_else(|| {
        let key = memo.key(n, seen)?;
        let settled = memo.get(n, key).unwrap_or_else(|| {
            deployment.set_params(selected.params.clone());
            let settled = Arc::new(deployment.quick(|| settle(deployment, selected)));
            memo.put(n, key, &settled);
            settled
        });
        let met = Arc::new(Met::new(settled, key));
        text.into_iter().for_each(|(_, text)| memo.meet(n, text, &met));
        Some(met)
    });
    let Some(met) = met else {
        out.met.push(None);
        deployment.set_params(selected.params.clone());
        let settled = deployment.quick(|| settle(deployment, selected));
        return by_outcome(deployment, n, selected, &settled, out);
    };
    out.met.push(Some(Arc::clone(&met)));
    let settled = &met.settled;
    let frame = seen.survey.as_ref().zip(text).map(|(survey, (read, _))| Frame { sections: &survey.sections, read });
    let (Outcome::Fail, Some(frame)) = (settled.outcome, frame) else {
        return by_outcome(deployment, n, selected, settled, out);
    };
    if let Some(Some(carried)) = met.members.get() {
        out.members.extend(carried.lay(deployment, frame));
        out.undecided.extend(settled.undecided(n));
        return (settled.outcome, settled.why.clone());
    }
    let before = out.members.len();
    let outcome = by_outcome(deployment, n, selected, settled, out);
    let members = out.members.get(before..).unwrap_or_default();
    met.members.get_or_init(|| CarriedMembers::of(deployment, frame, members));
    outcome
}

/// A settled rule; the places of what does not hold are read.
fn by_outcome(
    deployment: &Deployment<'_>,
    n: usize,
    selected: &Selected,
    settled: &Settled,
    out: &mut Judgement,
) -> (Outcome, Option<Arc<str>>) {
    if settled.outcome == Outcome::Fail {
        deployment.set_params(selected.params.clone());
        // Places only of what does not hold, since they cost several times as much.
        let members = deployment.quick(|| members(deployment, selected)).unwrap_or_default();
        for it in settled.fails.iter().filter_map(|at| members.get(*at)) {
            let verdict = verdict(deployment, selected, it.as_ref());
            out.members.push(Member {
                selected: n,
                qualifier: it.as_ref().map(qualifier),
                it: it.clone(),
                sources: verdict.violation.from.clone(),
                when: verdict.when,
                facts: verdict.violation.facts.to_vec(),
                witnesses: verdict.witnesses,
                event: None,
                primary: primary(deployment, &verdict.violation.from),
            });
        }
    }
    out.undecided.extend(settled.undecided(n));
    (settled.outcome, settled.why.clone())
}

/// Reads the places of fails that were carried, and the reasons that labels quote.
pub(super) fn trace(deployment: &Deployment<'_>, selected: &Selected, members: &[Member]) {
    deployment.set_params(selected.params.clone());
    members.iter().for_each(|m| drop(verdict(deployment, selected, m.it.as_ref())));
}

/// The members that a rule judges one by one; a rule without a list judges once.
fn members(deployment: &Deployment<'_>, selected: &Selected) -> Result<Vec<Option<Value>>, Reading> {
    let Some(each) = &selected.rule.each else { return Ok(vec![None]) };
    let list = Evaluation::of(each, deployment, None);
    match list.known() {
        Some(Value::List(items)) => Ok(items.iter().filter_map(|i| i.known().cloned().map(Some)).collect()),
        Some(_) => Ok(Vec::new()),
        None => Err(list),
    }
}

/// The outcome of a rule over all its members, by states alone.
fn settle(deployment: &Deployment<'_>, selected: &Selected) -> Settled {
    let mut out = Settled { outcome: Outcome::NotApplicable, why: None, unknown: None, fails: Vec::new() };
    let members = match members(deployment, selected) {
        Ok(members) => members,
        Err(list) => {
            match &list.state {
                State::Unknown(unknown) => {
                    out.outcome = Outcome::Unknown;
                    out.why = Some(Arc::clone(&unknown.why));
                    out.unknown = Some((Arc::clone(unknown), Arc::default()));
                }
                State::NotApplicable(why) => out.why = Some(Arc::clone(why)),
                State::Known(_) => {}
            }
            return out;
        }
    };
    let mut open: Option<(Arc<Unknown>, Vec<Named>)> = None;
    for (at, it) in members.iter().enumerate() {
        let verdict = verdict(deployment, selected, it.as_ref());
        match (verdict.outcome, verdict.whole.as_unknown()) {
            (Outcome::Fail, _) => out.fails.push(at),
            (Outcome::Unknown, Some(unknown)) => {
                let facts = unknown_facts(deployment, selected, it.as_ref());
                let (_, all) = open.get_or_insert_with(|| (Arc::clone(unknown), Vec::new()));
                for fact in facts {
                    if !all.contains(&fact) {
                        all.push(fact);
                    }
                }
            }
            _ => {}
        }
        if verdict.outcome >= out.outcome {
            out.outcome = verdict.outcome;
            out.why = match &verdict.whole.state {
                State::Unknown(u) => Some(Arc::clone(&u.why)),
                State::NotApplicable(why) => Some(Arc::clone(why)),
                State::Known(_) => out.why,
            };
        }
    }
    out.why = out.why.filter(|_| matches!(out.outcome, Outcome::Unknown | Outcome::NotApplicable));
    out.unknown = open.filter(|_| out.outcome == Outcome::Unknown).map(|(unknown, facts)| (unknown, facts.into()));
    out
}

/// The facts that a rule names and that are unknown here.
fn unknown_facts(deployment: &Deployment<'_>, selected: &Selected, it: Option<&Value>) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut note = |e: &Expr| {
        let Op::Fact { fact, qualifier } = &e.op else { return };
        let words: Vec<Option<Word>> = match qualifier.as_deref().map(|q| &q.op) {
            None => vec![None],
            Some(Op::Literal(Value::Word(word))) => vec![Some(Word::clone(word))],
            Some(Op::Variable(0)) if it.is_some() => vec![it.and_then(Value::word).cloned()],
            // A variable of a fold: every kind of conversation there is.
            Some(_) => match deployment.members(Members::Scopes).known() {
                Some(Value::List(items)) => items.iter().map(|i| i.known().and_then(Value::word).cloned()).collect(),
                _ => Vec::new(),
            },
        };
        named.extend(words.into_iter().map(|w| (*fact, w)));
    };
    let rule = &selected.rule;
    rule.when.iter().chain(rule.condition()).for_each(|e| e.walk(&mut note));
    named.retain(|(fact, qualifier)| deployment.fact(*fact, qualifier.as_ref()).as_unknown().is_some());
    named
}

/// What tells a member apart.
fn qualifier(it: &Value) -> Word {
    match it {
        Value::Word(word) => Word::clone(word),
        Value::Record(record) => Word::clone(&record.key),
        other => Word::from(other.words()),
    }
}

/// The first written or declared source, else the first.
pub fn primary(deployment: &Deployment<'_>, sources: &[Step]) -> Option<u32> {
    use crate::platform::PlaceOrigin;
    let written = |s: &&Step| {
        deployment.place(s.place).is_some_and(|p| match p.origin {
            PlaceOrigin::Set | PlaceOrigin::Initial => true,
            PlaceOrigin::Declared => !p.anchor,
            PlaceOrigin::Default => false,
        })
    };
    sources.iter().find(written).or_else(|| sources.first()).map(|s| s.place)
}

fn by_event(
    deployment: &Deployment<'_>,
    policy: &Policy,
    n: usize,
    kind: EventKind,
    out: &mut Judgement,
) -> (Outcome, Option<Arc<str>>) {
    if kind == EventKind::Undeclared {
        return undeclared(deployment, policy, n, out);
    }
    let mut outcome = Outcome::Pass;
    for event in deployment.events().into_iter().filter(|e| e.kind == kind) {
        if let Some(unknown) = &event.undecided {
            if outcome == Outcome::Pass {
                outcome = Outcome::Unknown;
                out.undecided.push(Undecided { selected: n, unknown: Arc::clone(unknown), facts: Arc::default() });
            }
            continue;
        }
        outcome = Outcome::Fail;
        let place = event.place;
        out.members.push(Member {
            selected: n,
            it: None,
            qualifier: None,
            sources: Trail::from_iter([Step { place, fact: None }]),
            when: Trail::new(),
            facts: Vec::new(),
            witnesses: Vec::new(),
            primary: Some(place),
            event: Some(event),
        });
    }
    if outcome == Outcome::Fail {
        out.undecided.retain(|u| u.selected != n);
    }
    (outcome, None)
}

/// Facts that a pack requires, that apply, and that nobody declared. Only declarations can be silent like that.
fn undeclared(
    deployment: &Deployment<'_>,
    policy: &Policy,
    n: usize,
    out: &mut Judgement,
) -> (Outcome, Option<Arc<str>>) {
    if !deployment.is_declaration() {
        return (Outcome::NotApplicable, Some(Arc::from("only a declaration states facts")));
    }
    let vocabulary = deployment.vocabulary();
    let mut outcome = Outcome::Pass;
    let mut seen = Vec::new();
    for required in &policy.required {
        if required.when.as_ref().is_some_and(|w| !Evaluation::of(w, deployment, None).is_true()) {
            continue;
        }
        for fact in required.facts.iter().filter(|f| !seen.contains(*f)) {
            let qualifiers: Vec<Option<Word>> = match vocabulary.fact(*fact).qualifier {
                Some(QualifierKind::Scope) => match deployment.members(crate::condition::Members::Scopes).known() {
                    Some(Value::List(items)) if !items.is_empty() => {
                        items.iter().map(|i| i.known().and_then(Value::word).cloned()).collect()
                    }
                    _ => vec![Some(Word::from("direct"))],
                },
                _ => vec![None],
            };
            for qualifier in qualifiers {
                let reading = deployment.fact(*fact, qualifier.as_ref());
                let silent = reading.as_unknown().is_some_and(|u| u.kind == crate::fact::Reason::Undeclared);
                if !silent {
                    continue;
                }
                outcome = Outcome::Fail;
                let primary = reading.from.first().map(|s| s.place);
                out.members.push(Member {
                    selected: n,
                    it: None,
                    qualifier,
                    sources: reading.from.clone(),
                    when: Trail::new(),
                    facts: reading.facts.to_vec(),
                    witnesses: Vec::new(),
                    event: None,
                    primary,
                });
            }
        }
        seen.extend(required.facts.iter().copied());
    }
    (outcome, None)
}
