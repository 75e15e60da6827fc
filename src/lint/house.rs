//! What waivers and the baseline came to in a whole run: those that have ended, that nothing meets, that say nothing.
//!
//! A group tells what it met; the groups of a run are put together, for one waiver may be for many of them.

use super::options::Linter;
use super::report::{Confidence, Finding, GroupReport, Label, Origin, Range, Role};
use crate::fact::enumerate;
use crate::platform::EventKind;
use crate::rule::{Check, Part, Selected};
use crate::settle::{Baseline, BrokenWaiver, Entry, Inline, Reach, Standing, Touched, Waiver};
use crate::text::{Redactor, Shown, Source, Span};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A waiver in a comment, and what it met.
#[derive(Clone, Debug)]
struct Comment {
    waiver: Waiver,
    asked: BTreeSet<usize>,
    used: BTreeSet<usize>,
    /// Where its rules fail in this file all the same: rule and line; no line where nothing is written.
    elsewhere: BTreeSet<(usize, Option<u32>)>,
    redactor: Arc<Redactor>,
}

/// A comment that is none, and what masks its file.
type BrokenComment = (BrokenWaiver, Arc<Redactor>);

/// What waivers and the baseline met, in a group or in several.
#[derive(Clone, Debug, Default)]
pub struct House {
    reached: BTreeSet<usize>,
    asked: BTreeSet<(usize, usize)>,
    used: BTreeSet<(usize, usize)>,
    entries_asked: BTreeSet<usize>,
    entries_used: BTreeSet<usize>,
    /// By file and offset.
    comments: BTreeMap<(String, u32), Comment>,
    broken: BTreeMap<(String, u32), BrokenComment>,
    /// The deployments that were judged, where a baseline wants to know.
    deployments: BTreeSet<String>,
    /// What a baseline would hold, if that was asked for.
    pub entries: Vec<Entry>,
}

impl House {
    /// Takes over what another group met.
    pub fn merge(&mut self, other: House) {
        self.reached.extend(other.reached);
        self.asked.extend(other.asked);
        self.used.extend(other.used);
        self.entries_asked.extend(other.entries_asked);
        self.entries_used.extend(other.entries_used);
        self.deployments.extend(other.deployments);
        self.entries.extend(other.entries);
        self.broken.extend(other.broken);
        for (key, comment) in other.comments {
            match self.comments.get_mut(&key) {
                Some(known) => {
                    known.asked.extend(comment.asked);
                    known.used.extend(comment.used);
                    known.elsewhere.extend(comment.elsewhere);
                }
                None => drop(self.comments.insert(key, comment)),
            }
        }
    }

    /// Entries of a baseline that meet no fail any more, by their places. `whole`: see [`Linter::keep_house`].
    pub fn idle_entries(&self, baseline: &Baseline, whole: bool) -> BTreeSet<usize> {
        let idle = |(n, entry): &(usize, &Entry)| {
            let gone = whole && !self.deployments.contains(&entry.deployment);
            !self.entries_used.contains(n) && (gone || self.entries_asked.contains(n))
        };
        baseline.entries.iter().enumerate().filter(idle).map(|(n, _)| n).collect()
    }

    /// Deployments that were judged.
    pub fn deployments(&self) -> &BTreeSet<String> {
        &self.deployments
    }

    /// What the deployments of one group met. `fails`: where which rule fails and is not hidden, by source and line.
    pub(super) fn take(
        &mut self,
        inline: &Inline,
        touched: &Touched,
        fails: &[(u64, String, Option<u32>)],
        redactor: &Arc<Redactor>,
    ) {
        self.reached.extend(&touched.reached);
        self.asked.extend(&touched.asked);
        self.used.extend(&touched.used);
        self.entries_asked.extend(&touched.entries_asked);
        self.entries_used.extend(&touched.entries_used);
        for broken in &inline.broken {
            let key = (broken.source.path().to_owned(), broken.broken.span.start);
            self.broken.insert(key, (broken.clone(), Arc::clone(redactor)));
        }
        for (n, waiver) in inline.waivers.iter().enumerate() {
            let of = |list: &[(usize, usize)]| list.iter().filter(|(w, _)| *w == n).map(|(_, rule)| *rule).collect();
            let here = fails.iter().filter(|(id, ..)| *id == waiver.source.id());
            let elsewhere = here
                .filter_map(|(_, rule, line)| Some((waiver.rules.iter().position(|r| r == rule)?, *line)))
                .collect();
            let (asked, used): (BTreeSet<usize>, BTreeSet<usize>) =
                (of(&touched.inline_asked), of(&touched.inline_used));
            let comment = Comment { waiver: waiver.clone(), asked, used, elsewhere, redactor: Arc::clone(redactor) };
            let mut one = House::default();
            one.comments.insert((waiver.source.path().to_owned(), waiver.span.start), comment);
            self.merge(one);
        }
    }

