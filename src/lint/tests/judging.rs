//! Outcomes, packs, what stands for what, what cannot be mended, messages.

use super::small::{PLATFORM, pack};
use super::*;

fn judged(rules: &[(&str, &str, &str)], lines: &str) -> GroupReport {
    judged_as(PLATFORM, rules, lines)
}

fn judged_as(platform: &str, rules: &[(&str, &str, &str)], lines: &str) -> GroupReport {
    let options = LintOptions { all_outcomes: true, ..LintOptions::default() };
    run(&linter(platform, &pack(rules), options), &[("small.yaml", &format!("server_name: x\n{lines}"))])
}

/// The outcome of the only rule.
fn outcome(asks: &str, lines: &str) -> &'static str {
    let report = judged(&[("rule", asks, "x")], lines);
    match report.results[0].outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "not-applicable",
    }
}

#[test]
fn outcomes_of_conditions() {
    // guests: off or write; mfa: unknown unless `two_factor` is written; bypass: unknown.
    for (asks, lines, expected) in [
        ("require = \"account.guests == 'off'\"", "guests: false\n", "pass"),
        ("require = \"account.guests == 'off'\"", "guests: true\n", "fail"),
        ("forbid = \"account.guests == 'write'\"", "guests: true\n", "fail"),
        ("forbid = \"account.guests == 'write'\"", "", "pass"),
        ("require = \"account.mfa == 'everyone'\"", "", "unknown"),
        ("forbid = \"account.mfa == 'everyone'\"", "", "unknown"),
        ("require = \"account.mfa == 'everyone'\"", "two_factor: true\n", "pass"),
        // `when` F: not applicable, whatever the condition.
        ("when = \"account.guests == 'write'\"\nrequire = \"account.mfa == 'everyone'\"", "", "not-applicable"),
        ("when = \"account.guests == 'write'\"\nrequire = \"account.mfa == 'everyone'\"", "guests: true\n", "unknown"),
        // `when` U: only a violation that cannot be is decided.
        ("when = \"account.mfa == 'everyone'\"\nrequire = \"account.guests == 'off'\"", "guests: true\n", "unknown"),
        ("when = \"account.mfa == 'everyone'\"\nrequire = \"account.guests == 'off'\"", "", "pass"),
        // An unknown that decides nothing.
        ("require = \"account.guests == 'off' || account.mfa == 'everyone'\"", "", "pass"),
        ("forbid = \"account.guests == 'write' && account.mfa == 'absent'\"", "", "pass"),
        // Both candidates pass.
        ("require = \"account.mfa_bypass in [true, false]\"", "", "pass"),
    ] {
        assert_eq!(outcome(asks, lines), expected, "{asks} of {lines:?}");
    }
}

/// A platform whose encryption differs by scope: `direct` as written, `call` not applicable, the rest unknown.
fn by_scope(lines: &str, asks: &str) -> (String, Vec<Vec<String>>) {
    let facts = "\"encryption.e2ee\" = [\n  { for = [\"direct\"], when = \"setting.guests\", value = \"none\" },\n  { for = [\"direct\"], value = \"default\" },\n  { for = [\"call\"], not_applicable = \"no calls\" },\n  { unknown = \"left open\" },\n]\n[mend]";
    let report = judged_as(&PLATFORM.replacen("[mend]", facts, 1), &[("rule", asks, "{it}")], lines);
    let outcome = serde_json::to_value(report.results[0].outcome).unwrap().as_str().unwrap().to_owned();
    (outcome, report.findings.iter().map(|f| f.qualifier.iter().map(|q| q.to_string()).collect()).collect())
}

#[test]
fn the_worst_member_decides() {
    let each = "each = \"scopes\"\nrequire = \"encryption.e2ee[it] >= 'default'\"";
    assert_eq!(by_scope("guests: true\n", each), ("fail".into(), vec![vec!["direct".into()]]));
    assert_eq!(by_scope("", each), ("unknown".into(), vec![]));
    let decided =
        "each = \"scopes\"\nwhen = \"known(encryption.e2ee[it])\"\nrequire = \"encryption.e2ee[it] >= 'default'\"";
    assert_eq!(by_scope("", decided), ("pass".into(), vec![]));
    let calls = "each = \"scopes.filter(s, s == 'call')\"\nrequire = \"encryption.e2ee[it] >= 'default'\"";
    assert_eq!(by_scope("", calls), ("not-applicable".into(), vec![]));
}

const TWO: [(&str, &str, &str); 2] = [
    ("single", "require = \"account.guests == 'off'\"", "guests may {account.guests}"),
    (
        "compound",
        "supersedes = [\"single\"]\nforbid = \"account.guests == 'write' && metadata.ip_retention > '7d'\"",
        "both",
    ),
];

