//! Each folder of `examples/` tells a story, and its `screen.txt` is what hushlint prints there.
//!
//! Lines of a screen that begin with `$ ` are typed at the root of the repository; what follows is what is printed
//! into a pipe, and `[exit 1]` where the exit code is not 0. `HUSHLINT_BLESS=1 cargo test --test examples` writes
//! what is printed now; read the difference before you commit it.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The day of all screens: 2026-11-24.
const TODAY: &str = "1795478400";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn stories() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> =
        fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    out.sort();
    out
}

#[test]
fn screens_are_what_is_printed() {
    let bless = std::env::var_os("HUSHLINT_BLESS").is_some_and(|value| !value.is_empty());
    let mut failures = String::new();
    for story in stories() {
        let path = story.join("screen.txt");
        let wanted = fs::read_to_string(&path).unwrap();
        let got: String =
            wanted.lines().filter_map(|line| line.strip_prefix("$ ")).map(played).collect::<Vec<_>>().join("\n");
        if got == wanted {
            continue;
        }
        if bless {
            fs::write(&path, got).unwrap();
        } else {
            let same = wanted.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
            let _ = writeln!(failures, "{}, line {}:", path.display(), same + 1);
            for (mark, text) in [('-', &wanted), ('+', &got)] {
                text.lines().skip(same).take(10).for_each(|line| writeln!(failures, "{mark} {line}").unwrap());
            }
        }
    }
    assert!(failures.is_empty(), "{failures}\n(HUSHLINT_BLESS=1 writes the new screens)");
}

/// A command, what it prints, and its exit code unless that is 0.
fn played(line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_hushlint"));
    let done = Command::new("sh")
        .args(["-c", line])
        .current_dir(root())
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.parent().unwrap().display()))
        .env("LANG", "C.UTF-8")
        .env("SOURCE_DATE_EPOCH", TODAY)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut out = format!("$ {line}\n{}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8_lossy(&done.stderr).lines().for_each(|line| writeln!(out, "! {line}").unwrap());
    match done.status.code() {
        Some(0) => {}
        code => writeln!(out, "[exit {}]", code.map_or_else(|| "none".to_owned(), |code| code.to_string())).unwrap(),
    }
    out
}

#[test]
fn every_story_is_told() {
    for story in stories() {
        let name = story.file_name().unwrap().to_string_lossy();
        let told = fs::read_to_string(story.join("README.md")).unwrap();
        assert!(told.starts_with("# "), "{name}: its README has no title");
        assert!(told.contains("](screen.txt)"), "{name}: its README does not point to the screen");
        let screen = fs::read_to_string(story.join("screen.txt")).unwrap();
        assert!(
            screen.starts_with(&format!("$ hushlint check examples/{name}\n")),
            "{name}: the screen begins with the run"
        );
    }
}

/// The declaration is one, though it lies in two files; the server's files are one deployment.
#[test]
fn a_story_is_one_deployment() {
    for story in stories() {
        let path = format!("examples/{}", story.file_name().unwrap().to_string_lossy());
        let json = played(&format!("hushlint check {path} --format json --exit-zero"));
        let json = json.split_once('\n').unwrap().1;
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(value.pointer("/deployments").and_then(|d| d.as_array()).map(Vec::len), Some(1), "{path}");
        assert_eq!(value.pointer("/errors").and_then(|e| e.as_array()).map(Vec::len), Some(0), "{path}");
    }
}
