//! Paths into a document, and what is found there.

use crate::syntax::{Branch, Document, Entry, Kind, NodeId};
use crate::text::Span;
use smallvec::SmallVec;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Segment {
    /// A key.
    Key(Box<str>),
    /// An item, counted from 0.
    Index(usize),
    /// Every item of a list (`[]`).
    Each,
    /// Every entry of a map (`.*`).
    Any,
    /// The first item whose field has that text (`[type=manhole]`).
    Test(Path, Box<str>),
}

/// A path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Reads a path: `a.b`, `"x.y".z`, `a[]`, `a.*`, `a[1]`, `a[type=manhole]`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut out = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(more) = rest.strip_prefix('.') {
                rest = more;
            } else if let Some(quoted) = rest.strip_prefix('"') {
                let (key, more) = quoted.split_once('"').ok_or("a quoted key has no closing quote")?;
                out.push(Segment::Key(key.into()));
                rest = more;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (inner, more) = inner.split_once(']').ok_or("`[` has no `]`")?;
                out.push(match (inner, inner.parse::<usize>(), inner.split_once('=')) {
                    ("", ..) => Segment::Each,
                    (_, Ok(n), _) => Segment::Index(n),
                    (_, _, Some((field, value))) => Segment::Test(Path::parse(field)?, value.into()),
                    _ => return Err(format!("`[{inner}]` is neither an index nor a test")),
                });
                rest = more;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, more) = rest.split_at_checked(end).ok_or("not a path")?;
                out.push(if key == "*" { Segment::Any } else { Segment::Key(key.into()) });
                rest = more;
            }
        }
        Ok(Path(out))
    }

    /// The first key.
    pub fn first_key(&self) -> Option<&str> {
        match self.0.first() {
            Some(Segment::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The last key.
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|s| match s {
            Segment::Key(key) => Some(&**key),
            _ => None,
        })
    }

    /// The keys of it, for a byte search.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|s| match s {
            Segment::Key(key) => Some(&**key),
            _ => None,
        })
    }

    /// Does it end in `.*`: the entries of a map?
    pub fn over_entries(&self) -> bool {
        matches!(self.0.last(), Some(Segment::Any))
    }
}

/// A node at a path.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The node.
    pub node: NodeId,
    /// The key it stands at; of an item without one, the item itself.
    pub key: Span,
    /// The alias that brought it here.
    pub alias: Option<Span>,
    /// The template branch it stands in, if that is not the parent's.
    pub(super) branch: Option<Branch>,
}

/// What a path leads to.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The nodes; several where the branches of a template `if` are alternatives.
    pub hits: SmallVec<[Hit; 1]>,
    /// One of the hits is there however the template is filled in.
    pub certain: bool,
    /// The key of the deepest ancestor that is written, and how many steps lead to it.
    pub ancestor: Option<(Span, usize)>,
}

/// Follows a path from a node.
pub fn find(doc: &Document, from: NodeId, path: &[Segment]) -> Found {
    follow(doc, from, path, false)
}

/// Follows a path from a node; `fold`: case does not matter in keys.
pub fn follow(doc: &Document, from: NodeId, path: &[Segment], fold: bool) -> Found {
    let mut found = Found { certain: true, ..Found::default() };
    // Most settings are not written, and most of those have nothing of their path written.
    if let (Some(Segment::Key(key)), true) = (path.first(), from == doc.root && !fold)
        && doc.top_entries(key).next().is_none()
    {
        return found;
    }
    let start = Hit { node: from, key: Span::default(), alias: None, branch: None };
    found.hits.push(start);
    for (depth, segment) in path.iter().enumerate() {
        let mut next: SmallVec<[Hit; 1]> = SmallVec::new();
        let mut certain = found.certain;
        for hit in &found.hits {
            let (hits, sure) = step(doc, hit, segment, fold);
            next.extend(hits);
            certain &= sure;
        }
        if next.is_empty() {
            found.hits.clear();
            found.certain = true;
            return found;
        }
        if let Some(last) = next.last()
            && !last.key.is_empty()
        {
            found.ancestor = Some((last.key, depth + 1));
        }
        found.hits = next;
        found.certain = certain;
    }
    found
}

