//! The states that facts can come to on a platform.

use crate::condition::{Evaluation, Expr, Members, Op, Values, Vendor, word_list};
use crate::fact::{
    Audiences, Duration, FactDef, FactIx, QualifierKind, Reading, Reason, Record, SetValue, State, Type, Value,
    Vocabulary, Word, join,
};
use crate::platform::{Case, Effect, Facts, MapValue, Platform};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

/// What a fact can come to.
#[derive(Debug)]
enum Range {
    /// This, whatever files say.
    Fixed(Reading),
    /// One of these; files decide.
    Open(Vec<Reading>),
}

/// Of each fact with its qualifier.
type Ranges = HashMap<(FactIx, Option<Word>), Rc<Range>>;

/// A platform without files: what these decide is open, or chosen by a round.
pub(super) struct World<'k> {
    facts: &'k Facts,
    platform: &'k Platform,
    params: Vec<Value>,
    round: Cell<Option<usize>>,
    ranges: RefCell<Ranges>,
}

impl<'k> World<'k> {
    /// One in which nothing is chosen yet.
    pub fn new(facts: &'k Facts, platform: &'k Platform, params: Vec<Value>) -> Self {
        Self { facts, platform, params, round: Cell::new(None), ranges: RefCell::default() }
    }

    /// From now on every fact that files decide has one of its states: the first ones, the last ones, then others.
    pub fn choose(&self, round: usize) {
        self.round.set(Some(round));
    }

    fn pick(&self, fact: FactIx, qualifier: Option<&Word>, options: &[Reading]) -> Reading {
        let at = match self.round.get() {
            None => return Reading::unknown("files decide it", Reason::NotWritten),
            Some(0) => 0,
            Some(1) => options.len().saturating_sub(1),
            Some(round) => {
                let mut hasher = DefaultHasher::new();
                (fact, qualifier, round).hash(&mut hasher);
                usize::try_from(hasher.finish() % options.len().max(1) as u64).unwrap_or(0)
            }
        };
        options.get(at).cloned().unwrap_or_else(|| Reading::unknown("files decide it", Reason::NotWritten))
    }

    fn range(&self, fact: FactIx, qualifier: Option<&Word>) -> Rc<Range> {
        let key = (fact, qualifier.cloned());
        if let Some(range) = self.ranges.borrow().get(&key) {
            return Rc::clone(range);
        }
        let range = Rc::new(self.work_out(fact, qualifier));
        self.ranges.borrow_mut().insert(key, Rc::clone(&range));
        range
    }

