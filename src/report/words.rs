//! Small matters of text: plurals, lists, widths on a screen, wrapping, words that a CI system would obey.

/// `1 finding`, `2 findings`.
pub fn count(number: usize, word: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {word}{ending}")
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    let Some((last, before)) = items.split_last() else { return String::new() };
    if before.is_empty() {
        return last.as_ref().to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    format!("{} and {}", before.join(", "), last.as_ref())
}

/// How many columns a character takes on a terminal: East Asian wide ones two, joining ones none.
pub fn width(c: char) -> usize {
    match c as u32 {
        0..0x300 => 1,
        0x300..=0x36F | 0x1AB0..=0x1AFF | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F => 2,
        0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1F64F | 0x1F680..=0x1F9FF | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(width).sum() }
}

/// Breaks a text at blanks so that no line is wider than `limit`, unless a single word is. Line breaks stay.
pub fn wrap(text: &str, limit: usize) -> Vec<&str> {
    wrap_after(text, limit, limit)
}

/// The same where the first line has another room than the rest.
fn wrap_after(text: &str, first: usize, rest: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let room = |lines: &Vec<&str>| if lines.is_empty() { first } else { rest };
        if columns(line) <= room(&lines) {
            lines.push(line);
            continue;
        }
        let (mut start, mut end, mut used) = (0, 0, 0);
        for word in line.split_inclusive(' ') {
            let bare = columns(word.trim_end());
            if used > 0 && used + bare > room(&lines) {
                lines.push(line.get(start..end).unwrap_or_default().trim_end());
                (start, used) = (end, 0);
            }
            end += word.len();
            used += columns(word);
        }
        lines.push(line.get(start..).unwrap_or_default().trim_end());
    }
    lines
}

/// Writes `text` after `first` (`lead` columns of it visible), wrapped to `limit` columns, with `hang` blanks
/// before each further line.
pub fn paragraph(out: &mut String, first: &str, lead: usize, hang: usize, text: &str, limit: usize) {
    let room = |used: usize| limit.saturating_sub(used).max(20);
    for (number, line) in wrap_after(text, room(lead), room(hang)).into_iter().enumerate() {
        if number == 0 {
            out.push_str(first);
        } else {
            out.push_str(&" ".repeat(hang));
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// Breaks, by a blank and from byte `from` on, what a CI system would obey when it reads our output:
/// `::error` at the start of a line, `##[…]`, `##vso[…]`, `##teamcity[…]`, `section_start:`. File names and
/// contents come from whoever wrote the pull request. No width changes, except at the start of a line.
pub fn disarm(out: &mut String, from: usize) {
    let Some(text) = out.get(from..) else { return };
    if !(text.contains("::") || text.contains("##") || text.contains("section_")) {
        return;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let (blank, rest) = line.split_at_checked(indent).unwrap_or(("", line));
        safe.push_str(blank);
        let rest = match rest.strip_prefix("::") {
            Some(rest) => {
                safe.push_str(": :");
                rest
            }
            None => rest,
        };
        disarm_line(&mut safe, rest);
    }
    out.truncate(from);
    out.push_str(&safe);
}

/// The commands that are obeyed anywhere in a line.
fn disarm_line(safe: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find(['#', 's']) {
        let (before, here) = rest.split_at_checked(at).unwrap_or((rest, ""));
        safe.push_str(before);
        if let Some(after) = here.strip_prefix("##") {
            let name = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let command = name.starts_with('[');
            safe.push_str(if command { "# " } else { "#" });
            rest = if command { after } else { here.get(1..).unwrap_or_default() };
        } else if let Some(after) = ["section_start:", "section_end:"].iter().find_map(|s| here.strip_prefix(s)) {
            safe.push_str(if here.starts_with("section_start") { "section start:" } else { "section end:" });
            rest = after;
        } else {
            let mut chars = here.chars();
            safe.extend(chars.next());
            rest = chars.as_str();
        }
    }
    safe.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_lists() {
        assert_eq!(count(1, "finding"), "1 finding");
        assert_eq!(count(0, "finding"), "0 findings");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn wrapping_keeps_words_and_line_breaks() {
        assert_eq!(wrap("one two three\nfour", 7), ["one two", "three", "four"]);
        assert_eq!(wrap("averyverylongword b", 5), ["averyverylongword", "b"]);
        assert_eq!(wrap("漢字 漢字", 5), ["漢字", "漢字"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn ci_commands_are_broken() {
        let safe = |text: &str| {
            let mut out = text.to_owned();
            disarm(&mut out, 0);
            out
        };
        assert_eq!(safe("a\n  ::error::x"), "a\n  : :error::x");
        assert_eq!(safe("a::b"), "a::b");
        assert_eq!(safe("x ##vso[task] ##[group] ###[x"), "x # vso[task] # [group] ## [x");
        assert_eq!(safe("## title"), "## title");
        assert_eq!(safe("section_start:1:x"), "section start:1:x");
    }
}
