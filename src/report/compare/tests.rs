//! Formats of comparisons: what they hold, and that nothing in them is obeyed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::lint::{Cell, Column, ColumnKind, PackInfo, RuleCell, Severity, SourceInfo, Theme};
use crate::report::Look;
use crate::report::look::Drawing;
use crate::text::{Redactor, Shown};

fn shown(text: &str) -> Shown {
    Redactor::new().show(text)
}

fn column(name: &str) -> Column {
    Column {
        id: shown(name),
        name: shown(name),
        kind: ColumnKind::Declaration,
        platform: Shown::fixed("declaration"),
        version: None,
        as_of: Some(Shown::fixed("2026-11-20")),
    }
}

fn cell(words: &str, mark: Option<Mark>, rank: usize) -> Cell {
    Cell {
        state: Shown::fixed("known"),
        value: serde_json::Value::from(words),
        words: shown(words),
        mark,
        rank,
        status: Some(Footing::Reported),
        read: Some(Shown::fixed("2026-08-22")),
        since: None,
        sources: Vec::new(),
    }
}

/// A fact, a rule, and as many platforms as names; the words of the cells are given.
fn comparison(names: &[&str], words: &[&str]) -> Comparison {
    let last = words.len() - 1;
    let mark = |n| match n {
        0 => Some(Mark::Best),
        _ if n == last => Some(Mark::Worst),
        _ => None,
    };
    let cells = words.iter().enumerate().map(|(n, w)| (!w.is_empty()).then(|| cell(w, mark(n), n))).collect();
    let outcome = |n| RuleCell {
        outcome: Some(if n == 0 { Outcome::Pass } else { Outcome::Fail }),
        qualifiers: if n == 0 { Vec::new() } else { vec![Shown::fixed("direct")] },
        reason: None,
    };
    Comparison {
        packs: vec![PackInfo { id: Shown::fixed("mine"), version: "1".into(), sha256: "0".into() }],
        columns: names.iter().map(|n| column(n)).collect(),
        themes: vec![Theme {
            area: Shown::fixed("encryption"),
            rows: vec![FactRow {
                area: Shown::fixed("encryption"),
                fact: Shown::fixed("encryption.e2ee"),
                title: Shown::fixed("default encryption"),
                qualifiers: vec![Shown::fixed("direct")],
                cells,
            }],
        }],
        rules: vec![RuleRow {
            rule: Shown::fixed("e2ee"),
            title: Shown::fixed("Not encrypted"),
            pack: Shown::fixed("mine"),
            severity: Severity::Warning,
            outcomes: (0..names.len()).map(outcome).collect(),
        }],
    }
}

fn screen(width: Option<usize>) -> Look {
    Look { drawing: Drawing::Unicode, width, ..Look::PLAIN }
}

#[test]
fn few_stand_side_by_side() {
    let text = text(&comparison(&["A", "B"], &["default", "none"]), &screen(Some(60)), false);
    assert!(text.contains("  default encryption,  default ▲     none ▼\n"), "{text}");
    assert!(text.contains("    direct             r 2026-08-22  r 2026-08-22\n"), "{text}");
    assert!(text.contains("warning[e2ee]: Not encrypted\n  fails      B (direct)\n  holds      A\n"), "{text}");
}

#[test]
fn many_are_listed_the_best_first() {
    let names = ["A", "B", "C", "D", "E"];
    let comparison = comparison(&names, &["default", "", "conditional", "opt-in", "none"]);
    let text = text(&comparison, &screen(None), false);
    let at = |words: &str| text.find(words).unwrap_or_else(|| unreachable!("{words} is missing:\n{text}"));
    assert!(at("▲ default      A r") < at("conditional  C r") && at("conditional  C r") < at("▼ none         E r"));
    assert!(!text.contains("B r"), "nobody has confirmed it:\n{text}");
    assert!(text.lines().all(|line| crate::report::columns(line) <= 80), "{text}");
}

