//! The text of a scalar with the place of every byte in its file.
//!
//! The reader of the format has read the scalar already. Here its text is made once more from what is written, this
//! time with places, and held against what the reader made of it: where the two differ, nothing is claimed of the
//! parts, and the scalar's place stands for all of it.

use super::offsets::Offsets;
use crate::syntax::tree::{Document, Kind, Node, Style};
use crate::text::Span;

/// A scalar's text with its places; `None` for what is no scalar.
pub(super) fn offsets(document: &Document, node: &Node) -> Option<Offsets> {
    let Kind::Scalar { text, style } = &node.kind else { return None };
    let written = document.source.slice(node.span);
    let start = node.span.start as usize;
    let tried = match style {
        Style::Block => return Some(block(written, start, text).unwrap_or_else(|| whole(text, node.span))),
        Style::SingleQuoted | Style::DoubleQuoted => quoted(written, start),
        _ => flowing(written, start, None),
    };
    Some(tried.filter(|tried| tried.text() == &**text).unwrap_or_else(|| whole(text, node.span)))
}

fn whole(text: &str, span: Span) -> Offsets {
    Offsets::whole(text.to_owned(), span)
}

/// Lines without their breaks: where each starts, its text, the break after it.
fn lines(text: &str, start: usize) -> Vec<(usize, &str, Span)> {
    let mut at = start;
    let line = |line: &'_ str| -> (usize, usize) {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        (bare.strip_suffix('\r').unwrap_or(bare).len(), line.len())
    };
    let mut out = Vec::new();
    for whole in text.split_inclusive('\n') {
        let (bare, length) = line(whole);
        out.push((at, whole.get(..bare).unwrap_or_default(), Span::new(at + bare, at + length)));
        at += length;
    }
    out
}

/// A block scalar. How far it is indented its header may say, but only in relation to what is around it; so the
/// indentation is tried that makes the text that was read.
fn block(written: &str, start: usize, text: &str) -> Option<Offsets> {
    let all = lines(written, start);
    let (_, header, _) = all.first()?;
    let folded = header.starts_with('>');
    let blanks = |line: &str| line.bytes().take_while(|&byte| byte == b' ').count();
    let content = all.get(1..)?;
    let first = content.iter().find(|(_, line, _)| !line.trim().is_empty()).map_or(0, |(_, line, _)| blanks(line));
    let most = content.iter().map(|(_, line, _)| blanks(line)).max().unwrap_or(0).min(64);
    let same = |offsets: &Offsets| offsets.text().trim_end_matches('\n') == text.trim_end_matches(['\n', '\r', ' ']);
    std::iter::once(first).chain((0..=most).filter(|&indent| indent != first)).find_map(|indent| {
        let cut = |&(at, line, end): &(usize, &'_ str, Span)| {
            let gone = blanks(line).min(indent);
            (at + gone, line.get(gone..).unwrap_or_default().to_owned(), end)
        };
        let lines: Vec<(usize, String, Span)> = content.iter().map(cut).collect();
        let made = if folded { fold_block(&lines) } else { literal(&lines) };
        Some(made).filter(same)
    })
}

/// Line for line.
fn literal(lines: &[(usize, String, Span)]) -> Offsets {
    let mut out = Offsets::default();
    for (at, line, end) in lines {
        out.copy(line, *at);
        newline(&mut out, *end);
    }
    out
}

fn newline(out: &mut Offsets, written: Span) {
    match written.end - written.start {
        1 => out.copy("\n", written.start as usize),
        // Two bytes, or none at the end of the file.
        _ => out.put("\n", written),
    }
}

