//! Template tags (Jinja, Go and Helm, ERB, Handlebars), masked at equal byte length before a parse.
//!
//! One YAML file in twelve is a template that no YAML parser takes. What steers or comments becomes blanks, what
//! gives a value becomes letters; every byte keeps its place, so spans of the masked text are spans of the file.
//! A node that overlaps a masked tag is a [`Hole`]: its value is not known before the file is rendered.

mod branches;
mod tags;
mod values;

pub(super) use values::{default_of, variable};

use super::tree::{Document, Format, Style, SyntaxError};
use crate::text::{Source, Span};
use std::borrow::Cow;
use tags::Role;

/// A text whose template tags are masked.
pub(super) struct Masked {
    /// The masked text, as long as the original.
    pub text: String,
    /// The tags in the order of the text.
    pub tags: Vec<Tag>,
}

/// A masked tag.
#[derive(Debug)]
pub(super) struct Tag {
    /// With its brackets.
    pub span: Span,
    /// What stands in its place.
    pub shape: Shape,
    role: Role,
}

/// What stands in a tag's place.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Letters: it gives a value, or a part of one.
    Value,
    /// Blanks: it stands alone on its line and may bring anything.
    Splice,
    /// Blanks: it steers or comments.
    Control,
}

/// Masks the tags of a text; `None` if it has none, as nearly all texts.
pub(super) fn mask(text: &str, format: Format) -> Option<Masked> {
    // A brace is searched for alone: most texts hold none.
    let holds = |first: char, openings: &[&str]| text.contains(first) && openings.iter().any(|o| text.contains(o));
    if !holds('{', &["{{", "{%", "{#"]) && !holds('<', &["<%"]) {
        return None;
    }
    let tags = tags::find(text, format);
    if tags.is_empty() {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut quotes = Quotes::default();
    for tag in &tags {
        let between = text.get(masked.len()..tag.span.start as usize)?;
        masked.push_str(between);
        quotes.follow(between, format);
        let written = text.get(tag.span.range())?;
        match tag.shape {
            // JSON, TOML and Lua know no bare text: outside quotes the letters get some.
            Shape::Value => letters(written, format != Format::Yaml && quotes.open.is_none(), &mut masked),
            Shape::Splice | Shape::Control => blanks(written, &mut masked),
        }
    }
    masked.push_str(text.get(masked.len()..)?);
    Some(Masked { text: masked, tags })
}

/// Blanks of the same length; line breaks stay.
fn blanks(written: &str, masked: &mut String) {
    masked.extend(written.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }));
}

/// Letters of the same length. What goes on after a line break is blanked: letters there would be another line.
fn letters(written: &str, quoted: bool, masked: &mut String) {
    let first = written.split(['\n', '\r']).next().unwrap_or_default();
    let edge = if quoted { '"' } else { 'x' };
    masked.push(edge);
    masked.extend(std::iter::repeat_n('x', first.len().saturating_sub(2)));
    masked.push(edge);
    blanks(written.get(first.len()..).unwrap_or_default(), masked);
}

/// Follows whether a place is inside quotes. They do not go over lines, but for TOML's long strings, where one
/// pair more or less does no harm.
#[derive(Default)]
struct Quotes {
    open: Option<u8>,
    escaped: bool,
}

impl Quotes {
    fn follow(&mut self, text: &str, format: Format) {
        if format == Format::Yaml {
            return;
        }
        for byte in text.bytes() {
            match self.open {
                _ if matches!(byte, b'\n' | b'\r') => *self = Self::default(),
                _ if self.escaped => self.escaped = false,
                Some(quote) if byte == b'\\' && (quote == b'"' || format == Format::Lua) => self.escaped = true,
                Some(quote) if byte == quote => self.open = None,
                None if byte == b'"' || byte == b'\'' && format != Format::Json => self.open = Some(byte),
                _ => {}
            }
        }
    }
}

