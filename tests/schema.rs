//! What `check` and `facts` print as JSON is what its schema says, no more and no less.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(root().join("tests/schema").join(name)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{name} is no schema");
    jsonschema::validator_for(&schema).unwrap()
}

/// What the program prints for these arguments.
fn printed(folder: &Path, arguments: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_hushlint")).args(arguments).current_dir(folder).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {arguments:?}: {e}\n{text}\n{errors}", folder.display()))
}

/// Folders with files of every kind: those of the examples and of the end-to-end cases.
fn folders() -> Vec<PathBuf> {
    let cases = std::fs::read_dir(root().join("tests/cases")).unwrap().map(|e| e.unwrap().path().join("in"));
    let examples = std::fs::read_dir(root().join("examples")).unwrap().map(|e| e.unwrap().path());
    let mut out: Vec<PathBuf> = cases.chain(examples).filter(|p| p.is_dir()).collect();
    out.sort();
    out
}

fn complaints(validator: &jsonschema::Validator, report: &Value) -> Vec<String> {
    validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn every_report_of_check_fits() {
    let validator = schema("check.schema.json");
    let (mut findings, mut fixes, mut errors, mut results, mut unknown, mut related) = (0, 0, 0, 0, 0, 0);
    let count = |value: &Value| value.as_array().map_or(0, Vec::len);
    for folder in folders() {
        for extra in [&["--no-config"][..], &["--no-config", "--all-outcomes"]] {
            let report = printed(&folder, &[&["check", "--format", "json", "--allow-empty"], extra].concat());
            assert_eq!(complaints(&validator, &report), [""; 0], "{}", folder.display());
            let list = report["findings"].as_array().unwrap();
            findings += list.len();
            fixes += list.iter().filter(|f| !f["fix"].is_null()).count();
            related += list.iter().map(|f| count(&f["related"])).sum::<usize>();
            errors += count(&report["errors"]);
            unknown += count(&report["unknown"]);
            results += count(&report["results"]);
            assert_eq!(
                report["results"].is_array(),
                extra.contains(&"--all-outcomes"),
                "`results` under `--all-outcomes` only"
            );
        }
    }
    let seen = [findings, fixes, errors, results, unknown, related];
    assert!(seen.iter().all(|n| *n > 0), "not every part was seen: {seen:?}");
}

#[test]
fn every_report_of_facts_fits() {
    let validator = schema("facts.schema.json");
    let mut states = std::collections::BTreeSet::new();
    for folder in folders() {
        let report = printed(&folder, &["facts", "--format", "json", "--no-config", "--allow-empty"]);
        assert_eq!(complaints(&validator, &report), [""; 0], "{}", folder.display());
        for deployment in report["deployments"].as_array().unwrap() {
            states.extend(
                deployment["facts"].as_array().unwrap().iter().map(|f| f["state"].as_str().unwrap().to_owned()),
            );
        }
    }
    assert_eq!(states.into_iter().collect::<Vec<_>>(), ["known", "not-applicable", "unknown"]);
}

#[test]
fn every_report_of_compare_fits() {
    let validator = schema("compare.schema.json");
    let (mut marks, mut kinds, mut statuses, mut outcomes) = (0, BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let word = |value: &Value| value.as_str().unwrap_or("null").to_owned();
    for folder in folders() {
        let path = folder.to_string_lossy().into_owned();
        let arguments = ["compare", "ref:telegram", "ref:instagram", &path, "--format", "json", "--no-config"];
        let done = Command::new(env!("CARGO_BIN_EXE_hushlint")).args(arguments).current_dir(&folder).output().unwrap();
        // A folder without anything to compare is refused, and nothing is printed.
        if done.stdout.is_empty() {
            assert_eq!(done.status.code(), Some(2), "{path}: {}", String::from_utf8_lossy(&done.stderr));
            continue;
        }
        let report: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(complaints(&validator, &report), [""; 0], "{path}");
        let columns = report["columns"].as_array().unwrap();
        kinds.extend(columns.iter().map(|c| word(&c["kind"])));
        for row in report["rows"].as_array().unwrap() {
            let cells = row["cells"].as_array().unwrap();
            assert_eq!(cells.len(), columns.len());
            assert!(cells.iter().any(|c| !c["status"].is_null()), "{path}: a row is blank for all: {row}");
            marks += cells.iter().filter(|c| !c["mark"].is_null()).count();
            statuses.extend(cells.iter().filter(|c| c.is_object()).map(|c| word(&c["status"])));
        }
        for rule in report["rules"].as_array().unwrap() {
            let cells = rule["outcomes"].as_array().unwrap();
            assert_eq!(cells.len(), columns.len());
            assert!(cells.iter().any(|c| c["outcome"] == "fail"), "{path}: a rule fails for nobody: {rule}");
            outcomes.extend(cells.iter().map(|c| word(&c["outcome"])));
        }
    }
    assert!(marks > 0);
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["configuration", "declaration", "reference"]);
    for status in ["assumed", "declared", "default", "file", "null", "reported", "verified"] {
        assert!(statuses.contains(status), "no cell is {status}: {statuses:?}");
    }
    for outcome in ["fail", "pass", "unknown"] {
        assert!(outcomes.contains(outcome), "no rule comes to {outcome}");
    }
}

#[test]
fn counts_and_order_are_as_the_contract_says() {
    let report = printed(&root().join("examples"), &["check", "--format", "json", "--all-outcomes", "--no-config"]);
    let results = report["results"].as_array().unwrap();
    let of = |outcome: &str| json!(results.iter().filter(|r| r["outcome"] == outcome).count());
    for (key, outcome) in
        [("pass", "pass"), ("fail", "fail"), ("unknown", "unknown"), ("not_applicable", "not-applicable")]
    {
        assert_eq!(report["outcomes"][key], of(outcome), "{key}: one a rule and deployment");
    }
    let key = |f: &Value| (f["file"].to_string(), f["span"]["start"]["offset"].as_u64(), f["rule"].to_string());
    assert!(report["findings"].as_array().unwrap().is_sorted_by_key(key), "sorted by file, offset, rule");
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["fingerprint"], finding["fingerprints"][0]);
        assert!(finding["labels"].as_array().unwrap().len() <= 9, "eight and what is related");
    }
    let again = printed(&root().join("examples"), &["check", "--format", "json", "--all-outcomes", "--no-config"]);
    assert_eq!(report, again, "same input, same report");
}

