//! What holds for any text: it stands where its place says, and nothing panics.

use super::*;
use proptest::prelude::*;

/// Values, quiet ones and such as need care.
fn value() -> impl Strategy<Value = String> {
    let scraps = vec![
        "a", "1", "true", " ", "  ", "é", "😀", "'", "\"", "\\", ":", "#", "$", "$$", "=", "{", "}", "-", "\t", "\n",
        "\n\n", "x y", ", ", "[", "&a", "*a", "!t", "%", "@", "`", "|", ">", "://",
    ];
    proptest::collection::vec(proptest::sample::select(scraps), 0..12).prop_map(|scraps| scraps.concat())
}

fn double(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            'é' => out.push_str("\\u00e9"),
            c => out.push(c),
        }
    }
    out + "\""
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A document for the inside: keys to quoted scalars.
fn document() -> impl Strategy<Value = String> {
    proptest::collection::vec(("[a-z]{1,4}", value()), 1..5)
        .prop_map(|entries| entries.iter().map(|(key, value)| format!("{key}: {}\n", double(value))).collect())
}

/// Reads a scalar from its place alone.
fn reread(text: &str) -> Option<String> {
    let document = read(Format::Yaml, &format!("- {text}"));
    document.node(document.root_node().items().first()?.value).text().map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The text at the place of a variable, read once more, is its value; in a map and in a list.
    #[test]
    fn variables_of_a_service_stand_where_they_say(values in proptest::collection::vec(value(), 1..5), list in any::<bool>(), quote in any::<bool>()) {
        let spell = |text: &str| if quote || text.contains(['\n', '\t']) { double(text) } else { single(text) };
        let lines: String = values.iter().enumerate().map(|(n, value)| match list {
            true => format!("      - {}\n", spell(&format!("V{n}={value}"))),
            false => format!("      V{n}: {}\n", spell(value)),
        }).collect();
        let text = format!("services:\n  chat:\n    image: x\n    environment:\n{lines}");
        let outer = read(Format::Yaml, &text);
        // `{#` in one value and `#}` in another make a comment of a template: nobody can tell what stands between.
        prop_assume!(!outer.templated);
        prop_assert_eq!(errors(&outer), Vec::<String>::new(), "{}", text);
        let project = compose(&outer, &Variables::default()).unwrap();
        let set = &project.services[0].variables[0];
        check_spans(set);
        for (entry, value) in set.root_node().entries().iter().zip(&values) {
            let node = set.node(entry.value);
            prop_assert_eq!(set.source.slice(entry.key_span), &*entry.key);
            let written = set.source.slice(node.span);
            let written = match (list, spell("x").starts_with('"') || value.contains(['\n', '\t'])) {
                (true, true) => format!("\"{written}\""),
                (true, false) => format!("'{written}'"),
                (false, _) => written.to_owned(),
            };
            let again = reread(&written);
            prop_assert_eq!(again.as_deref(), Some(&**value), "{}", text);
            if node.hole.is_none() {
                prop_assert_eq!(node.text().unwrap(), value.replace("$$", "$"), "{}", text);
            }
        }
    }

    /// Keys and values of a file inside another stand in the outer text as in the inner one.
    #[test]
    fn a_file_inside_stands_where_it_says(inner in document(), how in 0..4_usize, crlf in any::<bool>()) {
        let block = |mark: &str, gap: &str| {
            format!("{mark}\n{}", inner.lines().map(|line| format!("    {line}\n{gap}")).collect::<String>())
        };
        let spelt = match how {
            0 => block("|", ""),
            // Every line has to survive folding.
            1 => block(">", "\n"),
            2 => format!("{}\n", double(&inner)),
            _ => format!("{}\n", single(&inner.replace('\n', "\n\n")).replace("\n", "\n    ")),
        };
        let mut text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  c.yaml: {spelt}  Z: z\n");
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let outer = read(Format::Yaml, &text);
        prop_assume!(!outer.templated);
        prop_assert_eq!(errors(&outer), Vec::<String>::new(), "{}", text);
        let store = kubernetes(&outer).stores.into_iter().next().unwrap();
        prop_assert_eq!(store.files[0].text().trim_end(), inner.trim_end(), "{}", text);
        let document = store.files[0].document(&outer.source, Format::Yaml, &Limits::default());
        let alone = read(Format::Yaml, store.files[0].text());
        check_spans(&document);
        prop_assert_eq!(document.nodes.len(), alone.nodes.len());
        for (there, here) in document.root_node().entries().iter().zip(alone.root_node().entries()) {
            prop_assert_eq!(outer.source.slice(there.key_span), &*here.key, "{}", text);
            let written = outer.source.slice(document.node(there.value).span);
            let spelt = alone.source.slice(alone.node(here.value).span);
            // What is quoted again is read again.
            let once = match how {
                2 => reread(&format!("\"{written}\"")),
                3 => reread(&format!("'{written}'")),
                _ => Some(written.to_owned()),
            };
            prop_assert_eq!(once.as_deref(), Some(spelt), "{}", text);
        }
    }

    #[test]
    fn no_mess_panics(text in super::super::properties::mess(), beside in super::super::properties::variables()) {
        let known = known(&beside);
        for head in ["services:\n a:\n  image: x\n  environment:\n   ", "services:\n a:\n  ", "apiVersion: v1\nkind: Secret\ndata:\n c.y: "] {
            let outer = read(Format::Yaml, &format!("{head}{text}"));
            if let Some(project) = compose(&outer, &known) {
                project.services.iter().flat_map(|service| &service.variables).for_each(|set| check_spans(set));
            }
            let objects = kubernetes(&outer);
            objects.containers.iter().for_each(|container| check_spans(&container.variables));
            for store in &objects.stores {
                store.variables.iter().for_each(|set| check_spans(set));
                for file in &store.files {
                    for format in [Format::Yaml, Format::Json, Format::Toml, Format::Env] {
                        check_spans(&file.document(&outer.source, format, &Limits::default()));
                    }
                }
            }
        }
    }
}
