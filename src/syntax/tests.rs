//! Tests of the readers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod env;
mod json;
mod lua;
mod properties;
mod shape;
mod template;
mod toml;
mod yaml;

use super::*;
use crate::text::Span;

fn read(format: Format, text: &str) -> Document {
    parse(&Arc::new(Source::new("f", text)), format, &Limits::default())
}

/// A document on one line: `{a: 1, b: 'x', c: [2]}`; `*` marks an alias, `<` a merged entry, `!t` a tag, `?` a
/// hole with its default.
fn show(document: &Document) -> String {
    let mut out = String::new();
    node(document, document.root, 0, &mut out);
    for &other in &document.others {
        out.push_str(" --- ");
        node(document, other, 0, &mut out);
    }
    out
}

fn node(document: &Document, id: NodeId, depth: usize, out: &mut String) {
    if depth > 8 {
        out.push('…');
        return;
    }
    let node = document.node(id);
    if let Some(tag) = &node.tag {
        out.push_str(tag);
        out.push(' ');
    }
    match &node.kind {
        // An expression of Lua that is not known; its style is that of the constant that stands for it.
        Kind::Scalar { text, .. } if document.format == Format::Lua && node.hole.is_some() => out.push_str(text),
        Kind::Scalar { text, style } => match style {
            Style::Plain | Style::Number | Style::Bool | Style::Null | Style::Date => out.push_str(text),
            Style::SingleQuoted => *out += &format!("'{text}'"),
            Style::DoubleQuoted => *out += &format!("{text:?}"),
            Style::Block => *out += &format!("|{text:?}"),
        },
        Kind::Map(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                if entry.merged {
                    out.push('<');
                }
                out.push_str(&entry.key);
                out.push_str(": ");
                if entry.alias.is_some() {
                    out.push('*');
                }
                self::node(document, entry.value, depth + 1, out);
            }
            out.push('}');
        }
        Kind::Seq(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                if item.alias.is_some() {
                    out.push('*');
                }
                self::node(document, item.value, depth + 1, out);
            }
            out.push(']');
        }
    }
    if let Some(hole) = &node.hole {
        out.push('?');
        out.push_str(hole.default.as_deref().unwrap_or(""));
    }
}

/// Errors as `text at the span: message`.
fn errors(document: &Document) -> Vec<String> {
    let errors = document.errors.iter();
    errors.map(|error| format!("{:?}: {}", document.source.slice(error.span), error.message)).collect()
}

/// The texts at all spans: of each entry its key and its value.
fn spans(document: &Document) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for node in &document.nodes {
        if let Kind::Map(entries) = &node.kind {
            for entry in entries.iter().filter(|entry| !entry.merged) {
                let value = entry.alias.unwrap_or(document.node(entry.value).span);
                out.push((document.source.slice(entry.key_span).into(), document.source.slice(value).into()));
            }
        }
    }
    out
}

/// The span and node at a path of keys.
fn at(document: &Document, path: &[&str]) -> Node {
    let mut id = document.root;
    for key in path {
        match &document.node(id).kind {
            Kind::Map(entries) => id = entries.iter().find(|entry| &*entry.key == *key).expect("no such key").value,
            Kind::Seq(items) => id = items[key.parse::<usize>().unwrap()].value,
            Kind::Scalar { .. } => panic!("a scalar has no key"),
        }
    }
    document.node(id).clone()
}

fn text_at(document: &Document, path: &[&str]) -> String {
    document.source.slice(at(document, path).span).to_owned()
}

/// Every span lies in the text, on character boundaries, and in the right order.
fn check_spans(document: &Document) {
    let text = document.source.text();
    let check = |span: Span| {
        assert!(span.start <= span.end);
        assert!(text.get(span.range()).is_some(), "{span:?} is no range of {text:?}");
    };
    for node in &document.nodes {
        check(node.span);
        match &node.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    check(entry.key_span);
                    entry.alias.into_iter().for_each(check);
                }
            }
            Kind::Seq(items) => items.iter().filter_map(|item| item.alias).for_each(check),
            Kind::Scalar { .. } => {}
        }
    }
    document.comments.iter().map(|comment| comment.span).for_each(check);
    document.duplicates.iter().flat_map(|duplicate| [duplicate.first, duplicate.second]).for_each(check);
    document.branches.iter().map(|branch| branch.span).for_each(check);
    document.splices.iter().copied().for_each(check);
    document.errors.iter().map(|error| error.span).for_each(check);
    assert!(document.comments.is_sorted_by_key(|comment| comment.span));
    assert!(document.errors.is_sorted_by_key(|error| error.span.start));
    assert!(document.branches.is_sorted_by_key(|branch| branch.span.start));
}
