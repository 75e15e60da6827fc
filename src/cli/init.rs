//! `hushlint init`.

use super::arguments::{InputArgs, PackArgs};
use super::exit::{Exit, Stop};
use super::session::{Session, Wanted};
use crate::host::{Outputs, Terminal, io_words, print, today};
use crate::lint::{LintOptions, Linter, PackArg};
use crate::report::listing::{Answers, ToFill, check_words, draft, meaning};
use crate::text::Redactor;
use clap::Args;
use std::fs::OpenOptions;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The review that the file is filled in for.
const PACK: &str = "prelaunch";

/// Options of `init`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// The file to write; `-` prints it.
    #[arg(value_name = "FILE", default_value = "privacy.toml")]
    file: PathBuf,
    /// The product's name [default: that of the folder].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What it is used for: consumer, community, workplace, health, education, government.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',')]
    setting: Vec<String>,
    /// Which kinds of conversation it has: direct, group, channel, call, file.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',')]
    scopes: Vec<String>,
    /// Whether people under 18 use it: excluded-verified, excluded-by-terms, possible, directed.
    #[arg(long, value_name = "WORD")]
    minors: Option<String>,
    /// Where it is offered: codes of countries, and `eu`.
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    jurisdictions: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  hushlint init
  hushlint init pigeon.toml --setting consumer --scopes direct,group,file --minors possible
  hushlint init - | less

Nothing is asked where no terminal is, and no file is written over.";

/// The questions, each with the fact that it answers.
const QUESTIONS: [(&str, &str); 4] = [
    ("product.setting", "What is it used for?"),
    ("product.scopes", "Which kinds of conversation does it have?"),
    ("product.minors", "Can people under 18 use it?"),
    ("product.jurisdictions", "Where is it offered? (codes of countries, and `eu`)"),
];

impl Init {
    /// Asks, writes, and tells how much is left.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit, Stop> {
        let printed = self.file == Path::new("-");
        if !printed && std::fs::symlink_metadata(&self.file).is_ok() {
            return Err(Stop::Usage(format!(
                "{} is there already, and is not written over: name another file, or `-` to print",
                self.file.display()
            )));
        }
        let packs = vec![PackArg::Name(PACK.to_owned())];
        let linter =
            Linter::new(LintOptions { packs, today: today(), ..LintOptions::default() }).map_err(Stop::Data)?;
        let mut answers = self.answers(&linter)?;
        if !printed && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
            ask(&linter, &mut answers);
        }
        let text = draft(&linter, &answers);
        if printed {
            print(&text);
            return Ok(Exit::Clean);
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&self.file);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| Stop::Usage(format!("{}: {}", self.file.display(), io_words(&error))))?;
        print(&format!("{} is written. ", self.shown()));
        self.check(&linter, terminal)
    }

    /// What the flags say.
    fn answers(&self, linter: &Linter) -> Result<Answers, Stop> {
        let folder = || {
            let here = std::env::current_dir().ok()?;
            let folder = self.file.parent().map_or_else(|| here.clone(), |parent| here.join(parent));
            folder.file_name().map(|name| name.to_string_lossy().into_owned())
        };
        let minors: Vec<String> = self.minors.iter().cloned().collect();
        let flags = [&self.setting, &self.scopes, &minors, &self.jurisdictions];
        let mut answers = Answers {
            name: self.name.clone().or_else(folder).unwrap_or_default(),
            as_of: today(),
            ..Answers::default()
        };
        for ((fact, _), words) in QUESTIONS.into_iter().zip(flags) {
            check_words(&linter.knowledge().facts.vocabulary, fact, words).map_err(|words| {
                let flag = fact.rsplit('.').next().unwrap_or(fact);
                Stop::Usage(format!("--{flag}: {words}"))
            })?;
            answers.product.insert(fact, words.clone());
        }
        Ok(answers)
    }

    /// The file's name, safe to print.
    fn shown(&self) -> String {
        Redactor::new().show(&self.file.display().to_string()).to_string()
    }

    /// Lints the file by the review's pack.
    fn check(&self, linter: &Linter, terminal: &Terminal) -> Result<Exit, Stop> {
        let input = InputArgs { paths: vec![self.file.clone()], no_config: true, ..InputArgs::default() };
        let packs = PackArgs { pack: vec![PACK.to_owned()], ..PackArgs::default() };
        let session = Session::prepare(&input, Some(&packs), Wanted::default())?;
        let mut outputs = Outputs::default();
        outputs.standard(Box::new(ToFill::new(self.shown(), linter)));
        Ok(session.finish(outputs, terminal, false).exit)
    }
}

/// Asks on the terminal for what no flag has said; an empty line leaves it open.
fn ask(linter: &Linter, answers: &mut Answers) {
    let vocabulary = &linter.knowledge().facts.vocabulary;
    let (mut input, mut error) = (std::io::stdin().lock(), std::io::stderr());
    for (fact, question) in QUESTIONS {
        if answers.product.get(fact).is_some_and(|words| !words.is_empty()) {
            continue;
        }
        let _ = write!(error, "\n{question}\n{}> ", meaning(vocabulary, fact));
        loop {
            let _ = error.flush();
            let mut line = String::new();
            if input.read_line(&mut line).unwrap_or(0) == 0 {
                let _ = writeln!(error);
                return;
            }
            let split = |c: char| c == ',' || c.is_whitespace();
            let words: Vec<String> = line.split(split).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
            match check_words(vocabulary, fact, &words) {
                Ok(()) => {
                    answers.product.insert(fact, words);
                    break;
                }
                Err(why) => {
                    let _ = write!(error, "  {why}\n> ");
                }
            }
        }
    }
}
