//! Unknown values that are one of a few.

use super::*;

#[test]
fn an_operation_that_gives_the_same_for_all_candidates_is_decided() {
    let world = world(&[
        ("l.x", one_of_words(&["none", "some"])),
        ("d.x", one_of([period("1d"), period("7d")])),
        ("a.x", one_of_words(&["registered", "everyone"])),
        ("w.x", one_of_words(&["abc", "abd"])),
        ("n.x", one_of([Value::Number(1.0), Value::Number(2.0)])),
        ("n.y", one_of([Value::Number(2.0), Value::Number(3.0)])),
        ("t.a", one_of([Value::Bool(true)])),
    ]);
    for (text, expected) in [
        ("l.x < 'all'", "T"),
        ("l.x == 'all'", "F"),
        ("l.x == 'none'", "U{T|F}"),
        ("l.x in ['none', 'some']", "T"),
        ("l.x in ['none', 'some', 'all']", "T"),
        ("l.x in ['all']", "F"),
        ("l.x in ['none', 'all']", "U{T|F}"),
        ("d.x <= '30d'", "T"),
        ("d.x > '1d'", "U{F|T}"),
        ("d.x + '1d' >= '2d'", "T"),
        ("strangers(a.x)", "T"),
        ("unauthenticated(a.x)", "U{F|T}"),
        ("w.x.startsWith('ab')", "T"),
        ("w.x.endsWith('d')", "U{F|T}"),
        ("n.x <= n.y", "T"),
        ("n.x < n.y", "U{T|F}"),
        ("n.x + n.y", "U{3|4|5}"),
        ("n.x + n.y <= 5", "T"),
        ("[n.x, n.y].max()", "U{2|3}"),
        ("[n.x, 5].max()", "5"),
        ("[n.x, 0].min() == 0", "T"),
        ("!t.a", "F"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn more_than_eight_candidates_are_as_good_as_none() {
    let numbers = |n: u32| one_of((0..n).map(|i| Value::Number(f64::from(i))));
    assert_eq!(world(&[("n.x", numbers(8))]).value("n.x + 1"), "U{1|2|3|4|5|6|7|8}");
    let sum = world(&[("n.x", numbers(3)), ("n.y", one_of([0.0, 10.0, 20.0].map(Value::Number)))]);
    assert_eq!(sum.value("n.x + n.y"), "U", "nine sums");
}

#[test]
fn a_join_of_more_than_eight_values_keeps_none() {
    let world = world(&[("n.x", one_of((0..8).map(|i| Value::Number(f64::from(i))))), ("n.y", number(8.0))]);
    assert_eq!(world.value("t.a ? n.x : n.x"), "U{0|1|2|3|4|5|6|7}");
    assert_eq!(world.value("t.a ? n.x : n.y"), "U");
}

#[test]
fn an_unknown_without_candidates_decides_nothing() {
    let world = world(&[("n.x", one_of([Value::Number(1.0)]))]);
    assert_eq!(world.value("n.x <= n.y"), "U");
    assert_eq!(world.value("n.y in [1, 2]"), "U");
    assert_eq!(world.value("n.x == 1"), "T", "one candidate is as good as known");
}

#[test]
fn candidates_do_not_outweigh_what_is_not_applicable() {
    let world = world(&[("n.x", one_of([Value::Number(1.0)])), ("n.y", not_applicable())]);
    assert_eq!(world.value("n.x < n.y"), "U", "an unknown side comes first");
}

#[test]
fn the_reason_and_kind_of_the_unknown_are_passed_on() {
    let reading =
        world(&[("n.x", Reading::unknown("a template fills it in", Reason::Templated))]).eval("!(n.x + 1 < 5) && true");
    let unknown = reading.as_unknown().unwrap();
    assert_eq!(&*unknown.why, "a template fills it in");
    assert_eq!(unknown.kind, Reason::Templated);
}

#[test]
fn a_qualifier_that_is_one_of_a_few_picks_one_of_their_values() {
    let with = |group: &str| world(&[("q.e2ee['direct']", word("none")), ("q.e2ee['group']", word(group))]);
    let text = "q.e2ee[t.a ? 'direct' : 'group']";
    assert_eq!(with("all").value(text), "U{none|all}");
    assert_eq!(with("none").value(text), "none");
    assert_eq!(with("some").value(&format!("{text} == 'all'")), "F");
}

#[test]
fn set_candidates_decide_what_they_agree_on() {
    let world = world(&[("s.x", one_of([set_value(&["ip"], &[], false), set_value(&["ip", "mail"], &[], false)]))]);
    for (text, expected) in [
        ("'ip' in s.x", "T"),
        ("'phone' in s.x", "F"),
        ("'mail' in s.x", "U{F|T}"),
        ("size(s.x) > 0", "T"),
        ("size(s.x) == 3", "F"),
        ("size(s.x) == 1", "U{T|F}"),
        ("sets.contains(s.x, ['ip'])", "T"),
        ("sets.intersects(s.x, ['phone'])", "F"),
        ("s.x.exists(v, v == 'ip')", "T"),
        ("s.x.all(v, v != 'phone')", "T"),
        ("s.x.all(v, v == 'ip')", "U{T|F}"),
        ("s.x == ['ip']", "U{T|F}"),
        ("s.x == ['phone']", "F"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}
