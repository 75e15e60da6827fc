//! TOML: the events of `toml_parser` become the tree.
//!
//! The `toml` crate's own tables know neither where a table's body is nor where a comment is, and keep one of two
//! equal keys. So the rules by which headers and dotted keys make tables are applied here (see `tables`); a
//! property test holds that we accept what the `toml` crate accepts.

mod builder;
mod complaint;
mod tables;

use super::template::{self, Masked};
use super::tree::{Document, Format};
use super::{Limits, SyntaxError};
use crate::text::Source;
use builder::Builder;
use std::sync::Arc;
use toml_parser::ParseError;
use toml_parser::parser::{RecursionGuard, ValidateWhitespace, parse_document};

/// Reads TOML. It goes on after an error, as far as that is sensible.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits) -> Document {
    let mut document = Document::new(source, Format::Toml);
    if let Some(error) = limits.refuse(source) {
        document.errors.push(error);
        return document;
    }
    let masked = template::mask(source.text(), Format::Toml);
    let text = masked.as_ref().map_or(source.text(), |masked| &masked.text);
    let errors = read(text, masked.as_ref(), limits, &mut document);
    settle(&mut document, masked, errors, limits);
    document
}

fn read(text: &str, masked: Option<&Masked>, limits: &Limits, document: &mut Document) -> Vec<SyntaxError> {
    let source = toml_parser::Source::new(text);
    let tokens = source.lex().into_vec();
    let mut builder = Builder::new(source, masked, limits, document);
    let mut errors: Vec<ParseError> = Vec::new();
    {
        let mut checked = ValidateWhitespace::new(&mut builder, source);
        let depth = u32::try_from(limits.depth).unwrap_or(u32::MAX);
        let mut bounded = RecursionGuard::new(&mut checked, depth);
        parse_document(&tokens, &mut bounded, &mut errors);
    }
    let mut found = builder.finish();
    found.extend(complaint::explain(&errors, text, limits));
    found
}

fn settle(document: &mut Document, masked: Option<Masked>, mut errors: Vec<SyntaxError>, limits: &Limits) {
    document.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
    if let Some(mut masked) = masked {
        masked.record(document);
        masked.fit(document, &mut errors);
    }
    errors.sort_by_key(|error| error.span);
    errors.dedup_by_key(|error| error.span.start);
    errors.truncate(limits.errors);
    document.errors = errors;
}
