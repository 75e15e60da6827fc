//! How plain scalars resolve.

use crate::syntax::{Format, Style};

/// A rule book for plain scalars.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// PyYAML's: `yes`, `off`, octal, sexagesimal, `1_000`.
    Yaml11,
    /// The core schema.
    Yaml12,
    /// JSON and TOML, whose scalars carry their type.
    Typed,
    /// Variables: everything is text.
    Env,
    /// Lua: scalars carry their type; a name without a value is `nil`.
    Lua,
}

impl Dialect {
    /// The names of all dialects.
    pub const NAMES: [&'static str; 6] = ["yaml-1.1", "yaml-1.2", "json", "toml", "env", "lua"];

    /// The dialect of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "yaml-1.1" => Some(Dialect::Yaml11),
            "yaml-1.2" => Some(Dialect::Yaml12),
            "json" | "toml" => Some(Dialect::Typed),
            "env" => Some(Dialect::Env),
            "lua" => Some(Dialect::Lua),
            _ => None,
        }
    }

    /// The dialect of a format, where a document names none.
    pub fn of_format(format: Format) -> Self {
        match format {
            Format::Yaml => Dialect::Yaml12,
            Format::Json | Format::Toml => Dialect::Typed,
            Format::Env => Dialect::Env,
            Format::Lua => Dialect::Lua,
        }
    }

    /// Is every scalar a text, so that codecs read their words from texts?
    pub fn text_only(self) -> bool {
        self == Dialect::Env
    }
}

/// What a scalar is before any codec.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Native {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(f64),
    /// Another number.
    Float(f64),
    /// A date or time.
    Date,
    /// A text.
    Text,
}

/// Resolves a scalar.
pub fn native(text: &str, style: Style, dialect: Dialect) -> Native {
    if dialect.text_only() {
        return Native::Text;
    }
    match style {
        Style::SingleQuoted | Style::DoubleQuoted | Style::Block => Native::Text,
        Style::Null => Native::Null,
        Style::Bool => Native::Bool(text == "true"),
        Style::Date => Native::Date,
        Style::Number => typed_number(text),
        Style::Plain => match dialect {
            Dialect::Yaml11 => yaml11(text),
            Dialect::Lua => Native::Null,
            Dialect::Yaml12 | Dialect::Typed | Dialect::Env => yaml12(text),
        },
    }
}

fn typed_number(text: &str) -> Native {
    let plain = text.replace('_', "");
    let radix = |prefix: &str, base| {
        plain.strip_prefix(prefix).and_then(|d| u64::from_str_radix(d, base).ok()).map(|n| Native::Integer(n as f64))
    };
    radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).unwrap_or_else(|| {
        let whole = plain.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit());
        match plain.parse() {
            Ok(n) if whole => Native::Integer(n),
            Ok(n) => Native::Float(n),
            Err(_) => Native::Text,
        }
    })
}

fn null_or_bool(text: &str, words: &[(&[&str], bool)]) -> Option<Native> {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Some(Native::Null);
    }
    words.iter().find(|(list, _)| list.contains(&text)).map(|(_, b)| Native::Bool(*b))
}

