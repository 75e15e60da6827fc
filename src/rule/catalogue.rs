//! Every rule there is.

use super::life::{Life, Named, Refers};
use super::read::{Read, Rule, read_rule};
use crate::fact::{DataError, Problems, Vocabulary};
use crate::platform::top;
use crate::syntax::{Document, NodeId};
use crate::text::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// A rule in a platform's words, known by name until that platform is loaded.
#[derive(Clone, Debug)]
pub struct VendorRule {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its theme.
    pub theme: String,
    /// Its platforms.
    pub platforms: Vec<String>,
    /// What it names elsewhere, with places.
    pub named: Vec<Named>,
    /// How it came and will go.
    pub life: Life,
    /// Where it stands in its document.
    pub node: NodeId,
    /// The place of its id.
    pub span: Span,
}

/// The rules of all files, in their order.
#[derive(Default, Debug)]
pub struct Catalogue {
    /// Rules that know no platform.
    pub rules: Vec<Arc<Rule>>,
    /// Rules in a platform's words, with their documents.
    pub vendor: Vec<(VendorRule, Arc<Document>)>,
    /// For every id, former ones too, the id that holds.
    index: HashMap<String, String>,
}

impl Catalogue {
    /// Adds the rules of a file.
    pub fn add(&mut self, document: &Arc<Document>, vocabulary: &Vocabulary) -> Result<(), Vec<DataError>> {
        let problems = Problems::new(&document.source);
        if let Some(table) = top(document, &problems) {
            for item in table.get("rule").map(|i| i.list()).unwrap_or_default() {
                let read = read_rule(&item, vocabulary, None);
                let (id, span, life) = match &read {
                    Some(Read::Rule(rule)) => (rule.id.clone(), rule.span, rule.life.clone()),
                    Some(Read::Vendor(rule)) => (rule.id.clone(), rule.span, rule.life.clone()),
                    None => continue,
                };
                // An id is given once and never again: former ids stay taken.
                let names = || std::iter::once(&id).chain(&life.formerly);
                let twice = names().find(|name| names().filter(|n| n == name).count() > 1);
                if let Some(taken) = names().find(|id| self.has(id)).or(twice) {
                    let place = self.place_of(taken).map(|p| format!("it stands at {p}"));
                    let holds = self.resolve(taken).filter(|now| now != taken);
                    let message = match holds {
                        Some(now) => format!("`{taken}` is the former id of `{now}`, and ids are never given again"),
                        None => format!("there is a rule `{taken}` already"),
                    };
                    problems.error_with(span, message, place);
                    continue;
                }
                for name in names() {
                    self.index.insert(name.clone(), id.clone());
                }
                match read {
                    Some(Read::Rule(rule)) => self.rules.push(Arc::from(rule)),
                    Some(Read::Vendor(rule)) => self.vendor.push((*rule, Arc::clone(document))),
                    None => {}
                }
            }
            unknown_tables(&table);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into_errors()) }
    }

    /// Tells names of other rules (`supersedes`, `opposes`) that are none.
    pub fn check(&self) -> Vec<DataError> {
        self.check_named(Refers::Rule, "rule", &|_| true, &|word| self.has(word), &self.names().collect::<Vec<_>>())
    }

    /// Tells names of controls and of evidence that do not exist, in the rules of some files.
    pub fn check_outside(&self, of: &dyn Fn(&str) -> bool, controls: &[String], evidence: &[String]) -> Vec<DataError> {
        let mut out = Vec::new();
        for (what, called, list) in
            [(Refers::Control, "control of a framework", controls), (Refers::Evidence, "evidence", evidence)]
        {
            let valid: Vec<&str> = list.iter().map(String::as_str).collect();
            out.extend(self.check_named(what, called, of, &|word| valid.contains(&word), &valid));
        }
        out
    }

    fn check_named(
        &self,
        what: Refers,
        called: &str,
        of: &dyn Fn(&str) -> bool,
        has: &dyn Fn(&str) -> bool,
        valid: &[&str],
    ) -> Vec<DataError> {
        let plain = self.rules.iter().map(|r| (&r.source, &r.named));
        let vendor = self.vendor.iter().map(|(r, d)| (&d.source, &r.named));
        let mut out = Vec::new();
        for (source, named) in plain.chain(vendor).filter(|(source, _)| of(source.path())) {
            let problems = Problems::new(source);
            for one in named.iter().filter(|n| n.what == what && !has(&n.word)) {
                problems.unknown_word(one.span, called, &one.word, valid.iter().copied());
            }
            out.extend(problems.into_errors());
        }
        out
    }

    /// Is, or was, there a rule of this id?
    pub fn has(&self, id: &str) -> bool {
        self.index.contains_key(id)
    }

    /// The id that holds: a former id leads to the present one.
    pub fn resolve(&self, id: &str) -> Option<&str> {
        self.index.get(id).map(String::as_str)
    }

    /// The rule of this id, or of this former id, if it knows no platform.
    pub fn find(&self, id: &str) -> Option<&Arc<Rule>> {
        let id = self.resolve(id)?;
        self.rules.iter().find(|r| r.id == id)
    }

    /// The ids of all rules.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|r| r.id.as_str()).chain(self.vendor.iter().map(|(r, _)| r.id.as_str()))
    }

    fn place_of(&self, id: &str) -> Option<String> {
        let rule = self.find(id)?;
        Some(format!("{}:{}", rule.source.path(), rule.source.position(rule.span.start).line))
    }
}

/// Tells tables of a rule file that have no meaning.
pub(super) fn unknown_tables(table: &crate::fact::Table<'_>) {
    const KNOWN: [&str; 9] = ["format", "since", "rule", "pack", "select", "framework", "control", "evidence", "case"];
    for (key, item) in table.entries() {
        if !KNOWN.contains(&key) {
            table.problems().unknown_word(item.key_span, "table of a rule file", key, KNOWN);
        }
    }
}
