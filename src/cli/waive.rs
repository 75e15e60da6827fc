//! `hushlint waive`: writes one waiver to the end of the configuration.

use super::exit::{Exit, Stop};
use super::inputs::{CONFIG, config_at, extends_of, pack_files};
use crate::host::{Place, Terminal, print, today};
use crate::lint::{LintOptions, Linter};
use crate::settle::{Day, toml_text};
use clap::Args;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Options of `waive`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Waive {
    /// The rules.
    #[arg(value_name = "RULE", required = true)]
    rules: Vec<String>,
    /// Why it is acceptable here.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Where: files, folders or globs; may be repeated.
    #[arg(long, value_name = "GLOB", required_unless_present = "deployment")]
    files: Vec<String>,
    /// Where: a deployment by its id, as reports name it.
    #[arg(long, value_name = "ID", conflicts_with = "files")]
    deployment: Option<String>,
    /// For this setting alone.
    #[arg(long, value_name = "PATH")]
    setting: Option<String>,
    /// For this fact alone.
    #[arg(long, value_name = "FACT")]
    fact: Option<String>,
    /// For this qualifier alone, such as `direct`.
    #[arg(long, value_name = "WORD")]
    qualifier: Option<String>,
    /// The last day on which it holds.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// Who answers for it.
    #[arg(long, value_name = "WHO")]
    owner: Option<String>,
    /// The configuration file [default: hushlint.toml at the repository's root].
    #[arg(long, value_name = "FILE", env = "HUSHLINT_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  hushlint waive e2ee-not-default --files lobby/ --reason 'public lobby, announced as such' --until 2027-03-31
  hushlint waive secret-inline --deployment matrix-test --setting macaroon_secret_key --reason 'a test server'";

impl Waive {
    /// Writes the waiver.
    pub fn run(&self, _: &Terminal) -> Result<Exit, Stop> {
        if self.reason.trim().is_empty() {
            return Err(Stop::Usage("--reason: say why it is acceptable here".to_owned()));
        }
        let place = Place::find(&[], None).map_err(|error| Stop::Usage(error.to_string()))?;
        let found = config_at(self.config.as_deref(), &place)?;
        let (path, shown) = match &found {
            Some(found) => (found.path.clone(), found.shown.clone()),
            None => place.locate(&place.root.join(CONFIG)),
        };
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        let before = found.as_ref().map_or("", |found| found.text.as_str());
        let mut added = self.text(&place, &folder);
        if before.contains("\r\n") {
            added = added.replace('\n', "\r\n");
        }
        let line_end = if before.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match before {
            "" => "",
            text if text.ends_with('\n') => line_end,
            _ => &line_end.repeat(2),
        };
        let text = format!("{before}{gap}{added}");
        // What is written has to be read: by the run that comes next, under the same packs.
        let extends = found.as_ref().map_or(Ok(Vec::new()), extends_of)?;
        let options = LintOptions {
            pack_files: found.as_ref().map_or(Ok(Vec::new()), |found| pack_files(found, &extends))?,
            extends,
            config: Some((shown.clone(), text)),
            today: today(),
            ..LintOptions::default()
        };
        Linter::new(options).map_err(Stop::Data)?;
        append(&path, &format!("{gap}{added}")).map_err(|error| Stop::Usage(format!("{shown}: {error}")))?;
        print(&format!("{shown}: added\n\n{}", added.replace('\r', "")));
        Ok(Exit::Clean)
    }

    fn text(&self, place: &Place, folder: &Path) -> String {
        let mut out = String::from("[[waive]]\n");
        let list = |items: &[String]| items.iter().map(|i| toml_text(i)).collect::<Vec<_>>().join(", ");
        let rule = if self.rules.len() == 1 { list(&self.rules) } else { format!("[{}]", list(&self.rules)) };
        let _ = writeln!(out, "rule = {rule}");
        if !self.files.is_empty() {
            let files: Vec<String> = self.files.iter().map(|f| from_folder(f, place, folder)).collect();
            let _ = writeln!(out, "files = [{}]", list(&files));
        }
        let texts = [
            ("deployment", &self.deployment),
            ("setting", &self.setting),
            ("fact", &self.fact),
            ("qualifier", &self.qualifier),
            ("reason", &Some(self.reason.clone())),
        ];
        for (key, value) in texts {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = {}", toml_text(value));
            }
        }
        if let Some(until) = &self.until {
            // As a date, if it is one; else the reader tells what is wrong with it.
            let day = Day::parse(until).map_or_else(|| toml_text(until), |day| day.to_string());
            let _ = writeln!(out, "until = {day}");
        }
        if let Some(owner) = &self.owner {
            let _ = writeln!(out, "owner = {}", toml_text(owner));
        }
        out
    }
}

/// A glob from the configuration's folder: what exists is named from here, everything else from there already.
fn from_folder(glob: &str, place: &Place, folder: &Path) -> String {
    let (whole, _) = place.locate(Path::new(glob));
    let Ok(below) = whole.strip_prefix(folder) else { return glob.to_owned() };
    let below = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    match (whole.is_dir(), whole.is_file()) {
        (true, _) if below.is_empty() => "**".to_owned(),
        (true, _) => format!("{below}/**"),
        (_, true) => below,
        _ => glob.to_owned(),
    }
}

/// Puts a text at the end of a file, and leaves what stands there as it is.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())
}
