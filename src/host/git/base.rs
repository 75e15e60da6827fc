//! The merge base: the latest commit that two revisions have in common.

use super::{Repository, Revision};
use gix_hash::ObjectId;
use std::collections::{BinaryHeap, HashMap};

const OURS: u8 = 1;
const THEIRS: u8 = 2;
/// Below a common commit: common too, and older.
const BELOW: u8 = 4;
const FOUND: u8 = 8;

impl Repository {
    /// The merge base of two revisions. Of several, as after criss-cross merges, it is the latest.
    pub fn merge_base(&self, ours: &Revision, theirs: &Revision) -> Result<Revision, String> {
        let called = |commit| Revision { name: format!("merge base of {} and {}", ours.name, theirs.name), commit };
        if ours.commit == theirs.commit {
            return Ok(called(ours.commit));
        }
        // Commits are met from the latest to the earliest, each with the sides that reach it.
        let mut flags: HashMap<ObjectId, u8> = HashMap::new();
        let mut queue: BinaryHeap<(i64, ObjectId)> = BinaryHeap::new();
        let mut parents: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for (side, commit) in [(OURS, ours.commit), (THEIRS, theirs.commit)] {
            let (list, time) = self.objects.parents(&commit)?;
            parents.insert(commit, list);
            flags.insert(commit, side);
            queue.push((time, commit));
        }
        let mut found: Vec<ObjectId> = Vec::new();
        let mut cut = false;
        while queue.iter().any(|(_, commit)| flags.get(commit).is_some_and(|f| f & BELOW == 0)) {
            let Some((_, commit)) = queue.pop() else { break };
            let mut own = flags.get(&commit).copied().unwrap_or_default();
            if own & (OURS | THEIRS) == OURS | THEIRS {
                if own & FOUND == 0 {
                    found.push(commit);
                }
                flags.insert(commit, own | FOUND);
                own |= BELOW;
            }
            cut |= self.objects.cut.contains(&commit);
            let passed = own & (OURS | THEIRS | BELOW);
            for parent in parents.get(&commit).cloned().unwrap_or_default() {
                let flag = flags.entry(parent).or_default();
                if *flag & passed == passed {
                    continue;
                }
                *flag |= passed;
                let (list, time) = self.objects.parents(&parent)?;
                parents.insert(parent, list);
                queue.push((time, parent));
            }
        }
        let best = found.into_iter().find(|commit| flags.get(commit).is_some_and(|f| f & BELOW == 0));
        best.map(called).ok_or_else(|| {
            let names = format!("`{}` and `{}`", ours.name, theirs.name);
            match cut {
                true => format!(
                    "the commit that {names} have in common is not here: the clone is shallow. Fetch the rest with \
                     `git fetch --unshallow`, or check out with `fetch-depth: 0`"
                ),
                false => format!("{names} have no commit in common"),
            }
        })
    }
}
