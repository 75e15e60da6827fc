//! What of a value is secret.

use super::super::Span;

/// A hole that goes on longer is none; so the search stays linear.
const LONGEST_HOLE: usize = 512;

/// The secret parts of a value, each on one line: without quotes, without a block's header, without template
/// holes (but with the literals that a hole falls back to).
pub(super) fn parts(text: &str, span: Span) -> Vec<Span> {
    let range = span.range();
    let start = text.ceil_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end);
    let value = text.get(start..end).unwrap_or_default();
    let (start, value) = unquoted(start, value);
    let mut parts = Vec::new();
    let mut at = start;
    for line in value.split_inclusive(['\n', '\r']) {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        literals(content, at + indent, &mut parts);
        at += line.len();
    }
    parts
}

/// A value without its quotes or its block header.
fn unquoted(start: usize, value: &str) -> (usize, &str) {
    for quotes in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(inner) = value.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes)) {
            return (start + quotes.len(), inner);
        }
    }
    if value.starts_with(['|', '>'])
        && let Some((header, content)) = value.split_once('\n')
        && is_block_header(header)
    {
        return (start + header.len() + 1, content);
    }
    (start, value)
}

/// `|`, `>-`, `|2+ # comment`.
pub(super) fn is_block_header(header: &str) -> bool {
    let Some(rest) = header.strip_prefix(['|', '>']) else { return false };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    rest.trim().is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#')
}

/// Adds the parts of a one-line value that are no template holes.
pub(super) fn literals(value: &str, start: usize, parts: &mut Vec<Span>) {
    if value.is_empty() {
        return;
    }
    let mut add = |from: usize, to: usize, beside_hole: bool| {
        let part = value.get(from..to).unwrap_or_default();
        let kept = part.trim();
        let from = from + (part.len() - part.trim_start().len());
        // What joins two holes (`:`, `/`) tells nothing.
        if !kept.is_empty() && (!beside_hole || kept.contains(char::is_alphanumeric)) {
            parts.push(Span::new(start + from, start + from + kept.len()));
        }
    };
    // `$$` is a dollar sign to compose, and `$$(X)` is filled in by the shell that it starts.
    if !value.contains(['$', '{', '<']) {
        return add(0, value.len(), false);
    }
    let (mut from, mut at, mut holed) = (0, 0, false);
    while let Some(found) = value.get(at..).and_then(|rest| rest.find(['$', '{', '<'])) {
        let hole = at + found;
        let Some(length) = hole_length(value.get(hole..).unwrap_or_default()) else {
            at = hole + 1;
            continue;
        };
        holed = true;
        add(from, hole, true);
        if let Some((start, end)) = fallback(value.get(hole..hole + length).unwrap_or_default()) {
            add(hole + start, hole + end, true);
        }
        from = hole + length;
        at = from;
    }
    add(from, value.len(), holed);
}

/// The length of the hole that a text begins with: `{{ x }}`, `{% x %}`, `<%= x %>`, `${X}`, `$(x)`, `$X`.
pub(super) fn hole_length(text: &str) -> Option<usize> {
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("${", "}"), ("$(", ")")] {
        if text.starts_with(open) {
            let near = text.get(..text.floor_char_boundary(LONGEST_HOLE)).unwrap_or_default();
            return near.find(close).map(|end| end + close.len());
        }
    }
    let name = text.strip_prefix('$')?;
    let length =
        name.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_').count();
    let ends = !name.get(length..)?.starts_with(|c: char| !c.is_whitespace());
    (length > 0 && ends && (length == 1 || !name.starts_with(|c: char| c.is_ascii_digit()))).then_some(length + 1)
}

/// Where a hole's fallback stands in it: `x` of `${A:-x}`, the quoted text after `default` of `{{ a | default('x') }}`.
fn fallback(hole: &str) -> Option<(usize, usize)> {
    if hole.starts_with("${") {
        let dash = hole.find(":-").map(|at| at + 2).or_else(|| hole.find('-').map(|at| at + 1))?;
        return Some((dash, hole.len() - 1))
            .filter(|&(_, end)| dash < end && !hole.get(dash..end).unwrap_or("$").starts_with("${"));
    }
    let default = ["default", "d(", "||", " or "].iter().find_map(|word| hole.find(word))?;
    let quoted = hole.get(default..)?.find(['"', '\'', '`']).map(|at| default + at)?;
    let quote = hole.get(quoted..)?.chars().next()?;
    let length = hole.get(quoted + 1..)?.find(quote)?;
    (length > 0).then_some((quoted + 1, quoted + 1 + length))
}

/// Values that are no secret whatever the key says: nothing, a boolean, a number, a duration.
pub(super) fn is_plain(value: &str) -> bool {
    let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    value.is_empty()
        || value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
            && is_number_or_duration(value)
        || value.len() <= 5 && is(&["true", "false", "yes", "no", "on", "off", "null", "nil", "none", "~"])
}

