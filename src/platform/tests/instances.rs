//! Several deployments in one document: hosts that inherit what stands at the top.

use super::*;

const HOSTS: &str = r#"
[document.main]
formats = ["yaml"]
dialect = "yaml-1.1"
any = ["hosts", "kept"]
[[instance]]
each = "hosts[]"
id = "name"
kind = "host"
[[instance]]
each = "rooms[]"
id = "name"
kind = "rooms"
facts = ["content.*", "product.scopes"]
[[layer]]
id = "host"
document = "main"
at = "{each}"
[[layer]]
id = "global"
document = "main"
[[layer]]
id = "autoloaded"
values = { modules = ["roster"] }
force = "default"
[codec]
days = { base = "duration", bare = "d" }
words = { base = "list", text = "single", special = { "@null" = "@next" } }
[setting]
name = { codec = "text", layers = ["host"] }
kept = { codec = "days", absent = "7d" }
port = { codec = "number", layers = ["global"], absent = 1 }
open = { codec = "bool", absent = false }
modules = { codec = "words", merge = "union", layers = [{ when = "instance.kind == 'rooms'", value = ["host"] }, { value = ["host", "global", "autoloaded"] }], absent = [] }
off = { codec = "words", merge = "union", absent = [] }
log = { codec = "text", absent = "" }
"log.debug" = { codec = "text", absent = "" }
[context]
archive = { type = "bool", cases = { from = "'archive' in setting.modules" } }
[[gate]]
settings = ["kept"]
needs = "context.archive"
because = "nothing is kept without the module `archive`"
[fact]
"product.scopes" = [{ when = "instance.kind == 'host'", value = ["direct"] }, { value = ["group"] }]
"content.retention" = { from = "setting.kept" }
"account.guests" = { from = "setting.open", map = { true = "write", false = "off" } }
[mend]
"account.guests" = { set = { open = false }, add = { modules = "blocklist" }, remove = { modules = "guests" } }
"#;

fn all(text: &str) -> Vec<Deployment<'static>> {
    let platform = platform(HOSTS);
    let sheets = vec![sheet(platform, "main", text)];
    let input = Input { sheets, ..Input::default() };
    let found = instances(platform, &input.sheets);
    if found.is_empty() {
        return vec![Deployment::new(facts(), Some(platform), input)];
    }
    let one = |i: Instance| Deployment::new(facts(), Some(platform), Input { instance: Some(i), ..input.clone() });
    found.into_iter().map(one).collect()
}

fn values(text: &str, expression: &str) -> Vec<String> {
    all(text).iter().map(|d| format!("{}: {}", d.instance_id().map_or("-", |i| i), value(d, expression))).collect()
}

#[test]
fn hosts_inherit_what_stands_at_the_top() {
    let text = "kept: 30\nhosts:\n- name: a\n  kept: 3\n- name: b\nrooms:\n- name: c\n";
    assert_eq!(values(text, "has(setting.kept)"), ["a: true", "b: true", "c: true"]);
    let text = format!("modules: [archive]\n{text}");
    assert_eq!(values(&text, "setting.kept"), ["a: 3d", "b: 30d", "c: 7d"]);
    assert_eq!(values(&text, "instance.kind"), ["a: host", "b: host", "c: rooms"]);
    assert_eq!(values(&text, "instance.id"), ["a: a", "b: b", "c: c"]);
    assert_eq!(values(&text, "content.retention['direct']"), ["a: 3d", "b: 30d", "c: n/a"]);
    assert_eq!(values(&text, "content.retention['group']"), ["a: n/a", "b: n/a", "c: 7d"]);
    assert_eq!(values(&text, "account.guests"), ["a: off", "b: off", "c: n/a"]);
}

#[test]
fn without_any_there_is_one_without_a_name() {
    assert_eq!(values("kept: 30\n", "setting.open"), ["-: false"]);
    assert_eq!(values("kept: 30\n", "instance.kind"), ["-: unknown: context"]);
}

#[test]
fn one_that_is_opened_twice_is_one() {
    let text = "hosts:\n- {name: a, open: true, log: x}\n- {name: b}\n- {name: a, open: false}\n";
    assert_eq!(values(text, "setting.open"), ["a: false", "b: false"]);
    assert_eq!(values(text, "setting.log"), ["a: x", "b: "]);
}

#[test]
fn lists_of_all_layers_are_joined() {
    let text = "modules: [archive, tls]\nhosts:\n- name: a\n  modules: [guests, tls]\n- name: b\n  modules: one\nrooms:\n- name: c\n  modules: [rooms]\n- name: d\n";
    assert_eq!(
        values(text, "setting.modules"),
        ["a: [guests tls archive roster]", "b: [one archive tls roster]", "c: [rooms]", "d: []"]
    );
    assert_eq!(values(text, "has(setting.modules)"), ["a: true", "b: true", "c: true", "d: false"]);
    assert_eq!(values("hosts:\n- name: a\n", "setting.modules"), ["a: [roster]"]);
    assert_eq!(values("hosts:\n- name: a\n", "has(setting.modules)"), ["a: false"]);
    // What a template fills in may be any of them.
    let text = "modules: '{{ modules }}'\nhosts:\n- name: a\n  modules: [tls]\n";
    assert_eq!(values(text, "'tls' in setting.modules"), ["a: true"]);
    assert_eq!(values(text, "'archive' in setting.modules"), ["a: unknown: templated"]);
}

