//! What is selected: several packs merged, then the user's configuration.

use super::pack::{Pack, Required, Select};
use super::read::Rule;
use super::{Basis, Severity};
use crate::condition::{Expr, and};
use crate::fact::Value;
use crate::text::{Redactor, Shown};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// What the user's configuration says of a rule.
#[derive(Clone, Debug, Default)]
pub struct Override {
    /// Not judged at all.
    pub off: bool,
    /// The severity.
    pub severity: Option<Severity>,
    /// Parameters.
    pub params: Vec<(String, Value)>,
}

/// The texts of a rule that reports show as they stand.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Its id.
    pub id: Shown,
    /// The pack whose severity holds.
    pub pack: Shown,
    /// Why it matters.
    pub why: Shown,
    /// General advice.
    pub fix: Shown,
    /// Its controls.
    pub controls: Vec<Shown>,
    /// Its page.
    pub url: Shown,
    /// What is wrong where it fails, in a few words.
    pub title: Shown,
    /// What it is about: `content`, `metadata` …
    pub theme: Shown,
    /// The severity that the packs and the configuration give it; `None`: nobody selects it.
    pub severity: Option<Severity>,
}

impl Words {
    /// The texts of a rule under a pack.
    pub fn of(rule: &Rule, pack: &str, severity: Option<Severity>) -> Arc<Self> {
        let redactor = Redactor::new();
        Arc::new(Self {
            id: redactor.show(&rule.id),
            pack: redactor.show(pack),
            why: redactor.show(&rule.why),
            fix: redactor.show(&rule.fix),
            controls: rule.controls.iter().map(|c| redactor.show(c)).collect(),
            url: redactor.show(&format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.id)),
            title: redactor.show(&rule.title),
            theme: redactor.show(&rule.theme),
            severity,
        })
    }
}

/// A rule as it is judged.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The pack whose severity holds.
    pub pack: String,
    /// What that rests on.
    pub basis: Basis,
    /// The severity.
    pub severity: Severity,
    /// The parameters, in the rule's order.
    pub params: Vec<Value>,
    /// What of it reports show, made once.
    pub shown: Arc<Words>,
    /// When the packs that select it apply: any of them; empty: always.
    pub whens: Vec<Expr>,
}

/// Everything that is judged.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The rules, in the order of the catalogue.
    pub selected: Vec<Selected>,
    /// Facts whose silence is a finding.
    pub required: Vec<Required>,
}

/// How a pack stands to a deployment.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Stand {
    /// It has no condition.
    Always,
    /// Its condition holds.
    Holds,
    /// Its condition is not decided.
    Open,
    /// Its condition does not hold.
    Out,
}

/// A pack's selection of a rule, and where the pack stands.
type Selection<'p> = (&'p Arc<Pack>, &'p Select, Stand);

/// Merges packs: the highest severity, the strictest parameter; the user's configuration wins over them. `holds` tells
/// of a pack's condition whether it holds, as far as that is known. A pack whose condition is open or does not hold says
/// nothing about rules that another pack selects anyway; a rule that it alone selects stays under its condition.
pub fn select(
    rules: &[Arc<Rule>],
    packs: &[Arc<Pack>],
    overrides: &HashMap<String, Override>,
    holds: &dyn Fn(&Expr) -> Option<bool>,
) -> Policy {
    let mut policy = Policy::default();
    let mut by_rule: HashMap<&str, Vec<Selection<'_>>> = HashMap::new();
    for pack in packs {
        let stand = match pack.when.as_ref().map(holds) {
            None => Stand::Always,
            Some(Some(true)) => Stand::Holds,
            Some(None) => Stand::Open,
            Some(Some(false)) => Stand::Out,
        };
        for select in &pack.selects {
            by_rule.entry(&select.rule).or_default().push((pack, select, stand));
        }
    }
    for rule in rules {
        let own = overrides.get(&rule.id);
        if own.is_some_and(|o| o.off) {
            continue;
        }
        let Some(votes) = by_rule.get(rule.id.as_str()) else { continue };
        let any = |wanted: &[Stand]| votes.iter().any(|(_, _, stand)| wanted.contains(stand));
        let heard: &[Stand] = if any(&[Stand::Always, Stand::Holds]) {
            &[Stand::Always, Stand::Holds]
        } else if any(&[Stand::Open]) {
            &[Stand::Open]
        } else {
            &[Stand::Out]
        };
        let mut chosen: Option<Selected> = None;
        for (pack, select, _) in votes.iter().filter(|(_, _, stand)| heard.contains(stand)) {
            let entry = chosen.get_or_insert_with(|| Selected {
                rule: Arc::clone(rule),
                pack: pack.id.clone(),
                basis: select.basis,
                severity: select.severity,
                params: Vec::new(),
                shown: Arc::default(),
                whens: Vec::new(),
            });
            if select.severity > entry.severity {
                entry.severity = select.severity;
                entry.basis = select.basis;
                entry.pack.clone_from(&pack.id);
            }
            entry.whens.extend(pack.when.clone());
            entry.params = merged(rule, select, std::mem::take(&mut entry.params));
        }
        let Some(mut entry) = chosen else { continue };
        if any(&[Stand::Always]) {
            entry.whens.clear();
        }
        if rule.life.preview {
            entry.severity = Severity::Note;
        }
        if let Some(own) = own {
            if let Some(severity) = own.severity {
                entry.severity = severity;
                entry.basis = Basis::Custom;
            }
            for (param, slot) in rule.params.iter().zip(&mut entry.params) {
                if let Some((_, value)) = own.params.iter().find(|(n, _)| *n == param.name) {
                    *slot = value.clone();
                }
            }
        }
        entry.shown = Words::of(rule, &entry.pack, Some(entry.severity));
        policy.selected.push(entry);
    }
    for pack in packs {
        let own = |required: &Required| match (&pack.when, &required.when) {
            (None, _) => required.clone(),
            (Some(pack), None) => Required { when: Some(pack.clone()), ..required.clone() },
            (Some(pack), Some(own)) => {
                Required { when: Some(and(Some(pack.clone()), own.clone())), ..required.clone() }
            }
        };
        policy.required.extend(pack.required.iter().map(own));
    }
    policy
}

/// The parameters so far, and those of one more pack: the stricter of each.
fn merged(rule: &Rule, select: &Select, before: Vec<Value>) -> Vec<Value> {
    let of = |name: &str| select.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let values = rule.params.iter().map(|p| of(&p.name).unwrap_or_else(|| p.default.clone()));
    if before.is_empty() {
        return values.collect();
    }
    before.into_iter().zip(values).zip(&rule.params).map(|((a, b), p)| stricter(a, b, p)).collect()
}

fn stricter(a: Value, b: Value, param: &super::read::Param) -> Value {
    let wanted = if param.lower_is_stricter { Ordering::Less } else { Ordering::Greater };
    if b.compare(&a, &param.ty) == Some(wanted) { b } else { a }
}
