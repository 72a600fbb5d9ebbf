//! Properties of lines of a rejected file, whatever bytes they have.

use cloudconnexa_validator::Position;

use super::{OwnedEntry, RejectedEntry, read, write};

/// A line is refused with a location, or it is read, and writing it again loses nothing.
pub(crate) fn line(line: &[u8]) {
    match read(line, Position::START) {
        Ok(entry) => {
            let OwnedEntry { source, at, is_element, part, raw } = &entry;
            let (at, is_element, part) = (*at, *is_element, *part);
            let mut again = Vec::new();
            write(&mut again, &RejectedEntry { source, at, is_element, part, raw, more_findings: 0 }, &[]);
            assert_eq!(memchr::memchr_iter(b'\n', &again).count(), 1, "one line");
            assert_eq!(read(&again, Position::START), Ok(entry));
        }
        Err((at, message)) => {
            assert!(at.offset <= line.len() as u64 && !message.is_empty());
        }
    }
}
