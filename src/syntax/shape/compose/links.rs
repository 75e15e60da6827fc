//! Files that a service names: files of variables, mounted files, configurations.

use super::Reader;
use crate::syntax::shape::fill::{Variables, fill};
use crate::syntax::shape::inner::Inner;
use crate::syntax::shape::{templated, text_at};
use crate::syntax::tree::{Kind, NodeId};
use crate::text::Span;

/// The path of another file, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The path; relative to the compose file's folder unless it begins with `/` or `~`.
    pub path: Box<str>,
    /// Where it is named.
    pub span: Span,
    /// The service does not start without it.
    pub required: bool,
    /// A variable in it is not known.
    pub open: bool,
}

impl Link {
    /// The same with the variables filled in that were not known before. A default stands in for what still is not:
    /// whoever overrides it has his files elsewhere.
    pub fn fill(&self, known: &Variables) -> Link {
        let filled = fill(&self.path, known);
        let path = filled.default.as_deref().filter(|_| filled.open);
        let (path, open) = match path {
            Some(default) => (default, false),
            None => (filled.text.as_str(), filled.open),
        };
        Link { path: path.into(), open, ..self.clone() }
    }
}

/// A file or folder of the host that a service sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// What is mounted.
    pub from: Link,
    /// Where the service sees it.
    pub to: Box<str>,
}

impl Reader<'_> {
    /// A path at a scalar.
    pub(super) fn link(&self, id: NodeId, required: bool) -> Option<Link> {
        let node = self.document.node(id);
        let text = node.text().filter(|text| !text.is_empty())?;
        let mut link = self.link_of(text, node.span, required);
        link.open |= templated(self.document, id);
        Some(link)
    }

    fn link_of(&self, text: &str, span: Span, required: bool) -> Link {
        Link { path: text.into(), span, required, open: true }.fill(self.known)
    }

    /// `env_file`: a path, a list of paths, or of maps with `path` and `required`.
    pub(super) fn env_files(&self, service: NodeId) -> Vec<Link> {
        let Some(entry) = self.document.entry(service, "env_file") else { return Vec::new() };
        let node = self.document.node(entry.value);
        let one = |id: NodeId| match &self.document.node(id).kind {
            Kind::Map(_) => {
                let path = self.document.entry(id, "path")?;
                let required = text_at(self.document, id, "required").is_none_or(|text| text != "false");
                self.link(path.value, required)
            }
            _ => self.link(id, true),
        };
        match &node.kind {
            Kind::Seq(items) => items.iter().filter_map(|item| one(item.value)).collect(),
            _ => one(entry.value).into_iter().collect(),
        }
    }

    /// `volumes` that mount something of the host, and `configs` and `secrets` that are files.
    pub(super) fn mounts(&self, service: NodeId) -> Vec<Mount> {
        let list = |key: &str| {
            let entry = self.document.entry(service, key);
            entry.map(|entry| self.document.node(entry.value).items()).unwrap_or_default()
        };
        let volumes = list("volumes").iter().filter_map(|item| self.volume(item.value));
        let kept = ["configs", "secrets"];
        let files = kept.iter().flat_map(|key| list(key).iter().filter_map(|item| self.kept_file(key, item.value)));
        volumes.chain(files).collect()
    }

    /// `./config.json:/etc/chat/config.json:ro`, or the same as a map.
    fn volume(&self, id: NodeId) -> Option<Mount> {
        let node = self.document.node(id);
        if let Kind::Map(_) = node.kind {
            let source = self.document.entry(id, "source").or_else(|| self.document.entry(id, "src"))?;
            let target = text_at(self.document, id, "target").or_else(|| text_at(self.document, id, "dst"))?;
            let from = self.link(source.value, true).filter(|link| is_path(&link.path))?;
            return Some(Mount { from, to: target.into() });
        }
        let text = node.text()?;
        let (from, to) = split_volume(text)?;
        let link = self.link_of(from, node.span, true);
        Some(Mount { from: link, to: to.into() }).filter(|mount| is_path(&mount.from.path))
    }

    /// A file under the top's `configs` or `secrets` that a service asks for.
    fn kept_file(&self, kind: &str, id: NodeId) -> Option<Mount> {
        let (name, target) = self.kept_name(kind, id)?;
        let definition = self.kept(kind, name)?;
        let file = self.document.entry(definition, "file")?;
        Some(Mount { from: self.link(file.value, true)?, to: target.into() })
    }

    fn kept_name(&self, kind: &str, id: NodeId) -> Option<(&str, String)> {
        let short = self.document.node(id).text();
        let name = short.or_else(|| text_at(self.document, id, "source"))?;
        let folder = if kind == "secrets" { "/run/secrets/" } else { "/" };
        let target = text_at(self.document, id, "target");
        Some((name, target.map_or_else(|| format!("{folder}{name}"), str::to_owned)))
    }

    fn kept(&self, kind: &str, name: &str) -> Option<NodeId> {
        let all = self.document.entry(self.document.root, kind)?;
        Some(self.document.entry(all.value, name)?.value)
    }

    /// Files that the compose file itself holds: `content` of its `configs`.
    pub(super) fn configs(&self, service: NodeId) -> Vec<Inner> {
        let Some(entry) = self.document.entry(service, "configs") else { return Vec::new() };
        let one = |id: NodeId| {
            let (name, target) = self.kept_name("configs", id)?;
            let content = self.document.entry(self.kept("configs", name)?, "content")?;
            let name = target.rsplit('/').next().unwrap_or(name).to_owned();
            Inner::of(self.document, &name, content.key_span, self.document.node(content.value))
        };
        self.document.node(entry.value).items().iter().filter_map(|item| one(item.value)).collect()
    }
}

/// A volume's source that is a path, not the name of a volume.
fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~', '$'])
}

/// Splits at the first colon that is not inside a variable; a drive's letter is none of ours.
fn split_volume(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut before = '\0';
    let mut colon = None;
    for (at, c) in text.char_indices() {
        match c {
            '{' if before == '$' || depth > 0 => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                colon = Some(at);
                break;
            }
            _ => {}
        }
        before = c;
    }
    let (from, rest) = text.split_at_checked(colon?)?;
    let to = rest.get(1..)?.split(':').next()?;
    (!from.is_empty() && !to.is_empty()).then_some((from, to))
}
