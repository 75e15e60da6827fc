//! Floor 6: a rule and a deployment make an outcome; a fail makes a finding with its place, labels, value and help.

mod advice;
mod carry;
mod conflict;
mod finding;
mod label;
mod memo;
mod message;
mod verdict;

pub use advice::{Advice, RawEdit, advise, deciding};
pub use carry::Met;
pub use finding::{Confidence, Found, Known, Origin, Suppressed, found_of, origin_of, value_of};
pub use label::{RawLabel, Role};
pub use memo::{Memo, Named, Seen};
pub use message::words_of;
pub use verdict::{Judgement, Member, Outcome, Undecided, judge, judge_again};
