//! Two runs held against each other: facts that got worse or better, rules that newly fail or hold.
//!
//! A fact is compared in its own order. What is only known of one of two deployments is no change for the worse, and is
//! told apart. Derived facts change because others did, and say which.

mod facts;
mod pair;
mod quote;
mod reads;
mod rules;

use super::options::Linter;
use super::report::{
    DeploymentInfo, FactInfo, Finding, GroupReport, InputError, Origin, Outcome, Range, RuleResult, Severity,
};
use crate::text::Shown;
use reads::Reads;
use serde::Serialize;
use std::sync::Arc;

/// One of the two runs, gathered group by group.
#[derive(Default)]
pub struct Side {
    /// What all keys of its deployments begin with, and those of the other side do not: the folder that was named.
    prefix: String,
    /// The deployments, in the order of the run.
    pub deployments: Vec<Judged>,
    /// Inputs of it that could not be read.
    pub errors: Vec<InputError>,
}

/// A deployment with what a run knows of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which it is.
    pub info: DeploymentInfo,
    /// Its facts, each with what is written at its place.
    facts: Vec<(FactInfo, Option<Shown>)>,
    results: Vec<RuleResult>,
    /// Its fails, those that it shares with other instances included.
    pub findings: Vec<Arc<Finding>>,
}

impl Judged {
    /// How many rules fail.
    pub fn fails(&self) -> usize {
        self.results.iter().filter(|r| r.outcome == Outcome::Fail).count()
    }
}

impl Side {
    /// A side whose deployments' keys begin with a folder's path, which does not tell them apart.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..Self::default() }
    }

    /// Takes over what a group came to.
    pub fn take(&mut self, report: &GroupReport) {
        let findings: Vec<Arc<Finding>> = report.findings.iter().cloned().map(Arc::new).collect();
        self.errors.extend(report.errors.iter().cloned());
        for (info, facts) in report.deployments.iter().zip(&report.facts) {
            let quoted = |fact: &FactInfo| (fact.clone(), quote::quote(fact, &report.sources));
            self.deployments.push(Judged {
                facts: facts.iter().map(quoted).collect(),
                results: report.results.iter().filter(|r| r.deployment == info.id).cloned().collect(),
                findings: findings.iter().filter(|f| f.is_of(&info.id)).cloned().collect(),
                info: info.clone(),
            });
        }
    }

    /// What tells a deployment apart on its side.
    fn key<'s>(&self, info: &'s DeploymentInfo) -> &'s str {
        let id = info.id.as_ref();
        id.strip_prefix(self.prefix.as_str()).unwrap_or(id)
    }
}

/// What became of a fact.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It got worse.
    Worse,
    /// It got better.
    Better,
    /// It was known, and is not any more.
    Unseen,
    /// It was not known, and is now.
    Seen,
    /// It is another, and neither is worse in the order of the fact; or it came or went altogether.
    Changed,
}

/// How a fact stands on one side.
#[derive(Clone, Debug, Serialize)]
pub struct Stand {
    /// `known`, `unknown`, `not-applicable`.
    pub state: Shown,
    /// The value as a literal; null if not known.
    pub value: serde_json::Value,
    /// What it may be, if that is bounded.
    pub candidates: Vec<serde_json::Value>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The value in plain English.
    #[serde(skip)]
    pub words: Shown,
}

/// Where to look, and what stands there.
#[derive(Clone, Debug, Serialize)]
pub struct Spot {
    /// The file.
    pub file: Option<Shown>,
    /// Where in it.
    pub span: Option<Range>,
    /// The setting.
    pub setting: Option<Shown>,
    /// What is written there, or why nothing is.
    pub text: Shown,
}

/// A fact that changed, with all qualifiers for which it changed alike.
#[derive(Clone, Debug, Serialize)]
pub struct FactChange {
    /// What became of it.
    pub change: Change,
    /// The fact.
    pub fact: Shown,
    /// The qualifiers; empty if it has none.
    pub qualifier: Vec<Shown>,
    /// These are all qualifiers that the fact has here.
    #[serde(skip)]
    pub throughout: bool,
    /// The highest severity among the selected rules that read it; `None`: no rule does.
    pub severity: Option<Severity>,
    /// Before.
    pub old: Stand,
    /// Now.
    pub new: Stand,
    /// The place to look at.
    pub place: Spot,
    /// Facts that changed, and from which it is derived.
    pub follows_from: Vec<Shown>,
}

/// What became of a rule.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moved {
    /// It fails, and did not before.
    Fails,
    /// It failed before, and fails in more respects.
    FailsMore,
    /// It failed before, and holds.
    Holds,
    /// It failed before, and is about something that is not there any more.
    Gone,
    /// It was decided before, and cannot be any more.
    Undecided,
}

