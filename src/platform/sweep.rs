//! Looking at everything that is written: events of every declared setting, and keys that nobody declared.

use super::definition::{Platform, UnknownKeys};
use super::deployment::Deployment;
use super::event::{Event, EventKind};
use super::keys::{DeclaredKeys, KeyTree};
use super::place::{Place, PlaceOrigin};
use super::sections::{Outline, Sections};
use super::site::Root;
use super::survey::Surveyed;
use super::take::Ask;
use crate::fact::{Word, enumerate};
use crate::syntax::{Document, Entry, Kind, NodeId};
use crate::text::{Mix, Span};
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

/// Deeper sections are not looked into for misspelt keys.
const DEPTH: usize = 16;

impl Deployment<'_> {
    /// A field of every written record: (path by index, value).
    pub fn fields(&self, field: u32) -> Vec<(String, crate::fact::Reading)> {
        let mut out = Vec::new();
        let Some((platform, setting)) = self.platform.and_then(|p| Some((p, p.setting(field)?))) else { return out };
        if let Some(list) = setting.list {
            let own = setting.id.rsplit_once("[].").map_or(setting.id.as_str(), |(_, f)| f);
            let mut n = 0;
            self.in_records(list, &mut |record| {
                let id = platform.setting(record.list).map_or("", |l| l.id.as_str());
                out.push((format!("{id}[{n}].{own}"), self.field_value(record, field)));
                n += 1;
            });
        }
        out
    }

    /// Reads every declared setting once, then what no setting declares.
    pub(super) fn sweep(&self, known: Option<Known<'_>>) {
        self.quick(|| self.sweep_all(known));
    }

    fn sweep_all(&self, known: Option<Known<'_>>) {
        let Some(platform) = self.platform else { return };
        let mut readers: HashMap<(u32, NodeId), Vec<u32>> = HashMap::new();
        let mut note = |node: Option<(u32, NodeId, Span)>, setting: u32| {
            if let Some((d, node, _)) = node {
                readers.entry((d, node)).or_default().push(setting);
            }
        };
        let affected = known.map(|known| known.affected);
        for (setting, ix) in platform.settings.iter().zip(0..) {
            if affected.is_some_and(|affected| !affected.contains(&self.standing(ix))) {
                continue;
            }
            match setting.list {
                None => {
                    self.setting(ix);
                    note(self.raw(ix).node, ix);
                }
                Some(list) => self.in_records(list, &mut |record| note(self.raw_field(record, ix).node, ix)),
            }
        }
        *self.reads.borrow_mut() = readers.keys().copied().collect();
        self.unasked(affected);
        // Where one setting reads a node nothing can disagree.
        readers.retain(|_, list| list.len() > 1);
        let readers: HashMap<(u32, Span), Vec<u32>> = readers
            .into_iter()
            .filter_map(|((d, node), list)| Some(((d, self.place_span(d, node, *list.first()?)?), list)))
            .collect();
        self.note_noisy(platform);
        self.keep_unanimous(&readers);
        self.duplicates();
        self.undeclared_keys(known);
        self.sort_events();
    }

    /// Which settings that stand by themselves have something to report, their records' fields included.
    fn note_noisy(&self, platform: &Platform) {
        let events = self.events.borrow();
        let settings = events.iter().filter_map(|e| e.setting).filter(|ix| platform.setting(*ix).is_some());
        self.noisy.borrow_mut().extend(settings.map(|ix| self.standing(ix)));
    }

    /// The setting that stands by itself: of a field, the list of its records.
    fn standing(&self, mut ix: u32) -> u32 {
        while let Some(list) = self.platform.and_then(|p| p.setting(ix)?.list) {
            ix = list;
        }
        ix
    }

    pub(super) fn sort_events(&self) {
        self.events.borrow_mut().sort_by_key(|e| {
            let p = self.place(e.place);
            (p.as_ref().and_then(|p| p.document), p.map_or(Span::default(), |p| p.span), e.kind)
        });
    }

    /// The span that places of a setting at a node have.
    fn place_span(&self, d: u32, node: NodeId, setting: u32) -> Option<Span> {
        let events = self.events.borrow();
        let of = |e: &&Event| e.setting == Some(setting);
        let place = events.iter().filter(of).find_map(|e| self.place(e.place).filter(|p| p.document == Some(d)));
        let span = self.document(d)?.node(node).span;
        Some(place.filter(|p| p.span.overlaps(span)).map_or(span, |p| p.span))
    }

    /// An event about a place counts only if it holds for every setting that reads the place.
    fn keep_unanimous(&self, readers: &HashMap<(u32, Span), Vec<u32>>) {
        let events = std::mem::take(&mut *self.events.borrow_mut());
        let at = |e: &Event| self.place(e.place).and_then(|p| Some((p.document?, p.span)));
        let mut kept: Vec<Event> = Vec::new();
        for event in &events {
            let all = at(event).and_then(|key| readers.get(&key));
            let holds_for = |setting: &u32| {
                events.iter().any(|e| e.kind == event.kind && e.setting == Some(*setting) && at(e) == at(event))
            };
            let unanimous = all.is_none_or(|list| list.iter().all(holds_for));
            let told = kept.iter().any(|k: &Event| {
                k.kind == event.kind && at(k) == at(event) && k.undecided.is_some() == event.undecided.is_some()
            });
            if unanimous && !told {
                kept.push(event.clone());
            }
        }
        *self.events.borrow_mut() = kept;
    }

    /// Declared keys that are written twice in one map.
    fn duplicates(&self) {
        let Some(platform) = self.platform else { return };
        for (d, sheet) in self.input.sheets.iter().enumerate() {
            for pair in &sheet.document.duplicates {
                let key = unquoted(sheet.document.source.slice(pair.second));
                let Some(keys) = platform.keys.iter().find(|k| k.kind == sheet.kind) else { continue };
                if !declares(&keys.tree, key, keys.fold, 0) {
                    continue;
                }
                let place = self.key_place(d, key, pair.second);
                self.event_at(EventKind::Duplicate, place, None, "the last one counts", None);
                if let Some(event) = self.events.borrow_mut().last_mut() {
                    event.other = Some((u32::try_from(d).unwrap_or(u32::MAX), pair.first, "this one is not read"));
                }
            }
        }
    }

    fn key_place(&self, d: usize, shown: &str, span: Span) -> u32 {
        self.intern(Place {
            setting: None,
            record: None,
            shown: Word::from(shown),
            stable: Word::from(shown),
            document: u32::try_from(d).ok(),
            span,
            wide: None,
            anchor: false,
            origin: PlaceOrigin::Set,
            text: None,
            unconfirmed: false,
            quoted: false,
            reported: false,
            shared: false,
        })
    }

    pub(super) fn undeclared_keys(&self, known: Option<Known<'_>>) {
        let Some(platform) = self.platform.filter(|p| p.unknown_keys != UnknownKeys::Refused) else { return };
        for (sheet, d) in self.input.sheets.iter().zip(0..) {
            for keys in platform.keys.iter().filter(|k| k.kind == sheet.kind) {
                let own = self.input.instance.iter().flat_map(|i| &i.at).filter(|(at, _)| *at == d);
                let roots: Vec<NodeId> =
                    if keys.each { own.map(|(_, node)| *node).collect() } else { vec![self.root(d)] };
                for root in roots {
                    let walked = Walked { d: d as usize, doc: &sheet.document, keys, root, known };
                    self.walk(&walked, root, &keys.tree, &mut Vec::new());
                }
            }
        }
    }

    /// What is written in a layer that is not asked for it.
    fn unasked(&self, affected: Option<&BTreeSet<u32>>) {
        let Some(platform) = self.platform else { return };
        for (setting, ix) in platform.settings.iter().zip(0..) {
            if affected.is_some_and(|affected| !affected.contains(&ix)) {
                continue;
            }
            if setting.layers.is_empty() || setting.list.is_some() || setting.path.0.is_empty() {
                continue;
            }
            let asked = self.layers_asked(setting);
            for (n, layer) in platform.layers.iter().enumerate().filter(|(n, _)| !asked.contains(*n)) {
                let (Some(kind), Some(way)) = (layer.document(), setting.way(n, 0)) else { continue };
                for (sheet, d) in self.input.sheets.iter().zip(0..).filter(|(s, _)| s.kind == kind) {
                    let doc = &sheet.document;
                    for root in self.layer_roots(layer, d) {
                        let found = self.find(d, doc, root, &way.path.0);
                        let Some(hit) = found.hits.last() else { continue };
                        // What another setting reads here has an effect.
                        if self.reads.borrow().contains(&(d, hit.node)) {
                            continue;
                        }
                        let ask = Ask { ix, setting, root: Root::Layers, d, doc, origin: PlaceOrigin::Set };
                        let names = platform.layers.iter().enumerate().filter(|(n, _)| asked.contains(*n));
                        let names: Vec<String> = names.map(|(_, l)| format!("`{}`", l.id)).collect();
                        let why = format!("it is not read here, only in {}", enumerate(&names));
                        self.event(EventKind::WithoutEffect, &ask.site(hit, setting.reader()), why, None);
                    }
                }
            }
        }
    }

    fn walk<'d>(&self, walked: &Walked<'d>, node: NodeId, tree: &KeyTree, path: &mut Vec<&'d str>) {
        if path.len() > DEPTH {
            return;
        }
        let Walked { doc, keys, .. } = *walked;
        match &doc.node(node).kind {
            Kind::Map(entries) => {
                let mut before: Option<&Entry> = None;
                for entry in entries.iter().filter(|e| !e.merged && !is_label(&e.key)) {
                    let above = before.replace(entry);
                    // Of a section whose text was walked before, without anything to report, there is nothing to say.
                    let known = walked.known.filter(|_| path.is_empty());
                    let silence = known
                        .and_then(|known| Some((known.surveyed, known.sections.hash_of(known.outline, &entry.key)?)));
                    if silence.is_some_and(|(surveyed, hash)| surveyed.is_silent(hash)) {
                        continue;
                    }
                    path.push(&entry.key);
                    match tree.child(&entry.key, keys.fold).or(tree.any.as_deref()) {
                        Some(below) => {
                            let reported = self.events.borrow().len();
                            self.walk_section(walked, entry, below, path);
                            if let Some((surveyed, hash)) = silence.filter(|_| self.events.borrow().len() == reported) {
                                surveyed.keep_silent(hash);
                            }
                        }
                        None => self.walk_undeclared(walked, entry, above, tree, path),
                    }
                    path.pop();
                }
            }
            Kind::Seq(items) => {
                if let Some(below) = tree.items.as_deref() {
                    for item in items {
                        self.walk(walked, item.value, below, path);
                    }
                }
            }
            Kind::Scalar { .. } => {}
        }
    }

    /// What stands at a declared key.
    fn walk_section<'d>(&self, walked: &Walked<'d>, entry: &'d Entry, below: &KeyTree, path: &mut Vec<&'d str>) {
        let Walked { d, doc, .. } = *walked;
        let value = doc.node(entry.value);
        let scalar =
            matches!(&value.kind, Kind::Scalar { text, .. } if !text.is_empty() && &**text != "null" && &**text != "~");
        if scalar && below.needs_section() && value.hole.is_none() && value.tag.is_none() {
            let place = self.key_place(d, &path.join("."), entry.key_span);
            let inner = below.children.keys().next().map_or("", |k| k);
            let why = format!(
                "a section is needed here (`{}:` with `{inner}:` and the like below); a single value is not read",
                entry.key
            );
            self.event_at(EventKind::WithoutEffect, place, None, why, None);
        } else {
            self.walk(walked, entry.value, below, path);
        }
    }

    /// A key that no setting declares. Whether there is something to say of it hangs on where it stands, on its name, and
    /// on a section that stands empty just above; one that is like a declared key is always looked at.
    fn walk_undeclared(
        &self,
        walked: &Walked<'_>,
        entry: &Entry,
        before: Option<&Entry>,
        tree: &KeyTree,
        path: &[&str],
    ) {
        let silence = walked.known.map(|known| {
            let mut mix = Mix::default();
            path.hash(&mut mix);
            before.filter(|b| is_empty(walked.doc, b.value)).map(|b| &*b.key).hash(&mut mix);
            (known.surveyed, mix.wide())
        });
        if silence.is_some_and(|(surveyed, hash)| surveyed.is_silent(hash)) {
            return;
        }
        let reported = self.events.borrow().len();
        let other = walked.keys.is_other(path);
        if !other {
            self.undeclared(walked, entry, before, tree, &path.join("."));
        }
        if let Some((surveyed, hash)) = silence
            && self.events.borrow().len() == reported
            && (other || tree.near(&entry.key).is_none())
        {
            surveyed.keep_silent(hash);
        }
    }

    /// A key that no setting declares: misspelt, mis-indented or misplaced, or none of our business.
    fn undeclared(&self, walked: &Walked<'_>, entry: &Entry, before: Option<&Entry>, tree: &KeyTree, full: &str) {
        let Some(platform) = self.platform else { return };
        let Walked { d, doc, keys, root, .. } = *walked;
        let name = &platform.name;
        let tell = |why: String, respell: Option<String>| {
            let place = self.key_place(d, full, entry.key_span);
            self.event_at(EventKind::WithoutEffect, place, None, why, None);
            if let Some(event) = self.events.borrow_mut().last_mut() {
                event.respell = respell.map(|r| (entry.key_span, r));
            }
        };
        let written = |key: &str| matches!(&doc.node(root).kind, Kind::Map(e) if e.iter().any(|x| *x.key == *key));
        if let Some(near) = tree.near(&entry.key).filter(|n| !full.contains('.') || !written(n)) {
            tell(format!("{name} does not know `{}`; did you mean `{near}`?", entry.key), Some(near.to_owned()));
            return;
        }
        // `retention:` with nothing below, and its keys at the same depth: the indentation was lost.
        if let Some(section) = before.and_then(|b| tree.children.get(&*b.key).map(|t| (b, t))) {
            let (above, below) = section;
            if is_empty(doc, above.value) && below.child(&entry.key, keys.fold).is_some() {
                tell(format!("{name} reads `{}` only below `{}`: indent it", entry.key, above.key), None);
                return;
            }
        }
        if let Some(word) = keys.only_word_with_end_of(&entry.key) {
            tell(format!("{name} reads the last part of `{}` only as `{word}`", entry.key), Some(word.to_owned()));
            return;
        }
        if entry.key.chars().count() >= 9
            && let Some(place) = keys.tree.only_place_of(&entry.key)
            && place.len() > 1
            && place.join(".") != *full
        {
            tell(format!("{name} reads `{}` only as `{}`", entry.key, place.join(".")), None);
        }
    }
}

