//! What of the fails is not shown: waivers and the baseline, member by member.
//!
//! They act after one finding has taken the place of another, so a waiver of a compound covers what it stands for, and
//! one of a single does not silence the compound.

use super::baseline::{Baseline, Compared, Entry, compare};
use super::day::Day;
use super::inline::Inline;
use super::waiver::{Reach, Waiver};
use super::{about, value_of};
use crate::condition::Values;
use crate::judge::{Member, Suppressed};
use crate::platform::{Deployment, Place};
use crate::rule::Policy;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// What could hide the fails of a deployment.
#[derive(Copy, Clone)]
pub struct Exempt<'a> {
    /// The day that waivers are held against.
    pub today: Day,
    /// What the comments of its files waive.
    pub inline: &'a Inline,
    /// What the configuration waives.
    pub waivers: &'a [Waiver],
    /// A path as the configuration's globs see it; `None`: it lies outside of the configuration's folder.
    pub local: &'a dyn Fn(&str) -> Option<String>,
    /// The baseline.
    pub baseline: Option<&'a Baseline>,
    /// Masks a value as the baseline's were.
    pub mask: &'a dyn Fn(&Json) -> Json,
}

/// What was asked and what was found: waivers by (waiver, rule in it), entries of the baseline by their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Waivers of the configuration that reach the deployment.
    pub reached: Vec<usize>,
    /// Waivers of the configuration whose rule was judged where they reach.
    pub asked: Vec<(usize, usize)>,
    /// Of these, those that met a fail.
    pub used: Vec<(usize, usize)>,
    /// Waivers in comments whose rule was judged on their file.
    pub inline_asked: Vec<(usize, usize)>,
    /// Of these, those that met a fail.
    pub inline_used: Vec<(usize, usize)>,
    /// Entries of the baseline whose rule was judged on their deployment.
    pub entries_asked: Vec<usize>,
    /// Of these, those that met a fail.
    pub entries_used: Vec<usize>,
}

/// How one member comes out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fate {
    /// It is hidden.
    pub hidden: Option<Suppressed>,
    /// The baseline knows it, and with another value.
    pub remark: Option<String>,
}

/// Works on one deployment.
pub(super) struct Exempting<'a, 'd> {
    pub exempt: &'a Exempt<'a>,
    pub deployment: &'a Deployment<'d>,
    pub policy: &'a Policy,
    pub key: &'a str,
    pub touched: Touched,
}

impl Exempting<'_, '_> {
    /// Notes which waivers and entries are asked here at all.
    pub fn ask(&mut self) {
        let Exempt { inline, waivers, local, baseline, .. } = *self.exempt;
        let judged = |rule: &str| self.policy.selected.iter().any(|s| s.rule.id == rule);
        let sheets = self.deployment.sheets();
        for (n, waiver) in waivers.iter().enumerate() {
            let covers = |path: &str| local(path).is_some_and(|path| waiver.covers_file(&path));
            let here = waiver.covers_deployment(self.key)
                && (matches!(waiver.reach, Reach::Deployment(_))
                    || sheets.iter().any(|s| covers(s.document.source.path())));
            if here {
                self.touched.reached.push(n);
                self.touched.asked.extend(rules_of(waiver, n).filter(|(_, rule)| judged(rule)).map(|(key, _)| key));
            }
        }
        for (n, waiver) in inline.waivers.iter().enumerate() {
            let of = rules_of(waiver, n).filter(|(_, rule)| judged(rule)).map(|(key, _)| key);
            self.touched.inline_asked.extend(of);
        }
        if let Some(baseline) = baseline {
            let judged = |n: &&usize| {
                let rule = baseline.entries.get(**n).map(|e| e.rule.as_str());
                rule.is_some_and(|rule| self.policy.selected.iter().any(|s| s.rule.is_called(rule)))
            };
            self.touched.entries_asked.extend(baseline.of_deployment(self.key).iter().filter(judged));
        }
    }

