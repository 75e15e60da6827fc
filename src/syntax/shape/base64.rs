//! Base64, as Kubernetes keeps what is secret or no text.

/// The bytes that a text stands for; `None` if it is no Base64. Line breaks and blanks do not count.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0_u32, 0_usize, 0_usize);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(six);
        count += 1;
        if count.is_multiple_of(4) {
            out.extend(bits.to_be_bytes().get(1..).unwrap_or_default());
            bits = 0;
        }
    }
    // What is left over: two digits are a byte, three are two, one is nothing.
    match (count % 4, padding) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_padded_right_is_read() {
        let text = |text| decode(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        for (from, to) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\n  YmFy\n", "foobar"),
            ("aHVudGVyMj8/Pg==", "hunter2??>"),
        ] {
            assert_eq!(text(from).as_deref(), Some(to), "{from}");
        }
        assert_eq!(decode("/+8="), Some(vec![0xFF, 0xEF]));
        for wrong in ["Z", "Zg", "Zg=", "Zg===", "=", "Zg==Zg==", "Zm9v-", "<secret>", "{{ x }}", "Zm9vé"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
