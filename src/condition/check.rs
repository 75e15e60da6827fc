//! Typing: names are resolved, literals take the type of their other side, unlike types are errors with a place.

use super::parse::{Ast, Syntax};
use super::{Comparison, ConditionError, Expr, Members, Names, Op, Vendor};
use crate::fact::{
    FactDef, FactIx, Level, QualifierKind, Reading, SetValue, Type, Value, Word, literal_of_text, nearest,
};
use crate::text::Span;
use std::sync::Arc;

/// Types a condition. `wanted` is the type it must have; `None`: any.
pub fn check(syntax: &Syntax, names: &dyn Names, wanted: Option<&Type>) -> Result<Expr, ConditionError> {
    let mut checker = Checker { names, bound: Vec::new() };
    if let Some(it) = names.it() {
        checker.bound.push((Word::from("it"), it));
    }
    checker.bound.extend(names.witnesses());
    let expr = checker.typed(syntax, wanted)?;
    match wanted {
        Some(wanted) => checker.conform(expr, wanted),
        None => Ok(expr),
    }
}

pub(super) struct Checker<'n> {
    pub(super) names: &'n dyn Names,
    pub(super) bound: Vec<(Word, Type)>,
}

pub(super) type Checked = Result<Expr, ConditionError>;

impl Checker<'_> {
    /// An expression that must have a type.
    pub(super) fn need(&mut self, syntax: &Syntax, wanted: &Type) -> Checked {
        let expr = self.typed(syntax, Some(wanted))?;
        self.conform(expr, wanted)
    }

    /// An expression of any type.
    pub(super) fn any(&mut self, syntax: &Syntax) -> Checked {
        self.typed(syntax, None)
    }

    pub(super) fn conform(&self, mut expr: Expr, wanted: &Type) -> Checked {
        if expr.ty == Type::Open {
            self.settle(&mut expr, wanted);
        }
        if expr.ty == *wanted || is_word_of(&expr.ty, wanted) {
            return Ok(expr);
        }
        Err(ConditionError::new(expr.span, format!("this is {}, where {} is needed", expr.ty.name(), wanted.name())))
    }

    fn settle(&self, expr: &mut Expr, ty: &Type) {
        match &mut expr.op {
            Op::Param(param) => self.names.settle_param(*param, ty),
            Op::If(_, yes, no) => {
                self.settle(yes, ty);
                self.settle(no, ty);
            }
            _ => return,
        }
        expr.ty = ty.clone();
    }

    /// `wanted` is only a hint for literals.
    fn typed(&mut self, syntax: &Syntax, wanted: Option<&Type>) -> Checked {
        let span = syntax.span;
        let made = |op, ty| Ok(Expr { op, ty, span });
        match &syntax.ast {
            Ast::Bool(b) => made(Op::Literal(Value::Bool(*b)), Type::Bool),
            Ast::Number(n) => match wanted {
                Some(Type::Duration) => Err(ConditionError {
                    span,
                    message: "a number is no duration".into(),
                    help: Some("write it as text with a unit, `'30d'`".into()),
                }),
                _ => made(Op::Literal(Value::Number(*n)), Type::Number),
            },
            Ast::Text(text) => self.text(text, span, wanted),
            Ast::List(items) => self.list(items, span, wanted),
            Ast::Name(_) | Ast::Select(..) => self.name(syntax),
            Ast::Index(inner, index) => self.index(inner, index, span),
            Ast::Call { name, at, receiver, args } => self.call(name, *at, receiver.as_deref(), args, span),
            Ast::Not(inner) => {
                let inner = self.need(inner, &Type::Bool)?;
                made(Op::Not(Box::new(inner)), Type::Bool)
            }
            Ast::And(list) | Ast::Or(list) => {
                let list = list.iter().map(|e| self.need(e, &Type::Bool)).collect::<Result<Vec<_>, _>>()?;
                made(if matches!(syntax.ast, Ast::And(_)) { Op::And(list) } else { Op::Or(list) }, Type::Bool)
            }
            Ast::If(condition, yes, no) => {
                let condition = self.need(condition, &Type::Bool)?;
                let mut yes = self.typed(yes, wanted)?;
                let hint = if yes.ty == Type::Open { wanted.cloned() } else { Some(yes.ty.clone()) };
                let no = self.typed(no, hint.as_ref())?;
                if yes.ty == Type::Open && no.ty != Type::Open {
                    self.settle(&mut yes, &no.ty);
                }
                let ty = yes.ty.clone();
                let no = self.conform(no, &ty)?;
                made(Op::If(Box::new(condition), Box::new(yes), Box::new(no)), ty)
            }
            Ast::Compare(how, left, right) => self.compare(*how, left, right, span),
            Ast::In(left, right) => self.within(left, right, span),
            Ast::Add(left, right) => {
                let left = self.typed(left, wanted)?;
                if !matches!(left.ty, Type::Number | Type::Duration) {
                    return Err(ConditionError::new(
                        left.span,
                        format!("`+` joins numbers or durations; this is {}", left.ty.name()),
                    ));
                }
                let right = self.need(right, &left.ty.clone())?;
                let ty = left.ty.clone();
                made(Op::Add(Box::new(left), Box::new(right)), ty)
            }
        }
    }

    fn text(&self, text: &str, span: Span, wanted: Option<&Type>) -> Checked {
        let ty = match wanted {
            None | Some(Type::Open | Type::List(_) | Type::Set(_) | Type::Record(_)) => &Type::Text,
            Some(ty @ (Type::Bool | Type::Number)) => {
                return Err(ConditionError::new(span, format!("this is a text, where {} is needed", ty.name())));
            }
            Some(ty) => ty,
        };
        match literal_of_text(text, ty, self.names.vocabulary()) {
            Ok(value) => Ok(Expr { op: Op::Literal(value), ty: ty.clone(), span }),
            Err((message, help)) => Err(ConditionError { span, message, help }),
        }
    }

    fn list(&mut self, items: &[Syntax], span: Span, wanted: Option<&Type>) -> Checked {
        let member = match wanted {
            Some(Type::List(of)) => Some((**of).clone()),
            Some(Type::Set(Some(level))) => Some(Type::Level(Arc::clone(level))),
            Some(Type::Set(None)) => Some(Type::Text),
            _ => None,
        };
        let mut list = Vec::new();
        let mut ty = member;
        for item in items {
            let expr = self.typed(item, ty.as_ref())?;
            let expr = match &ty {
                Some(ty) => self.conform(expr, ty)?,
                None => expr,
            };
            ty.get_or_insert_with(|| expr.ty.clone());
            list.push(expr);
        }
        if let Some(set @ Type::Set(_)) = wanted {
            let words = list.iter().map(|e| match &e.op {
                Op::Literal(Value::Word(w)) => Ok(Word::clone(w)),
                _ => Err(ConditionError::new(e.span, "only words may stand in this list")),
            });
            let value = SetValue::of(words.collect::<Result<Vec<_>, _>>()?);
            return Ok(Expr { op: Op::Literal(Value::Set(Arc::new(value))), ty: set.clone(), span });
        }
        let ty = Type::List(Box::new(ty.unwrap_or(Type::Text)));
        let literal = |e: &Expr| match &e.op {
            Op::Literal(value) => Some(Reading::known_value(value.clone())),
            _ => None,
        };
        // A list of literals is made once, not at every evaluation.
        let op = match list.iter().map(literal).collect::<Option<Vec<_>>>() {
            Some(values) => Op::Literal(Value::List(values.into())),
            None => Op::List(list),
        };
        Ok(Expr { op, ty, span })
    }

    fn compare(&mut self, how: Comparison, left: &Syntax, right: &Syntax, span: Span) -> Checked {
        let (mut a, mut b) = if is_literal(left) && !is_literal(right) {
            let b = self.any(right)?;
            (self.typed(left, Some(&b.ty))?, b)
        } else {
            let a = self.any(left)?;
            let b = self.typed(right, Some(&a.ty))?;
            (a, b)
        };
        if a.ty == Type::Open && b.ty != Type::Open {
            self.settle(&mut a, &b.ty.clone());
        } else if b.ty == Type::Open && a.ty != Type::Open {
            self.settle(&mut b, &a.ty.clone());
        }
        if a.ty == Type::Open {
            return Err(ConditionError::new(span, "nothing here tells the type of these parameters"));
        }
        if a.ty != b.ty && !is_word_of(&a.ty, &b.ty) && !is_word_of(&b.ty, &a.ty) {
            return Err(ConditionError::new(span, format!("unlike types: {} and {}", a.ty.name(), b.ty.name())));
        }
        if !matches!(how, Comparison::Equal | Comparison::Unequal) && !a.ty.ordered() {
            return Err(ConditionError {
                span,
                message: format!("{} has no order", a.ty.name()),
                help: Some(if a.ty == Type::Audience {
                    "use `strangers()`, `unauthenticated()` or `external()`".into()
                } else {
                    "use `==`, `!=` or `in`".into()
                }),
            });
        }
        Ok(Expr { op: Op::Compare { how, left: Box::new(a), right: Box::new(b) }, ty: Type::Bool, span })
    }

    fn within(&mut self, left: &Syntax, right: &Syntax, span: Span) -> Checked {
        let (left, right) = if matches!(right.ast, Ast::List(_)) {
            let left = self.any(left)?;
            let right = self.typed(right, Some(&Type::List(Box::new(left.ty.clone()))))?;
            (left, right)
        } else {
            let right = self.any(right)?;
            let member = match &right.ty {
                Type::List(of) => (**of).clone(),
                Type::Set(Some(level)) => Type::Level(Arc::clone(level)),
                Type::Set(None) => Type::Text,
                other => {
                    return Err(ConditionError::new(
                        right.span,
                        format!("a list is needed after `in`; this is {}", other.name()),
                    ));
                }
            };
            (self.need(left, &member)?, right)
        };
        Ok(Expr { op: Op::In(Box::new(left), Box::new(right)), ty: Type::Bool, span })
    }

    /// A chain of names: a bound variable with fields, a list that holds everywhere, a fact, a parameter, a vendor's name.
    fn name(&mut self, syntax: &Syntax) -> Checked {
        let span = syntax.span;
        let Some(chain) = chain(syntax) else {
            let Ast::Select(inner, field, at) = &syntax.ast else {
                return Err(ConditionError::new(span, "a name is needed here"));
            };
            let inner = self.any(inner)?;
            return self.field(inner, &[field.as_str()], *at);
        };
        let (first, rest) = chain.split_first().map_or(("", &[][..]), |(f, r)| (*f, r));
        if let Some(place) = self.bound.iter().rposition(|(n, _)| **n == *first) {
            let ty = self.bound.get(place).map_or(Type::Text, |(_, t)| t.clone());
            let variable = Expr { op: Op::Variable(place), ty, span };
            return if rest.is_empty() { Ok(variable) } else { self.field(variable, rest, span) };
        }
        if rest.is_empty() {
            let members = match first {
                "scopes" => Some(Members::Scopes),
                "private" => Some(Members::Private),
                "cohorts" => Some(Members::Cohorts),
                _ => None,
            };
            if let Some(members) = members {
                let of = self.qualifier_type(if members == Members::Cohorts {
                    QualifierKind::Cohort
                } else {
                    QualifierKind::Scope
                });
                return Ok(Expr { op: Op::Members(members), ty: Type::List(Box::new(of)), span });
            }
        }
        if first == "params" && rest.len() == 1 {
            let name = rest.first().copied().unwrap_or_default();
            return match self.names.param(name) {
                Some((param, ty)) => Ok(Expr { op: Op::Param(param), ty, span }),
                None => {
                    let all = self.names.param_names();
                    let help =
                        nearest(name, all.iter().map(String::as_str)).map(|n| format!("did you mean `params.{n}`?"));
                    Err(ConditionError { span, message: format!("this rule has no parameter `{name}`"), help })
                }
            };
        }
        if let Some((vendor, ty, used)) = self.names.vendor(&chain) {
            let expr = Expr { op: Op::Vendor(vendor), ty, span };
            let rest = chain.get(used..).unwrap_or_default();
            return if rest.is_empty() { Ok(expr) } else { self.field(expr, rest, span) };
        }
        if let [area, name] = chain.as_slice()
            && let Some(fact) = self.names.vocabulary().find(&format!("{area}.{name}"))
        {
            return self.fact(fact, span);
        }
        Err(self.unknown(&chain.join("."), span))
    }

    fn unknown(&self, name: &str, span: Span) -> ConditionError {
        let vendor = self.names.vendor_names();
        let all = self
            .names
            .vocabulary()
            .names()
            .chain(vendor.iter().map(String::as_str))
            .chain(["scopes", "private", "cohorts"]);
        let help = nearest(name, all).map(|n| format!("did you mean `{n}`?"));
        ConditionError { span, message: format!("`{name}` is no name here"), help }
    }

    fn fact(&self, fact: FactIx, span: Span) -> Checked {
        let def = self.names.vocabulary().fact(fact);
        match def.qualifier {
            Some(QualifierKind::Scope) => Err(ConditionError {
                span,
                message: format!("`{}` differs by scope", def.id),
                help: Some(format!("say which: `{}['direct']`", def.id)),
            }),
            Some(QualifierKind::Setting) => {
                Ok(Expr { op: Op::Places(fact), ty: Type::List(Box::new(Type::Text)), span })
            }
            _ => Ok(Expr { op: Op::Fact { fact, qualifier: None }, ty: def.ty.clone(), span }),
        }
    }

    fn index(&mut self, inner: &Syntax, index: &Syntax, span: Span) -> Checked {
        if let Some(chain) = chain(inner)
            && let ([area, name], false) =
                (chain.as_slice(), self.bound.iter().any(|(n, _)| chain.first() == Some(&&**n)))
            && let Some(fact) = self.names.vocabulary().find(&format!("{area}.{name}"))
        {
            let def: &FactDef = self.names.vocabulary().fact(fact);
            let Some(kind) = def.qualifier else {
                return Err(ConditionError::new(index.span, format!("`{}` has no qualifier", def.id)));
            };
            let ty = def.ty.clone();
            let qualifier = self.need(index, &self.qualifier_type(kind))?;
            return Ok(Expr { op: Op::Fact { fact, qualifier: Some(Box::new(qualifier)) }, ty, span });
        }
        let list = self.any(inner)?;
        let Type::List(of) = list.ty.clone() else {
            return Err(ConditionError::new(list.span, format!("{} has no members to pick from", list.ty.name())));
        };
        let at = self.need(index, &Type::Number)?;
        Ok(Expr { op: Op::At(Box::new(list), Box::new(at)), ty: *of, span })
    }

    fn qualifier_type(&self, kind: QualifierKind) -> Type {
        match kind {
            QualifierKind::Scope => self.names.vocabulary().scopes().map_or(Type::Text, |l| Type::Level(Arc::clone(l))),
            QualifierKind::Cohort => Type::Level(cohorts()),
            QualifierKind::Setting => Type::Text,
        }
    }

    pub(super) fn field(&self, record: Expr, fields: &[&str], span: Span) -> Checked {
        let Type::Record(list) = &record.ty else {
            return Err(ConditionError::new(span, format!("{} has no fields", record.ty.name())));
        };
        // The longest declared field wins, as with settings.
        for used in (1..=fields.len()).rev() {
            let name = fields.get(..used).unwrap_or_default().join(".");
            if let Some((field, ty)) = self.names.field(list, &name) {
                let span = record.span;
                let expr = Expr { op: Op::Field { record: Box::new(record), field }, ty, span };
                let rest = fields.get(used..).unwrap_or_default();
                return if rest.is_empty() { Ok(expr) } else { self.field(expr, rest, span) };
            }
        }
        let (prefix, all) = (format!("setting.{list}[]."), self.names.vendor_names());
        let wrong = fields.join(".");
        let help =
            nearest(&wrong, all.iter().filter_map(|n| n.strip_prefix(&prefix))).map(|n| format!("did you mean `{n}`?"));
        Err(ConditionError { span, message: format!("records of `{list}` have no field `{wrong}`"), help })
    }

    /// The setting that `has()` asks about: its number, or the record and field.
    pub(super) fn place(&mut self, syntax: &Syntax) -> Checked {
        let expr = self.name(syntax)?;
        let span = syntax.span;
        let op = match expr.op {
            Op::Vendor(Vendor::Setting(setting)) => Op::Has(setting),
            Op::Field { record, field } => Op::HasField { record, field },
            _ => return Err(ConditionError::new(span, "`has()` takes a setting or a field")),
        };
        Ok(Expr { op, ty: Type::Bool, span })
    }
}

