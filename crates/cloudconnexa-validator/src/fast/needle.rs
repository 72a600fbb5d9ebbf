//! Short texts that records are compared with: keys and known values.

use super::scan::Scan;
use super::window::window;

/// A text of at most 64 bytes. Its masks are made when the tables are, so that a comparison takes few instructions.
pub(super) struct Needle {
    bytes: [u8; 64],
    length: usize,
    /// Which of the first and of the last 32 bytes are used. The lowest bit is that of the first byte.
    masks: [u32; 2],
}

impl Needle {
    /// Joins the parts of a text. Does not compile if it is too long.
    pub(super) const fn new(parts: &[&[u8]]) -> Self {
        let mut needle = Self { bytes: [0; 64], length: 0, masks: [0; 2] };
        let mut part = 0;
        while part < parts.len() {
            let mut at = 0;
            while at < parts[part].len() {
                needle.bytes[needle.length] = parts[part][at];
                needle.masks[needle.length / 32] |= 1 << (needle.length % 32);
                needle.length += 1;
                at += 1;
            }
            part += 1;
        }
        needle
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    #[inline(always)]
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Returns whether `record` has the text at `at`. Without `first`, its first byte may be another.
    #[inline(always)]
    pub(super) fn is_at<S: Scan>(&self, record: &[u8], at: usize, first: bool) -> bool {
        self.matches::<S>(record, at, self.masks, first)
    }

    /// Returns whether `record` has the text at `at`, where its first and its last byte may be others.
    #[inline(always)]
    pub(super) fn is_within<S: Scan>(&self, record: &[u8], at: usize) -> bool {
        let [head, tail] = self.masks;
        let masks = if tail == 0 { [head >> 1, 0] } else { [head, tail >> 1] };
        self.matches::<S>(record, at, masks, false)
    }

    #[inline(always)]
    fn matches<S: Scan>(&self, record: &[u8], at: usize, masks: [u32; 2], first: bool) -> bool {
        let head = masks[0] & !u32::from(!first);
        window!(|bytes| S::has(bytes, self.half(0), head), record, at)
            && (masks[1] == 0 || window!(|bytes| S::has(bytes, self.half(32), masks[1]), record, at + 32))
    }

    /// Returns the 32 bytes from `at` on, which is 0 or 32.
    #[inline(always)]
    fn half(&self, at: usize) -> &[u8; 32] {
        self.bytes[at..].first_chunk().unwrap_or(&[0; 32])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fast::scan::{Native, Portable};

    #[test]
    fn every_byte_that_counts_is_compared() {
        for length in 2..=64 {
            let text: Vec<u8> = (b'A'..).take(length).collect();
            let needle = Needle::new(&[&text[..1], &text[1..]]);
            assert_eq!((needle.text(), needle.length()), (&text[..], length));
            for before in [0, 3] {
                let record = [&vec![b'!'; before][..], &text].concat();
                let found = |record: &[u8]| {
                    let all = [true, false].map(|first| needle.is_at::<Native>(record, before, first));
                    let [first, rest] = all;
                    let within = needle.is_within::<Native>(record, before);
                    assert_eq!(
                        [true, false].map(|first| needle.is_at::<Portable>(record, before, first)),
                        all
                    );
                    assert_eq!(needle.is_within::<Portable>(record, before), within);
                    (first, rest, within)
                };
                assert_eq!(found(&record), (true, true, true));
                for at in 0..length {
                    let mut other = record.clone();
                    other[before + at] ^= 1;
                    let (is_first, is_last) = (at == 0, at == length - 1);
                    assert_eq!(found(&other), (false, is_first, is_first || is_last), "{at} of {length}");
                }
                // Two equal changes in neighbouring words do not make up for each other.
                for at in 0..length.saturating_sub(8) {
                    let mut other = record.clone();
                    other[before + at] ^= 1;
                    other[before + at + 8] ^= 1;
                    assert_eq!(found(&other), (false, false, length == 9), "{at} of {length}");
                }
                let cut = &record[..record.len() - 1];
                assert_eq!(found(cut), (false, false, true), "{length}");
            }
        }
    }
}