/// A document in which undeclared keys are looked for.
#[derive(Copy, Clone)]
struct Walked<'d> {
    d: usize,
    doc: &'d Arc<Document>,
    keys: &'d DeclaredKeys,
    root: NodeId,
    known: Option<Known<'d>>,
}

/// The sections of a document, and what is known of sections that were walked before.
#[derive(Copy, Clone)]
pub(super) struct Known<'a> {
    pub outline: &'a Outline,
    pub sections: &'a Sections,
    pub surveyed: &'a Surveyed,
    /// The settings that stand by themselves and share a section with one that has something to report, or is new.
    pub affected: &'a BTreeSet<u32>,
}

/// Does nothing stand here?
fn is_empty(doc: &Document, node: NodeId) -> bool {
    matches!(&doc.node(node).kind, Kind::Scalar { text, .. } if text.is_empty())
}

fn declares(tree: &KeyTree, key: &str, fold: bool, depth: usize) -> bool {
    depth < DEPTH
        && (tree.child(key, fold).is_some()
            || tree
                .children
                .values()
                .chain(tree.items.as_deref())
                .chain(tree.any.as_deref())
                .any(|t| declares(t, key, fold, depth + 1)))
}

fn unquoted(key: &str) -> &str {
    key.trim_matches(['"', '\''])
}

/// Is it a label of a section, `@1`, and no key of the vendor's?
fn is_label(key: &str) -> bool {
    key.strip_prefix('@').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
