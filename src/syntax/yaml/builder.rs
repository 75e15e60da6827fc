//! From events to nodes.

use super::super::duplicates::Finder;
use super::super::template::{self, Masked, Shape, Tag};
use super::super::tree::{Child, Comment, Document, Entry, Hole, Kind, Node, NodeId, Style};
use super::super::{Limits, SyntaxError};
use super::merge;
use crate::text::Span;
use granit_parser::{Event, ScalarStyle, StructureStyle};
use std::borrow::Cow;

/// Builds the tree of one file. Collections that are still open are frames; their nodes have an id already, so
/// that an alias inside an anchored collection can point back to it.
pub(super) struct Builder<'a> {
    text: &'a str,
    /// The text that is parsed: as long, with the template's tags masked.
    masked: &'a str,
    tags: &'a [Tag],
    /// The first tag that may still touch what comes.
    tag: usize,
    limits: Limits,
    document: &'a mut Document,
    frames: Vec<Frame>,
    /// Node of each anchor, by the parser's number.
    anchors: Vec<NodeId>,
    /// End of the last token seen: where to look for what the events leave out.
    seen: usize,
    /// An empty value: a template tag right after it may be what fills it.
    empty: Option<NodeId>,
    merged: usize,
    root: Option<NodeId>,
    finder: Finder,
    /// How far the text has been searched for comments; none while the parser looks for the next document.
    searched: Option<usize>,
}

struct Frame {
    id: NodeId,
    start: usize,
    /// End of the last child.
    end: usize,
    flow: bool,
    tag: Option<Box<str>>,
    filling: Filling,
}

enum Filling {
    Map { entries: Vec<Entry>, key: Option<Key>, merges: Vec<usize> },
    Seq(Vec<Child>),
}

struct Key {
    text: Box<str>,
    span: Span,
    merge: bool,
}

