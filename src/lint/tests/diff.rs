//! Two runs held against each other.

use super::*;

const RULES: &str = r#"
format = 1
[pack]
id = "mine"
title = "mine"
[[select]]
rule = "e2ee"
severity = "error"
[[select]]
rule = "addresses"
severity = "warning"
[[select]]
rule = "kept"
severity = "note"
[[select]]
rule = "readable"
severity = "warning"
[[rule]]
id = "e2ee"
theme = "x"
title = "x"
each = "scopes"
require = "encryption.e2ee[it] >= 'default'"
message = "{it} is {encryption.e2ee[it]}"
[[rule]]
id = "addresses"
theme = "x"
title = "x"
require = "metadata.ip_retention <= '30d'"
message = "addresses are kept {metadata.ip_retention}"
[[rule]]
id = "kept"
theme = "x"
title = "x"
when = "metadata.log_retention > '1d'"
forbid = "metadata.ip_retention == 'unlimited'"
message = "kept"
[[rule]]
id = "readable"
theme = "x"
title = "x"
each = "scopes"
forbid = "derived.provider_can_read[it]"
message = "readable"
"#;

fn engine() -> Linter {
    let options = LintOptions { facts: true, all_outcomes: true, compare: true, ..LintOptions::default() };
    linter(super::worked::PLATFORM, RULES, options)
}

fn side(linter: &Linter, files: &[(&str, &str)]) -> Side {
    let report = run(linter, files);
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let mut side = Side::default();
    side.take(&report);
    side
}

fn between(old: &[(&str, &str)], new: &[(&str, &str)]) -> Diff {
    let linter = engine();
    let (old, new) = (side(&linter, old), side(&linter, new));
    linter.diff(old, new)
}

/// Two declarations of one product with these statements below the head.
fn declared(old: &str, new: &str) -> Diff {
    let head = "hushlint = 1\n[product]\nname = \"P\"\nscopes = [\"direct\", \"group\"]\n";
    between(&[("p.toml", &format!("{head}{old}"))], &[("p.toml", &format!("{head}{new}"))])
}

/// `worse encryption.e2ee direct,group default>opt-in error`: facts that changed by themselves.
fn told(diff: &Diff) -> Vec<String> {
    let word = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let one = |f: &FactChange| {
        let qualifiers: Vec<&str> = f.qualifier.iter().map(AsRef::as_ref).collect();
        let change = format!("{:?}", f.change).to_lowercase();
        let severity = f.severity.map_or("-", Severity::name);
        let (old, new) = (word(&f.old.value), word(&f.new.value));
        format!("{change} {} [{}] {old}>{new} {severity}", f.fact, qualifiers.join(","))
    };
    diff.pairs.iter().flat_map(|p| &p.facts).filter(|f| f.follows_from.is_empty()).map(one).collect()
}

fn moved(diff: &Diff) -> Vec<String> {
    let one = |r: &RuleChange| format!("{} {:?}", r.rule, r.change);
    diff.pairs.iter().flat_map(|p| &p.rules).map(one).collect()
}

#[test]
fn each_fact_is_compared_in_its_own_order() {
    for (old, new, wanted) in [
        ("ip_retention = \"28d\"", "ip_retention = \"30d\"", "worse metadata.ip_retention [] 28d>30d warning"),
        ("ip_retention = \"28d\"", "ip_retention = \"7d\"", "better metadata.ip_retention [] 28d>7d warning"),
        (
            "ip_retention = \"28d\"",
            "ip_retention = \"unlimited\"",
            "worse metadata.ip_retention [] 28d>unlimited warning",
        ),
        ("ip_retention = \"28d\"", "", "unseen metadata.ip_retention [] 28d>null warning"),
        ("", "ip_retention = \"28d\"", "seen metadata.ip_retention [] null>28d warning"),
    ] {
        assert_eq!(told(&declared(&format!("[metadata]\n{old}\n"), &format!("[metadata]\n{new}\n"))), [wanted]);
    }
    // Audiences have no one order: of these, neither is beyond the other.
    let reach = |who: &str| format!("[reach]\nmessage = \"{who}\"\n");
    let change = |old: &str, new: &str| told(&declared(&reach(old), &reach(new)));
    assert!(change("contacts", "everyone").iter().all(|c| c.starts_with("worse reach.message")));
    assert!(change("everyone", "contacts").iter().all(|c| c.starts_with("better reach.message")));
    assert_eq!(change("contacts", "contacts"), [""; 0]);
    assert_eq!(declared(&reach("contacts"), &reach("contacts")).counts(), DiffCounts::default());
}

