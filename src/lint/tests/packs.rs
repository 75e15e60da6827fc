//! The built-in packs over declarations: what they ask, where they are silent, where they contradict each other; and
//! how a rule comes and goes.

use super::*;

fn over(packs: &[&str], text: &str) -> GroupReport {
    let options = LintOptions {
        packs: packs.iter().map(|p| PackArg::Name((*p).to_owned())).collect(),
        all_outcomes: true,
        ..LintOptions::default()
    };
    let linter = Linter::new(options).unwrap_or_else(|e| panic!("{}", told(&e)));
    let report = run(&linter, &[("product.toml", text)]);
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    report
}

fn of_rule<'r>(report: &'r GroupReport, rule: &str) -> Vec<&'r Finding> {
    report.findings.iter().filter(|f| f.rule.as_str() == rule).collect()
}

const AT_WORK: &str =
    "hushlint = 1\n[product]\nscopes = [\"direct\"]\nsetting = [\"workplace\"]\n[encryption]\ne2ee = \"default\"\n";

#[test]
fn opposed_rules_are_told_where_both_apply() {
    let pairs = |report: &GroupReport| {
        let found = of_rule(report, "pack-conflict");
        assert!(found.iter().all(|f| f.severity == Severity::Note));
        let mut pairs: Vec<String> = found.iter().flat_map(|f| f.qualifier.iter().map(ToString::to_string)).collect();
        pairs.sort();
        pairs
    };
    let both = over(&["baseline", "workplace"], AT_WORK);
    let wanted = [
        "e2ee-without-record, e2ee-not-default",
        "history-not-kept, no-disappearing",
        "history-not-kept, retention-over-limit",
    ];
    assert_eq!(pairs(&both), wanted);
    let told = of_rule(&both, "pack-conflict");
    let disappearing = told.iter().find(|f| f.message.as_str().contains("no-disappearing")).unwrap();
    assert!(
        disappearing.message.as_str().contains("opposite")
            && disappearing.help.as_str().contains("switch `no-disappearing` off")
    );
    assert_eq!(disappearing.value, serde_json::Value::Null);
    let prints: std::collections::BTreeSet<&str> = told.iter().map(|f| f.fingerprint.as_str()).collect();
    assert_eq!(prints.len(), 3, "each pair has a fingerprint of its own");
    // Elsewhere than at work none of them applies, and of an unknown setting nothing is said.
    assert!(pairs(&over(&["baseline", "workplace"], &AT_WORK.replace("workplace", "consumer"))).is_empty());
    assert!(pairs(&over(&["baseline", "workplace"], &AT_WORK.replace("setting = [\"workplace\"]\n", ""))).is_empty());
    // One side alone is no conflict.
    let alone = over(&["baseline"], AT_WORK);
    assert!(pairs(&alone).is_empty());
    let outcome = alone.results.iter().find(|r| r.rule.as_str() == "pack-conflict").map(|r| r.outcome);
    assert_eq!(outcome, Some(Outcome::NotApplicable));
}

