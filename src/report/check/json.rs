//! The contract that programs read: one object, entries sorted by file, offset and rule.

use crate::lint::{GroupReport, InputError, Outcomes};
use crate::report::envelope::{Envelope, entry};
use crate::report::{Report, Summary};
use crate::text::Shown;
use std::fmt;

/// Where an entry belongs: file, offset, rule.
type Key = (Shown, u32, Shown);

/// Collects entries as JSON, so that the findings themselves can be dropped.
#[derive(Default)]
pub struct Json {
    all_outcomes: bool,
    deployments: Vec<Box<str>>,
    findings: Vec<(Key, Box<str>)>,
    outcomes: Outcomes,
    unknown: Vec<Box<str>>,
    results: Vec<Box<str>>,
    errors: Vec<(Key, Box<str>)>,
}

impl Json {
    /// `all_outcomes`: with `results`.
    pub fn new(all_outcomes: bool) -> Self {
        Self { all_outcomes, ..Self::default() }
    }
}

/// An error with its place in the order.
pub fn error_entry(error: &InputError) -> (Key, Box<str>) {
    let offset = error.span.map_or(0, |span| span.start.offset);
    ((error.file.clone(), offset, Shown::default()), entry(&error_value(error)))
}

/// An error as JSON has it.
pub fn error_value(error: &InputError) -> serde_json::Value {
    #[derive(serde::Serialize)]
    struct Label<'a> {
        span: &'a crate::lint::Range,
        text: &'a crate::text::Shown,
    }
    let labels: Vec<Label<'_>> = error.labels.iter().map(|(span, text)| Label { span, text }).collect();
    serde_json::json!({ "file": error.file, "span": error.span, "message": error.message, "labels": labels })
}

impl Report for Json {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        self.deployments.extend(group.deployments.iter().map(entry));
        for finding in &group.findings {
            let key = (finding.file.clone(), finding.span.start.offset, finding.rule.clone());
            self.findings.push((key, entry(finding)));
        }
        self.outcomes.add(&group.outcomes);
        self.unknown.extend(group.unknown.iter().map(entry));
        self.results.extend(group.results.iter().map(entry));
        self.errors.extend(group.errors.iter().map(error_entry));
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.errors.extend(summary.errors.iter().map(error_entry));
        // Stable: what shares a place and a rule stays in the order it was judged in.
        self.findings.sort_by(|a, b| a.0.cmp(&b.0));
        self.errors.sort_by(|a, b| a.0.cmp(&b.0));
        let mut object = Envelope::begin(out);
        object.value("run", &summary.run);
        object.list("deployments", &self.deployments);
        object.list("findings", self.findings.iter().map(|(_, text)| text));
        object.value("outcomes", &self.outcomes);
        object.list("unknown", &self.unknown);
        if self.all_outcomes {
            object.list("results", &self.results);
        }
        object.list("errors", self.errors.iter().map(|(_, text)| text));
        object.skipped(&summary.skipped);
        object.end();
    }
}
