//! What a deployment stands in: the container image, the shape of its files, the ports that its host binds.

use super::definition::Platform;
use super::deployment::{Deployment, Sheet};
use super::detect::recognised_at;
use super::path::follow;
use super::place::{Place, PlaceOrigin};
use crate::condition::{Values, Vendor, word_list};
use crate::fact::{Reading, Reason, Step, Trail, Unknown, Value, Version, Word};
use crate::syntax::{Image, Kind, NodeId, Published, Shape};
use smallvec::smallvec;
use std::sync::Arc;

/// Where the vendor's tree begins: the first place of those that the kind allows under which it is recognised.
pub(super) fn root_of(platform: Option<&Platform>, sheet: &Sheet) -> NodeId {
    let doc = &sheet.document;
    let Some(kind) = platform.and_then(|p| p.documents.get(sheet.kind)) else { return doc.root };
    if let [only] = kind.at.as_slice()
        && only.0.is_empty()
    {
        return doc.root;
    }
    let places = kind.at.iter().filter_map(|at| follow(doc, doc.root, &at.0, kind.fold).hits.last().map(|h| h.node));
    let maps: Vec<NodeId> = places.filter(|n| matches!(doc.node(*n).kind, Kind::Map(_))).collect();
    maps.iter().find(|n| recognised_at(kind, doc, **n).is_some()).or(maps.first()).copied().unwrap_or(doc.root)
}

/// The release that an image's tag names: its first dotted numbers.
pub(super) fn version_of(platform: &Platform, sheets: &[Sheet]) -> Option<Version> {
    let image = sheets.iter().filter_map(|s| s.image.as_ref()).find(|i| known(platform, &i.text).is_some())?;
    if image.open {
        return None;
    }
    tag(&image.text).and_then(release)
}

/// The first dotted numbers of a tag. `latest`, `10` and a commit name none.
fn release(tag: &str) -> Option<Version> {
    let starts = tag.char_indices().filter(|(at, c)| {
        let before = tag.get(..*at).and_then(|t| t.chars().last());
        c.is_ascii_digit() && !before.is_some_and(|b| b.is_ascii_alphanumeric() && b != 'v' || b == '.')
    });
    let dotted = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let numbers = text.get(..end)?.trim_end_matches('.');
        numbers.contains('.').then(|| Version::parse(numbers)).flatten()
    };
    starts.filter_map(|(at, _)| tag.get(at..)).find_map(dotted)
}

/// The image's name without tag and digest.
fn name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

fn tag(image: &str) -> Option<&str> {
    let image = image.split('@').next()?;
    image.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/'))
}

/// The name of the platform's list that an image is, from whatever registry it comes.
fn known<'p>(platform: &'p Platform, image: &str) -> Option<&'p str> {
    let name = name(image);
    let same = |listed: &&String| {
        name.strip_suffix(listed.as_str()).is_some_and(|registry| registry.is_empty() || registry.ends_with('/'))
    };
    platform.images.iter().find(same).map(String::as_str)
}

