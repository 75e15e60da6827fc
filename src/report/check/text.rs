//! Findings for people: excerpts as they come, then what they come to.

use super::closing::{Closing, Detail};
use crate::lint::{DeploymentInfo, Finding, GroupReport, InputError, Label, Outcome, Range, Role};
use crate::report::diagnostic::{Diagnostic, Painter, Place, Remark};
use crate::report::excerpt::Mark;
use crate::report::look::{Ink, Look};
use crate::report::words::{columns, disarm, paragraph};
use crate::report::{Report, Summary, is_nowhere};
use crate::text::{DisplaySource, Shown, Span};
use std::fmt;

/// The report on a terminal, or the same words in a pipe.
pub struct Text {
    painter: Painter,
    closing: Closing,
    begun: bool,
}

impl Text {
    /// A report in a look.
    pub fn new(look: Look) -> Self {
        Self { painter: Painter::new(look), closing: Closing::default(), begun: false }
    }

    /// The same, with less or more at its end.
    pub fn with(mut self, detail: Detail) -> Self {
        self.closing.detail = detail;
        self
    }

    /// One blank line between blocks, none before the first.
    fn separate(&mut self, out: &mut String) {
        if self.begun {
            out.push('\n');
        }
        self.begun = true;
    }

    /// What no setting of the platform can mend: told once, in one list.
    fn fixed(&mut self, out: &mut String, group: &GroupReport, deployment: &DeploymentInfo) {
        let fixed: Vec<&Finding> = group
            .findings
            .iter()
            .filter(|f| f.fixed && f.suppressed.is_none() && f.deployment == deployment.id)
            .collect();
        if fixed.is_empty() {
            return;
        }
        self.separate(out);
        let look = self.painter.look;
        let mut label = String::new();
        look.paint(&mut label, Ink::Note, "note");
        label.push_str(": ");
        let words = format!("what {} cannot do, whatever is set ({})", deployment.name, deployment.id);
        paragraph(out, &label, 6, 2, &words, look.columns());
        for finding in fixed {
            paragraph(out, "  - ", 4, 4, &format!("{} [{}]", finding.message, finding.rule), look.columns());
        }
    }

    /// Every outcome, if the run was asked for them.
    fn results(&mut self, out: &mut String, group: &GroupReport, deployment: &DeploymentInfo) {
        let of = |outcome: Outcome| {
            group.results.iter().filter(move |r| r.outcome == outcome && r.deployment == deployment.id)
        };
        if group.results.iter().all(|r| r.deployment != deployment.id) {
            return;
        }
        self.separate(out);
        let limit = self.painter.look.columns();
        paragraph(out, "", 0, 2, &format!("{}: all outcomes", deployment.id), limit);
        for (outcome, title) in [(Outcome::Fail, "fails"), (Outcome::Pass, "holds")] {
            let rules: Vec<&str> = of(outcome).map(|r| r.rule.as_ref()).collect();
            if !rules.is_empty() {
                let first = format!("  {title}: ");
                paragraph(out, &first, columns(&first), 4, &rules.join(", "), limit);
            }
        }
        for (outcome, title) in [(Outcome::Unknown, "undecided"), (Outcome::NotApplicable, "does not apply")] {
            for result in of(outcome) {
                let reason = result.reason.as_ref().map(|r| format!(": {r}")).unwrap_or_default();
                let words = format!("{title}: {}{reason}", result.rule);
                paragraph(out, "  ", 2, 4, &words, limit);
            }
        }
    }
}

impl Report for Text {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        for error in &group.errors {
            self.separate(out);
            write_error(&self.painter, out, error, &group.sources);
        }
        for finding in group.findings.iter().filter(|f| !f.fixed && f.suppressed.is_none()) {
            self.separate(out);
            write_finding(&self.painter, out, finding, &group.sources);
        }
        for deployment in &group.deployments {
            self.fixed(out, group, deployment);
            self.results(out, group, deployment);
        }
        self.closing.add(group);
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        for error in &summary.errors {
            self.separate(&mut text);
            write_error(&self.painter, &mut text, error, &[]);
        }
        let mut end = String::new();
        self.closing.write(&mut end, summary, &self.painter.look);
        if !end.is_empty() {
            self.separate(&mut text);
            text.push_str(&end);
        }
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}

