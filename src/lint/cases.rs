//! Running the cases of knowledge files: `hushlint test`, for what is built in and for users' own packs.

mod mended;
mod mutants;

pub use mutants::{Mutants, Survivor, mutants};

use super::knowledge::Knowledge;
use crate::condition::{Evaluation, check, parse as parse_condition};
use crate::fact::{DataError, Item, Problems, Reading, State, Table, Type, Value, Version, literal};
use crate::judge::{Outcome, judge};
use crate::platform::{Declaration, Deployment, EventKind, Input, Instance, Scope, Sheet, instances};
use crate::rule::{Basis, Check, Pack, Policy, Rule, Selected, Severity, load_pack, pack_id};
use crate::syntax::{Document, Format, Limits, parse, parse_with};
use crate::text::Source;
use std::sync::Arc;

/// One case that was run.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The file it stands in.
    pub file: String,
    /// The line of its table.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// What differs from what it expects; empty: passed.
    pub failures: Vec<String>,
    /// The platform whose text it judges; `None`: facts.
    pub platform: Option<String>,
    /// What every rule came to in it.
    pub outcomes: Vec<(String, Outcome)>,
}

/// What running cases came to.
#[derive(Clone, Debug, Default)]
pub struct CaseReport {
    /// Every case, in file order.
    pub cases: Vec<CaseResult>,
    /// Rules that lack a pass, a fail or an unknown case, and which.
    pub uncovered: Vec<(String, Vec<&'static str>)>,
}

/// Runs the cases of documents.
pub fn run_cases(knowledge: &Knowledge, documents: &[Arc<Document>]) -> Result<CaseReport, Vec<DataError>> {
    let mut report = CaseReport::default();
    let mut errors = Vec::new();
    let mut covered: Vec<(String, Outcome)> = Vec::new();
    for document in documents {
        let problems = Problems::new(&document.source);
        let table = Item::top(document, &problems).table();
        let Some(list) = table.and_then(|t| t.peek("case")).map(|i| i.list()) else { continue };
        for item in list {
            let Some(t) = item.table() else { continue };
            let name = t.need_text("name");
            let place = t.peek("name").map_or(t.span(), |i| i.span());
            let line = document.source.position(place.start).line;
            let mut case = Case::new(knowledge, document);
            let expect = t.need("expect");
            case.with(&t, &mut |case, setup| case.hold(setup, expect));
            t.finish();
            covered.append(&mut case.covered);
            report.cases.push(CaseResult {
                file: document.source.path().to_owned(),
                line,
                name,
                failures: case.failures,
                platform: case.platform,
                outcomes: case.outcomes,
            });
        }
        errors.extend(problems.into_errors());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let here = |path: &str| documents.iter().any(|d| d.source.path() == path);
    let plain = knowledge.catalogue.rules.iter().filter(|r| !matches!(r.check, Check::Event(_)));
    let plain = plain.map(|r| (r.id.as_str(), r.source.path()));
    let vendor = knowledge.catalogue.vendor.iter().map(|(r, d)| (r.id.as_str(), d.source.path()));
    for (rule, _) in plain.chain(vendor).filter(|(_, path)| here(path)) {
        let has = |outcome| covered.iter().any(|(id, o)| *id == rule && *o == outcome);
        let missing: Vec<&'static str> =
            [(Outcome::Pass, "pass"), (Outcome::Fail, "fail"), (Outcome::Unknown, "unknown")]
                .into_iter()
                .filter(|(o, _)| !has(*o))
                .map(|(_, n)| n)
                .collect();
        if !missing.is_empty() {
            report.uncovered.push((rule.to_owned(), missing));
        }
    }
    Ok(report)
}

/// Builds a deployment out of texts, and hands it on.
type Build<'s> = dyn Fn(&[String], &mut dyn FnMut(&Deployment<'_>)) + 's;

/// A deployment that a case describes, and the rules in its platform's words.
struct Setup<'s, 'k> {
    deployment: &'s Deployment<'k>,
    traps: &'s [Arc<Rule>],
    /// Builds it again out of other texts, in the order of its sheets.
    again: &'s Build<'s>,
}

struct Case<'a> {
    knowledge: &'a Knowledge,
    document: &'a Arc<Document>,
    failures: Vec<String>,
    covered: Vec<(String, Outcome)>,
    outcomes: Vec<(String, Outcome)>,
    platform: Option<String>,
    /// What the pack in the case's own file selects: its limits hold in its cases.
    pack: Option<Pack>,
}

