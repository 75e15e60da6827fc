//! `check --format json`, read back, so that it can be written in another format.
//!
//! What JSON does not hold cannot be had again: excerpts, the four subjects of a deployment, advice with an error.

use crate::lint::{
    DeploymentInfo, Finding, GroupReport, InputError, Knowledge, Outcomes, RuleResult, RunInfo, SkippedFile,
    UnknownOutcome, Words,
};
use crate::report::envelope::SCHEMA_VERSION;
use crate::report::{Skipped, Summary};
use crate::text::Shown;
use serde::Deserialize;
use serde_json::error::Category;
use std::collections::HashMap;
use std::sync::Arc;

/// A saved report, as reports take it.
#[derive(Debug)]
pub struct Saved {
    /// The deployments, grouped as they were when they were judged, each with what was found.
    pub groups: Vec<GroupReport>,
    /// What held for the run.
    pub summary: Summary,
    /// It was made under `--all-outcomes`.
    pub all_outcomes: bool,
}

/// Why a text is no saved report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedError {
    /// Line and column, from 1; `None` if it is about the whole.
    pub place: Option<(usize, usize)>,
    /// What is wrong. Nothing of the text is quoted.
    pub message: String,
}

/// What every JSON of ours begins with.
#[derive(Deserialize)]
struct Head {
    schema_version: Option<serde_json::Value>,
    tool: Option<Tool>,
    findings: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

#[derive(Deserialize)]
struct File {
    run: RunInfo,
    deployments: Vec<DeploymentInfo>,
    findings: Vec<Finding>,
    outcomes: Outcomes,
    unknown: Vec<UnknownOutcome>,
    results: Option<Vec<RuleResult>>,
    errors: Vec<InputError>,
    skipped: SkippedFiles,
}

#[derive(Deserialize)]
struct SkippedFiles {
    count: usize,
    files: Vec<SkippedFile>,
}

impl From<serde_json::Error> for SavedError {
    fn from(error: serde_json::Error) -> Self {
        let place = (error.line() > 0).then(|| (error.line(), error.column().max(1)));
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        // The reader quotes what it did not expect, and that may be a secret.
        let mut message = String::new();
        for (number, part) in words.split('"').enumerate() {
            message.push_str(if number % 2 == 0 { part } else { "…" });
        }
        let message = match error.classify() {
            Category::Eof => "no JSON: it ends before it is complete".to_owned(),
            Category::Data => format!("not what a report holds: {message}"),
            Category::Syntax | Category::Io => format!("no JSON: {message}"),
        };
        Self { place, message }
    }
}

fn whole(message: impl Into<String>) -> SavedError {
    SavedError { place: None, message: message.into() }
}

impl Saved {
    /// Reads a report. `knowledge` has the words of the rules, which stand in no report.
    pub fn read(text: &str, knowledge: &Knowledge) -> Result<Self, SavedError> {
        let head: Head = serde_json::from_str(text)?;
        if head.tool.is_none_or(|tool| tool.name != "hushlint") {
            return Err(whole("this is no report of hushlint: save one with `hushlint check --format json`"));
        }
        match head.schema_version.and_then(|version| version.as_u64()) {
            Some(version) if version == u64::from(SCHEMA_VERSION) => {}
            Some(version) => {
                let mut message = format!("its `schema_version` is {version}, and this release reads {SCHEMA_VERSION}");
                if version > u64::from(SCHEMA_VERSION) {
                    message.push_str(": a later release of hushlint wrote it, and can convert it");
                }
                return Err(whole(message));
            }
            None => return Err(whole("it has no `schema_version` that is a number")),
        }
        if head.findings.is_none() {
            return Err(whole("it has no `findings`: only reports of `hushlint check` can be converted"));
        }
        Ok(Self::of(serde_json::from_str(text)?, knowledge))
    }

