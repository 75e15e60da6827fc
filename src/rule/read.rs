//! Reading rules.

use super::catalogue::VendorRule;
use super::life::{Life, Named, Opposes, read_opposes};
use super::template::Template;
use crate::condition::{Expr, Names, Op, Vendor};
use crate::fact::{Item, Problems, Table, Type, Value, Vocabulary, Word};
use crate::platform::{EventKind, Mend, Scope, VendorNames, expression, read_mend};
use crate::text::{Source, Span};
use std::sync::Arc;

/// What a rule asks.
#[derive(Clone, Debug)]
pub enum Check {
    /// The condition must hold.
    Require(Expr),
    /// The condition must not hold.
    Forbid(Expr),
    /// Reading must not report this.
    Event(EventKind),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What holds if nobody sets it.
    pub default: Value,
    /// Is the lower of two values the stricter one?
    pub lower_is_stricter: bool,
    /// The authority that names the default; `None`: our choice.
    pub source: Option<String>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id: a slug, never reused.
    pub id: String,
    /// The theme it belongs to.
    pub theme: String,
    /// A short sentence.
    pub title: String,
    /// The list whose members are judged one by one.
    pub each: Option<Expr>,
    /// Where it applies.
    pub when: Option<Expr>,
    /// What it asks.
    pub check: Check,
    /// The platforms whose words it uses.
    pub platforms: Vec<String>,
    /// The problem in one line.
    pub message: Template,
    /// Why it matters.
    pub why: String,
    /// General advice.
    pub fix: String,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Control ids.
    pub controls: Vec<String>,
    /// Ids of evidence.
    pub evidence: Vec<String>,
    /// Rules it stands for.
    pub supersedes: Vec<String>,
    /// Rules that ask for the opposite.
    pub opposes: Vec<Opposes>,
    /// What it names elsewhere, with places.
    pub named: Vec<Named>,
    /// How it came and will go.
    pub life: Life,
    /// Mends of its own.
    pub mends: Vec<Mend>,
    /// Where it is written.
    pub source: Arc<Source>,
    /// The place of its id.
    pub span: Span,
}

impl Rule {
    /// Was it ever called so?
    pub fn is_called(&self, id: &str) -> bool {
        self.id == id || self.life.formerly.iter().any(|f| f == id)
    }

    /// Does it stand for another one?
    pub fn stands_for(&self, other: &Rule) -> bool {
        self.supersedes.iter().any(|id| other.is_called(id))
    }

    /// The condition as it is written, if it has one.
    pub fn condition(&self) -> Option<&Expr> {
        match &self.check {
            Check::Require(e) | Check::Forbid(e) => Some(e),
            Check::Event(_) => None,
        }
    }
}

/// Names of a rule: its parameters, and in its message the variables that stand for witnesses.
struct RuleNames<'a> {
    scope: &'a Scope<'a>,
    witnesses: Vec<(Word, Type)>,
}

impl Names for RuleNames<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        self.scope.vocabulary()
    }
    fn vendor(&self, chain: &[&str]) -> Option<(Vendor, Type, usize)> {
        self.scope.vendor(chain)
    }
    fn vendor_names(&self) -> Vec<String> {
        self.scope.vendor_names()
    }
    fn field(&self, list: &str, field: &str) -> Option<(u32, Type)> {
        self.scope.field(list, field)
    }
    fn param(&self, name: &str) -> Option<(u32, Type)> {
        self.scope.param(name)
    }
    fn param_names(&self) -> Vec<String> {
        self.scope.param_names()
    }
    fn settle_param(&self, param: u32, ty: &Type) {
        self.scope.settle_param(param, ty);
    }
    fn it(&self) -> Option<Type> {
        self.scope.it()
    }
    fn witnesses(&self) -> Vec<(Word, Type)> {
        self.witnesses.clone()
    }
}

