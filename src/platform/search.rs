//! Looking for a setting in the layers, from the highest down.

use super::case::step;
use super::definition::{LayerCase, Setting, Way};
use super::deployment::Deployment;
use super::event::EventKind;
use super::layer::{Force, Held, Layer, Otherwise};
use super::place::PlaceOrigin;
use super::read::{Raw, Written, of_shared};
use super::site::{Root, Site};
use super::take::Ask;
use crate::condition::{Evaluation, Values};
use crate::fact::{Reading, Reason, State, Trail, Unknown, Value, join};
use crate::text::Span;
use std::sync::Arc;

/// What a layer's values are worth at present.
pub(super) enum Worth {
    /// They hold.
    InForce,
    /// They hold where nothing is written: an overlay's defaults.
    Default,
    /// They seeded a database.
    Seed,
    /// They are not read.
    Nothing,
    /// It is not decided which.
    Open(Arc<Unknown>),
}

/// The layers that are asked for a setting.
pub(super) enum Asked<'s> {
    /// All of them.
    All,
    /// Always these.
    These(&'s [usize]),
    /// These here.
    Some(Vec<usize>),
}

impl Asked<'_> {
    /// Is a layer among them?
    pub fn contains(&self, layer: usize) -> bool {
        match self {
            Asked::All => true,
            Asked::These(list) => list.contains(&layer),
            Asked::Some(list) => list.contains(&layer),
        }
    }
}

/// What a layer has for a setting.
pub(super) enum Look {
    Found(Raw),
    /// A section of this layer hides whatever stands below.
    Hidden,
    Nothing,
}