impl<'a> Case<'a> {
    fn new(knowledge: &'a Knowledge, document: &'a Arc<Document>) -> Self {
        let pack = pack_id(document)
            .and_then(|_| load_pack(document, &knowledge.facts.vocabulary, &knowledge.catalogue).ok().flatten());
        Self {
            knowledge,
            document,
            failures: Vec::new(),
            covered: Vec::new(),
            outcomes: Vec::new(),
            platform: None,
            pack,
        }
    }

    /// What a rule's parameters are worth in this case.
    fn params(&self, rule: &Rule) -> Vec<Value> {
        let select = self.pack.as_ref().and_then(|p| p.selects.iter().find(|s| s.rule == rule.id));
        let own = |name: &str| select.and_then(|s| s.params.iter().find(|(n, _)| n == name)).map(|(_, v)| v.clone());
        rule.params.iter().map(|p| own(&p.name).unwrap_or_else(|| p.default.clone())).collect()
    }

    /// Builds the deployment that a case describes.
    fn with(&mut self, t: &Table<'_>, use_it: &mut dyn FnMut(&mut Self, &Setup<'_, '_>)) {
        let problems = t.problems();
        let mut context: Vec<(String, String)> = Vec::new();
        let mut version = None;
        if let Some(c) = t.get("context").and_then(|i| i.table()) {
            for (key, item) in c.entries() {
                let Some((text, _)) = item.scalar() else { continue };
                if key == "version" {
                    version = Version::parse(text);
                } else {
                    context.push((key.to_owned(), text.to_owned()));
                }
            }
        }
        match (t.get("facts"), t.get("text")) {
            (Some(facts), None) => {
                let text = self.declaration(&facts);
                let source = Arc::new(Source::new("case.toml", text.as_str()));
                let doc = Arc::new(parse(&source, Format::Toml, &Limits::default()));
                let declaration = Declaration::read(vec![Arc::clone(&doc)], &self.knowledge.facts.vocabulary);
                for error in &declaration.errors {
                    self.failures.push(format!("its facts cannot be read: {}", error.message));
                }
                let input =
                    Input { sheets: vec![Sheet::plain(doc, 0)], declaration: Some(&declaration), ..Input::default() };
                let deployment = Deployment::new(&self.knowledge.facts, None, input);
                use_it(self, &Setup { deployment: &deployment, traps: &[], again: &|_, _| {} });
            }
            (None, Some(text)) => {
                let text = text.text().unwrap_or_default();
                let named = t.need("document").and_then(|i| i.text().map(|n| (n, i.span())));
                let Some((name, span)) = named else { return };
                let Some((platform, kind)) = name.split_once('.') else {
                    problems.error(span, "a document is named `platform.kind`");
                    return;
                };
                let loaded = self.knowledge.find_platform(platform).map(|n| self.knowledge.platform(n));
                let Some(Ok(loaded)) = loaded else {
                    problems.error(span, format!("there is no platform `{platform}`, or its file cannot be loaded"));
                    return;
                };
                let Some(kind_at) = loaded.platform.documents.iter().position(|d| d.id == kind) else {
                    problems.unknown_word(
                        span,
                        "document",
                        kind,
                        loaded.platform.documents.iter().map(|d| d.id.as_str()),
                    );
                    return;
                };
                self.platform = Some(platform.to_owned());
                let parts = self.texts(t, text, kind_at, &loaded.platform);
                let sheet = |n: usize, text: &str, kind: usize| {
                    let known = loaded.platform.documents.get(kind);
                    let format = known.and_then(|d| d.formats.first().copied()).unwrap_or(Format::Yaml);
                    let statements = known.map(|d| d.statements.clone()).unwrap_or_default();
                    let source = Arc::new(Source::new(format!("case-{n}"), text));
                    Sheet::plain(Arc::new(parse_with(&source, format, &Limits::default(), &statements)), kind)
                };
                // Which of several hosts is judged: by default the first.
                let wanted = t.get("instance").and_then(|i| Some((i.text()?, i.span())));
                let facts = &self.knowledge.facts;
                let build = |texts: &[String], use_it: &mut dyn FnMut(&Deployment<'_>)| {
                    let kinds = parts.iter().map(|(_, kind)| *kind);
                    let sheets = texts.iter().zip(kinds).enumerate().map(|(n, (text, kind))| sheet(n, text, kind));
                    let sheets: Vec<Sheet> = sheets.collect();
                    let all = instances(&loaded.platform, &sheets);
                    let named = |i: &&Instance| wanted.is_none_or(|(id, _)| *i.id == *id);
                    let instance = all.iter().find(named).cloned();
                    if let (None, Some((id, span))) = (&instance, wanted) {
                        problems.unknown_word(span, "instance", id, all.iter().map(|i| &*i.id));
                    }
                    let (version, context) = (version.clone(), context.clone());
                    let input = Input { sheets, version, context, instance, ..Input::default() };
                    use_it(&Deployment::new(facts, Some(&loaded.platform), input));
                };
                let texts: Vec<String> = parts.iter().map(|(text, _)| text.clone()).collect();
                build(&texts, &mut |deployment| {
                    let errors = deployment.sheets().iter().flat_map(|s| &s.document.errors);
                    self.failures.extend(errors.map(|e| format!("its text does not parse: {}", e.message)));
                    use_it(self, &Setup { deployment, traps: &loaded.rules, again: &build });
                });
            }
            _ => problems.error(t.span(), "a case has either `facts` or `text` with `document`"),
        }
    }

