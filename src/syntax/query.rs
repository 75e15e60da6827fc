//! Questions to a document.

use super::tree::{Branch, Child, Document, Entry, Kind, Node, NodeId};
use crate::text::Span;

impl Node {
    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(&self) -> &[Child] {
        match &self.kind {
            Kind::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

impl Document {
    /// The entry of a map that is in force: of two equal keys the last, as every reader takes it, unless it came
    /// in by a merge key.
    pub fn entry(&self, map: NodeId, key: &str) -> Option<&Entry> {
        let same = || self.node(map).entries().iter().filter(|entry| &*entry.key == key);
        same().rfind(|entry| !entry.merged).or_else(|| same().next())
    }

    /// A scalar as it is written at its place; decoded where nobody could read that.
    pub fn written(&self, node: NodeId) -> &str {
        let node = self.node(node);
        match &node.kind {
            Kind::Scalar { text, .. } if self.decoded => text,
            _ => self.source.slice(node.span),
        }
    }

    /// The tops of all documents of the file.
    pub fn roots(&self) -> impl Iterator<Item = NodeId> {
        std::iter::once(self.root).chain(self.others.iter().copied())
    }

    /// The template branches that a place is under, from the outermost in.
    pub fn branches_at(&self, place: Span) -> impl Iterator<Item = &Branch> {
        let sorted = self.branches.partition_point(|branch| branch.span.start <= place.start);
        self.branches.iter().take(sorted).filter(move |branch| branch.span.end > place.start)
    }

    /// Are the two places in different branches of one template `if`, so that only one of them is ever there?
    pub fn exclusive(&self, first: Span, second: Span) -> bool {
        let mut pairs = self.branches_at(first).zip(self.branches_at(second));
        let parting = pairs.find(|(one, other)| (one.group, one.index) != (other.group, other.index));
        parting.is_some_and(|(one, other)| one.group == other.group)
    }
}
