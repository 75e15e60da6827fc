//! Every format of `check` is well-formed and inert, whatever the files, the packs and the saved reports say.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The formats that `check` and `convert` write.
const FORMATS: [&str; 11] =
    ["text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab", "checkstyle", "markdown", "csv"];

/// Part of every secret of this file.
const CANARY: &str = "cAnArY";

/// What no reader may obey.
const EVIL: &str = "x\u{1b}[31m\u{7} \u{202e}\u{2066}::error::a ##vso[task.complete] ##[error]b ]]> --> <script>alert(1)</script> \
    <img src=x onerror=y> | =cmd|'/c calc'!A1 \"q\" 'q' `t` [l](https://evil.example) ![i](https://evil.example/i.png) \
    @all #1 section_start:1:x www.evil.example %0A::error::c \\ $x$ {0} &amp; \u{fffe}\n::error::d\n=e\n  ##[group]f";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Standard output, standard error, exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let done = Command::new(env!("CARGO_BIN_EXE_hushlint"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .env("SOURCE_DATE_EPOCH", "1795478400")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(done.stdout).expect("UTF-8");
    (text, String::from_utf8_lossy(&done.stderr).into_owned(), done.status.code())
}

/// Folders with files of every kind: those of the examples and of the end-to-end cases.
fn folders() -> Vec<PathBuf> {
    let cases = fs::read_dir(root().join("tests/cases")).unwrap().map(|e| e.unwrap().path().join("in"));
    let examples = fs::read_dir(root().join("examples")).unwrap().map(|e| e.unwrap().path());
    let mut out: Vec<PathBuf> = cases.chain(examples).filter(|p| p.is_dir()).collect();
    out.sort();
    out
}

fn sarif_schema() -> &'static jsonschema::Validator {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = fs::read_to_string(root().join("tests/schema/sarif-2.1.0.json")).unwrap();
        jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
    })
}

fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What GitHub's code scanning asks for beyond the schema.
fn sarif(text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap();
    let complaints: Vec<String> =
        sarif_schema().iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(complaints, [""; 0]);
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = list(run, "/tool/driver/rules");
    for rule in rules {
        for path in ["/id", "/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            let text = rule.pointer(path).and_then(Value::as_str).unwrap_or_default();
            assert!(!text.is_empty() && text.chars().count() <= 1_024, "{path}: {rule}");
        }
        let score: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
        assert!(score > 0.0 && score <= 10.0);
        assert!(list(rule, "/properties/tags").len() <= 20);
    }
    let mut hashes = HashSet::new();
    for result in list(run, "/results") {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        if let Some(hash) = result.pointer("/partialFingerprints/primaryLocationLineHash") {
            assert!(hashes.insert(hash.as_str().unwrap().to_owned()), "told twice: {result}");
        }
        let kind = result["kind"].as_str().unwrap();
        assert_eq!(kind == "fail", result["level"] != "none", "{result}");
        assert!(kind != "fail" || list(result, "/locations").len() == 1, "{result}");
        let related = list(result, "/relatedLocations");
        let links = result["message"]["text"].as_str().unwrap().matches("](").count();
        assert_eq!(links, related.len(), "every link leads to a place of ours: {result}");
        for place in list(result, "/locations").iter().chain(related) {
            region(&place["physicalLocation"]["region"]);
            let uri = place.pointer("/physicalLocation/artifactLocation/uri").and_then(Value::as_str).unwrap();
            let harmless = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(uri.chars().all(harmless), "{uri}");
        }
    }
    report
}

fn region(region: &Value) {
    let of = |key: &str| region[key].as_u64().unwrap();
    assert!(of("startLine") >= 1 && of("startColumn") >= 1, "{region}");
    assert!((of("endLine"), of("endColumn")) >= (of("startLine"), of("startColumn")), "{region}");
}

