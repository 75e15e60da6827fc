//! Where a mend goes, and how a value is spelt there.

use super::codec::{Base, Decoded, LoneText};
use super::definition::{MendValue, Setting};
use super::deployment::Deployment;
use super::keys::shown;
use super::mend::{Addition, Change};
use super::path::Path;
use super::place::PlaceOrigin;
use super::read::Written;
use super::reader::Reader;
use crate::fact::{Reading, Record, Value, Word};
use crate::syntax::{Document, Format, Kind, NodeId, Shape, Style};
use crate::text::Span;
use std::sync::Arc;

/// A place that a setting is to be written at.
pub(super) struct Target<'s> {
    /// The path for people.
    shown: Word,
    /// The path from the root of its layer, or from its record.
    path: &'s Path,
    /// How it is read there.
    reader: &'s Reader,
    /// The document.
    d: u32,
    /// Where the path begins.
    root: NodeId,
    /// The path begins at a record.
    of_record: bool,
    /// The node that is written already, if it may be replaced.
    node: Option<NodeId>,
}

/// How a set of variables spells one of them.
enum Spelling {
    /// `NAME=value`, with what may stand before it.
    Assigned(&'static str),
    /// `NAME: "value"`
    Entry,
    /// `- name: NAME` and `value: "value"`
    Named,
}

impl Deployment<'_> {
    /// Where a setting is written, or would be; `None` where no file can hold it.
    pub(super) fn target<'s>(&self, ix: u32, setting: &'s Setting) -> Option<Target<'s>> {
        let raw = self.raw(ix);
        let written = raw.node.zip(raw.way).filter(|_| raw.written != Written::No);
        let platform = self.platform()?;
        let (d, (layer, spelling), root, node) = match written {
            Some(((d, node, _), way)) => {
                let roots = self.layer_roots(platform.layers.get(way.0)?, d);
                // The one below which the node stands.
                let holds = |root: &&NodeId| {
                    let path = setting.way(way.0, way.1).map(|w| &w.path.0);
                    let found = path.zip(self.document(d)).map(|(path, doc)| self.find(d, doc, **root, path));
                    found.is_some_and(|f| f.hits.iter().any(|h| h.node == node))
                };
                (d, way, roots.iter().find(holds).or(roots.last()).copied()?, Some(node))
            }
            None => {
                let home = self.home(setting)?;
                (home.d, (home.layer, 0), home.root, None)
            }
        };
        let way = setting.way(layer, spelling)?;
        let shared = raw.place.and_then(|n| self.place(n)).is_some_and(|p| p.shared && p.origin == PlaceOrigin::Set);
        let own = way.path == &setting.path;
        Some(Target {
            shown: if own { Word::clone(&setting.shown) } else { Word::from(shown(way.path)) },
            path: way.path,
            reader: self.reads(way.readers, setting),
            d,
            root,
            of_record: false,
            node: node.filter(|_| !shared),
        })
    }

    /// Where a field of a record is written, or would be.
    pub(super) fn field_target<'s>(&self, setting: &'s Setting, record: &Record) -> Target<'s> {
        let found =
            self.document(record.document).map(|doc| self.find(record.document, doc, record.node, &setting.path.0));
        let hit = found.and_then(|f| f.hits.first().filter(|h| h.alias.is_none()).map(|h| h.node));
        Target {
            shown: Word::from(format!("{}.{}", self.record_names(record).0, setting.shown)),
            path: &setting.path,
            reader: self.reads(&setting.readers, setting),
            d: record.document,
            root: record.node,
            of_record: true,
            node: hit,
        }
    }

    /// Every place at which a list is written that layers make up together.
    pub(super) fn written_lists<'s>(&self, setting: &'s Setting) -> Vec<Target<'s>> {
        let mut out = Vec::new();
        let Some(platform) = self.platform() else { return out };
        let asked = self.layers_asked(setting);
        for (n, layer) in platform.layers.iter().enumerate().filter(|(n, _)| asked.contains(*n)) {
            let Some(way) = setting.way(n, 0).filter(|_| self.in_force(n, layer)) else { continue };
            for (sheet, d) in self.sheets().iter().zip(0..).filter(|(s, _)| Some(s.kind) == layer.document()) {
                for root in self.layer_roots(layer, d) {
                    let found = self.find(d, &sheet.document, root, &way.path.0);
                    out.extend(found.hits.last().map(|hit| Target {
                        shown: Word::clone(&setting.shown),
                        path: way.path,
                        reader: self.reads(way.readers, setting),
                        d,
                        root,
                        of_record: false,
                        node: Some(hit.node),
                    }));
                }
            }
        }
        out
    }

    /// The items that are written at a place.
    pub(super) fn items_at(&self, target: &Target<'_>) -> Vec<Value> {
        let Some((doc, node)) = self.document(target.d).zip(target.node) else { return Vec::new() };
        match target.reader.base.decode(doc, node, self.dialect(target.d)) {
            Decoded::Value(Value::List(items), _) => items.iter().filter_map(|r| r.known().cloned()).collect(),
            _ => Vec::new(),
        }
    }

    /// The change of a list at a place that has these items now.
    pub(super) fn list_change(
        &self,
        setting: &Setting,
        target: &Target<'_>,
        own: Vec<Value>,
        (add, remove): (&[Value], &[Value]),
    ) -> Option<Change> {
        let words = |list: &[Value]| -> Option<Vec<String>> { list.iter().map(|v| target.item(v)).collect() };
        let node = self.document(target.d).zip(target.node).map(|(doc, node)| doc.node(node));
        if node.is_some_and(|node| matches!(node.kind, Kind::Seq(_))) {
            let gone: Vec<Value> = remove.iter().filter(|v| own.contains(v)).cloned().collect();
            let items = (words(add)?, words(&gone)?);
            return Some(Change { items, ..self.change(setting, target, None) });
        }
        let all = own.into_iter().filter(|v| !remove.contains(v)).chain(add.iter().cloned());
        let list = Value::List(all.map(Reading::known_value).collect());
        let (_, text) = self.spell(target, &MendValue::Literal(list), None, None)?;
        Some(self.change(setting, target, Some(text)))
    }

    /// The value to write and its spelling, which reads back as it.
    pub(super) fn spell(
        &self,
        target: &Target<'_>,
        value: &MendValue,
        wanted: Option<&Value>,
        usual: Option<&Value>,
    ) -> Option<(Value, String)> {
        let candidates: Vec<&Value> = match value {
            MendValue::Literal(v) => vec![v],
            MendValue::Wanted => wanted.into_iter().chain(usual).collect(),
        };
        let doc = self.document(target.d)?;
        candidates.into_iter().find_map(|v| Some((v.clone(), self.spelt(target, doc, v)?)))
    }

    /// A value as its document spells it: what reads back as the same.
    fn spelt(&self, target: &Target<'_>, doc: &Arc<Document>, value: &Value) -> Option<String> {
        let codec = &target.reader.base;
        if let (Base::List { of, text, .. }, Value::List(items)) = (codec, value) {
            let words: Option<Vec<String>> = items.iter().map(|i| i.known().and_then(|v| of.encode(v))).collect();
            return match (doc.format, text, words?) {
                (Format::Env, LoneText::Separator(separator), words) => Some(words.join(separator)),
                (Format::Env, LoneText::Single, words) => <[String; 1]>::try_from(words).ok().map(|[word]| word),
                (Format::Env, ..) => None,
                (format, _, words) => {
                    let words = words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(", ");
                    Some(if format == Format::Lua { format!("{{ {words} }}") } else { format!("[{words}]") })
                }
            };
        }
        // Where a boolean is a word, it may be another one than `true`.
        let word = match (codec, value) {
            (Base::Bool { yes, .. }, Value::Bool(true)) => yes.first(),
            (Base::Bool { no, .. }, Value::Bool(false)) => no.first(),
            _ => None,
        };
        codec.encode(value).into_iter().chain(word.cloned()).find_map(|text| self.scalar(target, doc, value, text))
    }

    /// A scalar in the style in which it reads back as the value.
    fn scalar(&self, target: &Target<'_>, doc: &Arc<Document>, value: &Value, text: String) -> Option<String> {
        let (codec, dialect) = (&target.reader.base, self.dialect(target.d));
        let reads =
            |style| matches!(codec.read_text(&text, style, dialect), Decoded::Value(back, None) if back == *value);
        let bare = match doc.format {
            Format::Env => return reads(Style::Plain).then_some(text),
            Format::Json | Format::Toml | Format::Lua => {
                let number = text.parse::<f64>().is_ok() && reads(Style::Number);
                number || matches!(text.as_str(), "true" | "false") && reads(Style::Bool)
            }
            Format::Yaml => is_plain(&text) && reads(Style::Plain),
        };
        if bare {
            return Some(text);
        }
        reads(Style::DoubleQuoted).then(|| quoted(&text))
    }

    /// The change of a setting at a place; `text`: what is written, `None` takes it out.
    pub(super) fn change(&self, setting: &Setting, target: &Target<'_>, text: Option<String>) -> Change {
        let mut keys: Vec<String> = target.path.keys().map(str::to_owned).collect();
        let Some(doc) = self.document(target.d) else {
            return Change {
                shown: Word::clone(&setting.shown),
                text,
                document: Some(target.d),
                replaces: None,
                keys,
                present: 0,
                near: None,
                addition: None,
                items: Default::default(),
            };
        };
        let found = self.find(target.d, doc, target.root, &target.path.0);
        let place = found.ancestor;
        let written = target.node.map(|node| doc.node(node));
        let scalar = |node: &&crate::syntax::Node| {
            matches!(node.kind, Kind::Scalar { .. }) && !node.span.is_empty() && node.hole.is_none()
        };
        let replaces = written.filter(scalar).map(|node| node.span);
        let (mut text, mut addition) = (text, None);
        if doc.format == Format::Env {
            let style = self.variables(target.d, doc, replaces);
            let name = keys.first().cloned().unwrap_or_default();
            let line = |text: &str| Addition { to: self.beside_variables(target.d), text: style.line(&name, text) };
            addition = text.as_deref().map(line);
            text = text.map(|text| style.value(&text));
            keys.truncate(1);
        }
        if doc.format == Format::Lua && place.is_none() && !target.of_record {
            let line = |text: &str| Addition { to: self.spot(target, doc), text: assignment(&keys, text) };
            addition = text.as_deref().map(line);
        }
        let near = place.map(|(span, _)| span);
        let near = near.or_else(|| target.of_record.then(|| super::path::first_place(doc, target.root)));
        Change {
            shown: Word::clone(&target.shown),
            text,
            document: Some(target.d),
            replaces,
            present: place.map_or(0, |(_, depth)| depth),
            keys,
            near,
            addition,
            items: Default::default(),
        }
    }

    /// The file of a set of variables, and where in it they stand.
    fn beside_variables(&self, d: u32) -> String {
        let sheet = self.sheets().get(d as usize);
        let path = sheet.map(|s| s.document.source.path()).unwrap_or_default();
        match sheet.map(|s| &*s.address).unwrap_or_default() {
            "" => format!("to {path}"),
            address => format!("to `{address}` in {path}"),
        }
    }

    /// Where a statement goes: into its section, or above the first section, which would take it for its own.
    fn spot(&self, target: &Target<'_>, doc: &Document) -> String {
        let path = doc.source.path();
        let opens = |node: NodeId| {
            let span = doc.node(node).span;
            let first = doc.source.slice(span).lines().next().unwrap_or_default().trim_end();
            (doc.source.line_of(span.start), first.to_owned())
        };
        if target.root != self.root(target.d) {
            let (line, opening) = opens(target.root);
            return format!("to {path} below `{opening}` (line {line})");
        }
        let kind = self.sheets().get(target.d as usize).map(|s| s.kind);
        let kind = kind.zip(self.platform()).and_then(|(k, p)| p.documents.get(k));
        let names = kind.map_or(&[][..], |k| &k.statements.sections);
        let sections = names.iter().flat_map(|name| doc.top_entries(name)).flat_map(|e| doc.node(e.value).items());
        match sections.map(|item| item.value).min_by_key(|node| doc.node(*node).span.start) {
            Some(first) => {
                let (line, opening) = opens(first);
                format!("to {path} above `{opening}` (line {line})")
            }
            None => format!("to {path}"),
        }
    }

    /// How a document of variables spells them: as the one that is replaced, else as its first.
    fn variables(&self, d: u32, doc: &Document, replaces: Option<Span>) -> Spelling {
        let text = doc.source.text();
        let before = |at: u32| text.get(..at as usize).unwrap_or_default();
        let first = match &doc.root_node().kind {
            Kind::Map(entries) => entries.first(),
            _ => None,
        };
        let value = replaces.or_else(|| first.map(|e| doc.node(e.value).span).filter(|s| !s.is_empty()));
        let shape = self.sheets().get(d as usize).map_or(Shape::Plain, |s| s.shape);
        let assigned = value.is_some_and(|v| before(v.start).ends_with('='));
        match shape {
            Shape::Plain | Shape::Dotenv => {
                let key = first.map(|e| e.key_span.start).unwrap_or_default();
                let exported = before(key).trim_end().ends_with("export");
                Spelling::Assigned(if exported { "export " } else { "" })
            }
            Shape::Compose | Shape::Kubernetes if assigned => Spelling::Assigned("- "),
            Shape::Compose | Shape::Kubernetes => {
                let named = first
                    .is_some_and(|e| before(e.key_span.start).trim_end_matches([' ', '"', '\'']).ends_with("name:"));
                if named { Spelling::Named } else { Spelling::Entry }
            }
        }
    }
}

