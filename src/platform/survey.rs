//! One look at all settings of a deployment: the state of each, the places of secrets, and whether reading reports
//! anything. What sections of the same text came to before is taken from there.

use super::deployment::Deployment;
use super::sections::{Outline, Relative, Sections};
use super::sweep::Known;
use crate::fact::Record;
use crate::syntax::{Kind, NodeId};
use crate::text::{Mix, Shelf, Span};
use std::hash::Hasher;
use std::rc::Rc;
use std::sync::Arc;

/// What groups of settings came to, by the text of the sections that they depend on.
#[derive(Debug)]
pub struct Surveyed {
    groups: Shelf<Arc<Met>>,
    silent: Shelf<()>,
}

/// What one group came to.
#[derive(Debug)]
struct Met {
    states: Vec<u128>,
    /// Reading it reported nothing.
    quiet: bool,
    sealed: Vec<Relative>,
    plain: Vec<Relative>,
}

/// What is known of a deployment by its settings.
#[derive(Debug)]
pub struct Survey {
    /// The sections of its document.
    pub sections: Sections,
    /// For each setting that stands by itself the state it is in.
    pub states: Vec<u128>,
    pub(super) sealed: Vec<Span>,
    pub(super) plain: Vec<Span>,
}

/// The places of secrets, and of what a setting declares to be something else.
#[derive(Default)]
pub(super) struct Scalars {
    pub sealed: Vec<(u32, Span)>,
    pub plain: Vec<(u32, Span)>,
}

impl Surveyed {
    /// An empty one.
    pub fn new(outline: &Outline) -> Self {
        Self { groups: Shelf::new(outline.groups().len()), silent: Shelf::new(1) }
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
    /// Surveys the deployment; `None` where the text of sections does not tell what is read.
    pub fn survey(&self, outline: &Outline, surveyed: &Surveyed) -> Option<Rc<Survey>> {
        let sections = self.sections(outline)?;
        let survey = self.quick(|| self.survey_sections(outline, surveyed, sections))?;
        let survey = Rc::new(survey);
        *self.surveyed.borrow_mut() = Some(Rc::clone(&survey));
        Some(survey)
    }

    fn survey_sections(&self, outline: &Outline, surveyed: &Surveyed, sections: Sections) -> Option<Survey> {
        let platform = self.platform?;
        let mut survey =
            Survey { sections, states: vec![0; platform.settings.len()], sealed: Vec::new(), plain: Vec::new() };
        let mut quiet = true;
        let beside = self.circumstances();
        let mut fresh: Vec<(usize, Option<u128>)> = Vec::new();
        for (n, group) in outline.groups().iter().enumerate() {
            let key = group.sections.as_ref().map(|list| {
                let mut mix = Mix::default();
                let sections = survey.sections.hash(list);
                for half in [sections as u64, (sections >> 64) as u64, beside as u64, (beside >> 64) as u64] {
                    mix.write_u64(half);
                }
                mix.wide()
            });
            match key.and_then(|key| surveyed.groups.get(n, key)) {
                Some(met) => {
                    for (ix, state) in group.settings.iter().zip(&met.states) {
                        survey.put(*ix, *state);
                    }
                    quiet &= met.quiet;
                    survey.sealed.extend(met.sealed.iter().map(|r| survey.sections.absolute(*r)));
                    survey.plain.extend(met.plain.iter().map(|r| survey.sections.absolute(*r)));
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
        quiet &= self.events.borrow().is_empty() && !fresh.iter().any(|(n, _)| bound(n));
        let known = Some(Known { outline, sections: &survey.sections, surveyed });
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
            survey.sealed.extend(scalars.sealed.iter().map(|(_, span)| *span));
            survey.plain.extend(scalars.plain.iter().map(|(_, span)| *span));
            let (Some(key), Some(list)) = (key, &group.sections) else { continue };
            let relative = |spans: &[(u32, Span)]| {
                spans.iter().map(|(_, s)| survey.sections.relative(list, *s)).collect::<Option<Vec<_>>>()
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

    /// The scalars that a setting, or a field of its records, stands in.
    pub(super) fn scalars_of(&self, ix: u32, out: &mut Scalars) {
        let Some(platform) = self.platform else { return };
        let sort = |ix: u32, node: Option<(u32, NodeId, Span)>, out: &mut Scalars| {
            let (Some(setting), Some((d, node, _))) = (platform.setting(ix), node) else { return };
            let Some(doc) = self.document(d).filter(|_| d != Record::CONSTANT) else { return };
            // Beside a part that counts there may stand anything.
            if setting.reader().is_partial() {
                return;
            }
            let list = if setting.is_secret() { &mut out.sealed } else { &mut out.plain };
            match &doc.node(node).kind {
                Kind::Scalar { .. } => list.push((d, doc.node(node).span)),
                Kind::Seq(items) => list.extend(items.iter().map(|i| (d, doc.node(i.value).span))),
                Kind::Map(_) => {}
            }
        };
        match platform.setting(ix).and_then(|s| s.list) {
            None => {
                sort(ix, self.raw(ix).node, out);
                self.seal_spellings(ix, &mut out.sealed);
            }
            Some(list) => self.in_records(list, &mut |record| sort(ix, self.raw_field(record, ix).node, out)),
        }
        platform.fields_of(ix).iter().for_each(|field| self.scalars_of(*field, out));
    }
}

impl Deployment<'_> {
    /// A secret is one wherever it stands, also where another layer or spelling is read instead.
    fn seal_spellings(&self, ix: u32, sealed: &mut Vec<(u32, Span)>) {
        let Some(platform) = self.platform else { return };
        let Some(setting) = platform.setting(ix).filter(|s| s.is_secret()) else { return };
        for (n, layer) in platform.layers.iter().enumerate() {
            let sheets = self.input.sheets.iter().zip(0..).filter(|(s, _)| Some(s.kind) == layer.document());
            for (sheet, d) in sheets {
                let (doc, roots) = (&sheet.document, self.layer_roots(layer, d));
                for way in (0..setting.spellings()).filter_map(|spelling| setting.way(n, spelling)) {
                    let found = roots.iter().flat_map(|root| self.find(d, doc, *root, &way.path.0).hits);
                    for node in found.map(|h| doc.node(h.node)) {
                        match &node.kind {
                            Kind::Scalar { .. } => sealed.push((d, node.span)),
                            Kind::Seq(items) => sealed.extend(items.iter().map(|i| (d, doc.node(i.value).span))),
                            Kind::Map(_) => {}
                        }
                    }
                }
            }
        }
    }
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
