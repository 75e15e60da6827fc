//! What stands at the other end of standard output, and what it wants.

use crate::fact::DataError;
use crate::report::{Drawing, Look, data_errors, disarm};
use crate::text::Redactor;
use std::io::{IsTerminal, Write};

/// `--color`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum ColourChoice {
    /// If a terminal wants it.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Standard output as it was found.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Somebody looks on.
    pub is_terminal: bool,
    /// Standard output is a file on a disk.
    is_file: bool,
    /// A workflow of GitHub Actions runs this.
    in_workflow: bool,
    /// How reports look here.
    pub look: Look,
    /// How errors look on standard error.
    errors: Look,
}

impl Terminal {
    /// Looks at standard output and the environment.
    pub fn find(choice: ColourChoice) -> Self {
        let env = |name: &str| std::env::var(name).ok();
        let is_terminal = std::io::stdout().is_terminal();
        Self {
            is_terminal,
            is_file: is_file(),
            in_workflow: env("GITHUB_ACTIONS").as_deref() == Some("true"),
            look: look(choice, is_terminal, width(), &env),
            errors: look(choice, std::io::stderr().is_terminal(), width(), &env),
        }
    }

    /// Is it a log of GitHub Actions that reads standard output? There it is a pipe, as it is for any other program;
    /// only a file is surely not read.
    pub fn is_read_by_github(&self) -> bool {
        self.in_workflow && !self.is_file
    }

    /// Errors in data files of the user, on standard error.
    pub fn complain_of(&self, errors: &[DataError]) {
        let mut text = String::new();
        data_errors(&mut text, errors, self.errors);
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// A message about the run itself, on standard error.
    pub fn complain(&self, words: &str) {
        let mut text = format!("hushlint: {}\n", Redactor::new().show(words));
        disarm(&mut text, 0);
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

/// Leads standard output into a file?
fn is_file() -> bool {
    #[cfg(unix)]
    let copy = std::os::fd::AsFd::as_fd(&std::io::stdout()).try_clone_to_owned();
    #[cfg(windows)]
    let copy = std::os::windows::io::AsHandle::as_handle(&std::io::stdout()).try_clone_to_owned();
    copy.is_ok_and(|copy| std::fs::File::from(copy).metadata().is_ok_and(|about| about.is_file()))
}

fn width() -> Option<usize> {
    let asked = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    asked.or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
}

/// `NO_COLOR` (no-color.org), `CLICOLOR`, `CLICOLOR_FORCE` (bixense.com/clicolors), `TERM=dumb`, `NO_GRAPHICS`
/// (miette's: for screen readers), `FORCE_HYPERLINK`.
fn look(choice: ColourChoice, is_terminal: bool, width: Option<usize>, env: &dyn Fn(&str) -> Option<String>) -> Look {
    let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, wanted: &str| env(name).as_deref() == Some(wanted);
    let dumb = is("TERM", "dumb");
    let forced = set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0");
    let colour = match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto if set("NO_COLOR") => false,
        ColourChoice::Auto => forced || (is_terminal && !dumb && !is("CLICOLOR", "0")),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(env).find(|value| !value.is_empty());
    let utf8 = locale.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    });
    // Who forces colours into a pipe shows the result on a screen (a CI log), and wants the frames as well.
    let drawn = (is_terminal && !dumb) || (colour && (forced || choice == ColourChoice::Always));
    let drawing = match (drawn && !set("NO_GRAPHICS"), utf8 || cfg!(windows)) {
        (false, _) => Drawing::None,
        (true, true) => Drawing::Unicode,
        (true, false) => Drawing::Ascii,
    };
    let links = match env("FORCE_HYPERLINK").as_deref() {
        Some("0" | "") => false,
        Some(_) => colour,
        None => is_terminal && colour && !dumb && !is("TERM", "linux"),
    };
    let width = if is_terminal || drawing != Drawing::None { Some(width.unwrap_or(80).clamp(40, 120)) } else { None };
    Look { drawing, colour, links, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(choice: ColourChoice, is_terminal: bool, vars: &[(&str, &str)]) -> Look {
        let env = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        look(choice, is_terminal, Some(100), &env)
    }

    #[test]
    fn a_terminal_gets_frames_and_colours() {
        let look = with(ColourChoice::Auto, true, &[("LANG", "de_DE.UTF-8")]);
        assert_eq!((look.drawing, look.colour, look.links, look.width), (Drawing::Unicode, true, true, Some(100)));
        let look = with(ColourChoice::Auto, true, &[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]);
        assert_eq!(look.drawing, Drawing::Ascii);
        assert_eq!(with(ColourChoice::Auto, true, &[("TERM", "dumb")]).drawing, Drawing::None);
        assert_eq!(with(ColourChoice::Auto, true, &[("NO_GRAPHICS", "1")]).drawing, Drawing::None);
    }

    #[test]
    fn a_pipe_gets_words() {
        let look = with(ColourChoice::Auto, false, &[("LANG", "C.UTF-8"), ("FORCE_HYPERLINK", "1")]);
        assert_eq!((look.drawing, look.colour, look.links, look.width), (Drawing::None, false, false, None));
    }

    #[test]
    fn colours_are_wanted_or_not() {
        assert!(!with(ColourChoice::Auto, true, &[("NO_COLOR", "1")]).colour);
        assert!(with(ColourChoice::Auto, true, &[("NO_COLOR", "")]).colour);
        assert!(!with(ColourChoice::Auto, true, &[("CLICOLOR", "0")]).colour);
        assert!(with(ColourChoice::Auto, false, &[("CLICOLOR_FORCE", "1")]).colour);
        assert!(with(ColourChoice::Always, false, &[("NO_COLOR", "1")]).colour);
        assert!(!with(ColourChoice::Never, true, &[("CLICOLOR_FORCE", "1")]).colour);
    }
}
