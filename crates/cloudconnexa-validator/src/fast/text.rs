//! Strings: where they end, and whether they are well-formed.
//!
//! Most strings are ASCII without escapes and shorter than a window of 32 bytes, so one look finds the closing quote. That
//! path is inlined everywhere; all else is in functions of their own, to keep the inlined code small. UTF-8 is validated
//! only from the first byte beyond ASCII up to the next quote, backslash or control character: these are ASCII and cannot
//! be part of a longer character.

use super::scan::Scan;
use super::scanner::{Advance, Scanner, VIEW};
use super::window::window;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans a string whose opening quote must be at `at`.
    #[inline(always)]
    pub(super) fn quoted(&mut self, at: usize) -> Advance {
        if self.byte(at) != b'"' {
            return None;
        }
        let at = at + 1;
        let odd = window!(S::not_plain, self.record, at);
        let end = at + odd.trailing_zeros() as usize;
        if odd != 0 && self.byte(end) == b'"' { Some(end + 1) } else { self.rest(end) }
    }

    /// Scans the rest of a string that is long or has other than plain ASCII.
    #[inline(never)]
    pub(super) fn rest(&mut self, mut at: usize) -> Advance {
        loop {
            match self.byte(at) {
                b'"' => return Some(at + 1),
                b'\\' => {
                    if KEEP == VIEW {
                        self.scratch.placed.has_escapes = true;
                    }
                    at = self.escape(at)?;
                    continue;
                }
                0..b' ' => return None,
                0x80.. => {
                    at = self.beyond_ascii(at)?;
                    continue;
                }
                _ => {}
            }
            let odd = window!(S::not_plain, self.record, at);
            at += odd.trailing_zeros() as usize;
        }
    }

    /// Scans a string without escapes, from after its opening quote.
    #[inline(always)]
    pub(super) fn plain_text(&self, start: usize) -> Advance {
        let mut at = start;
        loop {
            let odd = window!(S::not_plain, self.record, at);
            at += odd.trailing_zeros() as usize;
            if odd == 0 {
                continue;
            }
            return match self.byte(at) {
                b'"' => Some(at + 1),
                0x80.. => {
                    let end = self.beyond_ascii(at)?;
                    (self.byte(end) == b'"').then_some(end + 1)
                }
                _ => None,
            };
        }
    }

    /// Scans text from its first byte beyond ASCII to the next quote, backslash or control character. It must be UTF-8.
    #[inline(never)]
    fn beyond_ascii(&self, start: usize) -> Advance {
        let mut at = start;
        loop {
            // Text beyond ASCII usually continues, so find the end first and validate it in one call.
            let odd = window!(S::not_text, self.record, at);
            at += odd.trailing_zeros() as usize;
            if odd != 0 {
                let text = self.record.get(start..at)?;
                return str::from_utf8(text).is_ok().then_some(at);
            }
        }
    }

    /// Scans the escape at `at`. For a surrogate pair, both escapes.
    #[inline(always)]
    fn escape(&self, at: usize) -> Advance {
        match self.byte(at + 1) {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
            b'u' => match self.unit(at + 2)? {
                0xd800..0xdc00 => {
                    let is_pair = self.byte(at + 6) == b'\\'
                        && self.byte(at + 7) == b'u'
                        && matches!(self.unit(at + 8), Some(0xdc00..0xe000));
                    is_pair.then_some(at + 12)
                }
                0xdc00..0xe000 => None,
                _ => Some(at + 6),
            },
            _ => None,
        }
    }

    /// Reads the four hexadecimal digits at `at`.
    #[inline(always)]
    fn unit(&self, at: usize) -> Option<u32> {
        window!(hex, self.record, at)
    }
}

/// Parses four hexadecimal digits.
#[inline(always)]
fn hex(digits: &[u8; 4]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}
