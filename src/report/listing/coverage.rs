//! Which rules a platform's files can decide. It is worked out of the platform file alone: every fact is given the
//! states that its cases can come to, and each rule is evaluated over them.

mod world;

use crate::condition::{Evaluation, any, both, not};
use crate::fact::{Reading, Value};
use crate::judge::Outcome;
use crate::platform::{EventKind, Facts, Platform};
use crate::rule::{Check, Rule};
use world::World;

/// How a rule stands to a platform.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Coverage {
    /// What the files say decides it.
    Expressible,
    /// It comes out like this, whatever they say.
    Fixed(Outcome),
    /// They cannot tell; somebody who knows can state it.
    Unknown,
    /// It is a rule of another platform, or one about declarations.
    Foreign,
}

/// How often the facts that files decide are given other values before a rule counts as fixed, or as unknown.
const ROUNDS: usize = 160;

/// How a rule stands to a platform, with the rule's own parameters.
pub fn coverage(facts: &Facts, platform: &Platform, rule: &Rule) -> Coverage {
    if !rule.platforms.is_empty() {
        let own = rule.platforms.contains(&platform.id);
        return if own { Coverage::Expressible } else { Coverage::Foreign };
    }
    match rule.check {
        Check::Event(EventKind::Undeclared | EventKind::Conflict) => return Coverage::Foreign,
        Check::Event(kind) if kind.of_run() => return Coverage::Foreign,
        Check::Event(_) => return Coverage::Expressible,
        Check::Require(_) | Check::Forbid(_) => {}
    }
    let world = World::new(facts, platform, rule.params.iter().map(|p| p.default.clone()).collect());
    // Before anything is chosen, what files decide is open: what is decided then is decided by the rest.
    let mut seen: Vec<Outcome> = Vec::new();
    seen.extend(Some(outcome(rule, &world)).filter(|o| *o != Outcome::Unknown));
    for round in 0..ROUNDS {
        world.choose(round);
        let next = outcome(rule, &world);
        if !seen.contains(&next) {
            seen.push(next);
        }
    }
    match seen.as_slice() {
        [Outcome::Unknown] => Coverage::Unknown,
        [one] => Coverage::Fixed(*one),
        _ => Coverage::Expressible,
    }
}

/// The rule's outcome over what is chosen at the moment: the worst of its members.
fn outcome(rule: &Rule, world: &World<'_>) -> Outcome {
    let Some(each) = &rule.each else { return of_member(rule, world, None) };
    let list = Evaluation::of(each, world, None);
    match list.known() {
        Some(Value::List(items)) => items
            .iter()
            .filter_map(|item| item.known().cloned())
            .map(|it| of_member(rule, world, Some(it)))
            .max()
            .unwrap_or(Outcome::NotApplicable),
        _ if list.is_na() => Outcome::NotApplicable,
        _ => Outcome::Unknown,
    }
}

fn of_member(rule: &Rule, world: &World<'_>, it: Option<Value>) -> Outcome {
    let violation = match &rule.check {
        Check::Forbid(condition) => Evaluation::of(condition, world, it.clone()),
        Check::Require(condition) => not(&Evaluation::of(condition, world, it.clone())),
        Check::Event(_) => Reading::truth(false),
    };
    let guard = rule.when.as_ref().map_or_else(|| any(&[Reading::truth(true)]), |w| Evaluation::of(w, world, it));
    if violation.is_na() || guard.is_false() || guard.is_na() {
        return Outcome::NotApplicable;
    }
    match both(&guard, &violation).as_bool() {
        Some(true) => Outcome::Fail,
        Some(false) => Outcome::Pass,
        None => Outcome::Unknown,
    }
}
