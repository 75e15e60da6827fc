//! `hushlint rules`, `packs`, `platforms`, `vocabulary`.

use super::arguments::Format;
use super::exit::{Exit, Stop};
use crate::host::{Terminal, print};
use crate::report::listing::{self, Shelf};
use clap::Args;

/// Options of a listing.
#[derive(Args, Debug)]
pub struct List {
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Options of `packs`.
#[derive(Args, Debug)]
pub struct Packs {
    /// List a law's, standard's or guide's controls instead: the rules behind each, and those that no rule covers.
    #[arg(long, value_name = "NAME")]
    framework: Option<String>,
    #[command(flatten)]
    list: List,
}

impl Packs {
    /// Lists.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let Some(name) = &self.framework else { return self.list.run(terminal, Kind::Packs) };
        let shelf = Shelf::load().map_err(Stop::Data)?;
        let found = listing::find_framework(&shelf, name).map_err(Stop::Usage)?;
        print(&match self.list.format {
            Format::Text => listing::framework(&shelf, &found, &terminal.look),
            Format::Json => listing::framework_json(&shelf, &found),
        });
        Ok(Exit::Clean)
    }
}

/// What is listed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Rules.
    Rules,
    /// Packs.
    Packs,
    /// Platforms.
    Platforms,
    /// Facts.
    Vocabulary,
}

impl List {
    /// Lists.
    pub fn run(&self, terminal: &Terminal, kind: Kind) -> Result<Exit, Stop> {
        let shelf = Shelf::load().map_err(Stop::Data)?;
        let look = &terminal.look;
        print(&match (kind, self.format) {
            (Kind::Rules, Format::Text) => listing::rules(&shelf, look),
            (Kind::Rules, Format::Json) => listing::rules_json(&shelf),
            (Kind::Packs, Format::Text) => listing::packs(&shelf, look),
            (Kind::Packs, Format::Json) => listing::packs_json(&shelf),
            (Kind::Platforms, Format::Text) => listing::platforms(&shelf, look),
            (Kind::Platforms, Format::Json) => listing::platforms_json(&shelf),
            (Kind::Vocabulary, Format::Text) => listing::vocabulary(&shelf, look),
            (Kind::Vocabulary, Format::Json) => listing::vocabulary_json(&shelf),
        });
        Ok(Exit::Clean)
    }
}
