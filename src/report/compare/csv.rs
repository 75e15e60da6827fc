//! For spreadsheets: a line a cell, so that it can be sorted and filtered by any column.

use super::{footing, mark, outcome};
use crate::lint::Comparison;
use crate::report::cells::csv_cell;

const HEAD: [&str; 12] =
    ["kind", "area", "id", "title", "qualifiers", "product", "value", "mark", "status", "read", "since", "sources"];

/// The comparison. Cells that nobody has confirmed are left out.
pub fn csv(comparison: &Comparison) -> String {
    let mut out = String::new();
    line(&mut out, &HEAD.map(str::to_owned));
    for theme in &comparison.themes {
        for row in &theme.rows {
            let qualifiers: Vec<&str> = row.qualifiers.iter().map(AsRef::as_ref).collect();
            for (cell, column) in row.cells.iter().zip(&comparison.columns) {
                let Some(cell) = cell else { continue };
                let text = |day: &Option<crate::text::Shown>| day.as_ref().map(ToString::to_string).unwrap_or_default();
                let urls: Vec<&str> = cell.sources.iter().filter_map(|s| s.url.as_ref()).map(AsRef::as_ref).collect();
                line(
                    &mut out,
                    &[
                        "fact".to_owned(),
                        row.area.to_string(),
                        row.fact.to_string(),
                        row.title.to_string(),
                        qualifiers.join(" "),
                        column.name.to_string(),
                        cell.words.to_string(),
                        cell.mark.map(mark).unwrap_or_default().to_owned(),
                        cell.status.map(footing).unwrap_or_default().to_owned(),
                        text(&cell.read),
                        text(&cell.since),
                        urls.join(" "),
                    ],
                );
            }
        }
    }
    for row in &comparison.rules {
        for (n, column) in comparison.columns.iter().enumerate() {
            let verdict = outcome(row, n);
            if verdict.is_empty() {
                continue;
            }
            let mut cells = HEAD.map(|_| String::new());
            let values = [
                "rule".to_owned(),
                row.pack.to_string(),
                row.rule.to_string(),
                row.title.to_string(),
                String::new(),
                column.name.to_string(),
                verdict,
            ];
            cells.iter_mut().zip(values).for_each(|(cell, value)| *cell = value);
            line(&mut out, &cells);
        }
    }
    crate::report::disarm(&mut out, 0);
    out
}

fn line(out: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}