/// As hosts of repositories render it: nothing but our own elements and links.
fn markdown(text: &str) {
    assert!(text.chars().count() <= 65_536, "too long for a comment");
    let options = pulldown_cmark::Options::all() - pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION;
    for event in pulldown_cmark::Parser::new_ext(text, options) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let ours = ["<code>", "</code>", "<br>", "<!-- -->", "<details><summary>", "</summary>", "</details>"];
                let mut rest = html.replace("\n", "");
                ours.iter().for_each(|tag| rest = rest.replace(tag, ""));
                assert!(!rest.contains('<'), "{html}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://github.com/hushlint/"), "{dest_url}")
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture: {dest_url}"),
            Event::InlineMath(text) | Event::DisplayMath(text) => panic!("mathematics: {text}"),
            Event::Text(text) => {
                assert!(!text.contains("https://") && !text.contains("www."), "a link by itself: {text}");
                let named = text.match_indices('@').any(|(at, _)| text[at + 1..].starts_with(char::is_alphanumeric));
                assert!(!named, "a name is called: {text}");
            }
            _ => {}
        }
    }
}

/// A text of a format is what its readers take, and holds nothing that they or a CI system would obey.
fn sound(format: &str, text: &str) {
    for c in text.chars() {
        let wanted = !c.is_control() || c == '\n' || (c == '\r' && format == "csv") || c == '\t';
        assert!(wanted && !"\u{202e}\u{2066}\u{200b}".contains(c), "{format}: {c:?}");
    }
    assert!(!text.contains(CANARY), "{format}: a secret is shown");
    for line in text.lines() {
        let ours = format == "github"
            && ["::error file=", "::warning file=", "::notice file="].iter().any(|o| line.starts_with(o));
        assert!(ours || !line.trim_start().starts_with("::"), "{format}: {line}");
        assert_eq!(ours, format == "github", "{format}: {line}");
        for command in ["##[", "##vso[", "section_start:", "section_end:"] {
            assert!(!line.contains(command), "{format}: {line}");
        }
    }
    match format {
        "json" => drop(serde_json::from_str::<Value>(text).unwrap()),
        "jsonl" => {
            let types: Vec<Value> =
                text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].clone()).collect();
            assert_eq!((&types[0], &types[types.len() - 1]), (&Value::from("start"), &Value::from("end")));
        }
        "sarif" => drop(sarif(text)),
        "junit" => {
            let document = roxmltree::Document::parse(text).unwrap();
            for suite in document.root_element().children().filter(|n| n.has_tag_name("testsuite")) {
                let cases: Vec<_> = suite.children().filter(|n| n.has_tag_name("testcase")).collect();
                let number = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
                let with = |tag: &str| cases.iter().filter(|c| c.children().any(|n| n.has_tag_name(tag))).count();
                assert_eq!(
                    [number("tests"), number("failures"), number("errors"), number("skipped")],
                    [cases.len(), with("failure"), with("error"), with("skipped")]
                );
                assert!(!cases.is_empty());
            }
        }
        "checkstyle" => {
            let document = roxmltree::Document::parse(text).unwrap();
            assert!(document.descendants().filter(|n| n.has_tag_name("error")).all(|n| n.attribute("line").is_some()));
        }
        "gitlab" => {
            let entries: Vec<Value> = serde_json::from_str(text).unwrap();
            let unique: HashSet<&str> = entries.iter().map(|e| e["fingerprint"].as_str().unwrap()).collect();
            assert_eq!(unique.len(), entries.len());
            let whole =
                |e: &Value| e["location"]["path"].is_string() && e["location"]["lines"]["begin"].as_u64() > Some(0);
            assert!(entries.iter().all(whole));
        }
        "csv" => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    assert!(
                        !cell.trim_start().starts_with(['=', '+', '-', '@']) && !cell.starts_with(['\t', '\n']),
                        "{cell}"
                    );
                }
            }
        }
        "markdown" => markdown(text),
        _ => {}
    }
}

