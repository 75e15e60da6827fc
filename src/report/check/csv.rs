//! A row a finding, for a spreadsheet. Texts come from whoever wrote the files: none of them is a formula.

use super::word;
use crate::lint::{Finding, GroupReport, InputError};
use crate::report::words::disarm;
use crate::report::{Report, Summary};
use crate::text::Shown;
use std::fmt;

/// The columns; programs go by these names.
const COLUMNS: [&str; 23] = [
    "severity",
    "rule",
    "message",
    "file",
    "line",
    "column",
    "deployment",
    "setting",
    "fact",
    "qualifier",
    "value",
    "origin",
    "confidence",
    "why",
    "help",
    "controls",
    "url",
    "fingerprint",
    "hosts",
    "fixed",
    "suppressed",
    "reason",
    "until",
];

/// Findings as RFC 4180 has it: all of them, what is waived or cannot be mended too, each told as what it is. An
/// input that could not be read is a row without a rule.
#[derive(Default)]
pub struct Csv {}

/// A cell. Spreadsheets take what begins with one of a few characters for a formula; an apostrophe before it says
/// that it is text. Some pass over blanks before they look.
fn cell(out: &mut String, text: &str) {
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\n']);
    let blank = text.starts_with(' ') || text.ends_with(' ');
    if !(formula || blank || text.contains(['"', ',', ';', '\n', '\t'])) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

fn row(out: &mut String, cells: &[&str; COLUMNS.len()]) {
    for (number, text) in cells.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// A list in one cell.
fn joined(list: &[Shown]) -> String {
    list.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("; ")
}

fn text(shown: Option<&Shown>) -> &str {
    shown.map(AsRef::as_ref).unwrap_or_default()
}

fn finding(out: &mut String, finding: &Finding) {
    let value = match &finding.value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let suppressed = finding.suppressed.as_ref();
    let cells = [
        finding.severity.name(),
        finding.rule.as_ref(),
        finding.message.as_ref(),
        finding.file.as_ref(),
        &finding.span.start.line.to_string(),
        &finding.span.start.column.to_string(),
        finding.deployment.as_ref(),
        text(finding.setting.as_ref()),
        text(finding.fact.as_ref()),
        &joined(&finding.qualifier),
        &value,
        &word(&finding.origin),
        &word(&finding.confidence),
        finding.why.as_ref(),
        finding.help.as_ref(),
        &joined(&finding.controls),
        finding.url.as_ref(),
        &finding.fingerprint,
        &joined(&finding.instances),
        if finding.fixed { "yes" } else { "no" },
        text(suppressed.map(|s| &s.kind)),
        text(suppressed.map(|s| &s.reason)),
        text(suppressed.and_then(|s| s.until.as_ref())),
    ];
    row(out, &cells);
}

fn error(out: &mut String, error: &InputError) {
    let start = error.span.map(|span| span.start);
    let number = |of: fn(crate::text::Position) -> u32| start.map(|p| of(p).to_string()).unwrap_or_default();
    let mut cells = [""; COLUMNS.len()];
    let (line, column) = (number(|p| p.line), number(|p| p.column));
    let told = ["error", "", error.message.as_ref(), error.file.as_ref(), &line, &column];
    cells.iter_mut().zip(told).for_each(|(cell, text)| *cell = text);
    row(out, &cells);
}

impl Report for Csv {
    fn begin(&mut self, out: &mut String) {
        row(out, &COLUMNS);
    }

    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        group.errors.iter().for_each(|e| error(out, e));
        group.findings.iter().for_each(|f| finding(out, f));
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|e| error(&mut text, e));
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    proptest::proptest! {
        /// A reader gets every text as it was, and none that a spreadsheet would calculate.
        #[test]
        fn cells_come_back(texts in proptest::collection::vec("([a-z,;\"\n =+@'-]|\t|é){0,12}", COLUMNS.len())) {
            let mut cells = [""; COLUMNS.len()];
            cells.iter_mut().zip(&texts).for_each(|(cell, text)| *cell = text);
            let mut out = String::new();
            row(&mut out, &cells);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            proptest::prop_assert_eq!(record.len(), COLUMNS.len());
            for (got, wanted) in record.iter().zip(&texts) {
                proptest::prop_assert!(!got.trim_start().starts_with(['=', '+', '-', '@']) && !got.starts_with(['\t', '\n']), "{got:?}");
                proptest::prop_assert_eq!(got.strip_prefix('\'').filter(|_| !wanted.starts_with('\'')).unwrap_or(got), wanted);
            }
        }
    }
}
