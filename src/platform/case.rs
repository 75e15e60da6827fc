//! Evaluating cases: of facts, contexts, absent values.

use super::definition::{At, Case, Effect, MapKey, MapValue};
use super::deployment::Deployment;
use crate::condition::{Evaluation, Expr, Op, Values};
use crate::fact::{
    DataError, FactIx, Reading, Reason, SetValue, State, Step, Trail, Type, Unknown, Value, Vocabulary, Word, join,
    over,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Evaluates cases for a qualifier: the value, and the reason shown with it.
pub fn evaluate(
    deployment: &Deployment<'_>,
    cases: &[Case],
    qualifier: Option<&Word>,
    ty: &Type,
) -> (Reading, Option<Arc<str>>) {
    let applies = |case: &&Case| match (&case.qualifiers, qualifier) {
        (Some(list), Some(q)) => list.contains(q),
        (Some(_), None) => false,
        (None, _) => true,
    };
    if cases.iter().any(|c| matches!(c.effect, Effect::Add(_) | Effect::AddPossible(..))) {
        return set(deployment, cases.iter().filter(applies), qualifier, ty);
    }
    let it = qualifier.map(|q| Value::Word(Word::clone(q)));
    let mut kept: Vec<Reading> = Vec::new();
    let mut because: Option<Arc<str>> = None;
    let mut undecided: Option<Arc<Unknown>> = None;
    let mut skipped: Vec<Trail> = Vec::new();
    let mut guards: Vec<Trail> = Vec::new();
    for case in cases.iter().filter(applies) {
        let guard = case.when.as_ref().map(|when| Evaluation::of(when, deployment, it.clone()));
        let open = match &guard {
            None => false,
            Some(g) if g.is_true() => false,
            Some(g) if g.is_false() || g.is_na() => {
                skipped.push(g.from.clone());
                continue;
            }
            Some(g) => {
                if undecided.is_none() {
                    undecided = g.as_unknown().cloned();
                }
                true
            }
        };
        let mut reading = effect(deployment, case, it.as_ref(), ty);
        if !deployment.traced() {
            if !open && kept.is_empty() {
                return (reading, None);
            }
            kept.push(reading);
            if open {
                continue;
            }
            break;
        }
        let nothing = case.at == Some(At::Nothing);
        if nothing {
            reading.from.clear();
        } else {
            if let Some(guard) = &guard {
                reading.add_from(guard);
            }
            if let Some(At::Setting(ix)) = case.at {
                let mut first = deployment.setting_place(ix);
                first.extend(
                    reading
                        .from
                        .iter()
                        .copied()
                        .filter(|s| !first.iter().any(|f| f.place == s.place))
                        .collect::<Vec<_>>(),
                );
                reading.from = first;
            }
            if reading.from.is_empty() {
                for trail in skipped.iter().rev() {
                    crate::fact::add_steps(&mut reading.from, trail);
                }
            }
        }
        if because.is_none() {
            because.clone_from(&case.because);
        }
        if open {
            guards.extend(guard.map(|g| g.from));
            kept.push(reading);
            continue;
        }
        if kept.is_empty() {
            return (reading, case.because.clone());
        }
        kept.push(reading);
        break;
    }
    let mut out = match kept.len() {
        0 => Reading::unknown("no case holds", Reason::Stated),
        _ => join(&kept, undecided.as_ref()),
    };
    // What is not decided rests first of all on what leaves it open.
    if out.as_unknown().is_some() {
        let mut first = Trail::new();
        guards.iter().for_each(|g| crate::fact::add_steps(&mut first, g));
        crate::fact::add_steps(&mut first, &out.from);
        out.from = first;
    }
    (out, because)
}

fn effect(deployment: &Deployment<'_>, case: &Case, it: Option<&Value>, ty: &Type) -> Reading {
    match &case.effect {
        Effect::Value(value) => Reading::known_value(value.clone()),
        Effect::From(expr) => Evaluation::of(expr, deployment, it.cloned()),
        Effect::Mapped(expr, map) => {
            let from = Evaluation::of(expr, deployment, it.cloned());
            translate(&from, map)
        }
        Effect::Unknown(unknown) => {
            Reading { state: State::Unknown(Arc::clone(unknown)), from: Trail::new(), facts: Default::default() }
        }
        Effect::NotApplicable(why) => Reading::not_applicable(Arc::clone(why)),
        Effect::Add(_) | Effect::AddPossible(..) => {
            Reading::unknown(format!("`add` makes no {}", ty.name()), Reason::Stated)
        }
    }
}

fn translate(from: &Reading, map: &[(MapKey, MapValue)]) -> Reading {
    let look = |value: &Value| {
        map.iter()
            .find(|(k, _)| *k == MapKey::Value(value.clone()))
            .or_else(|| map.iter().find(|(k, _)| *k == MapKey::Rest))
            .map(|(_, v)| v)
    };
    if let Some(MapValue::Unknown(why)) = from.known().and_then(look) {
        let mut out = Reading::unknown(Arc::clone(why), Reason::Stated);
        out.add_from(from);
        return out;
    }
    over(&[from], |v| match look(v.first()?)? {
        MapValue::Value(value) => Some(value.clone()),
        MapValue::Unknown(_) => None,
    })
}

/// All members count; a case that adds none decides alone.
fn set<'c>(
    deployment: &Deployment<'_>,
    cases: impl Iterator<Item = &'c Case>,
    qualifier: Option<&Word>,
    ty: &Type,
) -> (Reading, Option<Arc<str>>) {
    let it = qualifier.map(|q| Value::Word(Word::clone(q)));
    let mut value = SetValue::default();
    let (mut from, mut not) = (Trail::new(), Trail::new());
    let mut because = None;
    for case in cases {
        let guard = case.when.as_ref().map(|when| Evaluation::of(when, deployment, it.clone()));
        let holds = guard.as_ref().map_or(Some(true), Reading::as_bool);
        let trail = |mut trail: Trail| {
            if !deployment.traced() {
                return trail;
            }
            if let Some(At::Setting(ix)) = case.at {
                trail = deployment.setting_place(ix);
            }
            if case.at != Some(At::Nothing)
                && let Some(g) = &guard
            {
                crate::fact::add_steps(&mut trail, &g.from);
            }
            trail
        };
        if holds == Some(false) || guard.as_ref().is_some_and(Reading::is_na) {
            crate::fact::add_steps(&mut not, &trail(Trail::new()));
            continue;
        }
        match &case.effect {
            Effect::Add(word) => {
                if holds == Some(true) {
                    value.has.push(Word::clone(word));
                    because = because.or_else(|| case.because.clone());
                } else {
                    value.may.push(Word::clone(word));
                }
                crate::fact::add_steps(&mut from, &trail(Trail::new()));
            }
            Effect::AddPossible(word, why) => {
                value.may.push(Word::clone(word));
                because = because.or_else(|| Some(Arc::clone(why)));
                crate::fact::add_steps(&mut from, &trail(Trail::new()));
            }
            _ if holds == Some(true) => {
                let mut reading = effect(deployment, case, it.as_ref(), ty);
                crate::fact::add_steps(&mut reading.from, &trail(Trail::new()));
                return (reading, case.because.clone());
            }
            _ => value.open = true,
        }
    }
    value.has.sort();
    value.has.dedup();
    value.may.sort();
    value.may.dedup();
    value.may.retain(|w| !value.has.contains(w));
    let mut out = Reading::known_value(Value::Set(Arc::new(value)));
    out.from = if from.is_empty() { not } else { from };
    (out, because)
}

