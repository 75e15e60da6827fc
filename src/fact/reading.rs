//! A value as it could be read: known, unknown with what is left, or not applicable; and where it came from.

use super::value::Value;
use smallvec::SmallVec;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A fact with its qualifier, interned by the deployment that is judged.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FactKey(NonZeroU32);

impl FactKey {
    /// The key of the fact interned at a place.
    pub fn new(place: usize) -> Self {
        let n = u32::try_from(place).unwrap_or(u32::MAX - 1);
        Self(NonZeroU32::MIN.saturating_add(n))
    }

    /// The place it was interned at.
    pub fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// One source: a place of the deployment, and the fact that the value came through.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The place, interned by the deployment.
    pub place: u32,
    /// The fact whose reason is shown there.
    pub fact: Option<FactKey>,
}

/// Sources in the order of their weight, one a place.
pub type Trail = SmallVec<[Step; 2]>;

/// Why a value is not known. The order is that of reports.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody declared it.
    Undeclared,
    /// The platform file, or a declaration, says that it cannot be told.
    Stated,
    /// No setting of the platform is read for it.
    NotRead,
    /// The setting is not written and has no confirmed default.
    NotWritten,
    /// Another file or system holds it.
    Elsewhere,
    /// A template or variable fills it in.
    Templated,
    /// The vendor refuses what is written.
    Refused,
    /// It depends on the release.
    Version,
    /// It depends on something that no file says (licence, install).
    Context,
}

impl Reason {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Undeclared => "undeclared",
            Reason::Stated => "stated",
            Reason::NotRead => "not-read",
            Reason::NotWritten => "not-written",
            Reason::Elsewhere => "elsewhere",
            Reason::Templated => "templated",
            Reason::Refused => "refused",
            Reason::Version => "version",
            Reason::Context => "context",
        }
    }
}

/// What is known of an unknown value.
#[derive(Clone, PartialEq, Debug)]
pub struct Unknown {
    /// The reason, for people.
    pub why: Arc<str>,
    /// Its kind.
    pub kind: Reason,
    /// Who decides it, in the words of `by`.
    pub by: Option<Arc<str>>,
    /// What it may be, if that is bounded (at most [`Unknown::MOST`]).
    pub candidates: Option<Vec<Value>>,
}

impl Unknown {
    /// More candidates than this are as good as none.
    pub const MOST: usize = 8;
}

/// The three states of a value.
#[derive(Clone, PartialEq, Debug)]
pub enum State {
    /// It is this.
    Known(Value),
    /// It cannot be told.
    Unknown(Arc<Unknown>),
    /// There is no such thing here; why.
    NotApplicable(Arc<str>),
}

/// A state with its provenance.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// What it is.
    pub state: State,
    /// The places it rests on.
    pub from: Trail,
    /// The facts that the expression named and that decided.
    pub facts: SmallVec<[FactKey; 2]>,
}

impl Reading {
    /// A known value without a source.
    pub fn known_value(value: Value) -> Self {
        Self { state: State::Known(value), from: Trail::new(), facts: SmallVec::new() }
    }

    /// A known truth value without a source.
    pub fn truth(value: bool) -> Self {
        Self::known_value(Value::Bool(value))
    }

    /// An unknown value without a source.
    pub fn unknown(why: impl Into<Arc<str>>, kind: Reason) -> Self {
        Self::of_unknown(Unknown { why: why.into(), kind, by: None, candidates: None })
    }

    /// An unknown value without a source.
    pub fn of_unknown(unknown: Unknown) -> Self {
        Self { state: State::Unknown(Arc::new(unknown)), from: Trail::new(), facts: SmallVec::new() }
    }

    /// Not applicable, without a source.
    pub fn not_applicable(why: impl Into<Arc<str>>) -> Self {
        Self { state: State::NotApplicable(why.into()), from: Trail::new(), facts: SmallVec::new() }
    }

    /// The value, if known.
    pub fn known(&self) -> Option<&Value> {
        match &self.state {
            State::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The truth value, if known.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.state {
            State::Known(Value::Bool(b)) => Some(*b),
            _ => None,
        }
    }

    /// Is it true?
    pub fn is_true(&self) -> bool {
        self.as_bool() == Some(true)
    }

    /// Is it false?
    pub fn is_false(&self) -> bool {
        self.as_bool() == Some(false)
    }

    /// What is known of it, if it is unknown.
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match &self.state {
            State::Unknown(u) => Some(u),
            _ => None,
        }
    }

    /// Is it not applicable?
    pub fn is_na(&self) -> bool {
        matches!(self.state, State::NotApplicable(_))
    }

    /// With the sources of another behind its own.
    pub fn add_from(&mut self, other: &Reading) {
        add(&mut self.from, &other.from);
        for fact in &other.facts {
            if !self.facts.contains(fact) {
                self.facts.push(*fact);
            }
        }
    }

