//! Knowledge of their own for tests: a platform and rules in place of what is built in, over the same vocabulary.

use super::{Entry, Knowledge, Loaded, parsed};
use crate::fact::{DataError, Vocabulary};
use crate::platform::{Facts, load, load_head};
use crate::rule::{Catalogue, Pack, load_pack, read_vendor_rules};
use std::sync::{Arc, OnceLock};

/// The built-in vocabulary, and nothing else.
pub(in crate::lint) fn bare() -> Knowledge {
    let text = super::embedded("rules/vocabulary.toml").unwrap_or_default();
    let vocabulary = Vocabulary::load(&parsed("rules/vocabulary.toml", text));
    let facts = vocabulary.and_then(Facts::new).unwrap_or_else(|e| panic!("{}", e[0].message));
    Knowledge { facts, catalogue: Catalogue::default(), platforms: Vec::new() }
}

/// That vocabulary with one platform file and one file of rules, of which the pack is given too.
pub(in crate::lint) fn with(platform: &str, rules: &str) -> Result<(Knowledge, Option<Pack>), Vec<DataError>> {
    let mut knowledge = bare();
    let rules = parsed("rules.toml", rules);
    knowledge.catalogue.add(&rules, &knowledge.facts.vocabulary)?;
    let mut errors = knowledge.catalogue.check();
    let pack = load_pack(&rules, &knowledge.facts.vocabulary, &knowledge.catalogue)?;
    let document = parsed("platform.toml", platform);
    let head = load_head(&document)?;
    let platform = load(&document, &knowledge.facts.vocabulary)?;
    let vendor: Vec<_> = knowledge.catalogue.vendor.iter().map(|(rule, _)| rule).collect();
    match read_vendor_rules(&rules, &vendor, &knowledge.facts.vocabulary, &platform.names) {
        Ok(rules) => {
            let loaded = OnceLock::from(Ok(Arc::new(Loaded { platform, rules })));
            knowledge.platforms.push(Entry { head, path: "", loaded });
        }
        Err(more) => errors.extend(more),
    }
    if errors.is_empty() { Ok((knowledge, pack)) } else { Err(errors) }
}
