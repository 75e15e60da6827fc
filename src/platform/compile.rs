//! Compiling what data files state: expressions and cases.

use super::definition::{At, Case, Effect, MapKey, MapValue};
use super::names::Scope;
use crate::condition::{ConditionError, Expr, check, parse};
use crate::fact::{
    DataError, Item, Problems, Reason, Record, Table, Type, Unknown, Value, VocabularyCase, Word, is_case, literal,
    literal_of_text,
};
use crate::syntax::{Document, Kind};
use crate::text::{Source, Span};
use std::sync::Arc;

/// Who may decide what a file cannot tell.
pub const DECIDERS: [&str; 9] =
    ["client", "operator", "proxy", "identity-provider", "database", "other-file", "module", "licence", "version"];

/// The place of an error within a condition, in the file that holds it.
pub fn place(source: &Source, condition: Span, inner: Span) -> Span {
    let raw = source.slice(condition);
    let quote =
        if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { u32::from(raw.starts_with(['"', '\''])) };
    let start = condition.start + quote + inner.start;
    let end = (condition.start + quote + inner.end).max(start);
    Span { start: start.min(condition.end), end: end.min(condition.end) }
}

/// Tells an error of a condition at its place.
pub fn tell(problems: &Problems, condition: Span, error: ConditionError) {
    let span = place(problems.source(), condition, error.span);
    problems.error_with(span, error.message, error.help);
}

/// Parses and types a condition that stands in a data file.
pub fn expression(item: &Item<'_>, scope: &Scope<'_>, wanted: Option<&Type>) -> Option<Expr> {
    let text = item.text()?;
    match parse(text).and_then(|syntax| check(&syntax, scope, wanted)) {
        Ok(expr) => Some(expr),
        Err(error) => {
            tell(item.problems, item.span(), error);
            None
        }
    }
}

/// Are these cases (one, or a list of them), or a literal?
pub fn are_cases(item: &Item<'_>) -> bool {
    is_case(item.kind())
        || (item.is_list() && !item.items().is_empty() && item.items().iter().all(|i| is_case(i.kind())))
}

/// Reads cases of a type: a literal, one case, or a list of cases.
pub fn cases(item: &Item<'_>, ty: &Type, scope: &Scope<'_>) -> Vec<Case> {
    if !are_cases(item) {
        return value(item, ty, scope)
            .map(|v| Case { qualifiers: None, when: None, effect: Effect::Value(v), because: None, at: None })
            .into_iter()
            .collect();
    }
    let items = item.items();
    let mut out = Vec::new();
    for case in &items {
        if let Some(table) = case.table() {
            out.extend(one(&table, ty, scope));
            table.finish();
        }
    }
    let adds = out.iter().any(|c| matches!(c.effect, Effect::Add(_) | Effect::AddPossible(..)));
    if let (Some(last), Some(item), false) = (out.last(), items.last(), adds)
        && (last.when.is_some() || last.qualifiers.is_some())
    {
        item.problems.error_with(
            item.span(),
            "the last case must hold always",
            Some("leave out its `when` and `for`, or add a case without them".into()),
        );
    }
    out
}

/// A literal of a type; lists of records are tables of this file.
pub fn value(item: &Item<'_>, ty: &Type, scope: &Scope<'_>) -> Option<Value> {
    let Type::List(of) = ty else { return literal(item, ty, scope.vocabulary) };
    if !matches!(**of, Type::Record(_)) {
        return literal(item, ty, scope.vocabulary);
    }
    let records = item.list().into_iter().enumerate().map(|(n, record)| {
        let record = Record {
            list: u32::MAX,
            document: Record::CONSTANT,
            node: record.node,
            key: Word::from(n.to_string()),
            index: u32::try_from(n).ok(),
            parent: None,
        };
        let value = Value::Record(Arc::new(record));
        crate::fact::Reading::known_value(value)
    });
    Some(Value::List(records.collect()))
}

/// The qualifiers of a `for`.
pub fn qualifiers(table: &Table<'_>, scope: &Scope<'_>) -> Option<Vec<Word>> {
    let item = table.get("for")?;
    let mut out = Vec::new();
    for word in item.list() {
        let Some(text) = word.text() else { continue };
        if let Some(Type::Level(level)) =
            scope.it.as_ref().filter(|ty| matches!(ty, Type::Level(l) if l.rank(text).is_none()))
        {
            word.problems.unknown_word(word.span(), "qualifier here", text, level.values.iter().map(|v| &**v));
        }
        out.push(Word::from(text));
    }
    Some(out)
}

/// Who decides, if said.
pub fn decider(table: &Table<'_>) -> Option<Arc<str>> {
    let item = table.get("by")?;
    let text = item.text()?;
    if !DECIDERS.contains(&text) {
        item.problems.unknown_word(item.span(), "decider", text, DECIDERS);
    }
    Some(Arc::from(text))
}

