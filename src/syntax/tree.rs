//! The tree that every format is read into.
//!
//! Nodes live in one arena, so an alias costs nothing (both places share a node) and a node's id can be kept
//! beside a value without a lifetime. Because of aliases the tree may be a graph, even a cyclic one: walk it by
//! declared paths, never by unbounded recursion.

use crate::text::{Mix, Source, Span};
use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

/// How a file's bytes are written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Format {
    /// YAML, one document or several.
    Yaml,
    /// JSON, with comments and trailing commas.
    Json,
    /// TOML 1.0 (1.1 is read too).
    Toml,
    /// The part of Lua that can be read without running it.
    Lua,
    /// A set of variables: a dotenv file, a script's assignments, the environment of a service. The top is one map
    /// of names to scalars.
    Env,
}

impl Format {
    /// The name used in platform files.
    pub fn name(self) -> &'static str {
        match self {
            Format::Yaml => "yaml",
            Format::Json => "json",
            Format::Toml => "toml",
            Format::Lua => "lua",
            Format::Env => "env",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Format::Yaml, Format::Json, Format::Toml, Format::Lua, Format::Env].into_iter().find(|f| f.name() == name)
    }
}

/// A node's place in its document's arena.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// How a scalar is spelt. Formats with typed scalars (JSON, TOML) say the type; YAML leaves plain ones open.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Style {
    /// YAML plain: the dialect decides what it is. An empty value is plain with empty text and an empty span. Lua: a
    /// name that has no value, which is `nil` when the file is run.
    Plain,
    /// Quoted with `'`: text.
    SingleQuoted,
    /// Quoted with `"`: text.
    DoubleQuoted,
    /// A block scalar (`|`, `>`, TOML `"""`, Lua `[[`): text.
    Block,
    /// A number of JSON or TOML, as written; of Lua, in decimal digits, as what is computed comes to.
    Number,
    /// A boolean of JSON, TOML or Lua.
    Bool,
    /// `null` of JSON, `nil` of Lua.
    Null,
    /// A date or time of TOML.
    Date,
}

impl Style {
    /// Text whatever the dialect.
    pub fn is_text(self) -> bool {
        matches!(self, Style::SingleQuoted | Style::DoubleQuoted | Style::Block)
    }
}

/// What a template or the environment fills in later.
#[derive(Clone, PartialEq, Debug)]
pub struct Hole {
    /// The literal that stands for it: `7d` of `${X:-7d}`. Of Lua the node's style tells how it is spelt.
    pub default: Option<Box<str>>,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// Keys in file order, duplicates kept, merge keys resolved (what is written comes before what is merged).
    Map(Vec<Entry>),
    /// Items in file order.
    Seq(Vec<Child>),
    /// A single value: its text after unescaping.
    Scalar {
        /// The text, unescaped and unfolded.
        text: Box<str>,
        /// How it is spelt.
        style: Style,
    },
}

/// One value with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Scalars: the text with its quotes. Block scalars: from the header to the last content line. Maps and
    /// sequences: from the first to the last child (flow style: with the brackets).
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// The YAML tag as written (`!vault`, `!include`), standard ones left out.
    pub tag: Option<Box<str>>,
    /// The value is, or holds, a template tag or a variable: not known before the file is rendered.
    pub hole: Option<Hole>,
    /// A variable of another file, or of elsewhere in this one, has been filled in: what is written names it.
    pub filled: bool,
    /// Written in flow style (`{…}`, `[…]`; inline tables and arrays of TOML; tables of Lua on one line; all of JSON
    /// is not).
    pub flow: bool,
}

impl Node {
    /// A node without tag and hole, in block style.
    pub(super) fn new(span: Span, kind: Kind) -> Self {
        Self { span, kind, tag: None, hole: None, filled: false, flow: false }
    }
}

/// A key with its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key's text, unescaped.
    pub key: Box<str>,
    /// The key as written, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
    /// `Some` if the value is an alias: the alias (`*name`) as written; the node itself has the anchor's span.
    /// For an entry that a merge key brought in: the alias in the merge key.
    pub alias: Option<Span>,
    /// The entry came in through a merge key (`<<`).
    pub merged: bool,
}

/// An item of a sequence.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Child {
    /// The value.
    pub value: NodeId,
    /// The alias as written, if it is one.
    pub alias: Option<Span>,
}

/// A comment, marker included, without the line break.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Where.
    pub span: Span,
}

/// A key written twice in one map (both entries are in the tree).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Duplicate {
    /// The first key.
    pub first: Span,
    /// The later key.
    pub second: Span,
}

/// The text that a masked template `if`, or control flow of a program, governs: branch `index` of statement `group`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// The text between two control tags.
    pub span: Span,
    /// Which `if`.
    pub group: u32,
    /// Which branch of it, from 0.
    pub index: u32,
    /// The statement has an `else`, so one of its branches is always taken.
    pub exhaustive: bool,
}

/// A file that may bring further keys, and that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// Where it is named.
    pub span: Span,
    /// What is missing and why, in words: `../stack.env, which line 9 names, was not given`.
    pub why: Arc<str>,
}

/// What keeps a text from being read, with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What, in our words; quotes nothing of the file.
    pub message: String,
    /// How to mend it, where we know.
    pub help: Option<String>,
}

