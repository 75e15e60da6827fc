//! A text with its path, and where its lines are.

use super::decode::{self, DecodeError, Encoding};
use super::span::Span;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// One file's decoded text. Spans are byte ranges of [`Source::text`], never of the file on disk.
#[derive(Debug)]
pub struct Source {
    id: u64,
    path: Box<str>,
    text: Box<str>,
    encoding: Encoding,
    /// Built at the first question: most files are never asked for a line.
    lines: OnceLock<Lines>,
}

/// A place as people and editors name it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
    /// Byte of the file on disk, from 0: a byte order mark and UTF-16 count as they are stored.
    pub offset: u32,
}

impl Source {
    /// A source of text that is already decoded.
    pub fn new(path: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Self {
        Self::build(path.into(), text.into(), Encoding::Utf8)
    }

    /// A source of a file's bytes. UTF-8 given as a `Vec` is taken over without a copy.
    pub fn decode(path: impl Into<Box<str>>, bytes: impl Into<Vec<u8>>) -> Result<Self, DecodeError> {
        let (text, encoding) = decode::decode(bytes.into())?;
        Ok(Self::build(path.into(), text.into_boxed_str(), encoding))
    }

    fn build(path: Box<str>, text: Box<str>, encoding: Encoding) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { id, path, text, encoding, lines: OnceLock::new() }
    }

    /// Tells this source from every other of the process, also from one of the same path: two revisions of a
    /// file are compared in one run. Not stable between runs, so never shown.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The path as it is shown and matched.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the file spells it.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text at a span; what lies outside the text or inside a character is left out.
    pub fn slice(&self, span: Span) -> &str {
        slice(&self.text, span)
    }

    /// The place of a byte of the text; a place beyond the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let lines = self.lines();
        let (line, start, on_disk) = lines.find(offset);
        let before = self.text.get(start..offset).unwrap_or_default();
        let in_line = if self.encoding.is_utf16() { utf16_len(before) } else { before.len() };
        let column = if lines.ascii { before.len() } else { before.chars().count() };
        Position { line: narrow(line), column: narrow(column + 1), offset: narrow(on_disk + in_line) }
    }

    /// The line that holds a byte, from 1. A line break belongs to the line that it ends.
    pub fn line_of(&self, offset: u32) -> u32 {
        narrow(self.lines().find(offset as usize).0)
    }

    /// A line without its line break; beyond the last line, an empty span at the end.
    pub fn line_span(&self, line: u32) -> Span {
        self.lines().span(line, &self.text)
    }

    /// How many lines an editor shows: one more than there are line breaks.
    pub fn line_count(&self) -> u32 {
        narrow(self.lines().starts.len())
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(&self.text, self.encoding))
    }
}

/// The part of a text that a span covers, without a panic.
pub(super) fn slice(text: &str, span: Span) -> &str {
    let range = span.range();
    let start = text.ceil_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end);
    text.get(start..end).unwrap_or_default()
}

/// Where lines start. Breaks are `\n`, `\r\n` and a lone `\r`.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<u32>,
    /// Where each line starts on disk; empty if that is `starts` shifted by the mark.
    on_disk: Vec<u32>,
    mark: usize,
    ascii: bool,
}

impl Lines {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            if byte == b'\n' || byte == b'\r' && bytes.peek().is_none_or(|&(_, next)| next != b'\n') {
                starts.push(narrow(at + 1));
            }
        }
        let mark = encoding.mark_len();
        let mut on_disk = Vec::new();
        if encoding.is_utf16() {
            let (mut from, mut disk) = (0, mark);
            for &start in &starts {
                disk += utf16_len(text.get(from..start as usize).unwrap_or_default());
                from = start as usize;
                on_disk.push(narrow(disk));
            }
        }
        Self { starts, on_disk, mark, ascii: text.is_ascii() }
    }

    /// Line number from 1, its start in the text, its start on disk.
    pub(super) fn find(&self, offset: usize) -> (usize, usize, usize) {
        let line = self.starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.starts.get(line - 1).map_or(0, |&start| start as usize);
        let disk = self.on_disk.get(line - 1).map_or(start + self.mark, |&disk| disk as usize);
        (line, start, disk)
    }

    pub(super) fn span(&self, line: u32, text: &str) -> Span {
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(index) else {
            return Span::new(text.len(), text.len());
        };
        let end = self.starts.get(index + 1).map_or(text.len(), |&next| next as usize);
        let line = text.get(start as usize..end).unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Span::new(start as usize, start as usize + line.len())
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(|c| c.len_utf16() * 2).sum()
}

pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn place(source: &Source, offset: u32) -> (u32, u32, u32) {
        let position = source.position(offset);
        (position.line, position.column, position.offset)
    }

    #[test]
    fn lines_break_at_each_kind_of_break() {
        let source = Source::new("f", "a\nb\r\nc\rd");
        assert_eq!(source.line_count(), 4);
        let lines: Vec<_> = (1..=5).map(|line| source.slice(source.line_span(line))).collect();
        assert_eq!(lines, ["a", "b", "c", "d", ""]);
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8, 99].map(|at| source.line_of(at)), [1, 1, 2, 2, 2, 3, 3, 4, 4, 4]);
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let source = Source::new("f", "");
        assert_eq!((source.line_count(), source.line_span(1), place(&source, 7)), (1, Span::new(0, 0), (1, 1, 0)));
        assert_eq!(Source::new("f", "a\n").line_count(), 2);
    }

    #[test]
    fn columns_count_characters_and_offsets_bytes_on_disk() {
        let source = Source::new("f", "x\né😀: y");
        assert_eq!(place(&source, 8), (2, 3, 8));
        assert_eq!(place(&source, 5), (2, 2, 4), "inside a character is its start");
        let source = Source::decode("f", b"\xEF\xBB\xBFab\ncd".as_slice()).unwrap();
        assert_eq!(place(&source, 4), (2, 2, 7));
    }

    #[test]
    fn utf16_places_are_those_on_disk() {
        let text = "a😀\r\nbc";
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let source = Source::decode("f", bytes).unwrap();
        assert_eq!(source.text(), text);
        assert_eq!(place(&source, 0), (1, 1, 2));
        assert_eq!(place(&source, 5), (1, 3, 8));
        assert_eq!(place(&source, 8), (2, 2, 14));
    }

    #[test]
    fn a_slice_never_splits_a_character() {
        let source = Source::new("f", "aéb");
        assert_eq!(source.slice(Span::new(2, 99)), "b");
        assert_eq!(source.slice(Span::new(0, 2)), "a");
        assert_eq!(source.slice(Span::new(2, 2)), "");
        assert_eq!(source.slice(Span::new(50, 60)), "");
    }
}
