//! A deployment that is being read: lazily, each setting and fact once.

use super::case::evaluate;
use super::declaration::Declaration;
use super::definition::{Case, Platform};
use super::event::Event;
use super::place::{Place, Places};
use super::read::Raw;
use crate::condition::{Members, Values, Vendor, word_list};
use crate::fact::{
    FactIx, FactKey, QualifierKind, Reading, Reason, Record, State, Step, Trail, Unknown, Value, Version, Vocabulary,
    Word,
};
use crate::syntax::{Document, NodeId};
use smallvec::{SmallVec, smallvec};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// One document of a deployment.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The parsed file.
    pub document: Arc<Document>,
    /// Which kind of document it is, by its place in the platform.
    pub kind: usize,
}

/// The facts and their derivations, shared by all deployments.
#[derive(Debug)]
pub struct Facts {
    /// The vocabulary.
    pub vocabulary: Vocabulary,
    /// Compiled cases of derived facts.
    pub derived: HashMap<FactIx, Vec<Case>>,
}

impl Facts {
    /// Compiles the derived facts of a vocabulary; tells a cycle among them.
    pub fn new(vocabulary: Vocabulary) -> Result<Self, Vec<crate::fact::DataError>> {
        let mut errors = Vec::new();
        let mut derived = HashMap::new();
        for (ix, def) in vocabulary.facts().filter(|(_, f)| f.derived()) {
            let scope = super::names::Scope {
                it: super::load::it_type(def.qualifier, &vocabulary),
                ..super::names::Scope::new(&vocabulary, None)
            };
            match super::compile::derived(&def.cases, &def.ty, &scope, vocabulary.source()) {
                Ok(cases) => {
                    derived.insert(ix, cases);
                }
                Err(error) => errors.push(error),
            }
        }
        errors.extend(super::case::cycle(&derived, &vocabulary));
        if errors.is_empty() { Ok(Self { vocabulary, derived }) } else { Err(errors) }
    }
}

/// What a deployment is made of.
#[derive(Clone, Default)]
pub struct Input<'k> {
    /// Its files in the vendor's merge order, the main document first.
    pub sheets: Vec<Sheet>,
    /// The release, if known.
    pub version: Option<Version>,
    /// What the user states of contexts.
    pub context: Vec<(String, String)>,
    /// Facts the operator states, with the place where.
    pub stated: HashMap<FactIx, Vec<(Option<Word>, Value)>>,
    /// Values of mends, laid over everything: `None` takes a setting out.
    pub overlay: HashMap<u32, Option<Value>>,
    /// Values of mends for fields of records: (field, document, node).
    pub field_overlay: HashMap<(u32, u32, NodeId), Value>,
    /// Values to try for facts of a declaration.
    pub trial: HashMap<(FactIx, Option<Word>), Value>,
    /// The declaration, if it is one.
    pub declaration: Option<&'k Declaration>,
    /// An include was not found.
    pub unresolved: bool,
}

/// Secret settings: what names each, and its reading.
type Secrets = Rc<Vec<(Word, Reading)>>;

/// What has been read in one mood; grows as it is asked.
#[derive(Default)]
pub(super) struct Mood {
    pub raw: RefCell<Vec<Option<Rc<Raw>>>>,
    pub fields: RefCell<HashMap<(u32, u32, NodeId), Rc<Raw>>>,
    pub finals: RefCell<Vec<Option<Reading>>>,
    facts: RefCell<Vec<Option<Reading>>>,
    contexts: RefCell<Vec<Option<Reading>>>,
    secrets: RefCell<Option<Secrets>>,
    lists: RefCell<[Option<Reading>; 3]>,
}

impl Mood {
    fn put<T: Clone>(cache: &RefCell<Vec<Option<T>>>, place: usize, value: T) {
        let mut cache = cache.borrow_mut();
        if cache.len() <= place {
            // Grown in steps: places come in any order, and most of a platform is asked for.
            cache.resize((place + 1).next_multiple_of(64), None);
        }
        if let Some(slot) = cache.get_mut(place) {
            *slot = Some(value);
        }
    }

    /// Keeps a setting before its gates.
    pub fn keep_raw(&self, ix: u32, raw: &Rc<Raw>) {
        Self::put(&self.raw, ix as usize, Rc::clone(raw));
    }

    /// Keeps a setting's effective value.
    pub fn keep_final(&self, ix: u32, reading: &Reading) {
        Self::put(&self.finals, ix as usize, reading.clone());
    }
}

/// Interned facts with qualifiers: all of them, and for each fact those it has.
#[derive(Default)]
struct Keys {
    all: Vec<(FactIx, Option<Word>)>,
    by_fact: Vec<SmallVec<[FactKey; 5]>>,
}

