//! Evaluation: Kleene's logic with a fourth value (not applicable), candidates of unknown values, and the sources
//! and facts that decided.

use super::functions::loopback;
use super::members::{at_least, equal, extreme, members, mirrored, possible_members, sets, size, some_members, spread};
use super::{Comparison, Expr, Op, TextTest, Values, Vendor};
use crate::fact::{Reading, Reason, SetValue, State, Type, Unknown, Value, Word, join, over};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::sync::Arc;

/// The members that made an outermost `exists` true or `all` false.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The variable.
    pub name: Word,
    /// The members.
    pub values: Vec<Value>,
}

/// One evaluation of a condition.
pub struct Evaluation<'v> {
    values: &'v dyn Values,
    bound: SmallVec<[Reading; 2]>,
    folds: usize,
    traced: bool,
    /// What outermost folds found.
    pub witnesses: Vec<Witness>,
}

impl<'v> Evaluation<'v> {
    /// An evaluation; `it` is bound where the condition has one.
    pub fn new(values: &'v dyn Values, it: Option<Value>) -> Self {
        let bound = it.map(Reading::known_value).into_iter().collect();
        Self { values, bound, folds: 0, traced: values.traced(), witnesses: Vec::new() }
    }

    /// Evaluates without keeping witnesses.
    pub fn of(expr: &Expr, values: &'v dyn Values, it: Option<Value>) -> Reading {
        Self::new(values, it).eval(expr)
    }

    /// Binds the next variable: messages bind the witnesses.
    pub fn bind(&mut self, value: Value) {
        self.bound.push(Reading::known_value(value));
    }

    /// Evaluates an expression.
    pub fn eval(&mut self, expr: &Expr) -> Reading {
        match &expr.op {
            Op::Literal(value) => Reading::known_value(value.clone()),
            Op::List(items) => {
                let items: Vec<Reading> = items.iter().map(|e| self.eval(e)).collect();
                let mut out = Reading::known_value(Value::List(Arc::from(items.clone())));
                items.iter().for_each(|i| out.add_from(i));
                out
            }
            Op::Variable(place) => self
                .bound
                .get(*place)
                .cloned()
                .unwrap_or_else(|| Reading::unknown("nothing is bound here", Reason::Stated)),
            Op::Fact { fact, qualifier } => match qualifier {
                None => self.values.fact(*fact, None),
                Some(q) => match &q.op {
                    Op::Literal(Value::Word(word)) => self.values.fact(*fact, Some(word)),
                    _ => spread(&self.eval(q), &mut |q| match q.known() {
                        Some(Value::Word(word)) => self.values.fact(*fact, Some(word)),
                        _ => q.clone(),
                    }),
                },
            },
            Op::Places(fact) => self.values.places(*fact),
            Op::Vendor(vendor) => self.values.vendor(*vendor),
            Op::Param(param) => self.values.param(*param),
            Op::Members(members) => self.values.members(*members),
            Op::Field { record, field } => self.record(record, |values, r| values.field(r, *field)),
            Op::HasField { record, field } => self.record(record, |values, r| values.has_field(r, *field)),
            Op::At(list, index) => self.at(list, index),
            Op::Not(inner) => {
                let inner = self.eval(inner);
                not(&inner)
            }
            Op::And(list) => self.fold_all(list, false),
            Op::Or(list) => self.fold_all(list, true),
            Op::If(condition, yes, no) => self.choose(condition, yes, no),
            Op::Compare { how, left, right } => self.compare(*how, left, right),
            Op::In(left, list) => self.within(left, list),
            Op::Add(left, right) => {
                let (a, b) = (self.eval(left), self.eval(right));
                over(&[&a, &b], |v| match v {
                    [Value::Number(a), Value::Number(b)] => Some(Value::Number(a + b)),
                    [Value::Duration(a), Value::Duration(b)] => Some(Value::Duration(a.plus(*b))),
                    _ => None,
                })
            }
            Op::Has(setting) => self.values.has(*setting),
            Op::Known(inner) => {
                let inner = self.eval(inner);
                let mut out = Reading::truth(inner.as_unknown().is_none());
                out.add_from(&inner);
                out
            }
            Op::Predicate(predicate, inner) => {
                let inner = self.eval(inner);
                let vocabulary = self.values.vocabulary();
                over(&[&inner], |v| vocabulary.holds(*predicate, v.first()?.word()?).map(Value::Bool))
            }
            Op::Worse { left, right, better } => {
                let ty = left.ty.clone();
                let (a, b) = (self.eval(left), self.eval(right));
                let vocabulary = self.values.vocabulary();
                over(&[&a, &b], |v| match v {
                    [a, b] => crate::fact::worse(a, b, &ty, *better, vocabulary).map(Value::Bool),
                    _ => None,
                })
            }
            Op::Size(inner) => spread(&self.eval(inner), &mut size),
            Op::Loopback(inner) => {
                let inner = self.eval(inner);
                over(&[&inner], |v| loopback(v.first()?).map(Value::Bool))
            }
            Op::Sets { contains, left, right } => {
                let (a, b) = (self.eval(left), self.eval(right));
                sets(*contains, &a, &b)
            }
            Op::Text { how, text, part } => {
                let (a, b) = (self.eval(text), self.eval(part));
                over(&[&a, &b], |v| match v {
                    [Value::Word(text), Value::Word(part)] => Some(Value::Bool(match how {
                        TextTest::Starts => text.starts_with(&**part),
                        TextTest::Ends => text.ends_with(&**part),
                        TextTest::Contains => text.contains(&**part),
                    })),
                    _ => None,
                })
            }
            Op::Fold { all, list, name, test } => self.fold_list(*all, list, name, test),
            Op::Filter { list, test } => self.filter(list, test),
            Op::Map { list, each } => {
                let list = self.eval(list);
                spread(&list, &mut |list| {
                    let Some(items) = members(list) else { return some_members(list) };
                    let items: Vec<Reading> = items.iter().map(|item| self.with(item, each)).collect();
                    let mut out = Reading::known_value(Value::List(Arc::from(items.clone())));
                    items.iter().for_each(|i| out.add_from(i));
                    out.add_from(list);
                    out
                })
            }
            Op::Extreme { max, list } => spread(&self.eval(list), &mut |list| extreme(list, *max, &expr.ty)),
        }
    }

