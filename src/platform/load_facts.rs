//! Loading what rests on settings: gates, what files cannot tell, facts, mends.

use super::compile::{cases, decider, expression, qualifiers, value};
use super::definition::{ContextDef, Elsewhere, Gate, Mend, MendValue, Setting, Target};
use super::layer::Layer;
use super::load_codec::direct;
use super::names::{Scope, VendorNames};
use super::path::glob;
use crate::condition::{Expr, Op, Vendor};
use crate::fact::{FactIx, Item, QualifierKind, Table, Type, Vocabulary};
use std::collections::HashMap;
use std::sync::Arc;

/// The settings that globs name; tells a glob that names none.
pub(super) fn matching(item: Option<Item<'_>>, settings: &[Setting]) -> Vec<u32> {
    let mut out = Vec::new();
    for pattern in item.map(|i| i.list()).unwrap_or_default() {
        let text = pattern.text().unwrap_or_default();
        let before = out.len();
        for (n, setting) in settings.iter().enumerate() {
            if glob(text, &setting.id) {
                out.push(u32::try_from(n).unwrap_or(u32::MAX));
            }
        }
        if out.len() == before {
            pattern.problems.unknown_word(pattern.span(), "setting", text, settings.iter().map(|s| s.id.as_str()));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

pub(super) fn read_elsewhere(
    table: &Table<'_>,
    settings: &[Setting],
    layers: &[Layer],
    contexts: &[ContextDef],
    scope: &Scope<'_>,
) -> Vec<Elsewhere> {
    let mut out = Vec::new();
    // What decides whether files are in force cannot itself be kept from files.
    let mut always = Vec::new();
    layers.iter().filter_map(|l| l.when.as_ref()).for_each(|e| settings_of(e, contexts, &mut always));
    for item in table.get("elsewhere").map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let when = t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        let named = t.get("settings");
        let mut covers = vec![named.is_none(); settings.len()];
        for ix in matching(named, settings) {
            if let Some(c) = covers.get_mut(ix as usize) {
                *c = true;
            }
        }
        let mut except = matching(t.get("except"), settings);
        except.extend(&always);
        for ix in except {
            if let Some(c) = covers.get_mut(ix as usize) {
                *c = false;
            }
        }
        let because = t.need_text("because");
        t.get("look");
        let by = decider(&t);
        t.finish();
        let unknown = Arc::new(crate::fact::Unknown {
            why: Arc::from(because),
            kind: crate::fact::Reason::Elsewhere,
            by,
            candidates: None,
        });
        out.push(Elsewhere { when, covers, unknown });
    }
    out
}

/// The settings that decide which files are in force, and what they cannot tell.
pub(super) fn deciding(layers: &[Layer], elsewhere: &[Elsewhere], contexts: &[ContextDef]) -> Vec<u32> {
    let mut out = Vec::new();
    let conditions =
        layers.iter().filter_map(|l| l.when.as_ref()).chain(elsewhere.iter().filter_map(|e| e.when.as_ref()));
    conditions.for_each(|when| settings_of(when, contexts, &mut out));
    out.sort_unstable();
    out.dedup();
    out
}

/// The settings that an expression reads, through contexts.
fn settings_of(expr: &Expr, contexts: &[ContextDef], out: &mut Vec<u32>) {
    let mut through = Vec::new();
    let mut seen = Vec::new();
    let mut walk = |expr: &Expr, through: &mut Vec<u32>| {
        expr.walk(&mut |e| match e.op {
            Op::Has(ix) | Op::Vendor(Vendor::Setting(ix)) => out.push(ix),
            Op::Vendor(Vendor::Context(ix)) => through.push(ix),
            _ => {}
        });
    };
    walk(expr, &mut through);
    while let Some(ix) = through.pop() {
        let Some(context) = contexts.get(ix as usize).filter(|_| !seen.contains(&ix)) else { continue };
        seen.push(ix);
        context.cases.iter().flat_map(super::case::expressions).for_each(|e| walk(e, &mut through));
    }
}

pub(super) fn read_gates(table: &Table<'_>, settings: &[Setting], scope: &Scope<'_>) -> Vec<Gate> {
    let mut out = Vec::new();
    for item in table.get("gate").map(|i| i.list()).unwrap_or_default() {
        let Some(t) = item.table() else { continue };
        let list = matching(t.need("settings"), settings);
        let needs = t.need("needs").and_then(|i| expression(&i, scope, Some(&Type::Bool)));
        let otherwise = t.get("otherwise").and_then(|i| {
            let ty = list.first().and_then(|ix| settings.get(*ix as usize)).map(|s| s.ty.clone())?;
            direct(&i, &ty, scope.vocabulary)
        });
        let because = t.need_text("because");
        let quiet = t.boolean("quiet", false);
        let severity = t.text("severity");
        let mend = t.get("mend").and_then(|i| i.table()).map(|m| {
            let mend = read_mend(&m, None, scope);
            m.finish();
            mend
        });
        t.finish();
        if let Some(needs) = needs {
            out.push(Gate { settings: list, needs, otherwise, because: Arc::from(because), quiet, severity, mend });
        }
    }
    out
}

/// The type of `it` where a fact is computed.
pub fn it_type(kind: Option<QualifierKind>, vocabulary: &Vocabulary) -> Option<Type> {
    match kind? {
        QualifierKind::Scope => vocabulary.scopes().map(|l| Type::Level(Arc::clone(l))),
        QualifierKind::Cohort => Some(Type::Level(crate::condition::cohorts())),
        QualifierKind::Setting => Some(Type::Text),
    }
}

pub(super) fn named_facts<'d>(
    table: &Table<'d>,
    key: &'static str,
    vocabulary: &Vocabulary,
) -> Vec<(FactIx, Item<'d>)> {
    let mut out = Vec::new();
    let Some(facts) = table.get(key).and_then(|i| i.table()) else { return out };
    for (id, item) in facts.entries() {
        match vocabulary.find(id) {
            Some(ix) if vocabulary.fact(ix).derived() => {
                item.problems.error(item.key_span, format!("`{id}` is derived; it cannot be stated"))
            }
            Some(ix) => out.push((ix, item)),
            None => item.problems.unknown_word(item.key_span, "fact", id, vocabulary.names()),
        }
    }
    out
}

pub(super) fn read_facts(
    table: &Table<'_>,
    vocabulary: &Vocabulary,
    names: &VendorNames,
) -> HashMap<FactIx, Vec<super::definition::Case>> {
    let mut out = HashMap::new();
    for (ix, item) in named_facts(table, "fact", vocabulary) {
        let def = vocabulary.fact(ix);
        let scope = Scope { it: it_type(def.qualifier, vocabulary), ..Scope::new(vocabulary, Some(names)) };
        out.insert(ix, cases(&item, &def.ty, &scope));
    }
    out
}

pub(super) fn read_mends(
    table: &Table<'_>,
    vocabulary: &Vocabulary,
    names: &VendorNames,
) -> HashMap<FactIx, Vec<Mend>> {
    let mut out = HashMap::new();
    for (ix, item) in named_facts(table, "mend", vocabulary) {
        let def = vocabulary.fact(ix);
        let scope = Scope { it: it_type(def.qualifier, vocabulary), ..Scope::new(vocabulary, Some(names)) };
        let mut list = Vec::new();
        for mend in item.items() {
            if let Some(t) = mend.table() {
                list.push(read_mend(&t, Some(&def.ty), &scope));
                t.finish();
            }
        }
        out.insert(ix, list);
    }
    out
}

/// Reads one mend; `wanted` is the type that `usual` has.
pub fn read_mend(t: &Table<'_>, wanted: Option<&Type>, scope: &Scope<'_>) -> Mend {
    let problems = t.problems();
    let find = |key: &str, item: &Item<'_>| {
        let names = &scope.vendor?.settings;
        let found = names.get(key);
        if found.is_none() {
            problems.unknown_word(item.key_span, "setting", key, names.keys().map(String::as_str));
        }
        found.cloned()
    };
    let mut set = Vec::new();
    if let Some(table) = t.get("set").and_then(|i| i.table()) {
        for (key, item) in table.entries() {
            let Some((ix, ty)) = find(key, &item) else { continue };
            let target = if key.contains("[].") { Target::Field(ix) } else { Target::Setting(ix) };
            if item.scalar().is_some_and(|(text, _)| text == "{wanted}") {
                set.push((target, MendValue::Wanted));
            } else if let Some(v) = value(&item, &ty, scope) {
                set.push((target, MendValue::Literal(v)));
            }
        }
    }
    let lists = |key| {
        let mut out = Vec::new();
        if let Some(table) = t.get(key).and_then(|i: Item<'_>| i.table()) {
            for (key, item) in table.entries() {
                let Some((ix, ty)) = find(key, &item) else { continue };
                for member in item.items() {
                    let of = match &ty {
                        Type::List(of) => of,
                        _ => &Type::Text,
                    };
                    out.extend(value(&member, of, scope).map(|v| (ix, v)));
                }
            }
        }
        out
    };
    let add = lists("add");
    let remove = lists("remove");
    let unset = t.get("unset").map(|i| i.list()).unwrap_or_default();
    let unset = unset
        .iter()
        .filter_map(|i| {
            let key = i.text()?;
            let names = &scope.vendor?.settings;
            let found = names.get(key).map(|(ix, _)| *ix);
            if found.is_none() {
                problems.unknown_word(i.span(), "setting", key, names.keys().map(String::as_str));
            }
            found
        })
        .collect();

    Mend {
        when: t.get("when").and_then(|i| expression(&i, scope, Some(&Type::Bool))),
        qualifiers: qualifiers(t, scope),
        set,
        unset,
        add,
        remove,
        usual: t.get("usual").and_then(|i| wanted.and_then(|ty| value(&i, ty, scope))),
        text: t.text("text").map(Arc::from),
        safe: t.text("safety").as_deref() == Some("safe"),
    }
}
