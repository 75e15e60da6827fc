//! Sets of variables: dotenv files, files of a service's environment, and the assignments of a shell script.
//!
//! The three differ in small things, and a name rarely tells which it is. What all of them take is read alike;
//! where they differ, the reading is the one that the line itself speaks for (`export` is the shell's). Lines that
//! assign nothing are passed over, so a script can be read for its variables.
//!
//! The tree is one map, a name to a scalar. A value that a variable or a command fills in is a [`Hole`].

mod value;

use super::duplicates::Finder;
use super::shape::{Variables, fill};
use super::tree::{Comment, Document, Entry, Format, Hole, Kind, Node};
use super::{Limits, SyntaxError};
use crate::text::{Source, Span};
use std::sync::Arc;
use value::Value;

/// Reads a set of variables.
pub(super) fn parse(source: &Arc<Source>, limits: &Limits) -> Document {
    parse_variables(source, limits, &Variables::default())
}

/// Reads a set of variables whose values may name others: earlier ones of the set, and those that are known before.
pub fn parse_variables(source: &Arc<Source>, limits: &Limits, known: &Variables) -> Document {
    let mut document = Document::new(source, Format::Env);
    if let Some(error) = limits.refuse(source) {
        document.errors.push(error);
        return document;
    }
    let mut reader = Reader {
        text: source.text(),
        at: 0,
        blocks: 0,
        known: known.clone(),
        own: Variables::default(),
        entries: Vec::new(),
        document: &mut document,
    };
    while reader.at < reader.text.len() {
        reader.line();
    }
    let entries = reader.entries;
    let mut duplicates = Vec::new();
    Finder::default().find(&entries, None, &mut duplicates);
    duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
    let start = entries.first().map_or(0, |entry| entry.key_span.start as usize);
    let end = entries.last().map_or(0, |entry| document.node(entry.value).span.end as usize);
    document.duplicates = duplicates;
    document.root = document.push(Node::new(Span::new(start, end), Kind::Map(entries)));
    document.errors.sort_by_key(|error| error.span);
    document.errors.truncate(limits.errors);
    document
}

/// Is this text a set of variables, by its first lines that are neither empty nor comments? Most of them have to
/// assign; a script may also do something else.
pub fn looks_like_variables(text: &str) -> bool {
    let script = text.starts_with("#!");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(40);
    let (mut assigned, mut other, mut open) = (0_usize, 0_usize, None);
    for line in lines {
        if let Some(quote) = open {
            // Inside a value of several lines, which says nothing.
            if line.contains(quote) {
                open = None;
            }
            continue;
        }
        let rest = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let name = rest.get(..name_length(rest)).unwrap_or_default();
        match rest.get(name.len()..).and_then(|after| after.trim_start().strip_prefix('=')) {
            Some(value) if !name.is_empty() && !value.starts_with(['=', '>']) => {
                assigned += 1;
                open = value.trim_start().chars().next().filter(|quote| matches!(quote, '"' | '\''));
                open = open.filter(|quote| !value.trim_start().get(1..).unwrap_or_default().contains(*quote));
            }
            _ => other += 1,
        }
    }
    assigned > 0 && (script || assigned >= other)
}

