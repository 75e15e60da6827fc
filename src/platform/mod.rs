//! Floor 4: platforms. Their files are loaded and checked, documents recognised, settings read, facts derived,
//! mends worked out. Vendor words come from data only.

mod address;
mod cache;
mod case;
mod circle;
mod codec;
mod compile;
mod declaration;
mod definition;
mod deployment;
mod detect;
mod dialect;
mod event;
mod evidence;
mod facts;
mod gate;
mod help;
mod instance;
mod interpret;
mod joined;
mod keys;
mod layer;
mod load;
mod load_codec;
mod load_facts;
mod load_layers;
mod load_settings;
mod mend;
mod names;
mod path;
mod period;
mod place;
mod read;
mod reader;
mod records;
mod scalars;
mod search;
mod sections;
mod site;
mod state;
mod surroundings;
mod survey;
mod sweep;
mod take;
mod target;
mod values;

pub use case::expressions;
pub use codec::{Base, Meaning};
pub use compile::{expression, place as place_in_condition, top, value as literal_value};
pub use declaration::{Declaration, DeclarationError, is_declaration, product_name};
pub use definition::{Case, DocumentKind, Gate, Mend, Platform, Setting, Target};
pub use definition::{Effect, MapValue};
pub use deployment::{Deployment, Facts, Input, Sheet};
pub use detect::{
    Guess, KeyStarts, Look, format_of, glance, is_fragment, look, named_like, recognise, recognise_together,
};
pub use event::{Event, EventKind};
pub use evidence::{Evidence, Status};
pub use instance::{Instance, InstanceKind, agree, instances};
pub use load::{Head, load, load_head};
pub use load_facts::{it_type, read_mend};
pub use mend::{Change, Plan};
pub use names::{Scope, VendorNames};
pub use path::glob;
pub use place::{Place, PlaceOrigin};
pub use scalars::Scalar;
pub use sections::{Outline, Relative, Sections};
pub use survey::{Survey, Surveyed};

#[cfg(test)]
mod tests;
