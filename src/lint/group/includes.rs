//! Files that another file includes belong to it.

use super::super::includes::fits;
use super::units::Units;

impl Units<'_, '_> {
    /// Takes main documents that others include out of those that are deployments of their own. Of a circle the one in
    /// the highest folder stays.
    pub fn of_includes(&mut self) {
        let mut mains: Vec<(&str, &[String])> = self
            .files
            .values()
            .filter(|candidate| self.main_kind(candidate).is_some())
            .map(|candidate| (candidate.path.as_str(), candidate.includes.as_slice()))
            .collect();
        if mains.iter().all(|(_, includes)| includes.is_empty()) {
            return;
        }
        mains.sort_unstable();
        let named: Vec<Vec<usize>> = mains
            .iter()
            .map(|(own, includes)| {
                let hits = |path: &str| path != *own && includes.iter().any(|pattern| fits(pattern, path));
                mains.iter().enumerate().filter(|(_, (path, _))| hits(path)).map(|(n, _)| n).collect()
            })
            .collect();
        let included = |n: usize| named.iter().any(|list| list.contains(&n));
        // From those that nobody includes; then from what only a circle leads to, the highest folder first.
        let rank = |n: &usize| {
            let depth = mains.get(*n).map_or(0, |(path, _)| path.matches('/').count());
            (included(*n), named.get(*n).is_none_or(Vec::is_empty), depth)
        };
        let mut order: Vec<usize> = (0..mains.len()).collect();
        order.sort_by_key(rank);
        let mut seen = vec![false; mains.len()];
        for first in order {
            let mut next = vec![first];
            while let Some(at) = next.pop() {
                let Some(mark) = seen.get_mut(at).filter(|mark| !**mark) else { continue };
                *mark = true;
                if at != first
                    && let Some((path, _)) = mains.get(at)
                {
                    self.claimed.insert(path);
                }
                next.extend(named.get(at).into_iter().flatten());
            }
        }
    }
}
