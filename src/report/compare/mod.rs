//! `hushlint compare`: platforms side by side, one file a format.

mod csv;
mod html;
mod json;
mod markdown;
mod ranked;
mod text;

pub use csv::csv;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use crate::judge::Outcome;
use crate::lint::{Comparison, FactRow, Footing, Mark, RuleRow};

/// What a value rests on, in a word.
fn footing(footing: Footing) -> &'static str {
    match footing {
        Footing::Verified => "verified",
        Footing::Reported => "reported",
        Footing::Assumed => "assumed",
        Footing::Declared => "declared",
        Footing::File => "from file",
        Footing::Default => "default",
        Footing::Initial => "initial",
    }
}

/// What each of these words means, for the foot of a page.
fn meaning(footing: Footing) -> &'static str {
    match footing {
        Footing::Verified => "the vendor's own document or code says so",
        Footing::Reported => "somebody else says so",
        Footing::Assumed => "our reading of a source that does not quite say it",
        Footing::Declared => "the declaration names no source",
        Footing::File => "a file that was given says so",
        Footing::Default => "no file says otherwise: the platform's own default",
        Footing::Initial => "a file began with it; a database decides since",
    }
}

/// The footings that a comparison holds, the strongest first.
fn footings(comparison: &Comparison) -> Vec<Footing> {
    let cells = comparison.themes.iter().flat_map(|t| &t.rows).flat_map(|r| r.cells.iter().flatten());
    let mut all: Vec<Footing> = cells.filter_map(|cell| cell.status).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// `who can message, minor`.
fn label(row: &FactRow) -> String {
    let words: Vec<&str> = row.qualifiers.iter().map(AsRef::as_ref).collect();
    if words.is_empty() { row.title.to_string() } else { format!("{}, {}", row.title, words.join(" and ")) }
}

/// A mark where glyphs can be shown.
fn glyph(mark: Mark) -> &'static str {
    match mark {
        Mark::Best => "▲",
        Mark::Worst => "▼",
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Best => "best",
        Mark::Worst => "worst",
    }
}

/// `fails (direct and group)`, `holds` …
fn outcome(row: &RuleRow, column: usize) -> String {
    let Some(cell) = row.outcomes.get(column) else { return String::new() };
    match cell.outcome {
        Some(Outcome::Fail) if !cell.qualifiers.is_empty() => {
            let words: Vec<&str> = cell.qualifiers.iter().map(AsRef::as_ref).collect();
            format!("fails ({})", words.join(", "))
        }
        Some(outcome) => verdict(outcome).to_owned(),
        None => String::new(),
    }
}

fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fails",
        Outcome::Pass => "holds",
        Outcome::Unknown => "undecided",
        Outcome::NotApplicable => "does not apply",
    }
}

/// The packs in force, as a list.
fn packs(comparison: &Comparison) -> String {
    let names: Vec<&str> = comparison.packs.iter().map(|p| p.id.as_ref()).collect();
    crate::report::list(&names)
}

#[cfg(test)]
mod tests;
