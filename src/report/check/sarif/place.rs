//! Places and texts as SARIF spells them.

use crate::lint::Range;
use crate::text::Shown;
use serde_json::{Value, json as object};
use std::fmt::Write;

/// A path as a reference that is relative to the root: what is no unreserved character is percent-encoded.
pub fn artifact(file: &Shown) -> Value {
    let path = file.as_ref();
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    if path.starts_with('/') {
        return object!({ "uri": format!("file://{uri}") });
    }
    object!({ "uri": uri, "uriBaseId": "SRCROOT" })
}

/// A region. What is not written stands at the key above it, or at the first character of the file.
pub fn region(range: &Range) -> Value {
    object!({
        "startLine": range.start.line, "startColumn": range.start.column,
        "endLine": range.end.line, "endColumn": range.end.column,
    })
}

/// A location; without a range, the beginning of the file.
pub fn location(file: &Shown, range: Option<&Range>) -> Value {
    let first = || object!({ "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 });
    let region = range.map_or_else(first, region);
    object!({ "physicalLocation": { "artifactLocation": artifact(file), "region": region } })
}

/// Text in which nothing is a link.
pub fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// The text of a link.
pub fn link_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]").replace('\n', " ")
}

/// GitHub refuses a rule's text of more than 1,024 characters.
pub fn clipped(text: &str) -> String {
    const MOST: usize = 1_000;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
