//! The tree of declared keys: what is misspelt, misplaced or mis-indented is found by it.

use super::path::{Path, Segment, glob};
use crate::fact::edits;
use std::collections::{BTreeMap, HashSet};

/// The keys that one kind of document declares.
#[derive(Debug, Default)]
pub struct DeclaredKeys {
    /// The kind, by its place in the platform.
    pub kind: usize,
    /// The keys.
    pub tree: KeyTree,
    /// Case does not matter in them.
    pub fold: bool,
    /// They stand in the node of an instance.
    pub each: bool,
    /// Real keys of the vendor that merely look like a declared one, spelt as in this kind.
    others: HashSet<String>,
    /// Patterns of such.
    patterns: Vec<String>,
    /// Where a whole path is one word: what stands before it and what joins it, and the words by their last part.
    words: Vec<Words>,
}

/// Paths that a layer spells as one word.
#[derive(Debug, Default)]
struct Words {
    prefix: String,
    separator: String,
    by_last: BTreeMap<String, Vec<String>>,
}

impl DeclaredKeys {
    /// Nothing declared yet.
    pub fn new(kind: usize, fold: bool, each: bool) -> Self {
        Self { kind, fold, each, ..Self::default() }
    }

    /// Adds a key, or a pattern with `*`, that merely looks like a declared one.
    pub fn add_other(&mut self, key: &str) {
        let key = self.folded(key);
        if key.contains('*') {
            self.patterns.push(key);
        } else {
            self.others.insert(key);
        }
    }

    /// Adds a path that stands as one word behind a prefix.
    pub fn add_word(&mut self, prefix: &str, separator: &str, word: &str) {
        let place = self.words.iter().position(|w| w.prefix == prefix && w.separator == separator);
        let place = place.unwrap_or_else(|| {
            let words = Words { prefix: prefix.to_owned(), separator: separator.to_owned(), ..Words::default() };
            self.words.push(words);
            self.words.len() - 1
        });
        let (Some((_, last)), Some(words)) = (word.rsplit_once(separator), self.words.get_mut(place)) else { return };
        let last = if self.fold { last.to_lowercase() } else { last.to_owned() };
        words.by_last.entry(last).or_default().push(word.to_owned());
    }

    /// The one word with the same last part (nine letters or more), if there is exactly one.
    pub fn only_word_with_end_of(&self, key: &str) -> Option<&str> {
        let key = self.folded(key);
        self.words.iter().find_map(|words| {
            let (_, last) = key.strip_prefix(&self.folded(&words.prefix))?.rsplit_once(words.separator.as_str())?;
            match words.by_last.get(last).filter(|_| last.chars().count() >= 9)?.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            }
        })
    }

    /// Is a key one of those?
    pub fn is_other(&self, path: &[&str]) -> bool {
        let full = self.folded(&path.join("."));
        self.others.contains(&full) || self.patterns.iter().any(|p| glob(p, &full))
    }

    fn folded(&self, key: &str) -> String {
        if self.fold { key.to_lowercase() } else { key.to_owned() }
    }
}

/// The keys that a platform file declares, as a tree.
#[derive(Debug, Default, Clone)]
pub struct KeyTree {
    /// Declared keys below.
    pub children: BTreeMap<Box<str>, KeyTree>,
    /// Any key may stand here: an open map, whose entries have this shape.
    pub any: Option<Box<KeyTree>>,
    /// A setting ends here.
    pub setting: bool,
    /// Below a list: the shape of its items.
    pub items: Option<Box<KeyTree>>,
}

impl KeyTree {
    /// Adds a path.
    pub fn add(&mut self, path: &[Segment]) {
        let Some((first, rest)) = path.split_first() else {
            self.setting = true;
            return;
        };
        match first {
            Segment::Key(key) => self.children.entry(key.clone()).or_default().add(rest),
            Segment::Any => self.any.get_or_insert_default().add(rest),
            Segment::Each | Segment::Index(_) => self.items.get_or_insert_default().add(rest),
            // A test picks items by a field, which is declared by that.
            Segment::Test(field, _) => {
                let items = self.items.get_or_insert_default();
                items.add(&field.0);
                items.add(rest);
            }
        }
    }

    /// What is declared at a key.
    pub fn child(&self, key: &str, fold: bool) -> Option<&KeyTree> {
        let exact = self.children.get(key);
        if exact.is_some() || !fold {
            return exact;
        }
        self.children.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, child)| child)
    }

    /// Does it need a section: are there keys below and no setting of its own?
    pub fn needs_section(&self) -> bool {
        !self.setting && self.any.is_none() && self.items.is_none() && !self.children.is_empty()
    }

    /// The declared sibling that a key most likely means: equal but for case and `_-`, or within two edits (one
    /// below eight letters).
    pub fn near(&self, key: &str) -> Option<&str> {
        let squashed = |w: &'_ str| -> Vec<u8> {
            w.bytes().filter(|c| !matches!(c, b'_' | b'-')).map(|c| c.to_ascii_lowercase()).collect()
        };
        let plain = squashed(key);
        let alike = |w: &str| {
            w.bytes().filter(|c| !matches!(c, b'_' | b'-')).map(|c| c.to_ascii_lowercase()).eq(plain.iter().copied())
        };
        let allowed = if key.chars().count() < 8 { 1 } else { 2 };
        let mut best: Option<(usize, &str)> = None;
        for candidate in self.children.keys() {
            // Lengths tell most pairs apart before anything is compared.
            if candidate.len().abs_diff(key.len()) > allowed + 3 {
                continue;
            }
            let distance = if alike(candidate) { 0 } else { edits(key, candidate, allowed + 1) };
            if distance <= allowed && best.is_none_or(|(d, _)| distance < d) {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, key)| key)
    }

    /// The one path whose last key is this one, if there is exactly one; the sections before it.
    pub fn only_place_of<'a>(&'a self, key: &str) -> Option<Vec<&'a str>> {
        let mut places = Vec::new();
        self.places_of(key, &mut Vec::new(), &mut places);
        match places.len() {
            1 => places.pop(),
            _ => None,
        }
    }

    fn places_of<'a>(&'a self, key: &str, at: &mut Vec<&'a str>, out: &mut Vec<Vec<&'a str>>) {
        for (name, child) in &self.children {
            at.push(name);
            if **name == *key && child.setting {
                out.push(at.clone());
            }
            child.places_of(key, at, out);
            at.pop();
        }
    }
}

/// A key, in quotes where a path needs them.
pub fn quoted(key: &str) -> String {
    if key.contains(['.', '[', ' ']) { format!("\"{key}\"") } else { key.to_owned() }
}

/// The path for people: keys joined by dots, lists as `[]`.
pub fn shown(path: &Path) -> String {
    let mut out = String::new();
    for segment in &path.0 {
        match segment {
            Segment::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(&quoted(key));
            }
            Segment::Index(n) => out.push_str(&format!("[{n}]")),
            Segment::Each => out.push_str("[]"),
            Segment::Any => {}
            Segment::Test(field, value) => out.push_str(&format!("[{}={value}]", shown(field))),
        }
    }
    out
}
