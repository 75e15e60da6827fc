//! How settings sit in a repository: in a file of their own, or inside one that starts a program.
//!
//! What such a file says of a program is taken out of it as documents like any other: sets of variables, and whole
//! files that stand inside it. Their source is the outer file and their spans point into that, so nothing above
//! needs to know where a value came from.

mod base64;
mod compose;
mod fill;
mod image;
mod inner;
mod kubernetes;
mod offsets;
mod ports;
mod scalar;
mod set;

pub use compose::{Link, Mount, Project, Service, compose};
pub use fill::Variables;
pub(super) use fill::fill;
pub use image::{Reference, reference};
pub use inner::Inner;
pub use kubernetes::{Container, Objects, Read, Store, kubernetes};

use super::tree::{Document, NodeId};
use crate::text::{Source, Span};
use std::sync::Arc;

/// The kind of file that a document was taken from.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Shape {
    /// The program's own configuration file.
    #[default]
    Plain,
    /// A dotenv file, or a script that exports variables.
    Dotenv,
    /// A compose file.
    Compose,
    /// Objects of Kubernetes.
    Kubernetes,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 4] = [Shape::Plain, Shape::Dotenv, Shape::Compose, Shape::Kubernetes];

    /// The name in conditions and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Plain => "plain",
            Shape::Dotenv => "dotenv",
            Shape::Compose => "compose",
            Shape::Kubernetes => "kubernetes",
        }
    }
}

/// The container image that a service is started from.
#[derive(Clone, Debug)]
pub struct Image {
    /// The reference as written, variables filled in where they are known: `example/server:10.11`.
    pub text: Box<str>,
    /// The file that names it.
    pub source: Arc<Source>,
    /// Where in that file.
    pub span: Span,
    /// A variable in it is not known, so neither is what it stands for (most often the tag).
    pub open: bool,
}

/// A port of a container that is bound on its host.
#[derive(Clone, Debug)]
pub struct Published {
    /// Address, port of the host, port of the container: `0.0.0.0:8065:8065`. A port of the host that is left to
    /// chance is empty.
    pub text: Box<str>,
    /// The file that says so.
    pub source: Arc<Source>,
    /// Where in that file.
    pub span: Span,
    /// A variable in it is not known.
    pub open: bool,
}

/// The text of a scalar at a key of a map.
fn text_at<'d>(document: &'d Document, map: NodeId, key: &str) -> Option<&'d str> {
    document.node(document.entry(map, key)?.value).text()
}

/// Is a node filled in by a template? (A variable of the environment is the shape's own business.)
fn templated(document: &Document, id: NodeId) -> bool {
    let node = document.node(id);
    let braces = |text: &str| ["{{", "{%", "<%"].iter().any(|opening| text.contains(opening));
    node.hole.is_some() && node.text().is_none_or(|text| text.is_empty() || braces(text))
}
