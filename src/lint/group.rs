//! Which files are one deployment.

use super::options::Linter;
use super::scan::Candidate;
use crate::platform::glob;
use std::collections::BTreeMap;

/// What a file is in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub path: String,
    pub named: bool,
    /// The kind, by its place in the platform.
    pub kind: usize,
    /// It is a fragment: no main document, laid over it.
    pub fragment: bool,
    pub otherwise: String,
}

/// What a group is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum As {
    Platform(usize),
    Declaration,
    /// Nothing: files that were taken by their keys and have no main document.
    Passed(String),
}

/// Files that are judged together.
#[derive(Clone, Debug)]
pub struct Group {
    pub(super) members: Vec<Member>,
    pub(super) kind: As,
    /// The configuration's description, by its place.
    pub(super) described: Option<usize>,
    paths: Vec<String>,
}

impl Group {
    fn new(kind: As, members: Vec<Member>, described: Option<usize>) -> Self {
        let paths = members.iter().map(|m| m.path.clone()).collect();
        Self { members, kind, described, paths }
    }

    /// The files it wants, in order.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn member(candidate: &Candidate, kind: usize, fragment: bool) -> Member {
    Member {
        path: candidate.path.clone(),
        named: candidate.named,
        kind,
        fragment,
        otherwise: candidate.otherwise.clone(),
    }
}

impl Linter {
    /// Groups files, sorted by the path of their first file.
    pub fn group(&self, mut candidates: Vec<Candidate>) -> Vec<Group> {
        candidates.sort_by(|a, b| a.path.cmp(&b.path));
        candidates.dedup_by(|a, b| a.path == b.path);
        let mut groups = Vec::new();
        let mut free: Vec<&Candidate> = Vec::new();
        let mut claimed: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
        for candidate in &candidates {
            let by = self.config.deployments.iter().position(|d| d.files.iter().any(|g| glob(g, &candidate.path)));
            match by {
                Some(n) => claimed.entry(n).or_default().push(candidate),
                None => free.push(candidate),
            }
        }
        for (n, list) in claimed {
            groups.extend(self.described(n, list));
        }
        let mut folders: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
        for candidate in free {
            folders.entry(folder(&candidate.path)).or_default().push(candidate);
        }
        let mut used: Vec<&str> = Vec::new();
        for (name, list) in &folders {
            let declared: Vec<&Candidate> = list.iter().copied().filter(|c| c.declaration).collect();
            if !declared.is_empty() {
                groups.push(Group::new(As::Declaration, declared.iter().map(|c| member(c, 0, false)).collect(), None));
                used.extend(declared.iter().map(|c| c.path.as_str()));
            }
            for platform in 0..self.knowledge.platforms.len() {
                self.in_folder(name, list, platform, &folders, &mut groups, &mut used);
            }
        }
        for candidate in folders.values().flatten().filter(|c| !used.contains(&c.path.as_str())) {
            let reason = self.unclaimed(candidate);
            groups.push(Group::new(As::Passed(reason), vec![member(candidate, 0, false)], None));
        }
        groups.sort_by(|a, b| a.paths.first().cmp(&b.paths.first()));
        groups
    }

    fn is_part(&self, platform: usize, kind: usize) -> bool {
        self.knowledge.platforms.get(platform).and_then(|p| p.head.documents.get(kind)).is_some_and(|k| k.part)
    }

