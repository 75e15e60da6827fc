//! `hushlint.toml`.

use super::knowledge::{Knowledge, parsed};
use crate::fact::{DataError, FactIx, Item, Problems, QualifierKind, Value, Version, Word, literal};
use crate::rule::{Override, Severity, read_param_values};
use crate::text::Span;
use std::collections::HashMap;

/// A deployment that the user describes.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Globs of its files, in the vendor's merge order.
    pub files: Vec<String>,
    /// The platform, if said.
    pub platform: Option<String>,
    /// The release, if said.
    pub version: Option<String>,
    /// Contexts.
    pub context: Vec<(String, String)>,
    /// Facts that the operator states.
    pub facts: HashMap<FactIx, Vec<(Option<Word>, Value)>>,
}

/// The configuration of a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it was read from.
    pub path: Option<String>,
    /// Names or paths of packs, with their places.
    pub packs: Vec<(String, Span)>,
    /// The severity that decides the exit code.
    pub fail_on: Severity,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
    /// What is said of rules.
    pub rules: HashMap<String, Override>,
    /// Deployments.
    pub deployments: Vec<Described>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: None,
            packs: Vec::new(),
            fail_on: Severity::Warning,
            exclude: Vec::new(),
            rules: HashMap::new(),
            deployments: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a configuration; unknown keys are errors with a suggestion.
    pub fn read(path: &str, text: &str, knowledge: &Knowledge) -> Result<Self, Vec<DataError>> {
        let document = parsed(path, text);
        let problems = Problems::new(&document.source);
        for error in &document.errors {
            problems.error_with(error.span, error.message.clone(), error.help.clone());
        }
        let mut out = Self { path: Some(path.to_owned()), ..Self::default() };
        if let Some(t) = Item::top(&document, &problems).table() {
            for pack in t.get("packs").map(|i| i.list()).unwrap_or_default() {
                out.packs.extend(pack.text().map(|p| (p.to_owned(), pack.span())));
            }
            if let Some(bar) = t.get("fail-on").and_then(|i| severity(&i, &["error", "warning", "note"])) {
                out.fail_on = bar;
            }
            out.exclude = t.texts("exclude");
            if let Some(rules) = t.get("rules").and_then(|i| i.table()) {
                for (id, item) in rules.entries() {
                    if !knowledge.catalogue.has(id) {
                        problems.unknown_word(item.key_span, "rule", id, knowledge.catalogue.names());
                        continue;
                    }
                    let now = knowledge.catalogue.resolve(id).unwrap_or(id);
                    out.rules.insert(now.to_owned(), read_override(id, &item, knowledge));
                }
            }
            for item in t.get("deployment").map(|i| i.list()).unwrap_or_default() {
                out.deployments.extend(read_deployment(&item, knowledge));
            }
            t.finish();
        }
        if problems.is_empty() { Ok(out) } else { Err(problems.into_errors()) }
    }
}

fn severity(item: &Item<'_>, words: &[&str]) -> Option<Severity> {
    let name = item.text()?;
    let found = Severity::from_name(name);
    if found.is_none() {
        item.problems.unknown_word(item.span(), "severity", name, words.iter().copied());
    }
    found
}

fn read_override(id: &str, item: &Item<'_>, knowledge: &Knowledge) -> Override {
    let Some(t) = item.table() else { return Override::default() };
    let mut out = Override::default();
    if let Some(i) = t.get("severity") {
        if i.scalar().is_some_and(|(text, _)| text == "off") {
            out.off = true;
        } else {
            out.severity = severity(&i, &["error", "warning", "note", "off"]);
        }
    }
    out.params = t
        .get("params")
        .map(|i| read_param_values(&i, id, &knowledge.facts.vocabulary, &knowledge.catalogue))
        .unwrap_or_default();
    t.finish();
    out
}

fn read_deployment(item: &Item<'_>, knowledge: &Knowledge) -> Option<Described> {
    let t = item.table()?;
    let problems = t.problems();
    let mut out = Described {
        name: t.need_text("name"),
        files: t.need("files").map(|i| i.texts()).unwrap_or_default(),
        ..Described::default()
    };
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
    t.get("reason");
    if let Some(facts) = t.get("facts").and_then(|i| i.table()) {
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
