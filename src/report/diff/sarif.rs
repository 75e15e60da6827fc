//! SARIF with `baselineState`: the findings of now as `new`, `updated` or `unchanged`, and those of before that are gone
//! as `absent`.

use super::Told;
use crate::lint::{Diff, Finding, GroupReport, Judged};
use crate::report::check::Sarif;
use crate::report::{Report, Summary};
use crate::text::Shown;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The report.
pub fn sarif(told: &Told<'_>) -> String {
    let mut report = Sarif::new(false);
    let mut out = String::new();
    report.begin(&mut out);
    for (state, findings) in states(told.diff) {
        report.state = Some(state);
        report.group(&mut out, &GroupReport { findings, ..GroupReport::default() });
    }
    report.state = None;
    let errors = told.old.errors.iter().chain(&told.new.errors).cloned().collect();
    let skipped = told.new.skipped.clone();
    let named = told.new.named.clone();
    report.finish(&mut out, &Summary { run: told.run.clone(), errors, skipped, named, hidden: 0 });
    out
}

/// What a finding is about, and one of its qualifiers.
type Member<'f> = (&'f Shown, Option<&'f Shown>, Option<&'f Shown>);

fn members(finding: &Finding) -> Vec<Member<'_>> {
    let about = finding.fact.as_ref().or(finding.setting.as_ref());
    match finding.qualifier.is_empty() {
        true => vec![(&finding.rule, about, None)],
        false => finding.qualifier.iter().map(|q| (&finding.rule, about, Some(q))).collect(),
    }
}

/// The findings by state. One that several instances share comes once.
fn states(diff: &Diff) -> Vec<(&'static str, Vec<Finding>)> {
    let mut out: [(&str, Vec<Finding>); 4] =
        [("new", Vec::new()), ("updated", Vec::new()), ("unchanged", Vec::new()), ("absent", Vec::new())];
    let mut told: HashSet<*const Finding> = HashSet::new();
    let mut put = |n: usize, finding: &Arc<Finding>| {
        if told.insert(Arc::as_ptr(finding))
            && let Some((_, list)) = out.get_mut(n)
        {
            list.push((**finding).clone());
        }
    };
    for pair in &diff.pairs {
        let before = known(&pair.old);
        for finding in &pair.new.findings {
            let same: Vec<Option<&&Finding>> = members(finding).iter().map(|m| before.get(m)).collect();
            let like = |old: &&Finding| old.value == finding.value && old.message == finding.message;
            put(
                match () {
                    () if same.iter().all(Option::is_none) => 0,
                    () if same.iter().all(|old| old.is_some_and(like)) => 2,
                    () => 1,
                },
                finding,
            );
        }
        let now = known(&pair.new);
        for finding in pair.old.findings.iter().filter(|f| members(f).iter().all(|m| !now.contains_key(m))) {
            put(3, finding);
        }
    }
    diff.added.iter().flat_map(|judged| &judged.findings).for_each(|finding| put(0, finding));
    diff.removed.iter().flat_map(|judged| &judged.findings).for_each(|finding| put(3, finding));
    let mut prints: BTreeSet<String> = BTreeSet::new();
    for (_, list) in &mut out {
        // A finding of before that is gone at one of its hosts, and not at another, is not absent.
        list.retain(|f| prints.insert(f.fingerprint.clone()));
    }
    out.into_iter().collect()
}

fn known(judged: &Judged) -> HashMap<Member<'_>, &Finding> {
    judged.findings.iter().flat_map(|f| members(f).into_iter().map(move |m| (m, &**f))).collect()
}
