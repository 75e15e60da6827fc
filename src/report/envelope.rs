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

/// A value as JSON in one line, without spare room: thousands of them may wait for the end.
pub fn entry<T: Serialize + ?Sized>(value: &T) -> Box<str> {
    json(value).into_boxed_str()
}

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

/// Writes the object's parts one after the other. That writing failed is known to whoever writes.
pub struct Envelope<'a> {
    out: &'a mut dyn Write,
    first: bool,
}

impl<'a> Envelope<'a> {
    /// Begins with `schema_version` and `tool`.
    pub fn begin(out: &'a mut dyn Write) -> Self {
        let mut envelope = Self { out, first: true };
        envelope.put("{\n");
        envelope.value("schema_version", &SCHEMA_VERSION);
        envelope.value("tool", &TOOL);
        envelope
    }

    fn put(&mut self, text: &str) {
        let _ = self.out.write_str(text);
    }

    fn key(&mut self, key: &str) {
        self.put(if self.first { "  \"" } else { ",\n  \"" });
        self.first = false;
        self.put(key);
        self.put("\": ");
    }

    /// A value in one line.
    pub fn value<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        self.put(&json(value));
    }

    /// A list, one entry a line; the entries are JSON already.
    pub fn list<S: AsRef<str>>(&mut self, key: &str, entries: impl IntoIterator<Item = S>) {
        self.key(key);
        self.entries(entries);
    }

    fn entries<S: AsRef<str>>(&mut self, entries: impl IntoIterator<Item = S>) {
        self.put("[");
        let mut any = false;
        for entry in entries {
            self.put(if any { ",\n    " } else { "\n    " });
            self.put(entry.as_ref());
            any = true;
        }
        self.put(if any { "\n  ]" } else { "]" });
    }

    /// `skipped`: how many, and which.
    pub fn skipped(&mut self, skipped: &super::Skipped) {
        self.key("skipped");
        let _ = write!(self.out, "{{\"count\": {}, \"files\": ", skipped.count);
        self.entries(skipped.files.iter().map(json));
        self.put("}");
    }

    /// Ends the object.
    pub fn end(mut self) {
        self.put("\n}\n");
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
