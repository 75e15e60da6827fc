//! Who asks for a fact that nobody stated: the rules that read it, and the authorities behind them.

use crate::condition::{Expr, Op};
use crate::fact::FactIx;
use crate::rule::{Policy, Rule};

/// More names than this tell a reader nothing.
const MOST: usize = 4;

/// `asked by e2ee-not-default, … (GDPR 25(2), …)`; empty, if no selected rule reads the fact.
pub fn asked_by(policy: &Policy, fact: FactIx) -> String {
    let reads = |rule: &Rule| {
        let mut found = false;
        let mut visit = |e: &Expr| found |= matches!(e.op, Op::Fact { fact: ix, .. } if ix == fact);
        rule.condition().into_iter().chain(&rule.when).for_each(|e| e.walk(&mut visit));
        found
    };
    let rules: Vec<&Rule> = policy.selected.iter().map(|s| &*s.rule).filter(|rule| reads(rule)).collect();
    let names: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let mut controls: Vec<&str> = Vec::new();
    for control in rules.iter().flat_map(|rule| &rule.controls) {
        if !controls.contains(&control.as_str()) {
            controls.push(control);
        }
    }
    match (names.is_empty(), controls.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!("asked by {}", listed(&names)),
        (false, false) => format!("asked by {}; behind them {}", listed(&names), listed(&controls)),
    }
}

fn listed(words: &[&str]) -> String {
    let shown = words.get(..MOST.min(words.len())).unwrap_or_default().join(", ");
    match words.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
