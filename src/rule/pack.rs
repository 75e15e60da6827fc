//! Packs: which rules, how severe, with which parameters.

use super::{Basis, Catalogue, Severity};
use crate::condition::Expr;
use crate::fact::{DataError, FactIx, Item, Problems, Type, Value, Vocabulary, literal};
use crate::platform::{Scope, expression, top};
use crate::syntax::{Document, Style};
use crate::text::{Source, Span};
use std::sync::Arc;

/// A rule selected by a pack.
#[derive(Clone, Debug)]
pub struct Select {
    /// The rule.
    pub rule: String,
    /// How severe.
    pub severity: Severity,
    /// What that rests on.
    pub basis: Basis,
    /// Parameters that differ from the rule's.
    pub params: Vec<(String, Value)>,
    /// The authorities that name these values; what is left out is our choice.
    pub param_sources: Vec<(String, String)>,
    /// The authority, in a few words.
    pub source: String,
}

/// The rules in platforms' words that a pack takes over from another one.
#[derive(Clone, Debug)]
pub struct Traps {
    /// The other pack.
    pub from: String,
    /// Where that stands.
    pub span: Span,
    /// Each is so much more severe here.
    pub raise: usize,
}

/// Facts whose silence is a finding.
#[derive(Clone, Debug)]
pub struct Required {
    /// The facts.
    pub facts: Vec<FactIx>,
    /// When they are asked for.
    pub when: Option<Expr>,
    /// The same as it is written.
    pub written: Option<String>,
}

/// A pack that another one starts from.
#[derive(Clone, Debug)]
pub struct Extends {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub span: Span,
    /// When it is taken.
    pub when: Option<Expr>,
}

/// A pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub intent: String,
    /// Its edition, raised when a rule is added or made more severe.
    pub edition: usize,
    /// The rules in platforms' words that it takes over.
    pub traps: Option<Traps>,
    /// Packs it starts from.
    pub extends: Vec<Extends>,
    /// When it applies, of what the product is.
    pub when: Option<Expr>,
    /// Facts it asks for.
    pub required: Vec<Required>,
    /// Its rules.
    pub selects: Vec<Select>,
    /// Where it is written.
    pub source: Arc<Source>,
}

/// Loads the pack of a file, if it holds one. The catalogue must hold the file's own rules already.
pub fn load_pack(
    document: &Document,
    vocabulary: &Vocabulary,
    catalogue: &Catalogue,
) -> Result<Option<Pack>, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let mut pack = None;
    if let Some(table) = top(document, &problems) {
        if let Some(t) = table.get("pack").and_then(|i| i.table()) {
            let scope = Scope::new(vocabulary, None);
            let when = t.get("when").and_then(|i| expression(&i, &scope, Some(&Type::Bool)));
            let extends = t.get("extends").map(|i| i.list()).unwrap_or_default();
            let required = t.get("required").map(|i| i.list()).unwrap_or_default();
            let traps = t.get("traps").and_then(|i| read_traps(&i));
            let selects = read_selects(table.get("select"), vocabulary, catalogue);
            if selects.is_empty() && extends.is_empty() && traps.is_none() {
                problems.error_with(
                    t.span(),
                    "this pack selects nothing",
                    Some("add a `[[select]]` for each rule, or name packs to start from in `extends`".into()),
                );
            }
            pack = Some(Pack {
                edition: t.integer("edition", 1),
                traps,
                id: t.need_text("id"),
                title: t.need_text("title"),
                intent: t.text("intent").unwrap_or_default(),
                extends: extends.iter().filter_map(|i| read_extends(i, &scope)).collect(),
                when,
                required: read_required(&required, &scope),
                selects,
                source: Arc::clone(&document.source),
            });
            t.finish();
        }
        super::catalogue::unknown_tables(&table);
    }
    if problems.is_empty() { Ok(pack) } else { Err(problems.into_errors()) }
}

/// `{ from = "baseline", raise = 1 }`.
fn read_traps(item: &Item<'_>) -> Option<Traps> {
    let t = item.table()?;
    let from = t.need("from")?;
    let out = Traps { from: from.text()?.to_owned(), span: from.span(), raise: t.integer("raise", 0) };
    t.finish();
    Some(out)
}

impl Pack {
    /// Takes over the rules in platforms' words from another pack, but those it selects itself.
    pub fn take_traps(&mut self, other: &Pack, catalogue: &Catalogue) {
        let Some(traps) = &self.traps else { return };
        let raise = traps.raise;
        for select in &other.selects {
            let trap = catalogue.vendor.iter().any(|(rule, _)| rule.id == select.rule);
            if trap && !self.selects.iter().any(|s| s.rule == select.rule) {
                let severity = select.severity.raised(raise);
                self.selects.push(Select { severity, ..select.clone() });
            }
        }
    }
}

/// A name, or `{ pack = …, when = … }`.
fn read_extends(item: &Item<'_>, scope: &Scope<'_>) -> Option<Extends> {
    if !item.is_table() {
        return item.text().map(|name| Extends { name: name.to_owned(), span: item.span(), when: None });
    }
    let t = item.table()?;
    let pack = t.need("pack")?;
    let when = t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
    t.finish();
    pack.text().map(|name| Extends { name: name.to_owned(), span: pack.span(), when })
}

