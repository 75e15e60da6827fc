//! Platforms side by side: what holds on each, which is best and worst, and which rules fail.
//!
//! Everything is taken from finished reports, so what is compared has been masked like any other output.

mod order;
mod rules;

pub use rules::{RuleCell, RuleRow};

use super::options::Linter;
use super::report::{DeploymentInfo, FactInfo, Footing, GroupReport, PackInfo, RuleResult, SourceInfo};
use crate::fact::{FactDef, QualifierKind, Value};
use crate::text::Shown;
use order::Order;
use serde::Serialize;
use std::collections::HashMap;

/// Platforms side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The packs that rules were taken from.
    pub packs: Vec<PackInfo>,
    /// The platforms, in the order they were asked for.
    pub columns: Vec<Column>,
    /// The facts by area; those that nobody knows of any platform are left out.
    pub themes: Vec<Theme>,
    /// The selected rules that fail for one of them, the severest first.
    pub rules: Vec<RuleRow>,
}

/// What a column is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    /// A bundled declaration.
    Reference,
    /// A declaration of the user's.
    Declaration,
    /// A deployment, read from its configuration.
    Configuration,
}

/// One platform.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// `ref:NAME`, or the deployment's id.
    pub id: Shown,
    /// Its name for people, different from those of the others.
    pub name: Shown,
    /// What it is.
    pub kind: ColumnKind,
    /// The platform's id; `declaration`.
    pub platform: Shown,
    /// The release, if known; that whose defaults are quoted otherwise.
    pub version: Option<Shown>,
    /// The day that it speaks of: a configuration was read today.
    pub as_of: Option<Shown>,
}

/// What stands above all areas: default encryption, how long is kept who talked to whom and from where, the second
/// factor, and who can message.
const FIRST: &str = "in short";
const SUBJECTS: [&str; 7] = [
    "encryption.e2ee",
    "metadata.retention",
    "metadata.ip_retention",
    "metadata.log_retention",
    "account.mfa",
    "reach.message",
    "reach.stranger_gate",
];

/// The facts of one area, or those that are asked for first.
#[derive(Clone, Debug)]
pub struct Theme {
    /// `encryption` …; `in short`
    pub area: Shown,
    /// Its facts, in the order of the vocabulary.
    pub rows: Vec<FactRow>,
}

/// One fact, or some of its qualifiers.
#[derive(Clone, Debug, Serialize)]
pub struct FactRow {
    /// The fact.
    pub fact: Shown,
    /// Its area.
    #[serde(skip)]
    pub area: Shown,
    /// Its name for people.
    pub title: Shown,
    /// The qualifiers it is about; none: the fact has none, or all are alike.
    pub qualifiers: Vec<Shown>,
    /// A cell a column; `None`: nobody has confirmed anything.
    pub cells: Vec<Option<Cell>>,
}

/// Best or worst of a row.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// None is better, and one is worse.
    Best,
    /// None is worse, and one is better.
    Worst,
}

/// A value of a platform.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// `known`, `not-applicable`.
    pub state: Shown,
    /// The value as a literal.
    pub value: serde_json::Value,
    /// The value in plain English.
    pub words: Shown,
    /// Best or worst of the row, by the fact's own order.
    pub mark: Option<Mark>,
    /// How many others are better.
    #[serde(skip)]
    pub rank: usize,
    /// What it rests on; `None`: the product has no such conversations.
    pub status: Option<Footing>,
    /// The day it was read: of several sources the earliest.
    pub read: Option<Shown>,
    /// Since when it is so, where a source tells.
    pub since: Option<Shown>,
    /// The sources.
    pub sources: Vec<SourceInfo>,
}

/// A deployment with its facts.
struct Side<'a> {
    about: &'a DeploymentInfo,
    report: &'a GroupReport,
    /// By fact.
    facts: HashMap<&'a str, Vec<&'a FactInfo>>,
    /// By rule.
    results: HashMap<&'a str, &'a RuleResult>,
}

impl<'a> Side<'a> {
    fn new(about: &'a DeploymentInfo, list: &'a [FactInfo], report: &'a GroupReport) -> Self {
        let mut facts: HashMap<&str, Vec<&FactInfo>> = HashMap::new();
        for fact in list {
            facts.entry(fact.fact.as_str()).or_default().push(fact);
        }
        let results =
            report.results.iter().filter(|r| r.deployment == about.id).map(|r| (r.rule.as_str(), r)).collect();
        Self { about, report, facts, results }
    }

