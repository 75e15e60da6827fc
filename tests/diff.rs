//! `hushlint diff --git`: scratch repositories, made with the `git` program; without it these tests say so and pass.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A repository in a folder of its own, gone at the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SERVER: &str = "\
server_name: example.org
report_stats: false
signing_key_path: /data/example.org.signing.key
user_ips_max_age: 28d
";

impl Scratch {
    /// An empty repository on the branch `main`; `None` where there is no `git`.
    fn new(name: &str) -> Option<Self> {
        if Command::new("git").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: there is no `git` here to make a repository with");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("hushlint-diff-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("repo")).unwrap();
        let scratch = Self(fs::canonicalize(folder).unwrap());
        scratch.git("init --quiet --initial-branch=main");
        Some(scratch)
    }

    fn repo(&self) -> PathBuf {
        self.0.join("repo")
    }

    /// Runs `git` in the repository; arguments are parted at blanks.
    fn git(&self, arguments: &str) -> String {
        self.git_in("repo", arguments)
    }

    fn git_in(&self, folder: &str, arguments: &str) -> String {
        let done = Command::new("git")
            .args(arguments.split(' '))
            .current_dir(self.0.join(folder))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "a")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "a@example.org")))
            .output()
            .unwrap();
        assert!(done.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.repo().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits everything.
    fn commit(&self, message: &str) {
        self.git("add --all --force");
        self.git(&format!("commit --quiet --message={message}"));
    }

    fn run(&self, arguments: &str) -> (String, String, Option<i32>) {
        self.run_in("repo", arguments)
    }

    fn run_in(&self, folder: &str, arguments: &str) -> (String, String, Option<i32>) {
        let done = Command::new(env!("CARGO_BIN_EXE_hushlint"))
            .args(arguments.split(' '))
            .current_dir(self.0.join(folder))
            .env("SOURCE_DATE_EPOCH", "1795478400")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&done.stdout), text(&done.stderr), done.status.code())
    }

    /// The report as JSON, which its schema allows.
    fn json(&self, arguments: &str) -> (Value, Option<i32>) {
        let (out, errors, code) = self.run(&format!("diff --format json {arguments}"));
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{arguments}: {e}\n{out}\n{errors}"));
        fits(&report);
        (report, code)
    }
}

/// Holds a report against its schema.
fn fits(report: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema/diff.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "no schema");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(wrong, [""; 0]);
}

/// `worse metadata.ip_retention`: the facts of a deployment that changed by themselves.
fn facts(report: &Value) -> Vec<String> {
    let all = report["deployments"].as_array().unwrap().iter().flat_map(|d| d["facts"].as_array().unwrap());
    let own = all.filter(|f| f["follows_from"].as_array().unwrap().is_empty());
    own.map(|f| format!("{} {}", f["change"].as_str().unwrap(), f["fact"].as_str().unwrap())).collect()
}

fn with(setting: &str) -> String {
    format!("{SERVER}{setting}\n")
}

#[test]
fn the_working_tree_is_compared_with_the_merge_base() {
    let Some(scratch) = Scratch::new("base") else { return };
    scratch.write("synapse/homeserver.yaml", SERVER);
    scratch.commit("one");
    scratch.git("checkout --quiet -b topic");
    scratch.write("synapse/homeserver.yaml", &with("push:\n  include_content: false"));
    scratch.commit("two");
    scratch.git("checkout --quiet main");
    // What happens on the other branch is not the doing of this one.
    scratch.write(
        "synapse/homeserver.yaml",
        &with("enable_registration: true\nenable_registration_without_verification: true"),
    );
    scratch.commit("three");
    scratch.git("checkout --quiet topic");
    let (report, code) = scratch.json("--git main..topic");
    assert_eq!((facts(&report), code), (vec!["better push.payload".to_owned()], Some(0)));
    assert_eq!(report["old"]["commit"], Value::from(scratch.git("merge-base main topic")));
    assert!(report["old"]["name"].as_str().unwrap().starts_with("merge base of main and topic ("));
    // Not committed, and found all the same.
    scratch.write("synapse/homeserver.yaml", &SERVER.replace("28d", "null"));
    let (report, code) = scratch.json("--git main");
    assert_eq!((facts(&report), code), (vec!["worse metadata.ip_retention".to_owned()], Some(1)));
    assert_eq!((report["new"]["name"].as_str(), &report["new"]["commit"]), (Some("the working tree"), &Value::Null));
    let fact =
        report["deployments"][0]["facts"].as_array().unwrap().iter().find(|f| f["fact"] == "metadata.ip_retention");
    let fact = fact.unwrap();
    assert_eq!(fact["place"]["text"], "user_ips_max_age: null");
    assert_eq!((fact["old"]["value"].as_str(), fact["new"]["value"].as_str()), (Some("28d"), Some("unlimited")));
    let rules = report["deployments"][0]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|r| r["rule"] == "ip-kept-too-long" && r["change"] == "fails"), "{rules:?}");
    for (more, wanted) in [("--exit-zero", Some(0)), ("--fail-on error", Some(1)), ("other", Some(3))] {
        assert_eq!(scratch.run(&format!("diff --git main {more}")).2, wanted, "{more}");
    }
    // Other ways to name the same.
    let main = scratch.git("rev-parse --short main");
    for range in [format!("{main}.."), "main...HEAD".to_owned(), "main..@".to_owned(), "heads/main..topic".to_owned()] {
        assert_eq!(facts(&scratch.json(&format!("--git {range}")).0), ["better push.payload"], "{range}");
    }
    assert_eq!(facts(&scratch.json("--git topic~1..topic").0), ["better push.payload"]);
    assert_eq!(facts(&scratch.json("--git topic^..topic^0").0), ["better push.payload"]);
}

