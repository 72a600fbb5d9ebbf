//! Portable scanning: eight bytes in a word.

use super::ops::Scan;

/// Scanning with words of eight bytes, and plain loops where words gain nothing.
pub(crate) struct Portable;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Words whose first N bytes are set.
const ASKED: [u64; 9] = [
    0,
    0xff,
    0xffff,
    0x00ff_ffff,
    0xffff_ffff,
    0x00ff_ffff_ffff,
    0xffff_ffff_ffff,
    0x00ff_ffff_ffff_ffff,
    u64::MAX,
];

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
    fn has(bytes: &[u8; 32], name: &[u8; 32], mask: u32) -> bool {
        let ((bytes, _), (name, _)) = (bytes.as_chunks(), name.as_chunks());
        let other = bytes.iter().zip(name).enumerate().fold(0, |other, (word, (bytes, name))| {
            let part = mask >> (8 * word) & 0xff;
            let mut asked = ASKED[(u32::BITS - part.leading_zeros()) as usize];
            if word == 0 && mask & 1 == 0 {
                asked &= !ASKED[1];
            }
            other | (u64::from_le_bytes(*bytes) ^ u64::from_le_bytes(*name)) & asked
        });
        other == 0
    }

    fn is_uuid(bytes: &[u8; 36]) -> bool {
        // No early exit, so that the compiler can vectorize.
        let is_hex = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit());
        let are_hyphens = [8, 13, 18, 23].iter().all(|&at| bytes[at] == b'-');
        are_hyphens && [0..8, 9..13, 14..18, 19..23, 24..36].into_iter().all(|group| is_hex(&bytes[group]))
    }
}

#[inline(always)]
fn not_text(word: u64) -> u64 {
    is(word, b'"') | is(word, b'\\') | below(word, b' ')
}

/// Sets the high bit of each byte of `word` that equals `byte`.
#[inline(always)]
fn is(word: u64, byte: u8) -> u64 {
    below(word ^ (LOW * u64::from(byte)), 1)
}

/// Sets the high bit of each byte of `word` that is below `bound`, which is at most 128.
#[inline(always)]
fn below(word: u64, bound: u8) -> u64 {
    // With the high bit of each byte set, the subtraction borrows nothing from the next byte.
    !((word | HIGH) - LOW * u64::from(bound)) & !word & HIGH
}

/// Applies `ask` to each word and gathers the high bits of the results.
#[inline(always)]
fn each_word<const N: usize>(bytes: &[u8; N], ask: impl Fn(u64) -> u64) -> u32 {
    let (words, _) = bytes.as_chunks::<8>();
    let mut mask = 0;
    for (index, word) in words.iter().enumerate() {
        let high = ask(u64::from_le_bytes(*word)) >> 7;
        // The multiplication moves each bit to one of its own; the highest byte then has all eight.
        mask |= ((high.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32) << (8 * index);
    }
    mask
}
