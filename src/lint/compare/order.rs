//! Best and worst of a row, by the fact's own order.

use super::{Cell, Mark};
use crate::fact::{FactDef, SetValue, Type, Value, Vocabulary, Word, literal_of_text};
use std::sync::Arc;

/// The order of a fact's values.
pub(super) struct Order<'a> {
    pub def: &'a FactDef,
    pub vocabulary: &'a Vocabulary,
}

impl Order<'_> {
    /// Is a literal worse than another? `None`: they have no order.
    pub fn worse(&self, a: &serde_json::Value, b: &serde_json::Value) -> Option<bool> {
        let of = |literal| value(literal, &self.def.ty, self.vocabulary);
        self.def.worse(&of(a)?, &of(b)?, self.vocabulary)
    }

    /// Marks the best and the worst. Where all are alike, or have no order, nothing is marked.
    pub fn mark(&self, cells: &mut [Option<Cell>]) {
        // Of many platforms few values are different ones.
        let mut different: Vec<(serde_json::Value, usize)> = Vec::new();
        for cell in cells.iter().flatten().filter(|c| c.state.as_str() == "known") {
            match different.iter_mut().find(|(value, _)| *value == cell.value) {
                Some((_, times)) => *times += 1,
                None => different.push((cell.value.clone(), 1)),
            }
        }
        for (own, times) in &different {
            let others = || different.iter().filter(|(other, _)| other != own);
            let better: usize = others().filter(|(o, _)| self.worse(own, o) == Some(true)).map(|(_, n)| n).sum();
            let worse = others().any(|(o, _)| self.worse(o, own) == Some(true));
            // What is not fully known may differ from its like.
            let alike = *times < 2 || self.worse(own, own) == Some(false);
            let none_better = alike && others().all(|(o, _)| self.worse(own, o) == Some(false));
            let none_worse = alike && others().all(|(o, _)| self.worse(o, own) == Some(false));
            let mark = match () {
                () if none_better && worse => Some(Mark::Best),
                () if none_worse && better > 0 => Some(Mark::Worst),
                () => None,
            };
            for cell in cells.iter_mut().flatten().filter(|c| c.state.as_str() == "known" && c.value == *own) {
                cell.mark = mark;
                cell.rank = better;
            }
        }
    }
}

/// The value of a literal in JSON. What else may be in a set that is not fully known stays open.
pub(super) fn value(literal: &serde_json::Value, ty: &Type, vocabulary: &Vocabulary) -> Option<Value> {
    use serde_json::Value as J;
    let words = |list: &[J]| list.iter().filter_map(|w| w.as_str().map(Word::from)).collect::<Vec<_>>();
    match literal {
        J::Bool(b) => Some(Value::Bool(*b)),
        J::Number(n) => n.as_f64().map(Value::Number),
        J::String(text) => literal_of_text(text, ty, vocabulary).ok(),
        J::Array(list) => Some(Value::Set(Arc::new(SetValue::of(words(list))))),
        J::Object(map) => {
            let has = words(map.get("at_least")?.as_array()?);
            Some(Value::Set(Arc::new(SetValue { open: true, ..SetValue::of(has) })))
        }
        J::Null => None,
    }
}
