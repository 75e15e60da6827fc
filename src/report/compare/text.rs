//! Side by side on a screen: a table where all platforms fit, else the platforms of each fact in their order.

use super::ranked::{self, ranked};
use super::{footings, glyph, label, meaning};
use crate::lint::{Cell, Comparison, Footing, Mark};
use crate::report::look::{Drawing, Ink, Look};
use crate::report::words::{disarm, paragraph};
use crate::report::{Look as Style, Table};

/// The width where nobody tells one: a comparison is read by people, in a pipe too.
const WIDTH: usize = 80;
/// The widest and the narrowest that a table's columns may be: the facts', the platforms'.
const FACTS: usize = 26;
const PLATFORM: usize = 15;

/// The comparison; `sources`: with the address behind each cell.
pub fn text(comparison: &Comparison, look: &Look, sources: bool) -> String {
    let page = Page { look, width: look.width.unwrap_or(WIDTH).max(40) };
    let mut out = String::new();
    if page.fits(comparison.columns.len()) {
        page.table(&mut out, comparison);
    } else {
        page.lists(&mut out, comparison);
    }
    page.rules(&mut out, comparison);
    page.foot(&mut out, comparison);
    if sources {
        page.sources(&mut out, comparison);
    }
    disarm(&mut out, 0);
    out
}

/// Where it is written.
pub(super) struct Page<'a> {
    pub look: &'a Style,
    pub width: usize,
}

/// The letter that stands for what a value rests on.
fn letter(footing: Footing) -> &'static str {
    match footing {
        Footing::Verified => "v",
        Footing::Reported => "r",
        Footing::Assumed => "a",
        Footing::Declared => "d",
        Footing::File => "f",
        Footing::Default => "p",
        Footing::Initial => "i",
    }
}

