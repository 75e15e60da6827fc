//! Findings as reports take them: masked, neutralised, with lines and columns.

use super::options::Linter;
use super::report::{Edit, Finding, Fix, Label, Range, RelatedFinding, Safety};
use crate::judge::{Found, RawLabel};
use crate::platform::Deployment;
use crate::rule::Policy;
use crate::syntax::Shape;
use crate::text::{Redactor, Shown, Source, Span};
use std::sync::Arc;

/// What findings of one deployment have in common.
pub(super) struct Converter<'a> {
    pub linter: &'a Linter,
    pub deployment: &'a Deployment<'a>,
    pub policy: &'a Policy,
    pub redactor: &'a Redactor,
    key: Shown,
    paths: Vec<Shown>,
}

impl<'a> Converter<'a> {
    /// One for the findings of a deployment.
    pub fn new(
        linter: &'a Linter,
        deployment: &'a Deployment<'a>,
        policy: &'a Policy,
        redactor: &'a Redactor,
        key: &str,
    ) -> Self {
        let paths = deployment.sheets().iter().map(|s| redactor.show(s.document.source.path())).collect();
        Self { linter, deployment, policy, redactor, key: redactor.show(key), paths }
    }

    /// The source of a document; the first one stands in where none is meant.
    pub fn source(&self, document: Option<u32>) -> Option<Arc<Source>> {
        let sheets = self.deployment.sheets();
        let sheet = document.and_then(|d| sheets.get(d as usize)).or(self.deployment.main());
        sheet.map(|s| Arc::clone(&s.document.source))
    }

    /// The shape that a place was read from.
    pub fn via(&self, document: Option<u32>) -> Shown {
        let sheet = document.and_then(|d| self.deployment.sheets().get(d as usize)).or(self.deployment.main());
        Shown::fixed(sheet.map_or(Shape::Plain, |sheet| sheet.shape).name())
    }

    pub fn show(&self, text: &str) -> Shown {
        self.redactor.show(text)
    }

    fn range(&self, document: Option<u32>, span: Span) -> (Shown, Range) {
        match self.source(document) {
            Some(source) => {
                let path = document.unwrap_or(self.deployment.main_place()) as usize;
                let path = self.paths.get(path).or(self.paths.first()).cloned();
                (path.unwrap_or_default(), Range::of(&source, span))
            }
            None => (Shown::fixed(""), Range::of(&Source::new("", ""), Span::default())),
        }
    }

    /// A finding.
    pub fn finding(&self, found: &Found) -> Finding {
        let selected = self.policy.selected.get(found.selected);
        let words = selected.map(|s| Arc::clone(&s.shown)).unwrap_or_default();
        let place = found.primary.as_ref();
        let (file, span) = self.range(place.and_then(|p| p.document), place.map(|p| p.span).unwrap_or_default());
        let severity = self.severity(found);
        let mut qualifier: Vec<Shown> = Vec::new();
        for word in found.members.iter().filter_map(|m| m.qualifier.as_ref()) {
            let shown = self.show(word);
            if !qualifier.contains(&shown) {
                qualifier.push(shown);
            }
        }
        Finding {
            rule: words.id.clone(),
            pack: words.pack.clone(),
            basis: selected.map_or(crate::rule::Basis::Custom, |s| s.basis),
            severity,
            confidence: found.confidence,
            message: self.show(&found.message),
            deployment: self.key.clone(),
            file,
            span,
            anchor: place.is_none_or(|p| p.anchor),
            setting: found.setting.as_ref().map(|s| self.show(s)),
            fact: found.fact.as_ref().map(|f| self.show(f)),
            qualifier,
            value: self.json(&found.value),
            origin: found.origin,
            via: self.via(place.and_then(|p| p.document)),
            labels: found.labels.iter().map(|l| self.label(l)).collect(),
            why: words.why.clone(),
            help: if found.advice.general { words.fix.clone() } else { self.show(&found.advice.help) },
            fix: self.fix(found),
            controls: words.controls.clone(),
            url: words.url.clone(),
            fingerprint: found.fingerprints.first().cloned().unwrap_or_default(),
            fingerprints: found.fingerprints.clone(),
            instances: Vec::new(),
            related: found
                .related
                .iter()
                .map(|(rule, fingerprint, message)| RelatedFinding {
                    rule: self.show(rule),
                    fingerprint: fingerprint.clone(),
                    message: self.show(message),
                })
                .collect(),
            fixed: found.fixed,
            suppressed: None,
            about: words,
        }
    }

    /// A gate may carry its own severity for what loses its effect.
    fn severity(&self, found: &Found) -> crate::rule::Severity {
        let selected = self.policy.selected.get(found.selected);
        let own = selected.map_or(crate::rule::Severity::Warning, |s| s.severity);
        let gate = found
            .members
            .first()
            .and_then(|m| m.event.as_ref())
            .filter(|e| e.kind == crate::platform::EventKind::WithoutEffect)
            .and_then(|e| e.gate);
        let overridden =
            selected.is_some_and(|s| self.linter.config.rules.get(&s.rule.id).is_some_and(|o| o.severity.is_some()));
        let gate = gate
            .and_then(|g| self.deployment.platform()?.gates.get(g)?.severity.as_deref())
            .and_then(crate::rule::Severity::from_name);
        gate.filter(|_| !overridden).unwrap_or(own)
    }

    fn label(&self, label: &RawLabel) -> Label {
        let (file, range) = self.range(label.document, label.span);
        Label {
            role: label.role,
            file,
            setting: label.setting.as_ref().map(|s| self.show(s)),
            span: label.document.map(|_| range),
            text: self.show(&label.text),
            wide: label.wide,
        }
    }

    fn fix(&self, found: &Found) -> Option<Fix> {
        let (title, edits) = found.advice.fix.as_ref()?;
        let edits = edits.iter().map(|e| {
            let (file, span) = self.range(Some(e.document), e.span);
            Edit { file, span, text: self.show(&e.text) }
        });
        Some(Fix {
            title: self.show(title),
            safety: if found.advice.safe { Safety::Safe } else { Safety::Unsafe },
            edits: edits.collect(),
        })
    }

    /// A literal, its texts masked.
    pub fn json(&self, value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::String(text) => serde_json::Value::String(self.show(text).to_string()),
            serde_json::Value::Array(list) => serde_json::Value::Array(list.iter().map(|v| self.json(v)).collect()),
            serde_json::Value::Object(map) => {
                serde_json::Value::Object(map.iter().map(|(k, v)| (k.clone(), self.json(v))).collect())
            }
            other => other.clone(),
        }
    }
}
