//! `hushlint diff`.

use super::arguments::{InputArgs, PackArgs, REPORT, output};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Files, Finished, Place, Repository, Revision, Target, Targets, Terminal, is_bare, print, write};
use crate::lint::{RunInfo, Side};
use crate::report::Look;
use crate::report::diff::{About, Told, json, markdown, sarif, text};
use crate::text::Redactor;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `diff`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// OLD and NEW, files or folders; with --git, what of the repository to compare [default: .].
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    paths: Vec<PathBuf>,
    /// Compare revisions: the merge base of BASE and HEAD with HEAD; without `..HEAD`, with the working tree.
    #[arg(long, value_name = "BASE[..HEAD]", help_heading = "Input")]
    git: Option<String>,
    /// Read named files as this platform, without detection; on a walk, look for no other.
    #[arg(long, value_name = "NAME[@VERSION]", help_heading = "Input")]
    platform: Option<String>,
    /// Tell what no file says, such as `licence=enterprise`.
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Input")]
    context: Vec<String>,
    /// The configuration file, for both sides [default: hushlint.toml at the repository's root, as it is now].
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Input")]
    config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, help_heading = "Input")]
    no_config: bool,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Input")]
    jobs: Option<u16>,
    /// Write paths relative to this folder [default: the repository's root, else the working directory].
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    relative_to: Option<PathBuf>,
    /// A walk may find nothing to compare: exit with 0 instead of 4.
    #[arg(long, help_heading = "Input")]
    allow_empty: bool,
    #[command(flatten)]
    packs: PackArgs,
    /// How to print what differs.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = REPORT)]
    format: Format,
    /// Write it to a file too; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::<Format>, help_heading = REPORT)]
    output: Vec<(Format, PathBuf)>,
}

const EXAMPLES: &str = "\
Examples:
  hushlint diff --git origin/main               what the working tree changes
  hushlint diff --git origin/main..HEAD chat/   what was committed, in one folder
  hushlint diff --git v1.2 --format markdown
  hushlint diff old/homeserver.yaml new/homeserver.yaml --exit-zero";

/// Formats of `diff`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// A line a fact, for people
    Text,
    /// One object, for programs
    Json,
    /// A comment on a pull request
    Markdown,
    /// SARIF 2.1.0: all findings, each with its `baselineState`
    Sarif,
}

/// One side, before it is looked at.
struct Half {
    /// What it is, for people.
    name: String,
    /// Its commit, if it is a revision.
    commit: Option<String>,
    place: Place,
    list: Vec<Target>,
    /// What `exclude` is relative to.
    exclude_root: PathBuf,
    /// What all keys begin with.
    prefix: String,
}

