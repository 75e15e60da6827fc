//! A comment on a pull request: the worst first, and never longer than a comment may be.

use super::concise::sentence;
use super::{heading, open};
use crate::lint::{Finding, GroupReport, InputError, Outcomes, Severity};
use crate::report::markdown::{code, inline};
use crate::report::words::{count, disarm};
use crate::report::{Counts, Report, Summary};
use crate::text::Shown;
use std::collections::HashMap;
use std::fmt::{self, Write};

/// Hosts take 65,536 characters; what follows the table needs some of them.
const TABLE: usize = 48_000;
/// Deployments that are told with their four subjects, and reasons that are told.
const DEPLOYMENTS: usize = 10;
const REASONS: usize = 20;
/// A cell is to be read, not searched.
const CELL: usize = 2_000;

/// A table of findings, the worst first; deployments and what could not be decided below it.
#[derive(Default)]
pub struct Markdown {
    counts: Counts,
    rows: Vec<(Severity, Box<str>)>,
    errors: Vec<Box<str>>,
    deployments: Vec<String>,
    judged: usize,
    fixed: usize,
    suppressed: usize,
    outcomes: Outcomes,
    reasons: HashMap<Shown, usize>,
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn place(out: &mut String, file: &str, line: Option<u32>) {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    code(out, &cut(&format!("{file}{line}")));
}

fn row(finding: &Finding) -> Box<str> {
    let mut out = String::from("| ");
    out.push_str(finding.severity.name());
    out.push_str(" | ");
    place(&mut out, finding.file.as_ref(), Some(finding.span.start.line));
    out.push_str(" | ");
    let mut words = String::new();
    sentence(&mut words, finding);
    inline(&mut out, &cut(&words));
    out.push_str("<br>");
    rule(&mut out, finding);
    out.push_str(" | ");
    inline(&mut out, &cut(finding.help.as_ref()));
    out.push_str(" |\n");
    out.into_boxed_str()
}

/// The rule's id, linked to its page if the address is one that cannot end the link.
fn rule(out: &mut String, finding: &Finding) {
    let url = finding.url.as_ref();
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':');
    let linked = url.starts_with("https://") && url.chars().all(safe);
    if linked {
        out.push('[');
    }
    code(out, finding.rule.as_ref());
    if linked {
        let _ = write!(out, "]({url})");
    }
}

fn error_line(error: &InputError) -> Box<str> {
    let mut out = String::from("- ");
    place(&mut out, error.file.as_ref(), error.span.map(|span| span.start.line));
    out.push_str(": ");
    inline(&mut out, &cut(error.message.as_ref()));
    out.push('\n');
    out.into_boxed_str()
}

impl Markdown {
    /// As many rows as fit, and how many did not.
    fn table(&self, out: &mut String) {
        let mut rows: Vec<&(Severity, Box<str>)> = self.rows.iter().collect();
        rows.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        out.push_str("|  | where | what | how to mend it |\n| --- | --- | --- | --- |\n");
        let (mut used, mut left) = (0, 0);
        for (_, row) in rows {
            let length = row.chars().count();
            if used + length > TABLE {
                left += 1;
                continue;
            }
            used += length;
            out.push_str(row);
        }
        if left > 0 {
            let _ = writeln!(out, "\n{} more: there is no room for them in a comment.", count(left, "finding"));
        }
    }

    fn subjects(&self, out: &mut String) {
        for text in &self.deployments {
            out.push('\n');
            out.push_str(text);
        }
        if self.judged > self.deployments.len() {
            let more = self.judged - self.deployments.len();
            let _ = writeln!(out, "\n{} more.", count(more, "deployment"));
        }
    }

    fn undecided(&self, out: &mut String) {
        if self.outcomes.unknown == 0 {
            return;
        }
        let total = self.outcomes.unknown;
        let _ = writeln!(out, "\n<details><summary>{} could not be decided</summary>\n", count(total, "outcome"));
        let mut reasons: Vec<(&Shown, usize)> = self.reasons.iter().map(|(reason, times)| (reason, *times)).collect();
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        for (reason, times) in reasons.iter().take(REASONS) {
            let _ = write!(out, "- {times}: ");
            inline(out, reason.as_ref());
            out.push('\n');
        }
        let others: usize = reasons.iter().skip(REASONS).map(|(_, times)| times).sum();
        if others > 0 {
            let _ = writeln!(out, "- {others}: other reasons");
        }
        out.push_str("\n</details>\n");
    }
}

impl Report for Markdown {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        self.errors.extend(group.errors.iter().map(error_line));
        for finding in open(group) {
            self.counts.add(finding.severity);
            self.rows.push((finding.severity, row(finding)));
        }
        self.suppressed += group.findings.iter().filter(|f| f.suppressed.is_some()).count();
        self.fixed += group.findings.iter().filter(|f| f.fixed && f.suppressed.is_none()).count();
        self.outcomes.add(&group.outcomes);
        for unknown in &group.unknown {
            *self.reasons.entry(unknown.reason.clone()).or_default() += 1;
        }
        self.judged += group.deployments.len();
        for deployment in &group.deployments {
            if self.deployments.len() == DEPLOYMENTS {
                break;
            }
            let mut text = String::new();
            code(&mut text, &cut(&heading(deployment)));
            text.push('\n');
            for (number, (title, value)) in deployment.subjects.iter().enumerate() {
                text.push_str(if number == 0 { "\n" } else { "" });
                text.push_str("- ");
                inline(&mut text, title.as_ref());
                text.push_str(": ");
                inline(&mut text, &cut(value.as_ref()));
                text.push('\n');
            }
            self.deployments.push(text);
        }
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.errors.extend(summary.errors.iter().map(error_line));
        let words = match self.counts.words() {
            _ if self.judged == 0 => "nothing was judged".to_owned(),
            words => words.trim_end_matches('.').replacen("No f", "no f", 1),
        };
        let mut text = format!("### hushlint: {words}\n");
        if !self.rows.is_empty() {
            text.push('\n');
            self.table(&mut text);
        }
        if !self.errors.is_empty() {
            let number = count(self.errors.len(), "input");
            let _ = writeln!(text, "\nNot everything was judged; {number} could not be read:\n");
            self.errors.iter().take(REASONS).for_each(|line| text.push_str(line));
            if let Some(more) = self.errors.len().checked_sub(REASONS).filter(|more| *more > 0) {
                let _ = writeln!(text, "- and {more} more");
            }
        }
        self.subjects(&mut text);
        let mut rest = Vec::new();
        if self.judged > 0 {
            let (pass, not) = (self.outcomes.pass, self.outcomes.not_applicable);
            let hold = if pass == 1 { "holds" } else { "hold" };
            rest.push(format!("{} {hold}", count(pass, "rule")));
            rest.push(format!("{not} {} not apply", if not == 1 { "does" } else { "do" }));
        }
        let also = [
            (self.fixed, "that no setting can mend"),
            (self.suppressed, "hidden by a waiver or the baseline"),
            (summary.hidden, "below `--min-severity`"),
        ];
        let told = also.iter().filter(|(number, _)| *number > 0);
        rest.extend(told.map(|(number, words)| format!("{} {words}", count(*number, "finding"))));
        if !rest.is_empty() {
            let _ = writeln!(text, "\n{}.", rest.join("; "));
        }
        self.undecided(&mut text);
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}
