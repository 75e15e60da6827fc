//! What is said of rules: `[rules.NAME]` and `[[override]]`.

use super::Scoped;
use super::layer::{Kind, globs, place};
use crate::fact::Item;
use crate::lint::knowledge::Knowledge;
use crate::rule::{Override, Severity, read_param_values};
use std::collections::{BTreeMap, HashMap};

/// Reads a table of rules. `origins` gets the place of each value, under `prefix`.
pub(super) fn read(
    item: Option<Item<'_>>,
    knowledge: &Knowledge,
    prefix: &str,
    origins: &mut BTreeMap<String, String>,
) -> HashMap<String, Override> {
    let mut out = HashMap::new();
    let Some(rules) = item.and_then(|i| i.table()) else { return out };
    for (id, item) in rules.entries() {
        if !knowledge.catalogue.has(id) {
            item.problems.unknown_word(item.key_span, "rule", id, knowledge.catalogue.names());
            continue;
        }
        let now = knowledge.catalogue.resolve(id).unwrap_or(id);
        if out.contains_key(now) {
            item.problems.error(item.key_span, format!("`{now}` stands here twice, once by a former id"));
        }
        out.insert(now.to_owned(), read_one(id, now, &item, knowledge, prefix, origins));
    }
    out
}

fn read_one(
    id: &str,
    now: &str,
    item: &Item<'_>,
    knowledge: &Knowledge,
    prefix: &str,
    origins: &mut BTreeMap<String, String>,
) -> Override {
    let Some(t) = item.table() else { return Override::default() };
    let mut out = Override::default();
    if let Some(i) = t.get("severity") {
        origins.insert(format!("{prefix}{now}.severity"), place(&i));
        if i.scalar().is_some_and(|(text, _)| text == "off") {
            out.off = true;
        } else {
            out.severity = severity(&i, &["error", "warning", "note", "off"]);
        }
    }
    if let Some(params) = t.get("params") {
        for (name, value) in params.table().iter().flat_map(|t| t.entries()) {
            origins.insert(format!("{prefix}{now}.params.{name}"), place(&value));
        }
        out.params = read_param_values(&params, id, &knowledge.facts.vocabulary, &knowledge.catalogue);
    }
    t.finish();
    out
}

/// A severity, of these words.
pub(super) fn severity(item: &Item<'_>, words: &[&str]) -> Option<Severity> {
    let name = item.text()?;
    let found = Severity::from_name(name);
    if found.is_none() {
        item.problems.unknown_word(item.span(), "severity", name, words.iter().copied());
    }
    found
}

/// Reads one `[[override]]`.
pub(super) fn read_scoped(
    item: &Item<'_>,
    kind: &Kind,
    knowledge: &Knowledge,
    origins: &mut BTreeMap<String, String>,
) -> Option<Scoped> {
    let t = item.table()?;
    let files = t.need("files");
    let at = place(files.as_ref().unwrap_or(item));
    let files = globs(files, kind);
    let rules = t.need("rules");
    let rules = read(rules, knowledge, &format!("override {at} "), origins);
    t.finish();
    Some(Scoped { files, rules, at })
}
