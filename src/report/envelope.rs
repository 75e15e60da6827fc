//! JSON of ours: an object with one line an entry, so that it can be searched and compared line by line.

use serde::Serialize;
use std::fmt::Write;

/// The version of the JSON that `check`, `facts` and the listings print.
pub const SCHEMA_VERSION: u32 = 1;

/// This program, as JSON names it.
#[derive(Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool { name: "hushlint", version: env!("CARGO_PKG_VERSION") };

/// A value as JSON in one line. A CI system may read our output line by line and obey `##[…]` and
/// `section_start:` wherever they stand; JSON can spell those characters so that only a JSON reader sees them.
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    if text.contains("##") {
        text = text.replace("##", "#\\u0023");
    }
    if text.contains("section_") {
        text = text.replace("section_start:", "section_start\\u003a").replace("section_end:", "section_end\\u003a");
    }
    text
}

/// Writes the object's parts one after the other.
pub struct Envelope<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Envelope<'a> {
    /// Begins with `schema_version` and `tool`.
    pub fn begin(out: &'a mut String) -> Self {
        out.push_str("{\n");
        let mut envelope = Self { out, first: true };
        envelope.value("schema_version", &SCHEMA_VERSION);
        envelope.value("tool", &TOOL);
        envelope
    }

    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push_str(",\n");
        }
        self.first = false;
        let _ = write!(self.out, "  \"{key}\": ");
    }

    /// A value in one line.
    pub fn value<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        self.out.push_str(&json(value));
    }

    /// A list, one entry a line; the entries are JSON already.
    pub fn list<S: AsRef<str>>(&mut self, key: &str, entries: impl IntoIterator<Item = S>) {
        self.key(key);
        self.out.push('[');
        let mut any = false;
        for entry in entries {
            self.out.push_str(if any { ",\n    " } else { "\n    " });
            self.out.push_str(entry.as_ref());
            any = true;
        }
        self.out.push_str(if any { "\n  ]" } else { "]" });
    }

    /// `skipped`: how many, and which.
    pub fn skipped(&mut self, skipped: &super::Skipped) {
        self.key("skipped");
        let _ = write!(self.out, "{{\"count\": {}, \"files\": [", skipped.count);
        for (number, file) in skipped.files.iter().enumerate() {
            self.out.push_str(if number == 0 { "\n    " } else { ",\n    " });
            self.out.push_str(&json(file));
        }
        self.out.push_str(if skipped.files.is_empty() { "]}" } else { "\n  ]}" });
    }

    /// Ends the object.
    pub fn end(self) {
        self.out.push_str("\n}\n");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn commands_of_ci_systems_are_spelt_out() {
        let text = json("##[error] ###vso[x] section_start:1");
        assert!(!text.contains("##") && !text.contains("section_start:"));
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "##[error] ###vso[x] section_start:1");
    }

    #[test]
    fn an_object_is_json() {
        let mut out = String::new();
        let mut envelope = Envelope::begin(&mut out);
        envelope.list("a", ["1", "2"]);
        envelope.list::<&str>("b", []);
        envelope.end();
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(value["a"][1], 2);
    }
}
