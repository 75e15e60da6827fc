//! A vendor's ways to read a value.

use super::address;
use super::dialect::{Dialect, Native, native};
use super::period::Units;
use crate::fact::{Duration, Level, Reading, Reason, Unknown, Value, Word};
use crate::syntax::{Document, Kind, NodeId, Style};
use crate::text::Span;
use std::sync::Arc;

/// What a special text, a class or an invalid text comes to.
#[derive(Clone, PartialEq, Debug)]
pub enum Meaning {
    /// This value.
    Literal(Value),
    /// The default applies.
    Absent,
    /// As if it were not written here.
    Next,
    /// The vendor refuses to start.
    Refused,
}

/// How a lone text is taken where a list is needed.
#[derive(Clone, PartialEq, Debug)]
pub enum LoneText {
    /// Refused.
    Refused,
    /// One item.
    Single,
    /// Its letters.
    Characters,
    /// Split at this.
    Separator(String),
}

/// Which part of a text counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of it.
    All,
    /// The host of an address.
    UrlHost,
    /// A named part of an address's query.
    UrlQuery(Box<str>),
}

/// How a period may be written, beside a whole number and a unit.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Periods {
    /// Blanks, a sign and `_`.
    pub lenient: bool,
    /// Units with an `s` behind them.
    pub plural: bool,
    /// Several, one after the other: `1d12h`.
    pub compound: bool,
    /// A fraction: `1.5h`.
    pub fraction: bool,
    /// A unit that is none is taken for its first letter, else for none at all.
    pub stray: bool,
}

/// The ways to read.
#[derive(Clone, PartialEq, Debug)]
pub enum Base {
    /// A text.
    Text(Part),
    /// A number.
    Number,
    /// A boolean of the dialect; the listed words too, if `quoted` allows text.
    Bool {
        /// Words that are true.
        yes: Vec<String>,
        /// Words that are false.
        no: Vec<String>,
        /// Are quoted words read?
        quoted: bool,
        /// Does case not matter?
        fold: bool,
    },
    /// A script's truth: any text that is not empty is true.
    Truthy,
    /// One of the words.
    Choice {
        /// The words.
        words: Vec<Word>,
        /// Does case not matter?
        fold: bool,
    },
    /// A period.
    Duration {
        /// Milliseconds of a number without unit; `None`: refused.
        bare: Option<u64>,
        /// The units and their milliseconds.
        units: Vec<(String, u64)>,
        /// How the number and what stands around it may be written.
        ways: Periods,
        /// Words that are a period.
        words: Vec<(String, Duration)>,
    },
    /// A sequence.
    List {
        /// The codec of an item.
        of: Box<Base>,
        /// How a lone text is taken.
        text: LoneText,
        /// Only the single values among the items are taken, of a table with named fields too.
        mixed: bool,
    },
    /// A sequence of maps, or a map's entries.
    Records {
        /// Only the maps among the items are taken, of a table with named fields too.
        mixed: bool,
    },
    /// Written at all.
    Section,
    /// A secret, never shown.
    Secret {
        /// Which part of the text is the secret.
        url_password: bool,
        /// SHA-256 prefixes of secrets that everybody knows.
        public: Vec<String>,
    },
}

/// What a codec makes of a node.
#[derive(Clone, PartialEq, Debug)]
pub enum Decoded {
    /// A value, and why a person would be surprised by it.
    Value(Value, Option<String>),
    /// A negative period or number where only the setting knows what it means.
    Negative,
    /// No secret is written.
    NoSecret(&'static str),
    /// Not readable; why.
    Rejected(String),
}

impl Base {
    /// Reads a scalar or list. Records and sections are read by the setting.
    pub fn decode(&self, doc: &Document, node: NodeId, dialect: Dialect) -> Decoded {
        let target = doc.node(node);
        if let Base::List { of, text, mixed } = self {
            let lone = matches!(target.kind, Kind::Scalar { .. }) && *text != LoneText::Refused;
            if *mixed && !lone {
                let single = |id: &NodeId| matches!(doc.node(*id).kind, Kind::Scalar { .. });
                let items: Vec<NodeId> = positional(doc, node).filter(single).collect();
                return decode_items(doc, node, &items, of, dialect);
            }
            return decode_list(doc, node, of, text, dialect);
        }
        match &target.kind {
            Kind::Scalar { text, style } => self.scalar(text, *style, dialect),
            Kind::Map(_) => Decoded::Rejected("a single value is needed, not a map".into()),
            Kind::Seq(_) => Decoded::Rejected("a single value is needed, not a list".into()),
        }
    }

