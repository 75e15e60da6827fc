//! What a run comes to, counted while it goes.

use super::run::Looked;
use super::times::Times;
use crate::lint::{GroupReport, InputError, Severity, SkippedFile};
use crate::report::{Counts, Skipped};
use crate::text::Shown;
use std::collections::{HashMap, HashSet};

/// Passed-over files that are listed by name.
const LISTED: usize = 10_000;

/// What a run came to, beside what its reports said.
#[derive(Debug, Default)]
pub struct Finished {
    /// Deployments that were judged.
    pub deployments: usize,
    /// The findings that count: neither fixed nor suppressed nor hidden.
    pub counts: Counts,
    /// Findings that would count, but are below what the user wants to see.
    pub hidden: usize,
    /// How long it took.
    pub times: Times,
    /// Inputs that could not be read.
    pub input_errors: usize,
    /// A folder was walked.
    pub walked: bool,
    /// Errors about files that came into no group, by file.
    pub errors: Vec<InputError>,
    /// What was passed over.
    pub skipped: Skipped,
    /// Named files that were not taken.
    pub named: Vec<SkippedFile>,
}

/// Counts what comes by.
#[derive(Default)]
pub struct Tally {
    deployments: usize,
    counts: Counts,
    hidden: usize,
    group_errors: usize,
    /// A folder was walked.
    pub walked: bool,
    /// Errors about files that came into no group.
    pub errors: Vec<InputError>,
    count: usize,
    files: Vec<SkippedFile>,
    reasons: HashMap<Shown, usize>,
    named: Vec<SkippedFile>,
    /// Folders that were not entered.
    pub folders: Vec<String>,
    /// Files that the user named and that were taken at a first look.
    pub given: HashSet<String>,
}

impl Tally {
    /// A file that was looked at and is not judged.
    pub fn not_taken(&mut self, file: Shown, looked: Looked) {
        match looked {
            Looked::Taken(_) => {}
            Looked::Failed(error) => self.errors.push(error),
            Looked::Skipped { reason, named } => self.skip(SkippedFile { file, reason }, named),
        }
    }

    fn skip(&mut self, file: SkippedFile, named: bool) {
        self.count += 1;
        if named {
            self.named.push(file.clone());
        } else {
            *self.reasons.entry(file.reason.clone()).or_default() += 1;
        }
        self.files.push(file);
        // The first ones by name are listed, whichever order they came in.
        if self.files.len() > 2 * LISTED {
            self.files.sort_by(|a, b| a.file.cmp(&b.file));
            self.files.truncate(LISTED);
        }
    }

    /// A group that was judged; findings below `least` decide nothing.
    pub fn take(&mut self, report: &GroupReport, least: Option<Severity>) {
        self.deployments += report.deployments.len();
        self.group_errors += report.errors.len();
        for finding in report.findings.iter().filter(|f| !f.fixed && f.suppressed.is_none()) {
            if least.is_some_and(|least| finding.severity < least) {
                self.hidden += 1;
            } else {
                self.counts.add(finding.severity);
            }
        }
        for file in &report.skipped {
            let named = self.given.contains(file.file.as_ref());
            self.skip(file.clone(), named);
        }
    }

    /// All of it.
    pub fn finish(mut self) -> Finished {
        self.errors.sort_by(|a, b| a.file.cmp(&b.file));
        self.named.sort_by(|a, b| a.file.cmp(&b.file));
        self.files.sort_by(|a, b| a.file.cmp(&b.file));
        self.files.truncate(LISTED);
        let mut reasons: Vec<(Shown, usize)> = self.reasons.into_iter().collect();
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Finished {
            deployments: self.deployments,
            counts: self.counts,
            hidden: self.hidden,
            times: Times::default(),
            input_errors: self.group_errors + self.errors.len(),
            walked: self.walked,
            errors: self.errors,
            skipped: Skipped { count: self.count, files: self.files, reasons, folders: self.folders },
            named: self.named,
        }
    }
}