    /// The fates of all members. `prints`: their fingerprints; `hidden_by`: for each hidden one what stands for it.
    pub fn fates(&mut self, members: &[Member], prints: &[String], hidden_by: &HashMap<usize, usize>) -> Vec<Fate> {
        let waived: Vec<Option<Suppressed>> = members.iter().map(|m| self.waived(m)).collect();
        let own: Vec<Stand> =
            members.iter().zip(prints).map(|(member, print)| self.in_baseline(member, print)).collect();
        let all = &waived;
        let fate = |(n, waived): (usize, &Option<Suppressed>)| {
            if waived.is_some() || self.exempt.baseline.is_none() {
                return Fate { hidden: waived.clone(), remark: None };
            }
            // What it stands for must have been there too, and be no worse.
            let below = hidden_by.keys().filter(|hidden| root(hidden_by, **hidden) == n);
            let mut below: Vec<usize> = below.copied().collect();
            below.sort_unstable();
            let stand = |n: usize| own.get(n).unwrap_or(&Stand::New);
            let open = |n: &usize| all.get(*n).is_none_or(Option::is_none) && *stand(*n) != Stand::There;
            match (stand(n), below.iter().copied().find(open)) {
                (Stand::There, None) => Fate { hidden: self.baselined(), remark: None },
                (Stand::New, _) => Fate::default(),
                (Stand::Changed(words), _) => Fate { hidden: None, remark: Some(words.clone()) },
                (Stand::There, Some(other)) => {
                    let rule = members.get(other).and_then(|m| self.policy.selected.get(m.selected));
                    let name = rule.map_or("", |s| s.rule.id.as_str());
                    let words = match stand(other) {
                        Stand::Changed(words) => words.clone(),
                        _ => format!("`{name}`, which this stands for, is not in the baseline"),
                    };
                    Fate { hidden: None, remark: Some(words) }
                }
            }
        };
        all.iter().enumerate().map(fate).collect()
    }

    fn baselined(&self) -> Option<Suppressed> {
        let path = self.exempt.baseline?.source.path();
        let reason = Arc::from(format!("was there when {path} was written, and is no worse"));
        Some(Suppressed { kind: "baseline", reason, until: None })
    }

    /// The waiver that hides a member; every waiver that would is noted as used.
    fn waived(&mut self, member: &Member) -> Option<Suppressed> {
        let Exempt { today, inline, waivers, .. } = *self.exempt;
        if waivers.is_empty() && inline.waivers.is_empty() {
            return None;
        }
        let mut by: Option<Suppressed> = None;
        let mut hide = |waiver: &Waiver, kind: &'static str| {
            if let (Some(reason), true, None) = (&waiver.reason, waiver.holds(today), &by) {
                by = Some(Suppressed { kind, reason: Arc::clone(reason), until: waiver.until.map(|d| d.to_string()) });
            }
        };
        for (n, waiver) in inline.waivers.iter().enumerate() {
            if let Some(rule) = self.is_for(waiver, member) {
                note(&mut self.touched.inline_used, (n, rule));
                hide(waiver, "inline");
            }
        }
        for (n, waiver) in waivers.iter().enumerate() {
            if let Some(rule) = self.is_for(waiver, member) {
                note(&mut self.touched.used, (n, rule));
                hide(waiver, "config");
            }
        }
        by
    }

    /// Which rule of a waiver a member fails, if the waiver is for it.
    fn is_for(&self, waiver: &Waiver, member: &Member) -> Option<usize> {
        let rule = &self.policy.selected.get(member.selected)?.rule.id;
        let named = waiver.rules.iter().position(|r| r == rule)?;
        let place = member.primary.and_then(|n| self.deployment.place(n));
        let qualifier = waiver.qualifier.as_deref().is_none_or(|q| member.qualifier.as_deref() == Some(q));
        let fact = |wanted: &String| {
            let mut facts = member.facts.iter().filter_map(|k| self.deployment.fact_of(*k));
            facts.any(|(ix, _)| self.deployment.vocabulary().fact(ix).id == *wanted)
        };
        let setting = |wanted: &String| place.as_ref().is_some_and(|p| *p.shown == **wanted || *p.stable == **wanted);
        let narrowed =
            qualifier && waiver.fact.as_ref().is_none_or(fact) && waiver.setting.as_ref().is_none_or(setting);
        (narrowed && self.reaches(waiver, place.as_ref())).then_some(named)
    }

    fn reaches(&self, waiver: &Waiver, place: Option<&Place>) -> bool {
        let sheets = self.deployment.sheets();
        let sheet = place.and_then(|p| p.document).and_then(|d| sheets.get(d as usize)).or(self.deployment.main());
        let source = sheet.map(|s| &s.document.source);
        let own = || source.is_some_and(|s| s.id() == waiver.source.id());
        match &waiver.reach {
            Reach::Deployment(_) => waiver.covers_deployment(self.key),
            Reach::Files(_) => {
                source.and_then(|s| (self.exempt.local)(s.path())).is_some_and(|local| waiver.covers_file(&local))
            }
            Reach::File => own(),
            Reach::Line(line) => {
                let (Some(place), Some(source)) = (place, source) else { return false };
                own() && has_line(place) && lines_of(place, source).contains(line)
            }
        }
    }

    /// How a member stands to the baseline.
    fn in_baseline(&mut self, member: &Member, print: &str) -> Stand {
        let Some((n, entry)) = self.exempt.baseline.and_then(|b| b.find(print)) else { return Stand::New };
        note(&mut self.touched.entries_used, n);
        let mask = self.exempt.mask;
        let values = values_of(self.deployment, member);
        let vocabulary = self.deployment.vocabulary();
        let mut stand = Stand::There;
        for (place, (name, value)) in values.iter().enumerate() {
            // A fact that the rule has begun to read since has no value in the baseline.
            let then = if place == 0 {
                Some(&entry.value)
            } else {
                entry.also.iter().find(|(n, _)| n == name).map(|(_, v)| v)
            };
            let Some(then) = then else { continue };
            let id = name.split('[').next().unwrap_or(name);
            let fact = vocabulary.find(id).map(|ix| vocabulary.fact(ix)).filter(|_| !member.facts.is_empty());
            stand = match compare(&mask(value), then, fact, vocabulary) {
                Compared::NoWorse => continue,
                Compared::Worse(words) => {
                    Stand::Changed(format!("`{name}` was {words} in the baseline, and has got worse"))
                }
                Compared::Other(words) => {
                    Stand::Changed(format!("`{name}` was {words} in the baseline, and is another now"))
                }
            };
            break;
        }
        stand
    }

    /// The entry that a member would have in a baseline.
    pub fn entry(&self, member: &Member, print: &str, with: Option<&Member>) -> Entry {
        let rule = |m: &Member| self.policy.selected.get(m.selected).map(|s| s.rule.id.clone()).unwrap_or_default();
        let mut values = values_of(self.deployment, member).into_iter();
        let (name, value) = values.next().unwrap_or_default();
        let by_fact = !member.facts.is_empty();
        let plain = name.split('[').next().unwrap_or_default().to_owned();
        let shown = |text: &str| (self.exempt.mask)(&Json::from(text)).as_str().unwrap_or_default().to_owned();
        Entry {
            deployment: self.key.to_owned(),
            rule: rule(member),
            fact: by_fact.then_some(plain),
            setting: (!by_fact && !name.is_empty()).then(|| shown(&name)),
            qualifier: member.qualifier.as_deref().map(shown),
            value: (self.exempt.mask)(&value),
            also: values.map(|(name, value)| (name, (self.exempt.mask)(&value))).collect(),
            with: with.map(rule),
            fingerprint: print.to_owned(),
            span: crate::text::Span::default(),
        }
    }
}

