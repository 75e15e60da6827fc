//! What a compose file or a file of Kubernetes holds for platforms, by a look: nothing inside is parsed yet.

use super::options::Linter;
use crate::platform::{KeyStarts, format_of, look, recognise_together};
use crate::syntax::{
    Document, Format, Image, Inner, Limits, Link, Mount, Shape, Variables, compose, kubernetes, parse, reference,
};
use crate::text::Source;
use std::sync::Arc;

/// A service, a container, or what is kept for containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Where it is in its file.
    pub address: Box<str>,
    /// A service's or container's name; empty for what is only kept.
    pub name: Box<str>,
    /// Platforms whose image it runs.
    pub imaged: Vec<usize>,
    /// It runs another image.
    pub other_image: bool,
    /// Platforms and kinds that its own variables speak for.
    pub own: Vec<(usize, usize)>,
    /// Platforms and kinds that files inside it speak for.
    pub inside: Vec<(usize, usize)>,
    /// Files of variables that it names.
    pub env_files: Vec<Link>,
    /// Files and folders that it mounts.
    pub mounts: Vec<Mount>,
    /// ConfigMaps and Secrets that it reads.
    pub reads: Vec<Box<str>>,
}

impl Held {
    /// Does it speak for a platform by itself?
    pub fn speaks(&self) -> bool {
        !(self.imaged.is_empty() && self.own.is_empty() && self.inside.is_empty())
    }

    /// Does it speak for this platform by itself?
    pub fn speaks_for(&self, platform: usize) -> bool {
        let named = |list: &[(usize, usize)]| list.iter().any(|(p, _)| *p == platform);
        self.imaged.contains(&platform) || named(&self.own) || named(&self.inside)
    }

    /// Could another file make it speak?
    fn linked(&self) -> bool {
        !(self.env_files.is_empty() && self.mounts.is_empty() && self.reads.is_empty())
    }
}

/// What a look into a file came to.
pub(super) enum Holding {
    /// It is of that shape, and holds this; nothing, if none of it is of use.
    Held(Vec<Held>),
    /// Words of a platform stand in it, and it does not parse.
    Broken,
    /// It is of another kind, or nothing of it is of use.
    Nothing,
}

/// Larger files that no word speaks for are not parsed for what they may be to others.
const LARGE: usize = 64 << 10;

/// The shape of a file, by the keys that start its lines.
pub(super) fn shape_of(source: &Source, starts: &KeyStarts<'_>) -> Option<(Shape, Format)> {
    let text = source.text();
    let format = || format_of(source.path(), text, &[Format::Yaml, Format::Json]);
    // JSON need not begin a line with each key.
    let has = |key: &str, quoted: &str| starts.has(key) || starts.json() && text.contains(quoted);
    if has("apiVersion", "\"apiVersion\"") && has("kind", "\"kind\"") {
        return Some((Shape::Kubernetes, format()?));
    }
    starts.has("services").then(|| Some((Shape::Compose, format()?)))?
}

/// Is a path that starts here and ends in a file with an extension written anywhere? (A mounted folder tells nothing of
/// a service that does not tell by itself.)
fn names_file(text: &str) -> bool {
    text.match_indices("./").any(|(at, _)| {
        let path = text.get(at + 2..text.floor_char_boundary(at + 512)).unwrap_or_default();
        let end = path.find([' ', '\n', '\r', '"', '\'', ':', ',', '}', ']']).unwrap_or(path.len());
        let name = path.get(..end).unwrap_or_default().rsplit('/').next().unwrap_or_default();
        name.contains('.')
    })
}

impl Linter {
    /// Looks into a file that has a shape's keys. `forced`: the user says that it is a platform's.
    pub(super) fn held(&self, source: &Source, (shape, format): (Shape, Format), forced: bool) -> Holding {
        let text = source.text();
        let words = KeyStarts::words(text);
        let spoken = self.spoken_for(&words);
        // What is kept in Base64 shows no word, and what lies beside it may be named here.
        let linked = match shape {
            Shape::Compose => words.has("env_file") || names_file(text),
            _ => words.has("Secret") || words.has("ConfigMap"),
        };
        if !forced && !spoken && (!linked || text.len() > LARGE) {
            return Holding::Nothing;
        }
        let source = Arc::new(Source::new(source.path(), text));
        let document = parse(&source, format, &Limits::default());
        if !document.errors.is_empty() {
            return if spoken || forced { Holding::Broken } else { Holding::Nothing };
        }
        let mut all = match shape {
            Shape::Compose => self.services(&document),
            _ => self.objects(&document),
        };
        if all.is_empty() {
            return Holding::Nothing;
        }
        // What is kept may be read by a container of another file.
        all.retain(|held| forced || held.speaks() || held.linked() || held.name.is_empty());
        Holding::Held(all)
    }

