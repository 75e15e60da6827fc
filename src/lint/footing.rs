//! What a value rests on: a file, a default, or the sources that a declaration names.

use super::convert::Converter;
use super::report::{Footing, SourceInfo};
use crate::fact::{FactIx, Reading, State, Word};
use crate::platform::{Declaration, Evidence, PlaceOrigin, Status};
use crate::text::Shown;

impl Converter<'_> {
    /// What a value rests on, the weakest part of it; `None` where there is no value, or nobody stated it.
    pub(super) fn footing(&self, fact: FactIx, qualifier: Option<&Word>, reading: &Reading) -> Option<Footing> {
        if matches!(reading.state, State::Unknown(_)) {
            return None;
        }
        let Some(declaration) = self.deployment.declaration() else {
            let places = reading.from.iter().filter_map(|step| self.deployment.place(step.place));
            let of = |origin| match origin {
                PlaceOrigin::Set => Footing::File,
                PlaceOrigin::Initial => Footing::Initial,
                PlaceOrigin::Default => Footing::Default,
                PlaceOrigin::Declared => Footing::Declared,
            };
            // What rests on no setting is how the platform is made.
            return Some(places.map(|p| of(p.origin)).max().unwrap_or(Footing::Default));
        };
        let stated = self.stated(declaration, fact, qualifier, reading);
        let of = |(fact, qualifier): (FactIx, Option<Word>)| {
            let sources = declaration.evidence(fact, qualifier.as_ref());
            sources.iter().map(|e| footing(e.status)).max().unwrap_or(Footing::Declared)
        };
        stated.into_iter().map(of).max()
    }

    /// The sources that a declaration names for a value.
    pub(super) fn evidence(&self, fact: FactIx, qualifier: Option<&Word>, reading: &Reading) -> Vec<SourceInfo> {
        let Some(declaration) = self.deployment.declaration() else { return Vec::new() };
        let mut out: Vec<SourceInfo> = Vec::new();
        for (fact, qualifier) in self.stated(declaration, fact, qualifier, reading) {
            for source in declaration.evidence(fact, qualifier.as_ref()) {
                let source = self.source_info(source);
                if !out.contains(&source) {
                    out.push(source);
                }
            }
        }
        out
    }

    /// The stated facts that a value rests on: itself, or what it is computed from.
    fn stated(
        &self,
        declaration: &Declaration,
        fact: FactIx,
        qualifier: Option<&Word>,
        reading: &Reading,
    ) -> Vec<(FactIx, Option<Word>)> {
        if !self.deployment.vocabulary().fact(fact).derived() {
            return declaration.get(fact, qualifier).map(|_| (fact, qualifier.cloned())).into_iter().collect();
        }
        let keys = reading.from.iter().filter_map(|step| self.deployment.fact_of(step.fact?));
        keys.filter(|(fact, qualifier)| declaration.get(*fact, qualifier.as_ref()).is_some()).collect()
    }

    fn source_info(&self, source: &Evidence) -> SourceInfo {
        let show = |text: &Option<String>| text.as_ref().map(|text| self.show(text));
        SourceInfo {
            url: show(&source.url),
            status: Shown::fixed(source.status.name()),
            read: show(&source.read),
            dated: show(&source.dated),
            since: show(&source.since),
            note: show(&source.note),
        }
    }
}

fn footing(status: Status) -> Footing {
    match status {
        Status::Verified => Footing::Verified,
        Status::Reported => Footing::Reported,
        Status::Assumed => Footing::Assumed,
    }
}