/// Files, a pack, a configuration and names that are as bad as they can be.
fn hostile() -> PathBuf {
    let folder = folder("hostile");
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let (evil, long) = (quoted(EVIL), quoted(&format!("{EVIL}{}", "<|=@".repeat(2_500))));
    let secret = format!("q7{CANARY}Zk2vTr8wLm");
    let server = format!(
        "server_name: {long}\nreport_stats: false\nsigning_key_path: /k\nregistration_shared_secret: {secret}\n\
         user_ips_max_age: 90d\nmacaroon_secret_key: {evil}\nretention: {evil}\n"
    );
    write(&folder, "server/homeserver.yaml", &server);
    write(&folder, "=cmd,|<b>::error::%0A ##[x] `c` [l](u) @a\n::error::y/homeserver.yaml", &server);
    write(&folder, "broken/homeserver.yaml", &format!("{server}  : : [\n"));
    let declaration = |name: &str, text: &str| {
        let product = format!("hushlint = 1\n[product]\nname = {name}\n");
        format!(
            "{product}[metadata]\nip_retention = \"90d\"\n[sharing]\nservices = [{text}]\n[push]\npayload = {{ unknown = {text} }}\n"
        )
    };
    write(&folder, "ours/product.toml", &declaration(&evil, &evil));
    write(&folder, "theirs/product.toml", &declaration(&long, &long));
    let pack = format!(
        "format = 1\n[pack]\nid = \"evil\"\ntitle = {evil}\n[[rule]]\nid = \"evil-rule\"\ntheme = \"metadata\"\ntitle = {title}\n\
         require = \"metadata.ip_retention <= params.max\"\nparams.max = {{ default = \"1d\", stricter = \"lower\" }}\n\
         message = {title}\nwhy = {long}\nfix = {long}\n[[select]]\nrule = \"evil-rule\"\nseverity = \"error\"\n",
        title = quoted(&EVIL.replace("{0}", "")),
    );
    write(&folder, "evil.toml", &pack);
    write(&folder, "hushlint.toml", "exclude = [\"evil.toml\"]\npacks = [\"baseline\", \"evil.toml\"]\n");
    folder
}

#[test]
fn hostile_values_are_inert_in_every_format() {
    let folder = hostile();
    for format in FORMATS {
        for extra in ["--all-outcomes", "--verbose"] {
            // The folder may lie in a repository, whose root has no configuration.
            let arguments = ["check", "--config", "hushlint.toml", "--format", format, extra];
            let (text, errors, code) = run(&folder, &arguments);
            assert_eq!(code, Some(3), "one file does not parse: {errors}");
            assert!(text.len() > 1_000, "{format}: {text}\n{errors}");
            sound(format, &text);
            sound("stderr", &errors);
        }
    }
    let (text, _, _) = run(&folder, &["check", "--config", "hushlint.toml", "--format", "json"]);
    assert!(text.contains("evil-rule") && text.contains("alert(1)"), "the values do reach the report");
}

/// One run that writes every format, and what it wrote.
fn written(own: &Path, folder: &Path, arguments: &[&str]) -> Vec<(&'static str, String)> {
    let path = |format: &str| own.join(format).to_str().unwrap().to_owned();
    let outputs: Vec<String> = FORMATS.iter().map(|f| format!("--output={f}={}", path(f))).collect();
    let all: Vec<&str> = arguments.iter().copied().chain(outputs.iter().map(String::as_str)).collect();
    let (text, errors, _) = run(folder, &all);
    assert!(!errors.contains("cannot be written"), "{errors}");
    let read = |format: &&'static str| (*format, fs::read_to_string(path(format)).unwrap());
    let out: Vec<(&str, String)> = FORMATS.iter().map(read).collect();
    assert!(text == out[0].1 || text.contains("nothing to lint"), "standard output keeps its own report");
    out
}

