//! The few lines of a file that a diagnostic shows, copied into a small text of its own.
//!
//! A renderer that is given whole files scans them for every label, prints a minified JSON of 3 MB for one key,
//! and has to know about tabs, windows and masks. Ours is given at most a few short lines: tabs are spaces, a
//! line that is too long is a window around its labels, every label lies within one line, and each label knows
//! its true place in the file on disk.

use super::words::{columns, width};
use crate::text::{DisplaySource, Span};

/// A label before it is laid out.
#[derive(Clone, Debug)]
pub struct Mark<'a> {
    /// What to underline, in bytes of the display text.
    pub span: Span,
    /// What to underline where `span` would run into another label.
    pub narrow: Span,
    /// Line and column in the file on disk, 1-based.
    pub place: (usize, usize),
    /// The words.
    pub text: &'a str,
    /// The place of the diagnostic itself.
    pub primary: bool,
}

/// A line of an excerpt.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number in the file, 1-based.
    pub number: u32,
    /// Where its text begins in the excerpt.
    pub start: usize,
    /// Where it ends, without the line break.
    pub end: usize,
    /// It follows on the row before.
    pub joined: bool,
}

/// A label in its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Which row.
    pub row: usize,
    /// First byte of the excerpt's text.
    pub start: usize,
    /// One past the last; always more than `start`.
    pub end: usize,
    /// The columns before it in its row.
    pub before: usize,
    /// The columns it covers.
    pub covers: usize,
    /// Line and column in the file on disk, 1-based.
    pub place: (usize, usize),
    /// The words.
    pub text: String,
    /// The place of the diagnostic itself.
    pub primary: bool,
}

/// Lines and labels of one file.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The file.
    pub name: String,
    /// The rows, each with a line break.
    pub text: String,
    /// Where the rows are.
    pub rows: Vec<Row>,
    /// The labels, by place.
    pub placed: Vec<Placed>,
}

/// What the rows may take.
#[derive(Copy, Clone, Debug)]
pub struct Room {
    /// Columns of a row of source.
    pub source: usize,
    /// Neighbouring lines are shown too.
    pub context: bool,
}

/// A label clipped to its line: byte offsets within the line.
struct Clipped<'a> {
    line: u32,
    start: usize,
    end: usize,
    mark: Mark<'a>,
    words: String,
}

/// A part of a line that becomes a row.
struct Piece {
    line: u32,
    start: usize,
    end: usize,
    marks: Vec<usize>,
}

