//! What a vendor makes of a node: holes, special texts, codecs, what is implausible.

use super::codec::{Base, Decoded, Meaning, positional};
use super::definition::Special;
use super::deployment::Deployment;
use super::dialect::{Dialect, Native, native};
use super::event::EventKind;
use super::path::{Path, find};
use super::site::{Root, Site};
use crate::fact::{Duration, Reading, Reason, Record, Unknown, Value, Word, join};
use crate::syntax::{Document, Kind, Node, NodeId, Style};
use std::sync::Arc;

/// What a node comes to.
pub(super) enum Interpreted {
    /// A value.
    Value(Reading),
    /// The default applies.
    Absent,
    /// As if it were not written here.
    Next,
}

impl Deployment<'_> {
    /// Reads a node as a setting.
    pub(super) fn interpret(&self, site: &Site<'_>) -> Interpreted {
        let node = site.doc.node(site.hit.node);
        if let Some(reading) = filled_in_later(site, node) {
            return Interpreted::Value(reading);
        }
        if let Kind::Scalar { text, style } = &node.kind
            && let Some(out) = self.special(site, text, *style)
        {
            return out;
        }
        let scalar = !matches!(site.reader.base, Base::Section | Base::Records { .. } | Base::List { .. });
        if scalar && site.setting.has_children && !matches!(node.kind, Kind::Scalar { .. }) {
            // What stands below are settings of their own.
            return Interpreted::Next;
        }
        match &site.reader.base {
            Base::Section => {
                let empty = matches!(&node.kind, Kind::Map(e) if e.is_empty())
                    || matches!(&node.kind, Kind::Seq(e) if e.is_empty());
                match site.reader.special(&Special::Empty).filter(|_| empty) {
                    Some(meaning) => self.mean(site, meaning, "it is empty"),
                    None => Interpreted::Value(Reading::truth(true)),
                }
            }
            Base::Records { mixed } => self.records(site, *mixed),
            base => {
                let decoded = base.decode(site.doc, site.hit.node, self.dialect(site.d));
                self.decoded(site, decoded)
            }
        }
    }

    /// Null, booleans and texts that have their own meaning here.
    fn special(&self, site: &Site<'_>, text: &str, style: Style) -> Option<Interpreted> {
        let dialect = self.dialect(site.d);
        let reader = site.reader;
        match native(text, style, dialect) {
            Native::Null => {
                let section = matches!(reader.base, Base::Section);
                let meaning = reader.special(&Special::Null);
                let dropped = matches!(meaning, None | Some(Meaning::Absent | Meaning::Next));
                if dialect == Dialect::Lua && style == Style::Plain && dropped {
                    let why =
                        format!("the name `{text}` has no value, so nothing is set; a text stands between quotes");
                    self.event(EventKind::WithoutEffect, site, why, None);
                }
                return Some(match meaning {
                    Some(meaning) => self.mean(site, meaning, "nothing is written"),
                    None if section => Interpreted::Value(Reading::truth(true)),
                    None => Interpreted::Absent,
                });
            }
            Native::Bool(b) => {
                if let Some(meaning) = reader.special(if b { &Special::True } else { &Special::False }) {
                    return Some(self.mean(site, meaning, "a boolean is written"));
                }
            }
            _ => {}
        }
        let meant = |key: &Special| match key {
            // What is no text to the dialect, such as `0`, is only meant unquoted.
            Special::Text(t) => **t == *text && (!style.is_text() || is_text(t, dialect)),
            _ => false,
        };
        let (_, meaning) = reader.special.iter().find(|(key, _)| meant(key))?;
        Some(self.mean(site, meaning, "the vendor does not take this value"))
    }

    fn decoded(&self, site: &Site<'_>, decoded: Decoded) -> Interpreted {
        let class = |value: &Value| match value {
            Value::Duration(Duration::None) => Some(Special::Zero),
            Value::Number(n) if *n == 0.0 => Some(Special::Zero),
            Value::Number(n) if *n < 0.0 => Some(Special::Negative),
            Value::Word(w) if w.is_empty() => Some(Special::Empty),
            Value::List(items) if items.is_empty() => Some(Special::Empty),
            _ => None,
        };
        match decoded {
            Decoded::Value(value, surprise) => {
                if let Some(meaning) = class(&value).and_then(|c| site.reader.special(&c)) {
                    return self.mean(site, meaning, "the vendor does not take this value");
                }
                if let Some(why) = surprise {
                    self.event(EventKind::Misread, site, why, Some(value.words()));
                } else {
                    self.plausible(site, &value);
                }
                Interpreted::Value(Reading::known_value(value))
            }
            Decoded::Negative => {
                let meaning = site.reader.special(&Special::Negative).cloned().unwrap_or(Meaning::Refused);
                self.mean(site, &meaning, "it is negative")
            }
            Decoded::NoSecret(why) => Interpreted::Value(Reading::not_applicable(why)),
            Decoded::Rejected(why) => {
                match &site.reader.invalid {
                    Meaning::Literal(value) => self.event(EventKind::Misread, site, why.as_str(), Some(value.words())),
                    Meaning::Absent | Meaning::Next => self.event(EventKind::WithoutEffect, site, why.as_str(), None),
                    Meaning::Refused => {}
                }
                self.mean(site, &site.reader.invalid, &why)
            }
        }
    }

    /// Less than anybody would want: most likely another unit was meant.
    fn plausible(&self, site: &Site<'_>, value: &Value) {
        let (Value::Duration(d), Some(Value::Duration(least))) = (value, &site.reader.plausible) else { return };
        if !d.length_cmp(*least).is_lt() {
            return;
        }
        let unitless = matches!(&site.doc.node(site.hit.node).kind, Kind::Scalar { text, .. } if text.trim().bytes().all(|b| b.is_ascii_digit() || b == b'_'));
        let why = match &site.reader.base {
            _ if *d == Duration::None => "that is at once, not never",
            Base::Duration { bare: Some(1), .. } if unitless => "a number without a unit counts milliseconds",
            _ => "this is less than anybody would want",
        };
        self.event(EventKind::Misread, site, why, Some(value.words()));
    }

    fn mean(&self, site: &Site<'_>, meaning: &Meaning, why: &str) -> Interpreted {
        match meaning {
            Meaning::Literal(value) => Interpreted::Value(Reading::known_value(value.clone())),
            Meaning::Absent => Interpreted::Absent,
            Meaning::Next => Interpreted::Next,
            Meaning::Refused => {
                self.event(EventKind::Refused, site, why, None);
                Interpreted::Value(Reading::unknown("the vendor refuses what is written", Reason::Refused))
            }
        }
    }

    fn records(&self, site: &Site<'_>, mixed: bool) -> Interpreted {
        let Site { ix, setting, root, d, doc, hit, .. } = *site;
        let parent = match root {
            Root::Record(record) => Some(Arc::new(record.clone())),
            Root::Layers => None,
        };
        let made = |node, key: Word, index: Option<u32>| {
            Reading::known_value(Value::Record(Arc::new(Record {
                list: ix,
                document: d,
                node,
                key,
                index,
                parent: parent.clone(),
            })))
        };
        let named = |node: NodeId, n: usize| match &setting.key {
            Some(field) if field != "_key" => text_of(doc, node, field).unwrap_or_else(|| Word::from(n.to_string())),
            _ => Word::from(n.to_string()),
        };
        let map = |node: &NodeId| matches!(&doc.node(*node).kind, Kind::Map(_)) || doc.node(*node).hole.is_some();
        if mixed {
            let maps = positional(doc, hit.node).enumerate().filter(|(_, node)| map(node));
            let items = maps.map(|(n, node)| made(node, named(node, n), u32::try_from(n).ok()));
            return self.decoded(site, Decoded::Value(Value::List(items.collect()), None));
        }
        let nodes: Vec<NodeId> = match &doc.node(hit.node).kind {
            Kind::Seq(items) => items.iter().map(|i| i.value).collect(),
            Kind::Map(entries) if setting.path.over_entries() => entries.iter().map(|e| e.value).collect(),
            _ => Vec::new(),
        };
        if let Some(n) = nodes.iter().position(|node| !map(node)) {
            let why = match &doc.node(hit.node).kind {
                Kind::Map(entries) => entries.get(n).map(|e| format!("`{}` must hold a map", e.key)),
                _ => None,
            };
            let why = why.unwrap_or_else(|| format!("item {} of the list must be a map", n + 1));
            return self.decoded(site, Decoded::Rejected(why));
        }
        let items: Vec<Reading> = match &doc.node(hit.node).kind {
            Kind::Seq(items) => {
                items.iter().enumerate().map(|(n, i)| made(i.value, named(i.value, n), u32::try_from(n).ok())).collect()
            }
            Kind::Map(entries) if setting.path.over_entries() => {
                entries.iter().map(|e| made(e.value, Word::from(&*e.key), None)).collect()
            }
            Kind::Map(entries) if entries.is_empty() => Vec::new(),
            Kind::Map(_) => vec![made(hit.node, named(hit.node, 0), None)],
            Kind::Scalar { .. } => return self.decoded(site, Decoded::Rejected("a list is needed".into())),
        };
        self.decoded(site, Decoded::Value(Value::List(items.into()), None))
    }
}