    fn of(file: File, knowledge: &Knowledge) -> Self {
        let all_outcomes = file.results.is_some();
        let mut groups = groups(file.deployments, knowledge);
        let mut words = Rules { knowledge, known: HashMap::new() };
        let mut rest = GroupReport { outcomes: file.outcomes, ..GroupReport::default() };
        for mut finding in file.findings {
            finding.about = words.of(&finding.rule, Some(&finding));
            let group = groups.iter_mut().find(|g| g.deployments.iter().any(|d| finding.is_of(&d.id)));
            group.unwrap_or(&mut rest).findings.push(finding);
        }
        for mut result in file.results.into_iter().flatten() {
            result.about = words.of(&result.rule, None);
            let group = groups.iter_mut().find(|g| g.deployments.iter().any(|d| d.id == result.deployment));
            group.unwrap_or(&mut rest).results.push(result);
        }
        for unknown in file.unknown {
            let group = groups.iter_mut().find(|g| g.deployments.iter().any(|d| d.id == unknown.deployment));
            group.unwrap_or(&mut rest).unknown.push(unknown);
        }
        let mut errors = Vec::new();
        for error in file.errors {
            let group = groups.iter_mut().find(|g| g.deployments.iter().any(|d| d.files.contains(&error.file)));
            group.map_or(&mut errors, |group| &mut group.errors).push(error);
        }
        groups.push(rest);
        let summary = Summary { run: file.run, errors, skipped: skipped(file.skipped), named: Vec::new(), hidden: 0 };
        Self { groups, summary, all_outcomes }
    }
}

/// Deployments of the same documents are one group, as they were when they were judged.
fn groups(deployments: Vec<DeploymentInfo>, knowledge: &Knowledge) -> Vec<GroupReport> {
    let mut groups: Vec<GroupReport> = Vec::new();
    for mut deployment in deployments {
        let platform = knowledge.find_platform(deployment.platform.as_ref()).and_then(|n| knowledge.platform(n).ok());
        deployment.name = match platform {
            Some(loaded) => Shown::saved(&loaded.platform.name),
            // A declaration has its product's name behind the folder.
            None => {
                deployment.id.as_ref().rsplit_once('#').map_or(deployment.platform.clone(), |(_, n)| Shown::saved(n))
            }
        };
        let same = groups.last_mut().filter(|g| g.deployments.iter().any(|d| d.files == deployment.files));
        match same {
            Some(group) => group.deployments.push(deployment),
            None => groups.push(GroupReport { deployments: vec![deployment], ..GroupReport::default() }),
        }
    }
    groups
}

/// The reasons, counted again.
fn skipped(saved: SkippedFiles) -> Skipped {
    let mut reasons: Vec<(Shown, usize)> = Vec::new();
    for file in &saved.files {
        match reasons.iter_mut().find(|(reason, _)| *reason == file.reason) {
            Some((_, number)) => *number += 1,
            None => reasons.push((file.reason.clone(), 1)),
        }
    }
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Skipped { count: saved.count, files: saved.files, reasons, folders: Vec::new() }
}

/// The words of rules: those of the catalogue, else what the finding itself has.
struct Rules<'a> {
    knowledge: &'a Knowledge,
    known: HashMap<Shown, Arc<Words>>,
}