/// A deployment while it is read.
pub struct Deployment<'k> {
    pub(super) facts: &'k Facts,
    pub(super) platform: Option<&'k Platform>,
    pub(super) input: Input<'k>,
    pub(super) places: RefCell<Places>,
    keys: RefCell<Keys>,
    because: RefCell<HashMap<FactKey, Arc<str>>>,
    busy_facts: RefCell<Vec<FactKey>>,
    traced: Cell<bool>,
    quick_mood: Mood,
    traced_mood: Mood,
    pub(super) gate_limit: RefCell<Vec<(u32, usize)>>,
    pub(super) busy: RefCell<Vec<u32>>,
    pub(super) busy_elsewhere: RefCell<Vec<usize>>,
    pub(super) elsewhere_holds: RefCell<Vec<Option<bool>>>,
    pub(super) events: RefCell<Vec<Event>>,
    pub(super) params: RefCell<Vec<Value>>,
    swept: Cell<bool>,
}

impl<'k> Deployment<'k> {
    /// A deployment of a platform's files.
    pub fn new(facts: &'k Facts, platform: Option<&'k Platform>, input: Input<'k>) -> Self {
        Self {
            facts,
            platform,
            input,
            places: RefCell::default(),
            keys: RefCell::default(),
            because: RefCell::default(),
            busy_facts: RefCell::default(),
            traced: Cell::new(true),
            quick_mood: Mood::default(),
            traced_mood: Mood::default(),
            gate_limit: RefCell::default(),
            busy: RefCell::default(),
            busy_elsewhere: RefCell::default(),
            elsewhere_holds: RefCell::default(),
            events: RefCell::default(),
            params: RefCell::default(),
            swept: Cell::new(false),
        }
    }

    /// What has been read so far, in the present mood.
    pub(super) fn mood(&self) -> &Mood {
        if self.traced.get() { &self.traced_mood } else { &self.quick_mood }
    }

    /// Reads states only, without the places they rest on.
    pub fn quick<T>(&self, read: impl FnOnce() -> T) -> T {
        self.in_mood(false, read)
    }

    fn in_mood<T>(&self, traced: bool, read: impl FnOnce() -> T) -> T {
        let before = self.traced.replace(traced);
        let out = read();
        self.traced.set(before);
        out
    }

