//! Statements.

use super::super::template::Tag;
use super::super::tree::{Child, Document, Entry, Hole, Kind as Tree, NodeId};
use super::super::{Limits, Statements, SyntaxError};
use super::complaint::{error, unexpected};
use super::flow::unsteady;
use super::frame::{Frame, Held, Locals};
use super::lexer::{Kind, Token};
use super::place::Place;
use super::value::{Value, What};
use crate::text::Span;
use std::collections::HashSet;

/// Reads the tokens of one file into its document.
pub(super) struct Parser<'a> {
    /// The text as it is in the file.
    pub text: &'a str,
    /// The text that was taken apart: the same, or masked.
    pub read: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
    /// Template tags that make holes.
    pub tags: &'a [Tag],
    /// The tags are masked, so they stand for values and names.
    pub masked: bool,
    pub limits: Limits,
    pub statements: &'a Statements,
    pub document: &'a mut Document,
    pub locals: Locals<'a>,
    pub frame: Frame,
    /// Places where a key may come from that nobody can read.
    pub splices: Vec<Span>,
    /// Locals that loops or functions assign to: what they hold depends on how often these run.
    pub unsteady: HashSet<&'a str>,
    pub depth: usize,
    /// How many conditions, loops and functions are open.
    pub branches: usize,
    pub functions: usize,
    /// A `return` under a condition was read: what follows may not be reached.
    pub returned: bool,
    /// From where the rest of the file may not be reached.
    pub rest: Option<usize>,
    /// Bytes of computed texts that may still be made.
    pub budget: usize,
    /// A table was read that may as well be an expression of a template (`{{ name }}`).
    pub doubt: bool,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    pub fn new(
        (text, read): (&'a str, &'a str),
        tokens: &'a [Token],
        (tags, masked): (&'a [Tag], bool),
        (limits, statements): (&Limits, &'a Statements),
        document: &'a mut Document,
    ) -> Self {
        Self {
            text,
            read,
            tokens,
            at: 0,
            tags,
            masked,
            limits: *limits,
            statements,
            document,
            locals: Locals::default(),
            frame: Frame::new(),
            splices: Vec::new(),
            unsteady: unsteady(tokens, read),
            depth: 0,
            branches: 0,
            functions: 0,
            returned: false,
            rest: None,
            budget: text.len().max(4096),
            doubt: false,
        }
    }

    /// Reads the whole file.
    pub fn file(&mut self) -> Result<()> {
        self.block(&[])?;
        match self.peek().kind {
            Kind::End => Ok(()),
            Kind::Word(word @ ("end" | "else" | "elseif" | "until")) => {
                Err(error(self.peek().span, &format!("an `{word}` that closes nothing"), Some("remove it")))
            }
            _ => Err(unexpected(self.peek(), "a statement", self.text)),
        }
    }

    /// Completes the tree, after the whole file or up to an error.
    pub fn finish(mut self) -> (Vec<super::super::Branch>, Vec<Span>, bool) {
        if let Some(from) = self.rest {
            let group = self.frame.group();
            self.frame.branch(Span::new(from, self.text.len()), group, 0);
        }
        let branches = self.frame.finish(self.document, self.text.len());
        (branches, self.splices, self.doubt)
    }

    /// Statements up to one of these words, or to what begins none.
    pub fn block(&mut self, until: &[&str]) -> Result<()> {
        let mark = self.locals.enter();
        loop {
            match self.peek().kind {
                Kind::End => break,
                Kind::Word(word) if until.contains(&word) => break,
                Kind::Word("end" | "else" | "elseif" | "until") => break,
                _ => self.statement()?,
            }
        }
        self.locals.leave(mark);
        Ok(())
    }

    fn statement(&mut self) -> Result<()> {
        let first = self.peek();
        match first.kind {
            Kind::Word(";") => {
                self.at += 1;
                Ok(())
            }
            Kind::Word("local") => self.local(),
            Kind::Word("if") => self.deeper(first.span, Self::condition),
            Kind::Word("while" | "for" | "repeat") => self.deeper(first.span, Self::looping),
            Kind::Word("function") => self.deeper(first.span, Self::named_function),
            Kind::Word("do") => {
                self.at += 1;
                self.deeper(first.span, |parser| parser.block(&["end"]))?;
                self.need_closing(first, "end").map(drop)
            }
            Kind::Word("return") => self.leave(),
            Kind::Word("break") => {
                self.at += 1;
                Ok(())
            }
            Kind::Word("goto") => {
                self.at += 1;
                self.name().map(drop)
            }
            Kind::Word("::") => {
                self.at += 1;
                self.name()?;
                self.need("::").map(drop)
            }
            Kind::Name if self.is_own(self.statements.sections.as_slice()) => self.section(),
            Kind::Name if self.is_own(self.statements.includes.as_slice()) => self.include(),
            _ if self.is_placeholder(first) && self.ahead(1).kind != Kind::Word("=") => {
                // It may bring statements.
                self.at += 1;
                self.splices.push(first.span);
                Ok(())
            }
            Kind::Name | Kind::Word("(") => self.expression_statement(),
            _ if self.is_placeholder(first) => {
                self.at += 2;
                self.splices.push(first.span);
                let value = self.value()?;
                self.assign(first, &value);
                Ok(())
            }
            _ => Err(unexpected(first, "a statement", self.text)),
        }
    }

    /// Is the next name one of these, called, and not a local variable?
    fn is_own(&self, names: &[String]) -> bool {
        let name = self.read(self.peek());
        let called = matches!(self.ahead(1).kind, Kind::Text | Kind::Word("(" | "{"));
        called && names.iter().any(|own| own == name) && self.locals.get(name).is_none()
    }

    /// `kind "label" "label"`, `kind (expression) { … }`: of each call the first argument counts.
    fn section(&mut self) -> Result<()> {
        let name = self.next();
        let mut labels: Vec<(Entry, Box<str>)> = Vec::new();
        let mut content: Option<NodeId> = None;
        while content.is_none() && matches!(self.peek().kind, Kind::Text | Kind::Word("(" | "{")) {
            let Some(argument) = self.arguments()?.into_iter().next() else { continue };
            if let What::Table(table) = argument.what {
                content = Some(table);
                continue;
            }
            let child = self.store(&argument);
            let text = self.document.node(child.value).text().unwrap_or_default().into();
            let key = format!("@{}", labels.len() + 1).into();
            let key_span = argument.alias.unwrap_or(argument.span);
            labels.push((Entry { key, key_span, value: child.value, alias: child.alias, merged: false }, text));
        }
        let statement = Span::new(name.span.start as usize, self.end());
        self.frame.open(self.read(name), name.span, statement, labels);
        if let Some(table) = content {
            for entry in self.document.node(table).entries().to_vec() {
                let child = Child { value: entry.value, alias: entry.alias };
                self.frame.assign(&entry.key, entry.key_span, child, None);
            }
            self.frame.reach(statement.end);
            self.frame.close();
        }
        Ok(())
    }

    fn include(&mut self) -> Result<()> {
        let name = self.next();
        let file = self.arguments()?.into_iter().next();
        let statement = Span::new(name.span.start as usize, self.end());
        if let Some(file) = file {
            let child = self.store(&file);
            self.frame.name_file(self.read(name), name.span, statement, child);
        }
        Ok(())
    }

    fn local(&mut self) -> Result<()> {
        self.at += 1;
        if self.take("function") {
            let name = self.name()?;
            self.declare_open(name);
            return self.function_body(name);
        }
        let mut names = Vec::new();
        loop {
            names.push(self.name()?);
            if self.take("<") {
                self.name()?;
                self.need(">")?;
            }
            if !self.take(",") {
                break;
            }
        }
        let values = if self.take("=") { self.values()? } else { Vec::new() };
        let rest = rest_of(&values);
        for (at, name) in names.into_iter().enumerate() {
            let value = values.get(at).cloned().or_else(|| rest.map(Value::open));
            let value = value.unwrap_or_else(|| Value::new(What::Nil, name.span));
            self.declare(name, &value);
        }
        Ok(())
    }

    fn declare(&mut self, name: Token, value: &Value) {
        let text = self.read(name);
        if self.unsteady.contains(text) {
            return self.declare_open(name);
        }
        let node = self.store(value).value;
        let depth = self.branches;
        self.locals.declare(text, Held { what: value.what.clone(), node, depth });
    }

    /// Declares a variable of which nothing is known.
    pub fn declare_open(&mut self, name: Token) {
        let node = self.store(&Value::open(name.span)).value;
        let held = Held { what: What::Open(None), node, depth: self.branches };
        self.locals.declare(self.read(name), held);
    }

    /// `a, b.c = 1, 2`; `f(x)`.
    fn expression_statement(&mut self) -> Result<()> {
        let first = self.peek();
        let mut places = vec![self.place()?];
        if places.iter().any(|place| matches!(place, Place::Call(_))) && !self.is("=") {
            return Ok(());
        }
        while self.take(",") {
            places.push(self.place()?);
        }
        if !self.is("=") {
            let (end, next) = (self.end(), self.peek());
            let gap = self.text.get(end..next.span.start as usize).unwrap_or_default();
            let alone = end == first.span.end as usize && (next.kind == Kind::End || gap.contains(['\n', '\r']));
            if alone && first.kind == Kind::Name {
                let help = Some("give it a value: `name = value`; a comment begins with `--`");
                return Err(error(first.span, "a name that stands alone", help));
            }
            return Err(unexpected(next, "`=`", self.text));
        }
        self.at += 1;
        let values = self.values()?;
        let rest = rest_of(&values);
        for (at, place) in places.into_iter().enumerate() {
            let value = values.get(at).cloned().or_else(|| rest.map(Value::open));
            self.set(place, &value.unwrap_or_else(|| Value::new(What::Nil, first.span)));
        }
        Ok(())
    }

    fn set(&mut self, place: Place, value: &Value) {
        match place {
            Place::Global(name) => self.assign(name, value),
            Place::Local(name) => {
                // What a branch assigns may hold after it or not.
                let steady = |held: &Held| held.depth == self.branches && held.what != What::Open(None);
                let certain = self.locals.get(self.read(name)).is_some_and(steady);
                let value = if certain { value } else { &Value::open(name.span) };
                let node = self.store(value).value;
                if let Some(held) = self.locals.get_mut(self.read.get(name.span.range()).unwrap_or_default()) {
                    (held.what, held.node) = (value.what.clone(), node);
                }
            }
            Place::Field { table, key: Some((key, key_span)), .. } => {
                let Some(table) = table else { return };
                let child = self.store(value);
                let end = value.span.end;
                let entry = Entry { key, key_span, value: child.value, alias: child.alias, merged: false };
                if let Some(node) = self.document.nodes.get_mut(table.0 as usize) {
                    match &mut node.kind {
                        Tree::Map(entries) => entries.push(entry),
                        Tree::Seq(items) if items.is_empty() => node.kind = Tree::Map(vec![entry]),
                        _ => node.hole = Some(Hole { default: None }),
                    }
                }
                self.frame.reach(end);
            }
            Place::Field { table: Some(table), key: None, .. } => self.spoil(table),
            Place::Field { .. } | Place::Call(_) | Place::Value(_) => {}
        }
    }
}

/// The place of what a last call or `...` may give for the names that have no value of their own.
fn rest_of(values: &[Value]) -> Option<Span> {
    values.last().filter(|value| matches!(value.what, What::Open(_)) && value.alias.is_none()).map(|value| value.span)
}
