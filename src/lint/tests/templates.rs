//! Files that are filled in later: branches, holes, values that stand for them.

use super::small::*;
use super::*;

fn guests(lines: &str) -> (String, Vec<String>) {
    let text = format!("server_name: x\n{lines}");
    let files = [("small.yaml", text.as_str())];
    let report = judged(&files, "");
    assert!(
        report.errors.is_empty(),
        "{lines}: {:?}",
        report.errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>()
    );
    (
        fact(&report, "account.guests"),
        report.findings.iter().map(|f| f.rule.to_string()).filter(|r| EVENTS.iter().any(|(id, ..)| id == r)).collect(),
    )
}

#[test]
fn what_stands_in_a_branch_may_be_absent() {
    // Present: true, absent: false.
    assert_eq!(guests("{% if open %}\nguests: true\n{% endif %}\n").0, "unknown [write,off]");
    // Present and absent say the same.
    assert_eq!(guests("{% if open %}\nguests: false\n{% endif %}\n").0, "off");
}

#[test]
fn branches_are_alternatives_and_no_duplicates() {
    assert_eq!(
        guests("{% if open %}\nguests: true\n{% else %}\nguests: false\n{% endif %}\n"),
        ("unknown [write,off]".into(), vec![])
    );
    assert_eq!(
        guests("{% if open %}\nguests: true\n{% else %}\nguests: true\n{% endif %}\n"),
        ("write".into(), vec![])
    );
    // Without an `else` there may be neither.
    assert_eq!(guests("{% if a %}\nguests: true\n{% elif b %}\nguests: true\n{% endif %}\n").0, "unknown [write,off]");
}

#[test]
fn a_rule_is_decided_where_both_branches_agree() {
    let text = "server_name: x\n{% if a %}\nips_kept: 60d\n{% else %}\nips_kept: 90d\n{% endif %}\n";
    let files = [("small.yaml", text)];
    let report = judged(&files, "");
    assert_eq!(fact(&report, "metadata.ip_retention"), "unknown [60d,90d]");
    assert_eq!(
        report.results.iter().find(|r| r.rule.as_str() == "addresses").unwrap().outcome,
        Outcome::Fail,
        "both are more than 7 days"
    );
    assert_eq!(places(&report, &files, "addresses"), ["60d in small.yaml"]);
    let mixed = text.replace("60d", "1d");
    let report = judged(&[("small.yaml", &mixed)], "");
    assert_eq!(report.results.iter().find(|r| r.rule.as_str() == "addresses").unwrap().outcome, Outcome::Unknown);
    let unknown = report.unknown.iter().find(|u| u.rule.as_str() == "addresses").unwrap();
    assert_eq!(
        (unknown.kind.as_str(), unknown.facts.iter().map(|f| f.as_str()).collect::<Vec<_>>()),
        ("templated", vec!["metadata.ip_retention"])
    );
}

#[test]
fn a_hole_is_unknown() {
    for hole in [
        "{{ guests }}",
        "\"{{ guests }}\"",
        "{{ guests | default(true) }}",
        "${GUESTS}",
        "\"${GUESTS:-true}\"",
        "!vault abc",
    ] {
        let (value, events) = guests(&format!("guests: {hole}\n"));
        assert!(value.starts_with("unknown"), "{hole}: {value}");
        assert_eq!(events, [""; 0], "{hole}");
    }
}

#[test]
fn a_hole_in_a_secret_is_a_secret_kept_elsewhere() {
    let platform = PLATFORM.replacen("[context]", "token = { codec = \"secret\" }\n[context]", 1);
    let rules = pack(&[(
        "secrets",
        "each = \"ops.secrets\"\nrequire = \"ops.secrets[it] == 'external'\"",
        "{it} is {ops.secrets[it]}",
    )]);
    let linter = linter(&platform, &rules, LintOptions { facts: true, ..LintOptions::default() });
    for (written, level) in [
        ("hunter2hunter2", Some("inline")),
        ("'{{ vault_token }}'", Some("external")),
        ("\"${TOKEN}\"", Some("external")),
        ("!vault abc", Some("external")),
        ("ENC[abc]", Some("external")),
        ("$ANSIBLE_VAULT;1.1", Some("external")),
        ("CHANGE_ME", None),
        ("''", None),
        ("", None),
    ] {
        let report = run(&linter, &[("small.yaml", &format!("server_name: x\ntoken: {written}\n"))]);
        let found = report.facts[0]
            .iter()
            .find(|f| f.fact.as_str() == "ops.secrets")
            .and_then(|f| f.value.as_str().map(str::to_owned));
        assert_eq!(found.as_deref(), level, "{written}");
        assert_eq!(report.findings.len(), usize::from(level == Some("inline")), "{written}");
    }
}
