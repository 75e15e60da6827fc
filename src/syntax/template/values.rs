//! What stands for a value that is filled in later, when nothing is filled in.

use crate::syntax::tree::Hole;

/// The hole that a scalar's text is, or holds, if it names a variable of the environment: `${NAME}`,
/// `${NAME:-default}`, or is wholly `$NAME`. The default is kept if the text is that variable and nothing else.
pub(crate) fn variable(text: &str) -> Option<Hole> {
    let mut from = text.find('$')?;
    if from == 0 && is_bare_variable(text) {
        return Some(Hole { default: None });
    }
    loop {
        let rest = text.get(from..)?;
        // `$$` is a dollar sign: compose and others write it so.
        if rest.starts_with("$$") {
            from += 2;
        } else if let Some(inner) = rest.strip_prefix("${")
            && let Some((length, default)) = braced(inner)
        {
            let whole = from == 0 && length + 2 == text.len();
            return Some(Hole { default: default.filter(|_| whole).and_then(literal_default) });
        } else {
            from += 1;
        }
        from += text.get(from..)?.find('$')?;
    }
}

/// `$NAME`, in capitals: `$name` is as often a part of a password or a pattern.
fn is_bare_variable(text: &str) -> bool {
    let name = text.get(1..).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Reads `NAME}` or `NAME:-default}`; gives its length and the default.
fn braced(inner: &str) -> Option<(usize, Option<&str>)> {
    let name = inner.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'))?;
    if name == 0 || inner.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let end = name + closing(inner.get(name..)?)?;
    let how = inner.get(name..end)?;
    let default = how.strip_prefix(":-").or(how.strip_prefix('-')).or(how.strip_prefix(":="));
    let known = how.is_empty() || how.starts_with([':', '-', '?', '+', '=']);
    known.then_some((end + 1, default))
}

/// The brace that closes, past those that open inside.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A default is a literal, or again a variable with one. (Nesting is bounded by what a reader of it would bear.)
fn literal_default(mut default: &str) -> Option<Box<str>> {
    for _ in 0..8 {
        match default.strip_prefix("${").and_then(braced) {
            Some((length, Some(inner))) if length + 2 == default.len() => default = inner,
            Some(_) => return None,
            None if default.contains("${") => return None,
            None => return Some(default.into()),
        }
    }
    None
}

/// The default of a text that is one expression: `7d` of `{{ x | default('7d') }}`, `{{ .x | default "7d" }}`
/// and `{{ default "7d" .x }}`.
pub(crate) fn default_of(text: &str) -> Option<Box<str>> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.trim_start_matches(['-', '+', '~']).trim_end_matches(['-', '+', '~']).trim();
    let mut parts = split(inner)?.into_iter();
    // Go's `default "7d" .x` comes first; a Jinja expression does not begin so.
    let mut default = parts.next()?.strip_prefix("default ").and_then(first_literal);
    for filter in parts {
        let name_end = filter.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(filter.len());
        let (name, rest) = filter.split_at_checked(name_end)?;
        match name {
            "default" | "d" => {
                let arguments = rest.trim().strip_prefix('(').unwrap_or(rest);
                default = Some(first_literal(arguments)?);
            }
            // These change how a value is written, not what it is.
            "quote" | "squote" | "string" | "int" | "float" | "bool" | "lower" | "trim" | "to_json" | "tojson"
            | "toJson" | "to_yaml" | "toYaml" => {}
            _ => return None,
        }
    }
    default.map(Into::into)
}

/// Splits at the bars that are in neither quotes nor brackets; `None` if quotes or brackets do not match, or
/// another tag begins.
fn split(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut from, mut depth, mut quote) = (0, 0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, '|') if depth == 0 => {
                parts.push(text.get(from..at)?.trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..)?.trim());
    (depth == 0 && quote.is_none()).then_some(parts)
}

/// The literal that a text begins with: quoted text without escapes, a number, a boolean. Only another argument
/// may follow: `'a' ~ b` is no literal.
fn first_literal(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (literal, after) = match text.chars().next()? {
        quote @ ('"' | '\'' | '`') => {
            text.get(1..)?.split_once(quote).filter(|(literal, _)| !literal.contains('\\'))?
        }
        _ => {
            let (word, after) = text.split_at_checked(text.find([' ', ',', ')']).unwrap_or(text.len()))?;
            let number = word.strip_prefix('-').unwrap_or(word);
            let is_number = number.starts_with(|c: char| c.is_ascii_digit())
                && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if !is_number && !matches!(word, "true" | "false" | "True" | "False") {
                return None;
            }
            (word, after)
        }
    };
    let after = after.trim_start();
    (after.is_empty() || after.starts_with([',', ')', '.', '$', '('])).then_some(literal)
}
