//! Texts inside of XML 1.0.

/// An attribute with a blank before it: ` name="value"`. Line breaks survive, which they would not as they are.
pub fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c => character(out, c),
        }
    }
    out.push('"');
}

/// Text between tags.
pub fn text(out: &mut String, value: &str) {
    value.chars().for_each(|c| character(out, c));
}

fn character(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        // Also in the `]]>` that would end a section of characters.
        '>' => out.push_str("&gt;"),
        '\n' | '\t' => out.push(c),
        // No document may hold these, not even as numbers.
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    proptest::proptest! {
        /// What a reader gets is what was written, but for what XML cannot hold.
        #[test]
        fn any_text_comes_back(value in "([a-z<>&\"'\\]\n\t\u{0}\u{b}\u{1b}\u{fffe}é😀]|]]>|<!--|-->|&#0;){0,40}") {
            let mut out = String::from("<r");
            attribute(&mut out, "a", &value);
            out.push('>');
            text(&mut out, &value);
            out.push_str("</r>");
            let wanted: String = value.chars()
                .map(|c| if (c < ' ' && c != '\n' && c != '\t') || c == '\u{fffe}' { '\u{fffd}' } else { c }).collect();
            let document = roxmltree::Document::parse(&out).unwrap();
            let root = document.root_element();
            proptest::prop_assert_eq!(root.attribute("a"), Some(wanted.as_str()));
            proptest::prop_assert_eq!(root.text().unwrap_or_default(), wanted);
        }
    }
}
