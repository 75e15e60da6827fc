//! Knowledge files as they are written: values, cases and mends in words.

use crate::fact::{Item, Problems, Table};
use crate::platform::Platform;
use crate::syntax::Document;

/// Calls a function with the top table of a document; `None` if it has none.
pub fn with_top<T>(document: &Document, read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    let problems = Problems::new(&document.source);
    let table = Item::top(document, &problems).table()?;
    Some(read(&table))
}

/// A value as it is written, a text without its quotes.
pub fn written(item: &Item<'_>) -> String {
    if let Some((text, _)) = item.scalar() {
        return text.to_owned();
    }
    item.doc.source.slice(item.doc.node(item.node).span).to_owned()
}

const CASE_KEYS: [&str; 6] = ["when", "value", "from", "add", "unknown", "not_applicable"];

/// Cases, a line each: `28d`, `unknown: kept in a database, if …`.
pub fn cases(item: &Item<'_>) -> Vec<String> {
    if item.is_list() && item.items().is_empty() {
        return vec!["an empty list".to_owned()];
    }
    item.items().iter().map(one_case).collect()
}

fn one_case(item: &Item<'_>) -> String {
    let Some(table) = table_of(item).filter(|t| t.entries().any(|(key, _)| CASE_KEYS.contains(&key))) else {
        return written(item);
    };
    let get = |key: &str| table.peek(key).map(|i| written(&i));
    let what = get("value")
        .or_else(|| get("from"))
        .or_else(|| get("add").map(|v| format!("also {v}")))
        .or_else(|| get("not_applicable").map(|v| format!("not applicable: {v}")))
        .or_else(|| get("unknown").map(|v| format!("unknown: {v}")))
        .unwrap_or_default();
    match get("when") {
        Some(when) => format!("{what}, if {when}"),
        None => what,
    }
}

fn table_of<'d>(item: &Item<'d>) -> Option<Table<'d>> {
    if item.is_table() { item.table() } else { None }
}

/// Mends, a line each: `retention.enabled: true`; the smallest change for each kind of conversation comes first and
/// stands for the others.
pub fn mends(item: &Item<'_>, platform: &Platform) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for (scopes, line) in item.items().iter().filter_map(|item| one_mend(item, platform)) {
        if seen.contains(&scopes) {
            continue;
        }
        out.push(if scopes.is_empty() { line } else { format!("{scopes}: {line}") });
        seen.push(scopes);
    }
    out
}

/// The kinds of conversation it is for, and what to write.
fn one_mend(item: &Item<'_>, platform: &Platform) -> Option<(String, String)> {
    let table = table_of(item)?;
    let usual = table.peek("usual").map(|i| written(&i));
    let value = |item: &Item<'_>| match (written(item), &usual) {
        (text, Some(usual)) if text == "{wanted}" => usual.clone(),
        (text, None) if text == "{wanted}" => "the limit".to_owned(),
        (text, _) => text,
    };
    let name = |id: &str| platform.find(id).and_then(|ix| platform.setting(ix)).map_or(id, |s| &*s.shown).to_owned();
    let entries = |key: &str| {
        table.peek(key).and_then(|i| table_of(&i)).map(|t| t.entries().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(entries("set").iter().map(|(id, v)| format!("{}: {}", name(id), value(v))));
    parts.extend(table.peek("unset").iter().flat_map(Item::items).map(|i| format!("without {}", name(&written(&i)))));
    parts.extend(entries("add").iter().map(|(id, v)| format!("{} in {}", written(v), name(id))));
    parts.extend(entries("remove").iter().map(|(id, v)| match written(v).as_str() {
        "*" => format!("nothing in {}", name(id)),
        text => format!("no {text} in {}", name(id)),
    }));
    parts.extend(table.peek("text").map(|i| written(&i)));
    let scopes: Vec<String> = table.peek("for").iter().flat_map(Item::items).map(|i| written(&i)).collect();
    Some((scopes.join(", "), parts.join(", ")))
}

/// The settings that a piece of a platform file names: `setting.a.b.exists(…)` is the longest declared one.
pub fn settings_in(text: &str, platform: &Platform) -> Vec<u32> {
    let mut found = Vec::new();
    for (at, word) in text.match_indices("setting.") {
        let rest = text.get(at + word.len()..).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
        let mut chain = rest.get(..end).unwrap_or_default();
        loop {
            if let Some(ix) = platform.find(chain) {
                if !found.contains(&ix) {
                    found.push(ix);
                }
                break;
            }
            let Some((shorter, _)) = chain.rsplit_once('.') else { break };
            chain = shorter;
        }
    }
    found
}