impl Diff {
    /// Compares.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let newer = match (&self.git, self.paths.as_slice()) {
            (Some(_), paths) => paths.to_vec(),
            (None, [_, new]) => vec![new.clone()],
            (None, _) => {
                let words =
                    "diff compares two paths, `hushlint diff OLD NEW`, or revisions, `hushlint diff --git BASE`";
                return Err(Stop::Usage(words.to_owned()));
            }
        };
        let wanted = Wanted { all_outcomes: true, facts: true, compare: true, ..Wanted::default() };
        let session = Session::prepare(&self.input(newer), Some(&self.packs), wanted)?;
        let [old, new] = match &self.git {
            Some(range) => self.revisions(&session, range).map_err(Stop::Usage)?,
            None => self.folders(&session)?,
        };
        let (old_side, old, old_end) = look(&session, old);
        let (new_side, new, new_end) = look(&session, new);
        let diff = session.linter().diff(old_side, new_side);
        let found = old_end.deployments + new_end.deployments;
        // What does not parse at the base may be what the change mends; what could not be read at all is no comparison.
        let unread = || old.errors.iter().filter(|error| error.span.is_none()).count();
        let errors = new_end.input_errors + if self.git.is_some() { unread() } else { old_end.input_errors };
        let fails = !self.packs.exit_zero && diff.worst().is_some_and(|worst| worst >= session.fail_on());
        let mut exit = match () {
            () if errors > 0 => Exit::Input,
            () if (old_end.walked || new_end.walked) && found == 0 && !self.allow_empty => Exit::Nothing,
            () if fails => Exit::Findings,
            () => Exit::Clean,
        };
        let run = RunInfo { fail_on: session.fail_on(), ..session.linter().run_info(exit as u8) };
        let told = Told { diff: &diff, old, new, run };
        for (format, path) in &self.output {
            if let Err(error) = write(path, &format.of(&told, Look::PLAIN)) {
                terminal.complain(&error);
                exit = Exit::Usage;
            }
        }
        print(&self.format.of(&told, terminal.look));
        if exit == Exit::Nothing {
            terminal.complain(
                "nothing to compare: no configuration of a chat platform was found on either side \
                 (`hushlint files` tells what was looked at, `--allow-empty` accepts it)",
            );
        }
        Ok(exit)
    }

    fn input(&self, paths: Vec<PathBuf>) -> InputArgs {
        InputArgs {
            paths,
            platform: self.platform.clone(),
            context: self.context.clone(),
            config: self.config.clone(),
            no_config: self.no_config,
            jobs: self.jobs,
            relative_to: self.relative_to.clone(),
            allow_empty: self.allow_empty,
            ..InputArgs::default()
        }
    }

    /// OLD and NEW.
    fn folders(&self, session: &Session) -> Result<[Half; 2], Stop> {
        let mut halves = Vec::new();
        for (n, path) in self.paths.iter().enumerate() {
            let place = match n {
                0 => Place::find(std::slice::from_ref(path), self.relative_to.as_deref())
                    .map_err(|error| Stop::Usage(format!("{}: {error}", path.display())))?,
                _ => session.place().clone(),
            };
            let (whole, shown) = place.locate(path);
            let own = if whole.is_dir() { shown.as_str() } else { shown.rsplit_once('/').map_or(".", |(f, _)| f) };
            let prefix = if own == "." { String::new() } else { format!("{}/", own.trim_end_matches('/')) };
            // What the configuration excludes, it excludes in another copy of its folder too.
            let exclude_root = match session.targets().exclude_root.as_path() {
                root if whole.starts_with(root) => root.to_owned(),
                _ if place.is_repository => place.root.clone(),
                _ => whole,
            };
            let list = vec![Target::Path(path.clone())];
            halves.push(Half { name: path.display().to_string(), commit: None, place, list, exclude_root, prefix });
        }
        let halves: Result<[Half; 2], _> = halves.try_into();
        halves.map_err(|_| Stop::Usage("diff compares two paths".to_owned()))
    }

    /// The merge base, and a revision or the working tree.
    fn revisions(&self, session: &Session, range: &str) -> Result<[Half; 2], String> {
        let place = session.place();
        if !place.is_repository {
            let first = self.paths.first().map_or_else(|| place.root.clone(), |path| place.locate(path).0);
            let (what, help) = match is_bare(&first) {
                true => ("is a bare repository", "`hushlint diff --git` needs a working tree"),
                false => ("lies in no git repository", "name a path inside of one"),
            };
            return Err(format!("--git: {} {what}: {help}", first.display()));
        }
        let repository = Repository::open(&place.root)?;
        let (base, head) = parts(range);
        if base.is_empty() {
            return Err(format!("--git {range}: the revision to compare with is missing: write BASE or BASE..HEAD"));
        }
        let base = repository.revision(base)?;
        let head_of = repository.revision(head.unwrap_or("HEAD"))?;
        let common = repository.merge_base(&base, &head_of)?;
        let name = if common.commit == base.commit { base.name.clone() } else { common.name.clone() };
        let old = repository.tree(&common)?;
        let now = repository.tree(&head_of)?;
        let (mut old_list, mut new_list) = (Vec::new(), Vec::new());
        let here = [PathBuf::from(".")];
        for path in if self.paths.is_empty() { &here[..] } else { &self.paths[..] } {
            let (whole, _) = place.locate(path);
            if !whole.starts_with(&place.root) {
                return Err(format!("{} lies outside of the repository {}", path.display(), place.root.display()));
            }
            let was = old.has(&whole);
            let is = if head.is_some() { now.has(&whole) } else { whole.symlink_metadata().is_ok() };
            if was {
                old_list.push(Target::Path(path.clone()));
            }
            // What is on neither side is told as missing.
            if is || !was {
                new_list.push(Target::Path(path.clone()));
            }
        }
        // What a submodule holds is in no tree of this repository.
        let mut without = old.submodules();
        without.extend(now.submodules());
        let half = |name: String, revision: Option<&Revision>, files: Files, list: Vec<Target>| Half {
            name: revision.map_or(name.clone(), |revision| format!("{name} ({})", revision.short())),
            commit: revision.map(|revision| revision.commit.to_string()),
            place: place.clone().with(files),
            list,
            exclude_root: session.targets().exclude_root.clone(),
            prefix: String::new(),
        };
        let old = half(name, Some(&common), Files::Tree(Arc::new(old)), old_list);
        let new = match head {
            Some(_) => half(head_of.name.clone(), Some(&head_of), Files::Tree(Arc::new(now)), new_list),
            None => half("the working tree".to_owned(), None, Files::Disk(without), new_list),
        };
        Ok([old, new])
    }
}

impl Format {
    fn of(self, told: &Told<'_>, look: Look) -> String {
        match self {
            Format::Text => text(told, look),
            Format::Json => json(told),
            Format::Markdown => markdown(told),
            Format::Sarif => sarif(told),
        }
    }
}

/// `BASE`, `BASE..HEAD`, `BASE...HEAD`; after the dots nothing means `HEAD`.
fn parts(range: &str) -> (&str, Option<&str>) {
    let Some((base, head)) = range.split_once("..") else { return (range, None) };
    let head = head.strip_prefix('.').unwrap_or(head);
    (base, Some(if head.is_empty() { "HEAD" } else { head }))
}

/// Runs over one side.
fn look(session: &Session, half: Half) -> (Side, About, Finished) {
    let targets = Targets {
        list: half.list,
        exclude: session.targets().exclude.clone(),
        exclude_root: half.exclude_root,
        excluded_by: session.targets().excluded_by.clone(),
    };
    let mut side = Side::new(half.prefix);
    let mut finished = session.over(&half.place, &targets, |report| side.take(report));
    let mut errors = std::mem::take(&mut side.errors);
    errors.append(&mut finished.errors);
    let about = About {
        name: Redactor::new().show(&half.name),
        commit: half.commit,
        errors,
        skipped: std::mem::take(&mut finished.skipped),
        named: std::mem::take(&mut finished.named),
    };
    (side, about, finished)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn ranges_have_one_or_two_ends() {
        assert_eq!(parts("main"), ("main", None));
        assert_eq!(parts("main.."), ("main", Some("HEAD")));
        assert_eq!(parts("main..topic"), ("main", Some("topic")));
        assert_eq!(parts("v1.2...topic~2"), ("v1.2", Some("topic~2")));
        assert_eq!(parts("..topic"), ("", Some("topic")));
    }
}
