//! Lists that layers make up together.

use super::codec::perhaps;
use super::definition::Setting;
use super::deployment::Deployment;
use super::place::PlaceOrigin;
use super::read::{Raw, Written, of_shared};
use super::search::{Look, Worth};
use crate::fact::{Reading, State, Trail, Value};
use smallvec::SmallVec;
use std::sync::Arc;

impl Deployment<'_> {
    /// The lists of all layers, joined.
    pub(super) fn join_layers(&self, ix: u32, setting: &Setting) -> Raw {
        let layers = self.platform.map_or(&[][..], |p| &p.layers);
        let asked = self.layers_asked(setting);
        let mut parts: Vec<Raw> = Vec::new();
        for spelling in 0..setting.spellings() {
            for (n, layer) in layers.iter().enumerate().filter(|(n, _)| asked.contains(*n)) {
                let (worth, _) = self.worth(n, layer);
                let origin = if matches!(worth, Worth::Default) { PlaceOrigin::Default } else { PlaceOrigin::Set };
                if matches!(worth, Worth::Seed | Worth::Nothing) {
                    continue;
                }
                let Look::Found(mut raw) = self.look_in(ix, setting, (n, layer), spelling, origin) else { continue };
                if let Worth::Open(unknown) = worth {
                    raw.reading.state = State::Unknown(unknown);
                    raw.written = Written::Maybe;
                }
                parts.push(raw);
            }
            if parts.iter().any(|p| p.written != Written::No) {
                break;
            }
        }
        let written = parts.iter().map(|p| p.written).find(|w| *w == Written::Yes);
        let written = written.or(parts.iter().map(|p| p.written).find(|w| *w == Written::Maybe)).unwrap_or(Written::No);
        let bare = (written == Written::No).then(|| self.unwritten(ix, setting, None));
        if parts.is_empty() {
            return bare.unwrap_or_else(|| self.unwritten(ix, setting, None));
        }
        let mut items: Vec<Reading> = Vec::new();
        let mut from = Trail::new();
        for part in &parts {
            match &part.reading.state {
                State::Known(Value::List(list)) => {
                    let maybe = |item: &Reading| match item.known() {
                        Some(value) if part.below => perhaps(value.clone()),
                        _ => item.clone(),
                    };
                    let new: Vec<Reading> = list.iter().map(maybe).filter(|i| !items.contains(i)).collect();
                    items.extend(new);
                }
                State::Unknown(unknown) => items.push(of_shared(Arc::clone(unknown))),
                _ => {}
            }
            if part.written != Written::No {
                crate::fact::add_steps(&mut from, &part.reading.from);
            }
        }
        // Only an overlay's own list is there: what no file tells may add to it.
        if let Some(bare) = &bare {
            items.extend(bare.reading.as_unknown().map(|u| of_shared(Arc::clone(u))));
            from = bare.reading.from.clone();
        }
        let shown = parts.iter().find(|p| p.written != Written::No).or(parts.first());
        Raw {
            reading: Reading { state: State::Known(Value::List(items.into())), from, facts: SmallVec::new() },
            written,
            place: shown.and_then(|p| p.place),
            node: shown.and_then(|p| p.node),
            way: shown.and_then(|p| p.way),
            below: false,
        }
    }
}