#[test]
fn a_finding_hides_what_it_stands_for() {
    let report = judged(&TWO, "guests: true\nips_kept: 90d\n");
    assert_eq!(report.findings.len(), 1);
    let finding = &report.findings[0];
    assert_eq!(finding.rule.as_str(), "compound");
    let related: Vec<String> = finding.related.iter().map(|r| format!("{}: {}", r.rule, r.message)).collect();
    assert_eq!(related, ["single: guests may write"]);
    assert_eq!(report.outcomes.fail, 2, "outcomes are counted before that");
    // The fingerprint of what is hidden is its own.
    let alone = judged(&TWO[..1], "guests: true\nips_kept: 90d\n");
    assert_eq!(finding.related[0].fingerprint, alone.findings[0].fingerprint);
    // Where the compound holds, the single is shown.
    assert_eq!(judged(&TWO, "guests: true\nips_kept: 1d\n").findings[0].rule.as_str(), "single");
}

#[test]
fn packs_are_merged_and_the_configuration_wins() {
    let rule = "[[rule]]\nid = \"kept\"\ntheme = \"x\"\ntitle = \"x\"\nrequire = \"metadata.ip_retention <= params.max\"\nparams.max = { default = \"365d\", stricter = \"lower\" }\nmessage = \"limit {params.max}\"\n";
    let pack = |id: &str, severity: &str, params: &str, when: &str| {
        format!(
            "format = 1\n[pack]\nid = \"{id}\"\ntitle = \"x\"\n{when}[[select]]\nrule = \"kept\"\nseverity = \"{severity}\"\nbasis = \"law\"\n{params}"
        )
    };
    let told = |packs: &[String], config: &str| {
        let packs = packs
            .iter()
            .enumerate()
            .map(|(n, text)| PackArg::File { path: format!("{n}.toml"), text: text.clone(), pin: None })
            .collect();
        let config = (!config.is_empty()).then(|| ("hushlint.toml".to_owned(), config.to_owned()));
        let linter = Linter::new(LintOptions { packs, config, all_outcomes: true, ..LintOptions::default() });
        let linter = linter.unwrap_or_else(|e| panic!("{}", told(&e)));
        let report = run(
            &linter,
            &[(
                "homeserver.yaml",
                "server_name: x\nreport_stats: false\nuser_ips_max_age: 400d\ndelete_stale_devices_after: 400d\n",
            )],
        );
        report.findings.iter().map(|f| format!("{} {:?} {}", f.pack, f.severity, f.message)).collect::<Vec<_>>()
    };
    let mild = pack("mild", "note", "params = { max = \"30d\" }\n", "") + rule;
    let harsh = pack("harsh", "error", "params = { max = \"90d\" }\n", "");
    // The highest severity, the strictest parameter.
    assert_eq!(told(&[mild.clone(), harsh.clone()], ""), ["harsh Error limit 30 days"]);
    assert_eq!(told(std::slice::from_ref(&mild), ""), ["mild Note limit 30 days"]);
    // The configuration wins over them.
    let both = [mild.clone(), harsh.clone()];
    assert_eq!(
        told(&both, "[rules.kept]\nseverity = \"warning\"\nparams = { max = \"60d\" }\n"),
        ["harsh Warning limit 60 days"]
    );
    assert_eq!(told(&both, "[rules.kept]\nseverity = \"off\"\n"), [""; 0]);
    assert_eq!(told(&both, "[rules.kept]\nparams = { max = \"2y\" }\n"), [""; 0]);
    // A pack that does not apply selects nothing.
    let never =
        pack("never", "error", "", "when = \"product.minors == 'directed' && product.minors == 'possible'\"\n") + rule;
    assert_eq!(told(&[never], ""), [""; 0]);
}

#[test]
fn what_nobody_chose_and_no_setting_can_mend_is_fixed() {
    let unmendable = PLATFORM.replacen("\"account.guests\" = { set = { guests = false } }\n", "", 1);
    let advised = PLATFORM.replacen(
        "\"account.guests\" = { set = { guests = false } }",
        "\"account.guests\" = { text = \"ask the vendor\" }",
        1,
    );
    let open = |platform: &str| {
        platform.replacen(
            "guests = { codec = \"bool\", absent = false",
            "guests = { codec = \"bool\", absent = true",
            1,
        )
    };
    let fixed = |platform: &str, lines: &str| {
        let report = judged_as(&open(platform), &TWO[..1], lines);
        assert_eq!(report.findings.len(), 1, "{lines}");
        report.findings[0].fixed
    };
    assert!(fixed(&unmendable, ""));
    // Written with the value that would hold anyway.
    assert!(fixed(&unmendable, "guests: true\n"));
    // A mend makes it pass, or tells a person how.
    assert!(!fixed(PLATFORM, ""));
    assert!(!fixed(&advised, ""));
    // Somebody chose it.
    let report = judged_as(&unmendable, &TWO[..1], "guests: true\n");
    assert!(!report.findings[0].fixed);
}

