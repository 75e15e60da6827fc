//! What to write to make a fact better: the values laid over a deployment, and the lines for people.

use super::definition::{Mend, Setting, Target};
use super::deployment::Deployment;
use super::read::Written;
use crate::condition::Evaluation;
use crate::fact::{Reading, Record, Value, Word};
use crate::syntax::NodeId;
use crate::text::Span;
use std::collections::HashMap;

/// Lines to add to a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addition {
    /// Where: `to FILE`, `under KEY`.
    pub to: String,
    /// The lines.
    pub text: String,
}

/// One change of a plan.
#[derive(Clone, Debug)]
pub struct Change {
    /// The path for people.
    pub shown: Word,
    /// The new text as it is written in the file; `None`: the key goes.
    pub text: Option<String>,
    /// The document it goes to.
    pub document: Option<u32>,
    /// The written scalar that it replaces.
    pub replaces: Option<Span>,
    /// The keys from the root, and how many of them are written.
    pub keys: Vec<String>,
    /// How many of `keys` are written.
    pub present: usize,
    /// The deepest written key.
    pub near: Option<Span>,
    /// Of a list that is written: the items that come, and those that go.
    pub items: (Vec<String>, Vec<String>),
    /// Of what is not written: the lines as its document spells them, and where they go.
    pub addition: Option<Addition>,
}

/// A mend made ready for one deployment.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Values to lay over the deployment.
    pub overlay: HashMap<u32, Option<Value>>,
    /// Values to lay over fields of records.
    pub fields: HashMap<(u32, u32, NodeId), Value>,
    /// The changes, in the order of the mend.
    pub changes: Vec<Change>,
    /// What a person must still do.
    pub text: Option<String>,
    /// It may be applied unasked.
    pub safe: bool,
}

impl Plan {
    /// Is there nothing to write, only words?
    pub fn text_alone(&self) -> bool {
        self.changes.is_empty()
    }
}

impl Deployment<'_> {
    /// Makes a mend ready; `None` if it is not for this qualifier, or cannot be written.
    pub fn plan(
        &self,
        mend: &Mend,
        qualifiers: &[Option<Word>],
        wanted: Option<&Value>,
        witnesses: &[Record],
    ) -> Option<Plan> {
        if let Some(list) = &mend.qualifiers {
            let named = |q: &Word| list.contains(q) || list.iter().any(|w| **w == *without_keys(q));
            if !qualifiers.iter().all(|q| q.as_ref().is_some_and(named)) {
                return None;
            }
        }
        let it = qualifiers.first().cloned().flatten().map(Value::Word);
        if mend.when.as_ref().is_some_and(|when| !Evaluation::of(when, self, it).is_true()) {
            return None;
        }
        let mut plan = Plan { text: mend.text.as_deref().map(str::to_owned), safe: mend.safe, ..Plan::default() };
        for (target, value) in &mend.set {
            match *target {
                Target::Setting(ix) => {
                    let setting = self.platform()?.setting(ix)?;
                    let target = self.target(ix, setting)?;
                    let (value, text) = self.spell(&target, value, wanted, mend.usual.as_ref())?;
                    // What holds already need not be written.
                    let holds =
                        self.raw(ix).reading.known() == Some(&value) && self.setting(ix).known() == Some(&value);
                    if !holds {
                        plan.changes.push(self.change(setting, &target, Some(text)));
                    }
                    plan.overlay.insert(ix, Some(value));
                }
                Target::Field(ix) => {
                    let setting = self.platform()?.setting(ix)?;
                    for record in
                        witnesses.iter().filter(|r| Some(r.list) == setting.list && r.document != Record::CONSTANT)
                    {
                        let target = self.field_target(setting, record);
                        let (value, text) = self.spell(&target, value, wanted, mend.usual.as_ref())?;
                        plan.changes.push(self.change(setting, &target, Some(text)));
                        plan.fields.insert((ix, record.document, record.node), value);
                    }
                    if plan.fields.is_empty() {
                        return None;
                    }
                }
            }
        }
        for ix in &mend.unset {
            let setting = self.platform()?.setting(*ix)?;
            if self.raw(*ix).written != Written::No
                && let Some(target) = self.target(*ix, setting)
            {
                plan.changes.push(self.change(setting, &target, None));
            }
            plan.overlay.insert(*ix, None);
        }
        self.plan_lists(mend, &mut plan)?;
        Some(plan)
    }

    fn plan_lists(&self, mend: &Mend, plan: &mut Plan) -> Option<()> {
        let mut lists: Vec<u32> = mend.add.iter().chain(&mend.remove).map(|(ix, _)| *ix).collect();
        lists.dedup();
        for ix in lists {
            let setting = self.platform()?.setting(ix)?;
            let of = |list: &[(u32, Value)]| -> Vec<Value> {
                list.iter().filter(|(s, _)| *s == ix).map(|(_, v)| v.clone()).collect()
            };
            let (mut add, remove) = (of(&mend.add), of(&mend.remove));
            let current = self.setting(ix);
            let Some(Value::List(current)) = current.known() else { return None };
            let known: Vec<Value> = current.iter().filter_map(|r| r.known().cloned()).collect();
            add.retain(|v| !known.contains(v));
            if setting.union {
                self.plan_joined(ix, setting, (&add, &remove), plan)?;
            } else {
                let target = self.target(ix, setting)?;
                plan.changes.push(self.list_change(setting, &target, known, (&add, &remove))?);
            }
            // What is not known of the list stays so.
            let kept = current.iter().filter(|r| !r.known().is_some_and(|v| remove.contains(v))).cloned();
            let items = kept.chain(add.into_iter().map(Reading::known_value)).collect();
            plan.overlay.insert(ix, Some(Value::List(items)));
        }
        Some(())
    }

    /// Of a list that layers make up together, each layer has its own part.
    fn plan_joined(
        &self,
        ix: u32,
        setting: &Setting,
        (add, remove): (&[Value], &[Value]),
        plan: &mut Plan,
    ) -> Option<()> {
        let mut left: Vec<&Value> = remove.iter().collect();
        for target in self.written_lists(setting) {
            let own = self.items_at(&target);
            if own.iter().any(|v| remove.contains(v)) {
                left.retain(|v| !own.contains(v));
                plan.changes.push(self.list_change(setting, &target, own, (&[], remove))?);
            }
        }
        if !left.is_empty() {
            return None;
        }
        if !add.is_empty() {
            let target = self.target(ix, setting)?;
            let own = self.items_at(&target);
            plan.changes.push(self.list_change(setting, &target, own, (add, &[]))?);
        }
        Some(())
    }
}

/// A path with the keys of its items taken out: `oidc_providers[].client_secret`.
fn without_keys(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}
