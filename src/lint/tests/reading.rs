//! How settings are read: codecs, special texts, older spellings, releases, gates, what no file tells.

use super::small::{EVENTS, pack};
use super::*;

const HEAD: &str = r#"
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
[setting]
server_name = { codec = "text" }
"#;

struct Read {
    /// The setting `x`: its value, or `unknown: kind [candidates]`.
    value: String,
    /// What reading reported: `kind "text"`.
    events: Vec<String>,
}

/// Reads a file with these definitions; the setting of interest is `x`.
fn read(definitions: &str, lines: &str) -> Read {
    read_as(definitions, lines, "")
}

fn read_as(definitions: &str, lines: &str, version: &str) -> Read {
    let text = format!("server_name: example.org\n{lines}\n");
    let files = [("m/small.yaml", text.as_str())];
    let config = format!("[[deployment]]\nname = \"d\"\nfiles = [\"m/*\"]\nversion = \"{version}\"\n");
    let config = (!version.is_empty()).then(|| ("hushlint.toml".to_owned(), config));
    let options = LintOptions { config, settings: true, all_outcomes: true, ..LintOptions::default() };
    let report = run(&linter(&format!("{HEAD}{definitions}\n"), &pack(&EVENTS), options), &files);
    assert!(
        report.errors.is_empty(),
        "{lines}: {:?}",
        report.errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>()
    );
    let x = report.settings[0].iter().find(|s| s.id.as_str() == "x").unwrap_or_else(|| panic!("no `x`: {definitions}"));
    let value = match (x.state.as_str(), &x.kind) {
        ("known", _) => x.value.to_string().replace('"', ""),
        (state, Some(kind)) => format!("{state}: {kind}"),
        (state, None) => state.to_owned(),
    };
    let mut events: Vec<String> =
        report.findings.iter().map(|f| format!("{} {:?}", f.rule, text_at(&files, &f.file, &f.span))).collect();
    events.extend(report.unknown.iter().map(|u| format!("undecided {}", u.rule)));
    Read { value, events }
}

