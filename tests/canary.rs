//! No secret and no control character of what is read comes out again, whatever the format.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use toml::Value;

/// Part of every secret of this file.
const CANARY: &str = "cAnArY";

/// A secret that is like no other; it looks like one.
fn secret(n: usize) -> String {
    format!("q7{CANARY}{n}Zk2vTr8wLm")
}

/// A folder of its own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("canary").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Everything that a run prints, and its exit code.
fn printed(folder: &Path, arguments: &[&str], input: Option<&[u8]>) -> (String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hushlint"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let _ = pipe.write_all(input.unwrap_or_default());
    drop(pipe);
    let done = child.wait_with_output().unwrap();
    (format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)), done.status.code())
}

/// Every way to look at files. Formats for programs come in one run.
const COMMANDS: [&[&str]; 12] = [
    &[
        "check",
        "--format",
        "jsonl",
        "--output=sarif=/dev/stdout",
        "--output=junit=/dev/stdout",
        "--output=gitlab=/dev/stdout",
        "--output=checkstyle=/dev/stdout",
        "--output=markdown=/dev/stdout",
        "--output=csv=/dev/stdout",
    ],
    &["check", "--format", "github"],
    &["check", "--format", "text"],
    &["check", "--format", "text", "--all-outcomes"],
    &["check", "--format", "concise"],
    &["check", "--format", "json", "--all-outcomes"],
    &["facts", "--format", "text"],
    &["facts", "--format", "json"],
    &["facts", "--settings", "--format", "text"],
    &["facts", "--settings", "--format", "json"],
    &["files", "--format", "text"],
    &["files", "--format", "json"],
];

/// Runs every command on a folder and on each of its files; gives what was printed to a check.
fn everywhere(folder: &Path, files: &[String], mut check: impl FnMut(&[&str], &str)) {
    for command in COMMANDS {
        let all = [command, &["--no-config"]].concat();
        let (text, _) = printed(folder, &all, None);
        let others = ["\"version\": \"2.1.0\"", "</testsuites>", "</checkstyle>", "### hushlint", "severity,rule,"];
        let several = command.iter().any(|word| word.starts_with("--output"));
        assert!(!several || others.iter().all(|part| text.contains(part)), "every format was written");
        check(&all, &text);
        let named: Vec<&str> = all.iter().copied().chain(files.iter().map(String::as_str)).collect();
        check(&named, &printed(folder, &named, None).0);
    }
}

fn never_leaks(folder: &Path, files: &[String]) {
    let mut shown = 0;
    everywhere(folder, files, |arguments, text| {
        shown += text.len();
        if let Some(at) = text.find(CANARY) {
            let line = text[..at].matches('\n').count();
            panic!("{arguments:?} shows a secret: {}", text.lines().nth(line).unwrap_or_default());
        }
    });
    assert!(shown > 1000, "almost nothing was printed");
}

/// The secret settings of all platform files, as files that hold one each.
fn secret_settings() -> Vec<String> {
    let mut out = Vec::new();
    for file in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/platforms")).unwrap().map(|e| e.unwrap().path())
    {
        let Some("toml") = file.extension().and_then(|e| e.to_str()) else { continue };
        let platform: toml::Table = fs::read_to_string(&file).unwrap().parse().unwrap();
        let is_secret = |codec: &Value| {
            let base =
                |v: &Value| v.as_str() == Some("secret") || v.get("base").and_then(Value::as_str) == Some("secret");
            let named = codec.as_str().and_then(|n| platform.get("codec")?.get(n));
            base(codec) || named.is_some_and(base) || codec.get("of").is_some_and(base)
        };
        for (id, setting) in platform["setting"].as_table().unwrap() {
            if !is_secret(&setting["codec"]) {
                continue;
            }
            let (list, own) = id.split_once("[].").map_or((None, id.as_str()), |(l, f)| (Some(l), f));
            let path = setting.get("path").and_then(Value::as_str).unwrap_or(own);
            let mut text = String::from("server_name: example.org\nreport_stats: false\nsigning_key_path: /x\n");
            let mut indent = 0;
            if let Some(list) = list {
                text.push_str(&format!("{list}:\n  - module: a.b\n"));
                indent = 2;
            }
            let keys: Vec<&str> = path.split('.').collect();
            for (depth, key) in keys.iter().enumerate() {
                let value = if depth + 1 == keys.len() { secret(out.len()) } else { String::new() };
                text.push_str(&format!("{}{key}: {value}\n", "  ".repeat(indent + depth)));
            }
            out.push(text);
        }
    }
    assert!(out.len() >= 20, "only {} secret settings were found", out.len());
    out
}

