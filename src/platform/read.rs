//! Reading a setting: layers, defaults, gates.
//!
//! A deployment is read in two moods. *Quick*: states only; events are noted. *Traced*: every value with the places
//! it rests on, which costs several times as much and is wanted only where a rule does not hold.

use super::case::{evaluate, step};
use super::codec::Base;
use super::definition::{Effect, Setting};
use super::deployment::Deployment;
use super::event::{Event, EventKind};
use super::interpret::Interpreted;
use super::path::{Found, Hit, Path, find};
use super::place::PlaceOrigin;
use super::site::{Root, Site};
use crate::condition::Values;
use crate::fact::{Duration, Reading, Reason, Record, State, Trail, Type, Unknown, Value, join};
use crate::syntax::{Document, NodeId};
use crate::text::Span;
use std::rc::Rc;
use std::sync::Arc;

/// Is a setting written in a layer that is in force?
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
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
    /// Its place; only in the traced mood.
    pub place: Option<u32>,
    /// The node, where one was found, and the key it stands at.
    pub node: Option<(u32, NodeId, Span)>,
}

impl Raw {
    fn nothing() -> Self {
        Self {
            reading: Reading::unknown("no such setting", Reason::NotRead),
            written: Written::No,
            place: None,
            node: None,
        }
    }
}