    pub(super) fn saw(&mut self, deployment: &str) {
        self.deployments.insert(deployment.to_owned());
    }
}

/// What is told about one waiver or entry.
struct Told<'a> {
    kind: EventKind,
    source: &'a Arc<Source>,
    span: Span,
    redactor: &'a Redactor,
    /// The rules, or the deployment.
    setting: String,
    value: String,
    because: String,
    label: String,
    /// In place of the rule's own advice.
    help: Option<String>,
}

impl Linter {
    /// The findings about waivers and the baseline, when all groups have been judged. `whole`: the run looked at
    /// everything that the configuration is for, so what was not met is not there.
    pub fn keep_house(&self, house: &House, whole: bool) -> GroupReport {
        let mut out = GroupReport::default();
        let rules = self.house_rules();
        let config = config_redactor(&self.config.waivers);
        let mut told: Vec<Told<'_>> = Vec::new();
        for (n, waiver) in self.config.waivers.iter().enumerate() {
            let of = |set: &BTreeSet<(usize, usize)>| -> BTreeSet<usize> {
                set.iter().filter(|(w, _)| *w == n).map(|(_, rule)| *rule).collect()
            };
            let (asked, used) = (of(&house.asked), of(&house.used));
            let unmet = whole && !house.reached.contains(&n);
            self.of_waiver(waiver, &asked, &used, &BTreeSet::new(), unmet, &config, &mut told);
        }
        for comment in house.comments.values() {
            let Comment { waiver, asked, used, elsewhere, redactor } = comment;
            self.of_waiver(waiver, asked, used, elsewhere, false, redactor, &mut told);
        }
        for (broken, redactor) in house.broken.values() {
            told.push(Told {
                kind: EventKind::WaiverBroken,
                source: &broken.source,
                span: broken.broken.span,
                redactor,
                setting: String::new(),
                value: String::new(),
                because: broken.broken.message.clone(),
                label: String::new(),
                help: broken.broken.help.clone(),
            });
        }
        let plain = Redactor::new();
        self.of_statements(&plain, &mut told);
        self.of_baseline(house, whole, &plain, &mut told);
        let mut shown: Vec<u64> = Vec::new();
        for one in &told {
            let Some(selected) = rules.iter().find(|s| matches!(s.rule.check, Check::Event(k) if k == one.kind)) else {
                continue;
            };
            out.findings.push(finding(one, selected));
            if self.options.sources && !shown.contains(&one.source.id()) {
                shown.push(one.source.id());
                let display = Arc::new(one.redactor.display(one.source));
                out.sources.push((one.redactor.show(one.source.path()), display));
            }
        }
        out.findings.sort_by(|a, b| {
            let place = |f: &Finding| (f.file.clone(), f.span.start.offset, f.rule.clone());
            place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message))
        });
        out
    }

    /// The rules about waivers and the baseline: always on, unless the configuration switches them off. What no pack of
    /// the run selects is taken from the one that is the default.
    fn house_rules(&self) -> Vec<Selected> {
        let of_run = |s: &Selected| matches!(s.rule.check, Check::Event(kind) if kind.of_run());
        let mut out: Vec<Selected> =
            self.select_house(&self.packs).selected.into_iter().filter(|s| of_run(s)).collect();
        if let Some(pack) = self.default_pack() {
            let known: Vec<String> = out.iter().map(|s| s.rule.id.clone()).collect();
            let more = self.select_house(&[pack]).selected.into_iter().filter(of_run);
            out.extend(more.filter(|s| !known.contains(&s.rule.id)));
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn of_waiver<'a>(
        &self,
        waiver: &'a Waiver,
        asked: &BTreeSet<usize>,
        used: &BTreeSet<usize>,
        elsewhere: &BTreeSet<(usize, Option<u32>)>,
        unmet: bool,
        redactor: &'a Redactor,
        told: &mut Vec<Told<'a>>,
    ) {
        let names =
            |which: &mut dyn Iterator<Item = &String>| enumerate(&which.map(|r| format!("`{r}`")).collect::<Vec<_>>());
        let owner = waiver.owner.as_ref().map(|o| format!("; {o} answers for it")).unwrap_or_default();
        let reason = waiver.reason.as_ref().map(|r| format!("its reason: {r}{owner}")).unwrap_or_default();
        let mut tell = |kind, setting: String, because: String, label: String, help: Option<String>| {
            let value = waiver.until.map(|d| d.to_string()).unwrap_or_default();
            let (source, span) = (&waiver.source, waiver.span);
            told.push(Told { kind, source, span, redactor, setting, value, because, label, help });
        };
        let all = names(&mut waiver.rules.iter());
        match waiver.standing(self.today) {
            Standing::Unreasoned => {
                return tell(EventKind::WaiverUnreasoned, all, String::new(), String::new(), None);
            }
            Standing::Expired => {
                let gone = !asked.is_empty() && used.is_empty();
                let help = gone.then(|| "nothing fails here any more: take the waiver out".to_owned());
                return tell(EventKind::WaiverExpired, all, String::new(), reason, help);
            }
            Standing::Expiring(days) => {
                let because = match days {
                    0 => "today".to_owned(),
                    1 => "tomorrow".to_owned(),
                    days => format!("in {days} days"),
                };
                tell(EventKind::WaiverExpiring, all, because, reason.clone(), None);
            }
            Standing::Holds => {}
        }
        let rule = |n: &usize| waiver.rules.get(*n);
        let idle: Vec<&String> = asked.difference(used).filter_map(rule).collect();
        if !idle.is_empty() {
            let missed = elsewhere.iter().find(|(rule, _)| asked.contains(rule) && !used.contains(rule));
            let help = missed.filter(|_| matches!(waiver.reach, Reach::Line(_))).and_then(|(n, line)| {
                let rule = rule(n)?;
                Some(match line {
                    Some(line) => format!(
                        "`{rule}` fails at line {line}: the comment belongs on that line, or on a line of its own above it"
                    ),
                    None => format!(
                        "what fails `{rule}` here is not written anywhere, so no line stands for it: write \
                         `hushlint: ignore-file[{rule}] -- the reason` in the first comments of the file"
                    ),
                })
            });
            let because = "nothing that it is for fails this rule".to_owned();
            tell(EventKind::WaiverUnused, names(&mut idle.into_iter()), because, String::new(), help);
        } else if unmet {
            let judged = waiver.rules.iter().filter(|r| self.is_selected(r));
            let judged: Vec<&String> = judged.collect();
            if !judged.is_empty() {
                let because = match &waiver.reach {
                    Reach::Deployment(id) => format!("there is no deployment `{id}`"),
                    _ => "no file that was judged is one of its `files`".to_owned(),
                };
                tell(EventKind::WaiverUnused, names(&mut judged.into_iter()), because, String::new(), None);
            }
        }
    }

    fn is_selected(&self, rule: &str) -> bool {
        let off = self.config.rules.get(rule).is_some_and(|o| o.off);
        !off && self.chosen(rule) && self.packs.iter().any(|p| p.selects.iter().any(|s| s.rule == rule))
    }

    /// Facts that the operator states without saying how he knows.
    fn of_statements<'a>(&'a self, redactor: &'a Redactor, told: &mut Vec<Told<'a>>) {
        let vocabulary = &self.knowledge.facts.vocabulary;
        for one in self.config.deployments.iter().filter(|d| d.reason.is_none() && !d.facts.is_empty()) {
            let Some((source, span)) = &one.at else { continue };
            let mut facts: Vec<String> = one.facts.keys().map(|ix| format!("`{}`", vocabulary.fact(*ix).id)).collect();
            facts.sort();
            told.push(Told {
                kind: EventKind::StatedUnreasoned,
                source,
                span: *span,
                redactor,
                setting: enumerate(&facts),
                value: one.name.clone(),
                because: String::new(),
                label: String::new(),
                help: None,
            });
        }
    }

    /// Entries that nothing meets, by deployment.
    fn of_baseline<'a>(&'a self, house: &House, whole: bool, redactor: &'a Redactor, told: &mut Vec<Told<'a>>) {
        let Some(baseline) = &self.config.baseline else { return };
        let mut idle: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in house.idle_entries(baseline, whole).iter().filter_map(|n| baseline.entries.get(*n)) {
            idle.entry(&entry.deployment).or_default().push(entry);
        }
        for (deployment, entries) in idle {
            let Some(first) = entries.first() else { continue };
            let mut rules: Vec<String> = entries.iter().map(|e| format!("`{}`", e.rule)).collect();
            rules.sort();
            rules.dedup();
            let count = entries.len();
            let gone = !house.deployments.contains(deployment);
            let help = gone.then(|| {
                "if it was renamed, `hushlint baseline --adopt` gives its entries to the new one; \
                 `hushlint baseline --prune` takes them out"
                    .to_owned()
            });
            told.push(Told {
                kind: EventKind::BaselineUnused,
                source: &baseline.source,
                span: first.span,
                redactor,
                setting: deployment.to_owned(),
                value: if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") },
                because: if gone { "it is not there any more".to_owned() } else { "mended".to_owned() },
                label: enumerate(&rules),
                help,
            });
        }
    }
}

