//! Frameworks: the controls that rules answer to.

use crate::fact::{DataError, Problems};
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
    let mut out = Framework {
        id: String::new(),
        title: String::new(),
        version: String::new(),
        url: String::new(),
        controls: Vec::new(),
    };
    if let Some(table) = top(document, &problems) {
        if let Some(f) = table.need("framework").and_then(|i| i.table()) {
            out.id = f.need_text("id");
            out.title = f.need_text("title");
            out.version = f.text("version").unwrap_or_default();
            out.url = f.text("url").unwrap_or_default();
            f.finish();
        }
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
        super::catalogue::unknown_tables(&table);
    }
    if problems.is_empty() { Ok(out) } else { Err(problems.into_errors()) }
}
