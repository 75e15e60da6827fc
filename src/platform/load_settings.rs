//! Loading settings: first their names and types, then, when every name is known, the rest.

use super::codec::{Base, Meaning, base_type};
use super::compile::{are_cases, cases, expression, value};
use super::definition::{Also, LayerCase, Setting, Spelt};
use super::keys::shown;
use super::load_codec::{CodecCase, Codecs, Literal, NamedCodec, RawMeaning, codec, direct, read_special, settle};
use super::load_layers::LayerDraft;
use super::names::Scope;
use super::path::{Path, Segment};
use super::reader::{Reader, ReaderCase};
use crate::fact::{Item, Level, QualifierKind, Table, Type, Value, Version, Vocabulary, Word};
use std::collections::HashMap;
use std::sync::Arc;

/// The type of what secrets feed.
pub(super) fn secret_level(vocabulary: &Vocabulary) -> Arc<Level> {
    let fact = vocabulary.facts().find(|(_, f)| f.qualifier == Some(QualifierKind::Setting));
    match fact.map(|(_, f)| &f.ty) {
        Some(Type::Level(level)) => Arc::clone(level),
        _ => Arc::new(Level { values: Vec::new(), ordered: true }),
    }
}

/// A setting of which the names and types are known, and the rest waits until all names are.
pub(super) struct Draft<'d> {
    pub setting: Setting,
    pub item: Item<'d>,
    own: Vec<CodecCase<'d>>,
    also: Vec<Vec<CodecCase<'d>>>,
    spelt: Vec<SpeltDraft<'d>>,
}

/// How one layer spells or reads it.
struct SpeltDraft<'d> {
    layer: usize,
    spelling: usize,
    path: Option<Path>,
    codecs: Vec<CodecCase<'d>>,
}

/// What settings are read against.
pub(super) struct Around<'a, 'd> {
    /// The named codecs.
    pub codecs: &'a Codecs<'d>,
    /// The layers.
    pub layers: &'a [LayerDraft<'d>],
    /// The type of what secrets feed.
    pub secrets: &'a Arc<Level>,
}

pub(super) fn read_setting<'d>(id: &str, item: &Item<'d>, around: &Around<'_, 'd>) -> Option<Draft<'d>> {
    let t = item.table()?;
    let problems = t.problems();
    let mut own = codec(&t.need("codec")?, around.codecs)?;
    let path = |text: &str, span| match Path::parse(text) {
        Ok(path) => path,
        Err(why) => {
            problems.error(span, why);
            Path::default()
        }
    };
    let field = id.rsplit_once("[].").map_or(id, |(_, field)| field);
    let main = match t.get("path").and_then(|i| i.text().map(|text| path(text, i.span()))) {
        Some(path) => path,
        None => path(field, item.key_span),
    };
    let mut older: Vec<(Path, Vec<CodecCase<'d>>)> = Vec::new();
    for other in t.get("also").map(|i| i.list()).unwrap_or_default() {
        if !other.is_table() {
            older.extend(other.text().map(|text| (path(text, other.span()), Vec::new())));
            continue;
        }
        let Some(table) = other.table() else { continue };
        let place = table.need("path").and_then(|i| i.text().map(|text| path(text, i.span())));
        let codecs = table.get("codec").and_then(|i| codec(&i, around.codecs)).unwrap_or_default();
        table.finish();
        older.extend(place.map(|place| (place, codecs)));
    }
    let verbatim = t.boolean("verbatim", false);
    // Fields are read from their item, wherever that stands.
    let layers: &[LayerDraft<'d>] = if id.contains("[].") { &[] } else { around.layers };
    let mut spelt = Vec::new();
    for (n, layer) in layers.iter().enumerate() {
        let ways =
            std::iter::once((&main, &own)).chain(older.iter().map(|(p, c)| (p, if c.is_empty() { &own } else { c })));
        for (spelling, (path, codecs)) in ways.enumerate() {
            let spell = layer.layer.template.as_ref().filter(|_| !verbatim);
            let other = layer.reads(codecs);
            if spell.is_none() && other.is_empty() {
                continue;
            }
            let path = spell.map_or_else(|| Some(path.clone()), |t| t.spell(path));
            spelt.push(SpeltDraft { layer: n, spelling, path, codecs: other });
        }
    }
    let (paths, mut also): (Vec<Path>, Vec<_>) = older.into_iter().unzip();
    if let Some(special) = t.get("special") {
        // A setting's own words win over its codecs'.
        let special = read_special(&special);
        for case in all_cases(&mut own, &mut also, &mut spelt) {
            let words = &mut case.codec.special;
            let mut all = special.clone();
            all.extend(words.drain(..).filter(|(k, _)| !special.iter().any(|(o, _)| o == k)));
            *words = all;
        }
    }
    let bases: Vec<&NamedCodec> = all_cases(&mut own, &mut also, &mut spelt).map(|c| &c.codec).collect();
    let ty = setting_type(id, item, &t, &bases, around.secrets);
    let setting = bare_setting(id, main, paths, ty, &t);
    Some(Draft { setting, item: *item, own, also, spelt })
}

/// Every way in which a setting is read.
fn all_cases<'c, 'd>(
    own: &'c mut [CodecCase<'d>],
    also: &'c mut [Vec<CodecCase<'d>>],
    spelt: &'c mut [SpeltDraft<'d>],
) -> impl Iterator<Item = &'c mut CodecCase<'d>> {
    own.iter_mut().chain(also.iter_mut().flatten()).chain(spelt.iter_mut().flat_map(|s| &mut s.codecs))
}

