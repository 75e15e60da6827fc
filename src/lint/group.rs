//! Which files are one deployment.
//!
//! A *unit* is what belongs together by itself: a main document; a service with the files that it names; a container
//! with what it reads. Units of one platform in one folder are one deployment if they are of different kinds.

pub(super) mod compose;
mod described;
mod includes;
mod kubernetes;
mod parts;
mod units;

use super::ask::Ask;
use super::options::Linter;
use super::scan::Candidate;
use std::collections::{BTreeMap, HashSet};
use units::{Unit, Units};

/// What of a file belongs to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// It could not be told, since the file does not parse.
    Broken,
    /// A service, of these compose files laid over each other; `alone`: no other file is laid over them.
    Service { name: Box<str>, files: Vec<String>, alone: bool },
    /// A container, with the ConfigMaps and Secrets that it reads: file and address.
    Container { address: Box<str>, stores: Vec<(String, Box<str>)> },
    /// A ConfigMap or Secret that no container reads.
    Store { address: Box<str> },
}

/// What a file is in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub path: String,
    pub named: bool,
    /// The kind, by its place in the platform; of what sits inside a file, a kind it has.
    pub kind: usize,
    /// It is a fragment: no main document, laid over it.
    pub fragment: bool,
    pub otherwise: String,
    pub part: Part,
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
    /// It is one of several that the description comes to.
    pub(super) one_of_several: bool,
    paths: Vec<String>,
}

impl Group {
    fn new(kind: As, members: Vec<Member>, described: Option<usize>) -> Self {
        let mut paths: Vec<String> = Vec::new();
        let mut add = |path: &String| {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        };
        for member in &members {
            add(&member.path);
            match &member.part {
                Part::Service { files, .. } => files.iter().for_each(&mut add),
                Part::Container { stores, .. } => stores.iter().for_each(|(path, _)| add(path)),
                Part::Whole | Part::Broken | Part::Store { .. } => {}
            }
        }
        Self { members, kind, described, one_of_several: false, paths }
    }

    /// A file that is nothing after all.
    fn passed(candidate: &Candidate, reason: String) -> Self {
        Self { paths: Vec::new(), ..Self::new(As::Passed(reason), vec![member(candidate, 0, false)], None) }
    }

    /// The files it wants, in order, each once.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    fn order(&self) -> (&str, &str) {
        let first = self.members.first();
        let address = first.map_or("", |member| match &member.part {
            Part::Service { name, .. } => name,
            Part::Container { address, .. } | Part::Store { address } => address,
            Part::Whole | Part::Broken => "",
        });
        (first.map_or("", |member| &member.path), address)
    }
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn member(candidate: &Candidate, kind: usize, fragment: bool) -> Member {
    Member {
        path: candidate.path.clone(),
        named: candidate.named,
        kind,
        fragment,
        otherwise: candidate.otherwise.clone(),
        part: if candidate.broken { Part::Broken } else { Part::Whole },
    }
}

impl Linter {
    /// Groups files, sorted by the path of their first file. `ask` tells what lies beside them.
    pub fn group(&self, mut candidates: Vec<Candidate>, ask: &Ask<'_>) -> Vec<Group> {
        candidates.sort_by(|a, b| a.path.cmp(&b.path));
        candidates.dedup_by(|a, b| a.path == b.path);
        let mut groups = Vec::new();
        let mut free: Vec<&Candidate> = Vec::new();
        let mut claimed: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
        for candidate in &candidates {
            let by = self.config.deployments.iter().position(|d| self.place_in(d, &candidate.path).is_some());
            match by {
                Some(n) => claimed.entry(n).or_default().push(candidate),
                None => free.push(candidate),
            }
        }
        for (n, list) in claimed {
            groups.extend(self.described(n, list, ask));
        }
        let mut folders: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
        for candidate in &free {
            folders.entry(folder(&candidate.path)).or_default().push(candidate);
        }
        let mut used: HashSet<&str> = HashSet::new();
        for list in folders.values() {
            let declared: Vec<&Candidate> = list.iter().copied().filter(|c| c.declaration).collect();
            if !declared.is_empty() {
                groups.push(Group::new(As::Declaration, declared.iter().map(|c| member(c, 0, false)).collect(), None));
                used.extend(declared.iter().map(|c| c.path.as_str()));
            }
        }
        for platform in 0..self.knowledge.platforms.len() {
            self.of_platform(platform, &free, &folders, ask, &mut groups, &mut used);
        }
        for candidate in folders.values().flatten().filter(|c| !used.contains(c.path.as_str())) {
            groups.push(Group::passed(candidate, self.unclaimed(candidate)));
        }
        groups.sort_by(|a, b| a.order().cmp(&b.order()));
        groups
    }

    fn of_platform<'c>(
        &self,
        platform: usize,
        free: &[&'c Candidate],
        folders: &BTreeMap<&str, Vec<&'c Candidate>>,
        ask: &Ask<'_>,
        groups: &mut Vec<Group>,
        used: &mut HashSet<&'c str>,
    ) {
        let mut units = Units::new(self, platform, free, used);
        units.of_compose(ask);
        units.of_kubernetes();
        units.of_includes(ask);
        units.of_files();
        let Units { list, claimed, absorbed, .. } = units;
        used.extend(claimed);
        for (candidate, reason) in absorbed {
            used.insert(&candidate.path);
            groups.push(Group::passed(candidate, reason));
        }
        let mut homes: BTreeMap<String, Vec<Unit<'c>>> = BTreeMap::new();
        for unit in list {
            homes.entry(unit.home.clone()).or_default().push(unit);
        }
        let mut merged: Vec<Unit<'c>> = homes.into_values().flat_map(units::merge).collect();
        self.join_parts(platform, folders, &mut merged, used);
        for unit in merged {
            used.extend(unit.files);
            groups.push(Group::new(As::Platform(platform), unit.members, None));
        }
    }

    fn is_part(&self, platform: usize, kind: usize) -> bool {
        self.knowledge.platforms.get(platform).and_then(|p| p.head.documents.get(kind)).is_some_and(|k| k.part)
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
            None if candidate.shape.is_some() && !candidate.named => "no platform's keys".to_owned(),
            None => candidate.otherwise.clone(),
        }
    }
}
