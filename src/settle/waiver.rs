//! Waivers: what somebody has decided to live with, why, and until when.

use super::day::Day;
use crate::platform::glob;
use crate::text::{Source, Span};
use std::sync::Arc;

/// A waiver that ends within so many days is told.
const SOON: i64 = 30;

/// What a waiver is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reach {
    /// The files that one of these globs matches.
    Files(Vec<String>),
    /// A deployment by its id, with the hosts in it.
    Deployment(String),
    /// The file that it stands in.
    File,
    /// This line of the file that it stands in.
    Line(u32),
}

/// A waiver, of the configuration or in a comment.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rules, by the ids that hold.
    pub rules: Vec<String>,
    /// What it is for.
    pub reach: Reach,
    /// The setting, if it is for one alone.
    pub setting: Option<String>,
    /// The fact, if it is for one alone.
    pub fact: Option<String>,
    /// The qualifier, if it is for one alone.
    pub qualifier: Option<String>,
    /// Why; `None` if nobody says.
    pub reason: Option<Arc<str>>,
    /// The last day on which it holds.
    pub until: Option<Day>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it is written.
    pub source: Arc<Source>,
    /// The place to show.
    pub span: Span,
}

/// How a waiver stands today.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nobody says why: it does not hold.
    Unreasoned,
    /// Its last day has passed: it does not hold.
    Expired,
    /// It holds for so many days more, and these are few.
    Expiring(i64),
    /// It holds.
    Holds,
}

impl Waiver {
    /// How it stands on a day.
    pub fn standing(&self, today: Day) -> Standing {
        match (&self.reason, self.until.map(|until| today.until(until))) {
            (None, _) => Standing::Unreasoned,
            (_, Some(left)) if left < 0 => Standing::Expired,
            (_, Some(left)) if left <= SOON => Standing::Expiring(left),
            _ => Standing::Holds,
        }
    }

    /// Does it hide anything on a day?
    pub fn holds(&self, today: Day) -> bool {
        matches!(self.standing(today), Standing::Holds | Standing::Expiring(_))
    }

    /// Is it for a file, as far as files go? `local`: the file's path from the configuration's folder.
    pub fn covers_file(&self, local: &str) -> bool {
        match &self.reach {
            Reach::Files(globs) => globs.iter().any(|g| matches(g, local)),
            _ => true,
        }
    }

    /// Is it for a deployment, as far as deployments go?
    pub fn covers_deployment(&self, key: &str) -> bool {
        match &self.reach {
            Reach::Deployment(id) => {
                key.strip_prefix(&**id).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
            }
            _ => true,
        }
    }
}

/// Does a glob match a path? A folder stands for all below it; `**/` matches nothing too.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let whole = |p: &str| glob(p, path) || p.strip_prefix("**/").is_some_and(|rest| glob(rest, path));
    let folder = pattern.trim_end_matches('/');
    let below = || !folder.contains(['*', '?']) && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    whole(pattern) || (!folder.is_empty() && below())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn waiver(reach: Reach, reason: Option<&str>, until: Option<&str>) -> Waiver {
        Waiver {
            rules: vec!["a".into()],
            reach,
            setting: None,
            fact: None,
            qualifier: None,
            reason: reason.map(Arc::from),
            until: until.map(|d| Day::parse(d).unwrap()),
            owner: None,
            source: Arc::new(Source::new("hushlint.toml", "")),
            span: Span::default(),
        }
    }

    #[test]
    fn a_waiver_holds_to_the_end_of_its_last_day() {
        let today = Day::parse("2026-11-24").unwrap();
        let standing = |reason, until| waiver(Reach::File, reason, until).standing(today);
        assert_eq!(standing(Some("x"), None), Standing::Holds);
        assert_eq!(standing(Some("x"), Some("2026-11-23")), Standing::Expired);
        assert_eq!(standing(Some("x"), Some("2026-11-24")), Standing::Expiring(0));
        assert_eq!(standing(Some("x"), Some("2026-12-24")), Standing::Expiring(30));
        assert_eq!(standing(Some("x"), Some("2026-12-25")), Standing::Holds);
        assert_eq!(standing(None, Some("2030-01-01")), Standing::Unreasoned);
        assert!(!waiver(Reach::File, None, None).holds(today));
    }

    #[test]
    fn globs_and_folders_match() {
        for (pattern, path, wanted) in [
            ("lobby/**", "lobby/a/b.yaml", true),
            ("lobby/**", "lobby2/b.yaml", false),
            ("lobby", "lobby/b.yaml", true),
            ("lobby/", "lobby/b.yaml", true),
            ("./lobby/b.yaml", "lobby/b.yaml", true),
            ("**/b.yaml", "b.yaml", true),
            ("**/b.yaml", "x/y/b.yaml", true),
            ("b.yaml", "x/b.yaml", false),
            ("**", "x/b.yaml", true),
        ] {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
        let of = waiver(Reach::Deployment("a.lua".into()), None, None);
        assert!(of.covers_deployment("a.lua") && of.covers_deployment("a.lua#example.org"));
        assert!(!of.covers_deployment("a.lua2"));
    }
}
