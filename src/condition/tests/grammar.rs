//! What parses, how it groups, and what is no condition.

use super::*;

/// A syntax tree with all its brackets.
fn tree(syntax: &Syntax) -> String {
    let list = |items: &[Syntax], sep: &str| items.iter().map(tree).collect::<Vec<_>>().join(sep);
    match &syntax.ast {
        Ast::Bool(b) => b.to_string(),
        Ast::Number(n) => n.to_string(),
        Ast::Text(t) => format!("'{t}'"),
        Ast::Name(n) => n.clone(),
        Ast::List(items) => format!("[{}]", list(items, ", ")),
        Ast::Select(inner, name, _) => format!("{}.{name}", tree(inner)),
        Ast::Index(inner, index) => format!("{}[{}]", tree(inner), tree(index)),
        Ast::Call { name, receiver: None, args, .. } => format!("{name}({})", list(args, ", ")),
        Ast::Call { name, receiver: Some(r), args, .. } => format!("{}.{name}({})", tree(r), list(args, ", ")),
        Ast::Not(inner) => format!("!{}", tree(inner)),
        Ast::And(items) => format!("({})", list(items, " && ")),
        Ast::Or(items) => format!("({})", list(items, " || ")),
        Ast::If(c, a, b) => format!("({} ? {} : {})", tree(c), tree(a), tree(b)),
        Ast::Compare(how, a, b) => format!("({} {how:?} {})", tree(a), tree(b)),
        Ast::In(a, b) => format!("({} in {})", tree(a), tree(b)),
        Ast::Add(a, b) => format!("({} + {})", tree(a), tree(b)),
    }
}

#[test]
fn operators_bind_as_in_cel() {
    for (text, expected) in [
        ("a || b && c", "(a || (b && c))"),
        ("a && b || c && d", "((a && b) || (c && d))"),
        ("!a && b", "(!a && b)"),
        ("!(a && b)", "!(a && b)"),
        ("a == b && c < 1", "((a Equal b) && (c Less 1))"),
        ("a + b + c <= d", "(((a + b) + c) AtMost d)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a || b ? c : d", "((a || b) ? c : d)"),
        ("x in ['a', \"b\"]", "(x in ['a', 'b'])"),
        ("!x.y.exists(v, v > -1)", "!x.y.exists(v, (v Greater -1))"),
        ("f(x)[0].y['z']", "f(x)[0].y['z']"),
        ("[]", "[]"),
        ("f()", "f()"),
        ("((a))", "a"),
        ("a\n  && b", "(a && b)"),
        ("x >= 1.5", "(x AtLeast 1.5)"),
        ("'it\"s'", "'it\"s'"),
        ("invite != inner", "(invite Unequal inner)"),
        ("true_x || falsehood", "(true_x || falsehood)"),
    ] {
        assert_eq!(parse(text).map(|s| tree(&s)), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn spans_cover_what_was_written() {
    let text = "a.b && size(c.d) + 1 > x[0]";
    let syntax = parse(text).unwrap();
    let cut = |s: &Syntax| text[s.span.range()].to_owned();
    assert_eq!(cut(&syntax), text);
    let Ast::And(list) = &syntax.ast else { panic!() };
    assert_eq!(cut(&list[0]), "a.b");
    assert_eq!(cut(&list[1]), "size(c.d) + 1 > x[0]");
    let Ast::Compare(_, left, right) = &list[1].ast else { panic!() };
    assert_eq!(cut(left), "size(c.d) + 1");
    assert_eq!(cut(right), "x[0]");
}

/// What is no condition: the text, the part that the error points at, and a word of the message.
#[test]
fn errors_point_at_their_place() {
    for (text, place, says) in [
        ("", "", "needed"),
        ("a &&", "", "needed"),
        ("a && && b", "&&", "needed"),
        ("(a || b", "", "`)`"),
        ("a || b)", ")", "end"),
        ("[a, b", "", "`,`"),
        ("f(a", "", "`,`"),
        ("[a b]", "b", "`,`"),
        ("[a, ]", "]", "needed"),
        ("x[1", "", "`]`"),
        ("a ? b", "", "`:`"),
        ("'open", "'open", "closing quote"),
        ("\"open'", "\"open'", "closing quote"),
        ("x == 'a\\b'", "\\", "backslash"),
        ("x == \"\\\"", "\\", "backslash"),
        ("a & b", "&", "no meaning"),
        ("a | b", "|", "no meaning"),
        ("a = b", "=", "no meaning"),
        ("a * b", "*", "no meaning"),
        ("a == é", "é", "no meaning"),
        ("a - b", "-", "end"),
        ("a.", "", "name"),
        ("a.1", "1", "name"),
        ("a.'b'", "'b'", "name"),
        ("1 2", "2", "end"),
        ("a b", "b", "end"),
        // One comparison each: FORMAT has no chains of them.
        ("a < b < c", "<", "end"),
        ("a == b == c", "==", "end"),
        ("a in b in c", "in", "end"),
        // Words that CEL keeps for itself are no names.
        ("in == 1", "in", "needed"),
        ("x == null", "null", "word"),
        ("while", "while", "word"),
        ("a.true", "true", "word"),
        ("a.in == b", "in", "word"),
        ("l.exists(for, true)", "for", "word"),
        // A text ends on its line, as in CEL.
        ("x == 'a\nb'", "'a", "closing quote"),
    ] {
        let error = parse(text).map(|s| tree(&s)).expect_err(text);
        let at = text.get(error.span.range()).unwrap_or_else(|| panic!("{text:?}: {:?} is no place in it", error.span));
        assert!(at == place || (place == "'a" && at.starts_with(place)), "{text:?}: {} at {at:?}", error.message);
        assert!(error.message.contains(says), "{text:?}: {}", error.message);
    }
}

#[test]
fn nesting_has_a_limit_and_no_stack_overflows() {
    let deep = |n: usize, open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    for (open, inner, close) in
        [("(", "a", ")"), ("!", "a", ""), ("[", "a", "]"), ("f(", "a", ")"), ("x[", "0", "]"), ("a ? b : ", "c", "")]
    {
        assert!(parse(&deep(20, open, inner, close)).is_ok(), "{open}");
        let text = deep(100_000, open, inner, close);
        let error = parse(&text).expect_err(open);
        assert!(error.message.contains("nested"), "{open}: {}", error.message);
        assert!(text.get(error.span.range()).is_some());
    }
    for chain in ["a + ", "a.", "x[0].f()."] {
        let text = format!("{}b", chain.repeat(100_000));
        let error = parse(&text).expect_err(chain);
        assert!(error.message.contains("nested"), "{chain}: {}", error.message);
    }
    // What is just allowed can be typed on a small stack.
    for deep in [
        deep(31, "size(", "[]", ").a.b.c"),
        deep(60, "(", "t.a", ")"),
        deep(20, "[t.a].exists(x, ", "x", ")"),
        deep(62, "t.a ? t.b : ", "t.c", ""),
    ] {
        let _ = world(&[]).typed(&deep, None);
    }
    // Chains of `&&` and `||` are flat: long ones are only long.
    assert!(parse(&format!("{}b", "a && ".repeat(1000))).is_ok());
}