impl Target<'_> {
    /// An item of a list as it is written here.
    fn item(&self, value: &Value) -> Option<String> {
        match &self.reader.base {
            Base::List { of, .. } => of.encode(value).map(|text| quoted(&text)),
            _ => None,
        }
    }
}

impl Spelling {
    /// The value as it replaces another.
    fn value(&self, text: &str) -> String {
        match self {
            Spelling::Assigned("- ") => text.to_owned(),
            Spelling::Assigned(_) if text.chars().all(|c| c.is_alphanumeric() || "_-./:,@%+".contains(c)) => {
                text.to_owned()
            }
            _ => quoted(text),
        }
    }

    /// The line of a variable that is not written yet.
    fn line(&self, name: &str, text: &str) -> String {
        let value = self.value(text);
        match self {
            Spelling::Assigned(before) => format!("{before}{name}={value}"),
            Spelling::Entry => format!("{name}: {value}"),
            Spelling::Named => format!("- name: {name}\n  value: {value}"),
        }
    }
}

/// A statement that sets a variable, or a field of a table that is not written.
fn assignment(keys: &[String], text: &str) -> String {
    let Some((first, rest)) = keys.split_first() else { return text.to_owned() };
    let word = |key: &str| {
        let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if plain && !key.starts_with(|c: char| c.is_ascii_digit()) {
            key.to_owned()
        } else {
            format!("[{}]", quoted(key))
        }
    };
    let inner = rest.iter().rev().fold(text.to_owned(), |text, key| format!("{{ {} = {text} }}", word(key)));
    format!("{first} = {inner}")
}

/// In double quotes, as JSON, TOML, YAML and Lua take it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// May a text stand without quotes in YAML?
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && !text.starts_with(['-', '.'])
}
