//! References between settings, gates, contexts and facts go in no circle: each would wait for the other.

use super::definition::{Case, ContextDef, Effect, Gate, Setting};
use super::layer::Layer;
use crate::condition::{Expr, Members, Op, Vendor};
use crate::fact::{FactIx, Vocabulary};
use std::collections::HashMap;

/// Something that is read.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// A setting before its gates.
    Raw(u32),
    /// A setting after its gates.
    Setting(u32),
    /// A context.
    Context(u32),
    /// The condition of a layer.
    Layer(u32),
    /// A fact.
    Fact(FactIx),
}

/// What a platform file declares.
pub struct References<'a> {
    /// The facts.
    pub vocabulary: &'a Vocabulary,
    /// The layers.
    pub layers: &'a [Layer],
    /// The settings.
    pub settings: &'a [Setting],
    /// The gates.
    pub gates: &'a [Gate],
    /// For each setting its gates.
    pub gates_of: &'a [Vec<usize>],
    /// The contexts.
    pub contexts: &'a [ContextDef],
    /// How facts follow.
    pub facts: &'a HashMap<FactIx, Vec<Case>>,
}

impl References<'_> {
    /// The nodes of a circle, if there is one.
    pub fn circle(&self) -> Option<Vec<Node>> {
        let mut done: HashMap<Node, ()> = HashMap::new();
        let settings = (0..self.settings.len()).map(|n| Node::Setting(u32::try_from(n).unwrap_or(u32::MAX)));
        let contexts = (0..self.contexts.len()).map(|n| Node::Context(u32::try_from(n).unwrap_or(u32::MAX)));
        let mut facts: Vec<FactIx> = self.facts.keys().copied().collect();
        facts.sort();
        let starts = settings.chain(contexts).chain(facts.into_iter().map(Node::Fact));
        starts.into_iter().find_map(|start| self.visit(start, &mut Vec::new(), &mut done))
    }

    fn visit(&self, node: Node, open: &mut Vec<Node>, done: &mut HashMap<Node, ()>) -> Option<Vec<Node>> {
        if let Some(at) = open.iter().position(|n| *n == node) {
            return open.get(at..).map(<[Node]>::to_vec);
        }
        if done.contains_key(&node) {
            return None;
        }
        open.push(node);
        let found = self.reads(node).into_iter().find_map(|next| self.visit(next, open, done));
        open.pop();
        done.insert(node, ());
        found
    }

    fn reads(&self, node: Node) -> Vec<Node> {
        let mut out = Vec::new();
        match node {
            Node::Raw(ix) => {
                let Some(setting) = self.settings.get(ix as usize) else { return out };
                self.of_cases(setting.absent.as_deref().unwrap_or_default(), &mut out);
                setting.readers.iter().filter_map(|r| r.when.as_ref()).for_each(|e| self.of_expr(e, &mut out));
                if setting.list.is_none() {
                    let asked = (0..self.layers.len()).filter(|n| setting.asks(*n));
                    out.extend(asked.filter_map(|n| u32::try_from(n).ok()).map(Node::Layer));
                }
            }
            Node::Setting(ix) => {
                for gate in self.gates_of.get(ix as usize).into_iter().flatten().filter_map(|n| self.gates.get(*n)) {
                    self.of_expr(&gate.needs, &mut out);
                }
                // In its own `needs` a setting has the value before that gate.
                out.retain(|n| *n != node);
                out.push(Node::Raw(ix));
            }
            Node::Context(ix) => {
                self.of_cases(self.contexts.get(ix as usize).map(|c| &*c.cases).unwrap_or_default(), &mut out)
            }
            Node::Layer(n) => {
                let when = self.layers.get(n as usize).and_then(|l| l.when.as_ref());
                when.into_iter().for_each(|e| self.of_expr(e, &mut out));
            }
            Node::Fact(ix) => self.of_cases(self.facts.get(&ix).map(|c| &**c).unwrap_or_default(), &mut out),
        }
        out
    }

    fn of_cases(&self, cases: &[Case], out: &mut Vec<Node>) {
        for case in cases {
            case.when.iter().for_each(|e| self.of_expr(e, out));
            if let Effect::From(e) | Effect::Mapped(e, _) = &case.effect {
                self.of_expr(e, out);
            }
        }
    }

    fn of_expr(&self, expr: &Expr, out: &mut Vec<Node>) {
        let named = |id: &str| self.vocabulary.find(id).map(Node::Fact);
        expr.walk(&mut |e| match &e.op {
            Op::Vendor(Vendor::Setting(ix)) => out.push(Node::Setting(*ix)),
            Op::Vendor(Vendor::Context(ix)) => out.push(Node::Context(*ix)),
            Op::Has(ix) | Op::Field { field: ix, .. } | Op::HasField { field: ix, .. } => out.push(Node::Raw(*ix)),
            Op::Fact { fact, .. } => out.push(Node::Fact(*fact)),
            Op::Members(Members::Cohorts) => out.extend(named("product.minors")),
            Op::Members(_) => out.extend(named("product.scopes")),
            _ => {}
        });
    }
}
