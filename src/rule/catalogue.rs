//! Every rule there is.

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
    /// Rules it stands for.
    pub supersedes: Vec<String>,
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
    index: HashMap<String, ()>,
}

impl Catalogue {
    /// Adds the rules of a file.
    pub fn add(&mut self, document: &Arc<Document>, vocabulary: &Vocabulary) -> Result<(), Vec<DataError>> {
        let problems = Problems::new(&document.source);
        if let Some(table) = top(document, &problems) {
            for item in table.get("rule").map(|i| i.list()).unwrap_or_default() {
                let read = read_rule(&item, vocabulary, None);
                let (id, span) = match &read {
                    Some(Read::Rule(rule)) => (rule.id.clone(), rule.span),
                    Some(Read::Vendor(rule)) => (rule.id.clone(), rule.span),
                    None => continue,
                };
                if self.index.insert(id.clone(), ()).is_some() {
                    problems.error_with(
                        span,
                        format!("there is a rule `{id}` already"),
                        self.place_of(&id).map(|p| format!("it stands at {p}")),
                    );
                    continue;
                }
                match read {
                    Some(Read::Rule(rule)) => self.rules.push(Arc::from(rule)),
                    Some(Read::Vendor(rule)) => self.vendor.push((rule, Arc::clone(document))),
                    None => {}
                }
            }
            unknown_tables(&table);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into_errors()) }
    }

    /// Tells `supersedes` that name no rule.
    pub fn check(&self) -> Vec<DataError> {
        let mut out = Vec::new();
        for rule in &self.rules {
            let problems = Problems::new(&rule.source);
            for other in rule.supersedes.iter().filter(|o| !self.has(o)) {
                problems.unknown_word(rule.span, "rule that could be superseded", other, self.names());
            }
            out.extend(problems.into_errors());
        }
        for (rule, document) in &self.vendor {
            let problems = Problems::new(&document.source);
            for other in rule.supersedes.iter().filter(|o| !self.has(o)) {
                problems.unknown_word(rule.span, "rule that could be superseded", other, self.names());
            }
            out.extend(problems.into_errors());
        }
        out
    }

    /// Is there a rule of this id?
    pub fn has(&self, id: &str) -> bool {
        self.index.contains_key(id)
    }

    /// The rule of this id, if it knows no platform.
    pub fn find(&self, id: &str) -> Option<&Arc<Rule>> {
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
    const KNOWN: [&str; 7] = ["format", "rule", "pack", "select", "framework", "control", "case"];
    for (key, item) in table.entries() {
        if !KNOWN.contains(&key) {
            table.problems().unknown_word(item.key_span, "table of a rule file", key, KNOWN);
        }
    }
}
