//! Templates and variables.

use super::super::template;
use super::*;

fn yaml(text: &str) -> Document {
    let document = read(Format::Yaml, text);
    check_spans(&document);
    assert_eq!(errors(&document), Vec::<String>::new(), "{text}");
    document
}

fn masked(text: &str) -> String {
    let masked = template::mask(text, Format::Yaml).expect("no tag found").text;
    assert_eq!(masked.len(), text.len());
    masked
}

#[test]
fn the_mask_is_of_equal_length() {
    assert_eq!(masked("a: {{ é }}b\n"), "a: xxxxxxxxb\n");
    assert_eq!(masked("{% if x %}\na: 1\n{%- else -%}\n"), "          \na: 1\n            \n");
    assert_eq!(masked("{# a\r\n b #}x"), "    \r\n     x");
    assert_eq!(masked("  {{- toYaml .x }}  {{ y }}\nb: <%= z %>"), format!("{}\nb: xxxxxxxx", " ".repeat(27)));
    assert_eq!(masked("a: {{ 'x}}' | d({'a': {}}) }}!"), "a: xxxxxxxxxxxxxxxxxxxxxxxxxx!");
    assert_eq!(masked("a: \"{{ x\n | d }}\"\n"), "a: \"xxxx\n       \"\n");
}

#[test]
fn what_is_no_tag_is_left_alone() {
    for text in [
        "a: {{ b\n",
        "a: '{% b'\n",
        "# {{ x }}\n",
        "  # {% if x %}\n",
        "a: <%% b %>\n",
        "a: {b: {c: 1}}\n",
        "a: }}{{\n",
    ] {
        assert!(template::mask(text, Format::Yaml).is_none(), "{text:?}");
    }
}

#[test]
fn holes_are_where_tags_are() {
    let document = yaml(
        "a: {{ x }}\nb: \"p {{ x }} q\"\nc: [1, {{ x }}]\nd: 2\n{{ k }}: 3\n- {{ x }}: y\n"
            .split("- {{")
            .next()
            .unwrap(),
    );
    assert_eq!(show(&document), "{a: {{ x }}?, b: \"p {{ x }} q\"?, c: [1, {{ x }}?], d: 2, {{ k }}: 3}");
    assert!(document.templated);
    assert_eq!(text_at(&document, &["b"]), "\"p {{ x }} q\"");
}

#[test]
fn unquoted_braces_are_a_hole_and_not_a_map() {
    assert_eq!(show(&yaml("- {{ a }}\n- {{a}}:{{b}}\n- {{ a }} b\n")), "[{{ a }}?, {{a}}:{{b}}?, {{ a }} b?]");
}

