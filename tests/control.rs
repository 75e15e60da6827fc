//! Nothing is recognised in files of other software: compose files, files of variables, `config.json`s, objects of
//! Kubernetes, charts. They lie below `tests/control`.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control")
}

/// All files below a folder, relative to it.
fn files(folder: &Path, below: &Path, out: &mut Vec<String>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(folder, &path, out);
        } else {
            out.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
        }
    }
}

fn run(arguments: &[&str]) -> (Value, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hushlint"));
    let done = command.args(arguments).current_dir(folder()).output().unwrap();
    let report = serde_json::from_slice(&done.stdout);
    (report.unwrap_or_else(|error| panic!("{arguments:?}: {error}")), done.status.code())
}

fn is_empty(report: &Value, key: &str) -> bool {
    report.get(key).and_then(Value::as_array).is_none_or(Vec::is_empty)
}

#[test]
fn nothing_is_recognised_in_files_of_other_software() {
    let folder = folder();
    let mut all = Vec::new();
    files(&folder, &folder, &mut all);
    assert!(all.len() >= 40, "only {} files", all.len());
    for command in ["check", "files"] {
        let format = [command, "--format", "json", "--no-config"];
        let mut told = Vec::new();
        // On a walk all of them together, as they lie in a repository.
        let (report, code) = run(&format);
        for key in ["deployments", "findings", "errors"] {
            assert!(is_empty(&report, key), "{command}: {key}: {}", report[key]);
        }
        assert_eq!(code, Some(4), "{command}: there is nothing to lint");
        assert_eq!(report["skipped"]["count"], all.len(), "{command}");
        // By name, each by itself.
        for file in &all {
            let (report, code) = run(&[&format[..], &[file.as_str()]].concat());
            for key in ["deployments", "findings", "errors"] {
                assert!(is_empty(&report, key), "{command} {file}: {key}: {}", report[key]);
            }
            assert_eq!(code, Some(0), "{command} {file}");
            told.push(report["skipped"]["files"][0]["reason"].as_str().unwrap().to_owned());
        }
        assert!(told.iter().all(|reason| !reason.is_empty()));
    }
}