/// The variables of outermost folds: what messages may name.
pub fn outer_variables(expr: &Expr) -> Vec<(Word, Type)> {
    match &expr.op {
        Op::Fold { list, name, .. } => match &list.ty {
            Type::List(of) => vec![(Word::clone(name), (**of).clone())],
            Type::Set(Some(level)) => vec![(Word::clone(name), Type::Level(Arc::clone(level)))],
            _ => vec![(Word::clone(name), Type::Text)],
        },
        Op::Not(e) => outer_variables(e),
        Op::And(list) | Op::Or(list) => {
            let mut out: Vec<(Word, Type)> = Vec::new();
            for (name, ty) in list.iter().flat_map(outer_variables) {
                if !out.iter().any(|(n, _)| *n == name) {
                    out.push((name, ty));
                }
            }
            out
        }
        _ => Vec::new(),
    }
}

/// What a `[[rule]]` came to.
pub enum Read {
    /// A rule, compiled.
    Rule(Box<Rule>),
    /// A rule in a platform's words, to be compiled with that platform.
    Vendor(Box<VendorRule>),
}

/// Reads one rule. `vendor`: the words of the platform it is compiled for.
pub fn read_rule(item: &Item<'_>, vocabulary: &Vocabulary, vendor: Option<&VendorNames>) -> Option<Read> {
    let t = item.table()?;
    let problems = t.problems();
    let id = t.need_text("id");
    let span = t.peek("id").map_or(t.span(), |i| i.span());
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        problems.error(span, "the id of a rule is a slug: lower-case letters, digits and `-`");
    }
    let platforms = t.texts("platforms");
    if !platforms.is_empty() && vendor.is_none() {
        let title = t.text("title").unwrap_or_default();
        return Some(Read::Vendor(Box::new(VendorRule {
            id,
            title,
            theme: t.text("theme").unwrap_or_default(),
            platforms,
            named: Named::all(&t),
            life: Life::read(&t, item),
            node: item.node,
            span,
        })));
    }
    let theme = t.need_text("theme");
    let title = t.need_text("title");
    let named = Named::all(&t);
    let life = Life::read(&t, item);
    let opposes = read_opposes(&t);
    let scope = Scope::new(vocabulary, vendor);
    let raw_params = read_params(&t, &scope);
    let each = t.get("each").and_then(|i| expression(&i, &scope, None));
    let it = each.as_ref().and_then(|e| match &e.ty {
        Type::List(of) => Some((**of).clone()),
        other => {
            problems.error(t.span(), format!("`each` takes a list; this is {}", other.name()));
            None
        }
    });
    let scope = Scope { it, ..scope };
    let when = t.get("when").and_then(|i| expression(&i, &scope, Some(&Type::Bool)));
    let condition = |key| t.get(key).map(|i: Item<'_>| expression(&i, &scope, Some(&Type::Bool)));
    let event = t.get("event");
    let check = match (condition("require"), condition("forbid"), &event) {
        (Some(c), None, None) => c.map(Check::Require),
        (None, Some(c), None) => c.map(Check::Forbid),
        (None, None, Some(i)) => {
            let name = i.text().unwrap_or_default();
            let kind = EventKind::from_name(name);
            if kind.is_none() {
                problems.unknown_word(i.span(), "event", name, EventKind::ALL.iter().map(|k| k.name()));
            }
            kind.map(Check::Event)
        }
        _ => {
            problems.error(span, "a rule has exactly one of `require`, `forbid` and `event`");
            None
        }
    };
    let witnesses = match &check {
        Some(Check::Require(e) | Check::Forbid(e)) => outer_variables(e),
        _ => Vec::new(),
    };
    let names = RuleNames { scope: &scope, witnesses };
    let message = t
        .need("message")
        .map(|i| Template::read(&i, event.is_none().then_some(&names as &dyn Names)))
        .unwrap_or_default();
    let params = settle_params(raw_params, &scope, problems);
    let mut mends = Vec::new();
    for mend in t.get("mend").map(|i| i.list()).unwrap_or_default() {
        if let Some(table) = mend.table() {
            mends.push(read_mend(&table, None, &scope));
            table.finish();
        }
    }
    let rule = Rule {
        id,
        theme,
        title,
        each,
        when,
        platforms,
        message,
        why: t.text("why").unwrap_or_default(),
        fix: t.text("fix").unwrap_or_default(),
        params,
        controls: t.texts("controls"),
        evidence: t.texts("evidence"),
        supersedes: t.texts("supersedes"),
        opposes,
        named,
        life,
        mends,
        source: Arc::clone(problems.source()),
        span,
        check: check?,
    };
    t.finish();
    Some(Read::Rule(Box::new(rule)))
}

