//! End-to-end cases: folders under `tests/cases` that a person can read.
//!
//! `in/` is what lies in the working directory, `screen` what happens there: lines that begin with `$ ` are typed
//! into a shell, what follows is what it prints; lines of standard error begin with `! `, and `[exit 1]` tells an
//! exit code that is not 0. What stands above the first command says what the case is about.
//!
//! `HUSHLINT_BLESS=1 cargo test --test cli` writes what is printed now into the screens; read the difference before
//! you commit it. `HUSHLINT_CASE=name` runs only cases whose names hold that word.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The day of all cases: 2026-11-24.
const TODAY: &str = "1795478400";
/// Stands in every secret of every case, and must never be printed.
const CANARY: &str = "CaNaRy";

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let only = std::env::var("HUSHLINT_CASE").unwrap_or_default();
    let bless = std::env::var_os("HUSHLINT_BLESS").is_some_and(|value| !value.is_empty());
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("screen").exists())
        .filter(|path| path.file_name().unwrap().to_string_lossy().contains(&only))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case holds `{only}` in its name");
    let mut failures = String::new();
    for case in &cases {
        let wanted = fs::read_to_string(case.join("screen")).unwrap();
        let (got, complaints) = play(case, &wanted);
        failures.push_str(&complaints);
        if got != wanted && bless {
            fs::write(case.join("screen"), got).unwrap();
        } else if got != wanted {
            let _ = write!(failures, "\n=== {} ===\n{}", case.display(), difference(&wanted, &got));
        }
    }
    assert!(failures.is_empty(), "{failures}\n(HUSHLINT_BLESS=1 writes the new screens)");
}

/// A reader that has had enough ends nothing but the output: the exit code is that of the whole run.
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new("closed-pipe");
    let text = "server_name: example.org\nreport_stats: false\nsigning_key_path: /data/key\n";
    for number in 0..50 {
        fs::create_dir(folder.0.join(number.to_string())).unwrap();
        fs::write(folder.0.join(format!("{number}/homeserver.yaml")), text).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_hushlint"))
        .arg("check")
        .current_dir(&folder.0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(1), ""));
}

/// What may not be read is told, and the others are judged. (Nothing is unreadable to the superuser.)
#[test]
fn an_unreadable_file_is_an_error_and_the_rest_is_judged() {
    let folder = Folder::new("unreadable");
    let text = "server_name: example.org\nreport_stats: false\nsigning_key_path: /data/key\n";
    fs::write(folder.0.join("homeserver.yaml"), text).unwrap();
    fs::write(folder.0.join("locked.yaml"), text).unwrap();
    fs::create_dir(folder.0.join("locked")).unwrap();
    let done = shell("chmod 000 locked.yaml locked && cat locked.yaml", &folder.0);
    if done.status.success() {
        return;
    }
    let done = shell("hushlint check --format concise", &folder.0);
    let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(3), "{stdout}");
    assert!(stdout.contains("locked.yaml: error may not be read: permission denied"), "{stdout}");
    assert!(stdout.contains("locked: error may not be read: permission denied"), "{stdout}");
    assert!(stdout.contains("homeserver.yaml:1:1: "), "{stdout}");
}

/// Files that come and go while they are looked for end no run.
#[test]
fn vanishing_files_end_no_run() {
    let folder = Folder::new("vanishing");
    let text = "server_name: example.org\nreport_stats: false\nsigning_key_path: /data/key\n";
    fs::write(folder.0.join("homeserver.yaml"), text).unwrap();
    let done = shell(
        "(for i in $(seq 150); do mkdir -p d; cp homeserver.yaml d/x.yaml; rm -rf d; done) & \
         for i in $(seq 10); do hushlint check --format json > /dev/null || code=$?; \
         case $code in 0|1|3) ;; *) exit 9;; esac; done; wait",
        &folder.0,
    );
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Plays a case: its screen as it is now, and what must never happen.
fn play(case: &Path, screen: &str) -> (String, String) {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let folder = Folder::new(&name);
    if case.join("in").exists() {
        copy(&case.join("in"), &folder.0);
    }
    let mut out: String = screen.split_inclusive('\n').take_while(|line| !line.starts_with("$ ")).collect();
    let mut complaints = String::new();
    for (number, line) in screen.lines().filter_map(|line| line.strip_prefix("$ ")).enumerate() {
        let done = shell(line, &folder.0);
        if number > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "$ {line}");
        let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
        for text in [&stdout, &stderr] {
            if line.contains("hushlint") && text.contains(CANARY) {
                let _ = writeln!(complaints, "{name}: a secret was printed by `{line}`");
            }
            if text.contains('\u{1b}') && !line.contains("--color always") {
                let _ = writeln!(complaints, "{name}: an escape character was printed by `{line}`");
            }
        }
        out.push_str(&settled(&stdout, &folder.0));
        for line in settled(&stderr, &folder.0).lines() {
            let _ = writeln!(out, "! {line}");
        }
        match done.status.code() {
            Some(0) => {}
            Some(code) => {
                let _ = writeln!(out, "[exit {code}]");
            }
            None => out.push_str("[killed]\n"),
        }
    }
    (out, complaints)
}

/// Runs a line in a shell that knows `hushlint` and nothing of this machine.
fn shell(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_hushlint"));
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().unwrap().display()))
        .env("LANG", "C.UTF-8")
        .env("SOURCE_DATE_EPOCH", TODAY)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What differs from machine to machine and from release to release is left out.
fn settled(text: &str, folder: &Path) -> String {
    let text = text.replace(&*folder.to_string_lossy(), "[DIR]");
    // `version`, and SARIF's `semanticVersion`.
    let text = text.replace(concat!("ersion\":\"", env!("CARGO_PKG_VERSION"), "\""), "ersion\":\"[VERSION]\"");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("\"sha256\":\"") {
        let (before, after) = rest.split_at(at + 10);
        out.push_str(before);
        let end = after.find('"').unwrap_or(0);
        out.push_str("[SHA256]");
        rest = after.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    without_colours(&out)
}

/// Screens are written without colours, so that they can be read; that there are some is tested by units.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once('m') {
            Some((code, rest)) if code.bytes().all(|b| b.is_ascii_digit() || b == b';') => out.push_str(rest),
            _ => {
                out.push_str("<ESC>[");
                out.push_str(part);
            }
        }
    }
    out
}

/// The first lines that differ, with a few before them.
fn difference(wanted: &str, got: &str) -> String {
    let (wanted, got): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let same = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    for line in wanted.iter().take(same).skip(same.saturating_sub(3)) {
        let _ = writeln!(out, "  {line}");
    }
    for line in wanted.iter().skip(same).take(12) {
        let _ = writeln!(out, "- {line}");
    }
    for line in got.iter().skip(same).take(12) {
        let _ = writeln!(out, "+ {line}");
    }
    out
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A folder of its own for each case, outside of any repository; gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hushlint-case-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(fs::canonicalize(path).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A case may have made folders that cannot be entered.
        let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(&self.0).status();
        let _ = fs::remove_dir_all(&self.0);
    }
}
