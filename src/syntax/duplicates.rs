//! Keys written twice in one map.

use super::tree::{Duplicate, Entry};
use crate::text::Span;

/// Finds them; keeps its scratch space between maps.
#[derive(Default)]
pub(super) struct Finder {
    order: Vec<u32>,
}

impl Finder {
    /// Adds to `found` each key of `entries` that an earlier one equals, but for those named `except`.
    pub(super) fn find(&mut self, entries: &[Entry], except: Option<&str>, found: &mut Vec<Duplicate>) {
        let Ok(count) = u32::try_from(entries.len()) else { return };
        if count < 2 {
            return;
        }
        // Sorting needs no allocation per map, as a set would, and no map is too large for it.
        let key = |&index: &u32| entries.get(index as usize).map(|entry| (&*entry.key, entry.key_span));
        self.order.clear();
        self.order.extend(0..count);
        self.order.sort_unstable_by_key(key);
        let mut first: Option<(&str, Span)> = None;
        for (name, span) in self.order.iter().filter_map(key) {
            match first {
                Some((same, first)) if same == name && except != Some(name) => {
                    found.push(Duplicate { first, second: span });
                }
                _ => first = Some((name, span)),
            }
        }
    }
}
