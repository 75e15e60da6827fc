//! A run: look at every file, group what was taken, judge the groups, hand on the reports in order.
//!
//! Threads share the work file by file and group by group. Reports come out in the order of the groups, and only
//! so many wait for their turn that memory stays small.

use super::beside::Beside;
use super::cache::Cache;
use super::guard::{FAULT, Quiet, caught};
use super::line::Line;
use super::progress::{BEAT, Progress};
use super::read::{LIMIT, ReadError, read_stream};
use super::tally::{Finished, Tally};
use super::times::Times;
use super::walk::{Fate, Seen, Targets, Walk};
use super::{Outputs, Place};
use crate::lint::{Ask, Candidate, Group, GroupReport, InputError, Linter, Scan, Severity};
use crate::text::{Redactor, Shown};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Deeply nested input is refused by limits; below them it must fit.
const STACK: usize = 8 << 20;
/// Files that a thread takes from the walk at once.
const BATCH: usize = 128;
/// Groups that a thread takes at once, at most: what it makes of them waits for its turn.
const WAITING: usize = 8;

/// What a run is given.
pub struct Run<'a> {
    /// The engine.
    pub linter: &'a Linter,
    /// Where it stands.
    pub place: &'a Place,
    /// What to look at.
    pub targets: &'a Targets,
    /// Threads.
    pub jobs: usize,
    /// Findings below it are counted, but no report gets them.
    pub min_severity: Option<Severity>,
    /// The run looks at everything that the configuration is for: what it does not meet is not there.
    pub whole: bool,
}

/// A text of ours, or a path, as reports take it.
fn shown(text: &str) -> Shown {
    Redactor::new().show(text)
}

fn input_error(file: &str, message: &str) -> InputError {
    InputError { file: shown(file), span: None, message: shown(message), labels: Vec::new(), help: None }
}

/// Runs; the reports get the groups, the caller ends them.
pub fn run(run: &Run<'_>, outputs: &mut Outputs) -> Finished {
    over(run, |report| outputs.group(report))
}

/// Runs, and keeps what the groups came to.
pub fn gather(run: &Run<'_>) -> (Vec<GroupReport>, Finished) {
    let mut reports = Vec::new();
    let finished = over(run, |report| reports.push(report.clone()));
    (reports, finished)
}

/// Runs; `each` gets the groups, in order.
pub fn over(run: &Run<'_>, mut each: impl FnMut(&GroupReport) + Send) -> Finished {
    let begun = Instant::now();
    let _quiet = Quiet::new();
    let mut progress = Progress::new();
    let cache = Cache::default();
    let mut tally = Tally::default();
    let (candidates, files, roots) = run.look(&cache, &mut tally, &mut progress);
    let beside = Beside { place: run.place, targets: run.targets, roots };
    let ask = |path: &str| beside.answer(path);
    let groups = caught(|| run.linter.group(candidates, &ask)).unwrap_or_else(|| {
        tally.errors.push(input_error(".", FAULT));
        Vec::new()
    });
    let known = Known { place: run.place, files: &files, cache: &cache, ask: &ask };
    let walk = begun.elapsed();
    let mut print = Duration::ZERO;
    let mut take = |mut report: GroupReport, tally: &mut Tally| {
        tally.take(&mut report, run.min_severity);
        let start = Instant::now();
        if let Some(least) = run.min_severity {
            report.findings.retain(|f| f.severity >= least);
        }
        each(&report);
        print += start.elapsed();
    };
    run.judge(&groups, &known, &mut progress, |report| take(report, &mut tally));
    let last = run.linter.keep_house(&tally.house, run.whole);
    if !last.findings.is_empty() {
        take(last, &mut tally);
    }
    let judge = begun.elapsed().saturating_sub(walk + print);
    Finished { times: Times { walk, judge, print, ..Times::default() }, ..tally.finish() }
}

/// What looking at one file came to.
pub enum Looked {
    /// It could be judged.
    Taken(Candidate),
    /// It is passed over.
    Skipped {
        /// Why.
        reason: Shown,
        /// The user named it, and is told why.
        named: bool,
    },
    /// It cannot be read.
    Failed(InputError),
}

/// A file that was looked at: its turn, its name, its path, what it came to.
struct Look {
    turn: usize,
    seen: Seen,
    looked: Looked,
}

/// Where the files that were taken are.
struct Known<'a> {
    place: &'a Place,
    files: &'a HashMap<String, PathBuf>,
    cache: &'a Cache,
    ask: &'a Ask<'a>,
}

