//! Lua, as far as configuration files use it. Nothing is run.
//!
//! A file is read from its first statement to its last. Literals, tables, constant arithmetic, joined texts and
//! local variables are worked out; the environment, calls and whatever else only a run could tell are holes, with
//! the constant that stands for them (`os.getenv("X") or "7d"`). Control flow makes what it assigns conditional, as
//! a template's `if` does. A name that nobody has given a value is a plain scalar, since it is `nil` when the file
//! is run.
//!
//! Every assignment to a name is an entry of the top. Statements that the platform names open a section: an item of
//! a list of that name, with the labels as `@1`, `@2` and what is assigned from there on. Others name further files.

mod complaint;
mod cursor;
mod expression;
mod flow;
mod frame;
mod lexer;
mod literal;
mod parser;
mod place;
mod table;
mod value;

use super::template::{self, Tag};
use super::tree::{Comment, Document, Format};
use super::{Limits, Statements};
use crate::text::Source;
use parser::Parser;
use std::sync::Arc;

/// Reads Lua, up to its first error.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits, statements: &Statements) -> Document {
    if let Some(error) = limits.refuse(source) {
        let errors = vec![error];
        return Document { errors, ..Document::new(source, Format::Lua) };
    }
    let Some(masked) = template::mask(source.text(), Format::Lua) else {
        return read(source, source.text(), &[], limits, statements).0;
    };
    // `{{ 1, 2 }}` is a table in a table, and tags inside quotes are text: only what is no Lua, or would make no
    // sense as such, is a template.
    let (mut document, doubt) = read(source, source.text(), &masked.tags, limits, statements);
    if document.errors.is_empty() && !doubt {
        document.templated = document.nodes.iter().any(|node| node.hole.is_some() && masked.within(node.span));
        return document;
    }
    let (mut again, _) = read(source, &masked.text, &masked.tags, limits, statements);
    if !again.errors.is_empty() && document.errors.is_empty() {
        return document;
    }
    let (branches, splices) = (std::mem::take(&mut again.branches), std::mem::take(&mut again.splices));
    masked.record(&mut again);
    if !again.templated {
        return document; // its tags are all in comments
    }
    again.add_branches(branches);
    again.splices.extend(splices);
    again.splices.sort_unstable();
    let mut errors = std::mem::take(&mut again.errors);
    masked.fit(&again, &mut errors);
    Document { errors, ..again }
}

/// Reads a text as it is, or masked; tells also whether there is a table that may be a template's expression.
fn read(source: &Arc<Source>, text: &str, tags: &[Tag], limits: &Limits, statements: &Statements) -> (Document, bool) {
    let mut document = Document::new(source, Format::Lua);
    let masked = !std::ptr::eq(text, source.text());
    let lexed = lexer::lex(text);
    let mut parser =
        Parser::new((source.text(), text), &lexed.tokens, (tags, masked), (limits, statements), &mut document);
    let mut error = parser.file().err();
    let (branches, splices, doubt) = parser.finish();
    // What cannot be taken apart is the reason that the file seems to end there.
    if let Some(found) = lexed.error
        && error.as_ref().is_none_or(|error| error.span.end >= found.span.start)
    {
        error = Some(found);
    }
    document.comments = lexed.comments.into_iter().map(|span| Comment { span }).collect();
    document.add_branches(branches);
    document.splices = splices;
    document.splices.sort_unstable();
    document.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
    document.errors.extend(error);
    (document, doubt)
}