#[test]
fn every_format_is_sound_on_every_folder_and_converted_ones_say_the_same() {
    let (own, converted) = (folder("written"), folder("converted"));
    let saved = own.join("json");
    let mut compared = 0;
    for folder in folders() {
        for extra in [&[][..], &["--all-outcomes"]] {
            let at_once = written(&own, &folder, &[&["check", "--no-config", "--allow-empty"], extra].concat());
            let later = written(&converted, &folder, &["convert", saved.to_str().unwrap()]);
            for ((format, wanted), (_, got)) in at_once.iter().zip(&later) {
                sound(format, wanted);
                sound(format, got);
                let comparable = match *format {
                    // No excerpts, no subjects of deployments.
                    "text" | "markdown" => continue,
                    // Nor what a rule weighs that no finding is about, nor its place in the list; nor files that were named.
                    "sarif" => |text: &str| {
                        let placed = |result: &Value| {
                            let mut result = result.clone();
                            result.as_object_mut().map(|result| result.remove("ruleIndex"));
                            result.to_string()
                        };
                        list(&sarif(text), "/runs/0/results").iter().map(placed).collect()
                    },
                    // What is said about waivers comes last when it is met, as a suite or file of its own.
                    "junit" | "checkstyle" => |text: &str| {
                        let frame =
                            |line: &&str| ["testsuite", "<file ", "</file>"].iter().any(|tag| line.contains(tag));
                        text.lines().filter(|line| !frame(line)).map(str::to_owned).collect()
                    },
                    // The last entry of a list has no comma.
                    "gitlab" | "json" => {
                        |text: &str| text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect()
                    }
                    // Errors about files of no deployment come last when they are met, and at their file when saved.
                    _ => |text: &str| text.lines().map(str::to_owned).collect::<Vec<String>>(),
                };
                let sorted = |text: &str| {
                    let mut lines: Vec<String> = comparable(text);
                    lines.sort();
                    lines
                };
                let (wanted, got) = (sorted(wanted), sorted(got));
                assert!(wanted == got, "{}: {format}\n{}", folder.display(), first_difference(&wanted, &got));
                compared += got.len();
            }
        }
    }
    assert!(compared > 2_000, "almost nothing was compared: {compared}");
}

fn first_difference(wanted: &[String], got: &[String]) -> String {
    let at = wanted.iter().zip(got).take_while(|(a, b)| a == b).count();
    format!("- {:?}\n+ {:?}", wanted.get(at), got.get(at))
}

/// Every text of a saved report, one after the other, as bad as it can be.
fn spoilt(value: &mut Value, text: &str, path: &str) {
    match value {
        Value::String(old) if !matches!(path, "/tool/name") => *old = text.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| spoilt(item, text, path)),
        Value::Object(map) => map.iter_mut().for_each(|(key, item)| spoilt(item, text, &format!("{path}/{key}"))),
        Value::Number(_) if path.ends_with("/line") || path.ends_with("/column") => *value = Value::from(0),
        _ => {}
    }
}

#[test]
fn a_saved_report_is_not_trusted() {
    let own = folder("saved");
    let (text, _, _) = run(&root().join("examples"), &["check", "--no-config", "--all-outcomes", "--format", "json"]);
    for evil in [EVIL.to_owned(), format!("password: q7{CANARY}Zk2vTr8wLm"), "https://u:q7cAnArY2vTr8wLm@x/".to_owned()]
    {
        let mut report: Value = serde_json::from_str(&text).unwrap();
        spoilt(&mut report, &evil, "");
        write(&own, "evil.json", &report.to_string());
        for format in FORMATS {
            let (text, errors, code) = run(&own, &["convert", "evil.json", "--format", format]);
            assert_eq!((errors.as_str(), code), ("", Some(0)), "{format}");
            // The rules and fingerprints of all findings are the same now, which no report of ours has.
            if format != "sarif" {
                sound(format, &text);
            } else {
                let report = serde_json::from_str(&text).unwrap();
                assert_eq!(sarif_schema().iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>(), [""; 0]);
                assert!(!text.contains(CANARY) && !text.contains("##["));
            }
        }
    }
}

