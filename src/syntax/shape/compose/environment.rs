//! `environment` of a service: a map, or a list of `NAME=value`.

use super::Reader;
use crate::syntax::shape::fill::fill;
use crate::syntax::shape::set::{Name, Set, scalar};
use crate::syntax::shape::{scalar as places, templated};
use crate::syntax::tree::{Document, Entry, Kind, Node, NodeId, Style};
use crate::text::Span;

impl Reader<'_> {
    /// The variables that a service sets itself; an empty set at its name if it sets none.
    pub(super) fn environment(&self, service: NodeId, key: Span) -> Option<Document> {
        let mut set = Set::new(self.document);
        let Some(entry) = self.document.entry(service, "environment") else {
            return Some(set.finish(key, key.end));
        };
        let node = self.document.node(entry.value);
        match &node.kind {
            Kind::Map(entries) => entries.iter().for_each(|variable| self.of_map(variable, &mut set)),
            Kind::Seq(items) => {
                items.iter().for_each(|item| self.of_list(item.value, item.alias.or(entry.alias), &mut set));
            }
            // Nothing, or what a template fills in.
            Kind::Scalar { .. } if node.hole.is_some() => {
                set.unread(entry.key_span, "a template fills in `environment`".to_owned());
            }
            Kind::Scalar { .. } => {}
        }
        Some(set.finish(entry.key_span, node.span.end))
    }

    fn of_map(&self, entry: &Entry, set: &mut Set<'_>) {
        let name = Name { text: &entry.key, span: entry.key_span, alias: entry.alias, merged: entry.merged };
        let node = self.document.node(entry.value);
        match &node.kind {
            Kind::Scalar { .. } if templated(self.document, entry.value) || node.tag.is_some() => {
                set.put(&name, node.clone());
            }
            Kind::Scalar { text, style } => match (style, &**text) {
                // Taken from the surroundings.
                (Style::Plain, "" | "~" | "null" | "Null" | "NULL") | (Style::Null, _) => self.inherited(&name, set),
                _ => self.put(&name, entry.value, &as_text(text, *style), set),
            },
            _ => set.put_open(&name),
        }
    }

    fn of_list(&self, id: NodeId, alias: Option<Span>, set: &mut Set<'_>) {
        let node = self.document.node(id);
        let Some(text) = node.text().filter(|text| !text.is_empty()) else { return };
        let Some(places) = places::offsets(self.document, node) else { return };
        let place = |from: usize, to: usize| places.place(Span::new(from, to));
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        if name.contains(['$', '{', ' ']) {
            set.unread(node.span, format!("`{name}` is a variable whose name a variable or template fills in"));
            return;
        }
        let name = Name { text: name, span: place(0, name.len()), alias, merged: false };
        let Some(value) = value else { return self.inherited(&name, set) };
        let span = place(text.len() - value.len(), text.len());
        let mut made = if templated(self.document, id) {
            scalar(self.document, id, value.to_owned(), node.hole.clone())
        } else {
            let filled = fill(value, self.known);
            let node = scalar(self.document, id, filled.text.clone(), filled.hole());
            Node { filled: filled.filled, ..node }
        };
        made.span = span;
        set.put(&name, made);
    }

    fn put(&self, name: &Name<'_>, id: NodeId, text: &str, set: &mut Set<'_>) {
        let filled = fill(text, self.known);
        let (hole, by) = (filled.hole(), filled.filled);
        set.put(name, Node { filled: by, ..scalar(self.document, id, filled.text, hole) });
    }

    /// A name without a value has that of the shell, or of the variables beside the file.
    fn inherited(&self, name: &Name<'_>, set: &mut Set<'_>) {
        match self.known.get(name.text) {
            Some(value) => {
                let span = Span { start: name.span.end, end: name.span.end };
                let kind = Kind::Scalar { text: value.into(), style: Style::DoubleQuoted };
                set.put(name, Node { filled: true, ..Node::new(span, kind) });
            }
            None => set.put_open(name),
        }
    }
}

/// The text that a scalar of a map becomes. Compose writes what YAML takes for a number or boolean anew.
fn as_text(text: &str, style: Style) -> String {
    if !matches!(style, Style::Plain | Style::Number | Style::Bool) {
        return text.to_owned();
    }
    match text {
        "true" | "True" | "TRUE" => return "true".to_owned(),
        "false" | "False" | "FALSE" => return "false".to_owned(),
        _ => {}
    }
    number(text).unwrap_or_else(|| text.to_owned())
}

/// A number as it is written anew: `0x1F` is `31`, `0777` is `511`, `1_000` is `1000`, `1.50` is `1.5`.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (if text.starts_with('-') { "-" } else { "" }, digits),
        None => ("", text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits.ends_with('_') {
        return None;
    }
    let plain = digits.replace('_', "");
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|n| format!("{sign}{n}"));
    if let Some(hex) = plain.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(octal) = plain.strip_prefix("0o") {
        return radix(octal, 8);
    }
    if let Some(binary) = plain.strip_prefix("0b") {
        return radix(binary, 2);
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        let octal = plain.len() > 1 && plain.starts_with('0');
        return radix(&plain, if octal { 8 } else { 10 }).or_else(|| octal.then(|| text.to_owned()));
    }
    let spelt = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    let value: f64 = plain.chars().all(spelt).then(|| plain.parse().ok())??;
    let bounded = value == 0.0 || (1e-4..1e21).contains(&value);
    bounded.then(|| format!("{sign}{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_takes_for_a_number_is_written_anew() {
        for (text, wanted) in [
            ("30", "30"),
            ("-1", "-1"),
            ("+1", "1"),
            ("0777", "511"),
            ("08", "08"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("1_000", "1000"),
            ("1.50", "1.5"),
            ("1.0", "1"),
            ("1e3", "1000"),
            ("10.11.2", "10.11.2"),
            ("1d", "1d"),
            ("2026-01-01", "2026-01-01"),
            ("True", "true"),
            ("yes", "yes"),
            ("1e-9", "1e-9"),
            ("", ""),
            (".", "."),
        ] {
            assert_eq!(as_text(text, Style::Plain), wanted, "{text}");
        }
        assert_eq!(as_text("0777", Style::DoubleQuoted), "0777");
    }
}
