//! Literals of data files, by type.

use super::duration::Duration;
use super::table::{Item, nearest};
use super::value::{Level, SetValue, Type, Value, Version, Word};
use crate::syntax::{Kind, Style};
use std::sync::Arc;

/// The names of the vocabulary's audiences.
pub trait Audiences {
    /// Is this an audience?
    fn is_audience(&self, name: &str) -> bool;
    /// All of them, best guess of how far.
    fn audience_names(&self) -> Vec<&str>;
}

/// Reads a literal of a type from a data file; tells what is wrong and gives `None` otherwise.
pub fn literal(item: &Item<'_>, of: &Type, audiences: &dyn Audiences) -> Option<Value> {
    match of {
        Type::Bool => item.boolean().map(Value::Bool),
        Type::Number => match item.scalar() {
            Some((text, Style::Number | Style::Plain)) if text.parse::<f64>().is_ok() => {
                text.parse().ok().map(Value::Number)
            }
            _ => {
                item.problems.error(item.span(), "a number is needed here");
                None
            }
        },
        Type::Set(_) | Type::List(_) if !item.is_list() => {
            item.problems.error(item.span(), "a list is needed here");
            None
        }
        Type::Set(values) => {
            let mut set = SetValue::default();
            for member in item.list() {
                set.has.push(one_of(&member, values.as_ref())?);
            }
            Some(Value::Set(Arc::new(SetValue::of(set.has))))
        }
        Type::List(of) => {
            let mut list = Vec::new();
            for member in item.list() {
                list.push(super::Reading::known_value(literal(&member, of, audiences)?));
            }
            Some(Value::List(list.into()))
        }
        Type::Record(_) | Type::Open => {
            item.problems.error(item.span(), "no literal of this type can be written");
            None
        }
        Type::Text => item.text().map(|t| Value::Word(Word::from(t))),
        Type::Version | Type::Duration | Type::Audience | Type::Level(_) => {
            let text = item.text()?;
            match literal_of_text(text, of, audiences) {
                Ok(value) => Some(value),
                Err((message, help)) => {
                    item.problems.error_with(item.span(), message, help);
                    None
                }
            }
        }
    }
}

fn one_of(item: &Item<'_>, values: Option<&Arc<Level>>) -> Option<Word> {
    let text = item.text()?;
    let Some(level) = values else { return Some(Word::from(text)) };
    match level.values.iter().find(|v| ***v == *text) {
        Some(word) => Some(Word::clone(word)),
        None => {
            item.problems.unknown_word(item.span(), "value here", text, level.values.iter().map(|v| &**v));
            None
        }
    }
}

/// Reads a literal of a type from its text. The error is a message and advice.
pub fn literal_of_text(text: &str, of: &Type, audiences: &dyn Audiences) -> Result<Value, (String, Option<String>)> {
    let listed = |words: Vec<&str>| match nearest(text, words.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => Some(format!("one of {}", words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "))),
    };
    match of {
        Type::Text | Type::Open => Ok(Value::Word(Word::from(text))),
        Type::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err((format!("`{text}` is neither true nor false"), None)),
        },
        Type::Number => text.parse().map(Value::Number).map_err(|_| (format!("`{text}` is no number"), None)),
        Type::Version => Version::parse(text)
            .map(|v| Value::Version(Arc::new(v)))
            .ok_or_else(|| (format!("`{text}` is no version"), None)),
        Type::Duration => Duration::parse(text).map(Value::Duration).ok_or_else(|| {
            (
                format!("`{text}` is no duration"),
                Some(format!("a number with a unit (`30d`, `12 hours`), or one of {}", Duration::WORDS.join(", "))),
            )
        }),
        Type::Audience if audiences.is_audience(text) => Ok(Value::Word(Word::from(text))),
        Type::Audience => Err((format!("`{text}` is no audience"), listed(audiences.audience_names()))),
        Type::Level(level) => match level.values.iter().find(|v| ***v == *text) {
            Some(word) => Ok(Value::Word(Word::clone(word))),
            None => Err((format!("`{text}` is not a value here"), listed(level.values.iter().map(|v| &**v).collect()))),
        },
        Type::Set(_) | Type::List(_) | Type::Record(_) => {
            Err((format!("`{text}` is a text, where {} is needed", of.name()), None))
        }
    }
}

/// Does a table look like a case: has it one of the keys that only cases have?
pub fn is_case(kind: &Kind) -> bool {
    const KEYS: [&str; 6] = ["when", "value", "from", "add", "unknown", "not_applicable"];
    matches!(kind, Kind::Map(entries) if entries.iter().any(|e| KEYS.contains(&&*e.key)))
}
