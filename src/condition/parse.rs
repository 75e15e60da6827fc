//! The grammar: a subset of CEL's.

use super::lexer::{Token, tokens};
use super::{Comparison, ConditionError};
use crate::text::Span;

/// A condition as written, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Syntax {
    /// What it is.
    pub ast: Ast,
    /// Where.
    pub span: Span,
}

/// The forms of a condition.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Ast {
    Bool(bool),
    Number(f64),
    Text(String),
    Name(String),
    List(Vec<Syntax>),
    Select(Box<Syntax>, String, Span),
    Index(Box<Syntax>, Box<Syntax>),
    Call { name: String, at: Span, receiver: Option<Box<Syntax>>, args: Vec<Syntax> },
    Not(Box<Syntax>),
    And(Vec<Syntax>),
    Or(Vec<Syntax>),
    If(Box<Syntax>, Box<Syntax>, Box<Syntax>),
    Compare(Comparison, Box<Syntax>, Box<Syntax>),
    In(Box<Syntax>, Box<Syntax>),
    Add(Box<Syntax>, Box<Syntax>),
}

/// Deeper conditions are refused: nobody writes them, and each level costs stack.
const DEPTH: usize = 64;

/// Words that are no names in CEL.
const RESERVED: [&str; 18] = [
    "null",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Parses a condition.
pub fn parse(text: &str) -> Result<Syntax, ConditionError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let out = parser.expression()?;
    match parser.peek() {
        (Token::End, _) => Ok(out),
        (_, span) => Err(ConditionError::new(*span, "the condition should end here")),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Syntax, ConditionError>;

impl Parser {
    fn peek(&self) -> &(Token, Span) {
        static END: (Token, Span) = (Token::End, Span { start: 0, end: 0 });
        self.tokens.get(self.at).or(self.tokens.last()).unwrap_or(&END)
    }

    fn take(&mut self) -> (Token, Span) {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), (Token::Sign(s), _) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<Span, ConditionError> {
        let span = self.peek().1;
        if self.eat(sign) { Ok(span) } else { Err(ConditionError::new(span, format!("`{sign}` is needed here"))) }
    }

    fn expression(&mut self) -> Parsed {
        self.deeper()?;
        let condition = self.or()?;
        let out = if self.eat("?") {
            let yes = self.or()?;
            self.expect(":")?;
            let no = self.expression()?;
            let span = join(&condition, &no);
            Syntax { ast: Ast::If(Box::new(condition), Box::new(yes), Box::new(no)), span }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(out)
    }

    fn or(&mut self) -> Parsed {
        self.chain("||", Self::and, Ast::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain("&&", Self::relation, Ast::And)
    }

    fn chain(&mut self, sign: &str, next: fn(&mut Self) -> Parsed, make: fn(Vec<Syntax>) -> Ast) -> Parsed {
        let first = next(self)?;
        let mut list = vec![first];
        while self.eat(sign) {
            list.push(next(self)?);
        }
        match (list.len(), list.first(), list.last()) {
            (2.., Some(a), Some(b)) => {
                let span = join(a, b);
                Ok(Syntax { ast: make(list), span })
            }
            _ => list.pop().ok_or_else(|| ConditionError::new(self.peek().1, "something is missing here")),
        }
    }

    fn relation(&mut self) -> Parsed {
        let left = self.sum()?;
        let how = match self.peek() {
            (Token::Sign("=="), _) => Some(Comparison::Equal),
            (Token::Sign("!="), _) => Some(Comparison::Unequal),
            (Token::Sign("<="), _) => Some(Comparison::AtMost),
            (Token::Sign(">="), _) => Some(Comparison::AtLeast),
            (Token::Sign("<"), _) => Some(Comparison::Less),
            (Token::Sign(">"), _) => Some(Comparison::Greater),
            (Token::Name(n), _) if n == "in" => None,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        let span = join(&left, &right);
        let (a, b) = (Box::new(left), Box::new(right));
        let ast = match how {
            Some(how) => Ast::Compare(how, a, b),
            None => Ast::In(a, b),
        };
        Ok(Syntax { ast, span })
    }

    fn sum(&mut self) -> Parsed {
        let depth = self.depth;
        let mut left = self.unary()?;
        while self.eat("+") {
            self.deeper()?;
            let right = self.unary()?;
            let span = join(&left, &right);
            left = Syntax { ast: Ast::Add(Box::new(left), Box::new(right)), span };
        }
        self.depth = depth;
        Ok(left)
    }

    /// One level more, until the caller takes it back.
    fn deeper(&mut self) -> Result<(), ConditionError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(ConditionError::new(self.peek().1, "the condition is nested too deeply"));
        }
        Ok(())
    }

    fn unary(&mut self) -> Parsed {
        let start = self.peek().1;
        if self.eat("!") {
            self.deeper()?;
            let inner = self.unary()?;
            self.depth -= 1;
            let span = Span { start: start.start, end: inner.span.end };
            return Ok(Syntax { ast: Ast::Not(Box::new(inner)), span });
        }
        if self.eat("-") {
            return match self.take() {
                (Token::Number(n), span) => {
                    Ok(Syntax { ast: Ast::Number(-n), span: Span { start: start.start, end: span.end } })
                }
                (_, span) => Err(ConditionError::new(span, "a number is needed after `-`")),
            };
        }
        self.member()
    }

    fn member(&mut self) -> Parsed {
        let mut inner = self.primary()?;
        let depth = self.depth;
        loop {
            if matches!(self.peek(), (Token::Sign("." | "["), _)) {
                self.deeper()?;
            }
            if self.eat(".") {
                let (token, at) = self.take();
                let Token::Name(name) = token else {
                    return Err(ConditionError::new(at, "a name is needed after `.`"));
                };
                if ["true", "false", "null", "in"].contains(&name.as_str()) {
                    return Err(ConditionError::new(at, format!("`{name}` is a word that CEL keeps for itself")));
                }
                if matches!(self.peek(), (Token::Sign("("), _)) {
                    let (args, end) = self.args()?;
                    let span = Span { start: inner.span.start, end: end.end };
                    inner = Syntax { ast: Ast::Call { name, at, receiver: Some(Box::new(inner)), args }, span };
                } else {
                    let span = Span { start: inner.span.start, end: at.end };
                    inner = Syntax { ast: Ast::Select(Box::new(inner), name, at), span };
                }
            } else if self.eat("[") {
                let index = self.expression()?;
                let end = self.expect("]")?;
                let span = Span { start: inner.span.start, end: end.end };
                inner = Syntax { ast: Ast::Index(Box::new(inner), Box::new(index)), span };
            } else {
                self.depth = depth;
                return Ok(inner);
            }
        }
    }

    fn args(&mut self) -> Result<(Vec<Syntax>, Span), ConditionError> {
        self.expect("(")?;
        self.list(")")
    }

    fn list(&mut self, close: &str) -> Result<(Vec<Syntax>, Span), ConditionError> {
        let mut list = Vec::new();
        loop {
            let span = self.peek().1;
            if list.is_empty() && self.eat(close) {
                return Ok((list, span));
            }
            list.push(self.expression()?);
            let span = self.peek().1;
            if self.eat(close) {
                return Ok((list, span));
            }
            self.expect(",")?;
        }
    }

    fn primary(&mut self) -> Parsed {
        let (token, span) = self.take();
        let ast = match token {
            Token::Number(n) => Ast::Number(n),
            Token::Text(t) => Ast::Text(t),
            Token::Name(n) if n == "true" || n == "false" => Ast::Bool(n == "true"),
            Token::Name(n) if n == "in" => return Err(ConditionError::new(span, "a value is needed here")),
            Token::Name(n) if RESERVED.contains(&n.as_str()) => {
                return Err(ConditionError::new(span, format!("`{n}` is a word that CEL keeps for itself")));
            }
            Token::Name(name) if matches!(self.peek(), (Token::Sign("("), _)) => {
                let (args, end) = self.args()?;
                let whole = Span { start: span.start, end: end.end };
                return Ok(Syntax { ast: Ast::Call { name, at: span, receiver: None, args }, span: whole });
            }
            Token::Name(n) => Ast::Name(n),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => {
                let (list, end) = self.list("]")?;
                return Ok(Syntax { ast: Ast::List(list), span: Span { start: span.start, end: end.end } });
            }
            _ => return Err(ConditionError::new(span, "a value is needed here")),
        };
        Ok(Syntax { ast, span })
    }
}

fn join(a: &Syntax, b: &Syntax) -> Span {
    Span { start: a.span.start.min(b.span.start), end: a.span.end.max(b.span.end) }
}
