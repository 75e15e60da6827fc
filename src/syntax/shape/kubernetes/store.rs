//! ConfigMaps and Secrets: variables, and whole files.

use super::Object;
use crate::syntax::shape::inner::{Inner, decoded_text};
use crate::syntax::shape::set::{Name, Set, prefixed, scalar};
use crate::syntax::shape::templated;
use crate::syntax::tree::{Document, Entry, Hole, Kind, Style};
use crate::text::Span;
use std::sync::Arc;

/// A ConfigMap or Secret.
#[derive(Clone, Debug)]
pub struct Store {
    /// `ConfigMap/chat`.
    pub address: Box<str>,
    /// Where its first key stands.
    pub key: Span,
    /// Its entries as variables, lowest first.
    pub variables: Vec<Arc<Document>>,
    /// Its entries as files.
    pub files: Vec<Inner>,
}

impl Store {
    /// Its variables as a container sees them that puts a word before their names.
    pub fn prefixed(&self, prefix: &str) -> Vec<Arc<Document>> {
        match prefix {
            "" => self.variables.clone(),
            prefix => self.variables.iter().map(|set| Arc::new(prefixed(set, prefix))).collect(),
        }
    }
}

pub(super) fn read(document: &Document, object: &Object<'_>) -> Option<Store> {
    // (key, is it Base64?), lowest first: what is written in plain comes over it.
    let parts: &[(&str, bool)] = match object.kind {
        "ConfigMap" => &[("binaryData", true), ("data", false)],
        "Secret" => &[("data", true), ("stringData", false)],
        _ => return None,
    };
    let mut store = Store {
        address: format!("{}/{}", object.kind, object.name).into(),
        key: document.node(object.id).span,
        variables: Vec::new(),
        files: Vec::new(),
    };
    for (key, encoded) in parts {
        let Some(part) = document.entry(object.id, key) else { continue };
        let node = document.node(part.value);
        let mut set = Set::new(document);
        for entry in node.entries() {
            take(document, entry, *encoded, &mut set, &mut store.files);
        }
        if node.hole.is_some() {
            set.unread(part.key_span, format!("a template fills in `{key}`"));
        }
        let mut variables = set.finish(part.key_span, node.span.end);
        variables.decoded = *encoded;
        store.key = part.key_span;
        store.variables.push(Arc::new(variables));
    }
    Some(store)
}

/// An entry is a variable by its name, and a file by its name or its text. Some are both.
fn take(document: &Document, entry: &Entry, encoded: bool, set: &mut Set<'_>, files: &mut Vec<Inner>) {
    let node = document.node(entry.value);
    let Kind::Scalar { text, .. } = &node.kind else { return };
    let name = Name { text: &entry.key, span: entry.key_span, alias: entry.alias, merged: entry.merged };
    let open = templated(document, entry.value);
    let file = match encoded {
        true => Inner::decoded(&entry.key, entry.key_span, node),
        false => Inner::of(document, &entry.key, entry.key_span, node),
    };
    if let Some(file) = file.filter(|file| is_file(&entry.key, file.text())) {
        files.push(file);
    }
    if !is_variable(&entry.key) {
        return;
    }
    let unknown = || Some(Hole { default: None });
    let mut made = match encoded {
        false => scalar(document, entry.value, text.to_string(), node.hole.clone()),
        true => match decoded_text(node).filter(|_| !open) {
            Some(text) => scalar(document, entry.value, text, None),
            // No text, or encrypted in place: something is there, and what is not known.
            None => scalar(document, entry.value, text.to_string(), unknown()),
        },
    };
    if let Kind::Scalar { style, .. } = &mut made.kind {
        *style = Style::DoubleQuoted;
    }
    set.put(&name, made);
}

/// May the name be that of a variable?
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_file(name: &str, text: &str) -> bool {
    name.contains(['.', '-']) || text.trim_end().contains('\n') || text.trim_start().starts_with('{')
}
