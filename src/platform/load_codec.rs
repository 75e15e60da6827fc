//! Loading codecs.

use super::codec::{Base, LoneText, Meaning, Part, Periods};
use super::compile::are_cases;
use super::definition::Special;
use crate::fact::{Duration, Item, Table, Type, Value, Vocabulary, Word, literal};
use std::collections::HashMap;

/// A codec with what holds for every setting that uses it.
#[derive(Clone, Debug)]
pub struct NamedCodec {
    /// The name it was asked for by; empty for a table that stands in a setting.
    pub name: String,
    /// How it reads.
    pub base: Base,
    /// Its `special`, literals not typed yet.
    pub special: Vec<(Special, RawMeaning)>,
    /// Its `invalid`.
    pub invalid: Option<RawMeaning>,
    /// Its `plausible`.
    pub plausible: Option<RawMeaning>,
}

impl NamedCodec {
    fn of(base: Base) -> Self {
        Self { name: String::new(), base, special: Vec::new(), invalid: None, plausible: None }
    }
}

/// A codec that holds under a condition, which is compiled when every name is known.
#[derive(Clone)]
pub struct CodecCase<'d> {
    /// Its `when`.
    pub when: Option<Item<'d>>,
    /// The codec.
    pub codec: NamedCodec,
}

/// A meaning whose literal awaits the setting's type.
#[derive(Clone, Debug)]
pub enum RawMeaning {
    /// `@absent`, `@next`, `@refused`.
    Fixed(Meaning),
    /// A literal, as JSON-like text and kind.
    Literal(Literal),
}

/// A literal of `special`.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An empty list.
    Empty,
}

const BASES: [&str; 9] = ["text", "number", "bool", "truthy", "choice", "duration", "list", "records", "section"];

/// The codecs of a platform file, by name.
pub type Codecs<'d> = HashMap<String, Vec<CodecCase<'d>>>;

/// Reads `[codec]`.
pub fn read_codecs<'d>(table: &Table<'d>) -> Codecs<'d> {
    let mut out = Codecs::new();
    if let Some(codecs) = table.get("codec").and_then(|i| i.table()) {
        for (name, item) in codecs.entries() {
            if let Some(mut cases) = codec(&item, &out) {
                cases.iter_mut().for_each(|c| name.clone_into(&mut c.codec.name));
                out.insert(name.to_owned(), cases);
            }
        }
    }
    out
}

/// Reads a codec: a name, a table with `base`, or cases of these.
pub fn codec<'d>(item: &Item<'d>, named: &Codecs<'d>) -> Option<Vec<CodecCase<'d>>> {
    if !are_cases(item) {
        return match item.scalar().filter(|(_, style)| style.is_text()) {
            Some((name, _)) => by_name(item, name, named),
            None => Some(vec![CodecCase { when: None, codec: one(item, named)? }]),
        };
    }
    let items = item.items();
    let mut out = Vec::new();
    for case in &items {
        let table = case.table()?;
        let when = table.get("when");
        let value = table.need("value")?;
        table.finish();
        let codec = one(&value, named)?;
        out.push(CodecCase { when, codec });
    }
    if out.last().is_some_and(|last| last.when.is_some()) {
        let help = "leave out its `when`, or add a case without one";
        item.problems.error_with(item.span(), "the last case must hold always", Some(help.into()));
    }
    Some(out)
}

/// Reads a codec where cases are not possible.
fn one<'d>(item: &Item<'d>, named: &Codecs<'d>) -> Option<NamedCodec> {
    if let Some((name, _)) = item.scalar().filter(|(_, style)| style.is_text()) {
        let mut cases = by_name(item, name, named)?;
        if cases.len() > 1 {
            item.problems
                .error(item.span(), format!("`{name}` is read in several ways, which cannot be chosen from here"));
        }
        return cases.pop().map(|c| c.codec);
    }
    let table = item.table()?;
    let name = table.need_text("base");
    // A codec that has a base's own name is meant only where none of the base's parameters are given.
    let parameters = table.entries().any(|(k, _)| !["base", "special", "invalid", "plausible"].contains(&k));
    let shadowed = parameters && (BASES.contains(&name.as_str()) || name == "secret");
    let mut out = match named.get(&name).filter(|_| !shadowed).map(Vec::as_slice) {
        Some([only]) => NamedCodec { name: String::new(), ..only.codec.clone() },
        _ => NamedCodec::of(base(&name, &table, named)?),
    };
    if let Some(special) = table.get("special") {
        // What the named codec says of other texts stays.
        let mut all = read_special(&special);
        all.extend(out.special.iter().filter(|(k, _)| !all.iter().any(|(o, _)| o == k)).cloned().collect::<Vec<_>>());
        out.special = all;
    }
    for (key, slot) in [("invalid", &mut out.invalid), ("plausible", &mut out.plausible)] {
        if let Some(meaning) = table.get(key) {
            *slot = read_meaning(&meaning);
        }
    }
    table.finish();
    Some(out)
}

