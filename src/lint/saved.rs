//! A report that was saved as JSON, read back. Whoever had the file may have changed it, so its texts are masked and
//! neutralised like any other input; words of later releases are read as the nearest of today.

use super::report::{Basis, Confidence, Origin, Outcome, Range, Role, Safety, Severity};
use crate::text::{Position, Shown, Span};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A type that is one of a few words.
pub(super) trait Word: Sized {
    /// The word; what comes nearest for one that only a later release knows.
    fn read(word: &str) -> Self;
}

impl Word for Severity {
    fn read(word: &str) -> Self {
        // What is worse than an error is one at least.
        Severity::from_name(word).unwrap_or(Severity::Error)
    }
}

impl Word for Basis {
    fn read(word: &str) -> Self {
        Basis::from_name(word).unwrap_or(Basis::Custom)
    }
}

impl Word for Confidence {
    fn read(word: &str) -> Self {
        match word {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            _ => Confidence::Low,
        }
    }
}

impl Word for Origin {
    fn read(word: &str) -> Self {
        match word {
            "set" => Origin::Set,
            "initial" => Origin::Initial,
            "default" => Origin::Default,
            "declared" => Origin::Declared,
            _ => Origin::Derived,
        }
    }
}

impl Word for Role {
    fn read(word: &str) -> Self {
        match word {
            "primary" => Role::Primary,
            "cause" => Role::Cause,
            "when" => Role::When,
            _ => Role::Related,
        }
    }
}

impl Word for Safety {
    fn read(word: &str) -> Self {
        if word == "safe" { Safety::Safe } else { Safety::Unsafe }
    }
}

impl Word for Outcome {
    fn read(word: &str) -> Self {
        match word {
            "pass" => Outcome::Pass,
            "fail" => Outcome::Fail,
            "not-applicable" => Outcome::NotApplicable,
            _ => Outcome::Unknown,
        }
    }
}

/// One of a few words.
pub(super) fn word<'de, D: Deserializer<'de>, T: Word>(from: D) -> Result<T, D::Error> {
    String::deserialize(from).map(|word| T::read(&word))
}

/// One of a few words, or nothing.
pub(super) fn word_or_none<'de, D: Deserializer<'de>, T: Word>(from: D) -> Result<Option<T>, D::Error> {
    Option::<String>::deserialize(from).map(|word| word.map(|word| T::read(&word)))
}

/// A number, a date, a hash: as it is if it looks like one, since a long one would be taken for a secret.
pub(super) fn plain<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    Ok(if is_plain(&text) { text } else { Shown::saved(&text).to_string() })
}

/// A list of such.
pub(super) fn plain_list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<String>::deserialize(from)?;
    let one = |text: String| if is_plain(&text) { text } else { Shown::saved(&text).to_string() };
    Ok(list.into_iter().map(one).collect())
}

fn is_plain(text: &str) -> bool {
    let hexadecimal = matches!(text.len(), 16 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    hexadecimal || (text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')))
}

/// A literal, its texts masked.
pub(super) fn value<'de, D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
    Value::deserialize(from).map(masked)
}

fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(Shown::saved(&text).to_string()),
        Value::Array(list) => Value::Array(list.into_iter().map(masked).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(k, v)| (Shown::saved(&k).to_string(), masked(v))).collect())
        }
        other => other,
    }
}

/// Labels of an error, which are objects in JSON.
pub(super) fn labels<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(Range, Shown)>, D::Error> {
    #[derive(Deserialize)]
    struct Label {
        span: Range,
        text: Shown,
    }
    Ok(Vec::<Label>::deserialize(from)?.into_iter().map(|label| (label.span, label.text)).collect())
}

/// A range as JSON has it.
#[derive(Deserialize)]
pub(super) struct Ends {
    start: Position,
    end: Position,
}

impl From<Ends> for Range {
    /// Lines and columns count from 1, and nothing ends before it begins, whatever the file says.
    fn from(Ends { mut start, mut end }: Ends) -> Self {
        for position in [&mut start, &mut end] {
            position.line = position.line.max(1);
            position.column = position.column.max(1);
        }
        if (end.line, end.column) < (start.line, start.column) || end.offset < start.offset {
            end = start;
        }
        Self { start, end, bytes: Span::new(start.offset as usize, end.offset as usize) }
    }
}
