//! How a run ends.

use crate::fact::DataError;
use crate::host::{Finished, Terminal};
use crate::lint::Severity;
use std::process::ExitCode;

/// The exit codes; scripts rely on them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above it.
    Findings = 1,
    /// Wrong usage, or a broken configuration, pack, waiver, baseline.
    Usage = 2,
    /// An input could not be read.
    Input = 3,
    /// A walk found nothing to lint.
    Nothing = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What a finished run exits with. An input that could not be read hides findings, so it wins over those that
/// were found.
pub fn exit_of(finished: &Finished, fail_on: Option<Severity>, allow_empty: bool) -> Exit {
    if finished.input_errors > 0 {
        Exit::Input
    } else if finished.walked && finished.deployments == 0 && !allow_empty {
        Exit::Nothing
    } else if finished.counts.worst().zip(fail_on).is_some_and(|(worst, bar)| worst >= bar) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Why a run could not begin.
#[derive(Debug)]
pub enum Stop {
    /// In words.
    Usage(String),
    /// What was given to read cannot be read.
    Input(String),
    /// Errors in data files of the user.
    Data(Vec<DataError>),
}

impl Stop {
    /// Tells it on standard error.
    pub fn tell(&self, terminal: &Terminal) -> Exit {
        match self {
            Stop::Usage(words) | Stop::Input(words) => terminal.complain(words),
            Stop::Data(errors) => terminal.complain_of(errors),
        }
        if matches!(self, Stop::Input(_)) { Exit::Input } else { Exit::Usage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Counts;

    #[test]
    fn exit_codes_are_settled_in_order() {
        let finished = |deployments, worst: Option<Severity>, input_errors, walked| {
            let mut counts = Counts::default();
            worst.into_iter().for_each(|severity| counts.add(severity));
            Finished { deployments, counts, input_errors, walked, ..Finished::default() }
        };
        let bar = Some(Severity::Warning);
        assert_eq!(exit_of(&finished(1, None, 0, true), bar, false), Exit::Clean);
        assert_eq!(exit_of(&finished(1, Some(Severity::Note), 0, true), bar, false), Exit::Clean);
        assert_eq!(exit_of(&finished(1, Some(Severity::Warning), 0, true), bar, false), Exit::Findings);
        assert_eq!(exit_of(&finished(1, Some(Severity::Error), 0, true), None, false), Exit::Clean);
        assert_eq!(exit_of(&finished(1, Some(Severity::Error), 1, true), bar, false), Exit::Input);
        assert_eq!(exit_of(&finished(1, Some(Severity::Error), 1, true), None, false), Exit::Input);
        assert_eq!(exit_of(&finished(0, None, 0, true), bar, false), Exit::Nothing);
        assert_eq!(exit_of(&finished(0, None, 0, true), bar, true), Exit::Clean);
        assert_eq!(exit_of(&finished(0, None, 0, false), bar, false), Exit::Clean);
        assert_eq!(exit_of(&finished(0, None, 1, true), bar, true), Exit::Input);
    }
}
