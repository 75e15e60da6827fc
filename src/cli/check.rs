//! `hushlint check`.

use super::arguments::{InputArgs, PackArgs, REPORT, output};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Outputs, Terminal};
use crate::report::check::{Concise, Json, Text};
use crate::report::{Look, Report};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Options of `check`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = REPORT)]
    format: Format,
    /// Write a further report to a file; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::<Format>, help_heading = REPORT)]
    output: Vec<(Format, PathBuf)>,
    /// List every outcome: what fails, holds, is undecided, does not apply.
    #[arg(long, help_heading = REPORT)]
    all_outcomes: bool,
}

const EXAMPLES: &str = "\
Examples:
  hushlint check
  hushlint check synapse/ ours/messaging.toml
  hushlint check --format concise --fail-on error
  hushlint check --output json=hushlint.json
  hushlint check --platform synapse@1.120 homeserver.yaml
  git diff --name-only --diff-filter=d main | hushlint check --files-from -";

/// Formats of `check`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// Excerpts, reasons and help, for people
    Text,
    /// One line a finding
    Concise,
    /// One object, for programs
    Json,
}

impl Check {
    /// Lints.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let formats = || self.output.iter().map(|(format, _)| *format).chain([self.format]);
        let wanted = Wanted {
            all_outcomes: self.all_outcomes,
            sources: formats().any(|format| format == Format::Text),
            brief: formats().all(|format| format == Format::Concise),
            ..Wanted::default()
        };
        let session = Session::prepare(&self.input, Some(&self.packs), wanted)?;
        let mut outputs = Outputs::default();
        outputs.standard(self.report(self.format, terminal.look));
        for (format, path) in &self.output {
            outputs.file(self.report(*format, Look::PLAIN), path).map_err(Stop::Usage)?;
        }
        let end = session.finish(outputs, terminal, !self.packs.exit_zero);
        if self.format == Format::Concise {
            end.count_for_a_person();
        }
        Ok(end.exit)
    }

    fn report(&self, format: Format, look: Look) -> Box<dyn Report> {
        match format {
            Format::Text => Box::new(Text::new(look)),
            Format::Concise => Box::new(Concise::new(look)),
            Format::Json => Box::new(Json::new(self.all_outcomes)),
        }
    }
}
