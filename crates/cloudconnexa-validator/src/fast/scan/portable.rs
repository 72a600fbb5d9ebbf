//! The way that every machine has: eight bytes in a word.

use super::Scan;

/// Words of eight bytes, and plain loops where that is not worth it.
pub(crate) struct Portable;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

impl Scan for Portable {
    #[inline(always)]
    fn not_plain(bytes: &[u8; 32]) -> u32 {
        each_word(bytes, |word| not_text(word) | word & HIGH)
    }

    #[inline(always)]
    fn not_text(bytes: &[u8; 32]) -> u32 {
        each_word(bytes, not_text)
    }

    #[inline(always)]
    fn not_space(bytes: &[u8; 32]) -> u32 {
        each_word(bytes, |word| {
            let space = is(word, b' ') | is(word, b'\n') | is(word, b'\r') | is(word, b'\t');
            !space & HIGH
        })
    }

    #[inline(always)]
    fn not_digit(bytes: &[u8; 16]) -> u32 {
        each_word(bytes, |word| HIGH & !(below(word, b'9' + 1) & !below(word, b'0')))
    }

    #[inline(always)]
    fn begins(bytes: &[u8; 32], name: &[u8; 32], length: usize) -> bool {
        bytes.get(..length) == name.get(..length)
    }

    fn is_uuid(bytes: &[u8; 36]) -> bool {
        bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    }
}

#[inline(always)]
fn not_text(word: u64) -> u64 {
    is(word, b'"') | is(word, b'\\') | below(word, b' ')
}

/// The high bit of each byte of `word` that is `byte`.
#[inline(always)]
fn is(word: u64, byte: u8) -> u64 {
    below(word ^ LOW * u64::from(byte), 1)
}

/// The high bit of each byte of `word` that is below `bound`, which is at most 128.
#[inline(always)]
fn below(word: u64, bound: u8) -> u64 {
    // With the high bit of each byte set nothing is borrowed from the next one.
    !((word | HIGH) - LOW * u64::from(bound)) & !word & HIGH
}

/// Asks each word, and gathers the high bits of the answers.
#[inline(always)]
fn each_word<const N: usize>(bytes: &[u8; N], ask: impl Fn(u64) -> u64) -> u32 {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().rev().fold(0, |mask, word| {
        let high = ask(u64::from_le_bytes(*word)) >> 7;
        // Each product of the multiplication lands on a bit of its own; the highest byte has those we want.
        mask << 8 | (high.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    })
}
