//! What keeps JSON from being read.

use super::super::SyntaxError;
use crate::text::Span;
use jsonc_parser::ParseStringErrorKind as InString;
use jsonc_parser::errors::{ParseError, ParseErrorKind as Kind};

/// An error in our words.
pub(super) fn error(span: Span, message: &str, help: Option<&str>) -> SyntaxError {
    SyntaxError { span, message: message.to_owned(), help: help.map(str::to_owned) }
}

/// The scanner's error.
pub(super) fn explain(found: &ParseError, text: &str) -> SyntaxError {
    let range = found.range();
    let span = Span::new(text.floor_char_boundary(range.start), text.ceil_char_boundary(range.end));
    let (message, help) = match found.kind() {
        Kind::String(InString::UnterminatedStringLiteral) => return unclosed(span, text),
        Kind::String(InString::InvalidUnicodeEscapeSequence(_)) => {
            ("an escape (`\\u…`) that is no character", Some("write both halves, or the character itself"))
        }
        Kind::String(_) => ("an escape that JSON does not know", Some("double the backslash")),
        Kind::SingleQuotedStringsNotAllowed => ("text in single quotes", Some("use double quotes")),
        Kind::UnterminatedCommentBlock => ("a comment (`/*`) that is never closed", Some("close it with `*/`")),
        Kind::HexadecimalNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed
        | Kind::BareDecimalPointNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            ("a number that JSON does not know", Some("write it with decimal digits, or quote it"))
        }
        _ if text.get(span.range()).is_some_and(|word| word.starts_with(char::is_alphanumeric)) => {
            ("text without quotes", Some("put text between `\"` and `\"`"))
        }
        _ => ("an unexpected character", Some("put text between `\"` and `\"`")),
    };
    error(span, message, help)
}

/// A string that is not closed on its line. Only its first line is shown.
pub(super) fn unclosed(span: Span, text: &str) -> SyntaxError {
    let written = text.get(span.range()).unwrap_or_default();
    let line = written.split(['\n', '\r']).next().unwrap_or_default();
    let span = Span::new(span.start as usize, span.start as usize + line.len());
    error(span, "a quote that is not closed on its line", Some("close it; a line break inside text is `\\n`"))
}
