//! Outcomes kept from one deployment for the next.
//!
//! Most files leave most settings out, so most rules meet settings in states that were judged before. What a rule
//! reads is known from its conditions; the states of those settings are its key. A key that was met before settles
//! the outcome, and of a fail which members failed. Where even the text of what a rule reads was met before, its
//! findings are carried over with their places moved.

use super::carry::Met;
use super::verdict::{Outcome, Undecided};
use crate::condition::{Expr, Op, Vendor};
use crate::fact::{FactIx, Unknown, Word};
use crate::platform::{Case, Deployment, Facts, Outline, Platform, Survey, Surveyed, expressions};
use crate::rule::Policy;
use crate::text::{Mix, Shelf};
use std::collections::BTreeSet;
use std::hash::Hasher;
use std::rc::Rc;
use std::sync::Arc;

/// A fact that was unknown, with its qualifier.
pub type Named = (FactIx, Option<Word>);

/// What a rule came to.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub outcome: Outcome,
    pub why: Option<Arc<str>>,
    /// Of an undecided rule: what is unknown, and the facts.
    pub unknown: Option<(Arc<Unknown>, Arc<[Named]>)>,
    /// Of a fail: the members that fail, by their place in the list.
    pub fails: Vec<usize>,
}

/// The outcomes met so far, of one platform under one policy.
#[derive(Debug)]
pub struct Memo {
    /// The distinct lists of settings that rules read.
    reads: Vec<Vec<u32>>,
    /// For each of these lists the sections that its settings depend on; `None`: they depend on more.
    sections: Vec<Option<Vec<u16>>>,
    /// For each rule its list; `None`: it reads what settings do not tell.
    of_rule: Vec<Option<usize>>,
    outline: Outline,
    surveyed: Surveyed,
    met: Shelf<Arc<Met>>,
    settled: Shelf<Arc<Settled>>,
    mends: Shelf<Option<usize>>,
    /// Nobody asks for help lines and edits.
    pub(super) brief: bool,
}

impl Memo {
    /// A memo for the rules of a policy, judging deployments of a platform. `brief`: nobody asks for help lines and edits.
    pub fn new(policy: &Policy, facts: &Facts, platform: &Platform, brief: bool) -> Self {
        let reads = policy.selected.iter().map(|selected| {
            let rule = &selected.rule;
            let mut walk = Walk {
                facts,
                platform,
                settings: BTreeSet::new(),
                seen: BTreeSet::new(),
                contexts: BTreeSet::new(),
                opaque: rule.condition().is_none(),
            };
            let message = rule.each.iter().chain(&rule.when).chain(rule.condition()).chain(&selected.whens);
            message.for_each(|e| walk.expr(e));
            for id in ["product.scopes", "product.minors"] {
                facts.vocabulary.find(id).into_iter().for_each(|f| walk.fact(f));
            }
            (!walk.opaque).then(|| walk.settings.into_iter().collect())
        });
        let all: Vec<Option<Vec<u32>>> = reads.collect();
        let mut reads: Vec<Vec<u32>> = Vec::new();
        let of_rule = all.into_iter().map(|list| {
            let list = list?;
            let place = reads.iter().position(|r| *r == list).unwrap_or_else(|| {
                reads.push(list);
                reads.len() - 1
            });
            Some(place)
        });
        let of_rule: Vec<Option<usize>> = of_rule.collect();
        let outline = Outline::new(platform);
        let rules = of_rule.len();
        Self {
            of_rule,
            sections: reads.iter().map(|list| outline.of_settings(list)).collect(),
            reads,
            surveyed: Surveyed::new(&outline),
            outline,
            met: Shelf::new(rules),
            settled: Shelf::new(rules),
            mends: Shelf::new(rules),
            brief,
        }
    }

    /// Looks at a deployment's settings; `None` where more than settings decides.
    pub(super) fn look(&self, deployment: &Deployment<'_>) -> Option<Seen> {
        let beside = deployment.circumstances();
        let survey = deployment.survey(&self.outline, &self.surveyed, beside);
        let texts = survey.as_ref().map(|survey| {
            let key = |list: &Option<Vec<u16>>| {
                let hash = survey.sections.hash(list.as_ref()?);
                Some(mixed(&[hash, beside]))
            };
            self.sections.iter().map(key).collect()
        });
        let states = if survey.is_some() { Vec::new() } else { deployment.setting_states()? };
        Some(Seen { survey, states, beside, texts: texts.unwrap_or_default() })
    }

    /// The key of a rule for settings in these states.
    pub(super) fn key(&self, rule: usize, seen: &Seen) -> Option<u128> {
        let list = self.reads.get((*self.of_rule.get(rule)?)?)?;
        let states = seen.survey.as_ref().map_or(&seen.states, |survey| &survey.states);
        let states: Vec<u128> = list.iter().filter_map(|ix| states.get(*ix as usize)).copied().collect();
        Some(mixed(&[mixed(&states), seen.beside]))
    }

