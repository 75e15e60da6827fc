//! Waivers and the baseline over whole runs.

use super::small::{PLATFORM, pack};
use super::*;
use crate::settle::{Entry, write_baseline};
use serde_json::json;

const RULES: [(&str, &str, &str); 9] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests: {account.guests}"),
    ("addresses", "require = \"metadata.ip_retention <= '7d'\"", "addresses: {metadata.ip_retention}"),
    (
        "both",
        "supersedes = [\"addresses\"]\nforbid = \"account.guests == 'write' && metadata.ip_retention > '7d'\"",
        "both",
    ),
    ("waiver-unused", "event = \"waiver-unused\"", "unused {setting}: {because}"),
    ("waiver-expired", "event = \"waiver-expired\"", "expired {setting} {value}"),
    ("waiver-expiring", "event = \"waiver-expiring\"", "expiring {setting} {because}"),
    ("waiver-broken", "event = \"waiver-broken\"", "broken: {because}"),
    ("waiver-without-reason", "event = \"waiver-unreasoned\"", "no reason {setting}"),
    ("baseline-unused", "event = \"baseline-unused\"", "{value} of {setting}: {because}"),
];

const TODAY: &str = "2026-11-24";

struct Ran {
    report: GroupReport,
    house: GroupReport,
}

fn ran(files: &[(&str, &str)], options: LintOptions, whole: bool) -> Ran {
    let options = LintOptions { today: TODAY.into(), ..options };
    let linter = linter(PLATFORM, &pack(&RULES), options);
    let report = run(&linter, files);
    let house = linter.keep_house(&report.house.clone().unwrap_or_default(), whole);
    Ran { report, house }
}

impl Ran {
    /// Findings: `rule@file`, with what hides it.
    fn findings(&self) -> Vec<String> {
        let one = |f: &Finding| {
            let hidden = f.suppressed.as_ref().map_or(String::new(), |s| format!(" {}", s.kind));
            format!("{}@{}{hidden}", f.rule, f.file)
        };
        self.report.findings.iter().map(one).collect()
    }

    /// What is said of waivers and the baseline: `file:line message`.
    fn told(&self) -> Vec<String> {
        self.house.findings.iter().map(|f| format!("{}:{} {}", f.file, f.span.start.line, f.message)).collect()
    }
}

fn config(text: &str) -> LintOptions {
    LintOptions { config: Some(("hushlint.toml".into(), text.into())), ..LintOptions::default() }
}

const BOTH: &str = "server_name: x\nguests: true\nips_kept: 9d\n";

#[test]
fn a_waiver_of_a_compound_covers_what_it_stands_for() {
    let text = "server_name: x\nguests: true # hushlint: ignore[both] -- announced\nips_kept: 9d\n";
    let ran = ran(&[("a.yaml", text)], LintOptions::default(), true);
    assert_eq!(ran.findings(), ["both@a.yaml inline", "guests@a.yaml"]);
    assert_eq!(ran.report.findings[0].related[0].rule.as_str(), "addresses");
    assert_eq!(ran.report.outcomes.fail, 3, "outcomes are those before suppression");
    assert!(ran.told().is_empty(), "{:?}", ran.told());
}

#[test]
fn a_waiver_of_a_single_does_not_silence_the_compound() {
    let text = "server_name: x\nguests: true\nips_kept: 9d # hushlint: ignore[addresses] -- needed\n";
    let with = ran(&[("a.yaml", text)], LintOptions::default(), true);
    assert_eq!(with.findings(), ["both@a.yaml", "guests@a.yaml"]);
    assert!(with.told().is_empty(), "it meets a fail: {:?}", with.told());
    // Alone it is hidden.
    let text = text.replace("guests: true", "guests: false");
    assert_eq!(ran(&[("a.yaml", &text)], LintOptions::default(), true).findings(), ["addresses@a.yaml inline"]);
}