    /// The known value or the candidates; `None` if anything is possible or nothing applies.
    pub fn possible(&self) -> Option<Vec<Value>> {
        match &self.state {
            State::Known(v) => Some(vec![v.clone()]),
            State::Unknown(u) => u.candidates.clone(),
            State::NotApplicable(_) => None,
        }
    }
}

/// Appends sources, one a place; the first mention of a place keeps its fact.
pub fn add(trail: &mut Trail, more: &[Step]) {
    for step in more {
        if !trail.iter().any(|s| s.place == step.place) {
            trail.push(*step);
        }
    }
}

/// Joins what cases left open: all equal, that; all not applicable, that; each known or bounded, unknown with
/// candidates; else unknown. `why` is the first undecided guard, if there is one.
pub fn join(parts: &[Reading], why: Option<&Arc<Unknown>>) -> Reading {
    let mut out = join_states(parts, why);
    for part in parts {
        out.add_from(part);
    }
    out
}

fn join_states(parts: &[Reading], why: Option<&Arc<Unknown>>) -> Reading {
    if let Some(first) = parts.first() {
        let same = |r: &Reading| match (&r.state, &first.state) {
            (State::Known(a), State::Known(b)) => a == b,
            (State::NotApplicable(_), State::NotApplicable(_)) => true,
            _ => false,
        };
        if parts.iter().all(same) {
            return Reading { state: first.state.clone(), from: Trail::new(), facts: SmallVec::new() };
        }
    }
    let inner = parts.iter().find_map(Reading::as_unknown);
    let template = why.or(inner);
    let (text, kind, by) = template
        .map_or((Arc::from("it depends on what cannot be read here"), Reason::Stated, None), |u| {
            (Arc::clone(&u.why), u.kind, u.by.clone())
        });
    let mut candidates: Option<Vec<Value>> = Some(Vec::new());
    for part in parts {
        match (part.possible(), &mut candidates) {
            (Some(values), Some(list)) => {
                for value in values {
                    if !list.contains(&value) {
                        list.push(value);
                    }
                }
            }
            _ => candidates = None,
        }
    }
    let candidates = candidates.filter(|c| !c.is_empty() && c.len() <= Unknown::MOST);
    Reading::of_unknown(Unknown { why: text, kind, by, candidates })
}

/// Applies an operation to values that may be unknown: decided if it gives the same for all candidates; unknown
/// (with candidates of its own) otherwise; not applicable if no side is unknown and one is not applicable.
pub fn over(operands: &[&Reading], mut apply: impl FnMut(&[Value]) -> Option<Value>) -> Reading {
    let unknown = operands.iter().find_map(|r| r.as_unknown());
    let absent = operands.iter().find_map(|r| match &r.state {
        State::NotApplicable(why) => Some(why),
        _ => None,
    });
    let gathered = |keep: &dyn Fn(&Reading) -> bool, mut out: Reading| {
        for r in operands.iter().filter(|r| keep(r)) {
            out.add_from(r);
        }
        out
    };
    let everything: &dyn Fn(&Reading) -> bool = &|_| true;
    let Some(unknown) = unknown else {
        if let Some(why) = absent {
            return gathered(&Reading::is_na, Reading::not_applicable(Arc::clone(why)));
        }
        let values: Vec<Value> = operands.iter().filter_map(|r| r.known().cloned()).collect();
        let out = apply(&values)
            .map_or_else(|| Reading::unknown("the values cannot be compared", Reason::Stated), Reading::known_value);
        return gathered(everything, out);
    };
    let stay = |candidates: Option<Vec<Value>>| {
        if candidates.is_none() && unknown.candidates.is_none() {
            let same =
                Reading { state: State::Unknown(Arc::clone(unknown)), from: Trail::new(), facts: SmallVec::new() };
            return gathered(&|r: &Reading| r.as_unknown().is_some(), same);
        }
        let u = Unknown { why: Arc::clone(&unknown.why), kind: unknown.kind, by: unknown.by.clone(), candidates };
        gathered(&|r: &Reading| r.as_unknown().is_some(), Reading::of_unknown(u))
    };
    if absent.is_some() {
        return stay(None);
    }
    let Some(options) = operands.iter().map(|r| r.possible()).collect::<Option<Vec<_>>>() else { return stay(None) };
    if options.iter().map(Vec::len).product::<usize>() > Unknown::MOST * 2 {
        return stay(None);
    }
    let mut results: Vec<Value> = Vec::new();
    for values in combinations(&options) {
        match apply(&values) {
            Some(v) if !results.contains(&v) => results.push(v),
            Some(_) => {}
            None => return stay(None),
        }
    }
    match results.as_slice() {
        [one] => gathered(everything, Reading::known_value(one.clone())),
        _ => stay(Some(results).filter(|r| r.len() <= Unknown::MOST)),
    }
}

fn combinations(options: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut all: Vec<Vec<Value>> = vec![Vec::new()];
    for values in options {
        all = all
            .into_iter()
            .flat_map(|head| {
                values.iter().map(move |v| {
                    let mut row = head.clone();
                    row.push(v.clone());
                    row
                })
            })
            .collect();
    }
    all
}
