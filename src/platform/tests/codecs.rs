//! Codecs over variables, parts of addresses, and ways to read that differ between releases.

use super::*;

const HEAD: &str = r#"
[document.env]
formats = ["env"]
[document.main]
formats = ["yaml"]
dialect = "yaml-1.1"
[[layer]]
id = "env"
document = "env"
[[layer]]
id = "main"
document = "main"
"#;

/// The setting `x` of this definition, in a document with this text.
fn read(definition: &str, kind: &str, text: &str, version: &str) -> (String, Vec<String>) {
    let d = deployment(platform(&format!("{HEAD}{definition}\n")), &[(kind, text)], version);
    (value(&d, "setting.x"), events(&d))
}

fn of(definition: &str, text: &str) -> String {
    read(&format!("[setting]\nx = {{ {definition} }}"), "env", &format!("x={text}\n"), "").0
}

#[test]
fn everything_is_text_in_variables() {
    let flag = "codec = { base = \"bool\", true = [\"1\", \"t\"], false = [\"0\", \"f\"] }";
    for (definition, text, wanted) in [
        (flag, "1", "true"),
        (flag, "\"f\"", "false"),
        (flag, "true", "unknown: refused"),
        ("codec = \"number\"", "12", "12"),
        ("codec = \"number\"", "-1.5", "-1.5"),
        ("codec = \"number\"", "1e3", "unknown: refused"),
        ("codec = \"number\"", "", "unknown: refused"),
        ("codec = { base = \"duration\", bare = \"h\" }", "48", "2d"),
        (
            "codec = { base = \"duration\", bare = \"h\", special = { \"@negative\" = \"unlimited\" } }",
            "-1",
            "unlimited",
        ),
        ("codec = \"text\", special = { 0 = \"zero\" }", "\"0\"", "zero"),
        ("codec = \"text\", special = { \"@empty\" = \"@absent\" }, absent = \"a\"", "", "a"),
        ("codec = { base = \"list\", text = \" \" }", "\"a  b\"", "[a b]"),
        ("codec = { base = \"list\", text = \",\" }", "a,b,", "[a b]"),
        ("codec = { base = \"list\", text = \",\", of = \"number\" }", "1,2", "[1 2]"),
        ("codec = { base = \"list\", text = \",\", of = \"number\" }", "1,b", "unknown: refused"),
        (
            "codec = { base = \"list\", text = \" \", of = { base = \"secret\", part = \"url-password\" } }",
            "\"p://a:b@c p://c\"",
            "[inline n/a]",
        ),
        ("codec = \"truthy\"", "false", "true"),
    ] {
        assert_eq!(of(definition, text), wanted, "{definition} {text}");
    }
}

#[test]
fn parts_of_addresses() {
    for (codec, text, wanted) in [
        ("base = \"text\", part = \"url-host\"", "postgres://u:p@db:5432/x", "db"),
        ("base = \"text\", part = \"url-query:sslmode\"", "postgres://u:p@db/x?sslmode=disable", "disable"),
        ("base = \"text\", part = \"url-query:sslmode\"", "postgres://u:p@db/x", ""),
        ("base = \"text\", part = \"url-query:sslmode\"", "\"host=db sslmode=verify-full\"", "verify-full"),
        ("base = \"secret\", part = \"url-password\"", "u:p@tcp(db)/x", "inline"),
        ("base = \"secret\", part = \"url-password\"", "u@tcp(db)/x", "n/a"),
        ("base = \"secret\", part = \"url-password\"", "'postgres://u:${P}@db/x'", "inline"),
    ] {
        assert_eq!(of(&format!("codec = {{ {codec} }}"), text), wanted, "{codec} {text}");
    }
}

#[test]
fn a_part_says_nothing_about_the_rest() {
    let definition = "[setting]\nx = { codec = { base = \"text\", part = \"url-host\" } }\ny = { codec = \"text\" }";
    let d = deployment(platform(&format!("{HEAD}{definition}\n")), &[("env", "x=p://u:p@h/\ny=plain\n")], "");
    let (sealed, plain) = d.sealed_and_plain();
    let texts: Vec<&str> = plain.iter().map(|s| d.document(s.document).unwrap().source.slice(s.span)).collect();
    assert_eq!((sealed.len(), texts), (0, vec!["plain"]));
}

