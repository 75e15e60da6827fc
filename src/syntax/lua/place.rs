//! Names, fields and calls.

use super::super::SyntaxError;
use super::super::tree::{Kind as Tree, NodeId, Style};
use super::complaint::{error, unexpected};
use super::lexer::{Kind, Token};
use super::literal::Number;
use super::parser::Parser;
use super::value::{Value, What};
use crate::text::Span;
use std::sync::Arc;

type Result<T> = std::result::Result<T, SyntaxError>;

/// What can be assigned to, called or asked for.
pub(super) enum Place {
    /// A name that is no local variable.
    Global(Token),
    /// A local variable.
    Local(Token),
    /// A field.
    Field {
        /// Of this table, if that is known.
        table: Option<NodeId>,
        /// Which, if that is known.
        key: Option<(Box<str>, Span)>,
        /// The dotted name, if it begins with one that is no local variable.
        path: Option<String>,
        /// From its first name on.
        span: Span,
    },
    /// What a call gives.
    Call(Value),
    /// An expression in brackets.
    Value(Value),
}

/// Calls that change none of the tables they are given.
const HARMLESS: [&str; 12] = [
    "ipairs",
    "pairs",
    "next",
    "type",
    "tostring",
    "print",
    "select",
    "unpack",
    "table.unpack",
    "table.concat",
    "assert",
    "error",
];

/// More fields a table is not searched for one of them.
const MOST_FIELDS: usize = 64;

