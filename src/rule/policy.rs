//! What is selected: several packs merged, then the user's configuration.

use super::pack::{Pack, Required, Select};
use super::read::Rule;
use super::{Basis, Severity};
use crate::condition::Expr;
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
}

impl Words {
    /// The texts of a rule under a pack.
    pub fn of(rule: &Rule, pack: &str) -> Arc<Self> {
        let redactor = Redactor::new();
        Arc::new(Self {
            id: redactor.show(&rule.id),
            pack: redactor.show(pack),
            why: redactor.show(&rule.why),
            fix: redactor.show(&rule.fix),
            controls: rule.controls.iter().map(|c| redactor.show(c)).collect(),
            url: redactor.show(&format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.id)),
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

/// Merges packs: the highest severity, the strictest parameter; the user's configuration wins over them.
pub fn select(rules: &[Arc<Rule>], packs: &[Arc<Pack>], overrides: &HashMap<String, Override>) -> Policy {
    let mut policy = Policy::default();
    let mut by_rule: HashMap<&str, Vec<(&Arc<Pack>, &Select)>> = HashMap::new();
    for (pack, select) in packs.iter().flat_map(|p| p.selects.iter().map(move |s| (p, s))) {
        by_rule.entry(&select.rule).or_default().push((pack, select));
    }
    for rule in rules {
        let own = overrides.get(&rule.id);
        if own.is_some_and(|o| o.off) {
            continue;
        }
        let mut chosen: Option<Selected> = None;
        let mut always = false;
        for (pack, select) in by_rule.get(rule.id.as_str()).into_iter().flatten() {
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
            match &pack.when {
                Some(when) => entry.whens.push(when.clone()),
                None => always = true,
            }
            let values: Vec<Value> = rule
                .params
                .iter()
                .map(|p| {
                    select
                        .params
                        .iter()
                        .find(|(n, _)| *n == p.name)
                        .map_or_else(|| p.default.clone(), |(_, v)| v.clone())
                })
                .collect();
            entry.params = if entry.params.is_empty() {
                values
            } else {
                std::mem::take(&mut entry.params)
                    .into_iter()
                    .zip(values)
                    .zip(&rule.params)
                    .map(|((a, b), p)| stricter(a, b, p))
                    .collect()
            };
        }
        if let Some(mut entry) = chosen {
            if always {
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
            entry.shown = Words::of(rule, &entry.pack);
            policy.selected.push(entry);
        }
    }
    policy.required = packs.iter().flat_map(|p| p.required.iter().cloned()).collect();
    policy
}

fn stricter(a: Value, b: Value, param: &super::read::Param) -> Value {
    let wanted = if param.lower_is_stricter { Ordering::Less } else { Ordering::Greater };
    if b.compare(&a, &param.ty) == Some(wanted) { b } else { a }
}
