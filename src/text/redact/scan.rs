//! The lexical pass: one walk over a text, line by line, that knows no format.

use super::super::Span;
use super::{names, values};

/// Where secrets are, each on one line.
#[derive(Default)]
pub(super) struct Found {
    /// Surely secrets: masked wherever their text occurs.
    pub known: Vec<Span>,
    /// Perhaps prose: masked at their place only.
    pub local: Vec<Span>,
}

/// As many lines a private key and an open quote may go on.
const LONGEST: usize = 200;
const LONGEST_QUOTE: usize = 20;
/// As far as a key is looked for before its separator, and an address after it.
const NEAR: usize = 256;
const ADDRESS: usize = 512;
/// Shorter runs of letters and digits are not looked at.
const RANDOM: usize = 32;

/// Looks for secrets.
pub(super) fn scan(text: &str, exempt: &[Span]) -> Found {
    let mut scan = Scan {
        text,
        exempt,
        found: Found::default(),
        rest: Rest::Nothing,
        sql: text.contains("@tcp(") || text.contains("@unix("),
        pem: text.contains("-----BEGIN "),
    };
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes.get(start..).and_then(|rest| rest.iter().position(|&byte| matches!(byte, b'\n' | b'\r')));
        let end = end.map_or(bytes.len(), |length| start + length);
        scan.line(start, end);
        start = end + 1;
    }
    scan.found
}

/// What an earlier line says of the lines that follow.
enum Rest {
    Nothing,
    /// A private key, until its end mark.
    Pem { lines: usize },
    /// A block of text below a secret's key: all lines that are deeper.
    Block { indent: usize },
    /// A quoted secret that is not closed on its line.
    Quote { quote: char, lines: usize },
}

struct Scan<'a> {
    text: &'a str,
    exempt: &'a [Span],
    found: Found,
    rest: Rest,
    /// The text holds MySQL addresses: `user:password@tcp(host)/name`.
    sql: bool,
    pem: bool,
}

/// A key that names a secret, and how it is written.
struct Key {
    /// It begins its line (after indentation, `-`, `export`, a comment mark, a quote).
    leads: bool,
    comment: bool,
    /// The whole `KEY=value` is between quotes.
    quoted: Option<char>,
    /// The value may be the path of a file.
    file: bool,
}

