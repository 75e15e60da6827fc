//! YAML.

use super::*;

fn yaml(text: &str) -> Document {
    let document = read(Format::Yaml, text);
    check_spans(&document);
    document
}

#[test]
fn scalars_keep_text_and_style() {
    let document = yaml("a: yes\nb: 'it''s'\nc: \"x\\n\"\nd: ~\ne:\nf: |\n  x\n  y\ng: >-\n  x\n  y\n");
    assert_eq!(show(&document), r#"{a: yes, b: 'it's', c: "x\n", d: ~, e: , f: |"x\ny\n", g: |"x y"}"#);
    assert!(document.errors.is_empty());
}

#[test]
fn spans_are_byte_exact() {
    let text = "é: ü\n\"k\" : 'v' # c\nlist:\n- a\n- b: 1\n  c: {d: [x, y]}\n\nz: |2+  # | c\n   t\n\n\nend: >\n q\n\n";
    let document = yaml(text);
    let want = [("b", "1"), ("c", "{d: [x, y]}"), ("d", "[x, y]")];
    let all = spans(&document);
    for (key, value) in want {
        assert!(all.contains(&(key.to_owned(), value.to_owned())), "{key}: {all:?}");
    }
    assert_eq!(text_at(&document, &["é"]), "ü");
    assert_eq!(text_at(&document, &["k"]), "'v'");
    assert_eq!(text_at(&document, &["list"]), "- a\n- b: 1\n  c: {d: [x, y]}");
    assert_eq!(text_at(&document, &["list", "1"]), "b: 1\n  c: {d: [x, y]}");
    assert_eq!(text_at(&document, &["z"]), "|2+  # | c\n   t\n\n\n");
    assert_eq!(text_at(&document, &["end"]), ">\n q");
    assert_eq!(document.source.slice(document.root_node().span), text.trim_end());
}

#[test]
fn an_absent_value_stands_after_its_colon() {
    let document = yaml("a:\nb :   # c\nc: &x\nd: !t\n- : x");
    for (key, at) in [("a", 2), ("b", 6)] {
        let node = super::at(&document, &[key]);
        assert_eq!(
            (node.span, &node.kind),
            (Span::new(at, at), &Kind::Scalar { text: "".into(), style: Style::Plain })
        );
    }
    assert_eq!(super::at(&document, &["c"]).span, Span::new(18, 18));
    assert_eq!(super::at(&document, &["d"]).tag.as_deref(), Some("!t"));
    assert_eq!(show(&yaml("{a, b: }")), "{a: , b: }");
    assert_eq!(show(&yaml("-\n- \n- x\n")), "[, , x]");
}

#[test]
fn block_headers_are_found_past_comments_tags_and_anchors() {
    let document = yaml("a: # | no\n  !t &b>c |- # y\n  text\nb:\n  - >\n    t\n");
    assert_eq!(text_at(&document, &["a"]), "|- # y\n  text");
    assert_eq!(super::at(&document, &["a"]).tag.as_deref(), Some("!t"));
    assert_eq!(text_at(&document, &["b", "0"]), ">\n    t");
}

#[test]
fn aliases_share_the_node() {
    let document = yaml("a: &x {k: 1}\nb: *x\nc: [*x]\n*x : d\n");
    assert_eq!(show(&document), "{a: {k: 1}, b: *{k: 1}, c: [*{k: 1}], *x: d}");
    let Kind::Map(entries) = &document.root_node().kind else { panic!() };
    assert_eq!(entries[0].value, entries[1].value);
    assert_eq!(document.source.slice(entries[1].alias.unwrap()), "*x");
    assert_eq!(document.source.slice(document.node(entries[1].value).span), "{k: 1}");
}

#[test]
fn an_anchored_scalar_key_can_be_an_alias() {
    assert_eq!(show(&yaml("&k key: v\nother: *k\n")), "{key: v, other: *key}");
}

#[test]
fn a_recursive_anchor_is_a_cycle() {
    let document = yaml("a: &x\n  b: *x\n  c: 1\n");
    assert!(show(&document).starts_with("{a: {b: *{b: *"));
    assert!(document.errors.is_empty());
}

#[test]
fn merge_keys_come_last_and_lose() {
    let base = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\n";
    let of = |text: &str| {
        let document = yaml(&format!("{base}{text}"));
        assert_eq!(document.errors, [], "{text}");
        assert_eq!(document.duplicates, [], "{text}");
        show(&document).split_once("it: ").unwrap().1.to_owned()
    };
    assert_eq!(of("it:\n  <<: *b\n  x: 9\n"), "{x: 9, <y: *2}}");
    assert_eq!(of("it:\n  x: 9\n  <<: [*b, *m]\n"), "{x: 9, <y: *2, <z: *4}}");
    assert_eq!(of("it:\n  <<: *b\n  <<: *m\n"), "{<x: *1, <y: *2, <z: *4}}");
    assert_eq!(of("it:\n  <<: {q: 5}\n"), "{<q: 5}}");
    assert_eq!(of("it:\n  '<<': 1\n"), "{<<: 1}}");
}

#[test]
fn a_merged_entry_knows_both_places() {
    let document = yaml("base: &b\n  x: 1\nit:\n  <<: *b\n");
    let Kind::Map(entries) = at(&document, &["it"]).kind else { panic!() };
    assert_eq!(document.source.slice(entries[0].alias.unwrap()), "*b");
    assert_eq!(entries[0].key_span, Span::new(11, 12));
}

#[test]
fn merging_what_is_no_map_is_an_error() {
    assert_eq!(errors(&yaml("a: &a 1\nb:\n  <<: *a\n")), [r#""*a": a merge key (`<<`) needs a map or a list of maps"#]);
    assert_eq!(errors(&yaml("b:\n  <<: x\n  c: 1\n")).len(), 1);
    assert_eq!(errors(&yaml("a: &a\n  <<: *a\n  c: 1\n")).len(), 0, "a map that merges itself brings nothing");
}

#[test]
fn merging_has_a_budget() {
    let mut text = String::from("a: &a {");
    (0..1000).for_each(|index| text += &format!("k{index}: 1, "));
    text += "}\n";
    (0..1000).for_each(|index| text += &format!("m{index}: {{<<: *a}}\n"));
    let document = yaml(&text);
    assert!(document.errors.iter().all(|error| error.message.contains("merge keys")));
    assert_eq!(document.errors.len(), Limits::default().errors);
}

#[test]
fn duplicates_are_kept_and_listed() {
    let document = yaml("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n");
    assert_eq!(show(&document), "{a: 1, b: {c: 1, c: 2}, a: 2, a: 3}");
    let pairs: Vec<_> = document.duplicates.iter().map(|d| (d.first.start, d.second.start)).collect();
    assert_eq!(pairs, [(9, 15), (0, 21), (0, 26)]);
}

#[test]
fn several_documents_of_which_one_fails() {
    let document = yaml("---\na: 1\n---\nb: [1\n---\n---\nc: 3\n...\n# end\n");
    assert_eq!(show(&document), "{a: 1} --- {b: []} --- {c: 3}");
    assert_eq!(document.errors.len(), 1);
    assert_eq!(document.comments.len(), 1);
}

#[test]
fn nothing_is_an_empty_map() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "\u{feff}"] {
        let document = yaml(text);
        assert_eq!((show(&document).as_str(), document.root_node().span), ("{}", Span::new(0, 0)), "{text:?}");
        assert_eq!(document.errors, []);
    }
    assert_eq!(show(&yaml("---\n# nothing\n---\na: 1\n")), "{a: 1}");
}

#[test]
fn comments_are_sorted_and_each_once() {
    let document = yaml("# one\na: | # two\n  x\nb: # three\n  # four\n  - c # five\n# six");
    let texts: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(texts, ["# one", "# two", "# three", "# four", "# five", "# six"]);
}

#[test]
fn many_comments_are_no_error() {
    let document = yaml(&format!("a:\n{}b: 1\n", "# x\n".repeat(5000)));
    assert_eq!((show(&document), document.errors.len(), document.comments.len()), ("{a: , b: 1}".into(), 0, 5000));
}

#[test]
fn tags_are_kept_and_standard_ones_left_out() {
    let document =
        yaml("a: !vault |\n  x\nb: !include f.yaml\nc: !!str yes\nd: !!int 5\ne: !!binary aGk=\nf: !custom\n  g: 1\n");
    assert_eq!(
        show(&document),
        r#"{a: !vault |"x\n", b: !include f.yaml, c: "yes", d: 5, e: !!binary aGk=, f: !custom {g: 1}}"#
    );
}

#[test]
fn line_breaks_of_every_kind() {
    for eol in ["\n", "\r\n", "\r"] {
        let document = yaml(&["a: 1", "b:", "  - x", "  - |", "    t", "    u", "c: 'p", "  q'", ""].join(eol));
        assert_eq!(show(&document), r#"{a: 1, b: [x, |"t\nu\n"], c: 'p q'}"#, "{eol:?}");
        assert_eq!(text_at(&document, &["b", "1"]), ["|", "    t", "    u"].join(eol));
        assert_eq!(document.errors, []);
    }
}

#[test]
fn errors_tell_what_and_where() {
    let cases = [
        ("a: 1\n\tb: 2\n", "\"\\t\": a tab used as indentation"),
        ("a:\n\tb: 2\n", "\"\\t\": a tab used as indentation"),
        ("a: \"x\nb: 1\n", "\"\\\"\": a quote that is never closed"),
        ("a: 'x\nb: 1\n", "\"'\": a quote that is never closed"),
        ("a: b: c\n", "\":\": a second `: ` on the line: a map is not allowed here"),
        (
            "a: 1\n  b: 2\n",
            "\":\": bad indentation: this line is deeper than the key above it, which has a value already",
        ),
        (
            "a: 1\n b\n c: d\n",
            "\":\": bad indentation: this line is deeper than the key above it, which has a value already",
        ),
        ("a:\n  b: 1\n c: 2\n", "\"c\": bad indentation: this line fits none of the maps and lists above it"),
        ("a: [1, 2\nb: 1\n", "\":\": brackets that are not closed, or a comma missing between their items"),
        ("a: [1, 2\n", "\"[\": brackets that are not closed, or a comma missing between their items"),
        ("a: 'x' y\n", "\"y\": text after a closing quote"),
        ("a: \"\\q\"\n", "\"\\\"\": an escape that YAML does not know, inside double quotes"),
        ("a: @x\n", "\"@\": a value that begins with a character YAML keeps for itself"),
        ("a: 1\nb\n", "\"b\": a line of a map without `:`"),
        ("- a\nb: 1\n", "\"b\": a list that goes on without `-`"),
        ("a: \u{7}\n", "\"\\u{7}\": a control character"),
        ("a: [x]]\n", "\"]\": a closing bracket without an opening one"),
        ("a: ****\n", "\"****\": an alias without an anchor of that name before it"),
    ];
    for (text, want) in cases {
        assert_eq!(errors(&yaml(text)), [want], "{text:?}");
    }
}

#[test]
fn what_came_before_an_error_stays() {
    assert_eq!(show(&yaml("a: 1\nb: {c: 2}\nd: 'x\n")), "{a: 1, b: {c: 2}}");
    assert_eq!(show(&yaml("a: 1\nb:\n  c: 2\n  d: [3, \"x\n")), "{a: 1, b: {c: 2, d: [3]}}");
    assert_eq!(show(&yaml("a: 1\nb: 2\n  c: 3\n")), "{a: 1}", "the value of b is not what it seems");
    assert_eq!(show(&yaml("a: ***\nb: 2\n")), "{a: ***?, b: 2}");
}

#[test]
fn depth_is_bounded() {
    let mut shapes = vec![
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        "? ".repeat(20_000),
        "[{".repeat(10_000),
        format!("a: {}", "[".repeat(20_000)),
    ];
    shapes.push((0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect());
    for text in shapes {
        let document = yaml(&text);
        assert_eq!(document.errors.len(), 1, "{}", text.get(..20).unwrap());
        assert!(document.errors[0].message.contains("nested"), "{:?}", document.errors);
    }
    let fine = format!("{}x{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(yaml(&fine).errors, []);
}

#[test]
fn an_alias_bomb_costs_nothing() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![below; 9].join(", "));
    }
    let document = yaml(&text);
    assert!(document.errors.is_empty() && document.nodes.len() < 100);
}

#[test]
fn a_text_too_long_is_refused() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let document = parse(&Arc::new(Source::new("f", "a: 1\nb: 2\nc: 3\n")), Format::Yaml, &limits);
    assert_eq!(errors(&document), [r#""a": the file is larger than 10 bytes"#]);
}

#[test]
fn long_lines_are_no_problem() {
    let text = format!("a: [{}]\nb: \"{}\"\n", "1, ".repeat(300_000), "x".repeat(1_000_000));
    let document = yaml(&text);
    assert_eq!(document.errors, []);
    let Kind::Seq(items) = at(&document, &["a"]).kind else { panic!() };
    assert_eq!(items.len(), 300_000);
}

#[test]
fn only_what_follows_a_blank_outside_scalars_is_a_comment() {
    let document = yaml(
        "a: x#y # one\nb: 'p # q' # two\nc: &n#m \"r # s\" # three\nd: [1, 2] # four\ne: *n#m # five\nf: >-\n  # text\n# six\ng: !t#u v\n",
    );
    let texts: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(texts, ["# one", "# two", "# three", "# four", "# five", "# six"]);
}

#[test]
fn comments_go_on_after_an_error_of_an_earlier_document() {
    let document = yaml("# one\na: [1\n---\n# two\nb: 1 # three\n");
    let texts: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(document.errors.len(), 1);
    assert_eq!((texts.first(), texts.last()), (Some(&"# one"), Some(&"# three")));
}