/// Reads JSON or TOML that may be a template. Tags inside quotes are text to these formats, so a file that is
/// sound as it stands is read so; only one that is not is read again with its tags masked. `reader` is given the
/// text to read and the tags that make holes.
pub(super) fn read(source: &Source, format: Format, reader: impl Fn(&str, &[Tag]) -> Document) -> Document {
    let Some(masked) = mask(source.text(), format) else { return reader(source.text(), &[]) };
    let mut document = reader(source.text(), &masked.tags);
    if document.errors.is_empty() {
        masked.record(&mut document);
        return document;
    }
    let mut again = reader(&masked.text, &masked.tags);
    masked.record(&mut again);
    if !again.templated {
        return document; // its tags are all in comments
    }
    let mut errors = std::mem::take(&mut again.errors);
    masked.fit(&again, &mut errors);
    Document { errors, ..again }
}

impl Masked {
    /// Does a span hold a whole tag?
    pub(super) fn within(&self, span: Span) -> bool {
        let next = self.tags.partition_point(|tag| tag.span.start < span.start);
        self.tags.get(next).is_some_and(|tag| span.contains(tag.span))
    }

    /// Notes in the document what its template does, when nodes and comments are known. Tags in comments make no
    /// template, and those inside a value neither bring nor govern keys.
    pub(super) fn record(&self, document: &mut Document) {
        let comments: Vec<Span> = document.comments.iter().map(|comment| comment.span).collect();
        let mut live = self.tags.iter().filter(|tag| !inside(tag.span, &comments)).peekable();
        document.templated = live.peek().is_some();
        if !document.templated {
            return;
        }
        let mut values: Vec<Span> =
            document.nodes.iter().filter(|node| node.hole.is_some()).map(|node| node.span).collect();
        values.sort_unstable();
        let between: Vec<&Tag> = live.filter(|tag| !inside(tag.span, &values)).collect();
        let splices = between.iter().filter(|tag| tag.shape == Shape::Splice);
        document.splices = splices.map(|tag| tag.span).collect();
        document.branches = branches::find(&between, document.source.text().len());
        document.drop_exclusive();
    }

    /// Fits errors of the masked text to the original: a tag's bytes may be parts of characters, and its blanks
    /// may be what is complained of.
    pub(super) fn fit(&self, document: &Document, errors: &mut [SyntaxError]) {
        let text = document.source.text();
        for error in errors {
            let (start, end) = (error.span.start as usize, error.span.end as usize);
            error.span = Span::new(text.floor_char_boundary(start), text.ceil_char_boundary(end));
            if document.templated {
                error.help = Some("the file is a template: check the rendered file instead".to_owned());
            }
        }
    }
}

/// Is a span inside one of these, which are sorted and do not overlap?
fn inside(span: Span, others: &[Span]) -> bool {
    let next = others.partition_point(|other| other.start <= span.start);
    next.checked_sub(1).and_then(|before| others.get(before)).is_some_and(|other| other.contains(span))
}

/// The text of a YAML scalar that holds tags, as it would be without the mask: without its quotes, a block
/// without its header and indentation. Escapes and folded lines stay as they are written.
pub(super) fn original<'a>(text: &'a str, masked: &str, span: Span, style: Style) -> Cow<'a, str> {
    let written = text.get(span.range()).unwrap_or_default();
    match style {
        Style::Block => Cow::Owned(block(written, masked.get(span.range()).unwrap_or_default())),
        Style::SingleQuoted | Style::DoubleQuoted => match alone(written) {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(written.get(1..written.len().saturating_sub(1)).unwrap_or_default()),
        },
        _ => Cow::Borrowed(written),
    }
}

/// Quoted text, read for itself.
fn alone(written: &str) -> Option<String> {
    granit_parser::Parser::new_from_str(written).map_while(Result::ok).find_map(|(event, _)| match event {
        granit_parser::Event::Scalar(text, ..) => Some(text.into_owned()),
        _ => None,
    })
}

/// A block scalar's lines without their indentation, which is that of the first line that is not blank when
/// masked: the reader took it from there.
fn block(written: &str, masked: &str) -> String {
    let blanks = |line: &str| line.bytes().take_while(|&byte| byte == b' ').count();
    let first = masked.lines().skip(1).find(|line| !line.trim().is_empty()).map(blanks);
    // All of it may be tags that were blanked.
    let least = || written.lines().skip(1).filter(|line| !line.trim().is_empty()).map(blanks).min();
    let indent = first.or_else(least).unwrap_or(0);
    let mut out = String::with_capacity(written.len());
    for line in written.lines().skip(1) {
        out.push_str(line.get(blanks(line).min(indent)..).unwrap_or_default());
        out.push('\n');
    }
    out
}
