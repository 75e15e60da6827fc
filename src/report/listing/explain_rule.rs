//! A rule's page.

use super::Shelf;
use super::examples::{Example, example};
use super::explain::{Page, pairs};
use super::lists::{envelope, heading};
use super::raw::{mends, with_top, written};
use crate::condition::{Expr, Op};
use crate::fact::{FactIx, Item};
use crate::lint::{embedded_all, parsed};
use crate::report::envelope::json as line;
use crate::report::look::Look;
use crate::rule::{Evidence, Rule, Select};
use crate::syntax::Document;
use serde_json::{Value, json as object};
use std::sync::Arc;

/// A rule, with the document that it stands in.
fn load(shelf: &Shelf, id: &str) -> Option<(Arc<Rule>, Arc<Document>)> {
    let rule = shelf.knowledge.rule(id)?;
    let (path, text) = embedded_all().find(|(path, _)| *path == rule.source.path())?;
    Some((rule, parsed(path, text)))
}

/// A key of the rule's own table, as it is written.
fn key(document: &Document, id: &str, name: &str) -> Option<String> {
    with_top(document, |top| {
        let rules = top.peek("rule").map(|i| i.items()).unwrap_or_default();
        let own = rules.iter().filter_map(Item::table).find(|t| t.peek("id").is_some_and(|i| written(&i) == id))?;
        own.peek(name).map(|item| written(&item))
    })?
}

/// The facts that a rule's condition reads, in their order in it.
fn facts(rule: &Rule) -> Vec<FactIx> {
    let mut out = Vec::new();
    let mut visit = |expr: &Expr| match &expr.op {
        Op::Fact { fact, .. } | Op::Places(fact) if !out.contains(fact) => out.push(*fact),
        _ => {}
    };
    if let Some(condition) = rule.condition() {
        condition.walk(&mut visit);
    }
    out
}

/// Does a rule read a fact?
pub fn reads(rule: &Rule, fact: FactIx) -> bool {
    facts(rule).contains(&fact)
}

/// What it asks, as it is written.
fn asks(rule: &Rule, document: &Document) -> Vec<String> {
    let get = |name: &str| key(document, &rule.id, name);
    let mut out = Vec::new();
    out.extend(get("require").map(|text| format!("must hold: {text}")));
    out.extend(get("forbid").map(|text| format!("must not hold: {text}")));
    out.extend(get("event").map(|text| format!("nothing may be `{text}` when the files are read")));
    out.extend(get("each").map(|text| format!("for each of: {text}")));
    out.extend(get("when").map(|text| format!("where: {text}")));
    out
}

/// For each platform how the facts are mended there.
fn mended(shelf: &Shelf, rule: &Rule, document: &Document) -> Vec<(String, Vec<String>)> {
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let mut out = Vec::new();
    for loaded in shelf.platforms() {
        let platform = &loaded.platform;
        if !rule.platforms.is_empty() && !rule.platforms.contains(&platform.id) {
            continue;
        }
        // Mends make facts better, and that is what a rule that opposes others asks against.
        let facts = |rule: &Rule| if rule.opposes.is_empty() { facts(rule) } else { Vec::new() };
        let lines = with_top(&platform.document, |top| {
            let table = top.peek("mend").and_then(|i| i.table())?;
            let of =
                |fact: &FactIx| table.peek(&vocabulary.fact(*fact).id).map(|i| mends(&i, platform)).unwrap_or_default();
            Some(facts(rule).iter().flat_map(of).collect::<Vec<_>>())
        });
        // A rule's own mends come first, as they do when a finding is mended.
        let own = with_top(document, |top| {
            let rules = top.peek("rule").map(|i| i.items()).unwrap_or_default();
            let table =
                rules.iter().filter_map(Item::table).find(|t| t.peek("id").is_some_and(|i| written(&i) == rule.id))?;
            table.peek("mend").map(|i| mends(&i, platform))
        });
        let mut lines: Vec<String> =
            own.flatten().into_iter().flatten().chain(lines.flatten().into_iter().flatten()).collect();
        lines.dedup();
        lines.truncate(4);
        if !lines.is_empty() {
            out.push((platform.name.clone(), lines));
        }
    }
    out
}

