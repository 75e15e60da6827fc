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

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(path: &str) -> Value {
        artifact(&Shown::saved(path)).get("uri").cloned().unwrap_or_default()
    }

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("infra/a-b_c.yaml"), "infra/a-b_c.yaml");
        assert_eq!(uri("a b/ü#?%:.yaml"), "a%20b/%C3%BC%23%3F%25%3A.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("/etc/x y.yaml"), "file:///etc/x%20y.yaml");
        assert_eq!(artifact(&Shown::fixed("/x")).get("uriBaseId"), None, "what is absolute has no base");
        assert_eq!(artifact(&Shown::fixed("x")).get("uriBaseId").and_then(Value::as_str), Some("SRCROOT"));
    }

    #[test]
    fn only_links_of_ours_are_links() {
        assert_eq!(plain("see [here](https://x.example) [a][b]"), "see [here] (https://x.example) [a][b]");
        assert_eq!(link_text("a]b\\[c\nd"), "a\\]b\\\\\\[c d");
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(clipped("short"), "short");
        let cut = clipped(&"é".repeat(3_000));
        assert_eq!((cut.chars().count(), cut.ends_with("é…")), (1_001, true));
    }
}
