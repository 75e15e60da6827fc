//! The files of a revision, as a walk over a folder would meet them: nothing is checked out.

use super::super::Place;
use super::super::read::{LIMIT, ReadError};
use super::super::walk::{Fate, Seen, Target, Targets, is_cache};
use super::{Objects, Revision};
use gix_hash::{Kind, ObjectId};
use gix_object::TreeRefIter;
use gix_object::tree::EntryKind;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders inside of each other; git itself gives up sooner.
const DEEPEST: usize = 2048;

/// A file that is kept elsewhere begins so.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What an entry of a tree is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum What {
    File,
    Link,
    Submodule,
}

/// All files of a revision.
pub struct Tree {
    objects: Arc<Objects>,
    /// The revision, for people.
    pub name: String,
    /// By path, with `/`.
    files: BTreeMap<String, (What, ObjectId)>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tree({}, {} files)", self.name, self.files.len())
    }
}

/// What a walk over a tree comes to.
pub struct Walked {
    /// The files, in the order of their paths; named ones first.
    pub seen: Vec<Seen>,
    /// Names of folders that were not entered.
    pub folders: BTreeSet<String>,
    /// A folder was named.
    pub walked: bool,
}

impl Tree {
    pub(super) fn read(objects: Arc<Objects>, revision: &Revision) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        let top = objects.tree_of(&revision.commit)?;
        let mut open = vec![(String::new(), top, 0)];
        while let Some((folder, id, depth)) = open.pop() {
            let (_, bytes) = objects.object(&id)?;
            for entry in TreeRefIter::from_bytes(&bytes, Kind::Sha1) {
                let entry =
                    entry.map_err(|_| format!("the folder `{folder}` of `{}` cannot be read", revision.name))?;
                let path = format!("{folder}{}", String::from_utf8_lossy(entry.filename));
                let what = match entry.mode.kind() {
                    EntryKind::Tree if depth < DEEPEST => {
                        open.push((format!("{path}/"), entry.oid.to_owned(), depth + 1));
                        continue;
                    }
                    EntryKind::Tree => continue,
                    EntryKind::Blob | EntryKind::BlobExecutable => What::File,
                    EntryKind::Link => What::Link,
                    EntryKind::Commit => What::Submodule,
                };
                files.insert(path, (what, entry.oid.to_owned()));
            }
        }
        Ok(Self { objects, name: revision.name.clone(), files })
    }

    /// The folders of submodules, as absolute paths.
    pub fn submodules(&self) -> Vec<PathBuf> {
        let own = self.files.iter().filter(|(_, (what, _))| *what == What::Submodule);
        own.map(|(path, _)| self.objects.root.join(path)).collect()
    }

    /// Is there a file or folder at an absolute path?
    pub fn has(&self, path: &Path) -> bool {
        self.local(path).is_some_and(|local| self.files.contains_key(&local) || self.is_folder(&local))
    }

    /// Reads the file at an absolute path.
    pub fn file(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let missing = || ReadError::Io(std::io::ErrorKind::NotFound.into());
        let local = self.local(path).ok_or_else(missing)?;
        match self.files.get(&local) {
            Some((What::File, id)) => {
                if self.objects.size(id).is_some_and(|size| size > LIMIT) {
                    return Err(ReadError::TooLarge(LIMIT));
                }
                let (_, bytes) = self.objects.object(id).map_err(|why| ReadError::Io(std::io::Error::other(why)))?;
                if bytes.starts_with(POINTER) {
                    return Err(ReadError::Elsewhere("a pointer of Git LFS: its content is not in the repository"));
                }
                Ok(bytes)
            }
            Some((What::Link, _)) => Err(ReadError::Elsewhere(LINK)),
            Some((What::Submodule, _)) => Err(ReadError::Elsewhere(SUBMODULE)),
            None if self.is_folder(&local) => Err(ReadError::NotRegular),
            None => Err(missing()),
        }
    }

    /// The names in the folder at an absolute path, sorted; `None` if there is no such folder.
    pub fn names(&self, folder: &Path) -> Option<Vec<String>> {
        let local = self.local(folder)?;
        let prefix = prefix(&local);
        let names: BTreeSet<&str> =
            self.below(&prefix).filter_map(|(path, _)| path.get(prefix.len()..)?.split('/').next()).collect();
        (!names.is_empty()).then(|| names.into_iter().map(str::to_owned).collect())
    }

    /// All files that a walk over the targets meets.
    pub fn walk(&self, targets: &Targets, place: &Place) -> Walked {
        let mut out = Walked { seen: Vec::new(), folders: BTreeSet::new(), walked: false };
        let mut folders: Vec<(String, String)> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for target in &targets.list {
            let Target::Path(path) = target else { continue };
            let (path, shown) = place.locate(path);
            let Some(local) = self.local(&path) else {
                let fate = Fate::Fail("lies outside of the repository".to_owned());
                out.seen.push(Seen { path, shown, named: true, real: None, fate });
                continue;
            };
            if !known.insert(local.clone()) {
                continue;
            }
            if self.is_folder(&local) {
                out.walked = true;
                // A folder inside another that was named is walked once.
                if !folders.iter().any(|(other, _)| local.starts_with(prefix(other).as_str())) {
                    folders.retain(|(other, _)| !other.starts_with(prefix(&local).as_str()));
                    folders.push((local, shown));
                }
                continue;
            }
            let fate = match self.files.get(&local).map(|(what, _)| *what) {
                Some(_) if targets.excluded(&path) => Fate::Skip(targets.why_excluded()),
                Some(What::File) => Fate::Read,
                Some(What::Link) => Fate::Skip(LINK.to_owned()),
                Some(What::Submodule) => Fate::Skip(SUBMODULE.to_owned()),
                None => Fate::Fail(format!("there is no such file in {}", self.name)),
            };
            out.seen.push(Seen { path, shown, named: true, real: None, fate });
        }
        for (folder, shown) in folders {
            self.walk_folder(&folder, &shown, targets, &known, &mut out);
        }
        out
    }

    fn walk_folder(&self, folder: &str, shown: &str, targets: &Targets, known: &HashSet<String>, out: &mut Walked) {
        let prefix = prefix(folder);
        let lead = if shown == "." { String::new() } else { format!("{}/", shown.trim_end_matches('/')) };
        // Files come folder by folder, so it is enough to remember the last one that was not entered.
        let mut closed: Option<String> = None;
        for (path, (what, _)) in self.below(&prefix) {
            if closed.as_ref().is_some_and(|closed| path.starts_with(closed.as_str())) {
                continue;
            }
            let below = path.get(prefix.len()..).unwrap_or_default();
            if let Some((name, whole)) = self.not_entered(path, prefix.len()) {
                out.folders.insert(name.to_owned());
                closed = Some(format!("{whole}/"));
                continue;
            }
            if known.contains(path) {
                continue;
            }
            let whole = self.objects.root.join(path);
            let fate = match what {
                _ if targets.excluded(&whole) => Fate::Skip(targets.why_excluded()),
                What::File => Fate::Read,
                What::Link => Fate::Skip(LINK.to_owned()),
                What::Submodule => Fate::Skip(SUBMODULE.to_owned()),
            };
            out.seen.push(Seen { path: whole, shown: format!("{lead}{below}"), named: false, real: None, fate });
        }
    }

    /// The outermost folder of a path, below its first `from` bytes, that a walk does not enter.
    fn not_entered<'p>(&self, path: &'p str, from: usize) -> Option<(&'p str, &'p str)> {
        let rest = path.get(from..)?;
        rest.match_indices('/').find_map(|(at, _)| {
            let whole = path.get(..from + at)?;
            let (parent, name) = whole.rsplit_once('/').unwrap_or(("", whole));
            let has = |folder: &str, file: &str| self.files.contains_key(&format!("{}{file}", prefix(folder)));
            is_cache(name, |file| has(parent, file), |file| has(whole, file)).then_some((name, whole))
        })
    }

    fn below<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s String, &'s (What, ObjectId))> {
        self.files.range(prefix.to_owned()..).take_while(move |(path, _)| path.starts_with(prefix))
    }

    fn is_folder(&self, local: &str) -> bool {
        local.is_empty() || self.below(&prefix(local)).next().is_some()
    }

    /// A path from the root of the working tree, with `/`.
    fn local(&self, path: &Path) -> Option<String> {
        let local = path.strip_prefix(&self.objects.root).ok()?.to_string_lossy();
        Some(local.replace(std::path::MAIN_SEPARATOR, "/").trim_end_matches('/').to_owned())
    }
}

const LINK: &str = "a link, which is not followed in a revision";
const SUBMODULE: &str = "a submodule";

fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}
