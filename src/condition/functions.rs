//! Typing of function calls.

use super::check::{Checked, Checker};
use super::parse::{Ast, Syntax};
use super::{ConditionError, Expr, Op, TextTest};
use crate::fact::{Predicate, Type, Value, Word, nearest};
use crate::text::Span;

/// Every function there is.
const FUNCTIONS: [&str; 20] = [
    "has",
    "known",
    "exists",
    "all",
    "filter",
    "map",
    "min",
    "max",
    "strangers",
    "unauthenticated",
    "external",
    "worse",
    "size",
    "intersects",
    "contains",
    "startsWith",
    "endsWith",
    "loopback",
    "sets.intersects",
    "sets.contains",
];

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        at: Span,
        receiver: Option<&Syntax>,
        args: &[Syntax],
        span: Span,
    ) -> Checked {
        let made = |op, ty| Ok(Expr { op, ty, span });
        let sets = matches!(receiver.map(|r| &r.ast), Some(Ast::Name(n)) if n == "sets");
        match (name, receiver, args) {
            ("has", None, [place]) => self.place(place),
            ("known", None, [inner]) => {
                let inner = self.any(inner)?;
                made(Op::Known(Box::new(inner)), Type::Bool)
            }
            ("size", None, [inner]) => {
                let inner = self.any(inner)?;
                if !matches!(inner.ty, Type::List(_) | Type::Set(_)) {
                    return Err(ConditionError::new(
                        inner.span,
                        format!("`size()` takes a list or a set; this is {}", inner.ty.name()),
                    ));
                }
                made(Op::Size(Box::new(inner)), Type::Number)
            }
            ("loopback", None, [inner]) => {
                let inner = self.any(inner)?;
                match &inner.ty {
                    Type::Text => {}
                    Type::List(of) if **of == Type::Text => {}
                    other => {
                        return Err(ConditionError::new(
                            inner.span,
                            format!("`loopback()` takes addresses; this is {}", other.name()),
                        ));
                    }
                }
                made(Op::Loopback(Box::new(inner)), Type::Bool)
            }
            ("worse", None, [left, right]) => {
                let left = self.any(left)?;
                let right = self.need(right, &left.ty.clone())?;
                let Op::Fact { fact, .. } = left.op else {
                    return Err(ConditionError::new(left.span, "`worse()` compares facts"));
                };
                if !left.ty.ordered() && !matches!(left.ty, Type::Bool | Type::Audience | Type::Set(_)) {
                    return Err(ConditionError::new(left.span, format!("{} has no order", left.ty.name())));
                }
                let better = self.names.vocabulary().fact(fact).better;
                made(Op::Worse { left: Box::new(left), right: Box::new(right), better }, Type::Bool)
            }
            ("intersects" | "contains", Some(_), [left, right]) if sets => {
                let (left, right) = if matches!(left.ast, Ast::List(_)) {
                    let right = self.any(right)?;
                    let ty = right.ty.clone();
                    (self.need(left, &ty)?, right)
                } else {
                    let left = self.any(left)?;
                    let ty = match &left.ty {
                        Type::List(of) if **of == Type::Text => Type::Set(None),
                        Type::Set(_) => left.ty.clone(),
                        other => {
                            return Err(ConditionError::new(
                                left.span,
                                format!("`sets.{name}` compares sets; this is {}", other.name()),
                            ));
                        }
                    };
                    let right = self.need(right, &ty)?;
                    (left, right)
                };
                let listed = matches!(&left.ty, Type::List(of) if **of == Type::Text);
                if !matches!(left.ty, Type::Set(_)) && !listed {
                    return Err(ConditionError::new(
                        left.span,
                        format!("`sets.{name}` compares sets; this is {}", left.ty.name()),
                    ));
                }
                made(
                    Op::Sets { contains: name == "contains", left: Box::new(left), right: Box::new(right) },
                    Type::Bool,
                )
            }
            ("startsWith" | "endsWith" | "contains", Some(text), [part]) => {
                let text = self.need(text, &Type::Text)?;
                let part = self.need(part, &Type::Text)?;
                let how = match name {
                    "startsWith" => TextTest::Starts,
                    "endsWith" => TextTest::Ends,
                    _ => TextTest::Contains,
                };
                made(Op::Text { how, text: Box::new(text), part: Box::new(part) }, Type::Bool)
            }
            ("exists" | "all" | "filter" | "map", Some(list), [variable, body]) => {
                self.over(name, list, variable, body, span)
            }
            ("min" | "max", Some(list), []) => {
                let list = self.any(list)?;
                let Type::List(of) = list.ty.clone() else {
                    return Err(ConditionError::new(
                        list.span,
                        format!("`{name}()` takes a list; this is {}", list.ty.name()),
                    ));
                };
                if !of.ordered() {
                    return Err(ConditionError::new(list.span, format!("{} has no order", of.name())));
                }
                made(Op::Extreme { max: name == "max", list: Box::new(list) }, *of)
            }
            (_, None, [inner]) if Predicate::ALL.iter().any(|p| p.name() == name) => {
                let predicate = Predicate::ALL.into_iter().find(|p| p.name() == name).unwrap_or(Predicate::External);
                let inner = self.need(inner, &Type::Audience)?;
                made(Op::Predicate(predicate, Box::new(inner)), Type::Bool)
            }
            _ if FUNCTIONS.contains(&name) => {
                Err(ConditionError::new(span, format!("`{name}` is not called like this")))
            }
            _ => Err(ConditionError {
                span: at,
                message: format!("there is no function `{name}`"),
                help: nearest(name, FUNCTIONS).map(|n| format!("did you mean `{n}`?")),
            }),
        }
    }

    fn over(&mut self, name: &str, list: &Syntax, variable: &Syntax, body: &Syntax, span: Span) -> Checked {
        let list = self.any(list)?;
        let of = match &list.ty {
            Type::List(of) => (**of).clone(),
            Type::Set(Some(level)) => Type::Level(level.clone()),
            Type::Set(None) => Type::Text,
            other => {
                return Err(ConditionError::new(
                    list.span,
                    format!("`{name}()` takes a list; this is {}", other.name()),
                ));
            }
        };
        let Ast::Name(variable_name) = &variable.ast else {
            return Err(ConditionError::new(variable.span, "the name of a variable is needed here"));
        };
        let word = Word::from(variable_name.as_str());
        self.bound.push((Word::clone(&word), of));
        let body = if name == "map" { self.any(body) } else { self.need(body, &Type::Bool) };
        self.bound.pop();
        let (body, list_ty) = (Box::new(body?), list.ty.clone());
        let list = Box::new(list);
        let (op, ty) = match name {
            "map" => {
                let ty = Type::List(Box::new(body.ty.clone()));
                (Op::Map { list, each: body }, ty)
            }
            "filter" => (Op::Filter { list, test: body }, list_ty),
            _ => (Op::Fold { all: name == "all", list, name: word, test: body }, Type::Bool),
        };
        Ok(Expr { op, ty, span })
    }
}

/// Is an address of this machine only: loopback, or a path of a socket?
pub(super) fn loopback(value: &Value) -> Option<bool> {
    let one = |text: &str| {
        let text = text.trim();
        let host = host_of(text);
        text.starts_with('/')
            || text.starts_with("unix:")
            || host == "localhost"
            || host == "::1"
            || (host.starts_with("127.") && host.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    match value {
        Value::Word(text) => Some(one(text)),
        Value::List(items) => {
            let words: Option<Vec<&Word>> = items.iter().map(|r| r.known().and_then(Value::word)).collect();
            words.map(|w| !w.is_empty() && w.iter().all(|t| one(t)))
        }
        _ => None,
    }
}

/// The host of an address that may carry a port: `[::1]:8080`, `127.0.0.1:80`; or two, that of the host and that of
/// the container: `127.0.0.1:80:8080`.
fn host_of(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or(text);
    let ports = parts.clone().count() <= 2 && parts.all(|p| p.chars().all(|c| c.is_ascii_digit()));
    if ports && !first.is_empty() { first } else { text }
}
