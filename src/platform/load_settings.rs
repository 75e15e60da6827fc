//! Loading settings: first their names and types, then, when every name is known, the rest.

use super::codec::{Base, Meaning, base_type};
use super::compile::{cases, value};
use super::definition::{Layer, Setting};
use super::keys::shown;
use super::load_codec::{Codecs, Literal, NamedCodec, RawMeaning, codec, direct, read_special, settle};
use super::names::Scope;
use super::path::{Path, Segment};
use crate::fact::{Item, Level, QualifierKind, Table, Type, Version, Vocabulary, Word};
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

pub(super) fn read_setting(
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

pub(super) fn choice_words(t: &Table<'_>, named: &NamedCodec) -> Vec<Word> {
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

pub(super) fn bare_setting(
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
pub(super) fn complete(mut setting: Setting, item: &Item<'_>, named: &NamedCodec, scope: &Scope<'_>) -> Setting {
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
