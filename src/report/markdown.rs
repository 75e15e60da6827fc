//! Texts inside of Markdown, as hosts of repositories render it: shown as they are, wherever they come from.

use std::fmt::Write;

/// A text as one line of Markdown, fit for a cell of a table too. What stands between backticks becomes code; nothing
/// else in it is markup, a link, or a call of somebody's name. Line breaks and indentation stay.
pub fn inline(out: &mut String, text: &str) {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd backtick stands for itself.
    let paired = pieces.len() - usize::from(pieces.len().is_multiple_of(2));
    let mut line_start = true;
    for (number, piece) in pieces.iter().enumerate() {
        if number >= paired {
            out.push_str("&#96;");
            plain(out, piece, false);
        } else if number % 2 == 1 {
            code(out, piece);
        } else {
            plain(out, piece, line_start);
        }
        let tail = piece.rsplit('\n').next().unwrap_or_default();
        line_start = tail.trim().is_empty() && (line_start || piece.contains('\n'));
    }
}

/// A text as code.
pub fn code(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str("<code>");
        plain(out, text, true);
        out.push_str("</code>");
    }
}

/// `line_start`: nothing stands before it on its line, so blanks at its beginning are indentation.
fn plain(out: &mut String, text: &str, mut line_start: bool) {
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>"),
            '\t' => out.push_str("&nbsp;&nbsp;"),
            ' ' if line_start || before == Some(' ') => out.push_str("&nbsp;"),
            '_' if word(before) && word(rest.chars().next()) => out.push('_'),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '$' | '!' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            // A name or a number behind it would be linked, and the person told; a comment between parts them.
            '@' | '#' => {
                out.push(c);
                out.push_str("<!-- -->");
            }
            ':' if rest.starts_with("//") => out.push_str(":<!-- -->"),
            '.' if text.get(..at).is_some_and(|t| t.ends_with("www") || t.ends_with("WWW")) => {
                out.push_str("<!-- -->.");
            }
            // A list, a heading: only at the beginning of a line that is a paragraph.
            '-' | '+' | '=' if line_start => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
        line_start = c == '\n' || (line_start && c == ' ');
        before = Some(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> String {
        let mut out = String::from("| a |\n| --- |\n| ");
        inline(&mut out, text);
        out.push_str(" |\n");
        let mut html = String::new();
        let options = pulldown_cmark::Options::ENABLE_TABLES
            | pulldown_cmark::Options::ENABLE_STRIKETHROUGH
            | pulldown_cmark::Options::ENABLE_MATH;
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(&out, options));
        let cell = html.split("<td>").nth(1).and_then(|rest| rest.split("</td>").next());
        cell.unwrap_or_default().to_owned()
    }

    #[test]
    fn code_is_code_and_the_rest_is_text() {
        assert_eq!(rendered("`a_b: \"<x>\"` is *not* _set_"), "<code>a_b: \"&lt;x&gt;\"</code> is *not* _set_");
        assert_eq!(rendered("set `a` to `b` now"), "set <code>a</code> to <code>b</code> now");
        assert_eq!(rendered("odd ` tick"), "odd ` tick");
        assert_eq!(rendered("a | b \\| c"), "a | b \\| c");
        assert_eq!(rendered("one\n  two"), "one<br>\u{a0}\u{a0}two");
        assert_eq!(rendered("@all, see #12"), "@<!-- -->all, see #<!-- -->12");
        assert_eq!(rendered("https://a.b"), "https:<!-- -->//a.b");
    }

    proptest::proptest! {
        /// Whatever the text, no element comes of it but code and line breaks, and its words are all there.
        #[test]
        fn nothing_is_markup(text in "([a-z<>&\"'|*_`\\[\\]()!#@:/.~$\\\\ =+-]|https://|<script>|\\]\\(x\\)|\\$\\$){0,30}") {
            let html = rendered(&text);
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                let tag = rest.get(at..).unwrap_or_default();
                let known = ["<code>", "</code>", "<!-- -->"].iter().find(|known| tag.starts_with(**known));
                proptest::prop_assert!(known.is_some(), "{text:?} became {html}");
                rest = tag.get(1..).unwrap_or_default();
            }
            let plain: String = html.replace("<code>", "").replace("</code>", "").replace("<!-- -->", "")
                .replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            let squeezed = |text: &str| text.replace(['`', ' ', '\u{a0}'], "");
            proptest::prop_assert_eq!(squeezed(&plain), squeezed(&text));
        }
    }
}
