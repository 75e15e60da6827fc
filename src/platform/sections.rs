//! Top-level sections, and what was read from sections of the same text before.
//!
//! Most of a configuration is like the last one: the same keys with the same values, at other lines. What a setting
//! comes to depends on the top-level sections that it, its default and its gates read, and on nothing else; where their
//! text has been met before, it need not be read again. A deployment of several files, and a file with templates,
//! aliases or a key written twice, is read as a whole.

use super::case::expressions;
use super::definition::{Platform, Setting};
use super::deployment::Deployment;
use super::layer::Layer;
use super::survey::{Surveyed, both};
use crate::condition::{Expr, Members, Op, Vendor};
use crate::syntax::{Format, Kind};
use crate::text::{Mix, Span, Table};
use std::collections::{BTreeSet, HashSet};
use std::hash::Hasher;
use std::sync::Arc;

/// What stands for a section that is not written.
const NOTHING: u128 = 0;

/// Which top-level keys settings depend on.
#[derive(Debug)]
pub struct Outline {
    keys: Table<Box<str>, u16>,
    /// Settings of which something only asks whether they are written.
    asked: Vec<u32>,
    /// The same by the sections that they stand in, as places in that list.
    asked_groups: Vec<Asked>,
    groups: Vec<Group>,
}

/// Settings of which something only asks whether they are written.
#[derive(Debug)]
pub(super) struct Asked {
    /// The sections that they stand in; `None`: they may stand anywhere.
    sections: Option<Vec<u16>>,
    /// Their places among all that are asked for.
    places: Vec<usize>,
}

/// Numbers from here on stand for [`Outline::asked`].
const ASKED: u16 = 1 << 15;

/// Settings that depend on the same sections.
#[derive(Debug)]
pub(super) struct Group {
    /// The sections; `None`: they rest on more than sections tell.
    pub sections: Option<Vec<u16>>,
    /// The settings that stand by themselves.
    pub settings: Vec<u32>,
}

impl Outline {
    /// The outline of a platform.
    pub fn new(platform: &Platform) -> Self {
        let mut out = Self { keys: Table::default(), asked: Vec::new(), asked_groups: Vec::new(), groups: Vec::new() };
        for (setting, ix) in platform.settings.iter().zip(0..) {
            if setting.list.is_some() {
                continue;
            }
            let mut walk = Walk {
                platform,
                outline: &mut out,
                settings: HashSet::new(),
                asked: HashSet::new(),
                more: Found::default(),
            };
            walk.setting(ix);
            let found = walk.more;
            let sections = (!found.opaque).then(|| found.sections.into_iter().collect::<Vec<u16>>());
            match out.groups.iter_mut().find(|g| g.sections == sections) {
                Some(group) => group.settings.push(ix),
                None => out.groups.push(Group { sections, settings: vec![ix] }),
            }
        }
        for (place, ix) in out.asked.clone().into_iter().enumerate() {
            let sections = platform.setting(ix).and_then(|setting| out.standing(setting));
            match out.asked_groups.iter_mut().find(|g| g.sections == sections) {
                Some(group) => group.places.push(place),
                None => out.asked_groups.push(Asked { sections, places: vec![place] }),
            }
        }
        out
    }

    /// The sections that a setting may be written in; `None`: anywhere.
    fn standing(&mut self, setting: &Setting) -> Option<Vec<u16>> {
        // A field of records stands where they do, and is asked for by item.
        if setting.list.is_some() {
            return None;
        }
        let paths = std::iter::once(&setting.path).chain(setting.also.iter().map(|also| &also.path));
        let keys = paths.map(|path| path.first_key()).collect::<Option<Vec<_>>>()?;
        let mut sections: Vec<u16> = keys.into_iter().map(|key| self.key(key)).collect();
        sections.sort_unstable();
        sections.dedup();
        Some(sections)
    }

    pub(super) fn asked_groups(&self) -> &[Asked] {
        &self.asked_groups
    }

    /// The sections that these settings depend on; `None` if one rests on more.
    pub fn of_settings(&self, settings: &[u32]) -> Option<Vec<u16>> {
        let mut out = BTreeSet::new();
        for ix in settings {
            let group = self.groups.iter().find(|g| g.settings.contains(ix))?;
            out.extend(group.sections.as_ref()?);
        }
        Some(out.into_iter().collect())
    }

    /// The settings of some groups, and of all others that depend on a section of theirs.
    pub(super) fn beside(&self, groups: &[usize]) -> BTreeSet<u32> {
        let these: Vec<&Group> = groups.iter().filter_map(|n| self.groups.get(*n)).collect();
        let sections: HashSet<u16> = these.iter().flat_map(|g| g.sections.iter().flatten()).copied().collect();
        let shares = |g: &&Group| match &g.sections {
            Some(own) => own.iter().any(|section| *section < ASKED && sections.contains(section)),
            None => true,
        };
        these.iter().copied().chain(self.groups.iter().filter(shares)).flat_map(|g| &g.settings).copied().collect()
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    fn key(&mut self, name: &str) -> u16 {
        if let Some(n) = self.keys.get(name) {
            return *n;
        }
        let n = u16::try_from(self.keys.len()).unwrap_or(u16::MAX);
        self.keys.insert(name.into(), n);
        n
    }
}

#[derive(Default)]
struct Found {
    sections: BTreeSet<u16>,
    opaque: bool,
}

/// Follows everything that the reading of a setting may ask for.
struct Walk<'a> {
    platform: &'a Platform,
    outline: &'a mut Outline,
    settings: HashSet<u32>,
    asked: HashSet<u32>,
    more: Found,
}

