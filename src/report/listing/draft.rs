//! A declaration to start from: what the product is, and every fact that matters as a commented line.

use super::lists::{better, in_order};
use crate::condition::Evaluation;
use crate::fact::{Audiences, FactDef, FactIx, Predicate, QualifierKind, Type, Vocabulary, nearest};
use crate::lint::{GroupReport, Linter, parsed};
use crate::platform::{Declaration, Deployment, EventKind, Input, Sheet};
use crate::report::words::{count, list, wrap};
use crate::report::{Report, Summary};
use crate::rule::{Check, Policy, Selected};
use crate::settle::asked_by;
use crate::text::Shown;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

/// Columns of a line of the file.
const WIDTH: usize = 100;
/// Stands where a value belongs. It is none, so that a line that is only uncommented is told as an error.
const BLANK: &str = "…";

/// What is known of the product before anything is asked.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Its name.
    pub name: String,
    /// The day that the declaration speaks of, `YYYY-MM-DD`.
    pub as_of: String,
    /// Facts of `product`, each with its words; empty words are no answer.
    pub product: BTreeMap<&'static str, Vec<String>>,
}

impl Answers {
    fn words(&self, fact: &str) -> &[String] {
        self.product.get(fact).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Can a fact have these words? Tells what is wrong, and what may have been meant.
pub fn check_words(vocabulary: &Vocabulary, fact: &str, words: &[String]) -> Result<(), String> {
    let Some(fact) = vocabulary.find(fact).map(|ix| vocabulary.fact(ix)) else { return Ok(()) };
    let values = values(fact);
    for word in words {
        if values.is_empty() {
            // Codes of countries: two letters.
            if word.len() != 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(format!("`{word}` is no code of two small letters, such as `eu`, `de`, `us`"));
            }
        } else if !values.contains(&word.as_str()) {
            let near = nearest(word, values.iter().copied());
            let help = near.map_or_else(|| format!("there are {}", list(&values)), |n| format!("did you mean `{n}`?"));
            return Err(format!("`{word}` is none of the values; {help}"));
        }
    }
    if matches!(fact.ty, Type::Level(_)) && words.len() > 1 {
        return Err("only one can be given".to_owned());
    }
    Ok(())
}

/// What a fact means, and what its values mean: indented lines for a terminal.
pub fn meaning(vocabulary: &Vocabulary, fact: &str) -> String {
    let definition = vocabulary.find(fact).map(|ix| vocabulary.fact(ix).definition.as_str()).unwrap_or_default();
    wrap(definition, 76).iter().map(|line| format!("  {line}\n")).collect()
}

/// A declaration for a product, by the packs of a run: what they ask for is written out, what their rules read beside
/// that is listed. Nothing is filled in but the answers.
pub fn draft(linter: &Linter, answers: &Answers) -> String {
    let vocabulary = &linter.knowledge().facts.vocabulary;
    let mut out = head(answers);
    let product = product(vocabulary, answers);
    let known = format!("hushlint = 1\n{product}");
    out.push_str(&known);
    let (asked, pointless) = asked(linter, &known);
    let policy = linter.policy(None);
    let page = Page { vocabulary, answers, policy: &policy };
    for area in in_order(vocabulary.facts().map(|(_, fact)| fact.area())) {
        if area == "product" {
            continue;
        }
        let of_area = |(_, fact): &(FactIx, &FactDef)| fact.area() == area && stated(fact);
        let (mut full, mut brief) = (String::new(), String::new());
        for (ix, fact) in vocabulary.facts().filter(of_area) {
            if let Some(where_) = asked.get(&ix) {
                page.full(&mut full, ix, fact, where_.as_deref());
            } else if fact.undeclared.is_some() && page.is_read(ix) {
                page.full(&mut full, ix, fact, None);
            } else if page.is_read(ix) && !pointless.contains(&ix) {
                page.brief(&mut brief, fact);
            }
        }
        if full.is_empty() && brief.is_empty() {
            continue;
        }
        let _ = write!(out, "\n[{area}]\n{full}");
        if !brief.is_empty() {
            let gap = if full.is_empty() { "" } else { "\n" };
            let _ = write!(out, "{gap}# Judged too, if stated:\n{brief}");
        }
    }
    out.push_str(SOURCES);
    out
}

const SOURCES: &str = "
# What a statement rests on, if you want it shown beside the value.
# [[source]]
# facts = [\"encryption.e2ee\"]
# url = \"https://…\"
# read = 2026-01-31            # when you looked
# status = \"verified\"          # or \"reported\", \"assumed\"
";

fn head(answers: &Answers) -> String {
    let mut out = String::new();
    let name = if answers.name.is_empty() { "a product" } else { &answers.name };
    comment(&mut out, &format!("{}: who can read, keep, trace or reach the people on it.", name.replace('\n', " ")));
    out.push_str("#\n");
    for words in [
        "Every fact that matters before a launch stands below as a comment, with its values from worst to best. Take \
         the `#` away and write what is true of the product as a new user meets it. A line that is left a comment says \
         that nobody has looked, and `hushlint check --pack prelaunch` asks for it.",
        "Where kinds of conversation differ, write { direct = \"…\", others = \"…\" }. In the place of a value may \
         stand { unknown = \"why\" } or { not_applicable = \"why\" }.",
    ] {
        comment(&mut out, words);
    }
    out
}

/// The facts that describe the product: those answered, and those left open.
fn product(vocabulary: &Vocabulary, answers: &Answers) -> String {
    let mut out = String::from("\n[product]\n");
    if answers.name.is_empty() {
        let _ = writeln!(out, "# name = \"{BLANK}\"");
    } else {
        let _ = writeln!(out, "name = {}", quoted(&answers.name));
    }
    let _ = writeln!(out, "as_of = {}", answers.as_of);
    for (_, fact) in vocabulary.facts().filter(|(_, fact)| fact.area() == "product" && stated(fact)) {
        let Some((_, name)) = fact.id.split_once('.') else { continue };
        out.push('\n');
        comment(&mut out, &format!("{}. {}", capital(&fact.title), fact.definition));
        let words = answers.words(&fact.id);
        let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let _ = match (&fact.ty, words.is_empty()) {
            (Type::Set(_), false) => writeln!(out, "{name} = [{}]", quoted.join(", ")),
            (_, false) => writeln!(out, "{name} = {}", quoted.join("")),
            (_, true) => writeln!(out, "# {name} = {}", blank(fact)),
        };
    }
    out
}

/// The facts that the packs ask for, by what is known of the product so far; where that is not decided yet, with the
/// condition. And those that they would ask for of another product.
fn asked(linter: &Linter, known: &str) -> (BTreeMap<FactIx, Option<String>>, BTreeSet<FactIx>) {
    let facts = &linter.knowledge().facts;
    let document = parsed("declaration", known);
    let declaration = Declaration::read(vec![Arc::clone(&document)], &facts.vocabulary);
    let sheets = vec![Sheet::plain(document, 0)];
    let deployment =
        Deployment::new(facts, None, Input { sheets, declaration: Some(&declaration), ..Input::default() });
    let mut out: BTreeMap<FactIx, Option<String>> = BTreeMap::new();
    let mut pointless = BTreeSet::new();
    for pack in linter.packs() {
        for required in &pack.required {
            let when = required.when.as_ref();
            let holds = when.map(|when| deployment.quick(|| Evaluation::of(when, &deployment, None)).as_bool());
            let open = match holds {
                None | Some(Some(true)) => None,
                Some(None) => required.written.clone(),
                Some(Some(false)) => {
                    pointless.extend(required.facts.iter().copied());
                    continue;
                }
            };
            for fact in &required.facts {
                let entry = out.entry(*fact).or_insert_with(|| open.clone());
                if open.is_none() {
                    *entry = None;
                }
            }
        }
    }
    (out, pointless)
}

/// May a declaration state it?
fn stated(fact: &FactDef) -> bool {
    !fact.derived() && fact.qualifier != Some(QualifierKind::Setting)
}

struct Page<'a> {
    vocabulary: &'a Vocabulary,
    answers: &'a Answers,
    policy: &'a Policy,
}