#[test]
fn secret_settings_are_never_shown() {
    let folder = folder("settings");
    let mut files = Vec::new();
    for (n, text) in secret_settings().iter().enumerate() {
        for (kind, text) in [
            ("plain", text.clone()),
            ("quoted", quoted(text)),
            ("twice", format!("{text}{}", text.lines().skip(3).map(|l| format!("{l}\n")).collect::<String>())),
            ("crlf", format!("\u{feff}{}", text.replace('\n', "\r\n"))),
        ] {
            files.push(format!("{kind}/{n}/homeserver.yaml"));
            write(&folder, files.last().unwrap(), text);
        }
    }
    never_leaks(&folder, &files);
    let (text, code) = printed(&folder, &["check", "--format", "concise", "--no-config"], None);
    assert_eq!(code, Some(1));
    assert!(text.contains("secret-inline"), "the secrets are found");
}

/// The last value in double quotes.
fn quoted(text: &str) -> String {
    let (before, value) = text.trim_end().rsplit_once(": ").unwrap();
    format!("{before}: \"{value}\"\n")
}

#[test]
fn nor_are_they_in_a_file_that_does_not_parse() {
    let folder = folder("broken");
    let mut files = Vec::new();
    for (n, text) in secret_settings().iter().enumerate() {
        let indent: String = text.lines().last().unwrap().chars().take_while(|c| *c == ' ').collect();
        for (kind, text) in [
            ("tab", format!("{text}\tx: y\n")),
            ("bracket", format!("{text}{indent}after: [1, 2\nnext: }}\n")),
            ("quote", format!("{}\n", quoted(text).trim_end().trim_end_matches('"'))),
            ("before", text.replacen("report_stats: false\n", "report_stats: false\n  : : x: [\n", 1)),
            ("flow", format!("{}]\n", text.trim_end())),
        ] {
            files.push(format!("{kind}/{n}/homeserver.yaml"));
            write(&folder, files.last().unwrap(), text);
        }
    }
    never_leaks(&folder, &files);
    assert_eq!(printed(&folder, &["check", "--no-config"], None).1, Some(3), "they are inputs that cannot be read");
}

