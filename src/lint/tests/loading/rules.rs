//! Rules, packs, configurations and arguments that are wrong; and everything built in, which is not.

use super::*;

const RULE: &str = r#"format = 1
[pack]
id = "mine"
title = "mine"
[[select]]
rule = "kept"
severity = "error"
params = { max = "7d" }
[[rule]]
id = "kept"
theme = "content"
title = "kept"
require = "metadata.ip_retention <= params.max"
params.max = { default = "30d", stricter = "lower" }
message = "addresses are kept {metadata.ip_retention}"
"#;

#[test]
fn the_rule_of_this_file_is_sound() {
    assert!(own::with(PLATFORM, RULE).is_ok());
}

#[test]
fn rules_and_packs() {
    let table = [
        // Rules.
        ("theme = \"content\"", "them = \"content\"", "them", "`them` is no key", "`theme`"),
        ("id = \"kept\"\n", "id = \"Kept It\"\n", "\"Kept It\"", "slug", ""),
        (
            "metadata.ip_retention <=",
            "metadata.ip_retenton <=",
            "metadata.ip_retenton",
            "`metadata.ip_retenton` is no name",
            "`metadata.ip_retention`",
        ),
        (
            "kept {metadata.ip_retention}",
            "kept {metadata.ip_retentoin}",
            "metadata.ip_retentoin",
            "no name",
            "`metadata.ip_retention`",
        ),
        ("kept {metadata.ip_retention}", "kept {params.mx}", "params.mx", "no parameter `mx`", "`params.max`"),
        ("<= params.max\"", "<= 30\"", "30", "a number is no duration", "'30d'"),
        ("require =", "require = \"true\"\nforbid =", "\"kept\"", "exactly one", ""),
        ("require = \"metadata.ip_retention <= params.max\"\n", "", "\"kept\"", "exactly one", ""),
        (
            "require = \"metadata.ip_retention <= params.max\"",
            "event = \"without_effect\"",
            "\"without_effect\"",
            "`without_effect` is no event",
            "`without-effect`",
        ),
        ("require =", "each = \"scops\"\nrequire =", "scops", "`scops` is no name", "`scopes`"),
        (
            "require =",
            "when = \"'call' in product.scopess\"\nrequire =",
            "product.scopess",
            "no name",
            "`product.scopes`",
        ),
        ("require =", "supersedes = [\"keppt\"]\nrequire =", "\"keppt\"", "`keppt` is no rule", "`kept`"),
        (
            "require =",
            "opposes = [{ rule = \"keppt\", because = \"x\", choose = \"x\" }]\nrequire =",
            "\"keppt\"",
            "`keppt` is no rule",
            "`kept`",
        ),
        (
            "require =",
            "opposes = [{ rule = \"kept\", because = \"x\" }]\nrequire =",
            "{ rule = \"kept\", because = \"x\" }",
            "`choose` is missing",
            "",
        ),
        ("require =", "preview = \"yes\"\nrequire =", "\"yes\"", "true or false", ""),
        ("require =", "formerly = [\"kept\"]\nrequire =", "\"kept\"", "there is a rule `kept` already", ""),
        ("require = \"metadata", "require = \"setting.kept <= '1d' && metadata", "setting.kept", "no name", ""),
        // Parameters.
        ("default = \"30d\", ", "default = 30, ", "30", "a period has a unit", "30d"),
        ("default = \"30d\", ", "default = \"thirty\", ", "\"thirty\"", "no duration", "30d"),
        (", stricter = \"lower\"", "", "max", "`stricter` is missing", ""),
        ("stricter = \"lower\"", "stricter = \"less\"", "max", "`less` is no direction", "one of"),
        (
            "params.max = {",
            "params.least = { default = 1, stricter = \"lower\" }\nparams.max = {",
            "least",
            "nothing tells the type of `least`",
            "",
        ),
        (
            "params.max = {",
            "params.least = { default = 1, stricter = \"lower\", type = \"int\" }\nparams.max = {",
            "least",
            "`int` is no type",
            "one of",
        ),
        // Packs.
        ("rule = \"kept\"", "rule = \"kep\"", "\"kep\"", "`kep` is no rule", "`kept`"),
        ("severity = \"error\"", "severity = \"eror\"", "\"eror\"", "`eror` is no severity", "`error`"),
        ("severity = \"error\"", "severity = \"error\"\nbasis = \"lawn\"", "\"lawn\"", "`lawn` is no basis", "`law`"),
        ("severity = \"error\"\n", "", "rule = \"kept\"\nparams = { max = \"7d\" }", "`severity` is missing", ""),
        ("max = \"7d\"", "mx = \"7d\"", "mx", "`mx` is no parameter", "`max`"),
        ("max = \"7d\"", "max = 7", "7", "a period has a unit", "7d"),
        ("max = \"7d\"", "max = \"7 dayz\"", "\"7 dayz\"", "no duration", "30d"),
        (
            "title = \"mine\"",
            "title = \"mine\"\nrequired = [\"account.mfaa\"]",
            "\"account.mfaa\"",
            "`account.mfaa` is no fact",
            "`account.mfa`",
        ),
        (
            "title = \"mine\"",
            "title = \"mine\"\nrequired = [{ facts = [\"account.mf\"], when = \"true\" }]",
            "\"account.mf\"",
            "no fact",
            "`account.mfa`",
        ),
        (
            "title = \"mine\"",
            "title = \"mine\"\nwhen = \"product.minor == 'possible'\"",
            "product.minor",
            "no name",
            "`product.minors`",
        ),
        ("title = \"mine\"", "title = \"mine\"\nextend = [\"baseline\"]", "extend", "`extend` is no key", "`extends`"),
        (
            "params = { max = \"7d\" }",
            "params = { max = \"7d\" }\nparam_sources = { mx = \"a law\" }",
            "mx",
            "`mx` is no parameter set here",
            "`max`",
        ),
        (
            "title = \"mine\"",
            "title = \"mine\"\ntraps = { from = \"baseline\", rase = 1 }",
            "rase",
            "`rase` is no key",
            "`raise`",
        ),
        ("[[select]]", "[[selects]]", "selects", "`selects` is no table", "`select`"),
    ];
    all_hold(table.map(|(from, to, place, says, advice)| {
        let text = RULE.replacen(from, to, 1);
        assert_ne!(text, RULE, "{from}");
        differs(own::with(PLATFORM, &text), (to, place, says, advice))
    }));
}

