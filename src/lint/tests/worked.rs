//! The worked example of the format, end to end.

use super::*;
use serde_json::{Value, json};

const FILE: &str = "\
# Matrix for example.org
server_name: example.org
report_stats: false
signing_key_path: /data/example.org.signing.key
retention:
  default_policy:
    max_lifetime: 1y
";

pub const PLATFORM: &str = r#"
format = 1
[platform]
id = "synapse"
name = "Synapse"
verified = "1.163.2"
oldest = "1.98"
docs = "https://example.org/{setting}"
[document.main]
formats = ["yaml"]
dialect = "yaml-1.1"
all = ["server_name", "report_stats"]
[codec]
duration = { base = "duration", bare = "ms", units = { s = "1s", m = "1m", h = "1h", d = "1d", w = "7d", y = "365d" }, lenient = true }
[[gate]]
settings = ["retention.default_policy.*"]
needs = "setting.retention.enabled"
because = "every `retention` key is ignored unless `retention.enabled` is true"
[setting]
"retention.enabled" = { codec = "truthy", absent = false }
"retention.default_policy.max_lifetime" = { codec = "duration", absent = "unlimited", plausible = "1h" }
[fact]
"content.retention" = [
  { for = ["file", "call"], unknown = "left out here" },
  { when = "setting.retention.enabled && has(setting.retention.default_policy.max_lifetime)", from = "setting.retention.default_policy.max_lifetime" },
  { value = "unlimited", because = "events are kept for ever unless `retention` is enabled with a default policy" },
]
[mend]
"content.retention" = [
  { for = ["direct", "group", "channel"], set = { "retention.enabled" = true } },
  { for = ["direct", "group", "channel"], usual = "365d", set = { "retention.enabled" = true, "retention.default_policy.max_lifetime" = "{wanted}" } },
]
"#;

const RULES: &str = r#"
format = 1
[pack]
id = "baseline"
title = "the pack of this test"
[[select]]
rule = "retention-over-limit"
severity = "warning"
basis = "guidance"
[[select]]
rule = "setting-without-effect"
severity = "warning"
[[rule]]
id = "retention-over-limit"
theme = "content"
title = "content is kept too long"
each = "scopes"
require = "content.retention[it] <= params.max"
params.max = { default = "until-account-deletion", stricter = "lower" }
message = "{it} content is kept {content.retention[it]}; the limit is {params.max}"
controls = ["gdpr:5(1)(e)"]
[[rule]]
id = "setting-without-effect"
theme = "reading"
title = "a setting does nothing"
event = "without-effect"
message = "`{setting}` has no effect: {because}"
"#;

fn report(file: &str) -> GroupReport {
    let linter = linter(PLATFORM, RULES, LintOptions { facts: true, ..LintOptions::default() });
    run(&linter, &[("synapse/homeserver.yaml", file)])
}

fn position(line: u32, column: u32, offset: u32) -> Value {
    json!({ "line": line, "column": column, "offset": offset })
}

#[test]
fn one_finding_stands_for_three_scopes() {
    let report = report(FILE);
    assert_eq!(
        report.findings.len(),
        1,
        "{:?}",
        report.findings.iter().map(|f| f.message.to_string()).collect::<Vec<_>>()
    );
    let finding = serde_json::to_value(&report.findings[0]).unwrap();
    let anchor = json!({ "start": position(5, 1, 118), "end": position(5, 10, 127) });
    for (key, expected) in [
        ("rule", json!("retention-over-limit")),
        ("pack", json!("baseline")),
        ("basis", json!("guidance")),
        ("severity", json!("warning")),
        ("confidence", json!("medium")),
        (
            "message",
            json!("direct, group and channel content is kept for ever; the limit is until the account is deleted"),
        ),
        ("deployment", json!("synapse/homeserver.yaml")),
        ("file", json!("synapse/homeserver.yaml")),
        ("anchor", json!(true)),
        ("span", anchor.clone()),
        ("setting", json!("retention.enabled")),
        ("fact", json!("content.retention")),
        ("qualifier", json!(["direct", "group", "channel"])),
        ("value", json!("unlimited")),
        ("origin", json!("default")),
        ("via", json!("plain")),
        ("controls", json!(["gdpr:5(1)(e)"])),
        ("fingerprint", json!("1115b107b4cbc717")),
        ("fingerprints", json!(["1115b107b4cbc717", "b1e24fe326feea36", "ce900f3a52d79418"])),
        ("instances", json!([])),
        ("related", json!([])),
        ("fixed", json!(false)),
        ("suppressed", Value::Null),
    ] {
        assert_eq!(finding[key], expected, "{key}");
    }
    let keys: Vec<&str> = finding.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "rule",
            "pack",
            "basis",
            "severity",
            "confidence",
            "message",
            "deployment",
            "file",
            "span",
            "anchor",
            "setting",
            "fact",
            "qualifier",
            "value",
            "origin",
            "via",
            "labels",
            "why",
            "help",
            "fix",
            "controls",
            "url",
            "fingerprint",
            "fingerprints",
            "instances",
            "related",
            "fixed",
            "suppressed",
        ]
    );
}