#[test]
fn everything_that_breaks_a_claim_is_a_label_in_the_order_of_its_chain() {
    let report = over(
        &["e2ee-claims"],
        r#"hushlint = 1
product.scopes = ["direct", "group", "call"]
encryption.e2ee = { direct = "default", group = "none", call = "opt-in" }
keys = { generation = "server", recovery = "provider" }
backup = { default = "on", protection = "none" }
content = { archive = "disclosed", scan = "server-plaintext", link_preview = "server-fetch" }
push.payload = "content"
notify.email = "content"
metadata.log_detail = "message-content"
claims.only_recipients = true
"#,
    );
    let finding = of_rule(&report, "only-recipients-claimed")[0];
    let said: Vec<&str> =
        finding.labels.iter().map(|l| l.text.as_str().split('`').nth(1).unwrap_or_default()).collect();
    let chain = [
        // What opens a conversation to the provider, as the derived fact names it …
        "keys.generation",
        "keys.recovery",
        "backup.default",
        "backup.protection",
        "content.archive",
        "content.scan",
        "encryption.e2ee['group']",
        "encryption.e2ee['call']",
        // … then the copies elsewhere.
        "push.payload",
        "notify.email",
        "content.link_preview",
        "metadata.log_detail",
        // And what was said.
        "claims.only_recipients",
    ];
    let places: Vec<(Role, &str)> = finding.labels.iter().map(|l| l.role).zip(said).collect();
    let facts: Vec<&str> = places.iter().map(|(_, fact)| *fact).collect();
    for wanted in chain {
        assert!(
            facts.iter().any(|f| wanted.starts_with(f) || f.starts_with(wanted)),
            "{wanted} is no label: {facts:?}"
        );
    }
    assert_eq!(places.first().map(|(role, _)| *role), Some(Role::Primary));
    assert_eq!(places.last(), Some(&(Role::When, "claims.only_recipients")));
    let order: Vec<usize> =
        ["keys.generation", "backup.default", "content.archive", "push.payload", "metadata.log_detail"]
            .map(|f| facts.iter().position(|t| *t == f).unwrap())
            .to_vec();
    assert!(order.is_sorted(), "{facts:?}");
    assert!(!facts.contains(&"sharing.bridges"), "what nobody stated breaks nothing: {facts:?}");
    assert!(finding.help.as_str().contains("close the ways"), "{}", finding.help);
}

#[test]
fn a_claim_that_nobody_has_checked() {
    let text = "hushlint = 1\nproduct.scopes = [\"direct\"]\n[claims]\ndeletion = true\n";
    let report = over(&["e2ee-claims"], text);
    let finding = of_rule(&report, "claim-without-facts")[0];
    let said: Vec<&str> = finding.labels.iter().map(|l| l.text.as_str()).collect();
    assert!(said.iter().any(|t| t.contains("content.delete_effect")), "what is not known is told: {said:?}");
    assert!(finding.help.as_str().contains("state the facts"), "{}", finding.help);
}

#[test]
fn minors_are_spoken_of_unless_they_are_kept_out() {
    let text = |minors: &str| {
        format!(
            "hushlint = 1\nproduct.scopes = [\"direct\"]\nproduct.minors = \"{minors}\"\nreach.message = \"registered\"\nreach.stranger_gate = \"open\"\naccount.deletion = \"absent\"\n"
        )
    };
    for minors in ["possible", "directed", "excluded-by-terms"] {
        let report = over(&["minors"], &text(minors));
        assert_eq!(of_rule(&report, "no-account-deletion").len(), 1, "{minors}");
    }
    let out = over(&["minors"], &text("excluded-verified"));
    assert!(out.findings.is_empty(), "{:?}", out.findings);
    // Whether the pack applies is not known: nothing is claimed.
    let unsaid = over(&["minors"], &text("possible").replace("product.minors = \"possible\"\n", ""));
    assert!(of_rule(&unsaid, "no-account-deletion").is_empty());
    assert!(unsaid.unknown.iter().any(|u| u.rule.as_str() == "no-account-deletion"));
}

#[test]
fn a_review_asks_for_what_matters_here() {
    let asked = |text: &str| {
        let report = over(&["prelaunch"], text);
        let found = of_rule(&report, "fact-undeclared");
        assert!(found.iter().all(|f| f.severity == Severity::Warning && f.pack.as_str() == "prelaunch"));
        found.iter().filter_map(|f| f.fact.as_ref().map(ToString::to_string)).collect::<Vec<_>>()
    };
    let plain = asked("hushlint = 1\nproduct.scopes = [\"direct\"]\n");
    for fact in ["product.setting", "encryption.e2ee", "content.retention", "sharing.services", "residency.safeguard"] {
        assert!(plain.iter().any(|f| f == fact), "{fact} is not asked for: {plain:?}");
    }
    for fact in ["metadata.call_routing", "keys.recovery", "discovery.by_phone", "disclosure.report"] {
        assert!(!plain.iter().any(|f| f == fact), "{fact} is asked for: {plain:?}");
    }
    let rich = asked(
        "hushlint = 1\n[product]\nscopes = [\"direct\", \"call\"]\nsetting = [\"consumer\"]\nminors = \"possible\"\n[encryption]\ne2ee = \"opt-in\"\n[identity]\nsignup = \"phone\"\n",
    );
    for fact in
        ["metadata.call_routing", "keys.recovery", "discovery.by_phone", "disclosure.report", "safety.guardian_powers"]
    {
        assert!(rich.iter().any(|f| f == fact), "{fact} is not asked for: {rich:?}");
    }
    assert!(!rich.iter().any(|f| f == "encryption.e2ee"), "{rich:?}");
}

