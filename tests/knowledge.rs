//! The knowledge files hold what they promise: their cases pass, every rule is covered by some, and changing a
//! condition breaks one.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use hushlint::condition::{Expr, Op};
use hushlint::judge::Outcome;
use hushlint::lint::{CaseReport, Knowledge, embedded_all, mutants, parsed, run_cases};
use hushlint::platform::expressions;
use hushlint::report::listing::{Coverage, Shelf, coverage};
use hushlint::rule::Rule;
use hushlint::syntax::Document;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

fn documents() -> Vec<Arc<Document>> {
    let holds = |text: &str| text.contains("[[case]]") || text.contains("[[rule]]");
    embedded_all().filter(|(_, text)| holds(text)).map(|(path, text)| parsed(path, text)).collect()
}

/// All cases, run once for all tests.
fn report() -> &'static CaseReport {
    static REPORT: OnceLock<CaseReport> = OnceLock::new();
    REPORT.get_or_init(|| run_cases(&Knowledge::built_in().unwrap(), &documents()).unwrap())
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

fn rules(shelf: &Shelf) -> Vec<Arc<Rule>> {
    let traps = shelf.platforms().into_iter().flat_map(|loaded| loaded.rules.clone());
    let mut all: Vec<Arc<Rule>> = shelf.knowledge.catalogue.rules.iter().cloned().chain(traps).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all.dedup_by(|a, b| a.id == b.id);
    all
}

#[test]
fn every_fact_is_read() {
    let shelf = Shelf::load().unwrap();
    let facts = &shelf.knowledge.facts;
    let mut read = BTreeSet::new();
    let mut note = |expr: &Expr| {
        expr.walk(&mut |e| {
            if let Op::Fact { fact, .. } | Op::Places(fact) = e.op {
                read.insert(fact);
            }
        });
    };
    for rule in rules(&shelf) {
        rule.condition().into_iter().chain(&rule.when).chain(&rule.each).for_each(&mut note);
    }
    facts.derived.values().flatten().flat_map(expressions).for_each(&mut note);
    let idle: Vec<&str> = facts
        .vocabulary
        .facts()
        .filter(|(ix, fact)| !fact.context && !read.contains(ix))
        .map(|(_, fact)| fact.id.as_str())
        .collect();
    assert!(idle.is_empty(), "no rule reads {}", idle.join(", "));
}

#[test]
fn rules_packs_controls_and_evidence_fit() {
    let shelf = Shelf::load().unwrap();
    let mut wrong = Vec::new();
    let frameworks = shelf.frameworks();
    let controls: BTreeSet<String> =
        frameworks.iter().flat_map(|f| f.controls.iter().map(|c| format!("{}:{}", f.id, c.id))).collect();
    let count: usize = frameworks.iter().map(|f| f.controls.len()).sum();
    if count != controls.len() {
        wrong.push("a control stands twice in its framework".to_owned());
    }
    let evidence = shelf.knowledge.evidence().unwrap();
    for rule in rules(&shelf) {
        let id = &rule.id;
        if !shelf.packs.iter().any(|p| p.selects.iter().any(|s| s.rule == *id)) {
            wrong.push(format!("{id} is in no pack"));
        }
        wrong.extend(rule.controls.iter().filter(|c| !controls.contains(*c)).map(|c| format!("{id}: no control {c}")));
        let unknown = rule.evidence.iter().filter(|e| !evidence.iter().any(|known| known.id == **e));
        wrong.extend(unknown.map(|e| format!("{id}: no evidence {e}")));
        if rule.life.since.is_empty() {
            wrong.push(format!("{id} says not since when it is there"));
        }
        if rule.why.is_empty() || rule.fix.is_empty() {
            wrong.push(format!("{id} lacks `why` or `fix`"));
        }
    }
    for one in &evidence {
        if !rules(&shelf).iter().any(|r| r.evidence.contains(&one.id)) {
            wrong.push(format!("no rule names the evidence {}", one.id));
        }
    }
    for pack in &shelf.packs {
        for select in &pack.selects {
            let rule = rules(&shelf).into_iter().find(|r| r.id == select.rule);
            if rule.is_some_and(|r| r.life.deprecated.is_some()) {
                wrong.push(format!("{} selects {}, which is deprecated", pack.id, select.rule));
            }
            if select.source.is_empty() {
                wrong.push(format!("{} gives no source for {}", pack.id, select.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the table in docs/coverage.md calls fixed or unknown is so in every case of that platform.
#[test]
fn coverage_agrees_with_the_cases() {
    let shelf = Shelf::load().unwrap();
    let report = report();
    let mut judged = 0;
    let mut wrong = Vec::new();
    for loaded in shelf.platforms() {
        let cells: BTreeMap<&str, Coverage> = shelf
            .knowledge
            .catalogue
            .rules
            .iter()
            .map(|rule| (rule.id.as_str(), coverage(&shelf.knowledge.facts, &loaded.platform, rule)))
            .collect();
        for case in report.cases.iter().filter(|c| c.platform.as_deref() == Some(&loaded.platform.id)) {
            for (rule, outcome) in &case.outcomes {
                let Some(cell) = cells.get(rule.as_str()) else { continue };
                let fits = match cell {
                    // What a case leaves in a file that it lacks is undecided there.
                    Coverage::Fixed(fixed) => fixed == outcome || *outcome == Outcome::Unknown,
                    Coverage::Unknown => *outcome == Outcome::Unknown,
                    _ => true,
                };
                judged += 1;
                if !fits {
                    wrong.push(format!("{rule} on {}: {cell:?}, {outcome:?} in {}", loaded.platform.name, case.name));
                }
            }
        }
    }
    assert!(judged > 10_000, "only {judged} outcomes were compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
