//! Platforms side by side: rows, marks, blanks, and what a value rests on.

use super::*;

const RULES: &str = r#"
format = 1
[pack]
id = "mine"
title = "mine"
required = ["account.mfa"]
[[select]]
rule = "undeclared"
severity = "note"
[[select]]
rule = "addresses"
severity = "warning"
[[select]]
rule = "e2ee"
severity = "error"
[[rule]]
id = "undeclared"
theme = "x"
title = "x"
event = "undeclared"
message = "`{setting}` is not declared"
[[rule]]
id = "addresses"
theme = "x"
title = "Addresses are kept"
require = "metadata.ip_retention <= '30d'"
message = "addresses are kept {metadata.ip_retention}"
[[rule]]
id = "e2ee"
theme = "x"
title = "Not encrypted"
each = "scopes"
require = "encryption.e2ee[it] >= 'default'"
message = "{it} is {encryption.e2ee[it]}"
"#;

/// A declaration of that name; `scopes` are direct and group unless it says others.
fn declared(name: &str, text: &str) -> (String, String) {
    let scopes = if text.contains("scopes = ") { "" } else { "scopes = [\"direct\", \"group\"]\n" };
    let (product, rest) = text.split_once("\n[").map_or((text, String::new()), |(p, r)| (p, format!("[{r}")));
    let text = format!("hushlint = 1\n[product]\nname = \"{name}\"\n{scopes}{product}\n{rest}");
    (format!("{name}.toml"), text)
}

fn compared(texts: &[&str]) -> Comparison {
    let options = LintOptions { facts: true, all_outcomes: true, today: "2026-11-24".into(), ..LintOptions::default() };
    let linter = linter(super::worked::PLATFORM, RULES, options);
    let reports: Vec<GroupReport> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let (path, text) = match text.strip_prefix("YAML ") {
                Some(yaml) => (format!("{n}/homeserver.yaml"), yaml.to_owned()),
                None => declared(["A", "B", "C", "D"][n], text),
            };
            let report = run(&linter, &[(&path, &text)]);
            let errors: Vec<String> = report.errors.iter().map(|e| e.message.to_string()).collect();
            assert!(errors.is_empty(), "{text}\n{errors:?}");
            report
        })
        .collect();
    linter.compare(&reports)
}

/// The rows of a fact: its qualifiers, and each cell as `value`, `+value` (best), `-value` (worst), `_` (blank).
fn rows(comparison: &Comparison, fact: &str) -> Vec<String> {
    let cell = |cell: &Option<Cell>| match cell {
        None => "_".to_owned(),
        Some(cell) => {
            let mark = match cell.mark {
                Some(Mark::Best) => "+",
                Some(Mark::Worst) => "-",
                None => "",
            };
            format!("{mark}{}", cell.words)
        }
    };
    let all = comparison.themes.iter().flat_map(|t| &t.rows).filter(|r| r.fact.as_str() == fact);
    all.map(|row| {
        let qualifiers: Vec<&str> = row.qualifiers.iter().map(AsRef::as_ref).collect();
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        format!("{}: {}", qualifiers.join("+"), cells.join(", "))
    })
    .collect()
}

fn footings(comparison: &Comparison, fact: &str) -> Vec<Option<Footing>> {
    let row = comparison.themes.iter().flat_map(|t| &t.rows).find(|r| r.fact.as_str() == fact).unwrap();
    row.cells.iter().map(|c| c.as_ref().and_then(|c| c.status)).collect()
}

#[test]
fn qualifiers_that_are_alike_share_a_row() {
    let c = compared(&[
        "\n[encryption]\ne2ee = \"none\"",
        "\n[encryption]\ne2ee = { direct = \"none\", group = \"none\" }",
    ]);
    assert_eq!(rows(&c, "encryption.e2ee"), [": none, none"]);
    let c = compared(&[
        "\n[encryption]\ne2ee = \"none\"",
        "\n[encryption]\ne2ee = { direct = \"default\", group = \"none\" }",
    ]);
    assert_eq!(rows(&c, "encryption.e2ee"), ["direct: -none, +default", "group: none, none"]);
}

