//! Settings inside other files: whole runs over compose files and files of Kubernetes, on a platform of variables
//! and a file.

mod compose;
mod kubernetes;
mod variables;
mod wrong;

use super::small::{fact, findings, pack, places, skipped};
use super::*;

const PLATFORM: &str = r#"
format = 1
[platform]
id = "parley"
name = "Parley"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
images = ["parley/server"]
[document.file]
formats = ["yaml", "json"]
dialect = "yaml-1.1"
files = ["parley*.yaml"]
all = ["server_name"]
any = ["guests", "ips_kept", "secret"]
[document.log]
formats = ["yaml"]
dialect = "yaml-1.1"
all = ["handlers", "formatters"]
part = true
[document.env]
formats = ["env"]
any = ["PARLEY_*"]
none = ["PARLEY_CLIENT"]
[[layer]]
id = "env"
document = "env"
path = "PARLEY_{PATH}"
separator = "_"
[[layer]]
id = "file"
document = "file"
[[layer]]
id = "log"
document = "log"
[codec]
period = { base = "duration", bare = "s", units = { d = "1d" } }
[setting]
server_name = { codec = "text" }
guests = { codec = "bool", absent = false, layers = ["env", "file"] }
ips_kept = { codec = "period", absent = "28d", layers = ["env", "file"] }
two_factor = { codec = "bool", absent = false, layers = ["env", "file"] }
secret = { codec = "secret", layers = ["env", "file"] }
log_level = { codec = { base = "choice", values = ["DEBUG", "INFO"] }, path = "root.level", layers = ["log"], absent = "INFO" }
[fact]
"account.guests" = { from = "setting.guests", map = { true = "write", false = "off" } }
"account.mfa" = { from = "setting.two_factor", map = { true = "everyone", false = "absent" } }
"metadata.ip_retention" = { from = "setting.ips_kept" }
"metadata.log_detail" = { from = "setting.log_level", map = { DEBUG = "message-content", INFO = "identifiers" } }
"ops.secrets" = { from = "setting.secret" }
"#;

const RULES: [(&str, &str, &str); 6] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests: {account.guests}"),
    ("addresses", "require = \"metadata.ip_retention <= '7d'\"", "addresses: {metadata.ip_retention}"),
    ("logs", "require = \"metadata.log_detail >= 'identifiers'\"", "logs: {metadata.log_detail}"),
    ("misread", "event = \"misread\"", "`{setting}` is read as {value}"),
    ("refused", "event = \"refused\"", "`{setting}` is refused: {because}"),
    ("duplicate", "event = \"duplicate\"", "`{setting}` is written twice"),
];

fn parley(config: &str) -> Linter {
    let config = (!config.is_empty()).then(|| ("hushlint.toml".to_owned(), config.to_owned()));
    let options = LintOptions {
        config,
        facts: true,
        settings: true,
        all_outcomes: true,
        sources: true,
        ..LintOptions::default()
    };
    linter(PLATFORM, &pack(&RULES), options)
}

fn judged(files: &[(&str, &str)]) -> GroupReport {
    run(&parley(""), files)
}

/// The deployments: `id: files`.
fn deployments(report: &GroupReport) -> Vec<String> {
    let one = |d: &DeploymentInfo| {
        let files: Vec<_> = d.files.iter().map(ToString::to_string).collect();
        format!("{}: {}", d.id, files.join(", "))
    };
    report.deployments.iter().map(one).collect()
}

/// A fact of one of several deployments.
fn fact_of(report: &GroupReport, deployment: &str, id: &str) -> String {
    let n = report.deployments.iter().position(|d| d.id.as_str() == deployment).unwrap();
    let one = GroupReport { facts: vec![report.facts[n].clone()], ..GroupReport::default() };
    fact(&one, id)
}

/// Why a fact of the only deployment is not known.
fn why(report: &GroupReport, id: &str) -> String {
    let fact = report.facts[0].iter().find(|f| f.fact.as_str() == id).unwrap();
    assert_eq!(fact.state.as_str(), "unknown");
    fact.because.clone().unwrap().to_string()
}

fn via(report: &GroupReport, rule: &str) -> Vec<String> {
    let of = report.findings.iter().filter(|f| f.rule.as_str() == rule);
    of.map(|f| f.via.to_string()).collect()
}
