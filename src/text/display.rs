//! A whole text for people (provisional).

use super::Span;
use super::decode::Encoding;
use super::source::{Lines, narrow};

/// A copy of a text that may be shown.
#[derive(Debug)]
pub struct DisplaySource {
    text: String,
    lines: Lines,
}

impl DisplaySource {
    pub(super) fn provisional(text: &str) -> Self {
        Self { text: text.to_owned(), lines: Lines::new(text, Encoding::Utf8) }
    }

    /// The text to show.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the original is.
    pub fn map(&self, span: Span) -> Span {
        span
    }

    /// The line that holds a byte of the shown text, from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        narrow(self.lines.find(offset as usize).0)
    }

    /// A line of the shown text without its break.
    pub fn line_span(&self, line: u32) -> Span {
        self.lines.span(line, &self.text)
    }

    /// How many lines there are: as many as the original has.
    pub fn line_count(&self) -> u32 {
        narrow(self.lines.count())
    }
}