/// The conditions and expressions of a case.
pub fn expressions(case: &Case) -> impl Iterator<Item = &Expr> {
    case.when.iter().chain(match &case.effect {
        Effect::From(e) | Effect::Mapped(e, _) => Some(e),
        _ => None,
    })
}

/// A cycle among derived facts, told at the first fact of it.
pub fn cycle(derived: &HashMap<FactIx, Vec<Case>>, vocabulary: &Vocabulary) -> Option<DataError> {
    let reads = |ix: &FactIx| -> Vec<FactIx> {
        let mut out = Vec::new();
        for case in derived.get(ix).into_iter().flatten() {
            for expr in expressions(case) {
                expr.walk(&mut |e| {
                    if let Op::Fact { fact, .. } = e.op {
                        out.push(fact);
                    }
                });
            }
        }
        out
    };
    let mut starts: Vec<FactIx> = derived.keys().copied().collect();
    starts.sort();
    for start in starts {
        let mut seen = Vec::new();
        let mut open = reads(&start);
        while let Some(next) = open.pop() {
            if next == start {
                let def = vocabulary.fact(start);
                let (span, _) = def
                    .cases
                    .iter()
                    .find_map(|c| c.from.as_ref().or(c.when.as_ref()))
                    .map_or((Default::default(), ()), |(_, s)| (*s, ()));
                return Some(DataError {
                    source: Arc::clone(vocabulary.source()),
                    span,
                    message: format!("`{}` depends on itself", def.id),
                    help: Some("a derived fact may read other facts, never one that reads it".into()),
                    labels: Vec::new(),
                });
            }
            if !seen.contains(&next) {
                seen.push(next);
                open.extend(reads(&next));
            }
        }
    }
    None
}

/// Steps of a place alone.
pub fn step(place: u32) -> Step {
    Step { place, fact: None }
}
