//! Rules whose outcome changed.

use super::reads::Reads;
use super::{FactChange, Judged, Moved, RuleChange};
use crate::lint::report::{Finding, Outcome, RuleResult};
use crate::text::Shown;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The changes of one deployment, the worst first.
pub(super) fn changes(reads: &Reads, old: &Judged, new: &Judged, facts: &[FactChange]) -> Vec<RuleChange> {
    let before: HashMap<&Shown, &RuleResult> = old.results.iter().map(|r| (&r.rule, r)).collect();
    let now: HashMap<&Shown, &RuleResult> = new.results.iter().map(|r| (&r.rule, r)).collect();
    let gone = old.results.iter().filter(|r| !now.contains_key(&r.rule));
    let mut out: Vec<RuleChange> = Vec::new();
    for result in new.results.iter().chain(gone) {
        let outcome =
            |of: &HashMap<&Shown, &RuleResult>| of.get(&result.rule).map_or(Outcome::NotApplicable, |r| r.outcome);
        let (was, is) = (outcome(&before), outcome(&now));
        let found: Vec<&Arc<Finding>> = new.findings.iter().filter(|f| f.rule == result.rule).collect();
        let change = match (was, is) {
            (Outcome::Fail, Outcome::Fail) if fails_more(old, &found, &result.rule) => Moved::FailsMore,
            (a, b) if a == b => continue,
            // What another finding stands for is told by that one.
            (_, Outcome::Fail) if found.is_empty() && stands_behind(new, &result.rule) => continue,
            (_, Outcome::Fail) => Moved::Fails,
            (Outcome::Fail, Outcome::Pass) => Moved::Holds,
            (Outcome::Fail, Outcome::NotApplicable) => Moved::Gone,
            (Outcome::Fail | Outcome::Pass, Outcome::Unknown) => Moved::Undecided,
            _ => continue,
        };
        let first = found.first();
        let reason = || now.get(&result.rule).and_then(|r| r.reason.clone()).filter(|_| is == Outcome::Unknown);
        let mut list: Vec<Shown> = facts
            .iter()
            .filter(|f| reads.reads(result.rule.as_ref(), f.fact.as_ref()))
            .map(|f| f.fact.clone())
            .collect();
        list.dedup();
        out.push(RuleChange {
            change,
            rule: result.rule.clone(),
            severity: found.iter().map(|f| f.severity).max().or(result.about.severity),
            old: was,
            new: is,
            facts: list,
            message: first.map(|f| f.message.clone()).or_else(reason),
            file: first.map(|f| f.file.clone()),
            span: first.map(|f| f.span).filter(|span| !(span.bytes.start == 0 && span.bytes.is_empty())),
            fixed: !found.is_empty() && found.iter().all(|f| f.fixed),
            waived: !found.is_empty() && found.iter().all(|f| f.suppressed.is_some()),
        });
    }
    out.sort_by_key(|c| (c.change, Reverse(c.severity)));
    out
}

/// Does a rule fail here for what it did not fail for before: another fact or setting, another qualifier?
fn fails_more(old: &Judged, found: &[&Arc<Finding>], rule: &Shown) -> bool {
    // What another finding stood for is not known one by one.
    if stands_behind(old, rule) {
        return false;
    }
    let known: HashSet<Member<'_>> = old.findings.iter().filter(|f| f.rule == *rule).flat_map(|f| members(f)).collect();
    !known.is_empty() && found.iter().filter(|f| !f.fixed).any(|f| members(f).any(|m| !known.contains(&m)))
}

/// What a finding is about, and a qualifier.
type Member<'f> = (Option<&'f Shown>, Option<&'f Shown>);

fn members(finding: &Finding) -> impl Iterator<Item = Member<'_>> {
    let about = finding.fact.as_ref().or(finding.setting.as_ref());
    let alone = finding.qualifier.is_empty().then_some((about, None));
    alone.into_iter().chain(finding.qualifier.iter().map(move |q| (about, Some(q))))
}

/// Does another finding stand for what a rule found?
fn stands_behind(judged: &Judged, rule: &Shown) -> bool {
    judged.findings.iter().any(|f| f.related.iter().any(|related| related.rule == *rule))
}
