//! `[[deployment]]`: what the user says of one.

use super::Described;
use super::layer::{Kind, globs};
use crate::fact::{Item, QualifierKind, Version, Word, literal};
use crate::lint::knowledge::Knowledge;

/// Reads one `[[deployment]]`.
pub(super) fn read(item: &Item<'_>, knowledge: &Knowledge) -> Option<Described> {
    let t = item.table()?;
    let problems = t.problems();
    let mut out =
        Described { name: t.need_text("name"), files: globs(t.need("files"), &Kind::Main), ..Described::default() };
    if let Some(i) = t.get("platform") {
        let id = i.text().unwrap_or_default();
        if knowledge.find_platform(id).is_none() {
            problems.unknown_word(i.span(), "platform", id, knowledge.platforms.iter().map(|p| p.head.id.as_str()));
        }
        out.platform = Some(id.to_owned());
    }
    out.version = t.text("version");
    if let Some(item) =
        t.peek("version").filter(|_| out.version.as_deref().is_some_and(|v| Version::parse(v).is_none()))
    {
        problems.error_with(item.span(), "this is no version", Some("write it as dotted numbers, `1.120`".into()));
    }
    if let Some(context) = t.get("context").and_then(|i| i.table()) {
        for (name, value) in context.entries() {
            out.context.extend(value.scalar().map(|(text, _)| (name.to_owned(), text.to_owned())));
        }
    }
    out.reason = t.text("reason").map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
    let stated = t.get("facts");
    let span = stated.as_ref().map_or(t.span(), |i| i.key_span);
    out.at = Some((std::sync::Arc::clone(problems.source()), span));
    if let Some(facts) = stated.and_then(|i| i.table()) {
        let vocabulary = &knowledge.facts.vocabulary;
        for (id, value) in facts.entries() {
            let Some(ix) = vocabulary.find(id) else {
                problems.unknown_word(value.key_span, "fact", id, vocabulary.names());
                continue;
            };
            let def = vocabulary.fact(ix);
            if def.derived() {
                problems.error(value.key_span, format!("`{id}` is computed from other facts and cannot be stated"));
                continue;
            }
            let list = out.facts.entry(ix).or_default();
            match (value.is_table(), def.qualifier) {
                (true, Some(QualifierKind::Scope | QualifierKind::Cohort)) => {
                    let words: Vec<Word> = match crate::platform::it_type(def.qualifier, vocabulary) {
                        Some(crate::fact::Type::Level(level)) => level.values.clone(),
                        _ => Vec::new(),
                    };
                    for (word, v) in value.table()?.entries() {
                        if word != "others" && !words.iter().any(|w| **w == *word) {
                            let what = if def.qualifier == Some(QualifierKind::Scope) { "scope" } else { "cohort" };
                            problems.unknown_word(v.key_span, what, word, words.iter().map(|w| &**w).chain(["others"]));
                            continue;
                        }
                        let qualifier = (word != "others").then(|| Word::from(word));
                        list.extend(literal(&v, &def.ty, vocabulary).map(|v| (qualifier, v)));
                    }
                }
                _ => list.extend(literal(&value, &def.ty, vocabulary).map(|v| (None, v))),
            }
        }
    }
    t.finish();
    Some(out)
}
