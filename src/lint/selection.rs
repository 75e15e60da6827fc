//! Which rules judge what: packs merged, then what the configuration says, for all files and for some.

use super::knowledge::{embedded, parsed};
use super::options::Linter;
use crate::condition::{Evaluation, Expr};
use crate::judge::Memo;
use crate::platform::Deployment;
use crate::rule::{Check, Override, Pack, Policy, Rule, load_pack, select};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

impl Linter {
    /// The rules that judge a platform, or a declaration (`None`).
    pub fn policy(&self, platform: Option<usize>) -> Arc<Policy> {
        let make = || Arc::new(self.select(platform, &self.config.rules, &|_| None));
        let slot = platform.and_then(|n| self.policies.get(n)).unwrap_or(&self.declared);
        Arc::clone(slot.get_or_init(make))
    }

    /// The rules that judge one deployment: packs that apply under a condition are heard where it holds, and what the
    /// configuration says for its main file counts. Without these the rules are those of [`Linter::policy`].
    pub(super) fn policy_of(&self, platform: Option<usize>, deployment: &Deployment<'_>) -> Arc<Policy> {
        let overrides = self.overrides_of(deployment);
        let holds = |when: &Expr| deployment.quick(|| Evaluation::of(when, deployment, None)).as_bool();
        if self.packs.iter().filter_map(|p| p.when.as_ref()).all(|when| holds(when).is_none()) {
            if overrides.is_empty() {
                return self.policy(platform);
            }
            let mut scoped = self.scoped.lock().unwrap_or_else(PoisonError::into_inner);
            let make = || Arc::new(self.select(platform, &self.config.rules_under(&overrides), &|_| None));
            return Arc::clone(scoped.entry((platform, overrides.clone())).or_insert_with(make));
        }
        Arc::new(self.select(platform, &self.config.rules_under(&overrides), &holds))
    }

    /// The overrides that are for a deployment's main file.
    fn overrides_of(&self, deployment: &Deployment<'_>) -> Vec<usize> {
        if self.config.overrides.is_empty() {
            return Vec::new();
        }
        let main = deployment.main().and_then(|s| self.local(s.document.source.path()).map(|p| p.into_owned()));
        main.map(|path| self.config.overrides_of(&path)).unwrap_or_default()
    }

    fn select(
        &self,
        platform: Option<usize>,
        overrides: &HashMap<String, Override>,
        holds: &dyn Fn(&Expr) -> Option<bool>,
    ) -> Policy {
        let traps = platform.and_then(|n| self.knowledge.platform(n).ok());
        let traps = traps.iter().flat_map(|loaded| &loaded.rules);
        let of_run = |rule: &&Arc<Rule>| matches!(rule.check, Check::Event(kind) if kind.of_run());
        let rules = self.knowledge.catalogue.rules.iter().chain(traps).filter(|r| !of_run(r));
        let rules: Vec<_> = rules.filter(|r| self.chosen(&r.id)).cloned().collect();
        select(&rules, &self.packs, overrides, holds)
    }

    /// Is a rule one of those that `--select` and `--ignore` leave?
    pub(super) fn chosen(&self, rule: &str) -> bool {
        self.chosen.as_ref().is_none_or(|list| list.contains(rule)) && !self.ignored.contains(rule)
    }

    /// The rules about what a run is governed by, as packs select them.
    pub(super) fn select_house(&self, packs: &[Arc<Pack>]) -> Policy {
        let rules = self.knowledge.catalogue.rules.iter().filter(|r| self.chosen(&r.id));
        select(&rules.cloned().collect::<Vec<_>>(), packs, &self.config.rules, &|_| None)
    }

    /// The pack that holds where none is named.
    pub(super) fn default_pack(&self) -> Option<Arc<Pack>> {
        let text = embedded("rules/packs/baseline.toml")?;
        let document = parsed("rules/packs/baseline.toml", text);
        load_pack(&document, &self.knowledge.facts.vocabulary, &self.knowledge.catalogue).ok()?.map(Arc::new)
    }

    /// What rules came to so far on deployments of a platform.
    pub(super) fn memo(&self, platform: usize) -> Option<Arc<Memo>> {
        let make = || {
            let loaded = self.knowledge.platform(platform).ok()?;
            Some(Arc::new(Memo::new(
                &self.policy(Some(platform)),
                &self.knowledge.facts,
                &loaded.platform,
                self.options.brief,
            )))
        };
        self.memos.get(platform)?.get_or_init(make).clone()
    }
}
