//! Floor 9: what a run found, as text for people or as data for programs; one file a format.
//!
//! A format writes into a text that the host prints and empties. It accepts only what has been masked and
//! neutralised ([`crate::text::Shown`], [`crate::text::DisplaySource`]).

pub mod cells;
mod counts;
mod diagnostic;
#[cfg(feature = "cli")]
mod draw;
// Frames need more of an excerpt than the plain text does.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
mod excerpt;
mod look;
mod markdown;
mod words;
mod xml;

pub mod check;
pub mod compare;
mod data_error;
pub mod diff;
mod envelope;
pub mod facts;
pub mod files;
pub mod listing;
mod table;

pub use counts::Counts;
pub use data_error::data_errors;
pub use look::{Drawing, Ink, Look};
pub use table::Table;
pub use words::{columns, count, disarm, list, wrap};

use crate::lint::{GroupReport, InputError, Range, RunInfo, SkippedFile};
use crate::text::Shown;
use std::fmt;

/// A format of a report. Groups come in a fixed order; what is written for one may be printed at once.
pub trait Report: Send {
    /// Before the first group.
    fn begin(&mut self, out: &mut String) {
        let _ = out;
    }
    /// One group of files.
    fn group(&mut self, out: &mut String, group: &GroupReport);
    /// After the last group. What has been collected is written piece by piece: it may be large.
    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary);
}

/// What is known when all groups are done.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Packs, configuration, exit code.
    pub run: RunInfo,
    /// Errors about files that came into no group: missing, unreadable, no text.
    pub errors: Vec<InputError>,
    /// What was not taken.
    pub skipped: Skipped,
    /// Of the files that the user named, those that were not taken.
    pub named: Vec<SkippedFile>,
    /// Findings that are not shown because their severity is below what the user wants to see.
    pub hidden: usize,
}

/// Files and folders that were passed over.
#[derive(Clone, Debug, Default)]
pub struct Skipped {
    /// How many files.
    pub count: usize,
    /// The files with their reasons, sorted; only so many as a report lists.
    pub files: Vec<SkippedFile>,
    /// How many files for each reason, the commonest first.
    pub reasons: Vec<(Shown, usize)>,
    /// Names of folders that were not entered (`.git`, `node_modules`), sorted.
    pub folders: Vec<String>,
}

/// What is not written, and has no parent that is, stands at the beginning of its file. A label there would point
/// at a line that has nothing to do with it.
fn is_nowhere(range: &Range) -> bool {
    range.start == range.end && (range.start.line, range.start.column) == (1, 1)
}

#[cfg(test)]
mod tests;