/// Paths to every object of a report.
fn objects(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            out.push(at.clone());
            map.iter().for_each(|(k, v)| objects(v, format!("{at}/{k}"), out));
        }
        // One of a kind is enough.
        Value::Array(list) => list.iter().enumerate().take(1).for_each(|(n, v)| objects(v, format!("{at}/{n}"), out)),
        _ => {}
    }
}

#[test]
fn the_schemas_can_say_no() {
    for (command, name) in [("check", "check.schema.json"), ("facts", "facts.schema.json")] {
        let validator = schema(name);
        let report = printed(&root().join("examples"), &[command, "--format", "json", "--no-config"]);
        let mut paths = Vec::new();
        objects(&report, String::new(), &mut paths);
        assert!(paths.len() > 8, "{paths:?}");
        for path in paths {
            let mut more = report.clone();
            let object = more.pointer_mut(&path).unwrap().as_object_mut().unwrap();
            object.insert("surprise".into(), Value::Null);
            assert!(!validator.is_valid(&more), "{command}: a new key in {path:?}");
            object_without_each_key(&report, &path, |less, key| {
                assert!(!validator.is_valid(less), "{command}: {path:?} without {key}");
            });
        }
    }
    let validator = schema("check.schema.json");
    let report = printed(&root().join("examples"), &["check", "--format", "json", "--no-config"]);
    for (path, wrong) in [
        ("/schema_version", json!(2)),
        ("/findings/0/severity", json!("fatal")),
        ("/findings/0/origin", json!("guessed")),
        ("/findings/0/span/start/line", json!(0)),
        ("/findings/0/fingerprint", json!("1115B107B4CBC717")),
        ("/findings/0/url", json!("javascript:alert(1)")),
        ("/deployments/0/files", json!([])),
        ("/run/exit_code", json!(-1)),
    ] {
        let mut changed = report.clone();
        *changed.pointer_mut(path).unwrap() = wrong;
        assert!(!validator.is_valid(&changed), "{path}");
    }
}

fn object_without_each_key(report: &Value, path: &str, mut check: impl FnMut(&Value, &str)) {
    let keys: Vec<String> = report.pointer(path).unwrap().as_object().unwrap().keys().cloned().collect();
    for key in keys.iter().filter(|k| *k != "results") {
        let mut less = report.clone();
        less.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(key);
        check(&less, key);
    }
}