/// The cohorts, as a type.
pub(crate) fn cohorts() -> Arc<Level> {
    static COHORTS: std::sync::OnceLock<Arc<Level>> = std::sync::OnceLock::new();
    Arc::clone(
        COHORTS.get_or_init(|| {
            Arc::new(Level { values: vec![Word::from("everyone"), Word::from("minor")], ordered: false })
        }),
    )
}

/// A word of a closed list may stand where any text may.
fn is_word_of(ty: &Type, wanted: &Type) -> bool {
    matches!((ty, wanted), (Type::Level(_), Type::Text))
}

fn is_literal(syntax: &Syntax) -> bool {
    matches!(syntax.ast, Ast::Bool(_) | Ast::Number(_) | Ast::Text(_) | Ast::List(_))
}

fn chain(syntax: &Syntax) -> Option<Vec<&str>> {
    match &syntax.ast {
        Ast::Name(name) => Some(vec![name]),
        Ast::Select(inner, name, _) => {
            let mut list = chain(inner)?;
            list.push(name);
            Some(list)
        }
        _ => None,
    }
}

/// A list of known words as a value, for tests and built-in lists.
pub(crate) fn word_list(words: impl IntoIterator<Item = Word>) -> Value {
    Value::List(words.into_iter().map(|w| Reading::known_value(Value::Word(w))).collect())
}