impl Walk<'_> {
    fn setting(&mut self, ix: u32) {
        let platform = self.platform;
        let Some(setting) = platform.setting(ix).filter(|_| self.settings.insert(ix)) else { return };
        match setting.list {
            None => self.paths(setting),
            Some(list) => self.setting(list),
        }
        let absent = setting.absent.as_deref().unwrap_or_default();
        absent.iter().flat_map(expressions).for_each(|e| self.expr(e));
        for gate in platform.gates_of.get(ix as usize).into_iter().flatten() {
            platform.gates.get(*gate).into_iter().for_each(|g| self.expr(&g.needs));
        }
        let readers = setting.readers.iter().chain(setting.also.iter().flat_map(|also| &also.readers));
        readers.filter_map(|case| case.when.as_ref()).for_each(|e| self.expr(e));
        self.elsewhere(ix);
        platform.fields_of(ix).iter().for_each(|field| self.setting(*field));
    }

    fn elsewhere(&mut self, ix: u32) {
        let covering = self.platform.elsewhere.iter().filter(|e| e.covers.get(ix as usize).copied().unwrap_or(false));
        covering.filter_map(|e| e.when.as_ref()).for_each(|e| self.expr(e));
    }

    /// Whether a setting is written, whatever its value.
    fn has(&mut self, ix: u32) {
        if !self.asked.insert(ix) {
            return;
        }
        let n = self.outline.asked.iter().position(|a| *a == ix).unwrap_or_else(|| {
            self.outline.asked.push(ix);
            self.outline.asked.len() - 1
        });
        self.more.sections.insert(u16::try_from(n).map_or(u16::MAX, |n| ASKED | n));
        self.elsewhere(ix);
    }

    fn paths(&mut self, setting: &Setting) {
        for path in std::iter::once(&setting.path).chain(setting.also.iter().map(|also| &also.path)) {
            match path.first_key() {
                Some(key) => {
                    let n = self.outline.key(key);
                    self.more.sections.insert(n);
                }
                None => self.more.opaque = true,
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let mut settings = Vec::new();
        let (mut contexts, mut asked) = (Vec::new(), Vec::new());
        expr.walk(&mut |e| match &e.op {
            Op::Vendor(Vendor::Setting(ix)) => settings.push(*ix),
            Op::Has(ix) => asked.push(*ix),
            Op::Field { field: ix, .. } | Op::HasField { field: ix, .. } => settings.push(*ix),
            Op::Vendor(Vendor::Context(ix)) => contexts.push(*ix),
            // The same for every setting.
            Op::Vendor(Vendor::Version | Vendor::Image | Vendor::Shape | Vendor::Published) => {}
            // What a setting comes to may not hang on facts, files or lists of members: rare, so not followed.
            Op::Vendor(_) | Op::Fact { .. } | Op::Places(_) => self.more.opaque = true,
            Op::Members(Members::Scopes | Members::Private | Members::Cohorts) => self.more.opaque = true,
            _ => {}
        });
        settings.into_iter().for_each(|ix| self.setting(ix));
        asked.into_iter().for_each(|ix| self.has(ix));
        for ix in contexts {
            let cases = self.platform.contexts.get(ix as usize).map(|c| c.cases.as_slice()).unwrap_or_default();
            cases.iter().flat_map(expressions).for_each(|e| self.expr(e));
        }
    }
}

/// The sections of one document, by their number in an outline.
#[derive(Debug, Clone)]
pub struct Sections {
    /// From the key to the end of the value; `None`: not written.
    spans: Vec<Option<Span>>,
    hashes: Vec<u128>,
    /// For each setting of [`Outline::asked`] whether it is written.
    asked: Vec<u128>,
}

/// A span as it stands in a section.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Relative {
    /// The beginning of the file.
    Start,
    /// In a section, counted from its key.
    In(u16, Span),
}

impl Sections {
    /// The key of what depends on these sections.
    pub fn hash(&self, sections: &[u16]) -> u128 {
        // Each hash is mixed well and holds its key, so that a sum tells as much as a chain.
        sections.iter().fold(0, |sum: u128, n| {
            let hash = match n & ASKED {
                0 => self.hashes.get(*n as usize),
                _ => self.asked.get((*n & !ASKED) as usize),
            };
            sum.wrapping_add(hash.copied().unwrap_or(NOTHING))
        })
    }

