//! `hushlint compare`.

use super::arguments::{InputArgs, PackArgs, REPORT, output};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Terminal, print, write};
use crate::lint::{Comparison, GroupReport, InputError, reference_near, references};
use crate::report::{Look, compare, count, list};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Options of `compare`.
#[derive(Args, Debug)]
#[command(after_help = after_help())]
pub struct Compare {
    /// Bundled references by name, declarations and configurations by path.
    #[arg(value_name = "PLATFORM", num_args = 2.., required = true)]
    platforms: Vec<String>,
    /// How to print the comparison.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = REPORT)]
    format: Format,
    /// Write it to a file too; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::<Format>, help_heading = REPORT)]
    output: Vec<(Format, PathBuf)>,
    /// Print the address behind each cell (JSON, CSV and HTML have it anyway).
    #[arg(long, help_heading = REPORT)]
    sources: bool,
    /// The rules to hold them against: a pack by name, or one of your own; may be repeated [default: baseline].
    #[arg(long, value_name = "NAME|FILE", help_heading = "Judgement")]
    pack: Vec<String>,
    /// Read configurations as this platform, without detection.
    #[arg(long, value_name = "NAME[@VERSION]", help_heading = "Input")]
    platform: Option<String>,
    /// Tell of configurations what no file says, such as `licence=enterprise`.
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Input")]
    context: Vec<String>,
    /// The configuration file [default: hushlint.toml at the repository's root].
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Input")]
    config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, help_heading = "Input")]
    no_config: bool,
}

fn after_help() -> String {
    let names: Vec<&str> = references().collect();
    format!(
        "Examples:\n  hushlint compare tiktok signal ours.toml\n  hushlint compare whatsapp ref:telegram synapse/homeserver.yaml\n  \
         hushlint compare signal threema --format markdown --sources\n\nReferences:\n  {}\n",
        names.join(", ")
    )
}

/// Formats of `compare`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people, on a screen
    Text,
    /// Tables of Markdown
    Markdown,
    /// One object, for programs
    Json,
    /// A line a cell, for spreadsheets
    Csv,
    /// A page that stands alone
    Html,
}

/// One side of the comparison.
#[derive(Debug, PartialEq, Eq)]
enum Side {
    Reference(String),
    Path(PathBuf),
}

impl Compare {
    /// Compares.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let exists = |path: &str| Path::new(path).symlink_metadata().is_ok();
        let sides: Vec<Side> =
            self.platforms.iter().map(|word| side(word, exists)).collect::<Result<_, _>>().map_err(Stop::Usage)?;
        let session = self.session(&sides)?;
        let mut errors: Vec<InputError> = Vec::new();
        let mut reports: Vec<GroupReport> = Vec::new();
        for side in &sides {
            let found = match side {
                Side::Reference(name) => session.linter().reference(name).into_iter().collect(),
                Side::Path(path) => of_path(&session, path, &mut errors, terminal)?,
            };
            errors.extend(found.iter().flat_map(|report| report.errors.clone()));
            reports.extend(found);
        }
        for error in &errors {
            terminal.complain(&words(error));
        }
        let comparison = session.linter().compare(&reports);
        if comparison.columns.len() > 1 {
            self.show(&comparison, &errors, terminal).map_err(Stop::Usage)?;
        }
        Ok(if errors.is_empty() { Exit::Clean } else { Exit::Input })
    }

    fn session(&self, sides: &[Side]) -> Result<Session, Stop> {
        let paths = sides.iter().filter_map(|side| match side {
            Side::Path(path) => Some(path.clone()),
            Side::Reference(_) => None,
        });
        let input = InputArgs {
            paths: paths.collect(),
            platform: self.platform.clone(),
            context: self.context.clone(),
            config: self.config.clone(),
            no_config: self.no_config,
            ..InputArgs::default()
        };
        let packs = PackArgs { pack: self.pack.clone(), exit_zero: true, ..PackArgs::default() };
        Session::prepare(&input, Some(&packs), Wanted { all_outcomes: true, facts: true, ..Wanted::default() })
    }

    fn show(&self, comparison: &Comparison, errors: &[InputError], terminal: &Terminal) -> Result<(), String> {
        let of = |format: Format, look: &Look| match format {
            Format::Text => compare::text(comparison, look, self.sources),
            Format::Markdown => compare::markdown(comparison, self.sources),
            Format::Json => compare::json(comparison, errors),
            Format::Csv => compare::csv(comparison),
            Format::Html => compare::html(comparison),
        };
        for (format, path) in &self.output {
            write(path, &of(*format, &Look::PLAIN))?;
        }
        print(&of(self.format, &terminal.look));
        Ok(())
    }
}