#[test]
fn a_map_in_the_place_of_a_text_is_settings_of_its_own() {
    let text = "log: {debug: x}\nhosts:\n- name: a\n";
    assert_eq!(values(text, "setting.log"), ["a: "]);
    assert_eq!(values(text, "setting.log.debug"), ["a: x"]);
    assert!(all(text).iter().all(|d| events(d).is_empty()));
}

fn agreed(text: &str) -> Vec<Vec<String>> {
    let all = all(text);
    agree(&all);
    all.iter().map(events).collect()
}

#[test]
fn an_event_holds_in_every_instance_that_reads_the_place() {
    // `kept` has no effect for `b`, but it has for `a`.
    let text = "kept: 30\nhosts:\n- name: a\n  modules: [archive]\n- name: b\n";
    assert_eq!(agreed(text), [Vec::<String>::new(), vec![]]);
    let text = "kept: 30\nhosts:\n- name: a\n- name: b\n";
    assert_eq!(agreed(text), [["without-effect 30"], ["without-effect 30"]]);
    let text = "hosts:\n- name: a\n  modules: [archive]\n- name: b\n  kept: 3\n";
    assert_eq!(agreed(text), [vec![], vec!["without-effect 3".to_owned()]]);
}

#[test]
fn what_is_written_where_it_is_not_read() {
    let text = "modules: [archive]\nname: x\nhosts:\n- name: a\n  port: 2\n- name: b\n";
    let told = agreed(text);
    assert_eq!(told, [vec!["without-effect x", "without-effect 2"], vec!["without-effect x"]]);
    // Rooms do not read the modules of the top, but hosts do.
    let text = "modules: [archive]\nhosts:\n- name: a\nrooms:\n- name: c\n";
    assert_eq!(agreed(text), [Vec::<String>::new(), vec![]]);
}

#[test]
fn misspelt_keys_in_an_instance_are_its_own() {
    let text = "modlues: [archive]\nhosts:\n- name: a\n  kpet: 2\n- name: b\n";
    assert_eq!(agreed(text), [vec!["without-effect modlues", "without-effect kpet"], vec!["without-effect modlues"]]);
}

#[test]
fn mends_of_joined_lists_go_to_the_list_that_has_the_item() {
    let text = "modules: [archive, guests]\nhosts:\n- name: a\n  open: true\n  modules: [guests, tls]\n- name: b\n  open: true\n";
    let plans: Vec<String> = all(text)
        .iter()
        .map(|d| {
            let ix = facts().vocabulary.find("account.guests").unwrap();
            d.help(&d.plan(&d.platform().unwrap().mends[&ix][0], &[None], None, &[]).unwrap())
        })
        .collect();
    assert_eq!(
        plans,
        [
            "set `open` to `false`\ntake `\"guests\"` out of `modules` (line 5)\n\
             take `\"guests\"` out of `modules` (line 1)\nadd `\"blocklist\"` to `modules` (line 5)",
            "set `open` to `false`\ntake `\"guests\"` out of `modules` (line 1)\nadd `\"blocklist\"` to `modules` (line 1)",
        ]
    );
    // A module that only the server brings along cannot be taken out of a list.
    let d = all("hosts:\n- name: a\n");
    let ix = facts().vocabulary.find("account.guests").unwrap();
    assert!(d[0].plan(&d[0].platform().unwrap().mends[&ix][0], &[None], None, &[]).is_none());
}

#[test]
fn entries_of_a_map_and_its_keys() {
    let definitions = HOSTS
        .replace("each = \"hosts[]\"\nid = \"name\"", "each = \"hosts.*\"\nid = \"_key\"")
        .replace("name = { codec = \"text\", layers = [\"host\"] }\n", "")
        .replace("each = \"rooms[]\"\nid = \"name\"", "each = \"rooms[]\"\nid = \".\"")
        .replace("at = \"{each}\"", "at = \"conf.{instance}\"");
    let platform = platform(&definitions);
    let text = "hosts: {a.org: {}, b.org: {}}\nrooms: [c.org]\nconf: {a.org: {open: true}, c.org: {open: true}}\n";
    let sheets = vec![sheet(platform, "main", text)];
    let found: Vec<(String, String)> = instances(platform, &sheets)
        .into_iter()
        .map(|i| {
            let input = Input { sheets: sheets.clone(), instance: Some(i), ..Input::default() };
            let d = Deployment::new(facts(), Some(platform), input);
            (d.instance_id().unwrap().to_string(), value(&d, "setting.open"))
        })
        .collect();
    let owned = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(found, [owned("a.org", "true"), owned("b.org", "false"), owned("c.org", "true")]);
}

#[test]
fn what_is_wrong_is_told() {
    for (from, to, wanted) in [
        ("merge = \"union\"", "merge = \"onion\"", "`onion` is no merge"),
        ("kept = { codec", "kept = { merge = \"union\", codec", "only lists can be joined"),
        ("value = [\"host\"] }", "value = [\"hosts\"] }", "`hosts` is no layer"),
        ("id = \"name\"", "id = \"[\"", "`[` has no `]`"),
        ("each = \"hosts[]\"\n", "", "`each` is missing"),
    ] {
        let definitions = HOSTS.replace(from, to);
        assert_ne!(definitions, HOSTS, "{from}");
        let errors = loaded(&definitions).err().unwrap_or_default();
        assert!(errors.iter().any(|e| e.contains(wanted)), "{to}: {errors:?}");
    }
}
