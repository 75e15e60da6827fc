//! Documents inside others: whole files in a scalar, sets of variables, what Kubernetes keeps.

use super::{Parsed, Reader, ServiceOf, Sheets, skip};
use crate::lint::group::Member;
use crate::lint::judge::syntax_error;
use crate::lint::report::GroupReport;
use crate::platform::{KeyStarts, Sheet, format_of, look, recognise, recognise_together};
use crate::syntax::{
    Container, Document, Format, Image, Inner, Limits, Published, Shape, Store, Unread, kubernetes, reference,
};
use crate::text::Span;
use std::sync::Arc;

/// A set of variables of a service, and where it is from.
pub(super) struct Set {
    pub document: Arc<Document>,
    pub shape: Shape,
    /// Where in its file; empty: it is all of it.
    pub address: String,
    /// What it is to the service, in words; `None`: the service's own.
    pub role: Option<String>,
}

/// What variables and files are taken from.
pub(super) struct Place<'p> {
    pub shape: Shape,
    pub address: &'p str,
    /// In words, for people: "service `chat`".
    pub words: String,
    pub image: Option<&'p Arc<Image>>,
}

impl Place<'_> {
    /// What speaks for the platform, in words.
    fn speaks(&self, image: bool, keys: Vec<String>) -> Vec<String> {
        let mut out = vec![self.words.clone()];
        match self.image.filter(|_| image) {
            Some(image) => {
                let reference = reference(&image.text);
                let tag = reference.tag.map_or_else(String::new, |tag| format!(":{tag}"));
                out.push(format!("image {}{tag}", reference.short()));
            }
            None => out.extend(keys),
        }
        out
    }
}

