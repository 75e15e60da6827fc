//! Building a finding out of the members that were folded into it.

use super::advice::{Advice, advise};
use super::carry::{CarriedFound, Frame, Met};
use super::label::{RawLabel, labels};
use super::memo::{Memo, Seen};
use super::message::words_of;
use super::verdict::{Member, trace};
use crate::condition::Values;
use crate::fact::FactKey;
use crate::platform::{Deployment, Place, PlaceOrigin};
use crate::rule::Selected;
use serde::Serialize;

/// Where a value comes from.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Written in a file that is in force.
    Set,
    /// Written, but only seeds a database.
    Initial,
    /// The vendor's default.
    Default,
    /// Stated by a declaration or by the operator.
    Declared,
    /// Computed from other facts.
    Derived,
}

/// How sure the values are that decided a finding.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// An assumed or unconfirmed source took part.
    Low,
    /// An initial, reported or version-quoted source took part.
    Medium,
    /// All written, or defaults that hold for every release in question.
    High,
}

/// Why a finding is not shown, not masked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppressed {
    /// `inline`, `config`, `baseline`.
    pub kind: &'static str,
    /// The user's reason.
    pub reason: std::sync::Arc<str>,
    /// The last day, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// A finding, not masked yet.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule, by its place in the policy.
    pub selected: usize,
    /// The members, in vocabulary order.
    pub members: Vec<Member>,
    /// The problem.
    pub message: String,
    /// The primary place.
    pub primary: Option<Place>,
    /// Labels, the primary one first.
    pub labels: Vec<RawLabel>,
    /// The setting at the primary place.
    pub setting: Option<String>,
    /// The first fact that decided.
    pub fact: Option<String>,
    /// Its value.
    pub value: serde_json::Value,
    /// Where the value comes from.
    pub origin: Origin,
    /// How sure.
    pub confidence: Confidence,
    /// What mends it.
    pub advice: Advice,
    /// No setting can mend it, and nobody chose it.
    pub fixed: bool,
    /// One a member.
    pub fingerprints: Vec<String>,
    /// Findings it stands for: rule, fingerprint, message.
    pub related: Vec<(String, String, String)>,
    /// It is hidden by a waiver or the baseline.
    pub suppressed: Option<Suppressed>,
}

/// The origin of a place.
pub fn origin_of(place: &Place) -> Origin {
    match place.origin {
        PlaceOrigin::Set => Origin::Set,
        PlaceOrigin::Initial => Origin::Initial,
        PlaceOrigin::Default => Origin::Default,
        PlaceOrigin::Declared => Origin::Declared,
    }
}

/// What the memo may know of a finding.
#[derive(Copy, Clone)]
pub struct Known<'a> {
    /// The memo.
    pub memo: &'a Memo,
    /// What it knows of the rule.
    pub met: &'a Met,
    /// What it knows of the deployment.
    pub seen: &'a Seen,
    /// Which of the rule's members are folded.
    pub of: &'a [usize],
}

impl Known<'_> {
    /// Is it known that no setting can mend the finding, where nobody wants to hear of such?
    pub fn is_left_out(&self) -> bool {
        self.memo.brief && matches!(self.met.found(self.of), Some(Some(carried)) if carried.is_fixed())
    }
}

/// The finding of some members, carried over or built; `fingerprints` are those of the members.
pub fn found_of(
    deployment: &Deployment<'_>,
    selected_at: usize,
    selected: &Selected,
    known: Option<Known<'_>>,
    members: Vec<Member>,
    fingerprints: Vec<String>,
) -> Found {
    let frame = known.and_then(|k| {
        let (read, _) = k.memo.text_key(selected_at, k.seen)?;
        Some((k, Frame { sections: &k.seen.survey.as_ref()?.sections, read }))
    });
    let Some((known, frame)) = frame.filter(|(k, _)| matches!(k.met.members.get(), Some(Some(_)))) else {
        let key = known.map(|k| (k.memo, k.met.key));
        return build(deployment, selected_at, selected, key, members, fingerprints);
    };
    match known.met.found(known.of) {
        Some(Some(carried)) => carried.lay(deployment, frame, members, fingerprints, known.memo.brief),
        before => {
            trace(deployment, selected, &members);
            let key = Some((known.memo, known.met.key));
            let found = build(deployment, selected_at, selected, key, members, fingerprints);
            if before.is_none() {
                known.met.keep(known.of.to_vec(), CarriedFound::of(frame, &found));
            }
            found
        }
    }
}