/// How a member stands to the baseline.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Stand {
    New,
    There,
    Changed(String),
}

fn rules_of(waiver: &Waiver, n: usize) -> impl Iterator<Item = ((usize, usize), &str)> {
    waiver.rules.iter().enumerate().map(move |(rule, id)| ((n, rule), id.as_str()))
}

fn note<T: PartialEq>(list: &mut Vec<T>, what: T) {
    if !list.contains(&what) {
        list.push(what);
    }
}

/// What stands for a hidden member in the end.
pub(super) fn root(hidden_by: &HashMap<usize, usize>, member: usize) -> usize {
    let mut at = member;
    // (Rules that stand for each other would go round.)
    for _ in 0..hidden_by.len() {
        match hidden_by.get(&at) {
            Some(by) => at = *by,
            None => break,
        }
    }
    at
}

/// Does anything in the file stand for a place?
pub fn has_line(place: &Place) -> bool {
    !(place.span.start == 0 && place.span.is_empty())
}

/// The lines at which a comment is about a place: that of its key, and those on which its value begins and ends.
fn lines_of(place: &Place, source: &crate::text::Source) -> Vec<u32> {
    let mut lines = vec![source.line_of(place.span.start)];
    if !place.anchor {
        lines.push(source.line_of(place.span.end.saturating_sub(1).max(place.span.start)));
    }
    lines.extend(place.wide.map(|wide| source.line_of(wide.start)));
    lines
}

/// What decided a member, with the values: the first is what it is about.
fn values_of(deployment: &Deployment<'_>, member: &Member) -> Vec<(String, Json)> {
    if member.facts.is_empty() {
        return vec![(about(deployment, member).to_string(), value_of(deployment, member))];
    }
    let mut out: Vec<(String, Json)> = Vec::new();
    for (ix, qualifier) in member.facts.iter().filter_map(|k| deployment.fact_of(*k)) {
        let id = &deployment.vocabulary().fact(ix).id;
        let own = qualifier.is_none() || qualifier == member.qualifier;
        let name = if own { id.clone() } else { format!("{id}['{}']", qualifier.as_deref().unwrap_or_default()) };
        if out.iter().all(|(known, _)| *known != name) {
            let value = deployment.fact(ix, qualifier.as_ref()).known().map_or(Json::Null, crate::fact::Value::json);
            out.push((name, value));
        }
    }
    out
}
