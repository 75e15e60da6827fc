//! `hushlint.toml`.

mod deployment;
mod waive;

use super::knowledge::{Knowledge, parsed};
use crate::fact::{DataError, FactIx, Item, Problems, Value, Word};
use crate::rule::{Override, Severity, read_param_values};
use crate::settle::{Baseline, Waiver};
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
    /// What somebody has decided to live with.
    pub waivers: Vec<Waiver>,
    /// The path of the baseline from the configuration's folder, and where it is named.
    pub baseline_path: Option<(String, Span)>,
    /// The baseline, read.
    pub baseline: Option<Baseline>,
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
            waivers: Vec::new(),
            baseline_path: None,
            baseline: None,
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
            out.exclude = globs(t.get("exclude"));
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
                out.deployments.extend(deployment::read(&item, knowledge));
            }
            for item in t.get("waive").map(|i| i.list()).unwrap_or_default() {
                out.waivers.extend(waive::read(&item, knowledge));
            }
            if let Some(item) = t.get("baseline") {
                out.baseline_path = below(&item).map(|path| (path.to_owned(), item.span()));
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

/// A path or glob that stays below the configuration's folder; an error otherwise.
fn below<'d>(item: &Item<'d>) -> Option<&'d str> {
    let path = item.text()?;
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\', '~']) || drive || path.split(['/', '\\']).any(|part| part == "..") {
        let help = "paths start at the folder of the configuration, and stay below it";
        item.problems.error_with(item.span(), "this leads out of the configuration's folder", Some(help.to_owned()));
        return None;
    }
    Some(path)
}

/// A list of such globs.
fn globs(item: Option<Item<'_>>) -> Vec<String> {
    let items = item.map(|i| i.list()).unwrap_or_default();
    items.iter().filter_map(|i| below(i).map(str::to_owned)).collect()
}