impl Excerpt {
    /// Lays out the labels of one file.
    pub fn new(name: &str, source: &DisplaySource, marks: &[Mark<'_>], room: Room) -> Self {
        let clipped = clip(source, marks);
        let mut pieces = Vec::new();
        let mut first = 0;
        while let Some(line) = clipped.get(first).map(|c| c.line) {
            let last = first + clipped.iter().skip(first).take_while(|c| c.line == line).count();
            cut(&mut pieces, line_text(source, line), &clipped, first..last, room.source);
            first = last;
        }
        if room.context {
            add_neighbours(&mut pieces, source, room.source);
        }
        let mut excerpt = Self { name: name.to_owned(), text: String::new(), rows: Vec::new(), placed: Vec::new() };
        for piece in &pieces {
            excerpt.push(piece, source, &clipped);
        }
        excerpt
    }

    /// Copies a piece, with its labels.
    fn push(&mut self, piece: &Piece, source: &DisplaySource, clipped: &[Clipped<'_>]) {
        let line = line_text(source, piece.line);
        let joined = self.rows.last().is_some_and(|r| r.number + 1 == piece.line);
        let start = self.text.len();
        if piece.start > 0 {
            self.text.push('…');
        }
        let mut column = usize::from(piece.start > 0);
        let mut placed: Vec<usize> = Vec::new();
        let body = line.get(piece.start..piece.end).unwrap_or_default();
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        for (offset, c) in body.char_indices().map(|(i, c)| (i + piece.start, c)).chain([(piece.end, '\0')]) {
            for &index in &piece.marks {
                let Some(label) = clipped.get(index) else { continue };
                if label.start == offset && label.start < label.end {
                    open.push((index, self.text.len(), column));
                }
                if label.end.min(piece.end) == offset
                    && let Some(at) = open.iter().position(|o| o.0 == index)
                {
                    let (_, from, before) = open.remove(at);
                    placed.push(index);
                    self.place(label, from, before, column);
                }
            }
            if offset == piece.end {
                break;
            }
            let next = if c == '\t' { column + 4 - column % 4 } else { column + width(c) };
            if c == '\t' {
                self.text.extend(std::iter::repeat_n(' ', next - column));
            } else {
                self.text.push(if c.is_control() { '\u{fffd}' } else { c });
            }
            column = next;
        }
        if piece.end < line.len() {
            self.text.push('…');
        }
        // A label past the end of its line (an empty line, an empty file) gets a blank to stand under.
        for &index in piece.marks.iter().filter(|index| !placed.contains(index)) {
            let Some(label) = clipped.get(index) else { continue };
            let from = self.text.len();
            self.text.push(' ');
            self.place(label, from, column, column + 1);
        }
        self.rows.push(Row { number: piece.line, start, end: self.text.len(), joined });
        self.text.push('\n');
    }

    /// Adds a label that ends at the end of the text so far.
    fn place(&mut self, label: &Clipped<'_>, start: usize, before: usize, column: usize) {
        self.placed.push(Placed {
            row: self.rows.len(),
            start,
            end: self.text.len(),
            before,
            covers: column.saturating_sub(before).max(1),
            place: label.mark.place,
            text: label.words.clone(),
            primary: label.mark.primary,
        });
    }
}

/// The text of a line, counted from 1, without its line break.
fn line_text(source: &DisplaySource, line: u32) -> &str {
    source.text().get(source.line_span(line).range()).unwrap_or_default()
}

/// Brings every label into one line, sorted by place; labels of one place become one.
fn clip<'a>(source: &DisplaySource, marks: &[Mark<'a>]) -> Vec<Clipped<'a>> {
    let mut all: Vec<Clipped<'a>> = marks.iter().map(|mark| clip_one(source, mark, mark.span)).collect();
    all.sort_by_key(|c| (c.line, c.start, c.end));
    let overlap =
        |list: &[Clipped<'_>]| list.iter().zip(list.iter().skip(1)).any(|(a, b)| a.line == b.line && a.end > b.start);
    if overlap(&all) {
        for label in &mut all {
            *label = clip_one(source, &label.mark, label.mark.narrow);
        }
        all.sort_by_key(|c| (c.line, c.start, c.end));
    }
    let mut out: Vec<Clipped<'a>> = Vec::with_capacity(all.len());
    for label in all {
        match out.last_mut() {
            Some(last) if last.line == label.line && last.end > label.start => {
                if !last.words.contains(label.words.as_str()) {
                    last.words.push('\n');
                    last.words.push_str(&label.words);
                }
                if label.mark.primary {
                    last.mark = label.mark;
                }
                last.end = last.end.max(label.end);
            }
            _ => out.push(label),
        }
    }
    out
}

/// A label within its first line; one that covers nothing is widened to a character.
fn clip_one<'a>(source: &DisplaySource, mark: &Mark<'a>, span: Span) -> Clipped<'a> {
    let mut line = source.line_of(span.start);
    // At the end of a file that ends with a line break there is nothing to underline: the line before has it.
    if line > 1 && span.start as usize >= source.text().len() && line_text(source, line).is_empty() {
        line -= 1;
    }
    let (begin, text) = (source.line_span(line).start as usize, line_text(source, line));
    let mut start = (span.start as usize).saturating_sub(begin).min(text.len());
    let mut end = (span.end as usize).saturating_sub(begin).min(text.len()).max(start);
    if start == end {
        match text.get(start..).and_then(|t| t.chars().next()) {
            Some(c) => end += c.len_utf8(),
            None => start -= text.chars().next_back().map_or(0, char::len_utf8),
        }
    }
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Clipped { line, start, end, mark: mark.clone(), words: mark.text.to_owned() }
}

