//! One object, for programs.

use super::{About, Told};
use crate::lint::{FactChange, InputError, Judged, PairedBy, RuleChange, Severity};
use crate::report::check::error_value;
use crate::report::envelope::{Envelope, entry};
use crate::text::Shown;
use serde::Serialize;
use serde_json::{Value, json as object};

#[derive(Serialize)]
struct Deployment<'a> {
    id: &'a Shown,
    old_id: &'a Shown,
    platform: &'a Shown,
    paired_by: PairedBy,
    worst: Option<Severity>,
    facts: &'a [FactChange],
    rules: &'a [RuleChange],
}

#[derive(Serialize)]
struct Lone<'a> {
    id: &'a Shown,
    platform: &'a Shown,
    files: &'a [Shown],
}

impl<'a> Lone<'a> {
    fn of(judged: &'a Judged) -> Self {
        Self { id: &judged.info.id, platform: &judged.info.platform, files: &judged.info.files }
    }
}

/// The report.
pub fn json(told: &Told<'_>) -> String {
    let mut out = String::new();
    let mut object = Envelope::begin(&mut out);
    object.value("run", &told.run);
    object.value("old", &told.old.info());
    object.value("new", &told.new.info());
    object.value("summary", &told.diff.counts());
    object.value("worst", &told.diff.worst());
    object.list(
        "deployments",
        told.diff.pairs.iter().map(|pair| {
            entry(&Deployment {
                id: &pair.new.info.id,
                old_id: &pair.old.info.id,
                platform: &pair.new.info.platform,
                paired_by: pair.by,
                worst: pair.worst(),
                facts: &pair.facts,
                rules: &pair.rules,
            })
        }),
    );
    object.list("added", told.diff.added.iter().map(|judged| entry(&Lone::of(judged))));
    object.list("removed", told.diff.removed.iter().map(|judged| entry(&Lone::of(judged))));
    object.list("errors", errors(&told.old, "old").chain(errors(&told.new, "new")));
    object.value("skipped", &object!({ "old": skipped(&told.old), "new": skipped(&told.new) }));
    object.end();
    out
}

fn skipped(about: &About) -> Value {
    object!({ "count": about.skipped.count, "files": about.skipped.files })
}

fn errors<'a>(about: &'a About, side: &'static str) -> impl Iterator<Item = Box<str>> + 'a {
    about.errors.iter().map(move |error: &InputError| {
        let mut value = error_value(error);
        if let Some(map) = value.as_object_mut() {
            map.insert("side".to_owned(), side.into());
        }
        entry(&value)
    })
}
