//! Finds where an input can be cut into blocks, so that several threads can split it.

use memchr::memrchr;

/// Returns whether an input that begins with `head` is an array of events, or `None` if `head` is only white space.
pub fn is_array(head: &[u8]) -> Option<bool> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).map(|&byte| byte == b'[')
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
