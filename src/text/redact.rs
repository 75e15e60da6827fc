//! No secret of a linted file may reach an output, and no character of it may steer one.
//!
//! Outputs take [`Shown`], and only the [`Redactor`] makes it. It learns secrets in two ways: from the platform's
//! settings ([`Redactor::secret`]), and by a lexical pass over every source ([`Redactor::scan`]), which works also
//! where a file does not parse. What it has learnt it masks at its place, and wherever its text occurs again.

mod kept;
mod names;
mod parts;
mod scan;
mod texts;
mod values;

use super::display::{DisplaySource, Painter};
use super::{Source, Span};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use texts::Texts;

/// What stands for a secret: one fixed width, so that it tells no length.
pub const MASK: &str = "••••••••";

/// Text that may be shown: secrets are masked, control characters are gone (newline and tab stay).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Shown(Arc<str>);

impl Shown {
    /// Text of the program itself.
    pub fn fixed(text: &'static str) -> Self {
        Self(Arc::from(text))
    }

    /// Text that was shown before and has been in other hands since: masked by its looks, and neutralised again.
    pub fn saved(text: &str) -> Self {
        let source = Source::new("", text);
        let mut redactor = Redactor::new();
        redactor.scan(&source, &[]);
        redactor.excerpt(&source, Span::new(0, text.len()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Shown::saved(&text))
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

/// Knows secrets, and makes text that may be shown.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Where secrets are, by the source's id; each place on one line.
    places: HashMap<u64, Vec<Span>>,
    texts: Texts,
}

impl Redactor {
    /// One that knows no secret yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A secret that a platform's setting names. Quotes, a block's header and template holes stay visible.
    pub fn secret(&mut self, source: &Source, span: Span) {
        for place in values::parts(source.text(), span) {
            self.texts.learn(source.slice(place));
            self.places.entry(source.id()).or_default().push(place);
        }
    }

    /// A secret by its text, as a codec reads it: escapes resolved, lines joined.
    pub fn secret_text(&mut self, text: &str) {
        text.lines().for_each(|line| self.texts.learn(line.trim()));
    }

    /// Looks for secrets in a raw text: values of keys that name one, passwords in addresses, private keys, long
    /// random text. `exempt` are values that a platform's setting reads as something else; private keys and
    /// passwords in addresses are masked even there.
    pub fn scan(&mut self, source: &Source, exempt: &[Span]) {
        let found = scan::scan(source.text(), exempt);
        for place in &found.known {
            self.texts.learn(source.slice(*place));
        }
        if !(found.known.is_empty() && found.local.is_empty()) {
            self.places.entry(source.id()).or_default().extend(found.known.into_iter().chain(found.local));
        }
    }

    /// Takes over what another has learnt: each thread may scan with its own.
    pub fn merge(&mut self, other: Redactor) {
        for (id, places) in other.places {
            self.places.entry(id).or_default().extend(places);
        }
        self.texts.merge(other.texts);
    }

    /// Any text, fit to be shown.
    pub fn show(&self, text: &str) -> Shown {
        let found = self.texts.find(text);
        // Most texts need nothing: plain ASCII without a secret in it.
        if found.is_empty() && text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t')) {
            return Shown(Arc::from(text));
        }
        let mut painter = Painter::new(text.len(), false);
        painter.paint(text, found);
        Shown(Arc::from(painter.into_text()))
    }

    /// A part of a source, fit to be shown.
    pub fn excerpt(&self, source: &Source, span: Span) -> Shown {
        let text = source.slice(span);
        let start = source.text().ceil_char_boundary(span.start as usize);
        let end = start + text.len();
        let mut masks = self.texts.find(text);
        for place in self.places_of(source) {
            let (from, to) = ((place.start as usize).clamp(start, end), (place.end as usize).clamp(start, end));
            if from < to {
                masks.push((from - start, to - start));
            }
        }
        let mut painter = Painter::new(text.len(), false);
        painter.paint(text, masks);
        Shown(Arc::from(painter.into_text()))
    }

    /// A whole source, fit to be shown, with the same lines.
    pub fn display(&self, source: &Source) -> DisplaySource {
        let text = source.text();
        let mut masks = self.texts.find(text);
        masks.extend(self.places_of(source).iter().map(|place| (place.start as usize, place.end as usize)));
        let mut painter = Painter::new(text.len() + text.len() / 16, true);
        painter.paint(text, masks);
        painter.into_source()
    }

    fn places_of(&self, source: &Source) -> &[Span] {
        self.places.get(&source.id()).map_or(&[], Vec::as_slice)
    }
}
