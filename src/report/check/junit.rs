//! JUnit's XML: a suite a deployment, a case a finding. What a CI system calls a failed test is what fails the run.

use super::concise::sentence;
use super::heading;
use crate::lint::{DeploymentInfo, Finding, GroupReport, InputError, Outcome, RuleResult, Severity};
use crate::report::words::{disarm, list};
use crate::report::xml::{attribute, text};
use crate::report::{Report, Summary};
use crate::text::Shown;
use std::fmt::{self, Write};

/// Findings below `--fail-on`, waived ones and undecided rules are skipped tests, each with the reason.
pub struct Junit {
    fail_on: Severity,
    inputs: Suite,
}

/// The cases of a suite, and how many came to what.
#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Suite {
    /// Begins a case.
    fn begin(&mut self, class: &str, name: &str, place: Option<(&str, u32)>) {
        self.tests += 1;
        self.cases.push_str("    <testcase");
        attribute(&mut self.cases, "classname", class);
        attribute(&mut self.cases, "name", name);
        if let Some((file, line)) = place {
            attribute(&mut self.cases, "file", file);
            attribute(&mut self.cases, "line", &line.to_string());
        }
    }

    fn passes(&mut self) {
        self.cases.push_str("/>\n");
    }

    fn skips(&mut self, message: &str) {
        self.skipped += 1;
        self.cases.push_str(">\n      <skipped");
        attribute(&mut self.cases, "message", message);
        self.cases.push_str("/>\n    </testcase>\n");
    }

    /// `element` is `failure` or `error`.
    fn fails(&mut self, element: &str, kind: &str, message: &str, words: &str) {
        if element == "failure" {
            self.failures += 1;
        } else {
            self.errors += 1;
        }
        let _ = write!(self.cases, ">\n      <{element}");
        attribute(&mut self.cases, "type", kind);
        attribute(&mut self.cases, "message", message);
        self.cases.push('>');
        text(&mut self.cases, words);
        let _ = writeln!(self.cases, "</{element}>\n    </testcase>");
    }

    fn write(self, out: &mut String, name: &str, about: &str) {
        out.push_str("  <testsuite");
        attribute(out, "name", name);
        let counts =
            [("tests", self.tests), ("failures", self.failures), ("errors", self.errors), ("skipped", self.skipped)];
        counts.iter().for_each(|(name, number)| attribute(out, name, &number.to_string()));
        out.push_str(">\n");
        if !about.is_empty() {
            out.push_str("    <properties>\n      <property name=\"deployment\"");
            attribute(out, "value", about);
            out.push_str("/>\n    </properties>\n");
        }
        out.push_str(&self.cases);
        out.push_str("  </testsuite>\n");
    }
}

impl Junit {
    /// Findings of `fail_on` and worse are failures.
    pub fn new(fail_on: Severity) -> Self {
        Self { fail_on, inputs: Suite::default() }
    }

    fn finding(&self, suite: &mut Suite, finding: &Finding) {
        let mut name = finding.rule.to_string();
        let more: Vec<&str> = finding.qualifier.iter().chain(&finding.instances).map(AsRef::as_ref).collect();
        if !more.is_empty() {
            let _ = write!(name, " ({})", list(&more));
        }
        let start = finding.span.start;
        suite.begin(finding.deployment.as_ref(), &name, Some((finding.file.as_ref(), start.line)));
        let mut words = String::new();
        sentence(&mut words, finding);
        if let Some(waived) = &finding.suppressed {
            suite.skips(&format!("{} ({}: {})", words, waived.kind, waived.reason));
        } else if finding.fixed {
            suite.skips(&format!("no setting can mend it: {words}"));
        } else if finding.severity < self.fail_on {
            suite.skips(&format!("{}: {words}", finding.severity.name()));
        } else {
            let place = format!("{}:{}:{}", finding.file, start.line, start.column);
            let body = format!("{place}: {words}\n\n{}\n\n{}\n{}", finding.why, finding.help, finding.url);
            suite.fails("failure", finding.severity.name(), finding.message.as_ref(), &body);
        }
    }

    fn suite(&self, out: &mut String, key: &Shown, deployment: Option<&DeploymentInfo>, group: &GroupReport) {
        let mut suite = Suite::default();
        for finding in group.findings.iter().filter(|f| f.deployment == *key) {
            self.finding(&mut suite, finding);
        }
        for result in group.results.iter().filter(|r| r.deployment == *key) {
            outcome(&mut suite, result);
        }
        let about = deployment.map(heading).unwrap_or_default();
        let concerned = deployment.is_some_and(|d| group.findings.iter().any(|f| f.is_of(&d.id)));
        if suite.tests == 0 && !concerned {
            suite.begin(key.as_ref(), "no findings", None);
            suite.passes();
        }
        if suite.tests > 0 {
            suite.write(out, key.as_ref(), &about);
        }
    }
}

/// Fails are told as findings.
fn outcome(suite: &mut Suite, result: &RuleResult) {
    let reason = result.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let skipped = match result.outcome {
        Outcome::Fail => return,
        Outcome::Pass => None,
        Outcome::Unknown => Some(format!("undecided{reason}")),
        Outcome::NotApplicable => Some(format!("does not apply{reason}")),
    };
    suite.begin(result.deployment.as_ref(), result.rule.as_ref(), None);
    match skipped {
        None => suite.passes(),
        Some(words) => suite.skips(&words),
    }
}

/// What could not be read: all of it is one suite, in the end.
fn input(suite: &mut Suite, error: &InputError) {
    let line = error.span.map_or(1, |span| span.start.line);
    suite.begin("input", error.file.as_ref(), Some((error.file.as_ref(), line)));
    let words = format!("{}:{line}: {}", error.file, error.message);
    suite.fails("error", "input", error.message.as_ref(), &words);
}

impl Report for Junit {
    fn begin(&mut self, out: &mut String) {
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hushlint\">\n");
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        group.errors.iter().for_each(|error| input(&mut self.inputs, error));
        for deployment in &group.deployments {
            self.suite(out, &deployment.id, Some(deployment), group);
        }
        // What several hosts have in common belongs to their document.
        let mut others: Vec<&Shown> = Vec::new();
        for key in group.findings.iter().map(|f| &f.deployment) {
            if !others.contains(&key) && group.deployments.iter().all(|d| d.id != *key) {
                others.push(key);
            }
        }
        others.into_iter().for_each(|key| self.suite(out, key, None, group));
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|error| input(&mut self.inputs, error));
        let inputs = std::mem::take(&mut self.inputs);
        if inputs.tests > 0 {
            inputs.write(&mut text, "input", "");
        }
        disarm(&mut text, 0);
        text.push_str("</testsuites>\n");
        let _ = out.write_str(&text);
    }
}
