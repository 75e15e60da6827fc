//! Where a setting stands: names for people and fingerprints, spans, anchors.

use super::definition::Setting;
use super::deployment::Deployment;
use super::dialect::{Dialect, Native, native};
use super::layer::Force;
use super::path::{Hit, Path, first_place};
use super::place::{Place, PlaceOrigin};
use super::reader::Reader;
use crate::fact::{Reason, Record, Unknown, Word};
use crate::syntax::{Document, Kind, NodeId};
use crate::text::Span;
use std::sync::Arc;

/// Where a setting is read from: the whole deployment, or one record.
#[derive(Copy, Clone)]
pub enum Root<'r> {
    /// The layers.
    Layers,
    /// A record of a list.
    Record(&'r Record),
}

impl Root<'_> {
    fn record(self) -> Option<Arc<Record>> {
        match self {
            Root::Layers => None,
            Root::Record(record) => Some(Arc::new(record.clone())),
        }
    }
}

/// A setting at a node.
#[derive(Copy, Clone)]
pub struct Site<'s> {
    /// The setting's number.
    pub ix: u32,
    /// The setting.
    pub setting: &'s Setting,
    /// How it is read there.
    pub reader: &'s Reader,
    /// Where it is read from.
    pub root: Root<'s>,
    /// The document's number.
    pub d: u32,
    /// The document.
    pub doc: &'s Arc<Document>,
    /// The node.
    pub hit: &'s Hit,
    /// What its value is worth.
    pub origin: PlaceOrigin,
}

