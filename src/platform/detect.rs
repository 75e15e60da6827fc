//! Recognising documents: first by their bytes, then by their tree.

use super::definition::DocumentKind;
use super::path::{Path, Segment, find, glob};
use crate::syntax::{Document, Format, Kind, NodeId, looks_like_variables};
use crate::text::Table;

/// What a look at the bytes came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which kind, by its place in the platform.
    pub kind: usize,
    /// Keys that were found.
    pub found: Vec<String>,
    /// Keys that are missing.
    pub missing: Vec<String>,
    /// Would these keys do?
    pub enough: bool,
}

/// The format that a file's name and first bytes speak for, of those given.
pub fn format_of(path: &str, text: &str, formats: &[Format]) -> Option<Format> {
    Guess::of(path, text).among(formats)
}

/// What a file's name and first bytes say of its format.
pub struct Guess<'t> {
    text: &'t str,
    /// Said whatever is looked for.
    said: Option<Format>,
    variables: Option<bool>,
}

impl<'t> Guess<'t> {
    /// Looks at the name, then at the first bytes.
    pub fn of(path: &str, text: &'t str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let said = if name.contains(".toml") {
            Some(Format::Toml)
        } else if name.contains(".json") {
            Some(Format::Json)
        } else if name.contains(".y") {
            Some(Format::Yaml)
        } else if name.contains(".lua") {
            Some(Format::Lua)
        } else if names_variables(&name) {
            Some(Format::Env)
        } else if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            Some(Format::Json)
        } else {
            None
        };
        Self { text, said, variables: None }
    }

    /// The format, if it is one of these.
    pub fn among(&mut self, formats: &[Format]) -> Option<Format> {
        let wanted = if let Some(format) = self.said {
            format
        } else if formats.contains(&Format::Env) && self.looks_like_variables() {
            Format::Env
        } else if formats.contains(&Format::Lua) && !formats.contains(&Format::Yaml) {
            // Its files are called anything.
            Format::Lua
        } else {
            Format::Yaml
        };
        formats.contains(&wanted).then_some(wanted)
    }

    fn looks_like_variables(&mut self) -> bool {
        *self.variables.get_or_insert_with(|| looks_like_variables(self.text))
    }
}

/// Is it a file of variables or a script, by its name in small letters?
fn names_variables(name: &str) -> bool {
    const SCRIPTS: [&str; 5] = [".sh", ".bash", ".zsh", ".envrc", ".profile"];
    name == "env"
        || name.starts_with("env.")
        || name.ends_with(".env")
        || name.contains(".env.")
        || name.contains(".env-")
        || SCRIPTS.iter().any(|script| {
            name.ends_with(script)
                || name.match_indices(script).any(|(at, _)| name.as_bytes().get(at + script.len()) == Some(&b'.'))
        })
}

/// Looks for a kind's literal keys at the starts of lines, without a parse.
pub fn look(kind_at: usize, kind: &DocumentKind, starts: &KeyStarts<'_>) -> Look {
    let has = |path: &Path| path.keys().all(|key| starts.has(key));
    let name = |path: &Path| super::keys::shown(path);
    let all: Vec<&Path> = kind.all.iter().filter(|p| !has(p)).collect();
    let any: Vec<&Path> = kind.any.iter().filter(|p| has(p)).collect();
    let enough = all.is_empty() && (kind.any.is_empty() || any.len() >= kind.at_least);
    let found = kind.all.iter().filter(|p| has(p)).chain(any.iter().copied()).map(name).collect();
    let missing = all.into_iter().map(name).chain(if enough { None } else { missing_any(kind, any.len()) }).collect();
    Look { kind: kind_at, found, missing, enough }
}

/// How many of a kind's literal keys start lines, and whether that would do.
pub fn glance(kind: &DocumentKind, starts: &KeyStarts<'_>) -> (usize, bool) {
    let count = |paths: &[Path]| paths.iter().filter(|path| path.keys().all(|key| starts.has(key))).count();
    let (all, any) = (count(&kind.all), count(&kind.any));
    (all + any, all == kind.all.len() && (kind.any.is_empty() || any >= kind.at_least))
}

fn missing_any(kind: &DocumentKind, found: usize) -> Option<String> {
    if kind.any.is_empty() || found >= kind.at_least {
        return None;
    }
    let rest: Vec<String> = kind.any.iter().map(super::keys::shown).take(6).collect();
    Some(format!("{} of {}", kind.at_least - found, rest.join(", ")))
}

