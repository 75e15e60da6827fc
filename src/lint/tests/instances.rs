//! Several hosts in one file: what they have in common is one finding.

use super::small::{EVENTS, pack};
use super::*;

const HOSTS: &str = r#"
format = 1
[platform]
id = "small"
name = "Small"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
[document.main]
formats = ["yaml"]
dialect = "yaml-1.1"
all = ["server_name"]
[[instance]]
each = "hosts[]"
id = "name"
kind = "host"
[[layer]]
id = "host"
document = "main"
at = "{each}"
[[layer]]
id = "global"
document = "main"
[setting]
server_name = { codec = "text", layers = ["global"] }
name = { codec = "text", layers = ["host"] }
guests = { codec = "bool", absent = false }
ips_kept = { codec = { base = "duration", bare = "d" }, absent = "28d" }
password = { codec = "secret" }
[fact]
"account.guests" = { from = "setting.guests", map = { true = "write", false = "off" } }
"metadata.ip_retention" = { from = "setting.ips_kept" }
[mend]
"account.guests" = { set = { guests = false } }
"#;

const RULES: [(&str, &str, &str); 2] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests: {account.guests}"),
    ("addresses", "require = \"metadata.ip_retention <= '7d'\"", "addresses: {metadata.ip_retention}"),
];

fn judged(text: &str) -> GroupReport {
    let rules: Vec<_> = RULES.into_iter().chain(EVENTS).collect();
    let options = LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() };
    run(&linter(HOSTS, &pack(&rules), options), &[("m/small.yaml", text)])
}

/// Findings: `rule "text" deployment [instances] number of fingerprints`.
fn told(text: &str) -> Vec<String> {
    let report = judged(text);
    let files = [("m/small.yaml", text)];
    let one = |f: &Finding| {
        let hosts: Vec<&str> = f.instances.iter().map(|i| i.as_ref()).collect();
        let place = text_at(&files, &f.file, &f.span);
        format!("{} {place:?} {} [{}] {}", f.rule, f.deployment, hosts.join(" "), f.fingerprints.len())
    };
    report.findings.iter().map(one).collect()
}

#[test]
fn what_hosts_have_in_common_is_one_finding() {
    let text = "server_name: x\nguests: true\nips_kept: 3\nhosts:\n- name: a\n- name: b\n- name: c\n  guests: false\n";
    assert_eq!(told(text), ["guests \"true\" m/small.yaml [a b] 2"]);
    let report = judged(text);
    let ids: Vec<String> = report.deployments.iter().map(|d| d.id.to_string()).collect();
    assert_eq!(ids, ["m/small.yaml#a", "m/small.yaml#b", "m/small.yaml#c"]);
    let of = |n: usize| report.findings.iter().filter(|f| f.is_of(&report.deployments[n].id)).count();
    assert_eq!([of(0), of(1), of(2)], [1, 1, 0]);
    assert_eq!(report.findings[0].help.as_str(), "set `guests` to `false`");
}

#[test]
fn what_one_host_does_is_its_own() {
    let text = "server_name: x\nips_kept: 3\nhosts:\n- name: a\n  guests: true\n- name: b\n  guests: true\n";
    assert_eq!(told(text), ["guests \"true\" m/small.yaml#a [a] 1", "guests \"true\" m/small.yaml#b [b] 1"]);
}

#[test]
fn fingerprints_are_those_of_the_hosts() {
    let prints =
        |text: &str| -> Vec<String> { judged(text).findings.iter().flat_map(|f| f.fingerprints.clone()).collect() };
    let both = prints("server_name: x\nguests: true\nips_kept: 3\nhosts:\n- name: a\n- name: b\n");
    let one = prints("server_name: x\nguests: true\nips_kept: 3\nhosts:\n- name: b\n- name: a\n  guests: false\n");
    assert_eq!(both.len(), 2);
    assert_eq!(one, both[1..]);
}

#[test]
fn events_are_told_once() {
    let text = "server_name: x\nips_kept: 3\nguets: true\nhosts:\n- name: a\n  nmae: y\n- name: b\n  server_name: z\n";
    assert_eq!(
        told(text),
        [
            "without-effect \"guets\" m/small.yaml [a b] 2",
            "without-effect \"nmae\" m/small.yaml#a [a] 1",
            "without-effect \"z\" m/small.yaml#b [b] 1",
        ]
    );
}

#[test]
fn secrets_of_every_host_are_masked() {
    let text = "server_name: x\nips_kept: 3\nguets: hosts\nhosts:\n- name: a\n  password: one-of-them\n- name: b\n  password: the-other\n  guests: the-other\n";
    let rules: Vec<_> = RULES.into_iter().chain(EVENTS).collect();
    let options = LintOptions { sources: true, ..LintOptions::default() };
    let linter = linter(HOSTS, &pack(&rules), options);
    let mut candidates = Vec::new();
    if let Scan::Take(c) = linter.scan("m/small.yaml", text.as_bytes(), false) {
        candidates.push(c);
    }
    let ask = |_: &str| crate::lint::Answer::Missing;
    let groups = linter.group(candidates, &ask);
    let report = linter.judge(&groups[0], vec![Ok(Arc::from(text.as_bytes()))], &ask);
    assert_eq!(report.sources.len(), 1);
    let shown = format!("{:?} {:?}", report.findings, report.sources);
    assert!(!shown.contains("one-of-them") && !shown.contains("the-other"), "{shown}");
}
