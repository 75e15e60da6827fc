//! A fault of ours must not end the run, nor print what it was working on.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

/// While it lives, a panic prints nothing: the standard message quotes the text that was being sliced, which may
/// be a secret. What failed is told by the report, with the file's name.
pub struct Quiet {
    #[expect(clippy::type_complexity)]
    before: Option<Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>>,
}

impl Quiet {
    /// From now on.
    pub fn new() -> Self {
        let before = take_hook();
        set_hook(Box::new(|_| {}));
        Self { before: Some(before) }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(before) = self.before.take().filter(|_| !std::thread::panicking()) {
            set_hook(before);
        }
    }
}

/// What a caught fault is called in a report.
pub const FAULT: &str = "hushlint itself failed on this file: a fault of ours, please report it";

/// Runs `work`; `None` if it panicked. What it shares with others is only read or behind a lock.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[test]
    fn a_fault_is_caught() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> u8 { panic!("a fault") }), None);
    }
}
