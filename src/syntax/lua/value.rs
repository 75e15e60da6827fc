//! What expressions come to without running anything.

use super::super::tree::{NodeId, Style};
use super::literal::Number;
use crate::text::Span;
use std::sync::Arc;

/// What is known of an expression.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    /// `nil`.
    Nil,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, and how it is spelt.
    Text(Arc<str>, Style),
    /// A table.
    Table(NodeId),
    /// A name that nobody has given a value: `nil` when the file is run.
    Word,
    /// Not known before the file is run: the environment, a call, a parameter. With the constant that stands for it
    /// where nothing is filled in (`or "7d"`).
    Open(Option<Box<What>>),
}

/// An expression's value with its place.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// What it is.
    pub what: What,
    /// The expression as written.
    pub span: Span,
    /// The node that holds it already: of a table, or of a local variable.
    pub node: Option<NodeId>,
    /// The variable's name as written, if it came through one.
    pub alias: Option<Span>,
}

impl Value {
    /// A value that no node holds yet.
    pub fn new(what: What, span: Span) -> Self {
        Self { what, span, node: None, alias: None }
    }

    /// A value that is not known.
    pub fn open(span: Span) -> Self {
        Self::new(What::Open(None), span)
    }
}

impl What {
    /// A computed text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        What::Text(text.into(), Style::DoubleQuoted)
    }

    /// Does it count as true? `None`: that is not known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            What::Nil | What::Word | What::Bool(false) => Some(false),
            What::Bool(true) | What::Number(_) | What::Text(..) | What::Table(_) => Some(true),
            What::Open(_) => None,
        }
    }

    /// A boolean, a number or a text.
    pub fn is_constant(&self) -> bool {
        matches!(self, What::Bool(_) | What::Number(_) | What::Text(..))
    }

    /// The constant that it is, or that stands for it.
    pub fn standing(&self) -> Option<&What> {
        match self {
            What::Open(Some(default)) => Some(default),
            constant if constant.is_constant() => Some(constant),
            _ => None,
        }
    }

    /// The number that it is, or that its text spells.
    pub fn number(&self) -> Option<Number> {
        match self {
            What::Number(number) => Some(*number),
            What::Text(text, _) => Number::parse(text),
            _ => None,
        }
    }

    /// The text that a constant is written as, and its style.
    pub fn spelling(&self) -> Option<(Arc<str>, Style)> {
        match self {
            What::Bool(truth) => Some((if *truth { "true" } else { "false" }.into(), Style::Bool)),
            What::Number(number) => Some((number.text()?.into(), Style::Number)),
            What::Text(text, style) => Some((Arc::clone(text), *style)),
            _ => None,
        }
    }

    /// `a or b`.
    pub fn or(&self, other: &What) -> What {
        match self.truth() {
            Some(true) => self.clone(),
            Some(false) => other.clone(),
            None => {
                let own = self.standing().filter(|standing| standing.truth() == Some(true));
                What::Open(own.or_else(|| other.standing()).cloned().map(Box::new))
            }
        }
    }

    /// `a and b`.
    pub fn and(&self, other: &What) -> What {
        match self.truth() {
            Some(true) => other.clone(),
            Some(false) => self.clone(),
            None => What::Open(None),
        }
    }
}

/// What a sign between two values makes of them. What is not known stays so; where both have a constant that stands
/// for them, so has the result.
pub(super) fn binary(sign: &str, left: &What, right: &What) -> What {
    let constants = |left: &What, right: &What| match sign {
        "==" | "~=" => equal(left, right).map(|equal| What::Bool(equal == (sign == "=="))),
        "<" | ">" | "<=" | ">=" => compare(sign, left, right).map(What::Bool),
        _ => left.number().zip(right.number()).and_then(|(a, b)| a.apply(sign, b)).and_then(finite),
    };
    let known = |what: &What| !matches!(what, What::Open(_) | What::Table(_));
    let computed = if known(left) && known(right) {
        constants(left, right)
    } else {
        let standing = left.standing().zip(right.standing()).and_then(|(a, b)| constants(a, b));
        standing.map(|standing| What::Open(Some(Box::new(standing))))
    };
    computed.unwrap_or(What::Open(None))
}

/// What a sign before a value makes of it.
pub(super) fn unary(sign: &str, value: &What) -> What {
    let constant = |value: &What| match sign {
        "not" => value.truth().map(|truth| What::Bool(!truth)),
        "-" => value.number().and_then(|number| finite(number.negated())),
        "#" => match value {
            What::Text(text, _) => i64::try_from(text.len()).ok().map(|n| What::Number(Number::Whole(n))),
            _ => None,
        },
        _ => None,
    };
    match value {
        What::Open(Some(standing)) => What::Open(constant(standing).map(Box::new)),
        other => constant(other).unwrap_or(What::Open(None)),
    }
}

fn finite(number: Number) -> Option<What> {
    number.text().is_some().then_some(What::Number(number))
}

fn equal(left: &What, right: &What) -> Option<bool> {
    match (left, right) {
        (What::Number(a), What::Number(b)) => Some(a.float() == b.float()),
        (What::Text(a, _), What::Text(b, _)) => Some(a == b),
        (What::Bool(a), What::Bool(b)) => Some(a == b),
        (What::Nil | What::Word, What::Nil | What::Word) => Some(true),
        (What::Open(_) | What::Table(_), _) | (_, What::Open(_) | What::Table(_)) => None,
        _ => Some(false),
    }
}

fn compare(sign: &str, left: &What, right: &What) -> Option<bool> {
    let order = match (left, right) {
        (What::Number(a), What::Number(b)) => a.float().partial_cmp(&b.float())?,
        (What::Text(a, _), What::Text(b, _)) => a.cmp(b),
        _ => return None,
    };
    Some(match sign {
        "<" => order.is_lt(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        _ => order.is_ge(),
    })
}
