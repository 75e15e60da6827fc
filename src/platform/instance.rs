//! One document that configures several deployments: hosts of a server.

use super::definition::Platform;
use super::deployment::{Deployment, Sheet};
use super::event::Event;
use super::layer::Layer;
use super::path::{Path, Segment, follow, glob};
use super::surroundings::root_of;
use crate::fact::{FactDef, Value, Word};
use crate::syntax::{Document, Kind, NodeId};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// What makes an instance in a platform's documents.
#[derive(Debug)]
pub struct InstanceKind {
    /// The nodes, one an instance.
    pub each: Path,
    /// What names one, from its node: a path, the node itself, or the key of a map's entry.
    pub id: Naming,
    /// The word for this kind.
    pub kind: Word,
    /// Globs of the facts it has; `None`: all.
    pub facts: Option<Vec<String>>,
}

/// What names an instance.
#[derive(Clone, PartialEq, Debug)]
pub enum Naming {
    /// The text at a path.
    Path(Path),
    /// The node itself.
    Itself,
    /// The key of the entry.
    Key,
}

impl Naming {
    /// `"@1"`, `"."`, `"_key"`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "." => Ok(Naming::Itself),
            "_key" => Ok(Naming::Key),
            other => Path::parse(other).map(Naming::Path),
        }
    }
}

/// One instance that documents hold.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What names it.
    pub id: Word,
    /// Its kind, by its place in [`Platform::instances`].
    pub kind: usize,
    /// Where it is configured: documents and nodes, in order.
    pub at: Vec<(u32, NodeId)>,
    /// Where others are.
    pub others: Vec<(u32, NodeId)>,
}

/// The instances that documents hold, in the order in which they are opened; one that is opened twice is one. Without
/// any there is one deployment, which has no name.
pub fn instances(platform: &Platform, sheets: &[Sheet]) -> Vec<Instance> {
    let mut out: Vec<Instance> = Vec::new();
    for (sheet, d) in sheets.iter().zip(0..) {
        let Some(kind) = platform.documents.get(sheet.kind).filter(|k| !k.part) else { continue };
        let doc = &sheet.document;
        let mut found: Vec<(usize, Node)> = Vec::new();
        for (n, def) in platform.instances.iter().enumerate() {
            let top = Node { id: root_of(Some(platform), sheet), key: None };
            found.extend(nodes(doc, top, &def.each.0, kind.fold).into_iter().map(|node| (n, node)));
        }
        found.sort_by_key(|(_, node)| doc.node(node.id).span.start);
        for (n, node) in found {
            let Some(def) = platform.instances.get(n) else { continue };
            let Some(id) = name(doc, &node, &def.id, kind.fold) else { continue };
            let same = |i: &&mut Instance| i.id == id && kind_of(platform, i.kind) == kind_of(platform, n);
            match out.iter_mut().find(same) {
                Some(known) => known.at.push((d, node.id)),
                None => out.push(Instance { id, kind: n, at: vec![(d, node.id)], others: Vec::new() }),
            }
        }
    }
    let all: Vec<(u32, NodeId)> = out.iter().flat_map(|i| i.at.iter().copied()).collect();
    for instance in &mut out {
        instance.others = all.iter().copied().filter(|at| !instance.at.contains(at)).collect();
    }
    out
}

