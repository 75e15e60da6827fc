//! `hushlint.toml`: what governs a run. A pure function of texts: the file itself, the one it starts from (`extends`), and
//! those of folders below it (`[nested] allow`).

mod deployment;
mod layer;
mod rules;
mod waive;

pub use layer::Nested;

use super::knowledge::Knowledge;
use crate::fact::{DataError, FactIx, Value, Word};
use crate::rule::{Override, Severity};
use crate::settle::{Baseline, Waiver};
use crate::text::{Source, Span};
use layer::{Kind, Layer};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A deployment that the user describes.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Globs of its files, in the vendor's merge order.
    pub files: Vec<String>,
    /// The platform, if said.
    pub platform: Option<String>,
    /// The release, if said.
    pub version: Option<String>,
    /// Contexts.
    pub context: Vec<(String, String)>,
    /// Facts that the operator states.
    pub facts: HashMap<FactIx, Vec<(Option<Word>, Value)>>,
    /// How he knows.
    pub reason: Option<String>,
    /// Where it is written.
    pub at: Option<(Arc<Source>, Span)>,
}

/// What is said of rules for some files.
#[derive(Clone, Debug)]
pub struct Scoped {
    /// Globs; a deployment is one of them if its main file is.
    pub files: Vec<String>,
    /// What is said.
    pub rules: HashMap<String, Override>,
    /// Where it is written: `hushlint.toml:12`.
    pub at: String,
}

/// The configuration of a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it was read from.
    pub path: Option<String>,
    /// Names or paths of packs, with the file that names them and the place in it.
    pub packs: Vec<(String, Arc<Source>, Span)>,
    /// The severity that decides the exit code.
    pub fail_on: Severity,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
    /// What is said of rules.
    pub rules: HashMap<String, Override>,
    /// What is said of rules for some files; the later one wins.
    pub overrides: Vec<Scoped>,
    /// Deployments.
    pub deployments: Vec<Described>,
    /// What somebody has decided to live with.
    pub waivers: Vec<Waiver>,
    /// The path of the baseline from the configuration's folder.
    pub baseline_path: Option<String>,
    /// The baseline, read.
    pub baseline: Option<Baseline>,
    /// Further files that are part of it.
    pub further: Vec<String>,
    /// Where each value is written, by its name: `fail-on`, `rules.edits-kept.severity`, `exclude x/**`.
    pub origins: BTreeMap<String, String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: None,
            packs: Vec::new(),
            fail_on: Severity::Warning,
            exclude: Vec::new(),
            rules: HashMap::new(),
            overrides: Vec::new(),
            deployments: Vec::new(),
            waivers: Vec::new(),
            baseline_path: None,
            baseline: None,
            further: Vec::new(),
            origins: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads a configuration that stands alone; unknown keys are errors with a suggestion.
    pub fn read(path: &str, text: &str, knowledge: &Knowledge) -> Result<Self, Vec<DataError>> {
        Self::read_all(path, text, &[], &[], knowledge)
    }

    /// Reads a configuration. `given`: the texts of the files that `extends` names, by that name; `nested`: the
    /// configurations of folders below, which count only if it allows them.
    pub fn read_all(
        path: &str,
        text: &str,
        given: &[(String, String)],
        nested: &[Nested],
        knowledge: &Knowledge,
    ) -> Result<Self, Vec<DataError>> {
        let (own, problems) = Layer::read(path, text, &Kind::Main, knowledge)?;
        let mut out = Self { path: Some(path.to_owned()), ..Self::default() };
        let mut errors = Vec::new();
        for wanted in &own.extends {
            let Some((_, text)) = given.iter().find(|(name, _)| *name == wanted.name) else {
                problems.error(wanted.span, format!("`{}` was not given", wanted.name));
                continue;
            };
            if let Some((message, help)) = wanted.differs(text) {
                problems.error_with(wanted.span, message, Some(help));
                continue;
            }
            match Layer::read(&wanted.name, text, &Kind::Extended, knowledge) {
                Ok((layer, _)) => {
                    out.further.push(wanted.name.clone());
                    out.lay(layer);
                }
                Err(more) => errors.extend(more),
            }
        }
        let allowed = own.nested;
        out.lay(own);
        for one in nested.iter().filter(|_| allowed) {
            match Layer::read(&one.path, &one.text, &Kind::Nested(one.folder.clone()), knowledge) {
                Ok((layer, _)) => {
                    out.further.push(one.path.clone());
                    out.lay(layer);
                }
                Err(more) => errors.extend(more),
            }
        }
        errors.extend(problems.into_errors());
        if errors.is_empty() { Ok(out) } else { Err(errors) }
    }

    /// Lays a file over what is there. A single value replaces another; of a rule, each of severity and parameters does;
    /// lists are joined.
    fn lay(&mut self, layer: Layer) {
        if let Some(packs) = layer.packs {
            self.packs = packs;
        }
        self.fail_on = layer.fail_on.unwrap_or(self.fail_on);
        for glob in layer.exclude {
            if !self.exclude.contains(&glob) {
                self.exclude.push(glob);
            }
        }
        for (rule, own) in layer.rules {
            self.rules.entry(rule).or_default().lay(&own);
        }
        self.overrides.extend(layer.overrides);
        self.deployments.extend(layer.deployments);
        self.waivers.extend(layer.waivers);
        self.baseline_path = layer.baseline.or(self.baseline_path.take());
        self.origins.extend(layer.origins);
    }

    /// What is said of rules for a file, by its path from the configuration's folder: the places of the overrides.
    pub fn overrides_of(&self, local: &str) -> Vec<usize> {
        let matches = |o: &Scoped| o.files.iter().any(|g| crate::settle::matches(g, local));
        self.overrides.iter().enumerate().filter(|(_, o)| matches(o)).map(|(n, _)| n).collect()
    }

    /// What holds of rules under some overrides.
    pub fn rules_under(&self, overrides: &[usize]) -> HashMap<String, Override> {
        let mut out = self.rules.clone();
        for one in overrides.iter().filter_map(|n| self.overrides.get(*n)) {
            for (rule, own) in &one.rules {
                out.entry(rule.clone()).or_default().lay(own);
            }
        }
        out
    }
}
