//! Units of files of Kubernetes: containers with what they read, and what no container here reads.

use super::super::held::Held;
use super::super::scan::Candidate;
use super::units::{Rank, Unit, Units, choose};
use super::{Member, Part, folder, member};
use crate::syntax::Shape;
use std::collections::{BTreeMap, HashSet};

/// Something in a file.
#[derive(Copy, Clone)]
struct Found<'c> {
    candidate: &'c Candidate,
    held: &'c Held,
}

impl<'c> Units<'_, 'c> {
    /// Containers that run the platform, and ConfigMaps and Secrets that hold its settings.
    pub fn of_kubernetes(&mut self) {
        let mut folders: BTreeMap<&str, Vec<&'c Candidate>> = BTreeMap::new();
        for candidate in self.free.iter().copied().filter(|c| c.shape == Some(Shape::Kubernetes)) {
            folders.entry(folder(&candidate.path)).or_default().push(candidate);
        }
        for list in folders.into_values() {
            let all: Vec<Found<'c>> = list
                .into_iter()
                .flat_map(|candidate| candidate.held.iter().map(move |held| Found { candidate, held }))
                .collect();
            let (containers, stores): (Vec<_>, Vec<_>) = all.into_iter().partition(|found| !found.held.name.is_empty());
            self.of_folder(&containers, &stores);
        }
    }

    fn of_folder(&mut self, containers: &[Found<'c>], stores: &[Found<'c>]) {
        let reads: Vec<Vec<Found<'c>>> = containers.iter().map(|found| read_by(found, stores)).collect();
        let ranks: Vec<(Rank, bool, bool)> = containers
            .iter()
            .zip(&reads)
            .map(|(found, reads)| {
                let own = self.rank(found.held);
                let named = reads.iter().any(|store| store.held.speaks_for(self.platform));
                let rank = if own == Rank::Nothing && named { Rank::Named } else { own };
                (rank, found.held.other_image, found.held.address.contains(self.id()))
            })
            .collect();
        let mut read: HashSet<(&str, &str)> = HashSet::new();
        for ((container, stores), chosen) in containers.iter().zip(&reads).zip(choose(&ranks)) {
            if !chosen {
                continue;
            }
            read.extend(stores.iter().map(|s| (s.candidate.path.as_str(), &*s.held.address)));
            let unit = self.of_container(container, stores);
            self.list.push(unit);
        }
        let left: Vec<&Found<'c>> = stores
            .iter()
            .filter(|s| s.held.speaks_for(self.platform))
            .filter(|s| !read.contains(&(s.candidate.path.as_str(), &*s.held.address)))
            .collect();
        self.of_stores(&left);
    }

    fn of_container(&self, container: &Found<'c>, stores: &[Found<'c>]) -> Unit<'c> {
        let mut unit = self.unit(container.candidate);
        let mut take = |held: &Held| {
            self.kinds_of(&held.own).chain(self.kinds_of(&held.inside)).for_each(|kind| unit.has_kind(kind));
        };
        take(container.held);
        stores.iter().for_each(|store| take(store.held));
        if container.held.imaged.contains(&self.platform)
            && let Some(kind) = self.variables_kind()
        {
            unit.has_kind(kind);
        }
        unit.files.extend(stores.iter().map(|store| store.candidate.path.as_str()));
        let part = Part::Container {
            address: container.held.address.clone(),
            stores: stores.iter().map(|s| (s.candidate.path.clone(), s.held.address.clone())).collect(),
        };
        let kind = self.first_kind(&unit);
        unit.members.push(Member { part, ..member(container.candidate, kind, false) });
        unit
    }

    /// What no container reads is each a unit; but a ConfigMap and a Secret side by side are one, since what is secret
    /// has to be kept apart.
    fn of_stores(&mut self, left: &[&Found<'c>]) {
        let of = |kind: &str| left.iter().filter(|s| s.held.address.starts_with(kind)).count();
        let pair = left.len() == 2 && of("ConfigMap/") == 1 && of("Secret/") == 1;
        let mut pair_of: Option<Unit<'c>> = None;
        for store in left {
            let mut unit = pair_of.take().unwrap_or_else(|| self.unit(store.candidate));
            let kinds: Vec<usize> = self.kinds_of(&store.held.own).chain(self.kinds_of(&store.held.inside)).collect();
            kinds.into_iter().for_each(|kind| unit.has_kind(kind));
            let part = Part::Store { address: store.held.address.clone() };
            let kind = self.first_kind(&unit);
            unit.files.push(&store.candidate.path);
            unit.members.push(Member { part, ..member(store.candidate, kind, false) });
            if pair {
                pair_of = Some(unit);
            } else {
                self.list.push(unit);
            }
        }
        self.list.extend(pair_of);
    }

    fn unit(&self, candidate: &'c Candidate) -> Unit<'c> {
        let home = folder(&candidate.path).to_owned();
        Unit { places: vec![home.clone()], home, files: vec![&candidate.path], ..Unit::default() }
    }

    fn first_kind(&self, unit: &Unit<'c>) -> usize {
        unit.kinds.iter().copied().find(|k| self.is_variables(*k)).or(unit.kinds.first().copied()).unwrap_or(0)
    }
}

/// What a container reads, of what there is: in its own file before others.
fn read_by<'c>(container: &Found<'c>, stores: &[Found<'c>]) -> Vec<Found<'c>> {
    let find = |address: &str| {
        let same = || stores.iter().filter(|store| *store.held.address == *address);
        let own = same().find(|store| store.candidate.path == container.candidate.path);
        own.or_else(|| same().next()).copied()
    };
    let mut out: Vec<Found<'c>> = Vec::new();
    for address in &container.held.reads {
        if let Some(store) = find(address)
            && !out.iter().any(|other| other.held.address == store.held.address)
        {
            out.push(store);
        }
    }
    out
}
