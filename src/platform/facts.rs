//! Facts of a deployment: computed, declared, stated by the operator.

use super::case::evaluate;
use super::definition::Case;
use super::deployment::{Deployment, Secrets};
use super::event::Event;
use super::place::Place;
use super::values::{everyone, not_read};
use crate::condition::{Members, Values};
use crate::fact::{FactIx, FactKey, QualifierKind, Reading, Reason, State, Step, Trail, Value, Word};
use smallvec::{SmallVec, smallvec};
use std::rc::Rc;
use std::sync::Arc;

impl Deployment<'_> {
    /// Reads every fact that the operator states, so that what contradicts a file is noted.
    pub(super) fn hold_stated(&self) {
        for (fact, list) in &self.input.stated {
            let scoped = self.vocabulary().fact(*fact).qualifier == Some(QualifierKind::Scope);
            for (qualifier, _) in list {
                match (qualifier, scoped) {
                    (None, true) => self
                        .scope_words()
                        .unwrap_or_default()
                        .iter()
                        .for_each(|scope| drop(self.fact(*fact, Some(scope)))),
                    (qualifier, _) => drop(self.fact(*fact, qualifier.as_ref())),
                }
            }
        }
    }

    /// The kinds of conversation, in vocabulary order; while `product.scopes` is unknown, those that a fact has a
    /// value for.
    pub(super) fn scope_words(&self) -> Result<Vec<Word>, Reading> {
        let vocabulary = self.vocabulary();
        let Some(level) = vocabulary.scopes() else { return Ok(Vec::new()) };
        let scopes = vocabulary.find("product.scopes").map(|ix| self.fact(ix, None));
        match scopes.as_ref().map(|r| &r.state) {
            Some(State::Known(Value::Set(set))) => {
                Ok(level.values.iter().filter(|w| set.contains(w) != Some(false)).cloned().collect())
            }
            Some(State::Unknown(_)) => {
                let given = |scope: &Word| {
                    vocabulary.facts().any(|(ix, f)| {
                        f.qualifier == Some(QualifierKind::Scope) && !f.derived() && self.states(ix, scope)
                    })
                };
                Ok(level.values.iter().filter(|w| given(w)).cloned().collect())
            }
            _ => scopes.map_or_else(|| Ok(Vec::new()), Err),
        }
    }

    /// Does the deployment give a value for this fact and scope?
    fn states(&self, fact: FactIx, scope: &Word) -> bool {
        match self.input.declaration {
            Some(d) => d.get(fact, Some(scope)).is_some(),
            None => self.platform.is_some_and(|p| p.facts.contains_key(&fact)),
        }
    }

    pub(super) fn compute(&self, fact: FactIx, qualifier: Option<&Word>, key: FactKey) -> Reading {
        let def = self.vocabulary().fact(fact);
        if !self.has_fact(def) {
            let kind = self.instance().map_or("", |(_, kind)| &*kind.kind);
            return Reading::not_applicable(format!("a {kind} has no such thing"));
        }
        if def.qualifier == Some(QualifierKind::Scope)
            && def.id != "product.scopes"
            && let (Some(scope), Some(Value::List(scopes))) = (qualifier, self.members(Members::Scopes).known())
            && !scopes.is_empty()
            && !scopes.iter().any(|s| s.known().and_then(Value::word) == Some(scope))
        {
            return Reading::not_applicable(format!("there is no `{scope}` here"));
        }
        if def.derived() {
            return match self.facts.derived.get(&fact) {
                Some(cases) => self.cases(cases, fact, qualifier, key),
                None => Reading::unknown("it is not derived", Reason::NotRead),
            };
        }
        if !self.input.trial.is_empty()
            && let Some(value) = self.input.trial.get(&(fact, qualifier.cloned()))
        {
            return Reading::known_value(value.clone());
        }
        if let Some(declaration) = self.input.declaration {
            return self.declared(declaration, fact, qualifier);
        }
        if def.qualifier == Some(QualifierKind::Setting) {
            let secrets = self.secrets();
            let found = qualifier.and_then(|q| secrets.iter().find(|(w, _)| w == q));
            return found.map_or_else(|| Reading::not_applicable("no such setting"), |(_, r)| r.clone());
        }
        let computed = match self.platform.and_then(|p| p.facts.get(&fact)) {
            Some(cases) => self.cases(cases, fact, qualifier, key),
            None => match &def.undeclared {
                Some(value) => Reading::known_value(value.clone()),
                None => Reading { state: State::Unknown(not_read()), from: Trail::new(), facts: SmallVec::new() },
            },
        };
        self.with_stated(fact, qualifier, computed)
    }

    /// A fact that the operator states replaces an unknown value, and a known one that rests on no written setting.
    fn with_stated(&self, fact: FactIx, qualifier: Option<&Word>, computed: Reading) -> Reading {
        let Some(stated) = self.input.stated.get(&fact) else { return computed };
        let exact = stated.iter().find(|(q, _)| q.as_ref() == qualifier && q.is_some());
        let Some((_, value)) = exact.or_else(|| stated.iter().find(|(q, _)| q.is_none())) else { return computed };
        let written =
            computed.from.iter().any(|s| self.place(s.place).is_some_and(|p| p.origin == super::PlaceOrigin::Set));
        if computed.known().is_some() && written {
            if computed.known() != Some(value) {
                let place = computed.from.first().map_or(u32::MAX, |s| s.place);
                if self.events.borrow().iter().any(|e| e.kind == super::EventKind::Contradicted && e.place == place) {
                    return computed;
                }
                self.events.borrow_mut().push(Event {
                    kind: super::EventKind::Contradicted,
                    place,
                    node: None,
                    setting: None,
                    because: Arc::from(format!("`{}` is stated as {}", self.vocabulary().fact(fact).id, value.words())),
                    value: computed.known().map(Value::words),
                    gate: None,
                    respell: None,
                    other: None,
                    undecided: None,
                });
            }
            return computed;
        }
        let place = self.intern(Place {
            setting: None,
            record: None,
            shown: Word::from(self.vocabulary().fact(fact).id.as_str()),
            stable: Word::from(self.vocabulary().fact(fact).id.as_str()),
            document: self.main().map(|_| self.main_place()),
            span: crate::text::Span::default(),
            wide: None,
            anchor: true,
            origin: super::PlaceOrigin::Declared,
            text: Some(value.words()),
            unconfirmed: false,
            quoted: false,
            reported: false,
            shared: true,
        });
        let mut out = Reading::known_value(value.clone());
        out.from = smallvec![Step { place, fact: None }];
        out
    }

    fn cases(&self, cases: &[Case], fact: FactIx, qualifier: Option<&Word>, key: FactKey) -> Reading {
        let def = self.vocabulary().fact(fact);
        let minor = def.qualifier == Some(QualifierKind::Cohort) && qualifier.is_some_and(|q| **q == *"minor");
        if minor
            && !def.derived()
            && !cases.iter().any(|c| c.qualifiers.as_ref().is_some_and(|q| q.iter().any(|w| **w == *"minor")))
        {
            // No case speaks of minors: they get what everyone gets.
            return self.fact(fact, Some(everyone()));
        }
        let (mut reading, because) = evaluate(self, cases, qualifier, &def.ty);
        if self.traced() {
            for step in &mut reading.from {
                step.fact.get_or_insert(key);
            }
            if let Some(because) = because {
                self.because.borrow_mut().insert(key, because);
            }
        }
        reading.facts.clear();
        reading
    }

    /// Every secret setting that has a value or could have one: (what names it, its reading).
    pub(super) fn secrets(&self) -> Secrets {
        if let Some(secrets) = &*self.mood().secrets.borrow() {
            return Rc::clone(secrets);
        }
        let list = Rc::new(self.platform.map(|p| self.read_secrets(p)).unwrap_or_default());
        *self.mood().secrets.borrow_mut() = Some(Rc::clone(&list));
        list
    }

    pub(super) fn context(&self, ix: u32) -> Reading {
        let slot = self.mood().contexts.borrow().get(ix as usize).cloned();
        if let Some(reading) = slot {
            return reading;
        }
        let Some(def) = self.platform.and_then(|p| p.contexts.get(ix as usize)) else {
            return Reading::unknown("there is no such context", Reason::Context);
        };
        let stated = self.input.context.iter().find(|(name, _)| *name == def.id);
        let reading = match stated
            .and_then(|(_, text)| crate::fact::literal_of_text(text, &def.ty, self.vocabulary()).ok())
        {
            Some(value) => Reading::known_value(value),
            None if def.cases.is_empty() => Reading::unknown(format!("`{}` is not stated", def.id), Reason::Context),
            None => {
                let mut reading = evaluate(self, &def.cases, None, &def.ty).0;
                reading.facts.clear();
                reading
            }
        };
        self.mood().contexts.borrow_mut().put(ix as usize, reading.clone());
        reading
    }
}
