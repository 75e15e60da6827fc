//! What to write to make a fact better: the values laid over a deployment, and the lines for people.

use super::codec::{Base, Decoded};
use super::definition::{Mend, MendValue, Setting, Target};
use super::deployment::Deployment;
use super::path::find;
use super::read::Written;
use crate::condition::Evaluation;
use crate::fact::{Reading, Record, Value, Word};
use crate::syntax::{Format, Kind, NodeId, Style};
use crate::text::Span;
use std::collections::HashMap;
use std::fmt::Write as _;

/// One change of a plan.
#[derive(Clone, Debug)]
pub struct Change {
    /// The path for people.
    pub shown: Word,
    /// The new text as it is written in the file; `None`: the key goes.
    pub text: Option<String>,
    /// The document it goes to.
    pub document: Option<u32>,
    /// The written scalar that it replaces.
    pub replaces: Option<Span>,
    /// The keys from the root, and how many of them are written.
    pub keys: Vec<String>,
    /// How many of `keys` are written.
    pub present: usize,
    /// The deepest written key.
    pub near: Option<Span>,
}

/// A mend made ready for one deployment.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Values to lay over the deployment.
    pub overlay: HashMap<u32, Option<Value>>,
    /// Values to lay over fields of records.
    pub fields: HashMap<(u32, u32, NodeId), Value>,
    /// The changes, in the order of the mend.
    pub changes: Vec<Change>,
    /// What a person must still do.
    pub text: Option<String>,
    /// It may be applied unasked.
    pub safe: bool,
}

impl Plan {
    /// Is there nothing to write, only words?
    pub fn text_alone(&self) -> bool {
        self.changes.is_empty()
    }
}

