//! Floor 1: one file a format, all read into one span-carrying tree; comments are kept.
//!
//! The tree does not decide types. A scalar keeps its text and its [`Style`]; whether `yes` is a boolean is
//! the business of the platform's dialect and of the setting's codec.

mod duplicates;
mod env;
mod json;
mod limits;
mod lua;
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

/// Statements with a meaning of their own in formats that are programs, by the names a platform gives them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statements {
    /// They open a section that takes the assignments after it: `Server "name"`.
    pub sections: Vec<String>,
    /// They name further files: `Include "more.lua"`.
    pub includes: Vec<String>,
}

/// Reads a source as the given format. A document is always returned: with what could be read before an error,
/// and the errors with their spans (`Document::errors`, sorted by place).
pub fn parse(source: &Arc<Source>, format: Format, limits: &Limits) -> Document {
    parse_with(source, format, limits, &Statements::default())
}

/// Reads a source whose statements have the given meaning.
pub fn parse_with(source: &Arc<Source>, format: Format, limits: &Limits, statements: &Statements) -> Document {
    match format {
        Format::Yaml => yaml::parse(source, limits),
        Format::Json => json::parse(source, limits),
        Format::Toml => toml::parse(source, limits),
        Format::Lua => lua::parse(source, limits, statements),
        Format::Env => env::parse(source, limits),
    }
}

#[cfg(test)]
mod tests;
