//! A fail case with text becomes a pass case when the rule's own mend is written into it.

use super::Setup;
use crate::judge::{Outcome, RawEdit, judge};
use crate::rule::{Policy, Selected};
use crate::settle::settle;

/// Writes what is offered as mend into the texts and judges them again: what is wrong then; `None`: it passes, or
/// there is nothing that a program could write.
pub(super) fn differs(setup: &Setup<'_, '_>, selected: &Selected) -> Option<String> {
    let policy = Policy { selected: vec![selected.clone()], required: Vec::new() };
    let deployment = setup.deployment;
    let found = settle(deployment, &policy, None, judge(deployment, &policy, None), "case", None, false).found;
    let mut edits: Vec<RawEdit> = Vec::new();
    for finding in &found {
        // A finding without edits stays; nothing can be said of the whole rule then.
        edits.extend(finding.advice.fix.as_ref()?.1.iter().cloned());
    }
    if edits.is_empty() {
        return None;
    }
    let sheets = deployment.sheets();
    let mut texts: Vec<String> = sheets.iter().map(|s| s.document.source.text().to_owned()).collect();
    edits.sort_by_key(|e| (e.document, std::cmp::Reverse(e.span.start), e.span.end));
    edits.dedup();
    for edit in &edits {
        let text = texts.get_mut(edit.document as usize)?;
        let (before, after) = (text.get(..edit.span.range().start)?, text.get(edit.span.range().end..)?);
        *text = format!("{before}{}{after}", edit.text);
    }
    let mut out = None;
    (setup.again)(&texts, &mut |mended| {
        let errors: Vec<&str> =
            mended.sheets().iter().flat_map(|s| &s.document.errors).map(|e| e.message.as_str()).collect();
        let judged = judge(mended, &policy, None);
        let failed = judged.outcomes.first().is_some_and(|(outcome, _)| *outcome == Outcome::Fail);
        let rule = &selected.rule.id;
        if let Some(error) = errors.first() {
            out = Some(format!("{rule}: what its mend writes does not parse: {error}"));
        } else if failed {
            out = Some(format!("{rule}: fails still when its own mend is written ({})", texts.join("\n---\n")));
        }
    });
    out
}
