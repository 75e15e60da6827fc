//! Configurations of several files, and what they say for which file.

use super::small::{PLATFORM, pack};
use super::*;

const RULES: [(&str, &str, &str); 2] = [
    ("guests", "require = \"account.guests == 'off'\"", "guests"),
    (
        "addresses",
        "require = \"metadata.ip_retention <= params.max\"\nparams.max = { default = \"7d\", stricter = \"lower\" }",
        "addresses: {metadata.ip_retention}, {params.max}",
    ),
];

fn knowledge() -> Knowledge {
    own::with(PLATFORM, &pack(&RULES)).unwrap_or_else(|e| panic!("{}", told(&e))).0
}

fn read(text: &str, given: &[(&str, &str)], nested: &[(&str, &str)]) -> Result<Config, String> {
    let own = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    let nested: Vec<Nested> = own(nested)
        .into_iter()
        .map(|(folder, text)| Nested { path: format!("{folder}/hushlint.toml"), folder, text })
        .collect();
    Config::read_all("hushlint.toml", text, &own(given), &nested, &knowledge()).map_err(|e| told(&e))
}

/// What holds of a rule for a file: severity or `off`, and the limit.
fn holds(config: &Config, rule: &str, file: &str) -> String {
    let rules = config.rules_under(&config.overrides_of(file));
    let Some(own) = rules.get(rule) else { return "as the packs say".to_owned() };
    let severity = own.severity.map_or("-", crate::rule::Severity::name);
    let params: Vec<String> = own.params.iter().map(|(name, v)| format!(" {name}={}", v.json())).collect();
    format!("{}{}", if own.off { "off" } else { severity }, params.concat())
}

#[test]
fn a_configuration_wins_over_what_it_starts_from() {
    let base = "fail-on = \"note\"\npacks = [\"strict\"]\nexclude = [\"a/**\", \"b/**\"]\n\
                [rules.addresses]\nseverity = \"error\"\nparams = { max = \"1d\" }\n[rules.guests]\nseverity = \"off\"\n\
                [[override]]\nfiles = [\"x/**\"]\nrules = { guests = { severity = \"note\" } }\n\
                [[waive]]\nrule = \"guests\"\nfiles = [\"a\"]\nreason = \"r\"\n";
    let own = "extends = \"org.toml\"\nexclude = [\"b/**\", \"c/**\"]\n\
               [rules.addresses]\nparams = { max = \"2d\" }\n[rules.guests]\nseverity = \"warning\"\n\
               [[override]]\nfiles = [\"x/y\"]\nrules = { guests = { severity = \"error\" } }\n";
    let config = read(own, &[("org.toml", base)], &[]).unwrap();
    assert_eq!(config.fail_on.name(), "note");
    assert_eq!(config.packs.iter().map(|p| p.0.as_str()).collect::<Vec<_>>(), ["strict"]);
    assert_eq!(config.exclude, ["a/**", "b/**", "c/**"]);
    assert_eq!(config.waivers.len(), 1);
    assert_eq!(holds(&config, "addresses", "z.yaml"), "error max=\"2d\"");
    assert_eq!(holds(&config, "guests", "z.yaml"), "warning");
    assert_eq!(holds(&config, "guests", "x/z.yaml"), "note");
    assert_eq!(holds(&config, "guests", "x/y/z.yaml"), "error", "the repository's own override is the later one");
    let from = |key: &str| config.origins.get(key).map_or("", String::as_str);
    assert_eq!(from("rules.addresses.severity"), "org.toml:5");
    assert_eq!(from("rules.addresses.params.max"), "hushlint.toml:4");
    assert_eq!(from("fail-on"), "org.toml:1");
    let packs = read("extends = \"org.toml\"\npacks = []\nfail-on = \"error\"", &[("org.toml", base)], &[]).unwrap();
    assert!(packs.packs.is_empty() && packs.fail_on.name() == "error");
}

#[test]
fn what_is_started_from_is_pinned_and_given() {
    let missing = read("extends = \"org.toml\"", &[], &[]).unwrap_err();
    assert!(missing.contains("`org.toml` was not given"), "{missing}");
    let changed = read("extends = \"org.toml@sha256:0123456789\"", &[("org.toml", "")], &[]).unwrap_err();
    assert!(changed.contains("is not the file that is pinned"), "{changed}");
    let empty = "e3b0c44298fc1c14";
    assert!(read(&format!("extends = \"org.toml@sha256:{empty}\""), &[("org.toml", "")], &[]).is_ok());
    let edition = read("extends = \"org.toml@2\"", &[("org.toml", "")], &[]).unwrap_err();
    assert!(edition.contains("no editions"), "{edition}");
    let wrong = read("extends = \"org.toml\"", &[("org.toml", "fail_on = \"x\"\nbaseline = \"b\"")], &[]).unwrap_err();
    assert!(wrong.contains("did you mean `fail-on`?") && wrong.contains("`baseline` has no place"), "{wrong}");
}