const RELEASES: &str = r#"
[codec]
old = { base = "choice", values = ["roster"] }
period = [
  { when = "context.version < '1.5'", value = { base = "duration", units = { m = "30d" } } },
  { value = { base = "duration", units = { m = "1m" }, special = { "@negative" = "unlimited" } } },
]
[setting]
x = { codec = [{ when = "context.version < '1.5'", value = "old" }, { value = { base = "choice", values = ["always", "roster"] } }], invalid = "never", absent = "roster" }
y = { codec = "period", absent = "7d" }
"#;

#[test]
fn releases_read_in_ways_of_their_own() {
    for (text, version, x, y) in [
        ("x: always", "1.2", "never", "7d"),
        ("x: always", "2.0", "always", "7d"),
        ("x: always", "", "unknown: version [never, always]", "7d"),
        ("x: roster", "", "roster", "7d"),
        ("y: 2m", "1.2", "roster", "60d"),
        ("y: 2m", "1.5", "roster", "2m"),
        ("y: 2m", "", "roster", "unknown: version [60d, 2m]"),
        ("y: 90", "", "roster", "90s"),
        ("y: -1", "2.0", "roster", "unlimited"),
        ("y: -1", "1.2", "roster", "unknown: refused"),
    ] {
        let d = deployment(platform(&format!("{HEAD}{RELEASES}")), &[("main", text)], version);
        let found = (value(&d, "setting.x"), value(&d, "setting.y"));
        assert_eq!((found.0.as_str(), found.1.as_str()), (x, y), "{text} in {version}");
    }
}

#[test]
fn what_only_some_releases_report_is_undecided() {
    let events_of = |text: &str, version: &str| {
        let d = deployment(platform(&format!("{HEAD}{RELEASES}")), &[("main", text)], version);
        events(&d)
    };
    assert_eq!(events_of("x: always", "1.2"), ["misread always"]);
    assert_eq!(events_of("x: always", ""), ["misread? always"]);
    assert_eq!(events_of("x: other", ""), ["misread other"]);
    assert_eq!(events_of("x: roster", ""), Vec::<String>::new());
}

#[test]
fn a_codec_has_its_least_plausible_value() {
    let definition =
        "[codec]\nms = { base = \"duration\", bare = \"ms\", plausible = \"1h\" }\n[setting]\nx = { codec = \"ms\" }";
    assert_eq!(read(definition, "main", "x: 30", "").1, ["misread 30"]);
    let own = definition.replace("codec = \"ms\" }", "codec = \"ms\", plausible = \"10ms\" }");
    assert!(read(&own, "main", "x: 30", "").1.is_empty());
}

#[test]
fn what_is_wrong_with_codecs_is_told() {
    for (definition, wanted) in [
        ("[setting]\nx = { codec = { base = \"text\", part = \"url-query:\" } }", "`url-query:` is no part"),
        ("[setting]\nx = { codec = [{ when = \"true\", value = \"text\" }] }", "the last case must hold always"),
        (
            "[setting]\nx = { codec = [{ when = \"true\", value = \"text\" }, { value = \"number\" }] }",
            "this is read as a text and as a number",
        ),
        (
            "[codec]\na = [{ when = \"true\", value = \"text\" }, { value = \"text\" }]\n[setting]\nx = { codec = { base = \"list\", of = \"a\" } }",
            "read in several ways",
        ),
        ("[setting]\nx = { codec = [{ when = \"nonsense\", value = \"text\" }, { value = \"text\" }] }", "nonsense"),
    ] {
        let errors = loaded(&format!("{HEAD}{definition}\n")).err().unwrap_or_default();
        assert!(errors.iter().any(|e| e.contains(wanted)), "{definition}: {errors:?}");
    }
}
