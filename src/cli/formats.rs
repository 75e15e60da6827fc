//! Formats of what `check` found.

use super::arguments::{REPORT, output};
use crate::lint::Severity;
use crate::report::check::{
    Annotated, Checkstyle, Concise, Csv, Detail, Github, Gitlab, Json, JsonLines, Junit, Markdown, Sarif, Text,
};
use crate::report::{Look, Report};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Where to write what.
#[derive(Args, Debug)]
#[command(next_help_heading = REPORT)]
pub struct FormatArgs {
    /// How to print the report [default: text].
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write a further report to a file; may be repeated. Standard output keeps its own.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::<Format>)]
    pub output: Vec<(Format, PathBuf)>,
}

impl FormatArgs {
    /// The format of standard output.
    pub fn standard(&self) -> Format {
        self.format.unwrap_or(Format::Text)
    }
}

/// Formats of `check`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Excerpts, reasons and help, for people
    Text,
    /// One line a finding
    Concise,
    /// One object, for programs
    Json,
    /// An object a line, as they come
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit's XML: a suite a deployment, a case a finding
    Junit,
    /// Workflow commands of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
    /// Checkstyle's XML
    Checkstyle,
    /// A comment on a pull request
    Markdown,
    /// A row a finding, for a spreadsheet
    Csv,
}

/// What formats have to know before the first group.
#[derive(Copy, Clone, Debug)]
pub struct Manner {
    /// List every outcome.
    pub all_outcomes: bool,
    /// The lowest severity that fails the run.
    pub fail_on: Severity,
    /// How much the text says in the end.
    pub detail: Detail,
}

impl Format {
    /// Is a line of each finding all that it has: no help, no further places, nothing about what was not decided?
    pub fn is_brief(self) -> bool {
        matches!(self, Format::Concise | Format::Checkstyle)
    }

    /// A report in the format.
    pub fn report(self, look: Look, manner: Manner) -> Box<dyn Report> {
        match self {
            Format::Text => Box::new(Text::new(look).with(manner.detail)),
            Format::Concise => Box::new(Concise::new(look)),
            Format::Json => Box::new(Json::new(manner.all_outcomes)),
            Format::Jsonl => Box::new(JsonLines::default()),
            Format::Sarif => Box::new(Sarif::new(manner.all_outcomes)),
            Format::Junit => Box::new(Junit::new(manner.fail_on)),
            Format::Github => Box::new(Github::default()),
            Format::Gitlab => Box::new(Gitlab::default()),
            Format::Checkstyle => Box::new(Checkstyle::default()),
            Format::Markdown => Box::new(Markdown::default()),
            Format::Csv => Box::new(Csv::default()),
        }
    }
}

/// The text, and workflow commands of GitHub after it.
pub fn annotated(look: Look, manner: Manner) -> Box<dyn Report> {
    Box::new(Annotated::new(Text::new(look).with(manner.detail)))
}
