//! Judging one group: parse, confirm, read, judge, settle.

use super::ask::Ask;
use super::convert::Converter;
use super::group::{As, Group};
use super::options::Linter;
use super::report::{DeploymentInfo, GroupReport, InputError, Range, RuleResult, SkippedFile, UnknownOutcome};
use super::scan::format_for;
use super::sheets::{Parsed, Reader, Sheets, unreadable};
use crate::fact::{FactKey, Version};
use crate::judge::{Judgement, Memo, Outcome, judge};
use crate::platform::{
    Declaration, Deployment, DocumentKind, Input, KeyStarts, Sheet, is_declaration, look, product_name,
};
use crate::rule::Policy;
use crate::settle::settle;
use crate::syntax::{Document, Format, Limits, SyntaxError, parse};
use crate::text::{Redactor, Source, Span};
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
        let Sheets { mut parsed, sources, .. } = Reader::new(self, n, platform, group, sources, ask).read(report);
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
            ..Input::default()
        };
        let deployment = Deployment::new(&self.knowledge.facts, Some(platform), input);
        // An image's tag may have told it.
        let version = deployment.version().cloned();
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
        };
        // What a user says of one deployment holds for no other.
        let memo = described.is_none().then(|| self.memo(n)).flatten();
        self.finish(&deployment, &self.policy(Some(n)), memo.as_deref(), about, report);
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
            let declaration = Declaration::read(documents, &self.knowledge.facts.vocabulary);
            for error in &declaration.errors {
                if let Some(document) = declaration.documents.get(error.document) {
                    report.errors.push(declaration_error(&document.source, error, &declaration));
                }
            }
            let first = declaration.documents.first().map(|d| d.source.path().to_owned()).unwrap_or_default();
            let folder = first.rsplit_once('/').map_or(".", |(f, _)| f);
            let key = match (described, &name) {
                (Some(d), _) => d.name.clone(),
                (None, Some(name)) => format!("{folder}#{name}"),
                (None, None) => first,
            };
            let input = Input {
                sheets: declaration.documents.iter().map(|d| Sheet::plain(Arc::clone(d), 0)).collect(),
                declaration: Some(&declaration),
                ..Input::default()
            };
            let deployment = Deployment::new(&self.knowledge.facts, None, input);
            let about = About {
                key,
                platform: "declaration".into(),
                name: name.unwrap_or_else(|| "declaration".into()),
                version: None,
                assumed: None,
                detected: vec!["hushlint".into()],
                roles: Vec::new(),
                sources: Vec::new(),
            };
            self.finish(&deployment, &self.policy(None), None, about, report);
        }
    }

    fn finish(
        &self,
        deployment: &Deployment<'_>,
        policy: &Policy,
        memo: Option<&Memo>,
        about: About,
        report: &mut GroupReport,
    ) {
        let judgement = judge(deployment, policy, memo);
        let redactor = redactor_of(deployment, &about.sources);
        let converter = Converter::new(self, deployment, policy, &redactor, &about.key);
        for (outcome, _) in &judgement.outcomes {
            match outcome {
                Outcome::Pass => report.outcomes.pass += 1,
                Outcome::Fail => report.outcomes.fail += 1,
                Outcome::Unknown => report.outcomes.unknown += 1,
                Outcome::NotApplicable => report.outcomes.not_applicable += 1,
            }
        }
        report.unknown.extend(self.undecided(deployment, policy, &judgement, &redactor, &about.key));
        if self.options.all_outcomes {
            report.results.extend(policy.selected.iter().zip(&judgement.outcomes).map(|(s, (outcome, why))| {
                RuleResult {
                    rule: redactor.show(&s.rule.id),
                    deployment: redactor.show(&about.key),
                    outcome: *outcome,
                    reason: why.as_ref().map(|w| redactor.show(w)),
                }
            }));
        }
        if self.options.facts {
            report.facts.push(converter.facts());
        }
        if self.options.settings {
            report.settings.push(converter.settings());
        }
        let subjects = converter.subjects();
        let files = converter.files(&about.roles);
        let found = settle(deployment, policy, memo, judgement, &about.key);
        let mut findings: Vec<_> = found.iter().map(|f| converter.finding(f)).collect();
        findings.sort_by(|a, b| {
            (&a.file, a.span.start.offset, &a.rule, &a.fingerprint).cmp(&(
                &b.file,
                b.span.start.offset,
                &b.rule,
                &b.fingerprint,
            ))
        });
        if self.options.sources && !findings.is_empty() {
            let mut shown: Vec<u64> = Vec::new();
            for source in deployment.sheets().iter().map(|s| &s.document.source) {
                if !shown.contains(&source.id()) {
                    shown.push(source.id());
                    report.sources.push((redactor.show(source.path()), Arc::new(redactor.display(source))));
                }
            }
        }
        report.findings.extend(findings);
        report.deployments.push(DeploymentInfo {
            id: redactor.show(&about.key),
            platform: redactor.show(&about.platform),
            version: about.version.map(|v| redactor.show(&v)),
            assumed_version: about.assumed.map(|v| redactor.show(&v)),
            files: files.iter().map(|file| file.path.clone()).collect(),
            detected_by: about.detected.iter().map(|k| redactor.show(k)).collect(),
            name: redactor.show(&about.name),
            subjects,
            parts: files,
        });
    }

    fn undecided(
        &self,
        deployment: &Deployment<'_>,
        policy: &Policy,
        judgement: &Judgement,
        redactor: &Redactor,
        key: &str,
    ) -> Vec<UnknownOutcome> {
        let deployment_key = redactor.show(key);
        let mut reasons: Vec<(Arc<str>, crate::text::Shown)> = Vec::new();
        let name = |key: &FactKey| {
            deployment.fact_of(*key).map(|(ix, q)| {
                let id = &deployment.vocabulary().fact(ix).id;
                redactor.show(&q.map_or_else(|| id.clone(), |q| format!("{id}['{q}']")))
            })
        };
        judgement
            .undecided
            .iter()
            .filter_map(|u| {
                let selected = policy.selected.get(u.selected)?;
                let known =
                    reasons.iter().find(|(why, _)| Arc::ptr_eq(why, &u.unknown.why)).map(|(_, shown)| shown.clone());
                let reason = known.unwrap_or_else(|| {
                    let shown = redactor.show(&u.unknown.why);
                    reasons.push((Arc::clone(&u.unknown.why), shown.clone()));
                    shown
                });
                Some(UnknownOutcome {
                    rule: selected.shown.id.clone(),
                    deployment: deployment_key.clone(),
                    reason,
                    kind: crate::text::Shown::fixed(u.unknown.kind.name()),
                    facts: u.facts.iter().filter_map(name).collect(),
                    decided_by: u.unknown.by.as_ref().map(|b| redactor.show(b)),
                })
            })
            .collect()
    }
}