    /// `&&` or `||`: with places every operand counts, without them the first that decides ends it.
    fn fold_all(&mut self, list: &[Expr], dominant: bool) -> Reading {
        if self.traced {
            let list: Vec<Reading> = list.iter().map(|e| self.eval(e)).collect();
            return fold(&list, dominant);
        }
        let (mut open, mut absent): (Option<Reading>, Option<Reading>) = (None, None);
        for expr in list {
            let reading = self.eval(expr);
            match &reading.state {
                State::Known(Value::Bool(b)) if *b == dominant => return reading,
                State::Unknown(_) => drop(open.get_or_insert(reading)),
                State::NotApplicable(_) => drop(absent.get_or_insert(reading)),
                State::Known(_) => {}
            }
        }
        open.or(absent).unwrap_or_else(|| Reading::truth(!dominant))
    }

    fn with(&mut self, item: &Reading, body: &Expr) -> Reading {
        self.bound.push(item.clone());
        self.folds += 1;
        let out = self.eval(body);
        self.folds -= 1;
        self.bound.pop();
        out
    }

    fn record(&mut self, record: &Expr, read: impl Fn(&dyn Values, &crate::fact::Record) -> Reading) -> Reading {
        let record = self.eval(record);
        match &record.state {
            State::Known(Value::Record(r)) => read(self.values, r),
            _ => record,
        }
    }

    fn at(&mut self, list: &Expr, index: &Expr) -> Reading {
        let (list, index) = (self.eval(list), self.eval(index));
        match (list.known(), index.known()) {
            (Some(Value::List(items)), Some(Value::Number(n))) => match items.get(*n as usize) {
                Some(item) if *n >= 0.0 => item.clone(),
                _ => {
                    let mut out = Reading::not_applicable("the list is shorter");
                    out.add_from(&list);
                    out
                }
            },
            _ if list.known().is_none() => list,
            _ => index,
        }
    }

