//! Sets have definite and possible members, and answer in three values.

use super::*;

/// `x`: surely ip, possibly mail. `open`: surely ip, any other possibly.
fn sets() -> World {
    world(&[
        ("s.x", set(&["ip"], &["mail"], false)),
        ("s.y", set(&["ip", "phone"], &[], false)),
        ("s.open", set(&["ip"], &[], true)),
    ])
}

fn hold(world: &World, table: &[(&str, &str)]) {
    for (text, expected) in table {
        let found = world.value(text);
        // What is possible about an unknown truth value is beside the point here.
        assert_eq!(found.split('{').next().unwrap(), *expected, "{text}");
    }
}

#[test]
fn membership() {
    hold(
        &sets(),
        &[
            ("'ip' in s.x", "T"),
            ("'mail' in s.x", "U"),
            ("'phone' in s.x", "F"),
            ("'ip' in s.open", "T"),
            ("'anything' in s.open", "U"),
            ("'mail' in s.y", "F"),
        ],
    );
}

#[test]
fn intersection() {
    hold(
        &sets(),
        &[
            ("sets.intersects(s.x, ['ip', 'phone'])", "T"),
            ("sets.intersects(s.x, ['mail', 'phone'])", "U"),
            ("sets.intersects(s.x, ['phone'])", "F"),
            ("sets.intersects(s.x, [])", "F"),
            ("sets.intersects(['phone'], s.x)", "F"),
            ("sets.intersects(s.x, s.y)", "T"),
            ("sets.intersects(s.open, ['ip'])", "T"),
            ("sets.intersects(s.open, ['other'])", "U"),
            ("sets.intersects(s.open, [])", "F"),
        ],
    );
}

#[test]
fn containment_is_of_the_second_in_the_first() {
    hold(
        &sets(),
        &[
            ("sets.contains(s.x, ['ip'])", "T"),
            ("sets.contains(s.x, ['ip', 'mail'])", "U"),
            ("sets.contains(s.x, ['ip', 'phone'])", "F"),
            ("sets.contains(s.x, [])", "T"),
            // `mail` is possibly in `x` and surely not in `y`.
            ("sets.contains(s.y, s.x)", "U"),
            ("sets.contains(s.x, s.y)", "F"),
            ("sets.contains(s.open, ['ip'])", "T"),
            ("sets.contains(s.open, ['other'])", "U"),
            ("sets.contains(['ip', 'mail'], s.x)", "T"),
            ("sets.contains(['mail'], s.x)", "F"),
            ("sets.contains(['ip'], s.open)", "U"),
        ],
    );
}

#[test]
fn sizes() {
    hold(
        &sets(),
        &[
            ("size(s.y)", "2"),
            ("size(s.x) >= 1", "T"),
            ("size(s.x) > 2", "F"),
            ("size(s.x) == 1", "U"),
            ("size(s.open) > 0", "T"),
            ("size(s.open) >= 1", "T"),
            ("0 < size(s.open)", "T"),
            ("size(s.open) != 0", "T"),
            ("size(s.open) == 0", "F"),
            ("size(s.open) < 1", "F"),
            ("size(s.open) == 1", "U"),
            ("size(s.open) <= 1", "U"),
            ("size(s.open) > 1", "U"),
            ("1 == size(s.open)", "U"),
        ],
    );
    let empty = world(&[("s.open", set(&[], &[], true)), ("s.x", set(&[], &[], false))]);
    hold(&empty, &[("size(s.open) > 0", "U"), ("size(s.x) == 0", "T"), ("size(s.open) >= 0", "T")]);
}

#[test]
fn folds_leave_open_what_only_possible_members_would_decide() {
    hold(
        &sets(),
        &[
            ("s.x.exists(v, v == 'ip')", "T"),
            ("s.x.exists(v, v == 'mail')", "U"),
            ("s.x.exists(v, v == 'phone')", "F"),
            ("s.x.all(v, v == 'ip')", "U"),
            ("s.x.all(v, v != 'phone')", "T"),
            ("s.x.all(v, v == 'mail')", "F"),
            // There may be any other member.
            ("s.open.exists(v, v == 'ip')", "T"),
            ("s.open.exists(v, v == 'other')", "U"),
            ("s.open.all(v, v == 'ip')", "U"),
            ("s.open.all(v, v == 'other')", "F"),
        ],
    );
}

#[test]
fn equality() {
    hold(
        &sets(),
        &[
            ("s.y == ['phone', 'ip']", "T"),
            ("s.y != ['ip']", "T"),
            ("s.x == ['ip']", "U"),
            ("s.x == ['ip', 'mail']", "U"),
            ("s.x == ['ip', 'phone']", "F"),
            ("s.x == ['mail']", "F"),
            ("s.x != ['mail']", "T"),
            ("s.open == ['ip']", "U"),
            ("s.open == ['other']", "F"),
        ],
    );
}

#[test]
fn worse_sets_have_more_or_lack_what_is_good() {
    let world = world(&[
        ("s.x", set(&["ip", "mail"], &[], false)),
        ("s.y", set(&["ip"], &["phone"], false)),
        ("s.good", set(&["ip"], &[], false)),
    ]);
    hold(
        &world,
        &[
            ("worse(s.x, ['ip'])", "T"),
            ("worse(s.x, ['ip', 'mail', 'phone'])", "F"),
            ("worse(s.y, ['ip'])", "U"),
            ("worse(s.y, ['mail'])", "T"),
            ("worse(s.y, ['ip', 'phone'])", "F"),
            // More is better here: what lacks something is worse.
            ("worse(s.good, ['ip', 'mail'])", "T"),
            ("worse(s.good, ['ip'])", "F"),
            ("worse(s.good, [])", "F"),
        ],
    );
}

#[test]
fn filters_and_maps_of_sets() {
    let world = world(&[("s.x", set(&["ip", "mail"], &[], false)), ("s.y", set(&["ip"], &["mail"], false))]);
    hold(
        &world,
        &[
            ("size(s.x.filter(v, v == 'ip'))", "1"),
            ("s.x.filter(v, v != 'ip').exists(v, v == 'ip')", "F"),
            ("size(s.x.map(v, v)) == 2", "T"),
            ("'ip' in s.x.map(v, v)", "T"),
            // A possible member stays one.
            ("'mail' in s.y.filter(v, v != 'ip')", "U"),
            ("'ip' in s.y.filter(v, v != 'ip')", "F"),
        ],
    );
}
