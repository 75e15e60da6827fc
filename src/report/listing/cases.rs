//! `hushlint test`: which cases of rule packs hold.

use crate::lint::{CaseReport, CaseResult, Mutants};
use crate::report::envelope::{Envelope, json as line};
use crate::report::look::{Ink, Look};
use crate::report::words::{count, disarm, list, paragraph};
use serde_json::json as object;

/// Failed cases with what differs, rules that lack a kind of case, counts.
pub fn cases(report: &CaseReport, mutants: Option<&Mutants>, look: &Look) -> String {
    let mut out = String::new();
    let failed: Vec<&CaseResult> = report.cases.iter().filter(|case| !case.failures.is_empty()).collect();
    for case in &failed {
        look.paint(&mut out, Ink::Error, "failed");
        let words = format!(" {}:{}: {}\n", case.file, case.line, case.name);
        out.push_str(&words);
        for failure in &case.failures {
            paragraph(&mut out, "  ", 2, 4, failure, look.columns());
        }
    }
    for (rule, missing) in &report.uncovered {
        let words = format!("{rule} has no case for: {}", list(missing));
        paragraph(&mut out, "", 0, 2, &words, look.columns());
    }
    for survivor in mutants.iter().flat_map(|m| &m.survivors) {
        let words = format!("{}: no case notices this change: {}", survivor.rule, survivor.change);
        paragraph(&mut out, "", 0, 2, &words, look.columns());
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let ink = if failed.is_empty() { Ink::Good } else { Ink::Error };
    let words = if failed.is_empty() {
        format!("{}, all hold.", count(report.cases.len(), "case"))
    } else {
        format!("{}, {} failed.", count(report.cases.len(), "case"), failed.len())
    };
    look.paint(&mut out, ink, &words);
    out.push('\n');
    if let Some(mutants) = mutants {
        let caught = mutants.caught();
        let words = format!(
            "{} of conditions tried, {}.{} % noticed.",
            count(mutants.tried, "change"),
            caught / 10,
            caught % 10
        );
        paragraph(&mut out, "", 0, 0, &words, look.columns());
    }
    disarm(&mut out, 0);
    out
}

/// The same as JSON: every case.
pub fn cases_json(report: &CaseReport, mutants: Option<&Mutants>) -> String {
    let cases = report.cases.iter().map(|case| {
        line(&object!({
            "file": case.file, "line": case.line, "name": case.name, "passed": case.failures.is_empty(), "failures": case.failures,
        }))
    });
    let uncovered = report.uncovered.iter().map(|(rule, missing)| line(&object!({ "rule": rule, "missing": missing })));
    let mut out = String::new();
    let mut envelope = Envelope::begin(&mut out);
    envelope.list("cases", cases);
    envelope.list("uncovered", uncovered);
    if let Some(mutants) = mutants {
        let survivors = mutants.survivors.iter().map(|s| line(&object!({ "rule": s.rule, "change": s.change })));
        envelope.value("changes_tried", &mutants.tried);
        envelope.list("changes_unnoticed", survivors);
    }
    envelope.end();
    out
}
