//! `hushlint check`.

use super::arguments::{FailOn, InputArgs, PackArgs, REPORT};
use super::exit::{Exit, Stop};
use super::formats::{Format, FormatArgs, Manner, annotated};
use super::session::{Session, Wanted};
use crate::host::{Outputs, Terminal};
use crate::lint::Severity;
use crate::report::check::{Detail, Statistics};
use crate::report::{Look, Report};
use clap::Args;
use std::path::PathBuf;

/// Options of `check`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    packs: PackArgs,
    #[command(flatten)]
    formats: FormatArgs,
    /// List every outcome: what fails, holds, is undecided, does not apply.
    #[arg(long, help_heading = REPORT)]
    all_outcomes: bool,
    /// Show findings of this severity and worse; what is not shown decides no exit code.
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = REPORT)]
    min_severity: Option<FailOn>,
    /// Count the findings of each rule instead of showing them; as text or JSON.
    #[arg(long, help_heading = REPORT)]
    statistics: bool,
    /// Tell how long the parts of the run took, on standard error.
    #[arg(long, help_heading = REPORT)]
    timings: bool,
    /// Findings and errors only: nothing about what they come to.
    #[arg(short, long, conflicts_with = "verbose", help_heading = REPORT)]
    quiet: bool,
    /// Tell every file that was passed over, and every reason why something could not be decided.
    #[arg(short, long, help_heading = REPORT)]
    verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  hushlint check
  hushlint check synapse/ ours/messaging.toml
  hushlint check --format concise --fail-on error
  hushlint check --output json=hushlint.json --output sarif=hushlint.sarif
  hushlint check --statistics --min-severity warning
  hushlint check --platform synapse@1.120 homeserver.yaml
  git diff --name-only --diff-filter=d main | hushlint check --files-from -";

impl Check {
    /// Lints.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let annotates = self.formats.format.is_none() && !self.statistics && terminal.is_read_by_github();
        let shown = self.formats.standard();
        if self.statistics && !matches!(shown, Format::Text | Format::Json) {
            return Err(Stop::Usage("--statistics is written as `--format text` or `--format json`".to_owned()));
        }
        let wanted = Wanted {
            all_outcomes: self.all_outcomes,
            sources: self.asks_for(Format::Text),
            brief: self.written().all(Format::is_brief),
            min_severity: self.min_severity.map(Severity::from),
            ..Wanted::default()
        };
        self.overwrites_nothing()?;
        let session = Session::prepare(&self.input, Some(&self.packs), wanted)?;
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        };
        let manner = Manner { all_outcomes: self.all_outcomes, fail_on: session.fail_on(), detail };
        let mut outputs = Outputs::default();
        outputs.standard(match annotates {
            true => annotated(terminal.look, manner),
            false => self.standard(terminal.look, manner),
        });
        for (format, path) in &self.formats.output {
            outputs.file(format.report(Look::PLAIN, manner), path);
        }
        let end = session.finish(outputs, terminal, !self.packs.exit_zero);
        if shown == Format::Concise && !self.quiet {
            end.count_for_a_person();
        }
        if self.timings {
            end.tell_times();
        }
        Ok(end.exit)
    }

    /// A report that took the place of what is linted, or of another report, would destroy it.
    fn overwrites_nothing(&self) -> Result<(), Stop> {
        let files = self.formats.output.iter().map(|(_, path)| path);
        let mut seen: Vec<PathBuf> = Vec::new();
        for path in files {
            let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
                continue;
            }
            let is_input = self.input.paths.iter().any(|input| std::fs::canonicalize(input).is_ok_and(|i| i == real));
            if is_input || seen.contains(&real) {
                let why = if is_input { "it is to be linted" } else { "another report goes there" };
                return Err(Stop::Usage(format!("--output {}: {why}", path.display())));
            }
            seen.push(real);
        }
        Ok(())
    }

    /// The formats that findings are written in.
    fn written(&self) -> impl Iterator<Item = Format> {
        let files = self.formats.output.iter().map(|(format, _)| *format);
        files.chain((!self.statistics).then(|| self.formats.standard()))
    }

    fn asks_for(&self, format: Format) -> bool {
        self.written().any(|one| one == format)
    }

    fn standard(&self, look: Look, manner: Manner) -> Box<dyn Report> {
        match (self.statistics, self.formats.standard()) {
            (true, Format::Json) => Box::new(Statistics::json()),
            (true, _) => Box::new(Statistics::text(look)),
            (false, format) => format.report(look, manner),
        }
    }
}
