//! The evidence of a declaration: who says so, where, and how well that was looked at.

use crate::fact::{FactDef, FactIx, Item, QualifierKind, Vocabulary, Word};
use crate::syntax::Kind;

/// How well a source was looked at; the strongest first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// The vendor's own document, configuration or code says it.
    Verified,
    /// Somebody else says it.
    Reported,
    /// It is how we read a source that does not quite say it.
    Assumed,
}

impl Status {
    /// All, the strongest first.
    pub const ALL: [Status; 3] = [Status::Verified, Status::Reported, Status::Assumed];

    /// The word of the format.
    pub fn name(self) -> &'static str {
        match self {
            Status::Verified => "verified",
            Status::Reported => "reported",
            Status::Assumed => "assumed",
        }
    }
}

/// A source for facts.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The facts; with a qualifier, only for that one.
    pub facts: Vec<(FactIx, Option<Word>)>,
    /// Where it can be read.
    pub url: Option<String>,
    /// When it was read.
    pub read: Option<String>,
    /// When it was written: a year, a month or a day.
    pub dated: Option<String>,
    /// Since when the product is as it says: a year, a month or a day.
    pub since: Option<String>,
    /// How well it was looked at.
    pub status: Status,
    /// What else a reader must know.
    pub note: Option<String>,
}

impl Evidence {
    /// Reads one `[[source]]`.
    pub(super) fn read(source: &Item<'_>, vocabulary: &Vocabulary) -> Option<Self> {
        let t = source.table()?;
        let facts = t.need("facts").map(|i| i.list()).unwrap_or_default();
        let facts = facts.iter().filter_map(|fact| named(fact, vocabulary)).collect();
        let day = |key| {
            t.get(key).and_then(|i| {
                let text = i.text()?;
                if !is_date(text) {
                    let help = "write a year, a month or a day: `2026`, `2026-05`, `2026-05-08`".to_owned();
                    i.problems.error_with(i.span(), format!("`{text}` is no date"), Some(help));
                }
                Some(text.to_owned())
            })
        };
        let evidence = Self {
            facts,
            url: t.text("url"),
            read: t.get("read").and_then(|i| i.scalar()).map(|(text, _)| text.to_owned()),
            dated: day("dated"),
            since: day("since"),
            status: t.get("status").and_then(|i| status(&i)).unwrap_or(Status::Verified),
            note: t.text("note"),
        };
        t.finish();
        Some(evidence)
    }

    /// Does it speak of a fact: of all of it, or of this qualifier?
    pub fn is_about(&self, fact: FactIx, qualifier: Option<&Word>) -> bool {
        self.facts.iter().any(|(f, q)| *f == fact && (q.is_none() || q.as_ref() == qualifier))
    }
}

fn status(item: &Item<'_>) -> Option<Status> {
    let text = item.text()?;
    let found = Status::ALL.into_iter().find(|s| s.name() == text);
    if found.is_none() {
        item.problems.unknown_word(item.span(), "status", text, Status::ALL.iter().map(|s| s.name()));
    }
    found
}

/// `area.name`, or `area.name['qualifier']` as in conditions.
fn named(item: &Item<'_>, vocabulary: &Vocabulary) -> Option<(FactIx, Option<Word>)> {
    let text = item.text()?;
    let (id, word) = match text.split_once('[') {
        None => (text, None),
        Some((id, rest)) => {
            let quoted = rest.strip_suffix(']').map(str::trim);
            let bare = |mark: char| quoted.and_then(|q| q.strip_prefix(mark)?.strip_suffix(mark));
            (id, Some(bare('\'').or_else(|| bare('"')).unwrap_or(rest)))
        }
    };
    let Some(fact) = vocabulary.find(id) else {
        item.problems.unknown_word(item.span(), "fact", id, vocabulary.names());
        return None;
    };
    let Some(word) = word else { return Some((fact, None)) };
    let words = qualifiers(vocabulary.fact(fact), vocabulary);
    let Some(found) = words.iter().find(|w| ***w == *word) else {
        if words.is_empty() {
            let message = format!("`{id}` is one value; it does not differ by scope or cohort");
            item.problems.error(item.span(), message);
        } else {
            item.problems.unknown_word(item.span(), "qualifier", word, words.iter().map(|w| &**w));
        }
        return None;
    };
    Some((fact, Some(Word::clone(found))))
}

/// The words by which a declaration tells a fact apart.
fn qualifiers(def: &FactDef, vocabulary: &Vocabulary) -> Vec<Word> {
    match def.qualifier {
        Some(QualifierKind::Scope) => vocabulary.scopes().map(|l| l.values.clone()).unwrap_or_default(),
        Some(QualifierKind::Cohort) => vec![Word::from("everyone"), Word::from("minor")],
        _ => Vec::new(),
    }
}

/// `2026`, `2026-05`, `2026-05-08`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &&str, length: usize, most: u32| {
        part.len() == length
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n))
    };
    match parts.as_slice() {
        [year] => number(year, 4, 9999),
        [year, month] => number(year, 4, 9999) && number(month, 2, 12),
        [year, month, day] => number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    }
}

/// The text of a scalar, whatever its type: TOML has dates of its own.
pub(super) fn scalar_text(item: &Item<'_>) -> Option<String> {
    match item.kind() {
        Kind::Scalar { text, .. } => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_may_stop_at_the_year_or_month() {
        for good in ["2026", "2026-05", "2026-05-08"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["", "26", "2026-5", "2026-13", "2026-05-32", "May 2026", "2026-05-08-01", "2026-05-08T00:00:00Z"] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
