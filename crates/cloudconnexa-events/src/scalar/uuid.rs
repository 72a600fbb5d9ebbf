//! UUIDs that keep their letter case.

use super::spelled::{Scalar, Spelled};
use crate::parts::blank;

/// A UUID in its hyphenated form that keeps its letter case.
///
/// It derefs to [`uuid::Uuid`].
pub type Uuid = Spelled<uuid::Uuid>;

impl Scalar for uuid::Uuid {
    const EXPECTED: &'static str = "a UUID in its hyphenated form";
    const FORMATS: &'static [&'static str] = &["uuid"];

    fn parse(text: &str) -> Option<Self> {
        Self::read(text).map(|(uuid, _)| uuid)
    }

    #[inline]
    fn read(text: &str) -> Option<(Self, bool)> {
        let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
        let eight = |at: usize, and: usize| {
            let mut eight = [0; 8];
            eight[..4].copy_from_slice(&text[at..at + 4]);
            eight[4..].copy_from_slice(&text[and..and + 4]);
            Digits::new(eight)
        };
        let digits = [eight(0, 4), eight(9, 14), eight(19, 24), eight(28, 32)];
        let hyphens = [text[8], text[13], text[18], text[23]];
        if hyphens != *b"----" || !digits.iter().all(|digits| digits.are_valid) {
            return None;
        }
        let mut bytes = [0; 16];
        for (four, digits) in bytes.as_chunks_mut().0.iter_mut().zip(&digits) {
            *four = digits.bytes;
        }
        Some((Self::from_bytes(bytes), digits.iter().all(|digits| digits.are_lower_case)))
    }
}

/// Four bytes from eight hexadecimal digits, which are read at once.
struct Digits {
    bytes: [u8; 4],
    are_valid: bool,
    are_lower_case: bool,
}

/// A one in each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

impl Digits {
    #[inline]
    fn new(text: [u8; 8]) -> Self {
        let text = u64::from_le_bytes(text);
        // One for a letter of either case, whose lower four bits are 9 less than its value.
        let letter = (text >> 6) & ONES;
        let value = (text & (0x0f * ONES)) + 9 * letter;
        let lower_case = text | (letter << 5);
        // They are what the values are written as, and the values of letters, and no others, are from 10 to 15.
        let written = value + u64::from(b'0') * ONES + u64::from(b'a' - b'0' - 10) * letter;
        let are_valid =
            lower_case == written && value & (0xf0 * ONES) == 0 && ((value + 6 * ONES) >> 4) & ONES == letter;
        let pairs = ((value << 4) | (value >> 8)) & 0x00ff_00ff_00ff_00ff;
        let fours = (pairs | (pairs >> 8)) & 0x0000_ffff_0000_ffff;
        let [first, second, _, _, third, fourth, ..] = fours.to_le_bytes();
        Self { bytes: [first, second, third, fourth], are_valid, are_lower_case: lower_case == text }
    }
}

blank! {
    uuid::Uuid = Self::nil();
}