#[test]
fn what_nobody_confirms_is_blank_and_rows_of_blanks_are_left_out() {
    let c = compared(&["\n[account]\nmfa = \"optional\"", "\n[account]\nmfa = { unknown = \"not yet built\" }"]);
    assert_eq!(rows(&c, "account.mfa"), [": optional, _"]);
    assert_eq!(rows(&c, "metadata.ip_retention"), [""; 0]);
    // Silence is no claim, and nothing that somebody stated.
    assert_eq!(rows(&c, "claims.e2ee"), [""; 0]);
    assert!(c.themes.iter().all(|theme| !theme.rows.is_empty()));
}

#[test]
fn a_product_without_calls_has_none() {
    let calls =
        "scopes = [\"direct\", \"group\", \"call\"]\n\n[encryption]\ne2ee = { others = \"default\", call = \"none\" }";
    let c = compared(&[calls, "\n[encryption]\ne2ee = \"default\""]);
    assert_eq!(rows(&c, "encryption.e2ee"), ["direct+group: default, default", "call: none, has none"]);
}

#[test]
fn the_best_and_the_worst_are_marked_by_the_order_of_the_fact() {
    let kept = |t: &str| format!("\n[metadata]\nip_retention = \"{t}\"");
    let (a, b, d) = (kept("30d"), kept("unlimited"), kept("unspecified"));
    let c = compared(&[&a, "", &b, &d]);
    let both = ": +30 days, _, -for ever, -for a period nobody states";
    assert_eq!(rows(&c, "metadata.ip_retention"), [both]);
    // All alike, or only one known: nothing is best.
    let c = compared(&[&a, &a]);
    assert_eq!(rows(&c, "metadata.ip_retention"), [": 30 days, 30 days"]);
    // What describes the product is not judged.
    let c = compared(&["minors = \"possible\"", "minors = \"directed\""]);
    assert_eq!(rows(&c, "product.minors"), [": possible, directed"]);
}

#[test]
fn what_has_no_order_is_not_marked() {
    let kinds = |list: &str| format!("\n[metadata]\nkinds = {list}");
    let (small, large, other) = (kinds("[\"ip\"]"), kinds("[\"ip\", \"device\"]"), kinds("[\"contacts\"]"));
    let c = compared(&[&small, &large]);
    assert_eq!(rows(&c, "metadata.kinds"), [": +ip, -device and ip"]);
    let c = compared(&[&small, &other]);
    assert_eq!(rows(&c, "metadata.kinds"), [": ip, contacts"]);
    // Others may be in it too: it may be the worst.
    let open = kinds("{ at_least = [\"ip\"] }");
    let c = compared(&[&open, &large]);
    assert_eq!(rows(&c, "metadata.kinds"), [": ip and possibly others, device and ip"]);
    // Audiences are ordered in part: strangers here, outsiders there.
    let reach = |who: &str| format!("\n[reach]\nmessage = \"{who}\"");
    let (strangers, outsiders) = (reach("co-members"), reach("partners"));
    let c = compared(&[&strangers, &outsiders]);
    assert_eq!(rows(&c, "reach.message"), [": co-members, partners"]);
}

#[test]
fn minors_meet_what_everyone_meets() {
    let a = "minors = \"possible\"\n\n[reach]\nmessage = { everyone = \"registered\", minor = \"contacts\" }";
    let b = "\n[reach]\nmessage = \"registered\"";
    assert_eq!(
        rows(&compared(&[a, b]), "reach.message"),
        ["everyone: registered, registered", "minor: +contacts, -registered"]
    );
    let out = "minors = \"excluded-verified\"\n\n[reach]\nmessage = \"registered\"";
    assert_eq!(
        rows(&compared(&[a, out]), "reach.message"),
        ["everyone: registered, registered", "minor: contacts, has none"]
    );
}

#[test]
fn a_value_rests_on_its_weakest_source() {
    let source = |facts: &str, status: &str| {
        format!(
            "\n[[source]]\nfacts = [{facts}]\nurl = \"https://a.example.org\"\nread = 2026-01-02\nstatus = \"{status}\""
        )
    };
    let mfa = "\n[account]\nmfa = \"optional\"";
    let strong = format!("{mfa}{}", source("\"account.mfa\"", "verified"));
    let weak = format!("{strong}{}", source("\"account.mfa\"", "assumed"));
    let c = compared(&[&strong, &weak, mfa]);
    assert_eq!(footings(&c, "account.mfa"), [Some(Footing::Verified), Some(Footing::Assumed), Some(Footing::Declared)]);
    let row = c.themes.iter().flat_map(|t| &t.rows).find(|r| r.fact.as_str() == "account.mfa").unwrap();
    assert_eq!(row.cells[1].as_ref().unwrap().sources.len(), 2);
    assert_eq!(row.cells[0].as_ref().unwrap().read.as_ref().map(AsRef::as_ref), Some("2026-01-02"));
}