/// The keys that start lines of a text: `key:`, `key =`, `"key":`, `[key]`, `- NAME=value`, `- name: NAME`,
/// `statement "x"`.
pub struct KeyStarts<'t> {
    keys: Table<&'t str, ()>,
    json: bool,
}

impl<'t> KeyStarts<'t> {
    /// Collects them in one pass.
    pub fn of(text: &'t str) -> Self {
        // Lines have some forty bytes; a table that need not grow is filled in half the time.
        let mut keys = Table::with_capacity_and_hasher((text.len() / 40).min(1024), Default::default());
        for line in text.lines() {
            let line = lead(line);
            let Some(&first) = line.as_bytes().first() else { continue };
            if matches!(first, b'#' | b'/') {
                continue;
            }
            if first == b'[' {
                for part in line.trim_matches(['[', ']', ' ']).split('.') {
                    keys.insert(part.trim_matches(['"', '\'', ' ', ']']), ());
                }
                continue;
            }
            let line = line.strip_prefix("export ").map_or(line, str::trim_start);
            let (key, rest) = match line.strip_prefix(['"', '\'']) {
                Some(quoted) => match quoted.find(['"', '\'']) {
                    Some(end) => {
                        let (key, rest) = (quoted.get(..end), quoted.get(end + 1..));
                        // `- "NAME=value"`
                        let assigned = key.and_then(|key| key.split_once('=')).filter(|(name, _)| is_name(name));
                        match assigned {
                            Some((name, _)) => (name, "="),
                            None => (key.unwrap_or_default(), rest.unwrap_or_default()),
                        }
                    }
                    None => continue,
                },
                None => {
                    let ends = |byte: &u8| matches!(byte, b':' | b'=' | b' ' | b'\t');
                    let end = line.as_bytes().iter().position(ends).unwrap_or(line.len());
                    line.split_at_checked(end).unwrap_or((line, ""))
                }
            };
            let rest = rest.trim_ascii_start();
            // A statement that opens a section: `Server "name"`, `Server(name)`.
            if rest.starts_with(['"', '\'', '(']) && is_word(key) {
                keys.insert(key, ());
            } else if let Some(end) = key.as_bytes().iter().position(|byte| matches!(byte, b'(' | b'"' | b'\'')) {
                keys.extend(key.get(..end).filter(|word| is_word(word)).map(|word| (word, ())));
            }
            if matches!(rest.as_bytes().first(), Some(b':' | b'=')) {
                keys.insert(key, ());
                if key.as_bytes().contains(&b'.') {
                    keys.extend(key.split('.').map(|part| (part, ())));
                }
                // A variable of a container is named by a value.
                if key == "name" {
                    let value = rest.trim_start_matches([':', ' ', '"', '\'']);
                    let end = value.find(['"', '\'', ' ', ',', '}']).unwrap_or(value.len());
                    keys.extend(value.get(..end).filter(|name| is_name(name)).map(|name| (name, ())));
                }
            }
        }
        // A JSON file may hold everything on one line.
        if text.lines().take(3).count() < 3 {
            let mut rest = text;
            while let Some((_, after)) = rest.split_once('"') {
                let Some((key, tail)) = after.split_once('"') else { break };
                if tail.trim_start().starts_with(':') {
                    keys.insert(key, ());
                }
                rest = tail;
            }
        }
        Self { keys, json: text.trim_start_matches(['\u{feff}', ' ', '\t', '\n', '\r']).starts_with('{') }
    }

    /// Does the text begin as JSON does?
    pub fn json(&self) -> bool {
        self.json
    }

    /// All words of a text, wherever they stand: what sits inside another file may be a key there.
    pub fn words(text: &'t str) -> Self {
        let mut keys = Table::default();
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.')) {
            if word.len() > 1 {
                keys.insert(word, ());
                if word.contains('.') {
                    keys.extend(word.split('.').map(|part| (part, ())));
                }
            }
        }
        Self { keys, json: false }
    }

    /// Does a line start with this key? It may be a pattern, or a test of the key's value.
    pub fn has(&self, key: &str) -> bool {
        if self.keys.contains_key(key) {
            return true;
        }
        // None of these can stand in a key as it is written here.
        let Some(at) = key.bytes().position(|byte| matches!(byte, b'*' | b'?' | b' ')) else { return false };
        let key = match key.get(at..) {
            Some(rest) if rest.contains(" = ") => key.split_once(" = ").map_or(key, |(key, _)| key),
            _ => key,
        };
        match key.contains(['*', '?']) {
            true => self.keys.keys().any(|own| glob(key, own)),
            false => self.keys.contains_key(key),
        }
    }

    /// How many of these keys start lines?
    pub fn count<'a>(&self, keys: impl Iterator<Item = &'a str>) -> usize {
        keys.filter(|k| self.has(k)).count()
    }
}

