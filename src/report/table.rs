//! Columns of text, aligned; cells are wrapped where the screen is too narrow.

use super::words::{columns, wrap};

/// Rows of cells. The last column is never padded.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    gap: usize,
    indent: usize,
    most: Vec<usize>,
}

impl Table {
    /// An empty table with `gap` blanks between its columns and `indent` before the first.
    pub fn new(indent: usize, gap: usize) -> Self {
        Self { rows: Vec::new(), gap, indent, most: Vec::new() }
    }

    /// The widest that each column may be, however much room there is.
    pub fn at_most(mut self, most: &[usize]) -> Self {
        self.most = most.to_vec();
        self
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Is there no row?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes the table within `limit` columns.
    pub fn write(&self, out: &mut String, limit: usize) {
        let widths = self.widths(limit);
        for row in &self.rows {
            let cells: Vec<Vec<&str>> =
                row.iter().zip(&widths).map(|(cell, width)| wrap(cell, (*width).max(1))).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let start = out.len();
                out.push_str(&" ".repeat(self.indent));
                for (cell, width) in cells.iter().zip(&widths) {
                    let text = cell.get(line).copied().unwrap_or_default();
                    out.push_str(text);
                    out.push_str(&" ".repeat(width.saturating_sub(columns(text)) + self.gap));
                }
                let end = out.get(start..).unwrap_or_default().trim_end().len();
                out.truncate(start + end);
                out.push('\n');
            }
        }
    }

    /// Natural widths; the widest columns are narrowed until all fit, but never below their longest word.
    fn widths(&self, limit: usize) -> Vec<usize> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |measure: &dyn Fn(&str) -> usize| -> Vec<usize> {
            let column = |i| self.rows.iter().filter_map(move |r| r.get(i));
            (0..count).map(|i| column(i).map(|c| measure(c)).max().unwrap_or(0)).collect()
        };
        let mut widths = widest(&|cell| cell.lines().map(columns).max().unwrap_or(0));
        let least = widest(&|cell| cell.split_whitespace().map(columns).max().unwrap_or(0));
        for ((width, least), most) in widths.iter_mut().zip(&least).zip(&self.most) {
            *width = (*width).min((*most).max(*least));
        }
        let room = limit.saturating_sub(self.indent + self.gap * count.saturating_sub(1));
        let mut total: usize = widths.iter().sum();
        while total > room {
            let narrowable = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            let Some((width, _)) = narrowable.max_by_key(|(width, _)| **width) else { break };
            *width -= 1;
            total -= 1;
        }
        widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_wrapped() {
        let mut table = Table::new(2, 2);
        table.row(["a", "bb", "one two three four five"]);
        table.row(["aaaa", "b", "x"]);
        let mut out = String::new();
        table.write(&mut out, 24);
        assert_eq!(out, "  a     bb  one two\n            three four\n            five\n  aaaa  b   x\n");
    }
}
