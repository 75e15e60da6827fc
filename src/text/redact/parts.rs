//! The parts of an assignment: its key, where its value begins, and where it ends.

use super::values;

/// As far as a key is looked for before its separator, and an address after it.
const NEAR: usize = 256;
const ADDRESS: usize = 512;

/// A key that names a secret, and how it is written.
pub(super) struct Key {
    /// It begins its line (after indentation, `-`, `export`, a comment mark, a quote).
    pub leads: bool,
    pub comment: bool,
    /// The whole `KEY=value` is between quotes.
    pub quoted: Option<char>,
    /// The value may be the path of a file.
    pub file: bool,
}

/// The word that begins at a byte, as far as an address may go.
pub(super) fn word_at(line: &str, at: usize) -> &str {
    let rest = line.get(at..line.floor_char_boundary(at + ADDRESS)).unwrap_or_default();
    let end = rest.find([' ', '\t', '"', '\'', '`', '<', '>', '\r']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// The key before a separator, where it begins, and whether it is between quotes.
pub(super) fn key_before(line: &str, at: usize) -> Option<(&str, usize, bool)> {
    let near = line.ceil_char_boundary(at.saturating_sub(NEAR));
    let before = line.get(..at)?;
    let before = before.get(..near + before.get(near..)?.trim_end_matches([' ', '\t', ':', '?', '+']).len())?;
    let quoted = before.ends_with(['"', '\'', ']']);
    // `settings["password"] = …` of Python and PHP.
    let before = before.trim_end_matches(']');
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = before.bytes().rev().take(128).take_while(|byte| is_key(byte)).count();
    let from = before.len() - length;
    before.get(from..).filter(|key| !key.is_empty()).map(|key| (key, from, quoted))
}

/// How the key that begins at `from` stands on its line.
pub(super) fn leading(line: &str, from: usize, key: &str) -> Key {
    let mut before = line.get(..from).unwrap_or_default().trim();
    let mut comment = false;
    let mut quoted = None;
    loop {
        let rest = before.trim_end();
        let last = rest.chars().next_back();
        before = match last {
            None => break,
            Some('-') => {
                comment |= rest.ends_with("--"); // Lua, SQL
                rest.trim_end_matches('-')
            }
            Some('#' | ';') => {
                comment = true;
                rest.trim_end_matches(['#', ';'])
            }
            Some('/') if rest.ends_with("//") => {
                comment = true;
                rest.trim_end_matches('/')
            }
            Some(quote @ ('"' | '\'')) if quoted.is_none() => {
                quoted = Some(quote);
                rest.get(..rest.len() - 1).unwrap_or_default()
            }
            _ => match ["export", "Environment=", "ENV", "set", "local", "env"]
                .iter()
                .find_map(|word| rest.strip_suffix(word))
            {
                Some(rest) => rest,
                None => {
                    return Key {
                        leads: false,
                        comment: rest.starts_with(['#', ';']),
                        quoted: None,
                        file: is_file(key),
                    };
                }
            },
        };
    }
    // `"key": value` closes its quotes before the separator, `"KEY=value"` after the value.
    let closed = line.get(from + key.len()..).is_some_and(|after| after.starts_with(['"', '\'']));
    Key { leads: true, comment, quoted: quoted.filter(|_| !closed), file: is_file(key) }
}

/// A key of cryptography may as well be kept in a file that the value names.
fn is_file(key: &str) -> bool {
    key.len() >= 3 && key.get(key.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("key"))
}

/// The value after a separator: past blanks, `=>`, an anchor, a tag.
pub(super) fn value_after(line: &str, at: usize) -> (usize, &str) {
    let mut rest = line.get(at..).unwrap_or_default().trim_start_matches(['=', '>']).trim_start();
    for _ in 0..2 {
        if rest.starts_with(['&', '!']) && rest.contains([' ', '\t']) {
            rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        }
    }
    (line.len() - rest.len(), rest)
}

/// Where a quoted value ends: the next such quote that is not escaped (`\"`) or doubled (`''`).
pub(super) fn closing_quote(value: &str, open: usize, quote: char) -> Option<usize> {
    let mut bytes = value.bytes().enumerate().skip(open).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' && quote == '"' {
            bytes.next();
        } else if char::from(byte) == quote {
            match bytes.peek() {
                Some(&(_, next)) if quote == '\'' && char::from(next) == quote && open == 1 => drop(bytes.next()),
                _ => return Some(at),
            }
        }
    }
    None
}

/// Where a bare value ends: with the line if its key leads the line, else with the word.
pub(super) fn bare_end(value: &str, key: &Key) -> usize {
    // A hole goes to its end: `KEY=$VALUE command`, `key = $$(VALUE)`, `key: {{ a "b" }}`.
    let dollars = value.bytes().take_while(|&byte| byte == b'$').count().saturating_sub(1);
    let hole = value.get(dollars..).and_then(values::hole_length).map_or(0, |length| dollars + length);
    if hole > 0 || value.starts_with('$') {
        let rest = value.get(hole..).unwrap_or_default();
        return hole + rest.find([' ', '\t', ',', ';', '"', '\'', '\r']).unwrap_or(rest.len());
    }
    if !key.leads {
        return value.find([' ', '\t', ',', ';', '&', '"', '\'', '}', ']', ')', '\r']).unwrap_or(value.len());
    }
    let end = key.quoted.and_then(|quote| value.rfind(quote)).unwrap_or(value.len());
    let value = value.get(..end).unwrap_or_default();
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    let value = value.get(..end).unwrap_or_default().trim_end();
    value.strip_suffix([',', ';']).unwrap_or(value).len()
}

/// Code that reads the secret from the environment or a store.
pub(super) fn is_code(value: &str) -> bool {
    const STARTS: [&str; 13] = [
        "os.",
        "process.env",
        "ENV[",
        "ENV.",
        "env(",
        "getenv(",
        "lookup(",
        "config.",
        "get_secret(",
        "var.",
        "data.",
        "builtins.",
        "System.getenv(",
    ];
    STARTS.iter().any(|start| value.starts_with(start))
}

pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
