//! What a file builds up as it is read: variables, sections, and where what is assigned goes.

use super::super::duplicates::Finder;
use super::super::tree::{Branch, Child, Document, Entry, Kind, Node, NodeId};
use super::value::What;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// Where an assignment goes: to the top (`None`), or to a section.
pub(super) type Target = Option<usize>;

/// More than these a file does not leave open.
const MOST_TARGETS: usize = 8;

/// A local variable.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// What it holds.
    pub what: What,
    /// The node of that.
    pub node: NodeId,
    /// How many branches were open where it was declared.
    pub depth: usize,
}

/// The local variables in sight.
#[derive(Default)]
pub(super) struct Locals<'a> {
    held: HashMap<&'a str, Vec<Held>>,
    /// Names in the order of their declaration, for the end of a block.
    order: Vec<&'a str>,
}

impl<'a> Locals<'a> {
    /// The variable of a name.
    pub fn get(&self, name: &str) -> Option<&Held> {
        self.held.get(name)?.last()
    }

    /// The variable of a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Held> {
        self.held.get_mut(name)?.last_mut()
    }

    /// Declares a variable.
    pub fn declare(&mut self, name: &'a str, held: Held) {
        self.held.entry(name).or_default().push(held);
        self.order.push(name);
    }

    /// The beginning of a block, to be given to [`Locals::leave`].
    pub fn enter(&self) -> usize {
        self.order.len()
    }

    /// The end of a block: what it declared is gone.
    pub fn leave(&mut self, mark: usize) {
        while self.order.len() > mark {
            let name = self.order.pop();
            name.and_then(|name| self.held.get_mut(name)).map(Vec::pop);
        }
    }
}

/// What a statement of its own kind brought.
struct Section {
    /// The statement's name.
    kind: Box<str>,
    /// The name as it is first written.
    name: Span,
    content: Content,
    span: Span,
}

enum Content {
    /// Its labels, then what was assigned.
    Entries(Vec<Entry>),
    /// A statement that names another file: what it names.
    Named(Child),
}

/// Sections, and the entries of the top.
#[derive(Default)]
pub(super) struct Frame {
    top: Vec<Entry>,
    sections: Vec<Section>,
    by_label: HashMap<(Box<str>, Vec<Box<str>>), usize>,
    /// Where assignments go; several where control flow leaves it open.
    pub targets: Vec<Target>,
    /// From where it has been open.
    uncertain: Option<usize>,
    /// Names that were assigned so far.
    assigned: HashSet<Box<str>>,
    /// The tables that were assigned last, for what is added to them.
    tables: HashMap<(Target, Box<str>), NodeId>,
    branches: Vec<Branch>,
    groups: u32,
    /// Statements of which one branch is always taken.
    exhaustive: HashSet<u32>,
}

impl Frame {
    /// A file's beginning: what is assigned goes to the top.
    pub fn new() -> Self {
        Self { targets: vec![None], ..Self::default() }
    }

    /// Assigns to a name.
    pub fn assign(&mut self, key: &str, key_span: Span, value: Child, table: Option<NodeId>) {
        if !self.assigned.contains(key) {
            self.assigned.insert(key.into());
        }
        for &target in &self.targets.clone() {
            if let Some(table) = table {
                self.tables.insert((target, key.into()), table);
            } else {
                self.tables.remove(&(target, Box::from(key)));
            }
            let entry = Entry { key: key.into(), key_span, value: value.value, alias: value.alias, merged: false };
            self.put(target, entry);
        }
    }

    /// Was a name assigned so far, whatever the section?
    pub fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// Notes a name that a statement assigns something that is no value of a setting.
    pub fn note(&mut self, name: &str) {
        self.assigned.insert(name.into());
    }

    /// The table that a name holds in the present section, if that is certain.
    pub fn table(&self, name: &str) -> Option<NodeId> {
        match self.targets.as_slice() {
            [target] => self.tables.get(&(*target, Box::from(name))).copied(),
            _ => None,
        }
    }

    fn put(&mut self, target: Target, entry: Entry) {
        match target.map(|section| self.sections.get_mut(section)) {
            None => self.top.push(entry),
            Some(section) => {
                if let Some(Section { content: Content::Entries(entries), .. }) = section {
                    entries.push(entry);
                }
            }
        }
    }

    /// Makes a section reach to a place.
    pub fn reach(&mut self, end: u32) {
        for &target in &self.targets {
            if let Some(section) = target.and_then(|section| self.sections.get_mut(section)) {
                section.span.end = section.span.end.max(end);
            }
        }
    }

    /// Opens a section, or the one with the same labels again.
    pub fn open(&mut self, kind: &str, name: Span, statement: Span, labels: Vec<(Entry, Box<str>)>) {
        self.settle(statement.start as usize);
        let (entries, texts): (Vec<Entry>, Vec<Box<str>>) = labels.into_iter().unzip();
        let key = (Box::from(kind), texts);
        let section = match self.by_label.get(&key) {
            Some(&section) => section,
            None => {
                let section = self.sections.len();
                let content = Content::Entries(entries);
                self.sections.push(Section { kind: kind.into(), name, content, span: statement });
                self.by_label.insert(key, section);
                section
            }
        };
        self.targets = vec![Some(section)];
    }

