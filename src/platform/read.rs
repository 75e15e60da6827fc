//! Reading a setting: layers, special texts, codecs, defaults, gates.

use super::case::{evaluate, step};
use super::codec::{Base, Decoded, Meaning};
use super::definition::{Setting, Special};
use super::deployment::Deployment;
use super::dialect::{Dialect, Native, native};
use super::event::{Event, EventKind};
use super::keys::shown;
use super::path::{Found, Hit, Path, Segment, find, first_place};
use super::place::{Place, PlaceOrigin};
use crate::condition::Evaluation;
use crate::fact::{Duration, Reading, Reason, Record, State, Trail, Type, Unknown, Value, Word, join};
use crate::syntax::{Document, Kind, NodeId};
use crate::text::Span;
use std::rc::Rc;
use std::sync::Arc;

/// Is a setting written in a layer that is in force?
#[derive(Clone, PartialEq, Debug)]
pub enum Written {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Only if a template comes out so.
    Maybe,
}

/// A setting before its gates.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Its value.
    pub reading: Reading,
    /// Is it written?
    pub written: Written,
    /// Its place.
    pub place: Option<u32>,
    /// The node, where one was found.
    pub node: Option<(u32, NodeId)>,
}

/// What a node comes to.
enum Interpreted {
    Value(Reading),
    Absent,
    Next,
}

/// Where a setting is read from: the whole deployment, or one record.
#[derive(Copy, Clone)]
enum Root<'r> {
    Layers,
    Record(&'r Record),
}

