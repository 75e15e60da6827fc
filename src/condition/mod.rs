//! Floor 3: the condition language, a subset of CEL's syntax with three-valued, ordered-level semantics.
//!
//! [`parse`] gives a syntax tree with spans, [`check`] types it against a [`Names`], [`Evaluation`] runs it over a
//! [`Values`] and says which sources and facts decided. Nothing here knows a platform.

mod bound;
mod check;
mod eval;
mod functions;
mod lexer;
mod members;
mod parse;
#[cfg(test)]
mod tests;

pub use bound::{Bound, bounds};
pub use check::check;
pub(crate) use check::{cohorts, word_list};
pub use eval::{Evaluation, Witness, any, both, not};
pub use parse::{Ast, Syntax, parse};

use crate::fact::{Better, FactIx, Predicate, Reading, Record, Type, Value, Vocabulary, Word};
use crate::text::Span;

/// What is wrong with a condition; the span counts bytes of the condition's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl ConditionError {
    /// An error without advice.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }
}

/// A name that belongs to a platform.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Vendor {
    /// `setting.…`
    Setting(u32),
    /// `context.…` that the platform file declares.
    Context(u32),
    /// `context.version`.
    Version,
    /// `context.file`.
    File,
    /// `context.unresolved`.
    Unresolved,
    /// `context.image`: the name of the container image, without tag.
    Image,
    /// `context.shape`.
    Shape,
    /// `context.published`: the ports that the host binds.
    Published,
    /// `instance.id`: what names the instance of a document.
    InstanceId,
    /// `instance.kind`.
    InstanceKind,
}

/// The lists that hold everywhere.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Members {
    /// `scopes`: what `product.scopes` says.
    Scopes,
    /// `private`: without `channel`.
    Private,
    /// `cohorts`: `everyone`, and `minor` where minors are not excluded.
    Cohorts,
}

/// What names mean where a condition stands.
pub trait Names {
    /// The facts.
    fn vocabulary(&self) -> &Vocabulary;
    /// A chain that starts with `setting`, `context` or `instance`: the longest declared name, its type, and how
    /// many segments it took.
    fn vendor(&self, chain: &[&str]) -> Option<(Vendor, Type, usize)>;
    /// All vendor names, for suggestions.
    fn vendor_names(&self) -> Vec<String>;
    /// A field of the records of a list.
    fn field(&self, list: &str, field: &str) -> Option<(u32, Type)>;
    /// A parameter and its type so far.
    fn param(&self, name: &str) -> Option<(u32, Type)>;
    /// All parameters, for suggestions.
    fn param_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// The type that a parameter turns out to have.
    fn settle_param(&self, param: u32, ty: &Type);
    /// The type of `it`, where there is one.
    fn it(&self) -> Option<Type>;
    /// Variables that stand for witnesses: only messages have them.
    fn witnesses(&self) -> Vec<(Word, Type)> {
        Vec::new()
    }
}

/// What names are worth in a deployment.
pub trait Values {
    /// A fact; the qualifier is there if the fact has one.
    fn fact(&self, fact: FactIx, qualifier: Option<&Word>) -> Reading;
    /// The secret settings that a fact told apart by setting has a value for.
    fn places(&self, fact: FactIx) -> Reading;
    /// A setting's effective value, a context, a built-in.
    fn vendor(&self, name: Vendor) -> Reading;
    /// Is a setting written in a layer that is in force?
    fn has(&self, setting: u32) -> Reading;
    /// A field of a record.
    fn field(&self, record: &Record, field: u32) -> Reading;
    /// Is a record's field written?
    fn has_field(&self, record: &Record, field: u32) -> Reading;
    /// A parameter.
    fn param(&self, param: u32) -> Reading;
    /// One of the lists that hold everywhere.
    fn members(&self, members: Members) -> Reading;
    /// The facts.
    fn vocabulary(&self) -> &Vocabulary;
    /// Are places wanted? Without them an evaluation stops at what decides.
    fn traced(&self) -> bool {
        true
    }
    /// The oldest release in scope: comparisons of an unknown version with it or older ones are decided.
    fn oldest(&self) -> Option<Value>;
}

/// A comparison.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// A typed condition or expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it does.
    pub op: Op,
    /// What it gives.
    pub ty: Type,
    /// Where it stands in its text.
    pub span: Span,
}

/// What an expression does.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Op {
    Literal(Value),
    List(Vec<Expr>),
    /// A bound variable, counted from the outermost; `it` is 0 where there is one.
    Variable(usize),
    Fact {
        fact: FactIx,
        qualifier: Option<Box<Expr>>,
    },
    Places(FactIx),
    Vendor(Vendor),
    Param(u32),
    Members(Members),
    Field {
        record: Box<Expr>,
        field: u32,
    },
    At(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Compare {
        how: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    In(Box<Expr>, Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Has(u32),
    HasField {
        record: Box<Expr>,
        field: u32,
    },
    Known(Box<Expr>),
    Predicate(Predicate, Box<Expr>),
    Worse {
        left: Box<Expr>,
        right: Box<Expr>,
        better: Better,
    },
    Size(Box<Expr>),
    Loopback(Box<Expr>),
    Sets {
        contains: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Text {
        how: TextTest,
        text: Box<Expr>,
        part: Box<Expr>,
    },
    Fold {
        all: bool,
        list: Box<Expr>,
        name: Word,
        test: Box<Expr>,
    },
    Filter {
        list: Box<Expr>,
        test: Box<Expr>,
    },
    Map {
        list: Box<Expr>,
        each: Box<Expr>,
    },
    Extreme {
        max: bool,
        list: Box<Expr>,
    },
}

/// A test of a text.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum TextTest {
    /// `startsWith`
    Starts,
    /// `endsWith`
    Ends,
    /// `contains`
    Contains,
}

impl Expr {
    /// Calls a function with every expression in it, itself included.
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        match &self.op {
            Op::List(list) | Op::And(list) | Op::Or(list) => list.iter().for_each(|e| e.walk(visit)),
            Op::Fact { qualifier: Some(e), .. }
            | Op::Field { record: e, .. }
            | Op::HasField { record: e, .. }
            | Op::Not(e)
            | Op::Known(e)
            | Op::Predicate(_, e)
            | Op::Size(e)
            | Op::Loopback(e)
            | Op::Extreme { list: e, .. } => e.walk(visit),
            Op::At(a, b)
            | Op::Compare { left: a, right: b, .. }
            | Op::In(a, b)
            | Op::Add(a, b)
            | Op::Worse { left: a, right: b, .. }
            | Op::Sets { left: a, right: b, .. }
            | Op::Text { text: a, part: b, .. }
            | Op::Fold { list: a, test: b, .. }
            | Op::Filter { list: a, test: b }
            | Op::Map { list: a, each: b } => {
                a.walk(visit);
                b.walk(visit);
            }
            Op::If(a, b, c) => {
                a.walk(visit);
                b.walk(visit);
                c.walk(visit);
            }
            Op::Literal(_)
            | Op::Variable(_)
            | Op::Fact { qualifier: None, .. }
            | Op::Places(_)
            | Op::Vendor(_)
            | Op::Param(_)
            | Op::Members(_)
            | Op::Has(_) => {}
        }
    }
}

/// Both conditions; the first may be missing.
pub fn and(first: Option<Expr>, second: Expr) -> Expr {
    match first {
        None => second,
        Some(first) => Expr { ty: Type::Bool, span: first.span, op: Op::And(vec![first, second]) },
    }
}
