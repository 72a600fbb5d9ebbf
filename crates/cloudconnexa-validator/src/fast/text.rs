//! Strings: where they end, and whether they are well-formed.

use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use super::window::window;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Goes over a string whose opening quote has to be at `at`.
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

    /// Goes over what is left of a string that is long, or not plain.
    #[inline(never)]
    fn rest(&self, mut at: usize) -> Advance {
        loop {
            match self.byte(at) {
                b'"' => return Some(at + 1),
                b'\\' => {
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

    /// Goes over a string without escapes, from behind its opening quote.
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

    /// Goes over text from its first byte beyond ASCII to the next quote, backslash or control character: it has to be
    /// UTF-8, as all around it is ASCII.
    #[inline(never)]
    fn beyond_ascii(&self, start: usize) -> Advance {
        let mut at = start;
        loop {
            // There are likely more.
            let odd = window!(S::not_text, self.record, at);
            at += odd.trailing_zeros() as usize;
            if odd != 0 {
                let text = self.record.get(start..at)?;
                return str::from_utf8(text).is_ok().then_some(at);
            }
        }
    }

    /// Goes over the escape at `at`, and over the second one of a surrogate pair.
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

    /// The four hexadecimal digits at `at`.
    #[inline(always)]
    fn unit(&self, at: usize) -> Option<u32> {
        window!(hex, self.record, at)
    }
}

/// The number that four hexadecimal digits are.
#[inline(always)]
fn hex(digits: &[u8; 4]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}
