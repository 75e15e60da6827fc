//! Declarations: every form and every error of the format.

use super::*;

const RULES: &str = r#"
format = 1
[pack]
id = "mine"
title = "mine"
required = ["account.mfa", { facts = ["encryption.e2ee"], when = "'call' in product.scopes" }]
[[select]]
rule = "e2ee"
severity = "error"
[[select]]
rule = "addresses"
severity = "warning"
[[select]]
rule = "undeclared"
severity = "note"
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
id = "undeclared"
theme = "x"
title = "x"
event = "undeclared"
message = "`{setting}` is not declared"
"#;

fn judged(files: &[(&str, &str)]) -> GroupReport {
    let linter = linter(
        super::worked::PLATFORM,
        RULES,
        LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() },
    );
    run(&linter, files)
}

fn declared(text: &str) -> GroupReport {
    judged(&[("app.toml", text)])
}

/// `known: value`, `unknown (candidates)`, `not-applicable`; of every qualifier of a fact.
fn fact(report: &GroupReport, id: &str) -> Vec<String> {
    assert_eq!(report.facts.len(), 1, "{:?}", report.errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>());
    let of = |f: &&FactInfo| f.fact.as_str() == id;
    let shown = |f: &FactInfo| {
        let qualifier = f.qualifier.as_ref().map(|q| format!("{q} ")).unwrap_or_default();
        let value = match f.state.as_str() {
            "known" => f.value.to_string().replace('"', ""),
            state if f.candidates.is_empty() => state.to_owned(),
            state => format!("{state} {}", serde_json::Value::from(f.candidates.clone()).to_string().replace('"', "")),
        };
        format!("{qualifier}{value}")
    };
    report.facts[0].iter().filter(of).map(shown).collect()
}

/// The text at each error, its message and advice.
fn errors(report: &GroupReport, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let place = |e: &InputError| e.span.as_ref().map(|s| text_at(files, &e.file, s).to_owned()).unwrap_or_default();
    report
        .errors
        .iter()
        .map(|e| (place(e), format!("{} {}", e.message, e.help.as_ref().map(|h| h.to_string()).unwrap_or_default())))
        .collect()
}

fn outcome(report: &GroupReport, rule: &str) -> Outcome {
    report.results.iter().find(|r| r.rule.as_str() == rule).unwrap_or_else(|| panic!("{rule} was not judged")).outcome
}

const HEAD: &str = "hushlint = 1\n[product]\nname = \"App\"\nscopes = [\"direct\", \"group\"]\nminors = \"possible\"\n";

fn with(body: &str) -> String {
    format!("{HEAD}{body}\n")
}

