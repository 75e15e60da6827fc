//! Facts that changed, in the order of each fact.

use super::super::options::Linter;
use super::reads::Reads;
use super::{Change, FactChange, Judged, Spot, Stand};
use crate::fact::{FactDef, Value, Vocabulary};
use crate::lint::report::{FactInfo, Origin, Severity};
use crate::text::Shown;
use std::cmp::Reverse;
use std::collections::HashMap;

type Known = (FactInfo, Option<Shown>);
type Name<'a> = (&'a str, Option<&'a str>);

/// The changes of one deployment, the worst first.
pub(super) fn changes(linter: &Linter, reads: &Reads, old: &Judged, new: &Judged) -> Vec<FactChange> {
    let vocabulary = &linter.knowledge.facts.vocabulary;
    let before: HashMap<Name<'_>, &Known> = old.facts.iter().map(|f| (name(&f.0), f)).collect();
    let now: HashMap<Name<'_>, &Known> = new.facts.iter().map(|f| (name(&f.0), f)).collect();
    let gone = old.facts.iter().map(|f| name(&f.0)).filter(|n| !now.contains_key(n));
    let mut out: Vec<FactChange> = Vec::new();
    for (fact, qualifier) in new.facts.iter().map(|f| name(&f.0)).chain(gone) {
        let (old_fact, new_fact) = (before.get(&(fact, qualifier)).copied(), now.get(&(fact, qualifier)).copied());
        let Some(def) = vocabulary.find(fact).map(|ix| vocabulary.fact(ix)) else { continue };
        let Some(change) = compare(def, vocabulary, old_fact, new_fact) else { continue };
        let Some(info) = new_fact.or(old_fact).map(|(info, _)| info) else { continue };
        let (old_stand, new_stand) = (stand(old_fact, change), stand(new_fact, change));
        let alike = |c: &&mut FactChange| {
            let same = |a: &Stand, b: &Stand| a.state == b.state && a.value == b.value && a.words == b.words;
            c.fact.as_ref() == fact && c.change == change && same(&c.old, &old_stand) && same(&c.new, &new_stand)
        };
        match (out.iter_mut().find(alike), &info.qualifier) {
            (Some(known), Some(qualifier)) => known.qualifier.push(qualifier.clone()),
            _ => out.push(FactChange {
                change,
                fact: info.fact.clone(),
                qualifier: info.qualifier.iter().cloned().collect(),
                throughout: false,
                severity: severity(reads, new, fact),
                old: old_stand,
                new: new_stand,
                place: spot(old_fact, new_fact, new),
                follows_from: Vec::new(),
            }),
        }
    }
    let changed: Vec<Shown> = out.iter().map(|c| c.fact.clone()).collect();
    for change in &mut out {
        let behind = |other: &&Shown| reads.follows(change.fact.as_ref(), (*other).as_ref());
        let all = new.facts.iter().filter(|(info, _)| info.fact == change.fact).count();
        change.throughout = all > 1 && all == change.qualifier.len();
        let mut list: Vec<Shown> = changed.iter().filter(behind).cloned().collect();
        list.dedup();
        change.follows_from = list;
    }
    out.sort_by_key(|c| (c.change, Reverse(c.severity)));
    out
}

fn name(fact: &FactInfo) -> Name<'_> {
    (fact.fact.as_ref(), fact.qualifier.as_ref().map(AsRef::as_ref))
}

/// The highest severity among the rules that were judged here and read a fact.
fn severity(reads: &Reads, judged: &Judged, fact: &str) -> Option<Severity> {
    let readers = judged.results.iter().filter(|r| reads.reads(r.rule.as_ref(), fact));
    readers.filter_map(|r| r.about.severity).max()
}