impl Run<'_> {
    /// Looks at all files; what was taken comes back in the order of the walk, with its paths, and with the folders
    /// in which further files may be read.
    fn look(
        &self,
        cache: &Cache,
        tally: &mut Tally,
        progress: &mut Progress,
    ) -> (Vec<Candidate>, HashMap<String, PathBuf>, Vec<PathBuf>) {
        let walk = Mutex::new((0_usize, Walk::new(self.targets, self.place)));
        let (sender, receiver) = mpsc::channel::<Option<Vec<Look>>>();
        let work = |sender: mpsc::Sender<Option<Vec<Look>>>| loop {
            let batch = caught(|| self.look_at_some(&walk, cache));
            let more = batch.as_ref().is_some_and(|batch| batch.len() == BATCH);
            if sender.send(batch).is_err() || !more {
                break;
            }
        };
        let work = &work;
        let mut taken: Vec<Look> = Vec::new();
        let mut total = 0;
        std::thread::scope(|scope| {
            // One thread to begin with, a further one whenever there turns out to be more.
            let mut more = Some(sender);
            let mut started = 0;
            let mut start = |more: &Option<mpsc::Sender<_>>| {
                let Some(sender) = more.clone().filter(|_| started < self.jobs.max(1)) else { return };
                started += 1;
                let spare = sender.clone();
                if !spawn(scope, move || work(sender)) && started == 1 {
                    work(spare);
                }
            };
            start(&more);
            loop {
                match receiver.recv_timeout(BEAT) {
                    Ok(looks) => {
                        if looks.as_ref().is_none_or(|looks| looks.len() < BATCH) {
                            more = None;
                        }
                        start(&more);
                        if looks.is_none() {
                            tally.errors.push(input_error(".", FAULT));
                        }
                        for look in looks.into_iter().flatten() {
                            total += 1;
                            match look.looked {
                                Looked::Taken(_) => taken.push(look),
                                other => tally.not_taken(shown(&look.seen.shown), other),
                            }
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                progress.tell(|| format!("looked at {total} files, {} to judge", taken.len()));
            }
        });
        let (_, walk) = walk.into_inner().unwrap_or_else(PoisonError::into_inner);
        tally.walked = walk.walked();
        tally.folders = walk.folders();
        let roots = walk.roots();
        taken.sort_by_key(|look| look.turn);
        drop_links(&mut taken, tally);
        let mut files = HashMap::with_capacity(taken.len());
        let mut candidates = Vec::with_capacity(taken.len());
        for Look { seen, looked, .. } in taken {
            if let Looked::Taken(candidate) = looked {
                if seen.named {
                    tally.given.insert(seen.shown.clone());
                }
                files.insert(seen.shown, seen.path);
                candidates.push(candidate);
            }
        }
        (candidates, files, roots)
    }

    /// Takes some files from the walk and looks at them.
    fn look_at_some(&self, walk: &Mutex<(usize, Walk<'_>)>, cache: &Cache) -> Vec<Look> {
        let (first, batch) = {
            let mut walk = walk.lock().unwrap_or_else(PoisonError::into_inner);
            let batch: Vec<Seen> = walk.1.by_ref().take(BATCH).collect();
            let first = walk.0;
            walk.0 += batch.len();
            (first, batch)
        };
        let look =
            |(number, seen): (usize, Seen)| Look { turn: first + number, looked: self.look_at(&seen, cache), seen };
        batch.into_iter().enumerate().map(look).collect()
    }

    /// Reads one file and asks the engine what it could be.
    fn look_at(&self, seen: &Seen, cache: &Cache) -> Looked {
        let bytes = match &seen.fate {
            Fate::Skip(why) => return Looked::Skipped { reason: shown(why), named: false },
            Fate::Fail(why) => return Looked::Failed(input_error(&seen.shown, why)),
            Fate::Read if !seen.named && !self.linter.wants(&seen.shown) => {
                return Looked::Skipped { reason: Shown::fixed("no configuration, by its name"), named: false };
            }
            Fate::Stdin => read_stream(std::io::stdin().lock()),
            Fate::Read => self.place.read(&seen.path, !seen.named),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error @ ReadError::Elsewhere(_)) => {
                return Looked::Skipped { reason: shown(&error.words()), named: seen.named };
            }
            Err(error @ (ReadError::Binary | ReadError::TooLarge(_) | ReadError::NotRegular)) if !seen.named => {
                return Looked::Skipped { reason: shown(&error.words()), named: false };
            }
            Err(error) => return Looked::Failed(input_error(&seen.shown, &error.words())),
        };
        match caught(|| self.linter.scan(&seen.shown, &bytes, seen.named)) {
            Some(Scan::Take(candidate)) => {
                if seen.fate == Fate::Stdin {
                    cache.pin(&seen.path, &bytes)
                } else {
                    cache.put(&seen.path, &bytes)
                }
                Looked::Taken(candidate)
            }
            Some(Scan::Skip { reason }) => Looked::Skipped { reason, named: seen.named },
            Some(Scan::Error(error)) => Looked::Failed(error),
            None => Looked::Failed(input_error(&seen.shown, FAULT)),
        }
    }

    /// Judges the groups; `each` gets the reports in order.
    fn judge(
        &self,
        groups: &[Group],
        known: &Known<'_>,
        progress: &mut Progress,
        mut each: impl FnMut(GroupReport) + Send,
    ) {
        let jobs = self.jobs.clamp(1, groups.len().max(1));
        let told = AtomicUsize::new(0);
        let how_far = || format!("judged {} of {}", told.load(Ordering::Relaxed), groups.len());
        let mut tell = |report: GroupReport, progress: &mut Progress| {
            progress.tell(how_far);
            told.fetch_add(1, Ordering::Relaxed);
            progress.make_way();
            each(report);
        };
        if jobs == 1 {
            // Nobody to share with: one thread, for its large stack, that judges and tells.
            let mut alone = || groups.iter().for_each(|group| tell(self.judge_one(group, known), progress));
            let started = std::thread::scope(|scope| spawn(scope, &mut alone));
            if !started {
                alone();
            }
            return;
        }
        // Few hand-overs where there is much to do, an even share where there is little.
        let share = (groups.len() / (jobs * WAITING)).clamp(1, WAITING);
        let line = Line::default();
        let next = AtomicUsize::new(0);
        let work = || loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(some) = groups.chunks(share).nth(turn) else { break };
            line.wait_for_room(turn, jobs * 2);
            line.put(turn, some.iter().map(|group| self.judge_one(group, known)).collect::<Vec<_>>());
        };
        std::thread::scope(|scope| {
            if (0..jobs).filter(|_| spawn(scope, work)).count() == 0 {
                // No thread is to be had: one group after the other, on this one.
                groups.iter().for_each(|group| tell(self.judge_one(group, known), progress));
                return;
            }
            for turn in 0..groups.len().div_ceil(share) {
                line.take(turn, || progress.tell(how_far)).into_iter().for_each(|report| tell(report, progress));
            }
        });
    }

    fn judge_one(&self, group: &Group, known: &Known<'_>) -> GroupReport {
        let judge = || {
            let contents = group.paths().iter().map(|path| known.content(path)).collect();
            self.linter.judge(group, contents, known.ask)
        };
        caught(judge).unwrap_or_else(|| {
            let errors = group.paths().iter().take(1).map(|path| input_error(path, FAULT)).collect();
            GroupReport { errors, ..GroupReport::default() }
        })
    }
}

/// Starts a thread with room for deep input; false if the system gives none.
fn spawn<'scope>(scope: &'scope std::thread::Scope<'scope, '_>, work: impl FnOnce() + Send + 'scope) -> bool {
    std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_ok()
}

