//! Reading files that somebody else wrote: regular files only, never more than the limit.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// A file may be so large.
pub const LIMIT: u64 = 10 << 20;

/// So much is looked at before the rest of a file is read.
pub(super) const PEEK: usize = 8 << 10;

/// Why a file was not read.
#[derive(Debug)]
pub enum ReadError {
    /// The system said no.
    Io(io::Error),
    /// A folder, a pipe, a device, a socket.
    NotRegular,
    /// More bytes than this.
    TooLarge(u64),
    /// Holds a zero byte near its beginning.
    Binary,
    /// Its content is not at its place: a link or a pointer in a revision; what it is.
    Elsewhere(&'static str),
}

impl ReadError {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            ReadError::Io(error) => io_words(error),
            ReadError::NotRegular => "no regular file: a folder, pipe, device or socket".to_owned(),
            ReadError::TooLarge(limit) => format!("larger than {} MiB", limit >> 20),
            ReadError::Binary => "no text".to_owned(),
            ReadError::Elsewhere(what) => (*what).to_owned(),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        ReadError::Io(error)
    }
}

/// What the system said, in words that do not depend on the system.
pub fn io_words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "may not be read: permission denied".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            let plain = text.split(" (os error").next().unwrap_or(&text);
            if plain.contains("symbolic links") { "a link that leads to itself".to_owned() } else { plain.to_owned() }
        }
    }
}

/// Opens a file without waiting: a pipe that took the file's place since it was looked at must not hang the run.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        const O_NONBLOCK: i32 = 0o4000;
        options.custom_flags(O_NONBLOCK);
    }
    options.open(path)
}

/// Reads a regular file of at most [`LIMIT`] bytes.
pub fn read_limited(path: &Path) -> Result<Vec<u8>, ReadError> {
    read_up_to(path, LIMIT)
}

/// Reads a regular file of at most so many bytes.
pub fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    // Opening a device or a pipe may already do something, so it is looked at first.
    if !std::fs::metadata(path)?.is_file() {
        return Err(ReadError::NotRegular);
    }
    read(path, false, limit)
}

/// The same for a file that its folder calls a regular one. Stops early at what is no text; UTF-16 says so itself
/// by its first bytes.
pub fn read_text(path: &Path) -> Result<Vec<u8>, ReadError> {
    read(path, true, LIMIT)
}

/// Opens, looks, reads, closes: no more questions to the system than that, for they are what a walk costs.
fn read(path: &Path, text: bool, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut file = open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(ReadError::NotRegular);
    }
    if about.len() > limit {
        return Err(ReadError::TooLarge(limit));
    }
    let size = usize::try_from(about.len()).unwrap_or(0);
    let mut bytes = vec![0; size + 1];
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        // The beginning alone first, if there is more: a picture of 9 MiB is known by its first bytes.
        let most = if text && filled == 0 && size > PEEK { PEEK } else { room.len() };
        let got = match file.read(room.get_mut(..most).unwrap_or_default()) {
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if text && filled == 0 && is_binary(bytes.get(..PEEK.min(got)).unwrap_or_default()) {
            return Err(ReadError::Binary);
        }
        filled += got;
        if got == 0 || (filled == size && got < most) {
            break;
        }
    }
    // Still growing: what has been added since is read too, up to the limit.
    if filled == bytes.len() {
        file.take((limit + 1).saturating_sub(filled as u64)).read_to_end(&mut bytes)?;
        filled = bytes.len();
    }
    bytes.truncate(filled);
    if filled as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

/// Reads standard input, or any other stream.
pub fn read_stream(stream: impl Read) -> Result<Vec<u8>, ReadError> {
    read_stream_up_to(stream, LIMIT)
}

/// The same with another limit.
pub fn read_stream_up_to(stream: impl Read, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    stream.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

pub(super) fn is_binary(start: &[u8]) -> bool {
    let utf16 = start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]);
    !utf16 && start.contains(&0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn what_is_no_text_is_told_early() {
        let folder = std::env::temp_dir().join(format!("hushlint-read-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        assert!(matches!(read_text(&file("a", b"x\0y")), Err(ReadError::Binary)));
        assert!(read_limited(&file("a", b"x\0y")).is_ok());
        assert!(read_text(&file("b", b"\xFF\xFEx\0")).is_ok());
        assert!(read_text(&file("c", b"")).unwrap().is_empty());
        let long = [b'x'; 3 * PEEK];
        assert_eq!(read_text(&file("e", &long)).unwrap(), long);
        assert_eq!(read_limited(&file("e", &long)).unwrap(), long);
        assert!(matches!(read_limited(&folder), Err(ReadError::NotRegular)));
        assert!(matches!(read_limited(&folder.join("none")), Err(ReadError::Io(_))));
        let large = file("d", b"");
        File::options().write(true).open(&large).unwrap().set_len(LIMIT + 1).unwrap();
        assert!(matches!(read_limited(&large), Err(ReadError::TooLarge(LIMIT))));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_stream_is_limited() {
        assert!(matches!(read_stream(io::repeat(b'x')), Err(ReadError::TooLarge(LIMIT))));
        assert_eq!(read_stream(&b"abc"[..]).unwrap(), b"abc");
    }
}
