//! Numbers: integers within bounds, and any number in unknown fields.

use super::accepted::NoticeKind;
use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use crate::catalog::LOG_VERSIONS;

/// This many digits always fit into 64 bits.
const MOST_DIGITS: usize = 19;
/// A number shorter than this, with an exponent of at most two digits, fits into a 64-bit float.
const LONG: usize = 200;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans an integer in plain digits. Also returns its value.
    #[inline(always)]
    pub(super) fn integer(&self, start: usize, minimum: u64, maximum: u64) -> Option<(usize, u64)> {
        let mut at = start;
        let mut value = 0_u64;
        loop {
            let digit = self.byte(at).wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        let digits = at - start;
        let is_read = digits == 1 || (2..=MOST_DIGITS).contains(&digits) && self.byte(start) != b'0';
        (is_read && minimum <= value && value <= maximum).then_some((at, value))
    }

    /// Scans the version of the event definitions. An unknown one gets a notice.
    #[inline(always)]
    pub(super) fn version(&mut self, at: usize, minimum: u64, maximum: u64) -> Advance {
        let (end, version) = self.integer(at, minimum, maximum)?;
        if !LOG_VERSIONS.contains(&version) {
            self.notice(NoticeKind::UnknownVersion, at..end)?;
        }
        Some(end)
    }

    /// Scans a number that obviously fits into a 64-bit float.
    pub(super) fn number(&self, start: usize) -> Advance {
        let integer = start + usize::from(self.byte(start) == b'-');
        let mut at = self.digits(integer)?;
        if self.byte(integer) == b'0' && at > integer + 1 {
            return None;
        }
        if self.byte(at) == b'.' {
            at = self.digits(at + 1)?;
        }
        if at - start > LONG {
            return None;
        }
        if let b'e' | b'E' = self.byte(at) {
            at += 1;
            if let b'+' | b'-' = self.byte(at) {
                at += 1;
            }
            let exponent = at;
            at = self.digits(at)?;
            if at - exponent > 2 {
                return None;
            }
        }
        Some(at)
    }

    fn digits(&self, start: usize) -> Advance {
        let mut at = start;
        while self.byte(at).is_ascii_digit() {
            at += 1;
        }
        (at > start).then_some(at)
    }
}