impl Known<'_> {
    fn content(&self, path: &str) -> Result<Arc<[u8]>, String> {
        let Some(file) = self.files.get(path) else { return Err("was not given".to_owned()) };
        if let Some(bytes) = self.cache.take(file) {
            return Ok(bytes);
        }
        self.place.read(file, false).map(Arc::from).map_err(|error| match error {
            ReadError::TooLarge(_) => format!("has grown beyond {} MiB since it was looked at", LIMIT >> 20),
            error => error.words(),
        })
    }
}

/// A link to a file that was taken as well says nothing new.
fn drop_links(taken: &mut Vec<Look>, tally: &mut Tally) {
    if taken.iter().all(|look| look.seen.real.is_none()) {
        return;
    }
    let canonical = |path: &Path| std::fs::canonicalize(path).ok();
    let mut known: HashSet<PathBuf> =
        taken.iter().filter(|l| l.seen.real.is_none()).filter_map(|l| canonical(&l.seen.path)).collect();
    taken.retain(|look| {
        let Some(real) = &look.seen.real else { return true };
        let new = known.insert(real.clone());
        if !new {
            let reason = shown("a link to a file that is judged");
            tally.not_taken(shown(&look.seen.shown), Looked::Skipped { reason, named: look.seen.named });
        }
        new
    });
}
