//! The knowledge files hold what they promise: their cases pass, every rule is covered by some, and changing a
//! condition breaks one.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use hushlint::judge::Outcome;
use hushlint::lint::{CaseReport, Knowledge, embedded_all, mutants, parsed, run_cases};
use hushlint::report::listing::{Coverage, Shelf, coverage};
use hushlint::syntax::Document;
use std::collections::BTreeMap;
use std::sync::Arc;

fn documents() -> Vec<Arc<Document>> {
    embedded_all().filter(|(_, text)| text.contains("[[case]]")).map(|(path, text)| parsed(path, text)).collect()
}

fn report() -> CaseReport {
    run_cases(&Knowledge::built_in().unwrap(), &documents()).unwrap()
}

#[test]
fn cases_hold_and_cover_every_rule() {
    let report = report();
    let wrong: Vec<String> = report
        .cases
        .iter()
        .filter(|case| !case.failures.is_empty())
        .map(|case| format!("{}:{}: {}: {}", case.file, case.line, case.name, case.failures.join("; ")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(report.uncovered.is_empty(), "rules without a case: {:?}", report.uncovered);
}

#[test]
fn mutated_conditions_are_noticed() {
    let found = mutants(&Knowledge::built_in().unwrap(), &documents()).unwrap();
    let mut by_rule: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for survivor in &found.survivors {
        by_rule.entry(&survivor.rule).or_default().push(&survivor.change);
    }
    let caught = found.caught();
    println!("{} changes of conditions, {}.{} % noticed", found.tried, caught / 10, caught % 10);
    for (rule, changes) in &by_rule {
        println!("  {rule}: {}", changes.join("; "));
    }
    assert!(found.tried > 500, "only {} changes were tried", found.tried);
    assert!(caught >= 950, "only {}.{} % of them were noticed", caught / 10, caught % 10);
}

/// What the table in docs/coverage.md calls fixed or unknown is so in every case of that platform.
#[test]
fn coverage_agrees_with_the_cases() {
    let shelf = Shelf::load().unwrap();
    let report = report();
    let mut judged = 0;
    let mut wrong = Vec::new();
    for loaded in shelf.platforms() {
        for rule in &shelf.knowledge.catalogue.rules {
            let cell = coverage(&shelf.knowledge.facts, &loaded.platform, rule);
            for case in report.cases.iter().filter(|c| c.platform.as_deref() == Some(&loaded.platform.id)) {
                let outcome = case.outcomes.iter().find(|(id, _)| *id == rule.id).map(|(_, outcome)| *outcome);
                let fits = match (cell, outcome) {
                    // What a case leaves in a file that it lacks is undecided there.
                    (Coverage::Fixed(fixed), Some(outcome)) => fixed == outcome || outcome == Outcome::Unknown,
                    (Coverage::Unknown, Some(outcome)) => outcome == Outcome::Unknown,
                    _ => true,
                };
                judged += 1;
                if !fits {
                    wrong.push(format!(
                        "{} on {}: {cell:?}, {outcome:?} in {}",
                        rule.id, loaded.platform.name, case.name
                    ));
                }
            }
        }
    }
    assert!(judged > 10_000, "only {judged} outcomes were compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
