//! Whole files inside others.

use super::*;

fn store(text: &str) -> Store {
    let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n{text}");
    kubernetes(&read(Format::Yaml, &text)).stores.into_iter().next().unwrap()
}

/// Keys and scalars of the first file inside, as they stand in the outer one.
fn inside(text: &str, format: Format) -> (Document, Vec<(String, String)>) {
    let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n{text}");
    let outer = read(Format::Yaml, &text);
    let store = kubernetes(&outer).stores.into_iter().next().unwrap();
    let document = store.files[0].document(&outer.source, format, &Limits::default());
    assert!(Arc::ptr_eq(&document.source, &outer.source));
    check_spans(&document);
    let spans = spans(&document);
    (document, spans)
}

fn has(spans: &[(String, String)], key: &str, value: &str) {
    assert!(spans.contains(&(key.to_owned(), value.to_owned())), "{key}: {value}: {spans:?}");
}

#[test]
fn a_literal_block_keeps_every_place() {
    let (document, spans) = inside(
        "data:\n  chat.yaml: |\n    # c\n    name: example.org\n\n    list:\n      - é: 'x'\n    text: |\n      a\n      b\n    last: 1",
        Format::Yaml,
    );
    assert_eq!(show(&document), r#"{name: example.org, list: [{é: 'x'}], text: |"a\nb\n", last: 1}"#);
    for (key, value) in [("name", "example.org"), ("é", "'x'"), ("last", "1"), ("text", "|\n      a\n      b")] {
        has(&spans, key, value);
    }
    assert_eq!(document.comments.iter().map(|c| document.source.slice(c.span)).collect::<Vec<_>>(), ["# c"]);
    assert!(!document.root_node().flow);
    assert_eq!(document.inner.as_ref().unwrap().text().lines().nth(1), Some("name: example.org"));
}

#[test]
fn json_in_a_block_and_carriage_returns() {
    let (document, spans) = inside(
        "data:\n  config.json: |-\r\n    {\r\n      \"A\": {\"B\": true}\r\n    }\r\n  x.y: z\r\n",
        Format::Json,
    );
    assert_eq!(show(&document), "{A: {B: true}}");
    has(&spans, "\"B\"", "true");
}

#[test]
fn other_spellings_keep_their_places_too() {
    let (document, spans) = inside("data:\n  c.yaml: \"a: 1\\nb: \\\"x\\\"\\nc: \\u00e9\\n\"\n", Format::Yaml);
    assert_eq!(show(&document), "{a: 1, b: \"x\", c: é}");
    for (key, value) in [("a", "1"), ("b", "\\\"x\\\""), ("c", "\\u00e9")] {
        has(&spans, key, value);
    }
    assert!(document.root_node().flow, "nothing is written into what is escaped");
    let (document, spans) = inside("data:\n  c.yaml: 'a: 1\n\n    b: ''x''\n\n    c: 2'\n", Format::Yaml);
    assert_eq!(show(&document), "{a: 1, b: 'x', c: 2}");
    has(&spans, "b", "''x''");
    let (document, spans) = inside("data:\n  c.json: >\n    {\"a\":\n    1,\n    \"b\": 2}\n", Format::Json);
    assert_eq!(show(&document), "{a: 1, b: 2}");
    has(&spans, "\"b\"", "2");
    let (document, spans) = inside("data:\n  c.yaml: |2\n      a: 1\n    b: 2\n", Format::Yaml);
    assert_eq!(errors(&document).len(), 1, "{spans:?}");
}

#[test]
fn base64_stands_as_a_whole() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\ndata:\n  c.yaml: YTogMQpiOiAiw6kiCg==\n";
    let outer = read(Format::Yaml, text);
    let store = kubernetes(&outer).stores.into_iter().next().unwrap();
    let document = store.files[0].document(&outer.source, Format::Yaml, &Limits::default());
    assert_eq!(show(&document), "{a: 1, b: \"é\"}");
    let node = document.entry(document.root, "b").unwrap().value;
    assert_eq!(document.source.slice(document.node(node).span), "YTogMQpiOiAiw6kiCg==");
    assert_eq!(document.written(node), "é");
    assert!(document.decoded && document.root_node().flow);
}

#[test]
fn what_is_wrong_inside_is_told_at_its_place() {
    let (document, _) = inside("data:\n  chat.yaml: |\n    a: 1\n    b: [1, 2\n    c: 3\n", Format::Yaml);
    let [error] = &document.errors[..] else { panic!("{:?}", document.errors) };
    assert!(document.source.position(error.span.start).line >= 6, "{error:?}");
    let (document, _) = inside("data:\n  chat.yaml: |\n    a: 1\n    a: 2\n", Format::Yaml);
    let [duplicate] = document.duplicates[..] else { panic!() };
    assert_eq!(document.source.position(duplicate.second.start).line, 7);
    // A tab where there should be blanks, as an editor makes them.
    let (document, _) = inside("data:\n  chat.yaml: |\n    a:\n      b: 1\n    \tc: 2\n", Format::Yaml);
    assert_eq!(document.errors.len(), 1);
    assert_eq!(document.source.position(document.errors[0].span.start).line, 8);
}

#[test]
fn a_block_whose_lines_are_indented_unlike() {
    // Deeper lines first: the block's own indentation is that of its first line.
    let (document, spans) =
        inside("data:\n  chat.yaml: |\n    a:\n        b: 1\n        c:\n          d: 2\n    e: 3\n", Format::Yaml);
    assert_eq!(show(&document), "{a: {b: 1, c: {d: 2}}, e: 3}");
    has(&spans, "d", "2");
    let store = store("data:\n  chat.yaml: |\n\n\n    a: 1\n  B: x\n");
    assert_eq!(store.files[0].text(), "\n\na: 1\n");
}

#[test]
fn a_template_inside_stays_one() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  chat.yaml: |\n    a: 1\n{{- if .Values.x }}\n    \
                b: {{ .Values.b }}\n{{- end }}\n    c: \"{{ .Values.c }}\"\n";
    let outer = read(Format::Yaml, text);
    let store = kubernetes(&outer).stores.into_iter().next().unwrap();
    let document = store.files[0].document(&outer.source, Format::Yaml, &Limits::default());
    assert_eq!(show(&document), "{a: 1, b: {{ .Values.b }}?, c: \"{{ .Values.c }}\"?}");
    assert_eq!(document.branches.len(), 1);
    let b = document.entry(document.root, "b").unwrap();
    assert_eq!(document.source.slice(b.key_span), "b");
    assert!(document.branches[0].span.contains(b.key_span));
}