    /// Reads a text of the given style: for reading back what is about to be written.
    pub fn read_text(&self, text: &str, style: Style, dialect: Dialect) -> Decoded {
        self.scalar(text, style, dialect)
    }

    fn scalar(&self, text: &str, style: Style, dialect: Dialect) -> Decoded {
        let native = native(text, style, dialect);
        let value = |v| Decoded::Value(v, None);
        match self {
            Base::Text(Part::All) => value(Value::Word(Word::from(text))),
            Base::Text(Part::UrlHost) => value(Value::Word(Word::from(address::host(text)))),
            Base::Text(Part::UrlQuery(name)) => {
                value(Value::Word(Word::from(address::query(text, name).unwrap_or_default())))
            }
            Base::Number => match native {
                Native::Integer(n) | Native::Float(n) => value(Value::Number(n)),
                Native::Text if dialect.text_only() => match decimal(text) {
                    Some(n) => value(Value::Number(n)),
                    None => Decoded::Rejected("a number is needed".into()),
                },
                _ => Decoded::Rejected("a number is needed".into()),
            },
            Base::Bool { yes, no, quoted, fold } => {
                let among = |words: &[String]| {
                    words.iter().any(|w| if *fold { w.eq_ignore_ascii_case(text) } else { w == text })
                };
                match native {
                    Native::Bool(b) => value(Value::Bool(b)),
                    _ if (*quoted || dialect.text_only()) && among(yes) => value(Value::Bool(true)),
                    _ if (*quoted || dialect.text_only()) && among(no) => value(Value::Bool(false)),
                    Native::Text if !dialect.text_only() => Decoded::Rejected("a boolean is needed, not a text".into()),
                    _ => Decoded::Rejected("a boolean is needed".into()),
                }
            }
            Base::Truthy => match native {
                Native::Null => value(Value::Bool(false)),
                Native::Bool(b) => value(Value::Bool(b)),
                Native::Integer(n) | Native::Float(n) => value(Value::Bool(n != 0.0)),
                Native::Date => value(Value::Bool(true)),
                Native::Text => {
                    let means_no =
                        ["false", "no", "off", "0", "none", "null"].iter().any(|w| w.eq_ignore_ascii_case(text.trim()));
                    let surprise =
                        means_no.then(|| "a text that is not empty counts as true, whatever it says".to_owned());
                    Decoded::Value(Value::Bool(!text.is_empty()), surprise)
                }
            },
            Base::Choice { words, fold } => {
                if matches!(native, Native::Bool(_) | Native::Null)
                    && style == Style::Plain
                    && !words.iter().any(|w| **w == *text)
                {
                    return Decoded::Rejected(format!("one of {} is needed", list_words(words)));
                }
                match words.iter().find(|w| if *fold { w.eq_ignore_ascii_case(text) } else { ***w == *text }) {
                    Some(word) => value(Value::Word(Word::clone(word))),
                    None => Decoded::Rejected(format!("one of {} is needed", list_words(words))),
                }
            }
            Base::Duration { bare, units, ways, words } => {
                if let (Native::Text, Some((_, word))) = (native, words.iter().find(|(w, _)| *w == text)) {
                    return value(Value::Duration(*word));
                }
                // A number in a variable is one in spite of being a text.
                let number = decimal(text).filter(|_| dialect.text_only());
                let native = match number {
                    Some(n) if text.contains('.') => Native::Float(n),
                    Some(n) => Native::Integer(n),
                    None => native,
                };
                Units { bare: *bare, units, ways: *ways }.read(text, native)
            }
            Base::Secret { url_password, public } => secret(text, *url_password, public),
            Base::List { .. } | Base::Records { .. } | Base::Section => Decoded::Rejected("a list is needed".into()),
        }
    }

