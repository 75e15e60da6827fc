//! A finding, or another outcome, as a result.

use super::place::{artifact, link_text, location, plain, region};
use crate::lint::{DeploymentInfo, Edit, Finding, Fix, Outcome, RuleResult, Severity};
use crate::report::check::concise::sentence;
use crate::text::{MASK, Shown};
use serde_json::{Map, Value, json as object};

/// The level of a severity.
pub fn level(severity: Severity) -> &'static str {
    severity.name()
}

/// A finding; `rule` is the place of its rule.
pub fn fail(finding: &Finding, rule: usize) -> Value {
    let mut related = Vec::new();
    let mut words = String::new();
    sentence(&mut words, finding);
    let mut text = plain(&words);
    // The first label is in the sentence. GitHub shows a further place only if the message has a link to it.
    for label in finding.labels.iter().skip(1) {
        let Some(range) = &label.span else { continue };
        let id = related.len() + 1;
        let mut place = location(&label.file, Some(range));
        insert(&mut place, "id", object!(id));
        insert(&mut place, "message", object!({ "text": plain(label.text.as_ref()) }));
        related.push(place);
        text.push_str(if id == 1 { "\nSee also: " } else { "; " });
        let shown = if label.text.as_ref().is_empty() { label.file.as_ref() } else { label.text.as_ref() };
        text.push_str(&format!("[{}]({id})", link_text(shown)));
    }
    if !finding.help.as_ref().is_empty() {
        text.push('\n');
        text.push_str(&plain(finding.help.as_ref()));
    }
    let mut place = location(&finding.file, Some(&finding.span));
    if let Some(setting) = &finding.setting {
        insert(&mut place, "logicalLocations", object!([{ "fullyQualifiedName": setting, "kind": "member" }]));
    }
    let mut result = object!({
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "kind": if finding.fixed { "informational" } else { "fail" },
        "level": if finding.fixed { "none" } else { level(finding.severity) },
        "message": { "text": text },
        "locations": [place],
        "partialFingerprints": { "primaryLocationLineHash": finding.fingerprint },
        "suppressions": suppressions(finding),
    });
    if !related.is_empty() {
        insert(&mut result, "relatedLocations", Value::Array(related));
    }
    // An edit that writes a mask instead of a secret would break the file.
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.edits.iter().all(|e| !e.text.as_ref().contains(MASK))) {
        insert(&mut result, "fixes", object!([fixed(fix)]));
    }
    insert(&mut result, "properties", properties(finding));
    result
}

fn suppressions(finding: &Finding) -> Value {
    let Some(waived) = &finding.suppressed else { return object!([]) };
    let kind = if waived.kind.as_ref() == "inline" { "inSource" } else { "external" };
    let until = waived.until.as_ref().map(|until| format!(" (until {until})")).unwrap_or_default();
    object!([{ "kind": kind, "status": "accepted", "justification": format!("{}{until}", waived.reason) }])
}

/// Edits, file by file.
fn fixed(fix: &Fix) -> Value {
    let mut files: Vec<(&Shown, Vec<&Edit>)> = Vec::new();
    for edit in &fix.edits {
        match files.iter_mut().find(|(file, _)| *file == &edit.file) {
            Some((_, edits)) => edits.push(edit),
            None => files.push((&edit.file, vec![edit])),
        }
    }
    let replacement =
        |edit: &&Edit| object!({ "deletedRegion": region(&edit.span), "insertedContent": { "text": edit.text } });
    let change = |(file, edits): &(&Shown, Vec<&Edit>)| object!({ "artifactLocation": artifact(file), "replacements": edits.iter().map(replacement).collect::<Vec<_>>() });
    object!({
        "description": { "text": plain(fix.title.as_ref()) },
        "artifactChanges": files.iter().map(change).collect::<Vec<_>>(),
    })
}

/// What SARIF has no word for.
fn properties(finding: &Finding) -> Value {
    let mut out = object!({
        "deployment": finding.deployment, "pack": finding.pack, "basis": finding.basis,
        "confidence": finding.confidence, "origin": finding.origin, "value": finding.value,
    });
    if let Some(fact) = &finding.fact {
        insert(&mut out, "fact", object!(fact));
    }
    let lists = [("qualifier", &finding.qualifier), ("hosts", &finding.instances)];
    lists.into_iter().filter(|(_, list)| !list.is_empty()).for_each(|(key, list)| insert(&mut out, key, object!(list)));
    if finding.fingerprints.len() > 1 {
        insert(&mut out, "fingerprints", object!(finding.fingerprints));
    }
    out
}

/// An outcome that is no fail, at the beginning of the deployment's main file.
pub fn other(result: &RuleResult, rule: usize, deployment: Option<&DeploymentInfo>) -> Value {
    let title = &result.about.title;
    let (kind, words) = match result.outcome {
        Outcome::Fail => ("fail", "does not hold"),
        Outcome::Pass => ("pass", "does not occur"),
        Outcome::Unknown => ("review", "could not be decided"),
        Outcome::NotApplicable => ("notApplicable", "does not apply"),
    };
    let reason = result.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let mut out = object!({
        "ruleId": result.rule,
        "ruleIndex": rule,
        "kind": kind,
        "level": "none",
        "message": { "text": plain(&format!("{}: “{title}” {words}{reason}", result.deployment)) },
    });
    if let Some(file) = deployment.and_then(|d| d.files.first()) {
        insert(&mut out, "locations", object!([location(file, None)]));
    }
    insert(&mut out, "suppressions", object!([]));
    insert(&mut out, "properties", object!({ "deployment": result.deployment }));
    out
}

fn insert(object: &mut Value, key: &str, value: Value) {
    object.as_object_mut().unwrap_or(&mut Map::new()).insert(key.to_owned(), value);
}