    fn choose(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Reading {
        let condition = self.eval(condition);
        match condition.as_bool() {
            Some(b) => {
                let mut out = self.eval(if b { yes } else { no });
                out.add_from(&condition);
                out
            }
            None => {
                let parts = [self.eval(yes), self.eval(no)];
                let mut out = join(&parts, condition.as_unknown());
                out.add_from(&condition);
                out
            }
        }
    }

    fn compare(&mut self, how: Comparison, left: &Expr, right: &Expr) -> Reading {
        let (a, b) = (self.eval(left), self.eval(right));
        for (how, side, value, other) in [(how, left, &a, &b), (mirrored(how), right, &b, &a)] {
            let is_version = matches!(side.op, Op::Vendor(Vendor::Version));
            if is_version && value.as_unknown().is_some() && matches!(how, Comparison::Less | Comparison::AtLeast) {
                // Releases below the oldest are out of scope, so this much is decided without knowing the release.
                if let (Some(oldest), Some(bound)) = (self.values.oldest(), other.known())
                    && bound.compare(&oldest, &Type::Version).is_some_and(Ordering::is_le)
                {
                    return Reading::truth(how == Comparison::AtLeast);
                }
            }
            if let (Op::Size(of), Some(_), Some(Value::Number(n))) = (&side.op, value.as_unknown(), other.known())
                && let Some(decided) = at_least(&self.eval(of), how, *n)
            {
                return decided;
            }
        }
        let ty = if matches!(left.ty, Type::Level(_)) { &left.ty } else { &right.ty };
        if let (false, Some(x), Some(y)) = (self.traced, a.known(), b.known()) {
            return compare(how, x, y, ty)
                .map_or_else(|| Reading::unknown("the values cannot be compared", Reason::Stated), Reading::truth);
        }
        over(&[&a, &b], |v| match v {
            [a, b] => compare(how, a, b, ty).map(Value::Bool),
            _ => None,
        })
    }

    fn within(&mut self, left: &Expr, list: &Expr) -> Reading {
        let (a, list) = (self.eval(left), self.eval(list));
        if let (false, Some(x), Some(Value::List(items))) = (self.traced, a.known(), list.known())
            && items.iter().all(|i| i.known().is_some())
        {
            return Reading::truth(items.iter().any(|i| i.known() == Some(x)));
        }
        match list.known() {
            Some(Value::Set(set)) => {
                let mut out = match a.known().and_then(Value::word).map(|w| set.contains(w)) {
                    Some(Some(b)) => Reading::truth(b),
                    Some(None) => possible_members(set),
                    None => over(&[&a], |v| set.contains(v.first()?.word()?).map(Value::Bool)),
                };
                out.add_from(&a);
                if a.known().is_some() {
                    out.add_from(&list);
                }
                out
            }
            Some(Value::List(items)) if items.is_empty() => {
                let mut out = Reading::truth(false);
                out.add_from(&list);
                out
            }
            Some(Value::List(items)) if items.iter().any(|i| i.known().is_none()) => {
                let tests: Vec<Reading> =
                    items.iter().map(|item| over(&[&a, item], |v| Some(Value::Bool(v.first() == v.get(1))))).collect();
                let mut out = fold(&tests, true);
                out.add_from(&list);
                out
            }
            _ => over(&[&a, &list], |v| match v {
                [a, Value::List(items)] => Some(Value::Bool(items.iter().any(|i| i.known() == Some(a)))),
                [Value::Word(word), Value::Set(set)] => set.contains(word).map(Value::Bool),
                _ => None,
            }),
        }
    }

    fn fold_list(&mut self, all: bool, list: &Expr, name: &Word, test: &Expr) -> Reading {
        let list = self.eval(list);
        spread(&list, &mut |list| self.fold_known(all, list, name, test))
    }

    fn fold_known(&mut self, all: bool, list: &Reading, name: &Word, test: &Expr) -> Reading {
        if let (false, Some(Value::List(items))) = (self.traced, list.known()) {
            return self.fold_quick(all, items, test);
        }
        let (items, open): (Vec<Reading>, Vec<Reading>) = match list.known() {
            Some(Value::List(items)) => (items.to_vec(), Vec::new()),
            Some(Value::Set(set)) => {
                let known = |w: &Word| Reading::known_value(Value::Word(Word::clone(w)));
                let nameless = set.open.then(|| Reading::unknown("it may have other members", Reason::Stated));
                (set.has.iter().map(known).collect(), set.may.iter().map(known).chain(nameless).collect())
            }
            _ => return list.clone(),
        };
        let tests: Vec<Reading> = items.iter().map(|item| self.with(item, test)).collect();
        let dominant = !all;
        // What is only possibly a member can leave the result open, but never decide it.
        let mut weak: Vec<Reading> = Vec::new();
        for item in &open {
            let test = self.with(item, test);
            if test.as_bool() != Some(all) && !test.is_na() {
                weak.push(Reading::unknown("it is not known whether this is a member", Reason::Stated));
            }
        }
        let relevant: Vec<Reading> = tests.iter().filter(|t| !t.is_na()).cloned().chain(weak).collect();
        let mut out = if relevant.is_empty() && !tests.is_empty() {
            fold(&tests, dominant)
        } else if relevant.is_empty() {
            Reading::truth(all)
        } else {
            fold(&relevant, dominant)
        };
        if self.folds == 0 && out.as_bool() == Some(dominant) {
            let values = items
                .iter()
                .zip(&tests)
                .filter(|(_, t)| t.as_bool() == Some(dominant))
                .filter_map(|(i, _)| i.known().cloned());
            self.witnesses.push(Witness { name: Word::clone(name), values: values.collect() });
        }
        if out.from.is_empty() {
            out.add_from(list);
        }
        out
    }

    /// A fold that only tells whether it holds.
    fn fold_quick(&mut self, all: bool, items: &[Reading], test: &Expr) -> Reading {
        let dominant = !all;
        let (mut open, mut absent, mut decided): (Option<Reading>, Option<Reading>, bool) = (None, None, false);
        for item in items {
            let reading = self.with(item, test);
            match &reading.state {
                State::Known(Value::Bool(b)) if *b == dominant => return reading,
                State::Unknown(_) => drop(open.get_or_insert(reading)),
                State::NotApplicable(_) => drop(absent.get_or_insert(reading)),
                State::Known(_) => decided = true,
            }
        }
        match (open, absent) {
            (Some(open), _) => open,
            (None, Some(absent)) if !decided => absent,
            _ => Reading::truth(all),
        }
    }

    fn filter(&mut self, list: &Expr, test: &Expr) -> Reading {
        let list = self.eval(list);
        spread(&list, &mut |list| self.filter_known(list, test))
    }

    /// The members for which the test is true; where it is unknown, and for words, a possible member.
    fn filter_known(&mut self, list: &Reading, test: &Expr) -> Reading {
        let (items, may, nameless) = match list.known() {
            Some(Value::List(items)) => (items.to_vec(), Vec::new(), false),
            Some(Value::Set(set)) => {
                let known = |w: &Word| Reading::known_value(Value::Word(Word::clone(w)));
                (set.has.iter().map(known).collect(), set.may.iter().map(known).collect(), set.open)
            }
            _ => return list.clone(),
        };
        let (mut kept, mut possible): (Vec<Reading>, Vec<Reading>) = (Vec::new(), Vec::new());
        let mut open = None;
        let mut seen = Vec::new();
        for (n, item) in items.iter().chain(&may).enumerate() {
            let test = self.with(item, test);
            if test.is_true() && n < items.len() {
                kept.push(item.clone());
            } else if test.is_true() || test.as_unknown().is_some() {
                possible.push(item.clone());
                open = open.or_else(|| test.as_unknown().cloned());
            }
            seen.push(test);
        }
        let words = |list: &[Reading]| {
            list.iter().map(|r| r.known().and_then(Value::word).cloned()).collect::<Option<Vec<Word>>>()
        };
        let is_set = matches!(list.known(), Some(Value::Set(_)));
        let mut out = match (words(&kept), words(&possible), open) {
            (Some(has), Some(may), _) if is_set || !may.is_empty() => {
                Reading::known_value(Value::Set(Arc::new(SetValue { has, may, open: nameless })))
            }
            (_, _, Some(u)) => Reading::of_unknown(Unknown { candidates: None, ..(*u).clone() }),
            _ => Reading::known_value(Value::List(Arc::from(kept))),
        };
        seen.iter().for_each(|t| out.add_from(t));
        out.add_from(list);
        out
    }
}

/// `a && b` of what was evaluated.
pub fn both(a: &Reading, b: &Reading) -> Reading {
    fold(&[a.clone(), b.clone()], false)
}

/// `||` over what was evaluated.
pub fn any(list: &[Reading]) -> Reading {
    fold(list, true)
}

/// `!` of what was evaluated.
pub fn not(reading: &Reading) -> Reading {
    if let (Some(b), true) = (reading.as_bool(), reading.from.is_empty() && reading.facts.is_empty()) {
        return Reading::truth(!b);
    }
    over(&[reading], |v| match v {
        [Value::Bool(b)] => Some(Value::Bool(!b)),
        _ => None,
    })
}

/// Folds truth values by `||` (`dominant` true) or `&&` (false).
fn fold(list: &[Reading], dominant: bool) -> Reading {
    let gather = |mut out: Reading, keep: &dyn Fn(&Reading) -> bool| {
        list.iter().filter(|r| keep(r)).for_each(|r| out.add_from(r));
        out
    };
    if list.iter().any(|r| r.as_bool() == Some(dominant)) {
        return gather(Reading::truth(dominant), &|r| r.as_bool() == Some(dominant));
    }
    if let Some(unknown) = list.iter().find_map(Reading::as_unknown) {
        let out =
            Reading { state: State::Unknown(Arc::clone(unknown)), from: Default::default(), facts: Default::default() };
        return gather(out, &|r| r.as_unknown().is_some());
    }
    if let Some(State::NotApplicable(why)) =
        list.iter().map(|r| &r.state).find(|s| matches!(s, State::NotApplicable(_)))
    {
        return gather(Reading::not_applicable(Arc::clone(why)), &Reading::is_na);
    }
    gather(Reading::truth(!dominant), &|_| true)
}

pub(super) fn compare(how: Comparison, a: &Value, b: &Value, ty: &Type) -> Option<bool> {
    Some(match how {
        Comparison::Equal => equal(a, b)?,
        Comparison::Unequal => !equal(a, b)?,
        Comparison::Less => a.compare(b, ty)?.is_lt(),
        Comparison::AtMost => a.compare(b, ty)?.is_le(),
        Comparison::Greater => a.compare(b, ty)?.is_gt(),
        Comparison::AtLeast => a.compare(b, ty)?.is_ge(),
    })
}