fn by_name<'d>(item: &Item<'d>, name: &str, named: &Codecs<'d>) -> Option<Vec<CodecCase<'d>>> {
    let found = named.get(name).cloned().or_else(|| {
        let codec = NamedCodec { name: name.to_owned(), ..plain(name)? };
        Some(vec![CodecCase { when: None, codec }])
    });
    if found.is_none() {
        let names = named.keys().map(String::as_str).chain(BASES).chain(["secret"]);
        item.problems.unknown_word(item.span(), "codec", name, names);
    }
    found
}

/// Is this the name of a codec that needs no parameters?
pub fn is_base(name: &str) -> bool {
    plain(name).is_some()
}

fn plain(name: &str) -> Option<NamedCodec> {
    let base = match name {
        "text" => Base::Text(Part::All),
        "number" => Base::Number,
        "bool" => Base::Bool { yes: vec!["true".into()], no: vec!["false".into()], quoted: false, fold: false },
        "truthy" => Base::Truthy,
        "list" => Base::List { of: Box::new(Base::Text(Part::All)), text: LoneText::Refused, mixed: false },
        "records" => Base::Records { mixed: false },
        "section" => Base::Section,
        "secret" => Base::Secret { url_password: false, public: Vec::new() },
        "duration" => {
            Base::Duration { bare: Some(1000), units: Vec::new(), ways: Periods::default(), words: Vec::new() }
        }
        _ => return None,
    };
    Some(NamedCodec::of(base))
}

fn base<'d>(name: &str, table: &Table<'d>, named: &Codecs<'d>) -> Option<Base> {
    let problems = table.problems();
    Some(match name {
        "text" => Base::Text(match table.get("part").and_then(|i| i.text().map(|t| (t, i))) {
            Some(("url-host", _)) => Part::UrlHost,
            None | Some(("all", _)) => Part::All,
            Some((other, item)) => match other.strip_prefix("url-query:").filter(|name| !name.is_empty()) {
                Some(name) => Part::UrlQuery(name.into()),
                None => {
                    problems.unknown_word(item.span(), "part", other, ["all", "url-host", "url-query:NAME"]);
                    Part::All
                }
            },
        }),
        "bool" => {
            let words = |key, otherwise: &str| table.get(key).map_or_else(|| vec![otherwise.to_owned()], |i| i.texts());
            Base::Bool {
                yes: words("true", "true"),
                no: words("false", "false"),
                quoted: table.boolean("quoted", false),
                fold: table.boolean("fold", false),
            }
        }
        "choice" => {
            let words = table.need("values").map(|i| i.texts()).unwrap_or_default();
            Base::Choice {
                words: words.iter().map(|w| Word::from(w.as_str())).collect(),
                fold: table.boolean("fold", false),
            }
        }
        "duration" => {
            let bare = match table.text("bare").as_deref() {
                None | Some("s") => Some(1000),
                Some("ms") => Some(1),
                Some("min") => Some(60_000),
                Some("h") => Some(3_600_000),
                Some("d") => Some(86_400_000),
                Some("refused") => None,
                Some(other) => {
                    problems.unknown_word(table.span(), "unit", other, ["ms", "s", "min", "h", "d", "refused"]);
                    None
                }
            };
            let mut units = Vec::new();
            if let Some(list) = table.get("units").and_then(|i| i.table()) {
                for (unit, item) in list.entries() {
                    match item.text().and_then(Duration::parse).and_then(Duration::as_millis) {
                        Some(ms) if ms > 0 => units.push((unit.to_owned(), ms)),
                        _ => problems.error(item.span(), "a unit is worth a period such as `1d`"),
                    }
                }
            }
            let mut words = Vec::new();
            if let Some(list) = table.get("words").and_then(|i| i.table()) {
                for (word, item) in list.entries() {
                    match item.text().and_then(Duration::parse) {
                        Some(period) => words.push((word.to_owned(), period)),
                        None => problems.error(item.span(), "a word stands for a duration such as `unlimited`"),
                    }
                }
            }
            let ways = Periods {
                lenient: table.boolean("lenient", false),
                plural: table.boolean("plural", false),
                compound: table.boolean("compound", false),
                fraction: table.boolean("fraction", false),
                stray: table.boolean("stray", false),
            };
            Base::Duration { bare, units, ways, words }
        }
        "list" => {
            let of = match table.get("of") {
                None => Base::Text(Part::All),
                Some(item) => one(&item, named)?.base,
            };
            let text = match table.text("text").as_deref() {
                None | Some("refused") => LoneText::Refused,
                Some("single") => LoneText::Single,
                Some("characters") => LoneText::Characters,
                Some(separator) => LoneText::Separator(separator.to_owned()),
            };
            Base::List { of: Box::new(of), text, mixed: table.boolean("mixed", false) }
        }
        "records" => Base::Records { mixed: table.boolean("mixed", false) },
        "secret" => {
            let part = table.text("part");
            if let Some(other) = part.as_deref().filter(|p| !matches!(*p, "all" | "url-password")) {
                problems.unknown_word(table.span(), "part", other, ["all", "url-password"]);
            }
            Base::Secret { url_password: part.as_deref() == Some("url-password"), public: table.texts("public") }
        }
        other => match plain(other) {
            Some(codec) => codec.base,
            None => {
                let names = named.keys().map(String::as_str).chain(BASES).chain(["secret"]);
                problems.unknown_word(table.span(), "codec", other, names);
                return None;
            }
        },
    })
}