/// A name in lines of at most `room` columns: a path has no blanks to break it at, so it is broken behind a mark.
fn broken(name: &str, room: usize) -> String {
    let mut lines = vec![String::new()];
    for part in name.split_inclusive([' ', '/', '#', '-', '_', '.']) {
        let used = lines.last().map_or(0, |line| crate::report::columns(line));
        if used > 0 && used + crate::report::columns(part.trim_end()) > room {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

impl Page<'_> {
    fn fits(&self, columns: usize) -> bool {
        FACTS + columns * (PLATFORM + 2) <= self.width
    }

    /// A mark in the characters of the terminal.
    pub fn mark(&self, mark: Mark) -> &'static str {
        match (self.look.drawing, mark) {
            (Drawing::Ascii, Mark::Best) => "+",
            (Drawing::Ascii, Mark::Worst) => "-",
            _ => glyph(mark),
        }
    }

    /// What stands behind a value: what it rests on, the day it was read, since when it is so.
    pub fn notes(cell: &Cell, between: &str) -> String {
        let mut out = cell.status.map(letter).unwrap_or_default().to_owned();
        if let Some(read) = &cell.read {
            out.push(' ');
            out.push_str(read.as_str());
        }
        if let Some(since) = &cell.since {
            out.push_str(between);
            out.push_str("since ");
            out.push_str(since.as_str());
        }
        out
    }

    fn table(&self, out: &mut String, comparison: &Comparison) {
        let platforms = comparison.columns.len().max(1);
        let each = self.width.saturating_sub(FACTS) / platforms;
        let most: Vec<usize> = std::iter::once(FACTS).chain(vec![each.saturating_sub(2); platforms]).collect();
        let mut table = Table::new(0, 2).at_most(&most);
        let names = comparison.columns.iter().map(|c| broken(c.name.as_str(), each.saturating_sub(2)));
        table.row(std::iter::once(String::new()).chain(names));
        for theme in &comparison.themes {
            table.row([""]);
            table.row([theme.area.as_str()]);
            for row in &theme.rows {
                let cells = row.cells.iter().map(|cell| {
                    let Some(cell) = cell else { return String::new() };
                    let mark = cell.mark.map(|m| format!(" {}", self.mark(m))).unwrap_or_default();
                    format!("{}{mark}\n{}", cell.words, Self::notes(cell, "\n")).trim_end().to_owned()
                });
                let label = label(row);
                let label = crate::report::wrap(&label, FACTS - 4).join("\n    ");
                table.row(std::iter::once(format!("  {label}")).chain(cells));
            }
        }
        table.row([""]);
        let days = comparison.columns.iter().map(|c| c.as_of.as_ref().map(ToString::to_string).unwrap_or_default());
        table.row(std::iter::once("as of".to_owned()).chain(days));
        table.write(out, self.width);
    }

    fn lists(&self, out: &mut String, comparison: &Comparison) {
        for theme in &comparison.themes {
            for row in &theme.rows {
                self.look.paint(out, Ink::Dim, theme.area.as_str());
                out.push_str("  ");
                self.look.paint(out, Ink::Bold, &label(row));
                out.push('\n');
                let values = ranked(row, comparison);
                let widest = values.iter().map(|v| crate::report::columns(&v.words)).max().unwrap_or(0);
                let room = widest.min(self.width / 3);
                for value in &values {
                    ranked::write(out, self, value, room);
                }
                out.push('\n');
            }
        }
        let day = |day: &str| {
            let of = comparison.columns.iter().filter(|c| c.as_of.as_ref().is_some_and(|d| d.as_str() == day));
            of.map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let mut days: Vec<&str> =
            comparison.columns.iter().filter_map(|c| c.as_of.as_ref()).map(AsRef::as_ref).collect();
        days.sort_unstable();
        days.dedup();
        for as_of in days {
            let lead = format!("as of {as_of}  ");
            paragraph(out, &lead, lead.len(), lead.len(), &day(as_of), self.width);
        }
    }

    fn rules(&self, out: &mut String, comparison: &Comparison) {
        use crate::judge::Outcome;
        if comparison.rules.is_empty() {
            return;
        }
        out.push('\n');
        self.look.paint(out, Ink::Bold, &format!("rules of {} that fail", super::packs(comparison)));
        out.push('\n');
        for row in &comparison.rules {
            out.push('\n');
            let (ink, word) = match row.severity {
                crate::lint::Severity::Error => (Ink::Error, "error"),
                crate::lint::Severity::Warning => (Ink::Warning, "warning"),
                crate::lint::Severity::Note => (Ink::Note, "note"),
            };
            let mut lead = String::new();
            self.look.paint(&mut lead, ink, &format!("{word}[{}]", row.rule));
            lead.push_str(": ");
            let visible = word.len() + row.rule.as_str().len() + 4;
            paragraph(out, &lead, visible, 2, row.title.as_str(), self.width);
            for outcome in [Outcome::Fail, Outcome::Unknown, Outcome::Pass] {
                let of = |(n, cell): (usize, &crate::lint::RuleCell)| {
                    let column = comparison.columns.get(n).filter(|_| cell.outcome == Some(outcome))?;
                    let words: Vec<&str> = cell.qualifiers.iter().map(AsRef::as_ref).collect();
                    let tail = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
                    Some(format!("{}{tail}", column.name))
                };
                let names: Vec<String> = row.outcomes.iter().enumerate().filter_map(of).collect();
                if !names.is_empty() {
                    let lead = format!("  {:<9}  ", super::verdict(outcome));
                    paragraph(out, &lead, lead.len(), lead.len(), &names.join(", "), self.width);
                }
            }
        }
    }

    fn foot(&self, out: &mut String, comparison: &Comparison) {
        let mut parts: Vec<String> = Vec::new();
        let cells = || comparison.themes.iter().flat_map(|t| &t.rows).flat_map(|r| r.cells.iter().flatten());
        if cells().any(|cell| cell.mark.is_some()) {
            parts.push(format!(
                "{} best, {} worst of those that are known.",
                self.mark(Mark::Best),
                self.mark(Mark::Worst)
            ));
        }
        let letters: Vec<String> =
            footings(comparison).into_iter().map(|f| format!("{}: {}", letter(f), meaning(f))).collect();
        parts.push(format!("{}.", letters.join("; ")));
        parts.push(match self.fits(comparison.columns.len()) {
            true => "A blank: nobody has confirmed it.".to_owned(),
            false => "Who is not named under a fact has no such thing, or nobody has confirmed it.".to_owned(),
        });
        if cells().any(|cell| cell.read.is_some()) {
            parts.push("The date is the day the source was read.".to_owned());
        }
        out.push('\n');
        paragraph(out, "", 0, 0, &parts.join(" "), self.width);
    }

    fn sources(&self, out: &mut String, comparison: &Comparison) {
        for (n, column) in comparison.columns.iter().enumerate() {
            let all = super::markdown::sources(comparison, n);
            if all.is_empty() {
                continue;
            }
            out.push('\n');
            self.look.paint(out, Ink::Bold, &format!("sources: {}", column.name));
            out.push('\n');
            for (source, facts) in all {
                let days = [("read", &source.read), ("of", &source.dated), ("since", &source.since)];
                let days = days.iter().filter_map(|(word, day)| Some(format!("{word} {}", day.as_ref()?)));
                let mut words = vec![source.status.to_string()];
                words.extend(days);
                words.extend(source.note.iter().map(ToString::to_string));
                out.push_str("  ");
                out.push_str(source.url.as_ref().map_or("no address", |url| url.as_str()));
                out.push('\n');
                paragraph(out, "    ", 4, 4, &words.join(", "), self.width);
                paragraph(out, "    ", 4, 4, &facts.join("; "), self.width);
            }
        }
    }
}
