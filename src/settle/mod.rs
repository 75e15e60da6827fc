//! Floor 7: from raw findings to what is shown: supersedes, waivers, baseline, gates, folding.

mod asked;
mod baseline;
mod day;
mod exempt;
mod fold;
mod grammar;
mod inline;
mod waiver;

pub use asked::asked_by;
pub use baseline::{
    Baseline, Compared, Entry, Merged, Rename, adopt, compare, prune, renames, text as toml_text, update,
    write as write_baseline,
};
pub use day::Day;
pub use exempt::{Exempt, Touched, has_line};
pub use fold::{Folded, fold_instances};
pub use grammar::{Broken, waivable};
pub use inline::{BrokenWaiver, Inline};
pub use waiver::{Reach, Standing, Waiver, matches};

use crate::condition::Op;
use crate::fact::{FactKey, Word};
use crate::judge::{Found, Judgement, Known, Member, Memo, RawLabel, Role, found_of, value_of};
use crate::platform::{Deployment, EventKind};
use crate::rule::Policy;
use crate::text::Span;
use exempt::{Exempting, Fate, root};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What a deployment's fails came to.
#[derive(Default)]
pub struct Settled {
    /// The findings, those that are hidden included.
    pub found: Vec<Found>,
    /// Which waivers and entries of the baseline met a fail.
    pub touched: Touched,
    /// What a baseline would hold of them, if that was asked for.
    pub entries: Vec<Entry>,
}

/// Settles the fails of a deployment: hides what others stand for, then what is waived or in the baseline, folds what has
/// one cause, builds findings. `key`: the deployment's, for fingerprints. `record`: entries for a baseline are wanted.
pub fn settle(
    deployment: &Deployment<'_>,
    policy: &Policy,
    memo: Option<&Memo>,
    judgement: Judgement,
    key: &str,
    exempt: Option<&Exempt<'_>>,
    record: bool,
) -> Settled {
    let members = judgement.members;
    let prints = Prints { deployment, policy, members: &members, key };
    let hidden_by = superseded(policy, &members);
    let mut exempting = exempt.map(|exempt| Exempting { exempt, deployment, policy, key, touched: Touched::default() });
    let fates: Vec<Fate> = match &mut exempting {
        Some(exempting) => {
            exempting.ask();
            exempting.fates(&members, &prints.all(), &hidden_by)
        }
        None => Vec::new(),
    };
    let fate = |n: usize| fates.get(n);
    let mut folds: Vec<(usize, Vec<usize>)> = Vec::new();
    for (n, member) in members.iter().enumerate() {
        if hidden_by.contains_key(&n) {
            continue;
        }
        let same = |other: &usize| {
            members.get(*other).is_some_and(|o| folds_with(deployment, o, member)) && fate(*other) == fate(n)
        };
        match folds.iter_mut().find(|(selected, list)| *selected == member.selected && list.first().is_some_and(same)) {
            Some((_, list)) => list.push(n),
            None => folds.push((member.selected, vec![n])),
        }
    }
    let mut found = Vec::new();
    let mut entries = Vec::new();
    for (selected_at, list) in folds {
        let Some(selected) = policy.selected.get(selected_at) else { continue };
        let base = members.iter().position(|m| m.selected == selected_at).unwrap_or(0);
        let of: Vec<usize> = list.iter().map(|n| n - base.min(*n)).collect();
        let met = judgement.met.get(selected_at).and_then(Option::as_deref);
        let known =
            memo.zip(judgement.seen.as_ref()).zip(met).map(|((memo, seen), met)| Known { memo, met, seen, of: &of });
        // Nobody would see it.
        if exempting.is_none() && !record && known.is_some_and(|known| known.is_left_out()) {
            continue;
        }
        let folded: Vec<Member> = list.iter().filter_map(|n| members.get(*n).cloned()).collect();
        let own = list.iter().filter_map(|n| prints.get(*n)).collect();
        let mut finding = found_of(deployment, selected_at, selected, known, folded, own);
        for (hidden, _) in hidden_by.iter().filter(|(_, by)| list.contains(by)) {
            let (Some(member), Some(print)) = (members.get(*hidden), prints.get(*hidden)) else { continue };
            let Some(other) = policy.selected.get(member.selected) else { continue };
            let message = crate::judge::words_of(
                deployment,
                &other.rule,
                &other.params,
                &other.rule.message,
                std::slice::from_ref(member),
            );
            finding.related.push((other.rule.id.clone(), print, message));
        }
        finding.related.sort();
        ask(deployment, policy, &mut finding);
        if let Some(fate) = list.first().and_then(|n| fate(*n)) {
            finding.suppressed.clone_from(&fate.hidden);
            finding.labels.extend(fate.remark.as_ref().map(|words| remark(words)));
        }
        let waived = finding.suppressed.as_ref().is_some_and(|s| s.kind != "baseline");
        if let Some(exempting) = exempting.as_ref().filter(|_| record && !finding.fixed && !waived) {
            let below = hidden_by.keys().filter(|n| list.contains(&root(&hidden_by, **n)));
            for n in list.iter().chain(below) {
                let (Some(member), Some(print)) = (members.get(*n), prints.get(*n)) else { continue };
                let with = hidden_by.contains_key(n).then(|| members.get(root(&hidden_by, *n))).flatten();
                entries.push(exempting.entry(member, &print, with));
            }
        }
        found.push(finding);
    }
    hide_gates(deployment, &mut found);
    Settled { found, touched: exempting.map(|e| e.touched).unwrap_or_default(), entries }
}

