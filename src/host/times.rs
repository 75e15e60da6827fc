//! How long the parts of a run take, by the wall.

use std::fmt;
use std::time::Duration;

/// The parts of a run over files, one after the other. While several threads judge, one of them prints as well: what
/// it needs for that is taken off the judging.
#[derive(Copy, Clone, Default, Debug)]
pub struct Times {
    /// Arguments, configuration, rules.
    pub load: Duration,
    /// Finding files, looking at their bytes, grouping them.
    pub walk: Duration,
    /// Parsing and judging.
    pub judge: Duration,
    /// Writing reports.
    pub print: Duration,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.load + self.walk + self.judge + self.print;
        let parts = [
            ("load", self.load),
            ("walk", self.walk),
            ("parse and judge", self.judge),
            ("print", self.print),
            ("in all", all),
        ];
        for (name, time) in parts {
            writeln!(f, "{name:<15} {:>9.1} ms", time.as_secs_f64() * 1_000.0)?;
        }
        Ok(())
    }
}
