//! Statements of a file that name further files.

use super::ask::{folder, join};
use crate::platform::{DocumentKind, format_of};
use crate::syntax::{Document, Kind, Limits, parse_with};
use crate::text::{Source, Span};
use std::sync::Arc;

/// A further file that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Include {
    /// The statement's name.
    pub statement: Box<str>,
    /// Where it is named.
    pub span: Span,
    /// The path as written; its last part may be a pattern. `None`: a variable fills it in.
    pub path: Option<Box<str>>,
}

/// The files that a document names, in the order of the statements.
pub(super) fn includes_of(document: &Document, kind: &DocumentKind) -> Vec<Include> {
    let mut out = Vec::new();
    for name in &kind.statements.includes {
        for entry in document.top_entries(name) {
            for item in document.node(entry.value).items() {
                let node = document.node(item.value);
                let Kind::Scalar { text, style } = &node.kind else { continue };
                let known = node.hole.is_none() && style.is_text();
                let span = item.alias.unwrap_or(node.span);
                out.push(Include { statement: entry.key.clone(), span, path: known.then(|| text.clone()) });
            }
        }
    }
    out.sort_by_key(|include| include.span);
    out
}

/// The paths that a text names, from where its own path lies. Only what names files at all is parsed.
pub(super) fn named_in(source: &Source, kind: &DocumentKind) -> Vec<String> {
    let names = &kind.statements.includes;
    if !names.iter().any(|name| source.text().contains(name.as_str())) {
        return Vec::new();
    }
    let Some(format) = format_of(source.path(), source.text(), &kind.formats) else { return Vec::new() };
    let copy = Arc::new(Source::new(source.path(), source.text()));
    let document = parse_with(&copy, format, &Limits::default(), &kind.statements);
    let Some(home) = folder(source.path()) else { return Vec::new() };
    includes_of(&document, kind).iter().filter_map(|include| join(home, include.path.as_deref()?)).collect()
}

/// Is the last part of a path a pattern?
pub(super) fn is_pattern(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains(['*', '?']))
}

/// Does a path fit another whose last part may be a pattern?
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    if !is_pattern(pattern) {
        return pattern == path;
    }
    let split =
        |path: &str| path.rsplit_once('/').map_or((String::new(), path.to_owned()), |(a, b)| (a.into(), b.into()));
    let ((above, name), (folder, file)) = (split(pattern), split(path));
    above == folder && !file.starts_with('.') && crate::platform::glob(&name, &file)
}
