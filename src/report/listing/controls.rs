//! A framework: its controls, the rules behind each, and the controls that no rule answers to.

use super::Shelf;
use super::lists::heading;
use crate::fact::nearest;
use crate::report::Table;
use crate::report::envelope::{Envelope, json as line};
use crate::report::look::Look;
use crate::report::words::{count, paragraph};
use crate::rule::{Control, Framework};
use serde_json::json as object;

/// The framework of a name; otherwise what may have been meant.
pub fn find_framework(shelf: &Shelf, name: &str) -> Result<Framework, String> {
    let all = shelf.frameworks();
    if let Some(at) = all.iter().position(|f| f.id == name) {
        return all.into_iter().nth(at).ok_or_else(String::new);
    }
    let names = || all.iter().map(|f| f.id.as_str());
    Err(match nearest(name, names()) {
        Some(near) => format!("there is no framework `{name}`; did you mean `{near}`?"),
        None => format!("there is no framework `{name}`; there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// The rules that name a control.
fn rules_behind(shelf: &Shelf, framework: &Framework, control: &Control) -> Vec<String> {
    let name = format!("{}:{}", framework.id, control.id);
    let mut out: Vec<String> = Vec::new();
    let traps = shelf.platforms();
    let traps = traps.iter().flat_map(|loaded| loaded.rules.iter());
    for rule in shelf.knowledge.catalogue.rules.iter().chain(traps) {
        if rule.controls.contains(&name) && !out.contains(&rule.id) {
            out.push(rule.id.clone());
        }
    }
    out
}

/// The page.
pub fn framework(shelf: &Shelf, framework: &Framework, look: &Look) -> String {
    let mut out = heading(look, &[&framework.id, &framework.title, &framework.version]);
    let behind: Vec<(&Control, Vec<String>)> =
        framework.controls.iter().map(|c| (c, rules_behind(shelf, framework, c))).collect();
    let mut table = Table::new(0, 2).at_most(&[26, 60, 60]);
    for (control, rules) in behind.iter().filter(|(_, rules)| !rules.is_empty()) {
        table.row([control.id.clone(), control.title.clone(), rules.join(", ")]);
    }
    table.write(&mut out, look.columns().min(140));
    let bare: Vec<&Control> = behind.iter().filter(|(_, rules)| rules.is_empty()).map(|(c, _)| *c).collect();
    if !bare.is_empty() {
        out.push_str("\nNo rule answers to\n\n");
        let mut table = Table::new(2, 2).at_most(&[26, 100]);
        bare.iter().for_each(|c| table.row([c.id.clone(), c.title.clone()]));
        table.write(&mut out, look.columns().min(140));
    }
    out.push('\n');
    let words = format!(
        "{}, {} with a rule behind it. The titles are our words and no legal advice; the text is at {}.",
        count(behind.len(), "control"),
        behind.len() - bare.len(),
        framework.url
    );
    paragraph(&mut out, "", 0, 0, &words, look.columns());
    out
}

/// The page as JSON.
pub fn framework_json(shelf: &Shelf, framework: &Framework) -> String {
    let mut controls = Vec::new();
    let mut bare = Vec::new();
    for control in &framework.controls {
        let rules = rules_behind(shelf, framework, control);
        if rules.is_empty() {
            bare.push(line(&object!(control.id)));
        }
        controls.push(line(&object!({
            "id": control.id, "title": control.title, "url": control.url, "rules": rules,
        })));
    }
    let mut out = String::new();
    let mut object = Envelope::begin(&mut out);
    let own = object!({
        "id": framework.id, "title": framework.title, "version": framework.version, "url": framework.url,
    });
    object.list("frameworks", vec![line(&own)]);
    object.list("controls", controls);
    object.list("uncovered", bare);
    object.end();
    out
}
