//! What must hold of a line of a rejected file, whatever stands in it.

use cloudconnexa_validator::Position;

use super::{Entry, Owned, read, write};

/// It is read or told to be damaged, with its place; what is read is written, and read again.
pub(crate) fn line(line: &[u8]) {
    match read(line, Position::START) {
        Ok(owned) => {
            let Owned { source, at, is_element, part, raw } = &owned;
            let (at, is_element, part) = (*at, *is_element, *part);
            let mut again = Vec::new();
            write(&mut again, &Entry { source, at, is_element, part, raw: raw.as_slice() }, &[]);
            assert_eq!(memchr::memchr_iter(b'\n', &again).count(), 1, "one line");
            assert_eq!(read(&again, Position::START), Ok(owned));
        }
        Err((at, message)) => {
            assert!(at.offset <= line.len() as u64 && !message.is_empty());
        }
    }
}
