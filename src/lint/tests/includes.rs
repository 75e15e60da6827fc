//! Files that others include.

use super::small::{EVENTS, findings, pack, skipped};
use super::*;

const PLATFORM: &str = r#"
format = 1
[platform]
id = "small"
name = "Small"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
[document.main]
formats = ["lua"]
sections = ["Server"]
includes = ["Include"]
files = ["*.lua"]
any = ["Server", "guests"]
[[instance]]
each = "Server[]"
id = "@1"
kind = "server"
[[layer]]
id = "host"
document = "main"
at = "{each}"
[[layer]]
id = "global"
document = "main"
[setting]
guests = { codec = "bool", absent = false }
kept = { codec = { base = "duration", units = { d = "1d" } }, absent = "1d" }
[context]
partly = { type = "bool", cases = { from = "context.unresolved" } }
[fact]
"account.guests" = { from = "setting.guests", map = { true = "write", false = "off" } }
"metadata.ip_retention" = { from = "setting.kept" }
"account.mfa_bypass" = { from = "context.partly" }
"#;

const RULES: [(&str, &str, &str); 3] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests: {account.guests}"),
    ("addresses", "require = \"metadata.ip_retention <= '7d'\"", "addresses: {metadata.ip_retention}"),
    ("partly", "require = \"!account.mfa_bypass\"", "partly"),
];

fn judged(files: &[(&str, &str)]) -> GroupReport {
    let rules: Vec<_> = RULES.into_iter().chain(EVENTS).collect();
    let options = LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() };
    run(&linter(PLATFORM, &pack(&rules), options), files)
}

fn deployments(report: &GroupReport) -> Vec<String> {
    let files = |d: &DeploymentInfo| d.files.iter().map(|f| f.to_string()).collect::<Vec<_>>().join(" ");
    report.deployments.iter().map(|d| format!("{}: {}", d.id, files(d))).collect()
}

#[test]
fn what_a_file_includes_is_a_part_of_it() {
    let files = [
        ("s/main.lua", "kept = \"1d\"\nInclude \"conf.d/*.lua\"\nInclude \"one.lua\"\n"),
        ("s/conf.d/a.lua", "Server \"a.org\"\n  guests = true\n"),
        ("s/conf.d/b.lua", "Server \"b.org\"\nkept = \"30d\"\n"),
        ("s/conf.d/readme.txt", "Server\n"),
        ("s/one.lua", "guests = true\n"),
    ];
    let files = &files[..];
    let report = judged(&[&[("s/main.lua", "guests = false\nInclude \"conf.d/*.lua\"\n")], &files[1..4]].concat());
    assert_eq!(
        deployments(&report),
        [
            "s/main.lua#a.org: s/main.lua s/conf.d/a.lua s/conf.d/b.lua",
            "s/main.lua#b.org: s/main.lua s/conf.d/a.lua s/conf.d/b.lua"
        ]
    );
    assert_eq!(
        findings(&report, files),
        [
            "guests: guests: write at \"true\" of s/conf.d/a.lua",
            "addresses: addresses: 30 days at \"\\\"30d\\\"\" of s/conf.d/b.lua"
        ]
    );
    let passed = skipped(&report);
    assert!(passed.contains(&"s/conf.d/a.lua: included by s/main.lua".to_owned()), "{passed:?}");
}

#[test]
fn an_included_file_may_set_what_holds_for_all() {
    let files = [
        ("s/main.lua", "guests = false\nServer \"a.org\"\nServer \"b.org\"\nInclude \"one.lua\"\n"),
        ("s/one.lua", "guests = true\nInclude \"two.lua\"\n"),
        ("s/two.lua", "kept = \"60d\"\nInclude \"main.lua\"\n"),
    ];
    let report = judged(&files);
    assert_eq!(
        findings(&report, &files),
        [
            "guests: guests: write at \"true\" of s/one.lua",
            "addresses: addresses: 60 days at \"\\\"60d\\\"\" of s/two.lua"
        ]
    );
    assert_eq!(report.findings[0].instances.len(), 2);
    assert_eq!(report.deployments.len(), 2);
}

