//! The rules that fail for one of the platforms.

use super::Side;
use crate::judge::Outcome;
use crate::lint::options::Linter;
use crate::lint::report::{Finding, Severity};
use crate::platform::EventKind;
use crate::rule::Check;
use crate::text::Shown;
use serde::Serialize;

/// A rule that fails for one of the platforms.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRow {
    /// The rule.
    pub rule: Shown,
    /// The problem in a few words.
    pub title: Shown,
    /// The pack whose severity holds.
    pub pack: Shown,
    /// The severity.
    pub severity: Severity,
    /// An outcome a column.
    pub outcomes: Vec<RuleCell>,
}

/// What a rule comes to on one platform.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCell {
    /// The verdict; `None`: the rule is about another platform's settings.
    pub outcome: Option<Outcome>,
    /// The kinds of conversation, or the people, that it fails for; none: it does not tell them apart.
    pub qualifiers: Vec<Shown>,
    /// Why it could not be decided, or does not apply.
    pub reason: Option<Shown>,
}

/// The rules that fail for one of the platforms, the severest first, else in the order of the catalogue.
pub(super) fn rows(linter: &Linter, sides: &[Side<'_>]) -> Vec<RuleRow> {
    let mut rows: Vec<RuleRow> = Vec::new();
    for (n, side) in sides.iter().enumerate() {
        let policy = linter.policy(linter.knowledge.find_platform(side.about.platform.as_str()));
        for selected in &policy.selected {
            // That a platform is silent is what the blanks say already.
            if matches!(selected.rule.check, Check::Event(EventKind::Undeclared)) {
                continue;
            }
            let fails = side.results.get(selected.shown.id.as_str()).is_some_and(|r| r.outcome == Outcome::Fail);
            if !fails || rows.iter().any(|row| row.rule == selected.shown.id) {
                continue;
            }
            let at = |other: &RuleRow| place(linter, n, sides, other);
            let row = RuleRow {
                rule: selected.shown.id.clone(),
                title: Linter::shown(&selected.rule.title),
                pack: selected.shown.pack.clone(),
                severity: selected.severity,
                outcomes: sides.iter().map(|side| cell(side, &selected.shown.id)).collect(),
            };
            let own = at(&row);
            let before = rows.iter().take_while(|other| at(other) <= own).count();
            rows.insert(before, row);
        }
    }
    rows
}

/// Where a rule belongs: by severity, then by its place among the selected.
fn place(linter: &Linter, n: usize, sides: &[Side<'_>], row: &RuleRow) -> (std::cmp::Reverse<Severity>, usize) {
    let platform = sides.get(n).and_then(|s| linter.knowledge.find_platform(s.about.platform.as_str()));
    let policy = linter.policy(platform);
    let at = policy.selected.iter().position(|s| s.shown.id == row.rule).unwrap_or(usize::MAX);
    (std::cmp::Reverse(row.severity), at)
}

fn cell(side: &Side<'_>, rule: &Shown) -> RuleCell {
    let result = side.results.get(rule.as_str());
    let of = |f: &&Finding| f.rule == *rule && f.is_of(&side.about.id);
    let mut qualifiers: Vec<Shown> = Vec::new();
    for word in side.report.findings.iter().filter(of).flat_map(|f| &f.qualifier) {
        if !qualifiers.contains(word) {
            qualifiers.push(word.clone());
        }
    }
    RuleCell { outcome: result.map(|r| r.outcome), qualifiers, reason: result.and_then(|r| r.reason.clone()) }
}