    /// Writes a single value as this codec reads it; `None` if it cannot be spelt.
    pub fn encode(&self, value: &Value) -> Option<String> {
        match (self, value) {
            (Base::Bool { .. } | Base::Truthy, Value::Bool(b)) => Some(b.to_string()),
            (Base::Number, Value::Number(n)) => Some(n.to_string()),
            (Base::Choice { words, .. }, Value::Word(w)) => words.contains(w).then(|| w.to_string()),
            (Base::Text(Part::All), Value::Word(w)) => Some(w.to_string()),
            (Base::Duration { words, .. }, Value::Duration(d)) if d.as_millis().is_none() => {
                words.iter().find(|(_, period)| period == d).map(|(word, _)| word.clone())
            }
            (Base::Duration { bare, units, .. }, Value::Duration(d)) => {
                let ms = d.as_millis()?;
                let mut sizes: Vec<&(String, u64)> = units.iter().collect();
                // Days read better than weeks, and years only where nothing is lost; ties go to the larger unit.
                sizes.sort_by_key(|(name, size)| (name == "w", std::cmp::Reverse(*size)));
                let whole_years = |size: u64| size < 365 * 86_400_000 || ms >= 2 * size;
                match sizes.iter().find(|(_, size)| ms > 0 && ms.is_multiple_of(*size) && whole_years(*size)) {
                    Some((name, size)) => Some(format!("{}{name}", ms / size)),
                    None => bare.filter(|b| ms.is_multiple_of(*b)).map(|b| (ms / b).to_string()),
                }
            }
            _ => None,
        }
    }
}

fn list_words(words: &[Word]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

fn decode_list(doc: &Document, node: NodeId, of: &Base, lone: &LoneText, dialect: Dialect) -> Decoded {
    let word = |text: &str| Reading::known_value(Value::Word(Word::from(text)));
    match &doc.node(node).kind {
        Kind::Seq(items) => {
            let items: Vec<NodeId> = items.iter().map(|item| item.value).collect();
            decode_items(doc, node, &items, of, dialect)
        }
        Kind::Map(entries) if entries.is_empty() => Decoded::Value(Value::List(Vec::new().into()), None),
        Kind::Map(_) => Decoded::Rejected("a list is needed, not a map".into()),
        Kind::Scalar { text, .. } => match lone {
            LoneText::Refused => Decoded::Rejected("a list is needed".into()),
            LoneText::Single => lone_items(std::iter::once(&**text), of, dialect),
            LoneText::Characters => Decoded::Value(
                Value::List(text.chars().map(|c| word(c.encode_utf8(&mut [0; 4]))).collect()),
                Some("a lone text is taken apart into its letters".into()),
            ),
            LoneText::Separator(separator) => {
                let parts = text.split(separator.as_str()).map(str::trim).filter(|t| !t.is_empty());
                lone_items(parts, of, dialect)
            }
        },
    }
}

/// The items of a list, or of a table that has named fields beside them: those have numbers for keys.
pub(super) fn positional(doc: &Document, node: NodeId) -> impl Iterator<Item = NodeId> {
    let node = doc.node(node);
    let numbered = |entry: &&crate::syntax::Entry| entry.key.bytes().all(|byte| byte.is_ascii_digit());
    let named = node.entries().iter().filter(numbered).map(|entry| entry.value);
    node.items().iter().map(|item| item.value).chain(named)
}

fn decode_items(doc: &Document, node: NodeId, items: &[NodeId], of: &Base, dialect: Dialect) -> Decoded {
    let mut out = Vec::new();
    let mut surprise = None;
    for (n, item) in items.iter().enumerate() {
        let target = doc.node(*item);
        if dialect == Dialect::Lua && nothing(target) {
            let name = target.text().filter(|text| *text != "nil");
            let why = name.map(|name| format!("the name `{name}` has no value, so the item is left out"));
            surprise = surprise.or(why);
            continue;
        }
        if (target.hole.is_some() || target.tag.is_some()) && !matches!(of, Base::Secret { .. }) {
            out.push(Reading::unknown("a template or variable fills it in", Reason::Templated));
            continue;
        }
        match of.decode(doc, *item, dialect) {
            Decoded::Value(value, _) if conditional(doc, node, target.span) => out.push(perhaps(value)),
            Decoded::Value(value, _) => out.push(Reading::known_value(value)),
            Decoded::NoSecret(why) => out.push(Reading::not_applicable(why)),
            Decoded::Negative => return Decoded::Rejected("an item is negative".into()),
            Decoded::Rejected(why) => {
                return Decoded::Rejected(format!("item {} of the list cannot be read: {why}", n + 1));
            }
        }
    }
    let span = doc.node(node).span;
    if doc.splices.iter().any(|splice| span.contains(*splice)) {
        out.push(Reading::unknown("a template may bring more items", Reason::Templated));
    }
    Decoded::Value(Value::List(out.into()), surprise)
}

/// Is a node `nil`, or a name without a value?
fn nothing(node: &crate::syntax::Node) -> bool {
    node.hole.is_none() && matches!(node.kind, Kind::Scalar { style: Style::Null | Style::Plain, .. })
}

/// Does a condition inside a list decide whether an item is there?
fn conditional(doc: &Document, list: NodeId, item: Span) -> bool {
    let list = doc.node(list).span;
    !doc.branches.is_empty() && doc.branches_at(item).any(|branch| !branch.span.contains(list))
}

/// An item that may be in its list, and is none other.
pub(super) fn perhaps(value: Value) -> Reading {
    let nothing = Value::Word(Word::from(""));
    let candidates = matches!(value, Value::Word(_)).then(|| vec![value, nothing]);
    let why = Arc::from("a condition decides whether it is in the list");
    Reading::of_unknown(Unknown { why, kind: Reason::Templated, by: None, candidates })
}

/// Items that stand in one text.
fn lone_items<'t>(parts: impl Iterator<Item = &'t str>, of: &Base, dialect: Dialect) -> Decoded {
    let mut out = Vec::new();
    for (n, part) in parts.enumerate() {
        match of.scalar(part, Style::DoubleQuoted, dialect) {
            Decoded::Value(value, _) => out.push(Reading::known_value(value)),
            Decoded::NoSecret(why) => out.push(Reading::not_applicable(why)),
            Decoded::Negative => return Decoded::Rejected("an item is negative".into()),
            Decoded::Rejected(why) => {
                return Decoded::Rejected(format!("item {} of the list cannot be read: {why}", n + 1));
            }
        }
    }
    Decoded::Value(Value::List(out.into()), None)
}

/// A decimal number in a text.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !digits.ends_with('.');
    text.parse().ok().filter(|_| plain)
}

