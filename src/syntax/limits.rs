//! What a reader takes before it gives up.

use super::SyntaxError;
use crate::text::{Source, Span};

/// Bounds that keep every reader linear in its input and its stack small.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Longest text, in bytes of its decoded form.
    pub bytes: usize,
    /// Deepest nesting of maps and sequences. Deeper input is an error, never a stack overflow.
    pub depth: usize,
    /// Most entries that the merge keys (`<<`) of one file may bring in together.
    pub merged: usize,
    /// Most errors kept of one file.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10 * 1024 * 1024, depth: 128, merged: 100_000, errors: 20 }
    }
}

impl Limits {
    /// The error of a text that is too long to be read.
    pub(super) fn refuse(&self, source: &Source) -> Option<SyntaxError> {
        (source.text().len() > self.bytes).then(|| SyntaxError {
            span: Span::new(0, source.text().chars().next().map_or(0, char::len_utf8)),
            message: format!("the file is larger than {} bytes", self.bytes),
            help: None,
        })
    }

    /// The error of a nesting too deep.
    pub(super) fn too_deep(&self, span: Span) -> SyntaxError {
        let message = format!("maps and lists are nested more than {} deep", self.depth);
        SyntaxError { span, message, help: None }
    }
}
