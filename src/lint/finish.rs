//! From deployments to what a report says of them.

use super::convert::Converter;
use super::options::Linter;
use super::report::{DeploymentInfo, GroupReport, RuleResult, UnknownOutcome};
use crate::judge::{Judgement, Memo, Named, Outcome, judge};
use crate::platform::{Deployment, Input, Platform, agree, instances};
use crate::rule::Policy;
use crate::settle::{fold_instances, settle};
use crate::text::{Redactor, Shown, Source, Span};
use std::sync::Arc;

/// What is known of a deployment before it is read.
pub(super) struct About {
    pub key: String,
    pub platform: String,
    pub name: String,
    pub version: Option<String>,
    pub assumed: Option<String>,
    pub detected: Vec<String>,
    /// What each sheet is beside the main document, where that is said in other words than usual.
    pub roles: Vec<Option<String>>,
    /// Texts that were read for it.
    pub sources: Vec<Arc<Source>>,
}

impl About {
    /// The key of a deployment: that of the document, and what names the instance in it.
    fn key_of(&self, deployment: &Deployment<'_>) -> String {
        match deployment.instance_id() {
            Some(id) => format!("{}#{id}", self.key),
            None => self.key.clone(),
        }
    }
}

impl Linter {
    /// The deployments that documents hold: one for each instance.
    pub(super) fn instances<'k>(&'k self, platform: &'k Platform, input: Input<'k>) -> Vec<Deployment<'k>> {
        let facts = &self.knowledge.facts;
        let found = instances(platform, &input.sheets);
        if found.is_empty() {
            return vec![Deployment::new(facts, Some(platform), input)];
        }
        let one = |i| Deployment::new(facts, Some(platform), Input { instance: Some(i), ..input.clone() });
        found.into_iter().map(one).collect()
    }

    /// Judges and settles the deployments that the same documents hold.
    pub(super) fn finish(
        &self,
        deployments: &[Deployment<'_>],
        policy: &Arc<Policy>,
        memo: Option<&Memo>,
        about: &About,
        report: &mut GroupReport,
    ) {
        agree(deployments);
        let platform = deployments.first().and_then(Deployment::platform);
        let platform = platform.and_then(|p| self.knowledge.find_platform(&p.id));
        let policies: Vec<Arc<Policy>> = deployments.iter().map(|d| self.policy_of(platform, d)).collect();
        // What was met under the common policy holds for it alone.
        let memo = memo.filter(|_| policies.iter().all(|p| Arc::ptr_eq(p, policy)));
        let judgements: Vec<Judgement> =
            deployments.iter().zip(&policies).map(|(d, policy)| judge(d, policy, memo)).collect();
        let redactor = redactor(deployments, &about.sources);
        let mut found = Vec::new();
        for ((deployment, judgement), policy) in deployments.iter().zip(judgements).zip(&policies) {
            let key = about.key_of(deployment);
            let converter = Converter::new(self, deployment, policy, &redactor, &key);
            self.count(&judgement, policy, &redactor, &key, report);
            if !self.options.brief {
                report.unknown.extend(self.undecided(deployment, policy, &judgement, &redactor, &key));
            }
            if self.options.facts {
                report.facts.push(converter.facts());
            }
            if self.options.settings {
                report.settings.push(converter.settings());
            }
            let files = converter.files(&about.roles);
            report.deployments.push(DeploymentInfo {
                id: redactor.show(&key),
                platform: redactor.show(&about.platform),
                version: about.version.as_ref().map(|v| redactor.show(v)),
                assumed_version: about.assumed.as_ref().map(|v| redactor.show(v)),
                files: files.iter().map(|file| file.path.clone()).collect(),
                detected_by: about.detected.iter().map(|k| redactor.show(k)).collect(),
                name: redactor.show(&about.name),
                server: self.options.compare.then(|| self.server(deployment, about, &redactor)).flatten(),
                subjects: if self.options.brief { Vec::new() } else { converter.subjects() },
                parts: files,
            });
            found.push(settle(deployment, policy, memo, judgement, &key));
        }
        let mut findings = Vec::new();
        for folded in fold_instances(deployments, found) {
            let both = deployments.get(folded.first).zip(policies.get(folded.first));
            let Some((deployment, policy)) = both else { continue };
            // What several have in common belongs to the document.
            let key = if folded.instances.len() > 1 { about.key.clone() } else { about.key_of(deployment) };
            let converter = Converter::new(self, deployment, policy, &redactor, &key);
            let mut finding = converter.finding(&folded.found);
            finding.instances = folded.instances.iter().map(|i| redactor.show(i)).collect();
            findings.push(finding);
        }
        findings.sort_by(|a, b| {
            let place = |f: &super::report::Finding| (f.file.clone(), f.span.start.offset, f.rule.clone());
            // At one place by fact, so that what belongs together stands together.
            let fact = |f: &super::report::Finding| f.fact.as_ref().map(ToString::to_string);
            let rest = || fact(a).cmp(&fact(b)).then_with(|| a.fingerprint.cmp(&b.fingerprint));
            place(a).cmp(&place(b)).then_with(rest)
        });
        if self.options.compare || self.options.sources && !findings.is_empty() {
            let shown = |s: &Arc<Source>| (redactor.show(s.path()), Arc::new(redactor.display(s)));
            report.sources.extend(sources(deployments).iter().map(shown));
        }
        report.findings.extend(findings);
    }

    fn server(&self, deployment: &Deployment<'_>, about: &About, redactor: &Redactor) -> Option<Shown> {
        match deployment.is_declaration() {
            true => Some(redactor.show(&about.name)).filter(|_| about.key.contains('#')),
            false => deployment.server().map(|name| redactor.show(&name)),
        }
    }

    fn count(&self, judgement: &Judgement, policy: &Policy, redactor: &Redactor, key: &str, report: &mut GroupReport) {
        for (outcome, _) in &judgement.outcomes {
            match outcome {
                Outcome::Pass => report.outcomes.pass += 1,
                Outcome::Fail => report.outcomes.fail += 1,
                Outcome::Unknown => report.outcomes.unknown += 1,
                Outcome::NotApplicable => report.outcomes.not_applicable += 1,
            }
        }
        if self.options.all_outcomes {
            report.results.extend(policy.selected.iter().zip(&judgement.outcomes).map(|(s, (outcome, why))| {
                RuleResult {
                    rule: redactor.show(&s.rule.id),
                    deployment: redactor.show(key),
                    outcome: *outcome,
                    reason: why.as_ref().map(|w| redactor.show(w)),
                    about: Arc::clone(&s.shown),
                }
            }));
        }
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
        let name = |(fact, qualifier): &Named| {
            let id = &deployment.vocabulary().fact(*fact).id;
            redactor.show(&qualifier.as_ref().map_or_else(|| id.clone(), |q| format!("{id}['{q}']")))
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
                    facts: u.facts.iter().map(name).collect(),
                    decided_by: u.unknown.by.as_ref().map(|b| redactor.show(b)),
                })
            })
            .collect()
    }
}

