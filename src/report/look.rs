//! How a report looks: drawn or plain, coloured or not, how wide.

/// What stands around an excerpt.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Drawing {
    /// Frames of Unicode lines: a terminal that knows UTF-8.
    Unicode,
    /// Frames of ASCII characters: any other terminal.
    Ascii,
    /// The same words without frames: a pipe, a file, a screen reader.
    None,
}

/// Decided once by the host from the terminal, the environment and `--color`.
#[derive(Copy, Clone, Debug)]
pub struct Look {
    /// Frames.
    pub drawing: Drawing,
    /// ANSI colours.
    pub colour: bool,
    /// Rule names as links (OSC 8).
    pub links: bool,
    /// Columns; `None` where nothing needs to be wrapped (a pipe).
    pub width: Option<usize>,
}

impl Look {
    /// What a pipe or a file gets.
    pub const PLAIN: Look = Look { drawing: Drawing::None, colour: false, links: false, width: None };

    /// The width to wrap to.
    pub fn columns(&self) -> usize {
        self.width.unwrap_or(usize::MAX / 2)
    }
}

/// The few colours that are used: those of the terminal's own palette, so that they can be read on any ground.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Ink {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A note.
    Note,
    /// A heading.
    Bold,
    /// What matters less.
    Dim,
    /// All is well.
    Good,
}

impl Look {
    /// Writes `text` in a colour, if colours are wanted.
    pub fn paint(&self, out: &mut String, ink: Ink, text: &str) {
        if !self.colour {
            out.push_str(text);
            return;
        }
        out.push_str(match ink {
            Ink::Error => "\x1b[1;31m",
            Ink::Warning => "\x1b[1;33m",
            Ink::Note => "\x1b[1;36m",
            Ink::Bold => "\x1b[1m",
            Ink::Dim => "\x1b[2m",
            Ink::Good => "\x1b[1;32m",
        });
        out.push_str(text);
        out.push_str("\x1b[0m");
    }

    /// Writes `text` as a link, if the terminal takes links and the address is one of the web.
    pub fn link(&self, out: &mut String, url: &str, text: &str) {
        let linked = self.links && url.starts_with("https://") && !url.chars().any(char::is_control);
        if linked {
            out.push_str("\x1b]8;;");
            out.push_str(url);
            out.push_str("\x1b\\");
        }
        out.push_str(text);
        if linked {
            out.push_str("\x1b]8;;\x1b\\");
        }
    }
}