/// The controls it answers to: name and what it asks.
fn controls(shelf: &Shelf, rule: &Rule) -> Vec<(String, String)> {
    let frameworks = shelf.frameworks();
    rule.controls
        .iter()
        .map(|name| {
            let (framework, id) = name.split_once(':').unwrap_or((name, ""));
            let control =
                frameworks.iter().find(|f| f.id == framework).and_then(|f| f.controls.iter().find(|c| c.id == id));
            (name.clone(), control.map(|c| c.title.clone()).unwrap_or_default())
        })
        .collect()
}

/// What a value of a parameter rests on.
fn authority(source: Option<&str>) -> String {
    source.map_or_else(|| "our choice: no authority names the value".to_owned(), str::to_owned)
}

/// Its limits: the default, then those of packs that set another, each with what it rests on.
fn limits(shelf: &Shelf, rule: &Rule) -> Vec<String> {
    let mut out = Vec::new();
    for param in &rule.params {
        out.push(format!("{}: {} ({})", param.name, param.default.words(), authority(param.source.as_deref())));
        for pack in &shelf.packs {
            let Some(select) = pack.selects.iter().find(|s| s.rule == rule.id) else { continue };
            let Some((_, value)) = select.params.iter().find(|(name, _)| *name == param.name) else { continue };
            let source = source_of(select, &param.name);
            out.push(format!("{} in {}: {} ({})", param.name, pack.id, value.words(), authority(source)));
        }
    }
    out
}

fn source_of<'s>(select: &'s Select, param: &str) -> Option<&'s str> {
    select.param_sources.iter().find(|(name, _)| name == param).map(|(_, source)| source.as_str())
}

/// The cases that it rests on, in the order in which the rule names them.
fn evidence(shelf: &Shelf, rule: &Rule) -> Vec<Evidence> {
    let all = shelf.knowledge.evidence().unwrap_or_default();
    rule.evidence.iter().filter_map(|id| all.iter().find(|e| e.id == *id).cloned()).collect()
}

/// How it came, and how it will go.
fn life(rule: &Rule) -> Vec<String> {
    let life = &rule.life;
    let mut out = Vec::new();
    if !life.since.is_empty() {
        out.push(life.since.clone());
    }
    if !life.formerly.is_empty() {
        out.push(format!("formerly {}", life.formerly.join(", ")));
    }
    if life.preview {
        out.push("a preview: it may change, and its findings are notes".to_owned());
    }
    out.extend(life.deprecated.iter().map(|why| format!("going: {why}")));
    out
}

/// The lines of an example that say something.
fn shown(example: &Example) -> Vec<String> {
    let of_nobody = |line: &&str| !line.trim().is_empty() && *line != "hushlint = 1";
    example.text.lines().filter(of_nobody).map(str::to_owned).collect()
}

fn example_json(example: Option<Example>) -> Value {
    example.map_or(
        Value::Null,
        |e| object!({ "name": e.name, "format": e.format, "document": e.document, "version": e.version, "text": e.text }),
    )
}

