//! Tests of reading a deployment, over small platforms of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod codecs;
mod instances;
mod layers;
mod mends;
mod surroundings;
mod variables;

use super::*;
use crate::condition::{Evaluation, check, parse as parse_condition};
use crate::fact::{Reading, State, Value, Version, Vocabulary};
use crate::syntax::{Format, Limits, parse, parse_with};
use crate::text::Source;
use std::sync::{Arc, OnceLock};

const HEAD: &str = r#"
format = 1
[platform]
id = "small"
name = "Small"
verified = "2.0"
oldest = "1.0"
docs = "https://example.org/{setting}"
images = ["small/server", "small/free"]
"#;

/// The vocabulary, loaded once.
fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| {
        let source = Arc::new(Source::new("vocabulary.toml", include_str!("../../rules/vocabulary.toml")));
        let vocabulary = Vocabulary::load(&parse(&source, Format::Toml, &Limits::default()));
        vocabulary.and_then(Facts::new).unwrap_or_else(|e| panic!("{}", e[0].message))
    })
}

/// A platform of these definitions, or what is wrong with them.
fn loaded(definitions: &str) -> Result<Platform, Vec<String>> {
    let source = Arc::new(Source::new("small.toml", format!("{HEAD}{definitions}")));
    let document = Arc::new(parse(&source, Format::Toml, &Limits::default()));
    let told = |e: &crate::fact::DataError| format!("{:?}: {}", e.source.slice(e.span), e.message);
    load(&document, &facts().vocabulary).map_err(|errors| errors.iter().map(told).collect())
}

fn platform(definitions: &str) -> &'static Platform {
    Box::leak(Box::new(loaded(definitions).unwrap_or_else(|e| panic!("{}", e.join("\n")))))
}

/// A document of a platform: kind and text, the format being the first of the kind.
fn sheet(platform: &Platform, kind: &str, text: &str) -> Sheet {
    let at = platform.documents.iter().position(|d| d.id == kind).unwrap_or_else(|| panic!("no document `{kind}`"));
    let source = Arc::new(Source::new(format!("files/{kind}"), text));
    let kind = &platform.documents[at];
    let document = parse_with(&source, kind.formats[0], &Limits::default(), &kind.statements);
    assert!(document.errors.is_empty(), "{text}: {:?}", document.errors);
    Sheet::plain(Arc::new(document), at)
}

fn deployment(platform: &'static Platform, sheets: &[(&str, &str)], version: &str) -> Deployment<'static> {
    let input = Input {
        sheets: sheets.iter().map(|(kind, text)| sheet(platform, kind, text)).collect(),
        version: Version::parse(version),
        ..Input::default()
    };
    Deployment::new(facts(), Some(platform), input)
}

/// What an expression is worth: its words, `unknown (why) [candidates]` or `n/a`.
fn value(deployment: &Deployment<'_>, expression: &str) -> String {
    let scope = Scope::new(&facts().vocabulary, deployment.platform().map(|p| &p.names));
    let expr = parse_condition(expression).and_then(|s| check(&s, &scope, None));
    let expr = expr.unwrap_or_else(|e| panic!("{expression}: {}", e.message));
    words(&Evaluation::of(&expr, deployment, None))
}

fn words(reading: &Reading) -> String {
    match &reading.state {
        State::Known(value) => literal(value),
        State::NotApplicable(_) => "n/a".into(),
        State::Unknown(u) => {
            let candidates = u.candidates.iter().flatten().map(literal).collect::<Vec<_>>();
            let candidates =
                if candidates.is_empty() { String::new() } else { format!(" [{}]", candidates.join(", ")) };
            format!("unknown: {}{candidates}", u.kind.name())
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Duration(d) => d.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(words).collect::<Vec<_>>().join(" ")),
        other => other.words(),
    }
}

/// The events: `kind setting "text"`, undecided ones with a question mark.
fn events(deployment: &Deployment<'_>) -> Vec<String> {
    let one = |e: &Event| {
        let place = deployment.place(e.place).unwrap();
        let doc = deployment.document(place.document.unwrap()).unwrap();
        let open = if e.undecided.is_some() { "?" } else { "" };
        format!("{}{open} {}", e.kind.name(), doc.source.slice(place.span))
    };
    deployment.events().iter().map(one).collect()
}

/// Where a setting comes from: origin, and the text at its place.
fn origin(deployment: &Deployment<'_>, setting: &str) -> String {
    let ix = deployment.platform().unwrap().find(setting).unwrap();
    let reading = deployment.setting(ix);
    let Some(place) = reading.from.first().and_then(|s| deployment.place(s.place)) else { return "nowhere".into() };
    let text = place.document.and_then(|d| deployment.document(d)).map(|d| d.source.slice(place.span).to_owned());
    format!("{:?} {}", place.origin, text.unwrap_or_default())
}
