//! Floor 1: one file a format, all read into one span-carrying tree; comments are kept.
//!
//! The tree does not decide types. A scalar keeps its text and its [`Style`]; whether `yes` is a boolean is
//! the business of the platform's dialect and of the setting's codec.

mod duplicates;
mod env;
mod json;
mod limits;
mod query;
mod shape;
mod template;
mod toml;
mod tree;
mod yaml;

pub use env::{looks_like_variables, parse_variables};
pub use limits::Limits;
pub use shape::{
    Container, Image, Inner, Link, Mount, Objects, Project, Published, Read, Reference, Service, Shape, Store,
    Variables, compose, kubernetes, reference,
};
pub use tree::{
    Branch, Child, Comment, Document, Duplicate, Entry, Format, Hole, Kind, Node, NodeId, Style, SyntaxError, Unread,
};

use crate::text::Source;
use std::sync::Arc;

/// Reads a source as the given format. A document is always returned: with what could be read before an error,
/// and the errors with their spans (`Document::errors`, sorted by place).
pub fn parse(source: &Arc<Source>, format: Format, limits: &Limits) -> Document {
    match format {
        Format::Yaml => yaml::parse(source, limits),
        Format::Json => json::parse(source, limits),
        Format::Toml => toml::parse(source, limits),
        Format::Env => env::parse(source, limits),
    }
}

#[cfg(test)]
mod tests;