/// What became of a fact. `None`: nothing.
fn compare(def: &FactDef, vocabulary: &Vocabulary, old: Option<&Known>, new: Option<&Known>) -> Option<Change> {
    let state = |fact: Option<&Known>| fact.map_or("not-applicable", |(info, _)| info.state.as_str()).to_owned();
    let (before, now) = (state(old), state(new));
    let none: &[Value] = &[];
    let possible = |fact: Option<&Known>| fact.map_or(none.to_vec(), |(info, _)| info.possible.clone());
    let (was, is) = (possible(old), possible(new));
    match (before.as_str(), now.as_str()) {
        ("not-applicable", "not-applicable") => None,
        ("not-applicable", _) | (_, "not-applicable") => Some(Change::Changed),
        ("known", "known") if was == is => None,
        (a, b) => {
            // What holds for all that either may be holds.
            let all = |test: &dyn Fn(&Value, &Value) -> Option<bool>| {
                let mut pairs = was.iter().flat_map(|a| is.iter().map(move |b| (a, b))).peekable();
                pairs.peek().is_some() && pairs.all(|(a, b)| test(a, b) == Some(true))
            };
            if all(&|a, b| def.worse(b, a, vocabulary)) {
                return Some(Change::Worse);
            }
            if all(&|a, b| def.worse(a, b, vocabulary)) {
                return Some(Change::Better);
            }
            match (a == "known" && definite(&was), b == "known" && definite(&is)) {
                (true, true) => Some(Change::Changed),
                (true, false) => Some(Change::Unseen),
                (false, true) => Some(Change::Seen),
                (false, false) if a != b => Some(if a == "known" { Change::Unseen } else { Change::Seen }),
                (false, false) => (a == "known").then_some(Change::Changed),
            }
        }
    }
}

/// Is nothing of a value left open?
fn definite(possible: &[Value]) -> bool {
    possible.iter().all(|value| match value {
        Value::Set(set) => set.definite(),
        _ => true,
    })
}

fn stand(fact: Option<&Known>, change: Change) -> Stand {
    let Some((info, _)) = fact else {
        return Stand {
            state: Shown::fixed("not-applicable"),
            value: serde_json::Value::Null,
            candidates: Vec::new(),
            origin: None,
            words: Shown::fixed("not applicable"),
        };
    };
    // What it may be tells why it is worse or better; else it would drown what it was.
    let whole = info.state.as_str() == "known" || matches!(change, Change::Worse | Change::Better);
    let words = if whole && !info.words.as_ref().is_empty() { info.words.clone() } else { info.state.clone() };
    let words = if words.as_ref() == "not-applicable" { Shown::fixed("not applicable") } else { words };
    let (value, candidates) = (info.value.clone(), info.candidates.clone());
    Stand { state: info.state.clone(), value, candidates, origin: info.origin, words }
}

/// Where to look: at what is written now, or at what is not there any more.
fn spot(old: Option<&Known>, new: Option<&Known>, judged: &Judged) -> Spot {
    let nowhere = Spot { file: None, span: None, setting: None, text: Shown::default() };
    let removed = old.and_then(|(info, _)| info.file.as_ref()).filter(|file| !judged.info.files.contains(file));
    if let Some(file) = removed.filter(|_| new.is_none_or(|(info, _)| info.state.as_str() != "known")) {
        return Spot { text: Linter::shown(&format!("{file} was removed")), ..nowhere };
    }
    let Some((info, quoted)) = new else { return nowhere };
    let because = || info.because.clone().unwrap_or_default();
    let text = match (&info.setting, quoted, info.origin) {
        _ if info.state.as_str() != "known" => because(),
        (Some(setting), Some(quoted), _) => Linter::shown(&format!("{setting}: {quoted}")),
        (None, Some(quoted), _) => quoted.clone(),
        (Some(setting), None, Some(Origin::Default)) => Linter::shown(&format!("{setting} is not written")),
        (_, None, Some(Origin::Derived)) => Shown::fixed("follows from other facts"),
        (Some(setting), None, _) => setting.clone(),
        (None, None, _) => because(),
    };
    let place = info.span.filter(|span| !(span.bytes.start == 0 && span.bytes.is_empty()));
    Spot { file: info.file.clone(), span: place, setting: info.setting.clone(), text }
}
