//! The truth tables of the format, literally.

use super::*;

const LETTERS: [char; 4] = ['T', 'F', 'U', 'N'];

fn of(a: char, b: char, text: &str) -> char {
    letter(&world(&[("t.a", truth(a)), ("t.b", truth(b))]).eval(text))
}

/// Rows and columns are T F U N.
fn holds(table: [&str; 4], text: &str) {
    for (row, a) in table.iter().zip(LETTERS) {
        for (expected, b) in row.chars().zip(LETTERS) {
            assert_eq!(of(a, b, text), expected, "{text} of {a} and {b}");
        }
    }
}

#[test]
fn and() {
    holds(["TFUN", "FFFF", "UFUU", "NFUN"], "t.a && t.b");
}

#[test]
fn or() {
    holds(["TTTT", "TFUN", "TUUU", "TNUN"], "t.a || t.b");
}

#[test]
fn not_keeps_unknown_and_not_applicable() {
    for (a, expected) in LETTERS.iter().zip(['F', 'T', 'U', 'N']) {
        assert_eq!(of(*a, 'T', "!t.a"), expected, "!{a}");
    }
}

#[test]
fn long_chains_are_folds_of_pairs() {
    for a in LETTERS {
        for b in LETTERS {
            for c in LETTERS {
                let world = world(&[("t.a", truth(a)), ("t.b", truth(b)), ("t.c", truth(c))]);
                for sign in ["&&", "||"] {
                    let flat = world.value(&format!("t.a {sign} t.b {sign} t.c"));
                    assert_eq!(flat, world.value(&format!("(t.a {sign} t.b) {sign} t.c")), "{a}{b}{c}");
                    assert_eq!(flat, world.value(&format!("t.a {sign} (t.b {sign} t.c)")), "{a}{b}{c}");
                }
            }
        }
    }
}

#[test]
fn de_morgan() {
    for a in LETTERS {
        for b in LETTERS {
            assert_eq!(of(a, b, "!(t.a && t.b)"), of(a, b, "!t.a || !t.b"), "{a} {b}");
            assert_eq!(of(a, b, "!(t.a || t.b)"), of(a, b, "!t.a && !t.b"), "{a} {b}");
        }
    }
}

#[test]
fn a_comparison_with_an_unknown_side_is_unknown_else_with_one_not_applicable_not_applicable() {
    let sides = |x: Reading, y: Reading| world(&[("n.x", x), ("n.y", y)]);
    for sign in ["==", "!=", "<", "<=", ">", ">="] {
        let text = format!("n.x {sign} n.y");
        assert_eq!(sides(unknown(), number(1.0)).value(&text), "U");
        assert_eq!(sides(unknown(), not_applicable()).value(&text), "U");
        assert_eq!(sides(not_applicable(), unknown()).value(&text), "U");
        assert_eq!(sides(number(1.0), not_applicable()).value(&text), "N");
        assert_eq!(sides(not_applicable(), not_applicable()).value(&text), "N");
    }
}

#[test]
fn orders() {
    let world = world(&[
        ("n.x", number(2.0)),
        ("l.x", word("some")),
        ("d.x", kept("30d")),
        ("d.y", kept("unlimited")),
        ("l.choice", word("red")),
        ("t.a", truth('T')),
    ]);
    for (text, expected) in [
        ("n.x < 2.5", "T"),
        ("n.x <= 2", "T"),
        ("n.x > 2", "F"),
        ("n.x >= -1", "T"),
        ("2 == n.x", "T"),
        ("n.x != 2", "F"),
        // Worst first: `none` < `some` < `all`.
        ("l.x > 'none'", "T"),
        ("'all' > l.x", "T"),
        ("l.x >= 'all'", "F"),
        // In length `none` < `until-delivered` < any number < `until-account-deletion` < `unlimited` = `unspecified`.
        ("d.x > 'until-delivered'", "T"),
        ("d.x > 'none'", "T"),
        ("d.x < 'until-account-deletion'", "T"),
        ("d.x == '720 hours'", "T"),
        ("d.x == '1mo'", "T"),
        ("d.x == 'P30D'", "T"),
        ("d.y <= 'unspecified'", "T"),
        ("d.y >= 'unspecified'", "T"),
        ("d.y == 'unspecified'", "F"),
        ("d.y > '100y'", "T"),
        ("l.choice == 'red'", "T"),
        ("l.choice != 'blue'", "T"),
        ("t.a == true", "T"),
        ("t.a != t.a", "F"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn sums() {
    let world = world(&[("n.x", number(2.0)), ("d.x", kept("30d")), ("d.y", kept("until-account-deletion"))]);
    for (text, expected) in [
        ("n.x + 3 == 5", "T"),
        ("n.x + 1 + 1 == 4", "T"),
        ("d.x + '1d' == '31d'", "T"),
        ("d.x + 'none' == '30d'", "T"),
        // Of words the longest stays.
        ("d.x + d.y == 'until-account-deletion'", "T"),
        ("d.y + 'unlimited' == 'unlimited'", "T"),
        ("d.x + 'until-delivered' == '30d'", "T"),
        ("n.y + 1 > 2", "U"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn a_choice_by_an_unknown_condition_is_the_join_of_both() {
    let with = |a: Reading, x: Reading, y: Reading| world(&[("t.a", a), ("d.x", x), ("d.y", y)]);
    let text = "t.a ? d.x : d.y";
    assert_eq!(with(truth('T'), kept("1d"), kept("2d")).value(text), "1d");
    assert_eq!(with(truth('F'), kept("1d"), kept("2d")).value(text), "2d");
    // All equal: that.
    assert_eq!(with(truth('U'), kept("1d"), kept("1d")).value(text), "1d");
    // Both not applicable: that.
    assert_eq!(with(truth('U'), not_applicable(), not_applicable()).value(text), "N");
    // Each known or with candidates: unknown with candidates.
    assert_eq!(with(truth('U'), kept("1d"), kept("2d")).value(text), "U{1d|2d}");
    assert_eq!(with(truth('U'), kept("1d"), one_of([period("2d"), period("1d")])).value(text), "U{1d|2d}");
    // Else unknown.
    assert_eq!(with(truth('U'), kept("1d"), unknown()).value(text), "U");
    assert_eq!(with(truth('U'), kept("1d"), not_applicable()).value(text), "U");
    // What both candidates pass is decided.
    assert_eq!(with(truth('U'), kept("1d"), kept("2d")).value("(t.a ? d.x : d.y) <= '3d'"), "T");
    assert_eq!(with(truth('U'), kept("1d"), kept("2d")).value("(t.a ? d.x : d.y) <= '1d'"), "U{T|F}");
}
