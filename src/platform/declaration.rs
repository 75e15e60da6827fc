//! A declaration: files that state facts directly.

use super::deployment::Deployment;
use super::evidence::{Evidence, Status, scalar_text};
use super::place::{Place, PlaceOrigin};
use crate::condition::Values;
use crate::fact::{
    FactDef, FactIx, Item, Problems, QualifierKind, Reading, Reason, SetValue, Step, Type, Unknown, Value, Vocabulary,
    Word, literal, nearest,
};
use crate::syntax::{Document, Kind};
use crate::text::Span;
use smallvec::smallvec;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What is wrong with a declaration, and where.
#[derive(Clone, Debug)]
pub struct DeclarationError {
    /// Which file of the declaration.
    pub document: usize,
    /// Where in it.
    pub span: Span,
    /// What.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Another place: (file, span, words).
    pub other: Option<(usize, Span, String)>,
}

/// One stated value.
#[derive(Clone, Debug)]
pub struct Stated {
    reading: Reading,
    document: usize,
    span: Span,
    wide: Option<Span>,
}

/// A declaration, read.
#[derive(Debug, Default)]
pub struct Declaration {
    /// `product.name`.
    pub name: Option<String>,
    /// `product.as_of`: the day that it speaks of.
    pub as_of: Option<String>,
    /// Its files.
    pub documents: Vec<Arc<Document>>,
    /// What is wrong with it.
    pub errors: Vec<DeclarationError>,
    facts: HashMap<(FactIx, Option<Word>), Stated>,
    areas: HashMap<String, (usize, Span)>,
    evidence: Vec<Evidence>,
}

/// Is a parsed file a declaration?
pub fn is_declaration(doc: &Document) -> bool {
    matches!(&doc.root_node().kind, Kind::Map(entries) if entries.iter().any(|e| &*e.key == "hushlint"
        && matches!(&doc.node(e.value).kind, Kind::Scalar { text, .. } if &**text == "1")))
}

/// `product.name` of a declaration, by which files are one.
pub fn product_name(doc: &Document) -> Option<String> {
    let path = [super::path::Segment::Key("product".into()), super::path::Segment::Key("name".into())];
    let found = super::path::find(doc, doc.root, &path);
    match &doc.node(found.hits.first()?.node).kind {
        Kind::Scalar { text, .. } => Some(text.to_string()),
        _ => None,
    }
}

impl Declaration {
    /// Reads the files of one declaration.
    pub fn read(documents: Vec<Arc<Document>>, vocabulary: &Vocabulary) -> Self {
        let mut out = Self { documents: documents.clone(), ..Self::default() };
        for (n, doc) in documents.iter().enumerate() {
            let problems = Problems::new(&doc.source);
            out.read_file(n, doc, &problems, vocabulary);
            for e in problems.into_errors() {
                out.errors.push(DeclarationError {
                    document: n,
                    span: e.span,
                    message: e.message,
                    help: e.help,
                    other: None,
                });
            }
        }
        out.check_scopes(vocabulary);
        out.errors.sort_by_key(|e| (e.document, e.span));
        out
    }

    fn read_file(&mut self, n: usize, doc: &Arc<Document>, problems: &Problems, vocabulary: &Vocabulary) {
        let Some(top) = Item::top(doc, problems).table() else { return };
        let areas: BTreeMap<&str, ()> = vocabulary.facts().map(|(_, f)| (f.area(), ())).collect();
        for (area, item) in top.entries() {
            match area {
                "hushlint" => {}
                "source" => {
                    self.evidence.extend(item.list().iter().filter_map(|source| Evidence::read(source, vocabulary)));
                }
                _ if areas.contains_key(area) => {
                    self.areas.entry(area.to_owned()).or_insert((n, item.key_span));
                    let Some(table) = item.table() else { continue };
                    for (name, value) in table.entries() {
                        if area == "product" && name == "name" {
                            self.name = value.text().map(str::to_owned);
                        } else if area == "product" && name == "as_of" {
                            self.as_of = scalar_text(&value);
                        } else {
                            self.read_fact(n, area, name, &value, vocabulary);
                        }
                    }
                }
                _ => problems.unknown_word(
                    item.key_span,
                    "area of facts",
                    area,
                    areas.keys().copied().chain(["hushlint", "source"]),
                ),
            }
        }
    }

    fn read_fact(&mut self, n: usize, area: &str, name: &str, item: &Item<'_>, vocabulary: &Vocabulary) {
        let id = format!("{area}.{name}");
        let Some(ix) = vocabulary.find(&id) else {
            let siblings: Vec<&str> =
                vocabulary.names().filter_map(|f| f.strip_prefix(area)?.strip_prefix('.')).collect();
            let near = nearest(name, siblings.iter().copied()).map(str::to_owned);
            let elsewhere = || vocabulary.names().find(|f| f.split('.').nth(1) == Some(name)).map(str::to_owned);
            let help =
                near.map(|w| format!("did you mean `{w}`?")).or_else(|| elsewhere().map(|f| format!("there is `{f}`")));
            item.problems.error_with(item.key_span, format!("`{id}` is no fact"), help);
            return;
        };
        let def = vocabulary.fact(ix);
        if def.derived() {
            item.problems.error_with(
                item.key_span,
                format!("`{id}` is computed from other facts and cannot be declared"),
                Some(format!("declare what it follows from; `hushlint explain {id}` tells what that is")),
            );
            return;
        }
        let special = |key: &str| matches!(item.kind(), Kind::Map(e) if e.iter().any(|e| &*e.key == key));
        if item.is_table() && !["unknown", "not_applicable", "at_least"].iter().any(|k| special(k)) {
            self.by_qualifier(n, ix, def, item, vocabulary);
            return;
        }
        let reading = read_value(item, def, vocabulary);
        self.put(n, ix, None, reading, item, vocabulary);
    }

