//! Periods of time, and the words that stand for one.

use std::cmp::Ordering;
use std::fmt;

/// A period. In length: `none` < `until-delivered` < any number < `until-account-deletion` < `unlimited` = `unspecified`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Duration {
    /// Nothing is kept: zero.
    None,
    /// Until the message has been delivered.
    UntilDelivered,
    /// A length in milliseconds, never 0.
    Millis(u64),
    /// As long as the account exists.
    UntilAccountDeletion,
    /// For ever.
    Unlimited,
    /// The operator publishes no period.
    Unspecified,
}

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// The units of literals: name, milliseconds. A month has 30 days, a year 365.
const UNITS: &[(&str, u64)] = &[
    ("ms", 1),
    ("millisecond", 1),
    ("s", 1000),
    ("sec", 1000),
    ("second", 1000),
    ("m", 60_000),
    ("min", 60_000),
    ("minute", 60_000),
    ("h", 3_600_000),
    ("hour", 3_600_000),
    ("d", DAY),
    ("day", DAY),
    ("w", 7 * DAY),
    ("week", 7 * DAY),
    ("mo", 30 * DAY),
    ("month", 30 * DAY),
    ("y", 365 * DAY),
    ("year", 365 * DAY),
];

impl Duration {
    /// A length in milliseconds; 0 is `none`.
    pub fn millis(ms: u64) -> Self {
        if ms == 0 { Duration::None } else { Duration::Millis(ms) }
    }

    /// The words that are durations.
    pub const WORDS: [&'static str; 5] =
        ["none", "until-delivered", "until-account-deletion", "unlimited", "unspecified"];

    /// Reads a literal: `30d`, `12 hours`, `P30D`, or a word. `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "none" => return Some(Duration::None),
            "until-delivered" => return Some(Duration::UntilDelivered),
            "until-account-deletion" => return Some(Duration::UntilAccountDeletion),
            "unlimited" => return Some(Duration::Unlimited),
            "unspecified" => return Some(Duration::Unspecified),
            _ => {}
        }
        if let Some(iso) = text.strip_prefix('P') {
            return parse_iso(iso);
        }
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(digits)?;
        let number: u64 = number.parse().ok()?;
        let unit = unit.trim();
        let size = unit_size(unit)?;
        Some(Duration::millis(number.checked_mul(size)?))
    }

    /// The length in milliseconds, if it is a number or `none`.
    pub fn as_millis(self) -> Option<u64> {
        match self {
            Duration::None => Some(0),
            Duration::Millis(ms) => Some(ms),
            _ => None,
        }
    }

    fn key(self) -> (u8, u64) {
        match self {
            Duration::None => (0, 0),
            Duration::UntilDelivered => (1, 0),
            Duration::Millis(ms) => (2, ms),
            Duration::UntilAccountDeletion => (3, 0),
            Duration::Unlimited | Duration::Unspecified => (4, 0),
        }
    }

    /// The order in length; `unlimited` and `unspecified` are equally long.
    pub fn length_cmp(self, other: Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    /// The sum. Of words the longest stays.
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Duration::None, x) | (x, Duration::None) => x,
            (Duration::Millis(a), Duration::Millis(b)) => Duration::Millis(a.saturating_add(b)),
            (a, b) => {
                if a.length_cmp(b).is_ge() {
                    a
                } else {
                    b
                }
            }
        }
    }

    /// The period in plain English: `for ever`, `30 days`, `until the account is deleted`.
    pub fn words(self) -> String {
        match self {
            Duration::None => "not at all".into(),
            Duration::UntilDelivered => "until delivery".into(),
            Duration::UntilAccountDeletion => "until the account is deleted".into(),
            Duration::Unlimited => "for ever".into(),
            Duration::Unspecified => "for a period nobody states".into(),
            Duration::Millis(ms) => {
                let (number, unit) = Self::largest(
                    ms,
                    &[
                        (365 * DAY, "year"),
                        (DAY, "day"),
                        (3_600_000, "hour"),
                        (60_000, "minute"),
                        (1000, "second"),
                        (1, "millisecond"),
                    ],
                );
                format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
            }
        }
    }

    fn largest(ms: u64, units: &[(u64, &'static str)]) -> (u64, &'static str) {
        units
            .iter()
            .find(|(size, _)| ms.is_multiple_of(*size))
            .map_or((ms, "millisecond"), |(size, name)| (ms / size, *name))
    }
}

/// The milliseconds of a unit by name, plural or not.
fn unit_size(unit: &str) -> Option<u64> {
    let lower = unit.to_ascii_lowercase();
    let find = |name: &str| UNITS.iter().find(|(n, _)| *n == name).map(|(_, size)| *size);
    find(&lower).or_else(|| lower.strip_suffix('s').filter(|s| s.len() > 1).and_then(find))
}

/// ISO 8601 after the `P`: `30D`, `1Y2M3W4DT5H6M7S`.
fn parse_iso(text: &str) -> Option<Duration> {
    let mut total: u64 = 0;
    let mut number = String::new();
    let mut time = false;
    let mut any = false;
    for c in text.chars() {
        match c {
            'T' if number.is_empty() && !time => time = true,
            '0'..='9' => number.push(c),
            _ => {
                let size = match (time, c) {
                    (false, 'Y') => 365 * DAY,
                    (false, 'M') => 30 * DAY,
                    (false, 'W') => 7 * DAY,
                    (false, 'D') => DAY,
                    (true, 'H') => 3_600_000,
                    (true, 'M') => 60_000,
                    (true, 'S') => 1000,
                    _ => return None,
                };
                total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(size)?)?;
                number.clear();
                any = true;
            }
        }
    }
    (any && number.is_empty()).then(|| Duration::millis(total))
}