impl Page<'_> {
    fn is_read(&self, fact: FactIx) -> bool {
        self.policy.selected.iter().any(|s| super::explain_rule::reads(&s.rule, fact))
    }

    fn scopes(&self) -> Vec<&str> {
        match self.answers.words("product.scopes") {
            [] => self.vocabulary.find("product.scopes").map(|ix| values(self.vocabulary.fact(ix))).unwrap_or_default(),
            words => words.iter().map(String::as_str).collect(),
        }
    }

    fn minors(&self) -> bool {
        self.answers.words("product.minors").first().is_none_or(|word| word != "excluded-verified")
    }

    fn full(&self, out: &mut String, ix: FactIx, fact: &FactDef, open: Option<&str>) {
        if !out.is_empty() {
            out.push('\n');
        }
        comment(out, &format!("{}. {}", capital(&fact.title), fact.definition));
        comment(out, &self.choice(fact));
        let asked = asked_by(self.policy, ix);
        if !asked.is_empty() {
            comment(out, &format!("{}.", capital(&asked)));
        }
        if let Some(open) = open {
            comment(out, &format!("Asked for where {open}."));
        }
        let _ = writeln!(out, "# {} = {}", name_of(fact), self.value(fact));
    }

    fn brief(&self, out: &mut String, fact: &FactDef) {
        comment(out, &format!("{}. {}", capital(&fact.title), self.choice(fact)));
        let _ = writeln!(out, "# {} = {}", name_of(fact), self.value(fact));
    }

    /// `Worst first: none, opt-in, …`.
    fn choice(&self, fact: &FactDef) -> String {
        let words = values(fact);
        let end = better(fact).filter(|_| fact.undeclared.is_none());
        let end = end.map(|end| format!("; {end} is better")).unwrap_or_default();
        match &fact.ty {
            Type::Level(level) if level.ordered => format!("Worst first: {}.", words.join(", ")),
            Type::Level(_) => format!("One of: {}.", words.join(", ")),
            Type::Set(Some(_)) => format!("Any of: {}{end}.", words.join(", ")),
            Type::Set(None) => format!("Words of your own{end}."),
            Type::Bool => format!("True or false{end}."),
            Type::Number => format!("A number{end}."),
            Type::Duration => format!(
                "A period such as \"30d\" or \"12 hours\", or: none, until-delivered, until-account-deletion, unlimited, \
                 unspecified{end}."
            ),
            Type::Audience => {
                let mut names = self.vocabulary.audience_names();
                names.reverse();
                let lets: Vec<&str> = names
                    .iter()
                    .copied()
                    .filter(|n| self.vocabulary.holds(Predicate::Strangers, n) == Some(true))
                    .collect();
                format!("Widest first: {}. Strangers are among: {}.", names.join(", "), lets.join(", "))
            }
            _ => String::new(),
        }
    }

    /// The blank to fill in, by kinds of conversation or groups of users.
    fn value(&self, fact: &FactDef) -> String {
        let of = |names: &[&str]| {
            let parts: Vec<String> = names.iter().map(|name| format!("{name} = {}", blank(fact))).collect();
            format!("{{ {} }}", parts.join(", "))
        };
        match fact.qualifier {
            Some(QualifierKind::Scope) if self.scopes().len() > 1 => of(&self.scopes()),
            Some(QualifierKind::Cohort) if self.minors() => of(&["everyone", "minor"]),
            _ => blank(fact).to_owned(),
        }
    }
}

