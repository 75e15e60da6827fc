//! The documents say what the program does: their commands are run, their configuration files are loaded, their links
//! lead somewhere, and the pages about rules and platforms are made from the knowledge files.
//!
//! `HUSHLINT_BLESS=1 cargo test --test docs` writes those pages, and the output below commands that stand in
//! `console` blocks. Read the difference before you commit it.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "docs/pages.rs"]
mod pages;

use hushlint::fact::{FactDef, QualifierKind};
use hushlint::report::listing::{Shelf, Topic, platforms_json, rules_json};
use pages::{coverage_page, references_page, rule_page, rules_page};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The day of all output: 2026-11-24.
const TODAY: &str = "1795478400";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bless() -> bool {
    std::env::var_os("HUSHLINT_BLESS").is_some_and(|value| !value.is_empty())
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files_below(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Every document for people.
fn documents() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    out.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    out.sort();
    ["docs", "examples"].iter().for_each(|folder| out.extend(files_below(&root().join(folder), ".md")));
    out
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

// ------------------------------------------------------------------------------------------------ generated pages

#[test]
fn generated_pages_are_current() {
    let shelf = Shelf::load().unwrap();
    let mut pages =
        vec![("docs/rules.md".to_owned(), rules_page(&shelf)), ("docs/coverage.md".to_owned(), coverage_page(&shelf))];
    let all: Value = serde_json::from_str(&rules_json(&shelf)).unwrap();
    for rule in list(&all, "rules") {
        let id = text(rule, "id");
        let page = rule_page(&explained(&shelf, &Topic::Rule(id.to_owned())));
        pages.push((format!("docs/rules/{id}.md"), page));
    }
    pages.push(("docs/references.md".to_owned(), references_page()));
    let platforms: Value = serde_json::from_str(&platforms_json(&shelf)).unwrap();
    for platform in list(&platforms, "platforms") {
        pages.push((format!("docs/platforms/{}.md", text(platform, "id")), platform_page(&shelf, platform)));
    }
    let made: BTreeSet<String> = pages.iter().map(|(path, _)| path.clone()).collect();
    for folder in ["docs/platforms", "docs/rules"] {
        fs::create_dir_all(root().join(folder)).unwrap();
        for path in files_below(&root().join(folder), ".md") {
            assert!(made.contains(&name(&path)), "{}: nothing of that name is built in", name(&path));
        }
    }
    for (path, page) in pages {
        if bless() {
            fs::write(root().join(&path), page).unwrap();
            continue;
        }
        let stands = fs::read_to_string(root().join(&path)).unwrap_or_default();
        let line = stands.lines().zip(page.lines()).take_while(|(a, b)| a == b).count() + 1;
        let new = page.lines().nth(line - 1).unwrap_or("(the end)");
        assert!(
            stands == page,
            "{path}, line {line}, is not current; it would be:\n{new}\n(HUSHLINT_BLESS=1 writes it)"
        );
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    list(value, key).iter().filter_map(Value::as_str).collect()
}

fn explained(shelf: &Shelf, topic: &Topic) -> Value {
    let page: Value = serde_json::from_str(&topic.json(shelf)).unwrap();
    list(&page, "explained").first().cloned().unwrap()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn codes(list: &[&str]) -> String {
    list.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

const MADE: &str = "<!-- Made from rules/ by tests/docs.rs: HUSHLINT_BLESS=1 cargo test --test docs -->";

fn platform_page(shelf: &Shelf, platform: &Value) -> String {
    let (id, called) = (text(platform, "id"), text(platform, "name"));
    let number = shelf.knowledge.find_platform(id).unwrap();
    let loaded = shelf.knowledge.platform(number).unwrap();
    let mut out = format!("{MADE}\n\n# {called}\n\n");
    let _ = writeln!(
        out,
        "Releases {} to {}. The defaults below are those of {called} {}; a newer release is read as that one, and the \
         report says so.\n",
        text(platform, "oldest"),
        text(platform, "verified"),
        text(platform, "verified"),
    );
    out.push_str("## Files\n\n| kind | formats | usual names | recognised by |\n| --- | --- | --- | --- |\n");
    for (kind, told) in loaded.platform.documents.iter().zip(list(platform, "documents")) {
        let all: Vec<String> = kind.all.iter().map(|path| path.keys().collect::<Vec<_>>().join(".")).collect();
        let any: Vec<String> = kind.any.iter().map(|path| path.keys().collect::<Vec<_>>().join(".")).collect();
        let mut by = all.iter().map(|key| code(key)).collect::<Vec<_>>().join(", ");
        if !any.is_empty() {
            let of: Vec<&str> = any.iter().map(String::as_str).collect();
            let _ = write!(by, "{}{} of {}", if by.is_empty() { "" } else { ", and " }, kind.at_least, codes(&of));
        }
        let part = if kind.part { " (joins a deployment)" } else { "" };
        let (formats, files) = (texts(told, "formats").join(", "), codes(&texts(told, "files")));
        let _ = writeln!(out, "| {}{part} | {formats} | {} | {} |", kind.id, cell(&files), cell(&by));
    }
    out.push_str(
        "\n## Settings\n\n*Default* is what holds when the setting is not written. *Facts* are what follows from it.\n\n\
         | setting | holds | default | facts |\n| --- | --- | --- | --- |\n",
    );
    // What every secret feeds, by its name.
    let by_setting = |fact: &FactDef| fact.qualifier == Some(QualifierKind::Setting);
    let vocabulary = &shelf.knowledge.facts.vocabulary;
    let secrets: Vec<String> =
        vocabulary.facts().filter(|(_, fact)| by_setting(fact)).map(|(_, f)| f.id.clone()).collect();
    let mut gates: Vec<(String, Vec<String>)> = Vec::new();
    for setting in &loaded.platform.settings {
        let page = explained(shelf, &Topic::Setting(id.to_owned(), setting.id.clone()));
        let mut default = texts(&page, "default").iter().map(|case| default(case)).collect::<Vec<_>>().join("; ");
        if default.is_empty() {
            default = "not known".to_owned();
        }
        if let Some(why) = page.get("inert").and_then(Value::as_str) {
            default = why.to_owned();
        }
        for (key, word) in [("since", "since"), ("until", "until")] {
            if let Some(version) = page.get(key).and_then(Value::as_str) {
                let _ = write!(default, " ({word} {version})");
            }
        }
        // A field of a record stands in its list, and on that list's page.
        let within = setting.list.and_then(|list| loaded.platform.setting(list));
        let key = within.map_or_else(|| setting.shown.to_string(), |list| format!("{}[].{}", list.id, setting.shown));
        let page_of = loaded.platform.docs_of(within.unwrap_or(setting));
        let mut facts = texts(&page, "facts");
        if setting.is_secret() {
            facts.extend(secrets.iter().map(String::as_str));
        }
        let _ = writeln!(
            out,
            "| [{}]({page_of}) | {} | {} | {} |",
            cell(&code(&key)),
            cell(text(&page, "type")),
            cell(&default),
            cell(&facts.join(", ")),
        );
        for need in list(&page, "needs") {
            let because = text(need, "because").to_owned();
            match gates.iter_mut().find(|(words, _)| *words == because) {
                Some((_, settings)) => settings.push(setting.id.clone()),
                None => gates.push((because, vec![setting.id.clone()])),
            }
        }
    }
    out.push_str("\n## What settings need\n\nA setting whose condition does not hold counts as not written.\n\n");
    for (because, settings) in gates {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let _ = writeln!(out, "- {}: {because}", codes(&settings));
    }
    out.push_str("\n## Rules of its own\n\n");
    for rule in &loaded.rules {
        let _ = writeln!(out, "- [{}](../rules/{}.md): {}", rule.id, rule.id, rule.title);
    }
    out
}

/// A case of a default: words as words, values and conditions as code.
fn default(case: &str) -> String {
    if case.starts_with("not applicable: ") || case.starts_with("unknown: ") {
        return case
            .split_once(", if ")
            .map_or_else(|| case.to_owned(), |(what, when)| format!("{what}, if {}", code(when)));
    }
    let what = |text: &str| if text.is_empty() { "empty".to_owned() } else { code(text) };
    match case.split_once(", if ") {
        Some((value, when)) => format!("{}, if {}", what(value), code(when)),
        None if case == "an empty list" => case.to_owned(),
        None => what(case),
    }
}

// ------------------------------------------------------------------------------------------------------- commands

/// A fenced block of a document.
struct Block {
    /// The line of its fence, from 0.
    at: usize,
    /// What stands behind the fence.
    info: String,
    lines: Vec<String>,
    /// `<!-- not run: why -->` stands above it.
    not_run: bool,
    /// `<!-- only: a | b -->` stands above it: the paragraphs that it shows, by words in them.
    only: Vec<String>,
}

fn blocks(document: &str) -> Vec<Block> {
    let lines: Vec<&str> = document.lines().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].trim_start().strip_prefix("```") else {
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len()).find(|n| lines[*n].trim_start().starts_with("```")).unwrap_or(lines.len());
        let above = lines[..at].iter().rev().find(|line| !line.trim().is_empty()).copied().unwrap_or_default();
        let said = |key: &str| above.trim().strip_prefix(key).and_then(|rest| rest.strip_suffix(" -->"));
        out.push(Block {
            at,
            info: info.trim().to_owned(),
            lines: lines[at + 1..end].iter().map(|line| (*line).to_owned()).collect(),
            not_run: said("<!-- not run: ").is_some_and(|reason| reason.len() > 5),
            only: said("<!-- only: ").into_iter().flat_map(|list| list.split(" | ")).map(str::to_owned).collect(),
        });
        at = end + 1;
    }
    out
}

/// Where commands are run: the examples, and nothing else of this repository.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hushlint-docs-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        copy(&root().join("examples"), &path.join("examples"));
        Self(fs::canonicalize(path).unwrap())
    }

    fn run(&self, line: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_hushlint"));
        // `cargo run … -- check x` is `hushlint check x`.
        let line = match line.strip_prefix("cargo run") {
            Some(rest) => format!("hushlint {}", rest.split_once("-- ").map_or("", |(_, arguments)| arguments)),
            None => line.to_owned(),
        };
        Command::new("sh")
            .args(["-c", &line])
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", program.parent().unwrap().display()))
            .env("LANG", "C.UTF-8")
            .env("SOURCE_DATE_EPOCH", TODAY)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn is_ours(line: &str) -> bool {
    (line.starts_with("hushlint ") && !line.starts_with("hushlint = ")) || line.starts_with("cargo run")
}

/// Lines of `sh` blocks that call hushlint exit with 0, or with what a comment at their end says.
#[test]
fn commands_run() {
    let scratch = Scratch::new("commands");
    let mut seen = 0;
    let mut failures = String::new();
    for path in documents() {
        let document = fs::read_to_string(&path).unwrap();
        for block in blocks(&document) {
            let ours: Vec<&String> = block.lines.iter().filter(|line| is_ours(line)).collect();
            if ours.is_empty() || block.not_run {
                continue;
            }
            if block.info != "sh" {
                let _ = writeln!(failures, "{}:{}: commands stand in a block `sh`", name(&path), block.at + 1);
            }
            for line in ours {
                let (command, comment) = line.split_once(" #").unwrap_or((line, ""));
                let wanted =
                    comment.split_once("exits with ").and_then(|(_, code)| code.get(..1)?.parse().ok()).unwrap_or(0);
                let done = scratch.run(command.trim());
                seen += 1;
                if done.status.code() != Some(wanted) {
                    let _ = writeln!(failures, "{}: `{line}` exits with {:?}", name(&path), done.status.code());
                    let _ = writeln!(failures, "{}", String::from_utf8_lossy(&done.stderr));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(seen > 10, "only {seen} commands were found in the documents");
}

/// In `console` blocks, what stands below `$ command` is what it prints on a terminal of 80 columns. `<!-- only: a | b -->`
/// above a block leaves paragraphs out; a line `…` stands for them.
#[test]
fn consoles_show_what_is_printed() {
    let scratch = Scratch::new("consoles");
    let mut seen = 0;
    let mut failures = String::new();
    for path in documents() {
        let document = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
        let mut changed = false;
        for block in blocks(&document).into_iter().rev().filter(|block| block.info == "console" && !block.not_run) {
            seen += 1;
            let place = format!("{}:{}", name(&path), block.at + 1);
            let command = block.lines.first().and_then(|line| line.strip_prefix("$ ")).unwrap_or_default();
            assert!(is_ours(command), "{place}: a console begins with a command");
            let printed = on_a_terminal(&scratch.run(&format!("CLICOLOR_FORCE=1 COLUMNS=80 {command}")));
            let missing = block.only.iter().find(|words| !printed.contains(words.as_str()));
            assert!(missing.is_none(), "{place}: `{command}` does not print `{}`", missing.unwrap());
            let printed = paragraphs(&printed, &block.only);
            if block.lines[1..] == printed[..] {
                continue;
            }
            if bless() {
                lines.splice(block.at + 2..block.at + 1 + block.lines.len(), printed);
                changed = true;
            } else {
                let _ = writeln!(failures, "{place}: `{command}` prints\n{}", printed.join("\n"));
            }
        }
        if changed {
            fs::write(&path, lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}\n(HUSHLINT_BLESS=1 writes what is printed now)");
    assert!(seen > 0, "no document shows what hushlint prints");
}

/// The lines of what is printed, paragraphs without any of the words left out.
fn paragraphs(printed: &str, only: &[String]) -> Vec<String> {
    if only.is_empty() {
        return printed.lines().map(str::to_owned).collect();
    }
    let mut out = vec!["…".to_owned()];
    for paragraph in printed.split("\n\n").filter(|text| only.iter().any(|words| text.contains(words.as_str()))) {
        out.extend(paragraph.lines().map(str::to_owned));
        out.push("…".to_owned());
    }
    out
}

/// What is printed, without colours.
fn on_a_terminal(done: &Output) -> String {
    let printed = String::from_utf8_lossy(&done.stdout);
    let mut parts = printed.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| out.push_str(part.split_once('m').map_or(part, |(_, rest)| rest)));
    out
}

/// A `toml` block that begins with `# hushlint.toml` or `# pack` holds together, and the cases of packs hold.
#[test]
fn configuration_files_load() {
    let scratch = Scratch::new("files");
    let mut seen = 0;
    for path in documents() {
        let document = fs::read_to_string(&path).unwrap();
        // The pages of rules show declarations, which are judged by themselves.
        let shows = |block: &Block| block.info == "toml" && !name(&path).starts_with("docs/rules/");
        for block in blocks(&document).into_iter().filter(shows) {
            let first = block.lines.first().map(String::as_str).unwrap_or_default();
            let commands: &[&str] = match first {
                "# hushlint.toml" => &["hushlint check --exit-zero --config block.toml examples"],
                "# pack" => &["hushlint check --exit-zero --pack block.toml examples", "hushlint test block.toml"],
                _ => panic!("{}:{}: say what this is: `# hushlint.toml` or `# pack`", name(&path), block.at + 1),
            };
            fs::write(scratch.0.join("block.toml"), block.lines.join("\n")).unwrap();
            for command in commands {
                let done = scratch.run(command);
                let told = String::from_utf8_lossy(&done.stderr);
                assert!(done.status.success(), "{}:{}: {command}\n{told}", name(&path), block.at + 1);
            }
            seen += 1;
        }
    }
    assert!(seen > 1, "the documents show no configuration");
}

/// The examples on the pages of rules fail and pass as their headings say.
#[test]
fn examples_of_rules_come_to_what_they_say() {
    let shelf = Shelf::load().unwrap();
    let scratch = Scratch::new("rules");
    let all: Value = serde_json::from_str(&rules_json(&shelf)).unwrap();
    let mut pack = "format = 1\n[pack]\nid = \"all\"\ntitle = \"all\"\n".to_owned();
    // Files by how they are read: declarations (no platform), or a platform at a release.
    let mut runs: BTreeMap<String, Vec<(String, String, &str)>> = BTreeMap::new();
    for rule in list(&all, "rules") {
        let id = text(rule, "id");
        let _ = writeln!(pack, "[[select]]\nrule = \"{id}\"\nseverity = \"note\"");
        let page = fs::read_to_string(root().join(format!("docs/rules/{id}.md"))).unwrap();
        let told = explained(&shelf, &Topic::Rule(id.to_owned()));
        for (key, heading, outcome) in [("fails", "fails", "fail"), ("passes", "passes", "pass")] {
            let Some(example) = told.get(key).filter(|e| e.is_object()) else { continue };
            let part =
                page.split("\n## ").find(|part| part.starts_with(&format!("An example that {heading}"))).unwrap();
            let shown = blocks(part).into_iter().next().unwrap().lines.join("\n") + "\n";
            let (how, file) = match text(example, "document").split_once('.') {
                None => (String::new(), format!("{key}/{id}/product.toml")),
                Some((platform, kind)) => {
                    let number = shelf.knowledge.find_platform(platform).unwrap();
                    let loaded = shelf.knowledge.platform(number).unwrap();
                    // Only a main document can be named by itself.
                    if loaded.platform.documents.first().is_none_or(|d| d.id != kind) {
                        continue;
                    }
                    let version = example.get("version").and_then(Value::as_str).map(|v| format!("@{v}"));
                    let ending = text(example, "format");
                    let how = format!("--platform {platform}{}", version.unwrap_or_default());
                    (how, format!("{key}/{id}/main.{ending}"))
                }
            };
            let path = scratch.0.join(&file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, shown).unwrap();
            runs.entry(how).or_default().push((file, id.to_owned(), outcome));
        }
    }
    fs::write(scratch.0.join("all.toml"), pack).unwrap();
    let (mut seen, mut wrong) = (0, String::new());
    for (how, files) in runs {
        let names: Vec<&str> = files.iter().map(|(file, _, _)| file.as_str()).collect();
        let command = "hushlint check --no-config --exit-zero --all-outcomes --format json --pack all.toml";
        let done = scratch.run(&format!("{command} {how} {}", names.join(" ")));
        let report: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|_| panic!("{how}: {}", String::from_utf8_lossy(&done.stderr)));
        for (file, rule, wanted) in files {
            // Of several hosts in one file the example is about one.
            let found: Vec<&str> = list(&report, "results")
                .iter()
                .filter(|r| text(r, "rule") == rule && text(r, "deployment").split('#').next() == Some(file.as_str()))
                .map(|r| text(r, "outcome"))
                .collect();
            seen += 1;
            let came = if found.contains(&wanted) { wanted } else { found.first().copied().unwrap_or("nothing") };
            if came != wanted {
                let _ = writeln!(wrong, "{file}: {rule} comes to {came}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen > 250, "only {seen} examples were judged");
}

// ---------------------------------------------------------------------------------------------------------- links

/// The anchor that a heading gets.
fn slug(heading: &str) -> String {
    let plain = heading.trim().to_lowercase().replace(' ', "-");
    plain.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

fn anchors(document: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut out = BTreeSet::new();
    for line in document.lines() {
        inside ^= line.trim_start().starts_with("```");
        if let (false, true) = (inside, line.starts_with('#')) {
            out.insert(slug(line.trim_start_matches('#')));
        }
    }
    out
}

#[test]
fn links_lead_somewhere() {
    let mut failures = String::new();
    for path in documents() {
        let document = fs::read_to_string(&path).unwrap();
        for target in document.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let to = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let there = if anchor.is_empty() {
                to.exists()
            } else {
                fs::read_to_string(&to).is_ok_and(|text| anchors(&text).contains(anchor))
            };
            if !there {
                let _ = writeln!(failures, "{}: {target}", name(&path));
            }
        }
    }
    assert!(failures.is_empty(), "links that lead nowhere:\n{failures}");
}

// ---------------------------------------------------------------------------------------------- what is promised

/// The modules of the table in `docs/architecture.md`, from the lowest floor.
fn floors() -> Vec<String> {
    let document = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let floor: usize = cells.next()?.parse().ok()?;
        Some((floor, cells.next()?.trim_matches('`').to_owned()))
    };
    let rows: Vec<(usize, String)> = document.lines().filter_map(row).collect();
    assert!(
        rows.iter().enumerate().all(|(n, (floor, _))| n == *floor),
        "the floors of docs/architecture.md are counted wrong"
    );
    rows.into_iter().map(|(_, module)| module).collect()
}

/// What the architecture says of floors is what `tests/floors.rs` holds.
#[test]
fn floors_are_those_that_are_tested() {
    let tested = fs::read_to_string(root().join("tests/floors.rs")).unwrap();
    let tested: String = tested.split_whitespace().collect();
    let told = floors().iter().map(|floor| format!("\"{floor}\"")).collect::<Vec<_>>().join(",");
    assert!(tested.contains(&told), "docs/architecture.md and tests/floors.rs differ: {told}");
}

/// The code of the program, without its tests: path and text.
fn code_of_the_program() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in files_below(&root().join("src"), ".rs") {
        if !name(&path).contains("/tests") {
            let text = fs::read_to_string(&path).unwrap();
            out.push((name(&path), text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()));
        }
    }
    out
}

/// SECURITY.md: nothing is sent, nothing is run. No crate that opens sockets is in the lock file, and the code
/// neither names a socket nor starts a program.
#[test]
fn nothing_is_sent_and_nothing_is_run() {
    const REFUSED: [&str; 16] = [
        "async-std",
        "curl",
        "git2",
        "h2",
        "hyper",
        "isahc",
        "mio",
        "native-tls",
        "openssl",
        "quinn",
        "reqwest",
        "rustls",
        "smol",
        "socket2",
        "tokio",
        "ureq",
    ];
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for line in lock.lines().filter_map(|line| line.strip_prefix("name = \"")) {
        let package = line.trim_end_matches('"');
        assert!(!REFUSED.contains(&package), "{package} is in Cargo.lock");
    }
    for (path, code) in code_of_the_program() {
        for refused in ["std::net", "process::Command", "UnixStream", "TcpStream", "unsafe {"] {
            assert!(!code.contains(refused), "{path}: {refused}");
        }
    }
}
