//! Merge keys: `<<: *base` and `<<: [*first, *second]`.

use super::super::SyntaxError;
use super::super::tree::{Entry, Kind, Node, NodeId};
use crate::text::Span;
use std::collections::HashSet;

/// Replaces the entries at `merges` by what they bring in. What is written stays first and wins; of what is
/// merged, the first wins. Returns how many entries came in.
pub(super) fn resolve(
    entries: &mut Vec<Entry>,
    merges: &[usize],
    nodes: &[Node],
    budget: usize,
) -> Result<usize, SyntaxError> {
    let node = |id: NodeId| nodes.get(id.0 as usize);
    let mut sources: Vec<(NodeId, Option<Span>)> = Vec::new();
    let mut resolved = Vec::with_capacity(merges.len());
    let mut wrong = None;
    for &index in merges {
        let Some(entry) = entries.get(index) else { continue };
        let Some(value) = node(entry.value) else { continue };
        match &value.kind {
            Kind::Map(_) => sources.push((entry.value, entry.alias)),
            Kind::Seq(items) => sources.extend(items.iter().map(|item| (item.value, item.alias.or(entry.alias)))),
            // A template's tag: what it brings is not known, so the entry stays to tell of it.
            Kind::Scalar { .. } => {
                if value.hole.is_none() {
                    wrong = Some(entry.alias.unwrap_or(entry.key_span));
                }
                continue;
            }
        }
        resolved.push(index);
    }

    let mut index = 0;
    entries.retain(|_| {
        let keep = resolved.binary_search(&index).is_err();
        index += 1;
        keep
    });
    let mut merged: Vec<Entry> = Vec::new();
    {
        let mut known: HashSet<&str> = entries.iter().map(|entry| &*entry.key).collect();
        for (id, alias) in sources {
            let Some(Kind::Map(brought)) = node(id).map(|node| &node.kind) else {
                wrong = wrong.or(alias);
                continue;
            };
            for entry in brought {
                if known.insert(&entry.key) {
                    if merged.len() >= budget {
                        return Err(too_many(alias.unwrap_or(entry.key_span)));
                    }
                    merged.push(Entry { alias: alias.or(entry.alias), merged: true, ..entry.clone() });
                }
            }
        }
    }
    let count = merged.len();
    entries.append(&mut merged);
    match wrong {
        None => Ok(count),
        Some(span) => Err(SyntaxError {
            span,
            message: "a merge key (`<<`) needs a map or a list of maps".to_owned(),
            help: None,
        }),
    }
}

fn too_many(span: Span) -> SyntaxError {
    SyntaxError { span, message: "the merge keys (`<<`) of this file bring in too many entries".to_owned(), help: None }
}
