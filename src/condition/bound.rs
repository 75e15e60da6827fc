//! Which comparisons a rule hangs on, so that a mend can be told the value that just passes.

use super::{Comparison, Expr, Op};
use crate::fact::FactIx;

/// A comparison of a fact with another side, under which the rule passes at equality.
#[derive(Clone, Debug)]
pub struct Bound<'e> {
    /// The fact.
    pub fact: FactIx,
    /// The other side.
    pub other: &'e Expr,
}

/// The bounds of a condition; `holds`: the condition must be true for the rule to pass (`require`), or false
/// (`forbid`).
pub fn bounds(condition: &Expr, holds: bool) -> Vec<Bound<'_>> {
    let mut out = Vec::new();
    collect(condition, holds, &mut out);
    out
}

fn collect<'e>(expr: &'e Expr, holds: bool, out: &mut Vec<Bound<'e>>) {
    match &expr.op {
        Op::And(list) | Op::Or(list) => list.iter().for_each(|e| collect(e, holds, out)),
        Op::Not(inner) => collect(inner, !holds, out),
        Op::Fold { test, .. } => collect(test, holds, out),
        Op::Compare { how, left, right } => {
            let passes_at_equality = match how {
                Comparison::Equal | Comparison::AtMost | Comparison::AtLeast => holds,
                Comparison::Unequal | Comparison::Less | Comparison::Greater => !holds,
            };
            if passes_at_equality {
                if let Op::Fact { fact, .. } = left.op {
                    out.push(Bound { fact, other: right });
                }
                if let Op::Fact { fact, .. } = right.op {
                    out.push(Bound { fact, other: left });
                }
            }
        }
        _ => {}
    }
}
