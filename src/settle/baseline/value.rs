//! Has a value got worse since the baseline was written?

use crate::fact::{FactDef, SetValue, Type, Value, Vocabulary, Word, literal_of_text};
use serde_json::Value as Json;
use std::sync::Arc;

/// How a value of today stands to that of the baseline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Compared {
    /// The same, or better.
    NoWorse,
    /// Worse; what it was, in words.
    Worse(String),
    /// Another one, and nothing tells whether it is worse; what it was, in words.
    Other(String),
}

/// Compares by the fact's order. Without a fact, or without an order, another value is another value.
pub fn compare(now: &Json, then: &Json, fact: Option<&FactDef>, vocabulary: &Vocabulary) -> Compared {
    if now == then {
        return Compared::NoWorse;
    }
    let read = |json: &Json| fact.and_then(|f| literal_of_json(json, &f.ty, vocabulary));
    let before = read(then);
    let words = match (&before, then) {
        (Some(value), _) => value.words(),
        (None, Json::Null) => "not known".to_owned(),
        (None, Json::String(text)) => text.clone(),
        (None, other) => other.to_string(),
    };
    let worse = fact.zip(read(now)).zip(before).and_then(|((f, now), then)| f.worse(&now, &then, vocabulary));
    match worse {
        Some(true) => Compared::Worse(words),
        Some(false) => Compared::NoWorse,
        None => Compared::Other(words),
    }
}

/// A value of a type as JSON has it.
pub fn literal_of_json(json: &Json, ty: &Type, vocabulary: &Vocabulary) -> Option<Value> {
    let words = |json: &Json| -> Option<Vec<Word>> {
        json.as_array()?.iter().map(|word| word.as_str().map(Word::from)).collect()
    };
    match (json, ty) {
        (Json::Bool(b), Type::Bool) => Some(Value::Bool(*b)),
        (Json::Number(n), Type::Number) => n.as_f64().map(Value::Number),
        (Json::Array(_), Type::Set(_)) => Some(Value::Set(Arc::new(SetValue::of(words(json)?)))),
        (Json::Object(map), Type::Set(_)) => {
            let mut set = SetValue::of(words(map.get("at_least")?)?);
            set.may = map.get("possibly").and_then(words).unwrap_or_default();
            set.open = set.may.is_empty();
            Some(Value::Set(Arc::new(set)))
        }
        (Json::String(text), ty) => literal_of_text(text, ty, vocabulary).ok(),
        _ => None,
    }
}
