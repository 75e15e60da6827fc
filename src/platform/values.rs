//! What names in conditions are worth in a deployment.

use super::deployment::Deployment;
use crate::condition::{Members, Values, Vendor, word_list};
use crate::fact::{FactIx, QualifierKind, Reading, Reason, Record, State, Trail, Unknown, Value, Vocabulary, Word};
use smallvec::{SmallVec, smallvec};
use std::sync::{Arc, OnceLock};

impl Values for Deployment<'_> {
    fn fact(&self, fact: FactIx, qualifier: Option<&Word>) -> Reading {
        let def = self.vocabulary().fact(fact);
        let qualifier = match (def.qualifier, qualifier) {
            (Some(QualifierKind::Cohort), None) => Some(everyone()),
            (None, _) => None,
            (_, q) => q,
        };
        let key = self.key(fact, qualifier);
        if let Some(reading) = self.mood().facts.borrow().get(key.place()) {
            return reading.clone();
        }
        if self.busy_facts.borrow().contains(&key) {
            return Reading::unknown("it depends on itself", Reason::Stated);
        }
        self.busy_facts.borrow_mut().push(key);
        // What an operator states is held against what is written, so places are needed.
        let stated = !self.input.stated.is_empty() && self.input.stated.contains_key(&fact);
        let mut reading = if stated && !self.traced() {
            self.in_mood(true, || self.compute(fact, qualifier, key))
        } else {
            self.compute(fact, qualifier, key)
        };
        self.busy_facts.borrow_mut().pop();
        if self.traced() {
            reading.facts = smallvec![key];
        } else {
            reading.from.clear();
            reading.facts.clear();
        }
        self.mood().facts.borrow_mut().put(key.place(), reading.clone());
        reading
    }

    fn places(&self, fact: FactIx) -> Reading {
        match self.input.declaration {
            Some(d) => Reading::known_value(word_list(d.qualifiers(fact))),
            None => Reading::known_value(word_list(self.secrets().iter().map(|(w, _)| Word::clone(w)))),
        }
    }

    fn vendor(&self, name: Vendor) -> Reading {
        match name {
            Vendor::Setting(ix) => self.setting(ix),
            Vendor::Context(ix) => self.context(ix),
            Vendor::Version => match self.effective_version() {
                Some(version) => Reading::known_value(Value::Version(Arc::new(version))),
                None => Reading { state: State::Unknown(no_release()), from: Trail::new(), facts: SmallVec::new() },
            },
            Vendor::File => match self.main() {
                Some(sheet) => {
                    let path = sheet.document.source.path();
                    Reading::known_value(Value::Word(Word::from(path.rsplit('/').next().unwrap_or(path))))
                }
                None => Reading::unknown("the file has no name", Reason::Context),
            },
            Vendor::Unresolved => Reading::truth(self.input.unresolved),
            Vendor::Image | Vendor::Shape | Vendor::Published => self.surrounding(name),
            Vendor::InstanceId | Vendor::InstanceKind => match self.instance() {
                Some((instance, kind)) => {
                    let word = if name == Vendor::InstanceId { &instance.id } else { &kind.kind };
                    Reading::known_value(Value::Word(Word::clone(word)))
                }
                None => Reading::unknown("these files name no instance of the server", Reason::Context),
            },
        }
    }

    fn has(&self, setting: u32) -> Reading {
        self.written(setting)
    }

    fn field(&self, record: &Record, field: u32) -> Reading {
        if field == super::names::KEY_FIELD {
            return Reading::known_value(Value::Word(Word::clone(&record.key)));
        }
        self.field_value(record, field)
    }

    fn has_field(&self, record: &Record, field: u32) -> Reading {
        self.field_written(record, field)
    }

    fn param(&self, param: u32) -> Reading {
        self.params
            .borrow()
            .get(param as usize)
            .map_or_else(|| Reading::unknown("no such parameter", Reason::Stated), |v| Reading::known_value(v.clone()))
    }

    fn members(&self, members: Members) -> Reading {
        let slot = members as usize;
        if let Some(list) = self.mood().lists.borrow().get(slot).and_then(Option::as_ref) {
            return list.clone();
        }
        let list = self.read_members(members);
        if let Some(slot) = self.mood().lists.borrow_mut().get_mut(slot) {
            *slot = Some(list.clone());
        }
        list
    }

    fn vocabulary(&self) -> &Vocabulary {
        &self.facts.vocabulary
    }

    fn traced(&self) -> bool {
        self.traced.get()
    }

    fn oldest(&self) -> Option<Value> {
        self.platform.map(|p| Value::Version(Arc::new(p.oldest.clone())))
    }
}

impl Deployment<'_> {
    fn read_members(&self, members: Members) -> Reading {
        match members {
            Members::Scopes | Members::Private => match self.scope_words() {
                Ok(words) => {
                    let keep = |w: &Word| members == Members::Scopes || **w != *"channel";
                    Reading::known_value(word_list(words.into_iter().filter(keep)))
                }
                Err(reading) => reading,
            },
            Members::Cohorts => {
                let minors = self.vocabulary().find("product.minors").map(|ix| self.fact(ix, None));
                let everyone = Reading::known_value(Value::Word(Word::from("everyone")));
                let minor = Reading::known_value(Value::Word(Word::from("minor")));
                let list = match minors.as_ref().map(|r| &r.state) {
                    Some(State::Known(Value::Word(word))) if **word == *"excluded-verified" => vec![everyone],
                    Some(State::Known(_)) => vec![everyone, minor],
                    Some(State::Unknown(u)) => {
                        vec![everyone, Reading::of_unknown(Unknown { candidates: None, ..(**u).clone() })]
                    }
                    _ => vec![everyone],
                };
                let mut out = Reading::known_value(Value::List(list.into()));
                if let Some(minors) = &minors {
                    out.from = Trail::from_iter(minors.from.iter().copied());
                }
                out
            }
        }
    }
}

/// The cohort of all people.
pub(super) fn everyone() -> &'static Word {
    static EVERYONE: OnceLock<Word> = OnceLock::new();
    EVERYONE.get_or_init(|| Word::from("everyone"))
}

/// The release is not known: the same everywhere, so made once.
fn no_release() -> Arc<Unknown> {
    static UNKNOWN: OnceLock<Arc<Unknown>> = OnceLock::new();
    let make = || {
        Arc::new(Unknown {
            why: Arc::from("the release in use is not known"),
            kind: Reason::Version,
            by: Some(Arc::from("version")),
            candidates: None,
        })
    };
    Arc::clone(UNKNOWN.get_or_init(make))
}

/// No setting is read for a fact: made once.
pub(super) fn not_read() -> Arc<Unknown> {
    static UNKNOWN: OnceLock<Arc<Unknown>> = OnceLock::new();
    let make = || {
        Arc::new(Unknown {
            why: Arc::from("no setting of the platform is read for it"),
            kind: Reason::NotRead,
            by: None,
            candidates: None,
        })
    };
    Arc::clone(UNKNOWN.get_or_init(make))
}
