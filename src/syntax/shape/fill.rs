//! `${NAME}` in a compose file, filled in from the variables that lie beside it.
//!
//! What the surrounding shell sets is not known and would win; a repository's own `.env` is what its owner means
//! to hold, so that is taken. A name that it does not have is not known, never empty.

use crate::syntax::tree::{Document, Hole, Kind};
use crate::text::Table;

/// Variables by name. One that is there without a value is not known.
#[derive(Clone, Debug, Default)]
pub struct Variables(Table<Box<str>, Option<Box<str>>>);

impl Variables {
    /// Those of a set; of a name written twice the last.
    pub fn of(document: &Document) -> Self {
        let mut table = Table::default();
        for entry in document.root_node().entries() {
            let node = document.node(entry.value);
            let value = match &node.kind {
                Kind::Scalar { text, .. } if node.hole.is_none() => Some(text.clone()),
                _ => None,
            };
            table.insert(entry.key.clone(), value);
        }
        Self(table)
    }

    /// Sets a name to a value, or to one that is not known.
    pub(in crate::syntax) fn set(&mut self, name: &str, value: Option<&str>) {
        self.0.insert(name.into(), value.map(Into::into));
    }

    /// The value of a name, if it is known.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }
}

/// A text after its variables have been filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::syntax) struct Filled {
    /// Known variables replaced; others stand as they are written.
    pub text: String,
    /// Is there one that is not known?
    pub open: bool,
    /// Has one been filled in?
    pub filled: bool,
    /// The text with the defaults of those that are not known, if each has one.
    pub default: Option<String>,
}

impl Filled {
    /// What a node holds that has this text.
    pub fn hole(&self) -> Option<Hole> {
        self.open.then(|| Hole { default: self.default.as_deref().map(Into::into) })
    }
}

/// So far a closing brace is looked for: a text of nothing but opening ones is no long work.
const FAR: usize = 4096;
/// Deeper, defaults inside defaults are not followed.
const DEEPEST: usize = 8;

/// Fills in a text. `$$` is a dollar sign.
pub(in crate::syntax) fn fill(text: &str, known: &Variables) -> Filled {
    fill_at(text, known, 0)
}

fn fill_at(text: &str, known: &Variables, depth: usize) -> Filled {
    let mut out = Filled { text: String::with_capacity(text.len()), open: false, filled: false, default: None };
    let mut default = Some(String::new());
    let mut add = |out: &mut Filled, text: &str, stands: Option<&str>| {
        out.text.push_str(text);
        match (&mut default, stands) {
            (Some(whole), Some(stands)) => whole.push_str(stands),
            _ => default = None,
        }
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        add(&mut out, before, Some(before));
        let Some((length, part)) = part_of(after, known, depth) else {
            // No variable: `$$` is a dollar sign, and one that stands alone stays.
            rest = after.strip_prefix('$').unwrap_or(after);
            add(&mut out, "$", Some("$"));
            continue;
        };
        let written = rest.get(before.len()..before.len() + 1 + length).unwrap_or_default();
        match part {
            Part::Known(value) => {
                out.filled = true;
                add(&mut out, &value, Some(&value));
            }
            Part::Open(stands) => {
                out.open = true;
                add(&mut out, written, stands.as_deref());
            }
        }
        rest = after.get(length..).unwrap_or_default();
    }
    add(&mut out, rest, Some(rest));
    if out.open {
        out.default = default;
    }
    out
}

enum Part {
    Known(String),
    /// Not known; what stands for it.
    Open(Option<String>),
}

