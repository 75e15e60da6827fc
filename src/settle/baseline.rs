//! The baseline: the findings that were there when hushlint was adopted, one entry a member, each with the value that
//! it had then.

mod merge;
mod value;
mod write;

pub use merge::{Merged, Rename, adopt, prune, renames, update};
pub use value::{Compared, compare};
pub use write::{text, write};

use crate::fact::{DataError, Item, Problems, Table};
use crate::syntax::{Document, Format, Kind, Limits, Style, parse};
use crate::text::{Source, Span};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// The format of baseline files that this program writes, and the newest it reads.
pub const FORMAT: usize = 1;

/// A finding that was there.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Entry {
    /// The deployment's id.
    pub deployment: String,
    /// The rule.
    pub rule: String,
    /// The fact that decided; `None` where it was a setting.
    pub fact: Option<String>,
    /// The setting's path, where no fact decided.
    pub setting: Option<String>,
    /// What tells it apart from others of the rule.
    pub qualifier: Option<String>,
    /// The value of the fact or setting then; null where it was not known, or is a secret.
    pub value: Json,
    /// Further facts that decided, with their values.
    pub also: Vec<(String, Json)>,
    /// The rule that stood for it.
    pub with: Option<String>,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Where it stands in the file.
    pub span: Span,
}

impl Entry {
    /// What it is about.
    pub fn about(&self) -> &str {
        self.fact.as_deref().or(self.setting.as_deref()).unwrap_or_default()
    }

    /// The order of the file: what belongs together stands together, and merges well.
    pub fn order(&self) -> (&str, &str, &str, &str, &str) {
        (&self.deployment, &self.rule, self.about(), self.qualifier.as_deref().unwrap_or_default(), &self.fingerprint)
    }
}

/// A baseline, read.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The file.
    pub source: Arc<Source>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    by_print: HashMap<String, usize>,
    by_deployment: HashMap<String, Vec<usize>>,
}

impl Baseline {
    /// Reads a baseline file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<DataError>> {
        let source = Arc::new(Source::new(path, text));
        let document = parse(&source, Format::Toml, &Limits::default());
        let problems = Problems::new(&source);
        for error in &document.errors {
            problems.error_with(error.span, error.message.clone(), error.help.clone());
        }
        if !problems.is_empty() {
            return Err(problems.into_errors());
        }
        let entries = read_entries(&document, &problems);
        let mut out =
            Self { source: Arc::clone(&source), entries, by_print: HashMap::new(), by_deployment: HashMap::new() };
        for (n, entry) in out.entries.iter().enumerate() {
            if let Some(first) = out.by_print.insert(entry.fingerprint.clone(), n) {
                let other = out.entries.get(first).map(|e| e.span).unwrap_or_default();
                problems.conflict(entry.span, "two entries are about one finding", other, "the first one is here");
            }
            out.by_deployment.entry(entry.deployment.clone()).or_default().push(n);
        }
        if problems.is_empty() { Ok(out) } else { Err(problems.into_errors()) }
    }

    /// The entry of a fingerprint, by its place.
    pub fn find(&self, fingerprint: &str) -> Option<(usize, &Entry)> {
        let n = *self.by_print.get(fingerprint)?;
        Some((n, self.entries.get(n)?))
    }

    /// The entries of a deployment, by their places.
    pub fn of_deployment(&self, id: &str) -> &[usize] {
        self.by_deployment.get(id).map_or(&[], Vec::as_slice)
    }
}

fn read_entries(document: &Document, problems: &Problems) -> Vec<Entry> {
    let mut out = Vec::new();
    let Some(top) = Item::top(document, problems).table() else { return out };
    if let Some(item) = top.need("format") {
        match item.integer() {
            Some(FORMAT) | None => {}
            Some(newer) if newer > FORMAT => {
                let message = format!("this baseline has format {newer}; this hushlint reads format {FORMAT}");
                let help = "a newer hushlint wrote it: use that one, or write the baseline anew";
                problems.error_with(item.span(), message, Some(help.to_owned()));
                // What follows may mean something else.
                return out;
            }
            Some(_) => problems.error(item.span(), "formats begin with 1"),
        }
    }
    for item in top.get("finding").map(|i| i.list()).unwrap_or_default() {
        out.extend(item.table().map(|t| read_entry(t, problems)));
    }
    top.finish();
    out
}

fn read_entry(t: Table<'_>, problems: &Problems) -> Entry {
    let span = t.peek("rule").map_or(t.span(), |i| i.span());
    let mut also = Vec::new();
    if let Some(table) = t.get("also").and_then(|i| i.table()) {
        also.extend(table.entries().map(|(name, item)| (name.to_owned(), json_of(&item))));
    }
    let fingerprint = t.need_text("fingerprint");
    if let Some(item) = t.peek("fingerprint").filter(|_| !is_print(&fingerprint)) {
        problems.error(item.span(), "a fingerprint has 16 hexadecimal digits");
    }
    let entry = Entry {
        deployment: t.need_text("deployment"),
        rule: t.need_text("rule"),
        fact: t.text("fact"),
        setting: t.text("setting"),
        qualifier: t.text("qualifier"),
        value: t.get("value").map(|i| json_of(&i)).unwrap_or_default(),
        also,
        with: t.text("with"),
        fingerprint,
        span,
    };
    t.finish();
    entry
}

fn is_print(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
}

/// A value of TOML as one of JSON. Dates, which no value is written as, are texts.
fn json_of(item: &Item<'_>) -> Json {
    match item.kind() {
        Kind::Scalar { text, style: Style::Bool } => Json::from(&**text == "true"),
        Kind::Scalar { text, style: Style::Number } => serde_json::from_str(&text.replace('_', "")).unwrap_or_default(),
        Kind::Scalar { text, .. } => Json::from(&**text),
        Kind::Seq(_) => Json::Array(item.items().iter().map(json_of).collect()),
        Kind::Map(_) => match item.table() {
            Some(t) => Json::Object(t.entries().map(|(k, v)| (k.to_owned(), json_of(&v))).collect()),
            None => Json::Null,
        },
    }
}

#[cfg(test)]
mod tests;
