//! Evidence: what happened, and what it teaches.

use crate::fact::{DataError, Problems};
use crate::platform::top;
use crate::syntax::Document;
use serde::Serialize;

/// How well a case is supported by what its address leads to.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// An authority, a court, or those concerned say it themselves.
    Primary,
    /// The press or a law firm reports it.
    Press,
}

impl Mark {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Mark::Primary => "at first hand",
            Mark::Press => "as reported",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When.
    pub year: usize,
    /// What it teaches.
    pub lesson: String,
    /// Where it can be read.
    pub url: String,
    /// How well it is supported.
    pub mark: Mark,
}

/// Loads the evidence of a file.
pub fn load_evidence(document: &Document) -> Result<Vec<Evidence>, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let mut out = Vec::new();
    if let Some(table) = top(document, &problems) {
        let entries = table.get("evidence").and_then(|i| i.table());
        for (id, item) in entries.iter().flat_map(|t| t.entries()) {
            let Some(t) = item.table() else { continue };
            let mark = t.need("mark").and_then(|i| match i.text()? {
                "primary" => Some(Mark::Primary),
                "press" => Some(Mark::Press),
                other => {
                    problems.unknown_word(i.span(), "mark", other, ["primary", "press"]);
                    None
                }
            });
            out.push(Evidence {
                id: id.to_owned(),
                title: t.need_text("title"),
                year: t.need("year").and_then(|i| i.integer()).unwrap_or_default(),
                lesson: t.need_text("lesson"),
                url: t.need_text("url"),
                mark: mark.unwrap_or(Mark::Press),
            });
            t.finish();
        }
        super::catalogue::unknown_tables(&table);
    }
    if problems.is_empty() { Ok(out) } else { Err(problems.into_errors()) }
}
