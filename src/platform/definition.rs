//! A platform as its file describes it, compiled.

use super::codec::{Base, Meaning};
use super::dialect::Dialect;
use super::keys::KeyTree;
use super::names::VendorNames;
use super::path::Path;
use crate::condition::Expr;
use crate::fact::{FactIx, Type, Unknown, Value, Version, Word};
use crate::syntax::{Document, Format};
use std::collections::{HashMap, HashSet};
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

/// Where values are looked for.
#[derive(Debug)]
pub struct Layer {
    /// Its name.
    pub id: String,
    /// The kind of document, by its place in [`Platform::documents`].
    pub document: usize,
    /// A document that holds the first segment of a path hides all below it.
    pub shallow: bool,
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
    pub also: Vec<Path>,
    /// The path for people and fingerprints.
    pub shown: Word,
    /// The id as a qualifier.
    pub shown_id: Word,
    /// How its text is read.
    pub codec: Base,
    /// Its type.
    pub ty: Type,
    /// The value in force when nothing is written.
    pub absent: Option<Vec<Case>>,
    /// Texts and classes with their own meaning.
    pub special: Vec<(Special, Meaning)>,
    /// What the vendor makes of a text that the codec rejects.
    pub invalid: Meaning,
    /// Less is said to be misread.
    pub plausible: Option<Value>,
    /// First release that knows it.
    pub since: Option<Version>,
    /// First release that no longer knows it.
    pub until: Option<Version>,
    /// The layers asked; `None`: all.
    pub layers: Option<Vec<usize>>,
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

impl Setting {
    /// Is its value a secret?
    pub fn is_secret(&self) -> bool {
        match &self.codec {
            Base::Secret { .. } => true,
            Base::List { of, .. } => matches!(**of, Base::Secret { .. }),
            _ => false,
        }
    }

    /// What a special key means here.
    pub fn special(&self, key: &Special) -> Option<&Meaning> {
        self.special.iter().find(|(k, _)| k == key).map(|(_, m)| m)
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
    /// What the vendor does with keys it does not know.
    pub unknown_keys: UnknownKeys,
    /// Real keys that look like a declared one.
    pub other_keys: HashSet<String>,
    /// Those of them that are patterns.
    pub other_patterns: Vec<String>,
    /// The kinds of document, the main one first.
    pub documents: Vec<DocumentKind>,
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
    /// The declared keys, for what is misspelt.
    pub keys: KeyTree,
    /// The platform file itself: its constants are records too.
    pub document: Arc<Document>,
    /// The fields of each list of records.
    pub fields: HashMap<u32, Vec<u32>>,
    /// The settings that hold secrets.
    pub secrets: Vec<u32>,
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

    /// Is a key one of the vendor's that merely looks like a declared one? A pattern ends in `*`.
    pub fn is_other_key(&self, path: &[&str]) -> bool {
        let listed = |full: &str| {
            self.other_keys.contains(full) || self.other_patterns.iter().any(|p| super::path::glob(p, full))
        };
        match path {
            [one] => listed(one),
            _ => listed(&path.join(".")),
        }
    }

    /// The vendor's page for a setting.
    pub fn docs_of(&self, setting: &Setting) -> String {
        let top = setting.path.first_key().unwrap_or(&setting.id);
        setting.docs.clone().unwrap_or_else(|| self.docs.replace("{setting}", top))
    }
}
