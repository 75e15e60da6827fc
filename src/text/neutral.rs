//! Characters that a terminal, an editor or a log would obey are not shown as they are.

/// What is shown in place of a character; `None` if the character itself may be shown.
pub(super) fn stand_in(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' | ' '..='~' => None,
        // With ESC and BEL gone, what is left of an ANSI or OSC sequence is plain text.
        '\0'..='\u{1f}' | '\u{7f}' => Some("?"),
        '\u{80}'..='\u{9f}' => Some("·"),
        _ if is_invisible(c) => Some("\u{fffd}"),
        _ => None,
    }
}

/// Characters that turn, hide or break text without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}'
    )
}

/// May all of a text be shown as it is?
pub(super) fn is_harmless(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) || text.chars().all(|c| stand_in(c).is_none())
}
