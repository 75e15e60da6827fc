//! Reading a setting: layers, defaults, gates.
//!
//! A deployment is read in two moods. *Quick*: states only; events are noted. *Traced*: every value with the places
//! it rests on, which costs several times as much and is wanted only where a rule does not hold.

use super::case::{evaluate, step};
use super::codec::Base;
use super::definition::{Effect, Setting};
use super::deployment::Deployment;
use super::event::{Event, EventKind};
use super::path::Hit;
use super::place::PlaceOrigin;
use super::site::{Root, Site};
use super::take::Ask;
use crate::condition::Values;
use crate::fact::{Duration, Reading, Reason, Record, State, Trail, Type, Unknown, Value};
use crate::syntax::NodeId;
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
    /// The layer and the spelling that it was found by.
    pub way: Option<(usize, usize)>,
    /// A condition decides whether it is written, so what stands in a lower layer may hold.
    pub below: bool,
}

impl Raw {
    fn nothing() -> Self {
        Self {
            reading: Reading::unknown("no such setting", Reason::NotRead),
            written: Written::No,
            place: None,
            node: None,
            way: None,
            below: false,
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
            if let Some(reading) = self.mood().finals.borrow().get(ix as usize) {
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
        if let Some(raw) = self.mood().raw.borrow().get(ix as usize) {
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
            Written::Maybe => {
                Reading::unknown("a template or a condition decides whether it is written", Reason::Templated)
            }
            Written::No => match self.elsewhere(ix) {
                Some(unknown) => of_shared(unknown),
                None => match self.platform.and_then(|p| self.unread(ix, p.setting(ix)?)) {
                    Some(unknown) => Reading::of_unknown(unknown),
                    None => Reading::truth(false),
                },
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
        if let Some(raw) = self.mood().raw.borrow().get(ix as usize) {
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
            Written::Maybe => {
                Reading::unknown("a template or a condition decides whether it is written", Reason::Templated)
            }
            w => Reading::truth(w == Written::Yes),
        };
        out.from = raw.place.map(step).into_iter().collect();
        out
    }

    fn read(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Raw {
        if let Some(raw) = self.overlay(ix, setting, root) {
            return raw;
        }
        match root {
            Root::Record(record) => self.read_field(ix, setting, record),
            Root::Layers => self.search(ix, setting),
        }
    }

    fn read_field(&self, ix: u32, setting: &Setting, record: &Record) -> Raw {
        let root = Root::Record(record);
        for way in (0..setting.spellings()).filter_map(|n| setting.way(usize::MAX, n)) {
            let raw = self.document(record.document).and_then(|doc| {
                let found = self.find(record.document, doc, record.node, &way.path.0);
                let ask = Ask { ix, setting, root, d: record.document, doc, origin: PlaceOrigin::Set };
                self.take(&ask, way.readers, &found)
            });
            if let Some(raw) = raw {
                if !raw.below {
                    return raw;
                }
                let rest = Raw { reading: self.absent(setting, raw.place), written: Written::No, ..raw.clone() };
                return Raw { below: false, ..super::search::or_else(Some(raw), rest) };
            }
        }
        let place = self.traced().then(|| self.anchor(ix, setting, root)).flatten();
        Raw { reading: self.absent(setting, place), written: Written::No, place, node: None, way: None, below: false }
    }

    fn overlay(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Option<Raw> {
        let value = match root {
            Root::Layers => self.input.overlay.get(&ix)?.clone(),
            Root::Record(r) => Some(self.input.field_overlay.get(&(ix, r.document, r.node))?.clone()),
        };
        Some(match value {
            Some(value) => Raw {
                reading: Reading::known_value(value),
                written: Written::Yes,
                place: None,
                node: None,
                way: None,
                below: false,
            },
            None => Raw {
                reading: self.absent(setting, None),
                written: Written::No,
                place: None,
                node: None,
                way: None,
                below: false,
            },
        })
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
            None => match (setting.codec(), &setting.ty) {
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
        self.say_default(place, &reading.state);
        reading
    }

    /// Tells at the place of a default what it is.
    pub(super) fn say_default(&self, place: u32, state: &State) {
        if let Some(p) = self.places.borrow_mut().get_mut(place).filter(|p| p.origin == PlaceOrigin::Default) {
            p.text = default_words(state);
        }
    }

    /// Notes an event; only in the quick mood, so that each is noted once.
    pub(super) fn event(&self, kind: EventKind, site: &Site<'_>, because: impl Into<Arc<str>>, value: Option<String>) {
        if !self.traced() {
            self.event_at(kind, self.site_place(site), Some(site.ix), because, value);
            if let Some(event) = self.events.borrow_mut().last_mut() {
                event.node = Some((site.d, site.hit.node));
            }
        }
    }

    /// Notes an event about the node that a setting was read from.
    pub(super) fn event_at_node(
        &self,
        kind: EventKind,
        ix: u32,
        setting: &Setting,
        raw: &Raw,
        because: impl Into<Arc<str>>,
    ) {
        let Some((d, node, key)) = raw.node.filter(|_| !self.traced()) else { return };
        let Some(doc) = self.document(d) else { return };
        let hit = Hit { node, key, alias: None, branch: None };
        let ask = Ask { ix, setting, root: Root::Layers, d, doc, origin: PlaceOrigin::Set };
        self.event(kind, &ask.site(&hit, setting.reader()), because, None);
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
            node: None,
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