impl Reader<'_> {
    /// Sets of variables of one service, lowest first: which of the platform's kinds they are together, and by what.
    pub(super) fn variables(&self, place: &Place<'_>, sets: Vec<Set>, forced: bool, out: &mut Sheets) -> bool {
        let documents: Vec<&Document> = sets.iter().map(|set| &*set.document).collect();
        let kinds = self.platform.documents.iter().enumerate().filter(|(_, kind)| kind.formats.contains(&Format::Env));
        let by_keys = kinds.clone().find_map(|(n, kind)| Some((n, recognise_together(kind, &documents)?)));
        let image = place.image.is_some_and(|image| self.linter.runs(self.n, image));
        let by_image = || (image || forced).then(|| kinds.clone().find(|(_, kind)| !kind.part)).flatten();
        let Some((kind, keys)) = by_keys.or_else(|| Some((by_image()?.0, Vec::new()))) else { return false };
        let part = self.platform.documents.get(kind).is_some_and(|kind| kind.part);
        for Set { document, shape, address, role } in sets {
            let sheet = Sheet { shape, address: address.into(), ..Sheet::plain(document, kind) };
            out.parsed.push(Parsed { sheet, keys: place.speaks(image, keys.clone()), part, role });
        }
        true
    }

    /// Whole files inside another.
    pub(super) fn files(
        &self,
        place: &Place<'_>,
        outer: &Document,
        files: &[Inner],
        out: &mut Sheets,
        report: &mut GroupReport,
    ) {
        for file in files {
            let starts = KeyStarts::of(file.text());
            let fits = |kind: &crate::platform::DocumentKind| {
                let format = format_of(&file.name, file.text(), &kind.formats)?;
                look(0, kind, &starts).enough.then_some(format)
            };
            let found = self.platform.documents.iter().enumerate().find_map(|(n, kind)| Some((n, kind, fits(kind)?)));
            let Some((n, kind, format)) = found else { continue };
            let document = file.document(&outer.source, format, &Limits::default());
            if !document.errors.is_empty() {
                if self.linter.carries(kind, file.text()) {
                    report.errors.extend(document.errors.iter().map(|error| syntax_error(&outer.source, error)));
                }
                continue;
            }
            let Some(keys) = recognise(kind, &document) else { continue };
            let address = format!("{}/{}", place.address, file.name);
            let shape = if format == Format::Env { Shape::Dotenv } else { place.shape };
            let sheet = Sheet { shape, address: address.into(), ..Sheet::plain(Arc::new(document), n) };
            let words = format!("{} ({})", file.name, place.words);
            let keys = std::iter::once(words).chain(keys).collect();
            out.parsed.push(Parsed { sheet, keys, part: kind.part, role: None });
        }
    }

    /// A container with the ConfigMaps and Secrets that it reads.
    pub(super) fn container(
        &self,
        member: &Member,
        (address, stores): (&str, &[(String, Box<str>)]),
        out: &mut Sheets,
        report: &mut GroupReport,
    ) {
        let Some(outer) = self.document(&member.path, report) else { return };
        let Some(container) = kubernetes(&outer).containers.into_iter().find(|c| *c.address == *address) else {
            return skip(report, &member.path, &member.otherwise);
        };
        let owner = address.rsplit_once('/').map_or(address, |(owner, _)| owner);
        let place = Place {
            shape: Shape::Kubernetes,
            address,
            words: format!("container `{}` of {owner}", container.name),
            image: container.image.as_ref(),
        };
        let mut sets: Vec<Set> = Vec::new();
        let mut unread: Vec<Unread> = Vec::new();
        let mut inside: Vec<(Arc<Document>, Store)> = Vec::new();
        for read in &container.reads {
            let store = stores.iter().find(|(_, address)| *address == read.address).and_then(|(path, address)| {
                let document = self.document(path, report)?;
                let store = kubernetes(&document).stores.into_iter().find(|s| s.address == *address)?;
                Some((document, store))
            });
            let Some((document, store)) = store else {
                let line = outer.source.position(read.span.start).line;
                let why = format!("`{}`, which line {line} of {} names, was not found", read.address, member.path);
                unread.push(Unread { span: read.span, why: why.into() });
                continue;
            };
            match &read.prefix {
                Some(prefix) => {
                    let role = format!("variables of {address}");
                    let set = |document| set_of(document, &store.address, Some(role.clone()));
                    sets.extend(store.prefixed(prefix).into_iter().map(set));
                }
                None => inside.push((document, store)),
            }
        }
        sets.push(set_of(with_unread(&container.variables, unread), address, None));
        let forced = self.forced(member) && self.group.members.len() == 1;
        let any = self.variables(&place, sets, forced, out);
        for (document, store) in &inside {
            let place = Place {
                shape: Shape::Kubernetes,
                address: &store.address,
                words: store.address.to_string(),
                image: None,
            };
            self.files(&place, document, &store.files, out, report);
        }
        if any || !out.parsed.is_empty() {
            out.service = Some(service_of(&container));
        } else {
            skip(report, &member.path, &member.otherwise);
        }
    }

    /// A ConfigMap or Secret by itself.
    pub(super) fn store(&self, member: &Member, address: &str, out: &mut Sheets, report: &mut GroupReport) {
        let Some(outer) = self.document(&member.path, report) else { return };
        let Some(store) = kubernetes(&outer).stores.into_iter().find(|store| *store.address == *address) else {
            return skip(report, &member.path, &member.otherwise);
        };
        let place = Place { shape: Shape::Kubernetes, address, words: address.to_owned(), image: None };
        let before = (out.parsed.len(), report.errors.len());
        let sets = store.variables.iter().map(|set| set_of(Arc::clone(set), address, None)).collect();
        self.variables(&place, sets, false, out);
        self.files(&place, &outer, &store.files, out, report);
        if (out.parsed.len(), report.errors.len()) == before {
            skip(report, &member.path, &member.otherwise);
        }
    }
}

fn set_of(document: Arc<Document>, address: &str, role: Option<String>) -> Set {
    Set { document, shape: Shape::Kubernetes, address: address.to_owned(), role }
}

/// A set of variables that could not be read in full.
pub(super) fn with_unread(set: &Arc<Document>, unread: Vec<Unread>) -> Arc<Document> {
    if unread.is_empty() {
        return Arc::clone(set);
    }
    let mut document = Document::clone(set);
    document.unread.extend(unread);
    Arc::new(document)
}

fn service_of(container: &Container) -> ServiceOf {
    ServiceOf {
        image: container.image.clone(),
        published: container.published.as_deref().map(Arc::<[Published]>::from),
    }
}

/// Where something is named, in words.
pub(super) fn named_at(document: &Document, span: Span) -> String {
    format!("line {} of {}", document.source.position(span.start).line, document.source.path())
}
