//! Types and values.

use super::duration::Duration;
use super::reading::Reading;
use crate::syntax::NodeId;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A word: a level, an audience, a choice, a text, a qualifier.
pub type Word = Arc<str>;

/// The values of a level or choice.
#[derive(PartialEq, Eq, Debug)]
pub struct Level {
    /// Worst first, if ordered.
    pub values: Vec<Word>,
    /// Has the list an order?
    pub ordered: bool,
}

impl Level {
    /// The place of a word in the order.
    pub fn rank(&self, word: &str) -> Option<usize> {
        self.values.iter().position(|v| **v == *word)
    }
}

/// What kind of value an expression has.
#[derive(Clone, Debug)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Any text.
    Text,
    /// Dotted numbers.
    Version,
    /// A period.
    Duration,
    /// A name of the vocabulary's `[audience]`.
    Audience,
    /// One of the values of a level, or of a choice (unordered).
    Level(Arc<Level>),
    /// A set, of the given words or of any.
    Set(Option<Arc<Level>>),
    /// A list.
    List(Box<Type>),
    /// An item of a list of records: the id of the list's setting.
    Record(Word),
    /// A parameter whose type is that of what it is compared with.
    Open,
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Type::Level(a), Type::Level(b)) => Arc::ptr_eq(a, b) || a == b,
            (Type::Set(a), Type::Set(b)) => a == b || a.is_none() || b.is_none(),
            (Type::List(a), Type::List(b)) => a == b,
            (Type::Record(a), Type::Record(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Type {
    /// Do its values have an order?
    pub fn ordered(&self) -> bool {
        match self {
            Type::Number | Type::Duration | Type::Version => true,
            Type::Level(level) => level.ordered,
            _ => false,
        }
    }

    /// The type for messages.
    pub fn name(&self) -> String {
        match self {
            Type::Bool => "a boolean".into(),
            Type::Number => "a number".into(),
            Type::Text => "a text".into(),
            Type::Version => "a version".into(),
            Type::Duration => "a duration".into(),
            Type::Audience => "an audience".into(),
            Type::Level(level) if level.values.len() <= 8 => format!("one of {}", level.values.join(", ")),
            Type::Level(_) => "a word of a closed list".into(),
            Type::Set(_) => "a set".into(),
            Type::List(of) => format!("a list ({})", of.name()),
            Type::Record(_) => "a record".into(),
            Type::Open => "a parameter".into(),
        }
    }
}

/// Dotted numbers: `1.120`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Version(Vec<u32>);

impl Version {
    /// The release below all.
    pub const fn zero() -> Self {
        Self(Vec::new())
    }

    /// The first dotted numbers of a text, a `v` before them dropped; `None` if it does not start with a number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let numbers: Vec<u32> =
            text.get(..end)?.trim_end_matches('.').split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        (!numbers.is_empty()).then_some(Self(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&parts.join("."))
    }
}

/// A set that may not be fully known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SetValue {
    /// Surely in it, sorted.
    pub has: Vec<Word>,
    /// Possibly in it, sorted, none of `has`.
    pub may: Vec<Word>,
    /// Any other word may be in it too (`at_least`, or a possible member without a name).
    pub open: bool,
}

impl SetValue {
    /// A fully known set.
    pub fn of(words: impl IntoIterator<Item = Word>) -> Self {
        let mut has: Vec<Word> = words.into_iter().collect();
        has.sort();
        has.dedup();
        Self { has, may: Vec::new(), open: false }
    }

    /// Is a word surely in it, surely not, or possibly?
    pub fn contains(&self, word: &str) -> Option<bool> {
        if self.has.iter().any(|w| **w == *word) {
            Some(true)
        } else if self.open || self.may.iter().any(|w| **w == *word) {
            None
        } else {
            Some(false)
        }
    }

    /// Is nothing left open?
    pub fn definite(&self) -> bool {
        self.may.is_empty() && !self.open
    }
}

/// One item of a list of records: a node, read by the settings of its list.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// The setting of the list.
    pub list: u32,
    /// Which document of the deployment; [`Record::CONSTANT`] for the platform file's own constants.
    pub document: u32,
    /// The map.
    pub node: NodeId,
    /// What names it: its map key, its key field, or its index.
    pub key: Word,
    /// Its place in a list; `None` for the entry of a map, or a lone map.
    pub index: Option<u32>,
    /// The record whose list it belongs to.
    pub parent: Option<Arc<Record>>,
}

