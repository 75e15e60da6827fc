//! Floor 5: rules, packs, and what of them is selected.

mod catalogue;
mod evidence;
mod framework;
mod life;
mod pack;
mod pin;
mod policy;
mod read;
mod template;

pub use catalogue::{Catalogue, VendorRule};
pub use evidence::{Evidence, Mark, load_evidence};
pub use framework::{Control, Framework, load_framework, load_own_framework};
pub use life::{Life, Named, Opposes, Refers};
pub use pack::{Extends, Pack, Required, Select, Traps, load_pack, pack_id, read_param_values};
pub use pin::Pin;
pub use policy::{Override, Policy, Selected, Words, select};
pub use read::{Check, Param, Rule, outer_variables, read_vendor_rules};
pub use template::{Part, Template};

use serde::Serialize;

/// How much a finding weighs; the pack decides.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Context, or our own choice of threshold.
    Note,
    /// An authority's recommendation, or broad expert consensus.
    Warning,
    /// Law, a broken promise, a protection undone, or exposure to people without an account.
    Error,
}

impl Severity {
    /// The name in packs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// So many steps more severe, up to an error.
    pub fn raised(self, steps: usize) -> Self {
        (0..steps).fold(self, |s, _| if s == Severity::Note { Severity::Warning } else { Severity::Error })
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|s| s.name() == name)
    }
}

/// What a severity rests on.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Binding law.
    Law,
    /// A binding order.
    Order,
    /// A clause of a cited standard.
    Standard,
    /// An authority's recommendation.
    Guidance,
    /// Our choice; no authority names it.
    Custom,
}

impl Basis {
    /// The basis of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "law" => Some(Basis::Law),
            "order" => Some(Basis::Order),
            "standard" => Some(Basis::Standard),
            "guidance" => Some(Basis::Guidance),
            "custom" => Some(Basis::Custom),
            _ => None,
        }
    }
}