    /// The texts of a case: its own, then those laid over it (`over`) and those of other kinds (`parts`).
    fn texts(
        &self,
        t: &Table<'_>,
        text: &str,
        kind: usize,
        platform: &crate::platform::Platform,
    ) -> Vec<(String, usize)> {
        let mut out = vec![(text.to_owned(), kind)];
        for over in t.texts("over") {
            out.push((over, kind));
        }
        if let Some(parts) = t.get("parts").and_then(|i| i.table()) {
            for (name, item) in parts.entries() {
                match platform.documents.iter().position(|d| d.id == name) {
                    Some(k) => out.extend(item.text().map(|text| (text.to_owned(), k))),
                    None => item.problems.unknown_word(
                        item.key_span,
                        "document",
                        name,
                        platform.documents.iter().map(|d| d.id.as_str()),
                    ),
                }
            }
        }
        out
    }

    /// The facts as a declaration's text: values are TOML already.
    fn declaration(&self, facts: &Item<'_>) -> String {
        let mut out = String::from("hushlint = 1\n");
        let Some(t) = facts.table() else { return out };
        for (id, item) in t.entries() {
            let span = self.document.node(item.node).span;
            out.push_str(&format!("{id} = {}\n", self.document.source.slice(span)));
        }
        out
    }

    /// Every rule with its own parameters, or those of the pack beside the case.
    fn policy(&self, traps: &[Arc<Rule>]) -> Policy {
        let select = |rule: &Arc<Rule>| Selected {
            rule: Arc::clone(rule),
            pack: String::new(),
            basis: Basis::Custom,
            severity: Severity::Warning,
            params: self.params(rule),
            shown: Arc::default(),
            whens: Vec::new(),
            by_user: false,
        };
        let selected = self.knowledge.catalogue.rules.iter().chain(traps).map(select).collect();
        Policy { selected, required: Vec::new() }
    }

    fn hold(&mut self, setup: &Setup<'_, '_>, expect: Option<Item<'_>>) {
        let (deployment, policy) = (setup.deployment, &self.policy(setup.traps));
        let judgement = judge(deployment, policy, None);
        let all = policy.selected.iter().zip(&judgement.outcomes);
        self.outcomes = all.map(|(s, (outcome, _))| (s.rule.id.clone(), *outcome)).collect();
        let Some(t) = expect.and_then(|i| i.table()) else { return };
        for (key, item) in t.entries() {
            if let Some(n) = policy.selected.iter().position(|s| s.rule.id == key) {
                let outcome = judgement.outcomes.get(n).map_or(Outcome::NotApplicable, |(o, _)| *o);
                if item.is_list() {
                    let kind = policy.selected.get(n).map(|s| &s.rule.check);
                    self.hold_events(deployment, key, kind, &item);
                } else {
                    self.hold_outcome(key, outcome, &item);
                    if outcome == Outcome::Fail && !deployment.is_declaration() {
                        self.failures.extend(policy.selected.get(n).and_then(|s| mended::differs(setup, s)));
                    }
                }
            } else if key.contains('.') {
                self.hold_fact(deployment, key, &item);
            } else {
                item.problems.unknown_word(item.key_span, "rule", key, self.knowledge.catalogue.names());
            }
        }
    }