    fn by_qualifier(&mut self, n: usize, ix: FactIx, def: &FactDef, item: &Item<'_>, vocabulary: &Vocabulary) {
        let words: Vec<Word> = match def.qualifier {
            Some(QualifierKind::Scope) => vocabulary.scopes().map(|l| l.values.clone()).unwrap_or_default(),
            Some(QualifierKind::Cohort) => vec![Word::from("everyone"), Word::from("minor")],
            _ => {
                item.problems
                    .error(item.key_span, format!("`{}` is one value; it does not differ by scope or cohort", def.id));
                self.put(n, ix, None, refused(), item, vocabulary);
                return;
            }
        };
        let Some(table) = item.table() else { return };
        for (key, value) in table.entries() {
            let others = key == "others" && def.qualifier == Some(QualifierKind::Scope);
            match words.iter().find(|w| ***w == *key) {
                Some(word) => {
                    let reading = read_value(&value, def, vocabulary);
                    self.put(n, ix, Some(Word::clone(word)), reading, &value, vocabulary);
                }
                None if others => {
                    let reading = read_value(&value, def, vocabulary);
                    self.put(n, ix, Some(Word::from("others")), reading, &value, vocabulary);
                }
                None => {
                    let what = if def.qualifier == Some(QualifierKind::Scope) { "scope" } else { "cohort" };
                    item.problems.unknown_word(
                        value.key_span,
                        what,
                        key,
                        words.iter().map(|w| &**w).chain((what == "scope").then_some("others")),
                    );
                }
            }
        }
    }

    fn put(
        &mut self,
        n: usize,
        ix: FactIx,
        qualifier: Option<Word>,
        reading: Reading,
        item: &Item<'_>,
        vocabulary: &Vocabulary,
    ) {
        let span = item.span();
        let scalar = item.scalar().is_some();
        let wide = (scalar && !item.key_span.is_empty() && item.key_span.end <= span.start)
            .then_some(Span { start: item.key_span.start, end: span.end });
        let clash = self
            .facts
            .iter()
            .find(|((f, q), _)| *f == ix && (q.is_none() || qualifier.is_none() || *q == qualifier))
            .map(|(_, s)| (s.document, s.span));
        if let Some((document, other)) = clash {
            let place =
                self.documents.get(document).map(|d| (d.source.path().to_owned(), d.source.position(other.start).line));
            let (path, line) = place.unwrap_or_default();
            self.errors.push(DeclarationError {
                document: n,
                span,
                message: format!("`{}` is stated twice", vocabulary.fact(ix).id),
                help: Some(format!("it also stands at {path}:{line}; keep one of the two")),
                other: Some((document, other, "stated here too".into())),
            });
            // Neither counts: which of the two is meant, nobody can tell.
            for ((f, _), stated) in &mut self.facts {
                if *f == ix {
                    stated.reading = refused();
                }
            }
            return;
        }
        self.facts.insert((ix, qualifier), Stated { reading, document: n, span, wide });
    }

    /// A value for a scope that the product lacks is an error.
    fn check_scopes(&mut self, vocabulary: &Vocabulary) {
        let Some(scopes) = vocabulary.find("product.scopes") else { return };
        let Some(Value::Set(have)) = self.facts.get(&(scopes, None)).and_then(|s| s.reading.known()).cloned() else {
            return;
        };
        let mut wrong: Vec<(usize, Span, String)> = Vec::new();
        for ((ix, qualifier), stated) in &self.facts {
            let Some(word) = qualifier else { continue };
            let scoped = vocabulary.fact(*ix).qualifier == Some(QualifierKind::Scope);
            if scoped && **word != *"others" && have.contains(word) == Some(false) {
                wrong.push((
                    stated.document,
                    stated.span,
                    format!(
                        "`{}` is stated for `{word}`, which `product.scopes` does not list",
                        vocabulary.fact(*ix).id
                    ),
                ));
            }
        }
        for (document, span, message) in wrong {
            let help = Some(format!("product.scopes holds {}", have.has.join(", ")));
            self.errors.push(DeclarationError { document, span, message, help, other: None });
        }
    }

