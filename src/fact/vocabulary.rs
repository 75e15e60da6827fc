//! The vocabulary: every fact there is, its type, order and qualifier, and the audiences.

use super::literal::{Audiences, is_case, literal};
use super::table::{DataError, Item, Problems, Table};
use super::value::{Level, Type, Value, Word};
use crate::syntax::Document;
use crate::text::{Source, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// A fact's place in the vocabulary; facts are in the order of the file.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FactIx(pub u32);

/// What a fact is told apart by.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum QualifierKind {
    /// A kind of conversation.
    Scope,
    /// A group of users; `minor` falls back to `everyone`.
    Cohort,
    /// A secret setting.
    Setting,
}

/// A property of an audience.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Predicate {
    /// Somebody whom the person does not know.
    Strangers,
    /// People without an account.
    Unauthenticated,
    /// People outside this server or organisation.
    External,
}

impl Predicate {
    /// All three.
    pub const ALL: [Predicate; 3] = [Predicate::Strangers, Predicate::Unauthenticated, Predicate::External];

    /// The name in conditions.
    pub fn name(self) -> &'static str {
        match self {
            Predicate::Strangers => "strangers",
            Predicate::Unauthenticated => "unauthenticated",
            Predicate::External => "external",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Predicate::Strangers => 1,
            Predicate::Unauthenticated => 2,
            Predicate::External => 4,
        }
    }
}

/// Which end of a type's order is better.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Better {
    /// `true` (booleans), the later value (levels), more (numbers, sets), longer (durations).
    More,
    /// `false`, fewer, shorter.
    Less,
}

/// One case of a derived fact, not compiled: conditions are the business of a higher floor.
#[derive(Clone, Debug)]
pub struct VocabularyCase {
    /// When it holds.
    pub when: Option<(String, Span)>,
    /// The value as an expression.
    pub from: Option<(String, Span)>,
    /// A member that is added.
    pub add: Option<Word>,
    /// The reason shown.
    pub because: Option<String>,
}

/// A fact.
#[derive(Clone, Debug)]
pub struct FactDef {
    /// `area.name`.
    pub id: String,
    /// Its type.
    pub ty: Type,
    /// Which end is better.
    pub better: Better,
    /// What it is told apart by.
    pub qualifier: Option<QualifierKind>,
    /// Describes the product and is never judged.
    pub context: bool,
    /// The value if nobody states it.
    pub undeclared: Option<Value>,
    /// Computed from other facts.
    pub cases: Vec<VocabularyCase>,
    /// A short noun phrase.
    pub title: String,
    /// What it means.
    pub definition: String,
    /// Terms of other vocabularies.
    pub terms: Vec<String>,
}

impl FactDef {
    /// Is it computed from other facts?
    pub fn derived(&self) -> bool {
        !self.cases.is_empty()
    }

