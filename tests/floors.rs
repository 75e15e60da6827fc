//! The floors of the house: a file imports only from floors below its own, vendor words stand in data, and the lower
//! floors touch nothing outside the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up.
const FLOORS: [&str; 12] =
    ["text", "syntax", "fact", "condition", "platform", "rule", "judge", "settle", "lint", "report", "host", "cli"];

/// The highest floor that is pure: text in, report out.
const HIGHEST_PURE: usize = 9;

/// Products and protocols: they are the business of `rules/`.
const VENDOR_WORDS: [&str; 26] = [
    "synapse",
    "matrix",
    "mattermost",
    "prosody",
    "ejabberd",
    "zulip",
    "rocketchat",
    "nextcloud",
    "dendrite",
    "conduit",
    "openfire",
    "jitsi",
    "xmpp",
    "microsoft",
    "slack",
    "discord",
    "whatsapp",
    "telegram",
    "tiktok",
    "instagram",
    "messenger",
    "threema",
    "wire",
    "snapchat",
    "homeserver",
    "mautrix",
];

/// Where they may stand all the same: examples of commands in the help, and the lexical masking's list of words that
/// serve as sample passwords, which knows no platform's file.
const EXEMPT: [&str; 2] = ["cli", "text/redact/texts.rs"];

/// A source file without comments and test modules; texts are kept or emptied.
struct Code {
    path: PathBuf,
    /// Module path: `["platform", "load"]`; empty for `lib.rs` and `main.rs`.
    module: Vec<String>,
    with_texts: String,
    without_texts: String,
}

/// Every file of `src/` that is part of the program.
fn files() -> Vec<Code> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    assert!(paths.len() > 50, "only {} files: is this the right folder?", paths.len());
    let sources: Vec<(PathBuf, String)> =
        paths.into_iter().map(|p| (p.clone(), fs::read_to_string(p).unwrap())).collect();
    let tests: Vec<PathBuf> = sources.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let belongs_to_tests = |path: &Path| tests.iter().any(|t| path == t.with_extension("rs") || path.starts_with(t));
    sources
        .iter()
        .filter(|(path, _)| !belongs_to_tests(path))
        .map(|(path, text)| {
            let mut module: Vec<String> = path
                .strip_prefix(&root)
                .unwrap()
                .with_extension("")
                .iter()
                .map(|p| p.to_string_lossy().into_owned())
                .collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
                module.pop();
            }
            let with_texts = without_tests(&stripped(text, true));
            Code {
                path: path.strip_prefix(&root).unwrap().to_owned(),
                module,
                without_texts: stripped(&with_texts, false),
                with_texts,
            }
        })
        .collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The files of modules that are declared under `cfg(test)`: their paths without `.rs`.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let code = stripped(text, true);
    let stem = path.file_stem().unwrap().to_string_lossy();
    let folder = if matches!(&*stem, "mod" | "lib" | "main") {
        path.parent().unwrap().to_owned()
    } else {
        path.with_extension("")
    };
    let declared = code.split("#[cfg(test)]").skip(1).filter_map(|after| {
        let (_, name) = after.split_once("mod ")?;
        let end = name.find([';', ' ', '{'])?;
        name[end..].trim_start().starts_with(';').then(|| folder.join(&name[..end]))
    });
    declared.collect()
}

/// Code without comments; `texts`: string literals are kept.
fn stripped(code: &str, texts: bool) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let raw = rest
            .strip_prefix('r')
            .map(|r| r.trim_start_matches('#'))
            .filter(|r| r.starts_with('"'))
            .map(|r| rest.len() - 1 - r.len());
        let word_before = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw.filter(|_| !word_before) {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = hashes + 2;
            body + rest[body..].find(&close).unwrap() + close.len()
        } else if c == '"' {
            let mut escaped = false;
            let close = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            1 + close.unwrap() + 1
        } else if c == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'')) {
            let body = if rest[1..].starts_with('\\') { 3 } else { 1 + rest[1..].chars().next().unwrap().len_utf8() };
            body + rest[body..].find('\'').unwrap() + 1
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match token.starts_with('/') {
            true => out.push(' '),
            false if texts => out.push_str(token),
            false => out.push_str("\"\""),
        }
    }
    out
}

/// Code without the items under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        out.push_str(before);
        let end = after.find([';', '{']).unwrap_or(after.len());
        rest = &after[end..];
        if rest.starts_with('{') {
            let mut depth = 0;
            let close = rest.find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0
            });
            rest = &rest[close.map_or(rest.len(), |c| c + 1)..];
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    out + rest
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|f| *f == name)
}

/// The first names of what follows `prefix`: of `use crate::{a::b, c};` both `a` and `c`.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut out = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => out.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (n, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            out.push(word(&group[n..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    out
}

/// The modules at the root of the crate that a file names.
fn imports(code: &Code) -> Vec<String> {
    let mut out = named_after(&code.without_texts, "crate::");
    // `super::` as often as the file is deep reaches the root too.
    let depth = code.module.len();
    if depth > 0 {
        out.extend(named_after(&code.without_texts, &"super::".repeat(depth)));
    }
    out
}

#[test]
fn nobody_imports_from_above() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for code in files() {
        let Some(own) = code.module.first().and_then(|m| floor(m)) else { continue };
        for name in imports(&code) {
            seen += 1;
            if floor(&name).is_some_and(|other| other > own) {
                wrong.push(format!("{}: floor {own} ({}) imports from `{name}`", code.path.display(), FLOORS[own]));
            }
        }
    }
    assert!(seen > 200, "only {seen} imports were found");
    assert!(wrong.is_empty(), "upward imports:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    for code in files() {
        if let Some(first) = code.module.first() {
            assert!(floor(first).is_some(), "{} stands on no floor", code.path.display());
        }
    }
}

#[test]
fn vendor_words_stand_in_data() {
    let mut wrong = Vec::new();
    for code in files().iter().filter(|c| !EXEMPT.iter().any(|e| c.path.starts_with(e))) {
        for (n, line) in code.with_texts.lines().enumerate() {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
            wrong.extend(
                words
                    .filter(|w| VENDOR_WORDS.contains(&w.as_str()))
                    .map(|w| format!("{}: {w} (about line {}): {}", code.path.display(), n + 1, line.trim())),
            );
        }
    }
    assert!(wrong.is_empty(), "vendor words:\n{}", wrong.join("\n"));
}

#[test]
fn the_pure_floors_touch_nothing_outside() {
    let mut wrong = Vec::new();
    for code in files() {
        let Some(own) = code.module.first().and_then(|m| floor(m)).filter(|own| *own <= HIGHEST_PURE) else { continue };
        for name in named_after(&code.without_texts, "std::") {
            if ["fs", "thread", "env", "time", "net", "process"].contains(&name.as_str()) {
                wrong.push(format!("{}: floor {own} uses std::{name}", code.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "impure:\n{}", wrong.join("\n"));
}

#[test]
fn the_readers_of_this_file_see_what_they_should() {
    let code = "use crate::{fact::{A, B}, text::C};\n// crate::cli\nlet x = \"crate::host\"; y(r#\"// crate::cli \"#); crate::lint::f('\"', '\\'', \"\\\"//\"); /* crate::judge */ nocrate::rule";
    let plain = stripped(code, false);
    assert_eq!(named_after(&plain, "crate::"), ["fact", "text", "lint"]);
    assert!(stripped(code, true).contains("crate::host") && !stripped(code, true).contains("judge"));
    let kept = without_tests("a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod tests { fn f() { { } } }\nc");
    assert_eq!(kept.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c"]);
}
