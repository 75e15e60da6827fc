//! The documents of a group: whole files, and what sits inside files.

mod inside;
mod services;

use super::ask::{Answer, Ask, folder, join};
use super::group::{As, Group, Member, Part};
use super::includes::{Included, included, may_include};
use super::judge::syntax_error;
use super::options::Linter;
use super::report::{GroupReport, InputError, SkippedFile};
use super::scan::format_for;
use crate::platform::{KeyStarts, Platform, Sheet, is_fragment, look, recognise};
use crate::syntax::{Document, Format, Image, Limits, Published, parse, parse_with};
use crate::text::Source;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// A document of a group that is what it was taken for.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub sheet: Sheet,
    /// What it was recognised by, for people.
    pub keys: Vec<String>,
    /// It only ever joins a main document.
    pub part: bool,
    /// What it is beside the main document, in words.
    pub role: Option<String>,
}

/// What a deployment's files come to.
#[derive(Default)]
pub(super) struct Sheets {
    /// Documents of one kind stand in their order: later ones come over earlier ones.
    pub parsed: Vec<Parsed>,
    /// The service that they are run by.
    pub service: Option<ServiceOf>,
    /// A file that belongs to a document could not be read.
    pub unresolved: bool,
    /// All texts that were read, also those that only fill in others.
    pub sources: Vec<Arc<Source>>,
}

/// What a service tells of everything in it.
#[derive(Clone, Default)]
pub(super) struct ServiceOf {
    pub image: Option<Arc<Image>>,
    pub published: Option<Arc<[Published]>>,
}

/// Reads the documents of one group.
pub(super) struct Reader<'r> {
    pub linter: &'r Linter,
    pub n: usize,
    pub platform: &'r Platform,
    pub group: &'r Group,
    /// The group's files by path.
    pub files: HashMap<&'r str, Result<Arc<Source>, String>>,
    pub ask: &'r Ask<'r>,
    documents: RefCell<HashMap<String, Option<Arc<Document>>>>,
    asked: RefCell<HashMap<String, Result<Arc<Source>, String>>>,
}

impl<'r> Reader<'r> {
    pub fn new(
        linter: &'r Linter,
        n: usize,
        platform: &'r Platform,
        group: &'r Group,
        files: HashMap<&'r str, Result<Arc<Source>, String>>,
        ask: &'r Ask<'r>,
    ) -> Self {
        let (documents, asked) = Default::default();
        Self { linter, n, platform, group, files, ask, documents, asked }
    }

    /// Reads all members; what is wrong or is nothing after all goes into the report.
    pub fn read(self, report: &mut GroupReport) -> Sheets {
        let mut out = Sheets::default();
        for member in &self.group.members {
            match &member.part {
                Part::Whole => self.whole(member, &mut out, report),
                Part::Broken => self.broken(member, report),
                Part::Service { name, files, alone } => self.service(member, (name, files, *alone), &mut out, report),
                Part::Container { address, stores } => self.container(member, (address, stores), &mut out, report),
                Part::Store { address } => self.store(member, address, &mut out, report),
            }
        }
        // What a service runs with holds for all of its documents.
        if let Some(service) = &out.service {
            for parsed in &mut out.parsed {
                parsed.sheet.image.clone_from(&service.image);
                parsed.sheet.published.clone_from(&service.published);
            }
        }
        out.sources.extend(self.files.into_values().flatten());
        out.sources.extend(self.asked.into_inner().into_values().flatten());
        out
    }

    /// May the file be taken although nothing in it speaks for the platform?
    fn forced(&self, member: &Member) -> bool {
        self.linter.only == Some(self.n) && member.named || self.group.described.is_some()
    }

    fn source(&self, path: &str) -> Option<&Arc<Source>> {
        self.files.get(path)?.as_ref().ok()
    }