/// A line without what may stand before its first word.
fn lead(line: &str) -> &str {
    let before = |byte: &u8| matches!(byte, b' ' | b'\t' | b'-' | b'{' | b',');
    let mut rest = line;
    loop {
        let from = rest.as_bytes().iter().position(|byte| !before(byte)).unwrap_or(rest.len());
        rest = rest.get(from..).unwrap_or_default();
        match rest.strip_prefix('\u{feff}') {
            Some(more) => rest = more,
            None => return rest,
        }
    }
}

/// Is it a name, as programs have them?
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Might it be the name of a variable?
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Is a parsed file of this kind? The keys it was recognised by.
pub fn recognise(kind: &DocumentKind, doc: &Document) -> Option<Vec<String>> {
    let roots = kind.at.iter().filter_map(|at| find(doc, doc.root, &at.0).hits.last().map(|h| h.node));
    roots.into_iter().find_map(|root| recognised_at(kind, doc, root))
}

/// Are these sets of variables together of this kind? The keys they were recognised by.
pub fn recognise_together(kind: &DocumentKind, sets: &[&Document]) -> Option<Vec<String>> {
    recognised(kind, |path| sets.iter().any(|set| exists(set, set.root, &path.0)))
}

/// Is what stands below a node of this kind?
pub(super) fn recognised_at(kind: &DocumentKind, doc: &Document, root: NodeId) -> Option<Vec<String>> {
    recognised(kind, |path| exists(doc, root, &path.0))
}

fn recognised(kind: &DocumentKind, there: impl Fn(&Path) -> bool) -> Option<Vec<String>> {
    const SHOWN: usize = 6;
    let has = |path: &&Path| there(path);
    if kind.none.iter().any(|p| has(&p)) || !kind.all.iter().all(|p| has(&p)) {
        return None;
    }
    // No more are looked for than are needed and shown.
    let any: Vec<&Path> = kind.any.iter().filter(has).take(kind.at_least.max(SHOWN)).collect();
    if !kind.any.is_empty() && any.len() < kind.at_least {
        return None;
    }
    Some(kind.all.iter().chain(any).take(SHOWN).map(super::keys::shown).collect())
}

/// Does the document hold so many declared top-level keys that it can be a fragment?
pub fn is_fragment(kind: &DocumentKind, doc: &Document, declared: impl Fn(&str) -> bool) -> bool {
    let Kind::Map(entries) = &doc.root_node().kind else { return false };
    kind.fragment_keys > 0
        && entries.iter().filter(|e| declared(&e.key)).count() >= kind.fragment_keys
        && !kind.none.iter().any(|p| exists(doc, doc.root, &p.0))
}

fn exists(doc: &Document, from: NodeId, path: &[Segment]) -> bool {
    // A pattern of keys, or a test of what a key holds.
    let special = |s: &Segment| matches!(s, Segment::Key(key) if key.contains(['*', '?']) || key.contains(" = "));
    if let Some(at) = path.iter().position(special) {
        let (before, after) = path.split_at_checked(at).unwrap_or((path, &[]));
        let Some((Segment::Key(key), rest)) = after.split_first() else { return false };
        let (name, wanted) = key.split_once(" = ").map_or((&**key, None), |(name, text)| (name, Some(text)));
        let fits = |entry: &crate::syntax::Entry| {
            glob(name, &entry.key)
                && wanted.is_none_or(|text| doc.node(entry.value).text() == Some(text))
                && (rest.is_empty() || exists(doc, entry.value, rest))
        };
        return find(doc, from, before).hits.iter().any(|hit| doc.node(hit.node).entries().iter().any(fits));
    }
    match path.iter().position(|s| *s == Segment::Each) {
        // Any item will do, not only all of them.
        Some(at) => {
            let (before, after) = path.split_at_checked(at).unwrap_or((path, &[]));
            let rest = after.get(1..).unwrap_or_default();
            find(doc, from, before).hits.iter().any(|h| match &doc.node(h.node).kind {
                Kind::Seq(items) => items.iter().any(|i| rest.is_empty() || exists(doc, i.value, rest)),
                _ => false,
            })
        }
        None => !find(doc, from, path).hits.is_empty(),
    }
}

/// Does a path match one of a kind's name hints?
pub fn named_like(kind: &DocumentKind, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    kind.files
        .iter()
        .any(|g| glob(g, name) || path.rsplit('/').nth(1).is_some_and(|folder| glob(g, &format!("{folder}/{name}"))))
}