/// A word, a variable, a name in capitals, or a mark that somebody put in a secret's place.
pub(super) fn is_placeholder(value: &str) -> bool {
    let all = |test: fn(&u8) -> bool| value.as_bytes().iter().all(test);
    let variable = value.strip_prefix('$').is_some_and(|name| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':'))
    });
    variable
        || value.len() < 8 && all(u8::is_ascii_lowercase)
        || value.contains('_') && all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        || all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'?' | b'.' | b'_' | b'-' | b'#' | b' '))
}

fn is_number_or_duration(value: &str) -> bool {
    const UNITS: [&str; 24] = [
        "", "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hour",
        "hours", "d", "day", "days", "w", "week", "weeks", "y", "year", "years",
    ];
    let mut rest = value.trim_start_matches(['-', '+']);
    let mut any = false;
    while !rest.is_empty() {
        let number =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | ',')).len();
        let after = rest.get(number..).unwrap_or_default().trim_start();
        let unit = after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let name = after.get(..unit).unwrap_or_default();
        if number == 0 || !UNITS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return false;
        }
        any = true;
        rest = after.get(unit..).unwrap_or_default().trim_start();
    }
    any
}

/// Does the text look random: long, and of letters and digits that change places often?
pub(super) fn is_random(text: &str) -> bool {
    let (mut upper, mut lower, mut digits, mut turns, mut last, mut hex) = (0usize, 0usize, 0usize, 0usize, 0u8, true);
    for byte in text.bytes() {
        let class = match byte {
            b'A'..=b'Z' => {
                upper += 1;
                b'A'
            }
            b'a'..=b'z' => {
                lower += 1;
                b'a'
            }
            b'0'..=b'9' => {
                digits += 1;
                b'0'
            }
            _ => {
                hex = false;
                continue;
            }
        };
        hex &= byte.is_ascii_hexdigit();
        turns += usize::from(last != 0 && last != class);
        last = class;
    }
    let letters = upper + lower;
    let all = letters + digits;
    if all == 32 && is_uuid(text) {
        return false;
    }
    if all < 28 || digits == 0 || letters == 0 {
        return false;
    }
    if hex {
        return digits >= 4;
    }
    // Words in camel case turn about twice a word, so less often than every third character.
    if upper > 0 && lower > 0 { digits >= 2 && turns * 5 >= all * 2 } else { digits >= 4 && turns * 4 >= all }
}

/// A UUID names something. Where it is a secret, its key says so.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    fn read(value: &str) -> Vec<&str> {
        parts(value, Span::new(0, value.len())).into_iter().map(|span| &value[span.range()]).collect()
    }

    #[test]
    fn quotes_headers_and_holes_stay() {
        assert_eq!(read("'a b'"), ["a b"]);
        assert_eq!(read("\"\"\"\nx\n y\"\"\""), ["x", "y"]);
        assert_eq!(read("|2- # c\n  x\r\n\n   y z \n"), ["x", "y z"]);
        assert_eq!(read("| x"), ["| x"]);
        assert_eq!(read("{{ x }}"), Vec::<&str>::new());
        assert_eq!(read("${X}:$(y)"), Vec::<&str>::new());
        assert_eq!(read("$NAME"), Vec::<&str>::new());
        assert_eq!(read("$name$"), ["$name$"]);
        assert_eq!(read("pa{{ x }}ss"), ["pa", "ss"]);
        assert_eq!(read("${X:-hunter2}"), ["hunter2"]);
        assert_eq!(read("{{ x | default('hunter2') }}"), ["hunter2"]);
        assert_eq!(read("{{"), ["{{"]);
    }

    #[test]
    fn plain_values_are_told() {
        for value in ["", "true", "No", "null", "~", "5", "-1.5", "1_000", "90d", "24h0m0s", "2 weeks", "300 ms"] {
            assert!(is_plain(value), "{value}");
        }
        for value in ["x", "5x", "12ab34", "d", "truex", "1 2 three", "-"] {
            assert!(!is_plain(value), "{value}");
        }
    }

    #[test]
    fn random_text_is_told_from_names() {
        for text in [
            "Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw",
            "d41d8cd98f00b204e9800998ecf8427e",
            "QX1rP4gBOVQq73wPnrBLqJZlh0ZkA0Hk",
            "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984",
            "k3j5h6g7f8d9s0a1q2w3e4r5t6y7u8i9o0p1",
        ] {
            assert!(is_random(text), "{text}");
        }
        for text in [
            "EnableUserTypingMessagesAndChannelMentions2",
            "some_very_long_snake_case_name_with_2_parts_in_it",
            "d011af21-4db8-4a96-9b5c-cc46a3268746",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "11111111111111111111111111111111111111",
            "abcdefabcdefabcdefabcdefabcdefabcdef",
            "Elasticsearch7IndexReplicasPerShardCount",
            "matrix-synapse-federation-sender-worker-1",
        ] {
            assert!(!is_random(text), "{text}");
        }
    }
}
