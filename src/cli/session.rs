//! What every run over files begins with: where it stands, which configuration governs it, what it looks at.

use super::arguments::{Format, InputArgs, PackArgs};
use super::exit::{Exit, Stop, exit_of};
use super::inputs::{
    baseline_of, config_of, extends_of, nested_of, pack_args, pack_files, paths_of, rebase, targets_of,
};
use crate::host::{Finished, Outputs, Place, Run, Target, Targets, Terminal, Times, gather, over, run, today};
use crate::lint::{GroupReport, LintOptions, Linter, RunInfo, Severity};
use crate::report::listing::{effective_json, effective_text};
use crate::report::{Counts, Summary, count};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
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
    whole: bool,
    fail_on_unknown: bool,
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
    /// Findings as lines, and nothing else.
    pub brief: bool,
    /// The lowest severity that is shown; what is not shown decides nothing.
    pub min_severity: Option<Severity>,
    /// Entries for a baseline.
    pub record: bool,
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
        let exempt = packs.map(|packs| &packs.exempt);
        let extends = config.as_ref().map_or(Ok(Vec::new()), extends_of)?;
        let options = LintOptions {
            pack_files: config.as_ref().map_or(Ok(Vec::new()), |config| pack_files(config, &extends))?,
            nested: config.as_ref().map_or(Ok(Vec::new()), |config| nested_of(config, &place))?,
            extends,
            select: packs.map(|packs| packs.select.clone()).unwrap_or_default(),
            ignore: packs.map(|packs| packs.ignore.clone()).unwrap_or_default(),
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
            today: exempt.and_then(|e| e.today.clone()).unwrap_or_else(today),
            baseline: exempt.map_or(Ok(None), |exempt| baseline_of(exempt, config.as_ref(), &place))?,
            no_inline_waivers: exempt.is_some_and(|e| e.no_inline_waivers),
            record: wanted.record,
            rebase: rebase(&place, &config_folder),
        };
        let linter = Linter::new(options).map_err(Stop::Data)?;
        if let Some(format) = input.show_config {
            return Err(Stop::Shown(match format {
                Format::Text => effective_text(&linter.effective()),
                Format::Json => effective_json(&linter.effective()),
            }));
        }
        let exclude = exclude(&linter.config().exclude)?;
        let targets = Targets {
            list: targets_of(input, &paths, &place),
            exclude,
            exclude_root: config_folder,
            excluded_by: config.map_or_else(String::new, |c| c.shown),
        };
        let jobs = input.jobs.map_or_else(processors, usize::from);
        // Only a walk over all that the configuration is for can tell that something is gone.
        let above = |path: &PathBuf| targets.exclude_root.starts_with(place.locate(path).0);
        let whole = input.platform.is_none() && paths.iter().any(above);
        let fail_on_unknown = packs.is_some_and(|packs| packs.fail_on_unknown);
        let (allow_empty, min_severity) = (input.allow_empty, wanted.min_severity);
        let load = begun.elapsed();
        Ok(Self { linter, place, targets, jobs, allow_empty, min_severity, load, whole, fail_on_unknown })
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
        let run = Run { linter: &self.linter, place, targets, jobs: self.jobs, min_severity: None, whole: false };
        over(&run, each)
    }

    /// The lowest severity that fails the run.
    pub fn fail_on(&self) -> Severity {
        let fail_on = self.linter.config().fail_on;
        self.min_severity.map_or(fail_on, |least| least.max(fail_on))
    }

    /// Runs over one path and keeps what it comes to.
    pub fn gather(&self, path: &Path) -> (Vec<GroupReport>, Finished) {
        let targets = Targets { list: vec![Target::Path(path.to_owned())], ..self.targets.clone() };
        let Self { linter, place, jobs, .. } = self;
        gather(&Run { linter, place, targets: &targets, jobs: *jobs, min_severity: None, whole: false })
    }

    /// Runs, and ends the reports. `fails`: findings may decide the exit code.
    pub fn finish(self, outputs: Outputs, terminal: &Terminal, fails: bool) -> End {
        let (exit, Finished { counts, times, .. }) = self.go(outputs, terminal, fails);
        // The process is about to end. To give the knowledge back piece by piece would cost a short run a tenth of
        // its time.
        std::mem::forget(self.linter);
        End { exit, counts, times }
    }

    /// The same, for who wants more of what was found than its reports.
    pub fn go(&self, mut outputs: Outputs, terminal: &Terminal, fails: bool) -> (Exit, Finished) {
        let Self { linter, place, targets, jobs, min_severity, whole, .. } = self;
        let this = Run { linter, place, targets, jobs: *jobs, min_severity: *min_severity, whole: *whole };
        outputs.begin();
        let mut finished = run(&this, &mut outputs);
        let bar = fails.then_some(self.fail_on());
        let mut exit = exit_of(&finished, bar, self.allow_empty);
        if fails && exit == Exit::Clean && self.fail_on_unknown && finished.unknown > 0 {
            exit = Exit::Findings;
            terminal.complain(&format!(
                "{} could not be decided (`--fail-on-unknown`; `--all-outcomes` lists them)",
                count(finished.unknown, "outcome")
            ));
        }
        let errors = std::mem::take(&mut finished.errors);
        let skipped = std::mem::take(&mut finished.skipped);
        let named = std::mem::take(&mut finished.named);
        let run =
            RunInfo { fail_on: self.fail_on(), min_severity: self.min_severity, ..self.linter.run_info(exit as u8) };
        let start = Instant::now();
        outputs.finish(&Summary { run, errors, skipped, named, hidden: finished.hidden });
        finished.times.print += start.elapsed();
        finished.times.load = self.load;
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
        (exit, finished)
    }

    /// Does the run look at everything that the configuration is for?
    pub fn whole(&self) -> bool {
        self.whole
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
