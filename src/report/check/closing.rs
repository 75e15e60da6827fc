//! What a run comes to: the deployments with their four subjects, the counts, what could not be decided, what
//! was passed over. Kept small while groups go by.

use crate::lint::{DeploymentInfo, GroupReport, Outcomes};
use crate::report::diagnostic::word_of;
use crate::report::look::{Ink, Look};
use crate::report::words::{columns, count, list, paragraph};
use crate::report::{Counts, Summary, Table};
use crate::text::Shown;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// Reasons that are told; the rest is one line.
const REASONS_SHOWN: usize = 8;

/// How much the end of a report says.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Detail {
    /// Nothing: findings and errors are all.
    Quiet,
    /// What fits on a screen.
    #[default]
    Normal,
    /// Every reason, and every file that was passed over.
    Verbose,
}

/// Reasons that are told apart at all, so that a run over thousands of deployments stays small.
const REASONS_KEPT: usize = 512;

/// What is kept of a deployment.
struct Judged {
    heading: String,
    id: Shown,
    subjects: Vec<(Shown, Shown)>,
    assumed: Option<String>,
    counts: Counts,
    undecided: usize,
}

/// Collects while groups go by.
#[derive(Default)]
pub struct Closing {
    /// How much is said in the end.
    pub detail: Detail,
    deployments: Vec<Judged>,
    counts: Counts,
    fixed: usize,
    suppressed: usize,
    outcomes: Outcomes,
    reasons: HashMap<Shown, (usize, usize)>,
    other_reasons: usize,
    errors: usize,
}

/// `synapse/homeserver.yaml: Synapse, release unknown, judged as 1.163.2`.
pub fn heading(deployment: &DeploymentInfo) -> String {
    let mut text = format!("{}: {}", deployment.id, deployment.name);
    match (&deployment.version, &deployment.assumed_version) {
        (Some(version), None) => {
            let _ = write!(text, " {version}");
        }
        (Some(version), Some(assumed)) => {
            let _ = write!(text, " {version}, judged as {assumed}");
        }
        (None, Some(assumed)) => {
            let _ = write!(text, ", release unknown, judged as {assumed}");
        }
        (None, None) => {}
    }
    text
}

impl Closing {
    /// Takes in a group.
    pub fn add(&mut self, group: &GroupReport) {
        let first = self.deployments.len();
        for deployment in &group.deployments {
            let assumed = match (&deployment.version, &deployment.assumed_version) {
                (None, Some(version)) => Some(format!("{} {version}", deployment.name)),
                _ => None,
            };
            self.deployments.push(Judged {
                heading: heading(deployment),
                id: deployment.id.clone(),
                subjects: deployment.subjects.clone(),
                assumed,
                counts: Counts::default(),
                undecided: 0,
            });
        }
        for finding in &group.findings {
            if finding.suppressed.is_some() {
                self.suppressed += 1;
            } else if finding.fixed {
                self.fixed += 1;
            } else {
                self.counts.add(finding.severity);
                let of = self.deployments.iter_mut().skip(first).filter(|d| finding.is_of(&d.id));
                of.for_each(|d| d.counts.add(finding.severity));
            }
        }
        for unknown in &group.unknown {
            let of = self.deployments.iter_mut().skip(first).find(|d| d.id == unknown.deployment);
            of.into_iter().for_each(|d| d.undecided += 1);
            let (known, next) = (self.reasons.len(), self.reasons.len());
            match self.reasons.get_mut(&unknown.reason) {
                Some((times, _)) => *times += 1,
                None if known < REASONS_KEPT => {
                    self.reasons.insert(unknown.reason.clone(), (1, next));
                }
                None => self.other_reasons += 1,
            }
        }
        self.outcomes.add(&group.outcomes);
        self.errors += group.errors.len();
    }

    /// Writes the end of the report.
    pub fn write(&self, out: &mut String, summary: &Summary, look: &Look) {
        if self.detail == Detail::Quiet {
            return;
        }
        match self.deployments.as_slice() {
            [] => {}
            [only] => self.subjects(out, only, look),
            _ => self.table(out, look),
        }
        if !self.deployments.is_empty() {
            self.counts(out, summary, look);
            self.undecided(out, look);
        }
        self.errors(out, summary, look);
        not_taken(out, summary, look);
        if self.detail == Detail::Verbose {
            each_passed_over(out, summary, look);
        }
        passed_over(out, summary, look);
    }

    /// One deployment: its four subjects in full.
    fn subjects(&self, out: &mut String, only: &Judged, look: &Look) {
        let mut heading = String::new();
        paragraph(&mut heading, "", 0, 2, &only.heading, look.columns());
        look.paint(out, Ink::Bold, heading.trim_end());
        out.push('\n');
        let mut table = Table::new(2, 3);
        for (title, value) in &only.subjects {
            table.row([title.as_ref(), value.as_ref()]);
        }
        // A saved report has none.
        if !only.subjects.is_empty() {
            table.write(out, look.columns());
        }
        out.push('\n');
    }

