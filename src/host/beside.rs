//! Answers for the core: files that lie beside those that were looked at, and are named by them.

use super::place::Files;
use super::read::{ReadError, read_limited};
use super::{Place, Targets};
use crate::lint::Answer;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder with more files than this is no folder of configurations.
const MOST_NAMES: usize = 4096;

/// Reads such files, and nothing outside of the roots.
pub struct Beside<'a> {
    /// How paths are written.
    pub place: &'a Place,
    /// What is excluded.
    pub targets: &'a Targets,
    /// Folders below which files may be read, as they were named and as they really are.
    pub roots: Vec<PathBuf>,
}

impl Beside<'_> {
    /// The answer to the question for a file, by the path that reports would write.
    pub fn answer(&self, shown: &str) -> Answer {
        let path = self.place.whole(shown);
        // By its words alone first: what lies outside is not even looked at.
        if !self.inside(&path) {
            return Answer::Outside;
        }
        if self.targets.excluded(&path) {
            return Answer::Refused(self.targets.why_excluded());
        }
        let pattern = path.file_name().is_some_and(|name| name.to_string_lossy().contains(['*', '?']));
        if pattern && let Some(folder) = path.parent() {
            return self.names(folder);
        }
        if let Files::Tree(_) = &self.place.files {
            return given(self.place.read(&path, false));
        }
        let Ok(end) = std::fs::canonicalize(&path) else { return Answer::Missing };
        if !self.inside(&end) {
            return Answer::Outside;
        }
        given(read_limited(&end))
    }

    /// The names in a folder, sorted.
    fn names(&self, folder: &Path) -> Answer {
        if let Files::Tree(tree) = &self.place.files {
            let names = tree.names(folder).filter(|_| self.inside(folder));
            return names.map_or(Answer::Missing, |names| Answer::Listed(names.into_iter().take(MOST_NAMES).collect()));
        }
        let Ok(folder) = std::fs::canonicalize(folder) else { return Answer::Missing };
        if !self.inside(&folder) {
            return Answer::Outside;
        }
        let Ok(entries) = std::fs::read_dir(&folder) else { return Answer::Missing };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).take(MOST_NAMES).collect();
        names.sort();
        Answer::Listed(names)
    }

    fn inside(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }
}

fn given(read: Result<Vec<u8>, ReadError>) -> Answer {
    match read {
        Ok(bytes) => Answer::Given(Arc::from(bytes)),
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Answer::Missing,
        Err(error) => Answer::Refused(error.words()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use globset::{Glob, GlobSet, GlobSetBuilder};
    use std::fs;

    fn said(answer: &Answer) -> String {
        match answer {
            Answer::Given(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Answer::Missing => "missing".to_owned(),
            Answer::Outside => "outside".to_owned(),
            Answer::Refused(why) => format!("refused: {why}"),
            Answer::Listed(names) => names.join(" "),
        }
    }

    #[test]
    fn only_files_inside_the_roots_are_read() {
        let folder = std::env::temp_dir().join(format!("hushlint-beside-{}", std::process::id()));
        fs::create_dir_all(folder.join("repo/.git")).unwrap();
        fs::create_dir_all(folder.join("repo/a/secret")).unwrap();
        let folder = fs::canonicalize(folder).unwrap();
        fs::write(folder.join("outside.env"), "X=1").unwrap();
        fs::write(folder.join("repo/a/.env"), "Y=2").unwrap();
        fs::write(folder.join("repo/a/no.env"), "Z=3").unwrap();
        let place = Place::find(&[folder.join("repo")], None).unwrap();
        let mut exclude = GlobSetBuilder::new();
        exclude.add(Glob::new("a/no.env").unwrap());
        let targets = Targets {
            list: Vec::new(),
            exclude: exclude.build().unwrap_or(GlobSet::empty()),
            exclude_root: folder.join("repo"),
            excluded_by: "hushlint.toml".to_owned(),
        };
        let beside = Beside { place: &place, targets: &targets, roots: vec![folder.join("repo")] };
        assert_eq!(said(&beside.answer("a/.env")), "Y=2");
        assert_eq!(said(&beside.answer("a/none.env")), "missing");
        assert_eq!(said(&beside.answer("b/none.env")), "missing");
        assert_eq!(said(&beside.answer("a/*.env")), ".env no.env secret");
        assert_eq!(said(&beside.answer("b/*.env")), "missing");
        assert_eq!(said(&beside.answer("../*.env")), "outside");
        assert_eq!(said(&beside.answer("../outside.env")), "outside");
        assert_eq!(said(&beside.answer("a/../../outside.env")), "outside");
        assert_eq!(said(&beside.answer("/etc/passwd")), "outside");
        assert_eq!(said(&beside.answer("a/no.env")), "refused: excluded by hushlint.toml");
        assert_eq!(said(&beside.answer("a/secret")), "refused: no regular file: a folder, pipe, device or socket");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.join("outside.env"), folder.join("repo/a/link.env")).unwrap();
            std::os::unix::fs::symlink(folder.join("repo/a/.env"), folder.join("repo/b.env")).unwrap();
            assert_eq!(said(&beside.answer("a/link.env")), "outside");
            assert_eq!(said(&beside.answer("b.env")), "Y=2");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
