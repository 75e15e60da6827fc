//! A git repository: objects and references are read, and nothing else is done. No hook, filter, helper or other
//! program is run, nothing is written, and no configuration is obeyed.

mod base;
mod names;
mod tree;

pub use tree::Tree;

use super::read::{io_words, read_limited};
use gix_hash::{Kind, ObjectId};
use gix_object::{CommitRef, Find, TagRef};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A tag may name a tag; so deep and no deeper.
const DEEPEST_TAG: usize = 16;
/// What of one object may be held at once.
const MOST_BYTES: usize = 256 << 20;

/// A repository with a working tree.
pub struct Repository {
    objects: Arc<Objects>,
    refs: gix_ref::file::Store,
}

/// What a repository holds; threads share it.
struct Objects {
    /// The folder of the working tree.
    root: PathBuf,
    store: Mutex<gix_odb::HandleArc>,
    /// Commits whose parents were not fetched.
    cut: HashSet<ObjectId>,
}

/// A revision: the commit, and what it was called.
#[derive(Clone, Debug)]
pub struct Revision {
    /// As the user wrote it, or `merge base of …`.
    pub name: String,
    /// The commit.
    pub commit: ObjectId,
}

impl Repository {
    /// Opens the repository whose working tree is at `root`; `.git` is a folder there, or a file that names one.
    pub fn open(root: &Path) -> Result<Self, String> {
        let dot_git = root.join(".git");
        let broken = |what: String| format!("{}: {what}", dot_git.display());
        let git_dir = if dot_git.is_dir() {
            dot_git.clone()
        } else {
            let text = line_of(&dot_git).map_err(broken)?;
            let named = text.strip_prefix("gitdir:").map(str::trim).filter(|named| !named.is_empty());
            root.join(named.ok_or_else(|| broken("does not say where the repository is".to_owned()))?)
        };
        // A linked working tree has a `HEAD` of its own, and everything else in common with the main one.
        let named = line_of(&git_dir.join("commondir")).ok();
        let common = named.map_or_else(|| git_dir.clone(), |named| git_dir.join(named));
        unsupported(&common).map_or(Ok(()), |what| Err(broken(what)))?;
        let store = open_store(&common.join("objects"))
            .map_err(|error| broken(format!("no repository that can be read: {}", io_words(&error))))?;
        let refs = match common == git_dir {
            true => gix_ref::file::Store::at(git_dir, Kind::Sha1),
            false => gix_ref::file::Store::for_linked_worktree(git_dir, common.clone(), Kind::Sha1),
        };
        let cut = read_limited(&common.join("shallow")).unwrap_or_default();
        let cut = String::from_utf8_lossy(&cut)
            .lines()
            .filter_map(|l| ObjectId::from_hex(l.trim().as_bytes()).ok())
            .collect();
        let objects = Objects { root: root.to_owned(), store: Mutex::new(store), cut };
        Ok(Self { objects: Arc::new(objects), refs })
    }

    /// The tree of a revision.
    pub fn tree(&self, revision: &Revision) -> Result<Tree, String> {
        Tree::read(Arc::clone(&self.objects), revision)
    }
}

impl Objects {
    /// The bytes of an object.
    fn object(&self, id: &ObjectId) -> Result<(gix_object::Kind, Vec<u8>), String> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        match store.try_find(id, &mut bytes) {
            Ok(Some(found)) => {
                let kind = found.kind;
                Ok((kind, bytes))
            }
            Ok(None) => Err(self.missing(id)),
            Err(error) => Err(format!("object {} cannot be read: {error}", short(id))),
        }
    }

    fn missing(&self, id: &ObjectId) -> String {
        let why =
            if self.cut.is_empty() { "" } else { ": the clone is shallow (`git fetch --unshallow` fetches the rest)" };
        format!("object {} is not in the repository{why}", short(id))
    }

    /// How large an object is.
    fn size(&self, id: &ObjectId) -> Option<u64> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        gix_odb::Header::try_header(&*store, id).ok().flatten().map(|header| header.size())
    }

    /// The commit that an object is, or that it is a tag of.
    fn commit_of(&self, id: ObjectId) -> Result<ObjectId, String> {
        let mut id = id;
        for _ in 0..DEEPEST_TAG {
            let (kind, bytes) = self.object(&id)?;
            match kind {
                gix_object::Kind::Commit => return Ok(id),
                gix_object::Kind::Tag => {
                    let tag = TagRef::from_bytes(&bytes, Kind::Sha1);
                    id = tag.map_err(|_| format!("tag {} cannot be read", short(&id)))?.target();
                }
                other => return Err(format!("{} is no commit but a {other}", short(&id))),
            }
        }
        Err(format!("{} is a tag of a tag, without end", short(&id)))
    }

    /// The tree of a commit.
    fn tree_of(&self, commit: &ObjectId) -> Result<ObjectId, String> {
        let (_, bytes) = self.object(commit)?;
        let commit = CommitRef::from_bytes(&bytes, Kind::Sha1)
            .map_err(|_| format!("commit {} cannot be read", short(commit)))?;
        Ok(commit.tree())
    }

    /// The parents of a commit and its time; none of those that were not fetched.
    fn parents(&self, commit: &ObjectId) -> Result<(Vec<ObjectId>, i64), String> {
        let (_, bytes) = self.object(commit)?;
        let read = CommitRef::from_bytes(&bytes, Kind::Sha1)
            .map_err(|_| format!("commit {} cannot be read", short(commit)))?;
        let time = read.time().map(|time| time.seconds).unwrap_or_default();
        let parents = if self.cut.contains(commit) { Vec::new() } else { read.parents().collect() };
        Ok((parents, time))
    }
}

/// The first line of a small file.
fn line_of(path: &Path) -> Result<String, String> {
    let bytes = read_limited(path).map_err(|error| error.words())?;
    Ok(String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().trim().to_owned())
}

/// What of a repository's own form cannot be read.
fn unsupported(common: &Path) -> Option<String> {
    let config = read_limited(&common.join("config")).unwrap_or_default();
    let config = String::from_utf8_lossy(&config).to_ascii_lowercase();
    let says = |key: &str, value: &str| {
        let pairs = config.lines().filter_map(|line| line.split_once('='));
        pairs.into_iter().any(|(k, v)| k.trim() == key && v.trim() == value)
    };
    if says("objectformat", "sha256") {
        return Some("repositories with SHA-256 objects are not read".to_owned());
    }
    says("refstorage", "reftable").then(|| "references kept as reftables are not read".to_owned())
}

fn open_store(folder: &Path) -> std::io::Result<gix_odb::HandleArc> {
    let options = gix_odb::store::init::Options { alloc_limit_bytes: Some(MOST_BYTES), ..Default::default() };
    let store = gix_odb::Store::at_opts(folder.to_owned(), Kind::Sha1, &mut std::iter::empty(), options)?;
    Ok(Arc::new(store).to_cache_arc())
}

/// The first digits of an object's name.
fn short(id: &ObjectId) -> String {
    id.to_hex_with_len(10).to_string()
}

impl Revision {
    /// The first digits of the commit's name.
    pub fn short(&self) -> String {
        short(&self.commit)
    }
}

/// Is a folder a repository without a working tree, or inside of one?
pub fn is_bare(folder: &Path) -> bool {
    folder.ancestors().any(|f| f.join("HEAD").is_file() && f.join("objects").is_dir() && f.join("refs").is_dir())
}
