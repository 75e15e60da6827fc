//! `hushlint files`.

use super::arguments::{Format, InputArgs, REPORT};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Outputs, Terminal};
use crate::report::Report;
use crate::report::files::{Json, Text};
use clap::Args;

/// Options of `files`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Files {
    #[command(flatten)]
    input: InputArgs,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = REPORT)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  hushlint files
  hushlint files infra/ --platform synapse
  hushlint files config.yaml          why is this file not judged?";

impl Files {
    /// Shows them.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let session = Session::prepare(&self.input, None, Wanted { sources: true, ..Wanted::default() })?;
        let mut outputs = Outputs::default();
        let report: Box<dyn Report> = match self.format {
            Format::Text => Box::new(Text::new(terminal.look)),
            Format::Json => Box::new(Json::default()),
        };
        outputs.standard(report);
        Ok(session.finish(outputs, terminal, false).exit)
    }
}
