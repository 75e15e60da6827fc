//! TOML.

use super::*;

fn toml(text: &str) -> Document {
    let document = read(Format::Toml, text);
    check_spans(&document);
    document
}

#[test]
fn scalars_keep_text_and_style() {
    let document = toml(concat!(
        "a = \"x\\n\"\nb = 'c:\\d'\nc = 1_000\nd = 0xFF\ne = true\nf = 1979-05-27T07:32:00Z\n",
        "g = \"\"\"\nx\n  y\"\"\"\nh = '''z'''\ni = -inf\n",
    ));
    let want = concat!(
        r#"{a: "x\n", b: 'c:\d', c: 1_000, d: 0xFF, e: true, f: 1979-05-27T07:32:00Z, "#,
        r#"g: |"x\n  y", h: |"z", i: -inf}"#
    );
    assert_eq!(show(&document), want);
    assert_eq!(document.errors, []);
    let style = |key| match at(&document, &[key]).kind {
        Kind::Scalar { style, .. } => style,
        _ => panic!(),
    };
    assert_eq!(["c", "e", "f", "i"].map(style), [Style::Number, Style::Bool, Style::Date, Style::Number]);
}

#[test]
fn tables_arrays_and_dotted_keys() {
    let document = toml(concat!(
        "a.b.c = 1\na.b.d = [1, { x = 2, y.z = 3 }]\n[srv.tls]\nk = 1\n[srv]\nport = 8\n",
        "[[list]]\nn = 1\n[[list]]\nn = 2\n[list.sub]\nm = 3\n[[list.deep]]\n",
    ));
    assert_eq!(
        show(&document),
        "{a: {b: {c: 1, d: [1, {x: 2, y: {z: 3}}]}}, srv: {tls: {k: 1}, port: 8}, \
         list: [{n: 1}, {n: 2, sub: {m: 3}, deep: [{}]}]}"
    );
    assert_eq!(document.errors, []);
    assert!(at(&document, &["a", "b", "d"]).flow && !at(&document, &["list"]).flow);
}

#[test]
fn spans_are_byte_exact() {
    let document = toml(
        "é = 'ü' # c\n\"k\".b = [ 1,\n 2 ] # d\n[t]\nx = { a = 1 }\ny = 2\n\n[[l]]\nz = 1\n[[l]]\nz = 3\n[empty]\n",
    );
    let written: Vec<_> = spans(&document);
    for (key, value) in [
        ("é", "'ü'"),
        ("\"k\"", "b = [ 1,\n 2 ]"),
        ("b", "[ 1,\n 2 ]"),
        ("t", "x = { a = 1 }\ny = 2"),
        ("x", "{ a = 1 }"),
        ("a", "1"),
        ("l", "z = 1\n[[l]]\nz = 3"),
        ("empty", "[empty]"),
    ] {
        assert!(written.contains(&(key.to_owned(), value.to_owned())), "{key}: {written:?}");
    }
    let comments: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(comments, ["# c", "# d"]);
}

#[test]
fn duplicates_are_kept_and_are_errors() {
    let document = toml("a = 1\nb = 2\na = 3\n[t]\nx = 1\n[t]\ny = 2\n[a]\nz = 1\n");
    assert_eq!(show(&document), "{a: 1, b: 2, a: 3, t: {x: 1, y: 2}}");
    assert_eq!(
        errors(&document),
        ["\"a\"", "\"t\"", "\"a\""].map(|key| format!("{key}: this key is defined a second time"))
    );
    assert_eq!(document.duplicates.len(), 3);
}

#[test]
fn errors_are_sorted_and_not_repeated() {
    let document = toml("a = \nb = [1,\nc = 2\nd = 3\n\n\n\ne = yes\n\n\nf = 1\n");
    assert!(document.errors.len() <= 3, "{:?}", errors(&document));
    assert_eq!(document.errors[0].span.start, 3, "{:?}", errors(&document));
    let cases = [
        ("a = \n", "\" \": missing value"),
        ("a = yes\n", "\"yes\": string values must be quoted"),
        ("a = \"x\n", "\"x\": invalid basic string: `\"` is missing"),
        ("a = 'x\n", "\"x\": invalid literal string: `'` is missing"),
        ("a 1\n", "\" \": key with no value: `=` is missing"),
        ("a = 012\n", "\"0\": unexpected leading zero"),
        ("a = 2024-13-41\n", "\"2024-13-41\": this is no date or time"),
        ("[a\nb = 1\n", "\"a\": unclosed table: `]` is missing"),
        ("a = { x = 1\n", "\"1\": unclosed inline table: `}` is missing"),
        ("a.b = 1\na.b.c = 2\n", "\"b\": this key has a value already, so nothing can be added below it"),
        ("a = {b = 1}\n[a.c]\n", "\"a\": this key has a value already, so nothing can be added below it"),
        ("[a.b]\n[a]\nb.c = 1\n", "\"b\": this key is defined a second time"),
    ];
    for (text, want) in cases {
        assert_eq!(errors(&toml(text)), [want], "{text:?}");
    }
}

#[test]
fn what_is_right_is_read_in_spite_of_errors() {
    assert_eq!(show(&toml("a = 1\nb = yes\nc = 3\n[d]\ne = \n[f]\ng = 1\n")).matches("g: 1").count(), 1);
    let document = toml("a = [1, 2\n[b]\nc = 1\n");
    assert!(show(&document).contains("a: [1, 2"), "{}", show(&document));
}

#[test]
fn nothing_is_an_empty_map() {
    for text in ["", "\n", "# c", "\r\n"] {
        let document = toml(text);
        assert_eq!(
            (show(&document).as_str(), document.root_node().span, document.errors.len()),
            ("{}", Span::new(0, 0), 0)
        );
    }
}

#[test]
fn line_breaks_and_bom() {
    let document = toml("a = 1\r\nb = \"\"\"\r\nx\"\"\"\r\n# c\r\n");
    assert_eq!((show(&document).as_str(), document.errors.len()), (r#"{a: 1, b: |"x"}"#, 0));
    assert_eq!(document.source.slice(document.comments[0].span), "# c");
    assert!(!toml("a = 1\rb = 2").errors.is_empty(), "a lone carriage return is no line break in TOML");
    let source = Source::decode("f", b"\xEF\xBB\xBFa = 1".as_slice()).unwrap();
    assert_eq!(show(&parse(&Arc::new(source), Format::Toml, &Limits::default())), "{a: 1}");
}

#[test]
fn depth_is_bounded() {
    for text in [
        format!("a = {}", "[".repeat(20_000)),
        format!("a = {}", "{a = ".repeat(20_000)),
        format!("a = {}", "[{a = ".repeat(20_000)),
        format!("{}a = 1", "a.".repeat(20_000)),
        format!("[{}a]", "a.".repeat(20_000)),
        format!("[[{}a]]", "a.".repeat(20_000)),
        format!("x = {{ {}a = 1 }}", "a.".repeat(20_000)),
    ] {
        let document = toml(&text);
        assert!(document.errors.iter().any(|error| error.message.contains("nested")), "{:?}", errors(&document));
    }
}

#[test]
fn many_keys_cost_no_square() {
    let mut text = String::new();
    (0..50_000).for_each(|index| text += &format!("k{index} = {index}\n"));
    (0..20_000).for_each(|index| text += &format!("[t{index}.u]\n[t{index}]\n[[list]]\n"));
    let start = std::time::Instant::now();
    let document = toml(&text);
    assert_eq!(document.errors, []);
    assert!(start.elapsed().as_secs() < 10);
}
