//! Files that a document includes.

use super::super::ask::{Answer, folder, join};
use super::super::includes::{Include, includes_of, is_pattern};
use super::super::judge::syntax_error;
use super::super::options::Linter;
use super::super::report::{GroupReport, InputError, Range};
use super::{Parsed, Reader, Sheets, skip};
use crate::platform::{Sheet, format_of};
use crate::syntax::{Document, Limits, parse_with};
use crate::text::Source;
use std::collections::HashSet;
use std::sync::Arc;

/// Files that include others are followed so far.
const DEEPEST: usize = 16;
/// So many files are included in all.
const MOST: usize = 1000;

/// What one pass over a document's includes needs.
struct Pass<'p> {
    kind: usize,
    /// The files that lead here, the outermost first.
    stack: Vec<Arc<str>>,
    out: &'p mut Sheets,
    report: &'p mut GroupReport,
    left: usize,
}

impl Reader<'_> {
    /// Adds the files that a document includes, as the server would read them: each over what came before it.
    pub(super) fn include(&self, kind: usize, document: &Arc<Document>, out: &mut Sheets, report: &mut GroupReport) {
        let stack = vec![Arc::from(document.source.path())];
        self.follow(document, &mut Pass { kind, stack, out, report, left: MOST });
    }

    fn follow(&self, document: &Arc<Document>, pass: &mut Pass<'_>) {
        let Some(kind) = self.platform.documents.get(pass.kind) else { return };
        for include in includes_of(document, kind) {
            let (paths, unordered) = match self.paths(document, &include) {
                Ok(paths) => (paths, include.path.as_deref().is_some_and(is_pattern)),
                Err(why) => {
                    self.unknown(document, &include, &why, pass);
                    continue;
                }
            };
            // What the including file sets after the statement comes over what the included one sets.
            let mut over = names_after(document, include.span.end);
            for path in paths {
                if pass.stack.iter().any(|above| **above == *path) {
                    self.circle(document, &include, &path, pass);
                    continue;
                }
                // Files that the user lists are there already, in the user's order.
                if self.files.contains_key(path.as_str()) {
                    continue;
                }
                match self.given(&path) {
                    Ok(source) => {
                        let names = self.take(&source, document, &include, &over, pass);
                        if unordered {
                            over.extend(names);
                        }
                    }
                    Err(why) => self.unknown(document, &include, &format!("`{path}` {why}"), pass),
                }
            }
        }
    }

    /// The files that one statement names.
    fn paths(&self, document: &Document, include: &Include) -> Result<Vec<String>, String> {
        let written = include.path.as_deref().ok_or("a variable says which file it is")?;
        let home = folder(document.source.path()).ok_or("is not known from where: the text came without a place")?;
        let whole = join(home, written).ok_or("lies outside of what may be read")?;
        if !is_pattern(&whole) {
            return Ok(vec![whole]);
        }
        match (self.ask)(&whole) {
            Answer::Listed(paths) => Ok(paths),
            Answer::Outside => Err("lies outside of what may be read".to_owned()),
            Answer::Refused(why) => Err(format!("was not read: {why}")),
            Answer::Missing | Answer::Given(_) => Err("was not given".to_owned()),
        }
    }

    /// Reads an included file; gives the names that it sets. Those of `over` may be set again by others, in an order
    /// that is not known, so they are conditional here.
    fn take(
        &self,
        source: &Arc<Source>,
        from: &Document,
        include: &Include,
        over: &HashSet<String>,
        pass: &mut Pass<'_>,
    ) -> HashSet<String> {
        let Some(kind) = self.platform.documents.get(pass.kind) else { return HashSet::new() };
        if pass.left == 0 || pass.stack.len() >= DEEPEST {
            self.unknown(from, include, "is one of too many", pass);
            return HashSet::new();
        }
        pass.left -= 1;
        let format = format_of(source.path(), source.text(), &kind.formats).or(kind.formats.first().copied());
        let Some(format) = format else { return HashSet::new() };
        let mut document = parse_with(source, format, &Limits::default(), &kind.statements);
        if !document.errors.is_empty() {
            pass.report.errors.extend(document.errors.iter().map(|error| syntax_error(source, error)));
            pass.out.unresolved = true;
            return HashSet::new();
        }
        let names = names_after(&document, 0);
        let contested: Vec<_> = keys(&document).filter(|(name, _)| over.contains(name)).map(|(_, span)| span).collect();
        document.leave_open(&contested);
        let document = Arc::new(document);
        let line = from.source.position(include.span.start).line;
        let role = format!("included by {} (line {line})", from.source.path());
        let sheet = Sheet::plain(Arc::clone(&document), pass.kind);
        pass.out.parsed.push(Parsed { sheet, keys: Vec::new(), part: true, role: Some(role) });
        pass.stack.push(Arc::from(source.path()));
        self.follow(&document, pass);
        pass.stack.pop();
        names
    }

    fn unknown(&self, document: &Document, include: &Include, why: &str, pass: &mut Pass<'_>) {
        pass.out.unresolved = true;
        let line = document.source.position(include.span.start).line;
        let why = format!("`{}` in {} (line {line}): {why}", include.statement, document.source.path());
        skip(pass.report, include.path.as_deref().unwrap_or("?"), &why);
    }

    fn circle(&self, document: &Document, include: &Include, path: &str, pass: &mut Pass<'_>) {
        pass.report.errors.push(InputError {
            file: Linter::shown(document.source.path()),
            span: Some(Range::of(&document.source, include.span)),
            message: Linter::shown(&format!("files include each other in a circle: {path} leads here")),
            labels: Vec::new(),
            help: Some(Linter::shown("take one of the statements out; the server does not start like this")),
        });
    }
}

/// What a document sets: names with the section they stand in, and where.
fn keys(document: &Document) -> impl Iterator<Item = (String, crate::text::Span)> {
    let labelled = |entry: &&crate::syntax::Entry| !entry.key.starts_with('@');
    document.root_node().entries().iter().flat_map(move |entry| {
        let sections = document.node(entry.value).items().iter().map(|item| document.node(item.value));
        let sections = sections.filter(|node| node.entries().iter().any(|e| e.key.starts_with('@')));
        let mut inner: Vec<(String, crate::text::Span)> = Vec::new();
        for section in sections {
            let labels = section.entries().iter().filter(|e| e.key.starts_with('@'));
            let label = labels.filter_map(|e| document.node(e.value).text()).next().unwrap_or_default();
            let own = section.entries().iter().filter(labelled);
            inner.extend(own.map(|e| (format!("{label}\n{}", e.key), e.key_span)));
        }
        if inner.is_empty() { vec![(entry.key.to_string(), entry.key_span)] } else { inner }
    })
}

fn names_after(document: &Document, at: u32) -> HashSet<String> {
    keys(document).filter(|(_, span)| span.start >= at).map(|(name, _)| name).collect()
}
