//! A whole text for people: secrets masked, nothing that steers a terminal, the lines of the original.

use super::Span;
use super::decode::Encoding;
use super::neutral;
use super::redact::MASK;
use super::source::{Lines, narrow};

/// A copy of a source's text that may be shown, and where the bytes of the original are in it. Line for line it
/// is the original; line breaks are all `\n`.
#[derive(Debug)]
pub struct DisplaySource {
    text: String,
    edits: Vec<Edit>,
    lines: Lines,
}

/// A piece of the original that is shown as something else.
#[derive(Copy, Clone, Debug)]
struct Edit {
    from: Span,
    to: Span,
}

impl DisplaySource {
    /// The text to show.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the original is shown. What ends inside a mask ends with it, so a label on a part of a
    /// secret covers the mask.
    pub fn map(&self, span: Span) -> Span {
        let start = self.place(span.start, |edit| edit.to.start);
        if span.is_empty() {
            return Span { start, end: start };
        }
        Span { start, end: self.place(span.end, |edit| edit.to.end).max(start) }
    }

    fn place(&self, offset: u32, inside: fn(&Edit) -> u32) -> u32 {
        let next = self.edits.partition_point(|edit| edit.from.start < offset);
        let end = narrow(self.text.len());
        match next.checked_sub(1).and_then(|before| self.edits.get(before)) {
            None => offset.min(end),
            Some(edit) if offset < edit.from.end => inside(edit),
            Some(edit) => (edit.to.end + (offset - edit.from.end)).min(end),
        }
    }

    /// The line that holds a byte of the shown text, from 1: the same as in the original.
    pub fn line_of(&self, offset: u32) -> u32 {
        narrow(self.lines.find(offset as usize).0)
    }

    /// A line of the shown text without its break; beyond the last line, an empty span at the end.
    pub fn line_span(&self, line: u32) -> Span {
        self.lines.span(line, &self.text)
    }

    /// How many lines there are: as many as the original has.
    pub fn line_count(&self) -> u32 {
        narrow(self.lines.count())
    }
}

/// Copies a text, with masks and stand-ins, and notes where lengths change.
pub(super) struct Painter {
    out: String,
    edits: Option<Vec<Edit>>,
}

impl Painter {
    pub(super) fn new(length: usize, edits: bool) -> Self {
        Self { out: String::with_capacity(length), edits: edits.then(Vec::new) }
    }

    /// Paints a text. Masks may overlap; those that touch become one.
    pub(super) fn paint(&mut self, text: &str, mut masks: Vec<(usize, usize)>) {
        masks.sort_unstable();
        let mut at = 0;
        let mut masks = masks.into_iter().peekable();
        while let Some((start, mut end)) = masks.next() {
            while let Some((_, further)) = masks.next_if(|&(next, _)| next <= end) {
                end = end.max(further);
            }
            let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end));
            self.plain(text, at, start);
            self.replace(start, end, MASK);
            at = end;
        }
        self.plain(text, at, text.len());
    }

    fn plain(&mut self, whole: &str, start: usize, end: usize) {
        let text = whole.get(start..end).unwrap_or_default();
        if neutral::is_harmless(text) {
            self.out.push_str(text);
            return;
        }
        for (at, c) in text.char_indices() {
            let at = start + at;
            if c == '\r' {
                // A lone `\r` ends a line, and would let what follows overwrite it.
                let pair = whole.as_bytes().get(at + 1) == Some(&b'\n');
                self.replace(at, at + 1, if pair { "" } else { "\n" });
            } else if let Some(stand_in) = neutral::stand_in(c) {
                self.replace(at, at + c.len_utf8(), stand_in);
            } else {
                self.out.push(c);
            }
        }
    }

    fn replace(&mut self, start: usize, end: usize, with: &str) {
        let to = self.out.len();
        self.out.push_str(with);
        if let Some(edits) = &mut self.edits
            && (end - start != with.len() || with == MASK)
        {
            edits.push(Edit { from: Span::new(start, end), to: Span::new(to, self.out.len()) });
        }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn into_source(self) -> DisplaySource {
        let lines = Lines::new(&self.out, Encoding::Utf8);
        DisplaySource { text: self.out, edits: self.edits.unwrap_or_default(), lines }
    }
}