/// Cuts a line into windows around its labels; a short line is one window.
fn cut(pieces: &mut Vec<Piece>, text: &str, clipped: &[Clipped<'_>], labels: std::ops::Range<usize>, limit: usize) {
    let Some((line, rightmost)) = clipped.get(labels.clone()).and_then(|l| l.last()).map(|l| (l.line, l.start)) else {
        return;
    };
    // A label far to the right has no room for its words, so even a line that fits is cut in front of it.
    let crowded = limit < 120 && columns(text.get(..rightmost).unwrap_or_default()) > limit / 2;
    if (text.len() <= limit * 4 && fits(text, limit)) && !crowded {
        pieces.push(Piece { line, start: 0, end: text.len(), marks: labels.collect() });
        return;
    }
    let lead = limit / 4;
    let mut open: Option<Piece> = None;
    for index in labels {
        let Some(label) = clipped.get(index) else { continue };
        if let Some(piece) = open.as_mut().filter(|p| label.end <= p.end) {
            piece.marks.push(index);
            continue;
        }
        pieces.extend(open.take());
        let start = back(text, label.start, lead);
        let end = forward(text, start, limit.saturating_sub(2));
        open = Some(Piece { line, start, end, marks: vec![index] });
    }
    pieces.extend(open);
}

/// Does the text, tabs counted in full, fit?
fn fits(text: &str, limit: usize) -> bool {
    columns(text) + 3 * text.matches('\t').count() <= limit
}

/// The offset `by` columns before `at`; the start of the line if it is nearly reached.
fn back(text: &str, at: usize, by: usize) -> usize {
    let (mut used, mut start) = (0, at);
    for (offset, c) in text.get(..at).unwrap_or_default().char_indices().rev() {
        if used >= by {
            break;
        }
        used += width(c);
        start = offset;
    }
    if start <= 2 { 0 } else { start }
}

/// The offset `by` columns after `at`.
fn forward(text: &str, at: usize, by: usize) -> usize {
    let (mut used, mut end) = (0, at);
    for (offset, c) in text.get(at..).unwrap_or_default().char_indices() {
        used += if c == '\t' { 4 } else { width(c) };
        if used > by {
            break;
        }
        end = at + offset + c.len_utf8();
    }
    end
}

/// Adds the lines before and after, unless they are blank and at the edge.
fn add_neighbours(pieces: &mut Vec<Piece>, source: &DisplaySource, limit: usize) {
    let marked: Vec<u32> = pieces.iter().map(|p| p.line).collect();
    let whole = |line: u32| pieces.iter().any(|p| p.line == line && p.start == 0);
    let mut wanted: Vec<u32> = Vec::new();
    for &line in marked.iter().filter(|l| whole(**l)) {
        wanted.extend(line.checked_sub(1));
        wanted.push(line + 1);
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|line| !marked.contains(line) && (1..=source.line_count()).contains(line));
    let shown: Vec<u32> = wanted
        .iter()
        .copied()
        .filter(|&line| {
            let near = |l: u32| marked.contains(&l) || wanted.contains(&l);
            !line_text(source, line).trim().is_empty() || (line > 0 && near(line - 1) && near(line + 1))
        })
        .collect();
    for line in shown {
        let text = line_text(source, line);
        let end = if fits(text, limit) { text.len() } else { forward(text, 0, limit.saturating_sub(1)) };
        pieces.push(Piece { line, start: 0, end, marks: Vec::new() });
    }
    pieces.sort_by_key(|p| (p.line, p.start));
}