    fn hold_outcome(&mut self, rule: &str, outcome: Outcome, item: &Item<'_>) {
        let name = match outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
            Outcome::NotApplicable => "not-applicable",
        };
        self.covered.push((rule.to_owned(), outcome));
        let wanted = item.text().unwrap_or_default();
        if !["pass", "fail", "unknown", "not-applicable"].contains(&wanted) {
            item.problems.unknown_word(item.span(), "outcome", wanted, ["pass", "fail", "unknown", "not-applicable"]);
        } else if wanted != name {
            self.failures.push(format!("{rule}: {wanted} expected, {name} found"));
        }
    }

    fn hold_events(&mut self, deployment: &Deployment<'_>, rule: &str, check: Option<&Check>, item: &Item<'_>) {
        let Some(Check::Event(kind)) = check else {
            item.problems.error(item.span(), "only rules about events have a list of settings");
            return;
        };
        let mut found = events(deployment, *kind);
        let mut wanted = item.texts();
        found.sort();
        wanted.sort();
        if found != wanted {
            let list = |l: &[String]| if l.is_empty() { "nothing".to_owned() } else { l.join(", ") };
            self.failures.push(format!("{rule}: {} expected, {} found", list(&wanted), list(&found)));
        }
    }

    /// `{ at_least = […] }`: these surely, others possibly.
    fn at_least(&self, item: &Item<'_>, ty: &Type, value: &Value) -> bool {
        let least = item
            .table()
            .and_then(|t| t.get("at_least"))
            .and_then(|i| literal(&i, ty, &self.knowledge.facts.vocabulary));
        match (least, value) {
            (Some(Value::Set(least)), Value::Set(set)) => least.has == set.has && !set.definite(),
            _ => false,
        }
    }

    fn hold_fact(&mut self, deployment: &Deployment<'_>, key: &str, item: &Item<'_>) {
        let scope = Scope::new(&self.knowledge.facts.vocabulary, deployment.platform().map(|p| &p.names));
        let expr = match parse_condition(key).and_then(|s| check(&s, &scope, None)) {
            Ok(expr) => expr,
            Err(e) => {
                item.problems.error_with(item.key_span, e.message, e.help);
                return;
            }
        };
        let reading = Evaluation::of(&expr, deployment, None);
        // Both spellings: the word, and a declaration's table.
        let told = |key: &str| matches!(item.kind(), crate::syntax::Kind::Map(e) if e.iter().any(|e| &*e.key == key));
        let words = match item.scalar() {
            Some((text @ ("unknown" | "not-applicable"), _)) => Some(text),
            _ if told("unknown") => Some("unknown"),
            _ if told("not_applicable") => Some("not-applicable"),
            _ => None,
        };
        let right = match (&reading.state, words) {
            (State::Unknown(_), Some("unknown")) | (State::NotApplicable(_), Some("not-applicable")) => true,
            (_, Some(_)) => false,
            (State::Known(value), None) => match &expr.ty {
                Type::List(_) if !item.is_list() => false,
                ty @ Type::Set(_) if item.is_table() => self.at_least(item, ty, value),
                ty => literal(item, ty, &self.knowledge.facts.vocabulary).as_ref() == Some(value),
            },
            _ => false,
        };
        if !right {
            let wanted = self.document.source.slice(match item.span() {
                s if item.is_list() || item.is_table() => self.document.node(item.node).span.max(s),
                s => s,
            });
            self.failures.push(format!("{key}: {wanted} expected, {} found", found(&reading)));
        }
    }
}

/// The paths of the settings that an event is about, decided ones only.
fn events(deployment: &Deployment<'_>, kind: EventKind) -> Vec<String> {
    let decided = deployment.events().into_iter().filter(|e| e.kind == kind && e.undecided.is_none());
    decided.filter_map(|e| deployment.place(e.place)).map(|p| p.shown.to_string()).collect()
}

fn found(reading: &Reading) -> String {
    match &reading.state {
        State::Known(Value::Duration(d)) => d.to_string(),
        State::Known(value) => value.words(),
        State::NotApplicable(why) => format!("not applicable ({why})"),
        State::Unknown(u) => match &u.candidates {
            Some(c) => {
                format!("unknown ({}; one of {})", u.why, c.iter().map(Value::words).collect::<Vec<_>>().join(", "))
            }
            None => format!("unknown ({})", u.why),
        },
    }
}
