//! Masking (provisional: the lexical pass comes next).

use super::{DisplaySource, Source, Span};
use serde::Serialize;
use std::fmt;

/// What stands for a secret: one fixed width, so that it tells no length.
pub const MASK: &str = "••••••••";

/// Text that may be shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// Text of the program itself.
    pub fn fixed(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Knows the secrets of the sources that it was shown.
#[derive(Clone, Debug, Default)]
pub struct Redactor {}

impl Redactor {
    /// One that knows no secret yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A known secret: its text is masked wherever it occurs.
    pub fn secret(&mut self, _source: &Source, _span: Span) {}

    /// The lexical pass over a raw text.
    pub fn scan(&mut self, _source: &Source, _exempt: &[Span]) {}

    /// Any text, fit to be shown.
    pub fn show(&self, text: &str) -> Shown {
        Shown(text.to_owned())
    }

    /// A part of a source, fit to be shown.
    pub fn excerpt(&self, source: &Source, span: Span) -> Shown {
        self.show(source.slice(span))
    }

    /// A whole source, fit to be shown.
    pub fn display(&self, source: &Source) -> DisplaySource {
        DisplaySource::provisional(source.text())
    }
}