fn name_of(fact: &FactDef) -> &str {
    fact.id.split_once('.').map_or(fact.id.as_str(), |(_, name)| name)
}

fn values(fact: &FactDef) -> Vec<&str> {
    match &fact.ty {
        Type::Level(level) | Type::Set(Some(level)) => level.values.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

fn blank(fact: &FactDef) -> &'static str {
    match fact.ty {
        Type::Set(_) => "[\"…\"]",
        Type::Bool | Type::Number => BLANK,
        _ => "\"…\"",
    }
}

/// Comment lines of no more than a line's width.
fn comment(out: &mut String, text: &str) {
    for line in wrap(text, WIDTH - 2) {
        let _ = writeln!(out, "# {line}");
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A string of TOML. Its escapes for what cannot be shown are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007f")
}

/// Tells of a declaration how much of it is still to be filled in.
pub struct ToFill {
    name: String,
    facts: BTreeSet<Shown>,
    rule: String,
}

impl ToFill {
    /// `name`: the file, as it is typed. `linter`: whose packs ask.
    pub fn new(name: String, linter: &Linter) -> Self {
        let undeclared = |s: &&Selected| matches!(s.rule.check, Check::Event(EventKind::Undeclared));
        let rule = linter.policy(None).selected.iter().find(undeclared).map(|s| s.rule.id.clone());
        Self { name, facts: BTreeSet::new(), rule: rule.unwrap_or_default() }
    }
}

impl Report for ToFill {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        let asked = group.findings.iter().filter(|f| *f.rule.as_ref() == *self.rule);
        self.facts.extend(asked.filter_map(|f| f.fact.clone()));
    }

    fn finish(&mut self, out: &mut dyn Write, _: &Summary) {
        let words = count(self.facts.len(), "fact");
        let _ = writeln!(
            out,
            "{words} to fill in. `hushlint check --pack prelaunch {}` says of each who asks for it.",
            self.name
        );
    }
}

#[cfg(test)]
mod tests;