/// The files of deployments, each once: several documents may stand in one.
fn sources(deployments: &[Deployment<'_>]) -> Vec<Arc<Source>> {
    let mut out: Vec<Arc<Source>> = Vec::new();
    for source in deployments.iter().flat_map(Deployment::sheets).map(|sheet| &sheet.document.source) {
        if !out.iter().any(|known| known.id() == source.id()) {
            out.push(Arc::clone(source));
        }
    }
    out
}

/// Knows the secrets of deployments: those of the platform's settings, and what looks like one in any text read.
fn redactor(deployments: &[Deployment<'_>], read: &[Arc<Source>]) -> Redactor {
    let mut redactor = Redactor::new();
    let (mut sealed, mut plain) = (Vec::new(), Vec::new());
    for deployment in deployments {
        let (more, others) = deployment.sealed_and_plain();
        sealed.extend(more);
        plain.extend(others);
    }
    plain.retain(|p| !sealed.iter().any(|s| (s.document, s.span) == (p.document, p.span)));
    let sheets = deployments.first().map_or(&[][..], Deployment::sheets);
    let at = |d: u32| sheets.get(d as usize).map(|sheet| &sheet.document);
    for scalar in &sealed {
        let Some(document) = at(scalar.document) else { continue };
        redactor.secret(&document.source, scalar.span);
        // What is filled in, unescaped or decoded is spelt otherwise in the file.
        scalar.text.iter().for_each(|text| redactor.secret_text(text));
    }
    let mut scanned: Vec<u64> = Vec::new();
    for source in sheets.iter().map(|sheet| &sheet.document.source).chain(read) {
        if scanned.contains(&source.id()) {
            continue;
        }
        scanned.push(source.id());
        // Base64 may hold anything beside what a setting reads.
        let own = |d: u32| at(d).is_some_and(|document| document.source.id() == source.id() && !document.decoded);
        let exempt: Vec<Span> = plain.iter().filter(|s| own(s.document)).map(|s| s.span).collect();
        redactor.scan(source, &exempt);
    }
    // Base64 and escapes hide what they hold.
    for inner in sheets
        .iter()
        .filter(|s| s.document.decoded || s.document.root_node().flow)
        .filter_map(|s| s.document.inner.as_ref())
    {
        redactor.scan(inner, &[]);
    }
    redactor
}
