//! How headers and dotted keys make tables.

use super::super::tree::{Child, Comment, Document, Duplicate, Entry, Kind, Node, NodeId};
use super::super::{Limits, SyntaxError};
use crate::text::Span;
use std::collections::HashMap;

/// A part of a key.
pub(super) struct Key {
    pub text: Box<str>,
    pub span: Span,
}

/// Above this many entries a table gets an index.
const INDEXED: usize = 16;

/// The tables of a document, with what the rules need to know of each.
pub(super) struct Tables<'a> {
    document: &'a mut Document,
    limits: Limits,
    /// By node id. Only tables have flags.
    about: Vec<About>,
    errors: Vec<SyntaxError>,
}

#[derive(Default)]
struct About {
    /// Made by a header or dotted key that only passes through it, so it may still get a header of its own.
    implicit: bool,
    /// Made or used by a dotted key: it can get no header any more.
    dotted: bool,
    /// `{…}`, or made by a dotted key inside one: nothing outside may add to it.
    inline: bool,
    /// A sequence of `[[…]]`.
    of_tables: bool,
    /// Place of each key, once there are many.
    index: Option<HashMap<Box<str>, usize>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(document: &'a mut Document, limits: &Limits) -> Self {
        let mut tables = Self { document, limits: *limits, about: Vec::new(), errors: Vec::new() };
        tables.document.root = tables.table(About::default());
        tables
    }

    pub(super) fn root(&self) -> NodeId {
        self.document.root
    }

    /// The text of the file at a span.
    pub(super) fn text(&self, span: Span) -> &str {
        self.document.source.slice(span)
    }

    pub(super) fn comment(&mut self, comment: Comment) {
        self.document.comments.push(comment);
    }

    /// Takes `[path]` or `[[path]]`; gives the table that the keys below it go to.
    pub(super) fn header(&mut self, mut path: Vec<Key>, of_array: bool, span: Span) -> NodeId {
        if path.len() > self.limits.depth {
            self.errors.push(self.limits.too_deep(span));
            return self.lost(span);
        }
        let Some(last) = path.pop() else { return self.lost(span) };
        let Some(parent) = self.descend(self.root(), &path, false, false) else { return self.lost(span) };
        let existing = self.find(parent, &last.text);
        if of_array {
            return self.array_header(parent, existing, last, span);
        }
        let Some(entry) = existing else { return self.add_table(parent, last, About::default(), span) };
        let (first, id) = self.entry(parent, entry);
        let implicit = self.about(id).is_some_and(|about| about.implicit && !about.dotted);
        if implicit {
            if let Some(about) = self.about.get_mut(id.0 as usize) {
                about.implicit = false;
            }
            return id;
        }
        self.duplicate(first, last.span);
        // What is below the second header belongs to the same table, as far as there is one.
        if self.is_map(id) { id } else { self.lost(span) }
    }

    fn array_header(&mut self, parent: NodeId, existing: Option<usize>, key: Key, span: Span) -> NodeId {
        let array = match existing.map(|entry| self.entry(parent, entry)) {
            Some((_, id)) if self.about(id).is_some_and(|about| about.of_tables) => id,
            Some((first, _)) => {
                self.duplicate(first, key.span);
                return self.lost(span);
            }
            None => {
                let about = About { of_tables: true, ..About::default() };
                let id = self.push(Node::new(span, Kind::Seq(Vec::new())), about);
                self.add(parent, key, id);
                id
            }
        };
        let id = self.lost(span);
        if let Some(Node { kind: Kind::Seq(items), .. }) = self.document.nodes.get_mut(array.0 as usize) {
            items.push(Child { value: id, alias: None });
        }
        id
    }

    /// Takes `path = node` inside a table.
    pub(super) fn assign(&mut self, table: NodeId, mut path: Vec<Key>, inline: bool, node: Node) -> NodeId {
        if path.len() > self.limits.depth {
            self.errors.push(self.limits.too_deep(node.span));
            return self.orphan(node);
        }
        let Some(last) = path.pop() else { return self.orphan(node) };
        let Some(parent) = self.descend(table, &path, true, inline) else { return self.orphan(node) };
        if !path.is_empty() && !self.about(parent).is_some_and(|about| about.implicit) {
            self.errors.push(defined_twice(last.span));
            return self.orphan(node);
        }
        if let Some(entry) = self.find(parent, &last.text) {
            let (first, _) = self.entry(parent, entry);
            self.duplicate(first, last.span);
        }
        let id = self.orphan(node);
        self.add(parent, last, id);
        id
    }

    /// Adds an item to an array.
    pub(super) fn item(&mut self, array: NodeId, node: Node) -> NodeId {
        let id = self.orphan(node);
        if let Some(Node { kind: Kind::Seq(items), .. }) = self.document.nodes.get_mut(array.0 as usize) {
            items.push(Child { value: id, alias: None });
        }
        id
    }

    /// A value that hangs nowhere.
    pub(super) fn orphan(&mut self, node: Node) -> NodeId {
        self.push(node, About::default())
    }

    pub(super) fn mark_inline(&mut self, id: NodeId) {
        if let Some(about) = self.about.get_mut(id.0 as usize) {
            about.inline = true;
        }
    }

