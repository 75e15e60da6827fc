//! The platforms of one fact, the best first: for more of them than fit side by side.

use super::text::Page;
use crate::lint::{Comparison, FactRow, Mark};
use crate::report::words::paragraph;

/// A blank at which no line is broken; printed as a common one.
const BLANK: &str = "\u{a0}";

/// A value, and who has it.
pub(super) struct Ranked {
    pub words: String,
    pub mark: Option<Mark>,
    rank: usize,
    names: Vec<String>,
}

/// The values of a row, the best first; what has no order stays in the order of the columns.
pub(super) fn ranked(row: &FactRow, comparison: &Comparison) -> Vec<Ranked> {
    let mut values: Vec<Ranked> = Vec::new();
    for (cell, column) in row.cells.iter().zip(&comparison.columns) {
        // A product that has no such conversations is not compared by them.
        let Some(cell) = cell.as_ref().filter(|c| c.status.is_some()) else { continue };
        // What is said of one platform stays in one line.
        let name = format!("{} {}", column.name, Page::notes(cell, " ")).replace(' ', BLANK);
        match values.iter_mut().find(|v| v.words == cell.words.as_str()) {
            Some(value) => value.names.push(name),
            None => values.push(Ranked {
                words: cell.words.to_string(),
                mark: cell.mark,
                // What does not apply stands last, as what is not compared.
                rank: if cell.state.as_str() == "known" { cell.rank } else { usize::MAX },
                names: vec![name],
            }),
        }
    }
    values.sort_by_key(|value| value.rank);
    values
}

/// One value with those who have it; `room`: columns for the value.
pub(super) fn write(out: &mut String, page: &Page<'_>, value: &Ranked, room: usize) {
    let mark = value.mark.map_or(" ", |mark| page.mark(mark));
    let column = 4 + room + 2;
    let fits = |name: &String| crate::report::columns(name) < page.width.saturating_sub(column);
    let names = value.names.join(", ");
    let mut text = String::new();
    let width = crate::report::columns(&value.words);
    if width <= room && value.names.iter().all(fits) {
        let lead = format!("  {mark} {}  {}", value.words, " ".repeat(room - width));
        paragraph(&mut text, &lead, column, column, &names, page.width);
    } else {
        paragraph(&mut text, &format!("  {mark} "), 4, 4, &value.words, page.width);
        // A long path needs all of the line, and what is said of it the next.
        let (column, names) = match value.names.iter().all(fits) {
            true => (column, names),
            false => (6, names.replace(BLANK, " ")),
        };
        paragraph(&mut text, &" ".repeat(column), column, column, &names, page.width);
    }
    out.push_str(&text.replace(BLANK, " "));
}
