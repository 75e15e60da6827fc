//! Properties of all readers, on generated texts.

use super::*;
use proptest::prelude::*;

const FORMATS: [Format; 5] = [Format::Yaml, Format::Json, Format::Toml, Format::Lua, Format::Env];

/// Scraps that meet often in broken and in sound files.
fn scrap() -> impl Strategy<Value = String> {
    let scraps = [
        "a",
        "b",
        "key",
        "\"q\"",
        "'s'",
        ": ",
        ":",
        " = ",
        "=",
        "\n",
        "\r\n",
        "\r",
        "  ",
        "    ",
        "\t",
        "- ",
        "-",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "# c",
        " # c\n",
        "1",
        "true",
        "null",
        "~",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "|\n  t\n",
        ">-\n",
        "&x ",
        "*x",
        "<<: *x",
        "<<",
        "!t ",
        "---\n",
        "...\n",
        "{{ x }}",
        "{{ x | default('7d') }}",
        "{% if x %}",
        "{% else %}",
        "{% endif %}",
        "{% for a in b %}",
        "{% endfor %}",
        "{#",
        "#}",
        "<%",
        "%>",
        "{{",
        "}}",
        "${X}",
        "${X:-1}",
        "$X",
        "\\",
        "\\u0041",
        "é",
        "😀",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\u{7}",
        "[a]\n",
        "[a.b]\n",
        "[[a]]\n",
        "a.b = 1\n",
        "b: 1\n",
        "//c\n",
        "/*c*/",
        "? ",
        "1979-05-27",
        "%",
        "@",
        "`",
        "local ",
        "if a then ",
        " else ",
        " end ",
        "function f() ",
        " .. ",
        " or ",
        "os.getenv('A')",
        "(",
        ")",
        ";",
        "[[",
        "]]",
        "--",
        "--[[",
        ":append ",
        "\\z",
        "0x1p4",
    ];
    prop_oneof![
        8 => proptest::sample::select(scraps.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

pub(super) fn mess() -> impl Strategy<Value = String> {
    proptest::collection::vec(scrap(), 0..40).prop_map(|scraps| scraps.concat())
}

/// TOML that is mostly sound, with headers and dotted keys that meet.
fn toml_lines() -> impl Strategy<Value = String> {
    let line = proptest::sample::select(vec![
        "a = 1",
        "b = 2",
        "a.b = 1",
        "a.b.c = 1",
        "b.a = 'x'",
        "[a]",
        "[b]",
        "[a.b]",
        "[a.b.c]",
        "[b.a]",
        "[[a]]",
        "[[b]]",
        "[[a.b]]",
        "[[b.a]]",
        "a = {b = 1}",
        "a = {b.c = 1, b.d = 2}",
        "a = {b = {c = 1}, b.d = 2}",
        "b = [1, {a = 1}]",
        "a = []",
        "b = {}",
        "'a' = 1",
        "\"b\" = 2",
        "c = 1",
        "c.d = 1",
        "[c]",
        "d = 1979-05-27",
        "d = 08:00",
        "e = 0x1f",
    ]);
    proptest::collection::vec(line, 0..10).prop_map(|lines| lines.join("\n"))
}

/// Lines of dotenv files and scripts, most of them sound.
pub(super) fn variables() -> impl Strategy<Value = String> {
    let scraps = vec![
        "A=",
        "B_C=",
        "export ",
        "export D=",
        "\n",
        "\r\n",
        "\n",
        "'",
        "\"",
        "x",
        "x y",
        " ",
        "\t",
        "# c",
        " # c",
        "${X}",
        "${X:-1}",
        "$X",
        "$(c)",
        "`",
        "\\",
        "\\n",
        "\\$",
        ";",
        "&&",
        "=",
        "+=",
        "F_G",
        "if x; then\n",
        "fi\n",
        "else\n",
        "f() {\n",
        "}\n",
        "cat <<E\n",
        "E\n",
        "é",
        "{",
        "(",
        ")",
    ];
    proptest::collection::vec(proptest::sample::select(scraps), 0..30).prop_map(|scraps| scraps.concat())
}

/// A scalar node's text, read again from its span alone.
fn reread(document: &Document, node: &Node) -> Option<String> {
    let written = document.source.slice(node.span);
    let (text, format) = match document.format {
        Format::Yaml => {
            let block = matches!(node.kind, Kind::Scalar { style: Style::Block, .. });
            // A block's own line break at its end is not in its span.
            (format!("- {written}{}", if block { "\n" } else { "" }), Format::Yaml)
        }
        Format::Json => (format!("[{written}]"), Format::Json),
        Format::Toml => (format!("k = {written}"), Format::Toml),
        Format::Lua => (format!("k = {written}"), Format::Lua),
        // A shell ends a bare value earlier than others do.
        Format::Env => {
            let line = document.source.line_span(document.source.line_of(node.span.start));
            let shell = document.source.slice(line).trim_start().starts_with("export");
            (format!("{}{written}", if shell { "export k=" } else { "k = " }), Format::Env)
        }
    };
    let again = read(format, &text);
    let id = match &again.root_node().kind {
        Kind::Seq(items) => items.first()?.value,
        Kind::Map(entries) => entries.first()?.value,
        Kind::Scalar { .. } => return None,
    };
    match &again.node(id).kind {
        Kind::Scalar { text, .. } => Some(text.to_string()),
        _ => None,
    }
}

/// Is an expression of Lua made of literals and signs alone?
fn is_literal(written: &str) -> bool {
    read(Format::Lua, &format!("k = {written}"))
        .nodes
        .iter()
        .all(|node| node.hole.is_none() && !matches!(node.kind, Kind::Scalar { style: Style::Plain, .. }))
}

fn check(document: &Document) {
    check_spans(document);
    if !document.errors.is_empty() {
        return;
    }
    for node in document.nodes.iter().filter(|node| node.hole.is_none()) {
        let Kind::Scalar { text, style } = &node.kind else { continue };
        let written = document.source.slice(node.span);
        // Indentation is a matter of the place, so only what stands on one line reads the same elsewhere. A plain
        // scalar may begin with what is an indicator outside brackets.
        if written.contains(['\n', '\r', '\u{85}']) || written.is_empty() || *style == Style::Block {
            continue;
        }
        // A plain key may end in what makes a key of it elsewhere: `:` is the whole key of `:: x`.
        if *style == Style::Plain && written.ends_with(':') {
            continue;
        }
        // Away from its variables an expression comes to something else.
        if document.format == Format::Lua && !is_literal(written) {
            continue;
        }
        // What an earlier variable fills in does not read so elsewhere.
        if document.format == Format::Env && written.contains('$') {
            continue;
        }
        assert_eq!(reread(document, node).as_deref(), Some(&**text), "{written:?} of {:?}", document.source.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mess_panics_and_scalars_read_again(text in mess()) {
        for format in FORMATS {
            check(&read(format, &text));
        }
    }

    #[test]
    fn no_variables_panic_and_values_read_again(text in variables()) {
        check(&read(Format::Env, &text));
    }

    #[test]
    fn arbitrary_text_does_not_panic(text in any::<String>()) {
        for format in FORMATS {
            check_spans(&read(format, &text));
        }
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(source) = Source::decode("f", bytes) {
            let source = Arc::new(source);
            for format in FORMATS {
                check_spans(&parse(&source, format, &Limits::default()));
            }
        }
    }

    #[test]
    fn we_accept_the_toml_that_the_toml_crate_accepts(text in prop_oneof![toml_lines(), mess()]) {
        // A template is read as one, and a byte order mark is the decoder's business.
        let text = text.replace('\u{feff}', "");
        if super::super::template::mask(&text, Format::Toml).is_some() {
            return Ok(());
        }
        let ours = read(Format::Toml, &text);
        let theirs = ::toml::de::DeTable::parse(&text);
        prop_assert_eq!(ours.errors.is_empty(), theirs.is_ok(), "{:?}: {:?} / {:?}", text, errors(&ours), theirs.err());
        // Numbers that are too large for it stop it later, and are no matter of syntax.
        if let (true, Ok(theirs)) = (ours.errors.is_empty(), text.parse::<::toml::Table>()) {
            prop_assert_eq!(toml_value(&ours, ours.root), ::toml::Value::Table(theirs), "{:?}", text);
        }
    }
}

/// The tree as the value that the toml crate would make of it.
fn toml_value(document: &Document, id: NodeId) -> ::toml::Value {
    let node = document.node(id);
    match &node.kind {
        Kind::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.to_string(), toml_value(document, entry.value)));
            ::toml::Value::Table(entries.collect())
        }
        Kind::Seq(items) => ::toml::Value::Array(items.iter().map(|item| toml_value(document, item.value)).collect()),
        Kind::Scalar { text, style } if style.is_text() => ::toml::Value::String(text.to_string()),
        Kind::Scalar { text, .. } => format!("k = {text}").parse::<::toml::Table>().unwrap()["k"].clone(),
    }
}

/// JSON that is mostly sound.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "1",
        "-0.5e-3",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a\\\"\\u00e9\"",
        "\"é😀\"",
        "\"\\ud83d\\ude00\"",
        "01",
        "1.",
        "tru",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            proptest::collection::vec(inner, 0..4).prop_map(|items| {
                let entries: Vec<_> = items.iter().enumerate().map(|(i, item)| format!("\"k{i}\" :{item}")).collect();
                format!("{{{}}}", entries.join(",\n"))
            }),
        ]
    })
}

