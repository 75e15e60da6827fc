//! `hushlint test`.

use super::arguments::Format;
use super::exit::{Exit, Stop};
use super::inputs::text_of;
use crate::host::{Place, Terminal, print};
use crate::lint::{Knowledge, embedded_all, mutants, parsed, run_cases};
use crate::report::listing;
use crate::rule::load_pack;
use crate::syntax::Document;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Options of `test`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Test {
    /// Packs and files of cases, or folders of them [default: the built-in ones].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change the conditions of the rules a little, and tell the changes that no case notices.
    #[arg(long)]
    mutate: bool,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  hushlint test
  hushlint test policies/ours.toml
  hushlint test policies/ours.toml --mutate
  hushlint test policies/ --format json";

impl Test {
    /// Runs them.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let mut knowledge = Knowledge::built_in().map_err(Stop::Data)?;
        let documents = if self.paths.is_empty() { built_in() } else { self.documents()? };
        if !self.paths.is_empty() {
            // Rules of the user's own files may be judged by their cases, whichever file these stand in.
            let Knowledge { catalogue, facts, .. } = &mut knowledge;
            for document in &documents {
                catalogue.add(document, &facts.vocabulary).map_err(Stop::Data)?;
            }
            let mut errors = knowledge.catalogue.check();
            errors.extend(knowledge.check_outside(documents.iter()).map_err(Stop::Data)?);
            for document in &documents {
                errors.extend(
                    load_pack(document, &knowledge.facts.vocabulary, &knowledge.catalogue).err().unwrap_or_default(),
                );
            }
            if !errors.is_empty() {
                return Err(Stop::Data(errors));
            }
        }
        let report = run_cases(&knowledge, &documents).map_err(Stop::Data)?;
        if report.cases.is_empty() {
            return Err(Stop::Usage("there is no `[[case]]` in what was given".to_owned()));
        }
        let mutants = if self.mutate { Some(mutants(&knowledge, &documents).map_err(Stop::Data)?) } else { None };
        print(&match self.format {
            Format::Text => listing::cases(&report, mutants.as_ref(), &terminal.look),
            Format::Json => listing::cases_json(&report, mutants.as_ref()),
        });
        let failed = report.cases.iter().any(|case| !case.failures.is_empty());
        Ok(if failed { Exit::Findings } else { Exit::Clean })
    }

    fn documents(&self) -> Result<Vec<Arc<Document>>, Stop> {
        let place = Place::find(&self.paths, None).map_err(|error| Stop::Usage(error.to_string()))?;
        let mut files = Vec::new();
        for path in &self.paths {
            collect(path, &mut files)?;
        }
        let read = |path: &PathBuf| {
            let (path, shown) = place.locate(path);
            let text = text_of(&path).map_err(|words| Stop::Usage(format!("{shown}: {words}")))?;
            Ok(parsed(&shown, &text))
        };
        files.iter().map(read).collect()
    }
}

fn built_in() -> Vec<Arc<Document>> {
    let holds = |text: &str| text.contains("[[case]]") || text.contains("[[rule]]");
    embedded_all().filter(|(_, text)| holds(text)).map(|(path, text)| parsed(path, text)).collect()
}

/// The TOML files of a folder, by name; a file as it is.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let walk = walkdir::WalkDir::new(path).sort_by_file_name();
    for entry in walk {
        let entry = entry.map_err(|error| Stop::Usage(error.to_string()))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "toml") {
            files.push(entry.into_path());
        }
    }
    Ok(())
}