    /// What is stated for a fact and qualifier, fallbacks included.
    pub fn get(&self, fact: FactIx, qualifier: Option<&Word>) -> Option<&Stated> {
        let exact = qualifier.and_then(|q| self.facts.get(&(fact, Some(Word::clone(q)))));
        let minor = qualifier.is_some_and(|q| **q == *"minor");
        exact
            .or_else(|| minor.then(|| self.facts.get(&(fact, Some(Word::from("everyone"))))).flatten())
            .or_else(|| self.facts.get(&(fact, Some(Word::from("others")))))
            .or_else(|| self.facts.get(&(fact, None)))
    }

    /// The qualifiers that a fact told apart by setting is stated for.
    pub fn qualifiers(&self, fact: FactIx) -> Vec<Word> {
        let mut out: Vec<Word> = self
            .facts
            .keys()
            .filter(|(f, _)| *f == fact)
            .map(|(_, q)| q.clone().unwrap_or_else(|| Word::from("secrets")))
            .collect();
        out.sort();
        out
    }

    /// Where a fact that is not stated belongs: the table of its area, else line 1.
    fn area(&self, area: &str) -> (usize, Span) {
        self.areas.get(area).copied().unwrap_or_default()
    }

    /// The sources for what is stated of a fact. What is said of everyone holds of minors too, unless a source speaks
    /// of them.
    pub fn evidence(&self, fact: FactIx, qualifier: Option<&Word>) -> Vec<&Evidence> {
        let of =
            |q: Option<&Word>| -> Vec<&Evidence> { self.evidence.iter().filter(|e| e.is_about(fact, q)).collect() };
        let found = of(qualifier);
        let minor = qualifier.is_some_and(|q| **q == *"minor");
        if found.is_empty() && minor { of(Some(&Word::from("everyone"))) } else { found }
    }

    /// All its sources, as they stand.
    pub fn sources(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Is anything stated of a fact?
    pub fn states(&self, fact: FactIx) -> bool {
        self.facts.keys().any(|(stated, _)| *stated == fact)
    }

    /// Has a fact a source of this status?
    fn rests_on(&self, fact: FactIx, qualifier: Option<&Word>, status: Status) -> bool {
        self.evidence(fact, qualifier).iter().any(|e| e.status == status)
    }
}

fn refused() -> Reading {
    Reading::unknown("what is declared for it cannot be read", Reason::Refused)
}

fn read_value(item: &Item<'_>, def: &FactDef, vocabulary: &Vocabulary) -> Reading {
    if let Kind::Map(_) = item.kind() {
        let Some(table) = item.table() else { return refused() };
        if let Some(why) = table.text("not_applicable") {
            table.finish();
            return Reading::not_applicable(why);
        }
        if let Some(least) = table.get("at_least") {
            if !matches!(def.ty, Type::Set(_)) {
                item.problems
                    .error(least.key_span, format!("`at_least` is for sets; `{}` is {}", def.id, def.ty.name()));
                return refused();
            }
            let value = literal(&least, &def.ty, vocabulary);
            table.finish();
            return match (value, &def.ty) {
                (Some(Value::Set(set)), Type::Set(_)) => {
                    Reading::known_value(Value::Set(Arc::new(SetValue { open: true, ..(*set).clone() })))
                }
                _ => refused(),
            };
        }
        if let Some(why) = table.text("unknown") {
            let candidates = table
                .get("candidates")
                .map(|i| i.list().iter().filter_map(|c| literal(c, &def.ty, vocabulary)).collect::<Vec<_>>());
            table.finish();
            return Reading::of_unknown(Unknown { why: Arc::from(why), kind: Reason::Stated, by: None, candidates });
        }
        item.problems.error(item.span(), "a value is needed here");
        return refused();
    }
    literal(item, &def.ty, vocabulary).map_or_else(refused, Reading::known_value)
}

impl Deployment<'_> {
    /// A fact of a declaration.
    pub(super) fn declared(&self, declaration: &Declaration, fact: FactIx, qualifier: Option<&Word>) -> Reading {
        let def = self.vocabulary().fact(fact);
        let stated = declaration.get(fact, qualifier);
        let (mut reading, document, span, wide, anchor) = match stated {
            Some(s) => (s.reading.clone(), s.document, s.span, s.wide, false),
            None => {
                let reading = match &def.undeclared {
                    Some(value) => return Reading::known_value(value.clone()),
                    None => Reading::unknown(format!("`{}` is not declared", def.id), Reason::Undeclared),
                };
                let (document, span) = declaration.area(def.area());
                (reading, document, span, None, true)
            }
        };
        if !self.traced() {
            return reading;
        }
        let shown = Word::from(def.id.as_str());
        let text = reading.known().map(Value::words);
        let place = self.intern(Place {
            setting: None,
            record: None,
            shown: Word::clone(&shown),
            stable: shown,
            document: u32::try_from(document).ok(),
            span,
            wide,
            anchor,
            origin: PlaceOrigin::Declared,
            text,
            unconfirmed: declaration.rests_on(fact, qualifier, Status::Assumed),
            quoted: false,
            reported: declaration.rests_on(fact, qualifier, Status::Reported),
            shared: true,
        });
        let key = self.key(fact, qualifier);
        reading.from = smallvec![Step { place, fact: Some(key) }];
        reading
    }
}