const OWN: &str = r#"format = 1
since = "2.0"
[pack]
id = "own"
title = "own"
[[select]]
rule = "fresh"
severity = "error"
[[rule]]
id = "fresh"
preview = true
theme = "metadata"
title = "x"
forbid = "metadata.ip_retention == 'unlimited'"
message = "x"
"#;

fn own_pack(text: &str, config: &str) -> GroupReport {
    let options = LintOptions {
        packs: vec![PackArg::File { path: "own.toml".into(), text: text.to_owned(), pin: None }],
        config: Some(("hushlint.toml".into(), config.to_owned())),
        ..LintOptions::default()
    };
    let linter = Linter::new(options).unwrap_or_else(|e| panic!("{}", told(&e)));
    run(&linter, &[("product.toml", "hushlint = 1\nmetadata.ip_retention = \"unlimited\"\n")])
}

#[test]
fn a_preview_is_a_note_until_somebody_says_otherwise() {
    let severity = |text: &str, config: &str| of_rule(&own_pack(text, config), "fresh")[0].severity;
    assert_eq!(severity(OWN, ""), Severity::Note);
    assert_eq!(severity(&OWN.replace("preview = true\n", ""), ""), Severity::Error);
    assert_eq!(severity(OWN, "[rules.fresh]\nseverity = \"warning\"\n"), Severity::Warning);
}

#[test]
fn a_rule_that_is_renamed_keeps_its_settings_and_fingerprints() {
    let old = own_pack(&OWN.replace("preview = true\n", ""), "");
    let renamed = OWN.replace("id = \"fresh\"\npreview = true", "id = \"addresses-for-ever\"\nformerly = [\"fresh\"]");
    let new = own_pack(&renamed, "[rules.fresh]\nseverity = \"note\"\n");
    let (old, new) = (of_rule(&old, "fresh")[0], of_rule(&new, "addresses-for-ever")[0]);
    assert_eq!(new.severity, Severity::Note, "what was said of the old id holds");
    assert_eq!(old.fingerprint, new.fingerprint);
}

#[test]
fn a_pack_under_a_condition_is_heard_where_it_holds() {
    let severity = |packs: &[&str], minors: &str| {
        let text = format!("hushlint = 1\n[product]\nscopes = [\"direct\"]\n{minors}\n[safety]\nreport = \"absent\"\n");
        let report = over(packs, &text);
        let found = of_rule(&report, "no-report");
        assert_eq!(found.len(), 1, "{minors}");
        (found[0].severity, found[0].pack.to_string())
    };
    for packs in [&["baseline", "minors"][..], &["prelaunch"][..]] {
        let raised = (Severity::Error, "minors".to_owned());
        let plain = (Severity::Warning, "baseline".to_owned());
        assert_eq!(severity(packs, "minors = \"possible\""), raised);
        assert_eq!(severity(packs, "minors = \"excluded-verified\""), plain, "it says nothing of other products");
        assert_eq!(severity(packs, ""), plain, "what is not known raises nothing");
    }
    // The rules are the same in number, whatever holds.
    let count = |minors: &str| over(&["prelaunch"], &format!("hushlint = 1\n[product]\n{minors}\n")).results.len();
    assert_eq!(count("minors = \"possible\""), count("minors = \"excluded-verified\""));
    assert_eq!(count("minors = \"possible\""), count("name = \"x\""));
}