impl Deployment<'_> {
    /// The effective value of a setting, after its gates.
    pub fn setting(&self, ix: u32) -> Reading {
        let limit = self.gate_limit.borrow().iter().rev().find(|(s, _)| *s == ix).map(|(_, g)| *g);
        if limit.is_none() {
            if let Some(reading) = self.final_cache.borrow().get(ix as usize).cloned().flatten() {
                return reading;
            }
        }
        if limit.is_none() && self.busy.borrow().contains(&ix) {
            return Reading::unknown("it depends on itself", Reason::Stated);
        }
        self.busy.borrow_mut().push(ix);
        let raw = self.raw(ix);
        let reading = self.gated(ix, &raw, limit);
        self.busy.borrow_mut().pop();
        if limit.is_none() {
            if let Some(slot) = self.final_cache.borrow_mut().get_mut(ix as usize) {
                *slot = Some(reading.clone());
            }
        }
        reading
    }

    /// `has(setting.x)`.
    pub(super) fn written(&self, ix: u32) -> Reading {
        let raw = self.raw(ix);
        let mut out = match raw.written {
            Written::Yes => Reading::truth(true),
            Written::Maybe => Reading::unknown("a template decides whether it is written", Reason::Templated),
            Written::No => match self.elsewhere(ix) {
                Some(unknown) => Reading::of_unknown(unknown),
                None => Reading::truth(false),
            },
        };
        out.from = raw.place.map(step).into_iter().collect();
        out
    }

    /// The place of a setting, for `at`.
    pub(super) fn setting_place(&self, ix: u32) -> Trail {
        self.raw(ix).place.map(step).into_iter().collect()
    }

    /// A setting before its gates.
    pub(super) fn raw(&self, ix: u32) -> Rc<Raw> {
        if let Some(raw) = self.raw.borrow().get(ix as usize).cloned().flatten() {
            return raw;
        }
        let raw = Rc::new(match self.platform.and_then(|p| p.setting(ix)) {
            Some(setting) => self.read(ix, setting, Root::Layers),
            None => Raw { reading: Reading::unknown("no such setting", Reason::NotRead), written: Written::No, place: None, node: None },
        });
        if let Some(slot) = self.raw.borrow_mut().get_mut(ix as usize) {
            *slot = Some(Rc::clone(&raw));
        }
        raw
    }

    fn raw_field(&self, record: &Record, field: u32) -> Rc<Raw> {
        let key = (field, record.document, record.node);
        if let Some(raw) = self.raw_fields.borrow().get(&key).cloned() {
            return raw;
        }
        let raw = Rc::new(match self.platform.and_then(|p| p.setting(field)) {
            Some(setting) => self.read(field, setting, Root::Record(record)),
            None => Raw { reading: Reading::unknown("no such field", Reason::NotRead), written: Written::No, place: None, node: None },
        });
        self.raw_fields.borrow_mut().insert(key, Rc::clone(&raw));
        raw
    }

    pub(super) fn node_of_field(&self, record: &Record, field: u32) -> Option<(u32, NodeId)> {
        self.raw_field(record, field).node
    }

    pub(super) fn field_value(&self, record: &Record, field: u32) -> Reading {
        self.raw_field(record, field).reading.clone()
    }

    pub(super) fn field_written(&self, record: &Record, field: u32) -> Reading {
        let raw = self.raw_field(record, field);
        let mut out = match raw.written {
            Written::Maybe => Reading::unknown("a template decides whether it is written", Reason::Templated),
            ref w => Reading::truth(*w == Written::Yes),
        };
        out.from = raw.place.map(step).into_iter().collect();
        out
    }

    fn read(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Raw {
        if let Some(raw) = self.overlay(ix, setting, root) {
            return raw;
        }
        for path in std::iter::once(&setting.path).chain(&setting.also) {
            match root {
                Root::Record(record) => {
                    let Some(doc) = self.document(record.document).cloned() else { continue };
                    let found = find(&doc, record.node, &path.0);
                    if let Some(raw) = self.take(ix, setting, root, record.document, &doc, &found) {
                        return raw;
                    }
                }
                Root::Layers => {
                    if let Some(raw) = self.look_through(ix, setting, path) {
                        return raw;
                    }
                }
            }
        }
        let place = self.anchor(setting, root);
        let covered = matches!(root, Root::Layers).then(|| self.elsewhere(ix)).flatten();
        let reading = match covered {
            Some(unknown) => {
                let mut out = Reading::of_unknown(unknown);
                out.from.extend(place.map(step));
                out
            }
            None => self.absent(ix, setting, root, place),
        };
        Raw { reading, written: Written::No, place, node: None }
    }

    fn overlay(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Option<Raw> {
        let value = match root {
            Root::Layers => self.input.overlay.get(&ix)?.clone(),
            Root::Record(r) => Some(self.input.field_overlay.get(&(ix, r.document, r.node))?.clone()),
        };
        let place = self.anchor(setting, root);
        Some(match value {
            Some(value) => {
                let mut reading = Reading::known_value(value);
                reading.from.extend(place.map(step));
                Raw { reading, written: Written::Yes, place, node: None }
            }
            None => Raw { reading: self.absent(ix, setting, root, place), written: Written::No, place, node: None },
        })
    }

    /// Asks one path in every layer allowed, highest first.
    fn look_through(&self, ix: u32, setting: &Setting, path: &Path) -> Option<Raw> {
        let platform = self.platform?;
        for (n, layer) in platform.layers.iter().enumerate() {
            if setting.layers.as_ref().is_some_and(|allowed| !allowed.contains(&n)) {
                continue;
            }
            let mut hidden_by: Option<(u32, Span)> = None;
            for (d, sheet) in self.input.sheets.iter().enumerate().rev().filter(|(_, s)| s.kind == layer.document) {
                let d = u32::try_from(d).unwrap_or(u32::MAX);
                let doc = &sheet.document;
                let found = find(doc, doc.root, &path.0);
                if let Some((by, span)) = hidden_by {
                    if let Some(hit) = found.hits.first() {
                        self.shadowed(ix, setting, d, doc, hit, by, span);
                    }
                    continue;
                }
                if let Some(raw) = self.take(ix, setting, Root::Layers, d, doc, &found) {
                    return Some(raw);
                }
                if layer.shallow && path.0.len() > 1 {
                    // This file holds the first segment, so everything below it in lower files is hidden.
                    let first = find(doc, doc.root, path.0.get(..1).unwrap_or_default());
                    hidden_by = first.hits.first().map(|h| (d, h.key));
                }
            }
            if hidden_by.is_some() {
                return None;
            }
        }
        None
    }

    #[allow(clippy::too_many_arguments)]
    fn shadowed(&self, ix: u32, setting: &Setting, d: u32, doc: &Arc<Document>, hit: &Hit, by: u32, span: Span) {
        let place = self.intern(self.written_place(ix, setting, Root::Layers, d, doc, hit));
        let other = self.document(by).map(|d| d.source.path().to_owned()).unwrap_or_default();
        let key = setting.path.first_key().unwrap_or_default();
        self.event(EventKind::Shadowed, place, Some(ix), format!("`{key}` in {other} replaces the whole section"), None);
        if let Some(last) = self.events.borrow_mut().last_mut() {
            last.other = Some((by, span, "this section replaces it"));
        }
    }

    /// Makes a value of what a path led to; `None` goes on looking.
    fn take(&self, ix: u32, setting: &Setting, root: Root<'_>, d: u32, doc: &Arc<Document>, found: &Found) -> Option<Raw> {
        let hit = found.hits.last()?;
        let place = self.intern(self.written_place(ix, setting, root, d, doc, hit));
        let node = Some((d, hit.node));
        if let Some(why) = &setting.inert {
            self.event(EventKind::WithoutEffect, place, Some(ix), Arc::clone(why), None);
            let reading = self.absent(ix, setting, root, Some(place));
            return Some(Raw { reading, written: Written::Yes, place: Some(place), node });
        }
        if let Some(why) = self.out_of_release(setting) {
            self.event(EventKind::WithoutEffect, place, Some(ix), why, None);
            return None;
        }
        let mut parts = Vec::new();
        let mut absent = !found.certain;
        let mut any = false;
        for hit in &found.hits {
            let place = self.intern(self.written_place(ix, setting, root, d, doc, hit));
            match self.interpret(ix, setting, d, doc, hit, place) {
                Interpreted::Value(mut reading) => {
                    reading.from.insert(0, step(place));
                    parts.push(reading);
                    any = true;
                }
                Interpreted::Absent => absent = true,
                Interpreted::Next if found.hits.len() == 1 => return None,
                Interpreted::Next => absent = true,
            }
        }
        if absent {
            parts.push(self.absent(ix, setting, root, Some(place)));
        }
        let templated = Arc::new(Unknown {
            why: Arc::from("a template decides which of these holds"),
            kind: Reason::Templated,
            by: None,
            candidates: None,
        });
        let written = match (any, absent) {
            (true, false) => Written::Yes,
            (true, true) => Written::Maybe,
            (false, _) => Written::No,
        };
        let reading = match parts.len() {
            1 => parts.pop()?,
            _ => join(&parts, Some(&templated)),
        };
        Some(Raw { reading, written, place: Some(place), node })
    }

    /// Why a release does not know a setting, if it is known not to.
    fn out_of_release(&self, setting: &Setting) -> Option<String> {
        let version = self.effective_version()?;
        if let Some(since) = setting.since.as_ref().filter(|s| version < **s) {
            return Some(format!("release {version} does not know it yet; it came with {since}"));
        }
        setting.until.as_ref().filter(|u| version >= **u).map(|until| format!("release {version} no longer knows it; it went with {until}"))
    }

    fn interpret(&self, ix: u32, setting: &Setting, d: u32, doc: &Arc<Document>, hit: &Hit, place: u32) -> Interpreted {
        let node = doc.node(hit.node);
        let dialect = self.dialect(d);
        if node.hole.is_some() || node.tag.is_some() {
            if setting.is_secret() && !matches!(node.kind, Kind::Seq(_)) {
                return Interpreted::Value(Reading::known_value(Value::Word(Word::from("external"))));
            }
            if !matches!(setting.codec, Base::Section) {
                let why = match node.hole.as_ref().and_then(|h| h.default.as_ref()) {
                    Some(_) if setting.is_secret() => "a template or variable fills it in".to_owned(),
                    Some(default) => format!("a template or variable fills it in; `{default}` stands for it where it is not set"),
                    None => "a template or variable fills it in".to_owned(),
                };
                return Interpreted::Value(Reading::unknown(why, Reason::Templated));
            }
        }
        let scalar = match &node.kind {
            Kind::Scalar { text, style } => Some((&**text, *style, native(text, *style, dialect))),
            _ => None,
        };
        if let Some((text, style, native)) = scalar {
            match native {
                Native::Null => {
                    let meaning = setting.special(&Special::Null).cloned();
                    let section = matches!(setting.codec, Base::Section);
                    return match meaning {
                        Some(m) => self.mean(ix, setting, &m, place, "nothing is written"),
                        None if section => Interpreted::Value(Reading::truth(true)),
                        None => Interpreted::Absent,
                    };
                }
                Native::Bool(b) => {
                    if let Some(m) = setting.special(if b { &Special::True } else { &Special::False }).cloned() {
                        return self.mean(ix, setting, &m, place, "a boolean is written");
                    }
                }
                _ => {}
            }
            let special = setting.special.iter().find(|(key, _)| match key {
                // What is no text to the dialect, such as `0`, is only meant unquoted.
                Special::Text(t) => **t == *text && (!style.is_text() || is_text(t, dialect)),
                _ => false,
            });
            if let Some((_, meaning)) = special {
                return self.mean(ix, setting, &meaning.clone(), place, "the vendor does not take this value");
            }
        }
        match &setting.codec {
            Base::Section => {
                let empty = matches!(&node.kind, Kind::Map(e) if e.is_empty()) || matches!(&node.kind, Kind::Seq(e) if e.is_empty());
                match setting.special(&Special::Empty).cloned().filter(|_| empty) {
                    Some(meaning) => self.mean(ix, setting, &meaning, place, "it is empty"),
                    None => Interpreted::Value(Reading::truth(true)),
                }
            }
            Base::Records => self.records(ix, setting, d, doc, hit, place),
            base => {
                let decoded = base.decode(doc, hit.node, dialect);
                self.decoded(ix, setting, decoded, place)
            }
        }
    }

    fn decoded(&self, ix: u32, setting: &Setting, decoded: Decoded, place: u32) -> Interpreted {
        let bare_number = self.place(place).and_then(|p| p.text).is_some_and(|t| t.trim_matches(['"', '\'', ' ']).chars().all(|c| c.is_ascii_digit() || c == '_'));
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
                if let Some(meaning) = class(&value).and_then(|c| setting.special(&c).cloned()) {
                    return self.mean(ix, setting, &meaning, place, "the vendor does not take this value");
                }
                if let Some(why) = surprise {
                    self.event(EventKind::Misread, place, Some(ix), why, Some(value.words()));
                } else if let (Value::Duration(d), Some(Value::Duration(least))) = (&value, &setting.plausible) {
                    if d.length_cmp(*least).is_lt() {
                        let why = match &setting.codec {
                            _ if *d == Duration::None => "that is at once, not never",
                            Base::Duration { bare: Some(1), .. } if bare_number => "a number without a unit counts milliseconds",
                            _ => "this is less than anybody would want",
                        };
                        self.event(EventKind::Misread, place, Some(ix), why, Some(value.words()));
                    }
                }
                Interpreted::Value(Reading::known_value(value))
            }
            Decoded::Negative => match setting.special(&Special::Negative).cloned() {
                Some(meaning) => self.mean(ix, setting, &meaning, place, "it is negative"),
                None => self.mean(ix, setting, &Meaning::Refused, place, "it is negative"),
            },
            Decoded::NoSecret(why) => Interpreted::Value(Reading::not_applicable(why)),
            Decoded::Rejected(why) => {
                let meaning = setting.invalid.clone();
                match &meaning {
                    Meaning::Literal(value) => self.event(EventKind::Misread, place, Some(ix), why.as_str(), Some(value.words())),
                    Meaning::Absent | Meaning::Next => self.event(EventKind::WithoutEffect, place, Some(ix), why.as_str(), None),
                    Meaning::Refused => {}
                }
                self.mean(ix, setting, &meaning, place, &why)
            }
        }
    }

    fn mean(&self, ix: u32, _setting: &Setting, meaning: &Meaning, place: u32, why: &str) -> Interpreted {
        match meaning {
            Meaning::Literal(value) => Interpreted::Value(Reading::known_value(value.clone())),
            Meaning::Absent => Interpreted::Absent,
            Meaning::Next => Interpreted::Next,
            Meaning::Refused => {
                self.event(EventKind::Refused, place, Some(ix), why, None);
                Interpreted::Value(Reading::unknown("the vendor refuses what is written", Reason::Refused))
            }
        }
    }

    fn records(&self, ix: u32, setting: &Setting, d: u32, doc: &Arc<Document>, hit: &Hit, place: u32) -> Interpreted {
        let (base, stable) = self.place(place).map_or_else(|| (Word::from(""), Word::from("")), |p| (p.shown, p.stable));
        let made = |node, key: Word, address: String| {
            let stable = Word::from(format!("{stable}[{key}]"));
            Reading::known_value(Value::Record(Record { list: ix, document: d, node, key, address: Word::from(format!("{base}{address}")), stable }))
        };
        let named = |node: NodeId, n: usize| match &setting.key {
            Some(field) if field != "_key" => self.text_of(doc, node, field).unwrap_or_else(|| Word::from(n.to_string())),
            _ => Word::from(n.to_string()),
        };
        let items: Vec<Reading> = match &doc.node(hit.node).kind {
            Kind::Seq(items) => {
                items.iter().enumerate().map(|(n, i)| made(i.value, named(i.value, n), format!("[{n}]"))).collect()
            }
            Kind::Map(entries) if setting.path.over_entries() => entries
                .iter()
                .map(|e| made(e.value, Word::from(&*e.key), format!(".{}", shown(&Path(vec![Segment::Key(e.key.clone())])))))
                .collect(),
            Kind::Map(entries) if entries.is_empty() => Vec::new(),
            Kind::Map(_) => vec![made(hit.node, named(hit.node, 0), String::new())],
            Kind::Scalar { .. } => return self.decoded(ix, setting, Decoded::Rejected("a list is needed".into()), place),
        };
        self.decoded(ix, setting, Decoded::Value(Value::List(items.into()), None), place)
    }

    /// The text of a field, for naming a record.
    fn text_of(&self, doc: &Arc<Document>, node: NodeId, field: &str) -> Option<Word> {
        let path = Path::parse(field).ok()?;
        match &doc.node(find(doc, node, &path.0).hits.first()?.node).kind {
            Kind::Scalar { text, .. } if !text.is_empty() => Some(Word::from(&**text)),
            _ => None,
        }
    }

    pub(super) fn dialect(&self, d: u32) -> Dialect {
        let kind = self.input.sheets.get(d as usize).map(|s| s.kind);
        match (kind, self.platform) {
            (Some(kind), Some(p)) => p.documents.get(kind).map_or(Dialect::Yaml12, |k| k.dialect),
            _ => Dialect::Typed,
        }
    }

    /// Does what is written differ from what would hold without it?
    pub(super) fn differs_from_default(&self, ix: u32, setting: &Setting) -> bool {
        let without = match &setting.absent {
            Some(cases) => evaluate(self, cases, None, &setting.ty).0,
            None => return true,
        };
        let raw = self.raw(ix);
        match (raw.reading.known(), without.known()) {
            (Some(a), Some(b)) => a != b,
            _ => true,
        }
    }

    fn absent(&self, ix: u32, setting: &Setting, root: Root<'_>, place: Option<u32>) -> Reading {
        let mut reading = match &setting.absent {
            Some(cases) => evaluate(self, cases, None, &setting.ty).0,
            None => match (&setting.codec, &setting.ty) {
                (_, Type::List(_)) => Reading::known_value(Value::List(Vec::new().into())),
                (Base::Section, _) => Reading::truth(false),
                (Base::Secret { .. }, _) => Reading::not_applicable("no such secret is written"),
                _ => Reading::unknown(format!("`{}` is not written, and no default is known", setting.shown), Reason::NotWritten),
            },
        };
        reading.facts.clear();
        let rest = std::mem::take(&mut reading.from);
        reading.from.extend(place.map(step));
        crate::fact::add_steps(&mut reading.from, &rest);
        if let (Some(place), Root::Layers) = (place, root) {
            if let Some(p) = self.places.borrow_mut().get_mut(place).filter(|p| p.origin == PlaceOrigin::Default) {
                p.text = match &reading.state {
                    State::Known(Value::List(_)) => None,
                    State::Known(Value::Word(w)) if w.is_empty() => None,
                    State::Known(value) => Some(default_words(value)),
                    _ => None,
                };
            }
        }
        let _ = ix;
        reading
    }

    /// What no file tells, if this setting belongs to it.
    fn elsewhere(&self, ix: u32) -> Option<Unknown> {
        for (n, rule) in self.platform?.elsewhere.iter().enumerate() {
            if !rule.covers.get(ix as usize).copied().unwrap_or(false) || self.busy_elsewhere.borrow().contains(&n) {
                continue;
            }
            self.busy_elsewhere.borrow_mut().push(n);
            let holds = rule.when.as_ref().map(|when| Evaluation::of(when, self, None));
            self.busy_elsewhere.borrow_mut().pop();
            if holds.is_none_or(|h| h.is_true() || h.as_unknown().is_some()) {
                return Some(Unknown { why: Arc::clone(&rule.because), kind: Reason::Elsewhere, by: rule.by.clone(), candidates: None });
            }
        }
        None
    }

    /// Applies the gates of a setting, up to a limit.
    fn gated(&self, ix: u32, raw: &Raw, limit: Option<usize>) -> Reading {
        let mut reading = raw.reading.clone();
        let Some(platform) = self.platform else { return reading };
        let Some(setting) = platform.setting(ix) else { return reading };
        for n in platform.gates_of.get(ix as usize).into_iter().flatten() {
            if limit.is_some_and(|l| *n >= l) {
                break;
            }
            let Some(gate) = platform.gates.get(*n) else { continue };
            if reading.as_unknown().is_some_and(|u| u.kind == Reason::Refused) {
                break;
            }
            let refuses = gate.otherwise == Some(Meaning::Refused);
            if refuses && raw.written == Written::No {
                continue;
            }
            self.gate_limit.borrow_mut().push((ix, *n));
            let needs = Evaluation::of(&gate.needs, self, None);
            self.gate_limit.borrow_mut().pop();
            if needs.is_true() || needs.is_na() {
                continue;
            }
            let lost = match &gate.otherwise {
                Some(Meaning::Literal(value)) => Reading::known_value(value.clone()),
                Some(Meaning::Refused) => Reading::unknown("the vendor refuses what is written", Reason::Refused),
                _ => {
                    let place = raw.place;
                    let mut r = self.absent(ix, setting, Root::Layers, place);
                    r.from.clear();
                    r
                }
            };
            let written_place = raw.place.filter(|_| raw.written != Written::No);
            if let Some(place) = written_place {
                let unchanged = lost.known().is_some() && (lost.known() == reading.known());
                if refuses {
                    self.event(EventKind::Refused, place, Some(ix), Arc::clone(&gate.because), None);
                } else if !gate.quiet && !unchanged {
                    self.event(EventKind::WithoutEffect, place, Some(ix), Arc::clone(&gate.because), None);
                }
                if refuses || (!gate.quiet && !unchanged) {
                    if let Some(event) = self.events.borrow_mut().last_mut() {
                        event.gate = Some(*n);
                        event.undecided = needs.as_unknown().cloned();
                    }
                }
            }
            let before = reading.from.clone();
            reading = match needs.as_unknown() {
                None => lost,
                Some(unknown) => join(&[reading.clone(), lost], Some(unknown)),
            };
            reading.from = before;
            crate::fact::add_steps(&mut reading.from, &needs.from);
            reading.facts.clear();
        }
        reading
    }

    pub(super) fn event(&self, kind: EventKind, place: u32, setting: Option<u32>, because: impl Into<Arc<str>>, value: Option<String>) {
        self.events.borrow_mut().push(Event {
            kind,
            place,
            setting,
            because: because.into(),
            value,
            gate: None,
            respell: None,
            other: None,
            undecided: None,
        });
    }

    /// The path of a setting for people and for fingerprints.
    fn names(&self, setting: &Setting, root: Root<'_>) -> (Word, Word) {
        match root {
            Root::Layers => (Word::from(setting.shown.as_str()), Word::from(setting.shown.as_str())),
            Root::Record(record) => (
                Word::from(format!("{}.{}", record.address, setting.shown)),
                Word::from(format!("{}.{}", record.stable, setting.shown)),
            ),
        }
    }

    fn written_place(&self, _ix: u32, setting: &Setting, root: Root<'_>, d: u32, doc: &Arc<Document>, hit: &Hit) -> Place {
        let node = doc.node(hit.node);
        let (shown, stable) = self.names(setting, root);
        let scalar = match &node.kind {
            Kind::Scalar { text, style } if !node.span.is_empty() => {
                let null = native(text, *style, self.dialect(d)) == Native::Null;
                Some((node.span, null))
            }
            _ => None,
        };
        let (span, wide) = match scalar {
            Some((span, false)) => (span, (!hit.key.is_empty() && hit.key.end <= span.start).then_some(Span { start: hit.key.start, end: span.end })),
            _ if hit.key.is_empty() => (first_place(doc, hit.node), None),
            _ => (hit.key, None),
        };
        let constant = d == Record::CONSTANT;
        Place {
            setting: self.platform.and_then(|p| p.find(&setting.id)),
            shown,
            stable,
            document: (!constant).then_some(d),
            span: if constant { Span::default() } else { span },
            wide: if constant { None } else { wide },
            anchor: constant,
            origin: if constant { PlaceOrigin::Default } else { PlaceOrigin::Set },
            text: scalar.filter(|_| !setting.is_secret()).map(|(s, _)| doc.source.slice(s).to_owned()),
            unconfirmed: false,
            quoted: false,
            reported: false,
            shared: hit.alias.is_some() || doc.node(doc.root).flow || node.hole.is_some(),
        }
    }

    /// Where a person looks for a setting that is not written.
    fn anchor(&self, setting: &Setting, root: Root<'_>) -> Option<u32> {
        let (shown, stable) = self.names(setting, root);
        let mut best: Option<(u32, Span, usize)> = None;
        match root {
            Root::Record(record) if record.document != Record::CONSTANT => {
                let doc = self.document(record.document)?;
                best = Some((record.document, first_place(doc, record.node), 1));
            }
            Root::Record(_) => {}
            Root::Layers => {
                let platform = self.platform?;
                for (n, layer) in platform.layers.iter().enumerate() {
                    if setting.layers.as_ref().is_some_and(|allowed| !allowed.contains(&n)) {
                        continue;
                    }
                    for (d, sheet) in self.input.sheets.iter().enumerate().rev().filter(|(_, s)| s.kind == layer.document) {
                        let d = u32::try_from(d).unwrap_or(u32::MAX);
                        let found = find(&sheet.document, sheet.document.root, &setting.path.0);
                        let candidate = found.ancestor.map_or((d, Span::default(), 0), |(span, depth)| (d, span, depth));
                        if best.is_none_or(|(_, _, depth)| candidate.2 > depth) || (best.is_some_and(|(_, _, depth)| depth == 0) && candidate.2 == 0) {
                            best = Some(candidate);
                        }
                    }
                }
            }
        }
        let first = self.input.sheets.first().map(|_| (0, Span::default(), 0));
        let (document, span, _) = best.or(first)?;
        let unconfirmed = setting.verified.as_deref() == Some("");
        Some(self.intern(Place {
            setting: self.platform.and_then(|p| p.find(&setting.id)),
            shown,
            stable,
            document: Some(document),
            span,
            wide: None,
            anchor: true,
            origin: PlaceOrigin::Default,
            text: None,
            unconfirmed,
            quoted: self.input.version.is_none(),
            reported: false,
            shared: false,
        }))
    }

    /// Every secret setting, with what names it.
    pub(super) fn read_secrets(&self, platform: &super::Platform) -> Vec<(Word, Reading)> {
        let mut out = Vec::new();
        for (n, setting) in platform.settings.iter().enumerate().filter(|(_, s)| s.is_secret()) {
            let ix = u32::try_from(n).unwrap_or(u32::MAX);
            let mut readings = Vec::new();
            match setting.list {
                None => readings.push((Word::from(setting.id.as_str()), self.setting(ix))),
                Some(list) => self.in_records(list, &mut |record| {
                    let id = setting.id.rsplit_once("[].").map_or(setting.id.as_str(), |(_, f)| f);
                    let list = platform.setting(record.list).map_or("", |l| l.id.as_str());
                    readings.push((Word::from(format!("{list}[{}].{id}", record.key)), self.field_value(record, ix)));
                }),
            }
            for (name, reading) in readings {
                match reading.known() {
                    Some(Value::List(items)) => out.extend(items.iter().enumerate().map(|(i, item)| {
                        let mut item = item.clone();
                        item.from.clone_from(&reading.from);
                        (Word::from(format!("{name}[{i}]")), item)
                    })),
                    _ => out.push((name, reading)),
                }
            }
        }
        out
    }

    /// Visits every written record of a list, lists in lists included.
    pub(super) fn in_records(&self, list: u32, visit: &mut dyn FnMut(&Record)) {
        let Some(setting) = self.platform.and_then(|p| p.setting(list)) else { return };
        let mut each = |reading: &Reading| {
            if let Some(Value::List(items)) = reading.known() {
                for item in items.iter() {
                    if let Some(Value::Record(record)) = item.known() {
                        visit(record);
                    }
                }
            }
        };
        match setting.list {
            None => each(&self.setting(list)),
            Some(outer) => {
                let mut readings = Vec::new();
                self.in_records(outer, &mut |record| readings.push(self.field_value(record, list)));
                readings.iter().for_each(&mut each);
            }
        }
    }
}

fn is_text(text: &str, dialect: Dialect) -> bool {
    native(text, crate::syntax::Style::Plain, dialect) == Native::Text
}

/// A default as a person would write it.
fn default_words(value: &Value) -> String {
    match value {
        Value::Duration(Duration::Unlimited) => "no limit".into(),
        Value::Duration(Duration::None) => "0".into(),
        Value::Duration(d) => d.words(),
        other => other.words(),
    }
}