    /// The part before the dot.
    pub fn area(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Is `a` worse than `b`? Audiences: a predicate holds for it and not for the other. `None`: no such order.
    pub fn worse(&self, a: &Value, b: &Value, vocabulary: &Vocabulary) -> Option<bool> {
        worse(a, b, &self.ty, self.better, vocabulary)
    }
}

/// Is `a` worse than `b` in the order of a type?
pub(crate) fn worse(a: &Value, b: &Value, ty: &Type, better: Better, vocabulary: &Vocabulary) -> Option<bool> {
    let wanted = if better == Better::More { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
    match (a, b, ty) {
        (Value::Bool(a), Value::Bool(b), _) => Some(a.cmp(b) == wanted),
        (Value::Word(a), Value::Word(b), Type::Audience) => {
            let (a, b) = (vocabulary.bits(a)?, vocabulary.bits(b)?);
            Some(a & !b != 0)
        }
        (Value::Word(_), Value::Word(_), Type::Level(_)) => Some(a.compare(b, ty)? == std::cmp::Ordering::Less),
        (Value::Set(a), Value::Set(b), _) => {
            let (more, less) = if better == Better::More { (b, a) } else { (a, b) };
            if more.has.iter().any(|w| less.contains(w) == Some(false)) {
                return Some(true);
            }
            let none = !more.open && more.has.iter().chain(&more.may).all(|w| less.contains(w) == Some(true));
            none.then_some(false)
        }
        _ => Some(a.compare(b, ty)? == wanted),
    }
}

/// Every fact and audience.
#[derive(Debug)]
pub struct Vocabulary {
    facts: Vec<FactDef>,
    index: HashMap<String, FactIx>,
    audiences: Vec<(Word, u8)>,
    source: Arc<Source>,
}

impl Audiences for Vocabulary {
    fn is_audience(&self, name: &str) -> bool {
        self.bits(name).is_some()
    }

    fn audience_names(&self) -> Vec<&str> {
        self.audiences.iter().map(|(n, _)| &**n).collect()
    }
}

impl Vocabulary {
    /// Loads `vocabulary.toml`, parsed.
    pub fn load(document: &Document) -> Result<Self, Vec<DataError>> {
        let problems = Problems::new(&document.source);
        for error in &document.errors {
            problems.error(error.span, error.message.clone());
        }
        let mut vocabulary = Self {
            facts: Vec::new(),
            index: HashMap::new(),
            audiences: Vec::new(),
            source: Arc::clone(&document.source),
        };
        if let Some(top) = Item::top(document, &problems).table() {
            top.integer("format", 1);
            if let Some(audiences) = top.need("audience").and_then(|i| i.table()) {
                for (name, item) in audiences.entries() {
                    let mut bits = 0;
                    for word in item.items() {
                        let text = word.text().unwrap_or_default();
                        match Predicate::ALL.iter().find(|p| p.name() == text) {
                            Some(p) => bits |= p.bit(),
                            None => problems.unknown_word(
                                word.span(),
                                "predicate",
                                text,
                                Predicate::ALL.iter().map(|p| p.name()),
                            ),
                        }
                    }
                    vocabulary.audiences.push((Word::from(name), bits));
                }
            }
            if let Some(facts) = top.need("fact").and_then(|i| i.table()) {
                for (id, item) in facts.entries() {
                    let Some(table) = item.table() else { continue };
                    let def = read_fact(id, &table, &vocabulary);
                    table.finish();
                    let ix = FactIx(u32::try_from(vocabulary.facts.len()).unwrap_or(u32::MAX));
                    vocabulary.index.insert(def.id.clone(), ix);
                    vocabulary.facts.push(def);
                }
            }
            top.finish();
        }
        if problems.is_empty() { Ok(vocabulary) } else { Err(problems.into_errors()) }
    }

    /// The fact of that name.
    pub fn find(&self, id: &str) -> Option<FactIx> {
        self.index.get(id).copied()
    }

    /// The fact at a place; places come from this vocabulary.
    pub fn fact(&self, ix: FactIx) -> &FactDef {
        self.facts.get(ix.0 as usize).unwrap_or_else(|| nothing())
    }

    /// All facts, in the order of the file.
    pub fn facts(&self) -> impl Iterator<Item = (FactIx, &FactDef)> {
        self.facts.iter().enumerate().map(|(n, f)| (FactIx(u32::try_from(n).unwrap_or(u32::MAX)), f))
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The names of all facts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|f| f.id.as_str())
    }

    /// The file it was read from, for errors in derived facts.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Does a predicate hold for an audience?
    pub fn holds(&self, predicate: Predicate, audience: &str) -> Option<bool> {
        self.bits(audience).map(|b| b & predicate.bit() != 0)
    }

    /// The kinds of conversation, in order.
    pub fn scopes(&self) -> Option<&Arc<Level>> {
        match self.find("product.scopes").map(|ix| &self.fact(ix).ty) {
            Some(Type::Set(Some(level))) => Some(level),
            _ => None,
        }
    }

    fn bits(&self, audience: &str) -> Option<u8> {
        self.audiences.iter().find(|(n, _)| **n == *audience).map(|(_, b)| *b)
    }
}

fn read_fact(id: &str, table: &Table<'_>, audiences: &Vocabulary) -> FactDef {
    let problems = table.problems();
    if id.split('.').count() != 2
        || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.'))
    {
        problems
            .error(table.span(), format!("`{id}` is no name of a fact: two lower-case identifiers joined by a dot"));
    }
    let values = table.get("values").map(|i| i.texts());
    let ordered = table.boolean("ordered", true);
    let level = |ordered| {
        values.as_ref().map(|v| Arc::new(Level { values: v.iter().map(|w| Word::from(w.as_str())).collect(), ordered }))
    };
    let name = table.need_text("type");
    let ty = match name.as_str() {
        "bool" => Type::Bool,
        "number" => Type::Number,
        "text" => Type::Text,
        "duration" => Type::Duration,
        "audience" => Type::Audience,
        "version" => Type::Version,
        "set" => Type::Set(level(false)),
        "level" => level(ordered).map_or(Type::Text, Type::Level),
        other => {
            let span = table.peek("type").map_or(table.span(), |i| i.span());
            problems.unknown_word(
                span,
                "type",
                other,
                ["bool", "number", "text", "level", "duration", "audience", "set", "version"],
            );
            Type::Bool
        }
    };
    let better = match (table.get("better"), &ty) {
        (Some(item), Type::Bool) => item.boolean().map(|b| if b { Better::More } else { Better::Less }),
        (Some(item), _) => match item.text() {
            Some("higher" | "longer" | "more") => Some(Better::More),
            Some("lower" | "shorter" | "fewer") => Some(Better::Less),
            Some(other) => {
                problems.unknown_word(
                    item.span(),
                    "order",
                    other,
                    ["higher", "lower", "longer", "shorter", "more", "fewer"],
                );
                None
            }
            None => None,
        },
        (None, Type::Bool) if !id.starts_with("claims.") => {
            problems.error(table.span(), "`better` is missing here: which of true and false is better");
            None
        }
        (None, _) => None,
    };
    let qualifier = table.get("qualifier").and_then(|item| match item.text() {
        Some("scope") => Some(QualifierKind::Scope),
        Some("cohort") => Some(QualifierKind::Cohort),
        Some("setting") => Some(QualifierKind::Setting),
        Some(other) => {
            problems.unknown_word(item.span(), "qualifier", other, ["scope", "cohort", "setting"]);
            None
        }
        None => None,
    });
    let undeclared = table.get("undeclared").and_then(|item| literal(&item, &ty, audiences));
    let cases = table.get("cases").map(|item| read_cases(&item)).unwrap_or_default();
    FactDef {
        id: id.to_owned(),
        better: better.unwrap_or(match &ty {
            Type::Duration | Type::Set(_) => Better::Less,
            _ => Better::More,
        }),
        ty,
        qualifier,
        context: table.boolean("context", false),
        undeclared,
        cases,
        title: table.text("title").unwrap_or_else(|| id.to_owned()),
        definition: table.text("definition").unwrap_or_default(),
        terms: table.texts("terms"),
    }
}

fn read_cases(item: &Item<'_>) -> Vec<VocabularyCase> {
    let mut cases = Vec::new();
    for case in item.items() {
        if !is_case(case.kind()) {
            case.problems.error(case.span(), "a case is needed here: a table with `from` or `add`");
            continue;
        }
        let Some(table) = case.table() else { continue };
        let spanned = |key| table.get(key).and_then(|i| i.text().map(|t| (t.to_owned(), i.span())));
        cases.push(VocabularyCase {
            when: spanned("when"),
            from: spanned("from"),
            add: table.text("add").map(Word::from),
            because: table.text("because"),
        });
        table.finish();
    }
    cases
}

/// Stands in for a fact that cannot be: indices are only made by [`Vocabulary::load`].
fn nothing() -> &'static FactDef {
    static NOTHING: std::sync::OnceLock<FactDef> = std::sync::OnceLock::new();
    NOTHING.get_or_init(|| FactDef {
        id: String::new(),
        ty: Type::Bool,
        better: Better::More,
        qualifier: None,
        context: true,
        undeclared: None,
        cases: Vec::new(),
        title: String::new(),
        definition: String::new(),
        terms: Vec::new(),
    })
}
