//! What the drawing has to stand: the sharp edges of miette, met through our excerpts.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::diagnostic::{Diagnostic, Painter, Place};
use super::excerpt::{Excerpt, Mark, Room};
use super::look::{Drawing, Look};
use super::words::columns;
use crate::lint::Severity;
use crate::text::{DisplaySource, Redactor, Source, Span};

const TERMINAL: Look = Look { drawing: Drawing::Unicode, colour: false, links: false, width: Some(80) };

fn display(text: &str) -> DisplaySource {
    Redactor::new().display(&Source::new("f", text))
}

/// A label at a byte range, with its true place.
fn mark<'a>(text: &str, range: std::ops::Range<usize>, words: &'a str, primary: bool) -> Mark<'a> {
    let place = Source::new("f", text).position(range.start as u32);
    let span = Span::new(range.start, range.end);
    Mark { span, narrow: span, place: (place.line as usize, place.column as usize), text: words, primary }
}

fn drawn(look: Look, text: &str, marks: Vec<Mark<'_>>) -> String {
    let source = display(text);
    let place = Place { file: "f", source: Some(&source), marks };
    let mut out = String::new();
    Painter::new(look).write(
        &mut out,
        &Diagnostic {
            severity: Severity::Warning,
            rule: None,
            message: "message",
            places: vec![place],
            remarks: Vec::new(),
            remarks_first: false,
            help: None,
        },
    );
    out
}

fn at(text: &str, word: &str) -> std::ops::Range<usize> {
    let start = text.find(word).unwrap_or_default();
    start..start + word.len()
}

#[test]
fn s1_far_labels_on_one_long_line_are_windows_of_it() {
    let text = format!("{{\"first\": 1, {}\"last\": 2}}", "\"x\": 0, ".repeat(20_000));
    let last = text.rfind("\"last\"").unwrap_or_default();
    let marks = vec![mark(&text, 1..8, "one", true), mark(&text, last..last + 6, "two", false)];
    for look in [TERMINAL, Look::PLAIN] {
        let out = drawn(look, &text, marks.clone());
        assert!(out.len() < 1_500, "a window, not the line: {} bytes", out.len());
        assert!(out.contains("f:1:2") && out.contains(&format!("f:1:{}", last + 1)), "{out}");
        assert!(out.contains("\"first\"") && out.contains("\"last\""), "{out}");
    }
}

#[test]
fn s2_a_large_file_costs_no_more_than_a_small_one() {
    let text = "key: value\n".repeat(300_000);
    let source = display(&text);
    let begun = std::time::Instant::now();
    for _ in 0..1_000 {
        let span = Span::new(3_000_000, 3_000_003);
        let mark = Mark { span, narrow: span, ..mark("", 0..0, "here", true) };
        let excerpt = Excerpt::new("f", &source, &[mark], Room { source: 72, context: true });
        assert_eq!(excerpt.rows.len(), 3);
    }
    assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
}

#[test]
fn s3_columns_count_characters() {
    let text = "é😀: 漢字 here\n";
    let out = drawn(TERMINAL, text, vec![mark(text, at(text, "here"), "label", true)]);
    assert_eq!(
        out,
        "warning: message\n   ╭─[f:1:8]\n 1 │ é😀: 漢字 here\n   ·           ──┬─\n   ·             ╰── label\n   ╰────\n"
    );
}

#[test]
fn s4_control_characters_do_not_reach_the_terminal() {
    let text = "a: \u{1b}[31mred\u{7} \u{202e}b\n";
    let out = drawn(TERMINAL, text, vec![mark(text, 0..1, "label", true)]);
    assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{out:?}");
}

#[test]
fn s5_labels_where_nothing_stands_are_drawn() {
    let empty = drawn(TERMINAL, "", vec![mark("", 0..0, "label", true)]);
    assert!(empty.contains("[f:1:1]") && empty.contains("label"), "{empty}");
    let text = "a: 1\nb: 2\n";
    let end = drawn(TERMINAL, text, vec![mark(text, text.len()..text.len(), "label", true)]);
    assert!(end.contains("2 │ b: 2\n   ·    ┬\n") && end.contains("label"), "{end}");
    let text = "a:\n\nb: 2";
    let blank = drawn(TERMINAL, text, vec![mark(text, 3..3, "label", true)]);
    assert!(blank.contains("[f:2:1]") && blank.contains("label"), "{blank}");
}

