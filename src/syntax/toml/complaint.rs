//! What keeps TOML from being read.

use super::super::{Limits, SyntaxError};
use crate::text::Span;
use toml_parser::{Expected, ParseError};

/// The parser's errors in the order of the text, without those that only follow from another: one unclosed
/// bracket makes an error of each line below it.
pub(super) fn explain(errors: &[ParseError], text: &str, limits: &Limits) -> Vec<SyntaxError> {
    let mut found: Vec<SyntaxError> = errors.iter().map(|error| one(error, text, limits)).collect();
    found.sort_by_key(|error| error.span);
    let mut last: Option<Span> = None;
    let mut unclosed = false;
    found.retain(|error| {
        let inside = error.message.contains("array elements") || error.message.contains("key-value pairs");
        let follows = last.is_some_and(|last| neighbours(last, error.span, text)) || inside && unclosed;
        unclosed |= inside;
        last = Some(error.span);
        !follows
    });
    found
}

/// Are the two on one line, or on lines that follow each other?
fn neighbours(first: Span, second: Span, text: &str) -> bool {
    let between = text.get(first.start as usize..(second.start as usize).min(text.len())).unwrap_or_default();
    between.bytes().filter(|&byte| byte == b'\n').count() <= 1
}

fn one(error: &ParseError, text: &str, limits: &Limits) -> SyntaxError {
    let place = error.unexpected().or(error.context());
    let span = place.map_or(Span::default(), |place| Span::new(place.start(), place.end()));
    // Where something is missing the place is empty: then the character before it is shown.
    let nothing = span.is_empty();
    let span = if nothing { before(span.start as usize, text) } else { span };
    let description = match error.description() {
        "string values must be quoted" if nothing => "missing value",
        description => description,
    };
    if description.contains("recurs") {
        return limits.too_deep(span);
    }
    let mut message = description.to_owned();
    // A single sign that is missing is worth naming; a list of what could stand there is not.
    if let Some([Expected::Literal(sign)]) = error.expected()
        && sign.bytes().all(|byte| byte.is_ascii_punctuation())
    {
        message += ": `";
        message += sign;
        message += "` is missing";
    }
    SyntaxError { span, message, help: help(description).map(str::to_owned) }
}

fn before(at: usize, text: &str) -> Span {
    let at = text.floor_char_boundary(at);
    let last = |text: &str| text.chars().next_back().filter(|&c| c != '\n' && c != '\r').map(char::len_utf8);
    match text.get(..at).and_then(last) {
        Some(length) => Span::new(at - length, at),
        None => Span::new(at, at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)),
    }
}

fn help(description: &str) -> Option<&'static str> {
    Some(match description {
        "string values must be quoted" | "invalid value" => "put text between `\"` and `\"`",
        "missing value for key" | "missing value" | "key with no value" => "write `key = value`",
        "missing assignment between key-value pairs" => "write `key = value`; a name with blanks or dots needs quotes",
        "unclosed array" | "unclosed inline table" | "unclosed table" | "unclosed array table" => "close the bracket",
        "missing comma between array elements" | "missing comma between key-value pairs" => "put a comma between them",
        "unexpected leading zero" => "TOML numbers have no leading zero; an octal number is `0o…`",
        "missing escaped value" => "double the backslash, or use single quotes",
        "invalid basic string" | "invalid literal string" => "close the quote",
        "unexpected key or value" => "begin a new line",
        _ => return None,
    })
}
