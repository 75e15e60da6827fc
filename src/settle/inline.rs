//! Waivers in comments of the files that are judged.

use super::grammar::{Broken, MARK, read};
use super::waiver::{Reach, Waiver};
use crate::rule::Catalogue;
use crate::syntax::Document;
use crate::text::{Source, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// A comment that cannot be understood; it waives nothing.
#[derive(Clone, Debug)]
pub struct BrokenWaiver {
    /// The file.
    pub source: Arc<Source>,
    /// What is wrong; its place is one of the file.
    pub broken: Broken,
}

/// What the comments of some documents waive.
#[derive(Clone, Debug, Default)]
pub struct Inline {
    /// In the order of the documents and their lines.
    pub waivers: Vec<Waiver>,
    /// What cannot be understood.
    pub broken: Vec<BrokenWaiver>,
}

impl Inline {
    /// Reads the comments of documents; several may stand in one file.
    pub fn read<'d>(documents: impl Iterator<Item = &'d Document>, catalogue: &Catalogue) -> Self {
        let mut out = Self::default();
        let mut seen: HashSet<(u64, u32)> = HashSet::new();
        // A look at the text is cheaper than one at each comment, and hardly any file holds such a word.
        for document in documents.filter(|d| !d.decoded && d.source.text().contains(MARK)) {
            for comment in &document.comments {
                for (at, words) in spoken(&document.source, comment.span) {
                    if seen.insert((document.source.id(), at)) {
                        out.take(document, comment.span, at, words, catalogue);
                    }
                }
            }
        }
        out
    }

    /// One waiver: `words` stand at `at`.
    fn take(&mut self, document: &Document, comment: Span, at: u32, words: &str, catalogue: &Catalogue) {
        let source = &document.source;
        let moved = |span: Span| Span { start: span.start + at, end: span.end + at };
        let spoken = match read(words, catalogue) {
            Ok(spoken) => spoken,
            Err(broken) => {
                let broken = Broken { span: moved(broken.span), ..broken };
                return self.broken.push(BrokenWaiver { source: Arc::clone(source), broken });
            }
        };
        let end = at as usize + words.len();
        let span = Span::new((at as usize).saturating_sub(MARK.len()), end);
        if spoken.whole_file && !in_first_block(document, comment) {
            let broken = Broken {
                span,
                message: "`ignore-file` stands in the first comments of a file, above everything else".to_owned(),
                help: Some("move it there, or write `ignore[…]` at the line itself".to_owned()),
            };
            return self.broken.push(BrokenWaiver { source: Arc::clone(source), broken });
        }
        let reach = if spoken.whole_file { Reach::File } else { Reach::Line(target(document, comment)) };
        self.waivers.push(Waiver {
            rules: spoken.rules,
            reach,
            setting: spoken.setting,
            fact: spoken.fact,
            qualifier: spoken.qualifier,
            reason: spoken.reason.map(Arc::from),
            until: spoken.until,
            owner: spoken.owner,
            source: Arc::clone(source),
            span,
        });
    }
}

/// What a comment says to us, line by line: the place after [`MARK`], and the words there.
fn spoken(source: &Source, comment: Span) -> Vec<(u32, &str)> {
    let mut at = comment.start as usize;
    let mut out = Vec::new();
    for line in source.slice(comment).split_inclusive('\n') {
        let words = line.trim_start_matches(|c: char| c.is_whitespace() || "#/*-;[=!".contains(c));
        if let Some(rest) = words.strip_prefix(MARK) {
            let from = at + line.len() - rest.len();
            let rest = rest.trim_end();
            // The end of a comment that has one.
            let rest = ["*/", "]]", "-->"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest).trim_end();
            out.push((u32::try_from(from).unwrap_or(u32::MAX), rest));
        }
        at += line.len();
    }
    out
}

/// Is nothing before a place on its line?
fn alone(source: &Source, at: u32) -> bool {
    let line = source.line_span(source.line_of(at));
    source.slice(Span { start: line.start, end: at.max(line.start) }).trim().is_empty()
}

/// The line that a comment is about: its own, or the next one that is no comment, if it stands alone on its line.
fn target(document: &Document, comment: Span) -> u32 {
    let source = &document.source;
    if !alone(source, comment.start) {
        return source.line_of(comment.start);
    }
    let last = |span: Span| source.line_of(span.end.saturating_sub(1).max(span.start));
    let mut line = last(comment) + 1;
    // Waivers stack.
    for other in document.comments.iter().filter(|other| other.span.start > comment.start) {
        if source.line_of(other.span.start) == line && alone(source, other.span.start) {
            line = last(other.span) + 1;
        }
    }
    line
}

/// Does a comment stand above everything that a file says?
fn in_first_block(document: &Document, comment: Span) -> bool {
    let source = &document.source;
    let line = source.line_of(comment.start);
    (1..line).all(|line| {
        let span = source.line_span(line);
        let text = source.slice(span).trim();
        let start = span.start + u32::try_from(source.slice(span).find(text).unwrap_or(0)).unwrap_or(0);
        let in_comment = || document.comments.iter().any(|c| c.span.start <= start && start < c.span.end);
        text.is_empty() || ["---", "{"].contains(&text) || text.starts_with('%') || in_comment()
    })
}

#[cfg(test)]
mod tests;
