//! Messages with expressions in them.

use crate::condition::{Expr, Names, check, parse};
use crate::fact::Item;
use crate::text::Span;

/// A part of a message.
#[derive(Clone, Debug)]
pub enum Part {
    /// Words.
    Text(String),
    /// A value.
    Value(Expr),
    /// A field of an event: `setting`, `text`, `value`, `because`.
    Field(String),
}

/// A message.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Its parts.
    pub parts: Vec<Part>,
}

/// What an event's message may use.
pub const FIELDS: [&str; 4] = ["setting", "text", "value", "because"];

impl Template {
    /// Reads a message; `names: None` for events, whose fields are fixed. Tells what is wrong at its place.
    pub fn read(item: &Item<'_>, names: Option<&dyn Names>) -> Self {
        let Some(text) = item.text() else { return Self::default() };
        let mut parts = Vec::new();
        let mut rest = text;
        let mut at = 0;
        while let Some(open) = rest.find('{') {
            let (before, inner) = rest.split_at_checked(open).unwrap_or((rest, ""));
            let Some(close) = inner.find('}') else { break };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let expression = inner.get(1..close).unwrap_or_default();
            let start = at + open + 1;
            match names {
                None if FIELDS.contains(&expression) => parts.push(Part::Field(expression.to_owned())),
                None => item.problems.unknown_word(item.span(), "field of an event", expression, FIELDS),
                Some(names) => match parse(expression).and_then(|syntax| check(&syntax, names, None)) {
                    Ok(expr) => parts.push(Part::Value(expr)),
                    Err(e) => {
                        let inner = Span::new(start + e.span.start as usize, start + e.span.end as usize);
                        let span = crate::platform::place_in_condition(item.problems.source(), item.span(), inner);
                        item.problems.error_with(span, e.message, e.help);
                    }
                },
            }
            at += open + close + 1;
            rest = inner.get(close + 1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Self { parts }
    }
}
