//! What types refuse, where, and with which advice.

use super::*;

/// The text at the error, its message, its advice.
fn refused(text: &str) -> (String, String, String) {
    let error = world(&[]).typed(text, Some(&Type::Bool)).map(|_| ()).expect_err(text);
    let place = text.get(error.span.range()).unwrap_or_else(|| panic!("{text}: {:?} is no place in it", error.span));
    (place.to_owned(), error.message, error.help.unwrap_or_default())
}

fn hold(table: &[(&str, &str, &str, &str)]) {
    for (text, place, says, advice) in table {
        let (at, message, help) = refused(text);
        assert_eq!(at, *place, "{text}: {message}");
        assert!(message.contains(says), "{text}: {message:?} lacks {says:?}");
        assert!(help.contains(advice), "{text}: advice {help:?} lacks {advice:?}");
        assert_eq!(help.is_empty(), advice.is_empty(), "{text}: advice {help:?}");
    }
}

#[test]
fn unknown_names_with_the_nearest_word() {
    hold(&[
        ("l.z == 'none'", "l.z", "`l.z`", "`l.x`"),
        ("t.a && qe2ee.direct", "qe2ee.direct", "`qe2ee.direct`", ""),
        ("setting.nmae == 'x'", "setting.nmae", "`setting.nmae`", "`setting.name`"),
        ("scope.exists(s, true)", "scope", "`scope`", "`scopes`"),
        ("cohort.all(c, true)", "cohort", "`cohort`", "`cohorts`"),
        ("params.maxi > 1", "params.maxi", "`maxi`", "`params.max`"),
        ("it == 'direct'", "it", "`it`", ""),
        ("strnagers(a.x)", "strnagers", "strnagers", "`strangers`"),
        ("setting.name.startswith('a')", "startswith", "startswith", "`startsWith`"),
        ("setting.listeners.exists(l, l.prot > 1)", "l.prot", "`prot`", "`port`"),
        ("scopes.exists(s, s == s) && s == 'direct'", "s", "`s`", ""),
    ]);
}

#[test]
fn unknown_words_with_the_nearest_word() {
    hold(&[
        ("l.x == 'nine'", "'nine'", "`nine`", "`none`"),
        ("l.x in ['none', 'alll']", "'alll'", "`alll`", "`all`"),
        ("'sum' == l.x", "'sum'", "`sum`", "`some`"),
        ("a.x == 'evryone'", "'evryone'", "`evryone`", "`everyone`"),
        ("'ipp' in s.x", "'ipp'", "`ipp`", "`ip`"),
        ("sets.intersects(s.x, ['mial'])", "'mial'", "`mial`", "`mail`"),
        ("q.e2ee['groups'] == 'all'", "'groups'", "`groups`", "`group`"),
        ("q.message['minors'] == 'everyone'", "'minors'", "`minors`", "`minor`"),
        ("scopes.exists(s, s == 'chanel')", "'chanel'", "`chanel`", "`channel`"),
        ("d.x == 'forever'", "'forever'", "`forever`", "unlimited"),
        ("d.x <= '30 fortnights'", "'30 fortnights'", "duration", "30d"),
        ("context.version < 'new'", "'new'", "version", ""),
    ]);
}

#[test]
fn unlike_types() {
    hold(&[
        ("l.x == l.other", "l.x == l.other", "unlike", ""),
        ("n.x == t.a", "n.x == t.a", "unlike", ""),
        ("d.x > n.x", "d.x > n.x", "unlike", ""),
        ("t.a == 1", "t.a == 1", "unlike", ""),
        ("n.x == true", "n.x == true", "unlike", ""),
        ("l.x == 1", "l.x == 1", "unlike", ""),
        ("s.x == 'ip'", "s.x == 'ip'", "unlike", ""),
        ("a.x == l.x", "a.x == l.x", "unlike", ""),
        // A text is no literal of a boolean or a number.
        ("t.a == 'true'", "'true'", "boolean", ""),
        ("n.x > '5'", "'5'", "number", ""),
        ("d.x == 30", "30", "no duration", "'30d'"),
        ("d.x <= 0", "0", "no duration", "'30d'"),
        ("[d.x, 5].max() > '1d'", "5", "no duration", "'30d'"),
        ("n.x + '1' > 2", "'1'", "number", ""),
        ("t.a + 1 > 2", "t.a", "joins numbers or durations", ""),
        ("d.x + 1 > '2d'", "1", "no duration", "'30d'"),
        ("(t.a ? n.x : d.x) == 1", "d.x", "number", ""),
        ("n.x in [1, true]", "true", "number", ""),
    ]);
}

#[test]
fn a_truth_value_is_needed() {
    hold(&[
        ("n.x", "n.x", "boolean", ""),
        ("l.x && t.a", "l.x", "boolean", ""),
        ("!d.x", "d.x", "boolean", ""),
        ("t.a || 'true'", "'true'", "boolean", ""),
        ("n.x ? t.a : t.b", "n.x", "boolean", ""),
        ("scopes.exists(s, s)", "s", "boolean", ""),
        ("scopes.filter(s, q.e2ee[s]).exists(s, true)", "q.e2ee[s]", "boolean", ""),
        ("size(scopes)", "size(scopes)", "boolean", ""),
    ]);
}

