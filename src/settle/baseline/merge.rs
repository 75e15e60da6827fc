//! What becomes of a baseline when it is written again.

use super::{Compared, Entry, compare};
use crate::fact::Vocabulary;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A deployment that has most likely been renamed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rename {
    /// Its id in the baseline.
    pub from: String,
    /// Its id now.
    pub to: String,
    /// How many entries it takes along.
    pub entries: usize,
}

/// A baseline written again, and what that came to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Merged {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// How many are new.
    pub new: usize,
    /// How many have got worse since, and were taken with the value of today.
    pub worse: usize,
    /// How many have got better since.
    pub better: usize,
    /// How many were taken out.
    pub out: usize,
}

/// Puts the findings of today into a baseline: new ones are added, values are those of today, what was not met stays.
pub fn update(old: &[Entry], now: &[Entry], vocabulary: &Vocabulary) -> Merged {
    let mut merged = Merged::default();
    let prints: BTreeSet<&str> = now.iter().map(|e| e.fingerprint.as_str()).collect();
    merged.entries.extend(old.iter().filter(|e| !prints.contains(e.fingerprint.as_str())).cloned());
    let known: HashMap<&str, &Entry> = old.iter().map(|e| (e.fingerprint.as_str(), e)).collect();
    for entry in now {
        match known.get(entry.fingerprint.as_str()) {
            None => merged.new += 1,
            Some(before) => match moved(before, entry, vocabulary) {
                Moved::Same => {}
                Moved::Better => merged.better += 1,
                Moved::Worse => merged.worse += 1,
            },
        }
        merged.entries.push(entry.clone());
    }
    merged
}

/// Takes out what nothing meets, and gives what has got better its value of today; adds nothing. `idle`: the places of
/// entries that nothing meets.
pub fn prune(old: &[Entry], now: &[Entry], idle: &BTreeSet<usize>, vocabulary: &Vocabulary) -> Merged {
    let mut merged = Merged { out: idle.len(), ..Merged::default() };
    let present: HashMap<&str, &Entry> = now.iter().map(|e| (e.fingerprint.as_str(), e)).collect();
    for (_, entry) in old.iter().enumerate().filter(|(n, _)| !idle.contains(n)) {
        let better = present.get(entry.fingerprint.as_str());
        let better = better.filter(|now| moved(entry, now, vocabulary) == Moved::Better);
        merged.better += usize::from(better.is_some());
        merged.entries.push(better.map_or(entry, |now| *now).clone());
    }
    merged
}

#[derive(PartialEq, Eq)]
enum Moved {
    Same,
    Better,
    Worse,
}

/// How an entry of today stands to that of the baseline.
fn moved(before: &Entry, now: &Entry, vocabulary: &Vocabulary) -> Moved {
    let fact = |name: &str| vocabulary.find(name.split('[').next().unwrap_or(name)).map(|ix| vocabulary.fact(ix));
    let own = before.fact.as_deref().and_then(fact);
    let mut worse = compare(&now.value, &before.value, own, vocabulary) != Compared::NoWorse;
    let mut same = now.value == before.value;
    for (name, value) in &now.also {
        let then = before.also.iter().find(|(n, _)| n == name).map(|(_, value)| value);
        same &= then == Some(value);
        worse |= then.is_some_and(|then| compare(value, then, fact(name), vocabulary) != Compared::NoWorse);
    }
    match (same, worse) {
        (true, _) => Moved::Same,
        (_, true) => Moved::Worse,
        (_, false) => Moved::Better,
    }
}

/// What an entry is about, whichever deployment it is of.
fn subject(entry: &Entry) -> (&str, &str, &str) {
    (&entry.rule, entry.about(), entry.qualifier.as_deref().unwrap_or_default())
}

/// Deployments of a baseline that are gone, each with the new one that has most of its findings: at least half of them,
/// and more than any other. `judged`: the deployments of today.
pub fn renames(old: &[Entry], now: &[Entry], judged: &BTreeSet<String>) -> Vec<Rename> {
    let by_deployment = |list: &'_ [Entry]| -> BTreeMap<String, Vec<Entry>> {
        let mut out: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        list.iter().for_each(|e| out.entry(e.deployment.clone()).or_default().push(e.clone()));
        out
    };
    let (old, now) = (by_deployment(old), by_deployment(now));
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    for (from, entries) in old.iter().filter(|(id, _)| !judged.contains(*id)) {
        let fresh = now.iter().filter(|(id, _)| !old.contains_key(*id) && !taken.contains(id.as_str()));
        let base = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
        let mut fits: Vec<(usize, bool, &String)> =
            fresh.map(|(to, list)| (pairs(entries, list).len(), base(to) == base(from), to)).collect();
        fits.sort_by_key(|(count, name, _)| std::cmp::Reverse((*count, *name)));
        let Some((count, name, to)) = fits.first().copied() else { continue };
        let alone = fits.get(1).is_none_or(|second| (second.0, second.1) != (count, name));
        if alone && count > 0 && count * 2 >= entries.len() {
            taken.insert(to);
            out.push(Rename { from: from.clone(), to: to.clone(), entries: count });
        }
    }
    out
}

