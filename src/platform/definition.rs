//! A platform as its file describes it, compiled.

use super::codec::{Base, Meaning};
use super::dialect::Dialect;
use super::instance::InstanceKind;
use super::keys::DeclaredKeys;
use super::layer::Layer;
use super::names::VendorNames;
use super::path::Path;
use super::reader::{Reader, ReaderCase, TEXT};
use crate::condition::Expr;
use crate::fact::{FactIx, Type, Unknown, Value, Version, Word};
use crate::syntax::{Document, Format, Statements};
use std::collections::HashMap;
use std::sync::Arc;

/// A kind of file that a platform is configured by.
#[derive(Debug)]
pub struct DocumentKind {
    /// Its name in the platform file.
    pub id: String,
    /// The formats it is written in.
    pub formats: Vec<Format>,
    /// How its plain scalars resolve.
    pub dialect: Dialect,
    /// Globs of names, a hint for ties and fragments.
    pub files: Vec<String>,
    /// Keys that must all be there.
    pub all: Vec<Path>,
    /// Keys of which `at_least` must be there.
    pub any: Vec<Path>,
    /// How many of `any`.
    pub at_least: usize,
    /// Keys that must not be there.
    pub none: Vec<Path>,
    /// Where the vendor's tree may be rooted.
    pub at: Vec<Path>,
    /// Case does not matter in its keys.
    pub fold: bool,
    /// Statements that open a section, and that name further files.
    pub statements: Statements,
    /// Only ever joins a deployment.
    pub part: bool,
    /// With so many declared top-level keys a file beside a main document is a fragment of it; 0: never.
    pub fragment_keys: usize,
}

/// What a vendor does with keys it does not know.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum UnknownKeys {
    /// Nothing.
    Ignored,
    /// It says so in its log.
    Warned,
    /// It refuses to start.
    Refused,
}

/// What files cannot tell.
#[derive(Debug)]
pub struct Elsewhere {
    /// When.
    pub when: Option<Expr>,
    /// Which settings: true where covered, by setting.
    pub covers: Vec<bool>,
    /// What is known of the settings it covers.
    pub unknown: Arc<Unknown>,
}

/// What a case comes to.
#[derive(Debug, Clone)]
pub enum Effect {
    /// A value.
    Value(Value),
    /// A computed value.
    From(Expr),
    /// A computed value, translated.
    Mapped(Expr, Vec<(MapKey, MapValue)>),
    /// A member of a set.
    Add(Word),
    /// A possible member of a set, and why it is not known.
    AddPossible(Word, Arc<str>),
    /// Unknown.
    Unknown(Arc<Unknown>),
    /// Not applicable; why.
    NotApplicable(Arc<str>),
}

/// A key of a `map`.
#[derive(Debug, Clone, PartialEq)]
pub enum MapKey {
    /// This value.
    Value(Value),
    /// The rest.
    Rest,
}

/// A value of a `map`.
#[derive(Debug, Clone)]
pub enum MapValue {
    /// A value.
    Value(Value),
    /// Unknown; why.
    Unknown(Arc<str>),
}

/// Which setting a reader should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// This one.
    Setting(u32),
    /// The value rests on none.
    Nothing,
}

/// One case of a value.
#[derive(Debug, Clone)]
pub struct Case {
    /// The qualifiers it is for; `None`: all.
    pub qualifiers: Option<Vec<Word>>,
    /// When it holds.
    pub when: Option<Expr>,
    /// What then.
    pub effect: Effect,
    /// The reason shown.
    pub because: Option<Arc<str>>,
    /// Where to look.
    pub at: Option<At>,
}

/// Keys of `special`.
#[derive(Debug, Clone, PartialEq)]
pub enum Special {
    /// `@null`
    Null,
    /// `@true`
    True,
    /// `@false`
    False,
    /// `@zero`
    Zero,
    /// `@negative`
    Negative,
    /// `@empty`
    Empty,
    /// A text.
    Text(String),
}

