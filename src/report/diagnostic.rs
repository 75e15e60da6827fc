//! One diagnostic: a heading, excerpts with labels, help that can be pasted. With frames on a terminal, the same
//! words without frames anywhere else.

#[cfg(feature = "cli")]
use super::draw::Drawer;
use super::excerpt::{Excerpt, Mark, Room};
use super::look::{Drawing, Ink, Look};
use super::words::{columns, paragraph};
use crate::lint::Severity;
use crate::text::DisplaySource;
use std::fmt::Write;

/// Columns of source that a row takes where nothing limits it.
const WIDEST_ROW: usize = 160;

/// What a diagnostic says of one file.
pub struct Place<'a> {
    /// The file.
    pub file: &'a str,
    /// Its text; `None` if it is not at hand.
    pub source: Option<&'a DisplaySource>,
    /// The labels in it.
    pub marks: Vec<Mark<'a>>,
}

/// Words about a file that belong to no place in it.
pub struct Remark<'a> {
    /// The file.
    pub file: &'a str,
    /// The words; several become a list.
    pub words: Vec<&'a str>,
}

/// A diagnostic, ready to be written.
pub struct Diagnostic<'a> {
    /// Its weight; also the word before the message.
    pub severity: Severity,
    /// The rule and the address of its page.
    pub rule: Option<(&'a str, &'a str)>,
    /// The problem.
    pub message: &'a str,
    /// Excerpts, the file of the primary place first.
    pub places: Vec<Place<'a>>,
    /// Words without a place.
    pub remarks: Vec<Remark<'a>>,
    /// They come before the excerpts.
    pub remarks_first: bool,
    /// How to mend it; its further lines can be pasted.
    pub help: Option<&'a str>,
}

/// Writes diagnostics in one look.
pub struct Painter {
    /// The look.
    pub look: Look,
    #[cfg(feature = "cli")]
    drawer: Drawer,
}

impl Painter {
    /// A painter for a look.
    pub fn new(look: Look) -> Self {
        Self {
            look,
            #[cfg(feature = "cli")]
            drawer: Drawer::new(&look),
        }
    }

    /// Writes one diagnostic, without a blank line before or after.
    pub fn write(&self, out: &mut String, diagnostic: &Diagnostic<'_>) {
        self.heading(out, diagnostic);
        if diagnostic.remarks_first {
            self.remarks(out, diagnostic);
        }
        for place in &diagnostic.places {
            match place.source {
                Some(source) if self.look.drawing != Drawing::None && cfg!(feature = "cli") => {
                    self.framed(out, place, source, diagnostic.severity);
                }
                source => plain(out, place, source),
            }
        }
        if !diagnostic.remarks_first {
            self.remarks(out, diagnostic);
        }
        if let Some(help) = diagnostic.help.filter(|h| !h.is_empty()) {
            self.help(out, help);
        }
    }

    fn remarks(&self, out: &mut String, diagnostic: &Diagnostic<'_>) {
        for Remark { file, words } in &diagnostic.remarks {
            let first = format!("  {file}: ");
            if let [only] = words.as_slice() {
                paragraph(out, &first, columns(&first), 4, only, self.look.columns());
                continue;
            }
            out.push_str(first.trim_end());
            out.push('\n');
            for line in words {
                paragraph(out, "    - ", 6, 6, line, self.look.columns());
            }
        }
    }

    /// `error[rule]: message`.
    fn heading(&self, out: &mut String, diagnostic: &Diagnostic<'_>) {
        let (ink, word) = word_of(diagnostic.severity);
        let lead = columns(word) + diagnostic.rule.map_or(0, |(rule, _)| columns(rule) + 2) + 2;
        let mut label = String::new();
        match diagnostic.rule {
            Some((rule, url)) => {
                self.look.paint(&mut label, ink, &format!("{word}["));
                let mut name = String::new();
                self.look.paint(&mut name, ink, rule);
                self.look.link(&mut label, url, &name);
                self.look.paint(&mut label, ink, "]");
            }
            None => self.look.paint(&mut label, ink, word),
        }
        label.push_str(": ");
        paragraph(out, &label, lead, 2, diagnostic.message, self.look.columns());
    }

    #[cfg(feature = "cli")]
    fn framed(&self, out: &mut String, place: &Place<'_>, source: &DisplaySource, severity: Severity) {
        let digits = place.marks.iter().map(|m| m.place.0 + 1).max().unwrap_or(1).to_string().len();
        let room = Room { source: self.drawer.room(digits), context: true };
        self.drawer.draw(out, &Excerpt::new(place.file, source, &place.marks, room), severity);
    }

    #[cfg(not(feature = "cli"))]
    fn framed(&self, out: &mut String, place: &Place<'_>, source: &DisplaySource, _: Severity) {
        plain(out, place, Some(source));
    }

    /// `  help: …`. The first line is for reading and may be wrapped, what follows is for pasting and may not.
    fn help(&self, out: &mut String, help: &str) {
        let mut label = String::from("  ");
        self.look.paint(&mut label, Ink::Note, "help");
        label.push_str(": ");
        let (first, rest) = help.split_once('\n').unwrap_or((help, ""));
        paragraph(out, &label, 8, 8, first, self.look.columns());
        for line in rest.lines() {
            let _ = writeln!(out, "        {line}");
        }
    }
}

/// The word and the colour of a severity.
pub fn word_of(severity: Severity) -> (Ink, &'static str) {
    match severity {
        Severity::Error => (Ink::Error, "error"),
        Severity::Warning => (Ink::Warning, "warning"),
        Severity::Note => (Ink::Note, "note"),
    }
}

/// `  file:line:column: words`, the line, and carets under what is meant.
fn plain(out: &mut String, place: &Place<'_>, source: Option<&DisplaySource>) {
    let Some(source) = source else {
        for mark in &place.marks {
            title(out, place.file, mark.place, mark.text);
        }
        return;
    };
    let room = Room { source: WIDEST_ROW, context: false };
    let excerpt = Excerpt::new(place.file, source, &place.marks, room);
    let digits = excerpt.rows.last().map_or(1, |r| r.number.to_string().len());
    // The primary place first, then by place.
    for primary in [true, false] {
        for label in excerpt.placed.iter().filter(|l| l.primary == primary) {
            let Some(row) = excerpt.rows.get(label.row) else { continue };
            title(out, place.file, label.place, &label.text.replace('\n', "; "));
            let text = excerpt.text.get(row.start..row.end).unwrap_or_default();
            let _ = writeln!(out, "  {:>digits$}  {}", row.number, text.trim_end());
            let blank = " ".repeat(digits + 4 + label.before);
            let _ = writeln!(out, "{blank}{}", "^".repeat(label.covers));
        }
    }
}

fn title(out: &mut String, file: &str, (line, column): (usize, usize), words: &str) {
    let colon = if words.is_empty() { "" } else { ": " };
    let _ = writeln!(out, "  {file}:{line}:{column}{colon}{words}");
}