/// The tree as the value that serde_json would make of it.
fn value(document: &Document, id: NodeId) -> serde_json::Value {
    match &document.node(id).kind {
        Kind::Map(entries) => {
            entries.iter().map(|entry| (entry.key.to_string(), value(document, entry.value))).collect()
        }
        Kind::Seq(items) => items.iter().map(|item| value(document, item.value)).collect(),
        Kind::Scalar { text, style: Style::DoubleQuoted } => serde_json::Value::String(text.to_string()),
        Kind::Scalar { text, .. } => serde_json::from_str(text).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_reads_as_serde_json_reads_it(text in prop_oneof![json_text(), mess()]) {
        let ours = read(Format::Json, &text);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => {
                prop_assert!(ours.errors.is_empty(), "{:?}: {:?}", text, errors(&ours));
                prop_assert_eq!(value(&ours, ours.root), theirs, "{:?}", text);
            }
            // We read more: comments, trailing commas, blanks of Unicode, an empty text.
            Err(_) => prop_assert!(
                ours.templated || !ours.errors.is_empty() || text.contains(['/', ',', '\u{85}', '\u{2028}', '\u{feff}']) || ours.nodes.is_empty(),
                "{:?}", text
            ),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mask_keeps_lengths_and_lines(text in mess()) {
        for format in FORMATS {
            if let Some(masked) = super::super::template::mask(&text, format) {
                prop_assert_eq!(masked.text.len(), text.len());
                for (at, byte) in text.bytes().enumerate() {
                    let now = masked.text.as_bytes()[at];
                    prop_assert!(now == byte || masked.tags.iter().any(|tag| tag.span.range().contains(&at)));
                    prop_assert_eq!(matches!(byte, b'\n' | b'\r'), matches!(now, b'\n' | b'\r'));
                }
            }
        }
    }
}

/// A constant expression of Lua with what it comes to.
fn lua_constant() -> impl Strategy<Value = (String, String)> {
    let leaf = prop_oneof![
        (0u32..5000).prop_map(|n| (n.to_string(), n.to_string())),
        (0u32..5000).prop_map(|n| (format!("0x{n:X}"), n.to_string())),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        (inner.clone(), proptest::sample::select(vec!["+", "*", "-"]), inner).prop_map(|((a, x), sign, (b, y))| {
            let (x, y) = (x.parse::<i64>().unwrap(), y.parse::<i64>().unwrap());
            let z = match sign {
                "+" => x.wrapping_add(y),
                "*" => x.wrapping_mul(y),
                _ => x.wrapping_sub(y),
            };
            (format!("({a}{sign} {b})"), z.to_string())
        })
    })
}

/// A text as Lua spells it, in each of its ways.
fn lua_text() -> impl Strategy<Value = (String, String)> {
    ("[ -~éß\\n\\t]{0,12}", 0u8..4).prop_map(|(text, how)| {
        let escaped = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\009");
        let written = match how {
            0 => format!("\"{}\"", escaped.replace('"', "\\\"")),
            1 => format!("'{}'", escaped.replace('\'', "\\'")),
            2 => format!("[===[\n{text}]===]"),
            _ => format!("\"{}\"", text.chars().map(|c| format!("\\u{{{:x}}}", c as u32)).collect::<String>()),
        };
        (written, text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lua_reads_what_it_means_and_spans_read_again(
        values in proptest::collection::vec(prop_oneof![lua_constant(), lua_text()], 1..6),
        listed in any::<bool>(),
    ) {
        let lines: Vec<String> = values.iter().map(|(written, _)| if listed {
            format!("{written};")
        } else {
            format!("k = {written} -- c")
        }).collect();
        let text = if listed { format!("k = {{\n{}\n}}", lines.join("\n")) } else { lines.join("\n") };
        let document = read(Format::Lua, &text);
        check(&document);
        prop_assert_eq!(errors(&document), Vec::<String>::new(), "{:?}", text);
        let top = document.root_node().entries();
        let nodes: Vec<NodeId> = if listed {
            document.node(top[0].value).items().iter().map(|item| item.value).collect()
        } else {
            top.iter().map(|entry| entry.value).collect()
        };
        prop_assert_eq!(nodes.len(), values.len());
        for (id, (written, want)) in nodes.into_iter().zip(&values) {
            let node = document.node(id);
            // (What looks like a variable or a template's tag is a hole, as everywhere.)
            if node.hole.is_none() {
                prop_assert_eq!(node.text(), Some(want.as_str()));
                prop_assert_eq!(document.source.slice(node.span), written.strip_prefix('(').map_or(written.as_str(), |_| document.source.slice(node.span)));
            }
        }
    }
}