/// Compiles the rules of a document that use a platform's words.
pub fn read_vendor_rules(
    document: &Arc<crate::syntax::Document>,
    rules: &[&VendorRule],
    vocabulary: &Vocabulary,
    names: &VendorNames,
) -> Result<Vec<Arc<Rule>>, Vec<crate::fact::DataError>> {
    let problems = Problems::new(&document.source);
    let mut out = Vec::new();
    for rule in rules {
        let item = Item { doc: document, node: rule.node, key_span: Span::default(), problems: &problems };
        if let Some(Read::Rule(rule)) = read_rule(&item, vocabulary, Some(names)) {
            out.push(Arc::from(rule));
        }
    }
    if problems.is_empty() { Ok(out) } else { Err(problems.into_errors()) }
}

struct RawParam<'d> {
    name: String,
    default: Option<Item<'d>>,
    lower: bool,
    source: Option<String>,
    span: Span,
}

fn read_params<'d>(t: &Table<'d>, scope: &Scope<'_>) -> Vec<RawParam<'d>> {
    let mut out = Vec::new();
    let Some(params) = t.get("params").and_then(|i| i.table()) else { return out };
    for (name, item) in params.entries() {
        let Some(p) = item.table() else { continue };
        let problems = p.problems();
        let ty = match p.text("type").as_deref() {
            None => Type::Open,
            Some("bool") => Type::Bool,
            Some("number") => Type::Number,
            Some("text") => Type::Text,
            Some("duration") => Type::Duration,
            Some(other) => {
                problems.unknown_word(p.span(), "type of a parameter", other, ["bool", "number", "text", "duration"]);
                Type::Open
            }
        };
        let lower = match p.text("stricter").as_deref() {
            Some("lower") => true,
            Some("higher") => false,
            Some(other) => {
                problems.unknown_word(p.span(), "direction", other, ["lower", "higher"]);
                true
            }
            None => {
                problems.error(p.span(), "`stricter` is missing: is the lower or the higher value the stricter one?");
                true
            }
        };
        scope.params.borrow_mut().push((name.to_owned(), ty));
        let (default, source) = (p.need("default"), p.text("source"));
        out.push(RawParam { name: name.to_owned(), default, lower, source, span: item.key_span });
        p.finish();
    }
    out
}

/// Parameters take the type of what they are compared with.
fn settle_params(raw: Vec<RawParam<'_>>, scope: &Scope<'_>, problems: &Problems) -> Vec<Param> {
    let types = scope.params.borrow();
    let mut out = Vec::new();
    for (param, (_, ty)) in raw.into_iter().zip(types.iter()) {
        if *ty == Type::Open {
            problems.error(
                param.span,
                format!("nothing tells the type of `{}`: compare it with a fact, or give its `type`", param.name),
            );
            continue;
        }
        if let Some(default) = param.default.and_then(|i| super::pack::limit(&i, ty, scope.vocabulary)) {
            let lower_is_stricter = param.lower;
            out.push(Param { name: param.name, ty: ty.clone(), default, lower_is_stricter, source: param.source });
        }
    }
    out
}