    /// What is known of a fact, an entry for each of its qualifiers.
    fn of(&self, fact: &str) -> &[&'a FactInfo] {
        self.facts.get(fact).map_or(&[], Vec::as_slice)
    }
}

impl Linter {
    /// Puts the deployments of reports side by side. The reports hold facts and all outcomes.
    pub fn compare(&self, reports: &[GroupReport]) -> Comparison {
        let sides: Vec<Side<'_>> = reports
            .iter()
            .flat_map(|report| {
                let both = report.deployments.iter().zip(&report.facts);
                both.map(move |(about, facts)| Side::new(about, facts, report))
            })
            .collect();
        let vocabulary = &self.knowledge.facts.vocabulary;
        let subjects = SUBJECTS.iter().filter_map(|id| vocabulary.find(id)).map(|ix| vocabulary.fact(ix));
        let mut themes =
            vec![Theme { area: Shown::fixed(FIRST), rows: subjects.flat_map(|def| self.rows(def, &sides)).collect() }];
        for (_, def) in vocabulary.facts().filter(|(_, def)| !SUBJECTS.contains(&def.id.as_str())) {
            let rows = self.rows(def, &sides);
            match themes.iter_mut().find(|theme| theme.area.as_str() == def.area()) {
                Some(theme) => theme.rows.extend(rows),
                None => themes.push(Theme { area: Self::shown(def.area()), rows }),
            }
        }
        themes.retain(|theme| !theme.rows.is_empty());
        Comparison {
            packs: self.run_info(0).packs,
            columns: self.columns(&sides),
            themes,
            rules: rules::rows(self, &sides),
        }
    }

    fn columns(&self, sides: &[Side<'_>]) -> Vec<Column> {
        let names: Vec<&str> = sides.iter().map(|side| side.about.name.as_str()).collect();
        let column = |side: &Side<'_>| {
            let about = side.about;
            let kind = match about.platform.as_str() {
                "declaration" if about.id.as_str().starts_with("ref:") => ColumnKind::Reference,
                "declaration" => ColumnKind::Declaration,
                _ => ColumnKind::Configuration,
            };
            let alone = names.iter().filter(|name| **name == about.name.as_str()).count() < 2;
            let name = match kind {
                ColumnKind::Configuration => about.id.clone(),
                _ if alone => about.name.clone(),
                _ => Self::shown(&format!("{} ({})", about.name, about.id)),
            };
            let today = (kind == ColumnKind::Configuration).then(|| Self::shown(&self.options.today));
            Column {
                id: about.id.clone(),
                name,
                kind,
                platform: about.platform.clone(),
                version: about.version.clone().or_else(|| about.assumed_version.clone()),
                as_of: about.as_of.clone().or(today),
            }
        };
        sides.iter().map(column).collect()
    }

