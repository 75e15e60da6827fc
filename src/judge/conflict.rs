//! Selected rules that ask for opposite things: nobody picks between them in silence.

use super::verdict::{Judgement, Member, Outcome, applies};
use crate::fact::{Trail, Word};
use crate::platform::{Deployment, Event, EventKind};
use crate::rule::{Check, Policy};
use std::sync::Arc;

/// A fail for each pair of opposed rules that are both selected and apply here. Outcomes must all be there.
pub(super) fn conflicts(deployment: &Deployment<'_>, policy: &Policy, out: &mut Judgement) {
    let is_conflict = |check: &Check| matches!(check, Check::Event(EventKind::Conflict));
    let Some(at) = policy.selected.iter().position(|s| is_conflict(&s.rule.check)) else { return };
    let does_apply = |n: usize, out: &Judgement| {
        out.outcomes.get(n).is_some_and(|(outcome, _)| *outcome != Outcome::NotApplicable)
            && policy.selected.get(n).is_some_and(|s| applies(deployment, s))
    };
    let mut found = Vec::new();
    let mut opposed_at_all = false;
    for (n, one) in policy.selected.iter().enumerate() {
        for opposed in &one.rule.opposes {
            let other = policy.selected.iter().position(|s| s.rule.is_called(&opposed.rule));
            let Some((m, other)) = other.and_then(|m| Some((m, policy.selected.get(m)?))) else { continue };
            opposed_at_all = true;
            if !does_apply(n, out) || !does_apply(m, out) {
                continue;
            }
            let (a, b) = (&one.rule.id, &other.rule.id);
            found.push(Member {
                selected: at,
                it: None,
                qualifier: Some(Word::from(format!("{a}, {b}"))),
                sources: Trail::new(),
                when: Trail::new(),
                facts: Vec::new(),
                witnesses: Vec::new(),
                event: Some(Event {
                    kind: EventKind::Conflict,
                    place: u32::MAX,
                    setting: None,
                    because: Arc::from(format!("`{a}` and `{b}` ask for opposite things: {}", opposed.because)),
                    value: Some(opposed.choose.clone()),
                    gate: None,
                    respell: None,
                    other: None,
                    undecided: None,
                    node: None,
                }),
                primary: None,
            });
        }
    }
    if let Some(slot) = out.outcomes.get_mut(at) {
        *slot = match (found.is_empty(), opposed_at_all) {
            (false, _) => (Outcome::Fail, None),
            (true, true) => (Outcome::Pass, None),
            (true, false) => {
                (Outcome::NotApplicable, Some(Arc::from("no two of the selected rules oppose each other")))
            }
        };
    }
    out.members.extend(found);
}
