//! A service of compose files, with the files of variables that it names.

use super::inside::{Place, Set, named_at, with_unread};
use super::{Reader, ServiceOf, Sheets, skip};
use crate::lint::ask::{folder, join};
use crate::lint::group::Member;
use crate::lint::group::compose::{DEFAULTS, OVERRIDES, name_of};
use crate::lint::report::GroupReport;
use crate::syntax::{
    Document, Format, Limits, Link, Project, Published, Service, Shape, Unread, Variables, compose, parse,
    parse_variables,
};
use std::sync::Arc;

/// Files that start from others are followed so far.
const DEEPEST: usize = 4;

impl Reader<'_> {
    /// A service of a project.
    pub(super) fn service(
        &self,
        member: &Member,
        (name, files, alone): (&str, &[String], bool),
        out: &mut Sheets,
        report: &mut GroupReport,
    ) {
        let Some(first) = files.first() else { return };
        let known = self.beside(first);
        let paths = if alone { files.to_vec() } else { self.laid_over(files) };
        let mut outers: Vec<Arc<Document>> = Vec::new();
        let mut project: Option<Project> = None;
        for path in &paths {
            let Some(document) = self.document(path, report) else { continue };
            let Some(more) = compose(&document, &known) else { continue };
            outers.push(document);
            project = Some(match project {
                Some(project) => project.under(more),
                None => more,
            });
        }
        let found = project.as_ref().and_then(|project| project.service(name)).cloned();
        let Some(mut service) = found else { return skip(report, &member.path, &member.otherwise) };
        let mut unread: Vec<Unread> = Vec::new();
        self.start_from(first, &mut service, &known, &mut unread, report);
        let address = service.address();
        let place = Place {
            shape: Shape::Compose,
            address: &address,
            words: format!("service `{name}`"),
            image: service.image.as_ref(),
        };
        let mut sets: Vec<Set> = Vec::new();
        let outer = outers.first().map(|document| Arc::clone(&document.source));
        for link in &service.env_files {
            let at = outers.iter().find(|document| holds(document, link)).or(outers.first());
            let place = at.map_or_else(String::new, |document| named_at(document, link.span));
            match self.variables_at(first, link, &known) {
                Ok(document) => sets.push(Set {
                    document,
                    shape: Shape::Dotenv,
                    address: String::new(),
                    role: Some(format!("variables of {address} ({place})")),
                }),
                Err(why) => {
                    let why = format!("`{}`, which {place} names, {why}", link.path);
                    unread.push(Unread { span: link.span, why: why.into() });
                }
            }
        }
        let own = service.variables.len();
        for (n, set) in service.variables.iter().enumerate() {
            let set = if n + 1 == own { with_unread(set, std::mem::take(&mut unread)) } else { Arc::clone(set) };
            let other = outer.as_ref().is_some_and(|outer| !Arc::ptr_eq(outer, &set.source));
            sets.push(Set {
                document: set,
                shape: Shape::Compose,
                address: address.clone(),
                role: other.then(|| format!("another part of {address}")),
            });
        }
        let before = out.parsed.len();
        let forced = self.forced(member) && self.group.members.len() == 1;
        let any = self.variables(&place, sets, forced, out);
        for document in &outers {
            let own: Vec<_> = service.files.iter().filter(|file| contains(document, file.key)).cloned().collect();
            self.files(&place, document, &own, out, report);
        }
        if any || !out.parsed.is_empty() {
            out.service = Some(ServiceOf {
                image: service.image.clone(),
                published: service.published.as_deref().map(Arc::<[Published]>::from),
            });
        } else if before == out.parsed.len() {
            skip(report, &member.path, &member.otherwise);
        }
    }

    /// The variables beside a compose file; none if there is no such file.
    fn beside(&self, compose: &str) -> Variables {
        let Ok(source) = self.named(compose, ".env") else { return Variables::default() };
        Variables::of(&parse(&source, Format::Env, &Limits::default()))
    }

    /// The files of a project, with what lies beside them and is laid over or under them by itself.
    fn laid_over(&self, files: &[String]) -> Vec<String> {
        let Some(home) = files.first().and_then(|first| folder(first)) else { return files.to_vec() };
        let find = |names: &[&str]| {
            let own = names.iter().find_map(|name| files.iter().find(|path| name_of(path) == *name)).cloned();
            own.or_else(|| names.iter().filter_map(|name| join(home, name)).find(|path| self.given(path).is_ok()))
        };
        match (find(&DEFAULTS), find(&OVERRIDES)) {
            (Some(base), over) => std::iter::once(base).chain(over).collect(),
            (None, _) => files.to_vec(),
        }
    }

    /// Lays a service over the one of another file that it starts from.
    fn start_from(
        &self,
        first: &str,
        service: &mut Service,
        known: &Variables,
        unread: &mut Vec<Unread>,
        report: &mut GroupReport,
    ) {
        let mut from = first.to_owned();
        for _ in 0..DEEPEST {
            let Some((link, name)) = service.extends.take() else { return };
            let link = link.fill(known);
            let path = folder(&from).and_then(|home| join(home, &link.path));
            let given = path.clone().ok_or_else(|| "lies outside of what may be read".to_owned());
            let base = given.and_then(|path| self.given(&path)).and_then(|source| {
                let document = self.document(source.path(), report).ok_or("cannot be read")?;
                let project = compose(&document, known).ok_or("is no compose file")?;
                project.service(&name).cloned().ok_or_else(|| format!("has no service `{name}`"))
            });
            match base {
                Ok(base) => *service = base.under(service.clone()),
                Err(why) => {
                    let why = format!("`{}`, which the service starts from, {why}", link.path);
                    unread.push(Unread { span: link.span, why: why.into() });
                    return;
                }
            }
            from = path.unwrap_or_default();
        }
    }

    /// A file of variables.
    fn variables_at(&self, compose: &str, link: &Link, known: &Variables) -> Result<Arc<Document>, String> {
        let link = link.fill(known);
        if link.open {
            return Err("has a variable in its path".to_owned());
        }
        let source = self.named(compose, &link.path)?;
        let document = parse_variables(&source, &Limits::default(), known);
        if !document.errors.is_empty() {
            return Err("does not parse".to_owned());
        }
        Ok(Arc::new(document))
    }
}

/// Is a link named in this file?
fn holds(document: &Document, link: &Link) -> bool {
    contains(document, link.span) && document.source.slice(link.span).contains(&*link.path)
}

fn contains(document: &Document, span: crate::text::Span) -> bool {
    document.nodes.iter().any(|node| node.span == span || node.entries().iter().any(|entry| entry.key_span == span))
}