type Sources = [(Shown, std::sync::Arc<DisplaySource>)];

fn source_of<'a>(sources: &'a Sources, file: &Shown) -> Option<&'a DisplaySource> {
    sources.iter().find(|(name, _)| name == file).map(|(_, source)| source.as_ref())
}

/// A label at a range of a file.
fn mark<'a>(source: Option<&DisplaySource>, range: &Range, wide: Option<Span>, text: &'a str) -> Mark<'a> {
    let shown = |span: Span| source.map_or(span, |s| s.map(span));
    Mark {
        span: shown(wide.unwrap_or(range.bytes)),
        narrow: shown(range.bytes),
        place: (range.start.line as usize, range.start.column as usize),
        text,
        primary: false,
    }
}

fn write_finding(painter: &Painter, out: &mut String, finding: &Finding, sources: &Sources) {
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut remarks: Vec<Remark<'_>> = Vec::new();
    for label in &finding.labels {
        match label.span.as_ref().filter(|range| !is_nowhere(range)) {
            Some(range) => add_label(&mut places, sources, label, range),
            None => match remarks.iter_mut().find(|r| r.file == label.file.as_ref()) {
                Some(remark) => remark.words.push(label.text.as_ref()),
                None => remarks.push(Remark { file: label.file.as_ref(), words: vec![label.text.as_ref()] }),
            },
        }
    }
    if places.is_empty() && remarks.is_empty() {
        let source = source_of(sources, &finding.file);
        let only = Mark { primary: true, ..mark(source, &finding.span, None, "") };
        places.push(Place { file: finding.file.as_ref(), source, marks: vec![only] });
    }
    let instances: Vec<&str> = finding.instances.iter().map(AsRef::as_ref).collect();
    if !instances.is_empty() {
        remarks.push(Remark { file: "holds for", words: instances });
    }
    let diagnostic = Diagnostic {
        severity: finding.severity,
        rule: Some((finding.rule.as_ref(), finding.url.as_ref())),
        message: finding.message.as_ref(),
        remarks_first: finding.labels.first().is_some_and(|l| l.span.as_ref().is_none_or(is_nowhere)),
        places,
        remarks,
        help: Some(finding.help.as_ref()),
    };
    painter.write(out, &diagnostic);
}

fn add_label<'a>(places: &mut Vec<Place<'a>>, sources: &'a Sources, label: &'a Label, range: &Range) {
    let source = source_of(sources, &label.file);
    let primary = label.role == Role::Primary;
    let mark = Mark { primary, ..mark(source, range, label.wide, label.text.as_ref()) };
    match places.iter_mut().find(|p| p.file == label.file.as_ref()) {
        Some(place) => place.marks.push(mark),
        None => places.push(Place { file: label.file.as_ref(), source, marks: vec![mark] }),
    }
}

/// An input that could not be read: an error with its place, if it has one.
pub fn write_error(painter: &Painter, out: &mut String, error: &InputError, sources: &Sources) {
    let source = source_of(sources, &error.file);
    let mut marks = Vec::new();
    let mut message = error.message.to_string();
    match &error.span {
        Some(range) => marks.push(Mark { primary: true, ..mark(source, range, None, "") }),
        None => message = format!("{}: {message}", error.file),
    }
    marks.extend(error.labels.iter().map(|(range, text)| mark(source, range, None, text.as_ref())));
    let places = if marks.is_empty() { Vec::new() } else { vec![Place { file: error.file.as_ref(), source, marks }] };
    painter.write(
        out,
        &Diagnostic {
            severity: crate::lint::Severity::Error,
            rule: None,
            message: &message,
            places,
            remarks: Vec::new(),
            remarks_first: false,
            help: error.help.as_ref().map(AsRef::as_ref),
        },
    );
}