/// Builds a finding.
fn build(
    deployment: &Deployment<'_>,
    selected_at: usize,
    selected: &Selected,
    known: Option<(&Memo, u128)>,
    members: Vec<Member>,
    fingerprints: Vec<String>,
) -> Found {
    let rule = &selected.rule;
    let first = members.first();
    let message = words_of(deployment, rule, &selected.params, &rule.message, &members);
    let primary = first.and_then(|m| m.primary).and_then(|n| deployment.place(n));
    let key: Option<FactKey> = first.and_then(|m| m.facts.first().copied());
    let fact = key.and_then(|k| deployment.fact_of(k));
    let reading = fact.as_ref().map(|(ix, q)| deployment.fact(*ix, q.as_ref()));
    let value = match &reading {
        Some(r) => r.known().map_or(serde_json::Value::Null, crate::fact::Value::json),
        None => first.map_or(serde_json::Value::Null, |m| value_of(deployment, m)),
    };
    let derived = fact.as_ref().is_some_and(|(ix, _)| deployment.vocabulary().fact(*ix).derived());
    let origin = if derived { Origin::Derived } else { primary.as_ref().map_or(Origin::Default, origin_of) };
    let labels = labels(deployment, rule, &members);
    let advice = advise(deployment, selected_at, selected, known, &members);
    let sources = members.iter().flat_map(|m| m.sources.iter().map(|s| s.place));
    let chosen = sources.clone().any(|p| deployment.chosen(p));
    let fixed = !deployment.is_declaration() && first.is_some_and(|m| m.event.is_none()) && !advice.mendable && !chosen;
    Found {
        selected: selected_at,
        setting: primary
            .as_ref()
            .filter(|p| p.setting.is_some() || first.is_some_and(|m| m.event.is_some()))
            .map(|p| p.shown.to_string()),
        fact: fact.map(|(ix, _)| deployment.vocabulary().fact(ix).id.clone()),
        confidence: confidence(deployment, sources),
        message,
        primary,
        labels,
        value,
        origin,
        advice,
        fixed,
        fingerprints,
        related: Vec::new(),
        suppressed: None,
        members,
    }
}

/// The value of what a member without a fact is about, as a literal; null for secrets and lists.
pub fn value_of(deployment: &Deployment<'_>, member: &Member) -> serde_json::Value {
    match &member.event {
        Some(event) if event.kind == crate::platform::EventKind::Conflict => serde_json::Value::Null,
        Some(event) => event.value.clone().map_or(serde_json::Value::Null, serde_json::Value::from),
        None => {
            let place = member.primary.and_then(|n| deployment.place(n));
            value_of_setting(deployment, place.as_ref())
        }
    }
}

fn value_of_setting(deployment: &Deployment<'_>, primary: Option<&Place>) -> serde_json::Value {
    let setting = primary.and_then(|p| p.setting).and_then(|ix| Some((ix, deployment.platform()?.setting(ix)?)));
    match setting {
        Some((ix, setting)) if setting.list.is_none() && !setting.is_secret() => {
            deployment.setting(ix).known().map_or(serde_json::Value::Null, crate::fact::Value::json)
        }
        _ => serde_json::Value::Null,
    }
}

fn confidence(deployment: &Deployment<'_>, places: impl Iterator<Item = u32>) -> Confidence {
    places
        .filter_map(|n| deployment.place(n))
        .map(|p| match (p.unconfirmed, p.origin) {
            (true, _) => Confidence::Low,
            (_, PlaceOrigin::Default) if p.quoted => Confidence::Medium,
            (_, PlaceOrigin::Initial) => Confidence::Medium,
            _ if p.reported => Confidence::Medium,
            _ => Confidence::High,
        })
        .min()
        .unwrap_or(Confidence::High)
}