fn yaml11(text: &str) -> Native {
    const YES: &[&str] = &["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
    const NO: &[&str] = &["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
    if let Some(word) = null_or_bool(text, &[(YES, true), (NO, false)]) {
        return word;
    }
    let Some(first) = text.bytes().next() else { return Native::Null };
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-' | b'.') {
        return Native::Text;
    }
    yaml11_number(text).unwrap_or_else(|| if is_date(text) { Native::Date } else { Native::Text })
}

/// PyYAML's implicit resolvers for int and float.
fn yaml11_number(text: &str) -> Option<Native> {
    let (negative, body) = match text.split_at_checked(1) {
        Some(("-", rest)) => (true, rest),
        Some(("+", rest)) => (false, rest),
        _ => (false, text),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    let integer = |digits: &str, base: u32| {
        let plain = digits.replace('_', "");
        u64::from_str_radix(&plain, base).ok().map(|n| Native::Integer(sign * n as f64))
    };
    if let Some(hex) = body.strip_prefix("0x") {
        return integer(hex, 16);
    }
    if let Some(binary) = body.strip_prefix("0b") {
        return integer(binary, 2);
    }
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return Some(Native::Float(sign * f64::INFINITY));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Native::Float(f64::NAN));
    }
    if body.contains(':') {
        return sexagesimal(body)
            .map(|n| if body.contains('.') { Native::Float(sign * n) } else { Native::Integer(sign * n) });
    }
    let starts_with_digit = body.starts_with(|c: char| c.is_ascii_digit());
    if starts_with_digit && body.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        if body.len() > 1 && body.starts_with('0') {
            // A leading zero is octal; `08` is neither octal nor decimal, so it is a text.
            return integer(body, 8);
        }
        return integer(body, 10);
    }
    // A float needs a dot; an exponent needs a sign (`1e3` is a text to PyYAML).
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.')?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let exponent_ok = exponent.is_none_or(|e| {
        e.strip_prefix(['+', '-']).is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    });
    if !digits(whole)
        || !digits(fraction)
        || !exponent_ok
        || (whole.is_empty() && fraction.is_empty())
        || whole.starts_with('_')
    {
        return None;
    }
    body.replace('_', "").parse::<f64>().ok().map(|n| Native::Float(sign * n))
}

fn sexagesimal(body: &str) -> Option<f64> {
    let mut total = 0.0;
    for (n, part) in body.split(':').enumerate() {
        let plain = part.replace('_', "");
        let whole = plain.split('.').next().unwrap_or_default();
        if whole.is_empty() || !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let value: f64 = plain.parse().ok()?;
        if n > 0 && (value >= 60.0 || whole.len() > 2) {
            return None;
        }
        total = total * 60.0 + value;
    }
    Some(total)
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |t: Option<&str>, least, most| {
        t.is_some_and(|t| (least..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next(), 4, 4) && digits(parts.next(), 1, 2) && {
        let rest = parts.next().unwrap_or_default();
        let day = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        (1..=2).contains(&day) && rest.get(day..).is_some_and(|t| t.is_empty() || t.starts_with(['T', 't', ' ', '\t']))
    }
}

fn yaml12(text: &str) -> Native {
    if let Some(word) = null_or_bool(text, &[(&["true", "True", "TRUE"], true), (&["false", "False", "FALSE"], false)])
    {
        return word;
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Native::Text;
    }
    if text.bytes().any(|b| b == b'_') {
        return Native::Text;
    }
    typed_number(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_11() {
        let read = |t| native(t, Style::Plain, Dialect::Yaml11);
        assert_eq!(read("yes"), Native::Bool(true));
        assert_eq!(read("OFF"), Native::Bool(false));
        assert_eq!(read("y"), Native::Text);
        assert_eq!(read("010"), Native::Integer(8.0));
        assert_eq!(read("08"), Native::Text);
        assert_eq!(read("0x10"), Native::Integer(16.0));
        assert_eq!(read("1:30"), Native::Integer(90.0));
        assert_eq!(read("1_000"), Native::Integer(1000.0));
        assert_eq!(read("1e3"), Native::Text);
        assert_eq!(read("1.5"), Native::Float(1.5));
        assert_eq!(read("-1"), Native::Integer(-1.0));
        assert_eq!(read(""), Native::Null);
        assert_eq!(read("~"), Native::Null);
        assert_eq!(read("2001-12-14"), Native::Date);
        assert_eq!(read("28d"), Native::Text);
        assert_eq!(native("yes", Style::DoubleQuoted, Dialect::Yaml11), Native::Text);
    }

    #[test]
    fn lua() {
        assert_eq!(native("never", Style::Plain, Dialect::Lua), Native::Null);
        assert_eq!(native("never", Style::DoubleQuoted, Dialect::Lua), Native::Text);
        assert_eq!(native("1", Style::Number, Dialect::Lua), Native::Integer(1.0));
    }

    #[test]
    fn yaml_12() {
        let read = |t| native(t, Style::Plain, Dialect::Yaml12);
        assert_eq!(read("yes"), Native::Text);
        assert_eq!(read("1e3"), Native::Float(1000.0));
        assert_eq!(read("0o17"), Native::Integer(15.0));
        assert_eq!(read("010"), Native::Integer(10.0));
    }
}
