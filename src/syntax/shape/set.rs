//! A set of variables made of pieces of another document.

use crate::syntax::duplicates::Finder;
use crate::syntax::tree::{Document, Duplicate, Entry, Format, Hole, Kind, Node, NodeId, Style, Unread};
use crate::text::Span;

/// A variable's name, and where it stands.
pub(super) struct Name<'a> {
    pub text: &'a str,
    pub span: Span,
    /// The alias that brought it.
    pub alias: Option<Span>,
    pub merged: bool,
}

/// Collects variables.
pub(super) struct Set<'d> {
    outer: &'d Document,
    document: Document,
    entries: Vec<Entry>,
}

impl<'d> Set<'d> {
    pub fn new(outer: &'d Document) -> Self {
        Self { outer, document: Document::new(&outer.source, Format::Env), entries: Vec::new() }
    }

    /// Adds a variable.
    pub fn put(&mut self, name: &Name<'_>, node: Node) {
        let value = self.document.push(node);
        let (key, key_span) = (name.text.into(), name.span);
        self.entries.push(Entry { key, key_span, value, alias: name.alias, merged: name.merged });
    }

    /// Adds a variable whose value is not written here.
    pub fn put_open(&mut self, name: &Name<'_>) {
        let span = Span { start: name.span.end, end: name.span.end };
        let kind = Kind::Scalar { text: Box::default(), style: Style::Plain };
        self.put(name, Node { hole: Some(Hole { default: None }), ..Node::new(span, kind) });
    }

    /// Further variables may come from what could not be read.
    pub fn unread(&mut self, span: Span, why: String) {
        self.document.unread.push(Unread { span, why: why.into() });
    }

    /// The set. `heading`: the key under which it stands; `end`: where what it was taken from ends.
    pub fn finish(self, heading: Span, end: u32) -> Document {
        let Self { outer, mut document, entries } = self;
        let within = Span { start: heading.start, end: end.max(heading.end) };
        document.heading = Some(heading);
        let mut duplicates: Vec<Duplicate> = Vec::new();
        Finder::default().find(&entries, None, &mut duplicates);
        // What came in by a merge key gives way to what is written; of two branches one is taken.
        let merged = |span: Span| entries.iter().any(|entry| entry.merged && entry.key_span == span);
        duplicates.retain(|d| !merged(d.first) && !merged(d.second) && !outer.exclusive(d.first, d.second));
        duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
        document.duplicates = duplicates;
        document.comments.clone_from(&outer.comments);
        document.branches.clone_from(&outer.branches);
        document.splices = splices(outer, within);
        document.templated = outer.templated;
        let span = match (entries.first(), entries.last()) {
            (Some(_), Some(_)) => within,
            _ => Span { start: within.start, end: within.start },
        };
        document.root = document.push(Node::new(span, Kind::Map(entries)));
        document
    }
}

/// The template tags that may bring further variables: those between what the set was taken from and the next key.
fn splices(outer: &Document, within: Span) -> Vec<Span> {
    if outer.splices.is_empty() {
        return Vec::new();
    }
    let keys = outer.nodes.iter().flat_map(|node| node.entries()).map(|entry| entry.key_span.start);
    let next = keys.filter(|start| *start >= within.end).min().unwrap_or(u32::MAX);
    outer.splices.iter().copied().filter(|splice| (within.start..next).contains(&splice.start)).collect()
}

/// A copy of a scalar for a set, with another text.
pub(super) fn scalar(outer: &Document, id: NodeId, text: String, hole: Option<Hole>) -> Node {
    let node = outer.node(id);
    let style = match node.kind {
        Kind::Scalar { style, .. } => style,
        _ => Style::Plain,
    };
    let kind = Kind::Scalar { text: text.into(), style };
    Node { tag: node.tag.clone(), hole, ..Node::new(node.span, kind) }
}

/// The same variables under longer names.
pub(super) fn prefixed(document: &Document, prefix: &str) -> Document {
    let mut out = document.clone();
    if let Some(Node { kind: Kind::Map(entries), .. }) = out.nodes.get_mut(out.root.0 as usize) {
        for entry in entries {
            entry.key = format!("{prefix}{}", entry.key).into();
        }
    }
    out
}
