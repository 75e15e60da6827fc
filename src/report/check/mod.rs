//! `hushlint check`: what is wrong, what holds, what could not be decided.

mod checkstyle;
mod closing;
mod concise;
mod csv;
mod errors;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
mod saved;
mod statistics;
mod text;

pub use checkstyle::Checkstyle;
pub use closing::{Detail, heading, passed_over};
pub use concise::Concise;
pub use csv::Csv;
pub use errors::Errors;
pub use github::{Annotated, Github};
pub use gitlab::Gitlab;
pub use json::{Json, error_entry, error_value};
pub use jsonl::JsonLines;
pub use junit::Junit;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub use saved::{Saved, SavedError};
pub use statistics::Statistics;
pub use text::{Text, write_error};

use crate::lint::{Finding, GroupReport};

/// The findings that count: not waived, and mendable.
fn open(group: &GroupReport) -> impl Iterator<Item = &Finding> {
    group.findings.iter().filter(|f| !f.fixed && f.suppressed.is_none())
}

/// A word of the contract, as JSON spells it.
fn word<T: serde::Serialize>(word: &T) -> String {
    serde_json::to_value(word).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
