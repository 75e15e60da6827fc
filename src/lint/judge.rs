//! Judging one group: parse, confirm, read, judge, settle.

use super::ask::Ask;
use super::finish::About;
use super::group::{As, Group};
use super::options::Linter;
use super::report::{GroupReport, InputError, Range, SkippedFile};
use super::scan::format_for;
use super::sheets::{Parsed, Reader, Sheets, unreadable};
use crate::fact::Version;
use crate::platform::{
    Declaration, Deployment, DocumentKind, Input, KeyStarts, Sheet, is_declaration, look, product_name,
};
use crate::syntax::{Document, Format, Limits, SyntaxError, parse};
use crate::text::{Redactor, Source};
use std::collections::HashMap;
use std::sync::Arc;

impl Linter {
    /// Judges one group. `contents`: for each of its paths the bytes, or why they could not be read. `ask` tells what
    /// lies beside them.
    pub fn judge(&self, group: &Group, contents: Vec<Result<Arc<[u8]>, String>>, ask: &Ask<'_>) -> GroupReport {
        let mut report = GroupReport::default();
        let mut sources: Vec<(&str, Result<Arc<Source>, String>)> = Vec::new();
        for (path, content) in group.paths().iter().zip(contents) {
            let source = content.and_then(|bytes| Source::decode(path.as_str(), &*bytes).map_err(|e| e.message));
            if let Err(why) = &source {
                unreadable(&mut report, path, why);
            }
            sources.push((path, source.map(Arc::new)));
        }
        match &group.kind {
            As::Platform(n) => self.judge_platform(*n, group, sources.into_iter().collect(), ask, &mut report),
            As::Declaration => self.judge_declarations(group, &sources, &mut report),
            As::Passed(_) => Self::pass_over(group, &mut report),
        }
        report
    }

    fn judge_platform(
        &self,
        n: usize,
        group: &Group,
        sources: HashMap<&str, Result<Arc<Source>, String>>,
        ask: &Ask<'_>,
        report: &mut GroupReport,
    ) {
        let loaded = match self.knowledge.platform(n) {
            Ok(loaded) => loaded,
            Err(errors) => {
                // Built-in files are tested; only a broken build gets here, and it must not be silent.
                let message = errors.first().map(|e| e.message.clone()).unwrap_or_default();
                return unreadable(report, "rules", &message);
            }
        };
        let platform = &loaded.platform;
        let described = group.described.and_then(|d| self.config.deployments.get(d));
        let Sheets { mut parsed, sources, unresolved, .. } =
            Reader::new(self, n, platform, group, sources, ask).read(report);
        let Some(main) = main_of(&mut parsed) else {
            for p in &parsed {
                let reason = format!("a part of {} without its main document", platform.name);
                report.skipped.push(SkippedFile {
                    file: Self::shown(p.sheet.document.source.path()),
                    reason: Self::shown(&reason),
                });
            }
            return;
        };
        let address = parsed.get(main).map(|p| Arc::clone(&p.sheet.address)).unwrap_or_default();
        let within = |name: &str| match address.is_empty() {
            true => name.to_owned(),
            false => format!("{name}#{address}"),
        };
        let path = parsed.get(main).map(|p| p.sheet.document.source.path()).unwrap_or_default();
        let key = match described {
            None => within(path),
            Some(described) if group.one_of_several => within(&described.name),
            Some(described) => described.name.clone(),
        };
        let version =
            described.and_then(|d| d.version.as_deref()).and_then(Version::parse).or_else(|| self.version.clone());
        let mut context = self.options.context.clone();
        context.extend(described.map(|d| d.context.clone()).unwrap_or_default());
        let input = Input {
            sheets: parsed.iter().map(|p| p.sheet.clone()).collect(),
            version,
            context,
            stated: described.map(|d| d.facts.clone()).unwrap_or_default(),
            main,
            unresolved,
            ..Input::default()
        };
        let deployments = self.instances(platform, input);
        // An image's tag may have told it.
        let version = deployments.first().and_then(|d| d.version().cloned());
        let assumed = match &version {
            Some(v) if *v <= platform.verified => None,
            _ => Some(platform.verified.to_string()),
        };
        let mut detected: Vec<String> = parsed.get(main).map(|p| p.keys.clone()).unwrap_or_default();
        if detected.is_empty() {
            detected.push(if described.is_some() { "hushlint.toml".into() } else { "--platform".into() });
        }
        let about = About {
            key,
            platform: platform.id.clone(),
            name: platform.name.clone(),
            version: version.map(|v| v.to_string()),
            assumed,
            detected,
            roles: parsed.into_iter().map(|p| p.role).collect(),
            sources,
            as_of: None,
        };
        // What a user says of one deployment holds for no other.
        let memo = described.is_none().then(|| self.memo(n)).flatten();
        self.finish(&deployments, &self.policy(Some(n)), memo.as_deref(), &about, report);
    }

    /// Does a file that does not parse carry a platform's keys, and none that speak against it?
    pub(super) fn carries(&self, kind: &DocumentKind, text: &str) -> bool {
        let starts = KeyStarts::of(text);
        let against = kind.none.iter().any(|p| {
            p.keys().all(|k| {
                text.lines().any(|l| l.strip_prefix(k).is_some_and(|r| r.trim_start().starts_with([':', '='])))
            })
        });
        !kind.part && !against && look(0, kind, &starts).enough
    }

