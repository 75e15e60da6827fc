//! What is wrong with a data file is told at its place, with the nearest valid word.

mod rules;

use super::super::knowledge::{embedded, parsed};
use super::*;
use crate::fact::Vocabulary;
use crate::platform::Facts;

/// A broken text, what stands at the error's place, and words of the message and of the advice.
type Broken<'a> = (&'a str, &'a str, &'a str, &'a str);

/// One of the errors is the one that is looked for; what is wrong otherwise.
fn differs<T>(result: Result<T, Vec<DataError>>, (text, place, says, advice): Broken<'_>) -> Option<String> {
    let Err(errors) = result else { return Some(format!("{text}\n    is accepted")) };
    let fits = |e: &DataError| {
        let help = e.help.as_deref().unwrap_or_default();
        e.source.slice(e.span) == place
            && e.message.contains(says)
            && help.contains(advice)
            && help.is_empty() == advice.is_empty()
    };
    let lost = errors.iter().any(|e| e.source.text().get(e.span.range()).is_none());
    (lost || !errors.iter().any(fits))
        .then(|| format!("{text}\n    wanted: {place:?}: {says} ({advice})\n    found: {}", told(&errors)))
}

fn holds<T>(result: Result<T, Vec<DataError>>, case: Broken<'_>) {
    all_hold([differs(result, case)]);
}

