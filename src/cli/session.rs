//! What every run over files begins with: where it stands, which configuration governs it, what it looks at.

use super::arguments::{InputArgs, PackArgs};
use super::exit::{Exit, Stop, exit_of};
use super::inputs::{config_of, pack_args, pack_files, paths_of, targets_of};
use crate::host::{Finished, Outputs, Place, Run, Targets, Terminal, Times, over, run, today};
use crate::lint::{GroupReport, LintOptions, Linter, RunInfo, Severity};
use crate::report::{Counts, Summary};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// A run, ready to go.
pub struct Session {
    linter: Linter,
    place: Place,
    targets: Targets,
    jobs: usize,
    allow_empty: bool,
    min_severity: Option<Severity>,
    load: Duration,
}

/// What the command wants of the engine.
#[derive(Copy, Clone, Default)]
pub struct Wanted {
    /// All outcomes.
    pub all_outcomes: bool,
    /// Facts.
    pub facts: bool,
    /// Settings.
    pub settings: bool,
    /// Texts to quote from.
    pub sources: bool,
    /// What a comparison of runs needs.
    pub compare: bool,
    /// Findings and nothing else.
    pub brief: bool,
    /// The lowest severity that is shown; what is not shown decides nothing.
    pub min_severity: Option<Severity>,
}

impl Session {
    /// Finds and reads everything but the inputs themselves.
    pub fn prepare(input: &InputArgs, packs: Option<&PackArgs>, wanted: Wanted) -> Result<Self, Stop> {
        let begun = Instant::now();
        let paths = paths_of(input)?;
        let place = Place::find(&paths, input.relative_to.as_deref()).map_err(|error| {
            let folder = input.relative_to.as_deref().unwrap_or(Path::new("."));
            Stop::Usage(format!("{}: {error}", folder.display()))
        })?;
        let config = config_of(input, &place)?;
        let config_folder = config.as_ref().and_then(|c| c.path.parent()).unwrap_or(&place.root).to_owned();
        let options = LintOptions {
            pack_files: config.as_ref().map_or(Ok(Vec::new()), pack_files)?,
            packs: packs.map_or(Ok(Vec::new()), |packs| pack_args(&packs.pack, &place))?,
            platform: input.platform.as_deref().map(platform),
            context: input.context.iter().map(|text| context(text)).collect::<Result<_, _>>()?,
            config: config.as_ref().map(|c| (c.shown.clone(), c.text.clone())),
            fail_on: packs.and_then(|packs| packs.fail_on).map(Severity::from),
            all_outcomes: wanted.all_outcomes,
            facts: wanted.facts,
            settings: wanted.settings,
            sources: wanted.sources,
            compare: wanted.compare,
            brief: wanted.brief,
            today: today(),
        };
        let linter = Linter::new(options).map_err(Stop::Data)?;
        let exclude = exclude(&linter.config().exclude)?;
        let targets = Targets {
            list: targets_of(input, &paths, &place),
            exclude,
            exclude_root: config_folder,
            excluded_by: config.map_or_else(String::new, |c| c.shown),
        };
        let jobs = input.jobs.map_or_else(processors, usize::from);
        let (allow_empty, min_severity) = (input.allow_empty, wanted.min_severity);
        Ok(Self { linter, place, targets, jobs, allow_empty, min_severity, load: begun.elapsed() })
    }

    /// The engine.
    pub fn linter(&self) -> &Linter {
        &self.linter
    }

    /// Where the run stands.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What it looks at.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Runs over other targets, at another place; `each` gets what the groups come to, in order.
    pub fn over(&self, place: &Place, targets: &Targets, each: impl FnMut(&GroupReport) + Send) -> Finished {
        let run = Run { linter: &self.linter, place, targets, jobs: self.jobs, min_severity: None };
        over(&run, each)
    }

    /// The lowest severity that fails the run.
    pub fn fail_on(&self) -> Severity {
        let fail_on = self.linter.config().fail_on;
        self.min_severity.map_or(fail_on, |least| least.max(fail_on))
    }

    /// Runs, and ends the reports. `fails`: findings may decide the exit code.
    pub fn finish(self, mut outputs: Outputs, terminal: &Terminal, fails: bool) -> End {
        let Self { linter, place, targets, jobs, min_severity, .. } = &self;
        let this = Run { linter, place, targets, jobs: *jobs, min_severity: *min_severity };
        outputs.begin();
        let finished = run(&this, &mut outputs);
        let bar = fails.then_some(self.fail_on());
        let mut exit = exit_of(&finished, bar, self.allow_empty);
        let Finished { counts, errors, skipped, named, hidden, mut times, .. } = finished;
        let run =
            RunInfo { fail_on: self.fail_on(), min_severity: self.min_severity, ..self.linter.run_info(exit as u8) };
        let start = Instant::now();
        outputs.finish(&Summary { run, errors, skipped, named, hidden });
        times.print += start.elapsed();
        times.load = self.load;
        if exit == Exit::Nothing {
            terminal.complain(
                "nothing to lint: no configuration of a chat platform was found \
                 (`hushlint files` tells what was looked at, `--allow-empty` accepts it)",
            );
        }
        for error in &outputs.errors {
            terminal.complain(error);
            exit = Exit::Usage;
        }
        // The process is about to end. To give the knowledge back piece by piece would cost a short run a tenth of
        // its time.
        std::mem::forget(self.linter);
        End { exit, counts, times }
    }
}

/// How a run over files ended.
pub struct End {
    /// What to exit with.
    pub exit: Exit,
    counts: Counts,
    times: Times,
}

impl End {
    /// How long the parts of the run took, on standard error.
    pub fn tell_times(&self) {
        let _ = write!(std::io::stderr(), "{}", self.times);
    }

    /// The counts, where a format leaves them out and a person looks on.
    pub fn count_for_a_person(&self) {
        let mut error = std::io::stderr();
        if error.is_terminal() {
            let _ = writeln!(error, "{}", self.counts.words());
        }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn platform(text: &str) -> (String, Option<String>) {
    match text.split_once('@') {
        Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn context(text: &str) -> Result<(String, String), Stop> {
    let (key, value) = text
        .split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| Stop::Usage(format!("--context {text}: write it as KEY=VALUE")))?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Globs as in `.gitignore` files of today: `*` stays within a folder, `**` does not.
fn exclude(patterns: &[String]) -> Result<GlobSet, Stop> {
    let broken = |error: globset::Error| Stop::Usage(format!("exclude: {error}"));
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(GlobBuilder::new(pattern).literal_separator(true).build().map_err(broken)?);
    }
    set.build().map_err(broken)
}
