//! Mends are written as their place spells them.

use super::*;
use crate::syntax::Shape;

const PLATFORM: &str = r#"
[document.main]
formats = ["json"]
any = ["Team"]
[document.env]
formats = ["env"]
[[layer]]
id = "env"
document = "env"
path = "SM_{PATH}"
separator = "_"
codecs = { flag = "flag-env", list = "list-env" }
[[layer]]
id = "file"
document = "main"
[codec]
flag = "bool"
flag-env = { base = "bool", true = ["1"], false = ["0"] }
list-env = { base = "list", text = " " }
hours = { base = "duration", bare = "h" }
[setting]
"Team.Open" = { codec = "flag", absent = true }
"Team.Kept" = { codec = "hours", also = [{ path = "Team.KeptDays", codec = { base = "duration", bare = "d" } }], absent = "unlimited" }
"Team.Style" = { codec = { base = "choice", values = ["full", "bare"] }, absent = "full" }
"Team.Names" = { codec = "list", absent = [] }
"Only.File" = { codec = "flag", layers = ["file"], absent = true }
[fact]
"account.guests" = { from = "setting.Team.Open", map = { true = "write", false = "off" } }
[mend]
"account.guests" = { set = { "Team.Open" = false, "Team.Kept" = "2d", "Team.Style" = "bare" }, add = { "Team.Names" = ["a", "b"] } }
"account.registration" = { set = { "Only.File" = false } }
"account.mfa" = { unset = ["Team.Open"] }
"#;

fn plan_of(d: &Deployment<'_>, fact: &str) -> Option<Plan> {
    let ix = facts().vocabulary.find(fact).unwrap();
    let mend = &d.platform().unwrap().mends[&ix][0];
    d.plan(mend, &[None], None, &[])
}

fn help(d: &Deployment<'_>) -> String {
    d.help(&plan_of(d, "account.guests").unwrap())
}

