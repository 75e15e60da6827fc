//! From events to nodes.

use super::super::template::{self, Tag};
use super::super::tree::{Child, Comment, Document, Hole, Kind, Node, NodeId, Style};
use super::super::{Limits, SyntaxError};
use super::tables::{Key, Tables};
use crate::text::Span;
use std::borrow::Cow;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Source};

/// Builds the tree of one file while the parser pushes its events.
pub(super) struct Builder<'a> {
    source: Source<'a>,
    tags: &'a [Tag],
    /// The first tag that may still touch what comes.
    tag: usize,
    tables: Tables<'a>,
    /// The table that keys at the start of a line go to.
    table: NodeId,
    /// Parts of the key or header being read.
    path: Vec<Key>,
    header: Option<Header>,
    /// A `=` was seen: the value comes.
    assigning: bool,
    open: Vec<Open>,
}

#[derive(Copy, Clone)]
struct Header {
    start: usize,
    of_array: bool,
}

/// An array or inline table that is being read.
struct Open {
    id: NodeId,
    inline_table: bool,
    assigning: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: Source<'a>, tags: &'a [Tag], limits: &Limits, document: &'a mut Document) -> Self {
        document.nodes.reserve(source.input().len() / 24);
        let tables = Tables::new(document, limits);
        Self {
            source,
            tags,
            tag: 0,
            table: tables.root(),
            tables,
            path: Vec::new(),
            header: None,
            assigning: false,
            open: Vec::new(),
        }
    }

    /// Ends the file; gives the errors that are not the parser's.
    pub(super) fn finish(mut self) -> Vec<SyntaxError> {
        self.end_header(self.source.input().len());
        self.tables.finish()
    }

    /// Takes a header that has been read.
    fn end_header(&mut self, end: usize) {
        let Some(header) = self.header.take() else { return };
        let path = std::mem::take(&mut self.path);
        self.table = self.tables.header(path, header.of_array, Span::new(header.start, end));
    }

    /// Leaves arrays and inline tables that an error left open.
    fn leave(&mut self) {
        self.open.clear();
        self.assigning = false;
    }

    /// Puts a value where the last key or the open array says.
    fn put(&mut self, node: impl FnOnce() -> Node) -> Option<NodeId> {
        match self.open.last_mut() {
            Some(open) if !open.inline_table => Some(self.tables.item(open.id, node())),
            Some(open) => {
                let assigning = std::mem::take(&mut open.assigning);
                let path = std::mem::take(&mut self.path);
                (assigning && !path.is_empty()).then(|| self.tables.assign(open.id, path, true, node()))
            }
            None => {
                let assigning = std::mem::take(&mut self.assigning);
                let path = std::mem::take(&mut self.path);
                (assigning && !path.is_empty()).then(|| self.tables.assign(self.table, path, false, node()))
            }
        }
    }

    fn begin(&mut self, span: Span, kind: Kind, inline_table: bool) {
        let node = Node { flow: true, ..Node::new(span, kind) };
        // A value without a place (its key is missing) is read, to stay in step, and forgotten.
        let id = self.put(|| node.clone()).unwrap_or_else(|| self.tables.orphan(node.clone()));
        if inline_table {
            self.tables.mark_inline(id);
        }
        self.open.push(Open { id, inline_table, assigning: false });
    }

    fn end(&mut self, end: usize) {
        if let Some(open) = self.open.pop() {
            self.tables.close(open.id, end);
        }
        self.path.clear();
    }

    /// Was a part of this span masked?
    fn touched(&mut self, span: Span) -> bool {
        while self.tags.get(self.tag).is_some_and(|tag| tag.span.end <= span.start) {
            self.tag += 1;
        }
        self.tags.get(self.tag).is_some_and(|tag| tag.span.overlaps(span))
    }

    /// What the unmasked text holds at a place that was masked. A tag outside quotes was given some by the mask.
    fn original(&self, at: toml_parser::Span, encoding: Option<Encoding>, key: bool) -> Cow<'static, str> {
        let written = self.tables.text(span(at));
        let encoding = encoding.filter(|_| written.starts_with(['"', '\'']));
        let mut text = Cow::Borrowed("");
        let raw = toml_parser::Raw::new_unchecked(written, encoding, at);
        match encoding {
            None => text = Cow::Borrowed(written),
            // It was read once, masked; what its tags hold is no error.
            Some(_) if key => raw.decode_key(&mut text, &mut ()),
            Some(_) => drop(raw.decode_scalar(&mut text, &mut ())),
        }
        Cow::Owned(text.into_owned())
    }
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.leave();
        self.path.clear();
        self.header = Some(Header { start: at.start(), of_array: false });
    }

    fn std_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.end_header(at.end());
    }

    fn array_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.leave();
        self.path.clear();
        self.header = Some(Header { start: at.start(), of_array: true });
    }

    fn array_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.end_header(at.end());
    }

    fn newline(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.end_header(at.start());
        if self.open.is_empty() {
            self.path.clear();
            self.assigning = false;
        }
    }

    fn simple_key(&mut self, at: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        // A key cannot be inside an array: its bracket was not closed.
        if self.open.last().is_some_and(|open| !open.inline_table) {
            self.leave();
        }
        let mut text = Cow::Borrowed("");
        if let Some(raw) = self.source.get(at) {
            let raw = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, at);
            raw.decode_key(&mut text, errors);
        }
        let place = span(at);
        if self.touched(place) {
            text = self.original(at, encoding, true);
        }
        let text = text.into();
        self.path.push(Key { text, span: place });
    }

    fn key_val_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        match self.open.last_mut() {
            Some(open) => open.assigning = open.inline_table,
            None => self.assigning = true,
        }
    }

    fn value_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.path.clear();
        if let Some(open) = self.open.last_mut() {
            open.assigning = false;
        }
    }

    fn inline_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.begin(span(at), Kind::Map(Vec::new()), true);
        true
    }

    fn inline_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.end(at.end());
    }

    fn array_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.begin(span(at), Kind::Seq(Vec::<Child>::new()), false);
        true
    }

    fn array_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.end(at.end());
    }

    fn scalar(&mut self, at: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let place = span(at);
        let Some(raw) = self.source.get(at) else { return };
        let raw = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, at);
        let mut text = Cow::Borrowed("");
        let style = match raw.decode_scalar(&mut text, errors) {
            ScalarKind::String => match encoding {
                Some(Encoding::LiteralString) => Style::SingleQuoted,
                Some(Encoding::MlLiteralString | Encoding::MlBasicString) => Style::Block,
                _ => Style::DoubleQuoted,
            },
            ScalarKind::Boolean(_) => Style::Bool,
            ScalarKind::Float | ScalarKind::Integer(_) => Style::Number,
            ScalarKind::DateTime => {
                if text.parse::<toml::value::Datetime>().is_err() {
                    errors.report_error(ParseError::new("this is no date or time").with_unexpected(at));
                }
                Style::Date
            }
        };
        // What the parser puts where a value is missing; it has told so.
        let style = if place.is_empty() { Style::Plain } else { style };
        let holed = self.touched(place);
        let text = match style {
            _ if holed => self.original(at, encoding, false),
            // Underscores and prefixes stay: the tree keeps what is written.
            Style::Number | Style::Bool | Style::Date => Cow::Borrowed(raw.as_str()),
            _ => text,
        };
        let hole = if holed { Some(Hole { default: template::default_of(&text) }) } else { template::variable(&text) };
        let text: Box<str> = text.into();
        self.put(|| Node { hole, ..Node::new(place, Kind::Scalar { text, style }) });
    }

    fn comment(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.tables.comment(Comment { span: span(at) });
    }
}
