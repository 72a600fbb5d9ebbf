//! What is asked of many bytes at once. Two ways to answer, with the same answers.

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

/// The place of the first quote, backslash or control character from `at` on; the end where there is none.
pub(crate) fn end_of_text(record: &[u8], mut at: usize) -> usize {
    loop {
        // Behind the end stands a zero.
        let odd = window!(Native::not_text, record, at);
        at += odd.trailing_zeros() as usize;
        if odd != 0 {
            return at;
        }
    }
}
