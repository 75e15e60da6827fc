//! Floor 11: the command line; one file a subcommand.

mod arguments;
mod baseline;
mod check;
mod compare;
mod convert;
mod diff;
mod exit;
mod explain;
mod facts;
mod files;
mod formats;
mod init;
mod inputs;
mod lists;
mod schema;
mod session;
mod shell;
mod test;
mod waive;

pub use exit::{Exit, Stop};

use crate::host::{ColourChoice, Terminal};
use clap::{Parser, Subcommand, ValueEnum};

/// Who can read, keep, trace or reach the people on a chat platform: read from its configuration.
///
/// hushlint finds the configuration of chat servers in a folder, works out what holds there, vendor defaults
/// included, and prints what endangers the people who use the server: at the exact place, with the reason and the
/// line that mends it. It runs nothing, sends nothing, and masks every secret.
#[derive(Parser, Debug)]
#[command(name = "hushlint", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Colours: if a terminal wants them, always, or never.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

const EXAMPLES: &str = "\
Examples:
  hushlint check                             everything below this folder
  hushlint check synapse/ --pack ours.toml   one folder, by a pack of your own
  hushlint facts homeserver.yaml             what holds, and where it comes from
  hushlint files                             which files are judged, and as what
  hushlint compare signal whatsapp ours.toml platforms side by side
  hushlint diff --git origin/main            what got better or worse
  hushlint explain ip-kept-too-long          why a rule asks what it asks

Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, a broken configuration, pack, waiver or baseline
  3  an input that could not be read
  4  a walk found nothing to lint";

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Lint files and folders.
    ///
    /// Folders are searched for the configuration of chat servers; no set-up is needed. What a file leaves out is
    /// judged by the vendor's default, and the report says so. What cannot be known from files is called
    /// undecided, never good or bad.
    Check(check::Check),
    /// Show the effective facts, each with value, origin and place.
    ///
    /// A fact is what a setting means for people, in words that are the same for every platform: how messages are
    /// encrypted, how long addresses are kept, who can find whom. This is what the rules judge.
    Facts(facts::Facts),
    /// Show what was taken, as what, why, and what was passed over.
    ///
    /// The first thing to look at when a file is missing from a report, or was taken for something that it is not.
    Files(files::Files),
    /// Put platforms side by side: what holds on each, and which rules fail.
    ///
    /// Each of them is a bundled reference (a dated, sourced declaration of a public platform), a declaration of your
    /// own, or the configuration of a server. Best and worst of each fact are marked; what nobody has confirmed stays
    /// blank.
    Compare(compare::Compare),
    /// Show what got better or worse between two folders or revisions.
    ///
    /// Facts that got worse, better, can no longer be read or can be read now, and the rules that fail or hold with
    /// them, the worst first. Exits with 1 if something got worse that a rule at or above --fail-on reads. Of git, objects
    /// and references are read; nothing is checked out, and no hook, filter or other program is run.
    Diff(diff::Diff),
    /// Explain a rule, a fact or a platform's setting.
    ///
    /// A rule: what it asks, why, on whose authority, and how it is mended on each platform. A fact: what it means,
    /// its values, what it follows from. A setting: its default, what it needs, what follows from it.
    Explain(explain::Explain),
    /// Write a declaration to start from.
    ///
    /// For a messenger of your own: a file in which every fact that matters stands as a commented line, with its values
    /// from worst to best and what each means. On a terminal a few questions come first. To fill the file in is the
    /// review before a launch; `check --pack prelaunch` tells what is still missing.
    Init(init::Init),
    /// List the rules.
    Rules(lists::List),
    /// List the rule packs.
    Packs(lists::Packs),
    /// List the platforms whose configuration is understood.
    Platforms(lists::List),
    /// List the facts that rules judge.
    Vocabulary(lists::List),
    /// Write the findings of today to a baseline, which hides them while they get no worse.
    ///
    /// For a repository with more findings than can be mended this week: from then on only what is new or worse fails
    /// a run. Each entry holds the value that it had. Writing it again adds what is new and keeps the rest.
    Baseline(baseline::BaselineCommand),
    /// Write one waiver to the configuration.
    ///
    /// It goes to the end of hushlint.toml, and what stands there stays as it is. A waiver says why, and best until
    /// when. In a comment of the file itself it is `hushlint: ignore[rule] until=DATE owner=WHO -- the reason`.
    Waive(waive::Waive),
    /// Print a JSON Schema, for editors.
    ///
    /// It is made of what is built in: facts with their values, rules with their parameters.
    Schema(schema::Schema),
    /// Run the cases of rule packs.
    ///
    /// A case states facts, or quotes a configuration, and says what rules and facts must come to. Without a path
    /// the built-in cases are run.
    Test(test::Test),
    /// Write a saved report in another format.
    ///
    /// Reads what `check --format json` wrote and writes it as any other format of `check` has it. A report holds no
    /// line of the files it is about, so the text has places and reasons without excerpts, and without what each
    /// deployment comes to.
    Convert(convert::Convert),
    /// Print completions for a shell.
    Completions(shell::Completions),
    /// Print the manual page, or write all of them into a folder.
    Man(shell::Man),
}

impl Command {
    /// Does it.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        match self {
            Command::Check(command) => command.run(terminal),
            Command::Facts(command) => command.run(terminal),
            Command::Files(command) => command.run(terminal),
            Command::Compare(command) => command.run(terminal),
            Command::Diff(command) => command.run(terminal),
            Command::Explain(command) => command.run(terminal),
            Command::Init(command) => command.run(terminal),
            Command::Rules(list) => list.run(terminal, lists::Kind::Rules),
            Command::Packs(command) => command.run(terminal),
            Command::Platforms(list) => list.run(terminal, lists::Kind::Platforms),
            Command::Vocabulary(list) => list.run(terminal, lists::Kind::Vocabulary),
            Command::Baseline(command) => command.run(terminal),
            Command::Waive(command) => command.run(terminal),
            Command::Schema(command) => command.run(terminal),
            Command::Test(command) => command.run(terminal),
            Command::Convert(command) => command.run(terminal),
            Command::Completions(command) => Ok(command.run()),
            Command::Man(command) => command.run(),
        }
    }
}

/// `--color`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum Colour {
    /// If a terminal wants them.
    Auto,
    /// Into a pipe too.
    Always,
    /// Not at all.
    Never,
}

impl From<Colour> for ColourChoice {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Auto => ColourChoice::Auto,
            Colour::Always => ColourChoice::Always,
            Colour::Never => ColourChoice::Never,
        }
    }
}
