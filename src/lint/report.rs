//! What a run found, ready to be shown: every text in here has been masked and neutralised ([`Shown`]).
//!
//! Formats (floor 9) read these types and nothing else.

use super::saved;
pub use crate::judge::{Confidence, Origin, Outcome, Role};
pub use crate::rule::{Basis, Severity, Words};
use crate::text::{DisplaySource, Position, Shown, Source, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A span with lines and columns (1-based; columns count Unicode scalar values; the end is exclusive).
#[derive(Copy, Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(from = "saved::Ends")]
pub struct Range {
    /// First position.
    pub start: Position,
    /// One past the last position.
    pub end: Position,
    /// The same as bytes of the decoded text, for renderers.
    #[serde(skip)]
    pub bytes: Span,
}

impl Range {
    /// The span's range in its source.
    pub fn of(source: &Source, bytes: Span) -> Self {
        Self { start: source.position(bytes.start), end: source.position(bytes.end), bytes }
    }
}

/// One place of a finding, with what is to be known about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Label {
    /// What it is for.
    #[serde(deserialize_with = "saved::word")]
    pub role: Role,
    /// The file.
    pub file: Shown,
    /// The setting, if the place belongs to one.
    pub setting: Option<Shown>,
    /// Where; `None` if nothing in the file stands for it.
    pub span: Option<Range>,
    /// The words.
    pub text: Shown,
    /// The span of key and value together, for underlining; only where it is wider than `span`.
    #[serde(skip)]
    pub wide: Option<Span>,
}

/// One replacement of a fix.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// The file.
    pub file: Shown,
    /// What is replaced.
    pub span: Range,
    /// By what.
    pub text: Shown,
}

/// May a fix be applied unasked?
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Yes.
    Safe,
    /// Only when a person has looked.
    Unsafe,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, in a few words.
    pub title: Shown,
    /// May it be applied unasked?
    #[serde(deserialize_with = "saved::word")]
    pub safety: Safety,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// A finding that this one stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RelatedFinding {
    /// The hidden finding's rule.
    pub rule: Shown,
    /// Its fingerprint.
    #[serde(deserialize_with = "saved::plain")]
    pub fingerprint: String,
    /// Its message.
    pub message: Shown,
}

/// Why a finding is not shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suppression {
    /// `inline`, `config`, `baseline`.
    pub kind: Shown,
    /// The user's reason.
    pub reason: Shown,
    /// When it ends, `YYYY-MM-DD`.
    pub until: Option<Shown>,
}

/// A rule that fails on a deployment, at a place. Field order is the order in JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: Shown,
    /// The pack whose severity holds.
    pub pack: Shown,
    /// What the severity rests on.
    #[serde(deserialize_with = "saved::word")]
    pub basis: Basis,
    /// The severity.
    #[serde(deserialize_with = "saved::word")]
    pub severity: Severity,
    /// How sure.
    #[serde(deserialize_with = "saved::word")]
    pub confidence: Confidence,
    /// The problem, in one line.
    pub message: Shown,
    /// The deployment's id.
    pub deployment: Shown,
    /// The file of the primary place.
    pub file: Shown,
    /// The primary place.
    pub span: Range,
    /// The place stands for something that is not written (a parent key, or line 1).
    pub anchor: bool,
    /// The setting at the primary place.
    pub setting: Option<Shown>,
    /// The first fact that decided.
    pub fact: Option<Shown>,
    /// The qualifiers it holds for, in vocabulary order.
    pub qualifier: Vec<Shown>,
    /// The deciding value, as a literal.
    #[serde(deserialize_with = "saved::value")]
    pub value: serde_json::Value,
    /// Where the value comes from.
    #[serde(deserialize_with = "saved::word")]
    pub origin: Origin,
    /// The shape the primary place was read from: `plain` …
    pub via: Shown,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub why: Shown,
    /// How to mend it: lines that can be pasted.
    pub help: Shown,
    /// The mend as edits, where a written value is replaced.
    pub fix: Option<Fix>,
    /// Control ids of frameworks.
    pub controls: Vec<Shown>,
    /// The rule's page.
    pub url: Shown,
    /// Stable id of the finding (the first of `fingerprints`).
    #[serde(deserialize_with = "saved::plain")]
    pub fingerprint: String,
    /// One for each member that was folded into it.
    #[serde(deserialize_with = "saved::plain_list")]
    pub fingerprints: Vec<String>,
    /// Instances (hosts) it holds for.
    pub instances: Vec<Shown>,
    /// What it stands for.
    pub related: Vec<RelatedFinding>,
    /// No setting of the platform can mend it: shown in one note, decides no exit code.
    pub fixed: bool,
    /// Not shown, and why.
    pub suppressed: Option<Suppression>,
    /// What formats say of the rule itself.
    #[serde(skip)]
    pub about: Arc<Words>,
}