impl Rules<'_> {
    fn of(&mut self, id: &Shown, finding: Option<&Finding>) -> Arc<Words> {
        if let Some(words) = self.known.get(id) {
            return Arc::clone(words);
        }
        let pack = finding.map(|f| f.pack.as_ref()).unwrap_or_default();
        let words = match (self.knowledge.rule(id.as_ref()), finding) {
            (Some(rule), _) => Words::of(&rule, pack, finding.map(|f| f.severity)),
            (None, Some(finding)) => Arc::new(Words {
                id: id.clone(),
                pack: finding.pack.clone(),
                why: finding.why.clone(),
                fix: finding.help.clone(),
                controls: finding.controls.clone(),
                url: finding.url.clone(),
                title: finding.message.clone(),
                theme: Shown::default(),
                severity: Some(finding.severity),
            }),
            (None, None) => Arc::new(Words { id: id.clone(), title: id.clone(), why: id.clone(), ..Words::default() }),
        };
        self.known.insert(id.clone(), Arc::clone(&words));
        words
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const REPORT: &str = r#"{
"schema_version": 1, "tool": {"name":"hushlint","version":"0.1.0"},
"run": {"packs":[{"id":"baseline","version":"0.1.0","sha256":"00"}],"config":null,"fail_on":"warning","today":"2026-11-24","exit_code":1},
"deployments": [{"id":"a.yaml#x","platform":"synapse","version":null,"assumed_version":"1.163.2","files":["a.yaml"],"detected_by":["k"]}],
"findings": [{"rule":"secret-inline","pack":"baseline","basis":"guidance","severity":"error","confidence":"high","message":"m","deployment":"a.yaml#x","file":"a.yaml",
"span":{"start":{"line":2,"column":3,"offset":10},"end":{"line":2,"column":9,"offset":16}},"anchor":false,"setting":"s","fact":"ops.secrets","qualifier":["s"],"value":"inline","origin":"set","via":"plain",
"labels":[],"why":"w","help":"h","fix":null,"controls":[],"url":"https://x.example/","fingerprint":"0123456789abcdef","fingerprints":["0123456789abcdef"],"instances":[],"related":[],"fixed":false,"suppressed":null}],
"outcomes": {"pass":1,"fail":1,"unknown":0,"not_applicable":0}, "unknown": [],
"errors": [{"file":"b.yaml","span":null,"message":"broken","labels":[]}], "skipped": {"count":3,"files":[{"file":"c","reason":"r"}]}
}"#;

    fn knowledge() -> &'static Knowledge {
        static KNOWLEDGE: std::sync::OnceLock<Knowledge> = std::sync::OnceLock::new();
        KNOWLEDGE.get_or_init(|| Knowledge::built_in().unwrap())
    }

    #[test]
    fn a_report_is_put_together_again() {
        let saved = Saved::read(REPORT, knowledge()).unwrap();
        let group = saved.groups.first().unwrap();
        let finding = group.findings.first().unwrap();
        assert_eq!(finding.span.bytes.range(), 10..16);
        assert_eq!(finding.about.title.as_ref(), "A secret is written in the configuration", "from the catalogue");
        assert_eq!(group.deployments.first().unwrap().name.as_ref(), "Synapse");
        assert_eq!(saved.summary.errors.len(), 1, "no deployment has that file");
        assert_eq!((saved.summary.skipped.count, saved.summary.skipped.reasons.len()), (3, 1));
        assert!(!saved.all_outcomes);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let wrong = |from: &str, to: &str| Saved::read(&REPORT.replace(from, to), knowledge()).unwrap_err();
        let error = wrong("\"message\":\"m\"", "\"message\":[\"hunter2\"]");
        assert_eq!(error.place.map(|(line, _)| line), Some(5));
        assert!(!error.message.contains("hunter2"), "{}", error.message);
        let error = wrong("\"line\":2", "\"line\":\"hunter2\"");
        assert!(!error.message.contains("hunter2") && error.place.is_some(), "{}", error.message);
        assert_eq!(wrong("\"findings\"", "\"other\"").place, None);
        assert!(wrong("\"schema_version\": 1", "\"schema_version\": 7").message.contains("later release"));
        assert!(wrong("\"schema_version\": 1", "\"schema_version\": 0").message.contains("this release reads 1"));
        assert!(wrong("\"schema_version\": 1", "\"schema_version\": \"1\"").message.contains("no `schema_version`"));
        assert!(Saved::read("", knowledge()).is_err_and(|e| e.message.contains("ends before")));
        assert!(Saved::read(&"[".repeat(100_000), knowledge()).is_err(), "deep nesting is refused");
    }

    proptest::proptest! {
        /// A damaged report is an error or another report, and nothing else.
        #[test]
        fn damage_is_no_panic(at in 0..REPORT.len(), length in 0_usize..12, with in "[\\[\\]{}\":,0-9a-z\\\\-]{0,6}") {
            let mut text = REPORT.as_bytes().to_vec();
            text.splice(at..(at + length).min(REPORT.len()), with.bytes());
            if let Ok(saved) = Saved::read(&String::from_utf8_lossy(&text), knowledge()) {
                let findings: usize = saved.groups.iter().map(|group| group.findings.len()).sum();
                proptest::prop_assert_eq!(findings, 1, "no finding is lost");
            }
        }
    }
}
