//! One file of a configuration.

use super::{Described, Scoped, deployment, rules, waive};
use crate::fact::{DataError, Item, Problems, Table};
use crate::lint::knowledge::{Knowledge, parsed};
use crate::rule::{Override, Pin, Severity};
use crate::settle::Waiver;
use crate::text::{Source, Span};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A configuration in a folder below the one that governs the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// Its folder, from that of the governing one.
    pub folder: String,
    /// Its path for people.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What a file is in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It governs the run.
    Main,
    /// Another one starts from it.
    Extended,
    /// It is for a folder.
    Nested(String),
}

/// Keys of a configuration, and whether files that others start from, and those of folders, may hold them.
const KEYS: [(&str, bool, bool); 10] = [
    ("packs", true, false),
    ("fail-on", true, false),
    ("exclude", true, true),
    ("rules", true, true),
    ("override", true, true),
    ("waive", true, true),
    ("deployment", false, false),
    ("baseline", false, false),
    ("extends", false, false),
    ("nested", false, false),
];

/// A file that another one starts from.
#[derive(Clone, Debug)]
pub(super) struct Extends {
    pub name: String,
    pub pin: Option<Pin>,
    pub span: Span,
}

impl Extends {
    /// What is wrong with a text, if it is not the one that is pinned.
    pub fn differs(&self, text: &str) -> Option<(String, String)> {
        let hash: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        match &self.pin {
            None => None,
            Some(Pin::Edition(_)) => Some((
                "a configuration has no editions".to_owned(),
                format!("pin its content: `{}@sha256:{hash}`", self.name),
            )),
            Some(pin) => {
                pin.differs(&self.name, 0, &hash).map(|(message, help)| (message.replace("pack", "file"), help))
            }
        }
    }
}

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub packs: Option<Vec<(String, Arc<Source>, Span)>>,
    pub fail_on: Option<Severity>,
    pub exclude: Vec<String>,
    pub rules: HashMap<String, Override>,
    pub overrides: Vec<Scoped>,
    pub deployments: Vec<Described>,
    pub waivers: Vec<Waiver>,
    pub baseline: Option<String>,
    pub extends: Vec<Extends>,
    pub nested: bool,
    pub origins: BTreeMap<String, String>,
}

impl Layer {
    /// Reads a file; the problems take further ones about it.
    pub fn read(
        path: &str,
        text: &str,
        kind: &Kind,
        knowledge: &Knowledge,
    ) -> Result<(Self, Problems), Vec<DataError>> {
        let document = parsed(path, text);
        let problems = Problems::new(&document.source);
        for error in &document.errors {
            problems.error_with(error.span, error.message.clone(), error.help.clone());
        }
        let out = Item::top(&document, &problems).table().map(|t| Self::of(t, kind, knowledge)).unwrap_or_default();
        if problems.is_empty() { Ok((out, problems)) } else { Err(problems.into_errors()) }
    }

    fn of(t: Table<'_>, kind: &Kind, knowledge: &Knowledge) -> Self {
        let problems = t.problems();
        let mut out = Self::default();
        for (key, item) in t.entries() {
            let allowed = |(_, extended, nested): &(&str, bool, bool)| match kind {
                Kind::Main => true,
                Kind::Extended => *extended,
                Kind::Nested(_) => *nested,
            };
            if KEYS.iter().any(|known| known.0 == key && !allowed(known)) {
                let what = if *kind == Kind::Extended { "a file that others start from" } else { "a folder's file" };
                let help = "write it into the configuration that governs the run".to_owned();
                problems.error_with(item.key_span, format!("`{key}` has no place in {what}"), Some(help));
            }
        }
        let source = problems.source();
        if let Some(item) = t.get("packs") {
            out.origins.insert("packs".to_owned(), place(&item));
            let one = |pack: &Item<'_>| pack.text().map(|p| (p.to_owned(), Arc::clone(source), pack.span()));
            out.packs = Some(item.list().iter().filter_map(one).collect());
        }
        if let Some(item) = t.get("fail-on") {
            out.origins.insert("fail-on".to_owned(), place(&item));
            out.fail_on = rules::severity(&item, &["error", "warning", "note"]);
        }
        let exclude = t.get("exclude");
        for item in exclude.iter().filter(|i| i.is_list()).flat_map(Item::items) {
            let glob = item.scalar().map(|(text, _)| within(text, kind));
            out.origins.extend(glob.map(|glob| (format!("exclude {glob}"), place(&item))));
        }
        out.exclude = globs(exclude, kind);
        let own = rules::read(t.get("rules"), knowledge, "rules.", &mut out.origins);
        match kind {
            // What a folder's file says of rules is said for that folder.
            Kind::Nested(folder) if !own.is_empty() => {
                let at = t.peek("rules").map(|i| place(&i)).unwrap_or_default();
                let origins = std::mem::take(&mut out.origins);
                let moved = |(key, at_value): (String, String)| match key.strip_prefix("rules.") {
                    Some(rest) => (format!("override {at} {rest}"), at_value),
                    None => (key, at_value),
                };
                out.origins = origins.into_iter().map(moved).collect();
                out.overrides.push(Scoped { files: vec![format!("{folder}/**")], rules: own, at });
            }
            _ => out.rules = own,
        }
        for item in t.get("override").map(|i| i.list()).unwrap_or_default() {
            out.overrides.extend(rules::read_scoped(&item, kind, knowledge, &mut out.origins));
        }
        for item in t.get("deployment").map(|i| i.list()).unwrap_or_default() {
            out.deployments.extend(deployment::read(&item, knowledge));
        }
        for item in t.get("waive").map(|i| i.list()).unwrap_or_default() {
            out.waivers.extend(waive::read(&item, kind, knowledge));
        }
        if let Some(item) = t.get("baseline") {
            out.origins.insert("baseline".to_owned(), place(&item));
            out.baseline = below(&item).map(str::to_owned);
        }
        for item in t.get("extends").iter().flat_map(Item::items) {
            let named = below(&item).map(Pin::split);
            out.extends.extend(named.map(|(name, pin)| Extends { name: name.to_owned(), pin, span: item.span() }));
        }
        if let Some(nested) = t.get("nested").and_then(|i| i.table()) {
            out.nested = nested.boolean("allow", false);
            nested.finish();
        }
        t.finish();
        out
    }
}

/// A place as `hushlint.toml:12`.
pub(super) fn place(item: &Item<'_>) -> String {
    let source = item.problems.source();
    format!("{}:{}", source.path(), source.line_of(item.span().start))
}

/// A path or glob that stays below the configuration's folder; an error otherwise.
fn below<'d>(item: &Item<'d>) -> Option<&'d str> {
    let path = item.text()?;
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\', '~']) || drive || path.split(['/', '\\']).any(|part| part == "..") {
        let help = "paths start at the folder of the configuration, and stay below it";
        item.problems.error_with(item.span(), "this leads out of the configuration's folder", Some(help.to_owned()));
        return None;
    }
    Some(path)
}

/// A glob of a folder's file starts at that folder.
fn within(glob: &str, kind: &Kind) -> String {
    match kind {
        Kind::Nested(folder) => format!("{folder}/{}", glob.strip_prefix("./").unwrap_or(glob)),
        _ => glob.to_owned(),
    }
}

/// A list of globs.
pub(super) fn globs(item: Option<Item<'_>>, kind: &Kind) -> Vec<String> {
    let items = item.map(|i| i.list()).unwrap_or_default();
    items.iter().filter_map(|i| below(i).map(|glob| within(glob, kind))).collect()
}