#[test]
fn folders_speak_for_themselves_and_only_where_they_may() {
    let nested = [(
        "shop",
        "exclude = [\"test/**\"]\n[rules.guests]\nseverity = \"note\"\n\
         [[override]]\nfiles = [\"old/**\"]\nrules = { guests = { severity = \"off\" } }\n\
         [[waive]]\nrule = \"addresses\"\nfiles = [\"./a.yaml\"]\nreason = \"r\"\n",
    )];
    let config = read("[nested]\nallow = true\n[rules.guests]\nseverity = \"error\"", &[], &nested).unwrap();
    assert_eq!(config.exclude, ["shop/test/**"]);
    assert_eq!(holds(&config, "guests", "other/a.yaml"), "error");
    assert_eq!(holds(&config, "guests", "shop/a.yaml"), "note");
    assert_eq!(holds(&config, "guests", "shopping/a.yaml"), "error");
    assert_eq!(holds(&config, "guests", "shop/old/a.yaml"), "off");
    assert!(config.waivers[0].covers_file("shop/a.yaml") && !config.waivers[0].covers_file("a.yaml"));
    let closed = read("[rules.guests]\nseverity = \"error\"", &[], &nested).unwrap();
    assert_eq!(holds(&closed, "guests", "shop/a.yaml"), "error");
    assert!(closed.waivers.is_empty() && closed.exclude.is_empty());
    let wide = [("shop", "packs = []\n[[waive]]\nrule = \"guests\"\ndeployment = \"x\"\nreason = \"r\"\n")];
    let wrong = read("[nested]\nallow = true", &[], &wide).unwrap_err();
    assert!(wrong.contains("`packs` has no place") && wrong.contains("waives by `files`"), "{wrong}");
}

#[test]
fn overrides_judge_one_file_otherwise_than_the_next() {
    let config = "[[override]]\nfiles = [\"a/**\"]\n\
                  rules = { guests = { severity = \"off\" }, addresses = { severity = \"error\", params = { max = \"10d\" } } }\n";
    let options = LintOptions { config: Some(("hushlint.toml".into(), config.into())), ..LintOptions::default() };
    let linter = linter(PLATFORM, &pack(&RULES), options);
    let text = "server_name: x\nguests: true\nips_kept: 9d\n";
    let worse = text.replace("9d", "11d");
    let report = run(&linter, &[("a/x.yaml", text), ("b/x.yaml", text), ("c/x.yaml", text), ("a/y/x.yaml", &worse)]);
    let one = |f: &Finding| format!("{} {} {} {}", f.file, f.rule, f.severity.name(), f.message);
    assert_eq!(
        report.findings.iter().map(one).collect::<Vec<_>>(),
        [
            "a/y/x.yaml addresses error addresses: 11 days, 10 days",
            "b/x.yaml guests warning guests",
            "b/x.yaml addresses warning addresses: 9 days, 7 days",
            "c/x.yaml guests warning guests",
            "c/x.yaml addresses warning addresses: 9 days, 7 days",
        ]
    );
}

#[test]
fn globs_start_at_the_configurations_folder() {
    let waiver = |files: &str| format!("[[waive]]\nrule = \"guests\"\nfiles = [\"{files}\"]\nreason = \"r\"\n");
    let text = "server_name: x\nguests: true\nips_kept: 1d\n";
    for (rebase, files, path, hidden) in [
        (Rebase::Same, "a/**", "a/x.yaml", true),
        (Rebase::Below("infra/".into()), "a/**", "infra/a/x.yaml", true),
        (Rebase::Below("infra/".into()), "**", "a/x.yaml", false),
        (Rebase::Above("infra/".into()), "infra/a/**", "a/x.yaml", true),
        (Rebase::Above("infra/".into()), "a/**", "a/x.yaml", false),
    ] {
        let config = Some(("hushlint.toml".to_owned(), waiver(files)));
        let linter = linter(PLATFORM, &pack(&RULES), LintOptions { config, rebase, ..LintOptions::default() });
        let report = run(&linter, &[(path, text)]);
        assert_eq!(report.findings[0].suppressed.is_some(), hidden, "{files} {path}");
    }
}
