//! What stands at a fact's place, in a few words.

use crate::lint::report::{FactInfo, Origin};
use crate::text::{DisplaySource, Redactor, Shown, Span};
use std::sync::Arc;

/// A quotation is no longer than this.
const LONGEST: usize = 60;

/// What is written at the place of a fact; `None` if nothing is.
pub(super) fn quote(fact: &FactInfo, sources: &[(Shown, Arc<DisplaySource>)]) -> Option<Shown> {
    if !matches!(fact.origin?, Origin::Set | Origin::Initial | Origin::Declared) {
        return None;
    }
    let span = fact.span.as_ref()?;
    let (_, source) = sources.iter().find(|(file, _)| Some(file) == fact.file.as_ref())?;
    let text = value_at(source, span.bytes);
    // The text was masked as a whole; once more does no harm, and makes it fit to be shown.
    (!text.is_empty()).then(|| Redactor::new().show(&text))
}

/// The value at a span; where the span is that of a key, what follows it on its line.
fn value_at(source: &DisplaySource, span: Span) -> String {
    let shown = source.map(span);
    let text = source.text();
    let own = text.get(shown.start as usize..shown.end as usize).unwrap_or_default();
    let rest = text.get(shown.end as usize..).unwrap_or_default().lines().next().unwrap_or_default();
    let after = rest.trim_start_matches(['"', '\'', ']']).trim_start();
    let value = match after.strip_prefix([':', '=']) {
        Some(value) => value.split(" #").next().unwrap_or_default().trim().trim_end_matches(',').trim_end(),
        None => own.lines().next().unwrap_or_default().trim(),
    };
    match value.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or_default()),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn at(text: &str, part: &str) -> String {
        let source = Source::new("x", text);
        let start = text.find(part).unwrap_or_default();
        value_at(&Redactor::new().display(&source), Span::new(start, start + part.len()))
    }

    #[test]
    fn a_key_stands_for_what_follows_it() {
        assert_eq!(at("a:\n  max: null # for ever\n", "max"), "null");
        assert_eq!(at("{\"max\": null, \"b\": 1}", "\"max\""), "null, \"b\": 1}");
        assert_eq!(at("max: 28d\n", "28d"), "28d");
        assert_eq!(at("x = [ 1 ]\n", "x"), "[ 1 ]");
        assert_eq!(at("a:\n  b: 1\n", "a"), "");
        assert_eq!(at(&format!("a: {}", "ä".repeat(99)), &"ä".repeat(99)).chars().count(), LONGEST + 1);
    }
}
