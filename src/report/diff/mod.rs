//! `hushlint diff`: what got better or worse, one file a format.

mod json;
mod markdown;
mod sarif;
mod text;

pub use json::json;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::text;

use super::Skipped;
use super::words::{count, list};
use crate::lint::{
    Change, Diff, DiffCounts, FactChange, InputError, Judged, Moved, Pair, PairedBy, RuleChange, RunInfo, SkippedFile,
    Spot,
};
use crate::text::Shown;
use serde::Serialize;
use std::fmt;

/// What formats tell.
pub struct Told<'a> {
    /// What differs.
    pub diff: &'a Diff,
    /// The side before.
    pub old: About,
    /// The side now.
    pub new: About,
    /// Packs, configuration, exit code.
    pub run: RunInfo,
}

/// One side of the comparison.
pub struct About {
    /// What was compared: a path, a revision, the working tree.
    pub name: Shown,
    /// The commit's whole name, if it is a revision.
    pub commit: Option<String>,
    /// What of it could not be read.
    pub errors: Vec<InputError>,
    /// What of it was passed over.
    pub skipped: Skipped,
    /// Of the files that were named, those that were not taken.
    pub named: Vec<SkippedFile>,
}

/// `1 fact got worse, 1 better, 1 can no longer be read`; what several hosts share counts once. Rules that hang on no fact
/// are told too.
fn summary(told: &Told<'_>, blocks: &[Vec<&Pair>]) -> String {
    let firsts = || blocks.iter().filter_map(|block| block.first().copied());
    let (counts, loose) = (DiffCounts::of(firsts()), Loose::of(firsts()));
    let mut parts: Vec<String> = Vec::new();
    let mut fact = |number: usize, words: &str| {
        if number > 0 {
            let lead = if parts.is_empty() { count(number, "fact") } else { number.to_string() };
            parts.push(format!("{lead} {words}"));
        }
    };
    fact(counts.worse, "got worse");
    fact(counts.better, if counts.worse > 0 { "better" } else { "got better" });
    fact(counts.unseen, "can no longer be read");
    fact(counts.seen, "can be read now");
    fact(counts.changed, "changed otherwise");
    let mut rules = |number: usize, one: &str, several: &str| {
        if number > 0 {
            parts.push(format!("{} {}", count(number, "rule"), if number == 1 { one } else { several }));
        }
    };
    rules(loose.failing, "newly fails", "newly fail");
    rules(loose.mended, "is mended", "are mended");
    rules(loose.undecided, "cannot be decided any more", "cannot be decided any more");
    let whole = told.old.errors.is_empty() && told.new.errors.is_empty();
    match (parts.is_empty(), whole) {
        (true, true) => "Nothing got better or worse".to_owned(),
        (true, false) => "Nothing got better or worse, as far as could be read".to_owned(),
        (false, _) => parts.join(", "),
    }
}

/// How many rules changed that read no fact that did.
#[derive(Default)]
struct Loose {
    failing: usize,
    mended: usize,
    undecided: usize,
}

impl Loose {
    fn of<'p>(pairs: impl Iterator<Item = &'p Pair>) -> Self {
        let mut out = Self::default();
        for pair in pairs {
            for rule in attach(pair).1 {
                *match rule.change {
                    Moved::Fails | Moved::FailsMore => &mut out.failing,
                    Moved::Holds | Moved::Gone => &mut out.mended,
                    Moved::Undecided => &mut out.undecided,
                } += 1;
            }
        }
        out
    }
}

/// The facts that are shown, each with the rules that changed with it, and the rules that changed without one. What only
/// follows from other facts is left out.
fn attach(pair: &Pair) -> (Vec<(&FactChange, Vec<&RuleChange>)>, Vec<&RuleChange>) {
    let mut rows: Vec<(&FactChange, Vec<&RuleChange>)> =
        pair.facts.iter().filter(|f| f.follows_from.is_empty()).map(|f| (f, Vec::new())).collect();
    let mut loose = Vec::new();
    for rule in &pair.rules {
        let wanted: &[Change] = match rule.change {
            Moved::Fails | Moved::FailsMore => {
                &[Change::Worse, Change::Seen, Change::Changed, Change::Unseen, Change::Better]
            }
            Moved::Holds | Moved::Gone => {
                &[Change::Better, Change::Seen, Change::Changed, Change::Unseen, Change::Worse]
            }
            Moved::Undecided => &[Change::Unseen, Change::Changed, Change::Worse, Change::Better, Change::Seen],
        };
        let rank = |fact: &FactChange| wanted.iter().position(|c| *c == fact.change);
        let best =
            rows.iter_mut().filter(|(fact, _)| rule.facts.contains(&fact.fact)).min_by_key(|(fact, _)| rank(fact));
        match best {
            Some((_, rules)) => rules.push(rule),
            None => loose.push(rule),
        }
    }
    (rows, loose)
}

/// The word before a fact.
fn word(change: Change) -> &'static str {
    match change {
        Change::Worse => "worse",
        Change::Better => "better",
        Change::Unseen => "unseen",
        Change::Seen => "seen",
        Change::Changed => "changed",
    }
}

/// The word before a rule.
fn rule_word(change: Moved) -> &'static str {
    match change {
        Moved::Fails | Moved::FailsMore => "fails",
        Moved::Holds | Moved::Gone => "holds",
        Moved::Undecided => "open",
    }
}

