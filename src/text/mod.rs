//! Floor 0: sources, spans, line index, decoding, masking.
//!
//! Everything above speaks of places as a [`Source`] and a byte [`Span`] of its decoded text. What a
//! person may see of a text goes through the [`Redactor`], which alone makes [`Shown`].

mod decode;
mod display;
mod mix;
mod neutral;
mod redact;
mod shelf;
mod source;
mod span;

pub use decode::{DecodeError, Encoding};
pub use display::DisplaySource;
pub use mix::{Mix, Table};
pub use redact::{MASK, Redactor, Shown};
pub use shelf::Shelf;
pub use source::{Position, Source};
pub use span::Span;

#[cfg(test)]
mod tests;
