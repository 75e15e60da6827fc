//! JSON Schema of the files that people write, made of what the loaders accept: facts and values come from the
//! vocabulary, rules from the catalogue. That keys agree with the loaders is tested.

mod platform;

pub use platform::platform_schema;

use crate::fact::{Duration, FactDef, Level, QualifierKind, Type, Vocabulary};
use crate::lint::Knowledge;
use serde_json::{Map, Value, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// An object with these properties and no others.
fn closed(needed: &[&str], properties: Vec<(&str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    json!({"type": "object", "required": needed, "properties": properties, "additionalProperties": false})
}

fn about(words: &str, mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("description".to_owned(), json!(words));
    }
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

fn texts() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

fn one_of(words: &[&str]) -> Value {
    json!({"enum": words})
}

fn words(level: &Level) -> Vec<&str> {
    level.values.iter().map(|w| &**w).collect()
}

fn severity(off: bool) -> Value {
    if off { one_of(&["error", "warning", "note", "off"]) } else { one_of(&["error", "warning", "note"]) }
}

/// A literal of a type.
fn literal(ty: &Type, vocabulary: &Vocabulary) -> Value {
    match ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::Number => json!({"type": "number"}),
        Type::Duration => {
            about(&format!("a number with a unit (`30d`, `12 hours`), or {}", Duration::WORDS.join(", ")), text())
        }
        Type::Audience => {
            use crate::fact::Audiences;
            json!({"enum": vocabulary.audience_names()})
        }
        Type::Level(level) => json!({"enum": words(level)}),
        Type::Set(Some(level)) => list(json!({"enum": words(level)})),
        Type::Set(None) => texts(),
        Type::List(of) => list(literal(of, vocabulary)),
        Type::Text | Type::Version => text(),
        Type::Record(_) | Type::Open => json!(true),
    }
}

/// What may stand for a fact in a declaration, for one qualifier.
fn stated(def: &FactDef, vocabulary: &Vocabulary) -> Value {
    let value = literal(&def.ty, vocabulary);
    let mut forms = vec![
        value.clone(),
        closed(&["unknown"], vec![("unknown", text()), ("candidates", list(value.clone()))]),
        closed(&["not_applicable"], vec![("not_applicable", text())]),
    ];
    if matches!(def.ty, Type::Set(_)) {
        forms.push(closed(&["at_least"], vec![("at_least", value)]));
    }
    json!({"anyOf": forms})
}

/// By qualifier, as far as a file may tell them apart; `others` only where a declaration has it.
fn by_qualifier(def: &FactDef, of: &Value, vocabulary: &Vocabulary) -> Option<Value> {
    let names: Vec<&str> = match def.qualifier? {
        QualifierKind::Scope => {
            vocabulary.scopes().map(|l| words(l)).unwrap_or_default().into_iter().chain(["others"]).collect()
        }
        QualifierKind::Cohort => vec!["everyone", "minor"],
        _ => return None,
    };
    Some(closed(&[], names.into_iter().map(|name| (name, of.clone())).collect()))
}

fn head(title: &str, id: &str, mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".to_owned(), json!(DRAFT));
        map.insert("$id".to_owned(), json!(format!("{}/schema/{id}.json", env!("CARGO_PKG_REPOSITORY"))));
        map.insert("title".to_owned(), json!(title));
    }
    schema
}

/// The schema of a declaration.
pub fn declaration_schema(knowledge: &Knowledge) -> Value {
    let vocabulary = &knowledge.facts.vocabulary;
    let mut areas: Vec<(&str, Vec<(&str, Value)>)> = Vec::new();
    for (_, def) in vocabulary.facts() {
        if !areas.iter().any(|(area, _)| *area == def.area()) {
            areas.push((def.area(), Vec::new()));
        }
        let one = stated(def, vocabulary);
        let schema = match by_qualifier(def, &one, vocabulary) {
            Some(several) => json!({"anyOf": [one, several]}),
            None => one,
        };
        let name = def.id.split_once('.').map_or(def.id.as_str(), |(_, name)| name);
        let words = if def.definition.is_empty() { &def.title } else { &def.definition };
        if let Some((_, facts)) = areas.iter_mut().find(|(area, _)| *area == def.area() && !def.derived()) {
            facts.push((name, about(words, schema)));
        }
    }
    let mut top = vec![("hushlint", about("the format of the declaration", json!({"const": 1})))];
    for (area, mut facts) in areas {
        if area == "product" {
            facts.push(("name", text()));
            facts.push(("as_of", json!(true)));
        }
        top.push((area, closed(&[], facts)));
    }
    let ids: Vec<&str> = vocabulary.names().collect();
    // `encryption.e2ee['call']`; and a day, a month or a year.
    let qualified = json!({"type": "string", "pattern": "^[a-z0-9_]+\\.[a-z0-9_]+ *\\[ *['\"][a-z-]+['\"] *\\]$"});
    let day = json!({"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"});
    let source = closed(
        &["facts"],
        vec![
            ("facts", list(json!({"anyOf": [{"enum": ids}, qualified]}))),
            ("url", json!(true)),
            ("read", json!(true)),
            ("dated", day.clone()),
            ("since", day),
            ("status", one_of(&["verified", "reported", "assumed"])),
            ("note", about("what else a reader must know", text())),
        ],
    );
    top.push(("source", list(source)));
    head("A declaration of hushlint", "declaration", closed(&["hushlint"], top))
}

