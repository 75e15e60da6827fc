//! Today's date, UTC: waivers end on a day, not at an hour.

use std::time::{SystemTime, UNIX_EPOCH};

/// `YYYY-MM-DD`. `SOURCE_DATE_EPOCH` (seconds since 1970) is taken for the time, where it is set, so that a run
/// can be repeated byte by byte.
pub fn today() -> String {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<u64>().ok());
    let seconds = fixed.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |time| time.as_secs())
    });
    civil(seconds / 86_400)
}

/// The date a number of days after 1970-01-01. Years are counted from March, so that leap days come last:
/// `400 years = 146,097 days`, `153 days = 5 months` from March on.
fn civil(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), "1970-01-01");
        assert_eq!(civil(59), "1970-03-01");
        assert_eq!(civil(11_016), "2000-02-29");
        assert_eq!(civil(11_017), "2000-03-01");
        assert_eq!(civil(20_781), "2026-11-24");
        assert_eq!(civil(47_540), "2100-02-28");
        assert_eq!(civil(47_541), "2100-03-01");
    }
}
