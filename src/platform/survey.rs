//! One look at all settings of a deployment: the state of each, the places of secrets, and whether reading reports
//! anything. What sections of the same text came to before is taken from there.

use super::deployment::Deployment;
use super::scalars::{Scalar, Scalars};
use super::sections::{Outline, Relative, Sections};
use super::sweep::Known;
use crate::text::{Mix, Shelf};
use std::collections::BTreeSet;
use std::hash::Hasher;
use std::rc::Rc;
use std::sync::Arc;

/// What groups of settings came to, by the text of the sections that they depend on.
#[derive(Debug)]
pub struct Surveyed {
    groups: Shelf<Arc<Met>>,
    /// For each group of settings of which something only asks whether they are written: what to mix in for each.
    asked: Shelf<Arc<[u128]>>,
    silent: Shelf<()>,
}

/// What one group came to.
#[derive(Debug)]
struct Met {
    states: Vec<u128>,
    /// Reading it reported nothing.
    quiet: bool,
    sealed: Vec<Kept>,
    plain: Vec<Kept>,
}

/// A scalar without its document.
type Kept = (Relative, Option<Box<str>>);

/// What is known of a deployment by its settings.
#[derive(Debug)]
pub struct Survey {
    /// The sections of its document.
    pub sections: Sections,
    /// For each setting that stands by itself the state it is in.
    pub states: Vec<u128>,
    pub(super) scalars: Scalars,
}

impl Surveyed {
    /// An empty one.
    pub fn new(outline: &Outline) -> Self {
        Self {
            groups: Shelf::new(outline.groups().len()),
            asked: Shelf::new(outline.asked_groups().len()),
            silent: Shelf::new(1),
        }
    }

    pub(super) fn asked(&self, group: usize, key: u128) -> Option<Arc<[u128]>> {
        self.asked.get(group, key)
    }

    pub(super) fn keep_asked(&self, group: usize, key: u128, written: &Arc<[u128]>) {
        self.asked.put(group, key, Arc::clone(written));
    }

    /// Was a section of this text walked before, without anything to report?
    pub(super) fn is_silent(&self, section: u128) -> bool {
        self.silent.get(0, section).is_some()
    }

    pub(super) fn keep_silent(&self, section: u128) {
        self.silent.put(0, section, ());
    }
}

impl Deployment<'_> {
    /// Surveys the deployment; `None` where the text of sections does not tell what is read. `beside`: its
    /// circumstances.
    pub fn survey(&self, outline: &Outline, surveyed: &Surveyed, beside: u128) -> Option<Rc<Survey>> {
        let sections = self.sections(outline, surveyed, beside)?;
        let survey = self.quick(|| self.survey_sections(outline, surveyed, beside, sections))?;
        let survey = Rc::new(survey);
        *self.surveyed.borrow_mut() = Some(Rc::clone(&survey));
        Some(survey)
    }

    fn survey_sections(
        &self,
        outline: &Outline,
        surveyed: &Surveyed,
        beside: u128,
        sections: Sections,
    ) -> Option<Survey> {
        let platform = self.platform?;
        let mut survey = Survey { sections, states: vec![0; platform.settings.len()], scalars: Scalars::default() };
        let mut quiet = true;
        let mut loud: Vec<usize> = Vec::new();
        let mut fresh: Vec<(usize, Option<u128>)> = Vec::new();
        for (n, group) in outline.groups().iter().enumerate() {
            let key = group.sections.as_ref().map(|list| both(survey.sections.hash(list), beside));
            match key.and_then(|key| surveyed.groups.get(n, key)) {
                Some(met) => {
                    for (ix, state) in group.settings.iter().zip(&met.states) {
                        survey.put(*ix, *state);
                    }
                    if !met.quiet {
                        loud.push(n);
                    }
                    let laid = |(relative, text): &Kept| Scalar {
                        document: 0,
                        span: survey.sections.absolute(*relative),
                        text: text.clone(),
                    };
                    survey.scalars.sealed.extend(met.sealed.iter().map(laid));
                    survey.scalars.plain.extend(met.plain.iter().map(laid));
                }
                None => {
                    group.settings.iter().for_each(|ix| survey.put(*ix, self.state(*ix)));
                    fresh.push((n, key));
                }
            }
        }
        // What stands in a layer that is not asked is told by a sweep only.
        let bound = |n: &usize| {
            let settings = outline.groups().get(*n).into_iter().flat_map(|g| &g.settings);
            settings.filter_map(|ix| platform.setting(*ix)).any(|s| !s.layers.is_empty())
        };
        quiet &= loud.is_empty() && self.events.borrow().is_empty() && !fresh.iter().any(|(n, _)| bound(n));
        loud.extend(fresh.iter().map(|(n, _)| *n));
        let affected = if quiet { BTreeSet::new() } else { outline.beside(&loud) };
        let known = Some(Known { outline, sections: &survey.sections, surveyed, affected: &affected });
        if quiet {
            self.swept.set(true);
            self.undeclared_keys(known);
            self.sort_events();
        } else if !self.swept.replace(true) {
            self.sweep(known);
        }
        for (n, key) in fresh {
            let Some(group) = outline.groups().get(n) else { continue };
            let mut scalars = Scalars::default();
            group.settings.iter().for_each(|ix| self.scalars_of(*ix, &mut scalars));
            survey.scalars.sealed.extend(scalars.sealed.iter().cloned());
            survey.scalars.plain.extend(scalars.plain.iter().cloned());
            let (Some(key), Some(list)) = (key, &group.sections) else { continue };
            let relative = |scalars: &[Scalar]| -> Option<Vec<Kept>> {
                scalars.iter().map(|s| Some((survey.sections.relative(list, s.span)?, s.text.clone()))).collect()
            };
            let (Some(sealed), Some(plain)) = (relative(&scalars.sealed), relative(&scalars.plain)) else { continue };
            let noisy = self.noisy.borrow();
            let met = Met {
                states: group.settings.iter().map(|ix| survey.state(*ix)).collect(),
                quiet: !group.settings.iter().any(|ix| noisy.contains(ix)),
                sealed,
                plain,
            };
            surveyed.groups.put(n, key, Arc::new(met));
        }
        Some(survey)
    }
}

/// The key of what depends on the text of sections and on circumstances.
pub(super) fn both(sections: u128, beside: u128) -> u128 {
    let mut mix = Mix::default();
    for half in [sections as u64, (sections >> 64) as u64, beside as u64, (beside >> 64) as u64] {
        mix.write_u64(half);
    }
    mix.wide()
}

impl Survey {
    fn state(&self, ix: u32) -> u128 {
        self.states.get(ix as usize).copied().unwrap_or(0)
    }

    fn put(&mut self, ix: u32, state: u128) {
        if let Some(slot) = self.states.get_mut(ix as usize) {
            *slot = state;
        }
    }
}
