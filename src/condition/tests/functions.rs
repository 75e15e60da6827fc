//! Every function of the format's table, where sets have a file of their own.

use super::*;

#[test]
fn has_asks_whether_a_setting_or_field_is_written() {
    let world = world(&[])
        .with_written("setting.name", truth('T'))
        .with_written("setting.hosts", truth('U'))
        .with_vendor("setting.listeners", records(&[5, 12]));
    assert_eq!(world.value("has(setting.name)"), "T");
    assert_eq!(world.value("has(setting.deep)"), "F");
    assert_eq!(world.value("has(setting.hosts)"), "U");
    assert_eq!(world.value("setting.listeners[0].port > 0 && has(setting.name)"), "T");
    assert_eq!(world.value("setting.listeners.map(l, has(l.port))"), "[false,true]");
}

#[test]
fn known_is_always_decided() {
    for (letter, expected) in [('T', "T"), ('F', "T"), ('N', "T"), ('U', "F")] {
        assert_eq!(world(&[("t.a", truth(letter))]).value("known(t.a)"), expected, "{letter}");
    }
    assert_eq!(world(&[("t.a", one_of([Value::Bool(true), Value::Bool(false)]))]).value("known(t.a)"), "F");
    assert_eq!(world(&[]).value("known(t.a && t.b)"), "F");
    assert_eq!(world(&[("t.b", truth('F'))]).value("known(t.a && t.b)"), "T", "a decided operation is known");
}

#[test]
fn exists_is_or_and_all_is_and() {
    let of = |letters: &str| {
        let mut world = world(&[]);
        for (scope, letter) in ["direct", "group", "channel"].iter().zip(letters.chars()) {
            let level = match letter {
                'T' => word("none"),
                'F' => word("all"),
                other => truth(other),
            };
            world.set(&format!("q.e2ee['{scope}']"), level);
        }
        world
    };
    let exists = "scopes.exists(s, q.e2ee[s] == 'none')";
    let all = "scopes.all(s, q.e2ee[s] == 'none')";
    for (letters, there, everywhere) in [
        ("TTT", "T", "T"),
        ("TFF", "T", "F"),
        ("FFF", "F", "F"),
        ("UFF", "U", "F"),
        ("TTU", "T", "U"),
        ("UTF", "T", "F"),
        // Members whose predicate is not applicable are left out.
        ("NFF", "F", "F"),
        ("NTT", "T", "T"),
        ("NNT", "T", "T"),
        ("NNF", "F", "F"),
        ("NUN", "U", "U"),
        ("NNN", "N", "N"),
    ] {
        assert_eq!(of(letters).value(exists), there, "exists over {letters}");
        assert_eq!(of(letters).value(all), everywhere, "all over {letters}");
    }
}

#[test]
fn over_nothing_exists_is_false_and_all_is_true() {
    let world = world(&[("s.x", set(&[], &[], false))]).with_vendor("setting.hosts", texts(&[]));
    for list in ["setting.hosts", "s.x", "scopes.filter(s, s == 'call')"] {
        assert_eq!(world.value(&format!("{list}.exists(v, v == v)")), "F", "{list}");
        assert_eq!(world.value(&format!("{list}.all(v, v != v)")), "T", "{list}");
    }
}

#[test]
fn an_unknown_or_missing_list_makes_folds_so() {
    assert_eq!(world(&[]).value("setting.hosts.exists(h, h == 'x')"), "U");
    let none = world(&[]).with_vendor("setting.hosts", not_applicable());
    assert_eq!(none.value("setting.hosts.all(h, h == 'x')"), "N");
}

#[test]
fn filter_keeps_what_is_true() {
    let world = world(&[]).with_vendor("setting.listeners", records(&[1, 2, 3, 4]));
    assert_eq!(world.value("setting.listeners.filter(l, l.type == 'tls').map(l, l.port)"), "[2,4]");
    assert_eq!(world.value("size(setting.listeners.filter(l, l.port > 9))"), "0");
    assert_eq!(world.value("scopes.filter(s, s != 'group')"), "[direct,channel]");
}

#[test]
fn what_a_filter_leaves_open_is_a_possible_member() {
    let mut world = world(&[]);
    for (scope, letter) in [("direct", 'T'), ("group", 'U'), ("channel", 'F')] {
        let level = if letter == 'T' {
            word("none")
        } else if letter == 'F' {
            word("all")
        } else {
            unknown()
        };
        world.set(&format!("q.e2ee['{scope}']"), level);
    }
    let open = "scopes.filter(s, q.e2ee[s] == 'none')";
    assert_eq!(world.value(&format!("'direct' in {open}")).split('{').next(), Some("T"));
    assert_eq!(world.value(&format!("'group' in {open}")).split('{').next(), Some("U"));
    assert_eq!(world.value(&format!("'channel' in {open}")).split('{').next(), Some("F"));
    assert_eq!(world.value(&format!("{open}.exists(s, s == 'direct')")).split('{').next(), Some("T"));
    assert_eq!(world.value(&format!("{open}.all(s, s == 'direct')")).split('{').next(), Some("U"));
    assert_eq!(world.value(&format!("size({open}) > 0")).split('{').next(), Some("T"));
    assert_eq!(world.value(&format!("size({open}) == 1")).split('{').next(), Some("U"));
}