#[test]
fn several_merge_bases_and_unrelated_histories() {
    let Some(scratch) = Scratch::new("criss-cross") else { return };
    scratch.write("synapse/homeserver.yaml", SERVER);
    scratch.commit("root");
    scratch.git("checkout --quiet -b a");
    scratch.write("a", "1");
    scratch.commit("a1");
    scratch.git("checkout --quiet -b b main");
    scratch.write("b", "1");
    scratch.commit("b1");
    scratch.git("merge --quiet --no-edit a");
    scratch.git("checkout --quiet a");
    scratch.git("merge --quiet --no-edit b~1");
    let bases = scratch.git("merge-base --all a b");
    let (report, _) = scratch.json("--git a..b");
    assert!(bases.contains(report["old"]["commit"].as_str().unwrap()), "{bases}");
    scratch.git("checkout --quiet --orphan other");
    scratch.commit("other");
    let (_, words, code) = scratch.run("diff --git main");
    assert_eq!((words.trim_end(), code), ("hushlint: `main` and `HEAD` have no commit in common", Some(2)));
}

#[test]
fn moved_deleted_and_new_files() {
    let Some(scratch) = Scratch::new("moved") else { return };
    let other = SERVER.replace("example.org", "other.example");
    scratch.write("a/homeserver.yaml", SERVER);
    scratch.write("b/homeserver.yaml", &other);
    scratch.write("c/homeserver.yaml", &SERVER.replace("example.org", "third.example"));
    scratch.commit("one");
    scratch.git("mv a/homeserver.yaml a/renamed.yaml");
    scratch.git("mv b/homeserver.yaml elsewhere.yaml");
    scratch.git("rm --quiet c/homeserver.yaml");
    scratch.write("elsewhere.yaml", &other.replace("28d", "7d"));
    scratch.write("d/homeserver.yaml", &SERVER.replace("example.org", "fourth.example"));
    scratch.write("d/other/homeserver.yaml", &SERVER.replace("example.org", "fifth.example"));
    let (report, code) = scratch.json("--git HEAD");
    let pairs: Vec<[&str; 3]> = report["deployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| ["old_id", "id", "paired_by"].map(|key| d[key].as_str().unwrap()))
        .collect();
    assert!(pairs.contains(&["a/homeserver.yaml", "a/renamed.yaml", "server"]), "{pairs:?}");
    assert!(pairs.contains(&["b/homeserver.yaml", "elsewhere.yaml", "server"]), "{pairs:?}");
    let ids = |key: &str| -> Vec<&str> {
        report[key].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect()
    };
    assert_eq!(
        (ids("added"), ids("removed")),
        (vec!["d/homeserver.yaml", "d/other/homeserver.yaml"], vec!["c/homeserver.yaml"])
    );
    assert_eq!((facts(&report), code), (vec!["better metadata.ip_retention".to_owned()], Some(0)));
    // A path that is only on one side is no mistake; one that is on neither is.
    assert_eq!(scratch.run("diff --git HEAD c").2, Some(0));
    assert_eq!(scratch.run("diff --git HEAD d").2, Some(0));
    assert_eq!(scratch.run("diff --git HEAD nowhere").2, Some(3));
}

#[test]
fn a_part_that_was_removed_takes_its_facts_with_it() {
    let Some(scratch) = Scratch::new("part") else { return };
    let log = "version: 1\nformatters:\n  precise:\n    format: '%(asctime)s - %(message)s'\nhandlers:\n  file:\n    \
               class: logging.handlers.TimedRotatingFileHandler\n    when: midnight\n    backupCount: 3\n    filename: /x.log\n\
               loggers:\n  synapse.storage.SQL:\n    level: INFO\nroot:\n  level: INFO\n  handlers: [file]\n";
    scratch.write("synapse/homeserver.yaml", &with("log_config: /data/log.config"));
    scratch.write("synapse/log.config", log);
    scratch.commit("one");
    scratch.git("rm --quiet synapse/log.config");
    let (report, code) = scratch.json("--git HEAD");
    let list = report["deployments"][0]["facts"].as_array().unwrap();
    let unseen: Vec<&Value> = list.iter().filter(|f| f["change"] == "unseen").collect();
    assert!(!unseen.is_empty(), "{list:?}");
    assert!(unseen.iter().any(|f| f["place"]["text"] == "synapse/log.config was removed"), "{unseen:?}");
    assert_eq!(code, Some(0), "what is not seen any more is not known to be worse");
}

#[test]
fn linked_working_trees_packs_and_alternates() {
    let Some(scratch) = Scratch::new("linked") else { return };
    scratch.write("synapse/homeserver.yaml", SERVER);
    scratch.commit("one");
    scratch.git("tag --annotate --message=x v1");
    scratch.git("worktree add --quiet ../linked -b topic");
    fs::write(scratch.0.join("linked/synapse/homeserver.yaml"), SERVER.replace("28d", "90d")).unwrap();
    scratch.git_in("linked", "commit --quiet --all --message=two");
    let worse = "worse   metadata.ip_retention";
    for pass in ["loose", "packed"] {
        for range in ["main..", "v1", "refs/tags/v1..topic"] {
            let (out, errors, code) = scratch.run_in("linked", &format!("diff --git {range}"));
            assert!(out.contains(worse) && code == Some(1), "{pass}, {range}: {out}{errors}");
        }
        scratch.git("gc --quiet");
    }
    assert!(scratch.run("diff --git main..topic").0.contains(worse));
    assert!(scratch.run("diff --git main").0.contains("Nothing got better or worse"));
    scratch.git("clone --quiet --shared . ../borrower");
    let (out, errors, code) = scratch.run_in("borrower", "diff --git origin/main..origin/topic");
    assert!(out.contains(worse) && code == Some(1), "{out}{errors}");
}

#[test]
fn a_shallow_clone_is_told_what_to_do() {
    let Some(scratch) = Scratch::new("shallow") else { return };
    scratch.write("synapse/homeserver.yaml", SERVER);
    scratch.commit("one");
    scratch.git("checkout --quiet -b topic");
    scratch.write("synapse/homeserver.yaml", &SERVER.replace("28d", "90d"));
    scratch.commit("two");
    scratch.git("checkout --quiet main");
    scratch.write("README", "x");
    scratch.commit("three");
    let url = format!("file://{}", scratch.repo().display());
    scratch.git_in(".", &format!("clone --quiet --depth 1 --no-single-branch --branch topic {url} shallow"));
    let (_, words, code) = scratch.run_in("shallow", "diff --git origin/main");
    assert_eq!(code, Some(2), "{words}");
    for part in ["`origin/main` and `HEAD`", "shallow", "`git fetch --unshallow`", "`fetch-depth: 0`"] {
        assert!(words.contains(part), "{words}");
    }
    scratch.git_in("shallow", "fetch --quiet --unshallow");
    assert_eq!(scratch.run_in("shallow", "diff --git origin/main").2, Some(1));
    // A branch that was not fetched at all.
    scratch.git_in(".", &format!("clone --quiet --depth 1 --branch topic {url} single"));
    let (_, words, code) = scratch.run_in("single", "diff --git origin/main");
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("no revision `origin/main`") && words.contains("`git fetch origin main`"), "{words}");
}

