//! Expressions, and what is known of them.

use super::super::SyntaxError;
use super::super::template;
use super::super::tree::Style;
use super::complaint::{error, unexpected};
use super::lexer::{Kind, Token};
use super::literal::{self, Number};
use super::parser::Parser;
use super::value::{Value, What, binary, unary};
use crate::text::Span;
use std::sync::Arc;

type Result<T> = std::result::Result<T, SyntaxError>;

/// Signs between two values, with how strongly they bind.
const SIGNS: [(&str, u8); 19] = [
    ("or", 1),
    ("and", 2),
    ("<", 3),
    (">", 3),
    ("<=", 3),
    (">=", 3),
    ("~=", 3),
    ("==", 3),
    ("|", 4),
    ("~", 5),
    ("&", 6),
    ("<<", 7),
    (">>", 7),
    ("..", 8),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("//", 10),
];
const REMAINDER: u8 = 10;
const UNARY: u8 = 11;
const POWER: u8 = 12;

impl Parser<'_> {
    /// Expressions with commas between them.
    pub(super) fn values(&mut self) -> Result<Vec<Value>> {
        let mut values = vec![self.value()?];
        while self.take(",") {
            values.push(self.value()?);
        }
        Ok(values)
    }

    /// An expression where a value is wanted. In a template several may follow each other, of which one is taken.
    pub(super) fn value(&mut self) -> Result<Value> {
        let value = self.expression()?;
        if !self.masked {
            return Ok(value);
        }
        let start = value.span.start as usize;
        let mut several = false;
        while self.begins_value() && self.tag_before_next() {
            self.expression()?;
            several = true;
        }
        Ok(if several { Value::open(Span::new(start, self.end())) } else { value })
    }

    /// Does a literal come next? (A name may begin the next statement.)
    pub(super) fn begins_value(&self) -> bool {
        let word = matches!(self.peek().kind, Kind::Word("true" | "false" | "nil" | "{"));
        let placeholder = self.is_placeholder(self.peek()) && self.ahead(1).kind == Kind::Word("=");
        word || matches!(self.peek().kind, Kind::Text | Kind::Number) && !placeholder
    }

    /// Does a template's tag stand between the last token and the next, or next to it?
    pub(super) fn tag_before_next(&self) -> bool {
        self.touched(Span::new(self.end().saturating_sub(1), self.peek().span.start as usize + 1))
    }

    /// An expression.
    pub(super) fn expression(&mut self) -> Result<Value> {
        self.operation(0)
    }

    /// Operations that bind more strongly than `limit`.
    fn operation(&mut self, limit: u8) -> Result<Value> {
        let first = self.peek();
        let start = first.span.start as usize;
        let mut left = match first.kind {
            Kind::Word(sign @ ("not" | "-" | "#" | "~")) => {
                self.at += 1;
                let value = self.deeper(first.span, |parser| parser.operation(UNARY))?;
                Value::new(unary(sign, &value.what), self.since(start))
            }
            _ => self.simple()?,
        };
        while let Kind::Word(sign) = self.peek().kind {
            let token = self.peek();
            let strength = match sign {
                "^" => POWER,
                "%" => REMAINDER,
                _ => match SIGNS.iter().find(|(known, _)| *known == sign) {
                    Some((_, strength)) => *strength,
                    None => break,
                },
            };
            if strength <= limit {
                break;
            }
            self.at += 1;
            left = match sign {
                ".." => self.concatenation(left, start, strength)?,
                "or" | "and" => {
                    let right = self.operation(strength)?;
                    self.choose(sign, left, right, start)
                }
                // To the right first: `2 ^ 3 ^ 4`.
                "^" => {
                    let right = self.deeper(token.span, |parser| parser.operation(POWER - 1))?;
                    Value::new(binary(sign, &left.what, &right.what), self.since(start))
                }
                _ => {
                    let right = self.operation(strength)?;
                    Value::new(binary(sign, &left.what, &right.what), self.since(start))
                }
            };
        }
        Ok(left)
    }

    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.end())
    }

    /// `a or b`, `a and b`: one of them as it is, if it is known which.
    fn choose(&self, sign: &str, left: Value, right: Value, start: usize) -> Value {
        let or = sign == "or";
        match left.what.truth() {
            Some(truth) if truth == or => left,
            Some(_) => right,
            None if or => Value::new(left.what.or(&right.what), self.since(start)),
            None => Value::new(left.what.and(&right.what), self.since(start)),
        }
    }

    /// `a .. b .. c`, in one go: one after the other would copy what is long again and again.
    fn concatenation(&mut self, first: Value, start: usize, strength: u8) -> Result<Value> {
        let mut parts = vec![first.what, self.operation(strength)?.what];
        while self.take("..") {
            parts.push(self.operation(strength)?.what);
        }
        let open = parts.iter().any(|part| !part.is_constant());
        let mut text = String::new();
        for part in &parts {
            match part.standing().and_then(What::spelling) {
                Some((part, _)) if !matches!(part.as_ref(), "true" | "false") && self.afford(part.len()) => {
                    text.push_str(&part);
                }
                _ => return Ok(Value::open(self.since(start))),
            }
        }
        let what = What::text(text);
        Ok(Value::new(if open { What::Open(Some(Box::new(what))) } else { what }, self.since(start)))
    }

    /// May so many bytes more be computed? Joining texts to themselves would make any number of them.
    pub(super) fn afford(&mut self, bytes: usize) -> bool {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    fn simple(&mut self) -> Result<Value> {
        let token = self.peek();
        let constant = match token.kind {
            Kind::Word("nil") => What::Nil,
            Kind::Word("true") => What::Bool(true),
            Kind::Word("false") => What::Bool(false),
            Kind::Word("...") => What::Open(None),
            Kind::Number => self.number(token)?,
            Kind::Text => return self.text_value(),
            Kind::Variable => What::Open(
                template::variable(self.key(token))
                    .and_then(|hole| hole.default)
                    .map(|text| Box::new(Number::parse(&text).map_or_else(|| What::text(&*text), What::Number))),
            ),
            Kind::Word("{") => return self.deeper(token.span, Self::table),
            Kind::Word("function") => {
                self.at += 1;
                self.deeper(token.span, |parser| parser.function_body(token))?;
                return Ok(Value::open(self.since(token.span.start as usize)));
            }
            Kind::Name | Kind::Word("(") => {
                let place = self.place()?;
                return Ok(self.ask(place));
            }
            _ => return Err(unexpected(token, "a value", self.text)),
        };
        self.at += 1;
        Ok(Value::new(constant, token.span))
    }

    fn number(&self, token: Token) -> Result<What> {
        let number = Number::parse(self.read(token)).filter(|number| number.text().is_some());
        let help = Some("write it with decimal digits, or put text between `\"` and `\"`");
        number.map(What::Number).ok_or_else(|| error(token.span, "a number that Lua does not know", help))
    }

    /// Text, and the tags right beside it that a template makes one with it.
    pub(super) fn text_value(&mut self) -> Result<Value> {
        let token = self.next();
        let mut span = token.span;
        let mut open = self.touched(span);
        while self.masked
            && matches!(self.peek().kind, Kind::Text | Kind::Number | Kind::Name)
            && self.peek().span.start == span.end
            && (self.touched(self.peek().span) || open)
        {
            span.end = self.next().span.end;
            open = true;
        }
        if open {
            let written = self.text.get(span.range()).unwrap_or_default();
            let inner =
                written.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\''])).unwrap_or(written);
            let standing = template::default_of(inner).map(|text| {
                let typed = inner.len() == written.len();
                Box::new(match Number::parse(&text) {
                    Some(number) if typed => What::Number(number),
                    _ if typed && matches!(&*text, "true" | "false") => What::Bool(&*text == "true"),
                    _ => What::text(&*text),
                })
            });
            return Ok(Value::new(What::Open(standing), span));
        }
        let written = self.read(token);
        let style = match written.as_bytes().first() {
            Some(b'\'') => Style::SingleQuoted,
            Some(b'"') => Style::DoubleQuoted,
            _ => Style::Block,
        };
        let text = literal::text(written, token.span.start as usize)?;
        Ok(Value::new(What::Text(Arc::from(text), style), span))
    }
}