    fn work_out(&self, fact: FactIx, qualifier: Option<&Word>) -> Range {
        let def = self.facts.vocabulary.fact(fact);
        if def.qualifier == Some(QualifierKind::Setting) {
            return Range::Open(self.any_of(&def.ty));
        }
        let Some(cases) = self.platform.facts.get(&fact) else {
            return Range::Fixed(match &def.undeclared {
                Some(value) => Reading::known_value(value.clone()),
                None => Reading::unknown("nothing is read for it", Reason::NotRead),
            });
        };
        let names = |case: &Case, word: &Word| case.qualifiers.as_ref().is_some_and(|q| q.contains(word));
        let minor = Word::from("minor");
        let own = match qualifier {
            Some(q) if *q == minor && !cases.iter().any(|c| names(c, &minor)) => Some(Word::from("everyone")),
            other => other.cloned(),
        };
        let applies = |case: &&Case| match (&case.qualifiers, &own) {
            (Some(list), Some(q)) => list.contains(q),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let cases: Vec<&Case> = cases.iter().filter(applies).collect();
        let it = own.map(Value::Word);
        if cases.iter().any(|c| matches!(c.effect, Effect::Add(_) | Effect::AddPossible(..))) {
            return self.set(&cases, it.as_ref(), &def.ty);
        }
        let mut open = false;
        let mut states: Vec<Reading> = Vec::new();
        for case in cases {
            let guard = self.guard(case, it.as_ref());
            if matches!(guard, Guard::Never) {
                continue;
            }
            let more = self.effect(&case.effect, it.as_ref(), &def.ty);
            open |= more.len() > 1 || matches!(guard, Guard::Files);
            more.into_iter().for_each(|state| push(&mut states, state));
            if matches!(guard, Guard::Always) {
                break;
            }
        }
        match states.as_slice() {
            [] => Range::Fixed(Reading::unknown("no case holds", Reason::Stated)),
            [one] => Range::Fixed(one.clone()),
            _ if states.iter().all(|s| s.as_unknown().is_some()) => Range::Fixed(join(&states, None)),
            _ if open => Range::Open(states),
            // An unknown that no file decides, between several states.
            _ => Range::Fixed(join(&states, None)),
        }
    }

    /// Does a case hold always, never, or as files decide?
    fn guard(&self, case: &Case, it: Option<&Value>) -> Guard {
        let Some(when) = &case.when else { return Guard::Always };
        if of_files(when) {
            return Guard::Files;
        }
        let before = self.round.replace(None);
        let reading = Evaluation::of(when, self, it.cloned());
        self.round.set(before);
        match reading.as_bool() {
            Some(true) => Guard::Always,
            Some(false) => Guard::Never,
            None if reading.is_na() => Guard::Never,
            None if self.rests_on_files(when) => Guard::Files,
            None => Guard::Undecided,
        }
    }

    /// Does an expression read a fact that files decide, for any kind of conversation or group of users?
    fn rests_on_files(&self, expr: &Expr) -> bool {
        let mut facts = Vec::new();
        expr.walk(&mut |e| {
            if let Op::Fact { fact, .. } = e.op {
                facts.push(fact);
            }
        });
        facts.into_iter().any(|fact| {
            let words: Vec<Option<Word>> = match self.facts.vocabulary.fact(fact).qualifier {
                Some(QualifierKind::Scope) => self.scopes().into_iter().map(Some).collect(),
                Some(QualifierKind::Cohort) => ["everyone", "minor"].map(|w| Some(Word::from(w))).to_vec(),
                _ => vec![None],
            };
            words.iter().any(|word| matches!(*self.range(fact, word.as_ref()), Range::Open(_)))
        })
    }

    /// The states that an effect can come to.
    fn effect(&self, effect: &Effect, it: Option<&Value>, ty: &Type) -> Vec<Reading> {
        match effect {
            Effect::Value(value) => vec![Reading::known_value(value.clone())],
            Effect::From(expr) if of_files(expr) || self.rests_on_files(expr) => self.any_of(ty),
            Effect::From(expr) => vec![Evaluation::of(expr, self, it.cloned())],
            Effect::Mapped(_, map) => {
                let mut out = Vec::new();
                for (_, value) in map {
                    let state = match value {
                        MapValue::Value(value) => Reading::known_value(value.clone()),
                        MapValue::Unknown(why) => Reading::unknown(Arc::clone(why), Reason::Stated),
                    };
                    push(&mut out, state);
                }
                out
            }
            Effect::NotApplicable(why) => vec![Reading::not_applicable(Arc::clone(why))],
            Effect::Unknown(unknown) => vec![Reading::of_unknown((**unknown).clone())],
            Effect::Add(_) | Effect::AddPossible(..) => Vec::new(),
        }
    }

    /// A set: with the fewest members, and with all of them.
    fn set(&self, cases: &[&Case], it: Option<&Value>, ty: &Type) -> Range {
        let (mut least, mut most) = (SetValue::default(), SetValue::default());
        let mut states = Vec::new();
        for case in cases {
            let guard = self.guard(case, it);
            match (&case.effect, &guard) {
                (_, Guard::Never) => {}
                (Effect::Add(word), Guard::Always) => {
                    least.has.push(Word::clone(word));
                    most.has.push(Word::clone(word));
                }
                (Effect::Add(word), Guard::Files) => most.has.push(Word::clone(word)),
                // Files may also say that the member is not there.
                (Effect::AddPossible(word, _), Guard::Files) => most.may.push(Word::clone(word)),
                (Effect::Add(word) | Effect::AddPossible(word, _), _) => {
                    least.may.push(Word::clone(word));
                    most.may.push(Word::clone(word));
                }
                (effect, Guard::Always) => states.extend(self.effect(effect, it, ty)),
                (effect, _) => {
                    states.extend(self.effect(effect, it, ty));
                    continue;
                }
            }
        }
        for set in [&mut least, &mut most] {
            set.has.sort();
            set.has.dedup();
            set.may.sort();
            set.may.dedup();
            let has = set.has.clone();
            set.may.retain(|w| !has.contains(w));
        }
        for set in [least, most] {
            push(&mut states, Reading::known_value(Value::Set(Arc::new(set))));
        }
        match states.as_slice() {
            [one] => Range::Fixed(one.clone()),
            _ => Range::Open(states),
        }
    }

    /// Values of a type, spread over its order.
    fn any_of(&self, ty: &Type) -> Vec<Reading> {
        let words = |list: &[Word]| list.iter().map(|w| Value::Word(Word::clone(w))).collect::<Vec<_>>();
        let days = |n: u64| Value::Duration(Duration::millis(n * 86_400_000));
        let values = match ty {
            Type::Level(level) => words(&level.values),
            Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
            Type::Audience => {
                self.facts.vocabulary.audience_names().into_iter().map(|name| Value::Word(Word::from(name))).collect()
            }
            Type::Duration => {
                let mut all = vec![Value::Duration(Duration::None), Value::Duration(Duration::UntilDelivered)];
                all.extend([1, 7, 30, 90, 180, 365, 730, 3650].map(days));
                all.extend([Duration::UntilAccountDeletion, Duration::Unlimited].map(Value::Duration));
                all
            }
            Type::Number => [0.0, 1.0, 6.0, 8.0, 12.0, 15.0, 64.0].map(Value::Number).to_vec(),
            Type::Set(Some(level)) => {
                let set = |words: Vec<Word>| Value::Set(Arc::new(SetValue::of(words)));
                vec![set(Vec::new()), set(level.values.clone())]
            }
            Type::Set(None) => {
                [vec![], vec![Word::from("another")]].map(|words| Value::Set(Arc::new(SetValue::of(words)))).to_vec()
            }
            _ => Vec::new(),
        };
        values.into_iter().map(Reading::known_value).collect()
    }

    fn derived(&self, def: &FactDef, cases: &[Case], qualifier: Option<&Word>) -> Reading {
        let it = qualifier.cloned().map(Value::Word);
        let mut set = SetValue::default();
        let mut kept = Vec::new();
        for case in cases {
            let guard = case.when.as_ref().map(|w| Evaluation::of(w, self, it.clone()));
            let holds = guard.as_ref().map_or(Some(true), Reading::as_bool);
            if holds == Some(false) || guard.is_some_and(|g| g.is_na()) {
                continue;
            }
            match &case.effect {
                Effect::Add(word) if holds.is_some() => set.has.push(Word::clone(word)),
                Effect::Add(word) => set.may.push(Word::clone(word)),
                Effect::From(expr) => kept.push(Evaluation::of(expr, self, it.clone())),
                Effect::Value(value) => kept.push(Reading::known_value(value.clone())),
                _ => {}
            }
            if holds == Some(true) && !kept.is_empty() {
                break;
            }
        }
        if matches!(def.ty, Type::Set(_)) {
            set.has.sort();
            set.may.sort();
            return Reading::known_value(Value::Set(Arc::new(set)));
        }
        match kept.as_slice() {
            [] => Reading::unknown("no case holds", Reason::Stated),
            [one] => one.clone(),
            many => join(many, None),
        }
    }

    /// The kinds of conversation that the platform has; while files leave it open, all there are.
    fn scopes(&self) -> Vec<Word> {
        let vocabulary = &self.facts.vocabulary;
        let all = vocabulary.scopes().map(|level| level.values.clone()).unwrap_or_default();
        let told = vocabulary.find("product.scopes").map(|ix| self.fact(ix, None));
        match told.as_ref().and_then(Reading::known) {
            Some(Value::Set(set)) => all.into_iter().filter(|w| set.contains(w) != Some(false)).collect(),
            _ => all,
        }
    }
}

enum Guard {
    Always,
    Never,
    Files,
    Undecided,
}

/// Does an expression read a setting, a release or anything else that files or users decide?
fn of_files(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| {
        found |= matches!(e.op, Op::Vendor(_) | Op::Has(_) | Op::Field { .. } | Op::HasField { .. });
    });
    found
}