/// The page.
pub fn text(shelf: &Shelf, id: &str, look: &Look) -> String {
    let Some((rule, document)) = load(shelf, id) else { return String::new() };
    let packs = shelf.selected(id);
    let mut out = heading(look, &[&rule.id, &rule.theme, &packs]);
    let mut page = Page::new();
    page.add("What", [&rule.title]);
    page.add("Why", [&rule.why]);
    page.add("Asks", asks(&rule, &document));
    page.add("Limits", limits(shelf, &rule));
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let judged = facts(&rule).into_iter().map(|fact| vocabulary.fact(fact));
    page.add("Facts", pairs(&judged.map(|f| (f.id.clone(), vec![f.title.clone()])).collect::<Vec<_>>()));
    let basis = shelf.packs.iter().filter_map(|pack| {
        let select = pack.selects.iter().find(|s| s.rule == id)?;
        Some((pack.id.clone(), vec![select.source.clone()]))
    });
    page.add("Basis", pairs(&basis.collect::<Vec<_>>()));
    let controls: Vec<(String, Vec<String>)> = controls(shelf, &rule).into_iter().map(|(n, t)| (n, vec![t])).collect();
    page.add("Controls", pairs(&controls));
    for (title, fails) in [("Fails", true), ("Passes", false)] {
        page.add(title, example(shelf, id, fails).iter().flat_map(shown));
    }
    let cases = evidence(shelf, &rule).into_iter();
    page.add("Cases", cases.map(|e| format!("{}, {}, {}. {} {}", e.title, e.year, e.mark.words(), e.lesson, e.url)));
    page.add("Mend", [&rule.fix]);
    page.add("", pairs(&mended(shelf, &rule, &document)));
    if !rule.supersedes.is_empty() {
        page.add("Covers", [rule.supersedes.join(", ")]);
    }
    let opposed = rule.opposes.iter().map(|o| (o.rule.clone(), vec![o.because.clone(), o.choose.clone()]));
    page.add("Opposes", pairs(&opposed.collect::<Vec<_>>()));
    page.add("Since", [life(&rule).join("; ")]);
    page.write(&mut out, look);
    out
}

/// The page as JSON.
pub fn json(shelf: &Shelf, id: &str) -> String {
    let Some((rule, document)) = load(shelf, id) else { return String::new() };
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let packs: Vec<Value> = shelf
        .packs
        .iter()
        .filter_map(|pack| {
            let s = pack.selects.iter().find(|s| s.rule == id)?;
            let params: serde_json::Map<String, Value> = s.params.iter().map(|(n, v)| (n.clone(), v.json())).collect();
            let sources: serde_json::Map<String, Value> =
                s.params.iter().map(|(n, _)| (n.clone(), source_of(s, n).into())).collect();
            Some(object!({
                "pack": pack.id, "severity": s.severity, "basis": s.basis, "params": params, "param_sources": sources,
                "source": s.source,
            }))
        })
        .collect();
    let get = |name: &str| key(&document, &rule.id, name);
    let page = object!({
        "kind": "rule", "id": rule.id, "theme": rule.theme, "title": rule.title, "why": rule.why,
        "require": get("require"), "forbid": get("forbid"), "event": get("event"), "each": get("each"), "when": get("when"),
        "params": rule.params.iter().map(|p| object!({ "name": p.name, "default": p.default.json(), "source": p.source })).collect::<Vec<_>>(),
        "facts": facts(&rule).into_iter().map(|f| vocabulary.fact(f).id.clone()).collect::<Vec<_>>(),
        "platforms": rule.platforms, "packs": packs,
        "controls": controls(shelf, &rule).into_iter().map(|(id, title)| object!({ "id": id, "title": title })).collect::<Vec<_>>(),
        "fix": rule.fix,
        "mends": mended(shelf, &rule, &document).into_iter().map(|(platform, lines)| object!({ "platform": platform, "mends": lines })).collect::<Vec<_>>(),
        "supersedes": rule.supersedes,
        "opposes": rule.opposes.iter().map(|o| object!({ "rule": o.rule, "because": o.because, "choose": o.choose })).collect::<Vec<_>>(),
        "evidence": evidence(shelf, &rule).into_iter().map(|e| object!({
            "id": e.id, "title": e.title, "year": e.year, "lesson": e.lesson, "url": e.url, "mark": e.mark,
        })).collect::<Vec<_>>(),
        "fails": example_json(example(shelf, id, true)), "passes": example_json(example(shelf, id, false)),
        "since": rule.life.since, "preview": rule.life.preview, "deprecated": rule.life.deprecated,
        "formerly": rule.life.formerly,
    });
    envelope("explained", vec![line(&page)])
}
