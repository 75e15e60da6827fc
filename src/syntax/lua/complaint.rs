//! What keeps Lua from being read.

use super::super::SyntaxError;
use super::lexer::{Kind, Token};
use crate::text::Span;

/// An error in our words.
pub(super) fn error(span: Span, message: &str, help: Option<&str>) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), help: help.map(str::to_owned) }
}

/// A token where something else was wanted; `wanted` says what, as in "a value".
pub(super) fn unexpected(token: Token, wanted: &str, text: &str) -> SyntaxError {
    match token.kind {
        Kind::End => error(last(text), &format!("the file ends where {wanted} was expected"), None),
        Kind::Word("=") => error(token.span, "an `=` too many", Some("a comparison is written `==`")),
        _ => error(token.span, &format!("{wanted} was expected here"), None),
    }
}

/// What opens a bracket or a block that nothing closes.
pub(super) fn unclosed(opening: Token, closing: &str) -> SyntaxError {
    let what = match opening.kind {
        Kind::Word(word @ ("{" | "(" | "[")) => format!("a bracket (`{word}`) that is never closed"),
        Kind::Word(word) => format!("a `{word}` that is never closed"),
        _ => "a block that is never closed".to_owned(),
    };
    error(opening.span, &what, Some(&format!("close it with `{closing}`")))
}

/// The last character of a text, so that there is something to point at.
fn last(text: &str) -> Span {
    let kept = text.trim_end().len();
    let length = text.get(..kept).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
    Span::new(kept - length, kept)
}
