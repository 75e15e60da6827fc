//! Objects of Kubernetes of the kind `Secret`: whatever their entries are called, they are secrets.
//!
//! Like the rest of the lexical pass this knows no format: it goes by lines and their indentation, and works where
//! the file does not parse.

use super::super::Span;
use super::parts::indentation;
use super::scan::Found;
use super::values;

/// Where the entries of Secrets stand.
pub(super) fn scan(text: &str, exempt: &[Span], found: &mut Found) {
    if !text.contains("Secret") || !text.contains("kind") {
        return;
    }
    let mut start = 0;
    for part in documents(text) {
        if is_secret(part) {
            let mut scan = Scan { exempt, found, block: None };
            let mut at = start;
            for line in part.split_inclusive('\n') {
                scan.line(line.trim_end_matches(['\n', '\r']), at);
                at += line.len();
            }
        }
        start += part.len();
    }
}

/// The documents of a file of YAML.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.find("\n---") {
            Some(end) => {
                let (part, after) = text.split_at_checked(end + 1)?;
                rest = Some(after);
                Some(part)
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Does a line say `kind: Secret`?
fn is_secret(part: &str) -> bool {
    part.match_indices("Secret").any(|(at, word)| {
        let before = part.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let after = part.get(at + word.len()..).unwrap_or_default();
        let kind = line.trim_end_matches([' ', '\t', '"', '\'']).strip_suffix(':');
        let kind = kind.is_some_and(|key| key.trim_end_matches(['"', '\'']).ends_with("kind"));
        kind && (after.starts_with("List") || !after.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// The block that is open.
#[derive(Copy, Clone)]
struct Block {
    /// The indentation of its key.
    indent: usize,
    /// That of its entries.
    entries: Option<usize>,
    /// Its values are Base64, so they tell nothing where they are not masked as a whole.
    encoded: bool,
}

struct Scan<'s> {
    exempt: &'s [Span],
    found: &'s mut Found,
    block: Option<Block>,
}

impl Scan<'_> {
    fn line(&mut self, line: &str, start: usize) {
        let content = line.trim();
        let indent = indentation(line);
        if let Some(block) = self.block {
            if content.is_empty() || content.starts_with('#') {
                return;
            }
            if indent > block.indent && !content.starts_with('}') {
                return self.entry(line, start, indent, block);
            }
            self.block = None;
        }
        // A list's item begins further left than its keys.
        let key = content.trim_start_matches(['-', ' ', '"', '\'']);
        for (name, encoded) in [("data", true), ("stringData", false), ("binaryData", true)] {
            let Some(rest) = key.strip_prefix(name).map(|rest| rest.trim_start_matches(['"', '\''])) else { continue };
            let Some(value) = rest.trim_start().strip_prefix(':') else { continue };
            let value = value.trim();
            let indent = line.len() - line.trim_start_matches([' ', '-']).len();
            if value.is_empty() || matches!(value, "{" | "{ ") || value.starts_with('#') {
                self.block = Some(Block { indent, entries: None, encoded });
            }
        }
        self.inline(line, start);
    }

    /// An entry of a block, or a line of one.
    fn entry(&mut self, line: &str, start: usize, indent: usize, mut block: Block) {
        let first = *block.entries.get_or_insert(indent);
        self.block = Some(block);
        let from = line.len() - line.trim_start().len();
        let content = line.trim();
        if indent > first {
            // A further line of a value. In clear it is a line of a file, which is looked at like any other.
            if block.encoded {
                self.mask(content, start + from, true);
            }
            return;
        }
        let Some(colon) = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1)) else {
            return self.mask(content, start + from, block.encoded);
        };
        let value = content.get(colon + 1..).unwrap_or_default();
        let at = start + from + colon + 1 + (value.len() - value.trim_start().len());
        let value = value.trim().trim_end_matches(',');
        if !value.is_empty() && !values::is_block_header(value) {
            self.mask(value, at, block.encoded);
        }
    }

    /// `data: {a: b}` on one line.
    fn inline(&mut self, line: &str, start: usize) {
        for name in ["data", "stringData", "binaryData"] {
            let mut done = 0;
            for (at, _) in line.match_indices(name) {
                let after = line.get(at + name.len()..).unwrap_or_default();
                let rest = after.trim_start_matches(['"', '\'', ' ']);
                let map = rest.strip_prefix(':').map(str::trim_start).and_then(|rest| rest.strip_prefix('{'));
                let begins = !line.get(..at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let Some(map) = map.filter(|_| begins && at >= done) else { continue };
                let mut at = line.len() - map.len();
                let map = map.split('}').next().unwrap_or_default();
                done = at + map.len();
                for entry in map.split_inclusive(',') {
                    if let Some((key, value)) = entry.split_once(':') {
                        let blanks = value.len() - value.trim_start().len();
                        let value = value.trim().trim_end_matches(',').trim_end();
                        self.mask(value, start + at + key.len() + 1 + blanks, name != "stringData");
                    }
                    at += entry.len();
                }
            }
        }
    }

    fn mask(&mut self, value: &str, start: usize, encoded: bool) {
        let quoted = value.len() >= 2 && value.starts_with(['"', '\'']);
        let inner = value.trim_matches(['"', '\'']);
        let start = start + usize::from(quoted);
        let span = Span::new(start, start + inner.len());
        if values::is_plain(inner) || !encoded && self.exempt.iter().any(|exempt| exempt.overlaps(span)) {
            return;
        }
        // Words that stand in clear may stand anywhere.
        let sure = !encoded && inner.len() >= 8 && !values::is_placeholder(inner);
        let list = if sure { &mut self.found.known } else { &mut self.found.local };
        values::literals(inner, start, list);
    }
}
