//! Floor 4: platforms. Their files are loaded and checked, documents recognised, settings read, facts derived,
//! mends worked out. Vendor words come from data only.

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
mod facts;
mod gate;
mod interpret;
mod keys;
mod load;
mod load_codec;
mod load_facts;
mod load_settings;
mod mend;
mod names;
mod path;
mod place;
mod read;
mod records;
mod site;
mod state;
mod sweep;
mod values;

pub use case::expressions;
pub use codec::{Base, Meaning};
pub use compile::{expression, place as place_in_condition, top, value as literal_value};
pub use declaration::{Declaration, DeclarationError, is_declaration, product_name};
pub use definition::{Case, DocumentKind, Gate, Mend, Platform, Setting, Target};
pub use definition::{Effect, MapValue};
pub use deployment::{Deployment, Facts, Input, Sheet};
pub use detect::{KeyStarts, Look, Taken, format_of, is_fragment, look, named_like, recognise};
pub use event::{Event, EventKind};
pub use load::{Head, load, load_head};
pub use load_facts::{it_type, read_mend};
pub use mend::{Change, Plan};
pub use names::{Scope, VendorNames};
pub use path::glob;
pub use place::{Place, PlaceOrigin};
