//! Periods as vendors write them: a number with a unit, several of them, words.

use super::codec::{Decoded, Periods};
use super::dialect::Native;
use crate::fact::{Duration, Value};

/// What numbers and units are worth.
pub(super) struct Units<'u> {
    /// Milliseconds of a number without unit; `None`: refused.
    pub bare: Option<u64>,
    /// The units and their milliseconds.
    pub units: &'u [(String, u64)],
    /// What is allowed beside.
    pub ways: Periods,
}

impl Units<'_> {
    /// Reads a number, or a text.
    pub fn read(&self, text: &str, native: Native) -> Decoded {
        let no_unit = || Decoded::Rejected("a unit is needed".into());
        match native {
            Native::Integer(n) => self.bare.map_or_else(no_unit, |size| made(n * size as f64, None)),
            Native::Float(n) if self.ways.fraction => {
                self.bare.map_or_else(no_unit, |size| made(n * size as f64, None))
            }
            Native::Float(_) => Decoded::Rejected("a period is a whole number".into()),
            Native::Text if self.ways.compound => self.several(text),
            Native::Text => self.one(text),
            _ => Decoded::Rejected("a period is needed".into()),
        }
    }

    fn one(&self, text: &str) -> Decoded {
        // The longest unit that the text ends in; what is left is the number.
        let fits = |(name, size): &(String, u64)| {
            let plural = self.ways.plural.then(|| text.strip_suffix('s')).flatten();
            let number = text.strip_suffix(name.as_str()).or_else(|| plural?.strip_suffix(name.as_str()))?;
            // What a unit leaves has to be a number, or another unit was meant.
            self.number(number).map(|n| (n, *size, name.len()))
        };
        if let Some((n, size, _)) = self.units.iter().filter_map(fits).max_by_key(|(.., len)| *len) {
            return made(n * size as f64, None);
        }
        match (self.number(text), self.bare) {
            (Some(n), Some(size)) => made(n * size as f64, None),
            (Some(_), None) => Decoded::Rejected("a unit is needed".into()),
            (None, _) if self.ways.stray => self.stray(text),
            (None, _) => self.rejected(),
        }
    }

    /// Digits at the start, and the first letter of what follows.
    fn stray(&self, text: &str) -> Decoded {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let Some(n) = self.number(number) else { return self.rejected() };
        let first = rest.trim_start().chars().next();
        let unit = self.units.iter().find(|(name, _)| first.is_some_and(|c| name.chars().eq([c])));
        match (unit, self.bare) {
            (Some((name, size)), _) => {
                made(n * *size as f64, Some(format!("of the unit only its first letter `{name}` is read")))
            }
            (None, Some(size)) => made(n * size as f64, Some("what stands behind the number is not read".to_owned())),
            (None, None) => self.rejected(),
        }
    }

    fn several(&self, text: &str) -> Decoded {
        let mut rest = text.trim();
        let (mut total, mut seen) = (0.0, false);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
            let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
            let (unit, next) = after.split_at_checked(letters).unwrap_or((after, ""));
            let singular = if self.ways.plural { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
            let size = self.units.iter().find(|(name, _)| name == unit || name == singular).map(|(_, size)| *size);
            let size = size.or(self.bare.filter(|_| unit.is_empty() && !seen && next.is_empty()));
            let (Some(n), Some(size)) = (self.number(number), size) else { return self.one(text) };
            total += n * size as f64;
            seen = true;
            rest = next.trim_start();
        }
        if seen { made(total, None) } else { self.rejected() }
    }

    fn number(&self, text: &str) -> Option<f64> {
        let plain = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && !text.ends_with('.');
        if self.ways.fraction && text.contains('.') {
            let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            return text.parse().ok().filter(|_| digits && plain(text));
        }
        if self.ways.lenient { lenient_integer(text) } else { text.parse::<u64>().ok().map(|n| n as f64) }
    }

    fn rejected(&self) -> Decoded {
        let names: Vec<&str> = self.units.iter().map(|(n, _)| n.as_str()).collect();
        Decoded::Rejected(format!("a whole number with one of the units {} is needed", names.join(", ")))
    }
}

