//! Names of revisions: branches, tags, remotes' branches, commits, and steps back from them.

use super::{Repository, Revision, short};
use crate::fact::nearest;
use crate::report::list;
use gix_hash::{Kind, ObjectId, Prefix};
use gix_ref::file::ReferenceExt;
use std::sync::PoisonError;

/// So many names are told.
const TOLD: usize = 5;

/// A step from a commit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Step {
    /// `~3`: so many generations back, always by the first parent.
    Back(usize),
    /// `^2`: the second parent.
    Parent(usize),
}

impl Repository {
    /// The commit that a name means: `HEAD`, `main`, `origin/main`, `v1.2`, `1a2b3c4`, each with `~2` or `^2` after it.
    pub fn revision(&self, name: &str) -> Result<Revision, String> {
        let (base, steps) = parse(name)
            .ok_or_else(|| format!("`{name}` is no name of a revision that is understood: write a branch, a tag or a commit, with `~2` or `^2` after it"))?;
        let mut commit = self.objects.commit_of(self.named(base)?).map_err(|why| format!("`{name}`: {why}"))?;
        for step in steps {
            commit = self.walk(commit, step).map_err(|why| format!("`{name}`: {why}"))?;
        }
        Ok(Revision { name: name.to_owned(), commit })
    }

    /// The object of a name without steps.
    fn named(&self, name: &str) -> Result<ObjectId, String> {
        if name.len() == Kind::Sha1.len_in_hex()
            && let Ok(id) = ObjectId::from_hex(name.as_bytes())
        {
            return Ok(id);
        }
        let found = self.refs.try_find(name).ok().flatten();
        if let Some(mut found) = found {
            let objects = self.objects.store.lock().unwrap_or_else(PoisonError::into_inner);
            let peeled = found.peel_to_id(&self.refs, &*objects);
            drop(objects);
            return peeled.map_err(|_| match name {
                "HEAD" => "`HEAD` has no commit yet".to_owned(),
                _ => format!("`{name}` leads to nothing in this repository"),
            });
        }
        if (4..Kind::Sha1.len_in_hex()).contains(&name.len())
            && let Ok(prefix) = Prefix::from_hex(name)
        {
            let objects = self.objects.store.lock().unwrap_or_else(PoisonError::into_inner);
            match objects.lookup_prefix(prefix, None) {
                Ok(Some(Ok(id))) => return Ok(id),
                Ok(Some(Err(()))) => {
                    return Err(format!("`{name}` is the beginning of several objects: write more of it"));
                }
                _ => {}
            }
        }
        Err(self.nobody(name))
    }

    /// There is no such revision; which ones come near.
    fn nobody(&self, name: &str) -> String {
        let names = self.names();
        let near = nearest(name, names.iter().map(String::as_str)).or_else(|| {
            // Whoever writes `main` may have `origin/main` alone.
            names.iter().map(String::as_str).find(|known| known.rsplit('/').next() == name.rsplit('/').next())
        });
        let known = match near {
            Some(near) => format!("; did you mean `{near}`?"),
            None if names.is_empty() => "; there are no branches or tags here".to_owned(),
            None => {
                let some: Vec<String> = names.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
                let more = if names.len() > TOLD { " …" } else { "" };
                format!("; there are {}{more}", list(&some))
            }
        };
        let fetch = match name.split_once('/') {
            Some((remote, branch)) => format!(
                " If it was not fetched: `git fetch {remote} {branch}`, or `fetch-depth: 0` where CI checks out"
            ),
            None => String::new(),
        };
        format!("there is no revision `{name}`{known}{fetch}")
    }

    /// Branches, tags and remotes' branches, as people write them.
    fn names(&self) -> Vec<String> {
        let Ok(all) = self.refs.iter() else { return Vec::new() };
        let Ok(all) = all.all() else { return Vec::new() };
        let mut names: Vec<String> = all
            .flatten()
            .filter_map(|reference| {
                let name = reference.name.as_bstr().to_string();
                let short = ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find_map(|p| name.strip_prefix(p));
                short.map(str::to_owned)
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn walk(&self, from: ObjectId, step: Step) -> Result<ObjectId, String> {
        let (count, which) = match step {
            Step::Back(count) => (count, 1),
            Step::Parent(0) => (0, 1),
            Step::Parent(which) => (1, which),
        };
        let mut commit = from;
        for _ in 0..count {
            let (parents, _) = self.objects.parents(&commit)?;
            commit = parents.get(which - 1).copied().ok_or_else(|| {
                let why = if self.objects.cut.contains(&commit) { ", as far as this shallow clone tells" } else { "" };
                format!("{} has no such parent{why}", short(&commit))
            })?;
        }
        Ok(commit)
    }
}

/// A name and the steps after it; `None` if it is something else: `HEAD@{1}`, `:/words`, `main:file`.
fn parse(name: &str) -> Option<(&str, Vec<Step>)> {
    let end = name.find(['~', '^']).unwrap_or(name.len());
    let (base, mut rest) = name.split_at_checked(end)?;
    let base = if base == "@" { "HEAD" } else { base };
    // `@` may stand in a branch's name; `@{` asks for something else.
    let odd = base.contains("@{") || base.contains([':', ' ', '*', '?', '[', '\\']);
    if base.is_empty() || base.starts_with('-') || odd {
        return None;
    }
    let mut steps = Vec::new();
    while let Some(c) = rest.chars().next() {
        rest = rest.get(1..)?;
        if c == '^' && rest.starts_with('{') {
            // `^{commit}` and `^{}`: what a tag is of, which is meant anyway.
            let (inner, after) = rest.get(1..)?.split_once('}')?;
            if !matches!(inner, "" | "commit") {
                return None;
            }
            rest = after;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let number = if digits == 0 { 1 } else { number.parse().ok()? };
        steps.push(match c {
            '~' => Step::Back(number),
            '^' => Step::Parent(number),
            _ => return None,
        });
        rest = after;
    }
    Some((base, steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_steps() {
        assert_eq!(parse("main"), Some(("main", vec![])));
        assert_eq!(parse("@~2"), Some(("HEAD", vec![Step::Back(2)])));
        assert_eq!(parse("v1^{commit}^2~"), Some(("v1", vec![Step::Parent(2), Step::Back(1)])));
        assert_eq!(parse("a@b"), Some(("a@b", vec![])));
        for wrong in ["", "HEAD@{1}", ":/x", "main:file", "-x", "a^{tree}", "a~99999999999999999999", "a^x"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
