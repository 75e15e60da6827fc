//! Where the tags are and what each is for.

use super::{Shape, Tag};
use crate::syntax::tree::Format;
use crate::text::Span;

/// What a tag does to the text between it and others.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Nothing.
    None,
    /// Begins a statement whose text is there or not.
    Open(Language),
    /// Begins another branch; an `else` without a condition makes the statement exhaustive.
    Next { language: Language, otherwise: bool },
    /// Ends the statement.
    Close(Language),
}

/// A statement is closed by a tag of its own language only.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Language {
    /// `{% … %}`
    Jinja,
    /// `{{ … }}` with statements in it: Go, Handlebars.
    Go,
    /// `<% … %>`
    Erb,
}

/// Farther apart, two brackets are no tag. It also keeps the search linear.
const LONGEST: usize = 4096;
const LONGEST_COMMENT: usize = 64 * 1024;
/// As far as quotes are followed to find a tag's end.
const CAREFUL: usize = 512;

/// All tags of a text that are not on comment lines.
pub(super) fn find(text: &str, format: Format) -> Vec<Tag> {
    let bytes = text.as_bytes();
    let mut closings = [Closing::new("}}"), Closing::new("%}"), Closing::new("#}"), Closing::new("%>")];
    let [braces, percent, hash, erb] = &mut closings;
    let mut raw_end = Closing::new("endraw");
    let mut line = Line::new(text, format);
    let mut tags: Vec<Tag> = Vec::new();
    // How many Go statements are open: only then is `{{ end }}` no value.
    let mut open = 0usize;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'{' | b'<'))) {
        let start = at + found;
        at = start + 1;
        let opening = (bytes.get(start).copied(), bytes.get(start + 1).copied());
        let (closing, longest) = match opening {
            (Some(b'{'), Some(b'{')) => (&mut *braces, LONGEST),
            (Some(b'{'), Some(b'%')) => (&mut *percent, LONGEST),
            (Some(b'{'), Some(b'#')) => (&mut *hash, LONGEST_COMMENT),
            (Some(b'<'), Some(b'%')) => (&mut *erb, LONGEST),
            _ => continue,
        };
        if line.is_comment(start) {
            continue;
        }
        let Some(first) = closing.after(text, start + 2).filter(|end| end - start <= longest) else { continue };
        let end = match opening {
            (_, Some(b'{')) => end_of_expression(bytes, start + 2).unwrap_or(first) + 2,
            _ => first + 2,
        };
        let content = text.get(start + 2..end - 2).unwrap_or_default();
        let (shape, role) = match opening {
            (_, Some(b'{')) => braced(content, &mut open),
            (Some(b'{'), Some(b'%')) => statement(content),
            (Some(b'<'), _) if content.starts_with('%') => continue, // `<%%` is text
            (Some(b'<'), _) => erb_tag(content),
            _ => (Shape::Control, Role::None),
        };
        tags.push(Tag { span: Span::new(start, end), shape, role });
        at = end;
        line.pass(end);
        // Between `raw` and `endraw` braces belong to the product, not to the template.
        if opening == (Some(b'{'), Some(b'%')) && word(bare(content)).0 == "raw" {
            let over = raw_end.after(text, end).unwrap_or(end);
            at = text.get(end..over).and_then(|raw| raw.rfind("{%")).map_or(end, |tag| end + tag);
        }
    }
    splice(text, &mut tags);
    tags
}

/// The next place of a closing bracket, remembered: a text of nothing but opening ones is searched once.
struct Closing {
    bracket: &'static str,
    next: Option<usize>,
    over: bool,
}

impl Closing {
    fn new(bracket: &'static str) -> Self {
        Self { bracket, next: None, over: false }
    }

    fn after(&mut self, text: &str, from: usize) -> Option<usize> {
        if !self.over && self.next.is_none_or(|next| next < from) {
            self.next = text.get(from..).and_then(|rest| rest.find(self.bracket)).map(|found| from + found);
            self.over = self.next.is_none();
        }
        self.next.filter(|&next| next >= from)
    }
}

/// The end of a `{{` whose quotes and inner braces are followed.
fn end_of_expression(bytes: &[u8], start: usize) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0usize;
    let mut rest = bytes.iter().copied().enumerate().skip(start).take(CAREFUL).peekable();
    while let Some((at, byte)) = rest.next() {
        match (quote, byte) {
            (Some(_), b'\\') => drop(rest.next()),
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth > 0 => depth -= 1,
            (None, b'}') if rest.peek().is_some_and(|&(_, next)| next == b'}') => return Some(at),
            _ => {}
        }
    }
    None
}

/// Follows which line the search is on, and whether it is a comment.
struct Line<'a> {
    text: &'a str,
    mark: &'static str,
    seen: usize,
    comment: Option<bool>,
    start: usize,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, format: Format) -> Self {
        let mark = match format {
            Format::Json => "//",
            Format::Lua => "--",
            Format::Yaml | Format::Toml | Format::Env => "#",
        };
        Self { text, mark, seen: 0, comment: None, start: 0 }
    }

    /// Does a comment's mark begin the line of a byte? Bytes are asked for in their order.
    fn is_comment(&mut self, at: usize) -> bool {
        if let Some(end) = self.text.get(self.seen..at).and_then(|passed| passed.rfind(['\n', '\r'])) {
            self.start = self.seen + end + 1;
            self.comment = None;
        }
        self.seen = at;
        *self.comment.get_or_insert_with(|| {
            self.text.get(self.start..).unwrap_or_default().trim_start_matches([' ', '\t']).starts_with(self.mark)
        })
    }

    /// Goes on behind a tag. One that ends on a later line is the beginning of that line: its `#}` is no comment's mark.
    fn pass(&mut self, end: usize) {
        if self.text.get(self.seen..end).is_some_and(|tag| tag.contains(['\n', '\r'])) {
            self.start = end;
            self.comment = None;
        }
        self.seen = end;
    }
}

