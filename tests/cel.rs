//! Every condition in `rules/` is CEL: another reader of that language parses it too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use toml::Value;

/// Keys whose texts are conditions or expressions.
const KEYS: [&str; 6] = ["when", "require", "forbid", "needs", "from", "each"];

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "toml") {
            out.push(path);
        }
    }
}

/// The expressions of a table and of all below: key, text.
fn expressions(value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Table(table) => {
            let event = table.contains_key("event");
            for (key, value) in table {
                match value {
                    Value::String(text) if KEYS.contains(&key.as_str()) => out.push((key.clone(), text.clone())),
                    Value::String(text) if key == "message" && !event => {
                        let parts = text
                            .split('{')
                            .skip(1)
                            .filter_map(|p| p.split_once('}'))
                            .map(|(e, _)| (key.clone(), e.to_owned()));
                        out.extend(parts);
                    }
                    // The keys of what a case expects are rules, or facts as conditions name them.
                    Value::Table(expected) if key == "expect" => {
                        out.extend(expected.keys().filter(|k| k.contains('.')).map(|k| (key.clone(), k.clone())));
                    }
                    // `each` of instances is a path.
                    Value::Array(_) if key == "instance" => {}
                    _ => expressions(value, out),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| expressions(v, out)),
        _ => {}
    }
}

#[test]
fn every_condition_is_cel() {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &mut files);
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let mut found = Vec::new();
        expressions(&Value::Table(table), &mut found);
        for (key, text) in found {
            *counts.entry(key.clone()).or_default() += 1;
            let ours = hushlint::condition::parse(&text);
            let theirs = cel::Program::compile(&text);
            if ours.is_err() || theirs.is_err() {
                wrong.push(format!(
                    "{}: {key} = {text:?}: {:?} {:?}",
                    file.display(),
                    ours.err().map(|e| e.message),
                    theirs.err().map(|e| e.to_string())
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (key, least) in [
        ("when", 50),
        ("require", 30),
        ("forbid", 30),
        ("needs", 20),
        ("from", 50),
        ("each", 15),
        ("message", 50),
        ("expect", 50),
    ] {
        let found = counts.get(key).copied().unwrap_or_default();
        assert!(found >= least, "only {found} of `{key}` were found");
    }
}
