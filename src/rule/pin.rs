//! A pack that is asked for as it was: `baseline@1` by its edition, `ours.toml@sha256:…` by its content.

/// What a pack must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pin {
    /// This edition.
    Edition(usize),
    /// This content: SHA-256 in hexadecimal digits, or how they begin (eight at least).
    Content(String),
}

impl Pin {
    /// Splits a name or path from what it is pinned to. An `@` that begins no pin belongs to the name.
    pub fn split(name: &str) -> (&str, Option<Pin>) {
        let Some((before, after)) = name.rsplit_once('@').filter(|(before, _)| !before.is_empty()) else {
            return (name, None);
        };
        if let Some(hash) = after.strip_prefix("sha256:") {
            return (before, Some(Pin::Content(hash.to_ascii_lowercase())));
        }
        match after.parse() {
            Ok(edition) => (before, Some(Pin::Edition(edition))),
            Err(_) => (name, None),
        }
    }

    /// What is wrong with a pack of this edition and content: the problem, and how to mend it.
    pub fn differs(&self, name: &str, edition: usize, sha256: &str) -> Option<(String, String)> {
        match self {
            Pin::Edition(wanted) if *wanted == edition => None,
            Pin::Edition(wanted) => Some((
                format!("`{name}` has no edition {wanted} here; it is at edition {edition}"),
                format!("write `{name}@{edition}`, after a look at what has changed"),
            )),
            Pin::Content(wanted) if wanted.len() < 8 || !wanted.bytes().all(|b| b.is_ascii_hexdigit()) => Some((
                format!("`sha256:{wanted}` is no hash that can be compared"),
                format!("write at least eight hexadecimal digits; this pack is `sha256:{sha256}`"),
            )),
            Pin::Content(wanted) if sha256.starts_with(wanted.as_str()) => None,
            Pin::Content(_) => Some((
                format!("`{name}` is not the pack that is pinned: its content has changed"),
                format!("if the change is meant, write `{name}@sha256:{sha256}`"),
            )),
        }
    }
}