/// A tag's content without the marks that trim blanks.
fn bare(content: &str) -> &str {
    content.trim_start_matches(['-', '+', '~']).trim_end_matches(['-', '+', '~']).trim()
}

/// The first word, and what follows it.
fn word(content: &str) -> (&str, &str) {
    let end = content.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(content.len());
    let (word, rest) = content.split_at_checked(end).unwrap_or((content, ""));
    (word, rest.trim())
}

fn braced(content: &str, open: &mut usize) -> (Shape, Role) {
    const GO: Language = Language::Go;
    let content = bare(content);
    match content.as_bytes().first() {
        Some(b'/') if content.starts_with("/*") => return (Shape::Control, Role::None),
        Some(b'!') => return (Shape::Control, Role::None),
        Some(b'#' | b'^') if content.len() > 1 => {
            *open += 1;
            return (Shape::Control, Role::Open(GO));
        }
        Some(b'/') => {
            *open = open.saturating_sub(1);
            return (Shape::Control, Role::Close(GO));
        }
        // `{{ $x := 1 }}` gives nothing.
        Some(b'$') if content.contains(":=") || content.contains(" = ") => return (Shape::Control, Role::None),
        _ => {}
    }
    let (first, rest) = word(content);
    // A statement's condition follows after a blank; `{{ block | lower }}` is a Jinja variable of that name.
    let stated = content.get(first.len()..).is_some_and(|after| after.starts_with([' ', '\t', '\n', '\r']));
    match (first, rest) {
        ("if" | "with" | "range" | "define" | "block", rest) if stated && !rest.starts_with('|') => {
            *open += 1;
            (Shape::Control, Role::Open(GO))
        }
        ("else", rest) if *open > 0 => (Shape::Control, Role::Next { language: GO, otherwise: rest.is_empty() }),
        ("end", "") if *open > 0 => {
            *open -= 1;
            (Shape::Control, Role::Close(GO))
        }
        _ => (Shape::Value, Role::None),
    }
}

fn statement(content: &str) -> (Shape, Role) {
    const JINJA: Language = Language::Jinja;
    let role = match word(bare(content)) {
        ("if" | "for" | "unless" | "macro" | "call", _) => Role::Open(JINJA),
        // A `set` without `=` goes on to its `endset`.
        ("set", rest) if !rest.contains('=') => Role::Open(JINJA),
        ("elif" | "elsif", _) => Role::Next { language: JINJA, otherwise: false },
        ("else", rest) => Role::Next { language: JINJA, otherwise: rest.is_empty() },
        ("endif" | "endfor" | "endunless" | "endmacro" | "endcall" | "endset", _) => Role::Close(JINJA),
        ("include" | "extends" | "import_yaml", _) => return (Shape::Value, Role::None),
        _ => Role::None,
    };
    (Shape::Control, role)
}

fn erb_tag(content: &str) -> (Shape, Role) {
    const ERB: Language = Language::Erb;
    if content.starts_with(['=']) || content.starts_with("-=") {
        return (Shape::Value, Role::None);
    }
    let code = bare(content);
    let role = match word(code) {
        ("if" | "unless" | "case" | "for" | "while" | "until", _) => Role::Open(ERB),
        ("elsif" | "when", _) => Role::Next { language: ERB, otherwise: false },
        ("else", _) => Role::Next { language: ERB, otherwise: true },
        ("end", _) => Role::Close(ERB),
        _ if begins_block(code) => Role::Open(ERB),
        _ => Role::None,
    };
    (Shape::Control, role)
}

/// `hosts.each do |host|`
fn begins_block(code: &str) -> bool {
    let head = if code.ends_with('|') {
        code.trim_end_matches('|').rsplit_once('|').map_or(code, |(head, _)| head)
    } else {
        code
    };
    let head = head.trim_end();
    head.ends_with(" do") || head.ends_with('{')
}

/// Finds the values that stand alone on their lines, beside nothing but blanks and other tags.
fn splice(text: &str, tags: &mut [Tag]) {
    let break_in = |text: &str| text.contains(['\n', '\r']);
    let gap = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    // Does nothing but blanks and tags stand before the tag on its line?
    let mut led = Vec::with_capacity(tags.len());
    let mut before = (0, true);
    for tag in tags.iter() {
        let gap = gap(before.0, tag.span.start as usize);
        let line = gap.rsplit(['\n', '\r']).next().unwrap_or_default();
        let alone = line.trim().is_empty() && (before.1 || break_in(gap));
        led.push(alone);
        before = (tag.span.end as usize, alone || break_in(text.get(tag.span.range()).unwrap_or_default()));
    }
    // And after it?
    let mut after = (text.len(), true);
    for (tag, led) in tags.iter_mut().zip(led).rev() {
        let gap = gap(tag.span.end as usize, after.0);
        let line = gap.split(['\n', '\r']).next().unwrap_or_default();
        let alone = line.trim().is_empty() && (after.1 || break_in(gap));
        if led && alone && tag.shape == Shape::Value {
            tag.shape = Shape::Splice;
        }
        after = (tag.span.start as usize, alone || break_in(text.get(tag.span.range()).unwrap_or_default()));
    }
}