    fn whole(&self, member: &Member, out: &mut Sheets, report: &mut GroupReport) {
        let Some(source) = self.source(&member.path) else { return };
        let Some(kind) = self.platform.documents.get(member.kind) else { return };
        let format = format_for(source.path(), source.text(), &kind.formats)
            .or(kind.formats.first().copied())
            .unwrap_or(Format::Yaml);
        let document = Arc::new(parse_with(source, format, &Limits::default(), &kind.statements));
        if !document.errors.is_empty() {
            let belongs = member.named && self.linter.only.is_some() || self.group.described.is_some();
            return self.wrong(member, &document, belongs || self.linter.carries(kind, source.text()), report);
        }
        let keys = if member.fragment {
            is_fragment(kind, &document, |k| self.platform.declares(member.kind, k)).then(Vec::new)
        } else {
            recognise(kind, &document)
        };
        let Some(keys) = keys.or_else(|| (self.forced(member) && !kind.part).then(Vec::new)) else {
            let seen = look(member.kind, kind, &KeyStarts::of(source.text()));
            let reason = if member.named { self.linter.near(self.n, &seen) } else { member.otherwise.clone() };
            return skip(report, &member.path, &reason);
        };
        let included = match may_include(kind) && !member.fragment {
            true => included(&document, kind, self.ask),
            false => Included::default(),
        };
        out.unresolved |= !included.unread.is_empty();
        report.errors.extend(included.errors.iter().map(|(source, error)| syntax_error(source, error)));
        let mut sheet = Sheet::plain(inside::with_unread(&document, included.unread), member.kind);
        if format == Format::Env {
            sheet.shape = crate::syntax::Shape::Dotenv;
        }
        out.parsed.push(Parsed { sheet, keys, part: kind.part || member.fragment, role: None });
        for (document, role) in included.documents {
            let sheet = Sheet::plain(document, member.kind);
            out.parsed.push(Parsed { sheet, keys: Vec::new(), part: true, role: Some(role) });
        }
    }

    /// A file of a shape that did not parse at the first look: it does not now.
    fn broken(&self, member: &Member, report: &mut GroupReport) {
        if let Some(document) = self.document(&member.path, report) {
            self.wrong(member, &document, true, report);
        }
    }

    /// Tells what is wrong with a document that belongs to a deployment, or passes it over.
    fn wrong(&self, member: &Member, document: &Document, belongs: bool, report: &mut GroupReport) {
        if belongs {
            let told = document.errors.iter().map(|error| syntax_error(&document.source, error));
            report.errors.extend(told);
        } else {
            skip(report, &member.path, "does not parse, and lacks a platform's keys");
        }
    }

    /// The tree of a file that holds others, read once; its errors are told once, and then there is none.
    fn document(&self, path: &str, report: &mut GroupReport) -> Option<Arc<Document>> {
        if let Some(known) = self.documents.borrow().get(path) {
            return known.clone();
        }
        let document = self.given(path).ok().map(|source| self.outer(&source));
        let document = document.and_then(|document| {
            if document.errors.is_empty() {
                return Some(document);
            }
            report.errors.extend(document.errors.iter().map(|error| syntax_error(&document.source, error)));
            None
        });
        self.documents.borrow_mut().insert(path.to_owned(), document.clone());
        document
    }

    fn outer(&self, source: &Arc<Source>) -> Arc<Document> {
        let format = format_for(source.path(), source.text(), &[Format::Yaml, Format::Json]).unwrap_or(Format::Yaml);
        Arc::new(parse(source, format, &Limits::default()))
    }

    /// A file of the group, or one that the host is asked for; else why there is none.
    fn given(&self, path: &str) -> Result<Arc<Source>, String> {
        if let Some(own) = self.files.get(path) {
            return own.clone();
        }
        if let Some(known) = self.asked.borrow().get(path) {
            return known.clone();
        }
        let answer = match (self.ask)(path) {
            Answer::Given(bytes) => Source::decode(path, &*bytes)
                .map(Arc::new)
                .map_err(|error| format!("cannot be read: {}", error.message)),
            Answer::Missing | Answer::Listed(_) => Err("was not given".to_owned()),
            Answer::Outside => Err("lies outside of what may be read".to_owned()),
            Answer::Refused(why) => Err(format!("was not read: {why}")),
        };
        self.asked.borrow_mut().insert(path.to_owned(), answer.clone());
        answer
    }

    /// A file that another one names by a path.
    fn named(&self, from: &str, path: &str) -> Result<Arc<Source>, String> {
        let home = folder(from).ok_or("is not known from where: the text came without a place")?;
        let whole = join(home, path).ok_or("lies outside of what may be read")?;
        self.given(&whole)
    }
}

/// A file that is nothing after all.
fn skip(report: &mut GroupReport, path: &str, reason: &str) {
    report.skipped.push(SkippedFile { file: Linter::shown(path), reason: Linter::shown(reason) });
}

/// Files that could not be read again.
pub(super) fn unreadable(report: &mut GroupReport, path: &str, why: &str) {
    report.errors.push(InputError {
        file: Linter::shown(path),
        span: None,
        message: Linter::shown(why),
        labels: Vec::new(),
        help: None,
    });
}

impl Linter {
    /// A group that is nothing after all.
    pub(super) fn pass_over(group: &Group, report: &mut GroupReport) {
        if let As::Passed(reason) = &group.kind {
            group.members.iter().for_each(|member| skip(report, &member.path, reason));
        }
    }
}
