//! Lists of what is built in.

use super::Shelf;
use crate::fact::{Better, FactDef, QualifierKind, Type};
use crate::report::Table;
use crate::report::envelope::Envelope;
use crate::report::envelope::json;
use crate::report::look::{Ink, Look};
use crate::report::words::{count, paragraph};
use serde_json::{Value, json as object};

/// Rules by theme: id, severity, title.
pub fn rules(shelf: &Shelf, look: &Look) -> String {
    let mut rows: Vec<(&str, &str, &str)> =
        shelf.knowledge.catalogue.rules.iter().map(|r| (r.theme.as_str(), r.id.as_str(), r.title.as_str())).collect();
    rows.extend(
        shelf.knowledge.catalogue.vendor.iter().map(|(r, _)| (r.theme.as_str(), r.id.as_str(), r.title.as_str())),
    );
    let mut out = String::new();
    let mut table = Table::new(0, 2);
    for theme in in_order(rows.iter().map(|r| r.0)) {
        table.row([theme]);
        for (_, id, title) in rows.iter().filter(|r| r.0 == theme) {
            // The severity that holds without a choice of packs; where there is none, the packs that have one.
            let packs = shelf.severities(id);
            let baseline = packs.iter().find(|(pack, _)| pack.id == "baseline");
            let severity = baseline.map_or_else(|| shelf.selected(id), |(_, s)| s.name().to_owned());
            table.row([format!("  {id}"), severity, (*title).to_owned()]);
        }
    }
    table.write(&mut out, look.columns());
    out.push('\n');
    let words = format!("{}. `hushlint explain RULE` tells more.", count(rows.len(), "rule"));
    paragraph(&mut out, "", 0, 0, &words, look.columns());
    out
}

/// Rules as JSON.
pub fn rules_json(shelf: &Shelf) -> String {
    let packs = |id: &str| -> Vec<Value> {
        shelf.severities(id).into_iter().map(|(pack, s)| object!({ "pack": pack.id, "severity": s })).collect()
    };
    let mut list: Vec<String> = shelf
        .knowledge
        .catalogue
        .rules
        .iter()
        .map(|r| {
            json(&object!({
                "id": r.id, "theme": r.theme, "title": r.title, "platforms": r.platforms, "packs": packs(&r.id),
                "controls": r.controls, "supersedes": r.supersedes, "since": r.life.since, "preview": r.life.preview,
                "deprecated": r.life.deprecated, "formerly": r.life.formerly,
                "params": r.params.iter().map(|p| object!({ "name": p.name, "default": p.default.json() })).collect::<Vec<_>>(),
            }))
        })
        .collect();
    for (r, _) in &shelf.knowledge.catalogue.vendor {
        list.push(json(&object!({
            "id": r.id, "theme": r.theme, "title": r.title, "platforms": r.platforms, "packs": packs(&r.id),
        })));
    }
    envelope("rules", list)
}

/// Packs: id, number of rules, what for. A pack that starts from others says so.
pub fn packs(shelf: &Shelf, look: &Look) -> String {
    let mut table = Table::new(0, 2);
    for pack in &shelf.packs {
        let words = if pack.intent.is_empty() { &pack.title } else { &pack.intent };
        let from: Vec<&str> = pack.extends.iter().map(|e| e.name.as_str()).collect();
        let from = if from.is_empty() { String::new() } else { format!(", and those of {}", from.join(", ")) };
        table.row([pack.id.clone(), format!("{}{from}", count(pack.selects.len(), "rule")), words.clone()]);
    }
    let mut out = String::new();
    table.write(&mut out, look.columns());
    out.push('\n');
    let frameworks: Vec<String> = shelf.frameworks().into_iter().map(|f| f.id).collect();
    let words = format!("`--framework NAME` lists the controls of one: {}.", frameworks.join(", "));
    paragraph(&mut out, "", 0, 0, &words, look.columns());
    out
}

/// Packs as JSON, each with what it selects.
pub fn packs_json(shelf: &Shelf) -> String {
    let list = shelf.packs.iter().map(|pack| {
        let selects: Vec<Value> = pack
            .selects
            .iter()
            .map(|s| {
                let params: serde_json::Map<String, Value> = s.params.iter().map(|(n, v)| (n.clone(), v.json())).collect();
                object!({ "rule": s.rule, "severity": s.severity, "basis": s.basis, "params": params, "source": s.source })
            })
            .collect();
        let extends: Vec<&str> = pack.extends.iter().map(|e| e.name.as_str()).collect();
        json(&object!({
            "id": pack.id, "edition": pack.edition, "title": pack.title, "intent": pack.intent, "extends": extends,
            "select": selects,
        }))
    });
    envelope("packs", list.collect())
}

/// Platforms: id, name, the release that defaults were confirmed against, how much of it is known.
pub fn platforms(shelf: &Shelf, look: &Look) -> String {
    let mut table = Table::new(0, 2);
    for loaded in shelf.platforms() {
        let p = &loaded.platform;
        let known = format!(
            "{}, {}, {} of its own",
            count(p.settings.len(), "setting"),
            count(p.facts.len(), "fact"),
            count(loaded.rules.len(), "rule")
        );
        table.row([p.id.clone(), p.name.clone(), format!("{} to {}", p.oldest, p.verified), known]);
    }
    let mut out = String::new();
    table.write(&mut out, look.columns());
    out
}

