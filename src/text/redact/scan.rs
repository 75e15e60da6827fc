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

/// As many lines a private key or an open quote may go on.
const LONGEST: usize = 200;
/// Shorter runs of letters and digits are not looked at.
const RANDOM: usize = 32;

/// Looks for secrets.
pub(super) fn scan(text: &str, exempt: &[Span]) -> Found {
    let mut scan = Scan { text, exempt, found: Found::default(), rest: Rest::Nothing, sql: text.contains("@tcp(") || text.contains("@unix(") };
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes.get(start..).and_then(|rest| rest.iter().position(|&byte| byte == b'\n'));
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
}

/// A key that names a secret, and how it is written.
struct Key {
    /// It begins its line (after indentation, `-`, `export`, a comment mark, a quote).
    leads: bool,
    comment: bool,
    /// The whole `KEY=value` is between quotes.
    quoted: Option<char>,
}

impl<'a> Scan<'a> {
    fn line(&mut self, start: usize, end: usize) {
        let line = self.text.get(start..end).unwrap_or_default();
        if !matches!(self.rest, Rest::Nothing) && self.goes_on(line, start) {
            return;
        }
        let bytes = line.as_bytes();
        let mut run = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b':' | b'=' => {
                    if let Some(done) = self.separator(line, start, at, byte) {
                        self.assigned(line, start, at + 1, &done);
                    }
                    run = 0;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'/' | b'_' | b'-' => {
                    run += 1;
                    // The last character of a long run.
                    let ends = run >= RANDOM && bytes.get(at + 1).is_none_or(|&next| !is_run(next));
                    if ends {
                        self.run(line, start, at + 1 - run, at + 1);
                    }
                }
                _ => run = 0,
            }
        }
        if let Some(begin) = line.find("-----BEGIN ") {
            self.pem(line, start, begin);
        }
    }

    /// Takes a line that an earlier one speaks of.
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
                if closed.is_some() || *lines > LONGEST {
                    self.rest = Rest::Nothing;
                }
                let content = content.get(..closed.unwrap_or(content.len())).unwrap_or_default();
                self.mask(content, start + (line.len() - line.trim_start().len()));
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
        let key = leading(line, from);
        // `:` needs a blank after it, or a quoted key before it, or to stand in the line's first word.
        let spaced = next.is_none_or(|next| next.is_ascii_whitespace());
        (byte == b'=' || spaced || quoted_key || key.leads).then_some(key)
    }

    /// Masks the value after a secret's key.
    fn assigned(&mut self, line: &str, start: usize, at: usize, key: &Key) {
        let (at, value) = value_after(line, at);
        let (from, to, quoted) = match value.chars().next() {
            None | Some('*' | '{' | '[') if !value.starts_with("{{") && !value.starts_with("{%") => return,
            Some('|' | '>') if values::is_block_header(value.trim_end()) => {
                self.rest = Rest::Block { indent: indentation(line) };
                return;
            }
            Some(quote @ ('"' | '\'' | '`')) if key.quoted != Some(quote) => {
                let triple = value.get(..3).is_some_and(|three| three.chars().all(|c| c == quote));
                let open = if triple { 3 } else { 1 };
                match closing_quote(value, open, quote) {
                    Some(end) => (open, end, true),
                    None => {
                        if key.leads && !key.comment {
                            self.rest = Rest::Quote { quote, lines: 0 };
                        }
                        (open, value.trim_end().len(), true)
                    }
                }
            }
            // Code that fetches the secret from elsewhere is none; but what it falls back to is.
            _ if is_code(value) => {
                self.fallbacks(value, start + at);
                return;
            }
            _ => (0, bare_end(value, key), false),
        };
        let value = value.get(from..to).unwrap_or_default();
        let from = start + at + from;
        let span = Span::new(from, from + value.len());
        if values::is_plain(value) || self.is_exempt(span) {
            return;
        }
        let (_, name, _) = key_before(line, at_of_separator(line, at)).unwrap_or_default_name();
        let _ = name;
        let mut parts = Vec::new();
        values::literals(value, from, &mut parts);
        let sure = quoted || !key.comment && (key.leads || value.bytes().any(|byte| byte.is_ascii_digit()));
        if sure { self.found.known.append(&mut parts) } else { self.found.local.append(&mut parts) }
    }
}