/// What is to be known beside the places.
fn remark(words: &str) -> RawLabel {
    RawLabel {
        role: Role::Related,
        document: None,
        span: Span::default(),
        wide: None,
        setting: None,
        text: words.to_owned(),
    }
}

/// Who asks for a fact that nobody stated is told with it.
fn ask(deployment: &Deployment<'_>, policy: &Policy, finding: &mut Found) {
    let undeclared =
        |s: &crate::rule::Selected| matches!(s.rule.check, crate::rule::Check::Event(EventKind::Undeclared));
    if !policy.selected.get(finding.selected).is_some_and(undeclared) {
        return;
    }
    let key = finding.members.first().and_then(|m| m.facts.first().copied());
    let asked = key.and_then(|k| deployment.fact_of(k)).map(|(fact, _)| asked::asked_by(policy, fact));
    if let Some(words) = asked.filter(|words| !words.is_empty()) {
        finding.advice.help = format!("{}\n{words}", finding.advice.help);
    }
}

/// One rule, one cause: the same sources, through the same fact. A fact that nobody declared is its own finding.
fn folds_with(deployment: &Deployment<'_>, a: &Member, b: &Member) -> bool {
    let places = |m: &Member| {
        let mut list: Vec<u32> = m.sources.iter().map(|s| s.place).collect();
        list.sort_unstable();
        list
    };
    let fact = |m: &Member| m.facts.first().and_then(|k| deployment.fact_of(*k)).map(|(ix, _)| ix);
    a.event.is_none() && b.event.is_none() && fact(a) == fact(b) && places(a) == places(b)
}

/// For each hidden member the member that stands for it.
fn superseded(policy: &Policy, members: &[Member]) -> HashMap<usize, usize> {
    let mut out = HashMap::new();
    for (by, member) in members.iter().enumerate() {
        let Some(rule) = policy.selected.get(member.selected).map(|s| &s.rule) else { continue };
        if rule.supersedes.is_empty() {
            continue;
        }
        for (n, other) in members.iter().enumerate() {
            let named = policy.selected.get(other.selected).is_some_and(|s| rule.stands_for(&s.rule));
            let qualifier =
                other.qualifier == member.qualifier || other.qualifier.is_none() || member.qualifier.is_none();
            let place = other.primary.is_none_or(|p| member.sources.iter().any(|s| s.place == p));
            if named && qualifier && place && n != by {
                out.entry(n).or_insert(by);
            }
        }
    }
    out
}