#[test]
fn an_id_is_given_to_one_rule() {
    let twice = format!("{RULE}{}", RULE.split_once("[[rule]]").map(|(_, r)| format!("[[rule]]{r}")).unwrap());
    holds(own::with(PLATFORM, &twice), ("twice", "\"kept\"", "there is a rule `kept` already", "rules.toml:10"));
    let errors = own::with(PLATFORM, &twice).map(|_| ()).unwrap_err();
    assert_eq!(errors[0].source.position(errors[0].span.start).line, 17, "the second one is wrong");
    let selected_twice = RULE.replacen("[[rule]]", "[[select]]\nrule = \"kept\"\nseverity = \"note\"\n[[rule]]", 1);
    holds(own::with(PLATFORM, &selected_twice), ("", "\"kept\"", "selected twice", ""));
}

#[test]
fn former_ids_lead_to_the_rule_and_are_never_given_again() {
    let renamed = RULE.replacen("id = \"kept\"", "id = \"kept\"\nformerly = [\"addresses-kept\"]", 1);
    let selected = renamed.replacen("rule = \"kept\"", "rule = \"addresses-kept\"", 1);
    let (knowledge, pack) = own::with(PLATFORM, &selected).unwrap_or_else(|e| panic!("{}", told(&e)));
    assert_eq!(pack.unwrap().selects[0].rule, "kept");
    assert_eq!(knowledge.catalogue.find("addresses-kept").map(|r| r.id.as_str()), Some("kept"));
    let again = format!(
        "{renamed}{}",
        "[[rule]]\nid = \"addresses-kept\"\ntheme = \"x\"\ntitle = \"x\"\nforbid = \"account.mfa_bypass\"\nmessage = \"x\"\n"
    );
    holds(own::with(PLATFORM, &again), ("", "\"addresses-kept\"", "the former id of `kept`", "rules.toml:"));
}

#[test]
fn what_rules_in_platform_words_name_is_checked_too() {
    let rule = |line: &str| {
        format!(
            "format = 1\n[[rule]]\nid = \"trap\"\ntheme = \"x\"\ntitle = \"x\"\nplatforms = [\"small\"]\nforbid = \"setting.guests\"\nmessage = \"x\"\n{line}\n"
        )
    };
    holds(own::with(PLATFORM, &rule("supersedes = [\"trapp\"]")), ("", "\"trapp\"", "`trapp` is no rule", "`trap`"));
    let knowledge = |line: &str| {
        let document = crate::lint::parsed("own.toml", &rule(line));
        let mut knowledge = Knowledge::built_in().unwrap();
        knowledge.catalogue.add(&document, &knowledge.facts.vocabulary).unwrap();
        let errors = knowledge.check_outside(std::iter::once(&document)).unwrap();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    };
    assert!(knowledge("controls = [\"gdpr:13\"]").is_ok());
    holds(knowledge("controls = [\"gdpr:133\"]"), ("", "\"gdpr:133\"", "no control of a framework", "`gdpr:13`"));
    holds(knowledge("evidence = [\"nobody-2018\"]"), ("", "\"nobody-2018\"", "no evidence", ""));
}