    /// Several deployments: a row each.
    fn table(&self, out: &mut String, look: &Look) {
        let titles = self.deployments.iter().map(|d| &d.subjects).find(|s| !s.is_empty());
        let titles: Vec<&str> = titles.into_iter().flatten().map(|(title, _)| title.as_ref()).collect();
        let mut table = Table::new(0, 2);
        let counted = ["error", "warning", "note", "undecided"];
        table.row(["deployment"].iter().chain(&titles).chain(&counted).copied());
        for deployment in &self.deployments {
            let subject = |title: &str| {
                let value = deployment.subjects.iter().find(|(t, _)| t.as_ref() == title);
                value.map(|(_, value)| value.as_ref()).unwrap_or("-").to_owned()
            };
            let Counts { error, warning, note } = deployment.counts;
            let mut row = vec![deployment.id.to_string()];
            row.extend(titles.iter().map(|t| subject(t)));
            row.extend([error, warning, note, deployment.undecided].map(|n| n.to_string()));
            table.row(row);
        }
        table.write(out, look.columns());
        let mut assumed: Vec<&str> = self.deployments.iter().filter_map(|d| d.assumed.as_deref()).collect();
        assumed.sort_unstable();
        assumed.dedup();
        if !assumed.is_empty() {
            let words = format!("Where no release is known, defaults are those of {}.", list(&assumed));
            paragraph(out, "", 0, 0, &words, look.columns());
        }
        out.push('\n');
    }

    /// `11 findings: 1 error, 6 warnings, 4 notes. 71 rules hold, 9 do not apply.`
    fn counts(&self, out: &mut String, summary: &Summary, look: &Look) {
        let ink = self.counts.worst().map_or(Ink::Good, |worst| word_of(worst).0);
        let first = self.counts.words();
        let mut rest = String::new();
        let _ = write!(
            rest,
            "{} {}, {} {} not apply.",
            count(self.outcomes.pass, "rule"),
            if self.outcomes.pass == 1 { "holds" } else { "hold" },
            self.outcomes.not_applicable,
            if self.outcomes.not_applicable == 1 { "does" } else { "do" },
        );
        if self.fixed > 0 {
            let _ = write!(rest, " {} more that no setting can mend.", self.fixed);
        }
        if self.suppressed > 0 {
            let _ = write!(rest, " {} hidden by a waiver or the baseline.", self.suppressed);
        }
        if summary.hidden > 0 {
            let _ = write!(rest, " {} below `--min-severity` not shown.", summary.hidden);
        }
        let mut label = String::new();
        look.paint(&mut label, ink, &first);
        label.push(' ');
        paragraph(out, &label, columns(&first) + 1, 0, &rest, look.columns());
    }

    /// What could not be decided, by reason.
    fn undecided(&self, out: &mut String, look: &Look) {
        let total = self.outcomes.unknown;
        if total == 0 {
            return;
        }
        let mut reasons: Vec<(&Shown, usize, usize)> =
            self.reasons.iter().map(|(reason, (times, first))| (reason, *times, *first)).collect();
        reasons.sort_by_key(|(_, times, first)| (std::cmp::Reverse(*times), *first));
        let _ = writeln!(out, "{total} could not be decided:");
        let digits = reasons.first().map_or(1, |(_, times, _)| times.to_string().len());
        let shown = if self.detail == Detail::Verbose { reasons.len() } else { REASONS_SHOWN };
        for (reason, times, _) in reasons.iter().take(shown) {
            let first = format!("  {times:>digits$}  ");
            paragraph(out, &first, columns(&first), columns(&first), reason.as_ref(), look.columns());
        }
        let hidden = reasons.iter().skip(shown);
        let others: usize = hidden.clone().map(|(_, times, _)| times).sum::<usize>() + self.other_reasons;
        if others > 0 {
            let _ = writeln!(out, "  {others:>digits$}  for {}", count(hidden.count().max(1), "other reason"));
        }
        let words = "`--all-outcomes` lists them, `hushlint explain RULE` tells more.";
        paragraph(out, "", 0, 0, words, look.columns());
    }

    /// Errors have been told one by one; here stands that they limit what the report says.
    fn errors(&self, out: &mut String, summary: &Summary, look: &Look) {
        let errors = self.errors + summary.errors.len();
        if errors > 0 {
            look.paint(out, Ink::Error, &count(errors, "input error"));
            out.push_str(": not everything that was given has been judged.\n");
        }
    }
}

/// Files that were named and are no chat configuration, each with what it came nearest to.
fn not_taken(out: &mut String, summary: &Summary, look: &Look) {
    for file in &summary.named {
        let first = format!("{}: ", file.file);
        paragraph(out, &first, columns(&first), 2, file.reason.as_ref(), look.columns());
    }
}

/// Every file that was passed over and not named, as far as they are kept.
fn each_passed_over(out: &mut String, summary: &Summary, look: &Look) {
    let named: HashSet<&Shown> = summary.named.iter().map(|n| &n.file).collect();
    for file in summary.skipped.files.iter().filter(|f| !named.contains(&f.file)) {
        let first = format!("{}: ", file.file);
        paragraph(out, &first, columns(&first), 2, file.reason.as_ref(), look.columns());
    }
}

/// `Passed over 412 files: no platform's keys (409), does not parse (3). Not entered: .git, node_modules.`
pub fn passed_over(out: &mut String, summary: &Summary, look: &Look) {
    let skipped = &summary.skipped;
    let mut words = String::new();
    // Those that were named have been told one by one.
    let unnamed = skipped.count.saturating_sub(summary.named.len());
    if unnamed > 0 {
        let _ = write!(words, "Passed over {}: ", count(unnamed, "file"));
        let told = || skipped.reasons.iter().take(REASONS_SHOWN);
        let mut parts: Vec<String> = told().map(|(reason, number)| format!("{reason} ({number})")).collect();
        let others = unnamed.saturating_sub(told().map(|(_, number)| number).sum());
        if others > 0 {
            parts.push(format!("other reasons ({others})"));
        }
        words.push_str(&parts.join(", "));
        words.push_str(". ");
    }
    if !skipped.folders.is_empty() {
        let _ = write!(words, "Not entered: {}.", skipped.folders.join(", "));
    }
    if !words.is_empty() {
        paragraph(out, "", 0, 2, words.trim_end(), look.columns());
    }
}