/// Entries of two deployments that are about the same: places in both lists.
fn pairs(old: &[Entry], now: &[Entry]) -> Vec<(usize, usize)> {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut out = Vec::new();
    for (n, entry) in old.iter().enumerate() {
        let same = |(m, other): &(usize, &Entry)| !used.contains(m) && subject(other) == subject(entry);
        if let Some((m, _)) = now.iter().enumerate().find(same) {
            used.insert(m);
            out.push((n, m));
        }
    }
    out
}

/// Gives the entries of renamed deployments their new ids and fingerprints. Their values stay, so that what has got worse
/// on the way is still told.
pub fn adopt(old: &[Entry], now: &[Entry], renames: &[Rename]) -> Vec<Entry> {
    let mut out = old.to_vec();
    for rename in renames {
        let places: Vec<usize> =
            out.iter().enumerate().filter(|(_, e)| e.deployment == rename.from).map(|(n, _)| n).collect();
        let before: Vec<Entry> = places.iter().filter_map(|n| out.get(*n).cloned()).collect();
        let after: Vec<Entry> = now.iter().filter(|e| e.deployment == rename.to).cloned().collect();
        for (n, m) in pairs(&before, &after) {
            let at = places.get(n).and_then(|n| out.get_mut(*n));
            if let (Some(entry), Some(new)) = (at, after.get(m)) {
                entry.deployment.clone_from(&new.deployment);
                entry.fingerprint.clone_from(&new.fingerprint);
                entry.span = Span::default();
            }
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lint::Knowledge;
    use serde_json::json;

    fn entry(deployment: &str, rule: &str, value: &str) -> Entry {
        Entry {
            deployment: deployment.into(),
            rule: rule.into(),
            fact: Some("metadata.ip_retention".into()),
            value: json!(value),
            fingerprint: format!("{deployment} {rule}"),
            ..Entry::default()
        }
    }

    fn told(merged: &Merged) -> (Vec<String>, [usize; 4]) {
        let one = |e: &Entry| format!("{} {} {}", e.deployment, e.rule, e.value.as_str().unwrap());
        let mut list: Vec<String> = merged.entries.iter().map(one).collect();
        list.sort();
        (list, [merged.new, merged.worse, merged.better, merged.out])
    }

    #[test]
    fn writing_again_keeps_what_was_not_met() {
        let knowledge = Knowledge::built_in().unwrap();
        let old = [entry("a", "r", "90d"), entry("b", "r", "90d"), entry("c", "r", "90d")];
        let now = [entry("a", "r", "100d"), entry("b", "r", "80d"), entry("d", "r", "1d")];
        let merged = update(&old, &now, &knowledge.facts.vocabulary);
        assert_eq!(told(&merged).0, ["a r 100d", "b r 80d", "c r 90d", "d r 1d"]);
        assert_eq!(told(&merged).1, [1, 1, 1, 0]);
        let again = update(&merged.entries, &now, &knowledge.facts.vocabulary);
        assert_eq!(told(&again).1, [0, 0, 0, 0]);
    }

    #[test]
    fn pruning_goes_one_way() {
        let knowledge = Knowledge::built_in().unwrap();
        let old = [entry("a", "r", "90d"), entry("b", "r", "90d"), entry("c", "r", "90d")];
        let now = [entry("a", "r", "100d"), entry("b", "r", "80d"), entry("d", "r", "1d")];
        let merged = prune(&old, &now, &BTreeSet::from([2]), &knowledge.facts.vocabulary);
        assert_eq!(told(&merged), (vec!["a r 90d".into(), "b r 80d".into()], [0, 0, 1, 1]));
    }

    #[test]
    fn a_renamed_deployment_is_known_by_its_findings() {
        let old = [entry("old/x.yaml", "r", "90d"), entry("old/x.yaml", "s", "90d"), entry("old/x.yaml", "t", "9d")];
        let now = [
            entry("new/x.yaml", "r", "100d"),
            entry("new/x.yaml", "s", "90d"),
            entry("other.yaml", "r", "90d"),
            entry("other.yaml", "u", "90d"),
        ];
        let judged = BTreeSet::from(["new/x.yaml".to_owned(), "other.yaml".to_owned()]);
        let found = renames(&old, &now, &judged);
        assert_eq!(found, [Rename { from: "old/x.yaml".into(), to: "new/x.yaml".into(), entries: 2 }]);
        let adopted = adopt(&old, &now, &found);
        let list: Vec<&str> = adopted.iter().map(|e| e.fingerprint.as_str()).collect();
        assert_eq!(list, ["new/x.yaml r", "new/x.yaml s", "old/x.yaml t"]);
        assert_eq!(adopted[0].value, json!("90d"), "what got worse on the way is still told");
        // Still there: not renamed. Two that fit equally: nobody guesses.
        assert!(renames(&old, &now, &BTreeSet::from(["old/x.yaml".to_owned()])).is_empty());
        let twins = [entry("a/y.yaml", "r", "1d"), entry("b/y.yaml", "r", "1d")];
        let one = [entry("old/x.yaml", "r", "90d")];
        assert!(renames(&one, &twins, &BTreeSet::new()).is_empty());
    }
}