/// What a template or variable fills in is not known; a secret filled in so is kept elsewhere.
fn filled_in_later(site: &Site<'_>, node: &Node) -> Option<Reading> {
    // A secret that is named here and kept elsewhere is no secret of this file, also where its text is at hand.
    if node.filled && site.reader.is_secret() {
        return Some(Reading::known_value(Value::Word(Word::from("external"))));
    }
    if node.hole.is_none() && node.tag.is_none() || matches!(site.reader.base, Base::Section) {
        return None;
    }
    if site.reader.is_secret() {
        let external = Reading::known_value(Value::Word(Word::from("external")));
        let written = node.hole.as_ref().and_then(|h| h.default.as_ref());
        let stands_in = written.map(|text| site.reader.base.read_text(text, Style::DoubleQuoted, Dialect::Typed));
        return match (stands_in, &node.kind) {
            (_, Kind::Seq(_)) => None,
            // The secret that stands in for the variable is written down.
            (Some(Decoded::Value(value, _)), _) if value.word().is_some_and(|w| **w != *"external") => {
                let why = Unknown {
                    why: Arc::from("a variable may take the place of what is written"),
                    kind: Reason::Templated,
                    by: None,
                    candidates: None,
                };
                Some(join(&[external, Reading::known_value(value)], Some(&Arc::new(why))))
            }
            _ => Some(external),
        };
    }
    let why = match node.hole.as_ref().and_then(|h| h.default.as_ref()) {
        Some(default) => format!("a template or variable fills it in; `{default}` stands for it where it is not set"),
        None => "a template or variable fills it in".to_owned(),
    };
    Some(Reading::unknown(why, Reason::Templated))
}

/// The text of a field, for naming a record.
fn text_of(doc: &Arc<Document>, node: NodeId, field: &str) -> Option<Word> {
    let path = Path::parse(field).ok()?;
    match &doc.node(find(doc, node, &path.0).hits.first()?.node).kind {
        Kind::Scalar { text, .. } if !text.is_empty() => Some(Word::from(&**text)),
        _ => None,
    }
}

fn is_text(text: &str, dialect: Dialect) -> bool {
    if dialect == Dialect::Lua {
        // There a text is one by its quotes; only a number reads the same without them.
        return native(text, Style::Number, dialect) == Native::Text;
    }
    native(text, Style::Plain, dialect) == Native::Text
}