#[test]
fn a_revision_is_walked_like_a_folder() {
    let Some(scratch) = Scratch::new("walk") else { return };
    for folder in
        ["", "node_modules/x/", "a/.venv/", "a/target/", "target/", "build/", "kept/target/", "excluded/deep/"]
    {
        scratch.write(
            &format!("{folder}homeserver.yaml"),
            &SERVER.replace("example.org", &format!("{}.example", folder.len())),
        );
    }
    scratch.write("a/Cargo.toml", "");
    scratch.write("target/CACHEDIR.TAG", "");
    scratch.write("picture.png", "\0\0");
    scratch.write("binary.yaml", "server_name\0");
    scratch.write("hushlint.toml", "exclude = [\"excluded/**\"]\n");
    scratch.write("ä ö/homeserver.yaml", &SERVER.replace("example.org", "umlaut.example"));
    scratch.write("lfs.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    scratch.commit("one");
    for range in ["HEAD", "HEAD..HEAD"] {
        for paths in ["", " a build", " .", " a/target/homeserver.yaml homeserver.yaml", " node_modules", " excluded"] {
            let (report, code) = scratch.json(&format!("--git {range}{paths} --allow-empty"));
            assert_eq!(code, Some(0), "{range}{paths}");
            for key in ["added", "removed", "errors"] {
                assert_eq!(report[key].as_array().unwrap().len(), 0, "{range}{paths}: {key}: {}", report[key]);
            }
            let reasons = |side: &str| -> Vec<(String, String)> {
                let list = report["skipped"][side]["files"].as_array().unwrap();
                let text = |f: &Value, key: &str| f[key].as_str().unwrap().to_owned();
                // The content of such a file is on disk, and a pointer to it in the revision.
                list.iter().map(|f| (text(f, "file"), text(f, "reason"))).filter(|(f, _)| f != "lfs.yaml").collect()
            };
            assert_eq!(reasons("old"), reasons("new"), "{range}{paths}");
        }
    }
    let (report, _) = scratch.json("--git HEAD");
    let ids: Vec<&str> = report["deployments"].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["build/homeserver.yaml", "homeserver.yaml", "kept/target/homeserver.yaml", "ä ö/homeserver.yaml"]);
    let (files, _, _) = scratch.run("files --format json");
    let files: Value = serde_json::from_str(&files).unwrap();
    let on_disk: Vec<&str> =
        files["deployments"].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(ids, on_disk);
}

