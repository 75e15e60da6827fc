//! Parts and fragments join the main document of their folder, if there is one.

use super::super::options::Linter;
use super::super::scan::Candidate;
use super::units::Unit;
use super::{Part, folder, member};
use crate::platform::glob;
use std::collections::{BTreeMap, HashSet};

impl Linter {
    /// Joins parts and fragments to the only deployment that has its main document in their folder.
    pub(super) fn join_parts<'c>(
        &self,
        platform: usize,
        folders: &BTreeMap<&str, Vec<&'c Candidate>>,
        units: &mut [Unit<'c>],
        used: &mut HashSet<&'c str>,
    ) {
        let taken: HashSet<&'c str> = units.iter().flat_map(|unit| unit.files.iter().copied()).collect();
        let mut by_place: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (n, unit) in units.iter().enumerate() {
            let mut places = unit.places.clone();
            places.sort();
            places.dedup();
            places.into_iter().for_each(|place| by_place.entry(place).or_default().push(n));
        }
        for (name, owners) in by_place {
            let [only] = owners.as_slice() else { continue };
            let Some(unit) = units.get_mut(*only) else { continue };
            for c in folders.get(name.as_str()).into_iter().flatten() {
                if used.contains(c.path.as_str()) || taken.contains(c.path.as_str()) {
                    continue;
                }
                let part = c.kinds.iter().find(|(p, k)| *p == platform && self.is_part(platform, *k));
                if let (None, Some((_, kind))) = (self.main_of(c, platform), part) {
                    used.insert(&c.path);
                    unit.members.push(member(c, *kind, false));
                }
            }
            if unit.members.iter().any(|m| m.part == Part::Whole && folder(&m.path) == name) {
                self.join_fragments(platform, folders, &name, unit, used);
            }
        }
    }

    fn main_of(&self, candidate: &Candidate, platform: usize) -> Option<usize> {
        candidate.kinds.iter().find(|(p, k)| *p == platform && !self.is_part(platform, *k)).map(|(_, k)| *k)
    }

    fn join_fragments<'c>(
        &self,
        platform: usize,
        folders: &BTreeMap<&str, Vec<&'c Candidate>>,
        name: &str,
        unit: &mut Unit<'c>,
        used: &mut HashSet<&'c str>,
    ) {
        for (at, near) in folders.iter().filter(|(f, _)| **f == name || folder(f) == name) {
            let alone = near.iter().filter(|c| self.main_of(c, platform).is_some()).count() > 1;
            for c in near.iter().filter(|c| c.kinds.is_empty() || *at != name) {
                let whole = c.kinds.iter().filter(|(p, k)| *at != name && !self.is_part(*p, *k));
                let Some((_, kind)) = c.fragments.iter().chain(whole).find(|(p, _)| *p == platform) else { continue };
                let relative = c.path.strip_prefix(name).unwrap_or(&c.path).trim_start_matches('/');
                let document = self.knowledge.platforms.get(platform).and_then(|p| p.head.documents.get(*kind));
                let hinted = document.is_some_and(|d| d.files.iter().any(|g| glob(g, relative)));
                if hinted && !alone && used.insert(&c.path) {
                    unit.members.push(member(c, *kind, true));
                }
            }
        }
    }
}
