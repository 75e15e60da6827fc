//! `hushlint explain`: what a word means that hushlint uses.

use super::{Shelf, explain_fact, explain_rule, explain_setting};
use crate::fact::nearest;
use crate::report::Table;
use crate::report::look::Look;
use crate::report::words::wrap;

/// What can be explained.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// A rule.
    Rule(String),
    /// A fact.
    Fact(String),
    /// A platform's setting.
    Setting(String, String),
}

/// Finds what a word stands for; otherwise what may have been meant.
pub fn find(shelf: &Shelf, word: &str) -> Result<Topic, String> {
    let knowledge = &shelf.knowledge;
    if let Some((platform, setting)) = word.split_once(':') {
        let names = || knowledge.platforms.iter().map(|p| p.head.id.as_str());
        let Some(loaded) = knowledge.find_platform(platform).and_then(|n| knowledge.platform(n).ok()) else {
            return Err(unknown("platform", platform, names()));
        };
        let platform = &loaded.platform;
        let found = platform
            .find(setting)
            .map(|_| setting)
            .or_else(|| platform.settings.iter().find(|s| *s.shown == *setting).map(|s| s.id.as_str()));
        return match found {
            Some(id) => Ok(Topic::Setting(platform.id.clone(), id.to_owned())),
            None => Err(unknown(
                &format!("setting of {}", platform.name),
                setting,
                platform.settings.iter().map(|s| s.id.as_str()),
            )),
        };
    }
    if let Some(id) = knowledge.catalogue.resolve(word) {
        return Ok(Topic::Rule(id.to_owned()));
    }
    if knowledge.facts.vocabulary.find(word).is_some() {
        return Ok(Topic::Fact(word.to_owned()));
    }
    let names = knowledge.catalogue.names().chain(knowledge.facts.vocabulary.names());
    Err(unknown("rule or fact", word, names))
}

fn unknown<'a>(what: &str, word: &str, names: impl Iterator<Item = &'a str>) -> String {
    match nearest(word, names) {
        Some(near) => format!("there is no {what} `{word}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{word}`"),
    }
}

impl Topic {
    /// The page.
    pub fn text(&self, shelf: &Shelf, look: &Look) -> String {
        match self {
            Topic::Rule(id) => explain_rule::text(shelf, id, look),
            Topic::Fact(id) => explain_fact::text(shelf, id, look),
            Topic::Setting(platform, id) => explain_setting::text(shelf, platform, id, look),
        }
    }

    /// The page as JSON.
    pub fn json(&self, shelf: &Shelf) -> String {
        match self {
            Topic::Rule(id) => explain_rule::json(shelf, id),
            Topic::Fact(id) => explain_fact::json(shelf, id),
            Topic::Setting(platform, id) => explain_setting::json(shelf, platform, id),
        }
    }
}

/// A page of titled paragraphs: a title stands once, before its first line.
pub struct Page {
    table: Table,
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self { table: Table::new(0, 2) }
    }

    /// A titled paragraph; nothing, if it has no lines.
    pub fn add<S: AsRef<str>>(&mut self, title: &str, lines: impl IntoIterator<Item = S>) {
        for (number, line) in lines.into_iter().filter(|line| !line.as_ref().is_empty()).enumerate() {
            self.table.row([if number == 0 { title } else { "" }, line.as_ref()]);
        }
    }

    /// Writes it; a pipe gets lines of a readable length too.
    pub fn write(&self, out: &mut String, look: &Look) {
        self.table.write(out, look.columns().min(100));
    }
}

/// Two columns within a paragraph: a name, and words that may go on below.
pub fn pairs(list: &[(String, Vec<String>)]) -> Vec<String> {
    let width = list.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut out = Vec::new();
    for (name, lines) in list {
        for (number, line) in lines.iter().flat_map(|line| wrap(line, 88_usize.saturating_sub(width))).enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            out.push(format!("{name:width$}  {line}"));
        }
    }
    out
}
