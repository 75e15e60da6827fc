//! `[[waive]]`.

use super::layer::{Kind, globs};
use crate::fact::{Item, Table};
use crate::lint::knowledge::Knowledge;
use crate::settle::{Day, Reach, Waiver, waivable};
use crate::syntax::Style;
use std::sync::Arc;

/// Reads one waiver. That nobody says why is a finding, and no error: see [`Waiver::standing`].
pub(super) fn read(item: &Item<'_>, kind: &Kind, knowledge: &Knowledge) -> Option<Waiver> {
    let t = item.table()?;
    let problems = t.problems();
    let mut rules: Vec<String> = Vec::new();
    let named = t.need("rule");
    for item in named.iter().flat_map(Item::items) {
        let Some(name) = item.text() else { continue };
        match waivable(name, &knowledge.catalogue) {
            Ok(id) if rules.contains(&id) => {}
            Ok(id) => rules.push(id),
            Err((message, help)) => problems.error_with(item.span(), message, help),
        }
    }
    let reach = reach(&t, kind);
    if let Some(item) =
        t.peek("fact").filter(|i| i.text().is_some_and(|f| knowledge.facts.vocabulary.find(f).is_none()))
    {
        let vocabulary = &knowledge.facts.vocabulary;
        problems.unknown_word(item.span(), "fact", item.text().unwrap_or_default(), vocabulary.names());
    }
    let reason = t.text("reason").map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
    let waiver = Waiver {
        rules,
        reach: reach.unwrap_or(Reach::Files(Vec::new())),
        setting: t.text("setting"),
        fact: t.text("fact"),
        qualifier: t.text("qualifier"),
        reason: reason.map(Arc::from),
        until: t.get("until").and_then(|i| day(&i)),
        owner: t.text("owner"),
        source: Arc::clone(problems.source()),
        span: named.as_ref().map_or(t.span(), Item::span),
    };
    t.finish();
    Some(waiver)
}

/// Where it holds: `files` or `deployment`.
fn reach(t: &Table<'_>, kind: &Kind) -> Option<Reach> {
    let problems = t.problems();
    let (files, deployment) = (t.get("files"), t.text("deployment"));
    match (files, deployment) {
        (Some(item), None) => {
            let files = globs(Some(item), kind);
            if files.is_empty() && item.is_list() && item.items().is_empty() {
                problems.error(item.span(), "an empty list waives nothing");
            }
            Some(Reach::Files(files))
        }
        (None, Some(id)) => {
            if let (Kind::Nested(_), Some(item)) = (kind, t.peek("deployment")) {
                problems.error(item.span(), "a folder's file waives by `files`, which start at that folder");
            }
            Some(Reach::Deployment(id))
        }
        (Some(item), Some(_)) => {
            problems.error(item.span(), "a waiver has `files` or `deployment`, not both");
            None
        }
        (None, None) => {
            let help = "write `files = [\"folder/**\"]` or `deployment = \"its id\"`; a rule that is to say nothing \
                        anywhere is switched off under `[rules]`";
            let span = t.peek("rule").map_or(t.span(), |i| i.span());
            problems.error_with(
                span,
                "where is this waived? `files` or `deployment` is missing",
                Some(help.to_owned()),
            );
            None
        }
    }
}

/// A day: a date of TOML, or a text.
fn day(item: &Item<'_>) -> Option<Day> {
    let text = match item.scalar() {
        Some((text, Style::Date)) => text,
        _ => item.text()?,
    };
    let day = Day::parse(text);
    if day.is_none() {
        let help = "write it as YYYY-MM-DD";
        item.problems.error_with(item.span(), format!("`{text}` is no day"), Some(help.to_owned()));
    }
    day
}