/// A `>` block: single breaks are blanks, except around lines that are indented further.
fn fold_block(lines: &[(usize, String, Span)]) -> Offsets {
    let mut out = Offsets::default();
    let deeper = |line: &str| line.starts_with([' ', '\t']);
    let mut before: Option<bool> = None;
    let mut breaks: Vec<Span> = Vec::new();
    for (at, line, end) in lines {
        if line.is_empty() {
            breaks.push(*end);
            continue;
        }
        match before {
            None => breaks.iter().for_each(|end| newline(&mut out, *end)),
            Some(deep) if deep || deeper(line) => breaks.iter().for_each(|end| newline(&mut out, *end)),
            Some(_) => match breaks.as_slice() {
                [only] => out.put(" ", *only),
                several => several.iter().skip(1).for_each(|end| newline(&mut out, *end)),
            },
        }
        breaks = vec![*end];
        before = Some(deeper(line));
        out.copy(line, *at);
    }
    breaks.iter().take(1).for_each(|end| newline(&mut out, *end));
    out
}

/// Text between quotes.
fn quoted(written: &str, start: usize) -> Option<Offsets> {
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    flowing(inner, start + 1, Some(quote))
}

/// Text that may go over lines: a break is a blank, an empty line a break.
fn flowing(text: &str, start: usize, quote: Option<char>) -> Option<Offsets> {
    let mut out = Offsets::default();
    let lines = lines(text, start);
    let mut empty = 0_usize;
    let mut gap: Option<Span> = None;
    for (n, (at, line, end)) in lines.iter().enumerate() {
        let led = if n == 0 { 0 } else { line.len() - line.trim_start_matches([' ', '\t']).len() };
        let mut line = line.get(led..)?;
        let at = at + led;
        let last = n + 1 == lines.len() && end.is_empty();
        if !last {
            line = line.trim_end_matches([' ', '\t']);
        }
        if line.is_empty() && n > 0 && !last {
            empty += 1;
            continue;
        }
        if let Some(gap) = gap.take() {
            let over = Span { start: gap.start, end: u32::try_from(at).ok()? };
            out.put(&if empty == 0 { " ".to_owned() } else { "\n".repeat(empty) }, over);
        }
        empty = 0;
        let ended = at + line.len();
        let joined = quote == Some('"') && line.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1;
        if joined {
            line = line.strip_suffix('\\')?;
        }
        match quote {
            Some('"') => escaped(line, at, &mut out)?,
            Some(_) => doubled(line, at, &mut out),
            None => out.copy(line, at),
        }
        if !end.is_empty() && !joined {
            gap = Some(Span::new(ended, ended));
        }
    }
    Some(out)
}

/// `'it''s'`
fn doubled(line: &str, at: usize, out: &mut Offsets) {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find("''")) {
        out.copy(line.get(from..from + found).unwrap_or_default(), at + from);
        from += found + 2;
        out.put("'", Span::new(at + from - 2, at + from));
    }
    out.copy(line.get(from..).unwrap_or_default(), at + from);
}

/// `"a\tb"`: the escapes of YAML, which are those of JSON and some more.
fn escaped(line: &str, at: usize, out: &mut Offsets) -> Option<()> {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find('\\')) {
        out.copy(line.get(from..from + found)?, at + from);
        let escape = from + found;
        let (length, c) = escape_of(line.get(escape..)?)?;
        out.put(c.encode_utf8(&mut [0; 4]), Span::new(at + escape, at + escape + length));
        from = escape + length;
    }
    out.copy(line.get(from..)?, at + from);
    Some(())
}

/// The length of an escape and what it stands for.
fn escape_of(text: &str) -> Option<(usize, char)> {
    let letter = text.chars().nth(1)?;
    let hex = |from: usize, digits: usize| {
        let digits = text.get(from..from + digits)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let plain = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return Some((4, char::from_u32(hex(2, 2)?)?)),
        'U' => return Some((10, char::from_u32(hex(2, 8)?)?)),
        'u' => {
            let first = hex(2, 4)?;
            if !(0xD800..0xDC00).contains(&first) {
                return Some((6, char::from_u32(first)?));
            }
            // JSON writes what lies beyond 16 bits as a pair.
            let second = text.get(6..8).filter(|mark| *mark == "\\u").and_then(|_| hex(8, 4))?;
            let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            return Some((12, char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)?));
        }
        _ => return None,
    };
    Some((2, plain))
}
