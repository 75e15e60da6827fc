//! Settings that sit inside other files.

mod compose;
mod inner;
mod kubernetes;
mod property;

use super::*;

/// Variables with where they stand: `NAME=value` and, where that is written otherwise, `<as it is written>`.
fn variables(document: &Document) -> Vec<String> {
    let one = |entry: &Entry| {
        let node = document.node(entry.value);
        let text = node.text().unwrap_or("(no scalar)");
        let written = document.source.slice(node.span);
        let name = document.source.slice(entry.key_span);
        let mut out = format!("{}={text}", entry.key);
        if let Some(hole) = &node.hole {
            out = format!("{}?{}", out, hole.default.as_deref().unwrap_or_default());
        }
        if written != text {
            out.push_str(&format!(" <{written}>"));
        }
        if name != &*entry.key {
            out.push_str(&format!(" <<{name}>>"));
        }
        out
    };
    document.root_node().entries().iter().map(one).collect()
}

fn known(text: &str) -> Variables {
    Variables::of(&read(Format::Env, text))
}
