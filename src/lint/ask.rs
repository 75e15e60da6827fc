//! Files that a file names: the core asks, the host answers.

use std::sync::Arc;

/// What the host says to the question for a file.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Its bytes.
    Given(Arc<[u8]>),
    /// There is none.
    Missing,
    /// It lies outside of what may be read.
    Outside,
    /// It is there and is not given; why.
    Refused(String),
    /// The names in its folder, where the last part of the path is a pattern with `*` or `?`.
    Listed(Vec<String>),
}

/// Asks the host for a file by its path, as reports write paths; for a pattern in its last part, for the names in the
/// folder.
pub type Ask<'a> = dyn Fn(&str) -> Answer + Sync + 'a;

/// The folder of a file; `None` where it lies in none that is known: standard input.
pub(super) fn folder(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((folder, _)) => Some(folder),
        None if path.starts_with('<') => None,
        None => Some(""),
    }
}

/// A path from a folder, without `.` and `..`; `None` if it does not start there.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains(['\\', '$', '{']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&"..") | None => parts.push(".."),
                Some(_) => drop(parts.pop()),
            },
            part => parts.push(part),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    Some(format!("{root}{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_a_folder() {
        for (folder, path, wanted) in [
            ("a/b", ".env", Some("a/b/.env")),
            ("a/b", "./c/../d.env", Some("a/b/d.env")),
            ("a/b", "../x.env", Some("a/x.env")),
            ("", "../x.env", Some("../x.env")),
            ("a", "../../x", Some("../x")),
            ("", "x//y", Some("x/y")),
            ("/srv/a", "../x", Some("/srv/x")),
            ("a", "/etc/x", None),
            ("a", "~/x", None),
            ("a", "${X}/y", None),
        ] {
            assert_eq!(join(folder, path).as_deref(), wanted, "{folder} {path}");
        }
        assert_eq!((folder("a/b"), folder("a"), folder("<stdin>")), (Some("a"), Some(""), None));
    }
}