#[test]
fn nor_are_secrets_that_no_setting_names() {
    let folder = folder("unnamed");
    let head = "server_name: example.org\nreport_stats: false\nsigning_key_path: /x\n";
    let s = secret;
    let bodies = [
        // The password of an address.
        format!("public_baseurl: https://user:{}@example.org/\n", s(0)),
        format!("http_proxy: http://user:{}@proxy:3128\nhttps_proxy: 'http://:{}@proxy'\n", s(1), s(2)),
        format!("default_identity_server: \"https://{}@example.org\"\n", s(3)),
        format!("report_stats_endpoint: https://a:{}@example.org/x?y=z\n", s(4)),
        format!("database:\n  args:\n    host: postgres://synapse:{}@db/synapse\n    sslmode: disable\n", s(5)),
        // Keys in armour.
        format!(
            "some_certificate: |\n  -----BEGIN PRIVATE KEY-----\n  MIIEvQ{}\n  -----END PRIVATE KEY-----\nurl_preview_enabled: true\n",
            s(6)
        ),
        format!(
            "# -----BEGIN RSA PRIVATE KEY-----\n# MIIEvQ{}\n# -----END RSA PRIVATE KEY-----\nuser_ips_max_age: 1y\n",
            s(7)
        ),
        // Lines as they stand in environments and comments.
        format!(
            "# POSTGRES_PASSWORD={}\n# export API_TOKEN='{}'\nuser_ips_max_age: 1y # old password: {}\n",
            s(8),
            s(9),
            s(10)
        ),
        format!(
            "#registration_shared_secret: \"{}\"\nenable_registration: true\nenable_registration_without_verification: true\n",
            s(11)
        ),
        // Misspelt, misplaced, of another type.
        format!("registration_shared_secrt: {}\n", s(12)),
        format!("registration_shared_secret: [{}, {}]\n", s(13), s(14)),
        format!("registration_shared_secret:\n  value: {}\n", s(15)),
        format!(
            "password: {}\nclient_secret: {}\naccess_token: {}\napi_key: {}\npassword_salt: {}\n",
            s(17),
            s(18),
            s(19),
            s(20),
            s(21)
        ),
        format!("form_secret: &a {}\nmacaroon_secret_key: *a\nother: *a\nuser_ips_max_age: *a\n", s(22)),
        format!("form_secret: |\n  {}\n  {}\n", s(23), s(24)),
        format!("form_secret: >-\n  {}\n  more words\n", s(25)),
        format!("form_secret: \"{}\\\n  {}\"\n", s(26), s(27)),
        format!("redis: {{ password: {}, enabled: true }}\n", s(28)),
        format!("? form_secret\n: {}\n", s(29)),
        format!("\"form_secret\": '{}'\n'turn_shared_secret' : {}\n", s(30), s(31)),
    ];
    let mut files = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        for (kind, text) in [("good", format!("{head}{body}")), ("bad", format!("{head}{body}\tx: [\n"))] {
            files.push(format!("{kind}/{n}/homeserver.yaml"));
            write(&folder, files.last().unwrap(), text);
        }
    }
    never_leaks(&folder, &files);
    for file in &files {
        let bytes = fs::read(folder.join(file)).unwrap();
        for command in [
            &["check", "-", "--stdin-filename", "homeserver.yaml"][..],
            &["facts", "-", "--stdin-filename", "homeserver.yaml", "--format", "json"],
        ] {
            let (text, _) = printed(&folder, command, Some(&bytes));
            assert!(!text.contains(CANARY), "{file} on standard input: {text}");
        }
    }
}

#[test]
fn nor_are_those_of_declarations_and_data_files() {
    let folder = folder("declared");
    let s = secret;
    let files: Vec<String> = [
        ("toml/app.toml", format!("hushlint = 1\n[product]\nname = \"App\"\n# token = \"{}\"\n[account]\npassword = \"{}\"\nmfa = \"everyone\" # api_key = {}\n", s(0), s(1), s(2))),
        ("broken/app.toml", format!("hushlint = 1\n[product]\nname = \"App\"\n[account]\npassword = \"{}\nmfa = \"everyone\"\n", s(3))),
        ("yaml/app.yaml", format!("hushlint: 1\nproduct:\n  name: App\naccount:\n  token: {}\n  password_min: {{ secret: {} }}\n", s(4), s(5))),
        ("json/app.json", format!("{{ \"hushlint\": 1, \"product\": {{ \"name\": \"App\" }}, \"account\": {{ \"secret\": \"{}\" }}, \"url\": \"https://a:{}@b\" }}", s(6), s(7))),
        ("half/app.json", format!("{{ \"hushlint\": 1, \"product\": {{ \"name\": \"App\" }}, \"account\": {{ \"secret\": \"{}\" ", s(8))),
    ]
    .into_iter()
    .map(|(name, text)| {
        write(&folder, name, text);
        name.to_owned()
    })
    .collect();
    never_leaks(&folder, &files);
    // A pack, a configuration: what does not parse is not quoted, what does is masked.
    write(
        &folder,
        "pack.toml",
        format!("format = 1\n[pack]\nid = \"x\"\ntitle = \"x\"\npassword = \"{}\"\ntoken = \"{}\n", s(9), s(10)),
    );
    write(&folder, "env.toml", format!("POSTGRES_PASSWORD={}\nfoo bar {}\n", s(11), s(12)));
    for arguments in [
        &["check", "--pack", "pack.toml"][..],
        &["check", "--pack", "env.toml"],
        &["check", "--config", "pack.toml"],
        &["check", "--config", "env.toml"],
    ] {
        let (text, code) = printed(&folder, arguments, None);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(!text.contains(CANARY), "{arguments:?}: {text}");
    }
    write(&folder, "hushlint.toml", format!("packs = [\"env.toml\"]\n# password = {}\n", s(13)));
    let (text, code) = printed(&folder, &["check", "--config", "hushlint.toml"], None);
    assert_eq!(code, Some(2));
    assert!(!text.contains(CANARY), "{text}");
}

