//! Finds where text can be cut: before trailing white space, and between characters.

/// Returns `text` without the JSON white space at its end.
pub(super) fn trim_end(text: &[u8]) -> &[u8] {
    let length =
        text.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).map_or(0, |at| at + 1);
    &text[..length]
}

/// Returns the length of `text` without an incomplete character at its end.
///
/// Columns count characters, so text must not be cut within one.
pub(super) fn whole_characters(text: &[u8]) -> usize {
    let tail = &text[text.len().saturating_sub(3)..];
    match tail.iter().rposition(|byte| *byte >= 0xc0) {
        Some(at) if std::str::from_utf8(&tail[at..]).is_err_and(|error| error.error_len().is_none()) => {
            text.len() - tail.len() + at
        }
        _ => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{trim_end, whole_characters};

    #[test]
    fn only_json_white_space_is_trimmed() {
        assert_eq!(trim_end(b" a \t\r\n"), b" a");
        assert_eq!(trim_end(b"a\x0c"), b"a\x0c");
        assert_eq!(trim_end(b" \n"), b"");
    }

    #[test]
    fn a_character_is_never_cut() {
        for (text, length) in [
            (&b""[..], 0),
            (b"abc", 3),
            ("aü".as_bytes(), 3),
            (b"a\xc3", 1),
            (b"a\xf0\x9f\x98", 1),
            (b"\xf0\x9f\x98\x80", 4),
            (b"a\xff", 2),
            (b"\xe2a", 2),
            (b"a\x80\x80", 3),
        ] {
            assert_eq!(whole_characters(text), length, "{text:?}");
        }
    }
}
