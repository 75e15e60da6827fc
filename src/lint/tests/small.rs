//! A small platform with several kinds of file, and rules that tell what was read.

use super::*;

pub const PLATFORM: &str = r#"
format = 1
[platform]
id = "small"
name = "Small"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
other_keys = ["guest_list", "report_stats", "retention.enable"]
[document.main]
formats = ["yaml"]
dialect = "yaml-1.1"
files = ["small*.yaml", "conf.d/*.yaml"]
all = ["server_name"]
none = ["as_token"]
fragment_keys = 2
[document.log]
formats = ["yaml"]
dialect = "yaml-1.1"
all = ["handlers", "formatters"]
part = true
[[layer]]
id = "main"
document = "main"
merge = "shallow"
[[layer]]
id = "log"
document = "log"
[codec]
period = { base = "duration", bare = "ms", units = { s = "1s", h = "1h", d = "1d", w = "7d", y = "365d" } }
[setting]
server_name = { codec = "text", layers = ["main"] }
guests = { codec = "bool", absent = false, layers = ["main"] }
ips_kept = { codec = "period", absent = "28d", plausible = "1h" }
two_factor = { codec = "bool" }
newcomers = { codec = "bool", absent = false, since = "1.5" }
"retention.enabled" = { codec = "bool", absent = false }
"retention.kept" = { codec = "period", absent = "unlimited" }
"privacy.deletion_grace" = { codec = "period", absent = "7d" }
log_level = { codec = { base = "choice", values = ["DEBUG", "INFO"] }, path = "root.level", layers = ["log"], absent = "INFO" }
listeners = { codec = "records", key = "port" }
"listeners[].port" = { codec = "number" }
"listeners[].tls" = { codec = "bool", absent = false }
"rooms" = { codec = "records", path = "rooms.*" }
"rooms[].public" = { codec = "bool", absent = false }
[context]
licence = { type = "text" }
[fact]
"account.guests" = { from = "setting.guests", map = { true = "write", false = "off" } }
"metadata.ip_retention" = { from = "setting.ips_kept" }
"account.mfa" = [
  { when = "has(setting.two_factor)", from = "setting.two_factor ? 'everyone' : 'absent'" },
  { unknown = "the identity provider decides", by = "identity-provider" },
]
"content.deleted_retention" = { from = "setting.retention.kept" }
"content.erasure_lag" = { from = "setting.privacy.deletion_grace" }
"metadata.log_detail" = { from = "setting.log_level", map = { DEBUG = "message-content", INFO = "identifiers" } }
"account.mfa_bypass" = [
  { when = "context.licence == 'enterprise'", value = false },
  { value = true },
]
[mend]
"account.guests" = { set = { guests = false } }
"metadata.ip_retention" = { usual = "7d", set = { ips_kept = "{wanted}" } }
"content.deleted_retention" = { set = { "retention.kept" = "{wanted}" } }
"#;

/// A pack of rules: id, what it asks, its message.
pub fn pack(rules: &[(&str, &str, &str)]) -> String {
    let mut out = String::from("format = 1\n[pack]\nid = \"mine\"\ntitle = \"mine\"\n");
    for (id, asks, message) in rules {
        out.push_str(&format!(
            "[[select]]\nrule = \"{id}\"\nseverity = \"warning\"\n[[rule]]\nid = \"{id}\"\ntheme = \"x\"\ntitle = \"x\"\n{asks}\nmessage = \"{message}\"\n"
        ));
    }
    out
}

/// What reading itself reports.
pub const EVENTS: [(&str, &str, &str); 6] = [
    ("without-effect", "event = \"without-effect\"", "`{setting}` has no effect: {because}"),
    ("misread", "event = \"misread\"", "`{setting}` is read as {value}"),
    ("refused", "event = \"refused\"", "`{setting}` is refused: {because}"),
    ("shadowed", "event = \"shadowed\"", "`{setting}` is hidden: {because}"),
    ("duplicate", "event = \"duplicate\"", "`{setting}` is written twice"),
    ("contradicted", "event = \"contradicted\"", "`{setting}`: {because}, and the file says {value}"),
];

pub const FACTS: [(&str, &str, &str); 4] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests: {account.guests}"),
    ("addresses", "require = \"metadata.ip_retention <= '7d'\"", "addresses: {metadata.ip_retention}"),
    ("deleted", "require = \"content.deleted_retention <= '30d'\"", "deleted: {content.deleted_retention}"),
    ("logs", "require = \"metadata.log_detail >= 'identifiers'\"", "logs: {metadata.log_detail}"),
];

/// A run over the small platform with events and a few rules over facts.
pub fn judged(files: &[(&str, &str)], config: &str) -> GroupReport {
    let rules: Vec<_> = FACTS.into_iter().chain(EVENTS).collect();
    let config = (!config.is_empty()).then(|| ("hushlint.toml".to_owned(), config.to_owned()));
    let options = LintOptions { config, facts: true, settings: true, all_outcomes: true, ..LintOptions::default() };
    run(&linter(PLATFORM, &pack(&rules), options), files)
}

/// Findings as `rule: message at "text" of file`.
pub fn findings(report: &GroupReport, files: &[(&str, &str)]) -> Vec<String> {
    let one =
        |f: &Finding| format!("{}: {} at {:?} of {}", f.rule, f.message, text_at(files, &f.file, &f.span), f.file);
    report.findings.iter().map(one).collect()
}

/// Those of one rule: text and file.
pub fn places(report: &GroupReport, files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let of = report.findings.iter().filter(|f| f.rule.as_str() == rule);
    of.map(|f| format!("{} in {}", text_at(files, &f.file, &f.span), f.file)).collect()
}

/// A fact of the only deployment: its value, or `unknown candidates`.
pub fn fact(report: &GroupReport, id: &str) -> String {
    let f = report.facts[0].iter().find(|f| f.fact.as_str() == id).unwrap();
    match f.state.as_str() {
        "known" => f.value.to_string().replace('"', ""),
        state => format!("{state} {}", serde_json::Value::from(f.candidates.clone()).to_string().replace('"', "")),
    }
}

pub fn skipped(report: &GroupReport) -> Vec<String> {
    report.skipped.iter().map(|s| format!("{}: {}", s.file, s.reason)).collect()
}
