//! Bytes that were read for a look and will be wanted for judging, within a budget.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// So many bytes are kept. Configuration files are small: a thousand of them fit.
const BUDGET: usize = 8 << 20;

#[derive(Default)]
struct Kept {
    bytes: usize,
    files: HashMap<PathBuf, Arc<[u8]>>,
    pinned: HashMap<PathBuf, Arc<[u8]>>,
}

/// Files by path. What is taken out is forgotten, unless it is pinned.
#[derive(Default)]
pub struct Cache(Mutex<Kept>);

impl Cache {
    /// Keeps a file, if there is room.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + bytes.len() <= BUDGET {
            kept.bytes += bytes.len();
            kept.files.insert(path.to_owned(), Arc::from(bytes));
        }
    }

    /// Keeps a file whatever it costs: standard input cannot be read twice.
    pub fn pin(&self, path: &Path, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pinned.insert(path.to_owned(), Arc::from(bytes));
    }

    /// Takes a file out.
    pub fn take(&self, path: &Path) -> Option<Arc<[u8]>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = kept.pinned.get(path) {
            return Some(Arc::clone(bytes));
        }
        let bytes = kept.files.remove(path)?;
        kept.bytes = kept.bytes.saturating_sub(bytes.len());
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_holds_and_is_given_back() {
        let cache = Cache::default();
        cache.put(Path::new("a"), &vec![0; BUDGET]);
        cache.put(Path::new("b"), b"x");
        assert!(cache.take(Path::new("b")).is_none());
        assert_eq!(cache.take(Path::new("a")).map(|b| b.len()), Some(BUDGET));
        cache.put(Path::new("b"), b"x");
        assert!(cache.take(Path::new("b")).is_some());
        cache.pin(Path::new("c"), &vec![0; BUDGET + 1]);
        assert!(cache.take(Path::new("c")).is_some());
        assert!(cache.take(Path::new("c")).is_some(), "several deployments may sit in it");
    }
}