    /// The sections that a rule reads, and the key of their text.
    pub(super) fn text_key(&self, rule: usize, seen: &Seen) -> Option<(&[u16], u128)> {
        let list = (*self.of_rule.get(rule)?)?;
        Some((self.sections.get(list)?.as_ref()?, (*seen.texts.get(list)?)?))
    }

    pub(super) fn met(&self, rule: usize, text: u128) -> Option<Arc<Met>> {
        self.met.get(rule, text)
    }

    pub(super) fn meet(&self, rule: usize, text: u128, met: &Arc<Met>) {
        self.met.put(rule, text, Arc::clone(met));
    }

    pub(super) fn get(&self, rule: usize, key: u128) -> Option<Arc<Settled>> {
        self.settled.get(rule, key)
    }

    pub(super) fn put(&self, rule: usize, key: u128, settled: &Arc<Settled>) {
        self.settled.put(rule, key, Arc::clone(settled));
    }

    /// Which of the mends that are tried passes, if that is known: `Some(None)` is none.
    pub(super) fn mend(&self, rule: usize, key: u128, members: u64) -> Option<Option<usize>> {
        self.mends.get(rule, mixed(&[key, u128::from(members)]))
    }

    pub(super) fn put_mend(&self, rule: usize, key: u128, members: u64, which: Option<usize>) {
        self.mends.put(rule, mixed(&[key, u128::from(members)]), which);
    }
}

/// What a memo knows of one deployment.
#[derive(Debug)]
pub struct Seen {
    /// Where its document's sections are.
    pub(super) survey: Option<Rc<Survey>>,
    /// The states of settings, where no survey tells them.
    states: Vec<u128>,
    beside: u128,
    /// For each list of settings the key of the text that they depend on.
    texts: Vec<Option<u128>>,
}

fn mixed(parts: &[u128]) -> u128 {
    let mut mix = Mix::default();
    for part in parts {
        mix.write_u64(*part as u64);
        mix.write_u64((*part >> 64) as u64);
    }
    mix.wide()
}

impl Settled {
    /// What is undecided.
    pub(super) fn undecided(&self, rule: usize) -> Option<Undecided> {
        let (unknown, facts) = self.unknown.as_ref()?;
        Some(Undecided { selected: rule, unknown: Arc::clone(unknown), facts: Arc::clone(facts) })
    }
}

/// Collects the settings that conditions read, through facts and contexts.
struct Walk<'a> {
    facts: &'a Facts,
    platform: &'a Platform,
    settings: BTreeSet<u32>,
    seen: BTreeSet<FactIx>,
    contexts: BTreeSet<u32>,
    opaque: bool,
}

impl Walk<'_> {
    fn expr(&mut self, expr: &Expr) {
        let mut facts = Vec::new();
        let mut contexts = Vec::new();
        expr.walk(&mut |e| match &e.op {
            Op::Vendor(Vendor::Setting(ix)) | Op::Has(ix) => drop(self.settings.insert(*ix)),
            Op::Vendor(Vendor::Context(ix)) => contexts.push(*ix),
            // The same for every setting: part of each key.
            Op::Vendor(Vendor::Version | Vendor::Image | Vendor::Shape | Vendor::Published | Vendor::InstanceKind) => {}
            Op::Vendor(Vendor::File | Vendor::Unresolved | Vendor::InstanceId) => self.opaque = true,
            Op::Fact { fact, .. } => facts.push(*fact),
            Op::Places(_) => {
                for ix in &self.platform.secrets {
                    // A secret of a record is told by its list.
                    let mut at = Some(*ix);
                    while let Some(setting) = at.and_then(|ix| self.platform.setting(ix)) {
                        match setting.list {
                            None => break,
                            list => at = list,
                        }
                    }
                    self.settings.extend(at);
                }
            }
            _ => {}
        });
        facts.into_iter().for_each(|f| self.fact(f));
        for ix in contexts {
            if self.contexts.insert(ix)
                && let Some(context) = self.platform.contexts.get(ix as usize)
            {
                self.cases(&context.cases);
            }
        }
    }

    fn fact(&mut self, fact: FactIx) {
        if !self.seen.insert(fact) {
            return;
        }
        let (facts, platform) = (self.facts, self.platform);
        for cases in facts.derived.get(&fact).into_iter().chain(platform.facts.get(&fact)) {
            self.cases(cases);
        }
    }

    fn cases(&mut self, cases: &[Case]) {
        cases.iter().flat_map(expressions).for_each(|e| self.expr(e));
    }
}