#[test]
fn tabs_and_line_ends_keep_labels_in_place() {
    let text = "a:\r\n\tb: c\r\n";
    let out = drawn(TERMINAL, text, vec![mark(text, at(text, "c"), "label", true)]);
    assert!(out.contains(" 2 │     b: c\n   ·        ┬\n"), "{out}");
}

#[test]
fn eighty_columns_hold_everything() {
    let text = format!("first: line\n{}: value of it\nlast: {}\n", "key_".repeat(15), "long ".repeat(60));
    let words = "a reason that is so long that it cannot stand beside its label in one line of a terminal";
    for word in ["first", "value", "key_", "last"] {
        let out = drawn(TERMINAL, &text, vec![mark(&text, at(&text, word), words, true)]);
        let widest = out.lines().map(columns).max();
        assert!(widest <= Some(80), "{word}: {widest:?}\n{out}");
        assert_eq!(out.split_whitespace().filter(|w| *w == "terminal").count(), 1, "{out}");
    }
}

#[test]
fn labels_of_one_place_are_one_and_overlaps_give_way() {
    let text = "key: value\n";
    let both = drawn(TERMINAL, text, vec![mark(text, 0..3, "one", true), mark(text, 0..3, "two", false)]);
    assert_eq!(both.matches("key").count(), 1);
    assert!(both.contains("one") && both.contains("two"), "{both}");
    let wide = Mark { span: Span::new(0, 10), narrow: Span::new(5, 10), ..mark(text, 5..10, "value", true) };
    let out = drawn(TERMINAL, text, vec![wide.clone(), mark(text, 0..3, "key", false)]);
    assert!(out.contains("─┬─  ──┬──"), "{out}");
    let out = drawn(TERMINAL, text, vec![wide]);
    assert!(out.contains("─────┬────"), "{out}");
}

#[test]
fn a_pipe_gets_the_words_without_drawing() {
    let text = "a: 1\nkey: value\n";
    let out = drawn(Look::PLAIN, text, vec![mark(text, at(text, "value"), "label", true)]);
    assert_eq!(out, "warning: message\n  f:2:6: label\n  2  key: value\n          ^^^^^\n");
    assert!(out.is_ascii());
}

#[test]
fn ten_thousand_diagnostics_are_quick() {
    let text = "retention:\n  default_policy:\n    max_lifetime: 1y\n".repeat(100);
    let marks = vec![mark(&text, 0..9, "a reason", true), mark(&text, at(&text, "1y"), "another", false)];
    let begun = std::time::Instant::now();
    for _ in 0..1_000 {
        assert!(!drawn(TERMINAL, &text, marks.clone()).is_empty());
    }
    // 0.1 s for ten thousand when built for release; a generous bound for a busy machine without optimisation.
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

proptest::proptest! {
    /// Whatever the text and wherever the labels: no panic (miette has several), no line lost.
    #[test]
    fn any_text_with_any_labels_is_drawn(
        text in "([a-zé漢😀\t :\r\n\u{300}]|long text of a line ){0,120}",
        spans in proptest::collection::vec((0_usize..400, 0_usize..40, 0_usize..40), 1..6),
        width in 40_usize..120,
    ) {
        let marks: Vec<Mark<'_>> = spans
            .iter()
            .enumerate()
            .map(|(number, (start, narrow, wide))| Mark {
                span: Span::new(*start, start + narrow + wide),
                narrow: Span::new(*start, start + narrow),
                place: (1, 1),
                text: "words that say why it matters",
                primary: number == 0,
            })
            .collect();
        for look in [Look { width: Some(width), ..TERMINAL }, Look { colour: true, drawing: Drawing::Ascii, ..TERMINAL }, Look::PLAIN] {
            let out = drawn(look, &text, marks.clone());
            proptest::prop_assert!(out.contains("f:1:1") && out.contains("words"), "{out}");
            proptest::prop_assert!(!out.contains("Failed to read"), "{out}");
        }
    }
}
