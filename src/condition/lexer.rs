//! The tokens of a condition.

use super::ConditionError;
use crate::text::Span;

/// A token's kind.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Name(String),
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

/// Longest first.
const SIGNS: [&str; 21] =
    ["&&", "||", "==", "!=", "<=", ">=", "!", "<", ">", "(", ")", "[", "]", ",", ".", "?", ":", "+", "-", "{", "}"];

/// Splits a condition into tokens with their spans; the last one is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, ConditionError> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = match c {
            '0'..='9' => number(rest, at)?,
            '\'' | '"' => quoted(rest, c, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Token::Name(rest.get(..end).unwrap_or_default().to_owned()), end)
            }
            _ => match SIGNS.iter().find(|s| rest.starts_with(**s)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    return Err(ConditionError::new(
                        Span::new(at, at + c.len_utf8()),
                        "this character has no meaning in a condition",
                    ));
                }
            },
        };
        out.push((token, Span::new(at, at + length)));
        at += length;
    }
    out.push((Token::End, Span::new(text.len(), text.len())));
    Ok(out)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ConditionError> {
    let whole = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let mut end = whole;
    let tail = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = tail.strip_prefix('.') {
        let digits = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        if digits > 0 {
            end = whole + 1 + digits;
        }
    }
    match rest.get(..end).and_then(|t| t.parse().ok()) {
        Some(n) => Ok((Token::Number(n), end)),
        None => Err(ConditionError::new(Span::new(at, at + end), "this is no number")),
    }
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), ConditionError> {
    let body = rest.get(1..).unwrap_or_default();
    // A text ends on its line, as in CEL.
    let Some(end) = body.find([quote, '\n', '\r']).filter(|end| body.get(*end..).is_some_and(|t| t.starts_with(quote)))
    else {
        return Err(ConditionError::new(Span::new(at, at + rest.len()), "this text has no closing quote"));
    };
    let text = body.get(..end).unwrap_or_default();
    if let Some(slash) = text.find('\\') {
        return Err(ConditionError::new(
            Span::new(at + 1 + slash, at + 2 + slash),
            "a backslash has no meaning in a text here",
        ));
    }
    Ok((Token::Text(text.to_owned()), end + 2))
}
