//! Finds where an input can be cut into blocks, so that several threads can split it.

use memchr::memrchr;

use super::separator::BYTE_ORDER_MARK;

/// Returns whether an input that begins with `head` is an array of events, or `None` if `head` has only what can precede one:
/// white space, NUL bytes and byte order marks.
pub fn is_array(head: &[u8]) -> Option<bool> {
    let mut text = head;
    loop {
        text = match text {
            [b' ' | b'\t' | b'\r' | b'\n' | 0, rest @ ..] => rest,
            _ => match text.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => rest,
                None if BYTE_ORDER_MARK.starts_with(text) => return None,
                None => return Some(text.starts_with(b"[")),
            },
        };
    }
}

/// Returns the last index in `text`, other than 0, at which a record starts whatever comes before it.
///
/// Outside an array, that is each `{` in the first column of a line.
///
/// # Examples
///
/// ```
/// use cloudconnexa_reader::records::boundary;
///
/// assert_eq!(boundary(b"{\"eventName\":\"a\"}\n{\"eventName\":\"b\"}\n{\"event"), Some(36));
/// assert_eq!(boundary(b"{\n  \"eventName\":\"a\"\n}\n"), None);
/// ```
pub fn boundary(text: &[u8]) -> Option<usize> {
    let mut end = text.len().saturating_sub(1);
    loop {
        let at = memrchr(b'\n', &text[..end])?;
        if text[at + 1] == b'{' {
            return Some(at + 1);
        }
        end = at;
    }
}