/// What is known of a deployment before it is read.
struct About {
    key: String,
    platform: String,
    name: String,
    version: Option<String>,
    assumed: Option<String>,
    detected: Vec<String>,
    /// What each sheet is beside the main document, where that is said in other words than usual.
    roles: Vec<Option<String>>,
    /// Texts that were read for it.
    sources: Vec<Arc<Source>>,
}

/// The place of the main document: that of the platform's first kind; of variables, those that a service sets itself.
/// A whole file comes first, what is laid over it after it.
fn main_of(parsed: &mut Vec<Parsed>) -> Option<usize> {
    let inside = |p: &Parsed| !p.sheet.address.is_empty();
    let first = parsed.iter().filter(|p| !p.part).map(|p| p.sheet.kind).min()?;
    let mut own = parsed.iter().enumerate().filter(|(_, p)| !p.part && p.sheet.kind == first);
    let whole = own.clone().all(|(_, p)| !inside(p));
    let (at, _) = if whole { own.next()? } else { own.find(|(_, p)| inside(p))? };
    if !whole {
        return Some(at);
    }
    let main = parsed.remove(at);
    parsed.insert(0, main);
    Some(0)
}

/// Knows the secrets of a deployment: those of the platform's settings, and what looks like one in any text read.
fn redactor_of(deployment: &Deployment<'_>, sources: &[Arc<Source>]) -> Redactor {
    let mut redactor = Redactor::new();
    let (sealed, plain) = deployment.sealed_and_plain();
    let sheets = deployment.sheets();
    let at = |d: u32| sheets.get(d as usize).map(|sheet| &sheet.document);
    for (d, node) in &sealed {
        let Some(document) = at(*d) else { continue };
        let node = document.node(*node);
        redactor.secret(&document.source, node.span);
        // What is filled in, unescaped or decoded is spelt otherwise in the file.
        if node.hole.is_none() && node.text().is_some_and(|text| text != document.source.slice(node.span)) {
            redactor.secret_text(node.text().unwrap_or_default());
        }
    }
    let mut scanned: Vec<u64> = Vec::new();
    for source in sheets.iter().map(|sheet| &sheet.document.source).chain(sources) {
        if scanned.contains(&source.id()) {
            continue;
        }
        scanned.push(source.id());
        // Base64 may hold anything beside what a setting reads.
        let own = |d: u32| at(d).filter(|document| document.source.id() == source.id() && !document.decoded);
        let exempt: Vec<Span> = plain.iter().filter_map(|(d, node)| Some(own(*d)?.node(*node).span)).collect();
        redactor.scan(source, &exempt);
    }
    // Base64 shows nothing of what it holds.
    for inner in sheets.iter().filter(|s| s.document.decoded).filter_map(|s| s.document.inner.as_ref()) {
        redactor.scan(inner, &[]);
    }
    redactor
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
