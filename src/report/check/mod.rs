//! `hushlint check`: what is wrong, what holds, what could not be decided.

mod closing;
mod concise;
mod errors;
mod json;
mod text;

pub use closing::{heading, passed_over};
pub use concise::Concise;
pub use errors::Errors;
pub use json::{Json, error_entry};
pub use text::{Text, write_error};