#[test]
fn a_written_value_is_replaced_in_its_own_spelling() {
    let d = deployment(
        platform(PLATFORM),
        &[
            ("main", r#"{"Team": {"Open": true, "KeptDays": 90, "Style": "full", "Names": ["c"]}}"#),
            ("env", "export SM_TEAM_OPEN=1\n"),
        ],
        "",
    );
    assert_eq!(
        help(&d),
        "set `SM_TEAM_OPEN` to `0`\nset `Team.KeptDays` to `2`\nset `Team.Style` to `\"bare\"`\n\
         add `\"a\"` and `\"b\"` to `Team.Names` (line 1)"
    );
    let plan = plan_of(&d, "account.guests").unwrap();
    let edits: Vec<(Option<u32>, &str)> = plan
        .changes
        .iter()
        .map(|c| (c.document, c.replaces.map_or("", |s| d.document(c.document.unwrap()).unwrap().source.slice(s))))
        .collect();
    assert_eq!(edits, [(Some(1), "1"), (Some(0), "90"), (Some(0), "\"full\""), (Some(0), "")]);
}

#[test]
fn a_missing_value_goes_where_its_section_is() {
    let d = deployment(platform(PLATFORM), &[("main", r#"{"Team": {}}"#), ("env", "OTHER=1\n")], "");
    assert_eq!(
        help(&d),
        "set `Team.Open` to `false`\nset `Team.Kept` to `48`\nset `Team.Style` to `\"bare\"`\n\
         set `Team.Names` to `[\"a\", \"b\"]`"
    );
    assert_eq!(plan_of(&d, "account.guests").unwrap().changes[0].document, Some(0));
}

/// Variables as a file of some shape holds them.
fn variables(shape: Shape, text: &str) -> Deployment<'static> {
    let platform = platform(PLATFORM);
    let mut sheet = sheet(platform, "env", "SM_X=1\n");
    // The same tree, over a text that spells it in another way.
    let source = Arc::new(Source::new("deploy/compose.yml", text));
    let mut document = (*sheet.document).clone();
    let span = |part: &str| {
        let start = text.find(part).unwrap();
        crate::text::Span::new(start, start + part.len())
    };
    let value = if text.contains("\"1\"") { span("\"1\"") } else { span("1") };
    document.source = source;
    let root = document.root;
    let node = match &mut document.nodes[root.0 as usize].kind {
        crate::syntax::Kind::Map(entries) => {
            entries[0].key_span = span("SM_X");
            entries[0].value
        }
        _ => panic!("no map"),
    };
    document.nodes[node.0 as usize].span = value;
    sheet.document = Arc::new(document);
    sheet.shape = shape;
    sheet.address = Arc::from(if matches!(shape, Shape::Dotenv) { "" } else { "services.chat" });
    Deployment::new(facts(), Some(platform), Input { sheets: vec![sheet], ..Input::default() })
}

#[test]
fn a_missing_variable_is_spelt_like_its_neighbours() {
    for (shape, text, wanted) in [
        (
            Shape::Dotenv,
            "SM_X=1\n",
            "add to deploy/compose.yml\n  SM_TEAM_OPEN=0\n  SM_TEAM_KEPT=48\n  SM_TEAM_STYLE=bare\n  SM_TEAM_NAMES=\"a b\"",
        ),
        (
            Shape::Dotenv,
            "export SM_X=1\n",
            "add to deploy/compose.yml\n  export SM_TEAM_OPEN=0\n  export SM_TEAM_KEPT=48\n  export SM_TEAM_STYLE=bare\n  export SM_TEAM_NAMES=\"a b\"",
        ),
        (
            Shape::Compose,
            "environment:\n  - SM_X=1\n",
            "add to `services.chat` in deploy/compose.yml\n  - SM_TEAM_OPEN=0\n  - SM_TEAM_KEPT=48\n  - SM_TEAM_STYLE=bare\n  - SM_TEAM_NAMES=a b",
        ),
        (
            Shape::Compose,
            "environment:\n  SM_X: \"1\"\n",
            "add to `services.chat` in deploy/compose.yml\n  SM_TEAM_OPEN: \"0\"\n  SM_TEAM_KEPT: \"48\"\n  SM_TEAM_STYLE: \"bare\"\n  SM_TEAM_NAMES: \"a b\"",
        ),
        (
            Shape::Kubernetes,
            "- name: SM_X\n  value: \"1\"\n",
            "add to `services.chat` in deploy/compose.yml\n  - name: SM_TEAM_OPEN\n    value: \"0\"\n  - name: SM_TEAM_KEPT\n    value: \"48\"\n  - name: SM_TEAM_STYLE\n    value: \"bare\"\n  - name: SM_TEAM_NAMES\n    value: \"a b\"",
        ),
    ] {
        assert_eq!(help(&variables(shape, text)), wanted, "{text}");
    }
}

#[test]
fn a_mend_that_no_file_can_hold_is_not_offered() {
    let d = deployment(platform(PLATFORM), &[("env", "OTHER=1\n")], "");
    assert!(plan_of(&d, "account.registration").is_none());
    let d = deployment(platform(PLATFORM), &[("main", "{}"), ("env", "OTHER=1\n")], "");
    assert_eq!(d.help(&plan_of(&d, "account.registration").unwrap()), "set `Only.File` to `false`");
}

#[test]
fn what_is_taken_out_is_named_as_it_stands() {
    let d = deployment(platform(PLATFORM), &[("env", "SM_TEAM_OPEN=1\n")], "");
    assert_eq!(d.help(&plan_of(&d, "account.mfa").unwrap()), "take out `SM_TEAM_OPEN` (line 1)");
}

const LUA: &str = r#"
[document.main]
formats = ["lua"]
sections = ["Server"]
[[instance]]
each = "Server[]"
id = "@1"
kind = "server"
[[layer]]
id = "host"
document = "main"
at = "{each}"
[[layer]]
id = "global"
document = "main"
[codec]
words = { base = "list", text = "single" }
[setting]
open = { codec = "bool", absent = true }
kept = { codec = { base = "duration", units = { d = "1d" }, words = { never = "unlimited" } }, absent = "7d" }
"tls.profile" = { codec = "text", absent = "old" }
modules = { codec = "words", merge = "union", absent = [] }
motto = { codec = "text", layers = ["host"], absent = "" }
[fact]
"account.guests" = { from = "setting.open", map = { true = "write", false = "off" } }
[mend]
"account.guests" = { set = { open = false, kept = "30d", "tls.profile" = "a \"new\" one", motto = "x" }, add = { modules = ["a", "b"] } }
"account.mfa" = { set = { kept = "unlimited" } }
"#;

#[test]
fn lua_takes_statements() {
    let platform = platform(LUA);
    let helps = |text: &str, fact: &str| -> Vec<String> {
        let sheets = vec![sheet(platform, "main", text)];
        let input = Input { sheets, ..Input::default() };
        let found = instances(platform, &input.sheets);
        let one = |i| Deployment::new(facts(), Some(platform), Input { instance: Some(i), ..input.clone() });
        found.into_iter().map(one).map(|d| d.help(&plan_of(&d, fact).unwrap())).collect()
    };
    assert_eq!(
        helps("Server \"a.org\"\n  open = true\n", "account.guests"),
        ["set `open` to `false`\n\
          add to files/main above `Server \"a.org\"` (line 1)\n  kept = \"30d\"\n  \
          tls = { profile = \"a \\\"new\\\" one\" }\n  modules = { \"a\", \"b\" }\n\
          add to files/main below `Server \"a.org\"` (line 1)\n  motto = \"x\""]
    );
    assert_eq!(
        helps("tls = { profile = \"old\" }\nmodules = { \"a\"; }\nkept = 7\nServer \"a.org\"\n", "account.guests"),
        ["set `kept` to `\"30d\"`\nset `tls.profile` to `\"a \\\"new\\\" one\"`\nadd `\"b\"` to `modules` (line 2)\n\
          add to files/main above `Server \"a.org\"` (line 4)\n  open = false\n\
          add to files/main below `Server \"a.org\"` (line 4)\n  motto = \"x\""]
    );
    assert_eq!(helps("kept = \"1d\"\nServer \"a\"\n", "account.mfa"), ["set `kept` to `\"never\"`"]);
}

#[test]
fn what_holds_already_is_not_written_again() {
    let d = deployment(platform(PLATFORM), &[("main", r#"{"Team": {"Open": false, "Style": "bare"}}"#)], "");
    assert_eq!(help(&d), "set `Team.Kept` to `48`\nset `Team.Names` to `[\"a\", \"b\"]`");
}

#[test]
fn labels_of_sections_are_no_keys() {
    let kind = r#"kind = { path = "@2", layers = ["host"], codec = "text", absent = "" }"#;
    let definitions = LUA.replace("[setting]", &format!("[setting]\n{kind}"));
    let platform = platform(&definitions);
    let sheets = vec![sheet(platform, "main", "Server \"a\"\nServer \"b\" \"x\"\n")];
    let input = Input { sheets, ..Input::default() };
    let found = instances(platform, &input.sheets);
    let one = |i| Deployment::new(facts(), Some(platform), Input { instance: Some(i), ..input.clone() });
    let told: Vec<(String, Vec<String>)> =
        found.into_iter().map(one).map(|d| (value(&d, "setting.kind"), events(&d))).collect();
    assert_eq!(told, [(String::new(), vec![]), ("x".to_owned(), vec![])]);
}