/// A finished value on its way to its parent.
struct Value {
    id: NodeId,
    /// Where it is written: the alias, if it is one.
    span: Span,
    alias: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, masked: Option<&'a Masked>, limits: &Limits, document: &'a mut Document) -> Self {
        document.nodes.reserve(text.len() / 20);
        Self {
            text,
            masked: masked.map_or(text, |masked| &masked.text),
            tags: masked.map_or(&[], |masked| &masked.tags),
            tag: 0,
            limits: *limits,
            document,
            frames: Vec::with_capacity(8),
            anchors: Vec::new(),
            seen: 0,
            empty: None,
            merged: 0,
            root: None,
            finder: Finder::default(),
            searched: Some(0),
        }
    }

    /// Takes an event; an error ends the document.
    pub(super) fn event(&mut self, event: Event, at: &granit_parser::Span) -> Result<(), SyntaxError> {
        let start = at.start.byte_offset().unwrap_or(0);
        let end = at.end.byte_offset().unwrap_or(start).max(start);
        if self.tags.len() > self.tag {
            self.fill_empty(start);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if end > start {
                    self.comments(start);
                    self.searched = Some(end);
                }
                let is_text = tag.as_ref().is_some_and(|tag| says_text(tag));
                let tag = tag.and_then(|tag| written_tag(&tag, at, self.text));
                self.scalar(text, style, Span::new(start, end), anchor, tag, is_text);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let tag = tag.and_then(|tag| written_tag(&tag, at, self.text));
                self.open(start, style, anchor, tag, Filling::Seq(Vec::new()))?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let tag = tag.and_then(|tag| written_tag(&tag, at, self.text));
                let filling = Filling::Map { entries: Vec::new(), key: None, merges: Vec::new() };
                self.open(start, style, anchor, tag, filling)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
            Event::Alias(anchor) => {
                let id = self.anchors.get(anchor).copied().unwrap_or(NodeId(u32::MAX));
                self.alias(id, Span::new(start, end));
            }
            Event::UnresolvedAlias(_) => self.unknown_alias(Span::new(start, end)),
            Event::DocumentStart(explicit, _) => {
                self.searched = self.searched.or(Some(start));
                if explicit {
                    self.seen = end;
                }
            }
            Event::DocumentEnd => self.end_document(),
            _ => {}
        }
        Ok(())
    }

    /// Notes the comments between the last scalar and this place. Between scalars stand only indicators, anchors, tags
    /// and aliases, and a `#` inside those follows no blank. The parser could tell comments too, but a quarter of its time
    /// would go into that.
    fn comments(&mut self, until: usize) {
        let Some(from) = self.searched else { return };
        let Some(gap) = self.masked.get(from..until) else { return };
        let mut at = 0;
        while let Some(found) = gap.get(at..).and_then(|rest| rest.find('#')) {
            let mark = at + found;
            let before = self.masked.get(..from + mark).unwrap_or_default();
            let end = gap.get(mark..).and_then(|rest| rest.find(['\n', '\r'])).map_or(gap.len(), |end| mark + end);
            if before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', '\u{feff}']) {
                self.document.comments.push(Comment { span: Span::new(from + mark, from + end) });
                at = end;
            } else {
                at = mark + 1;
            }
        }
    }

    /// Closes what an error left open. What was read before it stays; what it touches goes.
    pub(super) fn abandon(&mut self, at: usize) {
        self.comments(at.min(self.masked.len()));
        self.searched = None;
        if let Some(frame) = self.frames.last_mut() {
            let nodes = &self.document.nodes;
            let touched = |id: NodeId| {
                nodes.get(id.0 as usize).is_some_and(|node| node.span.end as usize == at && !node.span.is_empty())
            };
            // `a: 1` and a deeper `b: 2` below: the parser takes `1 b` for a's value before it stumbles.
            match &mut frame.filling {
                Filling::Map { entries, .. } => drop(entries.pop_if(|entry| touched(entry.value))),
                Filling::Seq(items) => drop(items.pop_if(|item| touched(item.value))),
            }
        }
        while let Some(frame) = self.frames.last_mut() {
            if let Filling::Map { key, .. } = &mut frame.filling {
                *key = None;
            }
            let end = frame.end;
            // Merging again and again cannot fail differently: its error has been reported.
            let _ = self.close(end);
        }
        self.end_document();
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self) {
        self.fill_empty(self.text.len());
        self.abandon(usize::MAX);
    }

    fn end_document(&mut self) {
        let Some(id) = self.root.take() else { return };
        if self.document.root == NodeId(u32::MAX) {
            self.document.root = id;
        } else {
            self.document.others.push(id);
        }
    }

    fn scalar(
        &mut self,
        text: Cow<str>,
        style: ScalarStyle,
        span: Span,
        anchor: usize,
        tag: Option<Box<str>>,
        is_text: bool,
    ) {
        let (span, style) = match style {
            ScalarStyle::SingleQuoted => (span, Style::SingleQuoted),
            ScalarStyle::DoubleQuoted => (span, Style::DoubleQuoted),
            ScalarStyle::Literal | ScalarStyle::Folded => (self.block_span(span), Style::Block),
            _ => (span, Style::Plain),
        };
        let empty = style == Style::Plain && span.is_empty();
        let holed = self.touched(span);
        self.seen = self.seen.max(span.end as usize);
        let text: Box<str> = if empty {
            Box::default() // an absent value comes as the text `~`
        } else if holed {
            template::original(self.text, self.masked, span, style).into()
        } else {
            text.into()
        };

        if let Some(Frame { filling: Filling::Map { key: key @ None, .. }, .. }) = self.frames.last_mut() {
            let merge = style == Style::Plain && &*text == "<<";
            if anchor == 0 {
                *key = Some(Key { text, span, merge });
                return;
            }
            *key = Some(Key { text: text.clone(), span, merge });
            let id = self.document.push(Node::new(span, Kind::Scalar { text, style }));
            self.anchor(anchor, id);
            return;
        }
        let bare = empty && tag.is_none() && anchor == 0;
        if bare && self.frames.is_empty() {
            return; // `---` with nothing below it is no document of ours
        }
        let span = if bare { self.after_colon(span) } else { span };
        let hole = if holed { Some(Hole { default: template::default_of(&text) }) } else { template::variable(&text) };
        // `!!str yes` is text although it is written plain.
        let style = if is_text && style == Style::Plain { Style::DoubleQuoted } else { style };
        let id = self.document.push(Node { tag, hole, ..Node::new(span, Kind::Scalar { text, style }) });
        self.anchor(anchor, id);
        if empty {
            self.empty = Some(id);
        }
        self.put(Value { id, span, alias: false });
    }

    fn open(
        &mut self,
        start: usize,
        style: StructureStyle,
        anchor: usize,
        tag: Option<Box<str>>,
        filling: Filling,
    ) -> Result<(), SyntaxError> {
        if self.frames.len() >= self.limits.depth {
            self.abandon(start);
            return Err(self.limits.too_deep(Span::new(start, self.text.ceil_char_boundary(start + 1))));
        }
        let flow = style == StructureStyle::Flow;
        let id = self.document.push(Node::new(Span::new(start, start), Kind::Map(Vec::new())));
        self.anchor(anchor, id);
        // A list that is not indented below its key: the parser says where its first item is, not its dash.
        let in_map = matches!(self.frames.last(), Some(Frame { filling: Filling::Map { .. }, .. }));
        let start = match filling {
            Filling::Seq(_) if !flow && in_map => self.find(&['-'], start).unwrap_or(start),
            _ => start,
        };
        if flow {
            self.seen = self.seen.max(start + 1);
        }
        self.frames.push(Frame { id, start, end: start, flow, tag, filling });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), SyntaxError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        // A block collection's own end marker sits at the next token, so its end is that of its last child.
        let end = if frame.flow { end.max(frame.end) } else { frame.end };
        self.seen = self.seen.max(end);
        let span = Span::new(frame.start, end);
        let mut result = Ok(());
        let kind = match frame.filling {
            Filling::Seq(items) => Kind::Seq(items),
            Filling::Map { mut entries, key: _, merges } => {
                // Several merge keys are legal: each brings its own.
                self.finder.find(&entries, Some("<<"), &mut self.document.duplicates);
                if !merges.is_empty() {
                    let budget = self.limits.merged.saturating_sub(self.merged);
                    match merge::resolve(&mut entries, &merges, &self.document.nodes, budget) {
                        Ok(merged) => self.merged += merged,
                        Err(error) => result = Err(error),
                    }
                }
                Kind::Map(entries)
            }
        };
        if let Some(node) = self.document.nodes.get_mut(frame.id.0 as usize) {
            *node = Node { tag: frame.tag, flow: frame.flow, ..Node::new(span, kind) };
        }
        self.put(Value { id: frame.id, span, alias: false });
        // A merge that cannot be done is told, and the document is read on.
        if let Err(error) = result {
            self.document.errors.push(error);
        }
        Ok(())
    }

    fn alias(&mut self, id: NodeId, span: Span) {
        self.document.aliased = true;
        self.seen = self.seen.max(span.end as usize);
        self.put(Value { id, span, alias: true });
    }

    fn unknown_alias(&mut self, span: Span) {
        self.document.errors.push(SyntaxError {
            span,
            message: "an alias without an anchor of that name before it".to_owned(),
            help: Some("text that begins with `*` needs quotes".to_owned()),
        });
        let text = self.text.get(span.range()).unwrap_or_default();
        let kind = Kind::Scalar { text: text.into(), style: Style::Plain };
        let id = self.document.push(Node { hole: Some(Hole { default: None }), ..Node::new(span, kind) });
        self.seen = self.seen.max(span.end as usize);
        self.put(Value { id, span, alias: false });
    }

    /// Gives a finished value to the collection it is in.
    fn put(&mut self, value: Value) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(value.id);
            return;
        };
        frame.end = frame.end.max(value.span.end as usize);
        let alias = value.alias.then_some(value.span);
        match &mut frame.filling {
            Filling::Seq(items) => items.push(Child { value: value.id, alias }),
            Filling::Map { entries, key, merges } => match key.take() {
                Some(Key { text, span, merge }) => {
                    if merge {
                        merges.push(entries.len());
                    }
                    entries.push(Entry { key: text, key_span: span, value: value.id, alias, merged: false });
                }
                // A key that is an alias or a collection: named by what is written.
                None => {
                    let text = match self.document.nodes.get(value.id.0 as usize).map(|node| &node.kind) {
                        Some(Kind::Scalar { text, .. }) if value.alias => text.clone(),
                        _ => self.text.get(value.span.range()).unwrap_or_default().into(),
                    };
                    *key = Some(Key { text, span: value.span, merge: false });
                }
            },
        }
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        if anchor == 0 {
            return;
        }
        // The parser counts through all documents and finds the right one by itself.
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, NodeId(u32::MAX));
        }
        if let Some(place) = self.anchors.get_mut(anchor) {
            *place = id;
        }
    }

    /// The span of a block scalar with its header, without the line breaks after its last line.
    fn block_span(&self, span: Span) -> Span {
        let start = self.find(&['|', '>'], span.start as usize).unwrap_or(span.start as usize);
        let written = self.text.get(start..span.end as usize).unwrap_or_default();
        let header = written.lines().next().unwrap_or_default();
        let keep = header.bytes().take(3).any(|byte| byte == b'+');
        let blank = |c| matches!(c, '\n' | '\r' | ' ' | '\t');
        let content = if keep { written } else { written.trim_end_matches(blank) };
        Span::new(start, start + content.len())
    }

    /// The first of these marks between the last token and `before`, outside comments, tags and anchors.
    fn find(&self, marks: &[char], before: usize) -> Option<usize> {
        let between = self.text.get(self.seen.min(before)..before)?.as_bytes();
        let mut at = 0;
        while let Some(&byte) = between.get(at) {
            let to = |end: fn(&u8) -> bool| between.iter().skip(at).position(end).unwrap_or(between.len());
            match byte {
                _ if marks.contains(&char::from(byte)) => return Some(self.seen + at),
                b'#' => at += to(|&b| b == b'\n' || b == b'\r').max(1),
                b'!' | b'&' => at += to(|b| b.is_ascii_whitespace()).max(1),
                _ => at += 1,
            }
        }
        None
    }

    /// An absent value's place: right after the colon (the parser says: before it).
    fn after_colon(&self, span: Span) -> Span {
        let after = self.text.get(span.start as usize..).unwrap_or_default();
        let blanks = after.bytes().take_while(|&byte| byte == b' ' || byte == b'\t').count();
        let colon = after.as_bytes().get(blanks) == Some(&b':');
        let in_map = matches!(self.frames.last(), Some(Frame { filling: Filling::Map { .. }, .. }));
        let at = span.start as usize + if colon && in_map { blanks + 1 } else { 0 };
        Span::new(at, at)
    }

    /// Was a part of this span masked? Events come in the order of the text, so a cursor does.
    fn touched(&mut self, span: Span) -> bool {
        if self.tags.len() == self.tag {
            return false;
        }
        while self.tags.get(self.tag).is_some_and(|tag| tag.span.end <= span.start) {
            self.tag += 1;
        }
        self.tags.get(self.tag).is_some_and(|tag| tag.span.overlaps(span))
    }

    /// A tag alone on its line, right after an empty value, may be what fills it.
    fn fill_empty(&mut self, before: usize) {
        let Some(id) = self.empty.take() else { return };
        let Some(node) = self.document.nodes.get_mut(id.0 as usize) else { return };
        let tags = self.tags.get(self.tag..).unwrap_or_default().iter();
        let filled = tags
            .skip_while(|tag| tag.span.end <= node.span.start)
            .take_while(|tag| (tag.span.start as usize) < before)
            .any(|tag| tag.shape == Shape::Splice);
        if filled {
            node.hole = Some(Hole { default: None });
        }
    }
}

/// `!!str`, and the lone `!`, make text of what is plain.
fn says_text(tag: &granit_parser::Tag) -> bool {
    tag.is_yaml_core_schema_tag("str") || tag.handle().is_empty() && tag.suffix() == "!"
}

/// The tag as written, unless it is one of YAML's own.
fn written_tag(tag: &granit_parser::Tag, at: &granit_parser::Span, text: &str) -> Option<Box<str>> {
    if tag.is_yaml_core_schema() || says_text(tag) {
        return None;
    }
    let written = at.tag_span().and_then(|span| text.get(span.byte_range()?));
    Some(written.map_or_else(|| tag.original().into(), Into::into))
}
