//! Checkstyle's XML, which editors and CI systems of all kinds read.

use super::concise::sentence;
use super::open;
use crate::lint::{Finding, GroupReport, InputError, Severity};
use crate::report::words::disarm;
use crate::report::xml::attribute;
use crate::report::{Report, Summary};
use crate::text::Shown;
use std::fmt;

/// A `file` with its `error`s; `source` names the rule.
#[derive(Default)]
pub struct Checkstyle {
    file: Option<Shown>,
}

impl Checkstyle {
    /// Goes on with a file.
    fn open_file(&mut self, out: &mut String, file: &Shown) {
        if self.file.as_ref() == Some(file) {
            return;
        }
        self.close_file(out);
        out.push_str("  <file");
        attribute(out, "name", file.as_ref());
        out.push_str(">\n");
        self.file = Some(file.clone());
    }

    fn close_file(&mut self, out: &mut String) {
        if self.file.take().is_some() {
            out.push_str("  </file>\n");
        }
    }

    fn finding(&mut self, out: &mut String, finding: &Finding) {
        self.open_file(out, &finding.file);
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        };
        let mut words = String::new();
        sentence(&mut words, finding);
        let start = finding.span.start;
        entry(out, Some((start.line, start.column)), severity, &words, finding.rule.as_ref());
    }

    fn error(&mut self, out: &mut String, error: &InputError) {
        self.open_file(out, &error.file);
        let place = error.span.map(|span| (span.start.line, span.start.column));
        entry(out, place, "error", error.message.as_ref(), "input-error");
    }
}

fn entry(out: &mut String, place: Option<(u32, u32)>, severity: &str, message: &str, rule: &str) {
    let (line, column) = place.unwrap_or((1, 1));
    out.push_str("    <error");
    attribute(out, "line", &line.to_string());
    attribute(out, "column", &column.to_string());
    attribute(out, "severity", severity);
    attribute(out, "message", message);
    attribute(out, "source", &format!("hushlint.{rule}"));
    out.push_str("/>\n");
}

impl Report for Checkstyle {
    fn begin(&mut self, out: &mut String) {
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        group.errors.iter().for_each(|e| self.error(out, e));
        open(group).for_each(|f| self.finding(out, f));
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|e| self.error(&mut text, e));
        self.close_file(&mut text);
        disarm(&mut text, 0);
        text.push_str("</checkstyle>\n");
        let _ = out.write_str(&text);
    }
}
