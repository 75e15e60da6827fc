//! Tests of the condition language, over a vocabulary and values of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod candidates;
mod cel;
mod functions;
mod generate;
mod grammar;
mod properties;
mod sets;
mod sources;
mod truth;
mod typing;
mod world;

use super::*;
use crate::fact::{Reason, SetValue, State, Step, Unknown, Version, literal_of_text};
use crate::syntax::{Format, Limits, NodeId};
use crate::text::Source;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The facts of these tests: one or more of each type and qualifier.
const WORDS: &str = r#"
format = 1
[audience]
nobody = []
contacts = []
partners = ["external"]
registered = ["strangers", "external"]
everyone = ["strangers", "external", "unauthenticated"]
[fact]
"product.scopes" = { type = "set", values = ["direct", "group", "channel", "call"], context = true }
"product.minors" = { type = "level", values = ["excluded-verified", "possible"], ordered = false, context = true }
"t.a" = { type = "bool", better = true }
"t.b" = { type = "bool", better = true }
"t.c" = { type = "bool", better = false }
"t.d" = { type = "bool", better = false }
"n.x" = { type = "number" }
"n.y" = { type = "number", better = "lower" }
"w.x" = { type = "text" }
"l.x" = { type = "level", values = ["none", "some", "all"] }
"l.y" = { type = "level", values = ["none", "some", "all"] }
"l.other" = { type = "level", values = ["low", "high"] }
"l.choice" = { type = "level", values = ["red", "green", "blue"], ordered = false }
"d.x" = { type = "duration" }
"d.y" = { type = "duration" }
"d.long" = { type = "duration", better = "longer" }
"a.x" = { type = "audience" }
"a.y" = { type = "audience" }
"s.x" = { type = "set", values = ["ip", "mail", "phone"] }
"s.y" = { type = "set", values = ["ip", "mail", "phone"] }
"s.open" = { type = "set" }
"s.good" = { type = "set", values = ["ip", "mail", "phone"], better = "more" }
"q.e2ee" = { type = "level", values = ["none", "some", "all"], qualifier = "scope" }
"q.kept" = { type = "duration", qualifier = "scope" }
"q.message" = { type = "audience", qualifier = "cohort" }
"q.secrets" = { type = "level", values = ["inline", "external"], qualifier = "setting" }
"#;

/// Settings and contexts: name, type. A record's fields are named `list[].field`.
fn vendor_types() -> Vec<(&'static str, Type)> {
    let texts = || Type::List(Box::new(Type::Text));
    let records = Type::List(Box::new(Type::Record(Word::from("listeners"))));
    let choice = Type::Level(Arc::new(Level { values: vec![Word::from("tls"), Word::from("http")], ordered: false }));
    vec![
        ("setting.name", Type::Text),
        ("setting.deep", Type::Bool),
        ("setting.deep.er", Type::Number),
        ("setting.hosts", texts()),
        ("setting.limit", Type::Number),
        ("setting.kept", Type::Duration),
        ("setting.listeners", records),
        ("listeners[].type", choice),
        ("listeners[].bind", texts()),
        ("listeners[].port", Type::Number),
        ("context.licence", Type::Text),
    ]
}

use crate::fact::Level;

/// What names are worth: all names are unknown until they are given a value.
struct World {
    words: Arc<Vocabulary>,
    facts: HashMap<(FactIx, Option<Word>), Reading>,
    vendors: HashMap<&'static str, Reading>,
    written: HashMap<&'static str, Reading>,
    version: Option<&'static str>,
    params: std::cell::RefCell<Vec<(&'static str, Type, Option<Value>)>>,
    it: Option<(Type, Value)>,
    /// Are values traced to their places?
    traced: std::cell::Cell<bool>,
}

/// The vocabulary, parsed once.
fn words() -> Arc<Vocabulary> {
    static WORDS_READ: OnceLock<Arc<Vocabulary>> = OnceLock::new();
    let read = || {
        let source = Arc::new(Source::new("words.toml", WORDS));
        let document = crate::syntax::parse(&source, Format::Toml, &Limits::default());
        Arc::new(Vocabulary::load(&document).unwrap_or_else(|e| panic!("{}", e[0].message)))
    };
    Arc::clone(WORDS_READ.get_or_init(read))
}

/// The world that has the given facts: `("t.a", known("true"))`, `("q.e2ee['direct']", …)`.
fn world(facts: &[(&str, Reading)]) -> World {
    let mut world = World {
        words: words(),
        facts: HashMap::new(),
        vendors: HashMap::new(),
        written: HashMap::new(),
        version: None,
        params: vec![("max", Type::Open, None), ("least", Type::Open, None)].into(),
        it: None,
        traced: true.into(),
    };
    for (name, reading) in facts {
        world.set(name, reading.clone());
    }
    world
}

impl World {
    fn set(&mut self, name: &str, reading: Reading) {
        let (id, qualifier) = match name.split_once("['") {
            Some((id, rest)) => (id, Some(Word::from(rest.trim_end_matches("']")))),
            None => (name, None),
        };
        let fact = self.words.find(id).unwrap_or_else(|| panic!("no fact {id}"));
        self.facts.insert((fact, qualifier), reading);
    }

    fn with_vendor(mut self, name: &'static str, reading: Reading) -> Self {
        self.vendors.insert(name, reading);
        self
    }

    fn with_written(mut self, name: &'static str, reading: Reading) -> Self {
        self.written.insert(name, reading);
        self
    }

