//! Workflow commands of GitHub Actions: a line each, shown beside the code of a pull request.

use super::concise::sentence;
use super::open;
use crate::lint::{Finding, GroupReport, InputError, Range, Severity};
use crate::report::words::disarm;
use crate::report::{Report, Summary};
use std::fmt::{self, Write};

/// `::error file=…,line=…,col=…,title=…::message`. GitHub shows the first ten of each kind and step.
#[derive(Default)]
pub struct Github {}

/// What stands behind the last `::`: a line break or a `%` would end or change it.
fn message(out: &mut String, text: &str) {
    let mut safe = text.to_owned();
    disarm(&mut safe, 0);
    escape(out, &safe, false);
}

/// A property's value, which a comma or a colon would end as well.
fn property(out: &mut String, name: &str, text: &str) {
    let mut safe = text.to_owned();
    disarm(&mut safe, 0);
    out.push_str(name);
    out.push('=');
    escape(out, &safe, true);
}

fn escape(out: &mut String, text: &str, property: bool) {
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if property => out.push_str("%3A"),
            ',' if property => out.push_str("%2C"),
            c => out.push(c),
        }
    }
}

fn command(out: &mut String, severity: Severity, file: &str, span: Option<&Range>, title: &str, text: &str) {
    out.push_str(match severity {
        Severity::Error => "::error ",
        Severity::Warning => "::warning ",
        Severity::Note => "::notice ",
    });
    property(out, "file", file);
    if let Some(Range { start, end, .. }) = span {
        let _ = write!(out, ",line={},col={}", start.line, start.column);
        // GitHub refuses columns over several lines, and an end that is not behind its beginning.
        if end.line > start.line {
            let _ = write!(out, ",endLine={}", end.line);
        } else if end.column > start.column {
            let _ = write!(out, ",endLine={},endColumn={}", end.line, end.column);
        }
    }
    out.push(',');
    property(out, "title", title);
    out.push_str("::");
    message(out, text);
    out.push('\n');
}

fn finding(out: &mut String, finding: &Finding) {
    let mut words = String::new();
    sentence(&mut words, finding);
    words.push('\n');
    words.push_str(finding.help.as_ref());
    let title = format!("hushlint: {}", finding.rule);
    command(out, finding.severity, finding.file.as_ref(), Some(&finding.span), &title, words.trim_end());
}

fn error(out: &mut String, error: &InputError) {
    let title = "hushlint: not everything was judged";
    command(out, Severity::Error, error.file.as_ref(), error.span.as_ref(), title, error.message.as_ref());
}

impl Report for Github {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        group.errors.iter().for_each(|e| error(out, e));
        open(group).for_each(|f| finding(out, f));
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|e| error(&mut text, e));
        let _ = out.write_str(&text);
    }
}

/// The report for people, and the commands after it.
pub struct Annotated {
    text: super::Text,
    github: Github,
    commands: String,
}

impl Annotated {
    /// Both, on one output.
    pub fn new(text: super::Text) -> Self {
        Self { text, github: Github::default(), commands: String::new() }
    }
}

impl Report for Annotated {
    fn begin(&mut self, out: &mut String) {
        self.text.begin(out);
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        self.text.group(out, group);
        self.github.group(&mut self.commands, group);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.text.finish(out, summary);
        self.github.finish(&mut self.commands, summary);
        if !self.commands.is_empty() {
            let _ = out.write_str("\n");
            let _ = out.write_str(&self.commands);
        }
    }
}