impl Deployment<'_> {
    /// A built-in name that tells what the deployment stands in.
    pub(super) fn surrounding(&self, name: Vendor) -> Reading {
        match name {
            Vendor::Image => self.image(),
            Vendor::Shape => {
                let stated = self.stated_context("shape");
                let shapes = self.input.sheets.iter().map(|s| s.shape);
                let shape = shapes.clone().find(|s| *s != Shape::Plain).or(shapes.clone().next()).unwrap_or_default();
                Reading::known_value(Value::Word(stated.unwrap_or_else(|| Word::from(shape.name()))))
            }
            Vendor::Published => self.published(),
            _ => Reading::unknown("there is no such name", Reason::Context),
        }
    }

    /// What the user states of a built-in name.
    fn stated_context(&self, name: &str) -> Option<Word> {
        self.input.context.iter().find(|(key, _)| key == name).map(|(_, text)| Word::from(text.as_str()))
    }

    fn image(&self) -> Reading {
        if let Some(stated) = self.stated_context("image") {
            return Reading::known_value(Value::Word(stated));
        }
        let images = self.input.sheets.iter().zip(0..).filter_map(|(s, d)| Some((s.image.as_ref()?, d)));
        let all: Vec<(&Arc<Image>, u32)> = images.collect();
        let of_platform = |text: &str| self.platform.and_then(|p| known(p, text));
        let Some((image, d)) = all.iter().find(|(i, _)| of_platform(&i.text).is_some()).or(all.first()) else {
            return Reading::unknown("no container image is named", Reason::Context);
        };
        let listed = of_platform(&image.text);
        let mut out = match listed {
            None if image.open => Reading::of_unknown(Unknown {
                why: Arc::from("a variable fills in the image"),
                kind: Reason::Templated,
                by: None,
                candidates: None,
            }),
            _ => Reading::known_value(Value::Word(Word::from(listed.unwrap_or_else(|| name_of(&image.text))))),
        };
        if self.traced() {
            out.from = self.surrounding_place(*d, "image", image);
        }
        out
    }

    fn published(&self) -> Reading {
        if let Some(stated) = self.stated_context("published") {
            let words = stated.split([',', ' ']).filter(|t| !t.is_empty()).map(Word::from);
            return Reading::known_value(word_list(words));
        }
        match self.input.sheets.iter().find_map(|s| s.published.as_ref()) {
            Some(list) => {
                let port = |p: &Published| match p.open {
                    true => Reading::unknown("a variable fills in a port that the host binds", Reason::Templated),
                    false => Reading::known_value(Value::Word(Word::from(&*p.text))),
                };
                Reading::known_value(Value::List(list.iter().map(port).collect()))
            }
            None => Reading::unknown("nothing here tells which ports the host binds", Reason::Context),
        }
    }

    /// The place of an image, if it stands in the file of its document.
    fn surrounding_place(&self, d: u32, shown: &str, image: &Image) -> Trail {
        let same = self.document(d).is_some_and(|doc| Arc::ptr_eq(&doc.source, &image.source));
        if !same {
            return Trail::new();
        }
        let place = self.intern(Place {
            setting: None,
            record: None,
            shown: Word::from(shown),
            stable: Word::from(shown),
            document: Some(d),
            span: image.span,
            wide: None,
            anchor: false,
            origin: PlaceOrigin::Set,
            text: Some(image.text.to_string()),
            unconfirmed: false,
            quoted: false,
            reported: false,
            shared: true,
        });
        smallvec![Step { place, fact: None }]
    }
}

fn name_of(image: &str) -> &str {
    let name = name(image);
    name.strip_prefix("docker.io/").unwrap_or(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn releases() {
        let of = |tag: &str| release(tag).map(|v| v.to_string());
        for (tag, wanted) in [
            ("10.11", Some("10.11")),
            ("v1.120.0-rc1", Some("1.120.0")),
            ("release-10.5.2", Some("10.5.2")),
            ("11.3.0-alpine3.20", Some("11.3.0")),
            ("latest", None),
            ("10", None),
            ("sha-1a2b.3", None),
            ("pr-17", None),
        ] {
            assert_eq!(of(tag).as_deref(), wanted, "{tag}");
        }
    }

    #[test]
    fn names_and_tags() {
        for (image, wanted, tagged) in [
            ("a/b:1.2", "a/b", Some("1.2")),
            ("reg.example.org:5000/a/b", "reg.example.org:5000/a/b", None),
            ("reg.example.org:5000/a/b:1", "reg.example.org:5000/a/b", Some("1")),
            ("a/b:1.2@sha256:0123", "a/b", Some("1.2")),
            ("a/b@sha256:0123", "a/b", None),
        ] {
            assert_eq!((name(image), tag(image)), (wanted, tagged), "{image}");
        }
    }
}
