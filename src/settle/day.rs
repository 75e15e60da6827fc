//! Days: waivers end on one.

use std::fmt;

/// A day of the calendar, written `YYYY-MM-DD`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Reads `YYYY-MM-DD`; `None` if it is written otherwise, or if there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, count: usize| {
            (part.len() == count && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok())?
        };
        let mut parts = text.split('-');
        let (year, month, day) =
            (digits(parts.next()?, 4)?, digits(parts.next()?, 2)? as u8, digits(parts.next()?, 2)? as u8);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (parts.next().is_none() && (1..=last).contains(&day)).then_some(Self { year, month, day })
    }

    /// How many days after 1970-01-01; years begin in March, so that leap days come last.
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
    }

    /// How many days it is until another; negative if that has passed.
    pub fn until(self, other: Self) -> i64 {
        other.number() - self.number()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for text in ["1970-01-01", "2024-02-29", "2000-02-29", "2026-11-24", "2026-12-31"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        for text in ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-3", "26-01-01", ""] {
            assert!(Day::parse(text).is_none(), "{text}");
        }
        assert!(Day::parse("2026-01-01-01").is_none() && Day::parse("+026-01-01").is_none());
        assert!(Day::parse("2026-01-01T10:00:00Z").is_none());
    }

    #[test]
    fn days_are_counted() {
        let day = |text: &str| Day::parse(text).unwrap();
        assert_eq!(day("1970-01-01").number(), 0);
        assert_eq!(day("2026-11-24").number(), 20_781);
        assert_eq!(day("2100-03-01").number(), 47_541);
        assert_eq!(day("2026-11-24").until(day("2026-12-24")), 30);
        assert_eq!(day("2024-03-01").until(day("2024-02-28")), -2);
        assert!(day("2026-11-24") < day("2027-01-01"));
    }
}
