//! Files that a document names as a part of itself.

use super::ask::{Answer, Ask, folder, join};
use crate::platform::{DocumentKind, glob};
use crate::syntax::{Document, Entry, Format, Limits, Node, SyntaxError, Unread, parse_with};
use crate::text::{Source, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// More files than this are no configuration that a person keeps.
const MOST: usize = 256;
/// Files that include others are followed so far.
const DEEPEST: usize = 16;

/// What including comes to.
#[derive(Default)]
pub(super) struct Included {
    /// The documents, in the order in which they are read, and what brought each in.
    pub documents: Vec<(Arc<Document>, String)>,
    /// Files that could not be read: what they set is not known.
    pub unread: Vec<Unread>,
    /// What is wrong with them: where, what, how to mend it.
    pub errors: Vec<(Arc<Source>, SyntaxError)>,
}

/// Reads what a document includes, and what that includes, each file once.
pub(super) fn included(main: &Arc<Document>, kind: &DocumentKind, ask: &Ask<'_>) -> Included {
    let mut follow = Follow { main, kind, ask, seen: vec![main.source.path().to_owned()], out: Included::default() };
    follow.document(main, &[main.source.path()]);
    follow.out
}

/// A walk along statements that include files.
struct Follow<'f> {
    main: &'f Arc<Document>,
    kind: &'f DocumentKind,
    ask: &'f Ask<'f>,
    seen: Vec<String>,
    out: Included,
}

impl Follow<'_> {
    /// Follows the statements of a document, in their order. `above`: the files that lead here.
    fn document(&mut self, document: &Arc<Document>, above: &[&str]) {
        let statements: Vec<Node> = statements(document, self.kind).cloned().collect();
        for node in &statements {
            let line = document.source.line_of(node.span.start);
            let named = format!("line {line} of {}", document.source.path());
            let files = match files_of(document, node, self.ask) {
                Ok(files) => files,
                Err(why) => {
                    self.unread(document, node, format!("what {named} includes {why}"));
                    continue;
                }
            };
            // What is set after the statement comes over what the file sets. In which order files come that fit one
            // pattern is not known.
            let mut over = names(document, node.span.end);
            let unordered = files.len() > 1;
            for (path, bytes) in files {
                if above.contains(&path.as_str()) {
                    let message = format!("files include each other in a circle: {path} leads here");
                    let help = Some("take one of the statements out; a server does not start like this".to_owned());
                    let error = SyntaxError { span: node.span, message, help };
                    self.out.errors.push((Arc::clone(&document.source), error));
                }
                if self.seen.contains(&path) || self.out.documents.len() >= MOST || above.len() >= DEEPEST {
                    continue;
                }
                self.seen.push(path.clone());
                let Some(mut read) = self.read(document, node, &named, &path, &bytes) else { continue };
                let own = names(&read, 0);
                let open: Vec<Span> = keys(&read).filter(|(name, _)| over.contains(name)).map(|(_, at)| at).collect();
                read.leave_open(&open);
                if unordered {
                    over.extend(own);
                }
                let read = Arc::new(read);
                self.out.documents.push((Arc::clone(&read), format!("included by {named}")));
                let mut chain = above.to_vec();
                chain.push(&path);
                self.document(&read, &chain);
            }
        }
    }

    fn read(&mut self, from: &Document, node: &Node, named: &str, path: &str, bytes: &[u8]) -> Option<Document> {
        let source = match Source::decode(path, bytes) {
            Ok(source) => Arc::new(source),
            Err(_) => {
                self.unread(from, node, format!("{path}, which {named} includes, cannot be read"));
                return None;
            }
        };
        let format = self.kind.formats.first().copied().unwrap_or(Format::Yaml);
        let read = parse_with(&source, format, &Limits::default(), &self.kind.statements);
        if read.errors.is_empty() {
            return Some(read);
        }
        self.out.errors.extend(read.errors.iter().map(|error| (Arc::clone(&source), error.clone())));
        self.unread(from, node, format!("{path}, which {named} includes, cannot be read"));
        None
    }

    /// Only the main document tells of what is missing: places of others would not be its own.
    fn unread(&mut self, from: &Document, node: &Node, why: String) {
        let own = from.source.path() == self.main.source.path();
        let span = if own { node.span } else { self.main.root_node().span };
        self.out.unread.push(Unread { span, why: Arc::from(why) });
    }
}

/// What a document sets: names, with the label of the section that they stand in, and where.
fn keys(document: &Document) -> impl Iterator<Item = (String, Span)> {
    let label = |entry: &&Entry| entry.key.starts_with('@');
    document.root_node().entries().iter().flat_map(move |entry| {
        let items = document.node(entry.value).items().iter().map(|item| document.node(item.value).entries());
        let mut inner: Vec<(String, Span)> = Vec::new();
        for section in items.filter(|entries| entries.iter().any(|e| label(&e))) {
            let first = section.iter().find(label).and_then(|e| document.node(e.value).text()).unwrap_or_default();
            let own = section.iter().filter(|e| !label(e));
            inner.extend(own.map(|e| (format!("{first}\n{}", e.key), e.key_span)));
        }
        if inner.is_empty() { vec![(entry.key.to_string(), entry.key_span)] } else { inner }
    })
}

/// The names that a document sets from a place on.
fn names(document: &Document, from: u32) -> HashSet<String> {
    keys(document).filter(|(_, span)| span.start >= from).map(|(name, _)| name).collect()
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
    for other in names.iter().filter(|other| !other.starts_with('.') && glob(name, other)) {
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
