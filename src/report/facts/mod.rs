//! `hushlint facts`: what holds, where it comes from, and how well that is known.

mod json;
mod settings;
mod text;

pub use json::Json;
pub use settings::Settings;
pub use text::{Text, finish};
