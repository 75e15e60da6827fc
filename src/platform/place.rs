//! The places that values rest on.

use crate::fact::{Record, Word};
use crate::text::Span;
use std::sync::Arc;

/// How a value came to be at a place.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum PlaceOrigin {
    /// Written, and in force.
    Set,
    /// Written, but it only seeded a database.
    Initial,
    /// Not written: the vendor's default, at an anchor.
    Default,
    /// Stated by a declaration, or by the operator.
    Declared,
}

/// A place that a value rests on.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// The setting, if it is one.
    pub setting: Option<u32>,
    /// The record it is a field of.
    pub record: Option<Arc<Record>>,
    /// The path for people: `listeners[0].tls`.
    pub shown: Word,
    /// The path for fingerprints: items by their key, so that moving one changes nothing.
    pub stable: Word,
    /// Which document of the deployment.
    pub document: Option<u32>,
    /// Where in it.
    pub span: Span,
    /// Key and value together.
    pub wide: Option<Span>,
    /// The place stands for something that is not written.
    pub anchor: bool,
    /// Set, default, declared.
    pub origin: PlaceOrigin,
    /// What is written, or the default, in words; `None` for secrets and for what is not one value.
    pub text: Option<String>,
    /// The default is not confirmed.
    pub unconfirmed: bool,
    /// The default is quoted from a release, because the one in use is not known.
    pub quoted: bool,
    /// Evidence is weaker than verified (a declaration's source).
    pub reported: bool,
    /// The value stands in a merge key or alias, a template branch or flow style: no edit is offered.
    pub shared: bool,
}

/// Interned places of one deployment.
#[derive(Default, Debug)]
pub struct Places {
    list: Vec<Place>,
}

impl Places {
    /// The number of a place; the same setting at the same span is the same place. What is stated once for several
    /// kinds of conversation may rest on sources of different strength.
    pub fn intern(&mut self, place: Place) -> u32 {
        let strength = |p: &Place| (p.origin == PlaceOrigin::Declared).then_some((p.unconfirmed, p.reported));
        let same = |p: &Place| {
            (p.document, p.span, p.origin) == (place.document, place.span, place.origin)
                && p.shown == place.shown
                && strength(p) == strength(&place)
        };
        if let Some(n) = self.list.iter().position(same) {
            return u32::try_from(n).unwrap_or(u32::MAX);
        }
        self.list.push(place);
        u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX)
    }

    /// A place by number.
    pub fn get(&self, n: u32) -> Option<&Place> {
        self.list.get(n as usize)
    }

    /// Changes what is said of a place.
    pub fn get_mut(&mut self, n: u32) -> Option<&mut Place> {
        self.list.get_mut(n as usize)
    }
}
