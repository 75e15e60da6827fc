//! How often each rule fails: what to begin with in a large repository.

use super::open;
use crate::lint::{GroupReport, Severity, Words};
use crate::report::diagnostic::word_of;
use crate::report::envelope::Envelope;
use crate::report::words::{columns, count, disarm, paragraph};
use crate::report::{Counts, Look, Report, Summary};
use crate::text::Shown;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Findings counted by rule, the commonest first; as a table, or as JSON.
pub struct Statistics {
    look: Look,
    json: bool,
    counts: Counts,
    rules: HashMap<Shown, Row>,
    errors: usize,
    judged: usize,
}

struct Row {
    number: usize,
    worst: Severity,
    files: Vec<Shown>,
    about: Arc<Words>,
}

impl Statistics {
    /// A table in a look.
    pub fn text(look: Look) -> Self {
        Self { look, json: false, counts: Counts::default(), rules: HashMap::new(), errors: 0, judged: 0 }
    }

    /// An object.
    pub fn json() -> Self {
        Self { json: true, ..Self::text(Look::PLAIN) }
    }

    /// By number, then by severity, then by name.
    fn rows(&self) -> Vec<(&Shown, &Row)> {
        let mut rows: Vec<(&Shown, &Row)> = self.rules.iter().collect();
        let order = |row: &Row| (std::cmp::Reverse(row.number), std::cmp::Reverse(row.worst));
        rows.sort_by(|a, b| order(a.1).cmp(&order(b.1)).then_with(|| a.0.cmp(b.0)));
        rows
    }

    fn table(&self) -> String {
        let rows = self.rows();
        let digits = rows.first().map_or(1, |(_, row)| row.number.to_string().len());
        let widest = rows.iter().map(|(id, _)| columns(id.as_ref())).max().unwrap_or_default();
        let mut text = String::new();
        for (id, row) in rows {
            let (ink, word) = word_of(row.worst);
            let mut first = format!("{:>digits$}  ", row.number);
            self.look.paint(&mut first, ink, word);
            let fill = " ".repeat(7_usize.saturating_sub(word.len()));
            first.push_str(&format!("{fill}  {id:widest$}  "));
            let lead = digits + 2 + 7 + 2 + widest + 2;
            paragraph(&mut text, &first, lead, lead, row.about.title.as_ref(), self.look.columns());
        }
        text
    }
}

impl Report for Statistics {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        for finding in open(group) {
            self.counts.add(finding.severity);
            let row = self.rules.entry(finding.rule.clone()).or_insert_with(|| Row {
                number: 0,
                worst: finding.severity,
                files: Vec::new(),
                about: Arc::clone(&finding.about),
            });
            row.number += 1;
            row.worst = row.worst.max(finding.severity);
            // Findings of a file come together.
            if row.files.last() != Some(&finding.file) {
                row.files.push(finding.file.clone());
            }
        }
        self.errors += group.errors.len();
        self.judged += group.deployments.len();
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let errors = self.errors + summary.errors.len();
        if self.json {
            let rows = self.rows().into_iter().map(|(id, row)| {
                crate::report::envelope::entry(&serde_json::json!({
                    "rule": id, "severity": row.worst, "findings": row.number, "files": row.files.len(),
                    "title": row.about.title,
                }))
            });
            let rows: Vec<Box<str>> = rows.collect();
            let mut object = Envelope::begin(out);
            object.list("statistics", rows);
            object.value("errors", &errors);
            object.end();
            return;
        }
        let mut text = self.table();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&if self.judged == 0 { "Nothing was judged.".to_owned() } else { self.counts.words() });
        text.push('\n');
        if errors > 0 {
            text.push_str(&format!(
                "{}: not everything that was given has been judged.\n",
                count(errors, "input error")
            ));
        }
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}
