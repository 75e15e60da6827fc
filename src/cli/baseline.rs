//! `hushlint baseline`: the findings of today, written down, so that only new and worse ones fail a run.

use super::arguments::{ExemptArgs, InputArgs, PackArgs};
use super::exit::{Exit, Stop};
use super::inputs::{config_baseline, config_of, text_of};
use super::session::{Session, Wanted};
use crate::host::{Finished, Outputs, Place, Terminal, print};
use crate::report::check::Errors;
use crate::report::count;
use crate::settle::{Baseline, Entry, Merged, adopt, prune, renames, update, write_baseline};
use crate::text::Redactor;
use clap::Args;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Options of `baseline`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct BaselineCommand {
    #[command(flatten)]
    input: InputArgs,
    /// A rule pack by name, or a pack of your own; may be repeated [default: baseline].
    #[arg(long, value_name = "NAME|FILE", env = "HUSHLINT_PACK", hide_env = true, help_heading = "Judgement")]
    pack: Vec<String>,
    /// Let comments waive nothing.
    #[arg(long, help_heading = "Judgement")]
    no_inline_waivers: bool,
    /// The day that waivers are held against [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = "Judgement")]
    today: Option<String>,
    /// The file [default: `baseline` of the configuration, else hushlint-baseline.toml beside it].
    #[arg(long, short, value_name = "FILE", help_heading = "Baseline")]
    output: Option<PathBuf>,
    /// Take out what has been mended, give what has got better its value of today, and add nothing.
    #[arg(long, help_heading = "Baseline")]
    prune: bool,
    /// Give the entries of deployments that were renamed to the new ones, with the values that they had.
    #[arg(long, help_heading = "Baseline")]
    adopt: bool,
}

const EXAMPLES: &str = "\
Examples:
  hushlint baseline                   write hushlint-baseline.toml
  hushlint baseline --prune           after something has been mended
  hushlint baseline --adopt           after files have been renamed";

/// What is found in no configuration goes here.
const NAME: &str = "hushlint-baseline.toml";

impl BaselineCommand {
    /// Writes it.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let place = Place::find(&self.input.paths, self.input.relative_to.as_deref())
            .map_err(|error| Stop::Usage(error.to_string()))?;
        let config = config_of(&self.input, &place)?;
        let named = config.as_ref().and_then(config_baseline);
        let folder = config.as_ref().and_then(|c| c.path.parent()).unwrap_or(&place.root).to_owned();
        let configured = folder.join(named.as_deref().unwrap_or(Path::new(NAME)));
        let (path, shown) = place.locate(self.output.as_deref().unwrap_or(&configured));
        let before = if path.exists() {
            let text = text_of(&path).map_err(|words| Stop::Usage(format!("baseline {shown}: {words}")))?;
            Some(Baseline::read(&shown, &text).map_err(Stop::Data)?)
        } else if self.prune || self.adopt {
            return Err(Stop::Usage(format!("{shown}: there is no baseline yet; `hushlint baseline` writes one")));
        } else {
            None
        };
        let exempt = ExemptArgs {
            baseline: before.is_some().then(|| path.clone()),
            no_baseline: before.is_none(),
            no_inline_waivers: self.no_inline_waivers,
            today: self.today.clone(),
        };
        let packs = PackArgs {
            pack: self.pack.clone(),
            fail_on: None,
            exit_zero: true,
            fail_on_unknown: false,
            select: Vec::new(),
            ignore: Vec::new(),
            exempt,
        };
        let wanted = Wanted { record: true, brief: true, ..Wanted::default() };
        let session = Session::prepare(&self.input, Some(&packs), wanted)?;
        let mut outputs = Outputs::default();
        outputs.standard(Box::new(Errors));
        let (exit, finished) = session.go(outputs, terminal, false);
        if exit == Exit::Nothing {
            return Ok(exit);
        }
        let whole = session.whole() && finished.input_errors == 0;
        if !whole && (self.prune || self.adopt) {
            let why = if finished.input_errors > 0 {
                "what could not be read may still be as it was; mend the errors above first"
            } else {
                "a run over a part, or over one platform, cannot tell what is gone; run it over the folder of the \
                 configuration"
            };
            return Err(Stop::Usage(format!("{shown} stays as it is: {why}")));
        }
        let mut words = String::new();
        let merged = self.merged(&session, &finished, before.as_ref(), whole, &mut words);
        let text = write_baseline(&merged.entries);
        std::fs::write(&path, text).map_err(|error| Stop::Usage(format!("{shown}: {error}")))?;
        let mut said = said(&shown, &merged);
        said.push_str(&words);
        if named.is_none() && self.output.is_none() && before.is_none() {
            let _ =
                writeln!(said, "Write `baseline = \"{NAME}\"` into hushlint.toml, or check with `--baseline {shown}`.");
        }
        print(&said);
        Ok(exit)
    }

    /// The new entries; `words` gets what is to be said of renamed deployments.
    fn merged(
        &self,
        session: &Session,
        finished: &Finished,
        before: Option<&Baseline>,
        whole: bool,
        words: &mut String,
    ) -> Merged {
        let vocabulary = &session.linter().knowledge().facts.vocabulary;
        let now = &finished.house.entries;
        let Some(before) = before else { return update(&[], now, vocabulary) };
        let mut old: Vec<Entry> = before.entries.clone();
        let mut idle = finished.house.idle_entries(before, whole);
        let moved = if whole { renames(&old, now, finished.house.deployments()) } else { Vec::new() };
        let shown = |text: &str| Redactor::new().show(text);
        for one in &moved {
            let (from, to) = (shown(&one.from), shown(&one.to));
            let entries = count_entries(one.entries);
            let _ = match self.adopt {
                true => writeln!(words, "{from} is {to} now: {entries} went along."),
                false => writeln!(
                    words,
                    "{from} is gone, and {to} has {entries} like its own: `hushlint baseline --adopt` takes that along, \
                     with the values of then."
                ),
            };
        }
        if self.adopt {
            old = adopt(&old, now, &moved);
            let prints: BTreeSet<&str> = now.iter().map(|e| e.fingerprint.as_str()).collect();
            idle.retain(|n| old.get(*n).is_none_or(|e| !prints.contains(e.fingerprint.as_str())));
        }
        match (self.prune, self.adopt) {
            (true, _) => prune(&old, now, &idle, vocabulary),
            (false, true) => Merged { entries: old, ..Merged::default() },
            (false, false) => {
                if !idle.is_empty() {
                    let _ = writeln!(
                        words,
                        "Nothing meets {} any more: `hushlint baseline --prune` takes that out.",
                        count_entries(idle.len())
                    );
                }
                update(&old, now, vocabulary)
            }
        }
    }
}

fn count_entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

/// `hushlint-baseline.toml: 24 entries about 12 deployments: 3 new, 1 taken out.`
fn said(shown: &str, merged: &Merged) -> String {
    let deployments: BTreeSet<&str> = merged.entries.iter().map(|e| e.deployment.as_str()).collect();
    let parts = [
        (merged.new, "new"),
        (merged.worse, "with a worse value than before"),
        (merged.better, "with a better value than before"),
        (merged.out, "taken out"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let rest = if parts.is_empty() { ", as before".to_owned() } else { format!(": {}", parts.join(", ")) };
    let of = count(deployments.len(), "deployment");
    format!("{shown}: {} about {of}{rest}.\n", count_entries(merged.entries.len()))
}