#[test]
fn forms_of_values() {
    for (body, id, expected) in [
        ("[encryption]\ne2ee = \"none\"", "encryption.e2ee", &["direct none", "group none"][..]),
        (
            "[encryption]\ne2ee = { direct = \"default\", others = \"opt-in\" }",
            "encryption.e2ee",
            &["direct default", "group opt-in"],
        ),
        // Without `others` a scope that is not named is undeclared.
        ("[encryption]\ne2ee = { direct = \"default\" }", "encryption.e2ee", &["direct default", "group unknown"]),
        (
            "[reach]\nmessage = { everyone = \"registered\", minor = \"contacts\" }",
            "reach.message",
            &["everyone registered", "minor contacts"],
        ),
        // `minor` falls back to `everyone`.
        (
            "[reach]\nmessage = { everyone = \"registered\" }",
            "reach.message",
            &["everyone registered", "minor registered"],
        ),
        ("[reach]\nmessage = \"contacts\"", "reach.message", &["everyone contacts", "minor contacts"]),
        ("[reach]\nmessage = { minor = \"contacts\" }", "reach.message", &["everyone unknown", "minor contacts"]),
        ("[account]\nmfa = { unknown = \"the vendor does not say\" }", "account.mfa", &["unknown"]),
        (
            "[account]\nmfa = { unknown = \"by plan\", candidates = [\"absent\", \"optional\"] }",
            "account.mfa",
            &["unknown [absent,optional]"],
        ),
        ("[account]\nmfa = { not_applicable = \"there are no accounts\" }", "account.mfa", &["not-applicable"]),
        (
            "[encryption]\ne2ee = { not_applicable = \"no messages\" }",
            "encryption.e2ee",
            &["direct not-applicable", "group not-applicable"],
        ),
        (
            "[encryption]\ne2ee = { direct = { unknown = \"why\" }, group = \"none\" }",
            "encryption.e2ee",
            &["direct unknown", "group none"],
        ),
        ("[metadata]\nkinds = [\"ip\", \"device\"]", "metadata.kinds", &["[device,ip]"]),
        ("[metadata]\nkinds = { at_least = [\"ip\"] }", "metadata.kinds", &["{at_least:[ip],possibly:[]}"]),
        ("[metadata]\nip_retention = \"30 days\"", "metadata.ip_retention", &["30d"]),
        ("[metadata]\nip_retention = \"until-account-deletion\"", "metadata.ip_retention", &["until-account-deletion"]),
        ("[account]\npassword_min = 8", "account.password_min", &["8"]),
        ("[account]\nmfa_bypass = false", "account.mfa_bypass", &["false"]),
        ("[ops]\nadmin_surface = \"nobody\"", "ops.admin_surface", &["nobody"]),
    ] {
        let text = with(body);
        let report = declared(&text);
        assert_eq!(errors(&report, &[("app.toml", &text)]), [], "{body}");
        assert_eq!(fact(&report, id), expected, "{body}");
    }
}

#[test]
fn the_three_spellings_say_the_same() {
    let toml = with(
        "as_of = 2026-01-31\n[encryption]\ne2ee = { direct = \"default\", others = \"none\" }\n[metadata]\nip_retention = \"1y\"\nkinds = { at_least = [\"ip\"] }",
    );
    let yaml = "hushlint: 1\nproduct:\n  name: App\n  scopes: [direct, group]\n  as_of: 2026-01-31\nencryption:\n  e2ee: { direct: default, others: none }\nmetadata:\n  ip_retention: 1y\n  kinds:\n    at_least:\n      - ip\n";
    let json = r#"{ "hushlint": 1, "product": { "name": "App", "scopes": ["direct", "group"], "as_of": "2026-01-31" },
        "encryption": { "e2ee": { "direct": "default", "others": "none" } }, "metadata": { "ip_retention": "1y", "kinds": { "at_least": ["ip"] } } }"#;
    let told = |path: &str, text: &str| {
        let report = judged(&[(path, text)]);
        assert_eq!(errors(&report, &[(path, text)]), [], "{path}");
        let places = report
            .findings
            .iter()
            .map(|f| {
                (
                    f.rule.to_string(),
                    f.message.to_string(),
                    text_at(&[(path, text)], &f.file, &f.span).trim_matches('"').to_owned(),
                )
            })
            .collect::<Vec<_>>();
        (["encryption.e2ee", "metadata.ip_retention", "metadata.kinds"].map(|id| fact(&report, id)), places)
    };
    let expected = told("app.toml", &toml);
    assert_eq!(
        expected.1.iter().map(|(r, m, t)| format!("{r}: {m} at {t}")).collect::<Vec<_>>(),
        [
            "undeclared: `account.mfa` is not declared at ",
            "e2ee: group is none at none",
            "addresses: addresses are kept 1 year at 1y",
        ]
    );
    assert_eq!(told("app.yaml", yaml).0, expected.0);
    assert_eq!(told("app.json", json).0, expected.0);
    assert_eq!(told("app.yaml", yaml).1[1..], expected.1[1..]);
    assert_eq!(told("app.json", json).1[1..], expected.1[1..]);
}