impl Deployment<'_> {
    /// The effective value of a setting, after its gates.
    pub fn setting(&self, ix: u32) -> Reading {
        let gates = self.platform.and_then(|p| p.gates_of.get(ix as usize));
        if gates.is_none_or(Vec::is_empty) {
            return self.ungated(ix);
        }
        let limit = self.gate_limit.borrow().iter().rev().find(|(s, _)| *s == ix).map(|(_, g)| *g);
        if limit.is_none() {
            if let Some(reading) = self.mood().finals.borrow().get(ix as usize).and_then(Option::as_ref) {
                return reading.clone();
            }
            if self.busy.borrow().contains(&ix) {
                return Reading::unknown("it depends on itself", Reason::Stated);
            }
        }
        self.busy.borrow_mut().push(ix);
        let raw = self.raw(ix);
        let reading = self.gated(ix, &raw, limit);
        self.busy.borrow_mut().pop();
        if limit.is_none() {
            self.mood().keep_final(ix, &reading);
        }
        reading
    }

    /// A setting that no gate acts on: what is written, or the default.
    fn ungated(&self, ix: u32) -> Reading {
        if let Some(raw) = self.mood().raw.borrow().get(ix as usize).and_then(Option::as_ref) {
            return raw.reading.clone();
        }
        if self.busy.borrow().contains(&ix) {
            return Reading::unknown("it depends on itself", Reason::Stated);
        }
        self.busy.borrow_mut().push(ix);
        let reading = self.raw(ix).reading.clone();
        self.busy.borrow_mut().pop();
        reading
    }

    /// `has(setting.x)`.
    pub(super) fn written(&self, ix: u32) -> Reading {
        let raw = self.raw(ix);
        let mut out = match raw.written {
            Written::Yes => Reading::truth(true),
            Written::Maybe => Reading::unknown("a template decides whether it is written", Reason::Templated),
            Written::No => match self.elsewhere(ix) {
                Some(unknown) => of_shared(unknown),
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
        if let Some(raw) = self.mood().raw.borrow().get(ix as usize).and_then(Option::as_ref) {
            return Rc::clone(raw);
        }
        let setting = self.platform.and_then(|p| p.setting(ix));
        let raw = Rc::new(setting.map_or_else(Raw::nothing, |s| self.read(ix, s, Root::Layers)));
        self.mood().keep_raw(ix, &raw);
        raw
    }

    pub(super) fn raw_field(&self, record: &Record, field: u32) -> Rc<Raw> {
        let key = (field, record.document, record.node);
        if let Some(raw) = self.mood().fields.borrow().get(&key) {
            return Rc::clone(raw);
        }
        let setting = self.platform.and_then(|p| p.setting(field));
        let raw = Rc::new(setting.map_or_else(Raw::nothing, |s| self.read(field, s, Root::Record(record))));
        self.mood().fields.borrow_mut().insert(key, Rc::clone(&raw));
        raw
    }

    pub(super) fn field_value(&self, record: &Record, field: u32) -> Reading {
        self.raw_field(record, field).reading.clone()
    }

    pub(super) fn field_written(&self, record: &Record, field: u32) -> Reading {
        let raw = self.raw_field(record, field);
        let mut out = match raw.written {
            Written::Maybe => Reading::unknown("a template decides whether it is written", Reason::Templated),
            w => Reading::truth(w == Written::Yes),
        };
        out.from = raw.place.map(step).into_iter().collect();
        out
    }

    fn read(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Raw {
        if let Some(raw) = self.overlay(ix, setting, root) {
            return raw;
        }
        for path in std::iter::once(&setting.path).chain(&setting.also) {
            let raw = match root {
                Root::Record(record) => self.document(record.document).and_then(|doc| {
                    let found = find(doc, record.node, &path.0);
                    self.take(ix, setting, root, record.document, doc, &found)
                }),
                Root::Layers => self.look_through(ix, setting, path),
            };
            if let Some(raw) = raw {
                return raw;
            }
        }
        let place = self.traced().then(|| self.anchor(ix, setting, root)).flatten();
        let covered = matches!(root, Root::Layers).then(|| self.elsewhere(ix)).flatten();
        let reading = match covered {
            Some(unknown) => {
                let mut out = of_shared(unknown);
                out.from.extend(place.map(step));
                out
            }
            None if matches!(root, Root::Layers) && self.spliced(setting) => {
                let mut out = Reading::unknown("a template may write it here", Reason::Templated);
                out.from.extend(place.map(step));
                out
            }
            None => self.absent(setting, place),
        };
        Raw { reading, written: Written::No, place, node: None }
    }

    fn overlay(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Option<Raw> {
        let value = match root {
            Root::Layers => self.input.overlay.get(&ix)?.clone(),
            Root::Record(r) => Some(self.input.field_overlay.get(&(ix, r.document, r.node))?.clone()),
        };
        Some(match value {
            Some(value) => Raw { reading: Reading::known_value(value), written: Written::Yes, place: None, node: None },
            None => Raw { reading: self.absent(setting, None), written: Written::No, place: None, node: None },
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
                        self.shadowed(&Site { ix, setting, root: Root::Layers, d, doc, hit }, by, span);
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

    fn shadowed(&self, site: &Site<'_>, by: u32, span: Span) {
        let other = self.document(by).map(|d| d.source.path().to_owned()).unwrap_or_default();
        let key = site.setting.path.first_key().unwrap_or_default();
        self.event(EventKind::Shadowed, site, format!("`{key}` in {other} replaces the whole section"), None);
        if let (Some(last), false) = (self.events.borrow_mut().last_mut(), self.traced()) {
            last.other = Some((by, span, "this section replaces it"));
        }
    }

    /// Makes a value of what a path led to; `None` goes on looking.
    fn take(
        &self,
        ix: u32,
        setting: &Setting,
        root: Root<'_>,
        d: u32,
        doc: &Arc<Document>,
        found: &Found,
    ) -> Option<Raw> {
        let site = |hit: &'_ Hit| -> Option<u32> {
            self.traced().then(|| self.site_place(&Site { ix, setting, root, d, doc, hit }))
        };
        let last = found.hits.last()?;
        let node = Some((d, last.node, last.key));
        if let Some(why) = &setting.inert {
            self.event(EventKind::WithoutEffect, &Site { ix, setting, root, d, doc, hit: last }, Arc::clone(why), None);
            let place = site(last);
            return Some(Raw { reading: self.absent(setting, place), written: Written::Yes, place, node });
        }
        if let Some(why) = self.out_of_release(setting) {
            self.event(EventKind::WithoutEffect, &Site { ix, setting, root, d, doc, hit: last }, why, None);
            return None;
        }
        let mut parts = Vec::new();
        let mut absent = !found.certain;
        let mut place = None;
        for hit in &found.hits {
            match self.interpret(&Site { ix, setting, root, d, doc, hit }) {
                Interpreted::Value(mut reading) => {
                    place = site(hit);
                    reading.from.extend(place.map(step));
                    parts.push(reading);
                }
                Interpreted::Absent => absent = true,
                Interpreted::Next if found.hits.len() == 1 => return None,
                Interpreted::Next => absent = true,
            }
        }
        let written = match (parts.is_empty(), absent) {
            (false, false) => Written::Yes,
            (false, true) => Written::Maybe,
            (true, _) => Written::No,
        };
        if absent {
            place = place.or_else(|| site(last));
            parts.push(self.absent(setting, place));
        }
        let reading = match parts.len() {
            1 => parts.pop()?,
            _ => {
                let why = Arc::from("a template decides which of these holds");
                join(&parts, Some(&Arc::new(Unknown { why, kind: Reason::Templated, by: None, candidates: None })))
            }
        };
        let reading = match self.perhaps_gone(setting) {
            Some(unknown) => join(&[reading, self.absent(setting, place)], Some(&Arc::new(unknown))),
            None => reading,
        };
        Some(Raw { reading, written, place, node })
    }

    /// Why it is open whether a setting is still known: the release is not, and the verified one no longer has it.
    fn perhaps_gone(&self, setting: &Setting) -> Option<Unknown> {
        let until = setting.until.as_ref().filter(|u| self.platform.is_some_and(|p| **u <= p.verified))?;
        let why = Arc::from(format!(
            "the release in use is not known; releases from {until} on do not know `{}`",
            setting.shown
        ));
        let unknown = Unknown { why, kind: Reason::Version, by: Some(Arc::from("version")), candidates: None };
        self.input.version.is_none().then_some(unknown)
    }

    /// Why a release does not know a setting, if it is known not to.
    fn out_of_release(&self, setting: &Setting) -> Option<String> {
        if setting.since.is_none() && setting.until.is_none() {
            return None;
        }
        let version = self.effective_version()?;
        if let Some(since) = setting.since.as_ref().filter(|s| version < **s) {
            return Some(format!("release {version} does not know it yet; it came with {since}"));
        }
        setting
            .until
            .as_ref()
            .filter(|u| version >= **u)
            .map(|until| format!("release {version} no longer knows it; it went with {until}"))
    }

    /// Does what is written differ from what would hold without it?
    pub(super) fn differs_from_default(&self, ix: u32, setting: &Setting) -> bool {
        if setting.absent.is_none() {
            return true;
        }
        match (self.raw(ix).reading.known(), self.absent(setting, None).known()) {
            (Some(a), Some(b)) => a != b,
            _ => true,
        }
    }

    /// The value in force when nothing is written; `place`: where that is to be said.
    pub(super) fn absent(&self, setting: &Setting, place: Option<u32>) -> Reading {
        let mut reading = match &setting.absent {
            Some(cases) if cases.len() == 1 => match cases.first().map(|c| (&c.when, &c.effect)) {
                Some((None, Effect::Value(value))) => Reading::known_value(value.clone()),
                _ => evaluate(self, cases, None, &setting.ty).0,
            },
            Some(cases) => evaluate(self, cases, None, &setting.ty).0,
            None => match (&setting.codec, &setting.ty) {
                (_, Type::List(_)) => Reading::known_value(Value::List(Vec::new().into())),
                (Base::Section, _) => Reading::truth(false),
                (Base::Secret { .. }, _) => Reading::not_applicable("no such secret is written"),
                _ => Reading::unknown(
                    format!("`{}` is not written, and no default is known", setting.shown),
                    Reason::NotWritten,
                ),
            },
        };
        reading.facts.clear();
        let Some(place) = place else { return reading };
        let rest = std::mem::take(&mut reading.from);
        reading.from.push(step(place));
        crate::fact::add_steps(&mut reading.from, &rest);
        if let Some(p) = self.places.borrow_mut().get_mut(place).filter(|p| p.origin == PlaceOrigin::Default) {
            p.text = default_words(&reading.state);
        }
        reading
    }

    /// Notes an event; only in the quick mood, so that each is noted once.
    pub(super) fn event(&self, kind: EventKind, site: &Site<'_>, because: impl Into<Arc<str>>, value: Option<String>) {
        if !self.traced() {
            self.event_at(kind, self.site_place(site), Some(site.ix), because, value);
        }
    }

    pub(super) fn event_at(
        &self,
        kind: EventKind,
        place: u32,
        setting: Option<u32>,
        because: impl Into<Arc<str>>,
        value: Option<String>,
    ) {
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
}

pub(super) fn of_shared(unknown: Arc<Unknown>) -> Reading {
    Reading { state: State::Unknown(unknown), from: Trail::new(), facts: Default::default() }
}

/// A default as a person would write it; `None` where there is nothing to quote.
fn default_words(state: &State) -> Option<String> {
    match state {
        State::Known(Value::List(_)) => None,
        State::Known(Value::Word(w)) if w.is_empty() => None,
        State::Known(Value::Duration(Duration::Unlimited)) => Some("no limit".into()),
        State::Known(Value::Duration(Duration::None)) => Some("0".into()),
        State::Known(value) => Some(value.words()),
        _ => None,
    }
}
