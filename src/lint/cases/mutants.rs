//! Mutation of conditions: every rule is changed in small ways (an operator flipped, a term dropped), and the cases
//! that name it must notice. A change that none of them notices shows what the cases leave open.

use super::{Case, Setup};
use crate::condition::{Comparison, Expr, Members, Op};
use crate::fact::{DataError, Item, Predicate, Problems, Value};
use crate::judge::{Outcome, judge};
use crate::lint::knowledge::Knowledge;
use crate::rule::{Basis, Check, Policy, Rule, Selected, Severity};
use crate::syntax::Document;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A change that no case noticed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Survivor {
    /// The rule.
    pub rule: String,
    /// What was changed, in words.
    pub change: String,
}

/// What mutation came to.
#[derive(Clone, Default, Debug)]
pub struct Mutants {
    /// How many changes were tried.
    pub tried: usize,
    /// Those that no case noticed, by rule.
    pub survivors: Vec<Survivor>,
}

impl Mutants {
    /// How many were noticed, in tenths of a percent.
    pub fn caught(&self) -> usize {
        let caught = self.tried.saturating_sub(self.survivors.len());
        (caught * 1000).checked_div(self.tried).unwrap_or(1000)
    }
}

/// Changes the conditions of every rule that stands in the documents and that cases of them name, and runs these cases
/// over each change.
pub fn mutants(knowledge: &Knowledge, documents: &[Arc<Document>]) -> Result<Mutants, Vec<DataError>> {
    let here = |rule: &Rule| documents.iter().any(|d| d.source.path() == rule.source.path());
    let mut errors = Vec::new();
    // For each rule its changes; those that were noticed are taken out.
    let mut open: BTreeMap<String, Vec<Option<Mutant>>> = BTreeMap::new();
    for document in documents {
        let problems = Problems::new(&document.source);
        let table = Item::top(document, &problems).table();
        for item in table.and_then(|t| t.peek("case")).map(|i| i.list()).unwrap_or_default() {
            let Some(t) = item.table() else { continue };
            let expect = t.peek("expect").and_then(|i| i.table());
            let wanted: Vec<(&str, &str)> = expect
                .iter()
                .flat_map(|t| t.entries())
                .filter_map(|(rule, item)| Some((rule, item.scalar()?.0)))
                .filter_map(|(rule, text)| outcome(text).map(|_| (rule, text)))
                .filter(|(rule, _)| !rule.contains('.'))
                .collect();
            if wanted.is_empty() {
                continue;
            }
            Case::new(knowledge, document).with(&t, &mut |case, setup| {
                for (rule, text) in &wanted {
                    let all = knowledge.catalogue.rules.iter().chain(setup.traps);
                    let Some(found) = all.into_iter().find(|r| r.id == *rule && here(r)) else { continue };
                    let list = open.entry((*rule).to_owned()).or_insert_with(|| of_rule(found));
                    for slot in list {
                        let noticed =
                            slot.as_ref().is_some_and(|m| Some(judged(case, setup, &m.rule)) != outcome(text));
                        if noticed {
                            *slot = None;
                        }
                    }
                }
            });
        }
        errors.extend(problems.into_errors());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut out = Mutants::default();
    for (rule, list) in open {
        out.tried += list.len();
        out.survivors.extend(list.into_iter().flatten().map(|m| Survivor { rule: rule.clone(), change: m.change }));
    }
    Ok(out)
}

fn outcome(text: &str) -> Option<Outcome> {
    Some(match text {
        "pass" => Outcome::Pass,
        "fail" => Outcome::Fail,
        "unknown" => Outcome::Unknown,
        "not-applicable" => Outcome::NotApplicable,
        _ => return None,
    })
}

fn judged(case: &Case<'_>, setup: &Setup<'_, '_>, rule: &Arc<Rule>) -> Outcome {
    let selected = Selected {
        rule: Arc::clone(rule),
        pack: String::new(),
        basis: Basis::Custom,
        severity: Severity::Warning,
        params: case.params(rule),
        shown: Arc::default(),
        whens: Vec::new(),
        by_user: false,
    };
    let policy = Policy { selected: vec![selected], required: Vec::new() };
    judge(setup.deployment, &policy, None).outcomes.first().map_or(Outcome::NotApplicable, |(o, _)| *o)
}

struct Mutant {
    rule: Arc<Rule>,
    change: String,
}

/// The changes of a rule.
fn of_rule(rule: &Arc<Rule>) -> Vec<Option<Mutant>> {
    let mut out = Vec::new();
    let mut add = |rule: Rule, change: String| out.push(Some(Mutant { rule: Arc::new(rule), change }));
    match &rule.check {
        Check::Require(e) | Check::Forbid(e) => {
            let required = matches!(rule.check, Check::Require(_));
            let with = |e: Expr| if required { Check::Require(e) } else { Check::Forbid(e) };
            let turned = if required { Check::Forbid(e.clone()) } else { Check::Require(e.clone()) };
            add(Rule { check: turned, ..(**rule).clone() }, "`require` and `forbid` exchanged".into());
            for (changed, change) in changes(e) {
                add(Rule { check: with(changed), ..(**rule).clone() }, change);
            }
        }
        Check::Event(_) => {}
    }
    if let Some(when) = &rule.when {
        add(Rule { when: None, ..(**rule).clone() }, "`when` dropped".into());
        for (changed, change) in changes(when) {
            add(Rule { when: Some(changed), ..(**rule).clone() }, format!("in `when`: {change}"));
        }
    }
    out
}

/// Every condition that differs from this one in one place.
fn changes(expr: &Expr) -> Vec<(Expr, String)> {
    let mut out = own(expr);
    // One place further in, the rest as it is.
    for (n, child) in children(expr).into_iter().enumerate() {
        for (changed, change) in changes(child) {
            out.push((with_child(expr, n, changed), change));
        }
    }
    out
}

/// Changes at the top of an expression.
fn own(expr: &Expr) -> Vec<(Expr, String)> {
    let mut out: Vec<(Op, String)> = Vec::new();
    match &expr.op {
        Op::And(list) | Op::Or(list) => {
            let and = matches!(expr.op, Op::And(_));
            let of = |list: Vec<Expr>, and: bool| if and { Op::And(list) } else { Op::Or(list) };
            let turned = if and { "`&&` turned into `||`" } else { "`||` turned into `&&`" };
            out.push((of(list.clone(), !and), turned.into()));
            for n in 0..list.len() {
                let mut rest = list.clone();
                rest.remove(n);
                let op = if rest.len() == 1 { rest.remove(0).op } else { of(rest, and) };
                out.push((op, format!("term {} of {} dropped", n + 1, list.len())));
            }
        }
        Op::Not(inner) => out.push((inner.op.clone(), "`!` dropped".into())),
        Op::Compare { how, left, right } => {
            for other in flips(*how) {
                let op = Op::Compare { how: *other, left: left.clone(), right: right.clone() };
                out.push((op, format!("`{}` turned into `{}`", sign(*how), sign(*other))));
            }
        }
        Op::In(left, list) => {
            out.push((Op::Not(Box::new(expr.clone())), "`in` turned round".into()));
            for (list, change) in shorter(list) {
                out.push((Op::In(left.clone(), Box::new(list)), change));
            }
        }
        Op::Predicate(predicate, inner) => {
            for other in Predicate::ALL.into_iter().filter(|p| p != predicate) {
                let change = format!("`{}` turned into `{}`", predicate.name(), other.name());
                out.push((Op::Predicate(other, inner.clone()), change));
            }
        }
        Op::Worse { left, right, better } => {
            let op = Op::Worse { left: right.clone(), right: left.clone(), better: *better };
            out.push((op, "sides of `worse` exchanged".into()));
        }
        Op::Sets { contains, left, right } => {
            let sets = |contains, left: &Expr, right: &Expr| Op::Sets {
                contains,
                left: Box::new(left.clone()),
                right: Box::new(right.clone()),
            };
            // Of a list of one, to hold all of it and to hold some of it is the same.
            if members(right) != Some(1) {
                out.push((sets(!contains, left, right), "`contains` and `intersects` exchanged".into()));
            }
            for (list, change) in shorter(right) {
                out.push((sets(*contains, left, &list), change));
            }
        }
        Op::Fold { all, list, name, test } => {
            let op = Op::Fold { all: !all, list: list.clone(), name: name.clone(), test: test.clone() };
            out.push((op, "`exists` and `all` exchanged".into()));
        }
        Op::Members(Members::Private) => {
            out.push((Op::Members(Members::Scopes), "`private` turned into `scopes`".into()))
        }
        Op::If(condition, yes, no) => {
            out.push((Op::If(condition.clone(), no.clone(), yes.clone()), "branches exchanged".into()));
        }
        Op::Add(left, right) => {
            out.push((left.op.clone(), "second summand dropped".into()));
            out.push((right.op.clone(), "first summand dropped".into()));
        }
        Op::Extreme { max, list } => {
            out.push((Op::Extreme { max: !max, list: list.clone() }, "`min` and `max` exchanged".into()));
        }
        Op::Fact { .. } if expr.ty == crate::fact::Type::Bool => {
            out.push((Op::Not(Box::new(expr.clone())), "a truth value turned round".into()));
        }
        _ => {}
    }
    out.into_iter().map(|(op, change)| (Expr { op, ty: expr.ty.clone(), span: expr.span }, change)).collect()
}

/// The comparisons nearest to one: its opposite, and the one that treats equality otherwise.
fn flips(how: Comparison) -> &'static [Comparison] {
    match how {
        Comparison::Equal => &[Comparison::Unequal],
        Comparison::Unequal => &[Comparison::Equal],
        Comparison::Less => &[Comparison::AtMost, Comparison::AtLeast],
        Comparison::AtMost => &[Comparison::Less, Comparison::Greater],
        Comparison::Greater => &[Comparison::AtLeast, Comparison::AtMost],
        Comparison::AtLeast => &[Comparison::Greater, Comparison::Less],
    }
}

fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "==",
        Comparison::Unequal => "!=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

/// The number of members of a literal list.
fn members(list: &Expr) -> Option<usize> {
    match &list.op {
        Op::List(items) => Some(items.len()),
        Op::Literal(Value::Set(set)) => Some(set.has.len()),
        Op::Literal(Value::List(items)) => Some(items.len()),
        _ => None,
    }
}

/// A literal list without one of its members.
fn shorter(list: &Expr) -> Vec<(Expr, String)> {
    let shrunk = |op: Op| Expr { op, ty: list.ty.clone(), span: list.span };
    match &list.op {
        Op::List(items) if items.len() > 1 => (0..items.len())
            .map(|n| {
                let mut rest = items.clone();
                rest.remove(n);
                (shrunk(Op::List(rest)), format!("member {} of {} dropped", n + 1, items.len()))
            })
            .collect(),
        Op::Literal(Value::Set(set)) if set.has.len() > 1 => (0..set.has.len())
            .map(|n| {
                let mut rest = (**set).clone();
                let gone = rest.has.remove(n);
                (shrunk(Op::Literal(Value::Set(Arc::new(rest)))), format!("member `{gone}` dropped"))
            })
            .collect(),
        Op::Literal(Value::List(items)) if items.len() > 1 => (0..items.len())
            .map(|n| {
                let mut rest = items.to_vec();
                rest.remove(n);
                (shrunk(Op::Literal(Value::List(rest.into()))), format!("member {} dropped", n + 1))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The parts of an expression that conditions are changed in.
fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.op {
        Op::And(list) | Op::Or(list) => list.iter().collect(),
        Op::Not(a) | Op::Size(a) | Op::Known(a) | Op::Predicate(_, a) | Op::Extreme { list: a, .. } => vec![a],
        Op::Compare { left: a, right: b, .. }
        | Op::In(a, b)
        | Op::Add(a, b)
        | Op::Worse { left: a, right: b, .. }
        | Op::Sets { left: a, right: b, .. }
        | Op::Fold { list: a, test: b, .. }
        | Op::Filter { list: a, test: b }
        | Op::Map { list: a, each: b } => vec![a, b],
        Op::If(a, b, c) => vec![a, b, c],
        _ => Vec::new(),
    }
}

/// The expression with another part, by its place in [`children`].
fn with_child(expr: &Expr, at: usize, changed: Expr) -> Expr {
    let mut out = expr.clone();
    let slot = match &mut out.op {
        Op::And(list) | Op::Or(list) => list.get_mut(at),
        Op::Not(a) | Op::Size(a) | Op::Known(a) | Op::Predicate(_, a) | Op::Extreme { list: a, .. } => Some(&mut **a),
        Op::Compare { left: a, right: b, .. }
        | Op::In(a, b)
        | Op::Add(a, b)
        | Op::Worse { left: a, right: b, .. }
        | Op::Sets { left: a, right: b, .. }
        | Op::Fold { list: a, test: b, .. }
        | Op::Filter { list: a, test: b }
        | Op::Map { list: a, each: b } => Some(if at == 0 { &mut **a } else { &mut **b }),
        Op::If(a, b, c) => Some(match at {
            0 => &mut **a,
            1 => &mut **b,
            _ => &mut **c,
        }),
        _ => None,
    };
    if let Some(slot) = slot {
        *slot = changed;
    }
    out
}
