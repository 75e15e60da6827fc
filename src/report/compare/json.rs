//! For programs: one object, a line a row.

use crate::lint::{Comparison, FactRow, InputError};
use crate::report::envelope::{Envelope, entry};
use crate::text::Shown;
use serde::Serialize;

/// A row with its area.
#[derive(Serialize)]
struct Row<'a> {
    area: &'a Shown,
    #[serde(flatten)]
    row: &'a FactRow,
}

/// The comparison, and what could not be read for it.
pub fn json(comparison: &Comparison, errors: &[InputError]) -> String {
    let mut out = String::new();
    let mut object = Envelope::begin(&mut out);
    object.value("packs", &comparison.packs);
    object.list("columns", comparison.columns.iter().map(entry));
    let rows = comparison.themes.iter().flat_map(|t| t.rows.iter().map(|row| entry(&Row { area: &row.area, row })));
    object.list("rows", rows);
    object.list("rules", comparison.rules.iter().map(entry));
    object.list("errors", errors.iter().map(|e| crate::report::check::error_entry(e).1));
    object.end();
    out
}
