//! Labels: what is to be known about each place of a finding.

use super::verdict::Member;
use crate::condition::{Op, Values};
use crate::fact::{FactKey, Step};
use crate::platform::{Deployment, Place, PlaceOrigin};
use crate::rule::Rule;
use crate::text::Span;
use serde::Serialize;

/// What a label is for.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The place of the finding.
    Primary,
    /// Another value that decided it.
    Cause,
    /// A value that makes the rule apply.
    When,
    /// Something of interest nearby: a setting that has no effect until this is mended.
    Related,
}

/// A label, not masked yet.
#[derive(Clone, Debug, PartialEq)]
pub struct RawLabel {
    /// What it is for.
    pub role: Role,
    /// The document.
    pub document: Option<u32>,
    /// Where.
    pub span: Span,
    /// Key and value together.
    pub wide: Option<Span>,
    /// The setting's path.
    pub setting: Option<String>,
    /// The words.
    pub text: String,
}

/// More labels than this tell a reader nothing.
const MOST: usize = 8;

/// What is said in public is held against everything that breaks it: there the list is what matters.
const MOST_OF_A_CLAIM: usize = 32;

/// Reads a rule what somebody says in public? Such facts have a value even if nobody states them.
fn holds_a_claim(deployment: &Deployment<'_>, rule: &Rule) -> bool {
    let mut found = false;
    rule.when.iter().chain(rule.condition()).for_each(|e| {
        e.walk(&mut |e| {
            found |= matches!(e.op, Op::Fact { fact, .. } if deployment.vocabulary().fact(fact).undeclared.is_some());
        });
    });
    found
}

/// Does a rule ask whether something is known?
fn asks_what_is_known(rule: &Rule) -> bool {
    let mut found = false;
    rule.condition().iter().for_each(|e| e.walk(&mut |e| found |= matches!(e.op, Op::Known(_))));
    found
}

/// The labels of a finding: primary, causes, what makes the rule apply; one a place.
pub fn labels(deployment: &Deployment<'_>, rule: &Rule, members: &[Member]) -> Vec<RawLabel> {
    let Some(first) = members.first() else { return Vec::new() };
    let most = if holds_a_claim(deployment, rule) { MOST_OF_A_CLAIM } else { MOST };
    // Silence breaks nothing, unless it is what the rule is about.
    let silence = asks_what_is_known(rule) || first.event.is_some() || rule.condition().is_none();
    let mut out: Vec<RawLabel> = Vec::new();
    let mut seen: Vec<u32> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    let primary = first.primary;
    let of_role = |role: Role, steps: &[Step], out: &mut Vec<RawLabel>, seen: &mut Vec<u32>, told: &mut Vec<String>| {
        for step in steps {
            if seen.contains(&step.place) || out.len() >= most {
                continue;
            }
            let Some(place) = deployment.place(step.place) else { continue };
            if role == Role::Cause && !silence && place.origin == PlaceOrigin::Declared && place.anchor {
                continue;
            }
            // That a rule applies because nothing says otherwise is no news.
            if role == Role::When && place.origin == PlaceOrigin::Default {
                continue;
            }
            seen.push(step.place);
            let text = words(deployment, first, &place, step.fact, role, told);
            out.push(RawLabel {
                role,
                document: place.document,
                span: place.span,
                wide: place.wide,
                setting: place.setting.map(|_| place.shown.to_string()),
                text,
            });
        }
    };
    let all: Vec<Step> = members.iter().flat_map(|m| m.sources.iter().copied()).collect();
    if let Some(place) = primary {
        let step = all.iter().copied().find(|s| s.place == place).unwrap_or(Step { place, fact: None });
        of_role(Role::Primary, &[step], &mut out, &mut seen, &mut told);
    }
    of_role(Role::Cause, &all, &mut out, &mut seen, &mut told);
    let when: Vec<Step> = members.iter().flat_map(|m| m.when.iter().copied()).collect();
    of_role(Role::When, &when, &mut out, &mut seen, &mut told);
    out
}

fn words(
    deployment: &Deployment<'_>,
    member: &Member,
    place: &Place,
    fact: Option<FactKey>,
    role: Role,
    told: &mut Vec<String>,
) -> String {
    if let (Some(event), Role::Primary) = (&member.event, role) {
        return event.because.to_string();
    }
    let because = fact.and_then(|k| deployment.because(k)).map(|b| b.to_string());
    let because = because.filter(|b| !told.contains(b));
    told.extend(because.clone());
    let plain = match place.origin {
        PlaceOrigin::Default => Some(default_words(deployment, place)),
        PlaceOrigin::Set | PlaceOrigin::Initial => None,
        PlaceOrigin::Declared if place.anchor && fact.is_some() => Some(format!("`{}` is not declared", place.shown)),
        PlaceOrigin::Declared => None,
    };
    match (plain, because) {
        (Some(plain), Some(because)) => format!("{plain}; {because}"),
        (Some(plain), None) => plain,
        (None, Some(because)) => because,
        (None, None) => set_words(deployment, place, fact),
    }
}

/// A default: whose it is, and what it is.
fn default_words(deployment: &Deployment<'_>, place: &Place) -> String {
    let shown = &place.shown;
    let (Some(platform), Some(text)) = (deployment.platform(), &place.text) else {
        return format!("`{shown}` is not written");
    };
    let release = match deployment.version() {
        // Of releases out of scope nothing is known; what holds in the verified one is quoted.
        Some(version) if (&platform.oldest..=&platform.verified).contains(&version) => version.to_string(),
        _ => platform.verified.to_string(),
    };
    if !place.anchor {
        return format!("`{shown}` is {text} here, unless something else is written");
    }
    let unconfirmed = if place.unconfirmed { ", as far as its documentation tells" } else { "" };
    format!("`{shown}` is not written: {} {release} uses {text}{unconfirmed}", platform.name)
}

fn set_words(deployment: &Deployment<'_>, place: &Place, fact: Option<FactKey>) -> String {
    if place.origin == PlaceOrigin::Declared {
        return match &place.text {
            Some(text) => format!("`{}` is {text}", place.shown),
            None => format!("`{}` stands here", place.shown),
        };
    }
    let value = fact.and_then(|k| deployment.fact_of(k)).map(|(ix, q)| {
        let reading = deployment.fact(ix, q.as_ref());
        let words = reading.known().map(crate::fact::Value::words);
        (deployment.vocabulary().fact(ix).title.clone(), words)
    });
    match (&place.text, value) {
        (Some(text), _) if text.chars().count() <= 60 => format!("`{}` is set to {text}", place.shown),
        (_, Some((title, Some(words)))) => format!("{title}: {words}"),
        _ => format!("`{}` is set here", place.shown),
    }
}