fn secret(text: &str, url_password: bool, public: &[String]) -> Decoded {
    let level = |word: &str| Decoded::Value(Value::Word(Word::from(word)), None);
    let trimmed = text.trim();
    let part = if url_password { address::password(trimmed) } else { Some(trimmed.into()) };
    let Some(secret) = part else { return Decoded::NoSecret("the address holds no password") };
    let secret = &*secret;
    if !public.is_empty() && !secret.is_empty() {
        use sha2::{Digest, Sha256};
        let digest: String = Sha256::digest(secret.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        if public.iter().any(|p| !p.is_empty() && digest.starts_with(p.as_str())) {
            return level("public-sample");
        }
    }
    if secret.is_empty() {
        return Decoded::NoSecret("it is empty");
    }
    const SEALED: [&str; 6] = ["ENC[", "$ANSIBLE_VAULT", "-----BEGIN AGE", "-----BEGIN PGP", "file:", "/run/secrets/"];
    if SEALED.iter().any(|p| secret.starts_with(p)) {
        return level("external");
    }
    if is_placeholder(secret) {
        return Decoded::NoSecret("a placeholder is written");
    }
    level("inline")
}

/// Does a text only stand for a value that somebody will fill in?
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let fold = text.to_lowercase();
    let between = |open: &str, close: &str| {
        fold.len() > open.len() + close.len()
            && fold.strip_prefix(open).and_then(|t| t.strip_suffix(close)).is_some_and(|inner| {
                !inner.is_empty()
                    && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | ',' | '\''))
            })
    };
    let brackets = [("<", ">"), ("(", ")"), ("[", "]"), ("{", "}"), ("__", "__"), ("@@", "@@"), ("@", "@")];
    let told = ["change_me", "change-me", "changeme", "placeholder", "redacted", "your_", "your-"];
    let repeated =
        fold.chars().next().is_some_and(|c| matches!(c, 'x' | '*' | '?' | '.') && fold.chars().all(|d| d == c));
    let capitals = text.contains('_')
        && text.chars().any(|c| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    brackets.iter().any(|(a, b)| between(a, b)) || told.iter().any(|w| fold.contains(w)) || repeated || capitals
}

/// The type of the values a codec gives; `secrets` is the level of the fact that secrets feed.
pub fn base_type(base: &Base, secrets: &Arc<Level>, record: &str) -> crate::fact::Type {
    use crate::fact::Type;
    match base {
        Base::Text(_) => Type::Text,
        Base::Number => Type::Number,
        Base::Bool { .. } | Base::Truthy | Base::Section => Type::Bool,
        Base::Choice { words, .. } => Type::Level(Arc::new(Level { values: words.clone(), ordered: false })),
        Base::Duration { .. } => Type::Duration,
        Base::List { of, .. } => Type::List(Box::new(base_type(of, secrets, record))),
        Base::Records { .. } => Type::List(Box::new(Type::Record(Word::from(record)))),
        Base::Secret { .. } => Type::Level(Arc::clone(secrets)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        for yes in [
            "<secret>",
            "CHANGE_ME",
            "changeme!",
            "xxxxxxxx",
            "****",
            "YOUR_TOKEN",
            "__token__",
            "@@token@@",
            "[fill in]",
            "redacted",
            "placeholder-7",
        ] {
            assert!(is_placeholder(yes), "{yes}");
        }
        for no in ["hunter2", "TOKEN", "a<b>c", "{\"k\": \"v\"}", "s3cr3t_value", "x1x1"] {
            assert!(!is_placeholder(no), "{no}");
        }
    }
}
