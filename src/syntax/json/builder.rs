//! From tokens to nodes.

use super::super::duplicates::Finder;
use super::super::template::{self, Tag};
use super::super::tree::{Child, Comment, Document, Entry, Hole, Kind, Node, NodeId, Style};
use super::super::{Limits, SyntaxError};
use super::complaint::{self, error};
use crate::text::Span;
use jsonc_parser::tokens::Token;

/// Builds the tree of one file.
pub(super) struct Builder<'a> {
    text: &'a str,
    tags: &'a [Tag],
    /// The first tag that may still touch what comes.
    tag: usize,
    limits: Limits,
    document: &'a mut Document,
    frames: Vec<Frame>,
    next: Next,
    finder: Finder,
    /// Comments in file order.
    pub(super) comments: Vec<Comment>,
}

/// What may come.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Next {
    /// A value, or the bracket's end.
    Item,
    /// A key, or the brace's end.
    Key,
    Colon,
    /// The value of a key, or the file's.
    Value,
    /// A comma, or the end of what is open.
    Comma,
    /// Nothing: the file's value is complete.
    Nothing,
}

struct Frame {
    id: NodeId,
    start: usize,
    end: usize,
    filling: Filling,
}

enum Filling {
    Map { entries: Vec<Entry>, key: Option<(Box<str>, Span)> },
    Seq(Vec<Child>),
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, tags: &'a [Tag], limits: &Limits, document: &'a mut Document) -> Self {
        document.nodes.reserve(text.len() / 24);
        Self {
            text,
            tags,
            tag: 0,
            limits: *limits,
            document,
            frames: Vec::with_capacity(8),
            next: Next::Value,
            finder: Finder::default(),
            comments: Vec::new(),
        }
    }

    /// Takes a token that is no comment.
    pub(super) fn token(&mut self, token: Token, span: Span) -> Result<(), SyntaxError> {
        match (self.next, token) {
            (Next::Key, Token::String(text)) => {
                let text = self.string(&text, span)?.0;
                if let Some(Frame { filling: Filling::Map { key, .. }, .. }) = self.frames.last_mut() {
                    *key = Some((text, span));
                }
                self.next = Next::Colon;
            }
            (Next::Key, Token::Word(_) | Token::Number(_) | Token::Boolean(_) | Token::Null) => {
                return Err(error(span, "a key without quotes", Some("put it between `\"` and `\"`")));
            }
            (Next::Colon, Token::Colon) => self.next = Next::Value,
            (Next::Colon, _) => return Err(error(span, "a key without `:` after it", None)),
            (Next::Key | Next::Comma, Token::CloseBrace) if self.in_map() => self.close(span.end as usize),
            (Next::Item | Next::Comma, Token::CloseBracket) if !self.in_map() && !self.frames.is_empty() => {
                self.close(span.end as usize);
            }
            (Next::Comma, Token::Comma) => self.next = if self.in_map() { Next::Key } else { Next::Item },
            (Next::Comma, Token::CloseBrace | Token::CloseBracket) => {
                return Err(error(span, "a bracket closed by one of another kind", None));
            }
            (Next::Comma, Token::Colon) => return Err(error(span, "an unexpected `:`", None)),
            (Next::Comma, _) => {
                return Err(error(span, "a comma is missing before this", Some("put a comma between items")));
            }
            (Next::Nothing, _) => return Err(error(span, "text after the end of the file's value", Some("remove it"))),
            (Next::Item | Next::Value, token) => return self.value(token, span),
            (Next::Key, Token::Comma) => return Err(error(span, "a comma too many", Some("remove it"))),
            (Next::Key, _) => return Err(error(span, "a key was expected here", None)),
        }
        Ok(())
    }

    /// The text is over.
    pub(super) fn end(&mut self) -> Result<(), SyntaxError> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let span = Span::new(frame.start, frame.start + 1);
        Err(error(span, "a bracket that is never closed", Some("close it")))
    }

    /// Closes what an error left open; gives the comments.
    pub(super) fn finish(mut self) -> Vec<Comment> {
        while let Some(frame) = self.frames.last_mut() {
            if let Filling::Map { key, .. } = &mut frame.filling {
                *key = None;
            }
            let end = frame.end;
            self.close(end);
        }
        self.comments
    }

    fn value(&mut self, token: Token, span: Span) -> Result<(), SyntaxError> {
        let (text, style, hole) = match token {
            Token::OpenBrace => return self.open(span, Filling::Map { entries: Vec::new(), key: None }, Next::Key),
            Token::OpenBracket => return self.open(span, Filling::Seq(Vec::new()), Next::Item),
            Token::String(text) => {
                let (text, hole) = self.string(&text, span)?;
                (text, Style::DoubleQuoted, hole)
            }
            Token::Number(text) => (text.into(), Style::Number, None),
            Token::Boolean(value) => (if value { "true" } else { "false" }.into(), Style::Bool, None),
            Token::Null => ("null".into(), Style::Null, None),
            Token::Word(_) => {
                return Err(error(span, "text without quotes", Some("put it between `\"` and `\"`")));
            }
            Token::Comma => return Err(error(span, "a comma too many", Some("remove it"))),
            _ => return Err(error(span, "a value was expected here", None)),
        };
        let id = self.document.push(Node { hole, ..Node::new(span, Kind::Scalar { text, style }) });
        self.put(id, span);
        Ok(())
    }

    fn string(&mut self, text: &str, span: Span) -> Result<(Box<str>, Option<Hole>), SyntaxError> {
        if self.touched(span) {
            let written = self.text.get(span.range()).unwrap_or_default();
            // A tag outside quotes was given some by the mask; inside, escapes may be the template's own.
            let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
            let text = serde_json::from_str::<String>(written).unwrap_or_else(|_| inner.to_owned());
            let hole = Hole { default: template::default_of(&text) };
            return Ok((text.into(), Some(hole)));
        }
        // The scanner lets raw control characters pass; JSON, and every server, does not.
        if text.bytes().any(|byte| byte < 0x20)
            && let Some(written) = self.text.get(span.range())
            && let Some(at) = written.find(|c: char| c < ' ')
        {
            if written.contains(['\n', '\r']) {
                return Err(complaint::unclosed(span, self.text));
            }
            let at = span.start as usize + at;
            let help = Some("write it as an escape, a tab as `\\t`");
            return Err(error(Span::new(at, at + 1), "a control character inside text", help));
        }
        Ok((text.into(), template::variable(text)))
    }

    fn open(&mut self, span: Span, filling: Filling, next: Next) -> Result<(), SyntaxError> {
        if self.frames.len() >= self.limits.depth {
            return Err(self.limits.too_deep(span));
        }
        let id = self.document.push(Node::new(span, Kind::Map(Vec::new())));
        self.frames.push(Frame { id, start: span.start as usize, end: span.end as usize, filling });
        self.next = next;
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let span = Span::new(frame.start, end);
        let kind = match frame.filling {
            Filling::Map { entries, .. } => {
                self.finder.find(&entries, None, &mut self.document.duplicates);
                Kind::Map(entries)
            }
            Filling::Seq(items) => Kind::Seq(items),
        };
        if let Some(node) = self.document.nodes.get_mut(frame.id.0 as usize) {
            *node = Node::new(span, kind);
        }
        self.put(frame.id, span);
    }

    fn put(&mut self, value: NodeId, span: Span) {
        let Some(frame) = self.frames.last_mut() else {
            self.document.root = value;
            self.next = Next::Nothing;
            return;
        };
        frame.end = span.end as usize;
        match &mut frame.filling {
            Filling::Seq(items) => items.push(Child { value, alias: None }),
            Filling::Map { entries, key } => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value, alias: None, merged: false });
                }
            }
        }
        self.next = Next::Comma;
    }

    fn in_map(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { filling: Filling::Map { .. }, .. }))
    }

    /// Was a part of this span masked?
    fn touched(&mut self, span: Span) -> bool {
        while self.tags.get(self.tag).is_some_and(|tag| tag.span.end <= span.start) {
            self.tag += 1;
        }
        self.tags.get(self.tag).is_some_and(|tag| tag.span.overlaps(span))
    }
}
