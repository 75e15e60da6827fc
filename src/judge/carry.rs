//! Fails carried from one deployment to the next.
//!
//! Where a rule reads sections whose text has been judged before, its findings are the same but for their lines. They
//! are kept with places counted from the sections' keys, and laid into the next document. What rests on records is not
//! carried: records are told apart by their nodes.

use super::advice::{Advice, edits};
use super::finding::Found;
use super::label::RawLabel;
use super::memo::Named;
use super::verdict::Member;
use crate::fact::{FactKey, Step, Trail, Value};
use crate::platform::{Change, Deployment, Place, Plan, Relative, Sections};
use crate::text::Span;
use std::sync::Arc;

/// A place without its document.
#[derive(Clone, Debug)]
struct CarriedPlace {
    place: Place,
    span: Relative,
    wide: Option<Relative>,
}

/// The fails of one rule: places and facts are numbers into these lists.
#[derive(Clone, Debug)]
pub(super) struct CarriedMembers {
    places: Vec<CarriedPlace>,
    facts: Vec<Named>,
    members: Vec<Member>,
}

/// A finding; its members come from elsewhere.
#[derive(Clone, Debug)]
pub(super) struct CarriedFound {
    found: Found,
    primary: Option<CarriedPlace>,
    labels: Vec<(Relative, Option<Relative>)>,
    changes: Vec<(Option<Relative>, Option<Relative>)>,
}

/// The document that spans are counted in, and the sections that what is carried may stand in.
#[derive(Copy, Clone)]
pub(super) struct Frame<'a> {
    pub sections: &'a Sections,
    pub read: &'a [u16],
}

impl Frame<'_> {
    fn span(&self, span: Span) -> Option<Relative> {
        self.sections.relative(self.read, span)
    }

    /// A span that may be missing: the outer `None` is one that stands in no section.
    fn maybe(&self, span: Option<Span>) -> Option<Option<Relative>> {
        span.map_or(Some(None), |s| self.span(s).map(Some))
    }

    fn place(&self, place: Place) -> Option<CarriedPlace> {
        // The only document, or none.
        let here = place.record.is_none() && place.document.unwrap_or(0) == 0;
        let (span, wide) = (self.span(place.span)?, self.maybe(place.wide)?);
        here.then_some(CarriedPlace { place, span, wide })
    }

    fn lay(&self, carried: &CarriedPlace) -> Place {
        Place {
            span: self.sections.absolute(carried.span),
            wide: carried.wide.map(|w| self.sections.absolute(w)),
            ..carried.place.clone()
        }
    }
}

fn of_records(value: &Value) -> bool {
    matches!(value, Value::Record(_) | Value::List(_))
}

impl CarriedMembers {
    /// What can be carried of a rule's fails; `None` if they rest on more than sections.
    pub fn of(deployment: &Deployment<'_>, frame: Frame<'_>, members: &[Member]) -> Option<Self> {
        let mut out = Self { places: Vec::new(), facts: Vec::new(), members: Vec::new() };
        let mut numbers: Vec<u32> = Vec::new();
        for member in members {
            let witnessed = member.witnesses.iter().flat_map(|w| &w.values).any(of_records);
            if member.event.is_some() || witnessed || member.it.as_ref().is_some_and(of_records) {
                return None;
            }
            let mut number = |place: u32| -> Option<u32> {
                let at = match numbers.iter().position(|n| *n == place) {
                    Some(at) => at,
                    None => {
                        out.places.push(frame.place(deployment.place(place)?)?);
                        numbers.push(place);
                        numbers.len() - 1
                    }
                };
                u32::try_from(at).ok()
            };
            let facts = &mut out.facts;
            let mut fact = |key: FactKey| -> Option<FactKey> {
                let named = deployment.fact_of(key)?;
                let at = facts.iter().position(|f| *f == named).unwrap_or_else(|| {
                    facts.push(named);
                    facts.len() - 1
                });
                Some(FactKey::new(at))
            };
            let mut trail = |from: &Trail| -> Option<Trail> {
                from.iter()
                    .map(|step| {
                        let fact = step.fact.map_or(Some(None), |f| fact(f).map(Some))?;
                        Some(Step { place: number(step.place)?, fact })
                    })
                    .collect()
            };
            let sources = trail(&member.sources)?;
            let when = trail(&member.when)?;
            let primary = member.primary.map_or(Some(None), |p| number(p).map(Some))?;
            let keys = member.facts.iter().map(|k| fact(*k)).collect::<Option<Vec<_>>>()?;
            out.members.push(Member { sources, when, primary, facts: keys, ..member.clone() });
        }
        Some(out)
    }

