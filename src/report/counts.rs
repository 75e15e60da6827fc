//! Findings by severity.

use super::words::count;
use crate::lint::Severity;

/// How many findings there are of each severity: of a run, or of a deployment.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            Severity::Note => self.note += 1,
        }
    }

    /// The worst severity there is.
    pub fn worst(&self) -> Option<Severity> {
        let all = [(self.error, Severity::Error), (self.warning, Severity::Warning), (self.note, Severity::Note)];
        all.into_iter().find(|(number, _)| *number > 0).map(|(_, severity)| severity)
    }

    /// `11 findings: 1 error, 6 warnings, 4 notes.`
    pub fn words(&self) -> String {
        let all = [(self.error, "error"), (self.warning, "warning"), (self.note, "note")];
        let parts: Vec<String> =
            all.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| count(number, word)).collect();
        match self.error + self.warning + self.note {
            0 => "No findings.".to_owned(),
            total => format!("{}: {}.", count(total, "finding"), parts.join(", ")),
        }
    }
}
