//! Examples of rules: the shortest of the cases that `hushlint test` runs.

use super::Shelf;
use super::raw::with_top;
use crate::fact::{Item, Table};
use crate::lint::{embedded_all, parsed};
use crate::syntax::Document;
use std::sync::Arc;

/// A case of a rule, as somebody would write it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the case is called.
    pub name: String,
    /// Its format: `toml` for facts, else that of the platform's document.
    pub format: String,
    /// The kind of document, `synapse.main`; `None`: a declaration.
    pub document: Option<String>,
    /// The release, if the case names one.
    pub version: Option<String>,
    /// The text.
    pub text: String,
    /// Declarations before documents that stand by themselves, and these before others.
    rank: usize,
}

impl Example {
    fn weight(&self) -> (usize, usize) {
        (self.rank, self.text.len())
    }
}

/// Every file that holds cases, parsed.
pub(super) fn documents() -> Vec<Arc<Document>> {
    embedded_all().filter(|(_, text)| text.contains("[[case]]")).map(|(path, text)| parsed(path, text)).collect()
}

/// The shortest case in which a rule fails (or passes).
pub fn example(shelf: &Shelf, rule: &str, fails: bool) -> Option<Example> {
    let mut best: Option<Example> = None;
    for document in shelf.cases() {
        let found = with_top(document, |top| {
            let cases = top.peek("case").map(|i| i.items()).unwrap_or_default();
            let of = |item: &Item<'_>| {
                let case = item.table()?;
                let expect = case.peek("expect")?.table()?.peek(rule)?;
                (comes_to(&expect)? == fails).then_some(())?;
                read(shelf, document, &case)
            };
            cases.iter().filter_map(of).min_by_key(Example::weight)
        });
        if let Some(one) = found.flatten()
            && best.as_ref().is_none_or(|b| one.weight() < b.weight())
        {
            best = Some(one);
        }
    }
    best
}

/// Does a case expect a fail (or a pass)? Rules about what reading reports have a list of settings.
fn comes_to(expect: &Item<'_>) -> Option<bool> {
    if expect.is_list() {
        return Some(!expect.items().is_empty());
    }
    match expect.scalar()?.0 {
        "fail" => Some(true),
        "pass" => Some(false),
        _ => None,
    }
}

fn read(shelf: &Shelf, document: &Document, case: &Table<'_>) -> Option<Example> {
    let name = case.peek("name")?.text()?.to_owned();
    if let Some(facts) = case.peek("facts") {
        let mut text = String::from("hushlint = 1\n");
        for (id, item) in facts.table()?.entries() {
            text.push_str(&format!("{id} = {}\n", document.source.slice(document.node(item.node).span)));
        }
        return Some(Example { name, format: "toml".into(), document: None, version: None, text, rank: 0 });
    }
    // What needs several files is no short example.
    if case.peek("over").is_some() || case.peek("parts").is_some() {
        return None;
    }
    let kind = case.peek("document")?.text()?.to_owned();
    let (platform, id) = kind.split_once('.')?;
    let loaded = shelf.knowledge.platform(shelf.knowledge.find_platform(platform)?).ok()?;
    let at = loaded.platform.documents.iter().position(|d| d.id == id)?;
    let format = loaded.platform.documents.get(at)?.formats.first()?.name().to_owned();
    let text = case.peek("text")?.text()?.trim_start_matches('\n').to_owned();
    let context = case.peek("context").and_then(|i| i.table());
    // What holds only under a context is no plain example.
    if context.iter().flat_map(|c| c.entries()).any(|(key, _)| key != "version") {
        return None;
    }
    let version = context.and_then(|c| c.peek("version")).and_then(|i| i.scalar()).map(|(text, _)| text.to_owned());
    Some(Example { name, format, document: Some(kind), version, text, rank: 1 + at.min(1) })
}