    /// The hash of the section of a key, if it is one of the outline's.
    pub(super) fn hash_of(&self, outline: &Outline, key: &str) -> Option<u128> {
        self.hashes.get(*outline.keys.get(key)? as usize).copied().filter(|h| *h != NOTHING)
    }

    /// A span in terms of one of these sections; `None` if it stands in none of them.
    pub fn relative(&self, sections: &[u16], span: Span) -> Option<Relative> {
        if span == Span::default() {
            return Some(Relative::Start);
        }
        sections.iter().find_map(|n| {
            let section = (*self.spans.get(*n as usize)?)?;
            let inside = section.start <= span.start && span.end <= section.end;
            let from = |at: u32| at.saturating_sub(section.start);
            inside.then_some(Relative::In(*n, Span { start: from(span.start), end: from(span.end) }))
        })
    }

    /// The span in this document; the section is written, as its text is the same.
    pub fn absolute(&self, relative: Relative) -> Span {
        match relative {
            Relative::Start => Span::default(),
            Relative::In(n, span) => {
                let start = self.spans.get(n as usize).copied().flatten().map_or(0, |s| s.start);
                Span { start: start.saturating_add(span.start), end: start.saturating_add(span.end) }
            }
        }
    }
}

impl Deployment<'_> {
    /// The sections of the only document; `None` where the text of sections does not tell what is read.
    pub(super) fn sections(&self, outline: &Outline, surveyed: &Surveyed, beside: u128) -> Option<Sections> {
        let [sheet] = self.input.sheets.as_slice() else { return None };
        // The layers that look into other documents find nothing; constants would need a look at their conditions.
        let layers = &self.platform?.layers;
        let of_sheet = |layer: &&Layer| layer.document() == Some(sheet.kind);
        let as_written = layers.iter().filter(of_sheet).all(Layer::is_plain) && layers.iter().any(|l| of_sheet(&l));
        let exact = self.platform?.documents.get(sheet.kind).is_some_and(|kind| !kind.fold);
        let input = &self.input;
        let bare = input.instance.is_none()
            && input.stated.is_empty()
            && input.declaration.is_none()
            && input.overlay.is_empty()
            && input.field_overlay.is_empty();
        let doc = &sheet.document;
        let plain = doc.inner.is_none()
            && doc.unread.is_empty()
            && doc.others.is_empty()
            && doc.branches.is_empty()
            && doc.splices.is_empty()
            && doc.duplicates.is_empty();
        let root = doc.root_node();
        // TOML may write a table in several places; a YAML directive changes how all of a file is read.
        let text = doc.source.text();
        let known = matches!(doc.format, Format::Yaml | Format::Json) && !text.starts_with('%');
        let whole = as_written && exact && self.root(0) == doc.root && !layers.iter().any(|l| l.document().is_none());
        if !bare || !plain || !known || !whole || doc.templated || doc.aliased || root.flow {
            return None;
        }
        let Kind::Map(entries) = &root.kind else { return None };
        let count = outline.keys.len();
        let asked = vec![NOTHING; outline.asked.len()];
        let mut out = Sections { spans: vec![None; count], hashes: vec![NOTHING; count], asked };
        for entry in entries {
            let Some(n) = outline.keys.get(&*entry.key) else { continue };
            let span =
                Span { start: entry.key_span.start, end: doc.node(entry.value).span.end.max(entry.key_span.end) };
            let mut mix = Mix::default();
            // An explicit indentation counts from the key's.
            let before = text.get(..span.start as usize).unwrap_or_default();
            mix.write_usize(before.len() - before.rfind('\n').map_or(0, |n| n + 1));
            mix.write(doc.source.slice(span).as_bytes());
            if let (Some(place), Some(hash)) = (out.spans.get_mut(*n as usize), out.hashes.get_mut(*n as usize)) {
                *place = Some(span);
                *hash = mix.wide();
            }
        }
        self.ask(outline, surveyed, beside, &mut out);
        Some(out)
    }

    /// Asks of settings whether they are written. That hangs on the sections that they may stand in, and on releases.
    fn ask(&self, outline: &Outline, surveyed: &Surveyed, beside: u128, sections: &mut Sections) {
        for (n, group) in outline.asked_groups.iter().enumerate() {
            let key = group.sections.as_ref().map(|list| both(sections.hash(list), beside));
            let known = key.and_then(|key| surveyed.asked(n, key));
            let written = known.unwrap_or_else(|| {
                let settings = group.places.iter().filter_map(|place| outline.asked.get(*place));
                let written: Arc<[u128]> = self.quick(|| settings.map(|ix| self.is_asked(*ix)).collect());
                key.into_iter().for_each(|key| surveyed.keep_asked(n, key, &written));
                written
            });
            for (place, written) in group.places.iter().zip(&*written) {
                sections.asked.get_mut(*place).into_iter().for_each(|slot| *slot = *written);
            }
        }
    }

    /// A setting, and whether it is written.
    fn is_asked(&self, ix: u32) -> u128 {
        let mut mix = Mix::default();
        mix.write_u32(ix);
        mix.write_u8(self.raw(ix).written as u8);
        mix.wide()
    }
}
