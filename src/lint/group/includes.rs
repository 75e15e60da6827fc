//! Files that others include are a part of these, and no deployments of their own.

use super::super::ask::{Answer, Ask};
use super::super::includes::{may_include, paths};
use super::super::scan::Candidate;
use super::units::Units;

impl Units<'_, '_> {
    /// Passes over what another file of the platform includes: it is read there.
    pub fn of_includes(&mut self, ask: &Ask<'_>) {
        let mut left: Vec<&Candidate> = self.files.values().copied().collect();
        left.sort_by(|a, b| a.path.cmp(&b.path));
        let mut included: Vec<(String, String)> = Vec::new();
        for candidate in left {
            let path = candidate.path.as_str();
            let kind = self.main_kind(candidate).and_then(|kind| self.kind(kind));
            let Some(kind) = kind.filter(|kind| may_include(kind)) else { continue };
            // Two files that include each other: the first of them is the main one.
            if included.iter().any(|(other, _)| other == path) {
                continue;
            }
            let Answer::Given(bytes) = ask(path) else { continue };
            for other in paths(path, &bytes, kind, ask) {
                included.push((other, format!("included by {path}")));
            }
        }
        for (path, reason) in included {
            let known = self.absorbed.iter().any(|(c, _)| c.path == path);
            if let Some(candidate) = self.files.get(path.as_str()).copied().filter(|_| !known) {
                self.absorbed.push((candidate, reason));
            }
        }
    }
}
