//! Which files to look at: those that were named, and those of the folders that were named.
//!
//! A folder of caches is not entered. Only regular files count; a link
//! counts if it ends, inside what was given, in a regular file. Linked folders are not followed: what they hold
//! is found at its own place.

use super::place::{Files, Place};
use super::read::io_words;
use globset::GlobSet;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold no configuration of the project, by name.
const NOT_ENTERED: &[&str] = &[
    ".bzr",
    ".cache",
    ".direnv",
    ".eggs",
    ".git",
    ".gradle",
    ".hg",
    ".jj",
    ".mypy_cache",
    ".nox",
    ".npm",
    ".pnpm-store",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    ".yarn",
    "__pycache__",
    "bower_components",
    "node_modules",
    "site-packages",
];

/// What a run was pointed at.
#[derive(Clone, Debug)]
pub enum Target {
    /// A file or folder.
    Path(PathBuf),
    /// Standard input, under this name.
    Stdin(String),
}

/// Everything a walk needs to know.
#[derive(Clone, Debug)]
pub struct Targets {
    /// What was named.
    pub list: Vec<Target>,
    /// What the configuration excludes, relative to `exclude_root`.
    pub exclude: GlobSet,
    /// The configuration's folder.
    pub exclude_root: PathBuf,
    /// The configuration's name, for people.
    pub excluded_by: String,
}

impl Targets {
    /// Does the configuration exclude a file?
    pub fn excluded(&self, path: &Path) -> bool {
        !self.exclude.is_empty() && path.strip_prefix(&self.exclude_root).is_ok_and(|path| self.exclude.is_match(path))
    }

    /// In words.
    pub fn why_excluded(&self) -> String {
        format!("excluded by {}", self.excluded_by)
    }
}

/// A file that was come upon.
#[derive(Debug)]
pub struct Seen {
    /// Where it is; nothing for standard input.
    pub path: PathBuf,
    /// As reports write it.
    pub shown: String,
    /// The user named this very file.
    pub named: bool,
    /// Where it really is, if it is a link.
    pub real: Option<PathBuf>,
    /// What to do with it.
    pub fate: Fate,
}

/// What to do with a file.
#[derive(PartialEq, Eq, Debug)]
pub enum Fate {
    /// Read it.
    Read,
    /// Read standard input.
    Stdin,
    /// Pass it over.
    Skip(String),
    /// It should have been read, and cannot be.
    Fail(String),
}

/// Goes through all files, in a fixed order.
pub struct Walk<'a> {
    targets: &'a Targets,
    named: VecDeque<Seen>,
    known: HashSet<PathBuf>,
    roots: VecDeque<(PathBuf, String)>,
    current: Option<(PathBuf, String, walkdir::IntoIter)>,
    inside: Vec<PathBuf>,
    /// The folders of files that were named.
    beside: Vec<PathBuf>,
    folders: BTreeSet<String>,
    walked: bool,
    without: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    /// Sorts what was named into files and folders.
    pub fn new(targets: &'a Targets, place: &Place) -> Self {
        let mut walk = Self {
            targets,
            named: VecDeque::new(),
            known: HashSet::new(),
            roots: VecDeque::new(),
            current: None,
            inside: Vec::new(),
            beside: Vec::new(),
            folders: BTreeSet::new(),
            walked: false,
            without: Vec::new(),
        };
        if place.is_repository {
            walk.inside.extend(std::fs::canonicalize(&place.root));
        }
        match &place.files {
            Files::Disk(without) => walk.without.clone_from(without),
            Files::Tree(tree) => {
                let met = tree.walk(targets, place);
                walk.named.extend(met.seen);
                (walk.folders, walk.walked) = (met.folders, met.walked);
                return walk;
            }
        }
        for target in &targets.list {
            match target {
                Target::Stdin(name) => walk.named.push_back(Seen {
                    path: PathBuf::new(),
                    shown: name.clone(),
                    named: true,
                    real: None,
                    fate: Fate::Stdin,
                }),
                Target::Path(path) => walk.add(place, path),
            }
        }
        walk
    }

    fn add(&mut self, place: &Place, path: &Path) {
        let (path, shown) = place.locate(path);
        if !self.known.insert(path.clone()) {
            return;
        }
        if path.is_dir() {
            self.walked = true;
            self.beside.push(path.clone());
            self.inside.extend(std::fs::canonicalize(&path));
            // A folder inside another that was named is walked once.
            if !self.roots.iter().any(|(root, _)| path.starts_with(root)) {
                self.roots.retain(|(root, _)| !root.starts_with(&path));
                self.roots.push_back((path, shown));
            }
            return;
        }
        if let Some(parent) = path.parent() {
            self.beside.push(parent.to_owned());
            self.beside.extend(std::fs::canonicalize(parent));
        }
        let mut real = None;
        let mut fate = match std::fs::symlink_metadata(&path) {
            Err(error) => Fate::Fail(io_words(&error)),
            Ok(about) if about.is_symlink() => {
                self.inside.extend(path.parent().and_then(|parent| std::fs::canonicalize(parent).ok()));
                match self.follow(&path) {
                    Ok(end) => {
                        real = Some(end);
                        Fate::Read
                    }
                    Err(why) => Fate::Fail(why),
                }
            }
            Ok(_) => Fate::Read,
        };
        if fate == Fate::Read && self.excluded(&path) {
            fate = Fate::Skip(self.why_excluded());
        }
        self.named.push_back(Seen { path, shown, named: true, real, fate });
    }

    /// Was a folder named?
    pub fn walked(&self) -> bool {
        self.walked
    }

    /// What may be read beside what was looked at: below the folders that were named, the folders of named files,
    /// and the repository.
    pub fn roots(&self) -> Vec<PathBuf> {
        let mut roots: Vec<PathBuf> = self.inside.iter().chain(&self.beside).cloned().collect();
        roots.sort();
        roots.dedup();
        roots
    }

    /// Names of folders that were not entered.
    pub fn folders(&self) -> Vec<String> {
        self.folders.iter().cloned().collect()
    }

    /// Where a link ends, if that may be read.
    fn follow(&self, link: &Path) -> Result<PathBuf, String> {
        let end = std::fs::canonicalize(link).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "a link that leads nowhere".to_owned(),
            _ => io_words(&error),
        })?;
        if !self.inside.iter().any(|root| end.starts_with(root)) {
            return Err("a link that leads outside".to_owned());
        }
        match std::fs::metadata(&end) {
            Ok(about) if about.is_file() => Ok(end),
            Ok(about) if about.is_dir() => Err("a link to a folder".to_owned()),
            Ok(_) => Err("no regular file".to_owned()),
            Err(error) => Err(io_words(&error)),
        }
    }

    fn excluded(&self, path: &Path) -> bool {
        self.targets.excluded(path)
    }

    fn why_excluded(&self) -> String {
        self.targets.why_excluded()
    }

    /// Does not enter the folder that was met last.
    fn pass_by(&mut self) {
        if let Some((_, _, walker)) = &mut self.current {
            walker.skip_current_dir();
        }
    }

    /// What becomes of an entry of a folder; `None`: nothing to tell.
    fn entry(&mut self, entry: &DirEntry) -> Option<(Option<PathBuf>, Fate)> {
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.depth() > 0 && not_entered(entry) {
                self.folders.insert(entry.file_name().to_string_lossy().into_owned());
                self.pass_by();
            } else if self.without.iter().any(|folder| folder == entry.path()) {
                self.pass_by();
                return Some((None, Fate::Skip("a submodule".to_owned())));
            }
            return None;
        }
        if self.known.contains(entry.path()) {
            return None;
        }
        if self.excluded(entry.path()) {
            return Some((None, Fate::Skip(self.why_excluded())));
        }
        if kind.is_symlink() {
            return Some(match self.follow(entry.path()) {
                Ok(end) => (Some(end), Fate::Read),
                Err(why) => (None, Fate::Skip(why)),
            });
        }
        Some((None, if kind.is_file() { Fate::Read } else { Fate::Skip("no regular file".to_owned()) }))
    }
}

