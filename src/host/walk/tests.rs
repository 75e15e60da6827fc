#![allow(clippy::unwrap_used)]

use super::*;
use globset::{Glob, GlobSetBuilder};
use std::fs;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[&str]) -> Self {
        let path = std::env::temp_dir().join(format!("hushlint-walk-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(fs::canonicalize(path).unwrap());
        for file in files {
            let path = folder.0.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn walk(&self, paths: &[&str], exclude: &[&str]) -> (Vec<String>, Vec<String>) {
        let paths: Vec<PathBuf> = paths.iter().map(|p| self.0.join(p)).collect();
        let place = Place::find(&paths, Some(&self.0)).unwrap();
        let mut globs = GlobSetBuilder::new();
        for glob in exclude {
            globs.add(Glob::new(glob).unwrap());
        }
        let targets = Targets {
            list: paths.into_iter().map(Target::Path).collect(),
            exclude: globs.build().unwrap(),
            exclude_root: self.0.clone(),
            excluded_by: "hushlint.toml".to_owned(),
        };
        let mut walk = Walk::new(&targets, &place);
        let seen = walk
            .by_ref()
            .map(|s| match s.fate {
                Fate::Read => s.shown,
                Fate::Skip(why) => format!("{}: {why}", s.shown),
                Fate::Fail(why) => format!("{}! {why}", s.shown),
                Fate::Stdin => "stdin".to_owned(),
            })
            .collect();
        (seen, walk.folders())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn names_are_sorted_for_the_search() {
    assert!(NOT_ENTERED.is_sorted());
}

#[test]
fn caches_are_not_entered() {
    let folder = Folder::new(
        "caches",
        &[
            "a.yaml",
            "b.PNG",
            ".git/config",
            "c/node_modules/x.yaml",
            "t/target/keep.yaml",
            "u/Cargo.toml",
            "u/target/x",
        ],
    );
    let (seen, folders) = folder.walk(&["."], &[]);
    assert_eq!(seen, ["a.yaml", "b.PNG", "t/target/keep.yaml", "u/Cargo.toml"]);
    assert_eq!(folders, [".git", "node_modules", "target"]);
}

#[test]
fn what_is_named_comes_first_and_once() {
    let folder = Folder::new("named", &["a/x.yaml", "a/y.yaml", "z.png"]);
    let (seen, _) = folder.walk(&["a/y.yaml", "a", "a", "z.png", "none"], &[]);
    assert_eq!(seen, ["a/y.yaml", "z.png", "none! there is no such file", "a/x.yaml"]);
    let (seen, _) = folder.walk(&["a", "."], &[]);
    assert_eq!(seen.iter().filter(|s| *s == "a/x.yaml").count(), 1);
}

#[test]
fn exclusions_hold_for_named_files_too() {
    let folder = Folder::new("exclude", &["a/testdata/x.yaml", "b.yaml"]);
    let (seen, _) = folder.walk(&["a/testdata/x.yaml", "."], &["**/testdata/**"]);
    assert_eq!(seen, ["a/testdata/x.yaml: excluded by hushlint.toml", "b.yaml"]);
}

#[cfg(unix)]
#[test]
fn links_must_end_inside_in_a_regular_file() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links", &["in/real.yaml", "in/dir/x.yaml", "out.yaml"]);
    let inside = folder.0.join("in");
    symlink("real.yaml", inside.join("b-good")).unwrap();
    symlink("../out.yaml", inside.join("c-outside")).unwrap();
    symlink("/dev/zero", inside.join("d-device")).unwrap();
    symlink("e-loop", inside.join("e-loop")).unwrap();
    symlink("nowhere", inside.join("f-dangling")).unwrap();
    symlink("dir", inside.join("g-folder")).unwrap();
    symlink("..", inside.join("h-up")).unwrap();
    let (seen, _) = folder.walk(&["in"], &[]);
    assert_eq!(
        seen,
        [
            "in/b-good",
            "in/c-outside: a link that leads outside",
            "in/d-device: a link that leads outside",
            "in/dir/x.yaml",
            "in/e-loop: a link that leads to itself",
            "in/f-dangling: a link that leads nowhere",
            "in/g-folder: a link to a folder",
            "in/h-up: a link that leads outside",
            "in/real.yaml",
        ]
    );
    let (seen, _) = folder.walk(&["in/c-outside", "in/d-device", "in/b-good", "in/e-loop"], &[]);
    assert_eq!(
        seen,
        [
            "in/c-outside! a link that leads outside",
            "in/d-device! a link that leads outside",
            "in/b-good",
            "in/e-loop! a link that leads to itself",
        ]
    );
}

#[cfg(unix)]
#[test]
fn pipes_are_passed_over() {
    let folder = Folder::new("pipes", &["a.yaml"]);
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("p.yaml")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(folder.walk(&["."], &[]).0, ["a.yaml", "p.yaml: no regular file"]);
    }
}
