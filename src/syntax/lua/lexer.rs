//! From text to tokens.

use super::super::SyntaxError;
use super::complaint::error;
use crate::text::Span;

/// A token with its place.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub span: Span,
}

/// What a token is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name that is no keyword.
    Name,
    /// A text between `'…'`, `"…"` or long brackets.
    Text,
    /// A number.
    Number,
    /// A placeholder for a shell to fill in, outside of quotes: `$NAME`, `${NAME}`. No Lua, but files have it.
    Variable,
    /// A keyword or sign, as it is written.
    Word(&'static str),
    /// The end of the text.
    End,
}

const KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// Longer ones first, so that the first that fits is the right one.
const SIGNS: [&str; 33] = [
    "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", "..", "+", "-", "*", "/", "%", "^", "#", "&", "~", "|", "<",
    ">", "=", "(", ")", "{", "}", "[", "]", ";", ":", ",", ".",
];

/// The tokens of a text, its comments, and what kept it from being read to its end.
pub(super) struct Lexed {
    /// Tokens; the last one is the end.
    pub tokens: Vec<Token>,
    /// Comments in file order.
    pub comments: Vec<Span>,
    /// The error that ended it.
    pub error: Option<SyntaxError>,
}

/// Takes a text apart.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { text, at: 0, comments: Vec::new() };
    let mut tokens = Vec::with_capacity(text.len() / 8);
    // A first line that names an interpreter.
    if text.starts_with('#') {
        let end = lexer.line_end(0);
        lexer.comments.push(Span::new(0, end));
        lexer.at = end;
    }
    let error = loop {
        match lexer.next() {
            Ok(token) => {
                tokens.push(token);
                if token.kind == Kind::End {
                    break None;
                }
            }
            Err(error) => {
                let at = error.span.start as usize;
                tokens.push(Token { kind: Kind::End, span: Span::new(at, at) });
                break Some(error);
            }
        }
    };
    Lexed { tokens, comments: lexer.comments, error }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    comments: Vec<Span>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.find(['\n', '\r']).map_or(self.text.len(), |found| from + found)
    }

    fn next(&mut self) -> Result<Token, SyntaxError> {
        self.skip()?;
        let start = self.at;
        let Some(byte) = self.byte(0) else {
            return Ok(Token { kind: Kind::End, span: Span::new(start, start) });
        };
        let kind = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => self.name(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_some_and(|next| next.is_ascii_digit()) => self.number(),
            b'"' | b'\'' => self.quoted(byte)?,
            b'[' if self.long_bracket(self.at).is_some() => {
                self.at = self.long(self.at, "a text (`[[`) that is never closed", "close it with `]]`")?;
                Kind::Text
            }
            b'$' => self.variable().ok_or_else(|| self.stranger())?,
            _ => {
                let sign = SIGNS.iter().find(|sign| self.rest().starts_with(**sign));
                let sign = *sign.ok_or_else(|| self.stranger())?;
                self.at += sign.len();
                Kind::Word(sign)
            }
        };
        Ok(Token { kind, span: Span::new(start, self.at) })
    }

    /// Passes over blanks and comments.
    fn skip(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'-') if self.byte(1) == Some(b'-') => {
                    let start = self.at;
                    self.at = match self.long_bracket(start + 2) {
                        Some(_) => self
                            .long(start + 2, "a comment (`--[[`) that is never closed", "close it with `]]`")
                            .map_err(|error| SyntaxError { span: Span::new(start, start + 4), ..error })?,
                        None => self.line_end(start),
                    };
                    self.comments.push(Span::new(start, self.at));
                }
                _ => return Ok(()),
            }
        }
    }

    /// The level of the long bracket (`[[`, `[==[`) that opens at a byte.
    fn long_bracket(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?.strip_prefix('[')?;
        let level = rest.bytes().take_while(|&byte| byte == b'=').count();
        rest.get(level..)?.starts_with('[').then_some(level)
    }

    /// The end of what a long bracket opens.
    fn long(&self, at: usize, unclosed: &str, help: &str) -> Result<usize, SyntaxError> {
        let level = self.long_bracket(at).unwrap_or(0);
        let from = at + level + 2;
        let closing = format!("]{}]", "=".repeat(level));
        let found = self.text.get(from..).and_then(|rest| rest.find(&closing));
        let help = if level == 0 { help.to_owned() } else { format!("close it with `{closing}`") };
        found
            .map(|found| from + found + closing.len())
            .ok_or_else(|| SyntaxError { help: Some(help), ..error(Span::new(at, from), unclosed, None) })
    }

    fn name(&mut self) -> Kind {
        let length = self.rest().bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = self.rest().get(..length).unwrap_or_default();
        let kind = KEYWORDS.iter().find(|word| **word == name).map_or(Kind::Name, |word| Kind::Word(word));
        self.at += length;
        kind
    }

    /// Takes all that a number may be made of; whether it is one is asked when it is read.
    fn number(&mut self) -> Kind {
        let hex = matches!((self.byte(0), self.byte(1)), (Some(b'0'), Some(b'x' | b'X')));
        let mut before = 0u8;
        while let Some(byte) = self.byte(0) {
            let exponent = if hex { matches!(before, b'p' | b'P') } else { matches!(before, b'e' | b'E') };
            let more = byte.is_ascii_alphanumeric() || byte == b'_' || exponent && matches!(byte, b'+' | b'-');
            // `1..2` joins two numbers.
            let dot = byte == b'.' && self.byte(1) != Some(b'.');
            if !more && !dot {
                break;
            }
            before = byte;
            self.at += 1;
        }
        Kind::Number
    }

    fn quoted(&mut self, quote: u8) -> Result<Kind, SyntaxError> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte(0) {
                Some(byte) if byte == quote => break,
                // `\z` passes over the blanks that follow, line breaks among them.
                Some(b'\\') if self.byte(1) == Some(b'z') => {
                    self.at += 2;
                    while self.byte(0).is_some_and(|byte| byte.is_ascii_whitespace()) {
                        self.at += 1;
                    }
                }
                Some(b'\\') if self.byte(1) == Some(b'\r') && self.byte(2) == Some(b'\n') => self.at += 3,
                Some(b'\\') if self.byte(1).is_some() => self.at += 2,
                None | Some(b'\n' | b'\r' | b'\\') => {
                    let line = Span::new(start, self.line_end(start));
                    let help = Some("close it; a line break inside text is `\\n`");
                    return Err(error(line, "a quote that is not closed on its line", help));
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(Kind::Text)
    }

    fn variable(&mut self) -> Option<Kind> {
        let rest = self.rest().get(1..)?;
        let length = match rest.strip_prefix('{') {
            Some(inner) => inner.find(['}', '\n'])? + 2,
            None => rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count(),
        };
        let closed = !rest.starts_with('{') || rest.get(..length).is_some_and(|text| text.ends_with('}'));
        (length > 0 && closed).then(|| {
            self.at += 1 + length;
            Kind::Variable
        })
    }

    /// The error of a character that begins nothing.
    fn stranger(&self) -> SyntaxError {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        let help = Some("put text between `\"` and `\"`; a comment begins with `--`");
        error(Span::new(self.at, self.at + length), "an unexpected character", help)
    }
}