#[test]
fn qualifiers_that_changed_alike_are_one_row() {
    let e2ee =
        |direct: &str, group: &str| format!("[encryption]\ne2ee = {{ direct = \"{direct}\", group = \"{group}\" }}\n");
    let alike = declared(&e2ee("default", "default"), &e2ee("opt-in", "opt-in"));
    assert_eq!(told(&alike), ["worse encryption.e2ee [direct,group] default>opt-in error"]);
    let apart = declared(&e2ee("default", "opt-in"), &e2ee("opt-in", "default"));
    assert_eq!(
        told(&apart),
        ["worse encryption.e2ee [direct] default>opt-in error", "better encryption.e2ee [group] opt-in>default error"]
    );
    assert_eq!(apart.worst(), Some(Severity::Error));
}

/// A derived fact changes because others do: it is in the data, with what it follows from, and counts once.
#[test]
fn derived_facts_say_what_they_follow_from() {
    let e2ee = |value: &str| format!("[encryption]\ne2ee = \"{value}\"\n");
    let diff = declared(&e2ee("enforced"), &e2ee("none"));
    assert_eq!(told(&diff), ["worse encryption.e2ee [direct,group] enforced>none error"]);
    let derived: Vec<&FactChange> =
        diff.pairs[0].facts.iter().filter(|f| f.fact.as_ref().starts_with("derived.")).collect();
    assert!(!derived.is_empty());
    assert!(derived.iter().all(|f| f.follows_from.iter().any(|from| from.as_ref() == "encryption.e2ee")));
    assert_eq!((diff.counts().worse, diff.counts().failing), (1, 2));
}

#[test]
fn rules_fail_hold_and_cannot_be_decided() {
    let kept = |ip: &str, log: &str| format!("[metadata]\n{ip}\n{log}\n");
    let (week, ever) = ("ip_retention = \"7d\"", "ip_retention = \"unlimited\"");
    let (logs, none) = ("log_retention = \"7d\"", "log_retention = \"none\"");
    assert_eq!(moved(&declared(&kept(week, none), &kept(ever, none))), ["addresses Fails"]);
    assert_eq!(moved(&declared(&kept(week, logs), &kept(ever, logs))), ["addresses Fails", "kept Fails"]);
    assert_eq!(moved(&declared(&kept(week, ""), &kept(ever, ""))), ["addresses Fails", "kept Undecided"]);
    assert_eq!(moved(&declared(&kept(ever, none), &kept(week, none))), ["addresses Holds"]);
    assert_eq!(moved(&declared(&kept(ever, none), &kept("", none))), ["addresses Undecided"]);
    assert_eq!(moved(&declared(&kept("", none), &kept(week, none))), [""; 0]);
    assert_eq!(moved(&declared(&kept(ever, logs), &kept(ever, none))), ["kept Gone"]);
    let failing = &declared(&kept(week, none), &kept(ever, none)).pairs[0].rules[0];
    assert_eq!(failing.facts.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["metadata.ip_retention"]);
    assert_eq!((failing.severity, failing.counts()), (Some(Severity::Warning), true));
    assert_eq!(failing.message.as_ref().unwrap().as_ref(), "addresses are kept for ever");
}

#[test]
fn a_rule_may_fail_in_more_respects() {
    let e2ee =
        |direct: &str, group: &str| format!("[encryption]\ne2ee = {{ direct = \"{direct}\", group = \"{group}\" }}\n");
    let more = declared(&e2ee("default", "opt-in"), &e2ee("opt-in", "opt-in"));
    assert!(moved(&more).contains(&"e2ee FailsMore".to_owned()), "{:?}", moved(&more));
    let less = declared(&e2ee("opt-in", "opt-in"), &e2ee("default", "opt-in"));
    assert!(!moved(&less).iter().any(|m| m.starts_with("e2ee")), "{:?}", moved(&less));
}

