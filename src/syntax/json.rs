//! JSON, with comments and trailing commas: the tokens of `jsonc-parser` become the tree.
//!
//! That crate's own tree is all or nothing and names each comment twice; with its tokens, what stands before an
//! error is kept. Nothing here recurses.

mod builder;
mod complaint;

use super::template;
use super::tree::{Comment, Document, Format};
use super::{Limits, SyntaxError};
use crate::text::{Source, Span};
use builder::Builder;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::sync::Arc;

/// Reads JSON, up to its first error.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits) -> Document {
    if let Some(error) = limits.refuse(source) {
        let errors = vec![error];
        return Document { errors, ..Document::new(source, Format::Json) };
    }
    template::read(source, Format::Json, |text, tags| {
        let mut document = Document::new(source, Format::Json);
        let mut builder = Builder::new(source.text(), tags, limits, &mut document);
        let errors = Vec::from_iter(read(text, &mut builder).err());
        document.comments = builder.finish();
        document.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
        Document { errors, ..document }
    })
}

fn read(text: &str, builder: &mut Builder) -> Result<(), SyntaxError> {
    // Comments and trailing commas, but nothing else that JSON lacks: servers' JSON readers refuse it.
    let options = ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let mut scanner = Scanner::new(text, &options);
    loop {
        let token = scanner.scan().map_err(|error| complaint::explain(&error, text))?;
        let span = Span::new(scanner.token_start(), scanner.token_end());
        match token {
            None => return builder.end(),
            Some(Token::CommentLine(_)) => builder.comments.push(Comment { span: line_comment(span, text) }),
            Some(Token::CommentBlock(_)) => builder.comments.push(Comment { span }),
            Some(token) => builder.token(token, span)?,
        }
    }
}

/// A line comment without its line break, of which the scanner keeps the `\r`.
fn line_comment(span: Span, text: &str) -> Span {
    let written = text.get(span.range()).unwrap_or_default();
    Span::new(span.start as usize, span.start as usize + written.trim_end_matches(['\r', '\n']).len())
}
