//! hushlint: a privacy-risk linter for chat platforms.
//!
//! Text goes in, a report comes out. See `docs/architecture.md` for the floors.

pub mod condition;
pub mod fact;
pub mod judge;
pub mod lint;
pub mod platform;
pub mod rule;
pub mod settle;
pub mod syntax;
pub mod text;
