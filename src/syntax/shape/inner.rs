//! A whole file that stands inside a scalar of another.

use super::base64;
use super::offsets::Offsets;
use super::scalar;
use crate::syntax::limits::Limits;
use crate::syntax::tree::{Document, Format, Node, Style};
use crate::syntax::{Kind, parse};
use crate::text::{Source, Span};
use std::sync::Arc;

/// A file inside another: its name and its text, with the place of every byte.
#[derive(Clone, Debug)]
pub struct Inner {
    /// What it is called: the key in a ConfigMap.
    pub name: Box<str>,
    /// Where that stands.
    pub key: Span,
    offsets: Offsets,
    /// It is written as it is, but for its indentation: what is written into it stays sound.
    literal: bool,
    decoded: bool,
}

impl Inner {
    /// The file inside a scalar.
    pub(super) fn of(outer: &Document, name: &str, key: Span, node: &Node) -> Option<Self> {
        let offsets = scalar::offsets(outer, node)?;
        let written = outer.source.slice(node.span);
        let literal = matches!(&node.kind, Kind::Scalar { style: Style::Block, .. }) && written.starts_with('|');
        Some(Self { name: name.into(), key, offsets, literal, decoded: false })
    }

    /// The file inside a scalar that is Base64 of it; `None` if that is none, or of no text.
    pub(super) fn decoded(name: &str, key: Span, node: &Node) -> Option<Self> {
        let text = decoded_text(node)?;
        Some(Self { name: name.into(), key, offsets: Offsets::whole(text, node.span), literal: false, decoded: true })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.offsets.text()
    }

    /// Reads it. The document's source is the outer file, and all its places are in that.
    pub fn document(&self, outer: &Arc<Source>, format: Format, limits: &Limits) -> Document {
        let inner = Arc::new(Source::new(outer.path(), self.text()));
        let mut document = parse(&inner, format, limits);
        document.source = Arc::clone(outer);
        document.decoded = self.decoded;
        document.heading = Some(self.key);
        let place = |span: &mut Span| *span = self.offsets.place(*span);
        let root = document.root.0 as usize;
        for (n, node) in document.nodes.iter_mut().enumerate() {
            place(&mut node.span);
            // What is written between quotes, folded or encoded cannot be edited in part.
            node.flow |= n == root && !self.literal;
            match &mut node.kind {
                Kind::Map(entries) => entries.iter_mut().for_each(|entry| {
                    place(&mut entry.key_span);
                    entry.alias.iter_mut().for_each(place);
                }),
                Kind::Seq(items) => items.iter_mut().filter_map(|item| item.alias.as_mut()).for_each(place),
                Kind::Scalar { .. } => {}
            }
        }
        document.comments.iter_mut().for_each(|comment| place(&mut comment.span));
        document.duplicates.iter_mut().for_each(|duplicate| {
            place(&mut duplicate.first);
            place(&mut duplicate.second);
        });
        document.branches.iter_mut().for_each(|branch| place(&mut branch.span));
        document.splices.iter_mut().for_each(place);
        document.errors.iter_mut().for_each(|error| place(&mut error.span));
        document.inner = Some(inner);
        document
    }
}

/// What a scalar of Base64 stands for, if that is text.
pub(super) fn decoded_text(node: &Node) -> Option<String> {
    let bytes = base64::decode(node.text()?)?;
    Source::decode("", bytes).ok().map(|source| source.text().to_owned())
}
