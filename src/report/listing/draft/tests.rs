//! Drafts of declarations.

#![allow(clippy::unwrap_used)]
use super::*;
use crate::lint::{LintOptions, PackArg};

fn linter() -> Linter {
    let packs = vec![PackArg::Name("prelaunch".to_owned())];
    Linter::new(LintOptions { packs, ..LintOptions::default() }).unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn answers(scopes: &[&str], minors: &str) -> Answers {
    let product = BTreeMap::from([
        ("product.scopes", words(scopes)),
        ("product.minors", words(&[minors])),
        ("product.setting", words(&["consumer", "health"])),
    ]);
    Answers { name: "A \"quoted\" name\n[x]".to_owned(), as_of: "2026-01-31".to_owned(), product }
}

/// The facts of the commented lines.
fn asked(text: &str) -> Vec<String> {
    let mut area = "";
    let mut out = Vec::new();
    for line in text.lines().take_while(|line| *line != "# [[source]]") {
        if let Some(name) = line.strip_prefix('[') {
            area = name.trim_end_matches(']');
        } else if let Some((name, _)) = line.strip_prefix("# ").and_then(|line| line.split_once(" = "))
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            out.push(format!("{area}.{name}"));
        }
    }
    out
}

#[test]
fn a_draft_is_a_declaration_and_asks_for_each_fact_once() {
    let linter = linter();
    let vocabulary = &linter.knowledge().facts.vocabulary;
    let text = draft(&linter, &answers(&["direct", "group"], "possible"));
    let declaration = Declaration::read(vec![parsed("draft.toml", &text)], vocabulary);
    assert!(declaration.errors.is_empty(), "{:?}", declaration.errors);
    assert_eq!(declaration.name.as_deref(), Some("A \"quoted\" name\n[x]"));
    let asked = asked(&text);
    for (n, fact) in asked.iter().enumerate() {
        assert!(vocabulary.find(fact).is_some(), "{fact}");
        assert!(!asked[..n].contains(fact), "{fact} is asked for twice");
    }
    for required in linter.packs().iter().flat_map(|pack| &pack.required) {
        if required.when.is_none() {
            let of = |ix: &FactIx| vocabulary.fact(*ix).id.clone();
            let answered = ["product.scopes", "product.minors", "product.setting"];
            let missing: Vec<String> = required.facts.iter().map(of).filter(|f| !asked.contains(f)).collect();
            assert!(missing.iter().all(|fact| answered.contains(&fact.as_str())), "{missing:?}");
        }
    }
}

#[test]
fn a_line_that_is_only_uncommented_is_an_error() {
    let linter = linter();
    let vocabulary = &linter.knowledge().facts.vocabulary;
    let text = draft(&linter, &answers(&["direct"], "possible"));
    let line = "# transport_client = \"…\"";
    assert!(text.contains(line), "{text}");
    let text = text.replace(line, line.trim_start_matches("# "));
    let declaration = Declaration::read(vec![parsed("draft.toml", &text)], vocabulary);
    assert_eq!(declaration.errors.len(), 1);
    assert_eq!(declaration.documents[0].source.slice(declaration.errors[0].span), "\"…\"");
}

#[test]
fn what_the_answers_rule_out_is_not_asked_for() {
    let linter = linter();
    let without = draft(&linter, &answers(&["direct"], "excluded-verified"));
    let with = draft(&linter, &answers(&["direct", "call"], "directed"));
    assert!(!without.contains("# call_routing") && with.contains("# call_routing"));
    assert!(with.contains("message = { everyone = \"…\", minor = \"…\" }"));
    assert!(without.contains("# message = \"…\""));
    assert!(with.contains("Asked for where identity.signup == 'phone'."));
}

#[test]
fn wrong_words_are_told_with_the_right_ones() {
    let linter = linter();
    let vocabulary = &linter.knowledge().facts.vocabulary;
    let check = |fact, list: &[&str]| check_words(vocabulary, fact, &words(list));
    assert_eq!(check("product.scopes", &["direct", "call"]), Ok(()));
    assert!(check("product.scopes", &["grup"]).unwrap_err().contains("did you mean `group`?"));
    assert!(check("product.minors", &["possible", "directed"]).is_err());
    assert!(check("product.jurisdictions", &["EU"]).is_err());
}