fn all_hold(wrong: impl IntoIterator<Item = Option<String>>) {
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const WORDS: &str = r#"format = 1
[audience]
nobody = []
everyone = ["strangers", "unauthenticated"]
[fact."product.scopes"]
type = "set"
values = ["direct", "group"]
context = true
"#;

fn words(text: &str) -> Result<Facts, Vec<DataError>> {
    Vocabulary::load(&parsed("vocabulary.toml", text)).and_then(Facts::new)
}

#[test]
fn vocabularies() {
    let table = [
        ("[fact.\"a.b\"]\ntype = \"bol\"\nbetter = true", "\"bol\"", "`bol` is no type", "`bool`"),
        ("[fact.\"a.b\"]\ntype = \"bool\"", "\"a.b\"", "`better` is missing", ""),
        ("[fact.\"a.b\"]\ntype = \"number\"\nbeter = \"lower\"", "beter", "`beter` is no key", "`better`"),
        ("[fact.\"a.b\"]\ntype = \"number\"\nbetter = \"smaller\"", "\"smaller\"", "`smaller` is no order", "`lower`"),
        (
            "[fact.\"a.b\"]\ntype = \"text\"\nqualifier = \"scopes\"",
            "\"scopes\"",
            "`scopes` is no qualifier",
            "`scope`",
        ),
        ("[fact.\"Ab\"]\ntype = \"text\"", "\"Ab\"", "no name of a fact", ""),
        (
            "[fact.\"a.b\"]\ntype = \"level\"\nvalues = [\"x\", \"y\"]\nundeclared = \"z\"",
            "\"z\"",
            "`z` is not a value",
            "`x`",
        ),
        (
            "[fact.\"a.b\"]\ntype = \"audience\"\nundeclared = \"evryone\"",
            "\"evryone\"",
            "`evryone` is no audience",
            "`everyone`",
        ),
        (
            "[fact.\"a.b\"]\ntype = \"bool\"\nbetter = true\ncases = { from = \"a.c\" }",
            "a.c",
            "`a.c` is no name",
            "`a.b`",
        ),
        (
            "[fact.\"a.b\"]\ntype = \"bool\"\nbetter = true\ncases = { from = \"'direct' in product.scops\" }",
            "product.scops",
            "no name",
            "`product.scopes`",
        ),
        (
            "[fact.\"a.b\"]\ntype = \"bool\"\nbetter = true\ncases = { from = \"product.scopes\" }",
            "product.scopes",
            "a boolean is needed",
            "",
        ),
        ("[fact.\"a.b\"]\ntype = \"set\"\ncases = [{ ad = \"x\" }]", "{ ad = \"x\" }", "a case is needed", ""),
    ];
    all_hold(table.map(|case| differs(words(&format!("{WORDS}{}\n", case.0)), case)));
}

#[test]
fn predicates_of_audiences() {
    let text = WORDS.replace("\"unauthenticated\"", "\"strangrs\"");
    holds(words(&text), (&text, "\"strangrs\"", "`strangrs` is no predicate", "`strangers`"));
}

#[test]
fn derived_facts_do_not_go_in_a_circle() {
    let fact = |name: &str, from: &str| {
        format!("[fact.\"{name}\"]\ntype = \"bool\"\nbetter = true\ncases = {{ from = \"{from}\" }}\n")
    };
    for (facts, first) in [
        (fact("a.x", "!a.x"), "\"!a.x\""),
        (fact("a.x", "a.y") + &fact("a.y", "a.x"), "\"a.y\""),
        (fact("a.x", "a.y || a.z") + &fact("a.y", "a.z") + &fact("a.z", "a.y"), "\"a.z\""),
    ] {
        holds(words(&format!("{WORDS}{facts}")), (&facts, first, "depends on itself", "never one that reads it"));
    }
    let chain = fact("a.x", "a.y") + &fact("a.y", "a.z") + "[fact.\"a.z\"]\ntype = \"bool\"\nbetter = true\n";
    assert!(words(&format!("{WORDS}{chain}")).is_ok());
}

const PLATFORM: &str = r#"format = 1
[platform]
id = "small"
name = "Small"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
[document.main]
formats = ["yaml"]
all = ["server_name"]
[setting]
server_name = { codec = "text" }
guests = { codec = "bool", absent = false }
mode = { codec = { base = "choice", values = ["open", "closed"] }, absent = "open" }
kept = { codec = "duration", absent = "28d" }
"#;

fn platform(text: &str) -> Result<(), Vec<DataError>> {
    own::with(text, "format = 1\n").map(|_| ())
}

#[test]
fn the_platform_of_this_file_is_sound() {
    assert!(platform(PLATFORM).is_ok());
}

#[test]
fn platforms() {
    let table = [
        // Unknown keys and names, at every level.
        ("[gates]", "gates", "`gates` is no key of a platform file", "`gate`"),
        ("x = { codec = \"bool\", absnt = true }", "absnt", "`absnt` is no key", "`absent`"),
        ("x = { codec = \"bol\" }", "\"bol\"", "`bol` is no codec", "`bool`"),
        ("x = { codec = { base = \"bool\", fld = true } }", "fld", "`fld` is no key", "`fold`"),
        ("x = { codec = { base = \"duration\", bare = \"days\" } }", "codec", "`days` is no unit", "one of"),
        ("x = { codec = \"bool\", special = { \"@nul\" = true } }", "\"@nul\"", "`@nul` is no class", "`@null`"),
        ("x = { codec = \"bool\", layers = [\"mian\"] }", "\"mian\"", "`mian` is no layer", "`main`"),
        ("x = { path = \"a.b\" }", "x", "`codec` is missing", ""),
        ("x = { codec = \"bool\", path = \"a[\" }", "\"a[\"", "`[` has no `]`", ""),
        ("x = { codec = \"bool\", since = \"new\" }", "\"new\"", "no version", ""),
        ("\"users[].name\" = { codec = \"text\" }", "\"users[].name\"", "`users` is no list of records", "one of"),
        // Values of another type.
        ("x = { codec = \"bool\", absent = \"yes\" }", "\"yes\"", "true or false is needed", ""),
        ("x = { codec = \"duration\", absent = 28 }", "28", "a text is needed", ""),
        ("x = { codec = \"duration\", absent = \"28 dys\" }", "\"28 dys\"", "no duration", "30d"),
        ("x = { codec = \"number\", special = { \"@null\" = true } }", "special", "must be a number", ""),
        ("x = { codec = \"duration\", plausible = \"soon\" }", "\"soon\"", "no duration", "30d"),
        // Cases.
        (
            "x = { codec = \"bool\", absent = [{ when = \"setting.guests\", value = true }] }",
            "{ when = \"setting.guests\", value = true }",
            "the last case must hold always",
            "add a case",
        ),
        (
            "x = { codec = \"bool\", absent = [{ when = \"setting.gests\", value = true }, { value = false }] }",
            "setting.gests",
            "`setting.gests` is no name",
            "`setting.guests`",
        ),
        ("x = { codec = \"bool\", absent = { when = \"context.version < '1.x'\" } }", "absent", "gives no value", ""),
        (
            "x = { codec = \"bool\", absent = { unknown = \"it depends\", by = \"nobody\" } }",
            "\"nobody\"",
            "`nobody` is no decider",
            "one of",
        ),
        // Gates, elsewhere, contexts.
        (
            "[[gate]]\nsettings = [\"gest*\"]\nneeds = \"true\"\nbecause = \"x\"",
            "\"gest*\"",
            "`gest*` is no setting",
            "`guests`",
        ),
        (
            "[[gate]]\nsettings = [\"gests\"]\nneeds = \"true\"\nbecause = \"x\"",
            "\"gests\"",
            "`gests` is no setting",
            "`guests`",
        ),
        (
            "[[gate]]\nsettings = [\"guests\"]\nbecause = \"x\"",
            "settings = [\"guests\"]\nbecause = \"x\"",
            "`needs` is missing",
            "",
        ),
        (
            "[[gate]]\nsettings = [\"guests\"]\nneeds = \"setting.kept\"\nbecause = \"x\"",
            "setting.kept",
            "a boolean is needed",
            "",
        ),
        ("[[elsewhere]]\nsettings = [\"guests\"]\nbecuase = \"x\"", "becuase", "`becuase` is no key", "`because`"),
        ("[context]\nmas = { type = \"boolean\" }", "mas", "`boolean` is no type", "one of"),
        // Facts and mends.
        ("[fact]\n\"account.mfaa\" = \"absent\"", "\"account.mfaa\"", "`account.mfaa` is no fact", "`account.mfa`"),
        ("[fact]\n\"account.mfa\" = \"all\"", "\"all\"", "`all` is not a value", "one of"),
        ("[fact]\n\"derived.provider_can_read\" = true", "\"derived.provider_can_read\"", "is derived", ""),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.mode\", map = { open = \"absent\" } }",
            "map",
            "lacks `closed`",
            "",
        ),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.guests\", map = { true = \"absent\" } }",
            "map",
            "lacks `false`",
            "",
        ),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.server_name\", map = { x = \"absent\" } }",
            "map",
            "lacks `\"*\"`",
            "",
        ),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.mode\", map = { opn = \"absent\", \"*\" = \"everyone\" } }",
            "opn",
            "`opn` is not a value",
            "`open`",
        ),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.mode\", map = { open = \"absnt\", \"*\" = \"everyone\" } }",
            "\"absnt\"",
            "`absnt` is not a value",
            "`absent`",
        ),
        (
            "[fact]\n\"account.mfa\" = { from = \"setting.guests\" }",
            "setting.guests",
            "where one of absent, optional, admins, everyone is needed",
            "",
        ),
        (
            "[fact]\n\"account.mfa\" = { value = \"absent\", at = \"gests\" }",
            "\"gests\"",
            "`gests` is no setting",
            "`guests`",
        ),
        (
            "[fact]\n\"encryption.e2ee\" = [{ for = [\"grup\"], value = \"none\" }, { value = \"opt-in\" }]",
            "\"grup\"",
            "`grup` is no qualifier",
            "`group`",
        ),
        (
            "[fact]\n\"encryption.e2ee\" = [{ for = [\"group\"], value = \"none\" }]",
            "{ for = [\"group\"], value = \"none\" }",
            "the last case must hold always",
            "add a case",
        ),
        ("[fact]\n\"metadata.kinds\" = [{ add = \"ipp\" }]", "\"ipp\"", "`ipp` is no value", "`ip`"),
        ("[mend]\n\"account.mfa\" = { set = { gests = true } }", "gests", "`gests` is no setting", "`guests`"),
        ("[mend]\n\"account.mfa\" = { set = { guests = \"no\" } }", "\"no\"", "true or false is needed", ""),
        ("[mend]\n\"account.mfa\" = { sett = { guests = true } }", "sett", "`sett` is no key", "`set`"),
        (
            "[mend]\n\"encryption.e2ee\" = { for = [\"grup\"], set = { guests = true } }",
            "\"grup\"",
            "`grup` is no qualifier",
            "`group`",
        ),
    ];
    // Settings go into the open table; other snippets begin their own.
    all_hold(table.map(|case| differs(platform(&format!("{PLATFORM}{}\n", case.0)), case)));
}