    fn judge_declarations(
        &self,
        group: &Group,
        sources: &[(&str, Result<Arc<Source>, String>)],
        report: &mut GroupReport,
    ) {
        let mut by_name: Vec<(Option<String>, Vec<Arc<Document>>)> = Vec::new();
        for member in &group.members {
            let of_member = sources.iter().find(|(path, _)| *path == member.path);
            let Some(source) = of_member.and_then(|(_, source)| source.as_ref().ok()) else { continue };
            let formats = [Format::Toml, Format::Yaml, Format::Json];
            let format = format_for(source.path(), source.text(), &formats).unwrap_or(Format::Toml);
            let document = Arc::new(parse(source, format, &Limits::default()));
            if !document.errors.is_empty() {
                report.errors.extend(document.errors.iter().map(|e| syntax_error(source, e)));
                continue;
            }
            if !is_declaration(&document) {
                report
                    .skipped
                    .push(SkippedFile { file: Self::shown(&member.path), reason: Self::shown(&member.otherwise) });
                continue;
            }
            let name = product_name(&document);
            match by_name.iter_mut().find(|(n, _)| *n == name) {
                Some((_, list)) => list.push(document),
                None => by_name.push((name, vec![document])),
            }
        }
        let described = group.described.and_then(|d| self.config.deployments.get(d));
        for (name, documents) in by_name {
            let first = documents.first().map(|d| d.source.path().to_owned()).unwrap_or_default();
            let folder = first.rsplit_once('/').map_or(".", |(f, _)| f);
            let key = match (described, &name) {
                (Some(d), _) => d.name.clone(),
                (None, Some(name)) => format!("{folder}#{name}"),
                (None, None) => first,
            };
            self.judge_declaration(documents, key, report);
        }
    }

    /// Judges one declaration, known by `key`.
    pub(super) fn judge_declaration(&self, documents: Vec<Arc<Document>>, key: String, report: &mut GroupReport) {
        let declaration = Declaration::read(documents, &self.knowledge.facts.vocabulary);
        for error in &declaration.errors {
            if let Some(document) = declaration.documents.get(error.document) {
                report.errors.push(declaration_error(&document.source, error, &declaration));
            }
        }
        let input = Input {
            sheets: declaration.documents.iter().map(|d| Sheet::plain(Arc::clone(d), 0)).collect(),
            declaration: Some(&declaration),
            ..Input::default()
        };
        let deployment = Deployment::new(&self.knowledge.facts, None, input);
        let about = About {
            key,
            platform: "declaration".into(),
            name: declaration.name.clone().unwrap_or_else(|| "declaration".into()),
            version: None,
            assumed: None,
            detected: vec!["hushlint".into()],
            roles: Vec::new(),
            sources: Vec::new(),
            as_of: declaration.as_of.clone(),
        };
        self.finish(&[deployment], &self.policy(None), None, &about, report);
    }
}

/// The place of the main document: that of the platform's first kind; of variables, those that a service sets itself.
/// A whole file comes first, what is laid over it after it.
fn main_of(parsed: &mut Vec<Parsed>) -> Option<usize> {
    let first = parsed.iter().filter(|p| !p.part).map(|p| p.sheet.kind).min()?;
    let own = || parsed.iter().enumerate().filter(|(_, p)| !p.part && p.sheet.kind == first);
    let (at, main) = own().find(|(_, p)| p.role.is_none()).or_else(|| own().next())?;
    if !main.sheet.address.is_empty() {
        return Some(at);
    }
    let main = parsed.remove(at);
    parsed.insert(0, main);
    Some(0)
}

pub(super) fn syntax_error(source: &Arc<Source>, error: &SyntaxError) -> InputError {
    let redactor = Redactor::new();
    InputError {
        file: redactor.show(source.path()),
        span: Some(Range::of(source, error.span)),
        message: redactor.show(&error.message),
        labels: Vec::new(),
        help: error.help.as_ref().map(|h| redactor.show(h)),
    }
}

fn declaration_error(
    source: &Arc<Source>,
    error: &crate::platform::DeclarationError,
    declaration: &Declaration,
) -> InputError {
    let redactor = Redactor::new();
    let other = error
        .other
        .as_ref()
        .and_then(|(d, span, text)| Some((declaration.documents.get(*d)?, *span, text, *d == error.document)));
    // A place in another file is told by the help line; labels belong to this file.
    let labels = other
        .filter(|(.., same)| *same)
        .map(|(doc, span, text, _)| (Range::of(&doc.source, span), redactor.show(text)))
        .into_iter()
        .collect();
    InputError {
        file: redactor.show(source.path()),
        span: Some(Range::of(source, error.span)),
        message: redactor.show(&match &error.help {
            Some(help) if error.other.is_some() => format!("{}: {help}", error.message),
            _ => error.message.clone(),
        }),
        labels,
        help: error.help.as_ref().filter(|_| error.other.is_none()).map(|h| redactor.show(h)),
    }
}