/// The type that all ways of reading give.
fn setting_type(id: &str, item: &Item<'_>, t: &Table<'_>, codecs: &[&NamedCodec], secrets: &Arc<Level>) -> Type {
    let mut words: Vec<Word> = Vec::new();
    let mut push = |word: &Word| {
        if !words.contains(word) {
            words.push(Word::clone(word));
        }
    };
    let mut types = Vec::new();
    for codec in codecs {
        match &codec.base {
            Base::Choice { words, .. } => words.iter().for_each(&mut push),
            base => types.push(base_type(base, secrets, id)),
        }
    }
    let choice = codecs.iter().any(|c| matches!(c.base, Base::Choice { .. }));
    if choice {
        // Words that only `special`, `invalid` or `absent` give are values too, and cannot be written.
        codecs.iter().for_each(|c| given_words(c).iter().for_each(&mut push));
        choice_words(t).iter().for_each(&mut push);
        types.push(Type::Level(Arc::new(Level { values: words, ordered: false })));
    }
    let first = types.first().cloned().unwrap_or(Type::Text);
    if let Some(other) = types.iter().find(|ty| **ty != first) {
        item.problems.error(item.key_span, format!("this is read as {} and as {}", first.name(), other.name()));
    }
    first
}

/// The words that a codec's `special` and `invalid` give.
fn given_words(codec: &NamedCodec) -> Vec<Word> {
    let meanings = codec.special.iter().map(|(_, m)| m).chain(&codec.invalid);
    let text = |meaning: &RawMeaning| match meaning {
        RawMeaning::Literal(Literal::Text(text)) => Some(Word::from(text.as_str())),
        _ => None,
    };
    meanings.filter_map(text).collect()
}

/// The words that a setting's `absent` and `invalid` give.
fn choice_words(t: &Table<'_>) -> Vec<Word> {
    let mut out = Vec::new();
    for item in t.peek("absent").iter().chain(t.peek("invalid").iter()) {
        for case in item.items() {
            let given = match case.scalar() {
                Some(_) => vec![case],
                None => case.table().map_or_else(Vec::new, |t| {
                    t.peek("value")
                        .into_iter()
                        .chain(t.peek("candidates").into_iter().flat_map(|i| i.items()))
                        .collect()
                }),
            };
            let texts = given.iter().filter_map(|i| i.scalar()).map(|(text, _)| text);
            out.extend(texts.filter(|t| !t.starts_with('@')).map(Word::from));
        }
    }
    out
}

fn bare_setting(id: &str, path: Path, also: Vec<Path>, ty: Type, t: &Table<'_>) -> Setting {
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
    Setting {
        id: id.to_owned(),
        list: None,
        shown: Word::from(shown(&path)),
        shown_id: Word::from(id),
        path,
        also: also.into_iter().map(|path| Also { path, readers: Vec::new() }).collect(),
        spelt: Vec::new(),
        readers: Vec::new(),
        ty,
        absent: None,
        since: version("since"),
        until: version("until"),
        layers: Vec::new(),
        union: false,
        has_children: false,
        key: t.text("key"),
        inert: t.text("inert").map(Arc::from),
        docs: t.text("docs"),
        verified: t.text("verified"),
        oracle: t.text("oracle"),
    }
}

