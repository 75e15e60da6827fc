//! Ports that a host binds for a container.

use super::fill::{Variables, fill};
use super::{Published, templated, text_at};
use crate::syntax::tree::{Document, Kind, NodeId};
use crate::text::Span;
use std::sync::Arc;

/// Every address of the host.
const ANY: &str = "0.0.0.0";

/// The binding that an item of `ports` in a compose file stands for: `127.0.0.1:8065:8065/tcp`, or a map. A range
/// of ports stays one text.
pub(super) fn compose(document: &Document, id: NodeId, known: &Variables) -> Option<Published> {
    let node = document.node(id);
    let mut open = templated(document, id);
    let mut text = |text: &str| {
        let filled = fill(text, known);
        open |= filled.open;
        filled.default.unwrap_or(filled.text)
    };
    let bound = match &node.kind {
        Kind::Scalar { text: written, .. } => {
            let written = text(written);
            let plain = written.split('/').next().unwrap_or_default();
            let (rest, target) = last_part(plain);
            let (address, published) = match rest.map(last_part) {
                Some((address, published)) => (address.unwrap_or(ANY), published),
                None => (ANY, ""),
            };
            binding(address.trim_matches(['[', ']']), published, target)
        }
        Kind::Map(_) => {
            let at = |key| text_at(document, id, key);
            let target = text(at("target")?);
            let published = text(at("published").unwrap_or_default());
            let address = text(at("host_ip").unwrap_or(ANY));
            binding(&address, &published, &target)
        }
        Kind::Seq(_) => return None,
    };
    Some(published(document, bound, node.span, open))
}

/// The binding of an item of a container's `ports` in a pod: only where it asks for a port of the host.
pub(super) fn pod(document: &Document, id: NodeId) -> Option<Published> {
    let entry = document.entry(id, "hostPort")?;
    let host = document.node(entry.value).text()?;
    let target = text_at(document, id, "containerPort").unwrap_or(host);
    let address = text_at(document, id, "hostIP").filter(|address| !address.is_empty()).unwrap_or(ANY);
    let span: Span = document.node(entry.value).span;
    Some(published(document, binding(address, host, target), span, templated(document, entry.value)))
}

fn published(document: &Document, text: String, span: Span, open: bool) -> Published {
    Published { text: text.into(), source: Arc::clone(&document.source), span, open }
}

fn binding(address: &str, published: &str, target: &str) -> String {
    let address = if address.is_empty() { ANY } else { address };
    match address.contains(':') {
        true => format!("[{address}]:{published}:{target}"),
        false => format!("{address}:{published}:{target}"),
    }
}

/// Splits off what follows the last colon that is outside of a variable and of an address in brackets.
fn last_part(text: &str) -> (Option<&str>, &str) {
    let mut depth = 0_usize;
    let mut colon = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => colon = Some(at),
            _ => {}
        }
    }
    match colon.and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => (Some(before), after.get(1..).unwrap_or_default()),
        None => (None, text),
    }
}