/// Words and fields of later releases are no error: the contract says that readers accept them.
#[test]
fn later_words_are_read() {
    let own = folder("later");
    let (text, _, _) = run(&root().join("examples"), &["check", "--no-config", "--all-outcomes", "--format", "json"]);
    let mut report: Value = serde_json::from_str(&text).unwrap();
    report["later"] = Value::from(1);
    for (path, word) in [
        ("/findings/0/severity", "fatal"),
        ("/findings/0/basis", "treaty"),
        ("/findings/0/confidence", "certain"),
        ("/findings/0/origin", "guessed"),
        ("/findings/0/labels/0/role", "aside"),
        ("/results/0/outcome", "later"),
    ] {
        *report.pointer_mut(path).unwrap() = Value::from(word);
    }
    report["findings"][0]["later"] = Value::from("x");
    write(&own, "later.json", &report.to_string());
    let (text, errors, code) = run(&own, &["convert", "later.json", "--format", "json"]);
    assert_eq!((errors.as_str(), code), ("", Some(0)));
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["findings"][0]["severity"], "error", "what is worse than an error is one at least");
}

/// A waiver hides a finding from those who look for work, and is told to those who look for all.
#[test]
fn waived_findings_are_told_as_such() {
    let own = folder("waived");
    let (text, _, _) =
        run(&root().join("tests/cases/formats/in"), &["check", "--pack", "small.toml", "--format", "json"]);
    let mut report: Value = serde_json::from_str(&text).unwrap();
    let id = report["findings"][1]["rule"].as_str().unwrap().to_owned();
    report["findings"][1]["suppressed"] =
        serde_json::json!({ "kind": "inline", "reason": "agreed on", "until": "2027-03-31" });
    write(&own, "saved.json", &report.to_string());
    let all: std::collections::HashMap<&str, String> =
        written(&folder("waived-out"), &own, &["convert", "saved.json"]).into_iter().collect();
    for format in ["concise", "github", "gitlab", "checkstyle"] {
        assert!(!all[format].contains(&id), "{format}");
    }
    assert!(!all["markdown"].contains(&id) && all["markdown"].contains("1 finding hidden by a waiver or the baseline"));
    let report = sarif(&all["sarif"]);
    let waived: Vec<&Value> = list(&report, "/runs/0/results").iter().filter(|r| r["ruleId"] == id.as_str()).collect();
    assert_eq!(waived[0]["suppressions"][0]["kind"], "inSource");
    assert_eq!(waived[0]["suppressions"][0]["justification"], "agreed on (until 2027-03-31)");
    assert!(
        all["junit"].contains("failures=\"1\" errors=\"0\" skipped=\"2\"")
            && all["junit"].contains("(inline: agreed on)")
    );
    let row = all["csv"].lines().find(|line| line.contains(&id)).unwrap();
    assert!(row.ends_with(",no,inline,agreed on,2027-03-31"), "{row}");
}

/// A fix of SARIF replaces in the file what the fix of JSON replaces.
#[test]
fn fixes_and_lines_are_those_of_json() {
    let own = folder("fixes");
    let from = root().join("tests/cases/formats/in");
    let all: std::collections::HashMap<&str, String> =
        written(&own, &from, &["check", "--pack", "small.toml", "--all-outcomes"]).into_iter().collect();
    let report = sarif(&all["sarif"]);
    let fixed = list(&report, "/runs/0/results").iter().find(|r| r["ruleId"] == "edits-kept").unwrap();
    let change = &fixed["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "tests/cases/formats/in/homeserver.yaml");
    let replacement = &change["replacements"][0];
    let at = |key: &str| usize::try_from(replacement["deletedRegion"][key].as_u64().unwrap()).unwrap();
    let text = fs::read_to_string(from.join("homeserver.yaml")).unwrap();
    let line = text.lines().nth(at("startLine") - 1).unwrap();
    assert_eq!(&line[at("startColumn") - 1..at("endColumn") - 1], "10y");
    assert_eq!(replacement["insertedContent"]["text"], "30d");

    let json: Value = serde_json::from_str(&all["json"]).unwrap();
    for (r#type, key) in
        [("finding", "findings"), ("deployment", "deployments"), ("result", "results"), ("unknown", "unknown")]
    {
        let lines = all["jsonl"].lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of_type: Vec<Value> = lines
            .filter(|line| line["type"] == r#type)
            .map(|mut line| {
                line.as_object_mut().unwrap().shift_remove("type");
                line
            })
            .collect();
        assert_eq!(Value::from(of_type), json[key], "{key}");
    }
}
