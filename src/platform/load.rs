//! Loading a platform file.

use super::circle::{Node, References};
use super::compile::{cases, top};
use super::definition::{ContextDef, DocumentKind, Layer, Platform, Setting, UnknownKeys};
use super::dialect::Dialect;
use super::keys::KeyTree;
use super::load_codec::{NamedCodec, read_codecs};
use super::load_facts::{read_elsewhere, read_facts, read_gates, read_mends};
use super::load_settings::{complete, fields_by_list, full_path, read_setting, secret_level};
use super::names::{Scope, VendorNames};
use super::path::Path;
use crate::fact::{DataError, Item, Level, Problems, Table, Type, Version, Vocabulary, Word};
use crate::syntax::{Document, Format};
use std::sync::Arc;

/// The identity of a platform and what it looks like, without the rest of its file.
#[derive(Debug)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The kinds of document.
    pub documents: Vec<DocumentKind>,
}

/// Loads what is needed to recognise a platform's files.
pub fn load_head(document: &Document) -> Result<Head, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let mut head = Head { id: String::new(), name: String::new(), documents: Vec::new() };
    if let Some(table) = top(document, &problems) {
        if let Some(platform) = table.get("platform").and_then(|i| i.table()) {
            head.id = platform.need_text("id");
            head.name = platform.need_text("name");
        }
        head.documents = read_documents(&table);
    }
    if problems.is_empty() { Ok(head) } else { Err(problems.into_errors()) }
}

/// Loads a platform file.
pub fn load(document: &Arc<Document>, vocabulary: &Vocabulary) -> Result<Platform, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let platform = top(document, &problems).and_then(|table| read(document, &table, vocabulary));
    match platform {
        Some(platform) if problems.is_empty() => Ok(platform),
        _ => Err(problems.into_errors()),
    }
}

