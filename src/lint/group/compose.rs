//! Units of compose files: services, with the files that they name.

use super::super::ask::{Answer, Ask, folder as known_folder, join};
use super::super::held::Held;
use super::super::scan::Candidate;
use super::units::{Rank, Unit, Units, choose};
use super::{Part, folder, member};
use crate::syntax::{Format, Limits, Link, Shape, Variables, parse};
use crate::text::Source;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The names under which a compose file is found by itself, in the order of preference.
pub(in super::super) const DEFAULTS: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of what is laid over it by itself.
pub(in super::super) const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// A file's own name.
pub(in super::super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The variables beside a compose file.
pub(in super::super) fn beside(folder: Option<&str>, ask: &Ask<'_>) -> Option<Arc<Source>> {
    let path = join(folder?, ".env")?;
    let Answer::Given(bytes) = ask(&path) else { return None };
    Source::decode(path, &*bytes).ok().map(Arc::new)
}

/// Compose files that are laid over each other.
struct Project<'c> {
    files: Vec<&'c Candidate>,
    /// Nothing that lies beside them is laid over them by itself.
    alone: bool,
    known: OnceCell<Variables>,
}

/// A service of a project: what each of its files says of it.
struct Service<'c> {
    name: &'c str,
    held: Vec<(&'c Candidate, &'c Held)>,
}

