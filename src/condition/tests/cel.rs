//! Whatever is accepted is CEL: another reader of that language parses it too.

use super::generate::condition;
use super::*;
use proptest::prelude::*;

/// Does the `cel` crate parse it?
fn is_cel(text: &str) -> bool {
    ::cel::Program::compile(text).is_ok()
}

#[test]
fn the_other_reader_can_say_no() {
    for text in ["", "a &&", "x == 'a", "a ? b", "a < < b", "l.exists(1, true)"] {
        assert!(!is_cel(text), "{text}");
    }
}

#[test]
fn every_form_is_cel() {
    for text in [
        "a.b['c'] == 'd' && !(x <= -1.5) || y in [1, 2, 3]",
        "sets.intersects(a, ['x']) && sets.contains(['x'], a)",
        "[a, b, 'c'].max() + 'd' >= params.e",
        "has(setting.x.y) && setting.z.exists(i, has(i.f) && i.f.startsWith(\"g\"))",
        "known(a) ? worse(b, c) : loopback(d)",
        "scopes.filter(s, f[s]).map(s, g[s]).min() != 'h'",
        "size([]) == 0",
        "strangers(discovery.by_phone[it])",
        "x == 'a \"quoted\" word'",
        "context.version < '1.2' && instance.id == 'x'",
    ] {
        assert!(parse(text).is_ok() && is_cel(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_generated_condition_is_cel(text in condition(true)) {
        prop_assert!(is_cel(&text), "{}", text);
    }

    /// Token soup: what our parser takes, the other takes.
    #[test]
    fn whatever_is_accepted_is_cel(words in proptest::collection::vec(proptest::sample::select(WORDS_OF_CONDITIONS.to_vec()), 1..8)) {
        for glue in ["", " "] {
            let text = words.join(glue);
            if parse(&text).is_ok() {
                prop_assert!(is_cel(&text), "{:?}", text);
            }
        }
    }
}

const WORDS_OF_CONDITIONS: [&str; 40] = [
    "a",
    "b.c",
    "x",
    "1",
    "2.5",
    "0",
    "'t'",
    "\"u\"",
    "true",
    "false",
    "null",
    "in",
    "for",
    "if",
    "!",
    "-",
    "&&",
    "||",
    "==",
    "<",
    ">=",
    "+",
    "?",
    ":",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "f(",
    "size(",
    "x.exists(v, ",
    "_",
    "__a",
    "'",
    "\n",
    "as",
    "package",
    "var",
];
