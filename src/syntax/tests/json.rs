//! JSON.

use super::*;

fn json(text: &str) -> Document {
    let document = read(Format::Json, text);
    check_spans(&document);
    document
}

#[test]
fn values_keep_text_and_style() {
    let document = json(r#"{"a": "x\n\u00e9", "b": 1.50e3, "c": [true, false, null], "d": {}, "e": -0}"#);
    assert_eq!(show(&document), r#"{a: "x\né", b: 1.50e3, c: [true, false, null], d: {}, e: -0}"#);
    let Kind::Seq(items) = at(&document, &["c"]).kind else { panic!() };
    let style = |index: usize| match &document.node(items[index].value).kind {
        Kind::Scalar { style, .. } => *style,
        _ => panic!(),
    };
    assert_eq!([style(0), style(2)], [Style::Bool, Style::Null]);
}

#[test]
fn spans_are_byte_exact() {
    let text = "{ \"é\" : [ 1 , \"ü\" ] ,\n  \"b\": {\"c\": null}\n}\n";
    let document = json(text);
    let written = spans(&document);
    let want = [("\"c\"", "null"), ("\"é\"", "[ 1 , \"ü\" ]"), ("\"b\"", "{\"c\": null}")];
    for (key, value) in want {
        assert!(written.contains(&(key.to_owned(), value.to_owned())), "{written:?}");
    }
    assert_eq!(document.source.slice(document.root_node().span), text.trim_end());
}

#[test]
fn comments_and_trailing_commas_are_read() {
    let document = json("// one\n{\"a\": 1, /* two */ \"b\": [1,2,], // three\r\n}\n/* four\n */");
    assert_eq!((show(&document).as_str(), errors(&document)), ("{a: 1, b: [1, 2]}", vec![]));
    let comments: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(comments, ["// one", "/* two */", "// three", "/* four\n */"]);
}

#[test]
fn duplicates_are_kept_and_listed() {
    let document = json(r#"{"a": 1, "b": {"c": 1, "c": 2}, "\u0061": 2}"#);
    assert_eq!(show(&document), "{a: 1, b: {c: 1, c: 2}, a: 2}");
    let pairs: Vec<_> = document.duplicates.iter().map(|d| (d.first.start, d.second.start)).collect();
    assert_eq!(pairs, [(15, 23), (1, 32)]);
}

#[test]
fn errors_tell_what_and_where() {
    let cases = [
        ("{\"a\": 1", "\"{\": a bracket that is never closed"),
        ("{\"a\": [1, 2}", "\"}\": a bracket closed by one of another kind"),
        ("{\"a\": 1 \"b\": 2}", "\"\\\"b\\\"\": a comma is missing before this"),
        ("{\"a\" 1}", "\"1\": a key without `:` after it"),
        ("{a: 1}", "\"a\": a key without quotes"),
        ("{'a': 1}", "\"'\": text in single quotes"),
        ("{\"a\": yes}", "\"yes\": text without quotes"),
        ("{\"a\": \"x\n}", "\"\\\"x\": a quote that is not closed on its line"),
        ("{\"a\": \"x\n\", \"b\": 1}", "\"\\\"x\": a quote that is not closed on its line"),
        ("{\"a\": \"x\ty\"}", "\"\\t\": a control character inside text"),
        ("{\"a\": \"\\q\"}", "\"\\\\q\": an escape that JSON does not know"),
        ("{\"a\": \"\\ud800\"}", "\"\\\\ud800\\\"\": an escape (`\\u…`) that is no character"),
        ("{\"a\": 0x10}", "\"0\": a number that JSON does not know"),
        ("{\"a\": 1,, \"b\": 2}", "\",\": a comma too many"),
        ("[1,,2]", "\",\": a comma too many"),
        ("{} {}", "\"{\": text after the end of the file's value"),
        ("/* x", "\"/* x\": a comment (`/*`) that is never closed"),
        ("]", "\"]\": a value was expected here"),
        ("{\"a\": 1}}", "\"}\": text after the end of the file's value"),
    ];
    for (text, want) in cases {
        assert_eq!(errors(&json(text)), [want], "{text:?}");
    }
}

#[test]
fn what_came_before_an_error_stays() {
    assert_eq!(show(&json("{\"a\": 1, \"b\": [2, {\"c\": 3, \"d\": nope")), "{a: 1, b: [2, {c: 3}]}");
}

#[test]
fn nothing_is_an_empty_map() {
    for text in ["", " \n", "// c\n"] {
        let document = json(text);
        assert_eq!(
            (show(&document).as_str(), document.root_node().span, document.errors.len()),
            ("{}", Span::new(0, 0), 0)
        );
    }
}

#[test]
fn a_byte_order_mark_and_utf16_are_read() {
    for bytes in
        [b"\xEF\xBB\xBF{\"a\": 1}".to_vec(), "\u{feff}{\"a\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect()]
    {
        let source = Source::decode("f", bytes).unwrap();
        assert_eq!(show(&parse(&Arc::new(source), Format::Json, &Limits::default())), "{a: 1}");
    }
}

#[test]
fn depth_is_bounded() {
    for text in ["[".repeat(20_000), "{\"a\":".repeat(20_000), "[{\"a\":".repeat(20_000)] {
        assert!(json(&text).errors[0].message.contains("nested"));
    }
    assert_eq!(json(&format!("{}{}", "[".repeat(128), "]".repeat(128))).errors, []);
}

#[test]
fn one_long_line_is_no_problem() {
    let document = json(&format!("[{}1]", "{\"key\": [1, 2.5, \"text\"]},".repeat(100_000)));
    assert_eq!((document.errors.len(), document.nodes.len()), (0, 500_002));
}