    /// The fails as they stand in another deployment.
    pub fn lay(&self, deployment: &Deployment<'_>, frame: Frame<'_>) -> Vec<Member> {
        let places: Vec<u32> = self.places.iter().map(|p| deployment.intern(frame.lay(p))).collect();
        let facts: Vec<FactKey> = self.facts.iter().map(|(fact, q)| deployment.key(*fact, q.as_ref())).collect();
        let place = |n: u32| places.get(n as usize).copied().unwrap_or(u32::MAX);
        let fact = |key: FactKey| facts.get(key.place()).copied().unwrap_or(key);
        let trail = |from: &Trail| -> Trail {
            from.iter().map(|s| Step { place: place(s.place), fact: s.fact.map(fact) }).collect()
        };
        self.members
            .iter()
            .map(|member| Member {
                sources: trail(&member.sources),
                when: trail(&member.when),
                primary: member.primary.map(place),
                facts: member.facts.iter().map(|k| fact(*k)).collect(),
                it: member.it.clone(),
                qualifier: member.qualifier.clone(),
                witnesses: member.witnesses.clone(),
                selected: member.selected,
                event: None,
            })
            .collect()
    }
}

impl CarriedFound {
    /// What can be carried of a finding.
    pub fn of(frame: Frame<'_>, found: &Found) -> Option<Self> {
        let primary = found.primary.clone().map_or(Some(None), |p| frame.place(p).map(Some))?;
        let here = |document: Option<u32>| document.unwrap_or(0) == 0;
        let label = |l: &RawLabel| {
            let spans = (frame.span(l.span)?, frame.maybe(l.wide)?);
            here(l.document).then_some(spans)
        };
        let change = |c: &Change| {
            let spans = (frame.maybe(c.near)?, frame.maybe(c.replaces)?);
            here(c.document).then_some(spans)
        };
        let plan = found.advice.plan.as_ref();
        if plan.is_some_and(|p| !p.fields.is_empty()) {
            return None;
        }
        Some(Self {
            primary,
            labels: found.labels.iter().map(label).collect::<Option<_>>()?,
            changes: plan.iter().flat_map(|p| &p.changes).map(change).collect::<Option<_>>()?,
            found: Found { members: Vec::new(), fingerprints: Vec::new(), related: Vec::new(), ..found.clone() },
        })
    }

    /// Can no setting mend it?
    pub fn is_fixed(&self) -> bool {
        self.found.fixed
    }

    /// The finding as it stands in another deployment, with the members there. `brief`: without help lines and edits.
    pub fn lay(
        &self,
        deployment: &Deployment<'_>,
        frame: Frame<'_>,
        members: Vec<Member>,
        fingerprints: Vec<String>,
        brief: bool,
    ) -> Found {
        let absolute = |r: Relative| frame.sections.absolute(r);
        let labels = self.found.labels.iter().zip(&self.labels).map(|(label, (span, wide))| RawLabel {
            span: absolute(*span),
            wide: wide.map(absolute),
            ..label.clone()
        });
        let found = &self.found;
        let advice = match &found.advice.plan {
            None => found.advice.clone(),
            // What stands in the plan beside its settings is for help and edits.
            Some(_) if brief => Advice { help: String::new(), fix: None, ..found.advice.clone() },
            Some(plan) => {
                let mut plan = Plan::clone(plan);
                for (change, (near, replaces)) in plan.changes.iter_mut().zip(&self.changes) {
                    change.near = near.map(absolute);
                    change.replaces = replaces.map(absolute);
                }
                let Advice { general, safe, mendable, .. } = found.advice;
                let (help, fix) = (deployment.help(&plan), edits(&plan));
                Advice { help, fix, plan: Some(Arc::new(plan)), general, safe, mendable }
            }
        };
        Found {
            selected: found.selected,
            primary: self.primary.as_ref().map(|p| frame.lay(p)),
            labels: labels.collect(),
            advice,
            members,
            fingerprints,
            message: found.message.clone(),
            setting: found.setting.clone(),
            fact: found.fact.clone(),
            value: found.value.clone(),
            origin: found.origin,
            confidence: found.confidence,
            fixed: found.fixed,
            related: Vec::new(),
            suppressed: None,
        }
    }
}

/// Which members were folded, and their finding, if it can be carried.
type Folded = (Vec<usize>, Option<Arc<CarriedFound>>);

/// What a rule came to for sections of one text.
#[derive(Debug)]
pub struct Met {
    pub(super) settled: Arc<super::memo::Settled>,
    /// The key of the settings' states.
    pub(super) key: u128,
    pub(super) members: std::sync::OnceLock<Option<CarriedMembers>>,
    /// By the members that are folded, counted within the rule.
    found: std::sync::Mutex<Vec<Folded>>,
}

impl Met {
    pub(super) fn new(settled: Arc<super::memo::Settled>, key: u128) -> Self {
        Self { settled, key, members: std::sync::OnceLock::new(), found: std::sync::Mutex::default() }
    }

    /// The finding of these members, if it was built before: `Some(None)` cannot be carried.
    pub(super) fn found(&self, of: &[usize]) -> Option<Option<Arc<CarriedFound>>> {
        let list = self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        list.iter().find(|(members, _)| members == of).map(|(_, found)| found.clone())
    }

    pub(super) fn keep(&self, of: Vec<usize>, found: Option<CarriedFound>) {
        let mut list = self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        list.push((of, found.map(Arc::new)));
    }
}