/// Platforms as JSON.
pub fn platforms_json(shelf: &Shelf) -> String {
    let list = shelf.platforms().into_iter().map(|loaded| {
        let p = &loaded.platform;
        let documents: Vec<Value> = p
            .documents
            .iter()
            .map(|d| {
                let formats: Vec<&str> = d.formats.iter().map(|f| f.name()).collect();
                object!({ "id": d.id, "formats": formats, "files": d.files, "part": d.part })
            })
            .collect();
        let settings: Vec<&str> = p.settings.iter().map(|s| s.id.as_str()).collect();
        json(&object!({
            "id": p.id, "name": p.name, "verified": p.verified.to_string(), "oldest": p.oldest.to_string(),
            "docs": p.docs, "images": p.images, "documents": documents, "settings": settings,
        }))
    });
    envelope("platforms", list.collect())
}

/// Facts by area: name, type, title.
pub fn vocabulary(shelf: &Shelf, look: &Look) -> String {
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let mut table = Table::new(0, 2).at_most(&[40, 40, 100]);
    for area in in_order(vocabulary.facts().map(|(_, fact)| fact.area())) {
        table.row([area]);
        for (_, fact) in vocabulary.facts().filter(|(_, fact)| fact.area() == area) {
            let name = fact.id.split_once('.').map_or(fact.id.as_str(), |(_, name)| name);
            let by = fact.qualifier.map(|q| format!(", by {}", qualifier(q))).unwrap_or_default();
            table.row([format!("  {name}"), format!("{}{by}", kind(fact)), fact.title.clone()]);
        }
    }
    let mut out = String::new();
    table.write(&mut out, look.columns());
    out.push('\n');
    let words = format!("{}. `hushlint explain AREA.NAME` tells more.", count(vocabulary.len(), "fact"));
    paragraph(&mut out, "", 0, 0, &words, look.columns());
    out
}

/// Facts as JSON.
pub fn vocabulary_json(shelf: &Shelf) -> String {
    let list = shelf.knowledge.facts.vocabulary.facts().map(|(_, fact)| json(&fact_json(fact)));
    envelope("facts", list.collect())
}

/// A fact as JSON.
pub fn fact_json(fact: &FactDef) -> Value {
    object!({
        "fact": fact.id, "title": fact.title, "definition": fact.definition, "type": kind(fact),
        "values": values(fact), "better": better(fact), "qualifier": fact.qualifier.map(qualifier),
        "context": fact.context, "derived": fact.derived(), "terms": fact.terms,
    })
}

/// The type's name in the vocabulary.
pub fn kind(fact: &FactDef) -> &'static str {
    match &fact.ty {
        Type::Bool => "bool",
        Type::Number => "number",
        Type::Version => "version",
        Type::Duration => "duration",
        Type::Audience => "audience",
        Type::Level(_) => "level",
        Type::Set(_) => "set",
        _ => "text",
    }
}

/// The values, worst first where they have an order.
pub fn values(fact: &FactDef) -> Vec<String> {
    match &fact.ty {
        Type::Level(level) | Type::Set(Some(level)) => level.values.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// Which end is better, in the vocabulary's words.
pub fn better(fact: &FactDef) -> Option<&'static str> {
    match (&fact.ty, fact.better) {
        (Type::Bool, Better::More) => Some("true"),
        (Type::Bool, Better::Less) => Some("false"),
        (Type::Number, Better::More) => Some("higher"),
        (Type::Number, Better::Less) => Some("lower"),
        (Type::Duration, Better::More) => Some("longer"),
        (Type::Duration, Better::Less) => Some("shorter"),
        (Type::Set(_), Better::More) => Some("more"),
        (Type::Set(_), Better::Less) => Some("fewer"),
        _ => None,
    }
}

/// What a fact is told apart by.
pub fn qualifier(kind: QualifierKind) -> &'static str {
    match kind {
        QualifierKind::Scope => "scope",
        QualifierKind::Cohort => "cohort",
        QualifierKind::Setting => "setting",
    }
}

/// Each word once, in the order they come in first.
pub fn in_order<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut out: Vec<&str> = Vec::new();
    for word in words {
        if !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

/// A list in an object of ours.
pub fn envelope(key: &str, list: Vec<String>) -> String {
    let mut out = String::new();
    let mut object = Envelope::begin(&mut out);
    object.list(key, list);
    object.end();
    out
}

/// A heading: `id · theme · …`.
pub fn heading(look: &Look, parts: &[&str]) -> String {
    let mut out = String::new();
    look.paint(&mut out, Ink::Bold, parts.first().copied().unwrap_or_default());
    for part in parts.iter().skip(1).filter(|part| !part.is_empty()) {
        out.push_str(" · ");
        out.push_str(part);
    }
    out.push_str("\n\n");
    out
}
