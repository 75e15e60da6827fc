//! Loading a platform file.

use super::circle::{Node, References};
use super::compile::{cases, top};
use super::definition::{ContextDef, DocumentKind, Platform, Setting, UnknownKeys};
use super::keys::DeclaredKeys;
use super::layer::Layer;
use super::load_codec::read_codecs;
use super::load_facts::{deciding, read_elsewhere, read_facts, read_gates, read_mends};
use super::load_layers::{complete_layers, read_documents, read_instances, read_layers};
use super::load_settings::{
    Around, Draft, complete, fields_by_list, full_path, mark_parents, read_setting, secret_level,
};
use super::names::{Scope, VendorNames};
use crate::condition::{Expr, Op, Vendor};
use crate::fact::{DataError, Item, Level, Problems, Table, Type, Version, Vocabulary, Word};
use crate::syntax::Document;
use std::sync::Arc;

/// The identity of a platform and what it looks like, without the rest of its file.
#[derive(Debug)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Container images that run it.
    pub images: Vec<String>,
    /// The kinds of document.
    pub documents: Vec<DocumentKind>,
}

/// Loads what is needed to recognise a platform's files.
pub fn load_head(document: &Document) -> Result<Head, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let mut head = Head { id: String::new(), name: String::new(), images: Vec::new(), documents: Vec::new() };
    if let Some(table) = top(document, &problems) {
        if let Some(platform) = table.get("platform").and_then(|i| i.table()) {
            head.id = platform.need_text("id");
            head.name = platform.need_text("name");
            head.images = platform.texts("images");
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
    let instances = read_instances(table);
    let codecs = read_codecs(table);
    let layers = read_layers(table, &documents, &codecs);
    // First the names and types of everything, since conditions may name what comes later.
    let secrets = secret_level(vocabulary);
    let around = Around { codecs: &codecs, layers: &layers, secrets: &secrets };
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut names = VendorNames::default();
    if let Some(list) = table.need("setting").and_then(|i| i.table()) {
        for (id, item) in list.entries() {
            if let Some(draft) = read_setting(id, &item, &around) {
                let ix = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
                names.settings.insert(id.to_owned(), (ix, draft.setting.ty.clone()));
                drafts.push(draft);
            }
        }
    }
    for Draft { setting, item, .. } in &mut drafts {
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
    let layer_ids: Vec<&str> = layers.iter().map(|l| l.layer.id.as_str()).collect();
    let mut settings: Vec<Setting> = drafts.into_iter().map(|draft| complete(draft, &layer_ids, &scope)).collect();
    mark_parents(&mut settings);
    let layers = complete_layers(layers, &settings, &scope);
    let contexts: Vec<ContextDef> = contexts
        .into_iter()
        .map(|(id, ty, item)| {
            let cases = item.map(|i| cases(&i, &ty, &scope)).unwrap_or_default();
            ContextDef { id, ty, cases }
        })
        .collect();
    let elsewhere = read_elsewhere(table, &settings, &layers, &contexts, &scope);
    let deciding = deciding(&layers, &elsewhere, &contexts);
    let tells_unresolved = elsewhere.iter().any(|e| e.when.as_ref().is_some_and(reads_unresolved));
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
        layers: &layers,
        settings: &settings,
        gates: &gates,
        gates_of: &gates_of,
        contexts: &contexts,
        facts: &facts,
    };
    tell_circle(table, &references);
    // Cases are read by the verb that runs them.
    table.get("case");
    let keys = declared_keys(&head, &documents, &layers, &settings);
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
        named_by: named_by(&head, &settings),
        unknown_keys: match head.get("unknown_keys").and_then(|i| i.text().map(|t| (t, i.span()))) {
            None | Some(("ignored", _)) => UnknownKeys::Ignored,
            Some(("warned", _)) => UnknownKeys::Warned,
            Some(("refused", _)) => UnknownKeys::Refused,
            Some((other, span)) => {
                problems.unknown_word(span, "way with unknown keys", other, ["ignored", "warned", "refused"]);
                UnknownKeys::Ignored
            }
        },
        documents,
        instances,
        layers,
        elsewhere,
        index: settings.iter().enumerate().map(|(n, s)| (s.id.clone(), u32::try_from(n).unwrap_or(u32::MAX))).collect(),
        fields: fields_by_list(&settings),
        deciding,
        tells_unresolved,
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

/// `named_by`: ids of settings.
fn named_by(head: &Table<'_>, settings: &[Setting]) -> Vec<u32> {
    let Some(list) = head.get("named_by") else { return Vec::new() };
    let mut out = Vec::new();
    for item in list.items() {
        let id = item.text().unwrap_or_default();
        match settings.iter().position(|s| s.id == id && s.list.is_none()) {
            Some(n) => out.extend(u32::try_from(n)),
            None => head.problems().unknown_word(item.span(), "setting", id, settings.iter().map(|s| s.id.as_str())),
        }
    }
    out
}

/// The declared keys of each kind of document that a layer looks into, for what is misspelt. Parts hold trees of
/// their own, of which only a few keys are declared.
fn declared_keys(
    head: &Table<'_>,
    documents: &[DocumentKind],
    layers: &[Layer],
    settings: &[Setting],
) -> Vec<DeclaredKeys> {
    let others = head.texts("other_keys");
    let mut out: Vec<DeclaredKeys> = Vec::new();
    for (n, layer) in layers.iter().enumerate() {
        let Some(kind) = layer.document() else { continue };
        let each = layer.is_each() && layer.at.0.len() == 1;
        let whole = layer.at.0.is_empty() || each;
        let Some(document) = documents.get(kind).filter(|d| !d.part && whole) else { continue };
        let place = out.iter().position(|k| k.kind == kind && k.each == each).unwrap_or_else(|| {
            out.push(DeclaredKeys::new(kind, document.fold, each));
            out.len() - 1
        });
        let Some(keys) = out.get_mut(place) else { continue };
        for setting in settings {
            if setting.list.is_some() {
                let top = outermost(setting, settings);
                if layer.template.is_none() && top.is_some_and(|s| s.asks(n)) {
                    keys.tree.add(&full_path(setting, &setting.path, settings));
                }
                continue;
            }
            for way in (0..setting.spellings()).filter_map(|s| setting.way(n, s).filter(|_| setting.asks(n))) {
                keys.tree.add(&way.path.0);
                let template = layer.template.as_ref().and_then(|t| Some((t.prefix()?, &t.separator)));
                if let (Some((prefix, separator)), Some(word)) = (template, way.path.first_key()) {
                    keys.add_word(prefix, separator, word);
                }
            }
        }
        for other in &others {
            match &layer.template {
                None => keys.add_other(other),
                Some(template) => template.word(other).iter().for_each(|word| keys.add_other(word)),
            }
        }
    }
    out
}

/// The list of the deployment that a field of records belongs to.
fn outermost<'s>(setting: &'s Setting, settings: &'s [Setting]) -> Option<&'s Setting> {
    let mut at = setting;
    while let Some(list) = at.list {
        at = settings.get(list as usize)?;
    }
    Some(at)
}

/// Tells a circle of references, at the key of the first of them.
fn tell_circle(table: &Table<'_>, references: &References<'_>) {
    let Some(circle) = references.circle() else { return };
    let id = |node: &Node| match node {
        Node::Raw(ix) | Node::Setting(ix) => ("setting", references.settings.get(*ix as usize).map_or("", |s| &s.id)),
        Node::Context(ix) => ("context", references.contexts.get(*ix as usize).map_or("", |c| &c.id)),
        Node::Layer(ix) => ("layer", references.layers.get(*ix as usize).map_or("", |l| &l.id)),
        Node::Fact(ix) => ("fact", &*references.vocabulary.fact(*ix).id),
    };
    let Some((kind, first)) = circle.first().map(id) else { return };
    let section = table.peek(kind).filter(Item::is_table).and_then(|i| i.table());
    let key = section.and_then(|t| t.peek(first)).map_or(table.span(), |i| i.key_span);
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
    const KNOWN: [&str; 13] = [
        "format",
        "platform",
        "document",
        "instance",
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

/// Does a condition ask whether an included file is missing?
fn reads_unresolved(when: &Expr) -> bool {
    let mut found = false;
    when.walk(&mut |e| found |= matches!(e.op, Op::Vendor(Vendor::Unresolved)));
    found
}
