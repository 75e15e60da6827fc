//! Which leaves decided: the sources and facts of a value.

use super::*;

fn letters(letters: &str) -> World {
    let names = ["t.a", "t.b", "t.c", "t.d"];
    world(&names.iter().zip(letters.chars()).map(|(n, l)| (*n, truth(l))).collect::<Vec<_>>())
}

#[test]
fn a_false_conjunction_rests_on_every_operand_that_is_false() {
    assert_eq!(letters("FTF").sources("t.a && t.b && t.c"), "t.a t.c");
    assert_eq!(letters("FUN").sources("t.a && t.b && t.c"), "t.a");
}

#[test]
fn a_true_disjunction_rests_on_every_operand_that_is_true() {
    assert_eq!(letters("TFT").sources("t.a || t.b || t.c"), "t.a t.c");
    assert_eq!(letters("NUT").sources("t.a || t.b || t.c"), "t.c");
}

#[test]
fn an_undecided_one_rests_on_the_unknown_operands() {
    assert_eq!(letters("TUN").sources("t.a && t.b && t.c"), "t.b");
    assert_eq!(letters("UFU").sources("t.a || t.b || t.c"), "t.a t.c");
    assert_eq!(letters("TNN").sources("t.a && t.b && t.c"), "t.b t.c");
    assert_eq!(letters("NFF").sources("t.a || t.b || t.c"), "t.a");
}

#[test]
fn else_on_all() {
    assert_eq!(letters("TT").sources("t.a && t.b"), "t.a t.b");
    assert_eq!(letters("FF").sources("t.a || t.b"), "t.a t.b");
    assert_eq!(letters("F").sources("!t.a"), "t.a");
    assert_eq!(letters("TF").sources("t.a == t.b"), "t.a t.b");
}

#[test]
fn only_what_decides_deep_inside() {
    assert_eq!(letters("TFTT").sources("(t.a && t.b) || (t.c && t.d)"), "t.c t.d");
    assert_eq!(letters("FTFF").sources("(t.a && t.b) || (t.c && t.d)"), "t.a t.c t.d");
    assert_eq!(letters("TFTF").sources("!(t.a && t.b) && !(t.c && t.d)"), "t.b t.d");
}

#[test]
fn comparisons_rest_on_both_sides_or_on_the_unknown_one() {
    let world = world(&[("n.x", number(1.0)), ("d.x", kept("1d")), ("d.y", not_applicable())]);
    assert_eq!(world.sources("n.x < n.y"), "n.y");
    assert_eq!(world.sources("n.x + 1 < 5"), "n.x");
    assert_eq!(world.sources("d.x < d.y"), "d.y");
    assert_eq!(world.sources("d.x == '1d'"), "d.x");
    assert_eq!(world.sources("n.x in [1, 2]"), "n.x");
}

#[test]
fn what_candidates_decide_rests_on_all_operands() {
    let world = world(&[("n.x", number(9.0)), ("n.y", one_of([Value::Number(1.0), Value::Number(2.0)]))]);
    assert_eq!(world.sources("n.x > n.y"), "n.x n.y");
}

#[test]
fn a_choice_rests_on_the_branch_and_the_condition() {
    assert_eq!(letters("TFT").sources("t.a ? t.b : t.c"), "t.b t.a");
    assert_eq!(letters("FFT").sources("t.a ? t.b : t.c"), "t.c t.a");
    assert_eq!(letters("UFT").sources("t.a ? t.b : t.c"), "t.b t.c t.a");
}

fn scopes(levels: [&str; 3]) -> World {
    let mut world = world(&[]);
    for (scope, level) in ["direct", "group", "channel"].iter().zip(levels) {
        let reading = match level {
            "U" => unknown(),
            "N" => not_applicable(),
            level => word(level),
        };
        world.set(&format!("q.e2ee['{scope}']"), reading);
    }
    world
}

#[test]
fn folds_rest_on_the_members_that_decide() {
    let exists = "scopes.exists(s, q.e2ee[s] == 'none')";
    let all = "scopes.all(s, q.e2ee[s] == 'none')";
    assert_eq!(scopes(["none", "all", "none"]).sources(exists), "q.e2ee['direct'] q.e2ee['channel']");
    assert_eq!(scopes(["all", "U", "all"]).sources(exists), "q.e2ee['group']");
    assert_eq!(scopes(["all", "N", "all"]).sources(exists), "q.e2ee['direct'] q.e2ee['channel']");
    assert_eq!(scopes(["none", "all", "some"]).sources(all), "q.e2ee['group'] q.e2ee['channel']");
    assert_eq!(scopes(["none", "none", "none"]).sources(all), "q.e2ee['direct'] q.e2ee['group'] q.e2ee['channel']");
    assert_eq!(scopes(["N", "N", "N"]).sources(all), "q.e2ee['direct'] q.e2ee['group'] q.e2ee['channel']");
}

#[test]
fn an_extreme_rests_on_the_elements_that_attain_it() {
    let world = world(&[("n.x", number(3.0)), ("n.y", number(7.0)), ("d.x", kept("7d")), ("d.y", kept("7d"))]);
    assert_eq!(world.sources("[n.x, n.y].min()"), "n.x");
    assert_eq!(world.sources("[n.x, n.y].max()"), "n.y");
    assert_eq!(world.sources("[d.x, d.y, '30d'].min()"), "d.x d.y");
    assert_eq!(world.sources("[n.x, n.y].max() > 5"), "n.y");
}

#[test]
fn settings_and_their_being_written_are_sources() {
    let world = world(&[]).with_vendor("setting.name", word("x")).with_written("setting.hosts", truth('T'));
    assert_eq!(world.sources("setting.name == 'x' && has(setting.hosts)"), "setting.name setting.hosts");
}

#[test]
fn an_empty_list_is_the_source_of_what_is_said_of_it() {
    let world = world(&[]).with_vendor("setting.hosts", texts(&[]));
    assert_eq!(world.sources("setting.hosts.all(h, h == 'x')"), "setting.hosts");
    assert_eq!(world.sources("size(setting.hosts) == 0"), "setting.hosts");
}

#[test]
fn facts_are_those_that_decide() {
    let world = letters("FTF");
    let facts = |text: &str| {
        world.eval(text).facts.iter().map(|k| world.place_name(k.place() as u32)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(facts("t.a && t.b && t.c"), "t.a t.c");
    assert_eq!(facts("t.b && !t.c"), "t.b t.c");
    assert_eq!(facts("t.b || t.d"), "t.b");
    assert_eq!(facts("t.b && t.d"), "t.d");
}

#[test]
fn a_decided_version_comparison_needs_no_source_but_a_known_one_has_its_own() {
    let mut world = world(&[("t.a", truth('T'))]);
    world.version = Some("1.120");
    assert_eq!(world.sources("context.version >= '1.110' && t.a"), "t.a");
}