impl Deployment<'_> {
    /// Reads a setting from the layers.
    pub(super) fn search(&self, ix: u32, setting: &Setting) -> Raw {
        if setting.union { self.join_layers(ix, setting) } else { self.search_from(ix, setting, 0, None) }
    }

    /// The layers that are asked for a setting. While it is open which, all that may be.
    pub(super) fn layers_asked<'s>(&self, setting: &'s Setting) -> Asked<'s> {
        match setting.layers.as_slice() {
            [] => Asked::All,
            [LayerCase { when: None, asked }] => Asked::These(asked),
            cases => {
                let mut out: Vec<usize> = Vec::new();
                for case in cases {
                    let guard = case.when.as_ref().map(|when| self.quick(|| Evaluation::of(when, self, None)));
                    if guard.as_ref().is_some_and(|g| g.is_false() || g.is_na()) {
                        continue;
                    }
                    out.extend(&case.asked);
                    if guard.is_none_or(|g| g.is_true()) {
                        break;
                    }
                }
                Asked::Some(out)
            }
        }
    }

    /// Asks each spelling in every layer allowed, highest first, from a step on. `seed`: the highest value met so far
    /// that only seeded a database.
    fn search_from(&self, ix: u32, setting: &Setting, from: usize, mut seed: Option<Raw>) -> Raw {
        let layers = self.platform.map_or(&[][..], |p| &p.layers);
        let asked = self.layers_asked(setting);
        let steps = layers.len() * setting.spellings();
        let mut at = from;
        while at < steps {
            let (spelling, n) = (at / layers.len(), at % layers.len());
            at += 1;
            let (Some(layer), true) = (layers.get(n), asked.contains(n)) else { continue };
            let (worth, reasons) = self.worth(n, layer);
            let origin = match worth {
                Worth::InForce | Worth::Open(_) => PlaceOrigin::Set,
                Worth::Default => PlaceOrigin::Default,
                Worth::Seed | Worth::Nothing => PlaceOrigin::Initial,
            };
            let mut raw = match self.look_in(ix, setting, (n, layer), spelling, origin) {
                Look::Found(raw) => raw,
                Look::Hidden => {
                    at = (spelling + 1) * layers.len();
                    continue;
                }
                Look::Nothing => continue,
            };
            // That a layer holds as it should explains nothing.
            if !matches!(worth, Worth::InForce) {
                crate::fact::add_steps(&mut raw.reading.from, &reasons);
            }
            match worth {
                Worth::InForce | Worth::Default if raw.below => {
                    let rest = self.search_from(ix, setting, at, seed);
                    return or_else(Some(raw), rest);
                }
                Worth::InForce | Worth::Default => return raw,
                Worth::Seed => {
                    seed.get_or_insert(Raw { written: Written::No, ..raw });
                }
                // That a document is there at all is no setting that could do without effect.
                Worth::Nothing if setting.path.0.is_empty() => {}
                Worth::Nothing => {
                    let why = "what stands here is not read under these conditions";
                    self.event_at_node(EventKind::WithoutEffect, ix, setting, &raw, why);
                }
                Worth::Open(unknown) => {
                    if layer.otherwise == Otherwise::Initial && seed.is_none() {
                        seed = Some(Raw { written: Written::No, ..raw.clone() });
                    }
                    let rest = self.search_from(ix, setting, at, seed);
                    return Raw {
                        reading: join(&[raw.reading, rest.reading], Some(&unknown)),
                        written: if rest.written == Written::Yes { Written::Yes } else { Written::Maybe },
                        place: raw.place,
                        node: raw.node,
                        way: raw.way,
                        below: false,
                    };
                }
            }
        }
        self.unwritten(ix, setting, seed)
    }

    /// What a layer's values are worth, and what that rests on.
    pub(super) fn worth(&self, n: usize, layer: &Layer) -> (Worth, Trail) {
        let plain = || match layer.force {
            Force::Set => Worth::InForce,
            Force::Default => Worth::Default,
            Force::Initial => Worth::Seed,
        };
        let Some(when) = &layer.when else { return (plain(), Trail::new()) };
        let known = self.mood().layers.borrow().get(n).cloned();
        let reading = known.unwrap_or_else(|| {
            let reading = Evaluation::of(when, self, None);
            self.mood().layers.borrow_mut().put(n, reading.clone());
            reading
        });
        let worth = match (&reading.state, layer.otherwise) {
            (State::Known(Value::Bool(true)), _) => plain(),
            (State::Unknown(unknown), _) => Worth::Open(Arc::clone(unknown)),
            (_, Otherwise::Initial) => Worth::Seed,
            (_, Otherwise::Ignored) => Worth::Nothing,
        };
        (worth, reading.from)
    }

    /// Do a layer's values hold, whatever is still undecided?
    pub(super) fn in_force(&self, n: usize, layer: &Layer) -> bool {
        layer.force == Force::Set && (layer.when.is_none() || matches!(self.worth(n, layer).0, Worth::InForce))
    }

    /// What one layer has for one spelling.
    pub(super) fn look_in(
        &self,
        ix: u32,
        setting: &Setting,
        (n, layer): (usize, &Layer),
        spelling: usize,
        origin: PlaceOrigin,
    ) -> Look {
        let kind = match &layer.held {
            Held::Values(list) => {
                let value = list.iter().find(|(s, _)| *s == ix && spelling == 0).map(|(_, v)| v);
                return value.map_or(Look::Nothing, |v| Look::Found(self.constant(ix, setting, v, origin)));
            }
            Held::Document(kind) => *kind,
        };
        let Some(Way { path, readers }) = setting.way(n, spelling) else { return Look::Nothing };
        let mut hidden_by: Option<(u32, Span)> = None;
        // What is written under a condition: what another file of the layer has may hold.
        let mut open: Option<Raw> = None;
        for (d, sheet) in self.input.sheets.iter().enumerate().rev().filter(|(_, s)| s.kind == kind) {
            let d = u32::try_from(d).unwrap_or(u32::MAX);
            let doc = &sheet.document;
            for root in self.layer_roots(layer, d).into_iter().rev() {
                let found = self.find(d, doc, root, &path.0);
                let ask = Ask { ix, setting, root: Root::Layers, d, doc, origin };
                if let Some((by, span)) = hidden_by {
                    if let Some(hit) = found.hits.first() {
                        self.shadowed(&ask.site(hit, setting.reader()), by, span);
                    }
                    continue;
                }
                if let Some(mut raw) = self.take(&ask, readers, &found) {
                    raw.way = Some((n, spelling));
                    let raw = or_else(open.take(), raw);
                    if !raw.below {
                        return Look::Found(raw);
                    }
                    open = Some(raw);
                }
                if layer.shallow && path.0.len() > 1 {
                    // This file holds the first segment, so everything below it in lower files is hidden.
                    let first = self.find(d, doc, root, path.0.get(..1).unwrap_or_default());
                    hidden_by = first.hits.first().map(|h| (d, h.key));
                }
            }
        }
        match open {
            Some(raw) => Look::Found(raw),
            None if hidden_by.is_some() => Look::Hidden,
            None => Look::Nothing,
        }
    }

    /// A value that the platform file itself lays over.
    fn constant(&self, ix: u32, setting: &Setting, value: &Value, origin: PlaceOrigin) -> Raw {
        let place = self.traced().then(|| self.anchor(ix, setting, Root::Layers)).flatten();
        let mut reading = Reading::known_value(value.clone());
        if let Some(place) = place {
            self.say_default(place, &reading.state);
            reading.from.push(step(place));
        }
        let written = if origin == PlaceOrigin::Set { Written::Yes } else { Written::No };
        Raw { reading, written, place, node: None, way: None, below: false }
    }

    /// Nothing is in force: what no file tells, what seeded a database, the default.
    pub(super) fn unwritten(&self, ix: u32, setting: &Setting, seed: Option<Raw>) -> Raw {
        let elsewhere = self.elsewhere(ix);
        if let Some(mut seed) = seed {
            let why = elsewhere
                .as_ref()
                .map_or_else(|| Arc::from("it is read at the first start only"), |u| Arc::clone(&u.why));
            if !setting.path.0.is_empty() {
                self.event_at_node(EventKind::Initial, ix, setting, &seed, why);
            }
            if let Some(unknown) = elsewhere {
                seed.reading.state = State::Unknown(unknown);
            }
            return seed;
        }
        let place = self.traced().then(|| self.anchor(ix, setting, Root::Layers)).flatten();
        let reading = match elsewhere {
            Some(unknown) => {
                let mut out = of_shared(unknown);
                out.from.extend(place.map(step));
                out
            }
            None if let Some(unknown) = self.unread(ix, setting) => {
                let mut out = Reading::of_unknown(unknown);
                out.from.extend(place.map(step));
                out
            }
            None if self.spliced(setting) => {
                let mut out = Reading::unknown("a template may write it here", Reason::Templated);
                out.from.extend(place.map(step));
                out
            }
            None => self.absent(setting, place),
        };
        Raw { reading, written: Written::No, place, node: None, way: None, below: false }
    }

    fn shadowed(&self, site: &Site<'_>, by: u32, span: Span) {
        let other = self.document(by).map(|d| d.source.path().to_owned()).unwrap_or_default();
        let key = site.setting.path.first_key().unwrap_or_default();
        self.event(EventKind::Shadowed, site, format!("`{key}` in {other} replaces the whole section"), None);
        if let (Some(last), false) = (self.events.borrow_mut().last_mut(), self.traced()) {
            last.other = Some((by, span, "this section replaces it"));
        }
    }
}

/// What is written under a condition, or what holds else.
pub(super) fn or_else(open: Option<Raw>, rest: Raw) -> Raw {
    let Some(open) = open else { return rest };
    let written = if rest.written == Written::Yes { Written::Yes } else { Written::Maybe };
    let reading = join(&[open.reading, rest.reading], Some(&a_condition_decides()));
    Raw { reading, written, below: rest.below, ..open }
}

pub(super) fn a_condition_decides() -> Arc<Unknown> {
    Arc::new(Unknown {
        why: Arc::from("a template or a condition decides which of these holds"),
        kind: Reason::Templated,
        by: None,
        candidates: None,
    })
}
