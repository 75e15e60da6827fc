//! The contract of `json`, a line an entry, as they come: for logs, and for runs whose report does not fit anywhere.

use super::json::error_value;
use crate::lint::{GroupReport, InputError, Outcomes};
use crate::report::envelope::{SCHEMA_VERSION, TOOL, json};
use crate::report::{Report, Summary};
use serde::Serialize;
use std::fmt;

/// Each line has a `type` (`start`, `deployment`, `finding`, `unknown`, `result`, `error`, `end`), and beside it the
/// fields that the entry has in `json`. Findings are sorted within a deployment.
#[derive(Default)]
pub struct JsonLines {
    outcomes: Outcomes,
}

#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    r#type: &'static str,
    #[serde(flatten)]
    entry: &'a T,
}

fn line<T: Serialize>(out: &mut String, r#type: &'static str, entry: &T) {
    out.push_str(&json(&Line { r#type, entry }));
    out.push('\n');
}

fn lines<T: Serialize>(out: &mut String, r#type: &'static str, entries: &[T]) {
    entries.iter().for_each(|entry| line(out, r#type, entry));
}

fn errors(out: &mut String, errors: &[InputError]) {
    errors.iter().for_each(|error| line(out, "error", &error_value(error)));
}

impl Report for JsonLines {
    fn begin(&mut self, out: &mut String) {
        line(out, "start", &serde_json::json!({ "schema_version": SCHEMA_VERSION, "tool": TOOL }));
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        lines(out, "deployment", &group.deployments);
        lines(out, "finding", &group.findings);
        lines(out, "unknown", &group.unknown);
        lines(out, "result", &group.results);
        errors(out, &group.errors);
        self.outcomes.add(&group.outcomes);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        errors(&mut text, &summary.errors);
        let skipped = serde_json::json!({ "count": summary.skipped.count, "files": summary.skipped.files });
        let end = serde_json::json!({ "run": summary.run, "outcomes": self.outcomes, "skipped": skipped });
        line(&mut text, "end", &end);
        let _ = out.write_str(&text);
    }
}
