//! Compose files: what each service is started with.

mod environment;
mod links;
mod project;

pub use links::{Link, Mount};
pub use project::Project;

use super::fill::{Variables, fill};
use super::inner::Inner;
use super::ports;
use super::{Image, Published, text_at};
use crate::syntax::tree::{Document, Kind, NodeId};
use crate::text::Span;
use std::sync::Arc;

/// A service of a compose file.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: Box<str>,
    /// Where its name stands.
    pub key: Span,
    /// The image it runs, if it names one.
    pub image: Option<Arc<Image>>,
    /// The ports that the host binds; `None`: it uses another network, whose ports are not told here.
    pub published: Option<Vec<Published>>,
    /// Its own variables, lowest first: several where files were laid over each other.
    pub variables: Vec<Arc<Document>>,
    /// Files of variables, lowest first. Its own variables come over them.
    pub env_files: Vec<Link>,
    /// Files and folders that it mounts.
    pub mounts: Vec<Mount>,
    /// Files that the compose file holds itself.
    pub files: Vec<Inner>,
    /// The service of another file that this one starts from: path and name.
    pub extends: Option<(Link, Box<str>)>,
}

impl Service {
    /// Where it is in its file.
    pub fn address(&self) -> String {
        format!("services.{}", self.name)
    }
}

/// Deeper, services that start from each other are not followed.
const DEEPEST: usize = 8;

/// Reads a compose file; `None` if it is none. `known`: the variables that lie beside it.
pub fn compose(document: &Document, known: &Variables) -> Option<Project> {
    let services = document.entry(document.root, "services")?;
    let Kind::Map(entries) = &document.node(services.value).kind else { return None };
    let reader = Reader { document, known, services: services.value };
    let read: Vec<Service> = entries
        .iter()
        .filter(|entry| document.entry(services.value, &entry.key).is_some_and(|last| last.key_span == entry.key_span))
        .filter_map(|entry| reader.service(&entry.key, entry.key_span, entry.value, 0))
        .collect();
    (!read.is_empty()).then(|| Project { source: Arc::clone(&document.source), services: read })
}

struct Reader<'d> {
    document: &'d Document,
    known: &'d Variables,
    services: NodeId,
}

impl Reader<'_> {
    fn service(&self, name: &str, key: Span, id: NodeId, depth: usize) -> Option<Service> {
        let node = self.document.node(id);
        if !matches!(node.kind, Kind::Map(_)) {
            return None;
        }
        // Other files have a key of that name too; a service is started from something.
        let starts = ["image", "build", "extends", "environment", "env_file", "command", "ports", "volumes"];
        if !starts.iter().any(|key| self.document.entry(id, key).is_some()) {
            return None;
        }
        let mut service = Service {
            name: name.into(),
            key,
            image: self.image(id),
            published: self.published(id),
            variables: self.environment(id, key).map(Arc::new).into_iter().collect(),
            env_files: self.env_files(id),
            mounts: self.mounts(id),
            files: self.configs(id),
            extends: None,
        };
        self.extend(&mut service, id, depth);
        Some(service)
    }

    /// What it starts from, if that is another service of this file; else where to look for it.
    fn extend(&self, service: &mut Service, id: NodeId, depth: usize) {
        let Some(entry) = self.document.entry(id, "extends") else { return };
        let name = self.document.node(entry.value).text().or_else(|| text_at(self.document, entry.value, "service"));
        let Some(name) = name else { return };
        if let Some(file) = self.document.entry(entry.value, "file") {
            service.extends = self.link(file.value, true).map(|link| (link, name.into()));
            return;
        }
        let Some(base) = self.document.entry(self.services, name).filter(|_| depth < DEEPEST) else { return };
        if let Some(base) = self.service(name, base.key_span, base.value, depth + 1) {
            *service = base.under(service.clone());
        }
    }

    fn image(&self, id: NodeId) -> Option<Arc<Image>> {
        let entry = self.document.entry(id, "image")?;
        let node = self.document.node(entry.value);
        let text = node.text().filter(|text| !text.is_empty())?;
        let filled = fill(text, self.known);
        let open = filled.open || super::templated(self.document, entry.value);
        let source = Arc::clone(&self.document.source);
        Some(Arc::new(Image { text: filled.text.into(), source, span: node.span, open }))
    }

    fn published(&self, id: NodeId) -> Option<Vec<Published>> {
        // Another network: that of the host, or of a service whose ports are told elsewhere.
        if text_at(self.document, id, "network_mode").is_some_and(|mode| !matches!(mode, "bridge" | "none")) {
            return None;
        }
        let Some(entry) = self.document.entry(id, "ports") else { return Some(Vec::new()) };
        let items = self.document.node(entry.value).items();
        Some(items.iter().flat_map(|item| ports::compose(self.document, item.value, self.known)).collect())
    }
}