/// A vendor's option.
#[derive(Debug)]
pub struct Setting {
    /// The id: read as `setting.<id>`.
    pub id: String,
    /// The list of records it is a field of.
    pub list: Option<u32>,
    /// The path, from the layer's root or from the item.
    pub path: Path,
    /// Older spellings.
    pub also: Vec<Also>,
    /// Where a layer spells or reads it in a way of its own.
    pub spelt: Vec<Spelt>,
    /// The path for people and fingerprints.
    pub shown: Word,
    /// The id as a qualifier.
    pub shown_id: Word,
    /// How its text is read: by the first whose condition holds.
    pub readers: Vec<ReaderCase>,
    /// Its type.
    pub ty: Type,
    /// The value in force when nothing is written.
    pub absent: Option<Vec<Case>>,
    /// First release that knows it.
    pub since: Option<Version>,
    /// First release that no longer knows it.
    pub until: Option<Version>,
    /// The layers asked, by the first whose condition holds; empty: all.
    pub layers: Vec<LayerCase>,
    /// The lists of all layers are joined.
    pub union: bool,
    /// Other settings stand below it, so that a map in its place is theirs.
    pub has_children: bool,
    /// What names a record of this list.
    pub key: Option<String>,
    /// It never works, and why.
    pub inert: Option<Arc<str>>,
    /// The vendor's document, if not the platform's.
    pub docs: Option<String>,
    /// The release that the default was confirmed against; empty: unconfirmed. `None`: the platform's.
    pub verified: Option<String>,
    /// Why no server can confirm it.
    pub oracle: Option<String>,
}

/// The layers that are asked under a condition.
#[derive(Debug)]
pub struct LayerCase {
    /// When; `None`: always.
    pub when: Option<Expr>,
    /// The layers, by their places.
    pub asked: Vec<usize>,
}

/// An older spelling of a setting.
#[derive(Debug)]
pub struct Also {
    /// Where it stands.
    pub path: Path,
    /// How its text is read; empty: as the setting's.
    pub readers: Vec<ReaderCase>,
}

/// How one layer spells or reads a setting, where that differs.
#[derive(Debug)]
pub struct Spelt {
    /// The layer, by its place.
    pub layer: usize,
    /// Which spelling: 0 is the path, then come those of `also`.
    pub spelling: usize,
    /// Where it stands here; `None`: nowhere.
    pub path: Option<Path>,
    /// How its text is read here; empty: as elsewhere.
    pub readers: Vec<ReaderCase>,
}

/// Where to look for a setting, and how to read what is there.
#[derive(Copy, Clone)]
pub struct Way<'s> {
    /// The path from the layer's root.
    pub path: &'s Path,
    /// The ways to read.
    pub readers: &'s [ReaderCase],
}

impl Setting {
    /// Is its value a secret?
    pub fn is_secret(&self) -> bool {
        self.readers.iter().any(|r| r.reader.is_secret())
    }

    /// How the verified release reads it.
    pub fn reader(&self) -> &Reader {
        self.readers.last().map_or(&TEXT, |r| &r.reader)
    }

    /// The codec with which the verified release reads it.
    pub fn codec(&self) -> &Base {
        &self.reader().base
    }

    /// How many spellings it has.
    pub fn spellings(&self) -> usize {
        1 + self.also.len()
    }

    /// How a layer spells and reads it; `None` where the layer cannot hold it. Spelling 0 is the path.
    pub fn way(&self, layer: usize, spelling: usize) -> Option<Way<'_>> {
        let also = spelling.checked_sub(1).and_then(|n| self.also.get(n));
        let mut way = match also {
            None => Way { path: &self.path, readers: &self.readers },
            Some(also) if also.readers.is_empty() => Way { path: &also.path, readers: &self.readers },
            Some(also) => Way { path: &also.path, readers: &also.readers },
        };
        if let Some(own) = self.spelt.iter().find(|s| s.layer == layer && s.spelling == spelling) {
            way.path = own.path.as_ref()?;
            if !own.readers.is_empty() {
                way.readers = &own.readers;
            }
        }
        Some(way)
    }

    /// May a layer hold it, under whatever condition?
    pub fn asks(&self, layer: usize) -> bool {
        self.layers.is_empty() || self.layers.iter().any(|case| case.asked.contains(&layer))
    }
}

/// A setting that works only under a condition.
#[derive(Debug)]
pub struct Gate {
    /// The settings.
    pub settings: Vec<u32>,
    /// What they need.
    pub needs: Expr,
    /// What holds otherwise; `None`: the value of `absent`.
    pub otherwise: Option<Meaning>,
    /// Why.
    pub because: Arc<str>,
    /// Losing effect does no harm.
    pub quiet: bool,
    /// The severity of its `without-effect`.
    pub severity: Option<String>,
    /// What passes the gate.
    pub mend: Option<Mend>,
}