#[test]
fn smallest_and_greatest() {
    let world = world(&[
        ("n.x", number(3.0)),
        ("n.y", number(7.0)),
        ("l.x", word("all")),
        ("d.x", kept("7d")),
        ("d.y", kept("unlimited")),
    ]);
    for (text, expected) in [
        ("[n.x, n.y].min()", "3"),
        ("[n.x, n.y, 9].max()", "9"),
        ("[l.x, 'none'].min()", "none"),
        ("[l.x, 'some'].max()", "all"),
        ("[d.x, d.y].max()", "unlimited"),
        ("[d.x, '1d', d.y].min()", "1d"),
        ("[d.x].min() == '7d'", "T"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn the_extreme_of_nothing_is_unknown() {
    let world = world(&[]).with_vendor("setting.listeners", records(&[]));
    assert_eq!(world.value("setting.listeners.map(l, l.port).min()"), "U");
    assert_eq!(world.value("setting.listeners.map(l, l.port).max() > 1"), "U");
}

#[test]
fn the_extreme_of_what_is_not_known_is_not_known() {
    let world = world(&[("n.x", number(3.0))]);
    assert_eq!(world.value("[n.x, n.y].min()"), "U");
    assert_eq!(world.value("[n.x, n.y].max()"), "U");
}

#[test]
fn predicates_of_audiences() {
    for (audience, strangers, external, unauthenticated) in [
        ("nobody", 'F', 'F', 'F'),
        ("contacts", 'F', 'F', 'F'),
        ("partners", 'F', 'T', 'F'),
        ("registered", 'T', 'T', 'F'),
        ("everyone", 'T', 'T', 'T'),
    ] {
        let world = world(&[("a.x", word(audience))]);
        assert_eq!(letter(&world.eval("strangers(a.x)")), strangers, "{audience}");
        assert_eq!(letter(&world.eval("external(a.x)")), external, "{audience}");
        assert_eq!(letter(&world.eval("unauthenticated(a.x)")), unauthenticated, "{audience}");
    }
    assert_eq!(world(&[]).value("strangers(a.x)"), "U");
    assert_eq!(world(&[("a.x", not_applicable())]).value("strangers(a.x)"), "N");
}

#[test]
fn worse_goes_by_the_order_of_the_type() {
    let world = world(&[
        ("a.x", word("everyone")),
        ("a.y", word("registered")),
        ("l.x", word("none")),
        ("l.y", word("some")),
        ("t.a", truth('F')),
        ("t.c", truth('F')),
        ("d.x", kept("7d")),
        ("d.long", kept("7d")),
        ("n.x", number(1.0)),
        ("n.y", number(1.0)),
    ]);
    for (text, expected) in [
        // A predicate holds for it and not for the other; the order is partial.
        ("worse(a.x, a.y)", "T"),
        ("worse(a.y, a.x)", "F"),
        ("worse(a.y, a.y)", "F"),
        ("worse(a.y, 'partners')", "T"),
        ("worse(a.x, 'nobody')", "T"),
        ("worse(l.x, l.y)", "T"),
        ("worse(l.y, 'none')", "F"),
        ("worse(l.x, l.x)", "F"),
        // `t.a` is better true, `t.c` better false.
        ("worse(t.a, true)", "T"),
        ("worse(t.c, true)", "F"),
        // A shorter duration is better, unless the vocabulary says longer.
        ("worse(d.x, '1d')", "T"),
        ("worse(d.x, '30d')", "F"),
        ("worse(d.long, '30d')", "T"),
        ("worse(d.long, '1d')", "F"),
        // `n.x` is better higher, `n.y` better lower.
        ("worse(n.x, 2)", "T"),
        ("worse(n.y, 2)", "F"),
        ("worse(n.y, 0)", "T"),
        ("worse(l.x, q.e2ee['direct'])", "U"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn texts_are_tested() {
    let world = world(&[("w.x", word("Domain\\Admins"))]).with_vendor("setting.name", word("matrix.example.org"));
    for (text, expected) in [
        ("setting.name.startsWith('matrix.')", "T"),
        ("setting.name.startsWith('Matrix')", "F"),
        ("setting.name.endsWith('.org')", "T"),
        ("setting.name.contains('example')", "T"),
        ("setting.name.contains('')", "T"),
        ("w.x.contains('Admins')", "T"),
        ("w.x == setting.name", "F"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
}

#[test]
fn loopback_holds_if_every_address_is_of_this_machine() {
    for yes in [
        "127.0.0.1",
        "127.9.9.9:80",
        "::1",
        "[::1]:8008",
        "localhost",
        "localhost:25",
        "/run/x.sock",
        "unix:/run/x.sock",
    ] {
        assert_eq!(world(&[]).with_vendor("setting.name", word(yes)).value("loopback(setting.name)"), "T", "{yes}");
    }
    for no in [
        "0.0.0.0",
        "::",
        "192.168.0.1",
        "example.org",
        "localhost.example.org",
        "1127.0.0.1",
        "127.0.0.1.example.org",
        "",
    ] {
        assert_eq!(world(&[]).with_vendor("setting.name", word(no)).value("loopback(setting.name)"), "F", "{no}");
    }
    let hosts = |list: &[&str]| world(&[]).with_vendor("setting.hosts", texts(list)).value("loopback(setting.hosts)");
    assert_eq!(hosts(&["127.0.0.1", "::1"]), "T");
    assert_eq!(hosts(&["127.0.0.1", "0.0.0.0"]), "F");
    assert_eq!(world(&[]).value("loopback(setting.hosts)"), "U");
}

#[test]
fn indices_count_from_zero() {
    let world = world(&[]).with_vendor("setting.hosts", texts(&["a", "b"]));
    assert_eq!(world.value("setting.hosts[0] == 'a'"), "T");
    assert_eq!(world.value("setting.hosts[1]"), "b");
    assert_eq!(world.value("setting.hosts[2] == 'c'"), "N");
    assert_eq!(world.value("setting.hosts[n.x]"), "U");
}

#[test]
fn names_of_qualified_facts() {
    let mut world = world(&[
        ("q.e2ee['direct']", word("all")),
        ("q.e2ee['group']", word("none")),
        ("q.message['everyone']", word("everyone")),
        ("q.message['minor']", word("contacts")),
        ("q.secrets['key']", word("inline")),
    ]);
    for (text, expected) in [
        ("q.e2ee['direct']", "all"),
        ("q.message", "everyone"),
        ("q.message['minor']", "contacts"),
        ("q.secrets", "[key,token]"),
        ("q.secrets['key'] == 'inline'", "T"),
        ("q.secrets.exists(s, q.secrets[s] == 'inline')", "T"),
        ("scopes", "[direct,group,channel]"),
        ("private", "[direct,group]"),
        ("cohorts", "[everyone,minor]"),
        ("cohorts.exists(c, q.message[c] == 'contacts')", "T"),
    ] {
        assert_eq!(world.value(text), expected, "{text}");
    }
    let scopes = world.words.scopes().unwrap().clone();
    world.it = Some((Type::Level(scopes), Value::Word(Word::from("group"))));
    assert_eq!(world.value("q.e2ee[it]"), "none");
    assert_eq!(world.value("it == 'group'"), "T");
}

#[test]
fn the_longest_declared_name_wins() {
    let world = world(&[]).with_vendor("setting.deep", truth('T')).with_vendor("setting.deep.er", number(4.0));
    assert_eq!(world.value("setting.deep"), "T");
    assert_eq!(world.value("setting.deep.er"), "4");
}

#[test]
fn witnesses_are_those_of_the_outermost_fold() {
    let mut world = world(&[]);
    for (scope, level) in [("direct", "none"), ("group", "all"), ("channel", "none")] {
        world.set(&format!("q.e2ee['{scope}']"), word(level));
    }
    let found = |text: &str| {
        let expr = world.typed(text, None).unwrap();
        let mut evaluation = Evaluation::new(&world, None);
        evaluation.eval(&expr);
        let list = evaluation
            .witnesses
            .iter()
            .map(|w| format!("{}: {}", w.name, w.values.iter().map(Value::words).collect::<Vec<_>>().join(" ")));
        list.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(found("scopes.exists(s, q.e2ee[s] == 'none')"), "s: direct channel");
    assert_eq!(found("scopes.all(s, q.e2ee[s] == 'none')"), "s: group");
    assert_eq!(found("scopes.exists(s, q.e2ee[s] == 'some')"), "");
    assert_eq!(found("scopes.all(s, q.e2ee[s] != 'some')"), "");
    assert_eq!(found("private.exists(s, scopes.exists(o, o == s))"), "s: direct group");
}

#[test]
fn versions_below_the_oldest_are_out_of_scope() {
    // The release is not known and 1.100 is the oldest in scope: `<` and `>=` against it or older ones are decided.
    let unknown = world(&[]);
    for (text, expected) in [
        ("context.version < '1.100'", "F"),
        ("context.version >= '1.100'", "T"),
        ("context.version < '1.99'", "F"),
        ("context.version >= '0.9.3'", "T"),
        ("context.version < '1.101'", "U"),
        ("context.version >= '1.120'", "U"),
        ("context.version == '1.100'", "U"),
        ("context.version > '1.100'", "U"),
        ("context.version <= '1.100'", "U"),
        ("'1.100' <= context.version", "T"),
        ("'1.100' > context.version", "F"),
    ] {
        assert_eq!(unknown.value(text), expected, "{text}");
    }
    let mut known = world(&[]);
    known.version = Some("1.120.1");
    for (text, expected) in [
        ("context.version < '1.100'", "F"),
        ("context.version >= '1.120'", "T"),
        ("context.version < '1.121'", "T"),
        ("context.version > '1.9'", "T"),
        ("context.version == '1.120.1'", "T"),
        ("context.version == '1.120'", "F"),
    ] {
        assert_eq!(known.value(text), expected, "{text}");
    }
}
