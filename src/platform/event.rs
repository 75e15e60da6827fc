//! What reading itself reports.

use crate::fact::Unknown;
use crate::syntax::NodeId;
use crate::text::Span;
use std::sync::Arc;

/// The kinds of event, by the name that rules use.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum EventKind {
    /// Something written has no effect.
    WithoutEffect,
    /// The vendor reads something else than a person would.
    Misread,
    /// The vendor does not start with it.
    Refused,
    /// A later file hides it.
    Shadowed,
    /// A key is written twice.
    Duplicate,
    /// It only seeds a database.
    Initial,
    /// The operator states something else than a file says.
    Contradicted,
    /// A fact that a pack requires is not declared.
    Undeclared,
    /// Two selected rules ask for opposite things; reading never reports it, judging does.
    Conflict,
    /// A waiver has ended.
    WaiverExpired,
    /// A waiver ends soon.
    WaiverExpiring,
    /// A waiver, or a rule in it, meets no fail.
    WaiverUnused,
    /// A waiver has no reason.
    WaiverUnreasoned,
    /// A comment looks like a waiver and is none.
    WaiverBroken,
    /// An entry of the baseline meets no fail.
    BaselineUnused,
    /// The operator states facts and does not say how he knows.
    StatedUnreasoned,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 16] = [
        EventKind::WithoutEffect,
        EventKind::Misread,
        EventKind::Refused,
        EventKind::Shadowed,
        EventKind::Duplicate,
        EventKind::Initial,
        EventKind::Contradicted,
        EventKind::Undeclared,
        EventKind::Conflict,
        EventKind::WaiverExpired,
        EventKind::WaiverExpiring,
        EventKind::WaiverUnused,
        EventKind::WaiverUnreasoned,
        EventKind::WaiverBroken,
        EventKind::BaselineUnused,
        EventKind::StatedUnreasoned,
    ];

    /// Is it about what a run is governed by, and not about a deployment?
    pub fn of_run(self) -> bool {
        matches!(
            self,
            EventKind::WaiverExpired
                | EventKind::WaiverExpiring
                | EventKind::WaiverUnused
                | EventKind::WaiverUnreasoned
                | EventKind::WaiverBroken
                | EventKind::BaselineUnused
                | EventKind::StatedUnreasoned
        )
    }

    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::WithoutEffect => "without-effect",
            EventKind::Misread => "misread",
            EventKind::Refused => "refused",
            EventKind::Shadowed => "shadowed",
            EventKind::Duplicate => "duplicate",
            EventKind::Initial => "initial",
            EventKind::Contradicted => "contradicted",
            EventKind::Undeclared => "undeclared",
            EventKind::Conflict => "conflict",
            EventKind::WaiverExpired => "waiver-expired",
            EventKind::WaiverExpiring => "waiver-expiring",
            EventKind::WaiverUnused => "waiver-unused",
            EventKind::WaiverUnreasoned => "waiver-unreasoned",
            EventKind::WaiverBroken => "waiver-broken",
            EventKind::BaselineUnused => "baseline-unused",
            EventKind::StatedUnreasoned => "stated-unreasoned",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// Something that reading found.
#[derive(Clone, Debug)]
pub struct Event {
    /// What kind.
    pub kind: EventKind,
    /// The place, interned.
    pub place: u32,
    /// The document and node that a setting was read from.
    pub node: Option<(u32, NodeId)>,
    /// The setting, if a declared one is concerned.
    pub setting: Option<u32>,
    /// Why, in words.
    pub because: Arc<str>,
    /// What the vendor makes of it.
    pub value: Option<String>,
    /// The gate that took the effect away.
    pub gate: Option<usize>,
    /// The replacement of the key that would mend it (a misspelt key).
    pub respell: Option<(Span, String)>,
    /// Another place of the same matter, with its words.
    pub other: Option<(u32, Span, &'static str)>,
    /// It is not decided whether it holds.
    pub undecided: Option<Arc<Unknown>>,
}