    /// Sets where an array or inline table ends.
    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        if let Some(node) = self.document.nodes.get_mut(id.0 as usize) {
            node.span = Span::new(node.span.start as usize, end);
        }
    }

    /// Gives tables their spans and hands out the errors.
    pub(super) fn finish(self) -> Vec<SyntaxError> {
        // A child comes after its parent in the arena, so from the back its span is known first.
        for index in (0..self.document.nodes.len()).rev() {
            let nodes = &self.document.nodes;
            let Some(node) = nodes.get(index).filter(|node| !node.flow) else { continue };
            let of = |id: NodeId| nodes.get(id.0 as usize).map_or(Span::default(), |node| node.span);
            let span = match &node.kind {
                Kind::Map(entries) => hull(entries.iter().flat_map(|entry| [entry.key_span, of(entry.value)])),
                Kind::Seq(items) => hull(items.iter().map(|item| of(item.value))),
                Kind::Scalar { .. } => None,
            };
            if let (Some(span), Some(node)) = (span, self.document.nodes.get_mut(index)) {
                node.span = span;
            }
        }
        self.errors
    }

    /// The table at `path` below `table`; tables that are missing on the way are made.
    fn descend(&mut self, mut table: NodeId, path: &[Key], dotted: bool, inline: bool) -> Option<NodeId> {
        for key in path {
            let Some(entry) = self.find(table, &key.text) else {
                let about = About { implicit: true, dotted, inline, ..About::default() };
                let key = Key { text: key.text.clone(), span: key.span };
                table = self.add_table(table, key, about, Span::default());
                continue;
            };
            let (_, mut id) = self.entry(table, entry);
            if self.about(id).is_some_and(|about| about.of_tables)
                && let Some(Kind::Seq(items)) = self.document.nodes.get(id.0 as usize).map(|node| &node.kind)
                && let Some(last) = items.last()
            {
                id = last.value;
            } else {
                let is_map = self.is_map(id);
                let about = self.about.get_mut(id.0 as usize).filter(|about| is_map && (!about.inline || inline));
                let Some(about) = about else {
                    self.errors.push(SyntaxError {
                        span: key.span,
                        message: "this key has a value already, so nothing can be added below it".to_owned(),
                        help: None,
                    });
                    return None;
                };
                if dotted && !about.implicit {
                    self.errors.push(defined_twice(key.span));
                    return None;
                }
                about.dotted |= dotted;
            }
            table = id;
        }
        Some(table)
    }

    fn find(&self, table: NodeId, key: &str) -> Option<usize> {
        if let Some(index) = self.about(table).and_then(|about| about.index.as_ref()) {
            return index.get(key).copied();
        }
        match &self.document.nodes.get(table.0 as usize)?.kind {
            Kind::Map(entries) => entries.iter().position(|entry| &*entry.key == key),
            _ => None,
        }
    }

    fn entry(&self, table: NodeId, entry: usize) -> (Span, NodeId) {
        match self.document.nodes.get(table.0 as usize).map(|node| &node.kind) {
            Some(Kind::Map(entries)) => entries.get(entry).map(|entry| (entry.key_span, entry.value)),
            _ => None,
        }
        .unwrap_or((Span::default(), NodeId(u32::MAX)))
    }

    fn add_table(&mut self, parent: NodeId, key: Key, about: About, span: Span) -> NodeId {
        let id = self.push(Node::new(span, Kind::Map(Vec::new())), about);
        self.add(parent, key, id);
        id
    }

    fn add(&mut self, parent: NodeId, key: Key, value: NodeId) {
        let Some(Node { kind: Kind::Map(entries), .. }) = self.document.nodes.get_mut(parent.0 as usize) else {
            return;
        };
        let Some(about) = self.about.get_mut(parent.0 as usize) else { return };
        if let Some(index) = &mut about.index {
            index.entry(key.text.clone()).or_insert(entries.len());
        }
        entries.push(Entry { key: key.text, key_span: key.span, value, alias: None, merged: false });
        if about.index.is_none() && entries.len() > INDEXED {
            let mut index = HashMap::with_capacity(entries.len() * 2);
            for (place, entry) in entries.iter().enumerate() {
                index.entry(entry.key.clone()).or_insert(place);
            }
            about.index = Some(index);
        }
    }

    fn table(&mut self, about: About) -> NodeId {
        self.push(Node::new(Span::default(), Kind::Map(Vec::new())), about)
    }

    /// A table that its caller hangs up, or that hangs nowhere because its header is wrong.
    fn lost(&mut self, span: Span) -> NodeId {
        self.push(Node::new(span, Kind::Map(Vec::new())), About::default())
    }

    fn push(&mut self, node: Node, about: About) -> NodeId {
        self.about.push(about);
        self.document.push(node)
    }

    fn about(&self, id: NodeId) -> Option<&About> {
        self.about.get(id.0 as usize)
    }

    fn is_map(&self, id: NodeId) -> bool {
        matches!(self.document.nodes.get(id.0 as usize).map(|node| &node.kind), Some(Kind::Map(_)))
    }

    fn duplicate(&mut self, first: Span, second: Span) {
        self.document.duplicates.push(Duplicate { first, second });
        self.errors.push(defined_twice(second));
    }
}

fn defined_twice(span: Span) -> SyntaxError {
    SyntaxError {
        span,
        message: "this key is defined a second time".to_owned(),
        help: Some("remove one of the two".to_owned()),
    }
}

/// From the first to the last.
fn hull(spans: impl Iterator<Item = Span>) -> Option<Span> {
    spans
        .filter(|span| !span.is_empty())
        .reduce(|one, other| Span { start: one.start.min(other.start), end: one.end.max(other.end) })
}
