//! One line a finding: `file:line:column: severity[rule] message (reason)`.

use crate::lint::{Finding, GroupReport, InputError};
use crate::report::diagnostic::word_of;
use crate::report::words::{disarm, list};
use crate::report::{Look, Report, Summary};
use std::fmt::{self, Write};

/// For editors, `grep` and logs. What no setting can mend is left to the other formats.
pub struct Concise {
    look: Look,
}

impl Concise {
    /// A report in a look; only its colours matter.
    pub fn new(look: Look) -> Self {
        Self { look }
    }

    fn finding(&self, out: &mut String, finding: &Finding) {
        let start = finding.span.start;
        let _ = write!(out, "{}:{}:{}: ", finding.file, start.line, start.column);
        let (ink, word) = word_of(finding.severity);
        self.look.paint(out, ink, word);
        let _ = write!(out, "[{}] ", finding.rule);
        sentence(out, finding);
    }

    fn error(&self, out: &mut String, error: &InputError) {
        match &error.span {
            Some(span) => {
                let _ = write!(out, "{}:{}:{}: ", error.file, span.start.line, span.start.column);
            }
            None => {
                let _ = write!(out, "{}: ", error.file);
            }
        }
        let (ink, word) = word_of(crate::lint::Severity::Error);
        self.look.paint(out, ink, word);
        let _ = write!(out, " {}", error.message);
    }
}

/// `message (reason) for hosts`: all that one line can hold.
pub(super) fn sentence(out: &mut String, finding: &Finding) {
    out.push_str(finding.message.as_ref());
    if let Some(label) = finding.labels.first().filter(|l| !l.text.as_ref().is_empty()) {
        let _ = write!(out, " ({})", label.text);
    }
    if !finding.instances.is_empty() {
        let hosts: Vec<&str> = finding.instances.iter().map(|i| i.as_ref()).collect();
        let _ = write!(out, " for {}", list(&hosts));
    }
}

/// Ends a line that began at `from`: a line break inside would make two of it.
fn end_line(out: &mut String, from: usize) {
    if out.get(from..).is_some_and(|line| line.contains('\n')) {
        let line = out.split_off(from);
        out.push_str(&line.replace('\n', " "));
    }
    out.push('\n');
}

impl Report for Concise {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let start = out.len();
        for error in &group.errors {
            let from = out.len();
            self.error(out, error);
            end_line(out, from);
        }
        for finding in group.findings.iter().filter(|f| !f.fixed && f.suppressed.is_none()) {
            let from = out.len();
            self.finding(out, finding);
            end_line(out, from);
        }
        disarm(out, start);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        for error in &summary.errors {
            let from = text.len();
            self.error(&mut text, error);
            end_line(&mut text, from);
        }
        for file in &summary.named {
            let from = text.len();
            let _ = write!(text, "{}: {}", file.file, file.reason);
            end_line(&mut text, from);
        }
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}