#[test]
fn the_labels_tell_the_default_and_what_has_no_effect_because_of_it() {
    let report = report(FILE);
    let labels = serde_json::to_value(&report.findings[0].labels).unwrap();
    let expected = json!([
        { "role": "primary", "file": "synapse/homeserver.yaml", "setting": "retention.enabled",
          "span": { "start": position(5, 1, 118), "end": position(5, 10, 127) },
          "text": "`retention.enabled` is not written: Synapse 1.163.2 uses false; events are kept for ever unless `retention` is enabled with a default policy" },
        { "role": "related", "file": "synapse/homeserver.yaml", "setting": "retention.default_policy.max_lifetime",
          "span": { "start": position(7, 19, 165), "end": position(7, 21, 167) },
          "text": "every `retention` key is ignored unless `retention.enabled` is true" },
    ]);
    assert_eq!(labels, expected);
}

#[test]
fn the_help_is_the_first_mend_that_passes() {
    let finding = &report(FILE).findings[0];
    let help = finding.help.to_string();
    assert!(help.contains("enabled") && help.contains("true"), "{help}");
    assert!(!help.contains("max_lifetime"), "the limit of 365 days is written already: {help}");
    // A missing key is an insertion, which is not offered as edits yet.
    assert!(finding.fix.is_none());
}

#[test]
fn scopes_that_cannot_be_told_are_unknown_and_the_rule_fails() {
    let report = report(FILE);
    let facts: Vec<(String, String)> = report.facts[0]
        .iter()
        .filter(|f| f.fact.as_str() == "content.retention")
        .map(|f| (f.qualifier.as_ref().unwrap().to_string(), f.state.to_string()))
        .collect();
    let expected =
        [("direct", "known"), ("group", "known"), ("channel", "known"), ("call", "unknown"), ("file", "unknown")];
    assert_eq!(facts, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(report.unknown.is_empty(), "a rule that fails is not undecided too");
}

#[test]
fn once_it_is_enabled_the_limit_counts() {
    let mended = FILE.replace("retention:\n", "retention:\n  enabled: true\n");
    assert!(report(&mended).findings.is_empty());
}

#[test]
fn a_limit_beyond_the_rules_is_found_where_it_is_written() {
    let file = FILE.replace("retention:\n", "retention:\n  enabled: true\n").replace("    max_lifetime: 1y\n", "");
    let file = file.replace("  default_policy:\n", "  default_policy: {}\n");
    let found = report(&file);
    assert_eq!(found.findings.len(), 1);
    let finding = &found.findings[0];
    assert_eq!(&*finding.value.to_string(), "\"unlimited\"");
    // Both the guard's operands are its sources: enabled is written, the limit is not and decides.
    assert_eq!(
        finding.setting.as_ref().map(|s| s.to_string()).as_deref(),
        Some("retention.default_policy.max_lifetime")
    );
    assert!(finding.anchor);
    assert_eq!(text_at(&[("synapse/homeserver.yaml", &file)], &finding.file, &finding.span), "default_policy");
    let help = finding.help.to_string();
    // `until-account-deletion` cannot be written as a duration, so the mend's usual value is.
    assert!(help.contains("max_lifetime: 365d") || help.contains("max_lifetime: 1y"), "{help}");
}

#[test]
fn the_fingerprint_hangs_on_rule_deployment_scope_and_fact_alone() {
    let moved = format!("# one more line\n{FILE}# and one\nextra: 1\n");
    assert_eq!(report(&moved).findings[0].fingerprints, report(FILE).findings[0].fingerprints);
    let shorter = FILE.replace("1y", "2y");
    assert_eq!(report(&shorter).findings[0].fingerprints, report(FILE).findings[0].fingerprints);
}
