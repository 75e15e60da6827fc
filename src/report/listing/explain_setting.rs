//! A setting's page.

use super::Shelf;
use super::explain::{Page, pairs};
use super::lists::{envelope, heading};
use super::raw::{cases, settings_in, with_top, written};
use crate::fact::Item;
use crate::lint::Loaded;
use crate::platform::Setting;
use crate::report::envelope::json as line;
use crate::report::look::Look;
use serde_json::json as object;
use std::sync::Arc;

/// What the platform's file says of a setting.
struct Told {
    loaded: Arc<Loaded>,
    index: u32,
    default: Vec<String>,
    facts: Vec<String>,
    needs: Vec<(String, String)>,
}

impl Told {
    fn setting(&self) -> Option<&Setting> {
        self.loaded.platform.setting(self.index)
    }

    fn confirmed(&self) -> String {
        let platform = &self.loaded.platform;
        match self.setting().and_then(|s| s.verified.as_deref()) {
            Some("") => "the default is not confirmed".to_owned(),
            Some(release) => format!("{} {release}", platform.name),
            None => format!("{} {}", platform.name, platform.verified),
        }
    }
}

fn told(shelf: &Shelf, platform: &str, id: &str) -> Option<Told> {
    let loaded = shelf.knowledge.platform(shelf.knowledge.find_platform(platform)?).ok()?;
    let platform = &loaded.platform;
    let index = platform.find(id)?;
    let mut told =
        Told { loaded: Arc::clone(&loaded), index, default: Vec::new(), facts: Vec::new(), needs: Vec::new() };
    with_top(&platform.document, |top| {
        let table = |name: &str| top.peek(name).and_then(|i| i.table());
        let own = table("setting").and_then(|t| t.peek(id)).filter(Item::is_table).and_then(|i| i.table());
        told.default = own.and_then(|t| t.peek("absent")).map(|i| cases(&i)).unwrap_or_default();
        // A fact may follow from a setting through a shared expression of the platform's.
        let through: Vec<String> = table("context")
            .map(|t| {
                t.entries()
                    .filter(|(_, i)| settings_in(&written(i), platform).contains(&index))
                    .map(|(n, _)| format!("context.{n}"))
                    .collect()
            })
            .unwrap_or_default();
        for (fact, item) in table("fact").iter().flat_map(crate::fact::Table::entries) {
            let text = written(&item);
            if settings_in(&text, platform).contains(&index) || through.iter().any(|name| text.contains(name.as_str()))
            {
                told.facts.push(fact.to_owned());
            }
        }
        let gates = top.peek("gate").map(|i| i.items()).unwrap_or_default();
        for (number, gate) in gates.iter().filter_map(Item::table).enumerate() {
            if platform.gates_of.get(index as usize).is_some_and(|gates| gates.contains(&number)) {
                let get = |key: &str| gate.peek(key).map(|i| written(&i)).unwrap_or_default();
                told.needs.push((get("needs"), get("because")));
            }
        }
    });
    Some(told)
}

/// The page.
pub fn text(shelf: &Shelf, platform: &str, id: &str, look: &Look) -> String {
    let Some(told) = told(shelf, platform, id) else { return String::new() };
    let platform = &told.loaded.platform;
    let Some(setting) = told.setting() else { return String::new() };
    let mut out = heading(look, &[&format!("{}:{}", platform.id, setting.id), &platform.name]);
    let mut page = Page::new();
    page.add("Key", [setting.shown.to_string()]);
    page.add("Holds", [if setting.is_secret() { "a secret".to_owned() } else { setting.ty.name() }]);
    page.add("Default", if told.default.is_empty() { vec!["not known".to_owned()] } else { told.default.clone() });
    page.add("Since", setting.since.iter().map(ToString::to_string));
    page.add("Until", setting.until.iter().map(ToString::to_string));
    page.add("Inert", setting.inert.iter().map(AsRef::as_ref));
    page.add("Needs", told.needs.iter().map(|(needs, because)| format!("{needs}: {because}")));
    page.add("Checked", [told.confirmed()]);
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let facts: Vec<(String, Vec<String>)> = told
        .facts
        .iter()
        .map(|f| (f.clone(), vocabulary.find(f).map(|ix| vocabulary.fact(ix).title.clone()).into_iter().collect()))
        .collect();
    page.add("Facts", pairs(&facts));
    page.add("Page", [platform.docs_of(setting)]);
    page.write(&mut out, look);
    out
}

/// The page as JSON.
pub fn json(shelf: &Shelf, platform: &str, id: &str) -> String {
    let Some(told) = told(shelf, platform, id) else { return String::new() };
    let platform = &told.loaded.platform;
    let Some(setting) = told.setting() else { return String::new() };
    let page = object!({
        "kind": "setting", "platform": platform.id, "id": setting.id, "key": setting.shown.to_string(),
        "type": if setting.is_secret() { "a secret".to_owned() } else { setting.ty.name() },
        "default": told.default,
        "since": setting.since.as_ref().map(ToString::to_string), "until": setting.until.as_ref().map(ToString::to_string),
        "inert": setting.inert.as_deref(), "verified": told.confirmed(), "facts": told.facts,
        "needs": told.needs.iter().map(|(needs, because)| object!({ "condition": needs, "because": because })).collect::<Vec<_>>(),
        "url": platform.docs_of(setting),
    });
    envelope("explained", vec![line(&page)])
}