#[test]
fn what_is_carried_from_file_to_file_takes_no_waiver_along() {
    let waived = "server_name: x\nguests: true # hushlint: ignore[guests] -- announced\n";
    let open = "server_name: x\nguests: true # nothing\n";
    for files in [[("a.yaml", waived), ("b.yaml", open)], [("a.yaml", open), ("b.yaml", waived)]] {
        let ran = ran(&files, LintOptions::default(), true);
        let wanted: Vec<String> = files
            .iter()
            .flat_map(|(name, text)| {
                let hidden = if *text == waived { " inline" } else { "" };
                [format!("both@{name}"), format!("guests@{name}{hidden}")]
            })
            .collect();
        let mut found = ran.findings();
        found.sort();
        let mut wanted = wanted;
        wanted.sort();
        assert_eq!(found, wanted);
    }
}

#[test]
fn waivers_of_the_configuration_reach_files_and_deployments() {
    let files = [("a/x.yaml", BOTH), ("b/x.yaml", BOTH)];
    let text = "[[waive]]\nrule = [\"both\", \"guests\"]\nfiles = [\"a/**\"]\nreason = \"r\"\nuntil = 2026-12-01\n\
                [[waive]]\nrule = \"guests\"\ndeployment = \"b/x.yaml\"\nsetting = \"guests\"\nreason = \"r\"\n\
                [[waive]]\nrule = \"both\"\ndeployment = \"b/x.yaml\"\nsetting = \"ips_kept\"\nreason = \"r\"\n\
                [[waive]]\nrule = \"both\"\nfiles = [\"c/**\"]\nreason = \"r\"\n";
    let whole = ran(&files, config(text), true);
    assert_eq!(
        whole.findings(),
        ["both@a/x.yaml config", "guests@a/x.yaml config", "both@b/x.yaml", "guests@b/x.yaml config"]
    );
    assert_eq!(
        whole.told(),
        [
            "hushlint.toml:2 expiring `both` and `guests` in 7 days",
            "hushlint.toml:12 unused `both`: nothing that it is for fails this rule",
            "hushlint.toml:17 unused `both`: no file that was judged is one of its `files`",
        ]
    );
    // A run over a part cannot tell that something is gone.
    let part = ran(&files[..1], config(text), false);
    assert_eq!(part.told(), ["hushlint.toml:2 expiring `both` and `guests` in 7 days"]);
}

#[test]
fn what_does_not_hold_hides_nothing() {
    let text = "[[waive]]\nrule = \"guests\"\nfiles = [\"**\"]\nreason = \"r\"\nuntil = \"2026-11-23\"\n\
                [[waive]]\nrule = \"both\"\nfiles = [\"**\"]\n";
    let ran = ran(&[("a.yaml", BOTH)], config(text), true);
    assert_eq!(ran.findings(), ["both@a.yaml", "guests@a.yaml"]);
    assert_eq!(ran.told(), ["hushlint.toml:2 expired `guests` 2026-11-23", "hushlint.toml:7 no reason `both`"]);
}

#[test]
fn a_rule_that_was_not_judged_is_not_unused() {
    let text = "server_name: x # hushlint: ignore[off-here] -- r\n";
    let rules: Vec<_> = RULES.into_iter().chain([("off-here", "require = \"account.guests == 'off'\"", "x")]).collect();
    let options = LintOptions { today: TODAY.into(), ..config("[rules.off-here]\nseverity = \"off\"\n") };
    let linter = linter(PLATFORM, &pack(&rules), options);
    let report = run(&linter, &[("a.yaml", text)]);
    let house = linter.keep_house(&report.house.unwrap_or_default(), true);
    assert!(house.findings.is_empty(), "{:?}", house.findings);
}

