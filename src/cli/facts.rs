//! `hushlint facts`.

use super::arguments::{Format, InputArgs, PackArgs, REPORT, output};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Outputs, Terminal};
use crate::report::facts::{Json, Settings, Text};
use crate::report::{Look, Report};
use clap::Args;
use std::path::PathBuf;

/// Options of `facts`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Facts {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = REPORT)]
    format: Format,
    /// Write them to a file too; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::<Format>, help_heading = REPORT)]
    output: Vec<(Format, PathBuf)>,
    /// Show the platform's own settings instead, as its own parser would hold them.
    #[arg(long, help_heading = REPORT)]
    settings: bool,
}

const EXAMPLES: &str = "\
Examples:
  hushlint facts homeserver.yaml
  hushlint facts --settings homeserver.yaml
  hushlint facts --format json . | jq '.deployments[].facts[] | select(.state == \"unknown\")'";

impl Facts {
    /// Shows them.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let wanted = Wanted { facts: !self.settings, settings: self.settings, sources: true, ..Wanted::default() };
        let session = Session::prepare(&self.input, Some(&self.packs), wanted)?;
        let mut outputs = Outputs::default();
        outputs.standard(self.report(self.format, terminal.look));
        for (format, path) in &self.output {
            outputs.file(self.report(*format, Look::PLAIN), path);
        }
        Ok(session.finish(outputs, terminal, false).exit)
    }

    fn report(&self, format: Format, look: Look) -> Box<dyn Report> {
        match (format, self.settings) {
            (Format::Text, false) => Box::new(Text::new(look)),
            (Format::Text, true) => Box::new(Settings::new(look)),
            (Format::Json, settings) => Box::new(Json::new(settings)),
        }
    }
}