    /// The rows of one fact.
    fn rows(&self, def: &FactDef, sides: &[Side<'_>]) -> Vec<FactRow> {
        let qualifiers = self.qualifiers(def, sides);
        let row = |cells| FactRow {
            area: Self::shown(def.area()),
            fact: Self::shown(&def.id),
            title: Self::shown(&def.title),
            qualifiers: Vec::new(),
            cells,
        };
        let mut rows: Vec<FactRow> = Vec::new();
        for qualifier in &qualifiers {
            let cells: Vec<Option<Cell>> = sides.iter().map(|side| self.cell(def, qualifier.as_ref(), side)).collect();
            // That a product has no calls says nothing of its calls.
            let stated = cells.iter().flatten().any(|cell| cell.status.is_some());
            if !stated {
                continue;
            }
            let same = |r: &&mut FactRow| r.cells.iter().zip(&cells).all(|(a, b)| alike(a.as_ref(), b.as_ref()));
            match (rows.iter_mut().find(same), qualifier) {
                (Some(row), Some(qualifier)) => row.qualifiers.push(qualifier.clone()),
                (_, qualifier) => rows.push(FactRow { qualifiers: qualifier.iter().cloned().collect(), ..row(cells) }),
            }
        }
        for row in &mut rows {
            if row.qualifiers.len() == qualifiers.len() {
                row.qualifiers.clear();
            }
            if !def.context {
                Order { def, vocabulary: &self.knowledge.facts.vocabulary }.mark(&mut row.cells);
            }
        }
        rows
    }

    /// The qualifiers of a fact that any of the platforms has, in the order of the vocabulary.
    fn qualifiers(&self, def: &FactDef, sides: &[Side<'_>]) -> Vec<Option<Shown>> {
        let known = |word: &str| {
            let of = |f: &&FactInfo| f.qualifier.as_ref().is_some_and(|q| q.as_str() == word);
            sides.iter().any(|side| side.of(&def.id).iter().any(of))
        };
        let words: Vec<String> = match def.qualifier {
            None | Some(QualifierKind::Setting) => return vec![None],
            Some(QualifierKind::Scope) => {
                let scopes = self.knowledge.facts.vocabulary.scopes();
                scopes.map(|level| level.values.iter().map(|w| w.to_string()).collect()).unwrap_or_default()
            }
            Some(QualifierKind::Cohort) => vec!["everyone".to_owned(), "minor".to_owned()],
        };
        words.iter().filter(|word| known(word)).map(|word| Some(Self::shown(word))).collect()
    }

    /// What is known of one platform.
    fn cell(&self, def: &FactDef, qualifier: Option<&Shown>, side: &Side<'_>) -> Option<Cell> {
        let mut facts = side.of(&def.id).iter().copied();
        let info = match def.qualifier {
            // Each secret is a fact of its own; the worst of them is what there is to compare.
            Some(QualifierKind::Setting) => {
                let order = Order { def, vocabulary: &self.knowledge.facts.vocabulary };
                let known = facts.filter(|f| f.state.as_str() == "known");
                known.reduce(|a, b| if order.worse(&b.value, &a.value) == Some(true) { b } else { a })?
            }
            _ => match facts.find(|f| f.qualifier.as_ref() == qualifier) {
                Some(info) => info,
                None if self.lacks(qualifier, side) => return Some(lacking()),
                // Where nobody tells whether minors use it, they meet what everyone meets.
                None if qualifier.is_some_and(|q| q.as_str() == "minor") => {
                    return self.cell(def, Some(&Shown::fixed("everyone")), side);
                }
                None => return None,
            },
        };
        let status = info.footing?;
        let says_nothing = info.value.get("at_least").and_then(|v| v.as_array()).is_some_and(Vec::is_empty);
        if info.state.as_str() == "unknown" || says_nothing {
            return None;
        }
        let dates = |of: fn(&SourceInfo) -> Option<&Shown>| info.evidence.iter().filter_map(of);
        Some(Cell {
            state: info.state.clone(),
            value: info.value.clone(),
            words: info.words.clone(),
            mark: None,
            rank: 0,
            status: Some(status),
            read: dates(|s| s.read.as_ref()).min().cloned(),
            // Since when something follows from several facts, no source tells.
            since: dates(|s| s.since.as_ref()).max().filter(|_| !def.derived()).cloned(),
            sources: info.evidence.clone(),
        })
    }

    /// Does a product surely not have such conversations, or such people?
    fn lacks(&self, qualifier: Option<&Shown>, side: &Side<'_>) -> bool {
        let Some(word) = qualifier else { return false };
        if word.as_str() == "minor" {
            let minors = side.of("product.minors").first();
            return minors.is_some_and(|f| f.value.as_str() == Some("excluded-verified"));
        }
        let scopes = side.of("product.scopes").first();
        let Some(info) = scopes.filter(|f| f.state.as_str() == "known") else { return false };
        let is_scope = self.knowledge.facts.vocabulary.scopes().is_some_and(|l| l.rank(word.as_str()).is_some());
        match order::value(&info.value, &crate::fact::Type::Set(None), &self.knowledge.facts.vocabulary) {
            Some(Value::Set(set)) if is_scope => set.contains(word.as_str()) == Some(false),
            _ => false,
        }
    }
}

/// A product has no such conversations.
fn lacking() -> Cell {
    Cell {
        state: Shown::fixed("not-applicable"),
        value: serde_json::Value::Null,
        words: Shown::fixed("has none"),
        mark: None,
        rank: 0,
        status: None,
        read: None,
        since: None,
        sources: Vec::new(),
    }
}

/// Would two cells look the same?
fn alike(a: Option<&Cell>, b: Option<&Cell>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            (&a.state, &a.value, &a.words) == (&b.state, &b.value, &b.words)
                && (a.status, &a.read, &a.since) == (b.status, &b.read, &b.since)
        }
        _ => false,
    }
}