    /// Notes a statement that names another file.
    pub fn name_file(&mut self, kind: &str, name: Span, statement: Span, file: Child) {
        self.sections.push(Section { kind: kind.into(), name, content: Content::Named(file), span: statement });
    }

    /// Back to the top, after a section that was written in one statement.
    pub fn close(&mut self) {
        self.targets = vec![None];
    }

    /// A number for the branches of one statement.
    pub fn group(&mut self) -> u32 {
        self.groups += 1;
        self.groups - 1
    }

    /// Notes a branch.
    pub fn branch(&mut self, span: Span, group: u32, index: u32) {
        self.branches.push(Branch { span, group, index, exhaustive: false });
    }

    /// Of these branches one is always taken.
    pub fn exhaust(&mut self, group: u32) {
        self.exhaustive.insert(group);
    }

    /// After control flow: what is assigned goes to whatever section its branches ended in.
    pub fn join(&mut self, ends: Vec<Vec<Target>>, at: usize) {
        let mut targets: Vec<Target> = Vec::new();
        for target in ends.into_iter().flatten() {
            if !targets.contains(&target) && targets.len() < MOST_TARGETS {
                targets.push(target);
            }
        }
        self.targets = targets;
        self.unsettle(at);
    }

    /// From here on it may be open where assignments go.
    pub fn unsettle(&mut self, at: usize) {
        if self.targets.len() > 1 && self.uncertain.is_none() {
            self.uncertain = Some(at);
        }
    }

    /// What was open up to here was written under a condition.
    pub fn settle(&mut self, at: usize) {
        if let Some(from) = self.uncertain.take() {
            let group = self.group();
            self.branch(Span::new(from, at), group, 0);
        }
    }

    /// Makes the tree; gives the branches.
    pub fn finish(mut self, document: &mut Document, length: usize) -> Vec<Branch> {
        self.settle(length);
        let mut branches = std::mem::take(&mut self.branches);
        for branch in &mut branches {
            branch.exhaustive = self.exhaustive.contains(&branch.group);
        }
        branches.sort_by_key(|branch| (branch.span.start, std::cmp::Reverse(branch.span.end)));
        let conditional = Cover::of(&branches);
        let mut finder = Finder::default();
        let mut lists: Vec<List> = Vec::new();
        let mut by_kind: HashMap<Box<str>, usize> = HashMap::new();
        for section in std::mem::take(&mut self.sections) {
            let child = match section.content {
                Content::Named(child) => child,
                Content::Entries(entries) => {
                    finder.find(&entries, None, &mut document.duplicates);
                    Child { value: document.push(Node::new(section.span, Kind::Map(entries))), alias: None }
                }
            };
            let certain = !conditional.contains(section.name);
            match by_kind.get(&section.kind).and_then(|place| lists.get_mut(*place)) {
                Some(list) => {
                    list.items.push(child);
                    list.span.end = list.span.end.max(section.span.end);
                    // A list is there for certain if one of its items is: its key is that one's.
                    if certain && !list.certain {
                        (list.name, list.certain) = (section.name, true);
                    }
                }
                None => {
                    by_kind.insert(section.kind.clone(), lists.len());
                    let (kind, name, span) = (section.kind, section.name, section.span);
                    lists.push(List { kind, name, certain, items: vec![child], span });
                }
            }
        }
        finder.find(&self.top, None, &mut document.duplicates);
        for List { kind, name, items, span, .. } in lists {
            let value = document.push(Node::new(span, Kind::Seq(items)));
            self.top.push(Entry { key: kind, key_span: name, value, alias: None, merged: false });
        }
        self.top.sort_by_key(|entry| entry.key_span.start);
        let ends = self.top.iter().map(|entry| document.node(entry.value).span.end.max(entry.key_span.end)).max();
        let start = self.top.first().map_or(0, |entry| entry.key_span.start);
        let span = Span { start, end: ends.unwrap_or(0).max(start) };
        document.root = document.push(Node::new(span, Kind::Map(self.top)));
        branches
    }
}

/// The sections of one kind.
struct List {
    kind: Box<str>,
    name: Span,
    certain: bool,
    items: Vec<Child>,
    span: Span,
}

/// The text under branches, as ranges that do not touch.
struct Cover(Vec<Span>);

impl Cover {
    /// Of branches that are sorted by their start.
    fn of(branches: &[Branch]) -> Self {
        let mut ranges: Vec<Span> = Vec::new();
        for Branch { span, .. } in branches {
            match ranges.last_mut().filter(|last| span.start <= last.end) {
                Some(last) => last.end = last.end.max(span.end),
                None => ranges.push(*span),
            }
        }
        Self(ranges)
    }

    fn contains(&self, span: Span) -> bool {
        let next = self.0.partition_point(|range| range.start <= span.start);
        next.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|range| range.contains(span))
    }
}
