//! TOML: the events of `toml_parser` become the tree.
//!
//! The `toml` crate's own tables know neither where a table's body is nor where a comment is, and keep one of two
//! equal keys. So the rules by which headers and dotted keys make tables are applied here (see `tables`); a
//! property test holds that we accept what the `toml` crate accepts.

mod builder;
mod complaint;
mod tables;

use super::template::{self, Tag};
use super::tree::{Document, Format};
use super::{Limits, SyntaxError};
use crate::text::Source;
use builder::Builder;
use std::sync::Arc;
use toml_parser::ParseError;
use toml_parser::parser::{RecursionGuard, ValidateWhitespace, parse_document};

/// Reads TOML. It goes on after an error, as far as that is sensible.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits) -> Document {
    if let Some(error) = limits.refuse(source) {
        let errors = vec![error];
        return Document { errors, ..Document::new(source, Format::Toml) };
    }
    template::read(source, Format::Toml, |text, tags| {
        let mut document = Document::new(source, Format::Toml);
        let mut errors = read(text, tags, limits, &mut document);
        errors.sort_by_key(|error| error.span);
        errors.dedup_by_key(|error| error.span.start);
        errors.truncate(limits.errors);
        document.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
        Document { errors, ..document }
    })
}

fn read(text: &str, tags: &[Tag], limits: &Limits, document: &mut Document) -> Vec<SyntaxError> {
    let source = toml_parser::Source::new(text);
    let tokens = source.lex().into_vec();
    let mut builder = Builder::new(source, tags, limits, document);
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
