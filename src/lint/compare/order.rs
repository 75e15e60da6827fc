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
        let known: Vec<(usize, serde_json::Value)> = cells
            .iter()
            .enumerate()
            .filter_map(|(n, cell)| Some((n, cell.as_ref().filter(|c| c.state.as_str() == "known")?.value.clone())))
            .collect();
        for (n, own) in &known {
            let others = || known.iter().filter(|(m, _)| m != n).map(|(_, other)| other);
            let better = others().filter(|other| self.worse(own, other) == Some(true)).count();
            let worse = others().filter(|other| self.worse(other, own) == Some(true)).count();
            let none_better = others().all(|other| self.worse(own, other) == Some(false));
            let none_worse = others().all(|other| self.worse(other, own) == Some(false));
            let mark = match () {
                () if none_better && worse > 0 => Some(Mark::Best),
                () if none_worse && better > 0 => Some(Mark::Worst),
                () => None,
            };
            if let Some(Some(cell)) = cells.get_mut(*n) {
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