impl Deployment<'_> {
    /// How plain scalars of a document resolve.
    pub(super) fn dialect(&self, d: u32) -> Dialect {
        let kind = self.input.sheets.get(d as usize).map(|s| s.kind);
        match (kind, self.platform) {
            (Some(kind), Some(p)) => p.documents.get(kind).map_or(Dialect::Yaml12, |k| k.dialect),
            _ => Dialect::Typed,
        }
    }

    /// The path of a record for people (`listeners[0]`) and for fingerprints (`listeners[8008]`).
    pub(super) fn record_names(&self, record: &Record) -> (String, String) {
        let list = self.platform.and_then(|p| p.setting(record.list));
        let own = list.map_or("", |l| &*l.shown);
        let (mut shown, mut stable) = match &record.parent {
            Some(parent) => {
                let (shown, stable) = self.record_names(parent);
                (format!("{shown}.{own}"), format!("{stable}.{own}"))
            }
            None => (own.to_owned(), own.to_owned()),
        };
        match record.index {
            Some(n) => shown.push_str(&format!("[{n}]")),
            None if list.is_some_and(|l| l.path.over_entries()) => {
                shown.push_str(&format!(".{}", super::keys::quoted(&record.key)))
            }
            // A lone map stands for the list's one item.
            None => {}
        }
        stable.push_str(&format!("[{}]", record.key));
        (shown, stable)
    }

    /// The path of a setting for people and for fingerprints.
    fn names(&self, setting: &Setting, root: Root<'_>) -> (Word, Word) {
        match root {
            Root::Layers => (Word::clone(&setting.shown), Word::clone(&setting.shown)),
            Root::Record(record) => {
                let (shown, stable) = self.record_names(record);
                (Word::from(format!("{shown}.{}", setting.shown)), Word::from(format!("{stable}.{}", setting.shown)))
            }
        }
    }

    /// The place of what is written, interned.
    pub(super) fn site_place(&self, site: &Site<'_>) -> u32 {
        let Site { ix, setting, reader: _, root, d, doc, hit, origin } = *site;
        let node = doc.node(hit.node);
        let (shown, stable) = self.names(setting, root);
        let scalar = match &node.kind {
            Kind::Scalar { text, style } if !node.span.is_empty() => {
                Some((node.span, native(text, *style, self.dialect(d)) == Native::Null))
            }
            _ => None,
        };
        let (span, wide) = match scalar {
            Some((span, false)) => {
                let before = !hit.key.is_empty() && hit.key.end <= span.start;
                (span, before.then_some(Span { start: hit.key.start, end: span.end }))
            }
            _ if hit.key.is_empty() => (first_place(doc, hit.node), None),
            _ => (hit.key, None),
        };
        let constant = d == Record::CONSTANT;
        self.intern(Place {
            setting: Some(ix),
            record: root.record(),
            shown,
            stable,
            document: (!constant).then_some(d),
            span: if constant { Span::default() } else { span },
            wide: wide.filter(|_| !constant),
            anchor: constant,
            origin: if constant { PlaceOrigin::Default } else { origin },
            text: scalar.filter(|_| !setting.is_secret()).map(|_| doc.written(hit.node).to_owned()),
            unconfirmed: false,
            quoted: false,
            reported: false,
            shared: hit.alias.is_some() || doc.node(doc.root).flow || node.hole.is_some(),
        })
    }

    /// Where a person looks for a setting that is not written, interned.
    pub(super) fn anchor(&self, ix: u32, setting: &Setting, root: Root<'_>) -> Option<u32> {
        let (shown, stable) = self.names(setting, root);
        let (document, span) = match root {
            Root::Record(record) if record.document != Record::CONSTANT => {
                let doc = self.document(record.document)?;
                (record.document, first_place(doc, record.node))
            }
            Root::Record(_) => (0, Span::default()),
            Root::Layers => self.nearest_ancestor(setting)?,
        };
        Some(self.intern(Place {
            setting: Some(ix),
            record: root.record(),
            shown,
            stable,
            document: Some(document),
            span,
            wide: None,
            anchor: true,
            origin: PlaceOrigin::Default,
            text: None,
            unconfirmed: setting.verified.as_deref() == Some(""),
            quoted: self.input.version.is_none(),
            reported: false,
            shared: false,
        }))
    }

    /// May a file that could not be read write the setting: one of variables that a service names?
    pub(super) fn unread(&self, ix: u32, setting: &Setting) -> Option<Unknown> {
        let platform = self.platform?;
        // What decides whether files are in force is presumed not to stand in one that was not given.
        if platform.deciding.binary_search(&ix).is_ok() {
            return None;
        }
        let layers = || platform.layers.iter().enumerate();
        let may_hold = |kind: usize| {
            layers().any(|(n, l)| l.document() == Some(kind) && setting.asks(n) && setting.way(n, 0).is_some())
        };
        // A platform that tells itself what such a file may set knows it better.
        if self.input.unresolved && platform.tells_unresolved {
            return None;
        }
        let sheets = self.input.sheets.iter().filter(|s| !s.document.unread.is_empty());
        let unread = sheets.filter(|s| may_hold(s.kind)).flat_map(|s| &s.document.unread).next()?;
        let why = Arc::clone(&unread.why);
        Some(Unknown { why, kind: Reason::NotRead, by: Some(Arc::from("other-file")), candidates: None })
    }

    /// May a template tag that stands alone on a line write the setting: at the top, or in the section it belongs to?
    pub(super) fn spliced(&self, setting: &Setting) -> bool {
        let Some(platform) = self.platform else { return false };
        let sheets = self.input.sheets.iter().zip(0..).filter(|(s, _)| !s.document.splices.is_empty());
        sheets.into_iter().any(|(sheet, d)| {
            let layers = platform.layers.iter().enumerate();
            let mut asked = layers.filter(|(n, l)| l.document() == Some(sheet.kind) && setting.asks(*n));
            asked.any(|(n, layer)| {
                let roots = self.layer_roots(layer, d);
                let spliced = |path| roots.iter().any(|root| self.spliced_at(d, &sheet.document, *root, path));
                setting.way(n, 0).is_some_and(|way| spliced(way.path))
            })
        })
    }

    fn spliced_at(&self, d: u32, doc: &Arc<Document>, root: NodeId, path: &Path) -> bool {
        let in_section = |depth: usize| {
            let above = self.find(d, doc, root, path.0.get(..depth).unwrap_or_default());
            above.hits.iter().any(|h| doc.splices.iter().any(|s| doc.node(h.node).span.contains(*s)))
        };
        let at_top = |splice: &Span| match &doc.node(root).kind {
            Kind::Map(entries) => !entries.iter().any(|e| doc.node(e.value).span.contains(*splice)),
            _ => true,
        };
        match self.find(d, doc, root, &path.0).ancestor {
            Some((_, depth)) => in_section(depth),
            None => {
                let here = |splice: &&Span| root == doc.root || doc.node(root).span.contains(**splice);
                doc.splices.iter().filter(here).any(at_top)
            }
        }
    }

    /// Where a setting that is not written would go, and where a person looks for it: the highest layer in force of
    /// those allowed with a file in which an ancestor is written; else the lowest that has a file.
    pub(super) fn home(&self, setting: &Setting) -> Option<Home> {
        let platform = self.platform?;
        let mut lowest: Option<Home> = None;
        let mut part: Option<Home> = None;
        let asked = self.layers_asked(setting);
        for (n, layer) in platform.layers.iter().enumerate().filter(|(n, _)| asked.contains(*n)) {
            let (Some(kind), Some(way)) = (layer.document(), setting.way(n, 0)) else { continue };
            if layer.force == Force::Default || !self.in_force(n, layer) {
                continue;
            }
            let mut first = None;
            for (d, sheet) in self.input.sheets.iter().enumerate().rev().filter(|(_, s)| s.kind == kind) {
                let Ok(d) = u32::try_from(d) else { continue };
                let Some(root) = self.layer_roots(layer, d).last().copied() else { continue };
                // A top-level key has no ancestor that could be written.
                let ancestor = match way.path.0.len() {
                    0 | 1 => None,
                    _ => self.find(d, &sheet.document, root, &way.path.0).ancestor,
                };
                if let Some((span, _)) = ancestor {
                    return Some(Home { d, layer: n, root, span: Some(span) });
                }
                first = Some(Home { d, layer: n, root, span: None });
            }
            // Parts belong to a main document: they are chosen only where nothing else may hold the setting.
            let slot = if platform.documents.get(kind).is_some_and(|k| k.part) { &mut part } else { &mut lowest };
            *slot = first.or(slot.take());
        }
        lowest.or(part)
    }

    fn nearest_ancestor(&self, setting: &Setting) -> Option<(u32, Span)> {
        match self.home(setting) {
            Some(home) => Some((home.d, home.span.unwrap_or_else(|| self.top_of(home.d)))),
            None => self.main().map(|_| (self.main_place(), self.top_of(self.main_place()))),
        }
    }

    /// The beginning of a document: of a file its first line, of what stands inside one the key of that.
    fn top_of(&self, d: u32) -> Span {
        let sheet = self.input.sheets.get(d as usize);
        sheet.and_then(|sheet| sheet.document.heading).unwrap_or_default()
    }
}

/// Where a setting that is not written would go.
#[derive(Copy, Clone, Debug)]
pub(super) struct Home {
    /// The document.
    pub d: u32,
    /// The layer, by its place.
    pub layer: usize,
    /// The layer's root in the document.
    pub root: NodeId,
    /// The key of the deepest written ancestor.
    pub span: Option<Span>,
}