#[test]
fn a_pack_that_selects_nothing_is_refused() {
    let empty = RULE.replacen("[[select]]\nrule = \"kept\"\nseverity = \"error\"\nparams = { max = \"7d\" }\n", "", 1);
    holds(own::with(PLATFORM, &empty), ("", "pack", "selects nothing", "[[select]]"));
}

#[test]
fn pins() {
    let pack = [("a.toml", "format = 1\n[pack]\nid = \"a\"\ntitle = \"x\"\nextends = [\"baseline\"]\n")];
    let hash = {
        let linter = options(&pack, "packs = [\"a.toml\"]").unwrap_or_else(|e| panic!("{}", told(&e)));
        linter.run_info(0).packs.last().unwrap().sha256.clone()
    };
    for good in ["baseline@1", "a.toml@1", &format!("a.toml@sha256:{hash}"), &format!("a.toml@sha256:{}", &hash[..12])]
    {
        assert!(options(&pack, &format!("packs = [\"{good}\"]")).is_ok(), "{good}");
    }
    let table = [
        ("baseline@7", "no edition 7", "`baseline@1`"),
        ("basline@1", "no pack `basline`", "`baseline`"),
        ("a.toml@sha256:0123456789", "its content has changed", hash.as_str()),
        ("a.toml@sha256:12", "no hash", "eight"),
        ("a.toml@latest", "no pack `a.toml@latest`", "path"),
    ];
    all_hold(table.map(|(name, says, advice)| {
        let config = format!("packs = [\"{name}\"]");
        differs(options(&pack, &config), (name, &format!("\"{name}\""), says, advice))
    }));
}

#[test]
fn a_rule_in_a_platforms_words_is_checked_with_it() {
    let rule = |condition: &str| {
        format!(
            "format = 1\n[[rule]]\nid = \"trap\"\ntheme = \"x\"\ntitle = \"x\"\nplatforms = [\"small\"]\nforbid = \"{condition}\"\nmessage = \"x\"\n"
        )
    };
    assert!(own::with(PLATFORM, &rule("setting.guests && setting.mode == 'open'")).is_ok());
    let table = [
        ("setting.gests", "setting.gests", "`setting.gests` is no name", "`setting.guests`"),
        ("setting.mode == 'opened'", "'opened'", "`opened` is not a value", "`open`"),
        ("has(setting.mod)", "setting.mod", "no name", "`setting.mode`"),
        ("setting.kept", "setting.kept", "a boolean is needed", ""),
    ];
    all_hold(table.map(|case| differs(own::with(PLATFORM, &rule(case.0)), case)));
}

fn options(packs: &[(&str, &str)], config: &str) -> Result<Linter, Vec<DataError>> {
    Linter::new(LintOptions {
        pack_files: packs.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect(),
        config: Some(("hushlint.toml".into(), config.to_owned())),
        ..LintOptions::default()
    })
}