/// What a terminal, a CI system or a reader could take for something else than text.
fn is_tame(text: &str, what: &str) {
    for (n, line) in text.lines().enumerate() {
        let told = || format!("{what}, line {}: {:?}", n + 1, line);
        for c in line.chars() {
            let bidi =
                matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
            let invisible =
                matches!(c, '\u{feff}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{80}'..='\u{9f}' | '\u{7f}');
            assert!(!c.is_control() && !bidi && !invisible, "{:?} in {}", c, told());
        }
        // The commands that are ours begin with the file; what a text says comes after that.
        let ours = what.ends_with("github")
            && ["::error file=", "::warning file=", "::notice file="].iter().any(|own| line.starts_with(own));
        assert!(ours || !line.trim_start().starts_with("::"), "a workflow command: {}", told());
        for command in ["##[", "##vso[", "section_start:", "section_end:"] {
            assert!(!line.contains(command), "a workflow command: {}", told());
        }
    }
}

/// What must not come out as it is.
const EVIL: [&str; 12] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{7}",
    "a\u{8}\u{8}b",
    "\u{202e}desrever\u{202c}",
    "\u{2066}iso\u{2069}\u{200f}",
    "::error file=x::boo",
    "##[error]boo",
    "##vso[task.setvariable variable=x]y",
    "section_start:0:x\r\u{1b}[0K",
    "\u{9b}31m\u{85}\u{2028}next",
    "zero\u{200b}width\u{feff}",
    "x\r\n::warning::y",
];

/// A text in double quotes, escaped for YAML, TOML and JSON alike.
fn escaped(text: &str) -> String {
    let one = |c: char| {
        if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' {
            c.to_string()
        } else {
            format!("\\u{:04x}", u32::from(c))
        }
    };
    format!("\"{}\"", text.chars().map(one).collect::<String>())
}

#[test]
fn what_is_read_does_not_write_to_the_terminal() {
    let folder = folder("evil");
    let mut files = Vec::new();
    for (n, evil) in EVIL.iter().enumerate() {
        let e = escaped(evil);
        let head = "server_name: example.org\nreport_stats: false\nsigning_key_path: /x\n";
        for (kind, name, text) in [
            (
                "values",
                "homeserver.yaml",
                format!(
                    "{head}user_ips_max_age: {e}\nenable_registration: {e}\nencryption_enabled_by_default_for_room_type: {e}\npublic_baseurl: {e}\ndefault_identity_server: {e}\nmodules:\n  - module: {e}\nfederation_domain_whitelist: [{e}]\nturn_uris: {e}\n"
                ),
            ),
            (
                "keys",
                "homeserver.yaml",
                format!(
                    "{head}{e}: 1\n{e}: 2\nretention:\n  {e}: true\npush: {e}\nlisteners:\n  - {e}: 1\n    port: {e}\n"
                ),
            ),
            (
                "raw",
                "homeserver.yaml",
                format!("{head}user_ips_max_age: {evil}\n# {evil}\nurl_preview_enabled: {evil}\n"),
            ),
            ("broken", "homeserver.yaml", format!("{head}user_ips_max_age: [{e}\n{evil}: }}\n")),
            (
                "declared",
                "app.toml",
                format!(
                    "hushlint = 1\n[product]\nname = {e}\nscopes = [{e}]\n[account]\n{e} = 1\nmfa = {{ unknown = {e} }}\nguests = {{ not_applicable = {e} }}\n[encryption]\ne2ee = {{ {e} = \"none\" }}\n[content]\nuser_delete = {e}\n"
                ),
            ),
            (
                "stated",
                "app.json",
                format!(
                    "{{ \"hushlint\": 1, \"product\": {{ \"name\": {e}, \"scopes\": [\"direct\"] }}, \"account\": {{ \"mfa\": {{ \"unknown\": {e} }}, {e}: {e} }} }}"
                ),
            ),
        ] {
            files.push(format!("{kind}/{n}/{name}"));
            write(&folder, files.last().unwrap(), text);
        }
    }
    everywhere(&folder, &files, |arguments, text| is_tame(text, &arguments[..3.min(arguments.len())].join(" ")));
}

