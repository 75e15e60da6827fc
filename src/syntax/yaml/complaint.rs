//! What keeps YAML from being read, in words that tell how to mend it.

use super::super::SyntaxError;
use crate::text::Span;
use granit_parser::ErrorKind as Kind;

/// The parser's error at byte `at` of `text`.
pub(super) fn explain(kind: &Kind, at: usize, text: &str) -> SyntaxError {
    let mut span = character(at, text);
    let (message, help): (&str, Option<&str>) = match kind {
        Kind::TabInIndentation | Kind::TabInBlockIndentation | Kind::TabNotAllowed | Kind::TabInPlainScalar => {
            span = next_tab(at, text).unwrap_or(span);
            ("a tab used as indentation", Some("indent with spaces"))
        }
        Kind::TabAtBlockScalarStart => ("a block of text that begins with a tab", Some("indent with spaces")),
        Kind::UnclosedQuotedScalar => ("a quote that is never closed", Some("close it, or remove it")),
        Kind::DocumentIndicatorInQuotedScalar => {
            ("a document mark (`---` or `...`) inside quotes", Some("close the quote before it"))
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => (
            "text after a closing quote",
            Some("put the whole value between quotes, and double a `'` inside `'…'` or write `\\\"` inside `\"…\"`"),
        ),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => (
            "an escape that YAML does not know, inside double quotes",
            Some("double the backslash, or use single quotes"),
        ),
        Kind::MappingValueNotAllowed if after_continued_line(at, text) => (
            "bad indentation: this line is deeper than the key above it, which has a value already",
            Some("give keys of one map the same indentation"),
        ),
        Kind::MappingValueNotAllowed => (
            "a second `: ` on the line: a map is not allowed here",
            Some("quote the value, or put the map on lines of its own"),
        ),
        Kind::MappingKeyNotAllowed => ("a key is not allowed here", Some("put it on a line of its own")),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => {
            ("a line of a map without `:`", Some("write `key: value`, with a space after the colon"))
        }
        Kind::ExpectedBlockMappingKey | Kind::InvalidIndentation | Kind::InvalidBlockScalarIndent => (
            "bad indentation: this line fits none of the maps and lists above it",
            Some("give keys of one map the same indentation"),
        ),
        Kind::ExpectedBlockSequenceEntry => {
            ("a list that goes on without `-`", Some("indent the line to where its map begins, or begin it with `- `"))
        }
        Kind::BlockSequenceEntryNotAllowed | Kind::BlockEntryInFlowCollection | Kind::InvalidBlockEntryWhitespace => {
            ("a list item (`-`) is not allowed here", Some("begin the list on a line of its own"))
        }
        Kind::InvalidQuotedScalarIndent | Kind::InvalidFlowScalarIndent => {
            ("bad indentation inside quotes or brackets", Some("indent the line deeper than its key"))
        }
        Kind::MismatchedFlowCollectionEnd { .. } => ("a bracket closed by one of another kind", None),
        Kind::MisplacedFlowCollectionEnd => {
            ("a closing bracket without an opening one", Some("remove it, or quote it"))
        }
        Kind::UnclosedFlowCollection { .. }
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::InvalidColonPlacement
        | Kind::FlowMappingValueAdjacentCollection => (
            "brackets that are not closed, or a comma missing between their items",
            Some("close the bracket; put a comma between items"),
        ),
        Kind::UnexpectedCharacter { character } => special(*character),
        Kind::PlainScalarStartsWithDashFlowIndicator => {
            ("a value that begins with `-` and a bracket", Some("quote it"))
        }
        Kind::CommentNotSeparated => ("a comment right after text", Some("put a space before the `#`")),
        Kind::CommentInterceptedScalar => ("a comment in the middle of a value", Some("quote the value")),
        Kind::ExpectedWhitespace | Kind::InvalidMappingValueWhitespace => ("a space is missing here", None),
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            ("text after `|` or `>`", Some("begin the text on the next line"))
        }
        Kind::BomInsideDocument => ("a byte order mark in the middle of the file", Some("remove it")),
        Kind::RecursionLimitExceeded => ("nested too deeply", None),
        Kind::UndeclaredTagHandle
        | Kind::MissingTagUri
        | Kind::InvalidTagTerminator
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagEscape
        | Kind::InvalidGlobalTagCharacter => {
            ("a tag (`!…`) that YAML cannot read", Some("text that begins with `!` needs quotes"))
        }
        Kind::MissingAnchorOrAliasName => {
            ("an anchor or alias without a name", Some("text that begins with `&` or `*` needs quotes"))
        }
        Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => {
            ("text where a new document must begin", Some("begin it with `---`, or mend the line before"))
        }
        _ => ("this is no YAML", None),
    };
    SyntaxError { span, message: message.to_owned(), help: help.map(str::to_owned) }
}

fn special(character: char) -> (&'static str, Option<&'static str>) {
    match character {
        '@' | '`' | '%' => ("a value that begins with a character YAML keeps for itself", Some("quote the value")),
        c if c.is_control() => {
            ("a control character", Some("remove it, or write it as an escape inside double quotes"))
        }
        _ => ("an unexpected character", Some("quote the value")),
    }
}

/// The character at a byte; at the end of the text, the last one, so that there is something to point at.
fn character(at: usize, text: &str) -> Span {
    let at = text.floor_char_boundary(at);
    let rest = text.get(at..).unwrap_or_default();
    if let Some(c) = rest.chars().next() {
        return Span::new(at, at + c.len_utf8());
    }
    let kept = text.trim_end().len();
    let last = text.get(..kept).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
    Span::new(kept - last, kept)
}

/// The first tab that begins a line at or after a byte, or that stands at it.
fn next_tab(at: usize, text: &str) -> Option<Span> {
    let line = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let mut start = line;
    for line in text.get(line..)?.split_inclusive(['\n', '\r']) {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..blank).and_then(|blank| blank.find('\t')) {
            return Some(Span::new(start + tab, start + tab + 1));
        }
        start += line.len();
        if start > at + 4096 {
            break;
        }
    }
    None
}

/// Does the colon at `at` stand on a line that the line above lends its value to? Then no other `: ` precedes
/// it on its own line.
fn after_continued_line(at: usize, text: &str) -> bool {
    let Some(before) = text.get(..at) else { return false };
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    before.len() > line.len() && !line.contains(": ") && !line.trim_start().starts_with("- ")
}