fn push(states: &mut Vec<Reading>, state: Reading) {
    let same = |a: &State, b: &State| match (a, b) {
        (State::Known(a), State::Known(b)) => a == b,
        (State::NotApplicable(_), State::NotApplicable(_)) => true,
        (State::Unknown(a), State::Unknown(b)) => a.candidates == b.candidates,
        _ => false,
    };
    if !states.iter().any(|s| same(&s.state, &state.state)) {
        states.push(state);
    }
}

impl Values for World<'_> {
    fn fact(&self, fact: FactIx, qualifier: Option<&Word>) -> Reading {
        let def = self.facts.vocabulary.fact(fact);
        let everyone = Word::from("everyone");
        let qualifier = match (def.qualifier, qualifier) {
            (Some(QualifierKind::Cohort), None) => Some(&everyone),
            (None, _) => None,
            (_, q) => q,
        };
        if def.qualifier == Some(QualifierKind::Scope)
            && let Some(scope) = qualifier
            && !self.scopes().contains(scope)
        {
            return Reading::not_applicable("there is no such conversation here");
        }
        if let Some(cases) = self.facts.derived.get(&fact) {
            return self.derived(def, cases, qualifier);
        }
        match &*self.range(fact, qualifier) {
            Range::Fixed(reading) => reading.clone(),
            Range::Open(options) => self.pick(fact, qualifier, options),
        }
    }

    fn places(&self, _: FactIx) -> Reading {
        Reading::known_value(word_list([Word::from("a secret")]))
    }

    fn vendor(&self, _: Vendor) -> Reading {
        Reading::unknown("files decide it", Reason::NotWritten)
    }

    fn has(&self, _: u32) -> Reading {
        Reading::unknown("files decide it", Reason::NotWritten)
    }

    fn field(&self, _: &Record, _: u32) -> Reading {
        Reading::unknown("files decide it", Reason::NotWritten)
    }

    fn has_field(&self, _: &Record, _: u32) -> Reading {
        Reading::unknown("files decide it", Reason::NotWritten)
    }

    fn param(&self, param: u32) -> Reading {
        self.params
            .get(param as usize)
            .map_or_else(|| Reading::unknown("no such parameter", Reason::Stated), |v| Reading::known_value(v.clone()))
    }

    fn members(&self, members: Members) -> Reading {
        match members {
            Members::Scopes | Members::Private => {
                let keep = |w: &Word| members == Members::Scopes || **w != *"channel";
                Reading::known_value(word_list(self.scopes().into_iter().filter(keep)))
            }
            Members::Cohorts => {
                let minors = self.facts.vocabulary.find("product.minors").map(|ix| self.fact(ix, None));
                let word = |w: &str| Reading::known_value(Value::Word(Word::from(w)));
                let list = match minors.map(|r| r.state) {
                    Some(State::Known(Value::Word(w))) if *w == *"excluded-verified" => vec![word("everyone")],
                    Some(State::Known(_)) => vec![word("everyone"), word("minor")],
                    Some(State::Unknown(u)) => vec![word("everyone"), Reading::of_unknown((*u).clone())],
                    _ => vec![word("everyone")],
                };
                Reading::known_value(Value::List(list.into()))
            }
        }
    }

    fn vocabulary(&self) -> &Vocabulary {
        &self.facts.vocabulary
    }

    fn traced(&self) -> bool {
        false
    }

    fn oldest(&self) -> Option<Value> {
        None
    }
}