impl Finding {
    /// Is it about a deployment: its own, or one of the instances that it stands for?
    pub fn is_of(&self, deployment: &Shown) -> bool {
        let (id, own): (&str, &str) = (deployment.as_ref(), self.deployment.as_ref());
        let instance = || id.strip_prefix(own).and_then(|rest| rest.strip_prefix('#'));
        id == own || instance().is_some_and(|i| self.instances.iter().any(|x| *i == *x.as_ref()))
    }
}

/// A deployment that was judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeploymentInfo {
    /// Its key: the user's name, else the path of its main document.
    pub id: Shown,
    /// The platform's id.
    pub platform: Shown,
    /// The release, if known.
    pub version: Option<Shown>,
    /// The release whose defaults are quoted, if `version` is not known (or above what was verified).
    pub assumed_version: Option<Shown>,
    /// Its files, the main document first.
    pub files: Vec<Shown>,
    /// Why it was taken for this platform: the keys.
    pub detected_by: Vec<Shown>,
    /// The platform's name for people.
    #[serde(skip)]
    pub name: Shown,
    /// The four subjects that are answered first: (title, value in words).
    #[serde(skip)]
    pub subjects: Vec<(Shown, Shown)>,
    /// What names it to the world, as its files say: the server's name; only where runs are compared.
    #[serde(skip)]
    pub server: Option<Shown>,
    /// What each file is within the deployment, as `files`.
    #[serde(skip)]
    pub parts: Vec<FilePart>,
    /// Of a declaration: the day that it speaks of.
    #[serde(skip)]
    pub as_of: Option<Shown>,
}

/// A file of a deployment.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// Its path.
    pub path: Shown,
    /// What it is, in words: `part of … (log)`.
    pub role: Shown,
    /// The shape it was read from: `plain`, `compose` …
    pub shape: Shown,
    /// Where in it the settings stand; `None`: it is all theirs.
    pub address: Option<Shown>,
}

/// How often each outcome occurred, one a rule and deployment, before suppression.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcomes {
    /// Rules that hold.
    pub pass: usize,
    /// Rules that do not hold.
    pub fail: usize,
    /// Rules that could not be decided.
    pub unknown: usize,
    /// Rules about something that does not exist here.
    pub not_applicable: usize,
}

impl Outcomes {
    /// Counts those of another group.
    pub fn add(&mut self, other: &Outcomes) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.unknown += other.unknown;
        self.not_applicable += other.not_applicable;
    }
}

/// A rule that could not be decided on a deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnknownOutcome {
    /// The rule.
    pub rule: Shown,
    /// The deployment's id.
    pub deployment: Shown,
    /// Why: `calls are encrypted by clients`.
    pub reason: Shown,
    /// `undeclared stated not-read not-written elsewhere templated refused version context`.
    pub kind: Shown,
    /// The facts that are unknown.
    pub facts: Vec<Shown>,
    /// Who decides it, where known: `client operator proxy identity-provider database other-file module licence version`.
    pub decided_by: Option<Shown>,
}

/// One outcome of a rule, under `--all-outcomes`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RuleResult {
    /// The rule.
    pub rule: Shown,
    /// The deployment's id.
    pub deployment: Shown,
    /// The verdict.
    #[serde(deserialize_with = "saved::word")]
    pub outcome: Outcome,
    /// Why it could not be decided, or does not apply.
    pub reason: Option<Shown>,
    /// What formats say of the rule itself.
    #[serde(skip)]
    pub about: Arc<Words>,
}

/// An input that could not be read or parsed, or a declaration's error.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputError {
    /// The file.
    pub file: Shown,
    /// Where; `None` if the file could not be read.
    pub span: Option<Range>,
    /// What.
    pub message: Shown,
    /// Further places: (span, text).
    #[serde(deserialize_with = "saved::labels")]
    pub labels: Vec<(Range, Shown)>,
    /// How to mend it.
    #[serde(skip)]
    pub help: Option<Shown>,
}

/// A file that was looked at and not taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SkippedFile {
    /// The file.
    pub file: Shown,
    /// Why.
    pub reason: Shown,
}