#[test]
fn what_has_no_order_cannot_be_compared_by_it() {
    hold(&[
        ("a.x < 'everyone'", "a.x < 'everyone'", "no order", "strangers()"),
        ("q.message['minor'] >= q.message", "q.message['minor'] >= q.message", "no order", "external()"),
        ("l.choice < 'blue'", "l.choice < 'blue'", "no order", "`==`"),
        ("w.x < 'b'", "w.x < 'b'", "no order", "`==`"),
        ("t.a < t.b", "t.a < t.b", "no order", "`==`"),
        ("s.x <= s.y", "s.x <= s.y", "no order", "`in`"),
        ("[a.x, 'everyone'].max() == 'everyone'", "[a.x, 'everyone']", "no order", ""),
        ("[w.x].min() == 'a'", "[w.x]", "no order", ""),
        ("worse(w.x, 'a')", "w.x", "no order", ""),
        ("worse(l.choice, 'red')", "l.choice", "no order", ""),
    ]);
}

#[test]
fn qualifiers_must_fit() {
    hold(&[
        ("q.e2ee == 'all'", "q.e2ee", "differs by scope", "q.e2ee['direct']"),
        ("l.x['direct'] == 'all'", "'direct'", "no qualifier", ""),
        ("q.e2ee['everyone'] == 'all'", "'everyone'", "`everyone`", "one of"),
        ("q.e2ee[n.x] == 'all'", "n.x", "needed", ""),
        ("cohorts.exists(c, q.e2ee[c] == 'all')", "c", "needed", ""),
    ]);
}

#[test]
fn functions_say_what_they_take() {
    hold(&[
        ("has(t.a)", "t.a", "setting or a field", ""),
        ("has(n.x + 1)", "n.x + 1", "name", ""),
        ("size(n.x) > 0", "n.x", "a list or a set", ""),
        ("strangers(l.x)", "l.x", "an audience is needed", ""),
        ("n.x.exists(v, true)", "n.x", "takes a list", ""),
        ("sets.intersects(n.x, ['a'])", "n.x", "set", ""),
        ("loopback(n.x)", "n.x", "addresses", ""),
        ("worse(1, 2)", "1", "facts", ""),
        ("n.x.startsWith('a')", "n.x", "a text is needed", ""),
        ("'a' in n.x", "n.x", "a list is needed", ""),
        ("n.x['a'] == 1", "'a'", "no qualifier", ""),
        ("setting.limit[0] == 1", "setting.limit", "no members", ""),
        ("setting.name.more == 'x'", "setting.name.more", "no fields", ""),
        ("scopes.exists('s', true)", "'s'", "variable", ""),
        ("exists(scopes, s)", "exists(scopes, s)", "not called like this", ""),
        ("known()", "known()", "not called like this", ""),
        ("[1, 2].min(3) == 1", "[1, 2].min(3)", "not called like this", ""),
    ]);
}

#[test]
fn parameters_take_the_type_of_their_other_side() {
    let world = world(&[("d.x", kept("7d"))]);
    assert!(world.typed("d.x <= params.max", Some(&Type::Bool)).is_ok());
    assert_eq!(world.params.borrow()[0].1, Type::Duration);
    // Once settled it keeps its type.
    let text = "n.x <= params.max";
    let error = world.typed(text, Some(&Type::Bool)).map(|_| ()).unwrap_err();
    assert!(error.message.contains("unlike"), "{}", error.message);
    let text = "params.least == params.least";
    let error = world.typed(text, Some(&Type::Bool)).map(|_| ()).unwrap_err();
    assert!(error.message.contains("nothing here tells the type"), "{}", error.message);
}

#[test]
fn literals_take_the_type_of_their_other_side() {
    let world = world(&[]);
    for text in [
        "'30d' >= d.x",
        "d.x in ['none', '30d']",
        "l.x == (t.a ? 'none' : 'all')",
        "(t.a ? 'none' : l.x) == l.y",
        "s.x == ['ip']",
        "s.open == []",
        "context.version >= '1.2'",
        "sets.contains(['ip'], s.x)",
        "[d.x, 'none'].max() <= '3d'",
        "setting.listeners.exists(l, l.type == 'tls' && l.port in [80, 443])",
        "setting.listeners.all(l, loopback(l.bind))",
        "sets.intersects(setting.hosts, ['a'])",
        "setting.kept == 'unspecified'",
    ] {
        assert!(
            world.typed(text, Some(&Type::Bool)).is_ok(),
            "{text}: {:?}",
            world.typed(text, Some(&Type::Bool)).err()
        );
    }
}

#[test]
fn a_variable_hides_nothing_once_its_fold_is_over() {
    let world = world(&[]);
    assert!(world.typed("scopes.exists(t, t == 'direct') && t.a", Some(&Type::Bool)).is_ok());
    assert!(world.typed("scopes.exists(s, scopes.all(s, s == 'group'))", Some(&Type::Bool)).is_ok());
}

#[test]
fn the_wanted_type_is_that_of_the_whole() {
    let world = world(&[]);
    for (text, ty) in
        [("'30d'", Type::Duration), ("t.a ? '1d' : d.x", Type::Duration), ("5", Type::Number), ("'x'", Type::Text)]
    {
        assert_eq!(world.typed(text, Some(&ty)).map(|e| e.ty), Ok(ty), "{text}");
    }
    let error = world.typed("'30d'", Some(&Type::Bool)).map(|_| ()).unwrap_err();
    assert_eq!(error.span, Span::new(0, 5));
}
