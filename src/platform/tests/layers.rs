//! Layers: which value holds, what the others are worth.

use super::*;

/// A file and variables over it, as many servers have them.
const LAYERED: &str = r#"
[document.main]
formats = ["json"]
keys = "ignore-case"
at = ["", "config"]
any = ["Team", "Mail"]
[document.env]
formats = ["env"]
keys = "ignore-case"
any = ["SM_CONFIG"]
[[layer]]
id = "env"
document = "env"
path = "SM_{PATH}"
separator = "_"
codecs = { flag = "flag-env" }
[[layer]]
id = "file"
document = "main"
when = "!setting.SM_CONFIG.startsWith('postgres')"
[[layer]]
id = "chart"
values = { "Team.Open" = true, "Mail.Length" = 5 }
force = "default"
when = "context.chart"
[[elsewhere]]
when = "setting.SM_CONFIG.startsWith('postgres')"
because = "a database holds the configuration"
[codec]
flag = "bool"
flag-env = { base = "bool", true = ["1", "true"], false = ["0", "false"], invalid = "@next" }
hours = { base = "duration", bare = "h" }
days = { base = "duration", bare = "d" }
[context]
chart = { type = "bool", cases = false }
in_file = { type = "bool", cases = { from = "setting.file" } }
[setting]
SM_CONFIG = { verbatim = true, layers = ["env"], codec = "text", absent = "" }
file = { path = "", codec = "section", layers = ["file"] }
"Team.Open" = { codec = "flag", absent = false }
"Team.Size" = { codec = "number", absent = [{ when = "context.in_file", value = 50 }, { unknown = "fresh and old servers differ", candidates = [50, 100] }] }
"Mail.Length" = { codec = "number", absent = 8 }
"Mail.Hours" = { codec = "hours", special = { "@zero" = "@next" }, also = [{ path = "Mail.Days", codec = "days" }], absent = "365d" }
"Mail.Password" = { codec = "secret" }
"Plugins" = { codec = "records", path = "Plugins.*", layers = ["file"] }
"Plugins[].Enable" = { codec = "flag", absent = false }
"#;

fn layered() -> &'static Platform {
    platform(LAYERED)
}