/// The second look at a setting, when every name is known.
pub(super) fn complete(draft: Draft<'_>, layers: &[&str], scope: &Scope<'_>) -> Setting {
    let Draft { mut setting, item, own, also, spelt } = draft;
    let Some(t) = item.table() else { return setting };
    for key in
        ["codec", "path", "also", "verbatim", "since", "until", "layers", "key", "inert", "docs", "verified", "oracle"]
    {
        t.get(key);
    }
    let meanings = OwnMeanings {
        ty: setting.ty.clone(),
        item,
        special: t.get("special").unwrap_or(item),
        invalid: t.get("invalid").and_then(|i| direct(&i, &setting.ty, scope.vocabulary)),
        plausible: t.get("plausible").and_then(|i| value(&i, &setting.ty, scope)),
    };
    setting.readers = meanings.readers(&own, scope);
    for (also, codecs) in setting.also.iter_mut().zip(&also) {
        also.readers = meanings.readers(codecs, scope);
    }
    setting.spelt = spelt
        .into_iter()
        .map(|s| Spelt {
            layer: s.layer,
            spelling: s.spelling,
            path: s.path,
            readers: meanings.readers(&s.codecs, scope),
        })
        .collect();
    setting.layers = t.get("layers").map(|i| layer_cases(&i, layers, scope)).unwrap_or_default();
    if let Some(item) = t.get("merge") {
        setting.union = item.text() == Some("union");
        if !setting.union && item.text() != Some("first") {
            item.problems.unknown_word(item.span(), "merge", item.text().unwrap_or_default(), ["first", "union"]);
        }
        if setting.union && !matches!(setting.ty, Type::List(_)) {
            item.problems.error(item.span(), "only lists can be joined");
        }
    }
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

/// The layers asked: a list, or cases of lists.
fn layer_cases(item: &Item<'_>, layers: &[&str], scope: &Scope<'_>) -> Vec<LayerCase> {
    let places = |list: &Item<'_>| {
        let mut out = Vec::new();
        for layer in list.list() {
            let name = layer.text().unwrap_or_default();
            match layers.iter().position(|l| *l == name) {
                Some(n) => out.push(n),
                None => layer.problems.unknown_word(layer.span(), "layer", name, layers.iter().copied()),
            }
        }
        out
    };
    if !are_cases(item) {
        return vec![LayerCase { when: None, asked: places(item) }];
    }
    let one = |case: Item<'_>| {
        let t = case.table()?;
        let when = t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        let asked = t.need("value").map(|i| places(&i)).unwrap_or_default();
        t.finish();
        Some(LayerCase { when, asked })
    };
    item.items().into_iter().filter_map(one).collect()
}

/// Marks the settings below whose place others stand.
pub(super) fn mark_parents(settings: &mut [Setting]) {
    let mut parents: Vec<Path> = Vec::new();
    for setting in settings.iter().filter(|s| s.list.is_none()) {
        parents.extend((1..setting.path.0.len()).map(|n| Path(setting.path.0.get(..n).unwrap_or_default().to_vec())));
    }
    for setting in settings.iter_mut().filter(|s| s.list.is_none()) {
        setting.has_children = parents.contains(&setting.path);
    }
}

/// What a setting says of every way in which it is read.
struct OwnMeanings<'d> {
    ty: Type,
    item: Item<'d>,
    special: Item<'d>,
    invalid: Option<Meaning>,
    plausible: Option<Value>,
}

impl OwnMeanings<'_> {
    fn readers(&self, codecs: &[CodecCase<'_>], scope: &Scope<'_>) -> Vec<ReaderCase> {
        let one = |case: &CodecCase<'_>| ReaderCase {
            when: case.when.and_then(|i| expression(&i, scope, Some(&Type::Bool))),
            reader: self.reader(&case.codec, scope),
        };
        codecs.iter().map(one).collect()
    }

    fn reader(&self, codec: &NamedCodec, scope: &Scope<'_>) -> Reader {
        let settled = |raw: &RawMeaning, item: &Item<'_>| settle(raw, &self.ty, item, scope.vocabulary);
        let of_codec = |raw: &Option<RawMeaning>| raw.as_ref().and_then(|raw| settled(raw, &self.item));
        let special = codec.special.iter();
        Reader {
            base: codec.base.clone(),
            special: special.filter_map(|(key, raw)| Some((key.clone(), settled(raw, &self.special)?))).collect(),
            invalid: self.invalid.clone().or_else(|| of_codec(&codec.invalid)).unwrap_or(Meaning::Refused),
            plausible: self.plausible.clone().or_else(|| match of_codec(&codec.plausible)? {
                Meaning::Literal(value) => Some(value),
                _ => None,
            }),
        }
    }
}

/// Constant records know the list they belong to.
pub(super) fn name_constants(cases: &mut [super::definition::Case], list: Option<u32>) {
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

/// The path of a setting from the root, through its list.
pub(super) fn full_path(setting: &Setting, path: &Path, settings: &[Setting]) -> Vec<Segment> {
    let Some(list) = setting.list.and_then(|ix| settings.get(ix as usize)) else { return path.0.clone() };
    let mut full = full_path(list, &list.path, settings);
    if !list.path.over_entries() {
        full.push(Segment::Each);
    }
    full.extend(path.0.iter().cloned());
    full
}

/// The fields of each list of records.
pub(super) fn fields_by_list(settings: &[Setting]) -> HashMap<u32, Vec<u32>> {
    let mut out: HashMap<u32, Vec<u32>> = HashMap::new();
    for (setting, ix) in settings.iter().zip(0..) {
        if let Some(list) = setting.list {
            out.entry(list).or_default().push(ix);
        }
    }
    out
}
