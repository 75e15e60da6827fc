//! The value of a variable: bare, quoted, or pieces of both.

use crate::syntax::template::variable;
use crate::syntax::tree::{Hole, Style};
use crate::text::Span;

/// A value as it is read.
pub(super) struct Value {
    /// As written, quotes included.
    pub span: Span,
    /// Without quotes and escapes.
    pub text: String,
    /// The same; a `$` that names no variable is another character.
    probe: String,
    pub style: Style,
    /// It is, or holds, what a command or a variable gives.
    pub hole: Option<Hole>,
    /// The quote that is never closed.
    pub unclosed: Option<usize>,
}

/// What stands in a probe for a `$` or a backquote that are only that.
const LITERAL: char = '\u{1}';

impl Value {
    /// A value of which nothing is read yet.
    pub fn at(start: usize) -> Self {
        let (span, style) = (Span::new(start, start), Style::Plain);
        Self { span, text: String::new(), probe: String::new(), style, hole: None, unclosed: None }
    }
}

/// Reads the value that begins at a byte. `shell`: a bare one ends with the word.
pub(super) fn read(text: &str, start: usize, shell: bool) -> Value {
    let mut value = Value::at(start);
    let mut at = start;
    let mut pieces = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let (length, style) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) if pieces == 0 || shell || value.style != Style::Plain => {
                match quoted(rest, quote, &mut value) {
                    Some(length) => (length, if quote == '"' { Style::DoubleQuoted } else { Style::SingleQuoted }),
                    None => {
                        value.unclosed = Some(at);
                        (bare(rest, shell || pieces > 0, &mut value), Style::Plain)
                    }
                }
            }
            _ => (bare(rest, shell || pieces > 0, &mut value), Style::Plain),
        };
        if length == 0 {
            break;
        }
        // One piece is spelt as that; several together are text.
        value.style = if pieces == 0 { style } else { Style::DoubleQuoted };
        at += length;
        pieces += 1;
        // After a bare piece that the line or a blank ends nothing belongs to the value.
        let next = text.get(at..).unwrap_or_default();
        if next.is_empty() || next.starts_with([' ', '\t', '\n', '\r']) || (shell && next.starts_with([';', '&', '|']))
        {
            break;
        }
    }
    value.span = Span::new(start, at);
    value.hole = hole(&value.probe);
    value
}

/// What fills the value in, if something does: a variable, or the output of a command.
fn hole(probe: &str) -> Option<Hole> {
    if let Some(hole) = variable(probe) {
        let literal = hole.default.filter(|default| !default.contains(['$', '`']));
        return Some(Hole { default: literal.map(|default| default.replace(LITERAL, "$").into()) });
    }
    let filled = probe.contains('`') || probe.contains("$(") || holds_variable(probe);
    filled.then_some(Hole { default: None })
}

/// `https://$DOMAIN/`: a name in capitals, of two letters at least. (`$word` is as often a part of a password.)
fn holds_variable(probe: &str) -> bool {
    probe.match_indices('$').any(|(at, _)| {
        let name = probe.get(at + 1..).unwrap_or_default();
        let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let name = name.get(..length).unwrap_or_default();
        name.len() > 1
            && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && !name.bytes().any(|byte| byte.is_ascii_lowercase())
    })
}

/// A piece between quotes; its length with them, `None` if they are never closed.
fn quoted(rest: &str, quote: char, value: &mut Value) -> Option<usize> {
    let (mut text, mut probe) = (String::new(), String::new());
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            value.text.push_str(&text);
            value.probe.push_str(&probe);
            return Some(at + 1);
        }
        if quote == '\'' || c != '\\' {
            text.push(c);
            probe.push(if quote == '\'' && matches!(c, '$' | '`') { LITERAL } else { c });
            continue;
        }
        let (_, escaped) = chars.next()?;
        let real = match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' | '\\' | '$' | '`' | '\'' => escaped,
            // A backslash before anything else stays.
            other => {
                text.push('\\');
                probe.push('\\');
                other
            }
        };
        text.push(real);
        probe.push(if matches!(real, '$' | '`') { LITERAL } else { real });
    }
    None
}

/// A piece without quotes: to the end of the line or to a comment; in a shell to the end of the word.
fn bare(rest: &str, shell: bool, value: &mut Value) -> usize {
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let mut end = line.len();
    let mut depth = 0_usize;
    let mut previous = '\0';
    for (at, c) in line.char_indices() {
        let blank = matches!(c, ' ' | '\t');
        match c {
            '#' if at == 0 || matches!(previous, ' ' | '\t') => end = end.min(at),
            '{' | '(' if previous == '$' || depth > 0 => depth += 1,
            '}' | ')' if depth > 0 => depth -= 1,
            _ if !shell || depth > 0 => {}
            _ if blank || matches!(c, ';' | '&' | '|') => end = end.min(at),
            '"' | '\'' if at > 0 && line.get(at + 1..).is_some_and(|after| after.contains(c)) => end = end.min(at),
            _ => {}
        }
        if end <= at {
            break;
        }
        previous = c;
    }
    let piece = line.get(..end).unwrap_or_default();
    let mut piece = piece.trim_end_matches([' ', '\t']);
    // A line that goes on in the next: what follows is another assignment.
    if let Some(before) = piece.strip_suffix('\\').filter(|before| before.ends_with([' ', '\t'])) {
        piece = before.trim_end_matches([' ', '\t']);
    }
    value.text.push_str(piece);
    value.probe.push_str(piece);
    piece.len()
}