/// A rule whose outcome changed.
#[derive(Clone, Debug, Serialize)]
pub struct RuleChange {
    /// What became of it.
    pub change: Moved,
    /// The rule.
    pub rule: Shown,
    /// Its severity; a finding may carry its own.
    pub severity: Option<Severity>,
    /// The outcome before.
    pub old: Outcome,
    /// The outcome now.
    pub new: Outcome,
    /// Facts that changed and that it reads.
    pub facts: Vec<Shown>,
    /// What is wrong now, or why it cannot be decided.
    pub message: Option<Shown>,
    /// Where it fails.
    pub file: Option<Shown>,
    /// Where in the file.
    pub span: Option<Range>,
    /// No setting of the platform can mend it; it decides no exit code.
    pub fixed: bool,
    /// A waiver or the baseline covers it; it decides no exit code.
    pub waived: bool,
}

/// How two deployments were known to be the same.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PairedBy {
    /// By their key.
    Key,
    /// By the name that their files give the server.
    Server,
    /// Each is the only one of its platform that is left.
    Alone,
}

/// A deployment before and now.
#[derive(Debug)]
pub struct Pair {
    /// Before.
    pub old: Judged,
    /// Now.
    pub new: Judged,
    /// How they were paired.
    pub by: PairedBy,
    /// Facts, the worst first.
    pub facts: Vec<FactChange>,
    /// Rules, the worst first.
    pub rules: Vec<RuleChange>,
}

impl Pair {
    /// Did nothing change?
    pub fn is_same(&self) -> bool {
        self.facts.is_empty() && self.rules.is_empty()
    }

    /// The worst of what got worse.
    pub fn worst(&self) -> Option<Severity> {
        let facts = self.facts.iter().filter(|f| f.change == Change::Worse).filter_map(|f| f.severity);
        let rules = self.rules.iter().filter(|r| r.counts()).filter_map(|r| r.severity);
        facts.chain(rules).max()
    }
}

impl RuleChange {
    /// Does it decide the exit code?
    pub fn counts(&self) -> bool {
        matches!(self.change, Moved::Fails | Moved::FailsMore) && !self.fixed && !self.waived
    }
}

/// How much changed. What only follows from another change is not counted.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug, Serialize)]
pub struct DiffCounts {
    /// Facts that got worse.
    pub worse: usize,
    /// Facts that got better.
    pub better: usize,
    /// Facts that can no longer be read.
    pub unseen: usize,
    /// Facts that can be read now.
    pub seen: usize,
    /// Facts that changed otherwise.
    pub changed: usize,
    /// Rules that newly fail, or fail in more respects.
    pub failing: usize,
    /// Rules that failed and do not any more.
    pub mended: usize,
    /// Rules that cannot be decided any more.
    pub undecided: usize,
}

/// Everything that differs.
#[derive(Debug, Default)]
pub struct Diff {
    /// Deployments that are on both sides; those that got worst come first, unchanged ones last.
    pub pairs: Vec<Pair>,
    /// Deployments that are new.
    pub added: Vec<Judged>,
    /// Deployments that are gone.
    pub removed: Vec<Judged>,
}

impl Diff {
    /// How much changed.
    pub fn counts(&self) -> DiffCounts {
        DiffCounts::of(&self.pairs)
    }

    /// The worst severity of what got worse.
    pub fn worst(&self) -> Option<Severity> {
        self.pairs.iter().filter_map(Pair::worst).max()
    }
}

impl DiffCounts {
    /// Counts what changed in these deployments.
    pub fn of<'p>(pairs: impl IntoIterator<Item = &'p Pair>) -> Self {
        let mut out = Self::default();
        let pairs: Vec<&Pair> = pairs.into_iter().collect();
        for fact in pairs.iter().flat_map(|p| &p.facts).filter(|f| f.follows_from.is_empty()) {
            *match fact.change {
                Change::Worse => &mut out.worse,
                Change::Better => &mut out.better,
                Change::Unseen => &mut out.unseen,
                Change::Seen => &mut out.seen,
                Change::Changed => &mut out.changed,
            } += 1;
        }
        for rule in pairs.iter().flat_map(|p| &p.rules) {
            *match rule.change {
                Moved::Fails | Moved::FailsMore => &mut out.failing,
                Moved::Holds | Moved::Gone => &mut out.mended,
                Moved::Undecided => &mut out.undecided,
            } += 1;
        }
        out
    }
}

impl Linter {
    /// Holds two runs against each other. Both were made by this engine, with facts and all outcomes.
    pub fn diff(&self, old: Side, new: Side) -> Diff {
        let reads = Reads::of(self);
        let (pairs, removed, added) = pair::pair(old, new);
        let mut pairs: Vec<Pair> = pairs
            .into_iter()
            .map(|(old, new, by)| {
                let facts = facts::changes(self, &reads, &old, &new);
                let rules = rules::changes(&reads, &old, &new, &facts);
                Pair { old, new, by, facts, rules }
            })
            .collect();
        pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.worst()), pair.is_same()));
        Diff { pairs, added, removed }
    }
}
