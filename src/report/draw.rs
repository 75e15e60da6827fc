//! Frames around excerpts, drawn by miette. Nothing else in the program knows miette.
//!
//! miette is given [`Excerpt`]s and no more than that: no header (ours says it in one line), no help (which it
//! would wrap, so that it could not be pasted), no other file (which it would announce as "Advice").

use super::excerpt::Excerpt;
use super::look::{Drawing, Look};
use super::words::{columns, wrap};
use crate::lint::Severity;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};
use std::fmt::{self, Write};

/// Draws excerpts in one look.
pub struct Drawer {
    characters: ThemeCharacters,
    styles: ThemeStyles,
    plain: GraphicalReportHandler,
    colour: bool,
    columns: usize,
}

impl Drawer {
    /// A drawer for a look.
    pub fn new(look: &Look) -> Self {
        let characters = match look.drawing {
            Drawing::Unicode => ThemeCharacters::unicode(),
            Drawing::Ascii | Drawing::None => ThemeCharacters::ascii(),
        };
        let styles = if look.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let theme = GraphicalTheme { characters: characters.clone(), styles: styles.clone() };
        Self { characters, styles, plain: handler(theme), colour: look.colour, columns: look.columns() }
    }

    /// The columns that a row of source may take beside line numbers of so many digits.
    pub fn room(&self, digits: usize) -> usize {
        self.columns.saturating_sub(digits + 4).clamp(40, 160)
    }

    /// Draws one excerpt: a frame for each run of lines.
    pub fn draw(&self, out: &mut String, excerpt: &Excerpt, severity: Severity) {
        let picture = Picture { excerpt, labels: self.labels(excerpt) };
        let mut out = WithoutFirstLine { out, skipping: true };
        // Writing to a text cannot fail, and an excerpt answers for each of its labels.
        let _ = if self.colour {
            self.coloured(&picture, severity).render_report(&mut out, &picture)
        } else {
            self.plain.render_report(&mut out, &picture)
        };
    }

    /// A handler that draws the primary label in the colour of the severity and the others in that of notes.
    fn coloured(&self, picture: &Picture<'_>, severity: Severity) -> GraphicalReportHandler {
        let strong = match severity {
            Severity::Error => self.styles.error,
            Severity::Warning => self.styles.warning,
            Severity::Note => self.styles.advice,
        };
        let mut styles = self.styles.clone();
        let inks = picture.labels.iter().map(|l| if l.primary() { strong } else { self.styles.advice });
        styles.highlights = inks.collect();
        styles.link = self.styles.linum;
        handler(GraphicalTheme { characters: self.characters.clone(), styles })
    }

    /// The labels, their words wrapped to the room that is left beside them.
    fn labels(&self, excerpt: &Excerpt) -> Vec<LabeledSpan> {
        let digits = excerpt.rows.last().map_or(1, |r| r.number.to_string().len());
        excerpt
            .placed
            .iter()
            .map(|label| {
                let used = digits + 4 + label.before + label.covers / 2 + 4;
                let room = self.columns.saturating_sub(used).max(20);
                let words = if columns(&label.text) <= room && !label.text.contains('\n') {
                    label.text.clone()
                } else {
                    wrap(&label.text, room).join("\n")
                };
                let span = SourceSpan::from(label.start..label.end);
                if label.primary {
                    LabeledSpan::new_primary_with_span(Some(words), span)
                } else {
                    LabeledSpan::new_with_span(Some(words), span)
                }
            })
            .collect()
    }
}

fn handler(theme: GraphicalTheme) -> GraphicalReportHandler {
    GraphicalReportHandler::new_themed(theme)
        .with_urls(false)
        .with_wrap_lines(false)
        .without_cause_chain()
        .without_syntax_highlighting()
        .with_context_lines(1)
}

/// What miette is given.
#[derive(Debug)]
struct Picture<'a> {
    excerpt: &'a Excerpt,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.excerpt)
    }
}

impl SourceCode for Excerpt {
    /// The run of rows that holds the span. Without context lines the question is for the frame's title: the
    /// answer is then the label's place in the file on disk, which masks and windows have not moved.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let inside = |from: usize, to: usize| from <= start && end <= to;
        if before == 0 && after == 0 {
            let label =
                self.placed.iter().find(|p| p.start == start && p.end == end).ok_or(MietteError::OutOfBounds)?;
            let data = self.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
            let (line, column) = (label.place.0.saturating_sub(1), label.place.1.saturating_sub(1));
            let contents = MietteSpanContents::new_named(self.name.clone(), data, *span, line, column, 1);
            return Ok(Box::new(contents));
        }
        let mut run = 0..0;
        for (index, row) in self.rows.iter().enumerate() {
            let first = if row.joined { run.start } else { index };
            run = first..index + 1;
            let last_of_run = self.rows.get(index + 1).is_none_or(|next| !next.joined);
            let Some(top) = self.rows.get(first).filter(|_| last_of_run) else { continue };
            if inside(top.start, row.end + 1) {
                let data = self.text.as_bytes().get(top.start..row.end + 1).ok_or(MietteError::OutOfBounds)?;
                let span = SourceSpan::from(top.start..row.end + 1);
                let line = top.number.saturating_sub(1) as usize;
                let contents = MietteSpanContents::new_named(self.name.clone(), data, span, line, 0, run.len());
                return Ok(Box::new(contents));
            }
        }
        Err(MietteError::OutOfBounds)
    }
}

/// Drops what comes before the first line break: miette's own header, which is empty here.
struct WithoutFirstLine<'a> {
    out: &'a mut String,
    skipping: bool,
}

impl Write for WithoutFirstLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !self.skipping {
            self.out.push_str(text);
        } else if let Some((_, rest)) = text.split_once('\n') {
            self.skipping = false;
            self.out.push_str(rest);
        }
        Ok(())
    }
}