impl Deployment<'_> {
    /// Makes a mend ready; `None` if it is not for this qualifier, or cannot be written.
    pub fn plan(
        &self,
        mend: &Mend,
        qualifiers: &[Option<Word>],
        wanted: Option<&Value>,
        witnesses: &[Record],
    ) -> Option<Plan> {
        if let Some(list) = &mend.qualifiers {
            let named = |q: &Word| list.contains(q) || list.iter().any(|w| **w == *without_keys(q));
            if !qualifiers.iter().all(|q| q.as_ref().is_some_and(named)) {
                return None;
            }
        }
        let it = qualifiers.first().cloned().flatten().map(Value::Word);
        if mend.when.as_ref().is_some_and(|when| !Evaluation::of(when, self, it).is_true()) {
            return None;
        }
        let mut plan = Plan { text: mend.text.as_deref().map(str::to_owned), safe: mend.safe, ..Plan::default() };
        for (target, value) in &mend.set {
            match *target {
                Target::Setting(ix) => {
                    let setting = self.platform()?.setting(ix)?;
                    if !self.has_home(setting) {
                        return None;
                    }
                    let (value, text) = self.spell(setting, value, wanted, mend.usual.as_ref())?;
                    plan.changes.push(self.change(ix, setting, Some(text)));
                    plan.overlay.insert(ix, Some(value));
                }
                Target::Field(ix) => {
                    let setting = self.platform()?.setting(ix)?;
                    for record in
                        witnesses.iter().filter(|r| Some(r.list) == setting.list && r.document != Record::CONSTANT)
                    {
                        let (value, text) = self.spell(setting, value, wanted, mend.usual.as_ref())?;
                        plan.changes.push(self.field_change(setting, record, text));
                        plan.fields.insert((ix, record.document, record.node), value);
                    }
                    if plan.fields.is_empty() {
                        return None;
                    }
                }
            }
        }
        for ix in &mend.unset {
            let setting = self.platform()?.setting(*ix)?;
            if self.raw(*ix).written != Written::No {
                plan.changes.push(self.change(*ix, setting, None));
            }
            plan.overlay.insert(*ix, None);
        }
        self.plan_lists(mend, &mut plan)?;
        Some(plan)
    }

    /// Is there a file that the setting could stand in?
    fn has_home(&self, setting: &Setting) -> bool {
        let (Some(layers), Some(platform)) = (&setting.layers, self.platform()) else { return true };
        let kinds: Vec<usize> = layers.iter().filter_map(|n| platform.layers.get(*n)).map(|l| l.document).collect();
        self.sheets().iter().any(|s| kinds.contains(&s.kind))
    }

    fn plan_lists(&self, mend: &Mend, plan: &mut Plan) -> Option<()> {
        let mut lists: Vec<u32> = mend.add.iter().chain(&mend.remove).map(|(ix, _)| *ix).collect();
        lists.dedup();
        for ix in lists {
            let setting = self.platform()?.setting(ix)?;
            let current = self.setting(ix);
            let mut items: Vec<Value> = match current.known() {
                Some(Value::List(items)) => items.iter().filter_map(|r| r.known().cloned()).collect(),
                _ => return None,
            };
            for (_, value) in mend.add.iter().filter(|(s, _)| *s == ix) {
                if !items.contains(value) {
                    items.push(value.clone());
                }
            }
            items.retain(|v| !mend.remove.iter().any(|(s, r)| *s == ix && r == v));
            let value = Value::List(items.into_iter().map(Reading::known_value).collect());
            let text = setting.codec.encode(&value)?;
            plan.changes.push(self.change(ix, setting, Some(text)));
            plan.overlay.insert(ix, Some(value));
        }
        Some(())
    }

    /// The value to write and its spelling, which reads back as it.
    fn spell(
        &self,
        setting: &Setting,
        value: &MendValue,
        wanted: Option<&Value>,
        usual: Option<&Value>,
    ) -> Option<(Value, String)> {
        let candidates: Vec<&Value> = match value {
            MendValue::Literal(v) => vec![v],
            MendValue::Wanted => wanted.into_iter().chain(usual).collect(),
        };
        candidates.into_iter().find_map(|v| {
            let text = setting.codec.encode(v)?;
            if matches!(setting.codec, Base::List { .. }) {
                return Some((v.clone(), text));
            }
            let plain = matches!(self.read_back(&setting.codec, &text, Style::Plain), Some(back) if back == *v)
                && is_plain(&text);
            if plain {
                return Some((v.clone(), text));
            }
            let quoted = matches!(self.read_back(&setting.codec, &text, Style::DoubleQuoted), Some(back) if back == *v);
            quoted.then(|| (v.clone(), format!("\"{text}\"")))
        })
    }

    fn read_back(&self, codec: &Base, text: &str, style: Style) -> Option<Value> {
        match codec.read_text(text, style, self.dialect(0)) {
            Decoded::Value(value, None) => Some(value),
            _ => None,
        }
    }

    fn change(&self, ix: u32, setting: &Setting, text: Option<String>) -> Change {
        let raw = self.raw(ix);
        let place = raw.place.and_then(|n| self.place(n));
        let keys: Vec<String> = setting.path.keys().map(str::to_owned).collect();
        let document = place.as_ref().and_then(|p| p.document).or(Some(0));
        let mut present = 0;
        let mut near = None;
        if let Some(doc) = document.and_then(|d| self.document(d)) {
            let found = find(doc, doc.root, &setting.path.0);
            present = found.ancestor.map_or(0, |(_, depth)| depth);
            near = found.ancestor.map(|(span, _)| span);
        }
        let replaces = raw.node.and_then(|(d, node, _)| {
            let doc = self.document(d)?;
            let node = doc.node(node);
            let shared = place.as_ref().is_some_and(|p| p.shared);
            (matches!(node.kind, Kind::Scalar { .. }) && !node.span.is_empty() && !shared && node.hole.is_none())
                .then_some(node.span)
        });
        Change { shown: Word::clone(&setting.shown), text, document, replaces, keys, present, near }
    }

    fn field_change(&self, setting: &Setting, record: &Record, text: String) -> Change {
        let doc = self.document(record.document);
        let found = doc.map(|d| find(d, record.node, &setting.path.0));
        let hit = found.as_ref().and_then(|f| f.hits.first());
        let replaces = doc.zip(hit).and_then(|(doc, hit)| {
            let node = doc.node(hit.node);
            (matches!(node.kind, Kind::Scalar { .. }) && !node.span.is_empty() && hit.alias.is_none())
                .then_some(node.span)
        });
        let near = doc.map(|d| super::path::first_place(d, record.node));
        let keys = setting.path.keys().map(str::to_owned).collect();
        Change {
            shown: Word::from(format!("{}.{}", self.record_names(record).0, setting.shown)),
            text: Some(text),
            document: Some(record.document),
            replaces,
            keys,
            present: usize::from(hit.is_some()),
            near,
        }
    }

    /// The lines for people: which setting, what value, where.
    pub fn help(&self, plan: &Plan) -> String {
        let mut out = String::new();
        let mut missing: Vec<&Change> = Vec::new();
        for change in &plan.changes {
            let shown = &change.shown;
            match (&change.text, change.replaces) {
                (Some(text), Some(_)) => line(&mut out, &format!("set `{shown}` to `{text}`")),
                (Some(text), None)
                    if change.present == change.keys.len()
                        || self.format(change) != Some(Format::Yaml)
                        || shown.contains('[') =>
                {
                    line(&mut out, &format!("set `{shown}` to `{text}`"));
                }
                (Some(_), None) => missing.push(change),
                (None, _) => line(
                    &mut out,
                    &format!("take out `{shown}`{}", self.line_near(change).map_or_else(String::new, |l| format!(" (line {l})"))),
                ),
            }
        }
        self.additions(&mut out, &missing);
        if let Some(text) = &plan.text {
            line(&mut out, text);
        }
        out
    }

    /// The line of the deepest written key.
    fn line_near(&self, change: &Change) -> Option<u32> {
        Some(self.document(change.document?)?.source.line_of(change.near?.start))
    }

    fn format(&self, change: &Change) -> Option<Format> {
        change.document.and_then(|d| self.document(d)).map(|d| d.format)
    }

    /// Missing keys, grouped by the section they go into, as lines to paste.
    fn additions(&self, out: &mut String, missing: &[&Change]) {
        let mut done: Vec<usize> = Vec::new();
        for (n, change) in missing.iter().enumerate() {
            if done.contains(&n) {
                continue;
            }
            let parent = change.keys.get(..change.present).unwrap_or_default();
            let path =
                change.document.and_then(|d| self.document(d)).map(|d| d.source.path().to_owned()).unwrap_or_default();
            match (parent, self.line_near(change)) {
                ([], _) => line(out, &format!("add to {path}")),
                (parent, Some(at)) => line(out, &format!("add under `{}` (line {at})", parent.join("."))),
                (parent, None) => line(out, &format!("add under `{}`", parent.join("."))),
            }
            let mut open: Vec<&str> = Vec::new();
            for (m, other) in missing.iter().enumerate().skip(n) {
                if other.document != change.document
                    || other.keys.get(..other.present) != Some(parent)
                    || done.contains(&m)
                {
                    continue;
                }
                done.push(m);
                let rest: Vec<&str> = other.keys.iter().skip(other.present).map(String::as_str).collect();
                let shared =
                    open.iter().zip(&rest).take_while(|(a, b)| a == b).count().min(rest.len().saturating_sub(1));
                for (depth, key) in rest.iter().enumerate().skip(shared) {
                    let value = if depth + 1 == rest.len() {
                        format!(" {}", other.text.as_deref().unwrap_or_default())
                    } else {
                        String::new()
                    };
                    line(out, &format!("{}{}:{value}", "  ".repeat(depth + 1), yaml_key(key)));
                }
                open = rest;
            }
        }
    }
}

/// A path with the keys of its items taken out: `oidc_providers[].client_secret`.
fn without_keys(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

fn line(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = write!(out, "{text}");
}

fn yaml_key(key: &str) -> String {
    if key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        key.to_owned()
    } else {
        format!("\"{key}\"")
    }
}

/// May a text stand without quotes in YAML?
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && !text.starts_with(['-', '.'])
}
