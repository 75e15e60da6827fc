//! Literals: texts with escapes, numbers, and what constants come to.

use super::super::SyntaxError;
use super::complaint::error;
use crate::text::Span;

/// A number, whole or not, as the language tells them apart.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) enum Number {
    /// A whole one; it wraps around.
    Whole(i64),
    /// Any other.
    Float(f64),
}

impl Number {
    /// A number as it is written: decimal or hexadecimal, with a fraction or an exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, body) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text),
        };
        if let Some(hex) = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
            return hexadecimal(hex).map(|number| if sign < 0.0 { number.negated() } else { number });
        }
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
        if !body.chars().all(plain) || !body.contains(|c: char| c.is_ascii_digit()) || body.starts_with(['+', '-']) {
            return None;
        }
        match body.parse::<i64>() {
            Ok(whole) => Some(if sign < 0.0 { Number::Whole(-whole) } else { Number::Whole(whole) }),
            Err(_) => body.parse().ok().map(|float: f64| Number::Float(sign * float)),
        }
    }

    /// As a text; `None` if it is none that a file could hold. A whole value is written without a fraction.
    pub fn text(self) -> Option<String> {
        match self {
            Number::Whole(whole) => Some(whole.to_string()),
            Number::Float(float) if !float.is_finite() => None,
            Number::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => Some(format!("{float:.0}")),
            Number::Float(float) => Some(float.to_string()),
        }
    }

    /// As a number with a fraction.
    pub fn float(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Float(float) => float,
        }
    }

    /// With the other sign.
    pub fn negated(self) -> Self {
        match self {
            Number::Whole(whole) => Number::Whole(whole.wrapping_neg()),
            Number::Float(float) => Number::Float(-float),
        }
    }

    /// What an arithmetic sign makes of two numbers; `None` for a division of whole numbers by zero, and for signs
    /// that work on bits.
    pub fn apply(self, sign: &str, other: Self) -> Option<Self> {
        if let (Number::Whole(a), Number::Whole(b)) = (self, other) {
            match sign {
                "+" => return Some(Number::Whole(a.wrapping_add(b))),
                "-" => return Some(Number::Whole(a.wrapping_sub(b))),
                "*" => return Some(Number::Whole(a.wrapping_mul(b))),
                "//" => return floor_division(a, b).map(Number::Whole),
                "%" => return floor_division(a, b).map(|d| Number::Whole(a.wrapping_sub(d.wrapping_mul(b)))),
                _ => {}
            }
        }
        let (a, b) = (self.float(), other.float());
        let float = match sign {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "^" => a.powf(b),
            "//" => (a / b).floor(),
            "%" => a - (a / b).floor() * b,
            _ => return None,
        };
        Some(Number::Float(float))
    }
}

fn floor_division(a: i64, b: i64) -> Option<i64> {
    let down = a.checked_rem(b).is_some_and(|rest| rest != 0) && (a < 0) != (b < 0);
    (b != 0).then(|| a.wrapping_div(b).wrapping_sub(i64::from(down)))
}

fn hexadecimal(text: &str) -> Option<Number> {
    let (mantissa, exponent) = match text.split_once(['p', 'P']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.parse::<i32>().ok()?)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
        return None;
    }
    if exponent.is_none() && !mantissa.contains('.') {
        return Some(Number::Whole(digits_of(whole).fold(0i64, |n, d| n.wrapping_mul(16).wrapping_add(i64::from(d)))));
    }
    let number = digits_of(whole).chain(digits_of(fraction)).fold(0.0, |n, d| n * 16.0 + f64::from(d));
    let places = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    Some(Number::Float(number * 2f64.powi(exponent.unwrap_or(0).checked_sub(places)?)))
}

fn digits_of(text: &str) -> impl Iterator<Item = u32> {
    text.chars().filter_map(|c| c.to_digit(16))
}

/// The text between quotes or long brackets; `at` is the place of `written`, for errors.
pub(super) fn text(written: &str, at: usize) -> Result<String, SyntaxError> {
    match written.strip_prefix('[') {
        Some(rest) => Ok(long(rest)),
        None => quoted(written, at),
    }
}

/// A long bracket's text: a line break right after it is none, and every other is `\n`.
fn long(rest: &str) -> String {
    let level = rest.bytes().take_while(|&byte| byte == b'=').count();
    let inner = rest.get(level + 1..rest.len().saturating_sub(level + 2)).unwrap_or_default();
    let inner = inner.replace("\r\n", "\n").replace('\r', "\n");
    inner.strip_prefix('\n').map_or_else(|| inner.clone(), str::to_owned)
}

fn quoted(written: &str, at: usize) -> Result<String, SyntaxError> {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Ok(inner.to_owned());
    }
    let mut out: Vec<u8> = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(slash) = rest.find('\\') {
        out.extend(rest.get(..slash).unwrap_or_default().bytes());
        rest = rest.get(slash + 1..).unwrap_or_default();
        let begin = at + 1 + (inner.len() - rest.len()) - 1;
        let bad = |length: usize| {
            let span = Span::new(begin, begin + 1 + length);
            error(span, "an escape that Lua does not know", Some("double the backslash"))
        };
        let Some(first) = rest.chars().next() else { return Err(bad(0)) };
        let width = first.len_utf8();
        let taken = match first {
            'a' => push(&mut out, 7),
            'b' => push(&mut out, 8),
            'f' => push(&mut out, 12),
            'n' => push(&mut out, b'\n'),
            'r' => push(&mut out, b'\r'),
            't' => push(&mut out, b'\t'),
            'v' => push(&mut out, 11),
            '\\' | '"' | '\'' => push(&mut out, first as u8),
            '\n' | '\r' => {
                out.push(b'\n');
                if rest.starts_with("\r\n") || rest.starts_with("\n\r") { 2 } else { 1 }
            }
            'z' => {
                let after = rest.get(1..).unwrap_or_default();
                rest.len() - after.trim_start_matches(|c: char| c.is_ascii_whitespace()).len()
            }
            'x' => {
                let digits = rest.get(1..3).ok_or_else(|| bad(width))?;
                push(&mut out, u8::from_str_radix(digits, 16).map_err(|_| bad(width))?) + 2
            }
            '0'..='9' => {
                let length = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
                let digits = rest.get(..length).unwrap_or_default();
                push(&mut out, digits.parse().map_err(|_| bad(length))?) + length - 1
            }
            'u' => {
                let digits = rest.get(1..).and_then(|rest| rest.strip_prefix('{')?.split_once('}'));
                let (digits, _) = digits.ok_or_else(|| bad(width))?;
                let code = u32::from_str_radix(digits, 16).map_err(|_| bad(width))?;
                // What is no character (a lone surrogate) cannot stand in our text.
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend(c.encode_utf8(&mut [0; 4]).bytes());
                digits.len() + 3
            }
            _ => return Err(bad(width)),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.extend(rest.bytes());
    Ok(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn push(out: &mut Vec<u8>, byte: u8) -> usize {
    out.push(byte);
    1
}
