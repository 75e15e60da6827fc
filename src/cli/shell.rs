//! `hushlint completions`, `hushlint man`: made from the command line's own definition.

use super::Arguments;
use super::exit::{Exit, Stop};
use crate::host::print;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;

/// Options of `completions`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  hushlint completions bash > ~/.local/share/bash-completion/completions/hushlint
  hushlint completions fish > ~/.config/fish/completions/hushlint.fish")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Prints them.
    pub fn run(&self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "hushlint", &mut script);
        print(&String::from_utf8_lossy(&script));
        Exit::Clean
    }
}

/// Options of `man`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  hushlint man | man -l -
  hushlint man ~/.local/share/man/man1")]
pub struct Man {
    /// Write a page for each command into this folder [default: print the main page].
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Man {
    /// Prints or writes them.
    pub fn run(&self) -> Result<Exit, Stop> {
        let command = Arguments::command();
        let Some(folder) = &self.folder else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page).map_err(|error| Stop::Usage(error.to_string()))?;
            print(&String::from_utf8_lossy(&page));
            return Ok(Exit::Clean);
        };
        let told = |error: std::io::Error| Stop::Usage(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)).map_err(told)?;
        Ok(Exit::Clean)
    }
}
