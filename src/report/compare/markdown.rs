//! Tables of Markdown, one a theme, with the sources of each platform below.

use super::{footing, footings, glyph, label, meaning, outcome};
use crate::lint::{Cell, Comparison, SourceInfo};
use crate::report::cells::{markdown_cell, web_address};
use std::fmt::Write as _;

/// The comparison; `sources`: with the address behind each cell.
pub fn markdown(comparison: &Comparison, sources: bool) -> String {
    let mut out = String::new();
    for theme in &comparison.themes {
        let _ = writeln!(out, "## {}\n", heading(theme.area.as_str()));
        header(&mut out, "fact", comparison);
        for row in &theme.rows {
            let cells = row.cells.iter().map(|c| c.as_ref().map(cell).unwrap_or_default());
            line(&mut out, std::iter::once(markdown_cell(&label(row))).chain(cells));
        }
        out.push('\n');
    }
    if !comparison.rules.is_empty() {
        let _ = writeln!(out, "## Rules that fail\n\nOf {}.\n", markdown_cell(&super::packs(comparison)));
        header(&mut out, "rule", comparison);
        for row in &comparison.rules {
            let first = format!(
                "{}: `{}`<br>{}",
                severity(row.severity),
                row.rule.as_str().replace('`', ""),
                markdown_cell(row.title.as_str())
            );
            let outcomes = (0..row.outcomes.len()).map(|n| markdown_cell(&outcome(row, n)));
            line(&mut out, std::iter::once(first).chain(outcomes));
        }
        out.push('\n');
    }
    header(&mut out, "", comparison);
    let days =
        comparison.columns.iter().map(|c| c.as_of.as_ref().map(|d| markdown_cell(d.as_str())).unwrap_or_default());
    line(&mut out, std::iter::once("as of".to_owned()).chain(days));
    out.push_str("\n▲ best and ▼ worst of those that are known. A blank: nobody has confirmed it.\n\n");
    for f in footings(comparison) {
        let _ = writeln!(out, "- {}: {}", footing(f), meaning(f));
    }
    if sources {
        for (n, column) in comparison.columns.iter().enumerate() {
            let all = super::markdown::sources(comparison, n);
            if all.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n## Sources: {}\n", markdown_cell(column.name.as_str()));
            for (source, facts) in all {
                let _ = writeln!(out, "- {}", source_line(source, &facts));
            }
        }
    }
    crate::report::disarm(&mut out, 0);
    out
}

fn severity(severity: crate::lint::Severity) -> &'static str {
    match severity {
        crate::lint::Severity::Error => "error",
        crate::lint::Severity::Warning => "warning",
        crate::lint::Severity::Note => "note",
    }
}

fn heading(area: &str) -> String {
    let mut letters = area.chars();
    let text: String = letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
    markdown_cell(&text)
}

fn header(out: &mut String, first: &str, comparison: &Comparison) {
    let names = comparison.columns.iter().map(|c| markdown_cell(c.name.as_str()));
    line(out, std::iter::once(first.to_owned()).chain(names));
    line(out, vec!["---".to_owned(); comparison.columns.len() + 1]);
}

fn line(out: &mut String, cells: impl IntoIterator<Item = String>) {
    out.push('|');
    for cell in cells {
        let _ = write!(out, " {cell} |");
    }
    out.push('\n');
}

fn cell(cell: &Cell) -> String {
    let mark = cell.mark.map(|m| format!(" {}", glyph(m))).unwrap_or_default();
    let mut under: Vec<String> = cell.status.map(|f| footing(f).to_owned()).into_iter().collect();
    under.extend(cell.read.iter().map(|day| markdown_cell(day.as_str())));
    let under = if under.is_empty() { String::new() } else { format!("<br><sub>{}</sub>", under.join(" ")) };
    let since = cell.since.as_ref().map(|day| markdown_cell(&format!(" since {day}"))).unwrap_or_default();
    format!("{}{mark}{since}{under}", markdown_cell(cell.words.as_str()))
}

/// The sources of a column, each with the facts that rest on it.
pub(super) fn sources(comparison: &Comparison, column: usize) -> Vec<(&SourceInfo, Vec<String>)> {
    let mut out: Vec<(&SourceInfo, Vec<String>)> = Vec::new();
    for row in comparison.themes.iter().flat_map(|t| &t.rows).filter(|row| !row.fact.as_str().starts_with("derived.")) {
        for source in row.cells.get(column).into_iter().flatten().flat_map(|cell| &cell.sources) {
            let name = label(row);
            match out.iter_mut().find(|(known, _)| *known == source) {
                Some((_, facts)) => facts.push(name),
                None => out.push((source, vec![name])),
            }
        }
    }
    out
}

fn source_line(source: &SourceInfo, facts: &[String]) -> String {
    let address = match source.url.as_ref().map(|url| (url.as_str(), web_address(url.as_str()))) {
        Some((_, Some(address))) => format!("<{address}>"),
        Some((url, None)) => markdown_cell(url),
        None => "no address".to_owned(),
    };
    let mut words = vec![source.status.to_string()];
    let days = [("read", &source.read), ("of", &source.dated), ("since", &source.since)];
    words.extend(days.iter().filter_map(|(word, day)| Some(format!("{word} {}", day.as_ref()?))));
    words.extend(source.note.iter().map(ToString::to_string));
    format!("{address}: {}. {}", markdown_cell(&words.join(", ")), markdown_cell(&facts.join("; ")))
}