fn one(table: &Table<'_>, ty: &Type, scope: &Scope<'_>) -> Option<Case> {
    let problems = table.problems();
    let qualifiers = qualifiers(table, scope);
    let when = table.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
    let because = table.text("because").map(Arc::from);
    let at = table.get("at").and_then(|i| {
        let id = i.text()?;
        if id.is_empty() {
            return Some(At::Nothing);
        }
        match scope.vendor.and_then(|v| v.settings.get(id)) {
            Some((ix, _)) => Some(At::Setting(*ix)),
            None => {
                problems.unknown_word(
                    i.span(),
                    "setting",
                    id,
                    scope.vendor.iter().flat_map(|v| v.settings.keys().map(String::as_str)),
                );
                None
            }
        }
    });
    let text = |key| table.text(key).map(Arc::<str>::from);
    let member = |item: &Item<'_>| {
        let word = item.text()?;
        if let Type::Set(Some(level)) = ty {
            if level.rank(word).is_none() {
                problems.unknown_word(item.span(), "value here", word, level.values.iter().map(|v| &**v));
            }
        } else if !matches!(ty, Type::Set(None)) {
            problems.error(item.span(), "`add` is for sets");
        }
        Some(Word::from(word))
    };
    let add = table.get("add");
    let unknown = text("unknown");
    let effect = if let Some(add) = add {
        let word = member(&add)?;
        match unknown {
            Some(why) => {
                decider(table);
                Effect::AddPossible(word, why)
            }
            None => Effect::Add(word),
        }
    } else if let Some(why) = unknown {
        let candidates =
            table.get("candidates").map(|i| i.list().iter().filter_map(|c| literal(c, ty, scope.vocabulary)).collect());
        Effect::Unknown(Arc::new(Unknown { why, kind: Reason::Stated, by: decider(table), candidates }))
    } else if let Some(why) = text("not_applicable") {
        Effect::NotApplicable(why)
    } else if let Some(from) = table.get("from") {
        match table.get("map") {
            None => Effect::From(expression(&from, scope, Some(ty))?),
            Some(map) => {
                let expr = expression(&from, scope, None)?;
                let map = translation(&map, &expr.ty, ty, scope)?;
                Effect::Mapped(expr, map)
            }
        }
    } else if let Some(item) = table.get("value") {
        Effect::Value(value(&item, ty, scope)?)
    } else {
        problems.error(
            table.span(),
            "this case gives no value: `value`, `from`, `add`, `unknown` or `not_applicable` is missing",
        );
        return None;
    };
    Some(Case { qualifiers, when, effect, because, at })
}

fn translation(item: &Item<'_>, from: &Type, to: &Type, scope: &Scope<'_>) -> Option<Vec<(MapKey, MapValue)>> {
    let table = item.table()?;
    let mut out = Vec::new();
    for (key, value) in table.entries() {
        let map_key = if key == "*" {
            MapKey::Rest
        } else {
            match literal_of_text(key, from, scope.vocabulary) {
                Ok(v) => MapKey::Value(v),
                Err((message, help)) => {
                    item.problems.error_with(value.key_span, message, help);
                    continue;
                }
            }
        };
        let map_value = match value.kind() {
            Kind::Map(_) => {
                let inner = value.table()?;
                let why = inner.need_text("unknown");
                inner.finish();
                MapValue::Unknown(Arc::from(why))
            }
            _ => MapValue::Value(literal(&value, to, scope.vocabulary)?),
        };
        out.push((map_key, map_value));
    }
    let all: Vec<Value> = match from {
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Level(level) => level.values.iter().map(|w| Value::Word(Word::clone(w))).collect(),
        _ => Vec::new(),
    };
    let rest = out.iter().any(|(k, _)| *k == MapKey::Rest);
    let missing: Vec<String> = all
        .iter()
        .filter(|v| !out.iter().any(|(k, _)| *k == MapKey::Value((*v).clone())))
        .map(|v| format!("`{}`", v.words()))
        .collect();
    if !rest && (!missing.is_empty() || all.is_empty()) {
        let what = if missing.is_empty() { "`\"*\"`".into() } else { missing.join(", ") };
        item.problems.error(item.span(), format!("this map lacks {what}"));
    }
    Some(out)
}

/// Compiles the cases of the vocabulary's derived facts; errors go to the vocabulary's file.
pub fn derived(
    cases: &[VocabularyCase],
    ty: &Type,
    scope: &Scope<'_>,
    source: &Arc<Source>,
) -> Result<Vec<Case>, DataError> {
    let compile = |(text, span): &(String, Span), wanted: &Type| {
        parse(text).and_then(|s| check(&s, scope, Some(wanted))).map_err(|e| DataError {
            source: Arc::clone(source),
            span: place(source, *span, e.span),
            message: e.message,
            help: e.help,
            labels: Vec::new(),
        })
    };
    cases
        .iter()
        .map(|case| {
            let when = case.when.as_ref().map(|w| compile(w, &Type::Bool)).transpose()?;
            let effect = match (&case.add, &case.from) {
                (Some(word), _) => Effect::Add(Word::clone(word)),
                (None, Some(from)) => Effect::From(compile(from, ty)?),
                (None, None) => Effect::Unknown(Arc::new(Unknown {
                    why: Arc::from("no case"),
                    kind: Reason::Stated,
                    by: None,
                    candidates: None,
                })),
            };
            Ok(Case { qualifiers: None, when, effect, because: case.because.as_deref().map(Arc::from), at: None })
        })
        .collect()
}

/// Nothing of a document: stands in where a platform file has no constants.
pub fn top<'d>(document: &'d Document, problems: &'d Problems) -> Option<Table<'d>> {
    for error in &document.errors {
        problems.error_with(error.span, error.message.clone(), error.help.clone());
    }
    let table = Item::top(document, problems).table()?;
    if let Some(item) = table.get("format") {
        if item.integer().is_some_and(|n| n != 1) {
            problems.error(item.span(), "this is not format 1, the only one there is");
        }
    } else if problems.is_empty() {
        problems.error_with(
            Span::new(0, 0),
            "`format = 1` is missing",
            Some("it is the first line of every knowledge file".into()),
        );
    }
    Some(table)
}