fn hash_of(key: &str) -> u64 {
    let mut mix = Mix::default();
    mix.write(key.as_bytes());
    mix.finish()
}

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text.
    pub source: Arc<Source>,
    /// What it was read as.
    pub format: Format,
    /// The arena; node 0 may be anything.
    pub nodes: Vec<Node>,
    /// The top. An empty file (YAML: one whose documents are all empty) is an empty map with an empty span at 0.
    pub root: NodeId,
    /// Further documents of the same file (YAML `---`).
    pub others: Vec<NodeId>,
    /// Comments in file order, each once.
    pub comments: Vec<Comment>,
    /// Keys written twice, in file order.
    pub duplicates: Vec<Duplicate>,
    /// Regions under a template `if` or a program's control flow, sorted by start; nested ones come after their parent.
    pub branches: Vec<Branch>,
    /// Template tags that stand alone on their line and are no control tag (`{{- toYaml .Values.extra }}`), and
    /// computed keys (`[name] = 1`): they may bring any key, so that a key's absence is not certain.
    pub splices: Vec<Span>,
    /// The file holds template tags (they were masked before the parse).
    pub templated: bool,
    /// Some value is an alias of another, or was merged in: a part of the text does not tell what it holds.
    pub aliased: bool,
    /// Errors, sorted by place. Not empty: the tree holds what was read before.
    pub errors: Vec<SyntaxError>,
    /// The key under which it stands, where it is only a part of the source: `environment` of a service.
    pub heading: Option<Span>,
    /// The text that was read, where it stands inside a scalar of the source: spans still point into the source.
    pub inner: Option<Arc<Source>>,
    /// What is written at a value's span is Base64 of the value.
    pub decoded: bool,
    /// Files that belong to it and could not be read: a key's absence is not certain.
    pub unread: Vec<Unread>,
    /// Hashes of the keys of the top with their places, sorted; made when first asked: a platform asks for a
    /// hundred of them.
    pub(super) top: OnceLock<Vec<(u64, u32)>>,
}

impl Document {
    /// A document of which nothing has been read: an empty map at the start.
    pub(super) fn new(source: &Arc<Source>, format: Format) -> Self {
        Self {
            source: Arc::clone(source),
            format,
            nodes: Vec::new(),
            root: NodeId(u32::MAX),
            others: Vec::new(),
            comments: Vec::new(),
            duplicates: Vec::new(),
            branches: Vec::new(),
            splices: Vec::new(),
            templated: false,
            aliased: false,
            errors: Vec::new(),
            heading: None,
            inner: None,
            decoded: false,
            unread: Vec::new(),
            top: OnceLock::new(),
        }
    }

    /// Adds a node to the arena.
    pub(super) fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// Adds regions to those there are, as statements of their own. What only ever stands in one of several branches
    /// is no duplicate.
    pub(super) fn add_branches(&mut self, branches: Vec<Branch>) {
        if branches.is_empty() {
            return;
        }
        let first = self.branches.iter().map(|branch| branch.group + 1).max().unwrap_or(0);
        self.branches.extend(branches.into_iter().map(|b| Branch { group: b.group.saturating_add(first), ..b }));
        self.branches.sort_by_key(|branch| (branch.span.start, std::cmp::Reverse(branch.span.end)));
        self.drop_exclusive();
    }

    /// Makes what stands at these keys conditional: something outside of the file decides whether it holds.
    pub fn leave_open(&mut self, keys: &[Span]) {
        let branch = |(span, group): (&Span, u32)| Branch { span: *span, group, index: 0, exhaustive: false };
        self.add_branches(keys.iter().zip(0..).map(branch).collect());
    }

    /// Of `if` and `else` one is taken: a key in both is there once.
    pub(super) fn drop_exclusive(&mut self) {
        let mut duplicates = std::mem::take(&mut self.duplicates);
        // (So many branches are no file of ours.)
        if self.branches.len().saturating_mul(duplicates.len()) < 10_000_000 {
            duplicates.retain(|duplicate| !self.exclusive(duplicate.first, duplicate.second));
        }
        self.duplicates = duplicates;
    }

    /// The node of that id. Ids come from this document, so one always exists.
    pub fn node(&self, id: NodeId) -> &Node {
        static NOTHING: Node = Node {
            span: Span { start: 0, end: 0 },
            kind: Kind::Map(Vec::new()),
            tag: None,
            hole: None,
            filled: false,
            flow: false,
        };
        self.nodes.get(id.0 as usize).unwrap_or(&NOTHING)
    }

    /// The entries of the top map with a key, in file order.
    pub fn top_entries<'d>(&'d self, key: &'d str) -> impl Iterator<Item = &'d Entry> {
        let top = self.top.get_or_init(|| {
            let mut top = Vec::new();
            if let Kind::Map(entries) = &self.root_node().kind {
                top.extend(entries.iter().zip(0..).map(|(entry, n)| (hash_of(&entry.key), n)));
            }
            top.sort_unstable();
            top
        });
        let entries = match &self.root_node().kind {
            Kind::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        let wanted = hash_of(key);
        let first = top.partition_point(|(hash, _)| *hash < wanted);
        let same = top.get(first..).unwrap_or_default().iter().take_while(move |(hash, _)| *hash == wanted);
        same.filter_map(|(_, n)| entries.get(*n as usize)).filter(move |entry| *entry.key == *key)
    }

    /// The top node.
    pub fn root_node(&self) -> &Node {
        self.node(self.root)
    }
}
