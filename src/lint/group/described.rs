//! Deployments that the configuration describes.

use super::super::ask::Ask;
use super::super::config::Described;
use super::super::options::Linter;
use super::super::scan::Candidate;
use super::units::{Unit, Units};
use super::{As, Group, Member, member};
use crate::platform::{format_of, glob};
use crate::syntax::Shape;
use std::collections::HashSet;

impl Linter {
    /// Which of a description's globs, which start at the configuration's folder, is the first to match a file.
    pub(in crate::lint) fn place_in(&self, described: &Described, path: &str) -> Option<usize> {
        let local = self.local(path)?;
        described.files.iter().position(|g| glob(g.strip_prefix("./").unwrap_or(g), &local))
    }

    /// The files of a described deployment, in the order of its globs.
    pub(super) fn described(&self, n: usize, list: Vec<&Candidate>, ask: &Ask<'_>) -> Vec<Group> {
        let Some(described) = self.config.deployments.get(n) else { return Vec::new() };
        let order = |c: &&Candidate| (self.place_in(described, &c.path), c.path.clone());
        let mut list = list;
        list.sort_by_key(order);
        if list.iter().all(|c| c.declaration) {
            return vec![Group::new(As::Declaration, list.iter().map(|c| member(c, 0, false)).collect(), Some(n))];
        }
        let named = described.platform.as_deref().and_then(|p| self.knowledge.find_platform(p));
        let carried = list.iter().flat_map(|c| c.kinds.iter().chain(&c.fragments)).map(|(p, _)| *p).next();
        let held = || {
            let all = list.iter().flat_map(|c| &c.held);
            all.flat_map(|h| h.imaged.iter().chain(h.own.iter().chain(&h.inside).map(|(p, _)| p))).copied().next()
        };
        let Some(platform) = named.or(carried).or_else(held) else { return Vec::new() };
        let kinds = self.knowledge.platforms.get(platform).map_or(&[][..], |p| &p.head.documents);
        let main = kinds.iter().position(|k| !k.part);
        let mut over_a_main = false;
        let whole: Vec<Member> = list
            .iter()
            .filter(|c| (!c.declaration || !c.kinds.is_empty()) && (c.broken || c.shape.is_none()))
            .filter_map(|c| {
                let carried = c.kinds.iter().chain(&c.fragments).find(|(p, _)| *p == platform).map(|(_, k)| *k);
                // What the user says belongs to it does, whatever keys it holds.
                let by_name = || kinds.iter().position(|k| !k.part && format_of(&c.path, "", &k.formats).is_some());
                let kind = carried.or_else(by_name).or(main)?;
                let fragment = !self.is_part(platform, kind) && std::mem::replace(&mut over_a_main, true);
                Some(member(c, kind, fragment))
            })
            .collect();
        let hosted = self.hosted(platform, &list, ask);
        let several = hosted.len() > 1;
        let mut groups: Vec<Group> = hosted
            .into_iter()
            .map(|unit| {
                let own = unit.members.into_iter().filter(|m| m.part != super::Part::Whole);
                Group::new(As::Platform(platform), whole.iter().cloned().chain(own).collect(), Some(n))
            })
            .collect();
        if groups.is_empty() && !whole.is_empty() {
            groups.push(Group::new(As::Platform(platform), whole, Some(n)));
        } else if groups.is_empty() {
            let name = self.knowledge.platforms.get(platform).map_or("", |entry| entry.head.name.as_str());
            let reason = format!("none of its services and containers is known to run {name}");
            groups.extend(list.iter().map(|candidate| Group::passed(candidate, reason.clone())));
        }
        groups.iter_mut().for_each(|group| group.one_of_several = several);
        groups
    }

    /// The services and containers that run the platform in these files; compose files are laid over each other in
    /// their order.
    fn hosted<'c>(&self, platform: usize, list: &[&'c Candidate], ask: &Ask<'_>) -> Vec<Unit<'c>> {
        let mut units = Units::new(self, platform, list, &HashSet::new());
        units.described = true;
        let compose = list.iter().copied().filter(|c| c.shape == Some(Shape::Compose) && !c.held.is_empty());
        units.of_one_project(compose.collect(), ask);
        units.of_kubernetes();
        units.list
    }
}