#[test]
fn defaults_are_kept() {
    let cases = [
        ("{{ x | default('7d') }}", "7d"),
        ("{{ x|d(\"7d\", true) }}", "7d"),
        ("{{ x.y['a|b'] | default(30) | int }}", "30"),
        ("{{ x | default(false) | lower }}", "false"),
        ("{{ .Values.x | default \"7d\" | quote }}", "7d"),
        ("{{- default 7.5 .Values.x -}}", "7.5"),
        ("{{ default `a b` .x }}", "a b"),
        ("${X:-7d}", "7d"),
        ("${X-}", ""),
        ("${X:=y}", "y"),
        ("${X:-${Y:-z}}", "z"),
    ];
    for (text, want) in cases {
        let document = yaml(&format!("a: '{}'\n", text.replace('\'', "\"")));
        assert_eq!(at(&document, &["a"]).hole.expect(text).default.as_deref(), Some(want), "{text}");
        let document = yaml(&format!("a: {text}\n"));
        assert_eq!(at(&document, &["a"]).hole.expect(text).default.as_deref(), Some(want), "{text}");
    }
    for text in [
        "{{ x }}",
        "{{ x | default(y) }}",
        "{{ x | default('a') }}d",
        "{{ x | default('a') | upper }}",
        "{{ a }}{{ b | d(1) }}",
        "${X}",
        "${X:?must}",
        "${X:+y}",
        "a${X:-b}",
        "$X_1",
        "${X:-${Y}}",
        "{{ default .y .x }}",
        "${a.b}",
        "{{ x | d('a' ~ b) }}",
    ] {
        let document = yaml(&format!("a: {text}\n"));
        assert_eq!(at(&document, &["a"]).hole.expect(text).default, None, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_variable_is_text() {
    for text in ["$x", "a $X", "$$X", "$${X}", "pa$$w0rd", "${}", "${ x }", "$1", "100$", "${1}", "$", "${X"] {
        assert_eq!(at(&yaml(&format!("a: '{text}'\n")), &["a"]).hole, None, "{text}");
    }
    assert!(read(Format::Json, r#"{"a": "${X}"}"#).nodes.iter().any(|node| node.hole.is_some()));
    assert!(read(Format::Toml, "a = '${X:-1}'").nodes.iter().any(|node| node.hole.is_some()));
}

#[test]
fn a_mustache_in_comments_makes_no_template() {
    let document = yaml("# {{ ansible_managed }}\na: 1 # {{ x }}\n#  b: '{% if x %}'\n");
    assert!(!document.templated && document.branches.is_empty() && document.splices.is_empty());
    assert_eq!(show(&document), "{a: 1}");
}

#[test]
fn a_comment_of_the_template_may_end_on_a_line_that_begins_with_its_mark() {
    let document = yaml("{#\n why\n#}a: {{ x }}\n");
    assert!(document.templated);
    assert!(at(&document, &["a"]).hole.is_some());
}

/// Branches as `group.index` with their text, `!` if one of the group is always taken.
fn branches(document: &Document) -> Vec<String> {
    let all = document.branches.iter();
    all.map(|branch| {
        let mark = if branch.exhaustive { "!" } else { "" };
        format!("{}.{}{mark} {:?}", branch.group, branch.index, document.source.slice(branch.span))
    })
    .collect()
}

#[test]
fn jinja_branches() {
    let document =
        yaml("{% if a %}\nx: 1\n{% elif b %}\nx: 2\n{% else %}\nx: 3\n{% endif %}\n{% if c %}\ny: 1\n{% endif %}\n");
    assert_eq!(
        branches(&document),
        [r#"0.0! "\nx: 1\n""#, r#"0.1! "\nx: 2\n""#, r#"0.2! "\nx: 3\n""#, r#"1.0 "\ny: 1\n""#]
    );
    assert_eq!(document.duplicates, [], "one branch is taken");
    assert_eq!(yaml("{% if a %}\nx: 1\n{% endif %}\nx: 2\n").duplicates.len(), 1);
    assert_eq!(yaml("{% if a %}\nx: 1\nx: 2\n{% endif %}\n").duplicates.len(), 1);
}

#[test]
fn nested_branches_follow_their_parent() {
    let document = yaml("{% for a in b %}\n- {{ a }}\n{%- if c %}\n- z\n{%- endif %}\n{% endfor %}\n");
    assert_eq!(
        branches(&document),
        ["0.0 \"\\n- {{ a }}\\n{%- if c %}\\n- z\\n{%- endif %}\\n\"", "1.0 \"\\n- z\\n\""]
    );
    assert_eq!(show(&document), "[{{ a }}?, z]");
}

#[test]
fn go_branches_and_splices() {
    let document = yaml(concat!(
        "{{- $x := 1 }}\n{{- if .Values.a }}\nx: 1\n{{- else if .Values.b }}\nx: 2\n{{- else }}\nx: 3\n{{- end }}\n",
        "{{- with .Values.c }}\ny:\n{{ toYaml . | indent 2 }}\n{{- end }}\nz: {{ .Values.z | default 5 }}\n{{/* note */}}\n",
    ));
    assert_eq!(show(&document), "{x: 1, x: 2, x: 3, y: ?, z: {{ .Values.z | default 5 }}?5}");
    let marks: Vec<_> = document.branches.iter().map(|b| (b.group, b.index, b.exhaustive)).collect();
    assert_eq!(marks, [(0, 0, true), (0, 1, true), (0, 2, true), (1, 0, false)]);
    let splices: Vec<_> = document.splices.iter().map(|&span| document.source.slice(span)).collect();
    assert_eq!(splices, ["{{ toYaml . | indent 2 }}"]);
}

#[test]
fn erb_branches() {
    let document = yaml(
        "<% if a -%>\nx: <%= b %>\n<% else %>\nx: 2\n<% end %>\n<% c.each do |d| -%>\n- <%= d %>\n<% end %>\n"
            .split("<% c")
            .next()
            .unwrap(),
    );
    assert_eq!(branches(&document), [r#"0.0! "\nx: <%= b %>\n""#, r#"0.1! "\nx: 2\n""#]);
    assert_eq!(show(&document), "{x: <%= b %>?, x: 2}");
    let document = yaml("a:\n<% c.each do |d| -%>\n  - <%= d %>\n<% end %>\n");
    assert_eq!(branches(&document).len(), 1);
}

#[test]
fn handlebars_and_unmatched_tags() {
    assert_eq!(
        branches(&yaml("{{#if a}}\nx: 1\n{{else}}\nx: 2\n{{/if}}\n")),
        [r#"0.0! "\nx: 1\n""#, r#"0.1! "\nx: 2\n""#]
    );
    assert_eq!(branches(&yaml("{% endif %}\nx: 1\n{% if a %}\ny: 2\n")), [r#"0.0 "\ny: 2\n""#]);
    assert_eq!(
        show(&yaml("a: {{ end }}\nb: {{ else }}\nc: {{ block | lower }}\n")),
        "{a: {{ end }}?, b: {{ else }}?, c: {{ block | lower }}?}"
    );
}

#[test]
fn raw_blocks_are_the_products_own() {
    let document = yaml("{% raw %}\na: '{{ x }}'\n{% endraw %}\nb: {{ y }}\n");
    assert_eq!(show(&document), "{a: '{{ x }}', b: {{ y }}?}");
}

#[test]
fn a_key_that_a_splice_may_fill_is_a_hole() {
    assert_eq!(show(&yaml("a:\n{{ x }}\nb: 1\n")), "{a: ?, b: 1}");
    assert_eq!(show(&yaml("a:\n  # c\nb: 1\n{{ x }}\n")), "{a: , b: 1}");
    assert_eq!(show(&yaml("a:\n{% if x %}\n  b: 1\n{% endif %}\n")), "{a: {b: 1}}");
}

#[test]
fn block_text_keeps_its_tags() {
    let document = yaml("a: |\n  x: {{ y }}\n  {{- if z }}\n   w\n  {{ end }}\n\nb: 1\n");
    assert_eq!(show(&document), "{a: |\"x: {{ y }}\\n{{- if z }}\\n w\\n{{ end }}\\n\"?, b: 1}");
}

#[test]
fn json_and_toml_templates_are_read() {
    let document =
        read(Format::Json, "{\"a\": {{ x | default(3) }}, \"b\": \"p{{ y }}\", {% if z %}\"c\": 1{% endif %}}");
    assert_eq!(
        (show(&document), errors(&document)),
        ("{a: \"{{ x | default(3) }}\"?3, b: \"p{{ y }}\"?, c: 1}".into(), vec![])
    );
    let document = read(
        Format::Toml,
        "{% if z %}\na = {{ x }}\n{% endif %}\nb = \"{{ y }}\"\n# {{ c }}\nc = '''{{ z }}'''\n[{{ t }}]\nk = 1\n",
    );
    assert_eq!(
        (show(&document), errors(&document)),
        ("{a: \"{{ x }}\"?, b: \"{{ y }}\"?, c: |\"{{ z }}\"?, {{ t }}: {k: 1}}".into(), vec![])
    );
    assert_eq!(document.branches.len(), 1);
}

#[test]
fn tags_inside_text_are_text_to_json_and_toml() {
    let document = read(
        Format::Toml,
        "a = \"x\\n{{ y }}\"\nb = \'\'\'\n{% if x %}\n{{ z }}\n\'\'\'\nc = \"{{\"\nd = {e = {f = 1}}\n",
    );
    assert_eq!(errors(&document), Vec::<String>::new());
    let want = r#"{a: "x\n{{ y }}"?, b: |"{% if x %}\n{{ z }}\n"?, c: "{{"?, d: {e: {f: 1?}}}"#;
    assert_eq!((show(&document).as_str(), document.branches.len(), document.splices.len()), (want, 0, 0));
    let document = read(Format::Json, r#"{"a": "x\n{{ y | default('z') }}", "b": "{% if x %}"}"#);
    assert_eq!(
        (show(&document).as_str(), document.branches.len()),
        (r#"{a: "x\n{{ y | default('z') }}"?, b: "{% if x %}"?}"#, 0)
    );
}

#[test]
fn tags_inside_a_value_govern_no_keys() {
    let document = yaml("a: \"{% if x %}1{% endif %}\\n\"\nb: |\n  {% if x %}\n  {{ y }}\n  {% endif %}\nc: 1\n");
    assert_eq!((document.branches.len(), document.splices.len(), document.templated), (0, 0, true));
    assert_eq!(show(&document), r#"{a: "{% if x %}1{% endif %}\n"?, b: |"{% if x %}\n{{ y }}\n{% endif %}\n"?, c: 1}"#);
}

#[test]
fn a_template_that_does_not_parse_says_so() {
    let document = read(Format::Yaml, "a: {{ x }}\n  b: {{ y }}\n");
    assert_eq!(document.errors[0].help.as_deref(), Some("the file is a template: check the rendered file instead"));
}

#[test]
fn masking_is_linear() {
    let start = std::time::Instant::now();
    for scrap in
        ["{{", "{{ ' }}", "{%", "{#", "<%", "{{ { }}", "{% raw %}", "{{ if x }}", "{{#a}}", "\n{{ x }}", "{{ x }}"]
    {
        let text = scrap.repeat(200_000 / scrap.len());
        if let Some(masked) = template::mask(&text, Format::Yaml) {
            assert_eq!(masked.text.len(), text.len(), "{scrap}");
        }
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
