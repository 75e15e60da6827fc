//! What takes a setting's effect away: gates, and files that were not given.

use super::codec::Meaning;
use super::definition::Setting;
use super::deployment::Deployment;
use super::event::EventKind;
use super::read::{Raw, Written};
use crate::condition::{Evaluation, Expr};
use crate::fact::{Reading, Reason, Unknown, join};
use std::sync::Arc;

impl Deployment<'_> {
    /// Applies the gates of a setting, up to a limit.
    pub(super) fn gated(&self, ix: u32, raw: &Raw, limit: Option<usize>) -> Reading {
        let mut reading = raw.reading.clone();
        let Some((platform, setting)) = self.platform.and_then(|p| Some((p, p.setting(ix)?))) else { return reading };
        for n in platform.gates_of.get(ix as usize).into_iter().flatten() {
            if limit.is_some_and(|l| *n >= l) || reading.as_unknown().is_some_and(|u| u.kind == Reason::Refused) {
                break;
            }
            let Some(gate) = platform.gates.get(*n) else { continue };
            let refuses = gate.otherwise == Some(Meaning::Refused);
            if refuses && raw.written == Written::No {
                continue;
            }
            self.gate_limit.borrow_mut().push((ix, *n));
            let needs = Evaluation::of(&gate.needs, self, None);
            self.gate_limit.borrow_mut().pop();
            if needs.is_true() || needs.is_na() {
                continue;
            }
            let lost = match &gate.otherwise {
                Some(Meaning::Literal(value)) => Reading::known_value(value.clone()),
                Some(Meaning::Refused) => Reading::unknown("the vendor refuses what is written", Reason::Refused),
                _ => self.absent(setting, None),
            };
            let unchanged = lost.known().is_some() && lost.known() == reading.known();
            if refuses || (!gate.quiet && !unchanged && self.differs_from_default(ix, setting)) {
                self.gate_event(ix, setting, raw, *n, refuses, &needs);
            }
            let before = std::mem::take(&mut reading.from);
            reading = match needs.as_unknown() {
                None => lost,
                Some(unknown) => join(&[reading, lost], Some(unknown)),
            };
            reading.from = before;
            crate::fact::add_steps(&mut reading.from, &needs.from);
            reading.facts.clear();
        }
        reading
    }

    fn gate_event(&self, ix: u32, setting: &Setting, raw: &Raw, gate: usize, refuses: bool, needs: &Reading) {
        let because = self.platform.and_then(|p| p.gates.get(gate)).map(|g| Arc::clone(&g.because));
        let Some(because) = because.filter(|_| raw.written != Written::No) else { return };
        let kind = if refuses { EventKind::Refused } else { EventKind::WithoutEffect };
        let before = self.events.borrow().len();
        self.event_at_node(kind, ix, setting, raw, because);
        if let Some(event) = self.events.borrow_mut().get_mut(before) {
            event.gate = Some(gate);
            event.undecided = needs.as_unknown().cloned();
        }
    }

    /// What no file tells, if this setting belongs to it.
    pub(super) fn elsewhere(&self, ix: u32) -> Option<Arc<Unknown>> {
        for (n, rule) in self.platform?.elsewhere.iter().enumerate() {
            if rule.covers.get(ix as usize).copied().unwrap_or(false) && self.covers_now(n, rule.when.as_ref()) {
                return Some(Arc::clone(&rule.unknown));
            }
        }
        None
    }

    /// Does an `elsewhere` hold, or may it? It never covers what its own condition reads.
    fn covers_now(&self, n: usize, when: Option<&Expr>) -> bool {
        if let Some(holds) = self.elsewhere_holds.borrow().get(n).copied().flatten() {
            return holds;
        }
        if self.busy_elsewhere.borrow().contains(&n) {
            return false;
        }
        self.busy_elsewhere.borrow_mut().push(n);
        let holds = when.is_none_or(|when| self.quick(|| Evaluation::of(when, self, None)).as_bool() != Some(false));
        self.busy_elsewhere.borrow_mut().pop();
        // While another `elsewhere` is open the answer may rest on what that one leaves out.
        if self.busy_elsewhere.borrow().is_empty() {
            let mut cache = self.elsewhere_holds.borrow_mut();
            let len = cache.len().max(n + 1);
            cache.resize(len, None);
            if let Some(slot) = cache.get_mut(n) {
                *slot = Some(holds);
            }
        }
        holds
    }
}