impl Record {
    /// The document number of records that a platform file states.
    pub const CONSTANT: u32 = u32::MAX;
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A level, audience, choice or text.
    Word(Word),
    /// A release.
    Version(Arc<Version>),
    /// A period.
    Duration(Duration),
    /// A set.
    Set(Arc<SetValue>),
    /// A list; members may be unknown.
    List(Arc<[Reading]>),
    /// A record.
    Record(Arc<Record>),
}

impl Value {
    /// The word, if it is one.
    pub fn word(&self) -> Option<&Word> {
        match self {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The order of two values of a type; `None` without one.
    pub fn compare(&self, other: &Self, of: &Type) -> Option<Ordering> {
        match (self, other, of) {
            (Value::Number(a), Value::Number(b), _) => a.partial_cmp(b),
            (Value::Duration(a), Value::Duration(b), _) => Some(a.length_cmp(*b)),
            (Value::Version(a), Value::Version(b), _) => Some(a.cmp(b)),
            (Value::Word(a), Value::Word(b), Type::Level(level)) if level.ordered => {
                Some(level.rank(a)?.cmp(&level.rank(b)?))
            }
            _ => None,
        }
    }

    /// As JSON, in the spelling of literals.
    pub fn json(&self) -> serde_json::Value {
        use serde_json::Value as J;
        match self {
            Value::Bool(b) => J::Bool(*b),
            Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => J::from(*n as i64),
            Value::Number(n) => J::from(*n),
            Value::Word(w) => J::from(&**w),
            Value::Version(v) => J::from(v.to_string()),
            Value::Duration(d) => J::from(d.to_string()),
            Value::Set(set) if set.definite() => J::from(set.has.iter().map(|w| w.to_string()).collect::<Vec<_>>()),
            Value::Set(set) => {
                serde_json::json!({ "at_least": set.has.iter().map(|w| w.to_string()).collect::<Vec<_>>(),
                "possibly": set.may.iter().map(|w| w.to_string()).collect::<Vec<_>>() })
            }
            Value::List(items) => J::Array(items.iter().map(|r| r.known().map_or(J::Null, Value::json)).collect()),
            Value::Record(r) => J::from(&*r.key),
        }
    }

    /// In plain English, for messages.
    pub fn words(&self) -> String {
        match self {
            Value::Bool(b) => b.to_string(),
            Value::Number(n) => n.to_string(),
            Value::Word(w) => w.to_string(),
            Value::Version(v) => v.to_string(),
            Value::Duration(d) => d.words(),
            Value::Set(set) => {
                let mut words: Vec<String> = set.has.iter().map(|w| w.to_string()).collect();
                if set.may.len() == 1 || set.may.len() == 2 {
                    words.extend(set.may.iter().map(|w| format!("possibly {w}")));
                } else if !set.definite() {
                    words.push("possibly others".into());
                }
                if words.is_empty() { "none".into() } else { enumerate(&words) }
            }
            Value::List(items) => {
                let words: Vec<String> =
                    items.iter().map(|r| r.known().map_or_else(|| "unknown".into(), Value::words)).collect();
                if words.is_empty() { "none".into() } else { enumerate(&words) }
            }
            Value::Record(r) => r.key.to_string(),
        }
    }
}

/// Words joined by commas and "and".
pub fn enumerate(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
