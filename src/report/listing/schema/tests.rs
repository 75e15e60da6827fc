#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
use super::*;
use crate::fact::watch;
use crate::lint::{Config, embedded_all, parsed, run_cases};
use crate::platform::Declaration;
use crate::rule::{Catalogue, load_evidence, load_framework, load_pack};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A text of TOML as JSON; dates are texts.
fn json_of(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(s) => json!(s),
            toml::Value::Integer(n) => json!(n),
            toml::Value::Float(n) => json!(n),
            toml::Value::Boolean(b) => json!(b),
            toml::Value::Datetime(d) => json!(d.to_string()),
            toml::Value::Array(list) => list.into_iter().map(convert).collect(),
            toml::Value::Table(map) => Value::Object(map.into_iter().map(|(k, v)| (k, convert(v))).collect()),
        }
    }
    convert(toml::Value::Table(toml::from_str(text).unwrap()))
}

fn validator(schema: &Value) -> jsonschema::Validator {
    assert!(jsonschema::meta::is_valid(schema));
    jsonschema::validator_for(schema).unwrap()
}

fn complaints(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// Property names of every object of a schema that lets nothing else in.
fn objects(schema: &Value, out: &mut Vec<BTreeSet<String>>) {
    match schema {
        Value::Object(map) => {
            if let (Some(Value::Object(p)), Some(Value::Bool(false))) =
                (map.get("properties"), map.get("additionalProperties"))
            {
                out.push(p.keys().cloned().collect());
            }
            map.values().for_each(|v| objects(v, out));
        }
        Value::Array(list) => list.iter().for_each(|v| objects(v, out)),
        _ => {}
    }
}

/// Every set of keys that a loader asked for is that of an object of the schema, and the other way round. `named`:
/// objects whose properties are no keys of a loader, but names (facts, rules, parameters).
fn agree(schema: &Value, seen: &BTreeSet<BTreeSet<&'static str>>, named: &dyn Fn(&BTreeSet<String>) -> bool) {
    let mut all = Vec::new();
    objects(schema, &mut all);
    let of_schema: BTreeSet<BTreeSet<String>> = all.into_iter().filter(|set| !named(set)).collect();
    let mut known: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for set in seen {
        let set: BTreeSet<String> = set.iter().map(|k| (*k).to_owned()).collect();
        assert!(of_schema.iter().any(|o| set.is_subset(o)), "the schema lacks keys that are read together: {set:?}");
        known.insert(set);
    }
    for object in &of_schema {
        assert!(known.contains(object), "nothing reads exactly the keys {object:?}; read are {known:#?}");
    }
}

fn files(name: &str) -> Vec<PathBuf> {
    fn below(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { below(&path, out) } else { out.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    ["examples", "tests/cases"].iter().for_each(|folder| below(&root.join(folder), &mut out));
    out.retain(|path| path.file_name().unwrap().to_string_lossy().ends_with(name));
    out.sort();
    out
}

const FULL: &str = r#"
packs = ["baseline"]
fail-on = "warning"
exclude = ["x/**"]
baseline = "base.toml"
extends = []
[rules.ip-kept-too-long]
severity = "off"
params = { max = "7d" }
[[override]]
files = ["a"]
rules = { ip-kept-too-long = { severity = "note" } }
[nested]
allow = true
[[deployment]]
name = "x"
files = ["a/*.yaml"]
platform = "synapse"
version = "1.120"
context = { licence = "x" }
facts = { "account.mfa" = "everyone", "encryption.e2ee" = { direct = "default", others = "none" } }
reason = "r"
[[waive]]
rule = ["ip-kept-too-long"]
files = ["a"]
setting = "x"
fact = "account.mfa"
qualifier = "direct"
reason = "r"
until = 2027-01-31
owner = "o"
[[waive]]
rule = "edits-kept"
deployment = "x"
"#;

#[test]
fn the_configuration_is_what_its_loader_accepts() {
    let knowledge = Knowledge::built_in().unwrap();
    let schema = configuration_schema(&knowledge);
    let validator = validator(&schema);
    let seen = watch::keys(|| drop(Config::read("hushlint.toml", FULL, &knowledge).unwrap()));
    let names = |set: &BTreeSet<String>| {
        let facts = set.iter().any(|k| k.contains('.'));
        let qualifiers = set.contains("direct") || set.contains("everyone");
        let params = knowledge
            .catalogue
            .rules
            .iter()
            .any(|r| r.params.iter().map(|p| p.name.clone()).collect::<BTreeSet<_>>() == *set);
        facts || qualifiers || params || set.is_empty()
    };
    agree(&schema, &seen, &names);
    assert_eq!(complaints(&validator, &json_of(FULL)), [""; 0]);
    let mut fits = 0;
    for path in files(".toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        // What the loader takes, the schema takes.
        if !text.contains("format = 1") && Config::read("x", &text, &knowledge).is_ok() {
            assert_eq!(complaints(&validator, &json_of(&text)), [""; 0], "{}", path.display());
            fits += 1;
        }
    }
    assert!(fits >= 5, "{fits}");
    for wrong in [
        "fail_on = \"error\"",
        "fail-on = \"grave\"",
        "[rules.ip-kept-too-long]\nseverity = \"bad\"",
        "[rules.ip-kept-too-long]\nparams = { maxi = \"1d\" }",
        "[nested]\nalow = true",
        "[[deployment]]\nname = \"x\"",
        "[[deployment]]\nname = \"x\"\nfiles = []\nfacts = { \"account.mfa\" = \"nobody\" }",
        "[[waive]]\nfiles = [\"x\"]",
        "[[override]]\nfiles = [\"x\"]",
    ] {
        assert!(!validator.is_valid(&json_of(wrong)), "{wrong}");
        assert!(Config::read("x", wrong, &knowledge).is_err(), "{wrong}");
    }
}

#[test]
fn a_declaration_is_what_its_loader_accepts() {
    let knowledge = Knowledge::built_in().unwrap();
    let validator = validator(&declaration_schema(&knowledge));
    let errors = |text: &str| Declaration::read(vec![parsed("d.toml", text)], &knowledge.facts.vocabulary).errors.len();
    let mut fits = 0;
    for path in files(".toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("hushlint = 1") && toml::from_str::<toml::Table>(&text).is_ok() && errors(&text) == 0 {
            assert_eq!(complaints(&validator, &json_of(&text)), [""; 0], "{}", path.display());
            fits += 1;
        }
    }
    assert!(fits >= 2, "{fits}");
    for right in [
        "hushlint = 1\n[product]\nname = \"x\"\nas_of = 2026-01-01\nscopes = [\"direct\"]",
        "hushlint = 1\n[encryption]\ne2ee = { direct = \"none\", others = { unknown = \"why\" } }",
        "hushlint = 1\n[metadata]\nkinds = { at_least = [\"ip\"] }\nip_retention = { unknown = \"y\", candidates = [\"7d\"] }",
        "hushlint = 1\n[account]\nmfa = { not_applicable = \"no accounts\" }",
        "hushlint = 1\n[[source]]\nfacts = [\"account.mfa\"]\nurl = \"https://example.org\"\nread = 2026-01-01\nstatus = \"assumed\"",
    ] {
        assert_eq!(complaints(&validator, &json_of(right)), [""; 0], "{right}");
        assert_eq!(errors(right), 0, "{right}");
    }
    for wrong in [
        "hushlint = 1\n[encryption]\ne2e = \"none\"",
        "hushlint = 1\n[encryption]\ne2ee = \"perhaps\"",
        "hushlint = 1\n[encryption]\ne2ee = { dirct = \"none\" }",
        "hushlint = 1\n[derived]\nprovider_can_read = true",
        "hushlint = 1\n[account]\nmfa = { direct = \"absent\" }",
        "hushlint = 1\n[[source]]\nfacts = [\"account.mfa\"]\nstatus = \"sure\"",
        "hushlint = 1\n[nothing]\nx = 1",
    ] {
        assert!(!validator.is_valid(&json_of(wrong)), "{wrong}");
        assert!(errors(wrong) > 0, "{wrong}");
    }
}

const ODD: &str = r#"
format = 1
[pack]
id = "odd"
title = "odd"
extends = [{ pack = "minors", when = "product.minors != 'excluded-verified'" }]
required = [{ facts = ["account.mfa"], when = "'call' in scopes" }]
traps = { from = "baseline", raise = 1 }
"#;

#[test]
fn a_pack_is_what_its_loaders_accept() {
    let knowledge = Knowledge::built_in().unwrap();
    let schema = pack_schema();
    let validator = validator(&schema);
    let of = |path: &str| {
        ["catalog/", "packs/", "frameworks/", "evidence.toml", "platforms/cases/"].iter().any(|f| path.contains(f))
    };
    let documents: Vec<_> = embedded_all().filter(|(path, _)| of(path)).collect();
    for (path, text) in &documents {
        assert_eq!(complaints(&validator, &json_of(text)), [""; 0], "{path}");
    }
    assert_eq!(complaints(&validator, &json_of(ODD)), [""; 0]);
    let seen = watch::keys(|| {
        let vocabulary = &knowledge.facts.vocabulary;
        let mut catalogue = Catalogue::default();
        for (path, text) in documents.iter().copied().chain([("odd.toml", ODD)]) {
            let document = parsed(path, text);
            match path {
                _ if path.contains("frameworks/") => drop(load_framework(&document)),
                _ if path.contains("evidence") => drop(load_evidence(&document)),
                _ if path.contains("catalog/") => catalogue.add(&document, vocabulary).unwrap(),
                _ => drop(load_pack(&document, vocabulary, &knowledge.catalogue).unwrap()),
            }
        }
        let cases: Vec<_> = documents.iter().filter(|(_, text)| text.contains("[[case]]")).collect();
        let documents: Vec<_> = cases.iter().map(|(path, text)| parsed(path, text)).collect();
        drop(run_cases(&knowledge, &documents));
        (0..knowledge.platforms.len()).for_each(|n| drop(knowledge.platform(n).unwrap()));
    });
    // The files of platforms, and what cases state, have tables of their own; a case asks as its kind needs.
    let mut own = Vec::new();
    objects(&schema, &mut own);
    let top = |set: &BTreeSet<String>| set.contains("format") || set.contains("expect");
    let seen: BTreeSet<_> = seen
        .into_iter()
        .filter(|set| {
            own.iter().filter(|o| !top(o)).any(|o| set.iter().all(|k| o.contains(*k)) && set.len() == o.len())
        })
        .collect();
    agree(&schema, &seen, &top);
    for (wrong, _) in [
        ("[pack]\nid = \"x\"\ntitle = \"x\"", "without a format"),
        ("format = 1\n[pack]\nid = \"x\"\ntitle = \"x\"\nextend = []", "a misspelt key"),
        ("format = 1\n[[select]]\nrule = \"x\"\nseverity = \"off\"", "no severity"),
        ("format = 1\n[[rules]]\nid = \"x\"", "no table"),
    ] {
        assert!(!validator.is_valid(&json_of(wrong)), "{wrong}");
    }
}

/// What no platform has at present.
const SMALL: &str = r#"
format = 1
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
old = { codec = "bool", absent = true, also = ["older", { path = "oldest", codec = { base = "bool", true = ["on"] } }] }
"#;

#[test]
fn a_platform_is_what_its_loader_accepts() {
    let schema = platform_schema();
    let validator = validator(&schema);
    let documents: Vec<_> = embedded_all()
        .filter(|(path, _)| path.starts_with("rules/platforms/") && !path.contains("/cases/"))
        .chain([("small.toml", SMALL)])
        .collect();
    for (path, text) in &documents {
        assert_eq!(complaints(&validator, &json_of(text)), [""; 0], "{path}");
    }
    let knowledge = Knowledge::built_in().unwrap();
    let seen = watch::keys(|| {
        for (path, text) in &documents {
            drop(crate::platform::load(&parsed(path, text), &knowledge.facts.vocabulary).unwrap());
        }
    });
    let mut own = Vec::new();
    objects(&schema, &mut own);
    let own: BTreeSet<BTreeSet<String>> = own.into_iter().collect();
    let seen: Vec<BTreeSet<String>> = seen.iter().map(|s| s.iter().map(|k| (*k).to_owned()).collect()).collect();
    // What a table is asked for depends on its kind (a codec's base, a case's value): each set of keys belongs to an
    // object, and each key of an object is asked for by somebody.
    for set in &seen {
        assert!(own.iter().any(|o| set.is_subset(o)), "the schema lacks keys that are read together: {set:?}");
    }
    let mut idle = Vec::new();
    for object in own.iter().filter(|o| !o.contains("format")) {
        let read = |key: &&String| seen.iter().any(|s| s.is_subset(object) && s.contains(*key));
        idle.extend(object.iter().filter(|key| !read(key)).map(|key| format!("`{key}` of {object:?}")));
    }
    assert_eq!(idle, [""; 0], "nothing reads these");
    let good = documents[0].1;
    for (from, to) in [("\n[platform]\n", "\n[platform]\nidd = \"x\"\n"), ("\n[setting]\n", "\n[settings]\n")] {
        assert!(good.contains(from));
        assert!(!validator.is_valid(&json_of(&good.replacen(from, to, 1))), "{to}");
    }
}
