//! Making a value of what a path led to: which way of reading it suits, which releases know it.

use super::case::step;
use super::definition::Setting;
use super::deployment::Deployment;
use super::event::EventKind;
use super::interpret::Interpreted;
use super::path::{Found, Hit};
use super::place::PlaceOrigin;
use super::read::{Raw, Written};
use super::reader::{Reader, ReaderCase};
use super::search::a_condition_decides;
use super::site::{Root, Site};
use crate::condition::{Evaluation, Values};
use crate::fact::{Reason, Unknown, join};
use crate::syntax::Document;
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// A setting at a document.
pub(super) struct Ask<'s> {
    pub ix: u32,
    pub setting: &'s Setting,
    pub root: Root<'s>,
    pub d: u32,
    pub doc: &'s Arc<Document>,
    pub origin: PlaceOrigin,
}

impl<'s> Ask<'s> {
    pub fn site(&self, hit: &'s Hit, reader: &'s Reader) -> Site<'s> {
        let Ask { ix, setting, root, d, doc, origin } = *self;
        Site { ix, setting, reader, root, d, doc, hit, origin }
    }
}

impl Deployment<'_> {
    /// Makes a value of what a path led to; `None` goes on looking.
    pub(super) fn take(&self, ask: &Ask<'_>, readers: &[ReaderCase], found: &Found) -> Option<Raw> {
        let setting = ask.setting;
        let mark = |hit: &Hit| self.traced().then(|| self.site_place(&ask.site(hit, setting.reader())));
        let last = found.hits.last()?;
        let node = Some((ask.d, last.node, last.key));
        if let Some(why) = &setting.inert {
            self.event(EventKind::WithoutEffect, &ask.site(last, setting.reader()), Arc::clone(why), None);
            let place = mark(last);
            return Some(Raw {
                reading: self.absent(setting, place),
                written: Written::Yes,
                place,
                node,
                way: None,
                below: false,
            });
        }
        if let Some(why) = self.out_of_release(setting) {
            self.event(EventKind::WithoutEffect, &ask.site(last, setting.reader()), why, None);
            return None;
        }
        let (readers, open) = self.ways_to_read(readers);
        let events = self.events.borrow().len();
        let mut parts = Vec::new();
        let mut absent = false;
        let mut below = !found.certain;
        let mut place = None;
        for (hit, reader) in found.hits.iter().flat_map(|hit| readers.iter().map(move |reader| (hit, *reader))) {
            match self.interpret(&ask.site(hit, reader)) {
                Interpreted::Value(mut reading) => {
                    place = mark(hit);
                    reading.from.extend(place.map(step));
                    parts.push(reading);
                }
                Interpreted::Absent => absent = true,
                Interpreted::Next if found.hits.len() * readers.len() == 1 => return None,
                Interpreted::Next => below = true,
            }
        }
        if let Some(unknown) = &open {
            self.leave_open(events, readers.len(), unknown);
        }
        let written = match (parts.is_empty(), absent || below) {
            (true, true) if !absent => return None,
            (false, false) => Written::Yes,
            (false, true) => Written::Maybe,
            (true, _) => Written::No,
        };
        if absent {
            place = place.or_else(|| mark(last));
            parts.push(self.absent(setting, place));
        }
        let reading = match parts.len() {
            1 => parts.pop()?,
            _ => join(&parts, Some(&open.unwrap_or_else(a_condition_decides))),
        };
        let reading = match self.perhaps_gone(setting) {
            Some(unknown) => join(&[reading, self.absent(setting, place)], Some(&Arc::new(unknown))),
            None => reading,
        };
        Some(Raw { reading, written, place, node, way: None, below })
    }

    /// The ways to read that hold, several while it is open which; and what leaves it open.
    fn ways_to_read<'r>(&self, readers: &'r [ReaderCase]) -> (SmallVec<[&'r Reader; 1]>, Option<Arc<Unknown>>) {
        if let [ReaderCase { when: None, reader }] = readers {
            return (smallvec![reader], None);
        }
        let mut out = SmallVec::new();
        let mut open = None;
        for case in readers {
            let guard = case.when.as_ref().map(|when| self.quick(|| Evaluation::of(when, self, None)));
            match guard.as_ref().map(|g| (g.as_bool(), g.as_unknown())) {
                None | Some((Some(true), _)) => {
                    out.push(&case.reader);
                    break;
                }
                Some((None, Some(unknown))) => {
                    out.push(&case.reader);
                    open.get_or_insert_with(|| Arc::clone(unknown));
                }
                Some(_) => {}
            }
        }
        (out, open)
    }

    /// The way to read that what is written has to suit: the first that may hold.
    pub(super) fn reads<'r>(&self, readers: &'r [ReaderCase], setting: &'r Setting) -> &'r Reader {
        self.ways_to_read(readers).0.first().copied().unwrap_or(setting.reader())
    }

    /// Of the events noted since, those that not every way of reading raised are undecided; one of each kind stays.
    fn leave_open(&self, since: usize, ways: usize, unknown: &Arc<Unknown>) {
        if self.traced() {
            return;
        }
        let mut events = self.events.borrow_mut();
        let kept = since.min(events.len());
        let noted = events.split_off(kept);
        for (n, event) in noted.iter().enumerate() {
            let same = |e: &&super::Event| e.kind == event.kind && e.place == event.place;
            if noted.iter().take(n).any(|e| same(&e)) {
                continue;
            }
            let mut event = event.clone();
            if noted.iter().filter(same).count() < ways {
                event.undecided = Some(Arc::clone(unknown));
            }
            events.push(event);
        }
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
}
