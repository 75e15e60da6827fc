//! Keeps results in order: threads finish them in any, and they are taken one after the other.

use super::progress::BEAT;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

/// Results waiting for their turn.
pub struct Line<T> {
    /// The turn that is next to be taken, and those that are ready.
    ready: Mutex<(usize, BTreeMap<usize, T>)>,
    change: Condvar,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { ready: Mutex::default(), change: Condvar::default() }
    }
}

impl<T> Line<T> {
    /// Waits until `turn` is less than `room` ahead. The next turn itself never waits, so nobody waits for ever.
    pub fn wait_for_room(&self, turn: usize, room: usize) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        while turn >= ready.0 + room {
            ready = self.change.wait(ready).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A result is ready.
    pub fn put(&self, turn: usize, report: T) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).1.insert(turn, report);
        self.change.notify_all();
    }

    /// Waits for a turn; `idle` is called now and then meanwhile.
    pub fn take(&self, turn: usize, mut idle: impl FnMut()) -> T {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(report) = ready.1.remove(&turn) {
                ready.0 = turn + 1;
                self.change.notify_all();
                return report;
            }
            idle();
            ready = self.change.wait_timeout(ready, BEAT).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn reports_come_in_order_and_few_wait() {
        let (line, next, ahead) = (Line::<usize>::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        let (groups, room) = (200, 8);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let turn = next.fetch_add(1, Ordering::Relaxed);
                        if turn >= groups {
                            break;
                        }
                        line.wait_for_room(turn, room);
                        let ready = line.ready.lock().unwrap_or_else(PoisonError::into_inner);
                        ahead.fetch_max(ready.1.len(), Ordering::Relaxed);
                        drop(ready);
                        line.put(turn, turn);
                    }
                });
            }
            for turn in 0..groups {
                assert_eq!(line.take(turn, || {}), turn);
            }
        });
        assert!(ahead.into_inner() <= room);
    }
}
