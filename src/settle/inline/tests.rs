#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::super::waiver::Reach;
use super::*;
use crate::lint::{Knowledge, parsed};
use crate::syntax::{Format, Limits, parse};

fn read_as(text: &str, format: Format) -> Inline {
    let knowledge = Knowledge::built_in().unwrap();
    let source = Arc::new(Source::new("f", text));
    let document = parse(&source, format, &Limits::default());
    Inline::read(std::iter::once(&document), &knowledge.catalogue)
}

fn lines(text: &str, format: Format) -> Vec<Reach> {
    let inline = read_as(text, format);
    assert!(inline.broken.is_empty(), "{:?}", inline.broken);
    inline.waivers.into_iter().map(|w| w.reach).collect()
}

#[test]
fn a_comment_is_about_its_line_or_the_next() {
    let text = "a: 1 # hushlint: ignore[secret-inline] -- x\nb: 2\n# hushlint: ignore[secret-inline] -- x\nc: 3\n";
    assert_eq!(lines(text, Format::Yaml), [Reach::Line(1), Reach::Line(4)]);
    let stacked = "# hushlint: ignore[secret-inline] -- x\n# more\n#hushlint: ignore[edits-kept] -- y\na: 1\n";
    assert_eq!(lines(stacked, Format::Yaml), [Reach::Line(4), Reach::Line(4)]);
    let apart = "# hushlint: ignore[secret-inline] -- x\n\na: 1\n";
    assert_eq!(lines(apart, Format::Yaml), [Reach::Line(2)]);
}

#[test]
fn every_format_has_its_comments() {
    let words = "hushlint: ignore[secret-inline] -- x";
    for (text, format, line) in [
        (format!("a = 1\n# {words}\nb = 2\n"), Format::Toml, 3),
        (format!("{{\n  // {words}\n  \"a\": 1\n}}\n"), Format::Json, 3),
        (format!("{{\n  \"a\": 1 /* {words} */\n}}\n"), Format::Json, 2),
        (format!("a = 1 -- {words}\n"), Format::Lua, 1),
        (format!("--[[ {words} ]]\na = 1\n"), Format::Lua, 2),
        (format!("--[[ about\n  {words}\n]]\na = 1\n"), Format::Lua, 4),
        (format!("# {words}\nA=1\n"), Format::Env, 2),
    ] {
        let inline = read_as(&text, format);
        assert_eq!(inline.waivers.len(), 1, "{text} {:?}", inline.broken);
        assert_eq!(inline.waivers[0].reach, Reach::Line(line), "{text}");
        assert_eq!(inline.waivers[0].reason.as_deref(), Some("x"), "{text}");
    }
    // Words in a value are no comment.
    let value = read_as(&format!("a: \"# {words}\"\n"), Format::Yaml);
    assert!(value.waivers.is_empty() && value.broken.is_empty());
}

#[test]
fn a_whole_file_is_waived_above_everything_else() {
    let words = "# hushlint: ignore-file[secret-inline] -- x\n";
    assert_eq!(lines(&format!("# about\n\n---\n{words}a: 1\n"), Format::Yaml), [Reach::File]);
    let late = read_as(&format!("a: 1\n{words}"), Format::Yaml);
    assert!(late.waivers.is_empty());
    assert!(late.broken[0].broken.message.contains("first comments"));
}

#[test]
fn all_words_are_read() {
    let text = "a: 1 # hushlint: ignore[ip-kept-too-long, secret-inline] setting=\"a b\" fact=x.y qualifier=direct \
                until=2027-03-31 owner=trust -- a reason -- with dashes\n";
    let inline = read_as(text, Format::Yaml);
    let waiver = &inline.waivers[0];
    assert_eq!(waiver.rules, ["ip-kept-too-long", "secret-inline"]);
    assert_eq!(waiver.setting.as_deref(), Some("a b"));
    assert_eq!(waiver.fact.as_deref(), Some("x.y"));
    assert_eq!(waiver.qualifier.as_deref(), Some("direct"));
    assert_eq!(waiver.until.unwrap().to_string(), "2027-03-31");
    assert_eq!(waiver.owner.as_deref(), Some("trust"));
    assert_eq!(waiver.reason.as_deref(), Some("a reason -- with dashes"));
    assert!(text[waiver.span.range()].starts_with("hushlint: ignore["));
    for silent in ["ignore[secret-inline]", "ignore[secret-inline] --", "ignore[secret-inline] until=2027-01-01 -- "] {
        let inline = read_as(&format!("a: 1 # hushlint: {silent}\n"), Format::Yaml);
        assert_eq!(inline.waivers[0].reason, None, "{silent}");
    }
}

#[test]
fn what_cannot_be_understood_is_told_at_its_place() {
    for (words, place, message, help) in [
        ("ignroe[secret-inline] -- x", "ignroe", "nothing that a comment", "did you mean `ignore`?"),
        ("ignore secret-inline -- x", "ignore", "square brackets", "hushlint: ignore[rule]"),
        ("ignore[secret-inline -- x", "secret-inline -- x", "not closed", ""),
        ("ignore[secret-inlin] -- x", "secret-inlin", "`secret-inlin` is no rule", "did you mean `secret-inline`?"),
        ("ignore[*] -- x", "*", "patterns are refused", "name each rule"),
        ("ignore[secret-*] -- x", "secret-*", "patterns are refused", ""),
        ("ignore[] -- x", "]", "a rule is missing", ""),
        ("ignore[secret-inline] until=soon -- x", "soon", "`soon` is no day", "YYYY-MM-DD"),
        ("ignore[secret-inline] until=2027-02-30 -- x", "2027-02-30", "is no day", ""),
        ("ignore[secret-inline] utnil=2027-02-20 -- x", "utnil", "no word of a waiver", "did you mean `until`?"),
        ("ignore[secret-inline] because I say so", "because", "out of place", "the reason stands after"),
        ("ignore[secret-inline] files=x -- x", "files", "its own file", "[[waive]]"),
        ("ignore[secret-inline] owner=a owner=b -- x", "owner", "twice", ""),
        ("ignore[waiver-unused] -- x", "waiver-unused", "cannot be waived", ""),
    ] {
        let text = format!("a: 1 # hushlint: {words}\n");
        let inline = read_as(&text, Format::Yaml);
        assert!(inline.waivers.is_empty(), "{words}");
        let broken = &inline.broken[0].broken;
        assert_eq!(&text[broken.span.range()], place, "{words}");
        assert!(broken.message.contains(message), "{words}: {}", broken.message);
        assert!(broken.help.as_deref().unwrap_or("").contains(help), "{words}: {:?}", broken.help);
    }
}

#[test]
fn knowledge_files_are_documents_too() {
    let document = parsed("x.toml", "# hushlint: ignore-file[secret-inline] -- x\na = 1\n");
    let knowledge = Knowledge::built_in().unwrap();
    assert_eq!(Inline::read(std::iter::once(&*document), &knowledge.catalogue).waivers.len(), 1);
}