#[test]
fn what_was_not_given_may_set_anything() {
    for include in ["conf.d/*.lua", "../x.lua", "/etc/x.lua", "one.lua"] {
        let text = format!("Server \"a.org\"\n  guests = false\nInclude \"{include}\"\n");
        let report = judged(&[("s/main.lua", &text)]);
        let fact = |id: &str| report.facts[0].iter().find(|f| f.fact.as_str() == id).unwrap();
        assert_eq!(fact("account.guests").state.as_str(), "known", "{include}");
        assert_eq!(fact("metadata.ip_retention").state.as_str(), "unknown", "{include}");
        assert_eq!(fact("account.mfa_bypass").value, true, "{include}");
        let why = fact("metadata.ip_retention").because.as_ref().unwrap().to_string();
        assert!(why.starts_with("what line 3 of s/main.lua includes "), "{why}");
    }
    let report = judged(&[("s/main.lua", "Server \"a.org\"\nInclude(os.getenv(\"X\"))\n")]);
    assert!(
        report.facts[0].iter().any(|f| f.fact.as_str() == "metadata.ip_retention" && f.state.as_str() == "unknown")
    );
}

#[test]
fn a_pattern_that_fits_nothing_includes_nothing() {
    let files = [("s/main.lua", "Server \"a.org\"\nInclude \"conf.d/*.lua\"\n"), ("s/conf.d/x.txt", "nothing")];
    let report = judged(&files);
    assert!(report.findings.is_empty(), "{:?}", findings(&report, &files));
    assert!(report.facts[0].iter().any(|f| f.fact.as_str() == "metadata.ip_retention" && f.state.as_str() == "known"));
}

#[test]
fn an_included_file_that_cannot_be_read_is_told() {
    let files = [("s/main.lua", "Server \"a.org\"\nInclude \"one.lua\"\n"), ("s/one.lua", "guests = = 1\n")];
    let report = judged(&files);
    let fact = report.facts[0].iter().find(|f| f.fact.as_str() == "account.guests").unwrap();
    assert_eq!(
        fact.because.as_ref().unwrap().as_ref(),
        "s/one.lua, which line 2 of s/main.lua includes, cannot be read"
    );
}

fn told(report: &GroupReport) -> Vec<String> {
    report.errors.iter().map(|e| format!("{}: {}", e.file, e.message)).collect()
}

#[test]
fn files_in_a_circle_are_told() {
    let files = [
        ("s/main.lua", "Server \"a.org\"\nInclude \"one.lua\"\n"),
        ("s/one.lua", "guests = true\nInclude \"two.lua\"\n"),
        ("s/two.lua", "Include \"one.lua\"\nInclude \"two.lua\"\n"),
    ];
    let report = judged(&files);
    assert_eq!(
        told(&report),
        [
            "s/two.lua: files include each other in a circle: s/one.lua leads here",
            "s/two.lua: files include each other in a circle: s/two.lua leads here",
        ]
    );
    assert_eq!(report.deployments.len(), 1);
}

#[test]
fn an_order_that_is_not_known_leaves_it_open() {
    // What the including file sets after the statement comes over the included file.
    let fact = |files: &[(&str, &str)]| {
        let report = judged(files);
        let fact = report.facts[0].iter().find(|f| f.fact.as_str() == "metadata.ip_retention").unwrap();
        format!("{} of {:?}", fact.value, fact.candidates)
    };
    let main = |after: &str| format!("kept = \"1d\"\nInclude \"c/*.lua\"\n{after}Server \"a.org\"\n");
    let one = ("s/c/1.lua", "kept = \"2d\"\n");
    assert_eq!(fact(&[("s/main.lua", &main("")), one]), "\"2d\" of []");
    let after = fact(&[("s/main.lua", &main("kept = \"3d\"\n")), one]);
    assert!(after.contains("2d") && after.contains("3d") && !after.contains("1d"), "{after}");
    let two = fact(&[("s/main.lua", &main("")), one, ("s/c/2.lua", "kept = \"4d\"\n")]);
    assert!(two.contains("2d") && two.contains("4d") && !two.contains("1d"), "{two}");
}