    /// Parses and types an expression.
    fn typed(&self, text: &str, wanted: Option<&Type>) -> Result<Expr, ConditionError> {
        parse(text).and_then(|syntax| check(&syntax, self, wanted))
    }

    /// The value, which is the same when nobody asks for its places.
    fn eval(&self, text: &str) -> Reading {
        let expr = self.typed(text, None).unwrap_or_else(|e| panic!("{text}: {} at {:?}", e.message, e.span));
        let it = || self.it.as_ref().map(|(_, v)| v.clone());
        self.traced.set(false);
        let quick = Evaluation::of(&expr, self, it());
        self.traced.set(true);
        let traced = Evaluation::of(&expr, self, it());
        let state = |r: &Reading| shown(r).split('{').next().unwrap_or_default().to_owned();
        assert_eq!(state(&quick), state(&traced), "{text}: what is decided depends on whether places are asked for");
        traced
    }

    /// The value: `T F U N` for truth values, else JSON; with candidates `U{a|b}`.
    fn value(&self, text: &str) -> String {
        shown(&self.eval(text))
    }

    /// The facts and settings that the value rests on, in their order.
    fn sources(&self, text: &str) -> String {
        self.eval(text).from.iter().map(|s| self.place_name(s.place)).collect::<Vec<_>>().join(" ")
    }

    fn place_name(&self, place: u32) -> String {
        let facts = self.words.len() as u32 * 8;
        if place >= facts {
            return vendor_types()[(place - facts) as usize].0.to_owned();
        }
        let def = self.words.fact(FactIx(place / 8));
        let qualifiers = ["", "direct", "group", "channel", "call", "everyone", "minor", "other"];
        match qualifiers[place as usize % 8] {
            "" => def.id.clone(),
            q => format!("{}['{q}']", def.id),
        }
    }

    fn sourced(&self, mut reading: Reading, place: u32, fact: Option<FactKey>) -> Reading {
        if !self.traced.get() {
            return reading;
        }
        reading.from = [Step { place, fact: None }].into_iter().collect();
        reading.facts = fact.into_iter().collect();
        reading
    }

    fn vendor_place(&self, n: u32) -> u32 {
        self.words.len() as u32 * 8 + n
    }
}

use crate::fact::{FactKey, QualifierKind};

fn unknown() -> Reading {
    Reading::unknown("nobody says", Reason::Undeclared)
}

fn not_applicable() -> Reading {
    Reading::not_applicable("there is none")
}

/// One of `T F U N`.
fn truth(letter: char) -> Reading {
    match letter {
        'T' => Reading::truth(true),
        'F' => Reading::truth(false),
        'N' => not_applicable(),
        _ => unknown(),
    }
}

fn word(text: &str) -> Reading {
    Reading::known_value(Value::Word(Word::from(text)))
}

fn number(n: f64) -> Reading {
    Reading::known_value(Value::Number(n))
}

fn period(text: &str) -> Value {
    literal_of_text(text, &Type::Duration, &*words()).unwrap()
}

fn kept(text: &str) -> Reading {
    Reading::known_value(period(text))
}

/// Unknown, but one of these.
fn one_of(values: impl IntoIterator<Item = Value>) -> Reading {
    Reading::of_unknown(Unknown {
        why: Arc::from("one of some"),
        kind: Reason::Stated,
        by: None,
        candidates: Some(values.into_iter().collect()),
    })
}

fn one_of_words(words: &[&str]) -> Reading {
    one_of(words.iter().map(|w| Value::Word(Word::from(*w))))
}

/// A set that has some words, may have others, and is perhaps open.
fn set_value(has: &[&str], may: &[&str], open: bool) -> Value {
    let words = |list: &[&str]| list.iter().map(|w| Word::from(*w)).collect::<Vec<_>>();
    Value::Set(Arc::new(SetValue { has: words(has), may: words(may), open }))
}

fn set(has: &[&str], may: &[&str], open: bool) -> Reading {
    Reading::known_value(set_value(has, may, open))
}

fn texts(list: &[&str]) -> Reading {
    Reading::known_value(word_list(list.iter().map(|w| Word::from(*w))))
}

fn records(nodes: &[u32]) -> Reading {
    let items = nodes.iter().enumerate().map(|(n, node)| {
        let record = Record {
            list: 6,
            document: 0,
            node: NodeId(*node),
            key: Word::from(format!("no{node}")),
            index: Some(n as u32),
            parent: None,
        };
        Reading::known_value(Value::Record(Arc::new(record)))
    });
    Reading::known_value(Value::List(items.collect()))
}

fn letter(reading: &Reading) -> char {
    match &reading.state {
        State::Known(Value::Bool(true)) => 'T',
        State::Known(Value::Bool(false)) => 'F',
        State::Known(other) => panic!("{other:?} is no truth value"),
        State::Unknown(_) => 'U',
        State::NotApplicable(_) => 'N',
    }
}

fn shown(reading: &Reading) -> String {
    let json = |v: &Value| match v {
        Value::Bool(true) => "T".to_owned(),
        Value::Bool(false) => "F".to_owned(),
        other => other.json().to_string().replace('"', ""),
    };
    match &reading.state {
        State::Known(value) => json(value),
        State::NotApplicable(_) => "N".into(),
        State::Unknown(u) => match &u.candidates {
            Some(list) => format!("U{{{}}}", list.iter().map(json).collect::<Vec<_>>().join("|")),
            None => "U".into(),
        },
    }
}