#[test]
fn what_is_not_there_is_no_change_for_the_worse() {
    let diff = between(
        &[(
            "p.toml",
            "hushlint = 1\n[product]\nname = \"P\"\nscopes = [\"direct\", \"group\"]\n[encryption]\ne2ee = \"none\"\n",
        )],
        &[("p.toml", "hushlint = 1\n[product]\nname = \"P\"\nscopes = [\"direct\"]\n[encryption]\ne2ee = \"none\"\n")],
    );
    let changes = told(&diff);
    assert!(changes.iter().any(|c| c == "changed encryption.e2ee [group] none>null error"), "{changes:?}");
    assert_eq!((diff.worst(), diff.counts().worse), (None, 0));
}

const SERVER: &str = "server_name: a.example\nreport_stats: false\n";

#[test]
fn deployments_are_paired_by_key_then_server_then_alone() {
    let product = |name: &str| format!("hushlint = 1\n[product]\nname = \"{name}\"\n");
    let (p, q, r, s) = (product("P"), product("Q"), product("R"), product("S"));
    // The product's name is a part of the key; in another folder it names the deployment still.
    let diff = between(&[("a/p.toml", &p), ("a/q.toml", &q)], &[("b/p.toml", &p), ("a/q.toml", &q)]);
    let pairs: Vec<(&str, &str, PairedBy)> =
        diff.pairs.iter().map(|pair| (pair.old.info.id.as_ref(), pair.new.info.id.as_ref(), pair.by)).collect();
    assert_eq!(pairs, [("a#Q", "a#Q", PairedBy::Key), ("a#P", "b#P", PairedBy::Server)]);
    // Two that are called alike are told apart by nothing.
    let diff = between(&[("a/p.toml", &p), ("b/p.toml", &p)], &[("c/p.toml", &p), ("d/q.toml", &q)]);
    assert_eq!((diff.pairs.len(), diff.added.len(), diff.removed.len()), (0, 2, 2));
    // The only one of its platform that is left.
    let diff = between(&[("a/p.toml", &p), ("x.yaml", SERVER)], &[("a/q.toml", &q), ("y.yaml", SERVER)]);
    let by: Vec<PairedBy> = diff.pairs.iter().map(|pair| pair.by).collect();
    assert_eq!(by, [PairedBy::Alone, PairedBy::Alone]);
    assert!(diff.pairs.iter().all(|pair| pair.old.info.platform == pair.new.info.platform));
    let diff = between(&[("a/p.toml", &p), ("a/q.toml", &q)], &[("a/r.toml", &r), ("a/s.toml", &s)]);
    assert_eq!((diff.pairs.len(), diff.added.len(), diff.removed.len()), (0, 2, 2));
    // A folder that only one side is called by tells nothing apart.
    let linter = engine();
    let mut old = Side::new("old/");
    old.take(&run(&linter, &[("old/x.yaml", SERVER)]));
    let mut new = Side::new("new/");
    new.take(&run(&linter, &[("new/x.yaml", SERVER), ("new/y/x.yaml", SERVER)]));
    let diff = linter.diff(old, new);
    assert_eq!((diff.pairs.len(), diff.added.len()), (1, 1));
    assert_eq!((diff.pairs[0].new.info.id.as_ref(), diff.pairs[0].by), ("new/x.yaml", PairedBy::Key));
}

#[test]
fn the_place_is_quoted() {
    let kept =
        |text: &str| format!("{SERVER}retention:\n  enabled: {text}\n  default_policy:\n    max_lifetime: 90d\n");
    let diff = between(&[("s.yaml", &kept("true"))], &[("s.yaml", &kept("false"))]);
    assert_eq!(told(&diff), ["worse content.retention [direct,group,channel] 90d>unlimited -"]);
    let place = &diff.pairs[0].facts[0].place;
    assert_eq!((place.text.as_ref(), place.span.map(|s| s.start.line)), ("retention.enabled: false", Some(4)));
    let diff = between(&[("s.yaml", &kept("true"))], &[("s.yaml", SERVER)]);
    assert_eq!(diff.pairs[0].facts[0].place.text.as_ref(), "retention.enabled is not written");
}
