//! Text for a place in a table of Markdown, CSV or HTML: nothing in it is obeyed there.
//!
//! What comes in has been masked and freed of control characters already; what is left are the characters that the
//! format itself, or the program that opens the file, would take for more than text.

/// A cell of a Markdown table. Marks are escaped, a line break becomes a blank, and neither an entity, a tag nor a
/// mention of a person survives.
pub fn markdown_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A mention would tell a stranger of it; no backslash prevents that.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// A field of a CSV file. Text that a spreadsheet would take for a formula gets an apostrophe in front, which is how a
/// spreadsheet writes "this is text"; a number stays a number.
pub fn csv_cell(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || text.starts_with(['\t', '\r', '\n']);
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let lead = if formula && !number { "'" } else { "" };
    if text.contains([',', ';', '"', '\n', '\r', '\t', '\'']) || text != text.trim() || !lead.is_empty() {
        format!("\"{lead}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Text of an HTML page, between tags or in a quoted attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// An address that may stand in a link: of the web, without blanks, brackets and quotes. Others are text, no link.
pub fn web_address(url: &str) -> Option<String> {
    let clean = url.starts_with("https://") && !url.chars().any(|c| c.is_control() || c.is_whitespace());
    clean.then(|| {
        let mut out = String::with_capacity(url.len());
        for c in url.chars() {
            match c {
                '<' => out.push_str("%3C"),
                '>' => out.push_str("%3E"),
                '(' => out.push_str("%28"),
                ')' => out.push_str("%29"),
                '"' => out.push_str("%22"),
                '\'' => out.push_str("%27"),
                '|' => out.push_str("%7C"),
                '\\' => out.push_str("%5C"),
                '`' => out.push_str("%60"),
                _ => out.push(c),
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_markdown_cell_is_one_cell_of_text() {
        assert_eq!(markdown_cell("a|b\nc"), "a\\|b c");
        assert_eq!(markdown_cell("<b>&amp;"), "&lt;b&gt;&amp;amp;");
        assert_eq!(markdown_cell("[x](y) `z` @team _i_"), "\\[x\\](y) \\`z\\` &#64;team \\_i\\_");
        assert_eq!(markdown_cell("![x](y)"), "\\!\\[x\\](y)");
    }

    #[test]
    fn a_csv_field_is_no_formula() {
        assert_eq!(csv_cell("=1+1"), "\"'=1+1\"");
        assert_eq!(csv_cell(" @SUM(A1)"), "\"' @SUM(A1)\"");
        assert_eq!(csv_cell("\t=1"), "\"'\t=1\"");
        assert_eq!(csv_cell("-5"), "-5");
        assert_eq!(csv_cell("-5+cmd"), "\"'-5+cmd\"");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("plain"), "plain");
    }

    #[test]
    fn html_stays_text() {
        assert_eq!(html("<a href=\"x\" o='y'>&"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(web_address("https://x.org/a(b)'c"), Some("https://x.org/a%28b%29%27c".into()));
        assert_eq!(web_address("javascript:alert(1)"), None);
        assert_eq!(web_address("https://x.org/a b"), None);
    }
}