#[test]
fn the_first_mend_that_passes_is_offered() {
    let kept = |lines: &str, max: &str| {
        let rule = ("kept", format!("require = \"metadata.ip_retention <= '{max}'\""), "x");
        let report = judged(&[(rule.0, &rule.1, rule.2)], lines);
        let finding = &report.findings[0];
        let edits: Vec<String> = finding
            .fix
            .iter()
            .flat_map(|f| &f.edits)
            .map(|e| format!("{}..{} {}", e.span.start.column, e.span.end.column, e.text))
            .collect();
        (finding.help.to_string(), edits)
    };
    // The other side of the comparison, in the largest unit that divides it; a written value is replaced.
    let (help, edits) = kept("ips_kept: 90d\n", "30d");
    assert!(help.contains("ips_kept") && help.contains("30d"), "{help}");
    assert_eq!(edits, ["11..14 30d"]);
    assert_eq!(kept("ips_kept: \"90d\"\n", "36h").1, ["11..16 36h"]);
    // What cannot be written gives way to what is usual.
    let (help, edits) = kept("ips_kept: 90d\n", "until-delivered");
    assert!(edits.is_empty() && !help.contains("until-delivered"), "7 days do not pass either: {help} {edits:?}");
    // A missing key is told as a line.
    let (help, edits) = kept("", "7d");
    assert!(help.contains("ips_kept: 7d") && edits.is_empty(), "{help} {edits:?}");
}

#[test]
fn messages_name_the_witnesses() {
    let platform = PLATFORM.replacen(
        "[mend]",
        "\"encryption.e2ee\" = [\n  { for = [\"direct\", \"group\", \"file\"], value = \"none\" },\n  { value = \"default\" },\n]\n[mend]",
        1,
    );
    let message = |asks: &str, text: &str, lines: &str| {
        judged_as(&platform, &[("rule", asks, text)], lines)
            .findings
            .iter()
            .map(|f| f.message.to_string())
            .collect::<Vec<_>>()
    };
    let exists = "forbid = \"scopes.exists(s, encryption.e2ee[s] == 'none')\"";
    assert_eq!(message(exists, "{s}: {encryption.e2ee[s]}", ""), ["direct, group and file: none"]);
    let all = "require = \"private.all(s, encryption.e2ee[s] == 'default')\"";
    assert_eq!(message(all, "not {s}", ""), ["not direct, group and file"]);
    let each = "each = \"scopes\"\nforbid = \"encryption.e2ee[it] == 'none'\"";
    assert_eq!(message(each, "{it}", ""), ["direct, group and file"]);
    // Duration words stand in plain English.
    assert_eq!(
        message("require = \"content.deleted_retention <= '30d'\"", "kept {content.deleted_retention}", ""),
        ["kept for ever"]
    );
    assert_eq!(
        message("require = \"metadata.ip_retention <= '7d'\"", "kept {metadata.ip_retention}", ""),
        ["kept 28 days"]
    );
    assert_eq!(
        message("require = \"metadata.ip_retention <= '7d'\"", "kept {metadata.ip_retention + '337d'}", ""),
        ["kept 1 year"]
    );
}

#[test]
fn records_are_witnesses_and_named_by_their_key() {
    let trap = "platforms = [\"small\"]\nforbid = \"setting.listeners.exists(l, !l.tls)\"";
    let lines = "listeners:\n  - port: 80\n  - port: 443\n    tls: true\n  - port: 8008\n    tls: false\n";
    let files = format!("server_name: x\n{lines}");
    let report = judged(&[("rule", trap, "clear text on {l.port}")], lines);
    let finding = &report.findings[0];
    assert_eq!(finding.message.as_str(), "clear text on 80 and 8008");
    // The first written source is primary.
    assert_eq!(text_at(&[("small.yaml", &files)], &finding.file, &finding.span), "false");
    assert_eq!(finding.setting.as_ref().unwrap().as_str(), "listeners[2].tls");
    let each = "platforms = [\"small\"]\neach = \"setting.listeners\"\nrequire = \"it.tls\"";
    let prints = |lines: &str| {
        let report = judged(&[("rule", each, "{it.port}")], lines);
        let mut all: Vec<String> = report.findings.iter().flat_map(|f| f.fingerprints.clone()).collect();
        all.sort();
        all
    };
    // Moving an item changes no fingerprint: items go by their key.
    let moved = "listeners:\n  - port: 8008\n    tls: false\n  - port: 443\n    tls: true\n  - port: 80\n";
    assert_eq!(prints(lines).len(), 2);
    assert_eq!(prints(lines), prints(moved));
    assert_ne!(prints(lines), prints(&lines.replace("8008", "8009")));
}

#[test]
fn what_is_undecided_says_why_and_who_decides() {
    let report = judged(
        &[("mfa", "require = \"account.mfa == 'everyone'\"", "x"), ("bypass", "forbid = \"account.mfa_bypass\"", "x")],
        "",
    );
    let told: Vec<String> = report
        .unknown
        .iter()
        .map(|u| {
            format!(
                "{}: {} ({}, {:?}, {:?})",
                u.rule,
                u.reason,
                u.kind,
                u.facts.iter().map(|f| f.as_str()).collect::<Vec<_>>(),
                u.decided_by.as_ref().map(|b| b.as_str())
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "mfa: the identity provider decides (stated, [\"account.mfa\"], Some(\"identity-provider\"))",
            "bypass: `licence` is not stated (context, [\"account.mfa_bypass\"], None)",
        ]
    );
}