/// Configurations are the user's own; what looks like a secret in them is masked all the same.
fn config_redactor(waivers: &[Waiver]) -> Redactor {
    let mut redactor = Redactor::new();
    if let Some(first) = waivers.first() {
        redactor.scan(&first.source, &[]);
    }
    redactor
}

fn finding(told: &Told<'_>, selected: &Selected) -> Finding {
    let show = |text: &str| told.redactor.show(text);
    let mut message = String::new();
    for part in &selected.rule.message.parts {
        message.push_str(match part {
            Part::Text(text) => text,
            Part::Field(name) if name == "setting" => &told.setting,
            Part::Field(name) if name == "value" => &told.value,
            Part::Field(name) if name == "because" => &told.because,
            Part::Field(_) | Part::Value(_) => "",
        });
    }
    let range = Range::of(told.source, told.span);
    let file = show(told.source.path());
    let mut digest = Sha256::new();
    let path = told.source.path();
    digest.update([&selected.rule.id, path, "", &told.setting, told.source.slice(told.span)].join("\n"));
    let print: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let words = &selected.shown;
    // What the message says already needs no label.
    let label = (!told.label.is_empty()).then(|| Label {
        role: Role::Primary,
        file: file.clone(),
        setting: None,
        span: Some(range),
        text: show(&told.label),
        wide: None,
    });
    Finding {
        rule: words.id.clone(),
        pack: words.pack.clone(),
        basis: selected.basis,
        severity: selected.severity,
        confidence: Confidence::High,
        message: show(&message),
        deployment: file.clone(),
        file,
        span: range,
        anchor: false,
        setting: None,
        fact: None,
        qualifier: Vec::new(),
        value: serde_json::Value::Null,
        origin: Origin::Set,
        via: Shown::fixed("plain"),
        labels: label.into_iter().collect(),
        why: words.why.clone(),
        help: told.help.as_deref().map_or_else(|| words.fix.clone(), show),
        fix: None,
        controls: words.controls.clone(),
        url: words.url.clone(),
        about: std::sync::Arc::clone(words),
        fingerprint: print.clone(),
        fingerprints: vec![print],
        instances: Vec::new(),
        related: Vec::new(),
        fixed: false,
        suppressed: None,
    }
}