#[test]
fn a_missed_line_is_named() {
    let text = "# hushlint: ignore[guests] -- r\nserver_name: x\nguests: true\nips_kept: 1d\n";
    let ran = ran(&[("a.yaml", text)], LintOptions::default(), true);
    assert_eq!(ran.told(), ["a.yaml:1 unused `guests`: nothing that it is for fails this rule"]);
    assert!(ran.house.findings[0].help.as_str().starts_with("`guests` fails at line 3"));
}

// ------------------------------------------------------------------------------------------------ the baseline

fn recorded(files: &[(&str, &str)]) -> Vec<Entry> {
    ran(files, LintOptions { record: true, ..LintOptions::default() }, true).report.house.unwrap().entries
}

fn against(entries: &[Entry], files: &[(&str, &str)], whole: bool) -> Ran {
    let baseline = Some(("base.toml".to_owned(), write_baseline(entries)));
    ran(files, LintOptions { baseline, ..LintOptions::default() }, whole)
}

#[test]
fn a_baseline_hides_what_was_there_while_it_is_no_worse() {
    let before = recorded(&[("a.yaml", BOTH)]);
    let short: Vec<_> = before.iter().map(|e| (e.rule.as_str(), e.with.as_deref(), e.value.clone())).collect();
    assert_eq!(
        short,
        [("guests", None, json!("write")), ("both", None, json!("write")), ("addresses", Some("both"), json!("9d"))]
    );
    assert_eq!(before[1].also, [("metadata.ip_retention".to_owned(), json!("9d"))]);
    let hidden = against(&before, &[("a.yaml", BOTH)], true);
    assert_eq!(hidden.findings(), ["both@a.yaml baseline", "guests@a.yaml baseline"]);
    assert!(hidden.told().is_empty());
    let better = BOTH.replace("9d", "8d");
    assert_eq!(against(&before, &[("a.yaml", &better)], true).findings(), hidden.findings());
    // Worse: the second fact that decided counts too.
    let worse = BOTH.replace("9d", "400d");
    let ran = against(&before, &[("a.yaml", &worse)], true);
    assert_eq!(ran.findings(), ["both@a.yaml", "guests@a.yaml baseline"]);
    let label = ran.report.findings[0].labels.last().unwrap();
    assert_eq!(label.text.as_str(), "`metadata.ip_retention` was 9 days in the baseline, and has got worse");
}

#[test]
fn a_single_that_comes_to_light_was_there_too() {
    let before = recorded(&[("a.yaml", BOTH)]);
    let mended = BOTH.replace("guests: true", "guests: false");
    let ran = against(&before, &[("a.yaml", &mended)], true);
    assert_eq!(ran.findings(), ["addresses@a.yaml baseline"]);
    assert_eq!(ran.told(), ["base.toml:14 2 entries of a.yaml: mended"]);
}

#[test]
fn a_compound_is_hidden_only_with_all_that_it_stands_for() {
    let mut before = recorded(&[("a.yaml", BOTH)]);
    before.retain(|e| e.rule != "addresses");
    let ran = against(&before, &[("a.yaml", BOTH)], true);
    assert_eq!(ran.findings(), ["both@a.yaml", "guests@a.yaml baseline"]);
    let label = ran.report.findings[0].labels.last().unwrap();
    assert_eq!(label.text.as_str(), "`addresses`, which this stands for, is not in the baseline");
}

#[test]
fn what_is_gone_is_told_by_a_run_over_everything() {
    let before = recorded(&[("a.yaml", BOTH), ("b.yaml", BOTH)]);
    assert_eq!(before.len(), 6);
    let whole = against(&before, &[("a.yaml", BOTH)], true);
    assert_eq!(whole.told(), ["base.toml:29 3 entries of b.yaml: it is not there any more"]);
    assert!(against(&before, &[("a.yaml", BOTH)], false).told().is_empty());
}

#[test]
fn what_is_waived_is_not_in_a_baseline() {
    let text = BOTH.replace("guests: true", "guests: true # hushlint: ignore[both, guests] -- r");
    assert!(recorded(&[("a.yaml", &text)]).is_empty());
}
