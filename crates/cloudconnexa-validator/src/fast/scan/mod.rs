//! Classifies many bytes at once, with SIMD or portably, with the same results.

mod ops;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(test)]
mod tests;

use super::window::window;
pub(crate) use ops::Scan;
pub(crate) use portable::Portable;
#[cfg(not(target_arch = "x86_64"))]
pub(crate) use portable::Portable as Native;
#[cfg(target_arch = "x86_64")]
pub(crate) use sse2::Sse2 as Native;

/// Returns the offset of the first quote, backslash or control character from `at` on, or the length of the record.
pub(crate) fn end_of_text(record: &[u8], mut at: usize) -> usize {
    loop {
        // The zero after the end counts as a control character.
        let odd = window!(Native::not_text, record, at);
        at += odd.trailing_zeros() as usize;
        if odd != 0 {
            return at;
        }
    }
}
