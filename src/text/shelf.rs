//! What was worked out before, by slot and key, shared by threads.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More entries than this in one slot are started over: a run over very unlike files gains nothing by keeping them.
const MOST: usize = 20_000;
/// So many new entries a slot takes before it is judged whether they come again.
const TRIAL: u32 = 64;

/// Values kept by slot and key. A slot where nearly everything is new stops keeping: that costs memory and gains
/// nothing.
#[derive(Debug)]
pub struct Shelf<V> {
    slots: Vec<Mutex<Slot<V>>>,
}

#[derive(Debug)]
struct Slot<V> {
    kept: HashMap<u128, V, BuildHasherDefault<Mixed>>,
    again: u32,
    new: u32,
}

/// Keys are hashes already.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = (key >> 64) as u64 ^ key as u64;
    }
}

impl<V: Clone> Shelf<V> {
    /// An empty one of so many slots.
    pub fn new(slots: usize) -> Self {
        let slot = || Mutex::new(Slot { kept: HashMap::default(), again: 0, new: 0 });
        Self { slots: std::iter::repeat_with(slot).take(slots).collect() }
    }

    fn slot(&self, slot: usize) -> Option<MutexGuard<'_, Slot<V>>> {
        self.slots.get(slot).map(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was kept.
    pub fn get(&self, slot: usize, key: u128) -> Option<V> {
        let mut slot = self.slot(slot)?;
        let found = slot.kept.get(&key).cloned();
        match found {
            Some(_) => slot.again = slot.again.saturating_add(1),
            None => slot.new = slot.new.saturating_add(1),
        }
        found
    }

    /// Keeps a value that was not found, if it pays.
    pub fn put(&self, slot: usize, key: u128, value: V) {
        let Some(mut slot) = self.slot(slot) else { return };
        if slot.new > TRIAL && slot.again < slot.new / 4 {
            return;
        }
        if slot.kept.len() >= MOST {
            slot.kept.clear();
        }
        slot.kept.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_is_kept_and_what_never_does_is_not() {
        let shelf = Shelf::new(2);
        for key in 0..1000_u128 {
            assert_eq!(shelf.get(0, key), None);
            shelf.put(0, key, key);
            if shelf.get(1, key % 7).is_none() {
                shelf.put(1, key % 7, key);
            }
        }
        assert_eq!((0..7).map(|key| shelf.get(1, key)).collect::<Vec<_>>(), (0..7).map(Some).collect::<Vec<_>>());
        let kept = (0..1000).filter(|key| shelf.get(0, *key).is_some()).count();
        assert!((1..200).contains(&kept), "{kept}");
        assert_eq!(shelf.get(2, 0), None, "no such slot");
    }
}
