//! What belongs together by itself.

use super::super::held::Held;
use super::super::options::Linter;
use super::super::scan::Candidate;
use super::{Member, folder, member};
use crate::platform::DocumentKind;
use crate::syntax::Format;
use std::collections::{HashMap, HashSet};

/// Documents that belong together.
#[derive(Debug, Default)]
pub(super) struct Unit<'c> {
    pub members: Vec<Member>,
    /// Its main kinds. None: it only tells of what another unit runs in.
    pub kinds: Vec<usize>,
    /// The folder it is found in.
    pub home: String,
    /// The folders of its main documents: parts and fragments lie there.
    pub places: Vec<String>,
    /// The files that it takes.
    pub files: Vec<&'c str>,
}

impl Unit<'_> {
    pub fn has_kind(&mut self, kind: usize) {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }
}

/// Units of one folder are one if they are of different kinds. What has no kind of its own joins the one that is
/// left, if one is.
pub(super) fn merge(mut units: Vec<Unit<'_>>) -> Vec<Unit<'_>> {
    let bare: Vec<Unit<'_>> = units.extract_if(.., |unit| unit.kinds.is_empty()).collect();
    let mut seen = HashSet::new();
    let different = units.iter().flat_map(|unit| &unit.kinds).all(|kind| seen.insert(*kind));
    if different && units.len() > 1 {
        let mut one = Unit::default();
        // The main document of the first kind comes first.
        units.sort_by_key(|unit| unit.kinds.iter().min().copied());
        for unit in units {
            one.home.clone_from(&unit.home);
            one.members.extend(unit.members);
            one.kinds.extend(unit.kinds);
            one.places.extend(unit.places);
            one.files.extend(unit.files);
        }
        units = vec![one];
    }
    // Of several services it would be open which one the file is for.
    let hosted = |unit: &Unit<'_>| unit.members.iter().any(|m| m.part != super::Part::Whole);
    if let ([one], [other]) = (units.as_mut_slice(), bare.as_slice())
        && !hosted(one)
    {
        one.members.extend(other.members.iter().cloned());
        one.files.extend(&other.files);
    }
    units
}

/// Collects the units of a platform.
pub(super) struct Units<'u, 'c> {
    pub linter: &'u Linter,
    pub platform: usize,
    /// The user says that these files are the platform's.
    pub described: bool,
    pub free: &'u [&'c Candidate],
    /// Whole files by path.
    pub files: HashMap<&'c str, &'c Candidate>,
    pub list: Vec<Unit<'c>>,
    /// Files that a unit has taken.
    pub claimed: HashSet<&'c str>,
    /// Files that only serve others, and how.
    pub absorbed: Vec<(&'c Candidate, String)>,
}

impl<'u, 'c> Units<'u, 'c> {
    pub fn new(linter: &'u Linter, platform: usize, free: &'u [&'c Candidate], used: &HashSet<&'c str>) -> Self {
        let is_whole = |c: &Candidate| c.held.is_empty() || !c.kinds.is_empty();
        let whole = free.iter().filter(|c| is_whole(c) && !used.contains(c.path.as_str()));
        let files = whole.map(|c| (c.path.as_str(), *c)).collect();
        Self {
            linter,
            platform,
            described: false,
            free,
            files,
            list: Vec::new(),
            claimed: HashSet::new(),
            absorbed: Vec::new(),
        }
    }

    pub fn kind(&self, kind: usize) -> Option<&'u DocumentKind> {
        self.linter.knowledge.platforms.get(self.platform)?.head.documents.get(kind)
    }

    pub fn id(&self) -> &'u str {
        self.linter.knowledge.platforms.get(self.platform).map_or("", |entry| &entry.head.id)
    }

    pub fn is_variables(&self, kind: usize) -> bool {
        self.kind(kind).is_some_and(|kind| kind.formats.contains(&Format::Env))
    }

    /// The kind of variables that a service of the platform has by its image alone.
    pub fn variables_kind(&self) -> Option<usize> {
        let documents = &self.linter.knowledge.platforms.get(self.platform)?.head.documents;
        documents.iter().position(|kind| kind.formats.contains(&Format::Env) && !kind.part)
    }

    /// The main kind of this platform that a whole file has.
    pub fn main_kind(&self, candidate: &Candidate) -> Option<usize> {
        let of = |(p, k): &&(usize, usize)| *p == self.platform && !self.linter.is_part(*p, *k);
        candidate.kinds.iter().find(of).map(|(_, k)| *k)
    }

    /// The kinds of this platform that something speaks for, parts left out.
    pub fn kinds_of<'h>(&'h self, list: &'h [(usize, usize)]) -> impl Iterator<Item = usize> + 'h {
        list.iter().filter(|(p, k)| *p == self.platform && !self.linter.is_part(*p, *k)).map(|(_, k)| *k)
    }

    /// Does the user say that a file is the platform's?
    pub fn forced(&self, candidate: &Candidate) -> bool {
        self.described || candidate.named && self.linter.only == Some(self.platform)
    }

    /// How sure it is that something runs the platform: by its image, by what it holds, by what it names, not at all.
    pub fn rank(&self, held: &Held) -> Rank {
        if held.imaged.contains(&self.platform) {
            Rank::Image
        } else if held.speaks_for(self.platform) {
            Rank::Own
        } else {
            Rank::Nothing
        }
    }

    /// Each main document that is left is a unit.
    pub fn of_files(&mut self) {
        let mut left: Vec<&'c Candidate> = self.files.values().copied().collect();
        left.sort_by(|a, b| a.path.cmp(&b.path));
        for candidate in left {
            let path = candidate.path.as_str();
            if self.claimed.contains(path) || self.absorbed.iter().any(|(c, _)| c.path == path) {
                continue;
            }
            let Some(kind) = self.main_kind(candidate) else { continue };
            self.list.push(Unit {
                members: vec![member(candidate, kind, false)],
                kinds: vec![kind],
                home: folder(path).to_owned(),
                places: vec![folder(path).to_owned()],
                files: vec![path],
            });
        }
    }
}

/// How sure it is that something runs a platform.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    Nothing,
    /// Files that it names are the platform's.
    Named,
    /// Its variables, or files inside it.
    Own,
    /// Its image.
    Image,
}

/// Which of several, each with its rank, run the platform. `other_image`: it runs another one. `called`: its name or
/// image holds the platform's.
pub(super) fn choose(list: &[(Rank, bool, bool)]) -> Vec<bool> {
    let best = list.iter().map(|(rank, ..)| *rank).max().unwrap_or(Rank::Nothing);
    let named = list.iter().filter(|(rank, ..)| *rank == Rank::Named).count();
    let chosen = |&(rank, other_image, called): &(Rank, bool, bool)| match rank {
        Rank::Nothing => false,
        // Services share files of variables: such a file alone does not tell which of them is meant.
        Rank::Named => best == Rank::Named && (named == 1 || called),
        // Beside the real one another image with such variables is a helper.
        Rank::Own => best == Rank::Own || !other_image,
        Rank::Image => true,
    };
    list.iter().map(chosen).collect()
}