#[test]
fn errors_at_their_places() {
    for (body, place, says, refused) in [
        ("[encryption]\ne2e = \"none\"", "e2e", "`encryption.e2e` is no fact did you mean `e2ee`?", None),
        ("[account]\ne2ee = \"none\"", "e2ee", "`account.e2ee` is no fact there is `encryption.e2ee`", None),
        (
            "[encyption]\ne2ee = \"none\"",
            "encyption",
            "`encyption` is no area of facts did you mean `encryption`?",
            None,
        ),
        ("[encryption]\ne2ee = \"no\"", "\"no\"", "`no` is not a value here", Some("encryption.e2ee")),
        ("[encryption]\ne2ee = \"defalt\"", "\"defalt\"", "did you mean `default`?", Some("encryption.e2ee")),
        ("[encryption]\ne2ee = 3", "3", "a text is needed here", Some("encryption.e2ee")),
        ("[encryption]\ne2ee = { dierct = \"none\" }", "dierct", "`dierct` is no scope did you mean `direct`?", None),
        ("[encryption]\ne2ee = { everyone = \"none\" }", "everyone", "`everyone` is no scope", None),
        ("[reach]\nmessage = { minors = \"contacts\" }", "minors", "`minors` is no cohort did you mean `minor`?", None),
        ("[reach]\nmessage = { others = \"contacts\" }", "others", "`others` is no cohort", None),
        (
            "[reach]\nmessage = \"contact\"",
            "\"contact\"",
            "`contact` is no audience did you mean `contacts`?",
            Some("reach.message"),
        ),
        ("[account]\nmfa = { direct = \"absent\" }", "mfa", "is one value", Some("account.mfa")),
        ("[account]\nmfa = { unkown = \"x\" }", "mfa", "is one value", Some("account.mfa")),
        (
            "[account]\nmfa = { unknown = \"x\", candidate = [\"absent\"] }",
            "candidate",
            "did you mean `candidates`?",
            None,
        ),
        ("[account]\nmfa = { unknown = \"x\", candidates = [\"absnt\"] }", "\"absnt\"", "did you mean `absent`?", None),
        ("[account]\nmfa = { at_least = \"optional\" }", "at_least", "for sets", Some("account.mfa")),
        ("[account]\npassword_min = \"8\"", "\"8\"", "a number is needed", Some("account.password_min")),
        ("[account]\nmfa_bypass = \"yes\"", "\"yes\"", "true or false is needed", Some("account.mfa_bypass")),
        ("[metadata]\nip_retention = 30", "30", "a text is needed", Some("metadata.ip_retention")),
        ("[metadata]\nip_retention = \"30\"", "\"30\"", "no duration", Some("metadata.ip_retention")),
        ("[metadata]\nkinds = [\"ipp\"]", "\"ipp\"", "did you mean `ip`?", Some("metadata.kinds")),
        ("[metadata]\nkinds = \"ip\"", "\"ip\"", "a list is needed", Some("metadata.kinds")),
        ("[derived]\nprovider_can_read = true", "provider_can_read", "is computed from other facts", None),
        ("[[source]]\nfacts = [\"account.mfaa\"]", "\"account.mfaa\"", "did you mean `account.mfa`?", None),
        ("[[source]]\nfacts = [\"account.mfa\"]\nstatus = \"guessed\"", "\"guessed\"", "`guessed` is no status", None),
        ("[[source]]\nfact = [\"account.mfa\"]", "fact", "did you mean `facts`?", None),
    ] {
        let text = with(body);
        let report = declared(&text);
        let found = errors(&report, &[("app.toml", &text)]);
        assert!(found.iter().any(|(at, message)| at == place && message.contains(says)), "{body}: {found:?}");
        assert_eq!(report.results.len(), 3, "{body}: the rest is judged");
        if let Some(id) = refused {
            assert!(fact(&report, id).iter().all(|v| v.ends_with("unknown")), "{body}: {:?}", fact(&report, id));
        }
    }
}