/// One effective fact of a deployment.
#[derive(Clone, Debug, Serialize)]
pub struct FactInfo {
    /// The fact.
    pub fact: Shown,
    /// The qualifier, if it has one.
    pub qualifier: Option<Shown>,
    /// The value as a literal; null if not known.
    pub value: serde_json::Value,
    /// `known`, `unknown`, `not-applicable`.
    pub state: Shown,
    /// What it may be, if that is bounded.
    pub candidates: Vec<serde_json::Value>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The shape.
    pub via: Option<Shown>,
    /// The file of its first source.
    pub file: Option<Shown>,
    /// Where in it.
    pub span: Option<Range>,
    /// The setting of its first source.
    pub setting: Option<Shown>,
    /// The reason shown with the value.
    pub because: Option<Shown>,
    /// The release the default was confirmed against.
    pub verified: Option<Shown>,
    /// The value in plain English.
    #[serde(skip)]
    pub words: Shown,
    /// What the value rests on, if there is one; of several sources the weakest.
    #[serde(skip)]
    pub footing: Option<Footing>,
    /// Of a declaration: the sources it names for the value.
    #[serde(skip)]
    pub evidence: Vec<SourceInfo>,
    /// What the value is, or all that it may be; empty if that is not bounded. For its order.
    #[serde(skip)]
    pub possible: Vec<crate::fact::Value>,
}

/// What a value rests on, the strongest first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Footing {
    /// A file says it.
    File,
    /// The vendor's own document, configuration or code says it.
    Verified,
    /// No file says otherwise, and this is what the platform does then.
    Default,
    /// Somebody else says it.
    Reported,
    /// Whoever declares it says so, and names no source.
    Declared,
    /// A file says it, but only a database's first content came from there.
    Initial,
    /// It is how we read a source that does not quite say it.
    Assumed,
}

/// A source that a declaration names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SourceInfo {
    /// Where it can be read.
    pub url: Option<Shown>,
    /// How well it was looked at: `verified`, `reported`, `assumed`.
    pub status: Shown,
    /// When it was read.
    pub read: Option<Shown>,
    /// When it was written.
    pub dated: Option<Shown>,
    /// Since when the product is as it says.
    pub since: Option<Shown>,
    /// What else a reader must know.
    pub note: Option<Shown>,
}

/// One effective setting of a deployment (`facts --settings`): what the platform's own parser would hold.
#[derive(Clone, Debug, Serialize)]
pub struct SettingInfo {
    /// The setting's id.
    pub id: Shown,
    /// `known`, `unknown`, `not-applicable`.
    pub state: Shown,
    /// Of an unknown one: the kind of unknown, as in `unknown[].kind`.
    pub kind: Option<Shown>,
    /// Durations in whole milliseconds or a word, lists as arrays of text, records as their number.
    pub value: serde_json::Value,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

/// What one group of files came to.
#[derive(Clone, Debug, Default)]
pub struct GroupReport {
    /// The deployments in it.
    pub deployments: Vec<DeploymentInfo>,
    /// Findings, sorted by file, offset, rule; suppressed and fixed ones included.
    pub findings: Vec<Finding>,
    /// Outcome counts.
    pub outcomes: Outcomes,
    /// Undecided rules.
    pub unknown: Vec<UnknownOutcome>,
    /// All outcomes, if asked for.
    pub results: Vec<RuleResult>,
    /// Facts, if asked for: one list a deployment, as `deployments`.
    pub facts: Vec<Vec<FactInfo>>,
    /// Settings, if asked for: one list a deployment, as `deployments`.
    pub settings: Vec<Vec<SettingInfo>>,
    /// What could not be read.
    pub errors: Vec<InputError>,
    /// What was not taken after all.
    pub skipped: Vec<SkippedFile>,
    /// The texts that spans point into, by file; only where something points.
    pub sources: Vec<(Shown, Arc<DisplaySource>)>,
    /// What waivers and the baseline met, if there are any.
    pub house: Option<Box<super::house::House>>,
}

/// What holds for the whole run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunInfo {
    /// The packs in force.
    pub packs: Vec<PackInfo>,
    /// The configuration file, if one governs the run.
    pub config: Option<Shown>,
    /// The severity that decides the exit code.
    #[serde(deserialize_with = "saved::word")]
    pub fail_on: Severity,
    /// The lowest severity that is shown, if not all are: findings below it are left out.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "saved::word_or_none")]
    pub min_severity: Option<Severity>,
    /// The date waivers are held against, `YYYY-MM-DD`.
    #[serde(deserialize_with = "saved::plain")]
    pub today: String,
    /// The exit code.
    pub exit_code: u8,
}

/// A pack in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PackInfo {
    /// Its id.
    pub id: Shown,
    /// Its version.
    #[serde(deserialize_with = "saved::plain")]
    pub version: String,
    /// SHA-256 of its text, hexadecimal.
    #[serde(deserialize_with = "saved::plain")]
    pub sha256: String,
}
