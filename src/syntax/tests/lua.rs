//! Lua.

use super::*;

fn lua(text: &str) -> Document {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let statements = Statements { sections: own(&["Server", "Room"]), includes: own(&["Include"]) };
    let source = Arc::new(Source::new("f.lua", text));
    let document = parse_with(&source, Format::Lua, &Limits::default(), &statements);
    check_spans(&document);
    document
}

fn sound(text: &str) -> Document {
    let document = lua(text);
    assert_eq!(errors(&document), Vec::<String>::new(), "{text}");
    document
}

fn shown(text: &str) -> String {
    show(&sound(text))
}

/// The branches that govern the entries of the top with this key.
fn conditions(document: &Document, key: &str) -> Vec<(u32, u32, bool)> {
    let entries = document.root_node().entries().iter().filter(|entry| &*entry.key == key);
    let branches = entries.flat_map(|entry| document.branches_at(entry.key_span));
    branches.map(|branch| (branch.group, branch.index, branch.exhaustive)).collect()
}

#[test]
fn literals() {
    let document = sound(concat!(
        "a = 'x'; b = \"y\\n\\65\\x42\\u{e9}\\z\n   z\" c = [[\r\nline\r\n]]\nd = [==[ ]] ]==]\n",
        "e = 0x10 f = 1e3 g = .5 h = 3.0 i = -7 j = true k = false l = nil m = 0x.8p1 n = 12345678901234567890\n",
    ));
    assert_eq!(
        show(&document),
        concat!(
            r#"{a: 'x', b: "y\nABéz", c: |"line\n", d: |" ]] ", e: 16, f: 1000, g: 0.5, h: 3, i: -7, "#,
            "j: true, k: false, l: nil, m: 1, n: 12345678901234567000}",
        )
    );
    assert_eq!(text_at(&document, &["d"]), "[==[ ]] ]==]");
    assert_eq!(text_at(&document, &["i"]), "-7");
    assert_eq!(at(&document, &["c"]).kind, Kind::Scalar { text: "line\n".into(), style: Style::Block });
    assert_eq!(spans(&document)[0], ("a".into(), "'x'".into()));
}

#[test]
fn tables_are_lists_maps_or_both() {
    let document =
        sound("a = { 1; 'x', y }\nb = { c = 1, ['d e'] = 2, [3] = 4; }\nc = { 'p', q = 1, 'r' }\nd = {}\ne = {{{}}}");
    assert_eq!(
        show(&document),
        "{a: [1, 'x', y], b: {c: 1, d e: 2, 3: 4}, c: {1: 'p', q: 1, 2: 'r'}, d: [], e: [[[]]]}"
    );
    assert_eq!(text_at(&document, &["b"]), "{ c = 1, ['d e'] = 2, [3] = 4; }");
    assert_eq!(spans(&document)[1], ("'d e'".into(), "2".into()));
    assert!(!document.templated);
}

