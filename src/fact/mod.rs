//! Floor 2: value types, readings (three-valued, with provenance), the vocabulary, and how data files are read.

mod duration;
mod literal;
mod reading;
mod table;
mod value;
mod vocabulary;

pub use duration::Duration;
pub use literal::{Audiences, is_case, literal, literal_of_text};
pub use reading::{FactKey, Reading, Reason, State, Step, Trail, Unknown, add as add_steps, join, over};
#[cfg(test)]
pub(crate) use table::watch;
pub use table::{DataError, Item, Problems, Table, edits, nearest};
pub use value::{Level, Record, SetValue, Type, Value, Version, Word, enumerate};
pub(crate) use vocabulary::worse;
pub use vocabulary::{Better, FactDef, FactIx, Predicate, QualifierKind, Vocabulary, VocabularyCase};
