//! Everything built in: embedded as text, loaded and checked; a platform's file when its kind is first seen.

use crate::fact::{DataError, Problems, Vocabulary};
use crate::platform::{Facts, Head, Platform, load, load_head};
use crate::rule::{
    Catalogue, Evidence, Framework, Pack, Rule, load_evidence, load_framework, load_own_framework, load_pack,
    read_vendor_rules,
};
use crate::syntax::{Document, Format, Limits, parse};
use crate::text::Source;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// The knowledge files: path and text, sorted by path.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// A platform with the rules in its words.
#[derive(Debug)]
pub struct Loaded {
    /// The platform.
    pub platform: Platform,
    /// Its traps.
    pub rules: Vec<Arc<Rule>>,
}

/// A platform: recognised at once, loaded when needed.
#[derive(Debug)]
pub struct Entry {
    /// What it looks like.
    pub head: Head,
    path: &'static str,
    loaded: OnceLock<Result<Arc<Loaded>, Vec<DataError>>>,
}

/// What is built in.
#[derive(Debug)]
pub struct Knowledge {
    /// The facts.
    pub facts: Facts,
    /// The rules.
    pub catalogue: Catalogue,
    /// The platforms.
    pub platforms: Vec<Entry>,
}

/// The text of a knowledge file.
pub fn embedded(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(p, _)| *p == path).map(|(_, text)| *text)
}

/// The paths of the knowledge files in a folder, those below it left out.
pub fn embedded_in(folder: &str) -> impl Iterator<Item = &'static str> {
    let folder = format!("{}/", folder.trim_end_matches('/'));
    FILES
        .iter()
        .map(|(p, _)| *p)
        .filter(move |p| p.strip_prefix(folder.as_str()).is_some_and(|rest| !rest.contains('/')))
}

/// All knowledge files that may hold cases.
pub fn embedded_all() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

/// Parses a knowledge file.
pub fn parsed(path: &str, text: &str) -> Arc<Document> {
    let source = Arc::new(Source::new(path, text));
    Arc::new(parse(&source, Format::Toml, &Limits::default()))
}

/// The beginning of a platform file, up to the first table that is neither the platform nor a document: enough to
/// recognise its files, and a fraction of its cost.
fn head_of(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') && !line.starts_with("[platform") && !line.starts_with("[document") {
            return text.get(..at).unwrap_or(text);
        }
        at += line.len();
    }
    text
}

/// A knowledge file with its cases blanked: only tests read them, and they are most of what some files hold. Lines stay
/// where they are.
fn without_cases(text: &str) -> Cow<'_, str> {
    if !text.contains("\n[[case]]") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut blank, mut quoted) = (false, false);
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') && !quoted {
            blank = line.starts_with("[[case]]") || line.starts_with("[case.") || line.starts_with("[[case.");
        }
        // What is in a long string may look like a header.
        quoted ^= line.matches("\"\"\"").chain(line.matches("'''")).count() % 2 == 1;
        out.push_str(if blank { "\n" } else { line });
    }
    Cow::Owned(out)
}

impl Entry {
    /// Has its file been asked for?
    pub fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }
}

impl Knowledge {
    /// Loads what is needed before any file is seen.
    pub fn built_in() -> Result<Self, Vec<DataError>> {
        let text = embedded("rules/vocabulary.toml").unwrap_or_default();
        let vocabulary = Vocabulary::load(&parsed("rules/vocabulary.toml", text))?;
        let facts = Facts::new(vocabulary)?;
        let mut catalogue = Catalogue::default();
        let mut errors = Vec::new();
        for path in embedded_in("rules/catalog").chain(embedded_in("rules/catalog/platform")) {
            let document = parsed(path, &without_cases(embedded(path).unwrap_or_default()));
            errors.extend(catalogue.add(&document, &facts.vocabulary).err().into_iter().flatten());
        }
        errors.extend(catalogue.check());
        let mut platforms = Vec::new();
        for path in embedded_in("rules/platforms") {
            match load_head(&parsed(path, head_of(embedded(path).unwrap_or_default()))) {
                Ok(head) => platforms.push(Entry { head, path, loaded: OnceLock::new() }),
                Err(more) => errors.extend(more),
            }
        }
        if errors.is_empty() { Ok(Self { facts, catalogue, platforms }) } else { Err(errors) }
    }

    /// A platform, loaded; its errors if its file is wrong.
    pub fn platform(&self, n: usize) -> Result<Arc<Loaded>, Vec<DataError>> {
        let Some(entry) = self.platforms.get(n) else { return Err(Vec::new()) };
        entry.loaded.get_or_init(|| self.load(entry)).clone()
    }