#[test]
fn nor_do_the_names_of_files() {
    let folder = folder("names");
    let text = "server_name: example.org\nreport_stats: false\nsigning_key_path: /x\nuser_ips_max_age: 1y\nform_secret: hunter2hunter2\n";
    let mut files = Vec::new();
    for (n, evil) in EVIL.iter().enumerate() {
        let evil = evil.replace('/', "_");
        for (name, text) in [
            (format!("{n}/{evil}/homeserver.yaml"), text.to_owned()),
            (format!("{n}/homeserver-{evil}.yaml"), format!("{text}\tx: [\n")),
            (format!("{n}/{evil}.toml"), "hushlint = 1\n[product]\nnam = 1\n".into()),
            (format!("{n}/{evil}.txt"), "nothing".into()),
        ] {
            files.push(name);
            write(&folder, files.last().unwrap(), text);
        }
    }
    everywhere(&folder, &files, |arguments, text| is_tame(text, &arguments[..3.min(arguments.len())].join(" ")));
    let lost = format!("lost/{}", EVIL[0]);
    for arguments in [["check", lost.as_str()], ["check", "--config"], ["explain", EVIL[5]], ["check", "--pack"]] {
        let all: Vec<&str> =
            if arguments[1].starts_with("--") { vec![arguments[0], arguments[1], &lost] } else { arguments.to_vec() };
        is_tame(&printed(&folder, &all, None).0, "a wrong argument");
    }
}

#[test]
fn colours_are_ours_alone() {
    let folder = folder("colours");
    write(
        &folder,
        "homeserver.yaml",
        format!(
            "server_name: example.org\nreport_stats: false\nsigning_key_path: /x\nuser_ips_max_age: {}\n",
            escaped("\u{1b}[35mEVIL\u{1b}]0;title\u{7}")
        ),
    );
    let (text, _) = printed(&folder, &["check", "--color", "always", "--no-config"], None);
    assert!(text.contains("\u{1b}["), "there are colours");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        assert!(after[end..].starts_with('m'), "only colours: {:?}", after.get(..20));
        assert!(!after[end + 1..].starts_with("EVIL"), "a colour that the file brought");
        rest = &after[end + 1..];
    }
    plain.push_str(rest);
    is_tame(&plain, "with colours");
}