fn made(ms: f64, surprise: Option<String>) -> Decoded {
    if ms < 0.0 {
        return Decoded::Negative;
    }
    if ms >= 1.8e19 {
        return Decoded::Rejected("the period is too long".into());
    }
    Decoded::Value(Value::Duration(Duration::millis(ms as u64)), surprise)
}

/// Python's `int()`: blanks around, a sign, single underscores between digits.
fn lenient_integer(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("-", rest)) => (-1.0, rest),
        Some(("+", rest)) => (1.0, rest),
        _ => (1.0, text),
    };
    let groups: Vec<&str> = digits.split('_').collect();
    if groups.iter().any(|g| g.is_empty() || !g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    groups.concat().parse::<f64>().ok().map(|n| sign * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_integers() {
        assert_eq!(lenient_integer(" +1_000 "), Some(1000.0));
        assert_eq!(lenient_integer("-7"), Some(-7.0));
        for bad in ["", "_1", "1__0", "1.5", "+", "1d"] {
            assert_eq!(lenient_integer(bad), None, "{bad}");
        }
    }

    fn read(units: &[(&str, u64)], bare: Option<u64>, ways: Periods, text: &str) -> String {
        let units: Vec<(String, u64)> = units.iter().map(|(n, ms)| ((*n).to_owned(), *ms)).collect();
        match (Units { bare, units: &units, ways }).read(text, Native::Text) {
            Decoded::Value(value, None) => value.words(),
            Decoded::Value(value, Some(_)) => format!("{} (misread)", value.words()),
            Decoded::Negative => "negative".into(),
            Decoded::NoSecret(_) => "no secret".into(),
            Decoded::Rejected(_) => "rejected".into(),
        }
    }

    const DAY: u64 = 86_400_000;

    #[test]
    fn stray_units() {
        let ways = Periods { stray: true, ..Periods::default() };
        let read = |text| read(&[("d", DAY), ("w", 7 * DAY), ("m", 31 * DAY)], Some(1000), ways, text);
        assert_eq!(read("2w"), "14 days");
        assert_eq!(read("2 weeks"), "14 days (misread)");
        assert_eq!(read("5 minutes"), "155 days (misread)");
        assert_eq!(read("30 hours"), "30 seconds (misread)");
        assert_eq!(read("90"), "90 seconds");
        assert_eq!(read("never"), "rejected");
        assert_eq!(read(""), "rejected");
    }

    #[test]
    fn plural_units() {
        let ways = Periods { plural: true, lenient: true, ..Periods::default() };
        let read = |text| read(&[("day", DAY), ("d", DAY), ("s", 1000)], None, ways, text);
        assert_eq!(read("2 days"), "2 days");
        assert_eq!(read("2day"), "2 days");
        assert_eq!(read("2s"), "2 seconds");
        assert_eq!(read("2ds"), "2 days");
        assert_eq!(read("2 daies"), "rejected");
        assert_eq!(read("2"), "rejected");
        assert_eq!(read("-2d"), "negative");
    }

    #[test]
    fn several_and_fractions() {
        let ways = Periods { compound: true, fraction: true, ..Periods::default() };
        let read = |text| read(&[("d", DAY), ("h", DAY / 24), ("m", 60_000)], Some(1000), ways, text);
        assert_eq!(read("1d12h"), "36 hours");
        assert_eq!(read("1d 12h"), "36 hours");
        assert_eq!(read("1.5h"), "90 minutes");
        assert_eq!(read("90"), "90 seconds");
        assert_eq!(read("1d5"), "rejected");
        assert_eq!(read("1.h"), "rejected");
        assert_eq!(read("1x"), "rejected");
    }
}
