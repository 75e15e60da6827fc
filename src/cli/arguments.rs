//! Options that several commands share.

use crate::lint::Severity;
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// A flag as a variable of the environment: nothing, `0`, `false`, `no` and `off` leave it off.
const FLAG: fn() -> FalseyValueParser = FalseyValueParser::new;

/// Heading of the options about the report.
pub const REPORT: &str = "Report";

/// What to read.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Files and folders; `-` reads standard input [default: .].
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub paths: Vec<PathBuf>,
    /// The name of what comes on standard input.
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// Read further paths from a file, one a line; `-` reads them from standard input.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Read named files as this platform, without detection; on a walk, look for no other.
    #[arg(long, value_name = "NAME[@VERSION]", env = "HUSHLINT_PLATFORM", hide_env = true)]
    pub platform: Option<String>,
    /// Tell what no file says, such as `licence=enterprise`.
    #[arg(long, value_name = "KEY=VALUE", env = "HUSHLINT_CONTEXT", hide_env = true)]
    pub context: Vec<String>,
    /// The configuration file [default: hushlint.toml at the repository's root].
    #[arg(long, value_name = "FILE", env = "HUSHLINT_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, env = "HUSHLINT_NO_CONFIG", hide_env = true, value_parser = FLAG())]
    pub no_config: bool,
    /// Print the configuration that holds, and where each part of it is written; lint nothing.
    #[arg(long, value_name = "FORMAT", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub show_config: Option<Format>,
    /// Leave out what `exclude` names even where it is named on the command line. It always is: this changes nothing, and
    /// is there for hooks that ask every linter for it.
    #[arg(long)]
    pub force_exclude: bool,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), env = "HUSHLINT_JOBS", hide_env = true)]
    pub jobs: Option<u16>,
    /// Write paths relative to this folder [default: the repository's root, else the working directory].
    #[arg(long, value_name = "DIR", env = "HUSHLINT_RELATIVE_TO", hide_env = true)]
    pub relative_to: Option<PathBuf>,
    /// A walk may find nothing to lint: exit with 0 instead of 4.
    #[arg(long, env = "HUSHLINT_ALLOW_EMPTY", hide_env = true, value_parser = FLAG())]
    pub allow_empty: bool,
}

/// What to judge by.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Judgement")]
pub struct PackArgs {
    /// A rule pack by name, or a pack of your own; may be repeated [default: baseline].
    #[arg(long, value_name = "NAME|FILE", env = "HUSHLINT_PACK", hide_env = true)]
    pub pack: Vec<String>,
    /// The lowest severity that fails the run [default: warning].
    #[arg(long, value_enum, value_name = "SEVERITY", env = "HUSHLINT_FAIL_ON", hide_env = true)]
    pub fail_on: Option<FailOn>,
    /// Exit with 0 whatever is found; what could not be read still counts.
    #[arg(long, env = "HUSHLINT_EXIT_ZERO", hide_env = true, value_parser = FLAG())]
    pub exit_zero: bool,
    /// Fail the run if a rule could not be decided.
    #[arg(long, env = "HUSHLINT_FAIL_ON_UNKNOWN", hide_env = true, value_parser = FLAG())]
    pub fail_on_unknown: bool,
    /// Judge only these rules, or rules of these themes; may be repeated, or be a list with commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "HUSHLINT_SELECT", hide_env = true)]
    pub select: Vec<String>,
    /// Do not judge these rules, or rules of these themes; may be repeated, or be a list with commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',', env = "HUSHLINT_IGNORE", hide_env = true)]
    pub ignore: Vec<String>,
    #[command(flatten)]
    pub exempt: ExemptArgs,
}

/// What of the findings is hidden.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Waivers and baseline")]
pub struct ExemptArgs {
    /// Hide the findings that this baseline holds, while they get no worse [default: `baseline` of the configuration].
    #[arg(long, value_name = "FILE", env = "HUSHLINT_BASELINE", hide_env = true)]
    pub baseline: Option<PathBuf>,
    /// Use no baseline.
    #[arg(long, env = "HUSHLINT_NO_BASELINE", hide_env = true, value_parser = FLAG())]
    pub no_baseline: bool,
    /// Let comments waive nothing.
    #[arg(long, env = "HUSHLINT_NO_INLINE_WAIVERS", hide_env = true, value_parser = FLAG())]
    pub no_inline_waivers: bool,
    /// The day that waivers are held against [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", env = "HUSHLINT_TODAY", hide_env = true)]
    pub today: Option<String>,
}

/// `--fail-on`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Whatever is found.
    Note,
}

impl From<FailOn> for Severity {
    fn from(bar: FailOn) -> Self {
        match bar {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
        }
    }
}

/// Formats of what has no stream: text for people, JSON for programs.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One object, for programs
    Json,
}

/// `FORMAT=FILE`.
pub fn output<F: ValueEnum>(text: &str) -> Result<(F, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE")?;
    if file.is_empty() {
        return Err("the file is missing".to_owned());
    }
    let known = || F::value_variants().iter().filter_map(|f| f.to_possible_value());
    let format = F::from_str(format, false).map_err(|_| {
        let names: Vec<String> = known().map(|value| value.get_name().to_owned()).collect();
        format!("`{format}` is no format; there are {}", crate::report::list(&names))
    })?;
    Ok((format, PathBuf::from(file)))
}