/// Definition, line, value, events. Durations are shown in milliseconds.
fn hold(table: &[(&str, &str, &str, &[&str])]) {
    let mut wrong = Vec::new();
    for (definition, lines, value, events) in table {
        let found = read(definition, lines);
        if (found.value.as_str(), found.events.iter().map(String::as_str).collect::<Vec<_>>().as_slice())
            != (*value, *events)
        {
            wrong.push(format!(
                "{definition} of {lines:?}\n    wanted: {value} {events:?}\n    found: {} {:?}",
                found.value, found.events
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const REFUSED: &str = "unknown: refused";

#[test]
fn texts_numbers_and_booleans() {
    let text = "x = { codec = \"text\", absent = \"none\" }";
    let number = "x = { codec = \"number\", absent = 1 }";
    let boolean = "x = { codec = \"bool\", absent = false }";
    let quoted = "x = { codec = { base = \"bool\", quoted = true }, absent = false }";
    let folded = "x = { codec = { base = \"bool\", quoted = true, fold = true, true = [\"sure\"], false = [\"nope\"] }, absent = false }";
    hold(&[
        (text, "", "none", &[]),
        (text, "x: abc", "abc", &[]),
        (text, "x: 'abc'", "abc", &[]),
        (text, "x: ~", "none", &[]),
        (text, "x:", "none", &[]),
        // To a codec of single values a list or map is a text that it rejects.
        (text, "x: [a]", REFUSED, &["refused \"x\""]),
        (text, "x: { a: b }", REFUSED, &["refused \"x\""]),
        (number, "x: 8", "8", &[]),
        (number, "x: 0.17", "0.17", &[]),
        // YAML 1.1: `_` between digits, octal.
        (number, "x: 1_000", "1000", &[]),
        (number, "x: 010", "8", &[]),
        (number, "x: \"8\"", REFUSED, &["refused \"\\\"8\\\"\""]),
        (number, "x: eight", REFUSED, &["refused \"eight\""]),
        (boolean, "x: true", "true", &[]),
        (boolean, "x: yes", "true", &[]),
        (boolean, "x: OFF", "false", &[]),
        (boolean, "x: y", REFUSED, &["refused \"y\""]),
        (boolean, "x: 'true'", REFUSED, &["refused \"'true'\""]),
        (boolean, "x: 1", REFUSED, &["refused \"1\""]),
        (quoted, "x: 'true'", "true", &[]),
        (quoted, "x: 'True'", REFUSED, &["refused \"'True'\""]),
        (folded, "x: 'SURE'", "true", &[]),
        (folded, "x: Nope", "false", &[]),
        (folded, "x: 'true'", REFUSED, &["refused \"'true'\""]),
    ]);
}

#[test]
fn truth_of_scripts_and_sections() {
    let truthy = "x = { codec = \"truthy\", absent = false }";
    let section = "x = { codec = \"section\" }";
    hold(&[
        (truthy, "x: true", "true", &[]),
        (truthy, "x: 0", "false", &[]),
        (truthy, "x: 2", "true", &[]),
        (truthy, "x: ''", "false", &[]),
        (truthy, "x: abc", "true", &[]),
        // The text "false" is true, and is said to be misread.
        (truthy, "x: 'false'", "true", &["misread \"'false'\""]),
        (truthy, "x: \"no\"", "true", &["misread \"\\\"no\\\"\""]),
        // Modules whose presence enables them: null too.
        (section, "", "false", &[]),
        (section, "x:", "true", &[]),
        (section, "x: {}", "true", &[]),
        (section, "x:\n  a: 1", "true", &[]),
    ]);
}

#[test]
fn choices_and_lists() {
    let choice = "x = { codec = { base = \"choice\", values = [\"open\", \"closed\"] }, absent = \"open\" }";
    let folded =
        "x = { codec = { base = \"choice\", values = [\"open\", \"closed\"], fold = true }, absent = \"open\" }";
    let list = "x = { codec = \"list\" }";
    let of = |text: &str| format!("x = {{ codec = {{ base = \"list\", text = \"{text}\" }} }}");
    hold(&[
        (choice, "x: closed", "closed", &[]),
        (choice, "x: 'closed'", "closed", &[]),
        (choice, "x: Closed", REFUSED, &["refused \"Closed\""]),
        (folded, "x: CLOSED", "closed", &[]),
        (choice, "x: true", REFUSED, &["refused \"true\""]),
        (list, "", "[]", &[]),
        (list, "x: [a, 'b']", "[a,b]", &[]),
        (list, "x:\n  - a\n  - b", "[a,b]", &[]),
        (list, "x: []", "[]", &[]),
        (list, "x: a", REFUSED, &["refused \"a\""]),
        (list, "x: { a: b }", REFUSED, &["refused \"x\""]),
        (&of("single"), "x: a b", "[a b]", &[]),
        (&of("characters"), "x: ab", "[a,b]", &["misread \"ab\""]),
        (&of(","), "x: 'a, b,,c'", "[a,b,c]", &[]),
    ]);
}

#[test]
fn durations() {
    let of = |more: &str| format!("x = {{ codec = {{ base = \"duration\"{more} }}, absent = \"28d\" }}");
    let units = of(", bare = \"ms\", units = { s = \"1s\", d = \"1d\", mo = \"30d\" }");
    let lenient = of(", bare = \"h\", units = { d = \"1d\" }, lenient = true");
    hold(&[
        (&of(""), "", "2419200000", &[]),
        // A number without a unit counts seconds, unless the codec says otherwise.
        (&of(""), "x: 30", "30000", &[]),
        (&of(", bare = \"d\""), "x: 30", "2592000000", &[]),
        (&of(", bare = \"min\""), "x: 2", "120000", &[]),
        (&of(", bare = \"refused\""), "x: 30", REFUSED, &["refused \"30\""]),
        (&of(""), "x: 30s", REFUSED, &["refused \"30s\""]),
        (&units, "x: 30", "30", &[]),
        (&units, "x: 2d", "172800000", &[]),
        (&units, "x: '2d'", "172800000", &[]),
        // The longest unit that fits.
        (&units, "x: 2mo", "5184000000", &[]),
        (&units, "x: 2y", REFUSED, &["refused \"2y\""]),
        (&units, "x: 2 d", REFUSED, &["refused \"2 d\""]),
        (&units, "x: 0", "none", &[]),
        (&units, "x: 1.5", REFUSED, &["refused \"1.5\""]),
        (&units, "x: -1", REFUSED, &["refused \"-1\""]),
        (&lenient, "x: ' 2 d'", "172800000", &[]),
        (&lenient, "x: '1_0'", "36000000", &[]),
        (&lenient, "x: '+1'", "3600000", &[]),
    ]);
}

#[test]
fn special_texts_and_classes() {
    let period = |special: &str| {
        format!(
            "x = {{ codec = {{ base = \"duration\", units = {{ d = \"1d\" }} }}, absent = \"28d\", special = {{ {special} }} }}"
        )
    };
    hold(&[
        (&period("\"@null\" = \"unlimited\""), "x: null", "unlimited", &[]),
        (&period("\"@null\" = \"unlimited\""), "x:", "unlimited", &[]),
        (&period("\"@zero\" = \"unlimited\""), "x: 0", "unlimited", &[]),
        (&period("\"@zero\" = \"unlimited\""), "x: 0d", "unlimited", &[]),
        (&period("\"@negative\" = \"unlimited\""), "x: -5", "unlimited", &[]),
        (&period("\"@false\" = \"none\""), "x: no", "none", &[]),
        (&period("\"@true\" = \"@absent\""), "x: on", "2419200000", &[]),
        (&period("never = \"unlimited\""), "x: never", "unlimited", &[]),
        (&period("never = \"unlimited\""), "x: \"never\"", "unlimited", &[]),
        // What is no text to the dialect is meant only without quotes.
        (&period("-1 = \"unlimited\""), "x: -1", "unlimited", &[]),
        (&period("-1 = \"unlimited\""), "x: '-1'", REFUSED, &["refused \"'-1'\""]),
        (&period("never = \"@refused\""), "x: never", REFUSED, &["refused \"never\""]),
        ("x = { codec = \"text\", absent = \"a\", special = { \"@empty\" = \"@absent\" } }", "x: ''", "a", &[]),
        ("x = { codec = \"list\", special = { \"@empty\" = \"@refused\" } }", "x: []", REFUSED, &["refused \"x\""]),
        ("x = { codec = \"number\", absent = 1, special = { \"@negative\" = 0 } }", "x: -3", "0", &[]),
    ]);
}

#[test]
fn what_the_codec_rejects() {
    let invalid = |meaning: &str| format!("x = {{ codec = \"bool\", absent = false, invalid = {meaning} }}");
    hold(&[
        (&invalid("\"@refused\""), "x: maybe", REFUSED, &["refused \"maybe\""]),
        (&invalid("true"), "x: maybe", "true", &["misread \"maybe\""]),
        (&invalid("\"@absent\""), "x: maybe", "false", &["without-effect \"maybe\""]),
        (&invalid("\"@next\""), "x: maybe", "false", &["without-effect \"maybe\""]),
    ]);
}

#[test]
fn less_than_anybody_would_want_is_misread() {
    let x = "x = { codec = { base = \"duration\", bare = \"ms\", units = { h = \"1h\" } }, absent = \"28d\", plausible = \"1h\" }";
    hold(&[
        (x, "x: 30", "30", &["misread \"30\""]),
        (x, "x: 1h", "3600000", &[]),
        (x, "x: 3599999", "3599999", &["misread \"3599999\""]),
        (x, "x: 2h", "7200000", &[]),
    ]);
}

#[test]
fn older_spellings_are_asked_when_the_newer_is_not_written() {
    let x = "x = { codec = \"bool\", absent = false, also = [\"old_x\", \"older.x\"], special = { \"@null\" = \"@next\" } }";
    hold(&[
        (x, "old_x: true", "true", &[]),
        (x, "older:\n  x: true", "true", &[]),
        (x, "x: false\nold_x: true", "false", &[]),
        (x, "old_x: false\nolder:\n  x: true", "false", &[]),
        // `@next` goes on, `@absent` ends it.
        (x, "x:\nold_x: true", "true", &[]),
        (&x.replace("@next", "@absent"), "x:\nold_x: true", "false", &[]),
    ]);
}

#[test]
fn releases() {
    let since = "x = { codec = \"bool\", absent = false, since = \"1.5\" }";
    let until = "x = { codec = \"bool\", absent = false, until = \"1.5\" }";
    let told = |definition: &str, version: &str| {
        let found = read_as(definition, "x: true", version);
        (found.value, found.events)
    };
    let effect = || vec!["without-effect \"true\"".to_owned()];
    assert_eq!(told(since, "1.4"), ("false".into(), effect()));
    assert_eq!(told(since, "1.5"), ("true".into(), vec![]));
    assert_eq!(told(until, "1.4"), ("true".into(), vec![]));
    assert_eq!(told(until, "1.5"), ("false".into(), effect()), "`until` is excluded");
    assert_eq!(told(until, "9.0"), ("false".into(), effect()), "above what was verified reads as that");
    // Nobody knows the release: who wrote it has one that knows it …
    assert_eq!(told(since, ""), ("true".into(), vec![]));
    // … but what is gone in the verified release may be gone.
    assert_eq!(told(until, "").0, "unknown: version");
    assert_eq!(
        told("x = { codec = \"bool\", absent = false, until = \"2.1\" }", "").0,
        "true",
        "still known in the verified release"
    );
}

#[test]
fn defaults_by_release() {
    let x =
        "x = { codec = \"bool\", absent = [{ when = \"context.version < '1.5'\", value = false }, { value = true }] }";
    let of = |definition: &str, version: &str| read_as(definition, "", version).value;
    assert_eq!(of(x, "1.4.9"), "false");
    assert_eq!(of(x, "1.5"), "true");
    assert_eq!(of(x, ""), "unknown: version");
    // Releases below the oldest are out of scope.
    assert_eq!(of(&x.replace("1.5", "1.0"), ""), "true");
    // Both say the same.
    assert_eq!(of(&x.replace("value = true", "value = false"), ""), "false");
}

#[test]
fn gates_take_the_effect() {
    let gated = |gate: &str| {
        format!(
            "x = {{ codec = \"bool\", absent = false }}\non = {{ codec = \"bool\", absent = false }}\n[[gate]]\nsettings = [\"x\"]\nneeds = \"setting.on\"\nbecause = \"b\"\n{gate}"
        )
    };
    let lost: &[&str] = &["without-effect \"true\""];
    hold(&[
        (&gated(""), "x: true\non: true", "true", &[]),
        (&gated(""), "x: true", "false", lost),
        (&gated("quiet = true"), "x: true", "false", &[]),
        // Written as it would be anyway: nothing is lost.
        (&gated(""), "x: false", "false", &[]),
        (&gated("otherwise = true"), "x: true", "true", &[]),
        (&gated("otherwise = true"), "x: false", "true", &[]),
        (&gated("otherwise = \"@refused\""), "x: true", REFUSED, &["refused \"true\""]),
        (&gated("otherwise = \"@refused\""), "", "false", &[]),
        // Not decided: the join of both, and the event is undecided.
        (&gated(""), "x: true\non: '{{ on }}'", "unknown: templated", &["undecided without-effect"]),
        (&gated(""), "x: false\non: '{{ on }}'", "false", &[]),
        // Its own condition sees the value before it.
        (
            "x = { codec = \"number\", absent = 1 }\n[[gate]]\nsettings = [\"x\"]\nneeds = \"setting.x < 10\"\nbecause = \"b\"\notherwise = 10",
            "x: 12",
            "10",
            &["without-effect \"12\""],
        ),
    ]);
}

#[test]
fn what_no_file_tells() {
    let x = |when: &str| {
        format!(
            "x = {{ codec = \"bool\", absent = false }}\nother = {{ codec = \"bool\", absent = false }}\n[[elsewhere]]\n{when}settings = [\"x\"]\nbecause = \"a database holds it\"\n"
        )
    };
    hold(&[
        (&x(""), "", "unknown: elsewhere", &[]),
        (&x(""), "x: true", "true", &[]),
        (&x("when = \"setting.other\"\n"), "", "false", &[]),
        (&x("when = \"setting.other\"\n"), "other: true", "unknown: elsewhere", &[]),
        // Where it is not known whether it holds, it is not known either.
        (&x("when = \"setting.other\"\n"), "other: '{{ other }}'", "unknown: elsewhere", &[]),
        // It never covers what its own condition reads.
        (&x("when = \"!setting.x\"\n"), "", "unknown: elsewhere", &[]),
    ]);
}

#[test]
fn a_setting_that_never_works() {
    hold(&[(
        "x = { codec = \"bool\", absent = false, inert = \"the vendor never reads it\" }",
        "x: true",
        "false",
        &["without-effect \"true\""],
    )]);
}

#[test]
fn records_and_their_fields() {
    let x = "x = { codec = \"records\", key = \"name\" }\n\"x[].name\" = { codec = \"text\" }\n\"x[].on\" = { codec = \"bool\", absent = false }\n\"x[].deep.er\" = { codec = \"number\", absent = 0 }";
    hold(&[
        (x, "", "0", &[]),
        (x, "x: []", "0", &[]),
        (x, "x:\n  - name: a\n    on: true\n  - name: b", "2", &[]),
        // A lone map is one.
        (x, "x: { name: a }", "1", &[]),
        (x, "x: abc", REFUSED, &["refused \"abc\""]),
        (x, "x:\n  - name: a\n    on: perhaps", "1", &["refused \"perhaps\""]),
        (
            "x = { codec = \"records\", path = \"x.*\" }\n\"x[].on\" = { codec = \"bool\", absent = false }",
            "x:\n  a: { on: true }\n  b: {}",
            "2",
            &[],
        ),
    ]);
}

#[test]
fn an_event_about_a_place_holds_for_every_setting_that_reads_it() {
    // Both read the same place; only one of them loses its effect.
    let both = "x = { codec = \"bool\", absent = false }\ny = { codec = \"bool\", path = \"x\", absent = false }\n[[gate]]\nsettings = [\"x\"]\nneeds = \"false\"\nbecause = \"b\"\n";
    hold(&[
        (both, "x: true", "false", &[]),
        (&both.replace("[\"x\"]", "[\"x\", \"y\"]"), "x: true", "false", &["without-effect \"true\""]),
    ]);
}