#[test]
fn constants_are_worked_out() {
    let cases = [
        ("1024 * 1024 * 10", "10485760"),
        ("60*60*24*7", "604800"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("7 // 2 + 7 % 4 - 1 / 2", "5.5"),
        ("-7 // 2", "-4"),
        ("-7 % 3", "2"),
        ("'10' * 2", "20"),
        ("(1 + 2) * 3", "9"),
        ("1 << 2", "1 << 2?"),
        ("1 // 0", "1 // 0?"),
        ("1 / 0", "1 / 0?"),
        ("'a' .. 1 .. \"b\"", "\"a1b\""),
        ("('a')", "'a'"),
        ("#'abc'", "3"),
        ("not nil", "true"),
        ("1 == 1.0", "true"),
        ("'a' ~= 'a'", "false"),
        ("1 < 2 and 'yes' or 'no'", "'yes'"),
        ("nil or false or 'z'", "'z'"),
        ("false and f()", "false"),
        ("nobody or 'd'", "'d'"),
        ("{} or 1", "[]"),
        ("tonumber('12')", "12"),
        ("tostring(5)", "\"5\""),
    ];
    for (text, want) in cases {
        assert_eq!(shown(&format!("a = {text}")), format!("{{a: {want}}}"), "{text}");
    }
    assert_eq!(text_at(&sound("a = 1 + 2 -- c"), &["a"]), "1 + 2");
    assert_eq!(text_at(&sound("a = nobody or 'd'"), &["a"]), "'d'");
}

#[test]
fn what_only_a_run_could_tell_is_a_hole() {
    let cases = [
        ("os.getenv('X')", "?"),
        ("os.getenv \"X\" or \"7d\"", "?7d"),
        ("Lua.os.getenv('X') or 'd'", "?d"),
        ("ENV_X or 5", "?5"),
        ("tonumber(os.getenv('X')) or 100 * 2", "?200"),
        ("tonumber(os.getenv('X') or '7')", "?7"),
        ("assert(os.getenv('X'), 'needed')", "?"),
        ("'a.' .. (os.getenv('X') or 'b')", "?a.b"),
        ("10 * (tonumber(ENV_X) or 3)", "?30"),
        ("ENV_X == '1'", "?"),
        ("not ENV_X", "?"),
        ("ENV_X and 'a' or 'b'", "?b"),
        ("ENV_X and 'a'", "?"),
        ("read('f')", "?"),
        ("io.open('f'):read('*l')", "?"),
        ("x.y.z", "?"),
        ("string.format('%s', 1)", "?"),
        ("function(a, ...) return a end", "?"),
        ("1 + nobody", "?"),
        ("{} .. 'a'", "?"),
    ];
    for (text, want) in cases {
        let document = sound(&format!("a = {text}"));
        assert_eq!(text_at(&document, &["a"]), text);
        assert_eq!(show(&document), format!("{{a: {text}{want}}}"), "{text}");
    }
    let document = sound("a = ENV_X or false\nb = ENV_X or 'false'\n");
    let style = |key| match at(&document, &[key]).kind {
        Kind::Scalar { style, .. } => Some(style),
        _ => None,
    };
    assert_eq!((style("a"), style("b")), (Some(Style::Bool), Some(Style::SingleQuoted)));
}

#[test]
fn names_without_a_value_stay_apart_from_texts() {
    let document = sound("a = never\nb = { ibrahim }\nc = a\nd = print\n");
    assert_eq!(show(&document), "{a: never, b: [ibrahim], c: a?, d: print?}");
    assert_eq!(at(&document, &["a"]).kind, Kind::Scalar { text: "never".into(), style: Style::Plain });
}

#[test]
fn local_variables_are_aliases() {
    let document = sound("local d, e <const> = 'x.org', { 1 }\na = d\nb = { d }\nc = 'a.' .. d\nf = e[1]\ng = e\n");
    assert_eq!(show(&document), "{a: *'x.org', b: [*'x.org'], c: \"a.x.org\", f: e[1]?, g: *[1]}");
    let entry = &document.root_node().entries()[0];
    assert_eq!(entry.alias.map(|span| document.source.slice(span)), Some("d"));
    assert_eq!(document.source.slice(document.node(entry.value).span), "'x.org'");
    // Not options, gone after their block, and shadowed by an inner one.
    assert_eq!(shown("local a = 1 do local a = 2 b = a end c = a"), "{b: *2, c: *1}");
    assert_eq!(shown("do local a = 1 end b = a"), "{b: a}");
    assert_eq!(shown("local t = { x = { y = 'v' } } a = t.x.y b = t['x']"), "{a: *'v', b: *{y: 'v'}}");
    assert_eq!(shown("local a, b = f() c = b"), "{c: *f()?}");
    assert_eq!(shown("local a a = 2 b = a"), "{b: *2}");
}

#[test]
fn what_control_flow_assigns_to_a_local_is_not_known() {
    assert_eq!(shown("local a = 1 if x then a = 2 end b = a"), "{b: *a?}");
    assert_eq!(shown("local a = 1 while f() do b = a a = 2 end"), "{b: *a?}");
    assert_eq!(shown("local a = 1 function f() a = 2 end b = a"), "{b: *a?}");
    assert_eq!(shown("for i = 1, 3 do b = i end"), "{b: *i?}");
    assert_eq!(shown("local t = {} change(t) a = t b = { 1 }"), "{a: *[]?, b: [1]}");
    assert_eq!(shown("local t = { 1 } for k in pairs(t) do end a = t"), "{a: *[1]}");
}

#[test]
fn tables_are_changed_in_place() {
    assert_eq!(shown("a = { 1 } a:append { 2, 3 }"), "{a: [1, 2, 3]}");
    assert_eq!(shown("a:append { 2 }"), "{a: [2]}");
    assert_eq!(shown("a = { 1 } a { 2 }"), "{a: [1, 2]}");
    assert_eq!(shown("a = { b = 1 } a.c = 2 a['d'] = 3"), "{a: {b: 1, c: 2, d: 3}}");
    assert_eq!(shown("local t = {} t.x = 1 a = t"), "{a: *{x: 1}}");
    assert_eq!(shown("a = { 1 } a[f()] = 2"), "{a: [1]?}");
    assert_eq!(shown("a = { 1 } Server 's' a:append { 2 }"), "{a: [1], Server: [{@1: 's', a: [2]}]}");
    assert_eq!(shown("a = { 1 } a:append(f())"), "{a: [1]?}");
    let document = sound("a = { b = 1 } if x then a.c = 2 end");
    assert_eq!(document.branches.len(), 1);
}

#[test]
fn sections_take_what_follows() {
    let text = "g = 1\nServer \"a.org\"\n  x = 1\nRoom (\"r.\" .. d) \"kind\"\n  y = 2\nServer('b.org')\n  z = 3\n";
    let document = sound(text);
    assert_eq!(
        show(&document),
        "{g: 1, Server: [{@1: \"a.org\", x: 1}, {@1: 'b.org', z: 3}], Room: [{@1: \"r.\" .. d?, @2: \"kind\", y: 2}]}"
    );
    let Kind::Seq(items) = at(&document, &["Server"]).kind else { panic!() };
    assert_eq!(document.source.slice(document.node(items[0].value).span), "Server \"a.org\"\n  x = 1");
    assert_eq!(spans(&document)[0], ("\"a.org\"".into(), "\"a.org\"".into()));
}

#[test]
fn a_section_opened_twice_is_one() {
    assert_eq!(shown("Server 'a' x = 1 Server 'b' Server \"a\" y = 2"), "{Server: [{@1: 'a', x: 1, y: 2}, {@1: 'b'}]}");
    let document = sound("Server 'a' x = 1 Server 'a' x = 2");
    assert_eq!(document.duplicates.len(), 1);
    assert_eq!(sound("x = 1 Server 'a' x = 2").duplicates, []);
}

#[test]
fn a_section_in_one_statement_ends_there() {
    assert_eq!(
        shown("Server 'a' { x = 1 } y = 2 Room 'r' 'k' { z = 3 } w = 4"),
        "{Server: [{@1: 'a', x: 1}], y: 2, Room: [{@1: 'r', @2: 'k', z: 3}], w: 4}"
    );
    assert_eq!(shown("Server 'a' {} y = 2"), "{Server: [{@1: 'a'}], y: 2}");
}

#[test]
fn of_a_call_the_first_argument_is_the_label() {
    assert_eq!(shown("Room('r', 'kind') x = 1"), "{Room: [{@1: 'r', x: 1}]}");
    assert_eq!(shown("Room() x = 1"), "{Room: [{x: 1}]}");
    assert_eq!(shown("local Server = f Server 'a' x = 1"), "{x: 1}");
    assert_eq!(shown("Server = 1"), "{Server: 1}");
    assert_eq!(shown("Unknown 'a' x = 1"), "{x: 1}");
}

#[test]
fn includes_are_kept() {
    let document =
        sound("Include \"conf.d/*.lua\"\nServer 'a'\nInclude(os.getenv('D') .. '/x.lua')\nx = 1\nInclude()\n");
    assert_eq!(
        show(&document),
        "{Include: [\"conf.d/*.lua\", os.getenv('D') .. '/x.lua'?], Server: [{@1: 'a', x: 1}]}"
    );
}

#[test]
fn control_flow_makes_what_it_touches_conditional() {
    let document = sound("a = 1 if x then b = 1 elseif y then b = 2 c = 1 else b = 3 end d = 1");
    assert_eq!(conditions(&document, "a"), []);
    assert_eq!(conditions(&document, "b"), [(0, 0, true), (0, 1, true), (0, 2, true)]);
    assert_eq!(conditions(&document, "c"), [(0, 1, true)]);
    assert_eq!(conditions(&document, "d"), []);
    assert_eq!(document.duplicates, [], "one branch is taken");
    assert_eq!(conditions(&sound("if x then a = 1 end"), "a"), [(0, 0, false)]);
    for text in [
        "for i = 1, 2 do a = 1 end",
        "for k, v in pairs(t) do a = 1 end",
        "while x do a = 1 end",
        "repeat a = 1 until x",
        "function f() a = 1 end",
        "local function f() a = 1 end",
        "b = function() a = 1 end",
        "f(function() a = 1 end)",
        "if x then return end a = 1",
    ] {
        assert_eq!(conditions(&sound(text), "a").len(), 1, "{text}");
    }
    assert_eq!(conditions(&sound("function f() if x then return end end a = 1"), "a"), []);
    assert_eq!(conditions(&sound("do a = 1 end"), "a"), []);
}

#[test]
fn sections_under_a_condition() {
    let document = sound("if x then Server 'a' y = 1 end\nz = 1\nServer 'b'\nw = 1");
    // What follows the `end` belongs to the section or to the top.
    assert_eq!(show(&document), "{z: 1, Server: [{@1: 'a', y: 1, z: 1}, {@1: 'b', w: 1}]}");
    assert_eq!(conditions(&document, "z").len(), 1);
    // One of the sections is there for certain, so the list is.
    assert_eq!(conditions(&document, "Server"), []);
    assert_eq!(conditions(&sound("if x then Server 'a' end"), "Server").len(), 1);
    let document = sound("for _, h in ipairs(hosts) do Server(h) x = 1 end");
    assert_eq!(show(&document), "{Server: [{@1: *h?, x: 1}]}");
}

#[test]
fn computed_keys_make_no_key_certain() {
    let document = sound("a = { [ENV_X or 'info'] = 1, b = 2 }");
    assert_eq!(show(&document), "{a: {info: 1, b: 2}}");
    assert_eq!(document.splices.len(), 1);
    assert_eq!(document.branches.len(), 1);
}

#[test]
fn comments_are_kept() {
    let document =
        sound("#!/usr/bin/lua\n-- one\na = 1 --[[ two\nlines ]] b = 2 --[==[ x ]] ]==]\n---- three\n--[ four");
    assert_eq!(show(&document), "{a: 1, b: 2}");
    let comments: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(
        comments,
        ["#!/usr/bin/lua", "-- one", "--[[ two\nlines ]]", "--[==[ x ]] ]==]", "---- three", "--[ four"]
    );
}

#[test]
fn a_program_that_is_no_configuration_is_read() {
    let text = r##"
local M = {}
local mt = { __index = function(t, k) return rawget(t, k) end, __call = print }
function M.new(...) local self <close> = setmetatable({ n = select("#", ...) }, mt) return self end
function M:each(f) for i, v in ipairs(self) do if not v then goto continue end f(i, v) ::continue:: end end
local function fib(n) if n < 2 then return n else return fib(n - 1) + fib(n - 2) end end
do local x, y = 1, 2; x, y = y, x; M.x, M["y"] = x & y | 3 ~ 4, ~x >> 1 end
while true do break end
repeat local z = #M until z == 0
(function() return end)()
print(("x"):rep(3), [[a]], #{ 1, 2 }, -2 ^ 2, not (1 ~= 2))
return M, { 1, 2, }, "a" .. 1 .. 2
"##;
    let document = sound(text);
    assert_eq!(show(&document), "{}");
}

#[test]
fn templates_are_read() {
    let text = concat!(
        "{% if tls %}\na = {{ x }}\n{% else %}\na = \"{{ y | default('7d') }}\"\n{% endif %}\n",
        "m = { {% for x in xs %} \"{{ x }}\"; {% endfor %} 'fixed' }\nServer \"{{ host }}\"\n  b = {{ n | default(5) }}\n",
        "{{ extra }}\n{% for k, v in more.items() %}\n{{ k }} = {{ v }}\n{% endfor %}\nc = <%= z %>\n-- {{ comment }}\n",
    );
    let document = sound(text);
    assert_eq!(
        show(&document),
        concat!(
            "{a: {{ x }}?, a: {{ y | default('7d') }}?7d, m: [{{ x }}?, 'fixed'], ",
            "Server: [{@1: {{ host }}?, b: {{ n | default(5) }}?5, {{ k }}: {{ v }}?, c: <%= z %>?}]}",
        )
    );
    assert!(document.templated);
    assert_eq!(document.duplicates, []);
    assert_eq!(conditions(&document, "a"), [(0, 0, true), (0, 1, true)]);
    let splices: Vec<_> = document.splices.iter().map(|span| document.source.slice(*span)).collect();
    assert_eq!(splices, ["{{ extra }}", "{{ k }}"]);
}

#[test]
fn tables_in_tables_are_no_template() {
    let document = sound("a = {{ 'x', 'y' }}\nb = {{1}}\nlocal d = 2\nc = {{ d }}\ne = \"{{ f }}\"");
    assert_eq!(show(&document), "{a: [['x', 'y']], b: [[1]], c: [[*2]], e: {{ f }}?}");
    assert!(document.branches.is_empty() && document.splices.is_empty() && document.templated);
    assert!(!sound("a = {{ 'x', 'y' }}").templated);
    // A name that nobody defined is none of Lua's either.
    assert_eq!(shown("a = {{ f }}\nb = {{ g | lower }}"), "{a: {{ f }}?, b: {{ g | lower }}?}");
}

#[test]
fn one_of_several_values_of_a_template() {
    let document =
        sound("a = {% if x %}'b'{% else %}'c'{% endif %}\nd = { {% if x %} 'e' {% else %} 'f' {% endif %} }\n");
    assert_eq!(show(&document), "{a: 'b'{% else %}'c'?, d: ['e', 'f']}");
    assert_eq!(shown("a = {{ x }}{{ y }}\nb = 'p{{ x }}'"), "{a: {{ x }}{{ y }}?, b: p{{ x }}?}");
}

#[test]
fn shell_placeholders_are_holes() {
    let document = sound("a = $NAME\nb = ${X:-7d}\nc = '${Y}'\n$EXTRA\nd = { ${KEY} = 1, $ITEM }\n$OTHER = 5\n");
    assert_eq!(show(&document), "{a: $NAME?, b: ${X:-7d}?7d, c: ${Y}?, d: {${KEY}: 1, 1: $ITEM?}, $OTHER: 5}");
    assert_eq!(document.splices.len(), 3);
}

#[test]
fn errors_tell_what_where_and_how() {
    let cases = [
        ("a = `b`", "\"`\": an unexpected character"),
        ("a = 1\nb = \"x\nc = 2", "\"\\\"x\": a quote that is not closed on its line"),
        ("a = 'x\\", "\"'x\\\\\": a quote that is not closed on its line"),
        ("a = [==[ x ]=]", "\"[==[\": a text (`[[`) that is never closed"),
        ("a = 1 --[[ x", "\"--[[\": a comment (`--[[`) that is never closed"),
        ("a = { 1, 2", "\"{\": a bracket (`{`) that is never closed"),
        ("a = (1 + 2", "\"(\": a bracket (`(`) that is never closed"),
        ("f(1, 2", "\"(\": a bracket (`(`) that is never closed"),
        ("if x then a = 1", "\"if\": a `if` that is never closed"),
        ("function f() a = 1", "\"function\": a `function` that is never closed"),
        ("a = { 'x' 'y' }", "\"'y'\": a comma is missing before this"),
        ("a = { b = 1 c = 2 }", "\"c\": a comma is missing before this"),
        ("a = { b: 1 }", "\":\": a `:` that is no call"),
        ("a 1", "\"1\": `=` was expected here"),
        ("hello\nb = 1", "\"hello\": a name that stands alone"),
        ("a = ", "\"=\": the file ends where a value was expected"),
        ("a == 1", "\"==\": `=` was expected here"),
        ("a = = 1", "\"=\": an `=` too many"),
        ("a = 1 end", "\"end\": an `end` that closes nothing"),
        ("a = 'C:\\path'", "\"\\\\p\": an escape that Lua does not know"),
        ("a = 12ab", "\"12ab\": a number that Lua does not know"),
        ("a = 1\n}", "\"}\": a statement was expected here"),
        ("for a, b = 1, 2 do end", "\"=\": an `=` too many"),
        ("local 1 = 2", "\"1\": a name was expected here"),
        ("# x\na = $", "\"$\": an unexpected character"),
        ("x = 1;;\n: y", "\":\": a statement was expected here"),
    ];
    for (text, want) in cases {
        assert_eq!(errors(&lua(text)), [want], "{text}");
    }
    // What was read before is kept.
    assert_eq!(show(&lua("a = 1 Server 's' b = 2 c = { 1")), "{a: 1, Server: [{@1: 's', b: 2}]}");
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [
        ("{", "}"),
        ("(", ")"),
        ("- ", ""),
        ("not ", ""),
        ("{[", "]=1}"),
        ("f(", ")"),
        ("f{", "}"),
        ("x[", "]"),
        ("2^", ""),
        ("function() return ", " end"),
    ] {
        let text = format!("a = {}1{}", open.repeat(5000), close.repeat(5000));
        assert_eq!(lua(&text).errors[0].message, "maps and lists are nested more than 128 deep", "{open}");
        let text = format!("a = {}1{}", open.repeat(60), close.repeat(60));
        assert_eq!(errors(&lua(&text)), Vec::<String>::new(), "{open}");
    }
    for open in ["if x then ", "do ", "while x do ", "repeat ", "function f() ", "for i = 1, 2 do "] {
        assert_eq!(lua(&open.repeat(5000)).errors[0].message, "maps and lists are nested more than 128 deep", "{open}");
    }
}

#[test]
fn reading_is_linear() {
    let start = std::time::Instant::now();
    let long = "x".repeat(1000);
    for scrap in [
        "a = 1\n",
        "a = { 1 } a:append { 2 }\n",
        "a:append { 2 }\n",
        "local a = 1\n",
        "local a = a\n",
        "if x then Server 'a' end ",
        "if x then a = 1 end ",
        "Server(f()) ",
        "Server 'a' x = 1 ",
        "a = b.c.d[e](f):g() ",
        "a = a .. a ",
        "a = 1 + 1 - 1 * 1 or 1 and 1 ",
        "'",
        "[[",
        "[=",
        "--[[ ",
        "{ ",
        "{{ a }} ",
        "$a ",
        "\\",
        "x = {{a}}\n",
        "a, ",
        "a.b.c.",
        "x = { [f()] = 1 } ",
        "goto a ::a:: ",
    ] {
        let text = scrap.repeat(50_000 / scrap.len());
        lua(&text);
        lua(&format!("a = {text}"));
        lua(&format!("a = {{ {text}"));
        lua(&format!("local a = '{long}'\n{text}"));
    }
    // Texts joined to themselves, and defaults that are long.
    let text = format!("local a = '{long}'\n{}b = a", "local a = a .. a\n".repeat(60));
    assert!(lua(&text).nodes.iter().all(|node| node.text().is_none_or(|text| text.len() < 200_000)));
    let text = format!("local a = '{long}'\n{}", "b = os.getenv('X') or a\n".repeat(20_000));
    assert!(
        lua(&text).nodes.iter().filter_map(|n| n.hole.as_ref()?.default.as_ref()).map(|d| d.len()).sum::<usize>()
            < 2_000_000
    );
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_is_no_text_is_refused_before() {
    assert!(Source::decode("f", b"a = \"\xff\xfe\xfd\"".to_vec()).is_err());
}