#[test]
fn heads_of_platforms() {
    let table = [
        ("id = \"small\"\n", "", "platform", "`id` is missing", ""),
        ("docs =", "dcs =", "dcs", "`dcs` is no key", "`docs`"),
        ("verified = \"2.0\"", "verified = \"latest\"", "platform", "`verified` is no version", ""),
        ("formats = [\"yaml\"]", "formats = [\"yml\"]", "\"yml\"", "`yml` is no format", "`yaml`"),
        ("all = [\"server_name\"]", "alll = [\"server_name\"]", "alll", "`alll` is no key", "`all`"),
        (
            "formats = [\"yaml\"]",
            "formats = [\"yaml\"]\ndialect = \"yaml-1.3\"",
            "\"yaml-1.3\"",
            "`yaml-1.3` is no dialect",
            "`yaml-1.1`",
        ),
        (
            "name = \"Small\"",
            "name = \"Small\"\nunknown_keys = \"forbidden\"",
            "\"forbidden\"",
            "`forbidden`",
            "one of",
        ),
        ("format = 1\n", "", "", "`format = 1` is missing", "first line"),
        ("format = 1\n", "format = 2\n", "2", "not format 1", ""),
    ];
    all_hold(table.map(|(from, to, place, says, advice)| {
        let text = PLATFORM.replacen(from, to, 1);
        assert_ne!(text, PLATFORM, "{from}");
        differs(platform(&text), (to, place, says, advice))
    }));
}