/// `warning`, and why a rule that fails decides nothing.
fn notes(rule: &RuleChange) -> String {
    let severity = rule.severity.map_or("", |severity| severity.name());
    let mut notes: Vec<&str> = Vec::new();
    if matches!(rule.change, Moved::Fails | Moved::FailsMore) {
        notes.extend([severity].iter().filter(|s| !s.is_empty()));
        notes.extend(rule.fixed.then_some("no setting can mend it"));
        notes.extend(rule.waived.then_some("waived"));
    }
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) }
}

/// `now fails ip-kept-too-long (warning)`.
fn moved(rule: &RuleChange) -> String {
    let notes = notes(rule);
    match rule.change {
        Moved::Fails => format!("now fails {}{notes}", rule.rule),
        Moved::FailsMore => format!("fails {} in more respects{notes}", rule.rule),
        Moved::Holds => format!("{} holds now", rule.rule),
        Moved::Gone => format!("{} is about nothing that is left", rule.rule),
        Moved::Undecided => format!("{} cannot be decided any more", rule.rule),
    }
}

/// The same behind its word, for a rule that has a row of its own.
fn alone(rule: &RuleChange) -> String {
    match rule.change {
        Moved::Fails | Moved::Holds => format!("{}{}", rule.rule, notes(rule)),
        Moved::FailsMore => format!("{} in more respects{}", rule.rule, notes(rule)),
        Moved::Gone => format!("{}: what it is about is not there any more", rule.rule),
        Moved::Undecided => format!("{} cannot be decided any more", rule.rule),
    }
}

/// `content.retention (direct, group)`; without qualifiers if it is all of them.
fn fact(change: &FactChange) -> String {
    let words: Vec<&str> = change.qualifier.iter().filter(|_| !change.throughout).map(AsRef::as_ref).collect();
    if words.is_empty() { change.fact.to_string() } else { format!("{} ({})", change.fact, words.join(", ")) }
}

/// `synapse/homeserver.yaml:52`.
fn place(spot: &Spot) -> String {
    match (&spot.file, &spot.span) {
        (Some(file), Some(span)) => format!("{file}:{}", span.start.line),
        (Some(file), None) => file.to_string(),
        (None, _) => String::new(),
    }
}

fn rule_place(rule: &RuleChange) -> String {
    match (&rule.file, &rule.span) {
        (Some(file), Some(span)) => format!("{file}:{}", span.start.line),
        (Some(file), None) => file.to_string(),
        (None, _) => String::new(),
    }
}

/// A deployment and its platform.
fn name(judged: &Judged) -> String {
    match judged.info.id == judged.info.name {
        true => judged.info.id.to_string(),
        false => format!("{} ({})", judged.info.id, judged.info.name),
    }
}

/// The deployments of a block, so many of them: hosts of one document behind its name.
fn names(block: &[&Pair], most: usize) -> String {
    let parts = |pair: &&Pair| {
        let (whole, host) = pair.new.info.id.as_ref().split_once('#')?;
        Some((whole.to_owned(), host.to_owned()))
    };
    let split: Option<Vec<(String, String)>> = block.iter().map(parts).collect();
    let shared =
        split.filter(|list| list.len() > 1 && list.iter().all(|(w, _)| list.first().is_some_and(|(f, _)| f == w)));
    let (lead, all) = match (shared, block.first()) {
        (Some(list), Some(first)) => {
            let document = list.first().map(|(whole, _)| whole.clone()).unwrap_or_default();
            (format!("{document} ({}): ", first.new.info.name), list.into_iter().map(|(_, host)| host).collect())
        }
        _ => (String::new(), block.iter().map(|pair| name(&pair.new)).collect::<Vec<_>>()),
    };
    let shown: Vec<String> = all.iter().take(most).cloned().collect();
    match all.len().saturating_sub(most) {
        0 => format!("{lead}{}", list(&shown)),
        more => format!("{lead}{} and {more} more", shown.join(", ")),
    }
}

/// How a deployment was found again, where that is not plain.
fn paired(pair: &Pair) -> Option<String> {
    let id = &pair.old.info.id;
    match pair.by {
        PairedBy::Key => None,
        PairedBy::Server => {
            let server = pair.new.info.server.as_ref().map(|server| format!(", {server}")).unwrap_or_default();
            Some(format!("compared with {id}: the same server{server}"))
        }
        PairedBy::Alone => Some(format!("compared with {id}: no other of its platform is left on either side")),
    }
}

/// Pairs that changed alike are told together: hosts of one document.
fn blocks(diff: &Diff) -> Vec<Vec<&Pair>> {
    let print = |pair: &Pair| serde_json::to_string(&(&pair.facts, &pair.rules)).unwrap_or_default();
    let mut out: Vec<(String, Vec<&Pair>)> = Vec::new();
    for pair in diff.pairs.iter().filter(|p| !p.is_same()) {
        let own = print(pair);
        match out.iter_mut().find(|(other, _)| *other == own) {
            Some((_, pairs)) => pairs.push(pair),
            None => out.push((own, vec![pair])),
        }
    }
    out.into_iter().map(|(_, pairs)| pairs).collect()
}

/// How a side is called in JSON.
#[derive(Serialize)]
struct SideInfo<'a> {
    name: &'a Shown,
    commit: &'a Option<String>,
}

impl About {
    fn info(&self) -> SideInfo<'_> {
        SideInfo { name: &self.name, commit: &self.commit }
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_ref())
    }
}