/// The variable that follows a `$`, and how long it is written.
fn part_of(after: &str, known: &Variables, depth: usize) -> Option<(usize, Part)> {
    let Some(inner) = after.strip_prefix('{') else {
        let length = name_length(after);
        let name = after.get(..length).filter(|name| !name.is_empty())?;
        return Some((length, plain(name, known)));
    };
    let name = inner.get(..name_length(inner)).filter(|name| !name.is_empty())?;
    let rest = inner.get(name.len()..)?;
    let close = closing(rest)?;
    let how = rest.get(..close)?;
    let length = 1 + name.len() + close + 1;
    let value = known.get(name);
    // With a colon an empty value counts as none.
    let (colon, sign) = match how.strip_prefix(':') {
        Some(sign) => (true, sign),
        None => (false, how),
    };
    let set = value.filter(|value| !(colon && value.is_empty()));
    let word = sign.get(1..).unwrap_or_default();
    let inner = |word: &str| match depth < DEEPEST {
        true => fill_at(word, known, depth + 1),
        false => Filled { text: String::new(), open: true, filled: false, default: None },
    };
    let part = match (sign.bytes().next(), value, set) {
        (None, ..) if !colon => plain(name, known),
        (Some(b'-'), _, Some(set)) | (Some(b'?'), _, Some(set)) => Part::Known(set.to_owned()),
        (Some(b'-'), Some(_), None) => {
            let word = inner(word);
            if word.open { Part::Open(word.default) } else { Part::Known(word.text) }
        }
        // The shell may set it, else the word stands.
        (Some(b'-'), None, _) => {
            let word = inner(word);
            Part::Open(if word.open { word.default } else { Some(word.text) })
        }
        (Some(b'+'), Some(_), Some(_)) => {
            let word = inner(word);
            if word.open { Part::Open(word.default) } else { Part::Known(word.text) }
        }
        (Some(b'+'), Some(_), None) => Part::Known(String::new()),
        (Some(b'+' | b'?'), ..) => Part::Open(None),
        _ => return None,
    };
    Some((length, part))
}

fn plain(name: &str, known: &Variables) -> Part {
    known.get(name).map_or(Part::Open(None), |value| Part::Known(value.to_owned()))
}

fn name_length(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The brace that closes, past those that open inside.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(FAR) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::syntax::{Format, Limits, parse};
    use crate::text::Source;
    use std::sync::Arc;

    fn known() -> Variables {
        let text = "SET=7d\nEMPTY=\nAGAIN=$UNSET\n";
        Variables::of(&parse(&Arc::new(Source::new("e", text)), Format::Env, &Limits::default()))
    }

    fn show(text: &str) -> String {
        let filled = fill(text, &known());
        match (filled.open, filled.default) {
            (false, None) => filled.text,
            (true, default) => format!("{}?{}", filled.text, default.unwrap_or_default()),
            (false, Some(default)) => panic!("closed, and a default: {default}"),
        }
    }

    #[test]
    fn every_form_is_filled_in() {
        for (text, wanted) in [
            ("a", "a"),
            ("${SET}", "7d"),
            ("$SET", "7d"),
            ("x-$SET-y", "x-7d-y"),
            ("${UNSET}", "${UNSET}?"),
            ("$UNSET", "$UNSET?"),
            ("https://$UNSET/${SET}", "https://$UNSET/7d?"),
            ("${SET:-1d}", "7d"),
            ("${EMPTY:-1d}", "1d"),
            ("${EMPTY-1d}", ""),
            ("${EMPTY}", ""),
            ("${UNSET:-1d}", "${UNSET:-1d}?1d"),
            ("${UNSET-1d}", "${UNSET-1d}?1d"),
            ("a${UNSET:-1d}b${SET}", "a${UNSET:-1d}b7d?a1db7d"),
            ("${UNSET:-${SET}}", "${UNSET:-${SET}}?7d"),
            ("${UNSET:-${OTHER:-2d}}", "${UNSET:-${OTHER:-2d}}?2d"),
            ("${UNSET:-${OTHER}}", "${UNSET:-${OTHER}}?"),
            ("${UNSET:-}", "${UNSET:-}?"),
            ("${SET:?needed}", "7d"),
            ("${SET?}", "7d"),
            ("${EMPTY:?needed}", "${EMPTY:?needed}?"),
            ("${UNSET?}", "${UNSET?}?"),
            ("${SET:+1d}", "1d"),
            ("${EMPTY:+1d}", ""),
            ("${EMPTY+1d}", "1d"),
            ("${UNSET:+1d}", "${UNSET:+1d}?"),
            ("$$SET", "$SET"),
            ("$${SET}", "${SET}"),
            ("a$", "a$"),
            ("$1", "$1"),
            ("${}", "${}"),
            ("${SET", "${SET"),
            ("${SET!}", "${SET!}"),
            ("$AGAIN", "$AGAIN?"),
        ] {
            assert_eq!(show(text), wanted, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("{}x{}", "${A:-".repeat(5000), "}".repeat(5000));
        assert!(fill(&text, &Variables::default()).open);
    }
}
