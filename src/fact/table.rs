//! Reading data files: typed access to a tree, with errors that point into it and name the nearest valid word.

use crate::syntax::{Document, Entry, Kind, NodeId, Style};
use crate::text::{Source, Span};
use std::cell::RefCell;
use std::sync::Arc;

/// What is wrong with a data file (vocabulary, platform, rule, pack, configuration, declaration), and where.
#[derive(Clone, Debug)]
pub struct DataError {
    /// The file.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
    /// What.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Further places in the same file, with their words.
    pub labels: Vec<(Span, String)>,
}

/// Collects errors while a file loads, so that all of them are told at once.
pub struct Problems {
    source: Arc<Source>,
    list: RefCell<Vec<DataError>>,
}

impl Problems {
    /// An empty list for one file.
    pub fn new(source: &Arc<Source>) -> Self {
        Self { source: Arc::clone(source), list: RefCell::default() }
    }

    /// The file.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Adds an error.
    pub fn error(&self, span: Span, message: impl Into<String>) {
        self.push(span, message.into(), None);
    }

    /// Adds an error with advice.
    pub fn error_with(&self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.push(span, message.into(), help);
    }

    /// Adds an error about two places.
    pub fn conflict(&self, span: Span, message: impl Into<String>, other: Span, text: impl Into<String>) {
        self.list.borrow_mut().push(DataError {
            source: Arc::clone(&self.source),
            span,
            message: message.into(),
            help: None,
            labels: vec![(other, text.into())],
        });
    }

    /// Adds what a word is not, with the nearest of the words that would do.
    pub fn unknown_word<'a>(&self, span: Span, what: &str, word: &str, valid: impl IntoIterator<Item = &'a str>) {
        let valid: Vec<&str> = valid.into_iter().collect();
        let help = match nearest(word, valid.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if valid.is_empty() || valid.len() > 16 => None,
            None => Some(format!("one of {}", valid.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "))),
        };
        self.push(span, format!("`{word}` is no {what}"), help);
    }

    fn push(&self, span: Span, message: String, help: Option<String>) {
        self.list.borrow_mut().push(DataError {
            source: Arc::clone(&self.source),
            span,
            message,
            help,
            labels: Vec::new(),
        });
    }

    /// Has anything been found?
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_empty()
    }

    /// The errors, sorted by place.
    pub fn into_errors(self) -> Vec<DataError> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|e| (e.span.start, e.span.end));
        list
    }
}

/// The valid word that a misspelt one most likely means: within two edits (one below five letters), or equal but
/// for case and `_-`.
pub fn nearest<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = squash(word);
    let allowed = if word.chars().count() < 5 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in valid {
        let distance = if squash(candidate) == plain { 0 } else { edits(word, candidate, allowed + 1) };
        if distance <= allowed && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, word)| word)
}

fn squash(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Edits (insertions, deletions, replacements, swaps of neighbours) between two words, counted up to `limit`.
pub fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) >= limit {
        return limit;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(limit);
            let mut cost = (at(&previous, j + 1) + 1).min(at(&row, j) + 1).min(at(&previous, j) + usize::from(x != y));
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut previous, row);
    }
    previous.last().copied().unwrap_or(limit).min(limit)
}

/// A map of a data file. Every accessor marks its key as known; [`Table::finish`] tells the rest.
pub struct Table<'d> {
    doc: &'d Document,
    entries: &'d [Entry],
    span: Span,
    problems: &'d Problems,
    used: RefCell<Vec<&'static str>>,
}

/// A value of a data file with its place.
#[derive(Copy, Clone)]
pub struct Item<'d> {
    /// The document.
    pub doc: &'d Document,
    /// The node.
    pub node: NodeId,
    /// The key it stands at, or its own place in a list.
    pub key_span: Span,
    /// Where errors go.
    pub problems: &'d Problems,
}

impl<'d> Item<'d> {
    /// The top of a document.
    pub fn top(doc: &'d Document, problems: &'d Problems) -> Self {
        Self { doc, node: doc.root, key_span: Span::default(), problems }
    }