impl Iterator for Walk<'_> {
    type Item = Seen;

    fn next(&mut self) -> Option<Seen> {
        if let Some(seen) = self.named.pop_front() {
            return Some(seen);
        }
        loop {
            let Some((root, prefix, walker)) = &mut self.current else {
                let (root, shown) = self.roots.pop_front()?;
                let walker = WalkDir::new(&root).sort_by_file_name().into_iter();
                let prefix = if shown == "." { String::new() } else { format!("{}/", shown.trim_end_matches('/')) };
                self.current = Some((root, prefix, walker));
                continue;
            };
            let Some(next) = walker.next() else {
                self.current = None;
                continue;
            };
            let shown = |path: &Path| {
                let below = path.strip_prefix(&*root).unwrap_or(path).to_string_lossy();
                format!("{prefix}{}", below.replace(std::path::MAIN_SEPARATOR, "/"))
            };
            match next {
                Ok(entry) => {
                    let folder = entry.file_type().is_dir() && self.without.is_empty();
                    let name = if folder { String::new() } else { shown(entry.path()) };
                    let Some((real, fate)) = self.entry(&entry) else { continue };
                    return Some(Seen { path: entry.into_path(), shown: name, named: false, real, fate });
                }
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let shown = shown(&path);
                    let words = error.io_error().map_or_else(|| "a loop of links".to_owned(), io_words);
                    return Some(Seen { path, shown, named: false, real: None, fate: Fate::Fail(words) });
                }
            }
        }
    }
}

/// Files of a name below a folder, its own left out, in the order of their paths. Links are not followed, and folders of
/// caches not entered.
pub fn named_below(folder: &Path, name: &str) -> Vec<PathBuf> {
    let walker = WalkDir::new(folder).sort_by_file_name().min_depth(1).into_iter();
    let entered = |entry: &DirEntry| !entry.file_type().is_dir() || !not_entered(entry);
    let files = walker.filter_entry(entered).flatten().filter(|entry| entry.file_type().is_file());
    files.filter(|entry| entry.depth() > 1 && entry.file_name() == name).map(DirEntry::into_path).collect()
}

/// Is this a folder of caches? Build folders named `target` only where a build put them.
fn not_entered(folder: &DirEntry) -> bool {
    let beside = |file: &str| folder.path().parent().is_some_and(|parent| parent.join(file).exists());
    is_cache(&folder.file_name().to_string_lossy(), beside, |file| folder.path().join(file).exists())
}

/// The same by its name, and by what lies beside it and in it.
pub(super) fn is_cache(name: &str, beside: impl Fn(&str) -> bool, inside: impl Fn(&str) -> bool) -> bool {
    NOT_ENTERED.binary_search(&name).is_ok()
        || name == "target" && (beside("Cargo.toml") || beside("pom.xml") || inside("CACHEDIR.TAG"))
}

#[cfg(test)]
mod tests;
