//! Facts and settings of a deployment as lists, and the four subjects that are answered first.

use super::convert::Converter;
use super::report::{FactInfo, FilePart, Origin, Range, SettingInfo};
use crate::condition::{Members, Values};
use crate::fact::{FactIx, QualifierKind, Reading, State, Type, Value, Word, enumerate};
use crate::judge::origin_of;
use crate::platform::PlaceOrigin;
use crate::text::Shown;

impl Converter<'_> {
    /// The qualifiers a fact is listed for.
    fn qualifiers(&self, fact: FactIx) -> Vec<Option<Word>> {
        let words = |reading: Reading| match reading.known() {
            Some(Value::List(items)) => {
                items.iter().filter_map(|i| i.known().and_then(Value::word).cloned()).map(Some).collect()
            }
            _ => Vec::new(),
        };
        match self.deployment.vocabulary().fact(fact).qualifier {
            None => vec![None],
            Some(QualifierKind::Scope) => words(self.deployment.members(Members::Scopes)),
            Some(QualifierKind::Cohort) => words(self.deployment.members(Members::Cohorts)),
            Some(QualifierKind::Setting) => words(self.deployment.places(fact)),
        }
    }

    /// Every fact with its value, origin and place.
    pub fn facts(&self) -> Vec<FactInfo> {
        let vocabulary = self.deployment.vocabulary();
        let mut out = Vec::new();
        for (ix, def) in vocabulary.facts() {
            for qualifier in self.qualifiers(ix) {
                let reading = self.deployment.fact(ix, qualifier.as_ref());
                let key = self.deployment.key(ix, qualifier.as_ref());
                let place = reading.from.first().and_then(|s| self.deployment.place(s.place));
                let source = place.as_ref().and_then(|p| self.source(p.document));
                let origin = match &place {
                    _ if def.derived() => Some(Origin::Derived),
                    Some(p) => Some(origin_of(p)),
                    None if reading.known().is_some() && self.deployment.is_declaration() => Some(Origin::Default),
                    None => None,
                };
                let verified = place.as_ref().filter(|p| p.origin == PlaceOrigin::Default).and_then(|p| {
                    let platform = self.deployment.platform()?;
                    let own = p.setting.and_then(|s| platform.setting(s)).and_then(|s| s.verified.clone());
                    Some(own.unwrap_or_else(|| platform.verified.to_string())).filter(|v| !v.is_empty())
                });
                // Of an unknown fact the words of the rule that might decide it would read as a claim.
                let because = match &reading.state {
                    State::Unknown(unknown) => Some(unknown.why.clone()),
                    _ => self.deployment.because(key),
                };
                let because = because.or(match &reading.state {
                    State::NotApplicable(why) => Some(why.clone()),
                    _ => None,
                });
                out.push(FactInfo {
                    fact: self.show(&def.id),
                    qualifier: qualifier.as_ref().map(|q| self.show(q)),
                    value: reading.known().map_or(serde_json::Value::Null, |v| self.json(&v.json())),
                    state: state(&reading),
                    candidates: reading
                        .as_unknown()
                        .and_then(|u| u.candidates.as_ref())
                        .map(|c| c.iter().map(|v| self.json(&v.json())).collect())
                        .unwrap_or_default(),
                    origin,
                    via: place.as_ref().map(|p| self.via(p.document)),
                    file: source.as_ref().map(|s| self.show(s.path())),
                    span: source.as_ref().zip(place.as_ref()).map(|(s, p)| Range::of(s, p.span)),
                    setting: place.as_ref().filter(|p| p.setting.is_some()).map(|p| self.show(&p.shown)),
                    because: because.map(|b| self.show(&b)),
                    verified: verified.map(|v| self.show(&v)),
                    words: self.show(&words(&reading)),
                    footing: self.footing(ix, qualifier.as_ref(), &reading),
                    evidence: self.evidence(ix, qualifier.as_ref(), &reading),
                    possible: reading.possible().unwrap_or_default(),
                });
            }
        }
        out
    }

    /// Every setting with its effective value, secrets left out of view.
    pub fn settings(&self) -> Vec<SettingInfo> {
        let Some(platform) = self.deployment.platform() else { return Vec::new() };
        let mut out = Vec::new();
        let mut push = |id: &str, reading: Reading, ty: &Type| {
            let place = reading.from.first().and_then(|s| self.deployment.place(s.place));
            out.push(SettingInfo {
                id: self.show(id),
                state: state(&reading),
                kind: reading.as_unknown().map(|u| Shown::fixed(u.kind.name())),
                value: reading.known().map_or(serde_json::Value::Null, |v| self.json(&plain(v, ty))),
                origin: place.as_ref().map(origin_of),
            });
        };
        for (n, setting) in platform.settings.iter().enumerate() {
            let ix = u32::try_from(n).unwrap_or(u32::MAX);
            if setting.list.is_none() {
                push(&setting.id, self.deployment.setting(ix), &setting.ty);
            } else {
                for (path, reading) in self.deployment.fields(ix) {
                    push(&path, reading, &setting.ty);
                }
            }
        }
        out
    }

    /// Default encryption, metadata, second factor, who can message.
    pub fn subjects(&self) -> Vec<(Shown, Shown)> {
        self.deployment.quick(|| self.read_subjects())
    }

    fn read_subjects(&self) -> Vec<(Shown, Shown)> {
        let line = |facts: &[(&str, &str)]| {
            let parts = facts.iter().filter_map(|(id, lead)| {
                let ix = self.deployment.vocabulary().find(id)?;
                Some(format!("{lead}{}", self.grouped(ix)))
            });
            self.show(&parts.collect::<Vec<_>>().join("; "))
        };
        vec![
            (Shown::fixed("default encryption"), line(&[("encryption.e2ee", "")])),
            (
                Shown::fixed("metadata kept"),
                line(&[
                    ("metadata.ip_retention", "addresses "),
                    ("metadata.retention", "who talked to whom "),
                    ("metadata.log_retention", "logs "),
                ]),
            ),
            (Shown::fixed("second factor"), line(&[("account.mfa", "")])),
            (
                Shown::fixed("who can message"),
                line(&[("reach.message", ""), ("reach.stranger_gate", "a stranger meets: ")]),
            ),
        ]
    }

    /// A fact's value; by scope or cohort, with the qualifiers that share it.
    fn grouped(&self, fact: FactIx) -> String {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for qualifier in self.qualifiers(fact) {
            let reading = self.deployment.fact(fact, qualifier.as_ref());
            let value = words(&reading);
            let name = qualifier.map(|q| q.to_string()).unwrap_or_default();
            match groups.iter_mut().find(|(v, _)| *v == value) {
                Some((_, names)) => names.push(name),
                None => groups.push((value, vec![name])),
            }
        }
        match groups.as_slice() {
            [] => "not declared".into(),
            [(value, _)] => value.clone(),
            many => many
                .iter()
                .map(|(value, names)| format!("{value} ({})", enumerate(names)))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    /// The files of the deployment, the main document's first, each once: what they are within it. `roles`: what
    /// sheets are where that is said in other words than usual.
    pub fn files(&self, roles: &[Option<String>]) -> Vec<FilePart> {
        let sheets = self.deployment.sheets();
        let main = self.deployment.main_place() as usize;
        let path = |n: usize| sheets.get(n).map(|s| s.document.source.path()).unwrap_or_default();
        let mut out: Vec<FilePart> = Vec::new();
        for n in std::iter::once(main).chain((0..sheets.len()).filter(|n| *n != main)) {
            let Some(sheet) = sheets.get(n) else { continue };
            let shown = self.show(path(n));
            let kind = self
                .deployment
                .platform()
                .and_then(|p| p.documents.get(sheet.kind))
                .map_or("declaration", |k| k.id.as_str());
            let usual = || match n == main {
                true => "main document".to_owned(),
                false => format!("part of {} ({kind})", path(main)),
            };
            let role = roles.get(n).cloned().flatten().filter(|_| n != main).unwrap_or_else(usual);
            if out.iter().any(|part| part.path == shown) {
                continue;
            }
            let address = (!sheet.address.is_empty()).then(|| self.show(&sheet.address));
            out.push(FilePart {
                path: shown,
                role: self.show(&role),
                shape: Shown::fixed(sheet.shape.name()),
                address,
            });
        }
        out
    }
}

fn state(reading: &Reading) -> Shown {
    match &reading.state {
        State::Known(_) => Shown::fixed("known"),
        State::Unknown(_) => Shown::fixed("unknown"),
        State::NotApplicable(_) => Shown::fixed("not-applicable"),
    }
}

/// A reading in plain English.
fn words(reading: &Reading) -> String {
    match &reading.state {
        State::Known(value) => value.words(),
        State::NotApplicable(_) => "not applicable".into(),
        State::Unknown(u) => match &u.candidates {
            Some(list) if list.len() <= 3 => {
                format!("unknown ({})", list.iter().map(Value::words).collect::<Vec<_>>().join(" or "))
            }
            _ => "unknown".into(),
        },
    }
}

/// A value as an oracle compares it: periods in whole milliseconds or a word, records by their number.
fn plain(value: &Value, ty: &Type) -> serde_json::Value {
    let records = matches!(ty, Type::List(of) if matches!(**of, Type::Record(_)));
    match value {
        Value::Duration(d) => match d.as_millis() {
            Some(0) | None => serde_json::Value::from(d.to_string()),
            Some(ms) => serde_json::Value::from(ms),
        },
        Value::List(items) if records => serde_json::Value::from(items.len()),
        other => other.json(),
    }
}