#[test]
fn configurations() {
    let table = [
        ("pack = [\"baseline\"]", "pack", "`pack` is no key", "`packs`"),
        ("packs = [\"basline\"]", "\"basline\"", "no pack `basline`", "`baseline`"),
        ("packs = \"baseline\"", "\"baseline\"", "a list is needed", ""),
        ("fail-on = \"warn\"", "\"warn\"", "`warn` is no severity", "one of"),
        (
            "[rules.e2ee-not-defalt]\nseverity = \"note\"",
            "e2ee-not-defalt",
            "`e2ee-not-defalt` is no rule",
            "`e2ee-not-default`",
        ),
        ("[rules.e2ee-not-default]\nseverty = \"note\"", "severty", "`severty` is no key", "`severity`"),
        ("[rules.e2ee-not-default]\nseverity = \"of\"", "\"of\"", "`of` is no severity", "`off`"),
        ("[rules.ip-kept-too-long]\nparams = { mx = \"7d\" }", "mx", "`mx` is no parameter", "`max`"),
        ("[rules.ip-kept-too-long]\nparams = { max = 7 }", "7", "a period has a unit", "7d"),
        ("[[deployment]]\nfiles = [\"x\"]", "files = [\"x\"]", "`name` is missing", ""),
        (
            "[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nplatform = \"synaps\"",
            "\"synaps\"",
            "`synaps` is no platform",
            "`synapse`",
        ),
        (
            "[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nfacts = { \"account.mfaa\" = \"everyone\" }",
            "\"account.mfaa\"",
            "no fact",
            "`account.mfa`",
        ),
        (
            "[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nfacts = { \"account.mfa\" = \"everybody\" }",
            "\"everybody\"",
            "`everybody` is not a value",
            "one of",
        ),
        (
            "[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nfacts = { \"derived.provider_can_read\" = true }",
            "\"derived.provider_can_read\"",
            "cannot be stated",
            "",
        ),
        (
            "[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nfacts = { \"encryption.e2ee\" = { grup = \"none\" } }",
            "grup",
            "`grup` is no scope",
            "`group`",
        ),
        ("[[deployment]]\nname = \"x\"\nfiles = [\"x\"]\nversion = \"newest\"", "\"newest\"", "no version", "1.120"),
    ];
    all_hold(table.map(|case| differs(options(&[], case.0), case)));
    let errors = options(&[], "x =").map(|_| ()).unwrap_err();
    assert_eq!(errors[0].source.path(), "hushlint.toml", "a file that is no TOML");
}

#[test]
fn packs_that_extend_each_other() {
    let pack =
        |id: &str, extends: &str| format!("format = 1\n[pack]\nid = \"{id}\"\ntitle = \"x\"\nextends = [{extends}]\n");
    let last = pack("d", "\"baseline\"");
    let circle = [("a.toml", &*pack("a", "\"b\"")), ("b.toml", &*pack("b", "\"a\""))];
    holds(options(&circle, "packs = [\"a.toml\"]"), ("", "\"a\"", "a, b extend each other", ""));
    let itself = [("a.toml", &*pack("a", "\"a\""))];
    assert!(options(&itself, "packs = [\"a.toml\"]").is_err());
    // Twice the same below two others is no circle.
    let diamond = [
        ("a.toml", &*pack("a", "\"b\", \"c\"")),
        ("b.toml", &*pack("b", "\"d\"")),
        ("c.toml", &*pack("c", "\"d\"")),
        ("d.toml", &*last),
    ];
    let linter = options(&diamond, "packs = [\"a.toml\"]").unwrap_or_else(|e| panic!("{}", told(&e)));
    assert_eq!(linter.packs().iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["baseline", "d", "b", "c", "a"]);
    let lost = [("a.toml", &*pack("a", "\"basline\""))];
    holds(options(&lost, "packs = [\"a.toml\"]"), ("", "\"basline\"", "no pack `basline`", "`baseline`"));
}

#[test]
fn arguments() {
    let with = |platform: &str, version: Option<&str>| {
        let options =
            LintOptions { platform: Some((platform.into(), version.map(str::to_owned))), ..LintOptions::default() };
        Linter::new(options).map(|_| ())
    };
    assert!(with("synapse", Some("1.120")).is_ok());
    holds(with("synaps", None), ("", "synaps", "no platform `synaps`", "`synapse`"));
    holds(with("synapse", Some("new")), ("", "new", "no version", "1.120"));
}

#[test]
fn everything_built_in_loads() {
    let knowledge = Knowledge::built_in().unwrap_or_else(|e| panic!("{}", told(&e)));
    for n in 0..knowledge.platforms.len() {
        assert!(knowledge.platform(n).is_ok(), "{}", told(&knowledge.platform(n).map(|_| ()).unwrap_err()));
    }
    let frameworks = knowledge.frameworks().unwrap_or_else(|e| panic!("{}", told(&e)));
    let controls: Vec<String> =
        frameworks.iter().flat_map(|f| f.controls.iter().map(move |c| format!("{}:{}", f.id, c.id))).collect();
    let rules = knowledge
        .catalogue
        .rules
        .iter()
        .cloned()
        .chain((0..knowledge.platforms.len()).flat_map(|n| knowledge.platform(n).unwrap().rules.clone()));
    for rule in rules {
        let unknown: Vec<&String> = rule.controls.iter().filter(|c| !controls.contains(c)).collect();
        assert!(unknown.is_empty(), "{} names controls that no framework has: {unknown:?}", rule.id);
    }
    assert!(!knowledge.platforms.is_empty() && embedded("rules/packs/baseline.toml").is_some());
}
