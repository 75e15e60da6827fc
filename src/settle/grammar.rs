//! The words of a waiver in a comment:
//!
//! `hushlint: ignore[rule, …] setting=PATH fact=FACT qualifier=WORD until=DATE owner=WHO -- the reason`, or
//! `ignore-file[…]`.

use super::day::Day;
use crate::fact::nearest;
use crate::platform::EventKind;
use crate::rule::{Catalogue, Check};
use crate::text::Span;

/// What every such comment begins with, after its marker.
pub const MARK: &str = "hushlint:";
const VERBS: [&str; 2] = ["ignore", "ignore-file"];
const KEYS: [&str; 5] = ["setting", "fact", "qualifier", "until", "owner"];

/// What a comment says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spoken {
    /// It is for the whole file.
    pub whole_file: bool,
    /// The rules, by the ids that hold.
    pub rules: Vec<String>,
    /// `setting=`
    pub setting: Option<String>,
    /// `fact=`
    pub fact: Option<String>,
    /// `qualifier=`
    pub qualifier: Option<String>,
    /// `until=`
    pub until: Option<Day>,
    /// `owner=`
    pub owner: Option<String>,
    /// What stands after ` -- `.
    pub reason: Option<String>,
}

/// What is wrong with it: the place in the text, what, and how to mend it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// The id that holds for the name of a rule that may be waived; what is wrong otherwise, and how to mend it.
pub fn waivable(name: &str, catalogue: &Catalogue) -> Result<String, (String, Option<String>)> {
    if name.contains(['*', '?']) {
        let help = "name each rule; a rule that is to say nothing at all is switched off in hushlint.toml, \
                    `[rules.NAME]` `severity = \"off\"`";
        return Err(("a waiver names its rules: patterns are refused".to_owned(), Some(help.to_owned())));
    }
    let Some(id) = catalogue.resolve(name) else {
        let help = nearest(name, catalogue.names()).map(|near| format!("did you mean `{near}`?"));
        return Err((format!("`{name}` is no rule"), help));
    };
    let of_run = |check: &Check| matches!(check, Check::Event(kind) if EventKind::of_run(*kind));
    if catalogue.find(id).is_some_and(|rule| of_run(&rule.check)) {
        let help = format!("mend what it tells of; `[rules.{id}]` of hushlint.toml sets its severity");
        return Err((format!("`{id}` cannot be waived"), Some(help)));
    }
    Ok(id.to_owned())
}

/// Goes through the text, with the place it has come to.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes what comes before one of some characters, or before the end.
    fn before(&mut self, ends: impl Fn(char) -> bool) -> (&'a str, Span) {
        let rest = self.rest();
        let word = rest.find(ends).and_then(|n| rest.get(..n)).unwrap_or(rest);
        let span = Span::new(self.at, self.at + word.len());
        self.at += word.len();
        (word, span)
    }

    fn take(&mut self, mark: &str) -> bool {
        let there = self.rest().starts_with(mark);
        self.at += if there { mark.len() } else { 0 };
        there
    }
}

/// Reads what stands after [`MARK`].
pub fn read(text: &str, catalogue: &Catalogue) -> Result<Spoken, Broken> {
    let broken = |span: Span, message: String, help: Option<String>| Err(Broken { span, message, help });
    let form = || Some("write `hushlint: ignore[rule] -- the reason`".to_owned());
    let mut cursor = Cursor { text, at: 0 };
    cursor.blanks();
    let (verb, span) = cursor.before(|c| c == '[' || c.is_whitespace());
    if !VERBS.contains(&verb) {
        let near = nearest(verb, VERBS).map(|near| format!("did you mean `{near}`?")).or_else(form);
        return broken(span, format!("`{verb}` is nothing that a comment can ask for"), near);
    }
    let mut out = Spoken { whole_file: verb == "ignore-file", ..Spoken::default() };
    cursor.blanks();
    if !cursor.take("[") {
        return broken(span, "the rules are missing, in square brackets".to_owned(), form());
    }
    let open = cursor.at;
    let (list, _) = cursor.before(|c| c == ']');
    if !cursor.take("]") {
        return broken(Span::new(open, text.len()), "the list of rules is not closed by `]`".to_owned(), form());
    }
    let mut at = open;
    for part in list.split(',') {
        let name = part.trim();
        let from = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let place = Span::new(from, from + name.len().max(1));
        if name.is_empty() {
            return broken(place, "a rule is missing here".to_owned(), form());
        }
        match waivable(name, catalogue) {
            Ok(id) if out.rules.contains(&id) => {}
            Ok(id) => out.rules.push(id),
            Err((message, help)) => return broken(place, message, help),
        }
    }
    loop {
        cursor.blanks();
        let rest = cursor.rest();
        if rest.is_empty() {
            return Ok(out);
        }
        if let Some(reason) = rest.strip_prefix("--").filter(|r| r.is_empty() || r.starts_with(char::is_whitespace)) {
            out.reason = Some(reason.trim().to_owned()).filter(|r| !r.is_empty());
            return Ok(out);
        }
        option(&mut cursor, &mut out)?;
    }
}

/// One `key=value`.
fn option(cursor: &mut Cursor<'_>, out: &mut Spoken) -> Result<(), Broken> {
    let broken = |span: Span, message: String, help: Option<String>| Err(Broken { span, message, help });
    let (key, key_span) = cursor.before(|c| c == '=' || c.is_whitespace());
    if !cursor.take("=") {
        let help = "the reason stands after ` -- `; before it stand `setting=`, `until=`, `owner=`";
        return broken(key_span, format!("`{key}` is out of place"), Some(help.to_owned()));
    }
    let quoted = cursor.take("\"");
    let (value, span) = cursor.before(|c| if quoted { c == '"' } else { c.is_whitespace() });
    if quoted && !cursor.take("\"") {
        return broken(span, "the quotation mark is not closed".to_owned(), None);
    }
    if value.is_empty() {
        return broken(key_span, format!("`{key}` has no value"), None);
    }
    let slot = match key {
        "setting" => &mut out.setting,
        "fact" => &mut out.fact,
        "qualifier" => &mut out.qualifier,
        "owner" => &mut out.owner,
        "until" => {
            out.until = Day::parse(value);
            let help = || Some("write it as YYYY-MM-DD".to_owned());
            return if out.until.is_some() { Ok(()) } else { broken(span, format!("`{value}` is no day"), help()) };
        }
        "files" | "deployment" => {
            let help = "what reaches further stands in hushlint.toml, under `[[waive]]`";
            return broken(key_span, "a comment is for its own file".to_owned(), Some(help.to_owned()));
        }
        _ => {
            let near = nearest(key, KEYS).map(|near| format!("did you mean `{near}`?"));
            let help = near.or_else(|| Some(format!("one of {}", KEYS.join(", "))));
            return broken(key_span, format!("`{key}` is no word of a waiver"), help);
        }
    };
    if slot.is_some() {
        return broken(key_span, format!("`{key}` stands here twice"), None);
    }
    *slot = Some(value.to_owned());
    Ok(())
}
