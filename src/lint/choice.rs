//! `--select` and `--ignore`: some of the rules that the packs select.

use super::knowledge::{Knowledge, loose_error};
use crate::fact::{DataError, nearest};
use crate::rule::Pack;
use std::collections::HashSet;
use std::sync::Arc;

/// The rules that some words stand for: rules by id, all of a theme by its name. `None`: there are no words.
pub(super) fn chosen(
    words: &[String],
    option: &str,
    knowledge: &Knowledge,
    packs: &[Arc<Pack>],
) -> Result<Option<HashSet<String>>, Vec<DataError>> {
    if words.is_empty() {
        return Ok(None);
    }
    let catalogue = &knowledge.catalogue;
    let themes: Vec<(&str, &str)> = catalogue
        .rules
        .iter()
        .map(|r| (r.theme.as_str(), r.id.as_str()))
        .chain(catalogue.vendor.iter().map(|(r, _)| (r.theme.as_str(), r.id.as_str())))
        .collect();
    let mut out = HashSet::new();
    let mut errors = Vec::new();
    for word in words {
        let of_theme: Vec<&str> = themes.iter().filter(|(theme, _)| theme == word).map(|(_, id)| *id).collect();
        if !of_theme.is_empty() {
            out.extend(of_theme.into_iter().map(str::to_owned));
            continue;
        }
        let Some(id) = catalogue.resolve(word) else {
            let valid = catalogue.names().chain(themes.iter().map(|(theme, _)| *theme));
            let help = match nearest(word, valid) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`hushlint rules` lists rules and themes".to_owned(),
            };
            errors.push(loose_error(option, word, format!("`{word}` is neither a rule nor a theme"), Some(help)));
            continue;
        };
        let in_packs = packs.iter().any(|p| p.selects.iter().any(|s| s.rule == id));
        if option == "--select" && !in_packs {
            let help = format!("`hushlint explain {id}` tells which packs do; `--pack NAME` adds one");
            errors.push(loose_error(option, word, format!("no pack of this run selects `{id}`"), Some(help)));
        }
        out.insert(id.to_owned());
    }
    if errors.is_empty() { Ok(Some(out)) } else { Err(errors) }
}
