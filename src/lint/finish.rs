//! From deployments to what a report says of them.

use super::convert::Converter;
use super::house::House;
use super::options::Linter;
use super::report::{DeploymentInfo, GroupReport, RuleResult, UnknownOutcome};
use crate::judge::{Judgement, Memo, Named, Outcome, judge};
use crate::platform::{Deployment, Input, Platform, agree, instances};
use crate::rule::Policy;
use crate::settle::{Exempt, Inline, fold_instances, has_line, settle};
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
    /// Of a declaration: the day that it speaks of.
    pub as_of: Option<String>,
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
        let inline = self.inline(deployments);
        let exempting = self.options.record
            || self.config.baseline.is_some()
            || !(self.config.waivers.is_empty() && inline.waivers.is_empty() && inline.broken.is_empty());
        // Only what hides something asks for a copy of what masks it.
        let mut house = exempting.then(|| (House::default(), Arc::new(redactor.clone())));
        let mut found = Vec::new();
        let mut converters = Vec::new();
        for ((deployment, judgement), policy) in deployments.iter().zip(judgements).zip(&policies) {
            let key = about.key_of(deployment);
            let converter = Converter::new(deployment, policy, &redactor, &key).brief(self.options.brief);
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
                as_of: about.as_of.as_ref().map(|day| redactor.show(day)),
            });
            let local = |path: &str| self.local(path).map(std::borrow::Cow::into_owned);
            let mask = |value: &serde_json::Value| converter.json(value);
            let exempt = Exempt {
                today: self.today,
                inline: &inline,
                waivers: &self.config.waivers,
                local: &local,
                baseline: self.config.baseline.as_ref(),
                mask: &mask,
            };
            let exempt = house.is_some().then_some(&exempt);
            let settled = settle(deployment, policy, memo, judgement, &key, exempt, self.options.record);
            if let Some((house, masks)) = &mut house {
                let open = settled.found.iter().filter(|f| f.suppressed.is_none() && !inline.waivers.is_empty());
                let fails: Vec<(u64, String, Option<u32>)> = open
                    .filter_map(|f| {
                        let source = converter.source(f.primary.as_ref().and_then(|p| p.document))?;
                        let place = f.primary.as_ref().filter(|p| has_line(p));
                        let line = place.map(|p| source.line_of(p.span.start));
                        Some((source.id(), policy.selected.get(f.selected)?.rule.id.clone(), line))
                    })
                    .collect();
                house.take(&inline, &settled.touched, &fails, masks);
                house.saw(&key);
                house.entries.extend(settled.entries);
            }
            found.push(settled.found);
            converters.push(converter);
        }
        report.house = house.map(|(house, _)| Box::new(house));
        let mut findings = Vec::new();
        for folded in fold_instances(deployments, found) {
            // What no setting can mend stands in a note of the longer reports.
            if self.options.brief && folded.found.fixed {
                continue;
            }
            let Some(converter) = converters.get(folded.first) else { continue };
            let mut finding = match folded.instances.len() {
                0 | 1 => converter.finding(&folded.found),
                _ => converter.key(&about.key).finding(&folded.found),
            };
            finding.instances = folded.instances.iter().map(|i| redactor.show(i)).collect();
            findings.push(finding);
        }
        findings.sort_by(|a, b| {
            let place = a.file.cmp(&b.file).then_with(|| a.span.start.offset.cmp(&b.span.start.offset));
            // At one place by fact, so that what belongs together stands together.
            let rest = || a.rule.cmp(&b.rule).then_with(|| a.fact.cmp(&b.fact));
            place.then_with(rest).then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
        if self.options.compare || self.options.sources && !findings.is_empty() {
            let shown = |s: &Arc<Source>| (redactor.show(s.path()), Arc::new(redactor.display(s)));
            report.sources.extend(sources(deployments).iter().map(shown));
        }
        report.findings.extend(findings);
    }

    /// What the comments of a group's files waive.
    fn inline(&self, deployments: &[Deployment<'_>]) -> Inline {
        if self.options.no_inline_waivers {
            return Inline::default();
        }
        let sheets = deployments.first().map_or(&[][..], Deployment::sheets);
        Inline::read(sheets.iter().map(|s| &*s.document), &self.knowledge.catalogue)
    }

    /// What names the server of a deployment, or the product of a declaration.
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
