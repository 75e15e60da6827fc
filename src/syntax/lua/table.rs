//! Tables: lists, maps, and both in one.

use super::super::SyntaxError;
use super::super::duplicates::Finder;
use super::super::tree::{Child, Entry, Kind as Tree, Node};
use super::complaint::{error, unclosed};
use super::lexer::{Kind, Token};
use super::parser::Parser;
use super::value::{Value, What};
use crate::text::Span;

type Result<T> = std::result::Result<T, SyntaxError>;

/// What is read of a table.
#[derive(Default)]
struct Fields {
    /// With the place of the key; items without one have their number, and their own place.
    entries: Vec<Entry>,
    items: usize,
    keyed: bool,
}

impl Parser<'_> {
    /// `{ "a"; b = 1, ["c"] = 2 }`
    pub(super) fn table(&mut self) -> Result<Value> {
        let opening = self.next();
        let mut fields = Fields::default();
        let mut lone = None;
        while !self.is("}") {
            let first = self.peek();
            match first.kind {
                Kind::End => return Err(unclosed(opening, "}")),
                Kind::Word("[") => self.computed_key(&mut fields)?,
                Kind::Name | Kind::Text | Kind::Variable
                    if self.ahead(1).kind == Kind::Word("=") && self.may_be_key(first) =>
                {
                    self.at += 2;
                    if first.kind != Kind::Name {
                        self.unknown_key(first.span);
                    }
                    let value = self.value()?;
                    let key = self.key(first).into();
                    self.put(&mut fields, Some((key, first.span)), &value);
                }
                _ => {
                    let value = self.expression()?;
                    self.put(&mut fields, None, &value);
                    lone = Some(value);
                }
            }
            let separated = self.take(",") || self.take(";") || self.is("}");
            if !(separated || self.masked && self.tag_before_next()) {
                let next = self.peek();
                return Err(match next.kind {
                    Kind::End => unclosed(opening, "}"),
                    Kind::Text | Kind::Name | Kind::Number | Kind::Word("{" | "[" | "true" | "false" | "nil") => {
                        error(next.span, "a comma is missing before this", Some("put `,` or `;` between items"))
                    }
                    _ => error(next.span, "`,` or `}` was expected here", None),
                });
            }
        }
        let closing = self.next();
        let span = Span::new(opening.span.start as usize, closing.span.end as usize);
        self.doubt(opening, &fields, lone.as_ref());
        Ok(self.make(fields, span))
    }

    fn may_be_key(&self, token: Token) -> bool {
        token.kind == Kind::Name || self.is_placeholder(token)
    }

    /// `[key] = value`
    fn computed_key(&mut self, fields: &mut Fields) -> Result<()> {
        let opening = self.next();
        let key = self.deeper(opening.span, Self::expression)?;
        let closing = self.need_closing(opening, "]")?;
        self.need("=")?;
        let value = self.value()?;
        let written = self.text.get(key.span.range()).unwrap_or_default();
        let text =
            key.what.standing().and_then(What::spelling).map_or_else(|| written.into(), |(text, _)| (*text).into());
        if !key.what.is_constant() {
            self.unknown_key(Span::new(opening.span.start as usize, closing.span.end as usize));
        }
        self.put(fields, Some((text, key.span)), &value);
        Ok(())
    }

    /// Nobody knows which key this is, so none is certain, nor certainly missing.
    fn unknown_key(&mut self, span: Span) {
        self.splices.push(span);
        let group = self.frame.group();
        self.frame.branch(span, group, 0);
    }

    fn put(&mut self, fields: &mut Fields, key: Option<(Box<str>, Span)>, value: &Value) {
        let Child { value: id, alias } = self.store(value);
        let (key, key_span) = match key {
            Some(key) => {
                fields.keyed = true;
                key
            }
            None => {
                fields.items += 1;
                (fields.items.to_string().into(), alias.unwrap_or(value.span))
            }
        };
        fields.entries.push(Entry { key, key_span, value: id, alias, merged: false });
    }

    fn make(&mut self, fields: Fields, span: Span) -> Value {
        let kind = if fields.keyed {
            Finder::default().find(&fields.entries, None, &mut self.document.duplicates);
            Tree::Map(fields.entries)
        } else {
            let child = |entry: Entry| Child { value: entry.value, alias: entry.alias };
            Tree::Seq(fields.entries.into_iter().map(child).collect())
        };
        let written = self.text.get(span.range()).unwrap_or_default();
        let flow = !written.contains(['\n', '\r']);
        let id = self.document.push(Node { flow, ..Node::new(span, kind) });
        Value { what: What::Table(id), span, node: Some(id), alias: None }
    }

    /// Notes `{{ name }}`: as Lua it is a table in a table that holds nothing.
    fn doubt(&mut self, opening: Token, fields: &Fields, lone: Option<&Value>) {
        let at = opening.span.start as usize;
        let inner = self.text.get(..at).is_some_and(|before| before.ends_with('{'));
        let closed = self.text.get(self.end()..).is_some_and(|after| after.starts_with('}'));
        let open = |value: &Value| matches!(value.what, What::Word | What::Open(_)) && value.alias.is_none();
        self.doubt |= inner && closed && fields.entries.len() == 1 && !fields.keyed && lone.is_some_and(open);
    }
}