#[test]
fn links_submodules_and_pointers_are_passed_over_and_counted() {
    let Some(scratch) = Scratch::new("odd") else { return };
    scratch.write("homeserver.yaml", SERVER);
    std::os::unix::fs::symlink("homeserver.yaml", scratch.repo().join("link.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", scratch.repo().join("outside.yaml")).unwrap();
    scratch.write("pointer.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    scratch.commit("one");
    let commit = scratch.git("rev-parse HEAD");
    scratch.git(&format!("update-index --add --cacheinfo 160000,{commit},sub"));
    scratch.git("commit --quiet --message=two");
    // The submodule is there, and is a repository of its own.
    scratch.write("sub/.git", "gitdir: ../.git/modules/sub\n");
    scratch.write("sub/homeserver.yaml", &SERVER.replace("28d", "null"));
    let (report, code) = scratch.json("--git HEAD");
    assert_eq!(code, Some(0));
    let reason = |side: &str, file: &str| {
        let list = report["skipped"][side]["files"].as_array().unwrap();
        list.iter().find(|f| f["file"] == file).map(|f| f["reason"].as_str().unwrap().to_owned())
    };
    assert_eq!(reason("old", "link.yaml").as_deref(), Some("a link, which is not followed in a revision"));
    assert_eq!(reason("old", "outside.yaml").as_deref(), Some("a link, which is not followed in a revision"));
    assert_eq!(reason("new", "outside.yaml").as_deref(), Some("a link that leads outside"));
    assert_eq!(reason("old", "pointer.yaml").unwrap(), "a pointer of Git LFS: its content is not in the repository");
    assert_eq!(
        (reason("old", "sub").as_deref(), reason("new", "sub").as_deref()),
        (Some("a submodule"), Some("a submodule"))
    );
    assert_eq!(report["added"].as_array().unwrap().len(), 0, "what is in the submodule is not new");
}

/// Whoever opens a pull request may write `.gitattributes`; a machine's configuration may hold anything.
#[test]
fn nothing_of_the_repository_is_run() {
    let Some(scratch) = Scratch::new("run") else { return };
    scratch.write("homeserver.yaml", SERVER);
    scratch.write(".gitattributes", "*.yaml filter=evil diff=evil text eol=crlf\n");
    scratch.commit("one");
    let trap = scratch.0.join("trap");
    let command = format!("touch {}", trap.display());
    let config = scratch.repo().join(".git/config");
    let text = fs::read_to_string(&config).unwrap();
    let evil = format!(
        "{text}[filter \"evil\"]\n\tsmudge = {command}\n\tclean = {command}\n\tprocess = {command}\n[diff \"evil\"]\n\t\
         textconv = {command}\n[core]\n\tfsmonitor = {command}\n\tsshCommand = {command}\n\thooksPath = ../hooks\n\
         [include]\n\tpath = {}\n",
        trap.display()
    );
    fs::write(config, evil).unwrap();
    let hooks = scratch.0.join("hooks");
    fs::create_dir_all(&hooks).unwrap();
    for hook in ["post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        let path = hooks.join(hook);
        fs::write(&path, format!("#!/bin/sh\n{command}\n")).unwrap();
        let mut mode = fs::metadata(&path).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
        fs::set_permissions(&path, mode).unwrap();
    }
    scratch.write("homeserver.yaml", &SERVER.replace("28d", "90d"));
    let (out, errors, code) = scratch.run("diff --git main");
    assert_eq!(code, Some(1), "{out}{errors}");
    assert!(!trap.exists(), "something was run");
}

#[test]
fn what_cannot_be_compared_is_told_in_words() {
    let Some(scratch) = Scratch::new("wrong") else { return };
    let told = |folder: &str, arguments: &str| {
        let (out, words, code) = scratch.run_in(folder, arguments);
        assert_eq!((out.as_str(), code), ("", Some(2)), "{arguments}: {words}");
        words.replace(&*scratch.0.to_string_lossy(), "[DIR]").trim_end().to_owned()
    };
    scratch.write("homeserver.yaml", SERVER);
    assert_eq!(told("repo", "diff --git HEAD"), "hushlint: `HEAD` has no commit yet");
    scratch.commit("one");
    scratch.git("branch release");
    scratch.git("clone --quiet --bare . ../bare");
    fs::create_dir_all(scratch.0.join("plain")).unwrap();
    assert_eq!(told("repo", "diff --git relase"), "hushlint: there is no revision `relase`; did you mean `release`?");
    assert_eq!(
        told("repo", "diff --git 12345678"),
        "hushlint: there is no revision `12345678`; there are `main` and `release`"
    );
    assert!(told("repo", "diff --git HEAD@{1}").contains("no name of a revision that is understood"));
    assert!(told("repo", "diff --git ..HEAD").contains("the revision to compare with is missing"));
    assert!(told("repo", "diff --git HEAD^9").contains("has no such parent"));
    let tree = scratch.git("rev-parse HEAD^{tree}");
    assert!(told("repo", &format!("diff --git {tree}")).contains("is no commit but a tree"));
    assert!(told("repo", &format!("diff --git {}", "0".repeat(40))).contains("is not in the repository"));
    assert_eq!(
        told("repo", "diff --git main . ../plain"),
        "hushlint: ../plain lies outside of the repository [DIR]/repo"
    );
    assert_eq!(
        told("bare", "diff --git main"),
        "hushlint: --git: [DIR]/bare is a bare repository: `hushlint diff --git` needs a working tree"
    );
    assert_eq!(
        told("plain", "diff --git main"),
        "hushlint: --git: [DIR]/plain lies in no git repository: name a path inside of one"
    );
    assert!(told("repo", "diff homeserver.yaml").contains("diff compares two paths"));
    scratch.write("broken/.git", "nonsense\n");
    assert!(told("repo/broken", "diff --git main").contains("does not say where the repository is"));
    // A damaged object is no clean comparison.
    let blob = scratch.git("rev-parse main:homeserver.yaml");
    let object = scratch.repo().join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
    fs::remove_file(object).unwrap();
    let (out, _, code) = scratch.run("diff --git main");
    assert!(code == Some(3) && out.contains("is not in the repository"), "{out}");
}

/// A base that does not parse is told, and does not fail the change that mends it.
#[test]
fn a_broken_base_may_be_mended() {
    let Some(scratch) = Scratch::new("broken") else { return };
    scratch.write("homeserver.yaml", &with("push: {include_content: [\n"));
    scratch.commit("one");
    scratch.write("homeserver.yaml", SERVER);
    let (report, code) = scratch.json("--git HEAD");
    assert_eq!(code, Some(0));
    assert_eq!(report["errors"][0]["side"], "old");
    assert_eq!(report["added"][0]["id"], "homeserver.yaml");
    scratch.git("commit --quiet --all --message=two");
    scratch.write("homeserver.yaml", &with("push: {include_content: [\n"));
    assert_eq!(scratch.run("diff --git HEAD").2, Some(3));
}

/// A rule that newly fails and is waived in the same change is told, and decides nothing.
#[test]
fn what_is_waived_decides_nothing() {
    let Some(scratch) = Scratch::new("waived") else { return };
    scratch.write("homeserver.yaml", SERVER);
    scratch.commit("one");
    for (comment, waived, wanted) in
        [("", false, Some(1)), ("  # hushlint: ignore[setting-without-effect] -- for the next release", true, Some(0))]
    {
        scratch.write("homeserver.yaml", &with(&format!("user_ips_maxage: 5{comment}")));
        let (report, code) = scratch.json("--git HEAD");
        let rules = report["deployments"][0]["rules"].as_array().unwrap();
        let rule = rules.iter().find(|r| r["rule"] == "setting-without-effect").unwrap();
        assert_eq!((rule["change"].as_str(), rule["waived"].as_bool(), code), (Some("fails"), Some(waived), wanted));
    }
    assert!(scratch.run("diff --git HEAD").0.contains("setting-without-effect (warning, waived)"));
}

#[test]
fn sarif_tells_new_findings_from_old_ones() {
    let Some(scratch) = Scratch::new("sarif") else { return };
    scratch.write("homeserver.yaml", &with("push:\n  include_content: true"));
    scratch.commit("one");
    scratch
        .write("homeserver.yaml", &SERVER.replace("28d", "null").replace("report_stats: false", "report_stats: true"));
    let (out, errors, _) = scratch.run("diff --git HEAD --format sarif --pack strict");
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{errors}"));
    // Two patterns of the schema hold a stray `]?`, which a strict reader refuses.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(wrong, [""; 0]);
    let results = report["runs"][0]["results"].as_array().unwrap();
    let states: Vec<&str> = results.iter().map(|r| r["baselineState"].as_str().unwrap()).collect();
    let of = |rule: &str| results.iter().find(|r| r["ruleId"] == rule).map(|r| r["baselineState"].as_str().unwrap());
    assert_eq!(of("ip-kept-too-long"), Some("new"), "{states:?}");
    assert!(states.contains(&"unchanged"), "{states:?}");
    let prints: Vec<&str> =
        results.iter().map(|r| r["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()).collect();
    let mut once = prints.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), prints.len(), "no finding comes twice");
}

/// Secrets, and what a terminal, a log or a page would obey, come from both sides.
#[test]
fn every_format_is_inert_and_tells_no_secret() {
    let Some(scratch) = Scratch::new("hostile") else { return };
    let evil = "x\\e[31m<script>`|](https://evil.example)@all ##vso[task.complete]";
    let text = |secret: &str, age: &str| {
        SERVER.replace("28d", age)
            + &format!("registration_shared_secret: {secret}\npublic_baseurl: \"{evil}\"\n")
            + &format!("macaroon_secret_key: \"{secret}\"\npassword_config:\n  pepper: {secret}\n")
    };
    let file = "##vso[x]<script>/homeserver.yaml";
    scratch.write(file, &text("${FROM_ELSEWHERE}", "28d"));
    scratch.commit("one");
    // A secret that was kept elsewhere now stands in the file: its place is what the report quotes.
    scratch.write(file, &text("CaNaRyCaNaRyfedcba9876543210", "\"\\e]8;;::error::CaNaRy\""));
    let (report, _) = scratch.json("--git HEAD");
    let list = report["deployments"][0]["facts"].as_array().unwrap();
    let quoted: Vec<&Value> = list.iter().filter(|f| f["fact"] == "ops.secrets").map(|f| &f["place"]["text"]).collect();
    assert!(!quoted.is_empty(), "{list:?}");
    assert!(quoted.iter().all(|text| text.as_str().unwrap().contains("••••••••")), "{quoted:?}");
    for format in ["text", "json", "markdown", "sarif"] {
        let (out, errors, _) = scratch.run(&format!("diff --git HEAD --format {format}"));
        let all = format!("{out}{errors}");
        assert!(!all.contains("CaNaRyCaNaRy"), "{format}: {all}");
        assert!(!all.contains('\u{1b}') && !all.contains("##vso["), "{format}: {all}");
        assert!(format != "markdown" || !out.contains("<script"), "{out}");
        assert!(!out.lines().any(|line| line.trim_start().starts_with("::")), "{format}: {out}");
    }
}