impl<'a> Scan<'a> {
    fn line(&mut self, start: usize, end: usize) {
        let line = self.text.get(start..end).unwrap_or_default();
        if !matches!(self.rest, Rest::Nothing) && self.goes_on(line, start) {
            return;
        }
        let bytes = line.as_bytes();
        let (mut at, mut run) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            if is_run(byte) {
                run += 1;
                if run >= RANDOM && !bytes.get(at).is_some_and(|&next| is_run(next)) {
                    self.run(line, start, at - run, at);
                }
                continue;
            }
            run = 0;
            if matches!(byte, b':' | b'=')
                && let Some(key) = self.separator(line, start, at - 1, byte)
            {
                at = self.assigned(line, start, at, &key).max(at);
            }
        }
        if self.pem
            && let Some(begin) = line.find("-----BEGIN ")
        {
            self.pem(line, start, begin);
        }
    }

    /// Takes a line that an earlier one speaks of; false if it is to be looked at like any other, too.
    fn goes_on(&mut self, line: &str, start: usize) -> bool {
        let content = line.trim();
        match &mut self.rest {
            Rest::Nothing => return false,
            Rest::Pem { lines } => {
                *lines += 1;
                let end = content.find("-----END");
                let key = content.get(..end.unwrap_or(content.len())).unwrap_or_default();
                if end.is_some() || *lines > LONGEST {
                    self.rest = Rest::Nothing;
                }
                self.mask(key, start + (line.len() - line.trim_start().len()));
                return end.is_none();
            }
            Rest::Block { indent } => {
                if !content.is_empty() && indentation(line) <= *indent {
                    self.rest = Rest::Nothing;
                    return false;
                }
                if content.contains("-----BEGIN ") || content.contains("-----END ") {
                    return true;
                }
                self.mask(content, start + (line.len() - line.trim_start().len()));
            }
            Rest::Quote { quote, lines } => {
                *lines += 1;
                let closed = content.find(*quote);
                if closed.is_some() || *lines > LONGEST_QUOTE {
                    self.rest = Rest::Nothing;
                }
                // If the quote was none, this is no secret: so it is not looked for elsewhere.
                let content = content.get(..closed.unwrap_or(content.len())).unwrap_or_default();
                values::literals(content, start + (line.len() - line.trim_start().len()), &mut self.found.local);
                return closed.is_none();
            }
        }
        true
    }

    /// A private key: its first line stays, its lines are masked one by one.
    fn pem(&mut self, line: &str, start: usize, begin: usize) {
        let head = line.get(begin..).unwrap_or_default();
        let Some(mark) = head.get(11..).and_then(|rest| rest.find("-----")).map(|at| 11 + at) else { return };
        if !head.get(..mark).is_some_and(|name| name.contains("PRIVATE")) {
            return;
        }
        let from = begin + mark + 5;
        let tail = line.get(from..).unwrap_or_default();
        // On one line, with its line breaks as escapes.
        let closed = tail.find("-----END");
        let over = closed.or_else(|| tail.find(['"', '\'']));
        let key = tail.get(..over.unwrap_or(tail.len())).unwrap_or_default();
        self.mask(key.trim(), start + from + (key.len() - key.trim_start().len()));
        if over.is_none() {
            self.rest = Rest::Pem { lines: 0 };
        }
    }

    /// Looks at a `:` or `=`: passwords in addresses are dealt with, a key that names a secret is handed back.
    fn separator(&mut self, line: &str, start: usize, at: usize, byte: u8) -> Option<Key> {
        let bytes = line.as_bytes();
        let next = bytes.get(at + 1).copied();
        if byte == b':' {
            if next == Some(b'/') && bytes.get(at + 2) == Some(&b'/') {
                self.address(line, start, at + 3);
                return None;
            }
            if self.sql && next.is_some_and(|next| !next.is_ascii_whitespace()) {
                self.sql_address(line, start, at + 1);
            }
        } else if matches!(next, Some(b'=' | b'~')) || matches!(at.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'=' | b'!' | b'<' | b'>' | b'~')) {
            return None;
        }
        let (key, from, quoted_key) = key_before(line, at)?;
        if !names::is_secret(key) {
            return None;
        }
        let key = leading(line, from, key);
        // `:` needs a blank after it, or a quoted key before it, or to stand in the line's first word.
        let spaced = next.is_none_or(|next| next.is_ascii_whitespace());
        (byte == b'=' || spaced || quoted_key || key.leads).then_some(key)
    }

    /// Masks the value after a secret's key; gives where the value ends.
    fn assigned(&mut self, line: &str, start: usize, at: usize, key: &Key) -> usize {
        let (at, value) = value_after(line, at);
        let (from, to, quoted) = match value.chars().next() {
            None | Some('*' | '[') => return at,
            Some('{') if !value.starts_with("{{") && !value.starts_with("{%") => return at,
            Some('|' | '>') if values::is_block_header(value.trim_end()) => {
                self.rest = Rest::Block { indent: indentation(line) };
                return line.len();
            }
            Some(quote @ ('"' | '\'' | '`')) if key.quoted != Some(quote) => {
                let triple = value.get(..3).is_some_and(|three| three.chars().all(|c| c == quote));
                let open = if triple { 3 } else { 1 };
                let end = closing_quote(value, open, quote);
                if end.is_none() && key.leads && !key.comment {
                    self.rest = Rest::Quote { quote, lines: 0 };
                }
                (open, end.unwrap_or(value.trim_end().len()), true)
            }
            // Code that fetches the secret from elsewhere is none; but what it falls back to is.
            _ if is_code(value) => {
                self.fallbacks(value, start + at);
                return line.len();
            }
            _ => (0, bare_end(value, key), false),
        };
        let end = at + to;
        let value = value.get(from..to).unwrap_or_default();
        let from = start + at + from;
        let path = key.file && (value.starts_with(['/', '.', '~']) || value.ends_with(".pem") || value.ends_with(".key"));
        if path || values::is_plain(value) || self.is_exempt(Span::new(from, from + value.len())) {
            return at;
        }
        // What may be prose or a place-holder is masked where it stands, but is no secret elsewhere.
        let likely = quoted || !key.comment && (key.leads || value.bytes().any(|byte| byte.is_ascii_digit()));
        let sure = likely && !values::is_placeholder(value) && !names::is_secret(value);
        let found = if sure { &mut self.found.known } else { &mut self.found.local };
        values::literals(value, from, found);
        // The password of an address is a secret by itself, too.
        if let Some(host) = value.find("://") {
            self.address(line, start, from - start + host + 3);
        }
        end
    }

    /// Quoted texts after the first argument of code: `os.getenv("X", "fallback")`, `getenv("X") or "fallback"`.
    fn fallbacks(&mut self, code: &str, start: usize) {
        let mut at = 0;
        let mut first = true;
        while let Some(open) = code.get(at..).and_then(|rest| rest.find(['"', '\''])).map(|found| at + found) {
            let Some(quote) = code.get(open..).and_then(|rest| rest.chars().next()) else { return };
            let Some(length) = code.get(open + 1..).and_then(|rest| rest.find(quote)) else { return };
            if !first {
                let value = code.get(open + 1..open + 1 + length).unwrap_or_default();
                self.mask(value, start + open + 1);
            }
            first = false;
            at = open + length + 2;
        }
    }

    /// The password of `scheme://user:password@host`.
    fn address(&mut self, line: &str, start: usize, at: usize) {
        let rest = word_at(line, at);
        let Some(colon) = rest.find([':', '/', '@', '?', '#']).filter(|&at| rest.as_bytes().get(at) == Some(&b':')) else {
            return;
        };
        let after = rest.get(colon + 1..).unwrap_or_default();
        let authority = after.get(..after.find(['/', '?', '#']).unwrap_or(after.len())).unwrap_or_default();
        // A password may hold a `/` that should have been written as `%2F`; a port holds digits only.
        let port = authority.bytes().all(|byte| byte.is_ascii_digit());
        let end = match authority.rfind('@') {
            Some(end) => Some(end),
            None if port => None,
            None => after.find('@'),
        };
        if let Some(end) = end {
            self.mask(after.get(..end).unwrap_or_default(), start + at + colon + 1);
        }
    }

    /// The password of MySQL's `user:password@tcp(host)`.
    fn sql_address(&mut self, line: &str, start: usize, at: usize) {
        let rest = word_at(line, at);
        if let Some(end) = rest.find("@tcp(").or_else(|| rest.find("@unix(")) {
            self.mask(rest.get(..end).unwrap_or_default(), start + at);
        }
    }

    /// A long run of letters and digits; masked if it looks random and is no key.
    fn run(&mut self, line: &str, start: usize, from: usize, to: usize) {
        let after = line.get(to..).unwrap_or_default();
        let quoted = after.starts_with(['"', '\'']);
        let after = after.trim_start_matches(['"', '\'']);
        let is_key = after.starts_with(": ") || quoted && after.trim_start().starts_with(':');
        let before = line.get(..from).unwrap_or_default();
        let run = line.get(from..to).unwrap_or_default();
        // A digest is no secret, it pins what everybody can fetch.
        let digest = ["sha256", "sha512", "sha384", "sha1", "md5"];
        let digest = digest.iter().any(|name| run.starts_with(name) || before.trim_end_matches([':', '-']).ends_with(name));
        if is_key || digest {
            return;
        }
        if !run.starts_with('/') && self.random(line, start, from, to) {
            return;
        }
        // A path may hold a random name.
        let mut at = from;
        for piece in run.split('/').filter(|piece| piece.len() < run.len()) {
            self.random(line, start, at, at + piece.len());
            at += piece.len() + 1;
        }
    }

    fn random(&mut self, line: &str, start: usize, from: usize, to: usize) -> bool {
        let random = to - from >= RANDOM && line.get(from..to).is_some_and(values::is_random);
        if random {
            let padding = line.bytes().skip(to).take(2).take_while(|&byte| byte == b'=').count();
            let span = Span::new(start + from, start + to + padding);
            if !self.is_exempt(span) {
                self.found.known.push(span);
            }
        }
        random
    }

    fn mask(&mut self, value: &str, start: usize) {
        values::literals(value, start, &mut self.found.known);
    }

    fn is_exempt(&self, span: Span) -> bool {
        self.exempt.iter().any(|exempt| exempt.overlaps(span))
    }
}