impl<'c> Units<'_, 'c> {
    /// Services that run the platform.
    pub fn of_compose(&mut self, ask: &Ask<'_>) {
        let mut folders: BTreeMap<&str, Vec<&'c Candidate>> = BTreeMap::new();
        for candidate in self.free.iter().copied().filter(|c| c.shape == Some(Shape::Compose) && !c.held.is_empty()) {
            folders.entry(folder(&candidate.path)).or_default().push(candidate);
        }
        for list in folders.into_values() {
            for project in projects(list) {
                self.of_project(&project, ask);
            }
        }
    }

    /// The services of one project, these files in this order.
    pub fn of_one_project(&mut self, files: Vec<&'c Candidate>, ask: &Ask<'_>) {
        self.of_project(&Project { files, alone: true, known: OnceCell::new() }, ask);
    }

    fn of_project(&mut self, project: &Project<'c>, ask: &Ask<'_>) {
        let Some(first) = project.files.first() else { return };
        let services = services(project);
        let ranks: Vec<(Rank, bool, bool)> = services
            .iter()
            .map(|service| {
                let own = service.held.iter().map(|(_, held)| self.rank(held)).max().unwrap_or(Rank::Nothing);
                let named = || !self.named_files(project, service, ask).is_empty();
                let rank = if own == Rank::Nothing && named() { Rank::Named } else { own };
                let other = service.held.iter().any(|(_, held)| held.other_image);
                (rank, other, service.name.contains(self.id()))
            })
            .collect();
        let mut any = false;
        // The only service of a file that is said to be the platform's runs it, whatever it is called.
        let only = self.forced(first) && services.len() == 1;
        for (service, chosen) in services.iter().zip(choose(&ranks)) {
            if !chosen && !only {
                continue;
            }
            let mut unit = self.of_service(project, first, service, ask);
            if only && let Some(kind) = self.variables_kind().filter(|_| unit.kinds.is_empty()) {
                unit.has_kind(kind);
            }
            any |= unit.kinds.iter().any(|kind| self.is_variables(*kind));
            self.list.push(unit);
        }
        if any {
            self.absorb(first);
        }
    }

    fn of_service(
        &mut self,
        project: &Project<'c>,
        first: &'c Candidate,
        service: &Service<'c>,
        ask: &Ask<'_>,
    ) -> Unit<'c> {
        let home = folder(&first.path).to_owned();
        let mut unit = Unit { home: home.clone(), places: vec![home], ..Unit::default() };
        unit.files.extend(project.files.iter().map(|c| c.path.as_str()));
        let mut by_image = false;
        for (_, held) in &service.held {
            self.kinds_of(&held.own).chain(self.kinds_of(&held.inside)).for_each(|kind| unit.has_kind(kind));
            by_image |= held.imaged.contains(&self.platform);
        }
        if by_image && let Some(kind) = self.variables_kind() {
            unit.has_kind(kind);
        }
        for (candidate, kind) in self.named_files(project, service, ask) {
            let path = candidate.path.as_str();
            if self.is_variables(kind) {
                // It is read with the service, and may be read by several.
                unit.has_kind(kind);
                self.claimed.insert(path);
            } else if self.claimed.insert(path) {
                unit.has_kind(kind);
                unit.places.push(folder(path).to_owned());
                unit.files.push(path);
                unit.members.push(member(candidate, kind, false));
            }
        }
        let kind = unit.kinds.iter().copied().find(|k| self.is_variables(*k)).or(unit.kinds.first().copied());
        let files = project.files.iter().map(|c| c.path.clone()).collect();
        let part = Part::Service { name: service.name.into(), files, alone: project.alone };
        unit.members.push(super::Member { part, ..member(first, kind.unwrap_or(0), false) });
        unit
    }

    /// The files that a service names and that are the platform's, with their kinds.
    fn named_files(&self, project: &Project<'c>, service: &Service<'c>, ask: &Ask<'_>) -> Vec<(&'c Candidate, usize)> {
        let mut out: Vec<(&'c Candidate, usize)> = Vec::new();
        let mut add = |candidate: &'c Candidate, kind| {
            if !out.iter().any(|(c, _)| c.path == candidate.path) {
                out.push((candidate, kind));
            }
        };
        let sure = service.held.iter().any(|(_, held)| held.speaks_for(self.platform));
        for (_, held) in &service.held {
            for link in &held.env_files {
                let found = self.path(project, link, ask).and_then(|path| self.files.get(path.as_str()));
                let kind = found.and_then(|c| {
                    let of = |(p, k): &&(usize, usize)| *p == self.platform && self.is_variables(*k);
                    Some((*c, c.kinds.iter().find(of)?.1))
                });
                kind.into_iter().for_each(|(candidate, kind)| add(candidate, kind));
            }
            for mount in &held.mounts {
                let Some(path) = self.path(project, &mount.from, ask) else { continue };
                match self.files.get(path.as_str()) {
                    Some(candidate) => {
                        let kind = self.main_kind(candidate).filter(|kind| !self.is_variables(*kind));
                        kind.into_iter().for_each(|kind| add(candidate, kind));
                    }
                    // What a folder holds belongs to a service only if that is known to be the platform's.
                    None if sure => {
                        self.only_main_below(&path).into_iter().for_each(|(candidate, kind)| add(candidate, kind));
                    }
                    None => {}
                }
            }
        }
        out
    }

    /// The main document that lies in a folder, if it is the only one.
    fn only_main_below(&self, path: &str) -> Option<(&'c Candidate, usize)> {
        let mut inside = self.files.values().filter(|c| folder(&c.path) == path).filter_map(|candidate| {
            let kind = self.main_kind(candidate).filter(|kind| !self.is_variables(*kind))?;
            Some((*candidate, kind))
        });
        let only = inside.next()?;
        inside.next().is_none().then_some(only)
    }

    /// The path that a link leads to.
    fn path(&self, project: &Project<'c>, link: &Link, ask: &Ask<'_>) -> Option<String> {
        let home = known_folder(&project.files.first()?.path)?;
        if !link.open {
            return join(home, &link.path);
        }
        let known = project.known.get_or_init(|| match beside(Some(home), ask) {
            Some(source) => Variables::of(&parse(&source, Format::Env, &Limits::default())),
            None => Variables::default(),
        });
        join(home, &link.fill(known).path)
    }

    /// Variables beside a compose file fill it in, or are a sample of those that do: the service is told of there.
    fn absorb(&mut self, compose: &'c Candidate) {
        let home = folder(&compose.path);
        let mut beside: Vec<&'c Candidate> = self.files.values().copied().filter(|c| folder(&c.path) == home).collect();
        beside.sort_by(|a, b| a.path.cmp(&b.path));
        for candidate in beside {
            let name = name_of(&candidate.path);
            let by_name = name == ".env" || name == "env" || name.starts_with(".env.") || name.starts_with("env.");
            let variables = self.main_kind(candidate).is_some_and(|kind| self.is_variables(kind));
            let known = self.claimed.contains(candidate.path.as_str())
                || self.absorbed.iter().any(|(c, _)| c.path == candidate.path);
            if by_name && variables && !known {
                let reason = match name {
                    ".env" => format!("variables that {} may be filled in from", compose.path),
                    _ => format!("a sample of the variables that {} is filled in from", compose.path),
                };
                self.absorbed.push((candidate, reason));
            }
        }
    }
}

/// A base file and what is laid over it by itself are one project; every other file is its own.
fn projects(list: Vec<&Candidate>) -> Vec<Project<'_>> {
    let find = |names: &[&str]| {
        names.iter().find_map(|name| list.iter().copied().find(|candidate| name_of(&candidate.path) == *name))
    };
    let (base, over) = (find(&DEFAULTS), find(&OVERRIDES));
    let mut out = Vec::new();
    let usual: Vec<&Candidate> = base.into_iter().chain(over).collect();
    let mut rest = list.clone();
    rest.retain(|candidate| !usual.iter().any(|own| own.path == candidate.path));
    if !usual.is_empty() {
        out.push(Project { files: usual, alone: false, known: OnceCell::new() });
    }
    out.extend(rest.into_iter().map(|c| Project { files: vec![c], alone: true, known: OnceCell::new() }));
    out
}

fn services<'c>(project: &Project<'c>) -> Vec<Service<'c>> {
    let mut out: Vec<Service<'c>> = Vec::new();
    for candidate in project.files.iter().copied() {
        for held in &candidate.held {
            match out.iter_mut().find(|service| *service.name == *held.name) {
                Some(service) => service.held.push((candidate, held)),
                None => out.push(Service { name: &held.name, held: vec![(candidate, held)] }),
            }
        }
    }
    out
}