#[test]
fn what_is_refused_is_unknown_of_that_kind_and_the_rest_is_judged() {
    let text = with(
        "[encryption]\ne2ee = { direct = \"secure\", group = \"none\" }\n[metadata]\nip_retention = \"long\"\n[account]\nmfa = \"everyone\"",
    );
    let report = declared(&text);
    assert_eq!(fact(&report, "encryption.e2ee"), ["direct unknown", "group none"]);
    assert_eq!(outcome(&report, "e2ee"), Outcome::Fail, "one scope fails whatever the other is");
    assert_eq!(outcome(&report, "addresses"), Outcome::Unknown);
    assert_eq!(
        report.unknown.iter().map(|u| format!("{} {}", u.rule, u.kind)).collect::<Vec<_>>(),
        ["addresses refused"]
    );
    assert_eq!(outcome(&report, "undeclared"), Outcome::Pass);
}

#[test]
fn a_scope_that_the_product_lacks() {
    let text = with("[encryption]\ne2ee = { direct = \"none\", call = \"none\" }");
    let report = declared(&text);
    let found = errors(&report, &[("app.toml", &text)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("`call`") && found[0].1.contains("direct, group"), "{found:?}");
    // With `others` nothing is said of such a scope.
    assert_eq!(errors(&declared(&with("[encryption]\ne2ee = { direct = \"none\", others = \"none\" }")), &[]), []);
}

#[test]
fn files_of_one_folder_and_name_are_one_declaration() {
    let first = with("[encryption]\ne2ee = \"default\"");
    let second = "hushlint: 1\nproduct: { name: App }\nmetadata: { ip_retention: 1y }\n";
    let report = judged(&[("d/a.toml", &first), ("d/b.yaml", second)]);
    assert_eq!(report.deployments.len(), 1);
    assert_eq!(report.deployments[0].id.as_str(), "d#App");
    assert_eq!(report.deployments[0].files.iter().map(|f| f.as_str()).collect::<Vec<_>>(), ["d/a.toml", "d/b.yaml"]);
    let finding = report.findings.iter().find(|f| f.rule.as_str() == "addresses").unwrap();
    assert_eq!(finding.file.as_str(), "d/b.yaml");
    assert_eq!(text_at(&[("d/b.yaml", second)], &finding.file, &finding.span), "1y");
    // Another name or another folder is another declaration.
    assert_eq!(judged(&[("d/a.toml", &first), ("d/b.yaml", &second.replace("App", "Other"))]).deployments.len(), 2);
    assert_eq!(judged(&[("d/a.toml", &first), ("e/b.yaml", second)]).deployments.len(), 2);
}

#[test]
fn a_fact_stated_twice_names_both_places() {
    let one = with("[metadata]\nip_retention = \"1y\"");
    let other = "hushlint: 1\nproduct: { name: App }\nmetadata:\n  ip_retention: 2y\n";
    let files = [("a.toml", one.as_str()), ("b.yaml", other)];
    let report = judged(&files);
    let found = errors(&report, &files);
    assert!(
        found
            .iter()
            .any(|(at, message)| at == "2y" && message.contains("stated twice") && message.contains("a.toml:7")),
        "{found:?}"
    );
    assert_eq!(fact(&report, "metadata.ip_retention"), ["unknown"], "neither counts");
    assert_eq!(outcome(&report, "addresses"), Outcome::Unknown);
    assert_eq!(report.unknown.iter().find(|u| u.rule.as_str() == "addresses").unwrap().kind.as_str(), "refused");
}

#[test]
fn as_a_whole_and_by_scope_is_twice_too_but_two_scopes_are_not() {
    let one = with("[encryption]\ne2ee = { direct = \"default\" }");
    let file = |value: &str| format!("hushlint: 1\nproduct: {{ name: App }}\nencryption: {{ e2ee: {value} }}\n");
    let judge = |second: &str| {
        let report = judged(&[("a.toml", &one), ("b.yaml", second)]);
        (report.errors.len(), fact(&report, "encryption.e2ee"))
    };
    assert_eq!(judge(&file("none")).0, 1);
    assert_eq!(judge(&file("{ direct: none }")).0, 1);
    assert_eq!(judge(&file("{ group: none }")), (0, vec!["direct default".to_owned(), "group none".to_owned()]));
}

#[test]
fn silence_about_what_the_pack_requires_is_a_finding() {
    let report = declared(&with("[encryption]\ne2ee = \"default\""));
    let told = |r: &GroupReport| {
        r.findings.iter().filter(|f| f.rule.as_str() == "undeclared").map(|f| f.message.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(told(&report), ["`account.mfa` is not declared"]);
    // A stated unknown is no silence.
    assert_eq!(told(&declared(&with("[account]\nmfa = { unknown = \"why\" }"))), [""; 0]);
    // `encryption.e2ee` is asked for where there are calls, once for each scope that is silent.
    let calls = with("[account]\nmfa = \"everyone\"").replace("\"group\"", "\"call\"");
    let finding = declared(&calls).findings.into_iter().find(|f| f.rule.as_str() == "undeclared").unwrap();
    assert_eq!(finding.qualifier.iter().map(|q| q.as_str()).collect::<Vec<_>>(), ["direct", "call"]);
    let half = with("[account]\nmfa = \"everyone\"\n[encryption]\ne2ee = { direct = \"default\" }")
        .replace("\"group\"", "\"call\"");
    let finding = declared(&half).findings.into_iter().find(|f| f.rule.as_str() == "undeclared").unwrap();
    assert_eq!(finding.qualifier.iter().map(|q| q.as_str()).collect::<Vec<_>>(), ["call"]);
    assert!(finding.anchor);
    assert_eq!(text_at(&[("app.toml", &half)], &finding.file, &finding.span), "encryption");
}

#[test]
fn a_declaration_has_no_fix_and_is_never_beyond_mending() {
    let report = declared(&with("[metadata]\nip_retention = \"1y\"\n[encryption]\ne2ee = \"none\""));
    for finding in &report.findings {
        assert!(finding.fix.is_none() && !finding.fixed, "{}", finding.rule);
        assert_eq!(finding.origin, Origin::Declared);
    }
    let help = |rule: &str| report.findings.iter().find(|f| f.rule.as_str() == rule).unwrap().help.to_string();
    assert!(help("e2ee").contains("default"), "the least value that passes: {}", help("e2ee"));
    assert!(help("addresses").contains("30"), "{}", help("addresses"));
}

#[test]
fn evidence_decides_how_sure_a_finding_is() {
    let confidence = |source: &str| {
        declared(&with(&format!("[metadata]\nip_retention = \"1y\"\n{source}")))
            .findings
            .iter()
            .find(|f| f.rule.as_str() == "addresses")
            .unwrap()
            .confidence
    };
    let source = |status: &str| {
        format!(
            "[[source]]\nfacts = [\"metadata.ip_retention\"]\nurl = \"https://example.org\"\nread = 2026-01-01\nstatus = \"{status}\""
        )
    };
    assert_eq!(confidence(""), Confidence::High);
    assert_eq!(confidence(&source("verified")), Confidence::High);
    assert_eq!(confidence(&source("reported")), Confidence::Medium);
    assert_eq!(confidence(&source("assumed")), Confidence::Low);
    assert_eq!(confidence(&source("assumed").replace("metadata.ip_retention", "account.mfa")), Confidence::High);
}

#[test]
fn while_the_scopes_are_unknown_those_with_a_value_are_judged() {
    let text =
        "hushlint = 1\n[product]\nname = \"App\"\n[encryption]\ne2ee = { direct = \"none\", group = \"enforced\" }\n";
    let report = declared(text);
    let finding = report.findings.iter().find(|f| f.rule.as_str() == "e2ee").unwrap();
    assert_eq!(finding.qualifier.iter().map(|q| q.as_str()).collect::<Vec<_>>(), ["direct"]);
}
