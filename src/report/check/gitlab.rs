//! Code Quality of GitLab: an array, shown in merge requests.

use super::concise::sentence;
use super::open;
use crate::lint::{Finding, GroupReport, InputError, Severity};
use crate::report::envelope::json;
use crate::report::{Report, Summary};
use serde_json::json as object;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// One entry a finding. GitLab shows only the first of several entries with one fingerprint.
#[derive(Default)]
pub struct Gitlab {
    any: bool,
    seen: HashMap<String, usize>,
}

impl Gitlab {
    /// The fingerprint, with a number where another entry has it already.
    fn unique(&mut self, fingerprint: &str) -> String {
        let times = self.seen.entry(fingerprint.to_owned()).or_default();
        *times += 1;
        if *times == 1 { fingerprint.to_owned() } else { format!("{fingerprint}-{times}") }
    }

    fn put(&mut self, out: &mut String, entry: &serde_json::Value) {
        out.push_str(if self.any { ",\n  " } else { "[\n  " });
        self.any = true;
        out.push_str(&json(entry));
    }

    fn finding(&mut self, out: &mut String, finding: &Finding) {
        let mut words = String::new();
        sentence(&mut words, finding);
        let entry = object!({
            "description": words.replace('\n', " "),
            "check_name": finding.rule,
            "fingerprint": self.unique(&finding.fingerprint),
            "severity": match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Note => "minor",
            },
            "location": {
                "path": finding.file,
                "lines": { "begin": finding.span.start.line, "end": finding.span.end.line },
            },
            "content": { "body": format!("{}\n\n{}", finding.why, finding.help) },
        });
        self.put(out, &entry);
    }

    fn error(&mut self, out: &mut String, error: &InputError) {
        let line = error.span.map_or(1, |span| span.start.line);
        let hash = Sha256::digest(format!("{}\n{}", error.file, error.message));
        let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let entry = object!({
            "description": format!("not judged: {}", error.message),
            "check_name": "input-error",
            "fingerprint": self.unique(&hash),
            "severity": "blocker",
            "location": { "path": error.file, "lines": { "begin": line } },
        });
        self.put(out, &entry);
    }
}

impl Report for Gitlab {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        group.errors.iter().for_each(|e| self.error(out, e));
        open(group).for_each(|f| self.finding(out, f));
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|e| self.error(&mut text, e));
        text.push_str(if self.any { "\n]\n" } else { "[]\n" });
        let _ = out.write_str(&text);
    }
}
