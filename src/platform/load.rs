//! Loading a platform file.

use super::circle::{Node, References};
use super::codec::{Base, Meaning, base_type};
use super::compile::{cases, decider, expression, qualifiers, top, value};
use super::definition::{
    ContextDef, DocumentKind, Elsewhere, Gate, Layer, Mend, MendValue, Platform, Setting, Target, UnknownKeys,
};
use super::dialect::Dialect;
use super::keys::{KeyTree, shown};
use super::load_codec::{Codecs, Literal, NamedCodec, RawMeaning, codec, direct, read_codecs, read_special, settle};
use super::names::{Scope, VendorNames};
use super::path::{Path, Segment, glob};
use crate::fact::{DataError, FactIx, Item, Level, Problems, QualifierKind, Table, Type, Version, Vocabulary, Word};
use crate::syntax::{Document, Format};
use std::collections::HashMap;
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
    for setting in settings.iter().filter(|s| s.layers.is_none()) {
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

/// The fields of each list of records.
fn fields_by_list(settings: &[Setting]) -> HashMap<u32, Vec<u32>> {
    let mut out: HashMap<u32, Vec<u32>> = HashMap::new();
    for (setting, ix) in settings.iter().zip(0..) {
        if let Some(list) = setting.list {
            out.entry(list).or_default().push(ix);
        }
    }
    out
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

/// The path of a setting from the root, through its list.
fn full_path(setting: &Setting, path: &Path, settings: &[Setting]) -> Vec<Segment> {
    let Some(list) = setting.list.and_then(|ix| settings.get(ix as usize)) else { return path.0.clone() };
    let mut full = full_path(list, &list.path, settings);
    if !list.path.over_entries() {
        full.push(Segment::Each);
    }
    full.extend(path.0.iter().cloned());
    full
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

/// The type of what secrets feed.
fn secret_level(vocabulary: &Vocabulary) -> Arc<Level> {
    let fact = vocabulary.facts().find(|(_, f)| f.qualifier == Some(QualifierKind::Setting));
    match fact.map(|(_, f)| &f.ty) {
        Some(Type::Level(level)) => Arc::clone(level),
        _ => Arc::new(Level { values: Vec::new(), ordered: true }),
    }
}

fn read_setting(
    id: &str,
    item: &Item<'_>,
    codecs: &Codecs,
    layers: &[Layer],
    secrets: &Arc<Level>,
) -> Option<(Setting, NamedCodec)> {
    let t = item.table()?;
    let problems = t.problems();
    let mut named = match t.need("codec") {
        Some(i) => codec(&i, codecs)?,
        None => return None,
    };
    let path = |text: &str, span| match Path::parse(text) {
        Ok(path) => path,
        Err(why) => {
            problems.error(span, why);
            Path::default()
        }
    };
    let own = id.rsplit_once("[].").map_or(id, |(_, field)| field);
    let main = match t.get("path").and_then(|i| i.text().map(|text| path(text, i.span()))) {
        Some(path) => path,
        None => path(own, item.key_span),
    };
    let also = t.get("also").map(|i| i.list()).unwrap_or_default();
    let also = also.iter().filter_map(|i| i.text().map(|text| path(text, i.span()))).collect();
    if let Some(special) = t.get("special") {
        // A setting's own words win over its codec's.
        let mut all = read_special(&special);
        all.extend(named.special.iter().filter(|(k, _)| !all.iter().any(|(o, _)| o == k)).cloned().collect::<Vec<_>>());
        named.special = all;
    }
    if let Base::Choice { words, .. } = &named.base {
        // Words that only `special`, `invalid` or `absent` give are values too, and cannot be written.
        let words = words.clone();
        let extra = choice_words(&t, &named);
        let mut all = words.clone();
        all.extend(extra.into_iter().filter(|w| !words.contains(w)));
        let ty = Type::Level(Arc::new(Level { values: all, ordered: false }));
        return Some((bare_setting(id, main, also, named.base.clone(), ty, &t, layers), named));
    }
    let ty = base_type(&named.base, secrets, id);
    Some((bare_setting(id, main, also, named.base.clone(), ty, &t, layers), named))
}

fn choice_words(t: &Table<'_>, named: &NamedCodec) -> Vec<Word> {
    let mut out = Vec::new();
    for (_, meaning) in &named.special {
        if let RawMeaning::Literal(Literal::Text(text)) = meaning {
            out.push(Word::from(text.as_str()));
        }
    }
    if let Some(RawMeaning::Literal(Literal::Text(text))) = &named.invalid {
        out.push(Word::from(text.as_str()));
    }
    for item in t.peek("absent").iter().chain(t.peek("invalid").iter()) {
        for case in item.items() {
            let text = match case.scalar() {
                Some((text, _)) => Some(text),
                None => case.table().and_then(|t| t.peek("value")).and_then(|i| i.scalar()).map(|(text, _)| text),
            };
            out.extend(text.filter(|t| !t.starts_with('@')).map(Word::from));
        }
    }
    out
}

fn bare_setting(
    id: &str,
    path: Path,
    also: Vec<Path>,
    codec: Base,
    ty: Type,
    t: &Table<'_>,
    layers: &[Layer],
) -> Setting {
    let problems = t.problems();
    let version = |key| {
        t.get(key).and_then(|i: Item<'_>| {
            let v = Version::parse(i.text()?);
            if v.is_none() {
                problems.error(i.span(), "this is no version");
            }
            v
        })
    };
    let layers = t.get("layers").map(|i| {
        let mut out = Vec::new();
        for layer in i.list() {
            let name = layer.text().unwrap_or_default();
            match layers.iter().position(|l| l.id == name) {
                Some(n) => out.push(n),
                None => problems.unknown_word(layer.span(), "layer", name, layers.iter().map(|l| l.id.as_str())),
            }
        }
        out
    });
    Setting {
        id: id.to_owned(),
        list: None,
        shown: Word::from(shown(&path)),
        shown_id: Word::from(id),
        path,
        also,
        codec,
        ty,
        absent: None,
        special: Vec::new(),
        invalid: Meaning::Refused,
        plausible: None,
        since: version("since"),
        until: version("until"),
        layers,
        key: t.text("key"),
        inert: t.text("inert").map(Arc::from),
        docs: t.text("docs"),
        verified: t.text("verified"),
        oracle: t.text("oracle"),
    }
}

/// The second look at a setting, when every name is known.
fn complete(mut setting: Setting, item: &Item<'_>, named: &NamedCodec, scope: &Scope<'_>) -> Setting {
    let Some(t) = item.table() else { return setting };
    for key in ["codec", "path", "also", "since", "until", "layers", "key", "inert", "docs", "verified", "oracle"] {
        t.get(key);
    }
    let special_item = t.get("special").unwrap_or(*item);
    for (key, raw) in &named.special {
        if let Some(meaning) = settle(raw, &setting.ty, &special_item, scope.vocabulary) {
            setting.special.push((key.clone(), meaning));
        }
    }
    let invalid = t.get("invalid").and_then(|i| direct(&i, &setting.ty, scope.vocabulary));
    let of_codec = || named.invalid.as_ref().and_then(|raw| settle(raw, &setting.ty, item, scope.vocabulary));
    if let Some(meaning) = invalid.or_else(of_codec) {
        setting.invalid = meaning;
    }
    setting.plausible = t.get("plausible").and_then(|i| value(&i, &setting.ty, scope));
    if let Some(absent) = t.get("absent") {
        let ty = setting.ty.clone();
        let mut list = cases(&absent, &ty, scope);
        if let Type::List(_) = ty {
            name_constants(&mut list, scope.vendor.and_then(|v| v.settings.get(&setting.id)).map(|(ix, _)| *ix));
        }
        setting.absent = Some(list);
    }
    t.finish();
    setting
}

/// Constant records know the list they belong to.
fn name_constants(cases: &mut [super::definition::Case], list: Option<u32>) {
    use super::definition::Effect;
    use crate::fact::{Reading, Record, State, Value};
    let Some(list) = list else { return };
    for case in cases {
        if let Effect::Value(Value::List(items)) = &case.effect {
            let items = items.iter().map(|item| match &item.state {
                State::Known(Value::Record(r)) => {
                    Reading::known_value(Value::Record(Arc::new(Record { list, ..(**r).clone() })))
                }
                _ => item.clone(),
            });
            case.effect = Effect::Value(Value::List(items.collect()));
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

/// The settings that globs name; tells a glob that names none.
fn matching(item: Option<Item<'_>>, settings: &[Setting]) -> Vec<u32> {
    let mut out = Vec::new();
    for pattern in item.map(|i| i.list()).unwrap_or_default() {
        let text = pattern.text().unwrap_or_default();
        let before = out.len();
        for (n, setting) in settings.iter().enumerate() {
            if glob(text, &setting.id) {
                out.push(u32::try_from(n).unwrap_or(u32::MAX));
            }
        }
        if out.len() == before {
            pattern.problems.unknown_word(pattern.span(), "setting", text, settings.iter().map(|s| s.id.as_str()));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn read_elsewhere(table: &Table<'_>, settings: &[Setting], scope: &Scope<'_>) -> Vec<Elsewhere> {
    let mut out = Vec::new();
    for item in table.get("elsewhere").map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let when = t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        let named = t.get("settings");
        let mut covers = vec![named.is_none(); settings.len()];
        for ix in matching(named, settings) {
            if let Some(c) = covers.get_mut(ix as usize) {
                *c = true;
            }
        }
        for ix in matching(t.get("except"), settings) {
            if let Some(c) = covers.get_mut(ix as usize) {
                *c = false;
            }
        }
        let because = t.need_text("because");
        t.get("look");
        let by = decider(&t);
        t.finish();
        let unknown = Arc::new(crate::fact::Unknown {
            why: Arc::from(because),
            kind: crate::fact::Reason::Elsewhere,
            by,
            candidates: None,
        });
        out.push(Elsewhere { when, covers, unknown });
    }
    out
}

fn read_gates(table: &Table<'_>, settings: &[Setting], scope: &Scope<'_>) -> Vec<Gate> {
    let mut out = Vec::new();
    for item in table.get("gate").map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let list = matching(t.need("settings"), settings);
        let needs = t.need("needs").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        let otherwise = t.get("otherwise").and_then(|i| {
            let ty = list.first().and_then(|ix| settings.get(*ix as usize)).map(|s| s.ty.clone())?;
            direct(&i, &ty, scope.vocabulary)
        });
        let because = t.need_text("because");
        let quiet = t.boolean("quiet", false);
        let severity = t.text("severity");
        let mend = t.get("mend").and_then(|i| i.table()).map(|m| {
            let mend = read_mend(&m, None, scope);
            m.finish();
            mend
        });
        t.finish();
        if let Some(needs) = needs {
            out.push(Gate { settings: list, needs, otherwise, because: Arc::from(because), quiet, severity, mend });
        }
    }
    out
}

/// The type of `it` where a fact is computed.
pub fn it_type(kind: Option<QualifierKind>, vocabulary: &Vocabulary) -> Option<Type> {
    match kind? {
        QualifierKind::Scope => vocabulary.scopes().map(|l| Type::Level(Arc::clone(l))),
        QualifierKind::Cohort => Some(Type::Level(crate::condition::cohorts())),
        QualifierKind::Setting => Some(Type::Text),
    }
}

fn named_facts<'d>(table: &Table<'d>, key: &'static str, vocabulary: &Vocabulary) -> Vec<(FactIx, Item<'d>)> {
    let mut out = Vec::new();
    let Some(facts) = table.get(key).and_then(|i| i.table()) else { return out };
    for (id, item) in facts.entries() {
        match vocabulary.find(id) {
            Some(ix) if vocabulary.fact(ix).derived() => {
                item.problems.error(item.key_span, format!("`{id}` is derived; it cannot be stated"))
            }
            Some(ix) => out.push((ix, item)),
            None => item.problems.unknown_word(item.key_span, "fact", id, vocabulary.names()),
        }
    }
    out
}

fn read_facts(
    table: &Table<'_>,
    vocabulary: &Vocabulary,
    names: &VendorNames,
) -> HashMap<FactIx, Vec<super::definition::Case>> {
    let mut out = HashMap::new();
    for (ix, item) in named_facts(table, "fact", vocabulary) {
        let def = vocabulary.fact(ix);
        let scope = Scope { it: it_type(def.qualifier, vocabulary), ..Scope::new(vocabulary, Some(names)) };
        out.insert(ix, cases(&item, &def.ty, &scope));
    }
    out
}

fn read_mends(table: &Table<'_>, vocabulary: &Vocabulary, names: &VendorNames) -> HashMap<FactIx, Vec<Mend>> {
    let mut out = HashMap::new();
    for (ix, item) in named_facts(table, "mend", vocabulary) {
        let def = vocabulary.fact(ix);
        let scope = Scope { it: it_type(def.qualifier, vocabulary), ..Scope::new(vocabulary, Some(names)) };
        let mut list = Vec::new();
        for mend in item.items() {
            if let Some(t) = mend.table() {
                list.push(read_mend(&t, Some(&def.ty), &scope));
                t.finish();
            }
        }
        out.insert(ix, list);
    }
    out
}

/// Reads one mend; `wanted` is the type that `usual` has.
pub fn read_mend(t: &Table<'_>, wanted: Option<&Type>, scope: &Scope<'_>) -> Mend {
    let problems = t.problems();
    let find = |key: &str, item: &Item<'_>| {
        let names = &scope.vendor?.settings;
        let found = names.get(key);
        if found.is_none() {
            problems.unknown_word(item.key_span, "setting", key, names.keys().map(String::as_str));
        }
        found.cloned()
    };
    let mut set = Vec::new();
    if let Some(table) = t.get("set").and_then(|i| i.table()) {
        for (key, item) in table.entries() {
            let Some((ix, ty)) = find(key, &item) else { continue };
            let target = if key.contains("[].") { Target::Field(ix) } else { Target::Setting(ix) };
            if item.scalar().is_some_and(|(text, _)| text == "{wanted}") {
                set.push((target, MendValue::Wanted));
            } else if let Some(v) = value(&item, &ty, scope) {
                set.push((target, MendValue::Literal(v)));
            }
        }
    }
    let lists = |key| {
        let mut out = Vec::new();
        if let Some(table) = t.get(key).and_then(|i: Item<'_>| i.table()) {
            for (key, item) in table.entries() {
                let Some((ix, ty)) = find(key, &item) else { continue };
                for member in item.items() {
                    let of = match &ty {
                        Type::List(of) => of,
                        _ => &Type::Text,
                    };
                    out.extend(value(&member, of, scope).map(|v| (ix, v)));
                }
            }
        }
        out
    };
    let add = lists("add");
    let remove = lists("remove");
    let unset = t.get("unset").map(|i| i.list()).unwrap_or_default();
    let unset = unset
        .iter()
        .filter_map(|i| {
            let key = i.text()?;
            let names = &scope.vendor?.settings;
            let found = names.get(key).map(|(ix, _)| *ix);
            if found.is_none() {
                problems.unknown_word(i.span(), "setting", key, names.keys().map(String::as_str));
            }
            found
        })
        .collect();

    Mend {
        when: t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool))),
        qualifiers: qualifiers(t, scope),
        set,
        unset,
        add,
        remove,
        usual: t.get("usual").and_then(|i| wanted.and_then(|ty| value(&i, ty, scope))),
        text: t.text("text").map(Arc::from),
        safe: t.text("safety").as_deref() == Some("safe"),
    }
}