/// The id of the pack in a file, without loading it.
pub fn pack_id(document: &Document) -> Option<String> {
    let problems = Problems::new(&document.source);
    let table = Item::top(document, &problems).table()?;
    table.peek("pack").and_then(|i| i.table()).and_then(|t| t.text("id"))
}

fn read_required(items: &[Item<'_>], scope: &Scope<'_>) -> Vec<Required> {
    let vocabulary = scope.vocabulary;
    let find = |item: &Item<'_>| {
        let id = item.text()?;
        let found = vocabulary.find(id);
        if found.is_none() {
            item.problems.unknown_word(item.span(), "fact", id, vocabulary.names());
        }
        found
    };
    let mut plain = Vec::new();
    let mut out = Vec::new();
    for item in items {
        if !item.is_table() {
            plain.extend(find(item));
            continue;
        }
        let Some(t) = item.table() else { continue };
        let facts = t.need("facts").map(|i| i.list()).unwrap_or_default();
        let condition = t.get("when");
        let when = condition.as_ref().and_then(|i| expression(i, scope, Some(&Type::Bool)));
        let written = condition.and_then(|i| i.text().map(str::to_owned));
        out.push(Required { facts: facts.iter().filter_map(find).collect(), when, written });
        t.finish();
    }
    if !plain.is_empty() {
        out.insert(0, Required { facts: plain, when: None, written: None });
    }
    out
}

fn read_selects(item: Option<Item<'_>>, vocabulary: &Vocabulary, catalogue: &Catalogue) -> Vec<Select> {
    let mut out: Vec<Select> = Vec::new();
    for item in item.map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let problems = t.problems();
        let Some(rule_item) = t.need("rule") else { continue };
        let written = rule_item.text().unwrap_or_default();
        if !catalogue.has(written) {
            problems.unknown_word(rule_item.span(), "rule", written, catalogue.names());
        }
        let rule = catalogue.resolve(written).unwrap_or(written).to_owned();
        if out.iter().any(|s| s.rule == rule) {
            problems.error(rule_item.span(), format!("`{rule}` is selected twice"));
        }
        let severity = t.need("severity").and_then(|i| {
            let name = i.text()?;
            let found = Severity::from_name(name);
            if found.is_none() {
                problems.unknown_word(i.span(), "severity", name, ["error", "warning", "note"]);
            }
            found
        });
        let basis = t.get("basis").and_then(|i| {
            let name = i.text()?;
            let found = Basis::from_name(name);
            if found.is_none() {
                problems.unknown_word(i.span(), "basis", name, ["law", "order", "standard", "guidance", "custom"]);
            }
            found
        });
        let params = t.get("params").map(|i| read_param_values(&i, &rule, vocabulary, catalogue)).unwrap_or_default();
        let source = t.text("source").unwrap_or_default();
        let mut param_sources = Vec::new();
        for (name, item) in t.get("param_sources").and_then(|i| i.table()).iter().flat_map(|t| t.entries()) {
            if !params.iter().any(|(known, _)| *known == name) {
                problems.unknown_word(
                    item.key_span,
                    "parameter set here",
                    name,
                    params.iter().map(|(n, _)| n.as_str()),
                );
            }
            param_sources.extend(item.text().map(|text| (name.to_owned(), text.to_owned())));
        }
        t.finish();
        if let Some(severity) = severity {
            let basis = basis.unwrap_or(Basis::Custom);
            out.push(Select { rule, severity, basis, params, param_sources, source });
        }
    }
    out
}

/// A value of a parameter; a period without a unit is told with one that may have been meant.
pub(super) fn limit(item: &Item<'_>, ty: &Type, vocabulary: &Vocabulary) -> Option<Value> {
    if let (Type::Duration, Some((text, style))) = (ty, item.scalar())
        && style == Style::Number
    {
        let help = format!("write `\"{text}d\"` if days are meant");
        item.problems.error_with(item.span(), "a period has a unit", Some(help));
        return None;
    }
    literal(item, ty, vocabulary)
}

/// Reads parameters for a rule: names and types are the rule's.
pub fn read_param_values(
    item: &Item<'_>,
    rule: &str,
    vocabulary: &Vocabulary,
    catalogue: &Catalogue,
) -> Vec<(String, Value)> {
    let Some(t) = item.table() else { return Vec::new() };
    let known = catalogue.find(rule).map(|r| r.params.clone()).unwrap_or_default();
    let mut out = Vec::new();
    for (name, value) in t.entries() {
        match known.iter().find(|p| p.name == name) {
            Some(param) => out.extend(limit(&value, &param.ty, vocabulary).map(|v| (name.to_owned(), v))),
            None => item.problems.unknown_word(
                value.key_span,
                "parameter of this rule",
                name,
                known.iter().map(|p| p.name.as_str()),
            ),
        }
    }
    out
}