/// What lies at a path: a declaration, a configuration, or several.
fn of_path(
    session: &Session,
    path: &Path,
    errors: &mut Vec<InputError>,
    terminal: &Terminal,
) -> Result<Vec<GroupReport>, Stop> {
    let (reports, finished) = session.gather(path);
    let shown = path.display();
    if finished.deployments == 0 && finished.input_errors == 0 {
        let why = finished.named.first().map(|file| file.reason.to_string());
        let why = why.unwrap_or_else(|| "it holds no declaration and no configuration of a chat platform".to_owned());
        return Err(Stop::Usage(format!(
            "nothing to compare in {shown}: {why} (`hushlint files {shown}` tells what was looked at)"
        )));
    }
    if finished.deployments > 1 {
        terminal.complain(&format!("{shown} holds {}: a column each", count(finished.deployments, "deployment")));
    }
    errors.extend(finished.errors);
    Ok(reports)
}

/// An error in a line: where, and what.
fn words(error: &InputError) -> String {
    let place = error.span.map(|span| format!(":{}:{}", span.start.line, span.start.column)).unwrap_or_default();
    let help = error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{}{place}: {}{help}", error.file, error.message)
}

/// What an argument means: `ref:NAME` is a reference, a bare name is one unless it is a path as well.
fn side(word: &str, exists: impl Fn(&str) -> bool) -> Result<Side, String> {
    let known = |name: &str| references().any(|reference| reference == name);
    let unknown = |what: &str, name: &str| {
        let names: Vec<&str> = references().collect();
        match reference_near(name) {
            Some(near) => format!("there is {what} `{name}`; did you mean `{near}`?"),
            None => format!("there is {what} `{name}`; the references are {}", list(&names)),
        }
    };
    if let Some(name) = word.strip_prefix("ref:") {
        return if known(name) { Ok(Side::Reference(name.to_owned())) } else { Err(unknown("no reference", name)) };
    }
    match (known(word), exists(word)) {
        (true, true) => Err(format!(
            "`{word}` is a bundled reference and a path: write `ref:{word}` for the reference, `./{word}` for the path"
        )),
        (true, false) => Ok(Side::Reference(word.to_owned())),
        (false, true) => Ok(Side::Path(PathBuf::from(word))),
        (false, false) if word.contains(['/', '.', std::path::MAIN_SEPARATOR]) => Ok(Side::Path(PathBuf::from(word))),
        (false, false) => Err(unknown("neither a reference nor a file", word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_references_or_paths() {
        let exists = |path: &str| ["ours.toml", "signal", "folder"].contains(&path);
        let path = |path: &str| Ok(Side::Path(PathBuf::from(path)));
        assert_eq!(side("ours.toml", exists), path("ours.toml"));
        assert_eq!(side("folder", exists), path("folder"));
        assert_eq!(side("./signal", exists), path("./signal"));
        // What looks like a path is one, and its absence is told with the other inputs.
        assert_eq!(side("missing.toml", exists), path("missing.toml"));
        assert_eq!(side("whatsapp", exists), Ok(Side::Reference("whatsapp".into())));
        assert_eq!(side("ref:signal", exists), Ok(Side::Reference("signal".into())));
    }

    #[test]
    fn what_is_neither_is_told() {
        let none = |_: &str| false;
        let message = |word: &str, exists: fn(&str) -> bool| side(word, exists).err().unwrap_or_default();
        assert!(message("signal", |_| true).contains("write `ref:signal` for the reference, `./signal` for the path"));
        assert!(message("signl", none).contains("did you mean `signal`"));
        assert!(message("ref:nobody-has-this", none).contains("the references are discord, imessage"));
        assert!(message("ref:Signal", none).contains("did you mean `signal`"));
    }
}
