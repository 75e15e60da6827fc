//! The bundled references hold what they promise: they load, are dated, and every fact of theirs has a source.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use hushlint::lint::{FactInfo, GroupReport, Knowledge, LintOptions, Linter, Origin, embedded_all, parsed, references};
use hushlint::platform::Declaration;

fn linter() -> Linter {
    Linter::new(LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() }).unwrap()
}

fn all(linter: &Linter) -> Vec<(&'static str, GroupReport)> {
    references().map(|name| (name, linter.reference(name).unwrap())).collect()
}

/// The facts that a reference states itself.
fn stated(report: &GroupReport) -> impl Iterator<Item = &FactInfo> {
    let derived = |f: &FactInfo| f.fact.as_str().starts_with("derived.");
    report
        .facts
        .iter()
        .flatten()
        .filter(move |f| f.origin == Some(Origin::Declared) && f.state.as_str() != "unknown" && !derived(f))
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() })
}

#[test]
fn those_that_are_promised_are_there() {
    let names: Vec<&str> = references().collect();
    for name in [
        "tiktok",
        "signal",
        "whatsapp",
        "imessage",
        "instagram",
        "messenger",
        "x",
        "telegram",
        "telegram-secret",
        "threema",
        "wire",
        "viber",
        "line",
        "snapchat",
        "discord",
        "session",
        "slack",
    ] {
        assert!(names.contains(&name), "{name} is missing");
    }
}

#[test]
fn all_load_without_errors_and_are_dated() {
    for (name, report) in all(&linter()) {
        let errors: Vec<String> = report.errors.iter().map(|e| e.message.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!(report.deployments.len(), 1, "{name}");
        let about = &report.deployments[0];
        let as_of = about.as_of.as_ref().map(ToString::to_string).unwrap_or_default();
        assert!(is_day(&as_of), "{name}: as_of is `{as_of}`");
        assert!(about.name.as_str().len() <= 15, "{name}: `{}` is too long for a column", about.name);
    }
}

#[test]
fn every_fact_has_a_source_with_a_status() {
    for (name, report) in all(&linter()) {
        let mut facts = 0;
        for fact in stated(&report) {
            facts += 1;
            let qualifier = fact.qualifier.as_ref().map(|q| format!("['{q}']")).unwrap_or_default();
            let what = format!("{name}: {}{qualifier}", fact.fact);
            assert!(!fact.evidence.is_empty(), "{what} has no source");
            for source in &fact.evidence {
                assert!(
                    ["verified", "reported", "assumed"].contains(&source.status.as_str()),
                    "{what}: {}",
                    source.status
                );
                let url = source.url.as_ref().map(ToString::to_string).unwrap_or_default();
                let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
                assert!(host.contains('.') && !url.contains([' ', '…']), "{what}: `{url}` cannot be opened");
                assert!(source.read.as_ref().is_some_and(|day| is_day(day.as_str())), "{what}: when was it read?");
            }
        }
        assert!(facts >= 4, "{name} states {facts} facts");
    }
}

/// A source for what is not stated is a slip: of a fact that was dropped, or of a qualifier that was renamed.
#[test]
fn every_source_is_about_a_stated_fact() {
    let knowledge = Knowledge::built_in().unwrap();
    let vocabulary = &knowledge.facts.vocabulary;
    let mut sources = 0;
    for (path, text) in embedded_all().filter(|(path, _)| path.starts_with("rules/references/")) {
        // The words as they are written: a source that cannot be read is no source.
        let written = text.matches("[[source]]").count();
        let declaration = Declaration::read(vec![parsed(path, text)], vocabulary);
        assert_eq!(declaration.sources().len(), written, "{path}");
        for source in declaration.sources() {
            sources += 1;
            for (fact, qualifier) in &source.facts {
                let id = &vocabulary.fact(*fact).id;
                let known = match qualifier {
                    Some(_) => declaration.get(*fact, qualifier.as_ref()).is_some(),
                    None => declaration.states(*fact),
                };
                assert!(known, "{path}: a source for {id} {qualifier:?}, which is not stated");
            }
        }
    }
    assert!(sources > 100, "only {sources} sources were looked at");
}

fn value(report: &GroupReport, fact: &str, qualifier: &str) -> (String, String, Option<String>) {
    let of = |f: &&FactInfo| f.fact.as_str() == fact && f.qualifier.as_ref().is_some_and(|q| q.as_str() == qualifier);
    let found = report.facts.iter().flatten().find(of).unwrap();
    let since = found.evidence.iter().find_map(|s| s.since.as_ref()).map(ToString::to_string);
    (found.value.as_str().unwrap_or_default().to_owned(), found.evidence[0].status.to_string(), since)
}

/// What vendors changed is seen by its date.
#[test]
fn changes_have_dates() {
    let linter = linter();
    let e2ee = |name: &str| value(&linter.reference(name).unwrap(), "encryption.e2ee", "direct");
    let triple =
        |value: &str, status: &str, since: Option<&str>| (value.into(), status.into(), since.map(str::to_owned));
    assert_eq!(e2ee("instagram"), triple("none", "reported", Some("2026-05-08")));
    assert_eq!(e2ee("messenger"), triple("default", "verified", Some("2023-12")));
    assert_eq!(e2ee("x"), triple("conditional", "verified", Some("2025-11")));
    assert_eq!(e2ee("telegram"), triple("none", "verified", None));
    assert_eq!(e2ee("telegram-secret"), triple("opt-in", "verified", None));
}