/// What is needed beside settings.
#[derive(Debug)]
pub struct ContextDef {
    /// Its name.
    pub id: String,
    /// Its type.
    pub ty: Type,
    /// How it follows.
    pub cases: Vec<Case>,
}

/// What a mend sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A setting.
    Setting(u32),
    /// A field of the items that witness the fail.
    Field(u32),
}

/// A value to set.
#[derive(Debug, Clone, PartialEq)]
pub enum MendValue {
    /// This one.
    Literal(Value),
    /// The rule's bound.
    Wanted,
}

/// What to set to make a fact better.
#[derive(Debug, Clone)]
pub struct Mend {
    /// When it may be offered.
    pub when: Option<Expr>,
    /// The qualifiers it is for; `None`: all.
    pub qualifiers: Option<Vec<Word>>,
    /// What to write.
    pub set: Vec<(Target, MendValue)>,
    /// What to take out.
    pub unset: Vec<u32>,
    /// Items to add to lists.
    pub add: Vec<(u32, Value)>,
    /// Items to remove from lists.
    pub remove: Vec<(u32, Value)>,
    /// Stands for the bound where there is none, or it cannot be written.
    pub usual: Option<Value>,
    /// What a person must still do.
    pub text: Option<Arc<str>>,
    /// It may be applied unasked.
    pub safe: bool,
}

impl Mend {
    /// Is there nothing to write, only words?
    pub fn text_alone(&self) -> bool {
        self.set.is_empty() && self.unset.is_empty() && self.add.is_empty() && self.remove.is_empty()
    }
}

/// A platform.
#[derive(Debug)]
pub struct Platform {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The release whose parser confirmed the defaults.
    pub verified: Version,
    /// Releases below are out of scope.
    pub oldest: Version,
    /// The vendor's page, with `{setting}`.
    pub docs: String,
    /// Container images whose tag gives the version.
    pub images: Vec<String>,
    /// The settings that name a deployment to the world, the best first.
    pub named_by: Vec<u32>,
    /// What the vendor does with keys it does not know.
    pub unknown_keys: UnknownKeys,
    /// The kinds of document, the main one first.
    pub documents: Vec<DocumentKind>,
    /// What makes several deployments of one document.
    pub instances: Vec<InstanceKind>,
    /// Where values are looked for, highest first.
    pub layers: Vec<Layer>,
    /// What files cannot tell.
    pub elsewhere: Vec<Elsewhere>,
    /// The settings.
    pub settings: Vec<Setting>,
    /// The gates, in file order.
    pub gates: Vec<Gate>,
    /// For each setting its gates.
    pub gates_of: Vec<Vec<usize>>,
    /// Contexts.
    pub contexts: Vec<ContextDef>,
    /// How facts follow.
    pub facts: HashMap<FactIx, Vec<Case>>,
    /// How facts are mended.
    pub mends: HashMap<FactIx, Vec<Mend>>,
    /// The declared keys by kind of document, for what is misspelt.
    pub keys: Vec<DeclaredKeys>,
    /// The platform file itself: its constants are records too.
    pub document: Arc<Document>,
    /// The fields of each list of records.
    pub fields: HashMap<u32, Vec<u32>>,
    /// The settings that hold secrets.
    pub secrets: Vec<u32>,
    /// The settings that decide which files are in force.
    pub deciding: Vec<u32>,
    /// Its own `[[elsewhere]]` says what is not known while an included file is missing.
    pub tells_unresolved: bool,
    /// Settings by id.
    pub index: HashMap<String, u32>,
    /// The words that conditions may use.
    pub names: VendorNames,
}

impl Platform {
    /// The setting of a number; numbers come from this platform.
    pub fn setting(&self, ix: u32) -> Option<&Setting> {
        self.settings.get(ix as usize)
    }

    /// The setting of an id.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
    }

    /// The fields of a list's records.
    pub fn fields_of(&self, list: u32) -> &[u32] {
        self.fields.get(&list).map_or(&[], Vec::as_slice)
    }

    /// Does a kind of document declare a key at its top?
    pub fn declares(&self, kind: usize, key: &str) -> bool {
        self.keys.iter().any(|k| k.kind == kind && k.tree.child(key, k.fold).is_some())
    }

    /// The vendor's page for a setting.
    pub fn docs_of(&self, setting: &Setting) -> String {
        let top = setting.path.first_key().unwrap_or(&setting.id);
        setting.docs.clone().unwrap_or_else(|| self.docs.replace("{setting}", top))
    }
}