impl fmt::Display for Duration {
    /// The literal, in the largest unit that divides it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Duration::None => f.write_str("none"),
            Duration::UntilDelivered => f.write_str("until-delivered"),
            Duration::UntilAccountDeletion => f.write_str("until-account-deletion"),
            Duration::Unlimited => f.write_str("unlimited"),
            Duration::Unspecified => f.write_str("unspecified"),
            Duration::Millis(ms) => {
                let (number, unit) =
                    Self::largest(*ms, &[(DAY, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")]);
                write!(f, "{number}{unit}")
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let day = Duration::Millis(DAY);
        assert_eq!(Duration::parse("1d"), Some(day));
        assert_eq!(Duration::parse("24 hours"), Some(day));
        assert_eq!(Duration::parse("P1D"), Some(day));
        assert_eq!(Duration::parse("PT24H"), Some(day));
        assert_eq!(Duration::parse("1mo"), Duration::parse("30 days"));
        assert_eq!(Duration::parse("1y"), Duration::parse("365d"));
        assert_eq!(Duration::parse("0d"), Some(Duration::None));
        for bad in ["", "d", "1", "-1d", "1 fortnight", "P", "PT", "1.5d", "forever"] {
            assert_eq!(Duration::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn order_and_sum() {
        let words = ["none", "until-delivered", "1s", "30d", "until-account-deletion", "unlimited"];
        let all: Vec<Duration> = words.iter().map(|w| Duration::parse(w).unwrap()).collect();
        for pair in all.windows(2) {
            assert!(pair[0].length_cmp(pair[1]).is_lt());
        }
        assert!(Duration::Unlimited.length_cmp(Duration::Unspecified).is_eq());
        assert_ne!(Duration::Unlimited, Duration::Unspecified);
        assert_eq!(Duration::Millis(5).plus(Duration::Unlimited), Duration::Unlimited);
        assert_eq!(Duration::Millis(5).plus(Duration::None), Duration::Millis(5));
    }

    #[test]
    fn display_reads_back() {
        for text in ["none", "unlimited", "90d", "36h", "1500ms", "5m"] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Duration::parse("2y").unwrap().words(), "2 years");
        assert_eq!(Duration::parse("1d").unwrap().words(), "1 day");
    }
}
