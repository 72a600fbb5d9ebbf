//! IPv4 and IPv6 addresses, as `std` parses them.

#[cfg(test)]
mod tests;

use std::net::Ipv6Addr;

use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use super::window::window;

/// The longest IPv6 address, such as `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
const LONGEST: usize = 45;

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans an address of either kind, whose opening quote must be at `at`.
    #[inline(always)]
    pub(super) fn ip(&mut self, at: usize) -> Advance {
        self.ipv4(at).or_else(|| self.ipv6(at))
    }

    /// Scans four numbers from 0 to 255 without leading zeros, whose opening quote must be at `at`.
    #[inline(always)]
    pub(super) fn ipv4(&mut self, at: usize) -> Advance {
        let length = window!(dotted::<S>, self.record, at);
        (length > 0).then_some(at + length)
    }

    /// Scans an IPv6 address, whose opening quote must be at `at`.
    #[inline(never)]
    pub(super) fn ipv6(&mut self, at: usize) -> Advance {
        if self.byte(at) != b'"' {
            return None;
        }
        let rest = self.record.get(at + 1..)?;
        let text = &rest[..rest.iter().take(LONGEST + 1).position(|&byte| byte == b'"')?];
        let is_address =
            is_usual(text) || str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
        is_address.then_some(at + 1 + text.len() + 1)
    }
}

/// Returns the length of the IPv4 address at the start of these bytes, quotes included, or 0 if there is none.
#[inline(always)]
fn dotted<S: Scan>(bytes: &[u8; 32]) -> usize {
    let Some(text) = bytes[1..].first_chunk::<16>() else { return 0 };
    let mut others = S::not_digit(text);
    let mut is_right = bytes[0] == b'"';
    let mut start = 0;
    for last in [b'.', b'.', b'.', b'"'] {
        // Without another one, this is after the last byte.
        let end = others.trailing_zeros() as usize;
        others &= others.wrapping_sub(1);
        is_right &= text.get(end) == Some(&last) && is_octet(bytes, start + 1, end.wrapping_sub(start));
        start = end + 1;
    }
    if is_right { start + 1 } else { 0 }
}

/// Returns whether the `length` digits at `start` are a number up to 255 without leading zeros.
#[allow(clippy::needless_bitwise_bool, reason = "a branch on the length of a number is unpredictable")]
#[inline(always)]
fn is_octet(bytes: &[u8; 32], start: usize, length: usize) -> bool {
    let [a, b, c] = [0, 1, 2].map(|at| bytes[(start + at) & 31]);
    let up_to_99 = (length == 1) | (length == 2) & (a != b'0');
    let up_to_255 = (a == b'1') | (a == b'2') & ((b < b'5') | (b == b'5') & (c <= b'5'));
    up_to_99 | (length == 3) & up_to_255
}

/// Returns whether a text is eight groups of hexadecimal digits, or fewer with one gap. `std` decides about the rest.
fn is_usual(text: &[u8]) -> bool {
    let (mut groups, mut digits, mut gap) = (0, 0, false);
    let mut at = 0;
    if text.starts_with(b"::") {
        (gap, at) = (true, 2);
    }
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte.is_ascii_hexdigit() {
            digits += 1;
            if digits > 4 {
                return false;
            }
            continue;
        }
        // A colon ends a group; a second one makes the gap.
        if byte != b':' || digits == 0 {
            return false;
        }
        (groups, digits) = (groups + 1, 0);
        if text.get(at) == Some(&b':') {
            if gap {
                return false;
            }
            (gap, at) = (true, at + 1);
        } else if at == text.len() {
            return false;
        }
    }
    groups += i32::from(digits > 0);
    if gap { groups <= 7 } else { groups == 8 }
}
