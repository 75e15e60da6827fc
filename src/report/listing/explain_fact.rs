//! A fact's page.

use super::Shelf;
use super::explain::{Page, pairs};
use super::explain_rule::reads;
use super::lists::{better, envelope, fact_json, heading, kind, qualifier, values};
use super::raw::{mends, settings_in, with_top, written};
use crate::fact::{FactDef, FactIx};
use crate::lint::Loaded;
use crate::report::envelope::json as line;
use crate::report::look::Look;
use serde_json::{Value, json as object};
use std::sync::Arc;

/// A platform's word on a fact: the settings it follows from, and how it is mended.
struct Told {
    platform: Arc<Loaded>,
    settings: Vec<String>,
    mends: Vec<String>,
}

fn told(shelf: &Shelf, fact: &FactDef) -> Vec<Told> {
    let mut out = Vec::new();
    for loaded in shelf.platforms() {
        let platform = &loaded.platform;
        let found = with_top(&platform.document, |top| {
            let of = |table: &str| top.peek(table).and_then(|i| i.table()).and_then(|t| t.peek(&fact.id));
            let cases = of("fact").map(|i| written(&i))?;
            let mends = of("mend").map(|i| mends(&i, platform)).unwrap_or_default();
            let settings = settings_in(&cases, platform);
            Some((settings.iter().filter_map(|ix| platform.setting(*ix)).map(|s| s.shown.to_string()).collect(), mends))
        });
        if let Some((settings, mends)) = found.flatten() {
            out.push(Told { platform: Arc::clone(&loaded), settings, mends });
        }
    }
    out
}

fn rules(shelf: &Shelf, fact: FactIx) -> Vec<String> {
    shelf.knowledge.catalogue.rules.iter().filter(|rule| reads(rule, fact)).map(|rule| rule.id.clone()).collect()
}

/// The page.
pub fn text(shelf: &Shelf, id: &str, look: &Look) -> String {
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let Some(ix) = vocabulary.find(id) else { return String::new() };
    let fact = vocabulary.fact(ix);
    let by = fact.qualifier.map(|q| format!("by {}", qualifier(q))).unwrap_or_default();
    let mut out = heading(look, &[&fact.id, kind(fact), &by]);
    let mut page = Page::new();
    page.add("What", [&fact.title]);
    page.add("Means", [&fact.definition]);
    let (list, end) = (values(fact), better(fact));
    match end {
        _ if kind(fact) == "level" => page.add("Values", [format!("{}, worst first", list.join(", "))]),
        Some(end) if list.is_empty() => page.add("Better", [end]),
        Some(end) => page.add("Values", [format!("{} ({end} is better)", list.join(", "))]),
        None => page.add("Values", [list.join(", ")]),
    }
    page.add("Terms", [fact.terms.join(", ")]);
    page.add("Rules", [rules(shelf, ix).join(", ")]);
    let lines: Vec<(String, Vec<String>)> = told(shelf, fact)
        .into_iter()
        .map(|t| {
            let from = if t.settings.is_empty() { "no setting".to_owned() } else { t.settings.join(", ") };
            let mends = t.mends.iter().take(3).map(|m| format!("better: {m}"));
            (t.platform.platform.name.clone(), std::iter::once(format!("from {from}")).chain(mends).collect())
        })
        .collect();
    page.add("Platforms", pairs(&lines));
    page.write(&mut out, look);
    out
}

/// The page as JSON.
pub fn json(shelf: &Shelf, id: &str) -> String {
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let Some(ix) = vocabulary.find(id) else { return String::new() };
    let fact = vocabulary.fact(ix);
    let platforms: Vec<Value> = told(shelf, fact)
        .into_iter()
        .map(|t| object!({ "platform": t.platform.platform.id, "settings": t.settings, "mends": t.mends }))
        .collect();
    let mut page = fact_json(fact);
    if let Some(page) = page.as_object_mut() {
        page.insert("kind".to_owned(), "fact".into());
        page.insert("rules".to_owned(), rules(shelf, ix).into());
        page.insert("platforms".to_owned(), platforms.into());
    }
    envelope("explained", vec![line(&page)])
}