    /// Does a platform's image, or do its keys, occur anywhere in a text?
    fn spoken_for(&self, words: &KeyStarts<'_>) -> bool {
        self.knowledge.platforms.iter().enumerate().filter(|(p, _)| self.only.is_none_or(|only| only == *p)).any(
            |(_, entry)| {
                entry.head.images.iter().any(|image| words.has(reference(image).short()))
                    || entry
                        .head
                        .documents
                        .iter()
                        .enumerate()
                        .any(|(k, kind)| !kind.part && look(k, kind, words).enough)
            },
        )
    }

    fn services(&self, document: &Document) -> Vec<Held> {
        let Some(project) = compose(document, &Variables::default()) else { return Vec::new() };
        let one = |service: crate::syntax::Service| {
            let sets: Vec<&Document> = service.variables.iter().map(|set| &**set).collect();
            let (imaged, other_image) = self.imaged(service.image.as_deref());
            Held {
                address: service.address().into(),
                imaged,
                other_image,
                own: self.own(&sets),
                inside: self.inside(&service.files),
                name: service.name,
                env_files: service.env_files,
                mounts: service.mounts,
                reads: Vec::new(),
            }
        };
        project.services.into_iter().map(one).collect()
    }

    fn objects(&self, document: &Document) -> Vec<Held> {
        let objects = kubernetes(document);
        let container = |container: crate::syntax::Container| {
            let (imaged, other_image) = self.imaged(container.image.as_deref());
            Held {
                address: container.address,
                name: container.name,
                imaged,
                other_image,
                own: self.own(&[&*container.variables]),
                inside: Vec::new(),
                env_files: Vec::new(),
                mounts: Vec::new(),
                reads: container.reads.into_iter().map(|read| read.address).collect(),
            }
        };
        let store = |store: crate::syntax::Store| {
            let sets: Vec<&Document> = store.variables.iter().map(|set| &**set).collect();
            Held {
                address: store.address,
                name: Box::default(),
                imaged: Vec::new(),
                other_image: false,
                own: self.own(&sets),
                inside: self.inside(&store.files),
                env_files: Vec::new(),
                mounts: Vec::new(),
                reads: Vec::new(),
            }
        };
        objects.containers.into_iter().map(container).chain(objects.stores.into_iter().map(store)).collect()
    }

    fn imaged(&self, image: Option<&Image>) -> (Vec<usize>, bool) {
        let Some(image) = image else { return (Vec::new(), false) };
        let imaged: Vec<usize> = (0..self.knowledge.platforms.len()).filter(|p| self.runs(*p, image)).collect();
        let other = imaged.is_empty() && !image.open;
        (imaged, other)
    }

    /// Is it an image of this platform?
    pub(super) fn runs(&self, platform: usize, image: &Image) -> bool {
        let allowed = self.only.is_none_or(|only| only == platform);
        let head = self.knowledge.platforms.get(platform).map(|entry| &entry.head).filter(|_| allowed);
        let own = reference(&image.text);
        head.is_some_and(|head| head.images.iter().any(|image| own.is(image)))
    }

    fn kinds(&self) -> impl Iterator<Item = ((usize, usize), &crate::platform::DocumentKind)> {
        let platforms = self.knowledge.platforms.iter().enumerate();
        let allowed = platforms.filter(|(p, _)| self.only.is_none_or(|only| only == *p));
        allowed.flat_map(|(p, entry)| entry.head.documents.iter().enumerate().map(move |(k, kind)| ((p, k), kind)))
    }

    /// Kinds of variables of which a text has enough at the starts of its lines.
    pub(super) fn kinds_of_variables(&self, starts: &KeyStarts<'_>) -> Vec<(usize, usize)> {
        let of_variables = self.kinds().filter(|(_, kind)| kind.formats.contains(&Format::Env) && !kind.part);
        of_variables.filter(|((_, k), kind)| look(*k, kind, starts).enough).map(|(at, _)| at).collect()
    }

    fn own(&self, sets: &[&Document]) -> Vec<(usize, usize)> {
        if sets.iter().all(|set| set.root_node().entries().is_empty()) {
            return Vec::new();
        }
        let of_variables = self.kinds().filter(|(_, kind)| kind.formats.contains(&Format::Env));
        of_variables.filter(|(_, kind)| recognise_together(kind, sets).is_some()).map(|(at, _)| at).collect()
    }

    fn inside(&self, files: &[Inner]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for file in files {
            let starts = KeyStarts::of(file.text());
            let fits = |(p, k): (usize, usize), kind: &crate::platform::DocumentKind| {
                format_of(&file.name, file.text(), &kind.formats).is_some()
                    && look(k, kind, &starts).enough
                    && !out.contains(&(p, k))
            };
            let found: Vec<_> = self.kinds().filter(|(at, kind)| fits(*at, kind)).map(|(at, _)| at).collect();
            out.extend(found);
        }
        out
    }
}
