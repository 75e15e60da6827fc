//! `hushlint convert`.

use super::exit::{Exit, Stop};
use super::formats::{FormatArgs, Manner};
use super::inputs::saved_text;
use crate::host::{Outputs, Terminal};
use crate::lint::Knowledge;
use crate::report::Look;
use crate::report::check::{Detail, Saved};
use clap::Args;
use std::path::PathBuf;

/// Options of `convert`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Convert {
    /// A report that `hushlint check --format json` wrote; `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    formats: FormatArgs,
}

const EXAMPLES: &str = "\
Examples:
  hushlint convert report.json
  hushlint convert report.json --format markdown
  hushlint convert report.json --output sarif=report.sarif --output junit=report.xml
  hushlint check --format json | hushlint convert - --format csv";

impl Convert {
    /// Converts.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let name = self.file.display();
        let text = saved_text(&self.file).map_err(|words| Stop::Input(format!("{name}: {words}")))?;
        let knowledge = Knowledge::built_in().map_err(Stop::Data)?;
        let saved = Saved::read(&text, &knowledge).map_err(|error| {
            let place = error.place.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
            Stop::Input(format!("{name}{place}: {}", error.message))
        })?;
        let manner =
            Manner { all_outcomes: saved.all_outcomes, fail_on: saved.summary.run.fail_on, detail: Detail::Normal };
        let mut outputs = Outputs::default();
        outputs.standard(self.formats.standard().report(terminal.look, manner));
        for (format, path) in &self.formats.output {
            outputs.file(format.report(Look::PLAIN, manner), path);
        }
        outputs.begin();
        saved.groups.iter().for_each(|group| outputs.group(group));
        outputs.finish(&saved.summary);
        outputs.errors.iter().for_each(|error| terminal.complain(error));
        Ok(if outputs.errors.is_empty() { Exit::Clean } else { Exit::Usage })
    }
}