/// What may be said of each rule.
fn rules_schema(knowledge: &Knowledge) -> Value {
    let vocabulary = &knowledge.facts.vocabulary;
    let mut rules: Vec<(&str, Value)> = Vec::new();
    for rule in &knowledge.catalogue.rules {
        let params: Vec<(&str, Value)> =
            rule.params.iter().map(|p| (p.name.as_str(), literal(&p.ty, vocabulary))).collect();
        let own = closed(&[], vec![("severity", severity(true)), ("params", closed(&[], params))]);
        rules.push((rule.id.as_str(), about(&rule.title, own)));
    }
    for (rule, _) in &knowledge.catalogue.vendor {
        let own = closed(&[], vec![("severity", severity(true)), ("params", closed(&[], Vec::new()))]);
        rules.push((rule.id.as_str(), about(&rule.title, own)));
    }
    // Rules of packs of one's own, and former ids, are not known here.
    let other = closed(&[], vec![("severity", severity(true)), ("params", json!({"type": "object"}))]);
    let properties: Map<String, Value> = rules.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": other})
}

/// The schema of `hushlint.toml`.
pub fn configuration_schema(knowledge: &Knowledge) -> Value {
    let vocabulary = &knowledge.facts.vocabulary;
    let facts: Vec<(&str, Value)> = vocabulary
        .facts()
        .filter(|(_, def)| !def.derived())
        .map(|(_, def)| {
            let one = literal(&def.ty, vocabulary);
            let schema = match by_qualifier(def, &one, vocabulary) {
                Some(several) => json!({"anyOf": [one, several]}),
                None => one,
            };
            (def.id.as_str(), schema)
        })
        .collect();
    let platforms: Vec<&str> = knowledge.platforms.iter().map(|p| p.head.id.as_str()).collect();
    let ids: Vec<&str> = vocabulary.names().collect();
    let or_list = |one: Value| json!({"anyOf": [one.clone(), list(one)]});
    let deployment = closed(
        &["name", "files"],
        vec![
            ("name", text()),
            ("files", about("globs, in the vendor's merge order", texts())),
            ("platform", json!({"enum": platforms})),
            ("version", text()),
            ("context", json!({"type": "object"})),
            ("facts", closed(&[], facts)),
            ("reason", about("how the facts are known", text())),
        ],
    );
    let waive = closed(
        &["rule"],
        vec![
            ("rule", or_list(text())),
            ("files", texts()),
            ("deployment", text()),
            ("setting", text()),
            ("fact", json!({"enum": ids})),
            ("qualifier", text()),
            ("reason", text()),
            ("until", about("the last day on which it holds", json!({"type": "string", "format": "date"}))),
            ("owner", text()),
        ],
    );
    let over = closed(&["files", "rules"], vec![("files", texts()), ("rules", json!({"$ref": "#/$defs/rules"}))]);
    let mut out = closed(
        &[],
        vec![
            ("packs", about("names, or paths of packs of your own", texts())),
            ("fail-on", about("the lowest severity that fails a run", severity(false))),
            ("exclude", about("globs of files that are left out", texts())),
            ("rules", json!({"$ref": "#/$defs/rules"})),
            ("override", list(over)),
            ("deployment", list(deployment)),
            ("waive", list(waive)),
            ("baseline", about("the path of a baseline", text())),
            ("extends", about("a configuration that this one starts from", or_list(text()))),
            ("nested", closed(&[], vec![("allow", json!({"type": "boolean"}))])),
        ],
    );
    if let Some(map) = out.as_object_mut() {
        map.insert("$defs".to_owned(), json!({"rules": rules_schema(knowledge)}));
    }
    head("hushlint.toml", "configuration", out)
}

