//! Frameworks: the controls that rules answer to.

use crate::fact::{DataError, Problems, Table};
use crate::platform::top;
use crate::syntax::Document;

/// A control.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its id within the framework.
    pub id: String,
    /// What it asks, in our words.
    pub title: String,
    /// Its page.
    pub url: String,
}

/// A law, standard or guide.
#[derive(Clone, Debug)]
pub struct Framework {
    /// Its id: the part of a control's name before the colon.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its edition.
    pub version: String,
    /// Its page.
    pub url: String,
    /// The controls that rules name.
    pub controls: Vec<Control>,
}

/// Loads a framework.
pub fn load_framework(document: &Document) -> Result<Framework, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let found = top(document, &problems).and_then(|table| {
        let out = table.need("framework").and_then(|_| read(&table));
        super::catalogue::unknown_tables(&table);
        out
    });
    let errors = problems.into_errors();
    match found {
        Some(framework) if errors.is_empty() => Ok(framework),
        _ => Err(errors),
    }
}

/// The framework that a pack's own file brings, if it brings one.
pub fn load_own_framework(document: &Document) -> Result<Option<Framework>, Vec<DataError>> {
    let problems = Problems::new(&document.source);
    let found = top(document, &problems).and_then(|table| read(&table));
    if problems.is_empty() { Ok(found) } else { Err(problems.into_errors()) }
}

fn read(table: &Table<'_>) -> Option<Framework> {
    let f = table.get("framework")?.table()?;
    let mut out = Framework {
        id: f.need_text("id"),
        title: f.need_text("title"),
        version: f.text("version").unwrap_or_default(),
        url: f.text("url").unwrap_or_default(),
        controls: Vec::new(),
    };
    f.finish();
    for item in table.get("control").map(|i| i.list()).unwrap_or_default() {
        if let Some(c) = item.table() {
            out.controls.push(Control {
                id: c.need_text("id"),
                title: c.need_text("title"),
                url: c.text("url").unwrap_or_default(),
            });
            c.finish();
        }
    }
    Some(out)
}
