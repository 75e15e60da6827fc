//! The texts of known secrets, found again in any text in one pass.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Texts shorter than this occur everywhere.
const SHORTEST: usize = 4;
/// Longer texts are learnt in pieces of this length.
const LONGEST: usize = 256;
/// More lengths with one head, and more texts in all, are no honest input; the search stays linear.
const LENGTHS: usize = 32;
const MOST: usize = 100_000;

/// The known texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    known: HashSet<Box<str>>,
    /// The lengths of the texts that begin with these four bytes, the longest first: it covers shorter ones.
    heads: HashMap<[u8; 4], Vec<usize>>,
    /// One bit for each hash of a head: most places of a text are passed by it alone.
    filter: Filter,
}

#[derive(Clone, Debug)]
struct Filter {
    heads: [u64; 64],
    /// One bit for each first byte: with few secrets hardly any place passes it.
    first: [u64; 4],
}

impl Default for Filter {
    fn default() -> Self {
        Self { heads: [0; 64], first: [0; 4] }
    }
}

impl Filter {
    fn bit(head: [u8; 4]) -> (usize, u64) {
        let hash = u32::from_le_bytes(head).wrapping_mul(0x9E37_79B1) >> 20;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn add(&mut self, head: [u8; 4]) {
        let (word, bit) = Self::bit(head);
        if let Some(word) = self.heads.get_mut(word) {
            *word |= bit;
        }
        if let Some(word) = self.first.get_mut(usize::from(head[0] >> 6)) {
            *word |= 1 << (head[0] & 63);
        }
    }

    fn may_begin(&self, byte: u8) -> bool {
        self.first.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 != 0)
    }

    fn may_hold(&self, head: [u8; 4]) -> bool {
        let (word, bit) = Self::bit(head);
        self.heads.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl Texts {
    /// Adds a text, unless it is too short or a word that our own messages and everybody's files use.
    pub(super) fn learn(&mut self, text: &str) {
        if is_common(text) {
            return;
        }
        let mut rest = text;
        while rest.len() > LONGEST + SHORTEST {
            let (piece, after) = rest.split_at_checked(rest.floor_char_boundary(LONGEST)).unwrap_or((rest, ""));
            self.add(piece);
            rest = after;
        }
        self.add(rest);
    }

    fn add(&mut self, text: &str) {
        let Some(&head) = text.as_bytes().first_chunk::<4>() else { return };
        if text.chars().count() < SHORTEST || self.known.len() >= MOST {
            return;
        }
        let lengths = self.heads.entry(head).or_default();
        if let Err(place) = lengths.binary_search_by(|length| text.len().cmp(length)) {
            if lengths.len() >= LENGTHS {
                return;
            }
            lengths.insert(place, text.len());
        }
        self.known.insert(text.into());
        self.filter.add(head);
    }

    pub(super) fn merge(&mut self, other: Texts) {
        other.known.iter().for_each(|text| self.add(text));
    }

    /// Where known texts occur.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.heads.is_empty() {
            return found;
        }
        let bytes = text.as_bytes();
        let mut next = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if at < next || !self.filter.may_begin(*byte) {
                continue;
            }
            let Some(&head) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) else { break };
            if !self.filter.may_hold(head) {
                continue;
            }
            let Some(lengths) = self.heads.get(&head) else { continue };
            let here = |length: &&usize| {
                let end = at + **length;
                text.get(at..end).is_some_and(|piece| {
                    self.known.contains(piece) && (!is_word(piece) || stands_alone(bytes, at, end))
                })
            };
            if let Some(&length) = lengths.iter().find(here) {
                found.push((at, at + length));
                next = at + length;
            }
        }
        found
    }
}

/// A short text of small letters or of digits alone may be a part of any word: `test` of `latest`.
fn is_word(text: &str) -> bool {
    text.len() < 8 && (text.bytes().all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_digit()))
}

fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let joins = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !joins(start.checked_sub(1)) && !joins(Some(end))
}

/// A word that everybody's files and our own messages use (`rules/common-words.txt` tells why it stays to be read).
fn is_common(text: &str) -> bool {
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let lines = include_str!("../../../rules/common-words.txt").lines();
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
    });
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(known: &[&str]) -> Texts {
        let mut texts = Texts::default();
        known.iter().for_each(|text| texts.learn(text));
        texts
    }

    #[test]
    fn every_occurrence_is_found() {
        let texts = texts(&["hunter2", "hunter2000", "päss", "hunter2"]);
        assert_eq!(texts.find("hunter2 xhunter2000hunter2"), [(0, 7), (9, 19), (19, 26)]);
        assert_eq!(texts.find("a päss"), [(2, 7)]);
        assert_eq!(texts.find("hunte"), []);
        assert_eq!(texts.find(""), []);
    }

    #[test]
    fn short_words_are_found_as_words_only() {
        let texts = texts(&["late", "12345", "abc", "Synapse"]);
        assert_eq!(texts.find("late latest x-late 12345 123456 abc synapse"), [(0, 4), (14, 18), (19, 24)]);
    }

    #[test]
    fn what_is_merged_is_known() {
        let mut one = texts(&["first-secret"]);
        one.merge(texts(&["second-secret", "first-secret"]));
        assert_eq!(one.find("second-secret first-secret").len(), 2);
    }
}