    fn load(&self, entry: &Entry) -> Result<Arc<Loaded>, Vec<DataError>> {
        let document = parsed(entry.path, embedded(entry.path).unwrap_or_default());
        let platform = load(&document, &self.facts.vocabulary)?;
        let mut rules = Vec::new();
        let mut documents: Vec<&Arc<Document>> = Vec::new();
        for (rule, document) in &self.catalogue.vendor {
            if rule.platforms.contains(&platform.id) && !documents.iter().any(|d| Arc::ptr_eq(d, document)) {
                documents.push(document);
            }
        }
        for document in documents {
            let own: Vec<_> = self
                .catalogue
                .vendor
                .iter()
                .filter(|(r, d)| Arc::ptr_eq(d, document) && r.platforms.contains(&platform.id))
                .map(|(r, _)| r)
                .collect();
            rules.extend(read_vendor_rules(document, &own, &self.facts.vocabulary, &platform.names)?);
        }
        Ok(Arc::new(Loaded { platform, rules }))
    }

    /// The platform of an id.
    pub fn find_platform(&self, id: &str) -> Option<usize> {
        self.platforms.iter().position(|p| p.head.id == id)
    }

    /// A rule, one in a platform's words too.
    pub fn rule(&self, id: &str) -> Option<Arc<Rule>> {
        let vendor = || {
            let (vendor, _) = self.catalogue.vendor.iter().find(|(rule, _)| rule.id == id)?;
            let of = vendor.platforms.first().and_then(|platform| self.find_platform(platform))?;
            self.platform(of).ok()?.rules.iter().find(|rule| rule.id == id).cloned()
        };
        self.catalogue.find(id).cloned().or_else(vendor)
    }

    /// Gives a pack what it takes over from another built-in one.
    pub fn complete(&self, pack: &mut Pack) -> Result<(), Vec<DataError>> {
        let Some(traps) = pack.traps.clone() else { return Ok(()) };
        let path = format!("rules/packs/{}.toml", traps.from);
        let Some(text) = embedded(&path) else {
            let problems = Problems::new(&pack.source);
            let names = embedded_in("rules/packs").filter_map(|p| p.rsplit('/').next()?.strip_suffix(".toml"));
            problems.unknown_word(traps.span, "built-in pack", &traps.from, names);
            return Err(problems.into_errors());
        };
        if let Some(other) = load_pack(&parsed(&path, text), &self.facts.vocabulary, &self.catalogue)? {
            pack.take_traps(&other, &self.catalogue);
        }
        Ok(())
    }

    /// Tells controls and evidence that rules of some files name and nobody has. A file may bring controls of its own.
    pub fn check_outside<'d>(
        &self,
        documents: impl Iterator<Item = &'d Arc<Document>>,
    ) -> Result<Vec<DataError>, Vec<DataError>> {
        let documents: Vec<&Arc<Document>> = documents.collect();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut frameworks = self.frameworks()?;
        for document in &documents {
            frameworks.extend(load_own_framework(document)?);
        }
        let controls: Vec<String> =
            frameworks.iter().flat_map(|f| f.controls.iter().map(|c| format!("{}:{}", f.id, c.id))).collect();
        let evidence: Vec<String> = self.evidence()?.into_iter().map(|e| e.id).collect();
        let of = |path: &str| documents.iter().any(|d| d.source.path() == path);
        Ok(self.catalogue.check_outside(&of, &controls, &evidence))
    }

    /// What happened elsewhere, and what it teaches.
    pub fn evidence(&self) -> Result<Vec<Evidence>, Vec<DataError>> {
        let path = "rules/evidence.toml";
        load_evidence(&parsed(path, embedded(path).unwrap_or_default()))
    }

    /// The frameworks.
    pub fn frameworks(&self) -> Result<Vec<Framework>, Vec<DataError>> {
        embedded_in("rules/frameworks")
            .map(|path| load_framework(&parsed(path, embedded(path).unwrap_or_default())))
            .collect()
    }
}

/// An error about something that is not in a file, told as one of a made-up text.
pub fn loose_error(path: &str, text: &str, message: String, help: Option<String>) -> DataError {
    let source = Arc::new(Source::new(path, text));
    let problems = Problems::new(&source);
    problems.error_with(crate::text::Span::new(0, text.len()), message, help);
    problems.into_errors().pop().unwrap_or_else(|| DataError {
        source,
        span: crate::text::Span::default(),
        message: String::new(),
        help: None,
        labels: Vec::new(),
    })
}

#[cfg(test)]
#[allow(clippy::panic, clippy::indexing_slicing)]
pub(super) mod own;
