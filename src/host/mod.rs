//! Floor 10: everything impure. Walks and reads files, runs threads, asks the clock and the terminal, and writes
//! what the reports say.

mod beside;
mod cache;
mod clock;
mod git;
mod guard;
mod line;
mod output;
mod place;
mod progress;
mod read;
mod run;
mod tally;
mod terminal;
mod times;
mod walk;

pub use clock::today;
pub use git::{Repository, Revision, Tree, is_bare};
pub use output::{Outputs, print, write};
pub use place::{Files, Place};
pub use read::{LIMIT, ReadError, io_words, read_limited, read_stream, read_stream_up_to, read_up_to};
pub use run::{Run, gather, over, run};
pub use tally::Finished;
pub use terminal::{ColourChoice, Terminal};
pub use times::Times;
pub use walk::{Target, Targets, named_below};