/// How long the variable's name is that a text begins with; 0 if it begins with none.
fn name_length(text: &str) -> usize {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !text.starts_with(is_first) {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-')).unwrap_or(text.len())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many blocks of a script are open (`if`, loops, functions): what they assign is not certain.
    blocks: usize,
    /// Variables that are known, and those of them that this set has.
    known: Variables,
    own: Variables,
    entries: Vec<Entry>,
    document: &'a mut Document,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The rest of the line, without its break.
    fn rest_of_line(&self) -> &'a str {
        let rest = self.rest();
        rest.split(['\n', '\r']).next().unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn skip_line(&mut self) {
        self.at += self.rest_of_line().len();
        let rest = self.rest();
        self.at += if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    }

    /// Reads a line, or the several that a quoted value takes.
    fn line(&mut self) {
        self.skip_blanks();
        let line = self.rest_of_line();
        if line.starts_with('#') {
            self.comment();
        } else if !line.is_empty() {
            let shell = ["export ", "export\t", "declare -x ", "typeset -x "].iter().find(|w| line.starts_with(**w));
            self.at += shell.map_or(0, |word| word.len());
            self.skip_blanks();
            let mut any = false;
            while self.assignment(shell.is_some()) {
                any = true;
                self.skip_blanks();
            }
            if any {
                self.after_value(shell.is_some());
            } else if shell.is_none() {
                self.other(line);
            }
        }
        self.skip_line();
    }

    /// A comment, to the end of its line.
    fn comment(&mut self) {
        let start = self.at;
        self.at += self.rest_of_line().trim_end().len();
        self.document.comments.push(Comment { span: Span::new(start, self.at) });
    }

    /// What stands after a value on its line: a comment, or another command.
    fn after_value(&mut self, shell: bool) {
        let rest = self.rest_of_line();
        if rest.starts_with('#') {
            self.comment();
        } else if shell && let Some((_, next)) = rest.split_once("export ") {
            // `export A=1; export B=2`
            self.at += rest.len() - next.len();
            while self.assignment(true) {
                self.skip_blanks();
            }
            self.after_value(true);
        }
    }

    /// Reads `NAME=value`; false if nothing of the kind stands here.
    fn assignment(&mut self, shell: bool) -> bool {
        let line = self.rest_of_line();
        let key = Span::new(self.at, self.at + name_length(line));
        let name = line.get(..name_length(line)).unwrap_or_default();
        if name.is_empty() {
            return false;
        }
        let after = line.get(name.len()..).unwrap_or_default();
        // A shell takes no blanks there; others do.
        let signed = if shell { after } else { after.trim_start() };
        let (appended, value) = match signed.strip_prefix("+=") {
            Some(value) if shell => (true, value),
            _ => match signed.strip_prefix('=') {
                // A comparison, or a `=>` of another language, is none.
                Some(value) if !value.starts_with(['=', '>', '~']) => (false, value),
                _ => return !shell && self.inherited(key, name, after),
            },
        };
        let blanks = if shell { 0 } else { value.len() - value.trim_start_matches([' ', '\t']).len() };
        self.at += line.len() - value.len() + blanks;
        let value = value::read(self.text, self.at, shell);
        self.at = value.span.end as usize;
        if let Some(quote) = value.unclosed {
            self.document.errors.push(SyntaxError {
                span: Span::new(quote, quote + 1),
                message: "a quote that is never closed".to_owned(),
                help: None,
            });
        }
        self.put(key, name, value, appended);
        true
    }

    /// A name alone on its line takes the value of the surrounding environment. A command looks the same, so the
    /// name has to be one that only variables have.
    fn inherited(&mut self, key: Span, name: &str, after: &str) -> bool {
        let variable = name.contains('_')
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !variable || !after.trim().is_empty() {
            return false;
        }
        self.at = key.end as usize;
        let mut value = Value::at(self.at);
        value.hole = Some(Hole { default: None });
        self.put(key, name, value, false);
        true
    }

    fn put(&mut self, key_span: Span, name: &str, mut value: Value, appended: bool) {
        let certain = !appended && self.blocks == 0;
        let mut by = false;
        // What a command gives is not known, whatever the variables beside it.
        if certain && value.hole.is_some() && value.text.contains('$') && !value.text.contains(['`', '(']) {
            let own = fill(&value.text, &self.own);
            let filled = if own.open { fill(&value.text, &self.known) } else { own.clone() };
            // What this very set says is written here.
            by = filled.filled && own.open;
            value.hole = filled.hole();
            value.text = filled.text;
        }
        let hole = if certain { value.hole } else { Some(Hole { default: None }) };
        self.known.set(name, hole.is_none().then_some(&*value.text));
        self.own.set(name, hole.is_none().then_some(&*value.text));
        let kind = Kind::Scalar { text: value.text.into(), style: value.style };
        let value = self.document.push(Node { hole, filled: by, ..Node::new(value.span, kind) });
        self.entries.push(Entry { key: name.into(), key_span, value, alias: None, merged: false });
    }

    /// A line that assigns nothing: blocks of a script are counted, texts that it writes elsewhere passed over.
    fn other(&mut self, line: &str) {
        let code = line.split(" #").next().unwrap_or_default().trim();
        let words = |list: &[&str]| {
            let word =
                |w: &&str| code.strip_prefix(*w).is_some_and(|r| r.is_empty() || r.starts_with([' ', ';', '\t']));
            list.iter().any(word)
        };
        let ends = |list: &[&str]| code.split([' ', ';', '\t']).next_back().is_some_and(|last| list.contains(&last));
        if words(&["if", "for", "while", "until", "case", "select"]) {
            self.blocks += usize::from(!ends(&["fi", "done", "esac"]));
        } else if code.ends_with('{') && code.contains("()") || words(&["function"]) && !code.ends_with('}') {
            self.blocks += 1;
        } else if words(&["fi", "done", "esac", "}"]) {
            self.blocks = self.blocks.saturating_sub(1);
        }
        if let Some((_, word)) = code.split_once("<<").filter(|(_, word)| !word.starts_with('<')) {
            let word = word.trim_start_matches('-').trim_start();
            let word = word.split([' ', ';', '>', '|', ')']).next().unwrap_or_default().trim_matches(['\'', '"', '\\']);
            if !word.is_empty() {
                self.skip_text_until(word);
            }
        }
    }

    /// Passes over the lines of a here-document. One that never ends is none.
    fn skip_text_until(&mut self, word: &str) {
        let before = self.at;
        self.skip_line();
        while self.at < self.text.len() {
            if self.rest_of_line().trim() == word {
                return;
            }
            self.skip_line();
        }
        self.at = before;
    }
}