/// A source may speak of one kind of conversation, also where the value is stated once for all.
#[test]
fn a_source_may_be_about_one_qualifier() {
    let text = "\n[encryption]\ne2ee = \"none\"\n[[source]]\nfacts = [\"encryption.e2ee['direct']\"]\nstatus = \"verified\"\n\
                [[source]]\nfacts = [\"encryption.e2ee[\\\"group\\\"]\"]\nstatus = \"assumed\"\nsince = \"2026-05\"";
    let c = compared(&[text, text]);
    let all: Vec<&FactRow> =
        c.themes.iter().flat_map(|t| &t.rows).filter(|r| r.fact.as_str() == "encryption.e2ee").collect();
    assert_eq!(all.len(), 2, "what rests on other sources is another row");
    let of = |row: usize| all[row].cells[0].as_ref().unwrap();
    assert_eq!((of(0).status, of(0).since.is_none()), (Some(Footing::Verified), true));
    assert_eq!((of(1).status, of(1).since.as_ref().map(AsRef::as_ref)), (Some(Footing::Assumed), Some("2026-05")));
    // The confidence of findings tells them apart too.
    let linter = linter(super::worked::PLATFORM, RULES, LintOptions::default());
    let (path, text) = declared("A", text);
    let report = run(&linter, &[(&path, &text)]);
    let confidence: Vec<(String, Confidence)> = report
        .findings
        .iter()
        .filter(|f| f.rule.as_str() == "e2ee")
        .map(|f| (f.qualifier.iter().map(ToString::to_string).collect::<String>(), f.confidence))
        .collect();
    assert!(confidence.contains(&("direct".into(), Confidence::High)), "{confidence:?}");
    assert!(confidence.contains(&("group".into(), Confidence::Low)), "{confidence:?}");
}

#[test]
fn configurations_are_columns_read_today() {
    let yaml = "YAML server_name: example.org\nreport_stats: false\nsigning_key_path: /x\nretention:\n  enabled: true\n  \
                default_policy:\n    max_lifetime: 30d\n";
    let c = compared(&["\n[content]\nretention = \"90d\"", yaml]);
    assert_eq!(c.columns[1].kind, ColumnKind::Configuration);
    assert_eq!(c.columns[1].name.as_str(), "1/homeserver.yaml");
    assert_eq!(c.columns[1].as_of.as_ref().map(AsRef::as_ref), Some("2026-11-24"));
    let row = rows(&c, "content.retention");
    assert!(row[0].contains("-90 days, +30 days"), "{row:?}");
    assert_eq!(footings(&c, "content.retention"), [Some(Footing::Declared), Some(Footing::File)]);
}

#[test]
fn rules_that_fail_are_listed_the_severest_first() {
    let a = "\n[encryption]\ne2ee = { direct = \"default\", group = \"none\" }\n[metadata]\nip_retention = \"90d\"";
    let b = "\n[encryption]\ne2ee = \"default\"";
    let c = compared(&[a, b]);
    let told: Vec<String> = c
        .rules
        .iter()
        .map(|row| {
            let one = |cell: &RuleCell| {
                let words: Vec<&str> = cell.qualifiers.iter().map(AsRef::as_ref).collect();
                format!("{:?} {}", cell.outcome, words.join("+"))
            };
            format!("{}: {}", row.rule, row.outcomes.iter().map(one).collect::<Vec<_>>().join(", "))
        })
        .collect();
    // That nobody declares a second factor is what the blanks say.
    assert_eq!(told, ["e2ee: Some(Fail) group, Some(Pass) ", "addresses: Some(Fail) , Some(Unknown) "]);
}

#[test]
fn two_of_one_name_are_told_apart() {
    let options = LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() };
    let linter = Linter::new(options).unwrap();
    let twice = [linter.reference("signal").unwrap(), linter.reference("signal").unwrap()];
    let names: Vec<String> = linter.compare(&twice).columns.iter().map(|c| c.name.to_string()).collect();
    assert_eq!(names, ["Signal (ref:signal)", "Signal (ref:signal)"]);
    assert!(linter.reference("nobody").is_none() && linter.reference("../packs/baseline").is_none());
}
