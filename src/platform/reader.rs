//! How a written text becomes a value: a codec, with the texts and classes that have their own meaning.

use super::codec::{Base, Meaning, Part};
use super::definition::Special;
use crate::condition::Expr;
use crate::fact::Value;

/// A way to read a node.
#[derive(Clone, Debug)]
pub struct Reader {
    /// How its text is read.
    pub base: Base,
    /// Texts and classes with their own meaning.
    pub special: Vec<(Special, Meaning)>,
    /// What the vendor makes of a text that the codec rejects.
    pub invalid: Meaning,
    /// Less is said to be misread.
    pub plausible: Option<Value>,
}

impl Reader {
    /// What a special key means here.
    pub fn special(&self, key: &Special) -> Option<&Meaning> {
        self.special.iter().find(|(k, _)| k == key).map(|(_, m)| m)
    }

    /// Does it read a secret?
    pub fn is_secret(&self) -> bool {
        match &self.base {
            Base::Secret { .. } => true,
            Base::List { of, .. } => matches!(**of, Base::Secret { .. }),
            _ => false,
        }
    }

    /// Does it read only a part of what is written, so that the rest may be anything?
    pub fn is_partial(&self) -> bool {
        let partial = |base: &Base| matches!(base, Base::Text(part) if *part != Part::All);
        match &self.base {
            Base::List { of, .. } => partial(of),
            base => partial(base),
        }
    }
}

/// A way to read that holds under a condition: releases differ in how they read.
#[derive(Clone, Debug)]
pub struct ReaderCase {
    /// When; `None`: always.
    pub when: Option<Expr>,
    /// How then.
    pub reader: Reader,
}

/// A way that needs no setting: a plain text.
pub(super) static TEXT: Reader =
    Reader { base: Base::Text(Part::All), special: Vec::new(), invalid: Meaning::Refused, plausible: None };