#[test]
fn variables_win_over_the_file_and_both_are_read_as_they_spell() {
    let d = deployment(
        layered(),
        &[
            ("main", r#"{"Team": {"Open": true, "Size": 10}, "Mail": {"Length": 12}}"#),
            ("env", "SM_TEAM_OPEN=0\nSM_TEAM_SIZE=20"),
        ],
        "",
    );
    assert_eq!(value(&d, "setting.Team.Open"), "false");
    assert_eq!(value(&d, "setting.Team.Size"), "20");
    assert_eq!(value(&d, "setting.Mail.Length"), "12");
    assert_eq!(origin(&d, "Team.Open"), "Set 0");
    assert_eq!(origin(&d, "Mail.Length"), "Set 12");
    assert_eq!(value(&d, "has(setting.Team.Open)"), "true");
    assert_eq!(value(&d, "context.in_file"), "true");
    assert!(events(&d).is_empty(), "{:?}", events(&d));
}

#[test]
fn case_does_not_matter_where_a_document_says_so() {
    let d = deployment(
        layered(),
        &[
            ("main", r#"{"TEAM": {"open": true, "Open": false}, "plugins": {"a": {"ENABLE": true}}}"#),
            ("env", "sm_mail_length=9"),
        ],
        "",
    );
    // Of two spellings the last one counts.
    assert_eq!(value(&d, "setting.Team.Open"), "false");
    assert_eq!(value(&d, "setting.Mail.Length"), "9");
    assert_eq!(value(&d, "setting.Plugins.exists(p, p.Enable && p._key == 'a')"), "true");
    assert!(events(&d).is_empty(), "{:?}", events(&d));
}

#[test]
fn the_tree_may_begin_below_a_key() {
    let d = deployment(layered(), &[("main", r#"{"id": "x", "config": {"Team": {"Open": true}}}"#)], "");
    assert_eq!(value(&d, "setting.Team.Open"), "true");
    let d = deployment(layered(), &[("main", r#"{"config": {}, "Team": {"Open": true}}"#)], "");
    assert_eq!(value(&d, "setting.Team.Open"), "true");
}

#[test]
fn a_word_that_a_layer_cannot_read_may_fall_to_the_next() {
    let d = deployment(layered(), &[("main", r#"{"Team": {"Open": true}}"#), ("env", "SM_TEAM_OPEN=yes")], "");
    assert_eq!(value(&d, "setting.Team.Open"), "true");
    assert_eq!(events(&d), ["without-effect yes"]);
    assert_eq!(origin(&d, "Team.Open"), "Set true");
    // The file has types; a text is no boolean there.
    let d = deployment(layered(), &[("main", r#"{"Team": {"Open": "true"}}"#)], "");
    assert_eq!(value(&d, "setting.Team.Open"), "unknown: refused");
}

#[test]
fn older_spellings_have_codecs_of_their_own() {
    for (file, env, wanted) in [
        (r#"{"Mail": {"Hours": 48}}"#, "", "2d"),
        (r#"{"Mail": {"Hours": 0, "Days": 30}}"#, "", "30d"),
        (r#"{"Mail": {"Hours": 0, "Days": 0}}"#, "", "365d"),
        (r#"{"Mail": {"Days": 30}}"#, "SM_MAIL_HOURS=24", "1d"),
        (r#"{"Mail": {"Hours": 24}}"#, "SM_MAIL_DAYS=3", "1d"),
        ("{}", "SM_MAIL_DAYS=3", "3d"),
    ] {
        let d = deployment(layered(), &[("main", file), ("env", env)], "");
        assert_eq!(value(&d, "setting.Mail.Hours"), wanted, "{file} {env}");
    }
}

#[test]
fn a_file_that_only_seeded_a_database_is_initial() {
    let d = deployment(
        layered(),
        &[
            ("main", r#"{"Team": {"Open": true}, "Mail": {"Length": 12}}"#),
            ("env", "SM_CONFIG=postgres://db\nSM_TEAM_OPEN=0"),
        ],
        "",
    );
    assert_eq!(value(&d, "setting.Team.Open"), "false");
    assert_eq!(value(&d, "setting.Mail.Length"), "unknown: elsewhere");
    assert_eq!(value(&d, "setting.Team.Size"), "unknown: elsewhere");
    assert_eq!(origin(&d, "Mail.Length"), "Initial 12");
    assert_eq!(value(&d, "has(setting.Mail.Length)"), "unknown: elsewhere");
    // What decides it is no secret of the database.
    assert_eq!(value(&d, "setting.SM_CONFIG"), "postgres://db");
    assert_eq!(events(&d), ["initial 12"]);
}

#[test]
fn while_it_is_open_whether_a_file_is_in_force() {
    let d = deployment(layered(), &[("main", r#"{"Team": {"Open": true}}"#), ("env", "SM_CONFIG=${CONFIG}")], "");
    assert_eq!(value(&d, "setting.Team.Open"), "unknown: templated");
}

#[test]
fn values_of_an_overlay_are_defaults_of_its_own() {
    let open = |chart: &str, file: &str| {
        let platform = platform(&LAYERED.replace("cases = false", &format!("cases = {chart}")));
        let d = deployment(platform, &[("main", file)], "");
        (value(&d, "setting.Team.Open"), value(&d, "has(setting.Team.Open)"), origin(&d, "Team.Open"))
    };
    let owned = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(open("false", r#"{"Team": {}}"#), owned("false", "false", "Default \"Team\""));
    assert_eq!(open("true", r#"{"Team": {}}"#), owned("true", "false", "Default \"Team\""));
    assert_eq!(open("true", r#"{"Team": {"Open": false}}"#), owned("false", "true", "Set false"));
    let unknown = "{ unknown = \"nobody knows\" }";
    assert_eq!(open(unknown, r#"{"Team": {}}"#).0, "unknown: stated [true, false]");
}

#[test]
fn defaults_that_differ_are_candidates() {
    let d = deployment(layered(), &[("env", "SM_MAIL_LENGTH=3")], "");
    assert_eq!(value(&d, "setting.Team.Size"), "unknown: stated [50, 100]");
    assert_eq!(value(&d, "setting.Team.Size >= 50"), "true");
    let d = deployment(layered(), &[("main", r#"{"Team": {}}"#)], "");
    assert_eq!(value(&d, "setting.Team.Size"), "50");
}

#[test]
fn layers_that_are_ignored_have_no_effect() {
    let definitions = LAYERED.replace("when = \"!setting", "otherwise = \"ignored\"\nwhen = \"!setting");
    let files = [("main", r#"{"Team": {"Open": true}}"#), ("env", "SM_CONFIG=postgres://db")];
    let d = deployment(platform(&definitions), &files, "");
    assert_eq!(value(&d, "setting.Team.Open"), "unknown: elsewhere");
    assert_eq!(events(&d), ["without-effect true"]);
}

#[test]
fn an_initial_layer_holds_where_nothing_else_tells() {
    let definitions = LAYERED.replace("[[elsewhere]]\nwhen = \"setting.SM_CONFIG.startsWith('postgres')\"\nbecause = \"a database holds the configuration\"\n", "");
    let definitions = definitions.replace("separator = \"_\"\n", "separator = \"_\"\nforce = \"initial\"\n");
    let definitions = definitions.replace("when = \"!setting.SM_CONFIG.startsWith('postgres')\"\n", "");
    let d = deployment(
        platform(&definitions),
        &[("main", r#"{"Team": {"Open": true}}"#), ("env", "SM_TEAM_OPEN=0\nSM_MAIL_LENGTH=3")],
        "",
    );
    assert_eq!(value(&d, "setting.Team.Open"), "true");
    assert_eq!(value(&d, "setting.Mail.Length"), "3");
    assert_eq!(origin(&d, "Mail.Length"), "Initial 3");
    assert_eq!(value(&d, "has(setting.Mail.Length)"), "false");
    // A value in force makes a seed no news.
    assert_eq!(events(&d), ["initial 3"]);
}

#[test]
fn misspelt_variables_are_told_and_others_are_not() {
    let d = deployment(
        platform(&LAYERED.replace("[setting]", "[setting]\n\"Team.Invitations\" = { codec = \"flag\" }")),
        &[(
            "env",
            "SM_TEAM_OPNE=1\nSM_TEAMOPEN=1\nSM_TEAM_COLOUR=red\nSM_MAIL_OPEN=1\nTZ=UTC\nSM_MAIL_PASSWROD=hunter2\nSM_TEAM_OPENED=1\nSM_MAIL_INVITATIONS=1\nXM_MAIL_INVITATIONS=1",
        )],
        "",
    );
    let told = events(&d);
    assert_eq!(
        told,
        [
            "without-effect SM_TEAM_OPNE",
            "without-effect SM_TEAMOPEN",
            "without-effect SM_MAIL_PASSWROD",
            "without-effect SM_TEAM_OPENED",
            "without-effect SM_MAIL_INVITATIONS",
        ]
    );
    let (sealed, _) = d.sealed_and_plain();
    let texts: Vec<&str> = sealed.iter().map(|s| d.document(s.document).unwrap().source.slice(s.span)).collect();
    assert_eq!(texts, ["hunter2"]);
}

#[test]
fn real_variables_that_look_like_declared_ones() {
    let source = format!(
        "{}{LAYERED}",
        HEAD.replace("images", "other_keys = [\"Team.Opened\", \"Mail.Length?\", \"Mail.P*\"]\nimages")
    );
    let source = Arc::new(Source::new("small.toml", source));
    let document = Arc::new(parse(&source, Format::Toml, &Limits::default()));
    let platform: &'static Platform = Box::leak(Box::new(load(&document, &facts().vocabulary).unwrap()));
    let d = deployment(
        platform,
        &[("env", "SM_TEAM_OPENED=1\nSM_MAIL_PASSWORDS=x"), ("main", r#"{"team": {"opened": 1}}"#)],
        "",
    );
    assert!(events(&d).is_empty(), "{:?}", events(&d));
}

#[test]
fn a_secret_is_one_in_every_layer() {
    let d = deployment(
        layered(),
        &[("main", r#"{"Mail": {"Password": "in the file"}}"#), ("env", "SM_MAIL_PASSWORD=in-a-variable")],
        "",
    );
    let (sealed, _) = d.sealed_and_plain();
    let mut texts: Vec<&str> = sealed.iter().map(|s| d.document(s.document).unwrap().source.slice(s.span)).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts, ["\"in the file\"", "in-a-variable"]);
}

#[test]
fn what_is_wrong_with_layers_is_told() {
    for (from, to, wanted) in [
        ("separator = \"_\"\n", "separator = \"_\"\nforce = \"sett\"\n", "`sett` is no force"),
        ("codecs = { flag =", "codecs = { flagg =", "`flagg` is no codec"),
        ("values = { \"Team.Open\"", "values = { \"Team.Opne\"", "`Team.Opne` is no setting"),
        ("document = \"main\"\n", "document = \"mian\"\n", "`mian` is no document"),
        ("document = \"main\"\n", "", "a layer has either a `document` or `values`"),
        ("keys = \"ignore-case\"\nat", "keys = \"fold\"\nat", "`fold` is no keys"),
        ("layers = [\"env\"]", "layers = [\"file\"]", "depends on itself"),
        ("codec = \"days\" }", "codec = \"text\" }", "this is read as a duration and as a text"),
    ] {
        let definitions = LAYERED.replace(from, to);
        assert_ne!(definitions, LAYERED, "{from}");
        let errors = loaded(&definitions).err().unwrap_or_default();
        assert!(errors.iter().any(|e| e.contains(wanted)), "{to}: {errors:?}");
    }
}