/// What instances of the same documents report about a place counts only if each of them that reads the place reports
/// it.
pub fn agree(deployments: &[Deployment<'_>]) {
    if deployments.len() < 2 {
        return;
    }
    let all: Vec<Vec<Event>> = deployments.iter().map(Deployment::events).collect();
    for (n, own) in all.iter().enumerate() {
        let mut kept: Vec<Event> = Vec::new();
        for event in own {
            let Some(node) = event.node else {
                kept.push(event.clone());
                continue;
            };
            let same = |e: &&Event| e.kind == event.kind && e.node == event.node;
            let others = deployments.iter().zip(&all).enumerate().filter(|(m, (d, _))| *m != n && d.reads_node(node));
            let told: Vec<Option<&Event>> = others.map(|(_, (_, events))| events.iter().find(same)).collect();
            if told.iter().all(Option::is_some) {
                let open = told.iter().flatten().find_map(|e| e.undecided.clone());
                kept.push(Event { undecided: event.undecided.clone().or(open), ..event.clone() });
            }
        }
        if let Some(deployment) = deployments.get(n) {
            *deployment.events.borrow_mut() = kept;
        }
    }
}

fn kind_of(platform: &Platform, n: usize) -> Option<&Word> {
    platform.instances.get(n).map(|def| &def.kind)
}

#[derive(Clone)]
struct Node {
    id: NodeId,
    key: Option<Word>,
}

/// Every node that a path leads to; a test takes each match.
fn nodes(doc: &Document, from: Node, path: &[Segment], fold: bool) -> Vec<Node> {
    let Some((first, rest)) = path.split_first() else { return vec![from] };
    let plain = |id| Node { id, key: None };
    let next: Vec<Node> = match (first, &doc.node(from.id).kind) {
        (Segment::Each, Kind::Seq(items)) => items.iter().map(|i| plain(i.value)).collect(),
        (Segment::Any, Kind::Map(entries)) => {
            entries.iter().map(|e| Node { id: e.value, key: Some(Word::from(&*e.key)) }).collect()
        }
        (Segment::Test(..), Kind::Seq(items)) => {
            let one = std::slice::from_ref(first);
            let fits = |id: &NodeId| !follow(doc, *id, one, fold).hits.is_empty();
            items.iter().map(|i| i.value).filter(fits).map(plain).collect()
        }
        (step, _) => {
            follow(doc, from.id, std::slice::from_ref(step), fold).hits.iter().map(|h| plain(h.node)).collect()
        }
    };
    next.into_iter().flat_map(|node| nodes(doc, node, rest, fold)).collect()
}

fn name(doc: &Document, node: &Node, naming: &Naming, fold: bool) -> Option<Word> {
    let at = match naming {
        Naming::Key => return node.key.clone(),
        Naming::Itself => node.id,
        Naming::Path(path) => follow(doc, node.id, &path.0, fold).hits.last()?.node,
    };
    let node = doc.node(at);
    match (&node.kind, node.hole.as_ref().and_then(|hole| hole.default.as_deref())) {
        // A variable fills it in: what stands for that names it better than the variable.
        (Kind::Scalar { .. }, Some(default)) if !default.is_empty() => Some(Word::from(default)),
        (Kind::Scalar { text, .. }, _) => Some(Word::from(&**text)),
        _ => None,
    }
}

impl Layer {
    /// Does it begin at an instance?
    pub fn is_each(&self) -> bool {
        matches!(self.at.0.first(), Some(Segment::Key(key)) if **key == *"{each}")
    }
}

impl Deployment<'_> {
    /// The instance that is read, if documents hold several, and its kind.
    pub(super) fn instance(&self) -> Option<(&Instance, &InstanceKind)> {
        let instance = self.input.instance.as_ref()?;
        Some((instance, self.platform?.instances.get(instance.kind)?))
    }

    /// What names the instance, if documents hold several.
    pub fn instance_id(&self) -> Option<&Word> {
        self.input.instance.as_ref().map(|i| &i.id)
    }

    /// What names the deployment to the world, as its files say: the instance, or what a setting of the platform holds.
    pub fn server(&self) -> Option<Word> {
        let written = |ix: &u32| {
            let reading = self.quick(|| self.setting(*ix));
            reading.known().and_then(Value::word).filter(|name| !name.trim().is_empty()).cloned()
        };
        self.instance_id().cloned().or_else(|| self.platform()?.named_by.iter().find_map(written))
    }

    /// Was a setting read from a node?
    fn reads_node(&self, node: (u32, NodeId)) -> bool {
        self.reads.borrow().contains(&node)
    }

    /// Where a layer begins in a document: nowhere, at one node, or at several of which the last counts most.
    pub(super) fn layer_roots(&self, layer: &Layer, d: u32) -> SmallVec<[NodeId; 1]> {
        let root = self.root(d);
        if layer.at.0.is_empty() {
            return smallvec![root];
        }
        let own = self.input.instance.as_ref();
        let (starts, path): (SmallVec<[NodeId; 1]>, _) = if layer.is_each() {
            let own = own.into_iter().flat_map(|i| &i.at).filter(|(at, _)| *at == d).map(|(_, node)| *node);
            (own.collect(), layer.at.0.get(1..).unwrap_or_default())
        } else {
            (smallvec![root], layer.at.0.as_slice())
        };
        let Some(doc) = self.document(d) else { return SmallVec::new() };
        let named = |segment: &Segment| matches!(segment, Segment::Key(key) if **key == *"{instance}");
        let path: Cow<'_, [Segment]> = match (path.iter().any(named), own) {
            (false, _) => Cow::Borrowed(path),
            (true, None) => return SmallVec::new(),
            (true, Some(own)) => {
                let fill = |s: &Segment| if named(s) { Segment::Key((*own.id).into()) } else { s.clone() };
                Cow::Owned(path.iter().map(fill).collect())
            }
        };
        starts.into_iter().filter_map(|start| self.find(d, doc, start, &path).hits.last().map(|h| h.node)).collect()
    }

    /// Does the instance have a fact? What is derived follows from others, and what describes the product is the same
    /// for all.
    pub(super) fn has_fact(&self, def: &FactDef) -> bool {
        let globs = self.instance().and_then(|(_, kind)| kind.facts.as_ref());
        def.derived() || def.context || globs.is_none_or(|list| list.iter().any(|g| glob(g, &def.id)))
    }
}