/// The schema of a file of rules and packs.
pub fn pack_schema() -> Value {
    let or_table = |one: Value, table: Value| json!({"anyOf": [one, table]});
    let pack = closed(
        &["id", "title"],
        vec![
            ("id", text()),
            ("title", text()),
            ("intent", text()),
            ("edition", json!({"type": "integer", "minimum": 0})),
            ("when", about("a condition over `product.*`", text())),
            ("extends", list(or_table(text(), closed(&["pack"], vec![("pack", text()), ("when", text())])))),
            ("required", list(or_table(text(), closed(&["facts"], vec![("facts", texts()), ("when", text())])))),
            ("traps", closed(&["from"], vec![("from", text()), ("raise", json!({"type": "integer", "minimum": 0}))])),
        ],
    );
    let select = closed(
        &["rule", "severity"],
        vec![
            ("rule", text()),
            ("severity", severity(false)),
            ("basis", one_of(&["law", "order", "standard", "guidance", "custom"])),
            ("params", json!({"type": "object"})),
            ("param_sources", json!({"type": "object", "additionalProperties": {"type": "string"}})),
            ("source", text()),
        ],
    );
    let param = closed(
        &["default", "stricter"],
        vec![
            ("default", json!(true)),
            ("stricter", one_of(&["lower", "higher"])),
            ("type", one_of(&["bool", "number", "text", "duration"])),
            ("source", text()),
        ],
    );
    let mend = closed(
        &[],
        vec![
            ("when", text()),
            ("for", texts()),
            ("usual", json!(true)),
            ("set", json!({"type": "object"})),
            ("add", json!({"type": "object"})),
            ("remove", json!({"type": "object"})),
            ("unset", texts()),
            ("text", text()),
            ("safety", one_of(&["safe", "unsafe"])),
        ],
    );
    let events: Vec<&str> = crate::platform::EventKind::ALL.iter().map(|k| k.name()).collect();
    let rule = closed(
        &["id", "theme", "title", "message"],
        vec![
            ("id", json!({"type": "string", "pattern": "^[a-z0-9-]+$"})),
            ("theme", text()),
            ("title", text()),
            ("require", about("a condition that must hold", text())),
            ("forbid", about("a condition that must not hold", text())),
            ("event", json!({"enum": events})),
            ("when", text()),
            ("each", text()),
            ("platforms", texts()),
            ("message", text()),
            ("why", text()),
            ("fix", text()),
            ("params", json!({"type": "object", "additionalProperties": param})),
            ("controls", texts()),
            ("evidence", texts()),
            ("supersedes", texts()),
            (
                "opposes",
                list(closed(
                    &["rule", "because", "choose"],
                    vec![("rule", text()), ("because", text()), ("choose", text())],
                )),
            ),
            ("mend", list(mend)),
            ("since", text()),
            ("preview", json!({"type": "boolean"})),
            ("deprecated", text()),
            ("formerly", texts()),
        ],
    );
    let framework =
        closed(&["id", "title"], vec![("id", text()), ("title", text()), ("version", text()), ("url", text())]);
    let control = closed(&["id", "title"], vec![("id", text()), ("title", text()), ("url", text())]);
    let evidence = closed(
        &["mark", "title", "year", "lesson", "url"],
        vec![
            ("mark", one_of(&["primary", "press"])),
            ("title", text()),
            ("year", json!({"type": "integer"})),
            ("lesson", text()),
            ("url", text()),
        ],
    );
    let case = closed(
        &["name", "expect"],
        vec![
            ("name", text()),
            ("facts", json!({"type": "object"})),
            ("text", text()),
            ("document", text()),
            ("context", json!({"type": "object"})),
            ("instance", text()),
            ("over", texts()),
            ("parts", json!({"type": "object"})),
            ("expect", json!({"type": "object"})),
        ],
    );
    let top = closed(
        &["format"],
        vec![
            ("format", json!({"const": 1})),
            ("since", text()),
            ("rule", list(rule)),
            ("pack", pack),
            ("select", list(select)),
            ("framework", framework),
            ("control", list(control)),
            ("evidence", json!({"type": "object", "additionalProperties": evidence})),
            ("case", list(case)),
        ],
    );
    head("Rules and packs of hushlint", "pack", top)
}

#[cfg(test)]
mod tests;