/// A setting that has no effect because of a gate is a label of the finding whose mend passes that gate.
fn hide_gates(deployment: &Deployment<'_>, found: &mut Vec<Found>) {
    let Some(platform) = deployment.platform() else { return };
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for (n, finding) in found.iter().enumerate() {
        let Some(event) =
            finding.members.first().and_then(|m| m.event.as_ref()).filter(|e| e.kind == EventKind::WithoutEffect)
        else {
            continue;
        };
        let Some(gate) = event.gate.and_then(|g| platform.gates.get(g).map(|gate| (g, gate))) else { continue };
        let mut reads = Vec::new();
        gate.1.needs.walk(&mut |e| match e.op {
            Op::Has(ix) | Op::Vendor(crate::condition::Vendor::Setting(ix)) => reads.push(ix),
            _ => {}
        });
        let holds = |f: &Found| {
            let reads_source = f
                .members
                .iter()
                .flat_map(|m| m.sources.iter())
                .any(|s| deployment.place(s.place).and_then(|p| p.setting).is_some_and(|ix| reads.contains(&ix)));
            // What the baseline hides takes along only what it holds too.
            let along = f.suppressed.as_ref().is_none_or(|s| s.kind != "baseline") || finding.suppressed.is_some();
            f.members.iter().all(|m| m.event.is_none())
                && along
                && reads_source
                && f.advice.plan.as_ref().is_some_and(|p| {
                    !p.overlay.is_empty() && deployment.overlaid(p.overlay.clone(), p.fields.clone()).passes(gate.0)
                })
        };
        if let Some(by) = found.iter().position(holds) {
            moved.push((n, by));
        }
    }
    for (n, by) in &moved {
        let label = found.get(*n).and_then(|f| {
            let place = f.primary.as_ref()?;
            let because = f.members.first()?.event.as_ref()?.because.to_string();
            Some(RawLabel {
                role: Role::Related,
                document: place.document,
                span: place.span,
                wide: place.wide,
                setting: Some(place.shown.to_string()),
                text: because,
            })
        });
        if let (Some(label), Some(finding)) = (label, found.get_mut(*by))
            && !finding.labels.iter().any(|l| l.span == label.span && l.document == label.document)
        {
            finding.labels.push(label);
        }
    }
    let hidden: Vec<usize> = moved.into_iter().map(|(n, _)| n).collect();
    let mut n = 0;
    found.retain(|_| {
        n += 1;
        !hidden.contains(&(n - 1))
    });
}

/// The fingerprints of fails, each made when it is asked for.
struct Prints<'a> {
    deployment: &'a Deployment<'a>,
    policy: &'a Policy,
    members: &'a [Member],
    key: &'a str,
}

impl Prints<'_> {
    fn all(&self) -> Vec<String> {
        self.members.iter().enumerate().map(|(n, member)| self.of(n, member)).collect()
    }

    fn get(&self, n: usize) -> Option<String> {
        Some(self.of(n, self.members.get(n)?))
    }

    /// Fingerprint v1: 16 hexadecimal digits of SHA-256 over the rule, the deployment's key, the qualifier, what it is
    /// about, and which occurrence it is, joined by line feeds. Never lines, values, wording, severity or release.
    fn of(&self, n: usize, member: &Member) -> String {
        let rule = self.policy.selected.get(member.selected).map_or("", |s| s.rule.life.first_id(&s.rule.id));
        let qualifier = member.qualifier.as_deref().unwrap_or_default();
        let what = about(self.deployment, member);
        let like = |other: &&Member| {
            other.selected == member.selected
                && other.qualifier.as_deref().unwrap_or_default() == qualifier
                && about(self.deployment, other) == what
        };
        let count = (1 + self.members.iter().take(n).filter(like).count()).to_string();
        let mut digest = Sha256::new();
        for (n, part) in [rule, self.key, qualifier, &what, &count].iter().enumerate() {
            if n > 0 {
                digest.update("\n");
            }
            digest.update(part);
        }
        hex(&digest.finalize(), 8)
    }
}

/// The first bytes as hexadecimal digits.
fn hex(bytes: &[u8], count: usize) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().take(count).flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// The fact, or the setting's path with items by their key.
fn about(deployment: &Deployment<'_>, member: &Member) -> Word {
    let fact =
        |key: &FactKey| deployment.fact_of(*key).map(|(ix, _)| Word::from(&*deployment.vocabulary().fact(ix).id));
    let place = || member.primary.and_then(|n| deployment.place(n)).map(|p| p.stable);
    member.facts.first().and_then(fact).or_else(place).unwrap_or_else(|| Word::from(""))
}
