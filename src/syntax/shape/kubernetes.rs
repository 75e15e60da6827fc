//! Objects of Kubernetes: what a container is started with, and what is kept for containers to read.

mod container;
mod store;

pub use container::{Container, Read};
pub use store::Store;

use super::text_at;
use crate::syntax::tree::{Document, Kind, NodeId};

/// What a file of Kubernetes holds for programs.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// Containers of pods, in file order.
    pub containers: Vec<Container>,
    /// ConfigMaps and Secrets, in file order.
    pub stores: Vec<Store>,
}

impl Objects {
    /// Is there nothing?
    pub fn is_empty(&self) -> bool {
        self.containers.is_empty() && self.stores.is_empty()
    }
}

/// An object, and how it is called: `Deployment/chat`.
struct Object<'d> {
    kind: &'d str,
    /// Its `metadata.name`.
    name: &'d str,
    id: NodeId,
}

/// Lists in lists are followed so far.
const DEEPEST: usize = 4;

/// Reads a file of Kubernetes, of one document or several.
pub fn kubernetes(document: &Document) -> Objects {
    let mut out = Objects::default();
    for root in document.roots() {
        objects(document, root, 0, &mut |object| {
            out.stores.extend(store::read(document, &object));
            container::read(document, &object, &mut out.containers);
        });
    }
    out
}

fn objects<'d>(document: &'d Document, id: NodeId, depth: usize, each: &mut dyn FnMut(Object<'d>)) {
    let Some(kind) = text_at(document, id, "kind") else { return };
    if document.entry(id, "apiVersion").is_none() {
        return;
    }
    if kind.ends_with("List")
        && let Some(items) = document.entry(id, "items").filter(|_| depth < DEEPEST)
    {
        for item in document.node(items.value).items() {
            objects(document, item.value, depth + 1, each);
        }
        return;
    }
    let metadata = document.entry(id, "metadata").map(|entry| entry.value);
    let name = metadata.and_then(|metadata| {
        text_at(document, metadata, "name").or_else(|| text_at(document, metadata, "generateName"))
    });
    each(Object { kind, name: name.unwrap_or_default(), id });
}

/// Follows keys of maps.
fn follow(document: &Document, from: NodeId, path: &[&str]) -> Option<NodeId> {
    path.iter().try_fold(from, |id, key| Some(document.entry(id, key)?.value))
}

/// The items of the list at a key.
fn items<'d>(document: &'d Document, map: NodeId, key: &str) -> impl Iterator<Item = NodeId> + 'd {
    let list = document.entry(map, key).map(|entry| document.node(entry.value).items()).unwrap_or_default();
    list.iter().map(|item| item.value).filter(|id| matches!(document.node(*id).kind, Kind::Map(_)))
}
