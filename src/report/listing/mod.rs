//! What is built in, as lists and as pages: rules, packs, platforms, facts, settings.
//!
//! Lists come from the loaded types, pages from the knowledge files as they are written: what explains a rule is
//! the rule itself.

mod cases;
mod controls;
mod coverage;
mod draft;
mod effective;
mod examples;
mod explain;
mod explain_fact;
mod explain_rule;
mod explain_setting;
mod lists;
mod raw;
mod schema;

pub use cases::{cases, cases_json};
pub use controls::{find_framework, framework, framework_json};
pub use coverage::{Coverage, coverage};
pub use draft::{Answers, ToFill, check_words, draft, meaning};
pub use effective::{effective_json, effective_text};
pub use examples::{Example, example};
pub use explain::{Topic, find};
pub use lists::{packs, packs_json, platforms, platforms_json, rules, rules_json, vocabulary, vocabulary_json};
pub use schema::{configuration_schema, declaration_schema, pack_schema, platform_schema};

use crate::fact::DataError;
use crate::lint::{Knowledge, Loaded, embedded_all, parsed};
use crate::rule::{Framework, Pack, Severity, load_pack};
use crate::syntax::Document;
use std::sync::{Arc, OnceLock};

/// Everything built in, loaded.
pub struct Shelf {
    /// Facts, rules, platforms.
    pub knowledge: Knowledge,
    /// Packs.
    pub packs: Vec<Pack>,
    cases: OnceLock<Vec<Arc<Document>>>,
}

impl Shelf {
    /// Takes it all down. Our own files have been checked by tests; an error is a fault of ours.
    pub fn load() -> Result<Self, Vec<DataError>> {
        let knowledge = Knowledge::built_in()?;
        let mut packs = Vec::new();
        for (path, text) in embedded_all().filter(|(path, _)| path.starts_with("rules/packs/")) {
            if let Some(mut pack) = load_pack(&parsed(path, text), &knowledge.facts.vocabulary, &knowledge.catalogue)? {
                knowledge.complete(&mut pack)?;
                packs.push(pack);
            }
        }
        Ok(Self { knowledge, packs, cases: OnceLock::new() })
    }

    /// All platforms, loaded; those that do not load are left out.
    pub fn platforms(&self) -> Vec<Arc<Loaded>> {
        (0..self.knowledge.platforms.len()).filter_map(|n| self.knowledge.platform(n).ok()).collect()
    }

    /// The files that hold cases.
    pub(super) fn cases(&self) -> &[Arc<Document>] {
        self.cases.get_or_init(examples::documents)
    }

    /// The frameworks.
    pub fn frameworks(&self) -> Vec<Framework> {
        self.knowledge.frameworks().unwrap_or_default()
    }

    /// The packs that select a rule, in words: `error in gdpr, workplace; warning in baseline`.
    pub fn selected(&self, rule: &str) -> String {
        let all = self.severities(rule);
        let of = |severity: Severity| {
            let packs: Vec<&str> = all.iter().filter(|(_, s)| *s == severity).map(|(p, _)| p.id.as_str()).collect();
            (!packs.is_empty()).then(|| format!("{} in {}", severity.name(), packs.join(", ")))
        };
        let words: Vec<String> =
            [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(of).collect();
        if words.is_empty() { "in no pack".to_owned() } else { words.join("; ") }
    }

    /// The packs that select a rule, each with the severity.
    pub fn severities(&self, rule: &str) -> Vec<(&Pack, Severity)> {
        let of = |pack: &Pack| pack.selects.iter().find(|s| s.rule == rule).map(|s| s.severity);
        self.packs.iter().filter_map(|pack| Some((pack, of(pack)?))).collect()
    }
}
