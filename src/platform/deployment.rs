//! A deployment that is being read: lazily, each setting and fact once.

use super::cache::Cache;
use super::declaration::Declaration;
use super::definition::{Case, Platform};
use super::event::Event;
use super::instance::Instance;
use super::path::{Found, Segment, follow};
use super::place::{Place, Places};
use super::read::Raw;
use super::survey::Survey;
use crate::fact::{FactIx, FactKey, Reading, Record, Value, Version, Vocabulary, Word};
use crate::syntax::{Document, Image, NodeId, Published, Shape};
use crate::text::Table;
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// One document of a deployment.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The document; its source is the file on disk, also where it is only a part of that file.
    pub document: Arc<Document>,
    /// Which kind of document it is, by its place in the platform.
    pub kind: usize,
    /// What held it.
    pub shape: Shape,
    /// Where in the file it stands: `services.chat`; empty if it is the whole file.
    pub address: Arc<str>,
    /// The image of the service that it configures, if one is named.
    pub image: Option<Arc<Image>>,
    /// The ports of that service which the host binds; `None` where the shape does not tell.
    pub published: Option<Arc<[Published]>>,
}

impl Sheet {
    /// A document that is a whole file.
    pub fn plain(document: Arc<Document>, kind: usize) -> Self {
        Self { document, kind, shape: Shape::Plain, address: Arc::from(""), image: None, published: None }
    }
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
                it: super::load_facts::it_type(def.qualifier, &vocabulary),
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
    /// Its documents; of one kind, later ones come over earlier ones.
    pub sheets: Vec<Sheet>,
    /// The main document, by its place among them.
    pub main: usize,
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
    /// Which of the instances of its documents it is, if they hold any.
    pub instance: Option<Instance>,
}

/// Secret settings: what names each, and its reading.
pub(super) type Secrets = Rc<Vec<(Word, Reading)>>;

/// What has been read in one mood; grows as it is asked.
#[derive(Default)]
pub(super) struct Mood {
    pub raw: RefCell<Cache<Rc<Raw>>>,
    pub fields: RefCell<Table<(u32, u32, NodeId), Rc<Raw>>>,
    pub finals: RefCell<Cache<Reading>>,
    pub facts: RefCell<Cache<Reading>>,
    pub contexts: RefCell<Cache<Reading>>,
    pub layers: RefCell<Cache<Reading>>,
    pub secrets: RefCell<Option<Secrets>>,
    pub lists: RefCell<[Option<Reading>; 3]>,
}

impl Mood {
    /// Keeps a setting before its gates.
    pub fn keep_raw(&self, ix: u32, raw: &Rc<Raw>) {
        self.raw.borrow_mut().put(ix as usize, Rc::clone(raw));
    }

    /// Keeps a setting's effective value.
    pub fn keep_final(&self, ix: u32, reading: &Reading) {
        self.finals.borrow_mut().put(ix as usize, reading.clone());
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
    roots: Vec<NodeId>,
    pub(super) places: RefCell<Places>,
    keys: RefCell<Keys>,
    pub(super) because: RefCell<Table<FactKey, Arc<str>>>,
    pub(super) busy_facts: RefCell<Vec<FactKey>>,
    pub(super) traced: Cell<bool>,
    quick_mood: Mood,
    traced_mood: Mood,
    pub(super) gate_limit: RefCell<Vec<(u32, usize)>>,
    pub(super) busy: RefCell<Vec<u32>>,
    pub(super) busy_elsewhere: RefCell<Vec<usize>>,
    pub(super) elsewhere_holds: RefCell<Vec<Option<bool>>>,
    pub(super) events: RefCell<Vec<Event>>,
    pub(super) params: RefCell<Vec<Value>>,
    pub(super) swept: Cell<bool>,
    /// Settings that have something to report.
    pub(super) noisy: RefCell<BTreeSet<u32>>,
    pub(super) surveyed: RefCell<Option<Rc<Survey>>>,
    /// The nodes that settings were read from.
    pub(super) reads: RefCell<Vec<(u32, NodeId)>>,
}

impl<'k> Deployment<'k> {
    /// A deployment of a platform's files.
    pub fn new(facts: &'k Facts, platform: Option<&'k Platform>, mut input: Input<'k>) -> Self {
        if let (Some(platform), None) = (platform, &input.version) {
            input.version = super::surroundings::version_of(platform, &input.sheets);
        }
        Self {
            roots: input.sheets.iter().map(|s| super::surroundings::root_of(platform, s)).collect(),
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
            noisy: RefCell::default(),
            surveyed: RefCell::default(),
            reads: RefCell::default(),
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

    pub(super) fn in_mood<T>(&self, traced: bool, read: impl FnOnce() -> T) -> T {
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
            super::PlaceOrigin::Set | super::PlaceOrigin::Initial => {
                match p.setting.and_then(|ix| Some((ix, self.platform?.setting(ix)?))) {
                    Some((ix, setting)) if setting.list.is_none() => self.differs_from_default(ix, setting),
                    _ => true,
                }
            }
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

    /// The main document.
    pub fn main(&self) -> Option<&Sheet> {
        self.input.sheets.get(self.input.main)
    }

    /// The main document's place among the others.
    pub fn main_place(&self) -> u32 {
        u32::try_from(self.input.main).unwrap_or(u32::MAX)
    }

    /// Is it a declaration?
    pub fn is_declaration(&self) -> bool {
        self.input.declaration.is_some()
    }

    /// The declaration, if it is one.
    pub fn declaration(&self) -> Option<&Declaration> {
        self.input.declaration
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

    /// Where the vendor's tree begins in a document.
    pub(super) fn root(&self, d: u32) -> NodeId {
        self.roots.get(d as usize).copied().unwrap_or(NodeId(u32::MAX))
    }

    /// Follows a path in a document, as its kind compares keys.
    pub(super) fn find(&self, d: u32, doc: &Document, from: NodeId, path: &[Segment]) -> Found {
        let kind = self.input.sheets.get(d as usize).map(|s| s.kind);
        let fold = kind.zip(self.platform).and_then(|(k, p)| p.documents.get(k)).is_some_and(|k| k.fold);
        follow(doc, from, path, fold)
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
    pub fn intern(&self, place: Place) -> u32 {
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
            self.sweep(None);
            self.hold_stated();
        }
        self.events.borrow().clone()
    }

    /// Sets what `params.x` is worth for the rule that is judged.
    pub fn set_params(&self, values: Vec<Value>) {
        *self.params.borrow_mut() = values;
    }
}