fn step(doc: &Document, from: &Hit, segment: &Segment, fold: bool) -> (SmallVec<[Hit; 1]>, bool) {
    let node = doc.node(from.node);
    let mut out: SmallVec<[Hit; 1]> = SmallVec::new();
    let alone = |node, key| Hit { node, key, alias: None, branch: from.branch };
    match (segment, &node.kind) {
        (Segment::Key(key), Kind::Map(entries)) => {
            let mut certain = false;
            // The top of a document is asked for every setting there is; it has an index.
            let indexed = from.node == doc.root && !fold;
            let same = |e: &&Entry| e.key == *key || fold && e.key.eq_ignore_ascii_case(key);
            let top = indexed.then(|| doc.top_entries(key));
            let below = (!indexed).then(|| entries.iter().filter(same));
            for entry in top.into_iter().flatten().chain(below.into_iter().flatten()) {
                if entry.merged && !out.is_empty() {
                    continue;
                }
                let branch = branch_of(doc, entry.key_span).filter(|b| Some(*b) != from.branch);
                if branch.is_none() {
                    // The last one wins; what a branch holds after it is an alternative.
                    out.clear();
                    certain = true;
                }
                out.push(Hit {
                    node: entry.value,
                    key: entry.key_span,
                    alias: entry.alias,
                    branch: branch.or(from.branch),
                });
            }
            certain = certain || covers_all_branches(doc, &out);
            (out, certain)
        }
        (Segment::Index(n), Kind::Seq(items)) => {
            if let Some(item) = items.get(*n) {
                out.push(alone(item.value, doc.node(item.value).span));
            }
            (out, true)
        }
        (Segment::Test(path, text), Kind::Seq(items)) => {
            let hit = items.iter().find(|i| has_text(doc, i.value, path, text));
            out.extend(hit.map(|i| alone(i.value, first_place(doc, i.value))));
            (out, true)
        }
        (Segment::Test(path, text), Kind::Map(_)) if has_text(doc, from.node, path, text) => {
            out.push(alone(from.node, from.key));
            (out, true)
        }
        (Segment::Each, Kind::Seq(items)) => {
            out.extend(items.iter().map(|i| alone(i.value, first_place(doc, i.value))));
            (out, true)
        }
        (Segment::Any, Kind::Map(_)) => {
            out.push(from.clone());
            (out, true)
        }
        _ => (out, true),
    }
}

/// The first key or the scalar of an item: where a person looks for it.
pub fn first_place(doc: &Document, node: NodeId) -> Span {
    let node = doc.node(node);
    match &node.kind {
        Kind::Map(entries) => entries.first().map_or(node.span, |e| e.key_span),
        _ => node.span,
    }
}

fn has_text(doc: &Document, node: NodeId, path: &Path, wanted: &str) -> bool {
    find(doc, node, &path.0)
        .hits
        .iter()
        .any(|h| matches!(&doc.node(h.node).kind, Kind::Scalar { text, .. } if **text == *wanted))
}

fn branch_of(doc: &Document, span: Span) -> Option<Branch> {
    doc.branches.iter().rfind(|b| b.span.contains(span)).copied()
}

/// Do the hits stand in every branch of one `if` that has an `else`?
fn covers_all_branches(doc: &Document, hits: &[Hit]) -> bool {
    let Some(group) = hits.first().and_then(|h| h.branch).filter(|b| b.exhaustive).map(|b| b.group) else {
        return false;
    };
    doc.branches
        .iter()
        .filter(|b| b.group == group)
        .all(|b| hits.iter().any(|h| h.branch.is_some_and(|x| x.group == group && x.index == b.index)))
}

/// Does a name match a glob with `*` and `?`? A `*` does not stop at separators.
pub fn glob(pattern: &str, name: &str) -> bool {
    let (mut p, mut n) = (pattern.char_indices(), name.char_indices());
    let mut retry: Option<(std::str::CharIndices<'_>, std::str::CharIndices<'_>)> = None;
    loop {
        let (mut p2, mut n2) = (p.clone(), n.clone());
        match (p2.next(), n2.next()) {
            (None, None) => return true,
            (Some((_, '*')), _) => {
                retry = Some((p2.clone(), n.clone()));
                p = p2;
                continue;
            }
            (Some((_, a)), Some((_, b))) if a == b || a == '?' => {
                p = p2;
                n = n2;
                continue;
            }
            _ => {}
        }
        match retry.take() {
            Some((after, mut from)) => {
                if from.next().is_none() {
                    return false;
                }
                p = after.clone();
                n = from.clone();
                retry = Some((after, from));
            }
            None => return false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let path = Path::parse(r#"a."io.x".b[].c[1].d[type=manhole].*"#).unwrap();
        assert_eq!(path.0.len(), 9);
        assert_eq!(path.last_key(), Some("d"));
        assert!(path.over_entries());
        assert!(Path::parse("a[").is_err());
        assert!(Path::parse("a[x]").is_err());
    }

    #[test]
    fn globs() {
        for (p, n, yes) in [
            ("homeserver*.yaml", "homeserver-2.yaml", true),
            ("*", "", true),
            ("a*b*c", "aXbXbc", true),
            ("a*b", "ac", false),
            ("?x", "ax", true),
            ("retention.*", "retention.enabled", true),
            ("retention.*", "retention", false),
        ] {
            assert_eq!(glob(p, n), yes, "{p} {n}");
        }
    }
}