    /// Documents of one platform in one folder are one deployment if they are of different kinds; each main document
    /// of several is its own.
    fn in_folder<'c>(
        &self,
        name: &str,
        list: &[&'c Candidate],
        platform: usize,
        folders: &BTreeMap<&str, Vec<&'c Candidate>>,
        groups: &mut Vec<Group>,
        used: &mut Vec<&'c str>,
    ) {
        let of = |c: &Candidate, part: bool| {
            c.kinds.iter().find(|(p, k)| *p == platform && self.is_part(platform, *k) == part).map(|(_, k)| *k)
        };
        let mains: Vec<(&Candidate, usize)> = list
            .iter()
            .filter(|c| !used.contains(&c.path.as_str()))
            .filter_map(|c| of(c, false).map(|k| (*c, k)))
            .collect();
        if mains.is_empty() {
            return;
        }
        let mut group_of: Vec<Vec<Member>> = mains.iter().map(|(c, k)| vec![member(c, *k, false)]).collect();
        used.extend(mains.iter().map(|(c, _)| c.path.as_str()));
        if let [only] = group_of.as_mut_slice() {
            let parts = list.iter().filter(|c| of(c, false).is_none()).filter_map(|c| of(c, true).map(|k| (*c, k)));
            for (c, k) in parts {
                used.push(&c.path);
                only.push(member(c, k, false));
            }
            for (at, near) in folders.iter().filter(|(f, _)| ***f == *name || folder(f) == name) {
                for c in near.iter().filter(|c| c.kinds.is_empty() || *at != name) {
                    let fragment = c
                        .fragments
                        .iter()
                        .chain(c.kinds.iter().filter(|(p, k)| *at != name && !self.is_part(*p, *k)))
                        .find(|(p, _)| *p == platform);
                    let Some((_, k)) = fragment else { continue };
                    let relative = c.path.strip_prefix(name).unwrap_or(&c.path).trim_start_matches('/');
                    let hinted = self
                        .knowledge
                        .platforms
                        .get(platform)
                        .and_then(|p| p.head.documents.get(*k))
                        .is_some_and(|d| d.files.iter().any(|g| glob(g, relative)));
                    let alone =
                        folders.get(at).is_some_and(|l| l.iter().filter(|o| of(o, false).is_some()).count() > 1);
                    if hinted && !alone && !used.contains(&c.path.as_str()) {
                        used.push(&c.path);
                        only.push(member(c, *k, true));
                    }
                }
            }
        }
        groups.extend(group_of.into_iter().map(|members| Group::new(As::Platform(platform), members, None)));
    }

    /// The files of a described deployment, in the order of its globs.
    fn described(&self, n: usize, list: Vec<&Candidate>) -> Vec<Group> {
        let Some(described) = self.config.deployments.get(n) else { return Vec::new() };
        let order = |c: &&Candidate| (described.files.iter().position(|g| glob(g, &c.path)), c.path.clone());
        let mut list = list;
        list.sort_by_key(order);
        if list.iter().all(|c| c.declaration) {
            return vec![Group::new(As::Declaration, list.iter().map(|c| member(c, 0, false)).collect(), Some(n))];
        }
        let named = described.platform.as_deref().and_then(|p| self.knowledge.find_platform(p));
        let first = list.iter().flat_map(|c| c.kinds.iter().chain(&c.fragments)).map(|(p, _)| *p).next();
        let Some(platform) = named.or(first) else { return Vec::new() };
        let kinds = self.knowledge.platforms.get(platform).map_or(&[][..], |p| &p.head.documents);
        let main = kinds.iter().position(|k| !k.part);
        let mut over_a_main = false;
        let members = list
            .iter()
            .filter(|c| !c.declaration || !c.kinds.is_empty())
            .filter_map(|c| {
                let carried = c.kinds.iter().chain(&c.fragments).find(|(p, _)| *p == platform).map(|(_, k)| *k);
                // What the user says belongs to it does, whatever keys it holds.
                let kind = carried.or(main)?;
                let fragment = !self.is_part(platform, kind) && std::mem::replace(&mut over_a_main, true);
                Some(member(c, kind, fragment))
            })
            .collect();
        vec![Group::new(As::Platform(platform), members, Some(n))]
    }

    fn unclaimed(&self, candidate: &Candidate) -> String {
        let part = candidate.kinds.first().and_then(|(p, k)| {
            let entry = self.knowledge.platforms.get(*p)?;
            Some((entry.head.name.as_str(), entry.head.documents.get(*k)?.id.as_str()))
        });
        match part {
            Some((name, kind)) => {
                format!("a part of {name} ({kind}) without a main document that it clearly belongs to")
            }
            None => candidate.otherwise.clone(),
        }
    }
}
