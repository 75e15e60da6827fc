//! Lists and sets of which not all members are known.

use super::Comparison;
use crate::fact::{Reading, Reason, SetValue, State, Type, Unknown, Value, Word, join, over};
use std::cmp::Ordering;
use std::sync::Arc;

/// What is done with a value of which only the candidates are known: decided where it gives the same for all.
pub(super) fn spread(of: &Reading, apply: &mut dyn FnMut(&Reading) -> Reading) -> Reading {
    let Some(unknown) = of.as_unknown() else { return apply(of) };
    let Some(candidates) = &unknown.candidates else { return of.clone() };
    let one = |v: &Value| Reading { state: State::Known(v.clone()), from: of.from.clone(), facts: of.facts.clone() };
    let parts: Vec<Reading> = candidates.iter().map(|v| apply(&one(v))).collect();
    join(&parts, Some(unknown))
}

/// The members of a list, or of a set that is fully known.
pub(super) fn members(list: &Reading) -> Option<Vec<Reading>> {
    match list.known()? {
        Value::List(items) => Some(items.to_vec()),
        Value::Set(set) if set.definite() => {
            Some(set.has.iter().map(|w| Reading::known_value(Value::Word(Word::clone(w)))).collect())
        }
        _ => None,
    }
}

/// What can be said of a value made of all members where they are not all known.
pub(super) fn some_members(list: &Reading) -> Reading {
    let Some(Value::Set(set)) = list.known() else { return list.clone() };
    let mut out = possible_members(set);
    out.add_from(list);
    out
}

/// The same comparison with its sides exchanged.
pub(super) fn mirrored(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}

/// How the size of a set that may have other members compares with a number, where its sure members decide that.
pub(super) fn at_least(of: &Reading, how: Comparison, n: f64) -> Option<Reading> {
    let Some(Value::Set(set)) = of.known() else { return None };
    let least = set.has.len() as f64;
    let decided = match how {
        Comparison::AtLeast | Comparison::Less => (least >= n).then_some(how == Comparison::AtLeast),
        Comparison::Greater | Comparison::AtMost => (least > n).then_some(how == Comparison::Greater),
        Comparison::Equal | Comparison::Unequal => (least > n).then_some(how == Comparison::Unequal),
    };
    let mut out = Reading::truth(decided?);
    out.add_from(of);
    Some(out)
}

/// Are two values the same? `None`: it depends on members that are not known.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Set(x), Value::Set(y)) => {
            let apart = |x: &SetValue, y: &SetValue| x.has.iter().any(|w| y.contains(w) == Some(false));
            if apart(x, y) || apart(y, x) {
                return Some(false);
            }
            (x.definite() && y.definite()).then_some(true)
        }
        (Value::List(x), Value::List(y)) => {
            let pairs = || x.iter().zip(y.iter()).map(|(a, b)| equal(a.known()?, b.known()?));
            if x.len() != y.len() || pairs().any(|p| p == Some(false)) {
                return Some(false);
            }
            pairs().all(|p| p == Some(true)).then_some(true)
        }
        _ => Some(a == b),
    }
}

pub(super) fn possible_members(set: &SetValue) -> Reading {
    let why = match set.may.as_slice() {
        [] => "the set is not fully known".to_owned(),
        may => format!("it is not known whether {} belongs to it", may.join(", ")),
    };
    Reading::unknown(why, Reason::Stated)
}

pub(super) fn size(of: &Reading) -> Reading {
    let mut out = match of.known() {
        Some(Value::Set(set)) if !set.definite() => {
            let least = set.has.len();
            let mut out = possible_members(set);
            if !set.open
                && set.may.len() < Unknown::MOST
                && let State::Unknown(u) = &out.state
            {
                let candidates = (least..=least + set.may.len()).map(|n| Value::Number(n as f64)).collect();
                out = Reading::of_unknown(Unknown { candidates: Some(candidates), ..(**u).clone() });
            }
            out
        }
        Some(Value::Set(set)) => Reading::known_value(Value::Number(set.has.len() as f64)),
        Some(Value::List(items)) => Reading::known_value(Value::Number(items.len() as f64)),
        _ => return of.clone(),
    };
    out.add_from(of);
    out
}

pub(super) fn sets(contains: bool, a: &Reading, b: &Reading) -> Reading {
    let (Some(x), Some(y)) = (as_set(a), as_set(b)) else {
        return over(&[a, b], |v| match v {
            [x, y] => decide(contains, &*set_of(x)?, &*set_of(y)?).map(Value::Bool),
            _ => None,
        });
    };
    let mut out = match decide(contains, &x, &y) {
        Some(b) => Reading::truth(b),
        None => possible_members(if x.definite() { &y } else { &x }),
    };
    out.add_from(a);
    out.add_from(b);
    out
}

fn as_set(reading: &Reading) -> Option<Arc<SetValue>> {
    set_of(reading.known()?)
}

fn set_of(value: &Value) -> Option<Arc<SetValue>> {
    match value {
        Value::Set(set) => Some(Arc::clone(set)),
        Value::List(items) => {
            let mut set = SetValue::default();
            for item in items.iter() {
                match item.known().and_then(Value::word) {
                    Some(word) => set.has.push(Word::clone(word)),
                    None => set.open = true,
                }
            }
            Some(Arc::new(set))
        }
        _ => None,
    }
}

fn decide(contains: bool, x: &SetValue, y: &SetValue) -> Option<bool> {
    let maybe = |set: &SetValue, word: &Word| set.contains(word) != Some(false);
    if contains {
        if y.has.iter().any(|w| !maybe(x, w)) {
            return Some(false);
        }
        let all = y.has.iter().chain(&y.may).all(|w| x.contains(w) == Some(true)) && !y.open;
        return all.then_some(true);
    }
    if y.has.iter().any(|w| x.contains(w) == Some(true)) {
        return Some(true);
    }
    let some = (x.open && (y.open || !y.has.is_empty() || !y.may.is_empty()))
        || (y.open && (!x.has.is_empty() || !x.may.is_empty()))
        || y.has.iter().chain(&y.may).any(|w| maybe(x, w));
    (!some).then_some(false)
}

pub(super) fn extreme(list: &Reading, max: bool, ty: &Type) -> Reading {
    let Some(items) = members(list) else { return some_members(list) };
    if items.is_empty() {
        return Reading::unknown("the list is empty", Reason::Stated);
    }
    let operands: Vec<&Reading> = items.iter().collect();
    let mut out = over(&operands, |values| {
        values.iter().cloned().reduce(|a, b| {
            let bigger = b.compare(&a, ty).is_some_and(Ordering::is_gt);
            if bigger == max && b != a { b } else { a }
        })
    });
    if let Some(best) = out.known().cloned() {
        out.from.clear();
        for item in items.iter().filter(|i| i.known() == Some(&best)) {
            out.add_from(item);
        }
    }
    out
}
