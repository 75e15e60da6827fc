//! Facts, or settings, as JSON: those of a deployment stand inside it.

use crate::lint::GroupReport;
use crate::report::envelope::{Envelope, json};
use crate::report::{Report, Summary};
use std::fmt;

/// Collects deployments with their facts or settings.
#[derive(Default)]
pub struct Json {
    settings: bool,
    deployments: Vec<String>,
    errors: Vec<Box<str>>,
}

impl Json {
    /// `settings`: with `settings` instead of `facts`.
    pub fn new(settings: bool) -> Self {
        Self { settings, ..Self::default() }
    }
}

impl Report for Json {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        for (index, deployment) in group.deployments.iter().enumerate() {
            let mut text = json(deployment);
            text.truncate(text.len().saturating_sub(1));
            let mut entries = |key: &str, list: Vec<String>| {
                let lines = list.join(",\n      ");
                text.push_str(&format!(", \"{key}\": [\n      {lines}\n    ]}}"));
            };
            if self.settings {
                entries("settings", group.settings.get(index).into_iter().flatten().map(json).collect());
            } else {
                entries("facts", group.facts.get(index).into_iter().flatten().map(json).collect());
            }
            self.deployments.push(text);
        }
        self.errors.extend(group.errors.iter().map(|e| crate::report::check::error_entry(e).1));
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.errors.extend(summary.errors.iter().map(|e| crate::report::check::error_entry(e).1));
        let mut object = Envelope::begin(out);
        object.list("deployments", &self.deployments);
        object.list("errors", &self.errors);
        object.skipped(&summary.skipped);
        object.end();
    }
}
