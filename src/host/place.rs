//! Where a run stands: the repository, and how paths are written in reports.

use super::git::Tree;
use super::read::{PEEK, ReadError, is_binary, read_limited, read_text};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The folder that a run is about.
#[derive(Clone, Debug)]
pub struct Place {
    /// The repository's root, else the working directory: here `hushlint.toml` is looked for.
    pub root: PathBuf,
    /// `root` is a repository.
    pub is_repository: bool,
    /// What paths are written relative to.
    pub base: PathBuf,
    /// Where the content of files comes from.
    pub files: Files,
    working: PathBuf,
}

/// Where the content of files comes from. Their paths are the same: those of the working tree.
#[derive(Clone, Debug)]
pub enum Files {
    /// The file system; what lies below these folders is passed over: submodules, when a revision is compared.
    Disk(Vec<PathBuf>),
    /// A revision.
    Tree(Arc<Tree>),
}

impl Place {
    /// The place of a run over `paths`. The first one decides which repository it is, so that a run from
    /// elsewhere says the same as one from inside.
    pub fn find(paths: &[PathBuf], relative_to: Option<&Path>) -> std::io::Result<Self> {
        let working = std::env::current_dir()?;
        let first = paths.iter().find(|p| p.as_os_str() != "-");
        let start = first.map_or_else(|| working.clone(), |path| working.join(path));
        let start = std::fs::canonicalize(&start).unwrap_or(start);
        let repository = start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let is_repository = repository.is_some();
        let root = repository.unwrap_or_else(|| working.clone());
        let base = match relative_to {
            Some(folder) => std::fs::canonicalize(working.join(folder))?,
            None => root.clone(),
        };
        Ok(Self { root, is_repository, base, files: Files::Disk(Vec::new()), working })
    }

    /// The same place with other files in it.
    pub fn with(self, files: Files) -> Self {
        Self { files, ..self }
    }

    /// Reads a file. `text`: what is no text need not be read whole.
    pub fn read(&self, path: &Path, text: bool) -> Result<Vec<u8>, ReadError> {
        match &self.files {
            Files::Disk(_) if text => read_text(path),
            Files::Disk(_) => read_limited(path),
            Files::Tree(tree) => {
                let bytes = tree.file(path)?;
                let start = bytes.get(..PEEK.min(bytes.len())).unwrap_or_default();
                if text && is_binary(start) { Err(ReadError::Binary) } else { Ok(bytes) }
            }
        }
    }

    /// The absolute path, without `.` and `..`, and as reports write it.
    pub fn locate(&self, path: &Path) -> (PathBuf, String) {
        let whole = plain(&self.working.join(path));
        if whole.starts_with(&self.base) {
            let shown = self.relative(&whole);
            return (whole, shown);
        }
        // The way to the file may lead through a link (`/var` on a Mac); the file's own name is kept.
        let parent = whole.parent().and_then(|parent| std::fs::canonicalize(parent).ok());
        let real = parent.zip(whole.file_name()).map(|(parent, name)| parent.join(name));
        match real.filter(|real| real.starts_with(&self.base)) {
            Some(real) => {
                let shown = self.relative(&real);
                (real, shown)
            }
            None => (whole, slashed(path)),
        }
    }

    /// The absolute path of what reports write so.
    pub fn whole(&self, shown: &str) -> PathBuf {
        plain(&self.base.join(shown))
    }

    /// An absolute path as reports write it: relative to the base, with `/`.
    pub fn relative(&self, whole: &Path) -> String {
        let text = slashed(whole.strip_prefix(&self.base).unwrap_or(whole));
        if text.is_empty() { ".".to_owned() } else { text }
    }
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Without `.` and `..`, by the words alone.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn paths_are_relative_to_the_repository() {
        let folder = std::env::temp_dir().join(format!("hushlint-place-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("repo/.git")).unwrap();
        std::fs::create_dir_all(folder.join("repo/a/b")).unwrap();
        let folder = std::fs::canonicalize(folder).unwrap();
        let place = Place::find(&[folder.join("repo/a")], None).unwrap();
        assert!(place.is_repository);
        assert_eq!(place.root, folder.join("repo"));
        let shown = |path: &Path| place.locate(path).1;
        assert_eq!(shown(&folder.join("repo/a/./b/../x.yaml")), "a/x.yaml");
        assert_eq!(shown(&folder.join("repo")), ".");
        assert_eq!(shown(Path::new("/elsewhere/x")), "/elsewhere/x");
        let place = Place::find(&[folder.join("repo/a")], Some(&folder.join("repo/a"))).unwrap();
        assert_eq!(place.locate(&folder.join("repo/a/x.yaml")).1, "x.yaml");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