/// The word that begins at a byte, as far as an address may go.
fn word_at(line: &str, at: usize) -> &str {
    let rest = line.get(at..line.floor_char_boundary(at + ADDRESS)).unwrap_or_default();
    let end = rest.find([' ', '\t', '"', '\'', '`', '<', '>', '\r']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn is_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-')
}

/// The key before a separator, where it begins, and whether it is between quotes.
fn key_before(line: &str, at: usize) -> Option<(&str, usize, bool)> {
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
fn leading(line: &str, from: usize, key: &str) -> Key {
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
            _ => match ["export", "Environment=", "ENV", "set", "local", "env"].iter().find_map(|word| rest.strip_suffix(word)) {
                Some(rest) => rest,
                None => return Key { leads: false, comment: comment || rest.starts_with('#'), quoted: None, file: is_file(key) },
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
fn value_after(line: &str, at: usize) -> (usize, &str) {
    let mut rest = line.get(at..).unwrap_or_default().trim_start_matches(['=', '>']).trim_start();
    for _ in 0..2 {
        if rest.starts_with(['&', '!']) && rest.contains([' ', '\t']) {
            rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        }
    }
    (line.len() - rest.len(), rest)
}

/// Where a quoted value ends: the next such quote that is not escaped (`\"`) or doubled (`''`).
fn closing_quote(value: &str, open: usize, quote: char) -> Option<usize> {
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
fn bare_end(value: &str, key: &Key) -> usize {
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
fn is_code(value: &str) -> bool {
    const STARTS: [&str; 13] = [
        "os.", "process.env", "ENV[", "ENV.", "env(", "getenv(", "lookup(", "config.", "get_secret(", "var.", "data.", "builtins.",
        "System.getenv(",
    ];
    STARTS.iter().any(|start| value.starts_with(start))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