/// Base64 of a text.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[test]
fn nor_are_those_inside_other_files() {
    let folder = folder("shapes");
    let s = secret;
    let image = "mattermost/mattermost-team-edition:10.11";
    let file = |n| {
        format!("server_name: x\nreport_stats: false\nsigning_key_path: /x\nregistration_shared_secret: {}\n", s(n))
    };
    let indented = |text: &str, by: usize| text.lines().map(|l| format!("{}{l}\n", " ".repeat(by))).collect::<String>();
    let pod = |env: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: chat\n    image: {image}\n    env:\n{}",
            indented(env, 4)
        )
    };
    let kept = |kind: &str, part: &str, body: &str| {
        format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: k}}\n{part}:\n{}", indented(body, 2))
    };
    let compose = |environment: &str| {
        format!("services:\n  chat:\n    image: {image}\n    environment:\n{}", indented(environment, 6))
    };
    let texts: Vec<(&str, String)> = vec![
        (
            "compose.yaml",
            compose(&format!(
                "MM_SQLSETTINGS_DATASOURCE: postgres://u:{}@db/m\nMM_EMAILSETTINGS_SMTPPASSWORD: {}\n",
                s(0),
                s(1)
            )),
        ),
        (
            "compose.yaml",
            compose(&format!(
                "- MM_SQLSETTINGS_DATASOURCE=postgres://u:{}@db/m\n- \"MM_EMAILSETTINGS_SMTPPASSWORD={}\"\n",
                s(2),
                s(3)
            )),
        ),
        ("compose.yaml", compose(&format!("MM_FILESETTINGS_PUBLICLINKSALT: \"{}\"\nMM_X_TOKEN: '{}'\n", s(4), s(5)))),
        (
            ".env",
            format!(
                "MM_SQLSETTINGS_ATRESTENCRYPTKEY={}\nexport MM_EMAILSETTINGS_SMTPPASSWORD='{}'\nDB_PASSWORD=\"{}\"\n",
                s(6),
                s(7),
                s(8)
            ),
        ),
        (
            "run.sh",
            format!(
                "#!/bin/sh\nexport MM_EMAILSETTINGS_SMTPPASSWORD=\"{}\" MM_GITLABSETTINGS_SECRET={}\n",
                s(9),
                s(10)
            ),
        ),
        (
            "pod.yaml",
            pod(&format!(
                "- name: MM_EMAILSETTINGS_SMTPPASSWORD\n  value: {}\n- {{name: OTHER_TOKEN, value: \"{}\"}}\n",
                s(11),
                s(12)
            )),
        ),
        (
            "map.yaml",
            kept(
                "ConfigMap",
                "data",
                &format!(
                    "MM_EMAILSETTINGS_SMTPPASSWORD: {}\nMM_SQLSETTINGS_DATASOURCE: postgres://u:{}@db/m\n",
                    s(13),
                    s(14)
                ),
            ),
        ),
        ("map.yaml", kept("ConfigMap", "data", &format!("homeserver.yaml: |\n{}", indented(&file(15), 2)))),
        ("map.yaml", kept("ConfigMap", "data", &format!("homeserver.yaml: {}\n", escaped(&file(16))))),
        (
            "secret.yaml",
            kept("Secret", "stringData", &format!("MM_EMAILSETTINGS_SMTPPASSWORD: {}\nANYTHING: {}\n", s(17), s(18))),
        ),
        ("secret.yaml", kept("Secret", "stringData", &format!("homeserver.yaml: |\n{}", indented(&file(19), 2)))),
        (
            "secret.yaml",
            kept(
                "Secret",
                "data",
                &format!(
                    "MM_EMAILSETTINGS_SMTPPASSWORD: {}\nMM_LOGSETTINGS_CONSOLELEVEL: {}\nANYTHING: {}\n",
                    base64(&s(20)),
                    base64("DEBUG"),
                    base64(&s(21))
                ),
            ),
        ),
        ("secret.yaml", kept("Secret", "data", &format!("homeserver.yaml: {}\n", base64(&file(22))))),
        (
            "secret.json",
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"k\"}},\"data\":{{\"MM_EMAILSETTINGS_SMTPPASSWORD\":\"{}\",\"homeserver.yaml\":\"{}\"}}}}",
                base64(&s(23)),
                base64(&file(24))
            ),
        ),
    ];
    let mut files = Vec::new();
    for (n, (name, text)) in texts.iter().enumerate() {
        // As it is, and where it does not parse.
        for (kind, text) in
            [("good", text.clone()), ("bad", format!("{text}\tx: [\n")), ("open", format!("{text}a: \"x\n"))]
        {
            files.push(format!("{kind}/{n}/{name}"));
            write(&folder, files.last().unwrap(), text);
        }
    }
    // A secret that another file fills in.
    write(&folder, "filled/.env", format!("PW={}\nMM_EMAILSETTINGS_SMTPPASSWORD={}\n", s(30), s(31)));
    write(
        &folder,
        "filled/more.env",
        format!("MM_SQLSETTINGS_DATASOURCE=postgres://u:{}@db/m\nOTHER=${{PW}}\n", s(32)),
    );
    let filled = compose("MM_EMAILSETTINGS_SMTPPASSWORD: ${PW}\nMM_GITLABSETTINGS_SECRET: \"a${PW}b\"\n");
    write(&folder, "filled/compose.yaml", filled + "    env_file: more.env\n");
    files.push("filled/compose.yaml".to_owned());
    never_leaks(&folder, &files);
    // Nor in the spelling that everybody can read backwards.
    let spelt: Vec<String> = (20..25).flat_map(|n| [base64(&s(n)), base64(&file(n))]).collect();
    everywhere(&folder, &files, |arguments, text| {
        for spelt in &spelt {
            let piece = spelt.trim_end_matches('=');
            assert!(!text.contains(&piece[..piece.len().min(40)]), "{arguments:?} shows Base64 of a secret");
        }
    });
    let (text, code) = printed(&folder, &["check", "--format", "concise", "--no-config", "good"], None);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("secret-inline"), "the secrets are found");
}
