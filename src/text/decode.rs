//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16 by its byte order mark.

use std::fmt;

/// How a file's bytes spell its text.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8Bom,
    /// UTF-16, least byte first, after a byte order mark.
    Utf16Le,
    /// UTF-16, most significant byte first, after a byte order mark.
    Utf16Be,
}

impl Encoding {
    /// Bytes of the byte order mark, which is no part of the decoded text.
    pub(super) fn mark_len(self) -> usize {
        match self {
            Encoding::Utf8 => 0,
            Encoding::Utf8Bom => 3,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
        }
    }

    /// Is a character two or four bytes on disk, whatever its UTF-8 length?
    pub(super) fn is_utf16(self) -> bool {
        matches!(self, Encoding::Utf16Le | Encoding::Utf16Be)
    }
}

/// Why bytes are no text. The message quotes nothing of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodeError {
    /// The first bad byte of the file.
    pub offset: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.message, self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// The text that `bytes` spell. UTF-8 without a mark is taken over without a copy.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), DecodeError> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok((utf8(rest.to_vec(), 3)?, Encoding::Utf8Bom)),
        [0xFF, 0xFE, rest @ ..] => Ok((utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le)),
        [0xFE, 0xFF, rest @ ..] => Ok((utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be)),
        _ => Ok((utf8(bytes, 0)?, Encoding::Utf8)),
    }
}

fn utf8(bytes: Vec<u8>, before: usize) -> Result<String, DecodeError> {
    if bytes.contains(&0) {
        let at = bytes.iter().position(|&b| b == 0).unwrap_or_default();
        return Err(DecodeError { offset: before + at, message: no_text(&bytes, at).to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| DecodeError {
        offset: before + error.utf8_error().valid_up_to(),
        message: "no text: a byte that is not UTF-8".to_owned(),
    })
}

/// What a NUL byte tells about a file.
fn no_text(bytes: &[u8], nul: usize) -> &'static str {
    if bytes.starts_with(b"\0GITCRYPT") {
        return "no text: encrypted with git-crypt";
    }
    // UTF-16 of mostly ASCII has a NUL in every other byte.
    let window = bytes.get(nul & !1..).unwrap_or_default();
    let window = window.get(..window.len().min(16)).unwrap_or_default();
    let nuls = |odd: usize| window.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let half = window.len() / 2;
    if half >= 4 && (nuls(0) == half && nuls(1) == 0 || nuls(1) == half && nuls(0) == 0) {
        return "no text: NUL bytes (UTF-16 is read only with a byte order mark)";
    }
    "no text: NUL bytes"
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    const MARK: usize = 2;
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2 + 16);
    let mut at = 0;
    for result in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match result {
            Ok('\0') => {
                return Err(DecodeError { offset: MARK + at, message: "no text: NUL bytes".to_owned() });
            }
            Ok(c) => {
                text.push(c);
                at += c.len_utf16() * 2;
            }
            Err(_) => {
                return Err(DecodeError {
                    offset: MARK + at,
                    message: "no text: half a character of UTF-16".to_owned(),
                });
            }
        }
    }
    if odd.is_empty() {
        Ok(text)
    } else {
        Err(DecodeError { offset: MARK + at, message: "no text: UTF-16 with an odd number of bytes".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn error(bytes: &[u8]) -> (usize, String) {
        let error = decode(bytes.to_vec()).unwrap_err();
        (error.offset, error.message)
    }

    #[test]
    fn every_encoding_reads() {
        assert_eq!(decode(b"a: \xC3\xA9\n".to_vec()).unwrap(), ("a: é\n".to_owned(), Encoding::Utf8));
        assert_eq!(decode(b"\xEF\xBB\xBFa".to_vec()).unwrap(), ("a".to_owned(), Encoding::Utf8Bom));
        assert_eq!(decode(b"\xFF\xFEa\0\x3D\xD8\0\xDE".to_vec()).unwrap(), ("a😀".to_owned(), Encoding::Utf16Le));
        assert_eq!(decode(b"\xFE\xFF\0a\xD8\x3D\xDE\0".to_vec()).unwrap(), ("a😀".to_owned(), Encoding::Utf16Be));
        assert_eq!(decode(Vec::new()).unwrap(), (String::new(), Encoding::Utf8));
    }

    #[test]
    fn the_first_bad_byte_is_told() {
        assert_eq!(error(b"ab\xFFcd").0, 2);
        assert_eq!(error(b"\xEF\xBB\xBFab\xFF").0, 5);
        assert_eq!(error(b"\xFF\xFEa\0\x3D\xD8").0, 4);
        assert_eq!(error(b"\xFF\xFEa\0b").0, 4);
    }

    #[test]
    fn binary_data_is_no_text() {
        assert_eq!(error(b"\0GITCRYPT\0\x12\x34"), (0, "no text: encrypted with git-crypt".to_owned()));
        assert_eq!(error(b"ab\0cd"), (2, "no text: NUL bytes".to_owned()));
        assert!(error(b"a\0b\0c\0d\0e\0f\0").1.contains("UTF-16"));
        assert!(error(b"\0a\0b\0c\0d\0e\0f").1.contains("UTF-16"));
        assert_eq!(error(b"\xFF\xFE\0\0a\0\0\0").0, 2, "UTF-32 is no text");
    }
}
