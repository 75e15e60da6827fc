//! A line on the terminal while a run takes its time.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Nothing is shown before this: most runs are over by then.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two changes of the line.
pub const BEAT: Duration = Duration::from_millis(100);

/// Writes over its own line on standard error, and wipes it before anything else is written.
pub struct Progress {
    begun: Instant,
    last: Option<Instant>,
    wanted: bool,
    /// Reports are written to the same screen.
    shared: bool,
    shown: bool,
}

impl Progress {
    /// Shown only where a person looks on.
    pub fn new() -> Self {
        let wanted = std::io::stderr().is_terminal();
        Self { begun: Instant::now(), last: None, wanted, shared: std::io::stdout().is_terminal(), shown: false }
    }

    /// Tells how far the run is, if it is time.
    pub fn tell(&mut self, words: impl FnOnce() -> String) {
        let due = self.last.is_none_or(|last| last.elapsed() >= BEAT);
        if self.wanted && due && self.begun.elapsed() >= PATIENCE {
            self.last = Some(Instant::now());
            self.shown = true;
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", words());
        }
    }

    /// Wipes the line where something else is about to be written.
    pub fn make_way(&mut self) {
        if self.shared {
            self.clear();
        }
    }

    /// Wipes the line.
    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