impl Parser<'_> {
    /// A name or an expression in brackets, with the fields, indices and calls after it.
    pub(super) fn place(&mut self) -> Result<Place> {
        let first = self.next();
        let start = first.span.start as usize;
        let mut place = match first.kind {
            Kind::Name if self.locals.get(self.read(first)).is_some() => Place::Local(first),
            Kind::Name => Place::Global(first),
            Kind::Word("(") => {
                let value = self.deeper(first.span, Self::expression)?;
                self.need_closing(first, ")")?;
                Place::Value(value)
            }
            _ => return Err(unexpected(first, "a name", self.text)),
        };
        loop {
            let token = self.peek();
            place = match token.kind {
                Kind::Word(".") => {
                    self.at += 1;
                    let name = self.name()?;
                    let table = self.table_of(&place);
                    let path = self.path_of(&place).map(|path| format!("{path}.{}", self.read(name)));
                    let key = Some((self.read(name).into(), name.span));
                    Place::Field { table, key, path: path.filter(|path| path.len() < 64), span: self.since(start) }
                }
                Kind::Word("[") => {
                    self.at += 1;
                    let key = self.deeper(token.span, Self::expression)?;
                    self.need_closing(token, "]")?;
                    let table = self.table_of(&place);
                    let key = key
                        .what
                        .is_constant()
                        .then(|| key.what.spelling())
                        .flatten()
                        .map(|(text, _)| ((*text).into(), key.span));
                    Place::Field { table, key, path: None, span: self.since(start) }
                }
                Kind::Word(":") => {
                    self.at += 1;
                    if self.peek().kind != Kind::Name {
                        let help = Some("a field is written `name = value`");
                        return Err(error(token.span, "a `:` that is no call", help));
                    }
                    let method = self.next();
                    let arguments = self.arguments()?;
                    match (&place, arguments.first()) {
                        (Place::Global(name), Some(items)) if self.read(method) == "append" => {
                            self.append(*name, items)
                        }
                        _ => {
                            if let Some(table) = self.table_of(&place) {
                                self.spoil(table);
                            }
                        }
                    }
                    Place::Call(Value::open(self.since(start)))
                }
                Kind::Word("(" | "{") | Kind::Text => {
                    let arguments = self.arguments()?;
                    let what = self.call(&place, &arguments);
                    Place::Call(Value { span: self.since(start), ..what })
                }
                _ => return Ok(place),
            };
        }
    }

    /// The value of a place.
    pub(super) fn ask(&mut self, place: Place) -> Value {
        match place {
            Place::Call(value) | Place::Value(value) => value,
            Place::Global(name) => Value::new(self.global(self.read(name)), name.span),
            Place::Local(name) => match self.locals.get(self.read(name)) {
                Some(held) => {
                    Value { what: held.what.clone(), span: name.span, node: Some(held.node), alias: Some(name.span) }
                }
                None => Value::open(name.span),
            },
            Place::Field { table: Some(table), key: Some((key, _)), span, .. } => self.field(table, &key, span),
            Place::Field { span, .. } => Value::open(span),
        }
    }

    /// A name that is no local variable. One that the file has assigned to gives its value in some programs and
    /// nothing in others.
    fn global(&self, name: &str) -> What {
        const LANGUAGE: [&str; 12] =
            ["_G", "_ENV", "_VERSION", "os", "io", "string", "table", "math", "debug", "package", "require", "print"];
        // Some programs give their environment so.
        let environment = name.starts_with("ENV_");
        if environment || self.frame.is_assigned(name) || LANGUAGE.contains(&name) {
            return What::Open(None);
        }
        What::Word
    }

    /// A field of a table that the file holds.
    fn field(&self, table: NodeId, key: &str, span: Span) -> Value {
        let node = self.document.node(table);
        let entry = match &node.kind {
            Tree::Map(entries) if node.hole.is_none() && entries.len() <= MOST_FIELDS => {
                entries.iter().rfind(|entry| &*entry.key == key)
            }
            _ => None,
        };
        let Some(entry) = entry else { return Value::open(span) };
        let held = self.document.node(entry.value);
        let what = match &held.kind {
            _ if held.hole.is_some() => What::Open(None),
            Tree::Map(_) | Tree::Seq(_) => What::Table(entry.value),
            Tree::Scalar { text, style } => match style {
                Style::Bool => What::Bool(&**text == "true"),
                Style::Number => Number::parse(text).map_or(What::Open(None), What::Number),
                Style::Null | Style::Plain => What::Nil,
                _ => What::Text(Arc::from(&**text), *style),
            },
        };
        Value { what, span, node: Some(entry.value), alias: Some(span) }
    }

    fn table_of(&self, place: &Place) -> Option<NodeId> {
        let id = match place {
            Place::Local(name) => match self.locals.get(self.read(*name))?.what {
                What::Table(id) => id,
                _ => return None,
            },
            Place::Global(name) => self.frame.table(self.read(*name))?,
            Place::Field { table: Some(table), key: Some((key, span)), .. } => {
                match self.field(*table, key, *span).what {
                    What::Table(id) => id,
                    _ => return None,
                }
            }
            Place::Value(Value { what: What::Table(id), .. }) => *id,
            _ => return None,
        };
        Some(id)
    }

    fn path_of(&self, place: &Place) -> Option<String> {
        match place {
            Place::Global(name) => Some(self.read(*name).to_owned()),
            Place::Field { path, .. } => path.clone(),
            _ => None,
        }
    }

    /// The arguments of a call: in brackets, or a lone text or table.
    pub(super) fn arguments(&mut self) -> Result<Vec<Value>> {
        let token = self.peek();
        match token.kind {
            Kind::Text => self.text_value().map(|value| vec![value]),
            Kind::Word("{") => self.deeper(token.span, Self::table).map(|value| vec![value]),
            Kind::Word("(") => {
                self.at += 1;
                let values = if self.is(")") { Vec::new() } else { self.deeper(token.span, Self::values)? };
                self.need_closing(token, ")")?;
                Ok(values)
            }
            _ => Err(unexpected(token, "arguments in brackets", self.text)),
        }
    }

    /// What a call gives. Nothing is run: but for a few functions of the language that is not known.
    fn call(&mut self, place: &Place, arguments: &[Value]) -> Value {
        let path = self.path_of(place);
        let first = arguments.first();
        let known = match (path.as_deref().map(|path| path.strip_prefix("Lua.").unwrap_or(path)), first) {
            (Some("assert"), Some(value)) => return value.clone(),
            (Some("tonumber"), Some(value)) => converted(&value.what, |what| what.number().map(What::Number)),
            (Some("tostring"), Some(value)) => {
                converted(&value.what, |what| what.spelling().map(|(text, _)| What::text(text)))
            }
            _ => None,
        };
        if let (None, Some(value), Place::Global(name)) = (&known, first, place)
            && let What::Table(_) = value.what
            && self.frame.table(self.read(*name)).is_some()
        {
            self.append(*name, value);
        }
        if !path.is_some_and(|path| HARMLESS.contains(&path.as_str())) {
            for argument in arguments.iter().filter(|argument| argument.alias.is_some()) {
                if let What::Table(table) = argument.what {
                    self.spoil(table);
                }
            }
        }
        Value::new(known.unwrap_or(What::Open(None)), Span::default())
    }

    /// `name:append { … }`: more items for a list of the present section.
    fn append(&mut self, name: Token, items: &Value) {
        let Some(table) = self.frame.table(self.read(name)) else {
            let child = self.store(items);
            let table = if let What::Table(id) = items.what { Some(id) } else { None };
            self.frame.assign(self.read(name), name.span, child, table);
            self.frame.reach(items.span.end);
            return;
        };
        let more = match items.what {
            What::Table(more) => self.document.node(more).kind.clone(),
            _ => return self.spoil(table),
        };
        let Some(node) = self.document.nodes.get_mut(table.0 as usize) else { return };
        match (&mut node.kind, more) {
            (Tree::Seq(list), Tree::Seq(more)) => list.extend(more),
            (Tree::Map(map), Tree::Map(more)) => map.extend(more),
            (Tree::Seq(list), more @ Tree::Map(_)) if list.is_empty() => node.kind = more,
            _ => self.spoil(table),
        }
        self.frame.reach(items.span.end);
    }
}

/// What a conversion makes of a value: of one that is not known, of what stands for it.
fn converted(what: &What, convert: impl Fn(&What) -> Option<What>) -> Option<What> {
    match what {
        What::Open(standing) => Some(What::Open(standing.as_deref().and_then(convert).map(Box::new))),
        known => convert(known),
    }
}