    /// The same files with values laid over them.
    pub fn overlaid(
        &self,
        overlay: HashMap<u32, Option<Value>>,
        fields: HashMap<(u32, u32, NodeId), Value>,
    ) -> Deployment<'k> {
        let input = Input { overlay, field_overlay: fields, ..self.input.clone() };
        Deployment::new(self.facts, self.platform, input)
    }

    /// The same declaration with other values for facts.
    pub fn with_trial(&self, trial: HashMap<(FactIx, Option<Word>), Value>) -> Deployment<'k> {
        let input = Input { trial, ..self.input.clone() };
        Deployment::new(self.facts, self.platform, input)
    }

    /// Does a gate let its settings through?
    pub fn passes(&self, gate: usize) -> bool {
        self.platform
            .and_then(|p| p.gates.get(gate))
            .is_some_and(|g| crate::condition::Evaluation::of(&g.needs, self, None).is_true())
    }

    /// Is a place written with another value than would hold without it, or stated by a person?
    pub fn chosen(&self, place: u32) -> bool {
        let Some(p) = self.place(place) else { return false };
        match p.origin {
            super::PlaceOrigin::Default => false,
            super::PlaceOrigin::Declared => true,
            super::PlaceOrigin::Set => match p.setting.and_then(|ix| Some((ix, self.platform?.setting(ix)?))) {
                Some((ix, setting)) if setting.list.is_none() => self.differs_from_default(ix, setting),
                _ => true,
            },
        }
    }

    /// The platform, if it is no declaration.
    pub fn platform(&self) -> Option<&'k Platform> {
        self.platform
    }

    /// The facts there are.
    pub fn vocabulary(&self) -> &'k Vocabulary {
        &self.facts.vocabulary
    }

    /// Its files.
    pub fn sheets(&self) -> &[Sheet] {
        &self.input.sheets
    }

    /// Is it a declaration?
    pub fn is_declaration(&self) -> bool {
        self.input.declaration.is_some()
    }

    /// The release in use, if known.
    pub fn version(&self) -> Option<&Version> {
        self.input.version.as_ref()
    }

    /// The release that defaults are read for: a version above the verified one reads as that.
    pub(super) fn effective_version(&self) -> Option<Version> {
        let version = self.input.version.clone()?;
        match self.platform {
            Some(p) if version > p.verified => Some(p.verified.clone()),
            _ => Some(version),
        }
    }

    /// A document by number.
    pub fn document(&self, n: u32) -> Option<&Arc<Document>> {
        if n == Record::CONSTANT {
            return self.platform.map(|p| &p.document);
        }
        self.input.sheets.get(n as usize).map(|s| &s.document)
    }

    /// A place by number.
    pub fn place(&self, n: u32) -> Option<Place> {
        self.places.borrow().get(n).cloned()
    }

    /// Interns a place.
    pub(super) fn intern(&self, place: Place) -> u32 {
        self.places.borrow_mut().intern(place)
    }

    /// The fact behind a key.
    pub fn fact_of(&self, key: FactKey) -> Option<(FactIx, Option<Word>)> {
        self.keys.borrow().all.get(key.place()).cloned()
    }

    /// The key of a fact with its qualifier.
    pub fn key(&self, fact: FactIx, qualifier: Option<&Word>) -> FactKey {
        let mut keys = self.keys.borrow_mut();
        let Keys { all, by_fact } = &mut *keys;
        let at = fact.0 as usize;
        if by_fact.len() <= at {
            by_fact.resize_with(self.vocabulary().len().max(at + 1), SmallVec::new);
        }
        let Some(own) = by_fact.get_mut(at) else { return FactKey::new(usize::MAX) };
        let same = |k: &&FactKey| all.get(k.place()).is_some_and(|(_, q)| q.as_ref() == qualifier);
        if let Some(key) = own.iter().find(same) {
            return *key;
        }
        let key = FactKey::new(all.len());
        all.push((fact, qualifier.cloned()));
        own.push(key);
        key
    }

    /// The reason shown with a fact's value.
    pub fn because(&self, key: FactKey) -> Option<Arc<str>> {
        self.because.borrow().get(&key).cloned()
    }

    /// Everything that reading reports, for every declared setting; sorted by place.
    pub fn events(&self) -> Vec<Event> {
        if !self.swept.replace(true) {
            self.sweep();
            self.hold_stated();
        }
        self.events.borrow().clone()
    }

    /// Reads every fact that the operator states, so that what contradicts a file is noted.
    fn hold_stated(&self) {
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

    /// Sets what `params.x` is worth for the rule that is judged.
    pub fn set_params(&self, values: Vec<Value>) {
        *self.params.borrow_mut() = values;
    }

    /// The kinds of conversation, in vocabulary order; while `product.scopes` is unknown, those that a fact has a
    /// value for.
    fn scope_words(&self) -> Result<Vec<Word>, Reading> {
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

    fn compute(&self, fact: FactIx, qualifier: Option<&Word>, key: FactKey) -> Reading {
        let def = self.vocabulary().fact(fact);
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
            document: self.input.sheets.first().map(|_| 0),
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
    fn secrets(&self) -> Secrets {
        if let Some(secrets) = &*self.mood().secrets.borrow() {
            return Rc::clone(secrets);
        }
        let list = Rc::new(self.platform.map(|p| self.read_secrets(p)).unwrap_or_default());
        *self.mood().secrets.borrow_mut() = Some(Rc::clone(&list));
        list
    }

    pub(super) fn context(&self, ix: u32) -> Reading {
        let slot = self.mood().contexts.borrow().get(ix as usize).cloned().flatten();
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
        Mood::put(&self.mood().contexts, ix as usize, reading.clone());
        reading
    }
}

impl Values for Deployment<'_> {
    fn fact(&self, fact: FactIx, qualifier: Option<&Word>) -> Reading {
        let def = self.vocabulary().fact(fact);
        let qualifier = match (def.qualifier, qualifier) {
            (Some(QualifierKind::Cohort), None) => Some(everyone()),
            (None, _) => None,
            (_, q) => q,
        };
        let key = self.key(fact, qualifier);
        if let Some(reading) = self.mood().facts.borrow().get(key.place()).and_then(Option::as_ref) {
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
        Mood::put(&self.mood().facts, key.place(), reading.clone());
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
            Vendor::File => match self.input.sheets.first() {
                Some(sheet) => {
                    let path = sheet.document.source.path();
                    Reading::known_value(Value::Word(Word::from(path.rsplit('/').next().unwrap_or(path))))
                }
                None => Reading::unknown("the file has no name", Reason::Context),
            },
            Vendor::Unresolved => Reading::truth(self.input.unresolved),
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
fn everyone() -> &'static Word {
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
fn not_read() -> Arc<Unknown> {
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
