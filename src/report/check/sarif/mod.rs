//! SARIF 2.1.0, as code scanning of GitHub and others take it.
//!
//! Results are written as they come, what belongs to the run after them: the order of keys is free in JSON. Texts are
//! plain messages in SARIF's sense, in which `[…](…)` is a link; only links of ours are.

mod place;
mod result;
mod rule;

use crate::lint::{Confidence, GroupReport, InputError, Outcome, Outcomes, Severity, Words};
use crate::report::envelope::json;
use crate::report::words::count;
use crate::report::{Report, Summary};
use crate::text::Shown;
use place::location;
use result::{fail, other};
use rule::descriptor;
use serde_json::{Value, json as object};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Fails are results; what holds, is undecided or does not apply is one too if all outcomes are wanted, and so is
/// what no setting can mend, as a piece of information.
#[derive(Default)]
pub struct Sarif {
    /// Where runs are compared: the `baselineState` of the findings that come next.
    pub state: Option<&'static str>,
    all_outcomes: bool,
    any: bool,
    rules: Vec<Met>,
    index: HashMap<Shown, usize>,
    notifications: Vec<Value>,
    outcomes: Outcomes,
    fixed: usize,
}

/// A rule that has a result.
struct Met {
    about: Arc<Words>,
    /// The worst severity and the least confidence of its results.
    severity: Severity,
    confidence: Confidence,
}

impl Sarif {
    /// `all_outcomes`: not only fails.
    pub fn new(all_outcomes: bool) -> Self {
        Self { all_outcomes, ..Self::default() }
    }

    /// The place of a rule in the list of rules.
    fn rule(&mut self, about: &Arc<Words>, severity: Severity, confidence: Confidence) -> usize {
        if let Some(met) = self.index.get(&about.id).and_then(|n| self.rules.get_mut(*n)) {
            met.severity = met.severity.max(severity);
            met.confidence = met.confidence.min(confidence);
        } else {
            self.index.insert(about.id.clone(), self.rules.len());
            self.rules.push(Met { about: Arc::clone(about), severity, confidence });
        }
        self.index.get(&about.id).copied().unwrap_or_default()
    }

    fn put(&mut self, out: &mut String, result: &Value) {
        out.push_str(if self.any { ",\n        " } else { "\n        " });
        self.any = true;
        out.push_str(&json(result));
    }

    fn notify(&mut self, level: &str, id: &str, text: &str, error: Option<&InputError>) {
        let mut notification =
            object!({ "descriptor": { "id": id }, "level": level, "message": { "text": place::plain(text) } });
        if let (Some(error), Some(map)) = (error, notification.as_object_mut()) {
            map.insert("locations".to_owned(), object!([location(&error.file, error.span.as_ref())]));
        }
        self.notifications.push(notification);
    }

    fn errors(&mut self, errors: &[InputError]) {
        for error in errors {
            let help = error.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
            self.notify("error", "input-error", &format!("{}{help}", error.message), Some(error));
        }
    }

    /// What the run says beside its results.
    fn closing(&mut self, summary: &Summary) {
        self.errors(&summary.errors);
        if self.outcomes == Outcomes::default() {
            // A walk that finds nothing fails; files that were named and are nothing of ours do not.
            let level = if summary.run.exit_code == 0 { "note" } else { "error" };
            self.notify(level, "nothing-judged", "no configuration of a chat platform was judged", None);
        }
        if !self.all_outcomes && self.outcomes.unknown > 0 {
            let words = format!(
                "{} could not be decided; `--all-outcomes` lists them for review",
                count(self.outcomes.unknown, "outcome")
            );
            self.notify("note", "undecided", &words, None);
        }
        if !self.all_outcomes && self.fixed > 0 {
            let words = format!("{} that no setting of the platform can mend left out", count(self.fixed, "finding"));
            self.notify("note", "not-mendable", &words, None);
        }
        if summary.hidden > 0 {
            let words = format!("{} below `--min-severity` left out", count(summary.hidden, "finding"));
            self.notify("note", "below-min-severity", &words, None);
        }
        for file in &summary.named {
            self.notify("note", "not-taken", &format!("{}: {}", file.file, file.reason), None);
        }
    }
}

impl Report for Sarif {
    fn begin(&mut self, out: &mut String) {
        out.push_str(concat!(
            "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n",
            "  \"runs\": [\n    {\n      \"columnKind\": \"unicodeCodePoints\",\n      \"originalUriBaseIds\": ",
            "{\"SRCROOT\": {\"description\": {\"text\": \"The root of the repository, else the folder of the run.\"}}},\n",
            "      \"results\": [",
        ));
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        self.errors(&group.errors);
        for finding in &group.findings {
            if finding.fixed && finding.suppressed.is_none() {
                self.fixed += 1;
                if !self.all_outcomes {
                    continue;
                }
            }
            let rule = self.rule(&finding.about, finding.severity, finding.confidence);
            let mut result = fail(finding, rule);
            if let (Some(state), Some(map)) = (self.state, result.as_object_mut()) {
                map.insert("baselineState".to_owned(), state.into());
            }
            self.put(out, &result);
        }
        for one in group.results.iter().filter(|r| r.outcome != Outcome::Fail) {
            let severity = one.about.severity.unwrap_or(Severity::Note);
            let rule = self.rule(&one.about, severity, Confidence::High);
            let of = group.deployments.iter().find(|d| d.id == one.deployment);
            self.put(out, &other(one, rule, of));
        }
        self.outcomes.add(&group.outcomes);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.closing(summary);
        let rules: Vec<Value> = self.rules.iter().map(descriptor).collect();
        let successful = summary.run.exit_code <= 1
            && !self.notifications.iter().any(|n| n.get("level").is_some_and(|level| level == "error"));
        let invocation = object!({
            "executionSuccessful": successful,
            "exitCode": summary.run.exit_code,
            "toolExecutionNotifications": self.notifications,
        });
        let driver = object!({
            "name": "hushlint",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules,
            "notifications": notifications(&self.notifications),
        });
        let properties = object!({ "outcomes": self.outcomes, "packs": summary.run.packs, "today": summary.run.today });
        let _ = out.write_str(if self.any {
            "\n      ],\n      \"tool\": {\"driver\": "
        } else {
            "],\n      \"tool\": {\"driver\": "
        });
        let _ = out.write_str(&json(&driver));
        let _ = write!(out, "}},\n      \"invocations\": [{}],\n", json(&invocation));
        let _ = write!(out, "      \"properties\": {}\n    }}\n  ]\n}}\n", json(&properties));
    }
}

/// Descriptors of the notifications that occur.
fn notifications(all: &[Value]) -> Vec<Value> {
    let texts = [
        ("input-error", "An input that could not be read or parsed."),
        ("nothing-judged", "There was nothing to judge."),
        ("undecided", "What could not be decided from the files."),
        ("not-mendable", "What the platform cannot do, whatever is set."),
        ("below-min-severity", "What the user did not want to see."),
        ("not-taken", "A named file that is no configuration of a chat platform."),
    ];
    let occurs = |id: &str| all.iter().any(|n| n.pointer("/descriptor/id").is_some_and(|found| found == id));
    let used = texts.into_iter().filter(|(id, _)| occurs(id));
    // GitHub asks of these what it asks of rules.
    let text = |text: &str| object!({ "text": text });
    used.map(|(id, words)| {
        object!({ "id": id, "shortDescription": text(words), "fullDescription": text(words), "help": text(words) })
    })
    .collect()
}
