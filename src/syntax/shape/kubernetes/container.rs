//! Containers of pods, and of everything that makes pods.

use super::{Object, follow, items};
use crate::syntax::shape::set::{Name, Set, scalar};
use crate::syntax::shape::{Image, Published, ports, templated, text_at};
use crate::syntax::tree::{Document, Hole, Kind, NodeId};
use crate::text::{Span, Table};
use std::sync::Arc;

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Container {
    /// `Deployment/chat/server`.
    pub address: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// The image it runs, if it names one.
    pub image: Option<Arc<Image>>,
    /// The ports that the host binds; `None`: it uses the host's own network.
    pub published: Option<Vec<Published>>,
    /// Its own variables, which come over those it reads from elsewhere.
    pub variables: Arc<Document>,
    /// ConfigMaps and Secrets that it reads, lowest first.
    pub reads: Vec<Read>,
}

/// A ConfigMap or Secret that a container reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// `ConfigMap/chat`.
    pub address: Box<str>,
    /// Where it is named.
    pub span: Span,
    /// As variables, each name with this before it; `None`: as files.
    pub prefix: Option<Box<str>>,
}

/// Where the things that make pods keep what the pods are made like.
const TEMPLATES: [&[&str]; 4] = [
    &["spec"],
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["spec", "template", "spec", "template", "spec"],
];

pub(super) fn read(document: &Document, object: &Object<'_>, out: &mut Vec<Container>) {
    for path in TEMPLATES {
        let Some(pod) = follow(document, object.id, path) else { continue };
        for id in items(document, pod, "containers") {
            out.push(container(document, object, pod, id));
        }
    }
}

fn container(document: &Document, object: &Object<'_>, pod: NodeId, id: NodeId) -> Container {
    let name = text_at(document, id, "name").unwrap_or_default();
    let own_network = text_at(document, pod, "hostNetwork").is_none_or(|text| text != "true");
    Container {
        address: format!("{}/{}/{name}", object.kind, object.name).into(),
        name: name.into(),
        image: image(document, id),
        published: own_network.then(|| items(document, id, "ports").filter_map(|p| ports::pod(document, p)).collect()),
        variables: Arc::new(variables(document, id)),
        reads: sources(document, id).chain(mounted(document, pod, id)).collect(),
    }
}

fn image(document: &Document, id: NodeId) -> Option<Arc<Image>> {
    let entry = document.entry(id, "image")?;
    let node = document.node(entry.value);
    let text = node.text().filter(|text| !text.is_empty())?;
    let source = Arc::clone(&document.source);
    Some(Arc::new(Image { text: text.into(), source, span: node.span, open: node.hole.is_some() }))
}

/// `env`: a list of names with values, or with where these come from.
fn variables(document: &Document, id: NodeId) -> Document {
    let mut set = Set::new(document);
    let mut known: Table<&str, &str> = Table::default();
    for item in items(document, id, "env") {
        let Some(entry) = document.entry(item, "name") else { continue };
        let node = document.node(entry.value);
        let Some(text) = node.text().filter(|text| !text.is_empty()) else { continue };
        if node.hole.is_some() {
            set.unread(node.span, "a template fills in the name of a variable".to_owned());
            continue;
        }
        let name = Name { text, span: node.span, alias: entry.alias, merged: entry.merged };
        // Another branch of a template may say something else of the same variable.
        let values = document.node(item).entries().iter().filter(|other| matches!(&*other.key, "value" | "valueFrom"));
        let certain = document.entry(item, "value").filter(|value| {
            let branches = |span| document.branches_at(span).count();
            values.count() == 1 && branches(value.key_span) == branches(entry.key_span)
        });
        let Some(value) = certain else {
            set.put_open(&name);
            continue;
        };
        let node = document.node(value.value);
        let Kind::Scalar { text: written, .. } = &node.kind else {
            set.put_open(&name);
            continue;
        };
        match refer(written, &known) {
            Some(Some(filled)) if node.hole.is_none() => {
                set.put(&name, scalar(document, value.value, filled, None));
            }
            Some(_) => {
                let hole = node.hole.clone().or(Some(Hole { default: None }));
                set.put(&name, scalar(document, value.value, written.to_string(), hole));
            }
            None => {
                if node.hole.is_none() {
                    known.insert(text, written);
                }
                set.put(&name, scalar(document, value.value, written.to_string(), node.hole.clone()));
            }
        }
    }
    let Some(env) = document.entry(id, "env") else {
        let start = document.entry(id, "name").map_or(document.node(id).span, |name| name.key_span);
        return set.finish(start, start.end);
    };
    let node = document.node(env.value);
    if node.hole.is_some() || templated(document, env.value) {
        set.unread(env.key_span, "a template fills in `env`".to_owned());
    }
    set.finish(env.key_span, node.span.end)
}

/// Fills in `$(NAME)`, which names an earlier variable of the list. Nothing if there is none; `Some(None)` if its
/// value is not known.
fn refer(text: &str, known: &Table<&str, &str>) -> Option<Option<String>> {
    if !text.contains("$(") {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$(") {
        // `$$(NAME)` is `$(NAME)`.
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("$(");
            rest = after;
            continue;
        }
        out.push_str(before);
        let Some((name, after)) = after.split_once(')') else {
            out.push_str("$(");
            rest = after;
            continue;
        };
        match known.get(name) {
            Some(value) => out.push_str(value),
            None => return Some(None),
        }
        rest = after;
    }
    out.push_str(rest);
    Some(Some(out))
}

/// `envFrom`: all entries of a ConfigMap or Secret.
fn sources<'d>(document: &'d Document, id: NodeId) -> impl Iterator<Item = Read> + 'd {
    items(document, id, "envFrom").flat_map(move |item| {
        let prefix: Box<str> = text_at(document, item, "prefix").unwrap_or_default().into();
        [("configMapRef", "ConfigMap"), ("secretRef", "Secret")].into_iter().filter_map(move |(key, kind)| {
            let reference = document.entry(item, key)?.value;
            named(document, reference, "name", kind, Some(prefix.clone()))
        })
    })
}

/// Volumes of the pod that the container mounts, if they are ConfigMaps or Secrets.
fn mounted<'d>(document: &'d Document, pod: NodeId, id: NodeId) -> impl Iterator<Item = Read> + 'd {
    let names: Vec<&str> = items(document, id, "volumeMounts").filter_map(|m| text_at(document, m, "name")).collect();
    let volumes = items(document, pod, "volumes");
    volumes
        .filter(move |volume| text_at(document, *volume, "name").is_some_and(|name| names.contains(&name)))
        .flat_map(move |volume| {
            let projected = document.entry(volume, "projected").map(|entry| entry.value);
            let sources: Vec<NodeId> = projected.into_iter().flat_map(|p| items(document, p, "sources")).collect();
            std::iter::once(volume).chain(sources)
        })
        .flat_map(move |volume| {
            let parts =
                [("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret"), ("secret", "name", "Secret")];
            parts.into_iter().filter_map(move |(key, name, kind)| {
                named(document, document.entry(volume, key)?.value, name, kind, None)
            })
        })
}

fn named(document: &Document, map: NodeId, key: &str, kind: &str, prefix: Option<Box<str>>) -> Option<Read> {
    let entry = document.entry(map, key)?;
    let node = document.node(entry.value);
    let name = node.text().filter(|name| !name.is_empty())?;
    Some(Read { address: format!("{kind}/{name}").into(), span: node.span, prefix })
}
