//! Where an input can be cut, so that many can split it.

use memchr::memrchr;

/// Whether an input that begins with `head` is an array of events; not told while there is only white space.
pub fn is_array(head: &[u8]) -> Option<bool> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).map(|&byte| byte == b'[')
}

/// The last place in `text`, but for its first byte, where a record begins, whatever stands in front of it.
///
/// Outside an array that is at each `{` in the first column of a line.
///
/// ```
/// use cloudconnexa_validator::records::boundary;
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
