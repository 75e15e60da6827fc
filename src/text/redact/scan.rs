//! The lexical pass: one walk over a text, line by line, that knows no format.

use super::super::Span;
use super::parts::{Key, bare_end, closing_quote, indentation, is_code, key_before, leading, value_after, word_at};
use super::{kept, names, values};

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
        named: false,
    };
    // A search for one byte is several times quicker than one for two.
    let returns = text.contains('\r');
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = if returns { rest.find(['\n', '\r']) } else { rest.find('\n') };
        let end = length.map_or(text.len(), |length| start + length);
        scan.line(start, end);
        start = end + 1;
    }
    let mut found = scan.found;
    kept::scan(text, exempt, &mut found);
    found
}

/// What an earlier line says of the lines that follow.
enum Rest {
    Nothing,
    /// A private key, until its end mark.
    Pem {
        lines: usize,
    },
    /// A block of text below a secret's key: all lines that are deeper.
    Block {
        indent: usize,
    },
    /// A quoted secret that is not closed on its line.
    Quote {
        quote: char,
        lines: usize,
    },
}

struct Scan<'a> {
    text: &'a str,
    exempt: &'a [Span],
    found: Found,
    rest: Rest,
    /// The text holds MySQL addresses: `user:password@tcp(host)/name`.
    sql: bool,
    pem: bool,
    /// The last `name` was that of a secret; its `value` follows.
    named: bool,
}

impl<'a> Scan<'a> {
    fn line(&mut self, start: usize, end: usize) {
        let line = self.text.get(start..end).unwrap_or_default();
        if !matches!(self.rest, Rest::Nothing) && self.goes_on(line, start) {
            return;
        }
        let bytes = line.as_bytes();
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let run = rest.iter().position(|byte| !is_run(*byte)).unwrap_or(rest.len());
            if run >= RANDOM {
                self.run(line, start, at, at + run);
            }
            let Some(&byte) = bytes.get(at + run) else { break };
            at += run + 1;
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
        } else if matches!(next, Some(b'=' | b'~'))
            || matches!(at.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'=' | b'!' | b'<' | b'>' | b'~'))
        {
            return None;
        }
        let (key, from, quoted_key) = key_before(line, at)?;
        if key == "name" {
            self.named = names::is_secret(
                value_after(line, at + 1).1.split(['"', '\'', ' ', ',', '}']).find(|w| !w.is_empty())?,
            );
            return None;
        }
        let of_name = key == "value" && std::mem::take(&mut self.named);
        if !of_name && !names::is_secret(key) {
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
        let path =
            key.file && (value.starts_with(['/', '.', '~']) || value.ends_with(".pem") || value.ends_with(".key"));
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
        let Some(colon) = rest.find([':', '/', '@', '?', '#']).filter(|&at| rest.as_bytes().get(at) == Some(&b':'))
        else {
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
        let digest =
            digest.iter().any(|name| run.starts_with(name) || before.trim_end_matches([':', '-']).ends_with(name));
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

fn is_run(byte: u8) -> bool {
    const RUN: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte: u8 = 0;
        while byte < 128 {
            #[allow(clippy::indexing_slicing)] // a constant: it would not compile
            {
                table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-');
            }
            byte += 1;
        }
        table
    };
    RUN.get(usize::from(byte)).copied().unwrap_or(false)
}
