//! The lines that tell a person what to write.

use super::deployment::Deployment;
use super::mend::{Addition, Change, Plan};
use crate::fact::enumerate;
use crate::syntax::Format;
use std::fmt::Write as _;

impl Deployment<'_> {
    /// The lines for people: which setting, what value, where.
    pub fn help(&self, plan: &Plan) -> String {
        let mut out = String::new();
        let mut missing: Vec<&Change> = Vec::new();
        for change in &plan.changes {
            let shown = &change.shown;
            if change.items != Default::default() {
                let at = self.line_near(change).map_or_else(String::new, |l| format!(" (line {l})"));
                let listed = |items: &[String]| enumerate(&items.iter().map(|i| format!("`{i}`")).collect::<Vec<_>>());
                let (add, remove) = &change.items;
                if !add.is_empty() {
                    line(&mut out, &format!("add {} to `{shown}`{at}", listed(add)));
                }
                if !remove.is_empty() {
                    line(&mut out, &format!("take {} out of `{shown}`{at}", listed(remove)));
                }
                continue;
            }
            match (&change.text, change.replaces) {
                (Some(text), Some(_)) => line(&mut out, &format!("set `{shown}` to `{text}`")),
                (Some(_), None) if change.addition.is_some() => missing.push(change),
                (Some(text), None)
                    if change.present == change.keys.len()
                        || !matches!(self.format(change), Some(Format::Yaml | Format::Lua))
                        || shown.contains('[') =>
                {
                    line(&mut out, &format!("set `{shown}` to `{text}`"));
                }
                (Some(_), None) => missing.push(change),
                (None, _) => line(
                    &mut out,
                    &format!(
                        "take out `{shown}`{}",
                        self.line_near(change).map_or_else(String::new, |l| format!(" (line {l})"))
                    ),
                ),
            }
        }
        self.additions(&mut out, &missing);
        if let Some(text) = &plan.text {
            line(&mut out, text);
        }
        out
    }

    /// The line of the deepest written key.
    fn line_near(&self, change: &Change) -> Option<u32> {
        Some(self.document(change.document?)?.source.line_of(change.near?.start))
    }

    /// Where a program's options that hold for all its sections must stand: before the first of these.
    fn before_sections(&self, change: &Change) -> String {
        let document = change.document.and_then(|d| self.document(d));
        let labelled = |item: &crate::syntax::Child, doc: &crate::syntax::Document| {
            doc.node(item.value).entries().iter().any(|entry| entry.key.starts_with('@'))
        };
        let first = document.and_then(|doc| {
            let entries = doc.root_node().entries().iter();
            let sections = entries.flat_map(|entry| doc.node(entry.value).items()).filter(|item| labelled(item, doc));
            let at = sections.map(|item| doc.node(item.value).span.start).min()?;
            Some(doc.source.position(at).line)
        });
        first.map_or_else(String::new, |at| format!(", before line {at}"))
    }

    fn format(&self, change: &Change) -> Option<Format> {
        change.document.and_then(|d| self.document(d)).map(|d| d.format)
    }

    /// Missing keys, grouped by the section they go into, as lines to paste.
    fn additions(&self, out: &mut String, missing: &[&Change]) {
        let mut done: Vec<usize> = Vec::new();
        for (n, change) in missing.iter().enumerate() {
            if done.contains(&n) {
                continue;
            }
            let parent = change.keys.get(..change.present).unwrap_or_default();
            if let Some(Addition { to, .. }) = &change.addition {
                line(out, &format!("add {to}"));
                for (m, other) in missing.iter().enumerate().skip(n) {
                    let Some(addition) = other.addition.as_ref().filter(|a| a.to == *to) else { continue };
                    done.push(m);
                    addition.text.lines().for_each(|l| line(out, &format!("  {l}")));
                }
                continue;
            }
            let lua = self.format(change) == Some(Format::Lua);
            let path =
                change.document.and_then(|d| self.document(d)).map(|d| d.source.path().to_owned()).unwrap_or_default();
            match (parent, self.line_near(change)) {
                ([], _) if lua => line(out, &format!("add to {path}{}", self.before_sections(change))),
                ([], _) => line(out, &format!("add to {path}")),
                (parent, Some(at)) => line(out, &format!("add under `{}` (line {at})", parent.join("."))),
                (parent, None) => line(out, &format!("add under `{}`", parent.join("."))),
            }
            let mut open: Vec<&str> = Vec::new();
            for (m, other) in missing.iter().enumerate().skip(n) {
                if other.document != change.document
                    || other.keys.get(..other.present) != Some(parent)
                    || done.contains(&m)
                {
                    continue;
                }
                done.push(m);
                let rest: Vec<&str> = other.keys.iter().skip(other.present).map(String::as_str).collect();
                if lua {
                    line(out, &format!("  {}", assignment(&rest, other.text.as_deref().unwrap_or_default())));
                    continue;
                }
                let shared =
                    open.iter().zip(&rest).take_while(|(a, b)| a == b).count().min(rest.len().saturating_sub(1));
                for (depth, key) in rest.iter().enumerate().skip(shared) {
                    let value = if depth + 1 == rest.len() {
                        format!(" {}", other.text.as_deref().unwrap_or_default())
                    } else {
                        String::new()
                    };
                    line(out, &format!("{}{}:{value}", "  ".repeat(depth + 1), yaml_key(key)));
                }
                open = rest;
            }
        }
    }
}

fn line(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = write!(out, "{text}");
}

/// `a = { b = value }`
fn assignment(keys: &[&str], text: &str) -> String {
    match keys {
        [] => text.to_owned(),
        [key, rest @ ..] => {
            let value = assignment(rest, text);
            if rest.is_empty() { format!("{key} = {value}") } else { format!("{key} = {{ {value} }}") }
        }
    }
}

fn yaml_key(key: &str) -> String {
    if key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        key.to_owned()
    } else {
        format!("\"{key}\"")
    }
}
