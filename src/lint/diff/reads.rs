//! Which facts the selected rules read, through derived facts too.

use super::super::options::Linter;
use crate::condition::{Expr, Op};
use crate::fact::{FactIx, Vocabulary};
use crate::platform::expressions;
use std::collections::{HashMap, HashSet};

/// For each rule and each derived fact, the facts behind it.
pub(super) struct Reads {
    /// By id: the facts that the rule names, and those from which they are derived.
    rules: HashMap<String, HashSet<String>>,
    /// Of derived facts.
    derived: HashMap<String, HashSet<String>>,
}

impl Reads {
    /// What the engine's rules read, whatever the platform.
    pub fn of(linter: &Linter) -> Self {
        let facts = &linter.knowledge.facts;
        let mut derived: HashMap<String, HashSet<String>> = HashMap::new();
        for ix in facts.derived.keys() {
            let mut seen: HashSet<FactIx> = HashSet::new();
            let mut open = vec![*ix];
            while let Some(next) = open.pop() {
                for expr in facts.derived.get(&next).into_iter().flatten().flat_map(expressions) {
                    named(expr, &mut |fact| {
                        if seen.insert(fact) {
                            open.push(fact);
                        }
                    });
                }
            }
            derived.insert(facts.vocabulary.fact(*ix).id.clone(), ids(&facts.vocabulary, &seen));
        }
        let mut rules = HashMap::new();
        let loaded = linter.knowledge.platforms.iter().enumerate();
        let loaded = loaded.filter(|(_, entry)| entry.is_loaded()).map(|(n, _)| Some(n));
        for policy in loaded.chain([None]).map(|platform| linter.policy(platform)) {
            for selected in &policy.selected {
                if rules.contains_key(&selected.rule.id) {
                    continue;
                }
                let mut seen = HashSet::new();
                let rule = &selected.rule;
                let exprs = rule.condition().into_iter().chain(&rule.when);
                exprs.for_each(|expr| named(expr, &mut |fact| _ = seen.insert(fact)));
                let mut all = ids(&facts.vocabulary, &seen);
                let behind: Vec<String> =
                    all.iter().filter_map(|id| derived.get(id)).flat_map(|set| set.iter().cloned()).collect();
                all.extend(behind);
                rules.insert(rule.id.clone(), all);
            }
        }
        Self { rules, derived }
    }

    /// Does a rule read a fact?
    pub fn reads(&self, rule: &str, fact: &str) -> bool {
        self.rules.get(rule).is_some_and(|facts| facts.contains(fact))
    }

    /// Is a fact derived from another?
    pub fn follows(&self, fact: &str, from: &str) -> bool {
        self.derived.get(fact).is_some_and(|facts| facts.contains(from))
    }
}

/// Calls a function with every fact that an expression names.
fn named(expr: &Expr, take: &mut dyn FnMut(FactIx)) {
    expr.walk(&mut |e| match e.op {
        Op::Fact { fact, .. } | Op::Places(fact) => take(fact),
        _ => {}
    });
}

fn ids(vocabulary: &Vocabulary, facts: &HashSet<FactIx>) -> HashSet<String> {
    facts.iter().map(|ix| vocabulary.fact(*ix).id.clone()).collect()
}