    /// Its kind.
    pub fn kind(&self) -> &'d Kind {
        &self.doc.node(self.node).kind
    }

    /// The place of the value (of a table: its key).
    pub fn span(&self) -> Span {
        match self.kind() {
            Kind::Scalar { .. } => self.doc.node(self.node).span,
            _ if self.key_span.is_empty() => self.doc.node(self.node).span,
            _ => self.key_span,
        }
    }

    /// Is it a table?
    pub fn is_table(&self) -> bool {
        matches!(self.kind(), Kind::Map(_))
    }

    /// Is it a list?
    pub fn is_list(&self) -> bool {
        matches!(self.kind(), Kind::Seq(_))
    }

    /// As a table; an error otherwise.
    pub fn table(&self) -> Option<Table<'d>> {
        match self.kind() {
            Kind::Map(entries) => Some(Table {
                doc: self.doc,
                entries,
                span: self.span(),
                problems: self.problems,
                used: RefCell::default(),
            }),
            _ => {
                self.problems.error(self.span(), "a table is needed here");
                None
            }
        }
    }

    /// The items of a list; of a single value, that value.
    pub fn items(&self) -> Vec<Item<'d>> {
        match self.kind() {
            Kind::Seq(children) => children
                .iter()
                .map(|c| Item { doc: self.doc, node: c.value, key_span: Span::default(), problems: self.problems })
                .collect(),
            _ => vec![*self],
        }
    }

    /// The items of a list; an error if it is none.
    pub fn list(&self) -> Vec<Item<'d>> {
        if self.is_list() {
            return self.items();
        }
        self.problems.error(self.span(), "a list is needed here");
        Vec::new()
    }

    /// The raw scalar.
    pub fn scalar(&self) -> Option<(&'d str, Style)> {
        match self.kind() {
            Kind::Scalar { text, style } => Some((text, *style)),
            _ => None,
        }
    }

    /// As text; an error otherwise.
    pub fn text(&self) -> Option<&'d str> {
        match self.scalar() {
            Some((text, style)) if style.is_text() || style == Style::Plain => Some(text),
            _ => {
                self.problems.error(self.span(), "a text is needed here");
                None
            }
        }
    }

    /// As a boolean; an error otherwise.
    pub fn boolean(&self) -> Option<bool> {
        match self.scalar() {
            Some(("true", Style::Bool | Style::Plain)) => Some(true),
            Some(("false", Style::Bool | Style::Plain)) => Some(false),
            _ => {
                self.problems.error(self.span(), "true or false is needed here");
                None
            }
        }
    }

    /// As a whole number; an error otherwise.
    pub fn integer(&self) -> Option<usize> {
        match self.scalar() {
            Some((text, Style::Number | Style::Plain)) => text.replace('_', "").parse().ok(),
            _ => None,
        }
        .or_else(|| {
            self.problems.error(self.span(), "a whole number is needed here");
            None
        })
    }

    /// A list of texts.
    pub fn texts(&self) -> Vec<String> {
        self.list().iter().filter_map(|i| i.text().map(str::to_owned)).collect()
    }
}

impl<'d> Table<'d> {
    /// The place of the table.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where errors go.
    pub fn problems(&self) -> &'d Problems {
        self.problems
    }

    /// Every entry: (key, place of the key, value).
    pub fn entries(&self) -> impl Iterator<Item = (&'d str, Item<'d>)> + use<'d> {
        let (doc, problems) = (self.doc, self.problems);
        self.entries.iter().map(move |e| (&*e.key, Item { doc, node: e.value, key_span: e.key_span, problems }))
    }

    /// The value at a key, without marking it as known.
    pub fn peek(&self, key: &str) -> Option<Item<'d>> {
        self.entries().find(|(k, _)| *k == key).map(|(_, item)| item)
    }

    /// The value at a key.
    pub fn get(&self, key: &'static str) -> Option<Item<'d>> {
        self.used.borrow_mut().push(key);
        self.peek(key)
    }

    /// The value at a key that must be there.
    pub fn need(&self, key: &'static str) -> Option<Item<'d>> {
        let item = self.get(key);
        if item.is_none() {
            self.problems.error(self.span, format!("`{key}` is missing here"));
        }
        item
    }

    /// A text, if there.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.get(key).and_then(|i| i.text()).map(str::to_owned)
    }

    /// A text that must be there; empty after an error.
    pub fn need_text(&self, key: &'static str) -> String {
        self.need(key).and_then(|i| i.text()).unwrap_or_default().to_owned()
    }

    /// A boolean, `otherwise` if it is not there.
    pub fn boolean(&self, key: &'static str, otherwise: bool) -> bool {
        self.get(key).and_then(|i| i.boolean()).unwrap_or(otherwise)
    }

    /// A whole number, `otherwise` if it is not there.
    pub fn integer(&self, key: &'static str, otherwise: usize) -> usize {
        self.get(key).and_then(|i| i.integer()).unwrap_or(otherwise)
    }

    /// A list of texts, empty if it is not there.
    pub fn texts(&self, key: &'static str) -> Vec<String> {
        self.get(key).map(|i| i.texts()).unwrap_or_default()
    }

    /// Tells every key that nobody asked for.
    pub fn finish(self) {
        let used = self.used.borrow();
        #[cfg(test)]
        watch::note(&used);
        for (key, item) in self.entries() {
            if !used.contains(&key) {
                self.problems.unknown_word(item.key_span, "key here", key, used.iter().copied());
            }
        }
    }
}

/// What keys loaders ask for, so that tests can hold schemas to them.
#[cfg(test)]
pub(crate) mod watch {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static SEEN: RefCell<BTreeSet<BTreeSet<&'static str>>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(used: &[&'static str]) {
        SEEN.with_borrow_mut(|seen| seen.insert(used.iter().copied().collect()));
    }

    /// The keys of every table that is read while something is done.
    pub(crate) fn keys(what: impl FnOnce()) -> BTreeSet<BTreeSet<&'static str>> {
        SEEN.with_borrow_mut(BTreeSet::clear);
        what();
        SEEN.with_borrow_mut(std::mem::take)
    }
}
