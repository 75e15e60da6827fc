//! Baselines as text: sorted, so that two people who mend different things do not meet in a merge.

use super::{Entry, FORMAT};
use serde_json::Value as Json;
use std::fmt::Write;

const HEAD: &str = "\
# Findings that were there when hushlint was adopted, each with the value that it had. `hushlint check` hides them while
# they get no worse. Made by `hushlint baseline`; `hushlint baseline --prune` takes out what has been mended.
";

/// Writes entries as a baseline file.
pub fn write(entries: &[Entry]) -> String {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| a.order().cmp(&b.order()));
    sorted.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    let mut out = format!("{HEAD}format = {FORMAT}\n");
    for entry in sorted {
        out.push_str("\n[[finding]]\n");
        let mut line = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = {}", text(value));
            }
        };
        line("rule", Some(&entry.rule));
        line("deployment", Some(&entry.deployment));
        line("fact", entry.fact.as_deref());
        line("setting", entry.setting.as_deref());
        line("qualifier", entry.qualifier.as_deref());
        line("with", entry.with.as_deref());
        line("fingerprint", Some(&entry.fingerprint));
        if let Some(value) = literal(&entry.value) {
            let _ = writeln!(out, "value = {value}");
        }
        let also: Vec<String> = entry
            .also
            .iter()
            .filter_map(|(name, value)| Some(format!("{} = {}", text(name), literal(value)?)))
            .collect();
        if !also.is_empty() {
            let _ = writeln!(out, "also = {{ {} }}", also.join(", "));
        }
    }
    out
}

/// A value in TOML; null has none.
fn literal(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        Json::String(s) => Some(text(s)),
        Json::Array(list) => Some(format!("[{}]", list.iter().filter_map(literal).collect::<Vec<_>>().join(", "))),
        Json::Object(map) => {
            let parts: Vec<String> =
                map.iter().filter_map(|(k, v)| Some(format!("{} = {}", text(k), literal(v)?))).collect();
            Some(format!("{{ {} }}", parts.join(", ")))
        }
    }
}

/// A text in TOML.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