#[test]
fn settings_do_not_depend_on_themselves() {
    let x = "x = { codec = \"bool\", absent = { from = ";
    let table = [
        (format!("{x}\"setting.x\" }} }}\n"), "`setting.x` reads `setting.x`"),
        (
            format!("{x}\"setting.y\" }} }}\ny = {{ codec = \"bool\", absent = {{ from = \"setting.x\" }} }}\n"),
            "`setting.x` reads `setting.y` reads `setting.x`",
        ),
        (
            format!(
                "{x}\"context.z\" }} }}\n[context]\nz = {{ type = \"bool\", cases = {{ from = \"setting.x\" }} }}\n"
            ),
            "`context.z` reads `setting.x`",
        ),
        (format!("{x}\"has(setting.x)\" }} }}\n"), "`setting.x` reads `setting.x`"),
        (
            format!(
                "{x}\"setting.y\" }} }}\ny = {{ codec = \"bool\" }}\n[[gate]]\nsettings = [\"y\"]\nneeds = \"setting.x\"\nbecause = \"z\"\n"
            ),
            "reads `setting.y`",
        ),
        (
            format!("{x}\"account.mfa_bypass\" }} }}\n[fact]\n\"account.mfa_bypass\" = {{ from = \"setting.x\" }}\n"),
            "reads `account.mfa_bypass` reads",
        ),
    ];
    all_hold(table.iter().map(|(snippet, steps)| {
        differs(platform(&format!("{PLATFORM}{snippet}")), (snippet, "x", "`x` depends on itself", steps))
    }));
    // In the condition of its own gate a setting has the value before it, and `has` asks for no value.
    for sound in [
        "x = { codec = \"bool\" }\n[[gate]]\nsettings = [\"x\"]\nneeds = \"setting.x || setting.guests\"\nbecause = \"z\"\n",
        "x = { codec = \"bool\" }\n[[gate]]\nsettings = [\"x\"]\nneeds = \"!has(setting.guests)\"\nbecause = \"z\"\n[[gate]]\nsettings = [\"guests\"]\nneeds = \"!has(setting.x)\"\nbecause = \"z\"\n",
        "x = { codec = \"bool\" }\n[[elsewhere]]\nwhen = \"!has(setting.x)\"\nbecause = \"z\"\n",
    ] {
        let text = format!("{PLATFORM}{sound}");
        assert!(platform(&text).is_ok(), "{sound}: {}", told(&platform(&text).unwrap_err()));
    }
}
