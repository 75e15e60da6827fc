//! `hushlint explain`.

use super::arguments::Format;
use super::exit::{Exit, Stop};
use crate::host::{Terminal, print};
use crate::report::listing::{Shelf, find};
use clap::Args;

/// Options of `explain`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// A rule, a fact, or a setting of a platform.
    #[arg(value_name = "RULE|FACT|PLATFORM:SETTING")]
    topic: String,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  hushlint explain ip-kept-too-long
  hushlint explain metadata.ip_retention
  hushlint explain synapse:user_ips_max_age";

impl Explain {
    /// Explains it.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let shelf = Shelf::load().map_err(Stop::Data)?;
        let topic = find(&shelf, &self.topic).map_err(Stop::Usage)?;
        print(&match self.format {
            Format::Text => topic.text(&shelf, &terminal.look),
            Format::Json => topic.json(&shelf),
        });
        Ok(Exit::Clean)
    }
}
