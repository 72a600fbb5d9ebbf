//! Values that the schema does not describe: anything well-formed without duplicate keys.

use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use super::window::window;

/// The deepest nesting to follow. A deeper record is undecided.
const MOST_LEVELS: usize = 32;
/// The most keys of one object, as each is compared with each. An object with more is undecided.
const MOST_KEYS: usize = 64;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans any value at `at`, nested in `level` objects and arrays.
    #[inline(never)]
    pub(super) fn unknown(&mut self, at: usize, level: usize) -> Advance {
        match self.byte(at) {
            b'"' => self.quoted(at),
            b'{' | b'[' if level == MOST_LEVELS => None,
            b'{' => self.any_object(at + 1, level + 1),
            b'[' => self.any_array(at + 1, level + 1),
            b'-' | b'0'..=b'9' => self.number(at),
            b't' if self.starts_with(at, b"true") => Some(at + 4),
            b'f' if self.starts_with(at, b"false") => Some(at + 5),
            b'n' if self.starts_with(at, b"null") => Some(at + 4),
            _ => None,
        }
    }

    fn any_object(&mut self, at: usize, level: usize) -> Advance {
        let base = self.scratch.keys.len();
        let mut at = self.skip_space(at);
        if self.byte(at) == b'}' {
            return Some(at + 1);
        }
        loop {
            if self.byte(at) != b'"' || self.scratch.keys.len() - base == MOST_KEYS {
                return None;
            }
            let end = self.plain_text(at + 1)?;
            self.remember_key(base, at + 1..end - 1)?;
            at = self.skip_space(end);
            if self.byte(at) != b':' {
                return None;
            }
            at = self.skip_space(at + 1);
            at = self.unknown(at, level)?;
            at = self.skip_space(at);
            match self.byte(at) {
                b',' => at = self.skip_space(at + 1),
                b'}' => break,
                _ => return None,
            }
        }
        self.scratch.keys.truncate(base);
        Some(at + 1)
    }

    fn any_array(&mut self, at: usize, level: usize) -> Advance {
        let mut at = self.skip_space(at);
        if self.byte(at) == b']' {
            return Some(at + 1);
        }
        loop {
            at = self.unknown(at, level)?;
            at = self.skip_space(at);
            match self.byte(at) {
                b',' => at = self.skip_space(at + 1),
                b']' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// Skips the object at `at` by its braces alone. It is scanned later, once the event is known.
    pub(super) fn skip_object(&self, mut at: usize) -> Advance {
        let mut open = 0_usize;
        loop {
            match self.byte(at) {
                b'"' => {
                    at = self.skip_string(at + 1)?;
                    continue;
                }
                b'{' => open += 1,
                b'}' => {
                    open -= 1;
                    if open == 0 {
                        return Some(at + 1);
                    }
                }
                0 => return None,
                b'\n' if self.is_line => return None,
                _ => {}
            }
            at += 1;
        }
    }

    fn skip_string(&self, mut at: usize) -> Advance {
        loop {
            let odd = window!(S::not_text, self.record, at);
            at += odd.trailing_zeros() as usize;
            match self.byte(at) {
                _ if odd == 0 => {}
                b'"' => return Some(at + 1),
                b'\\' if self.is_line && self.byte(at + 1) == b'\n' => return None,
                b'\\' => at += 2,
                _ => return None,
            }
        }
    }
}