fn read(document: &Arc<Document>, table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Platform> {
    let problems = table.problems();
    let head = table.need("platform").and_then(|i| i.table())?;
    let documents = read_documents(table);
    let layers = read_layers(table, &documents);
    let codecs = read_codecs(table);
    // First the names and types of everything, since conditions may name what comes later.
    let secrets = secret_level(vocabulary);
    let mut settings: Vec<(Setting, Item<'_>, NamedCodec)> = Vec::new();
    let mut names = VendorNames::default();
    if let Some(list) = table.need("setting").and_then(|i| i.table()) {
        for (id, item) in list.entries() {
            if let Some((setting, codec)) = read_setting(id, &item, &codecs, &layers, &secrets) {
                let ix = u32::try_from(settings.len()).unwrap_or(u32::MAX);
                names.settings.insert(id.to_owned(), (ix, setting.ty.clone()));
                settings.push((setting, item, codec));
            }
        }
    }
    for (setting, item, _) in &mut settings {
        if let Some((list, _)) = setting.id.rsplit_once("[].") {
            match names.settings.get(list) {
                Some((ix, _)) => setting.list = Some(*ix),
                None => problems.unknown_word(
                    item.key_span,
                    "list of records",
                    list,
                    names.settings.keys().map(String::as_str),
                ),
            }
        }
    }
    let contexts = read_contexts(table, &mut names, vocabulary);
    let scope = Scope::new(vocabulary, Some(&names));
    let settings: Vec<Setting> =
        settings.into_iter().map(|(setting, item, codec)| complete(setting, &item, &codec, &scope)).collect();
    let contexts: Vec<ContextDef> = contexts
        .into_iter()
        .map(|(id, ty, item)| {
            let cases = item.map(|i| cases(&i, &ty, &scope)).unwrap_or_default();
            ContextDef { id, ty, cases }
        })
        .collect();
    let elsewhere = read_elsewhere(table, &settings, &scope);
    let gates = read_gates(table, &settings, &scope);
    let mut gates_of = vec![Vec::new(); settings.len()];
    for (n, gate) in gates.iter().enumerate() {
        for setting in &gate.settings {
            if let Some(list) = gates_of.get_mut(*setting as usize) {
                list.push(n);
            }
        }
    }
    let facts = read_facts(table, vocabulary, &names);
    let mends = read_mends(table, vocabulary, &names);
    let references = References {
        vocabulary,
        settings: &settings,
        gates: &gates,
        gates_of: &gates_of,
        contexts: &contexts,
        facts: &facts,
    };
    tell_circle(table, &references);
    // Cases are read by the verb that runs them.
    table.get("case");
    let mut keys = KeyTree::default();
    // Keys of the first layer's documents: those of parts stand in trees of their own.
    let first = layers.first().map(|l| l.document);
    let in_first = |n: &usize| layers.get(*n).map(|l| l.document) == first;
    for setting in settings.iter().filter(|s| s.layers.as_ref().is_none_or(|l| l.iter().any(in_first))) {
        for path in std::iter::once(&setting.path).chain(&setting.also) {
            keys.add(&full_path(setting, path, &settings));
        }
    }
    let version = |key| {
        let text = head.need_text(key);
        Version::parse(&text).unwrap_or_else(|| {
            problems.error(head.span(), format!("`{key}` is no version"));
            Version::zero()
        })
    };
    let platform = Platform {
        id: head.need_text("id"),
        name: head.need_text("name"),
        verified: version("verified"),
        oldest: version("oldest"),
        docs: head.need_text("docs"),
        images: head.texts("images"),
        unknown_keys: match head.get("unknown_keys").and_then(|i| i.text().map(|t| (t, i.span()))) {
            None | Some(("ignored", _)) => UnknownKeys::Ignored,
            Some(("warned", _)) => UnknownKeys::Warned,
            Some(("refused", _)) => UnknownKeys::Refused,
            Some((other, span)) => {
                problems.unknown_word(span, "way with unknown keys", other, ["ignored", "warned", "refused"]);
                UnknownKeys::Ignored
            }
        },
        other_patterns: head.texts("other_keys").into_iter().filter(|k| k.contains('*')).collect(),
        other_keys: head.texts("other_keys").into_iter().collect(),
        documents,
        layers,
        elsewhere,
        index: settings.iter().enumerate().map(|(n, s)| (s.id.clone(), u32::try_from(n).unwrap_or(u32::MAX))).collect(),
        fields: fields_by_list(&settings),
        secrets: settings
            .iter()
            .enumerate()
            .filter(|(_, s)| s.is_secret())
            .map(|(n, _)| u32::try_from(n).unwrap_or(u32::MAX))
            .collect(),
        settings,
        gates,
        gates_of,
        contexts,
        facts,
        mends,
        keys,
        document: Arc::clone(document),
        names,
    };
    head.finish();
    unknown_top_keys(table);
    Some(platform)
}

/// Tells a circle of references, at the key of the first of them.
fn tell_circle(table: &Table<'_>, references: &References<'_>) {
    let Some(circle) = references.circle() else { return };
    let id = |node: &Node| match node {
        Node::Raw(ix) | Node::Setting(ix) => ("setting", references.settings.get(*ix as usize).map_or("", |s| &s.id)),
        Node::Context(ix) => ("context", references.contexts.get(*ix as usize).map_or("", |c| &c.id)),
        Node::Fact(ix) => ("fact", &*references.vocabulary.fact(*ix).id),
    };
    let Some((kind, first)) = circle.first().map(id) else { return };
    let key = table.peek(kind).and_then(|i| i.table()).and_then(|t| t.peek(first)).map_or(table.span(), |i| i.key_span);
    let mut steps: Vec<String> = Vec::new();
    for (kind, id) in circle.iter().chain(circle.first()).map(id) {
        let step = if kind == "fact" { format!("`{id}`") } else { format!("`{kind}.{id}`") };
        if steps.last() != Some(&step) {
            steps.push(step);
        }
    }
    if let [only] = steps.as_slice() {
        steps.push(only.clone());
    }
    table.problems().error_with(key, format!("`{first}` depends on itself"), Some(steps.join(" reads ")));
}

/// Tells top-level keys that nobody read.
fn unknown_top_keys(table: &Table<'_>) {
    const KNOWN: [&str; 12] = [
        "format",
        "platform",
        "document",
        "layer",
        "codec",
        "setting",
        "elsewhere",
        "context",
        "gate",
        "fact",
        "mend",
        "case",
    ];
    for (key, item) in table.entries() {
        if !KNOWN.contains(&key) {
            table.problems().unknown_word(item.key_span, "key of a platform file", key, KNOWN);
        }
    }
}

fn read_documents(table: &Table<'_>) -> Vec<DocumentKind> {
    let mut out = Vec::new();
    let Some(documents) = table.need("document").and_then(|i| i.table()) else { return out };
    for (id, item) in documents.entries() {
        let Some(t) = item.table() else { continue };
        let problems = t.problems();
        let mut formats = Vec::new();
        for format in t.need("formats").map(|i| i.list()).unwrap_or_default() {
            let name = format.text().unwrap_or_default();
            match Format::from_name(name) {
                Some(f) => formats.push(f),
                None => problems.unknown_word(format.span(), "format", name, ["yaml", "json", "toml"]),
            }
        }
        let dialect = match t.get("dialect") {
            None => match formats.first() {
                Some(Format::Yaml) | None => Dialect::Yaml12,
                Some(_) => Dialect::Typed,
            },
            Some(i) => {
                let name = i.text().unwrap_or_default();
                Dialect::from_name(name).unwrap_or_else(|| {
                    problems.unknown_word(i.span(), "dialect", name, ["yaml-1.1", "yaml-1.2", "json", "toml"]);
                    Dialect::Yaml12
                })
            }
        };
        let patterns = |key| {
            let mut paths = Vec::new();
            for pattern in t.get(key).map(|i: Item<'_>| i.list()).unwrap_or_default() {
                match Path::parse(pattern.text().unwrap_or_default()) {
                    Ok(path) => paths.push(path),
                    Err(why) => problems.error(pattern.span(), why),
                }
            }
            paths
        };
        out.push(DocumentKind {
            id: id.to_owned(),
            dialect,
            files: t.texts("files"),
            all: patterns("all"),
            any: patterns("any"),
            at_least: t.integer("at_least", 1),
            none: patterns("none"),
            part: t.boolean("part", false),
            fragment_keys: t.integer("fragment_keys", 0),
            formats,
        });
        t.finish();
    }
    out
}

fn read_layers(table: &Table<'_>, documents: &[DocumentKind]) -> Vec<Layer> {
    let Some(item) = table.get("layer") else {
        return vec![Layer { id: "main".into(), document: 0, shallow: false }];
    };
    let mut out = Vec::new();
    for layer in item.list() {
        let Some(t) = layer.table() else { continue };
        let problems = t.problems();
        let id = t.need_text("id");
        let document = t.need("document").and_then(|i| {
            let name = i.text()?;
            let place = documents.iter().position(|d| d.id == name);
            if place.is_none() {
                problems.unknown_word(i.span(), "document", name, documents.iter().map(|d| d.id.as_str()));
            }
            place
        });
        let shallow = match t.get("merge").and_then(|i| i.text().map(|m| (m, i))) {
            None | Some(("deep", _)) => false,
            Some(("shallow", _)) => true,
            Some((other, i)) => {
                problems.unknown_word(i.span(), "merge", other, ["deep", "shallow"]);
                false
            }
        };
        t.finish();
        out.extend(document.map(|document| Layer { id, document, shallow }));
    }
    out
}

type RawContext<'d> = (String, Type, Option<Item<'d>>);

fn read_contexts<'d>(table: &Table<'d>, names: &mut VendorNames, vocabulary: &Vocabulary) -> Vec<RawContext<'d>> {
    let mut out = Vec::new();
    let Some(contexts) = table.get("context").and_then(|i| i.table()) else { return out };
    for (id, item) in contexts.entries() {
        let Some(t) = item.table() else { continue };
        let values = t.get("values").map(|i| i.texts());
        let ty = match t.need_text("type").as_str() {
            "bool" => Type::Bool,
            "number" => Type::Number,
            "text" => Type::Text,
            "duration" => Type::Duration,
            "audience" => Type::Audience,
            "level" | "choice" => Type::Level(Arc::new(Level {
                values: values.unwrap_or_default().iter().map(|w| Word::from(w.as_str())).collect(),
                ordered: false,
            })),
            fact if vocabulary.find(fact).is_some() => {
                vocabulary.find(fact).map_or(Type::Bool, |ix| vocabulary.fact(ix).ty.clone())
            }
            other => {
                t.problems().unknown_word(
                    t.span(),
                    "type",
                    other,
                    ["bool", "number", "text", "duration", "audience", "level"],
                );
                Type::Bool
            }
        };
        let ix = u32::try_from(out.len()).unwrap_or(u32::MAX);
        names.contexts.insert(id.to_owned(), (ix, ty.clone()));
        out.push((id.to_owned(), ty, t.get("cases")));
        t.finish();
    }
    out
}