/// Reads `special`.
pub fn read_special(item: &Item<'_>) -> Vec<(Special, RawMeaning)> {
    const CLASSES: [(&str, Special); 6] = [
        ("@null", Special::Null),
        ("@true", Special::True),
        ("@false", Special::False),
        ("@zero", Special::Zero),
        ("@negative", Special::Negative),
        ("@empty", Special::Empty),
    ];
    let Some(table) = item.table() else { return Vec::new() };
    let mut out = Vec::new();
    for (key, value) in table.entries() {
        let special = match CLASSES.iter().find(|(name, _)| *name == key) {
            Some((_, special)) => special.clone(),
            None => {
                if key.starts_with('@') {
                    item.problems.unknown_word(value.key_span, "class", key, CLASSES.iter().map(|(n, _)| *n));
                }
                Special::Text(key.to_owned())
            }
        };
        if let Some(meaning) = read_meaning(&value) {
            out.push((special, meaning));
        }
    }
    out
}

/// Reads `@absent`, `@next`, `@refused` or a literal.
pub fn read_meaning(item: &Item<'_>) -> Option<RawMeaning> {
    use crate::syntax::Style;
    if item.is_list() {
        return Some(RawMeaning::Literal(Literal::Empty));
    }
    let (text, style) = item.scalar()?;
    Some(match (text, style) {
        ("@absent", _) => RawMeaning::Fixed(Meaning::Absent),
        ("@next", _) => RawMeaning::Fixed(Meaning::Next),
        ("@refused", _) => RawMeaning::Fixed(Meaning::Refused),
        (_, Style::Bool) => RawMeaning::Literal(Literal::Bool(text == "true")),
        (_, Style::Number) => RawMeaning::Literal(Literal::Number(text.parse().ok()?)),
        _ => RawMeaning::Literal(Literal::Text(text.to_owned())),
    })
}

/// Gives a literal the setting's type; tells what does not fit.
pub fn settle(raw: &RawMeaning, ty: &Type, item: &Item<'_>, vocabulary: &Vocabulary) -> Option<Meaning> {
    let literal_value = match raw {
        RawMeaning::Fixed(meaning) => return Some(meaning.clone()),
        RawMeaning::Literal(l) => l,
    };
    let value = match (literal_value, ty) {
        (Literal::Bool(b), Type::Bool) => Some(Value::Bool(*b)),
        (Literal::Number(n), Type::Number) => Some(Value::Number(*n)),
        (Literal::Empty, Type::List(_)) => Some(Value::List(Vec::new().into())),
        (Literal::Text(t), _) => match crate::fact::literal_of_text(t, ty, vocabulary) {
            Ok(v) => Some(v),
            Err((message, help)) => {
                item.problems.error_with(item.span(), message, help);
                return None;
            }
        },
        _ => None,
    };
    if value.is_none() {
        item.problems.error(item.span(), format!("a value here must be {}", ty.name()));
    }
    value.map(Meaning::Literal)
}

/// A literal that stands directly in the file.
pub fn direct(item: &Item<'_>, ty: &Type, vocabulary: &Vocabulary) -> Option<Meaning> {
    match read_meaning(item)? {
        RawMeaning::Fixed(meaning) => Some(meaning),
        RawMeaning::Literal(_) => literal(item, ty, vocabulary).map(Meaning::Literal),
    }
}
