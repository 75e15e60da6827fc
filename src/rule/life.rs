//! How a rule came and will go, and what it names elsewhere.

use crate::fact::{Item, Table};
use crate::text::Span;

/// Since when there is a rule, and how long there will be.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Life {
    /// The first release that has it; a file's `since` holds for all of its rules.
    pub since: String,
    /// It may still change: its findings are notes, unless the user's configuration says otherwise.
    pub preview: bool,
    /// It is going; what to use instead.
    pub deprecated: Option<String>,
    /// Ids it had before; they still lead to it.
    pub formerly: Vec<String>,
}

impl Life {
    pub(super) fn read(t: &Table<'_>, item: &Item<'_>) -> Self {
        let of_file = || {
            let top = Item::top(item.doc, item.problems).table()?;
            top.peek("since").and_then(|i| i.text()).map(str::to_owned)
        };
        Self {
            since: t.text("since").or_else(of_file).unwrap_or_default(),
            preview: t.boolean("preview", false),
            deprecated: t.text("deprecated"),
            formerly: t.texts("formerly"),
        }
    }

    /// The id that fingerprints are made with: a rule that is renamed keeps them.
    pub fn first_id<'a>(&'a self, id: &'a str) -> &'a str {
        self.formerly.first().map_or(id, String::as_str)
    }
}

/// A rule that asks for the opposite of this one.
#[derive(Clone, Debug)]
pub struct Opposes {
    /// The other rule.
    pub rule: String,
    /// Why both cannot be had.
    pub because: String,
    /// How to choose.
    pub choose: String,
}

/// What a name of a rule must lead to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Refers {
    /// Another rule.
    Rule,
    /// A control of a framework.
    Control,
    /// A case of `rules/evidence.toml`.
    Evidence,
}

/// Something that a rule names, and where.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it must be.
    pub what: Refers,
    /// The word.
    pub word: String,
    /// Its place.
    pub span: Span,
}

impl Named {
    /// All that a rule names.
    pub(super) fn all(t: &Table<'_>) -> Vec<Self> {
        let mut out = Vec::new();
        let mut push = |what: Refers, item: &Item<'_>| {
            if let Some((word, _)) = item.scalar() {
                out.push(Self { what, word: word.to_owned(), span: item.span() });
            }
        };
        for (key, what) in [("supersedes", Refers::Rule), ("controls", Refers::Control), ("evidence", Refers::Evidence)]
        {
            t.peek(key).iter().flat_map(Item::items).for_each(|item| push(what, &item));
        }
        for item in t.peek("opposes").iter().flat_map(Item::items).filter(Item::is_table) {
            item.table().and_then(|t| t.peek("rule")).iter().for_each(|item| push(Refers::Rule, item));
        }
        out
    }
}

pub(super) fn read_opposes(t: &Table<'_>) -> Vec<Opposes> {
    let mut out = Vec::new();
    for item in t.get("opposes").map(|i| i.list()).unwrap_or_default() {
        let Some(o) = item.table() else { continue };
        out.push(Opposes { rule: o.need_text("rule"), because: o.need_text("because"), choose: o.need_text("choose") });
        o.finish();
    }
    out
}