#[test]
fn long_names_and_values_stay_within_the_screen() {
    let long = ["deploy/production/matrix/homeserver.yaml#services.chat", "B", "C"];
    let words = ["a-value-of-some-length and-another", "none", "none"];
    for width in [60, 80, 100] {
        let text = text(&comparison(&long, &words), &screen(Some(width)), true);
        let widest = text.lines().map(crate::report::columns).max().unwrap();
        assert!(widest <= width.max(80), "{width}: {widest}\n{text}");
    }
}

#[test]
fn ascii_terminals_get_ascii_marks() {
    let look = Look { drawing: Drawing::Ascii, ..screen(Some(60)) };
    let text = text(&comparison(&["A", "B"], &["default", "none"]), &look, false);
    assert!(text.is_ascii() && text.contains("default +") && text.contains("none -"), "{text}");
}

/// Text that every format has characters for.
const HOSTILE: &str = "=1+1|<script>alert(1)</script>`x`[y](javascript:z)\"'@all ##[error]x section_start:1:x";

fn hostile() -> Comparison {
    let mut comparison = comparison(&[HOSTILE, "B"], &[HOSTILE, "none"]);
    comparison.themes[0].rows[0].title = shown(HOSTILE);
    comparison.rules[0].title = shown(HOSTILE);
    let cell = comparison.themes[0].rows[0].cells[0].as_mut().unwrap();
    cell.since = Some(shown(HOSTILE));
    cell.sources = ["javascript:alert(1)", "https://x.org/\"onclick=alert(1)", "https://x.org/<b>)|"]
        .map(|url| SourceInfo {
            url: Some(shown(url)),
            status: Shown::fixed("reported"),
            read: None,
            dated: Some(shown(HOSTILE)),
            since: None,
            note: Some(shown(HOSTILE)),
        })
        .to_vec();
    comparison
}

#[test]
fn html_obeys_nothing() {
    let page = html(&hostile());
    assert!(
        !page.contains("<script") && !page.contains("javascript:alert(1)\"") && !page.contains("\"onclick"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;"), "{page}");
    assert!(!page.contains("href=\"javascript"), "{page}");
    assert_eq!(page.matches("href=").count(), 2, "{page}");
    for (open, close) in [("<td", "</td>"), ("<tr", "</tr>"), ("<details", "</details>"), ("<table", "</table>")] {
        assert_eq!(page.matches(open).count(), page.matches(close).count(), "{open}");
    }
}

#[test]
fn markdown_obeys_nothing() {
    let page = markdown(&hostile(), true);
    assert!(!page.contains("<script") && !page.replace("\\]", "").contains("](") && !page.contains("@all"), "{page}");
    assert!(!page.contains("<javascript"), "{page}");
    // Every row has as many cells as the head: escaped bars are text.
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(bars(line), 4, "{line}");
    }
}

#[test]
fn csv_has_no_formulas() {
    let text = csv(&hostile());
    for line in text.lines().skip(1) {
        for field in line.split(',') {
            assert!(!field.trim_start_matches('"').starts_with('='), "{line}");
        }
    }
    let columns = csv(&comparison(&["A", "B"], &["default", "none"]));
    assert!(columns.lines().all(|line| line.matches(',').count() == 11), "{columns}");
}

#[test]
fn no_format_holds_commands_of_a_pipeline() {
    let text = text(&hostile(), &screen(Some(80)), true);
    assert!(!text.contains("##["), "{text}");
    let json = json(&hostile(), &[]);
    for printed in [&json, &csv(&hostile()), &html(&hostile()), &markdown(&hostile(), true)] {
        assert!(!printed.contains("##[") && !printed.contains("section_start:"), "{printed}");
    }
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["rows"][0]["cells"][0]["mark"], "best");
    assert_eq!(value["rules"][0]["outcomes"][1]["outcome"], "fail");
}
