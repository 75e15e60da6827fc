//! YAML: the events of `granit-parser` become the tree.
//!
//! The parser does not expand aliases, so neither do we: both places share a node, and an alias bomb costs what
//! its text costs. Template tags are blanked before the parse (see `template`).

mod builder;
mod complaint;
mod merge;

use super::template::{self, Masked};
use super::tree::{Document, Format};
use super::{Limits, SyntaxError};
use crate::text::Source;
use builder::Builder;
use granit_parser::{Event, Parser};
use std::sync::Arc;

/// Reads YAML.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits) -> Document {
    let mut document = Document::new(source, Format::Yaml);
    if let Some(error) = limits.refuse(source) {
        document.errors.push(error);
        return document;
    }
    let masked = template::mask(source.text(), Format::Yaml);
    let text = masked.as_ref().map_or(source.text(), |masked| &masked.text);
    let mut builder = Builder::new(source.text(), masked.as_ref(), limits, &mut document);
    let mut errors = Vec::new();
    read(text, limits, &mut builder, &mut errors);
    builder.finish();
    settle(&mut document, masked, errors, limits);
    document
}

/// Feeds the builder, document by document: an error ends its document, not the file.
fn read(text: &str, limits: &Limits, builder: &mut Builder, errors: &mut Vec<SyntaxError>) {
    let options = granit_parser::options! {
        // As libyaml, which most of the linted servers read their files with.
        block_scalar_eof_without_line_feed: true,
        // `password: *****` is common; one error, and the rest of the file is read.
        emit_unresolved_aliases: true,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    loop {
        let error = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => return,
            Some(Ok((event, span))) => match builder.event(event, &span) {
                Ok(()) => continue,
                Err(error) => error,
            },
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                builder.abandon(at);
                complaint::explain(error.kind(), at, text)
            }
        };
        errors.push(error);
        if errors.len() >= limits.errors || !parser.proceed_next_document().unwrap_or(false) {
            return;
        }
    }
}

fn settle(document: &mut Document, masked: Option<Masked>, mut errors: Vec<SyntaxError>, limits: &Limits) {
    document.comments.sort_unstable_by_key(|comment| comment.span);
    document.comments.dedup();
    document.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
    errors.append(&mut document.errors);
    if let Some(masked) = masked {
        masked.record(document);
        masked.fit(document, &mut errors);
    }
    document.errors = errors;
    document.errors.sort_by_key(|error| error.span);
    document.errors.truncate(limits.errors);
}
