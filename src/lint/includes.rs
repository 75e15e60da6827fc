//! Files that a document names as a part of itself.

use super::ask::{Answer, Ask, folder, join};
use crate::platform::{DocumentKind, glob};
use crate::syntax::{Document, Format, Limits, Node, Unread, parse_with};
use crate::text::Source;
use std::collections::VecDeque;
use std::sync::Arc;

/// More files than this are no configuration that a person keeps.
const MOST: usize = 256;

/// What including comes to.
#[derive(Default)]
pub(super) struct Included {
    /// The documents, in the order in which they are read, and what brought each in.
    pub documents: Vec<(Arc<Document>, String)>,
    /// Files that could not be read: what they set is not known.
    pub unread: Vec<Unread>,
}

/// Reads what a document includes, and what that includes, each file once.
pub(super) fn included(main: &Arc<Document>, kind: &DocumentKind, ask: &Ask<'_>) -> Included {
    let mut out = Included::default();
    let mut seen: Vec<String> = vec![main.source.path().to_owned()];
    let mut open: VecDeque<Arc<Document>> = VecDeque::from([Arc::clone(main)]);
    while let Some(document) = open.pop_front() {
        for node in statements(&document, kind) {
            let line = document.source.line_of(node.span.start);
            let named = format!("line {line} of {}", document.source.path());
            let files = match files_of(&document, node, ask) {
                Ok(files) => files,
                Err(why) => {
                    // Only the main document tells of what is missing: places of others would not be its own.
                    let span = if Arc::ptr_eq(&document, main) { node.span } else { main.root_node().span };
                    out.unread.push(Unread { span, why: Arc::from(format!("what {named} includes {why}")) });
                    continue;
                }
            };
            for (path, bytes) in files {
                if seen.contains(&path) || out.documents.len() >= MOST {
                    continue;
                }
                seen.push(path.clone());
                let read = Source::decode(path.as_str(), &*bytes).map_err(|e| e.message).map(|source| {
                    let format = kind.formats.first().copied().unwrap_or(Format::Yaml);
                    Arc::new(parse_with(&Arc::new(source), format, &Limits::default(), &kind.statements))
                });
                match read {
                    Ok(read) if read.errors.is_empty() => {
                        open.push_back(Arc::clone(&read));
                        out.documents.push((read, format!("included by {named}")));
                    }
                    _ => {
                        let why = format!("{path}, which {named} includes, cannot be read");
                        out.unread.push(Unread { span: main.root_node().span, why: Arc::from(why) });
                    }
                }
            }
        }
    }
    out
}

/// The paths that an including file names, whether they can be read or not: for grouping.
pub(super) fn paths(path: &str, bytes: &[u8], kind: &DocumentKind, ask: &Ask<'_>) -> Vec<String> {
    let Ok(source) = Source::decode(path, bytes) else { return Vec::new() };
    let format = kind.formats.first().copied().unwrap_or(Format::Yaml);
    let main = Arc::new(parse_with(&Arc::new(source), format, &Limits::default(), &kind.statements));
    included(&main, kind, ask).documents.iter().map(|(d, _)| d.source.path().to_owned()).collect()
}

/// Has a kind of document statements that name further files?
pub(super) fn may_include(kind: &DocumentKind) -> bool {
    !kind.statements.includes.is_empty()
}

fn statements<'d>(document: &'d Document, kind: &'d DocumentKind) -> impl Iterator<Item = &'d Node> {
    let entries = kind.statements.includes.iter().flat_map(|name| document.top_entries(name));
    entries.flat_map(|entry| {
        let node = document.node(entry.value);
        let items: Vec<&Node> = node.items().iter().map(|item| document.node(item.value)).collect();
        if items.is_empty() { vec![node] } else { items }
    })
}

type Files = Vec<(String, Arc<[u8]>)>;

/// The files that a statement names; else why they cannot be told.
fn files_of(document: &Document, node: &Node, ask: &Ask<'_>) -> Result<Files, String> {
    let text = node.text().filter(|_| node.hole.is_none()).ok_or("is not known: it is filled in later")?;
    let home = folder(document.source.path()).ok_or("is not known from where: the text came without a place")?;
    let path = join(home, text).ok_or("lies outside of what may be read")?;
    let (at, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if !name.contains(['*', '?']) {
        return one(&path, ask).map(|bytes| vec![(path.clone(), bytes)]);
    }
    let names = match ask(&path) {
        Answer::Listed(names) => names,
        Answer::Outside => return Err("lies outside of what may be read".to_owned()),
        Answer::Refused(why) => return Err(format!("was not read: {why}")),
        Answer::Missing | Answer::Given(_) => return Err("was not given".to_owned()),
    };
    let mut out = Files::new();
    for other in names.iter().filter(|other| glob(name, other)) {
        let whole = if at.is_empty() { other.clone() } else { format!("{at}/{other}") };
        out.push((whole.clone(), one(&whole, ask)?));
    }
    Ok(out)
}

fn one(path: &str, ask: &Ask<'_>) -> Result<Arc<[u8]>, String> {
    match ask(path) {
        Answer::Given(bytes) => Ok(bytes),
        Answer::Outside => Err("lies outside of what may be read".to_owned()),
        Answer::Refused(why) => Err(format!("was not read: {why}")),
        Answer::Missing | Answer::Listed(_) => Err("was not given".to_owned()),
    }
}
