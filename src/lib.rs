//! hushlint: a privacy-risk linter for chat platforms.
//!
//! Text goes in, a report comes out. See `docs/architecture.md` for the floors.

#[cfg(feature = "cli")]
pub mod cli;
pub mod condition;
pub mod fact;
#[cfg(feature = "cli")]
pub mod host;
pub mod judge;
pub mod lint;
pub mod platform;
pub mod report;
pub mod rule;
pub mod settle;
pub mod syntax;
pub mod text;
