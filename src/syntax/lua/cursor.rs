//! The tokens that come next, and the nodes of values.

use super::super::SyntaxError;
use super::super::template::{self, Tag};
use super::super::tree::{Child, Hole, Kind as Tree, Node, NodeId, Style};
use super::complaint::{unclosed, unexpected};
use super::lexer::{Kind, Token};
use super::parser::Parser;
use super::value::{Value, What};
use crate::text::Span;

type Result<T> = std::result::Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Token {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, count: usize) -> Token {
        let last = self.tokens.last().copied().unwrap_or(Token { kind: Kind::End, span: Span::default() });
        self.tokens.get(self.at + count).copied().unwrap_or(last)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self.peek().kind, Kind::Word(found) if found == word)
    }

    /// Takes a keyword or sign if it comes next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn need(&mut self, word: &str) -> Result<Token> {
        if self.is(word) {
            return Ok(self.next());
        }
        Err(unexpected(self.peek(), &format!("`{word}`"), self.text))
    }

    /// Needs what closes a bracket or a block.
    pub(super) fn need_closing(&mut self, opening: Token, word: &str) -> Result<Token> {
        match self.peek().kind {
            Kind::End => Err(unclosed(opening, word)),
            _ => self.need(word),
        }
    }

    pub(super) fn name(&mut self) -> Result<Token> {
        match self.peek().kind {
            Kind::Name => Ok(self.next()),
            _ => Err(unexpected(self.peek(), "a name", self.text)),
        }
    }

    /// The text of a token, as it is read.
    pub(super) fn read(&self, token: Token) -> &'a str {
        self.read.get(token.span.range()).unwrap_or_default()
    }

    /// Where the last token taken ends.
    pub(super) fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.span.end as usize)
    }

    /// Goes one deeper; what opened it is the place of the error.
    pub(super) fn deeper<T>(&mut self, opening: Span, inside: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= self.limits.depth {
            return Err(self.limits.too_deep(opening));
        }
        self.depth += 1;
        let out = inside(self);
        self.depth -= 1;
        out
    }

    /// Was a part of this span a template's tag? As long as the tags are read as Lua, only those inside quotes are.
    pub(super) fn touched(&self, span: Span) -> bool {
        let next = self.tags.partition_point(|tag| tag.span.end <= span.start);
        let within = |tag: &Tag| if self.masked { tag.span.overlaps(span) } else { span.contains(tag.span) };
        self.tags.get(next).is_some_and(within)
    }

    /// Does the token stand for what a template or a shell fills in?
    pub(super) fn is_placeholder(&self, token: Token) -> bool {
        token.kind == Kind::Variable || token.kind == Kind::Text && self.masked && self.touched(token.span)
    }

    /// The node of a value, and the alias under which it stands.
    pub(super) fn store(&mut self, value: &Value) -> Child {
        let id = value.node.unwrap_or_else(|| {
            let written = self.text.get(value.span.range()).unwrap_or_default();
            let scalar = |text: &str, style| Tree::Scalar { text: text.into(), style };
            let (kind, hole) = match &value.what {
                What::Nil => (scalar("nil", Style::Null), None),
                What::Open(default) => {
                    let spelling = default.as_ref().and_then(|default| default.spelling());
                    let spelling = spelling.filter(|(text, _)| self.afford(text.len()));
                    let (text, style) = spelling.unzip();
                    let hole = Hole { default: text.map(|text| (*text).into()) };
                    (scalar(unquoted(written), style.unwrap_or(Style::Plain)), Some(hole))
                }
                What::Word | What::Table(_) => (scalar(written, Style::Plain), None),
                constant => {
                    let (text, style) = constant.spelling().unwrap_or((written.into(), Style::Plain));
                    let hole = template::variable(&text).filter(|_| style.is_text());
                    (scalar(&text, style), hole)
                }
            };
            self.document.push(Node { hole, ..Node::new(value.span, kind) })
        });
        Child { value: id, alias: value.alias }
    }

    pub(super) fn assign(&mut self, name: Token, value: &Value) {
        let child = self.store(value);
        let table = if let What::Table(id) = value.what { Some(id) } else { None };
        self.frame.assign(self.key(name), name.span, child, table);
        self.frame.reach(value.span.end);
    }

    /// A name as a key; a template's tag as it is in the file.
    pub(super) fn key(&self, token: Token) -> &'a str {
        match token.kind {
            Kind::Name => self.read(token),
            _ => self.text.get(token.span.range()).unwrap_or_default(),
        }
    }

    /// Nobody can say any more what a table holds.
    pub(super) fn spoil(&mut self, table: NodeId) {
        if let Some(node) = self.document.nodes.get_mut(table.0 as usize) {
            node.hole = Some(Hole { default: None });
        }
    }
}

/// A quoted text that a template's tag is in, without its quotes; any other expression as it is.
fn unquoted(written: &str) -> &str {
    let inner = |quote| written.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(written)
}
