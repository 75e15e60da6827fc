//! Loading kinds of document and layers.

use super::compile::{expression, value};
use super::definition::{DocumentKind, Setting};
use super::dialect::Dialect;
use super::instance::{InstanceKind, Naming};
use super::layer::{Force, Held, Layer, Otherwise, Template};
use super::load_codec::{CodecCase, Codecs, is_base};
use super::names::Scope;
use super::path::Path;
use crate::fact::{Item, Table, Type, Word};
use crate::syntax::{Format, Statements};
use std::collections::HashMap;

/// The kinds of document of a platform file.
pub(super) fn read_documents(table: &Table<'_>) -> Vec<DocumentKind> {
    let mut out = Vec::new();
    let Some(documents) = table.need("document").and_then(|i| i.table()) else { return out };
    for (id, item) in documents.entries() {
        if let Some(t) = item.table() {
            out.push(document(id, &t));
            t.finish();
        }
    }
    out
}

fn document(id: &str, t: &Table<'_>) -> DocumentKind {
    let problems = t.problems();
    let mut formats = Vec::new();
    for format in t.need("formats").map(|i| i.list()).unwrap_or_default() {
        let name = format.text().unwrap_or_default();
        match Format::from_name(name) {
            Some(f) => formats.push(f),
            None => problems.unknown_word(format.span(), "format", name, ["yaml", "json", "toml", "env", "lua"]),
        }
    }
    let dialect = match t.get("dialect") {
        None => Dialect::of_format(formats.first().copied().unwrap_or(Format::Yaml)),
        Some(i) => {
            let name = i.text().unwrap_or_default();
            Dialect::from_name(name).unwrap_or_else(|| {
                problems.unknown_word(i.span(), "dialect", name, Dialect::NAMES);
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
    let mut at = patterns("at");
    if at.is_empty() {
        at.push(Path::default());
    }
    DocumentKind {
        id: id.to_owned(),
        dialect,
        files: t.texts("files"),
        all: patterns("all"),
        any: patterns("any"),
        at_least: t.integer("at_least", 1),
        none: patterns("none"),
        at,
        fold: word(t, "keys", &[("exact", false), ("ignore-case", true)]).unwrap_or(false),
        statements: Statements { sections: t.texts("sections"), includes: t.texts("includes") },
        part: t.boolean("part", false),
        fragment_keys: t.integer("fragment_keys", 0),
        formats,
    }
}

/// What makes several deployments of one document.
pub(super) fn read_instances(table: &Table<'_>) -> Vec<InstanceKind> {
    let mut out = Vec::new();
    for item in table.get("instance").map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let problems = t.problems();
        let told = |item: &Item<'_>, why| problems.error(item.span(), why);
        let each = t.need("each").and_then(|i| Path::parse(i.text()?).map_err(|why| told(&i, why)).ok());
        let id = t.need("id").and_then(|i| Naming::parse(i.text()?).map_err(|why| told(&i, why)).ok());
        let kind = Word::from(t.need_text("kind"));
        let facts = t.get("facts").map(|i| i.texts());
        t.finish();
        out.extend(each.zip(id).map(|(each, id)| InstanceKind { each, id, kind, facts }));
    }
    out
}

/// The meaning of a word of a closed list; tells another word.
fn word<T: Copy>(t: &Table<'_>, key: &'static str, meanings: &[(&str, T)]) -> Option<T> {
    let item = t.get(key)?;
    let text = item.text()?;
    let found = meanings.iter().find(|(name, _)| *name == text);
    if found.is_none() {
        item.problems.unknown_word(item.span(), key, text, meanings.iter().map(|(name, _)| *name));
    }
    found.map(|(_, meaning)| *meaning)
}

/// A layer whose condition and constants wait until every name is known.
pub(super) struct LayerDraft<'d> {
    pub layer: Layer,
    when: Option<Item<'d>>,
    values: Option<Item<'d>>,
    codecs: HashMap<String, Vec<CodecCase<'d>>>,
}

impl<'d> LayerDraft<'d> {
    /// How this layer reads what has these codecs elsewhere; empty: in the same way.
    pub fn reads(&self, codecs: &[CodecCase<'d>]) -> Vec<CodecCase<'d>> {
        if self.codecs.is_empty() || !codecs.iter().any(|c| self.codecs.contains_key(&c.codec.name)) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for case in codecs {
            match self.codecs.get(&case.codec.name).map(Vec::as_slice) {
                None => out.push(case.clone()),
                // A codec of a case stays under the case's condition.
                Some([only]) => out.push(CodecCase { when: case.when.or(only.when), codec: only.codec.clone() }),
                Some(several) => out.extend(several.iter().cloned()),
            }
        }
        out
    }
}

/// The layers of a platform file; without any, one over the first kind of document.
pub(super) fn read_layers<'d>(
    table: &Table<'d>,
    documents: &[DocumentKind],
    codecs: &Codecs<'d>,
) -> Vec<LayerDraft<'d>> {
    let Some(item) = table.get("layer") else {
        return vec![LayerDraft { layer: Layer::plain("main", 0), when: None, values: None, codecs: HashMap::new() }];
    };
    item.list().iter().filter_map(|layer| layer.table()).filter_map(|t| one(t, documents, codecs)).collect()
}

fn one<'d>(t: Table<'d>, documents: &[DocumentKind], named: &Codecs<'d>) -> Option<LayerDraft<'d>> {
    let problems = t.problems();
    let id = t.need_text("id");
    let values = t.get("values");
    let document = t.get("document");
    if document.is_some() == values.is_some() {
        problems.error(t.span(), "a layer has either a `document` or `values`");
    }
    let kind = document.and_then(|i| {
        let name = i.text()?;
        let place = documents.iter().position(|d| d.id == name);
        if place.is_none() {
            problems.unknown_word(i.span(), "document", name, documents.iter().map(|d| d.id.as_str()));
        }
        place
    });
    let path = |key| {
        let item: Item<'_> = t.get(key)?;
        Path::parse(item.text()?).map_err(|why| problems.error(item.span(), why)).ok()
    };
    let separator = t.text("separator").unwrap_or_else(|| ".".to_owned());
    let template = path("path").map(|path| Template { path, separator });
    let mut codecs = HashMap::new();
    if let Some(list) = t.get("codecs").and_then(|i| i.table()) {
        for (name, item) in list.entries() {
            // The name that is replaced must be one too.
            if !named.contains_key(name) && !is_base(name) {
                problems.unknown_word(item.key_span, "codec", name, named.keys().map(String::as_str));
            }
            if let Some(codec) = super::load_codec::codec(&item, named) {
                codecs.insert(name.to_owned(), codec);
            }
        }
    }
    let force = word(&t, "force", &[("set", Force::Set), ("initial", Force::Initial), ("default", Force::Default)]);
    let force = force.unwrap_or(Force::Set);
    let otherwise = word(&t, "otherwise", &[("initial", Otherwise::Initial), ("ignored", Otherwise::Ignored)]);
    let overlay = values.is_some() || force == Force::Default;
    let layer = Layer {
        id,
        held: match kind {
            Some(kind) => Held::Document(kind),
            None => Held::Values(Vec::new()),
        },
        at: path("at").unwrap_or_default(),
        shallow: word(&t, "merge", &[("deep", false), ("shallow", true)]).unwrap_or(false),
        force,
        when: None,
        otherwise: otherwise.unwrap_or(if overlay { Otherwise::Ignored } else { Otherwise::Initial }),
        template,
    };
    let when = t.get("when");
    t.finish();
    (kind.is_some() || values.is_some()).then_some(LayerDraft { layer, when, values, codecs })
}

/// The second look at layers, when every name is known.
pub(super) fn complete_layers(drafts: Vec<LayerDraft<'_>>, settings: &[Setting], scope: &Scope<'_>) -> Vec<Layer> {
    let complete = |draft: LayerDraft<'_>| {
        let mut layer = draft.layer;
        layer.when = draft.when.and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        if let (Held::Values(list), Some(table)) = (&mut layer.held, draft.values.and_then(|i| i.table())) {
            for (id, item) in table.entries() {
                match scope.vendor.and_then(|v| v.settings.get(id)) {
                    Some((ix, ty)) => list.extend(value(&item, ty, scope).map(|v| (*ix, v))),
                    None => {
                        let names = settings.iter().map(|s| s.id.as_str());
                        item.problems.unknown_word(item.key_span, "setting", id, names);
                    }
                }
            }
        }
        layer
    };
    drafts.into_iter().map(complete).collect()
}
