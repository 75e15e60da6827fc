//! What holds of every document, whatever the text.
#![allow(dead_code)] // each target takes what it needs

use hushlint::syntax::{Document, Format, Kind, Limits, Statements, parse_with};
use hushlint::text::{Source, Span};
use std::sync::Arc;

/// Reads bytes as a format, if they are text, and checks the document.
pub fn read(bytes: &[u8], format: Format) {
    let Ok(source) = Source::decode("fuzz", bytes) else { return };
    let source = Arc::new(source);
    let limits = Limits::default();
    let statements = Statements {
        sections: vec!["VirtualHost".to_owned(), "Component".to_owned()],
        includes: vec!["Include".to_owned()],
    };
    let document = parse_with(&source, format, &limits, &statements);
    check(&document);
    assert!(document.errors.len() <= limits.errors);
}

/// What holds of any document.
pub fn check(document: &Document) {
    let text = document.source.text();
    let check = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
    for node in &document.nodes {
        check(node.span);
        match &node.kind {
            Kind::Map(entries) => entries.iter().for_each(|entry| {
                check(entry.key_span);
                entry.alias.into_iter().for_each(check);
                assert!((entry.value.0 as usize) < document.nodes.len());
            }),
            Kind::Seq(items) => items.iter().for_each(|item| {
                item.alias.into_iter().for_each(check);
                assert!((item.value.0 as usize) < document.nodes.len());
            }),
            Kind::Scalar { .. } => {}
        }
    }
    document.comments.iter().for_each(|comment| check(comment.span));
    document.branches.iter().for_each(|branch| check(branch.span));
    document.splices.iter().for_each(|&span| check(span));
    document.errors.iter().for_each(|error| check(error.span));
    document.duplicates.iter().for_each(|duplicate| {
        check(duplicate.first);
        check(duplicate.second);
    });
}
