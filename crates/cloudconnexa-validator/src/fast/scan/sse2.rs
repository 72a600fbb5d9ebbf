//! Scanning with SSE2, sixteen bytes at a time. Every x86-64 machine has it.
//!
//! The only module of the crate with `unsafe`: it calls intrinsics that require SSE2, whose presence is asserted below. It
//! reads through no pointer. Loads come from arrays, as two words that the compiler combines.

#![allow(unsafe_code, reason = "intrinsics that need a target feature are unsafe to call")]

use std::arch::x86_64::{
    __m128i, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_cmplt_epi8, _mm_min_epu8, _mm_movemask_epi8,
    _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
};

use super::ops::Scan;

/// Scanning with SSE2.
pub(crate) struct Sse2;

// Every call below is safe because of this.
const _: () = assert!(cfg!(target_feature = "sse2"), "x86-64 without SSE2");

/// Wraps intrinsics in safe functions that are always inlined. The compiler does not inline functions that enable SSE2
/// themselves into a caller that is already large.
macro_rules! callable {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $gives:ty = $function:ident;)*) => {$(
        #[inline(always)]
        fn $name($($argument: $kind),*) -> $gives {
            // SAFETY: SSE2 is available, as asserted above.
            unsafe { $function($($argument),*) }
        }
    )*};
}

callable! {
    and(a: __m128i, b: __m128i) -> __m128i = _mm_and_si128;
    or(a: __m128i, b: __m128i) -> __m128i = _mm_or_si128;
    least(a: __m128i, b: __m128i) -> __m128i = _mm_min_epu8;
    equal(a: __m128i, b: __m128i) -> __m128i = _mm_cmpeq_epi8;
    below(a: __m128i, b: __m128i) -> __m128i = _mm_cmplt_epi8;
    above(a: __m128i, b: __m128i) -> __m128i = _mm_cmpgt_epi8;
    words(high: i64, low: i64) -> __m128i = _mm_set_epi64x;
    each(byte: i8) -> __m128i = _mm_set1_epi8;
    high_bits(bytes: __m128i) -> i32 = _mm_movemask_epi8;
}

impl Scan for Sse2 {
    #[inline(always)]
    fn not_plain(bytes: &[u8; 32]) -> u32 {
        halves(bytes, |half| {
            // As signed numbers, bytes beyond ASCII are less than control characters.
            or(below(half, all(b' ')), or(is(half, b'"'), is(half, b'\\')))
        })
    }

    #[inline(always)]
    fn not_text(bytes: &[u8; 32]) -> u32 {
        halves(bytes, |half| {
            let control = equal(least(half, all(0x1f)), half);
            or(control, or(is(half, b'"'), is(half, b'\\')))
        })
    }

    #[inline(always)]
    fn not_space(bytes: &[u8; 32]) -> u32 {
        !halves(bytes, |half| {
            let blank = or(is(half, b' '), is(half, b'\t'));
            or(blank, or(is(half, b'\n'), is(half, b'\r')))
        })
    }

    #[inline(always)]
    fn not_digit(bytes: &[u8; 16]) -> u32 {
        !mask(is_within(load(bytes), b'0', b'9')) & 0xffff
    }

    #[inline(always)]
    fn has(bytes: &[u8; 32], name: &[u8; 32], asked: u32) -> bool {
        let ([bytes_low, bytes_high], [name_low, name_high]) = (split(bytes), split(name));
        let low = mask(equal(load(bytes_low), load(name_low)));
        let high = mask(equal(load(bytes_high), load(name_high)));
        !(low | high << 16) & asked == 0
    }

    #[inline(always)]
    fn is_uuid(bytes: &[u8; 36]) -> bool {
        // The hyphens are at 8, 13, 18 and 23.
        let [Some(first), Some(second), Some(last)] =
            [bytes[..].first_chunk(), bytes[16..].first_chunk(), bytes[20..].first_chunk()]
        else {
            return false;
        };
        is_hex_or_hyphen(first, 0b0010_0001_0000_0000)
            && is_hex_or_hyphen(second, 0b0000_0000_1000_0100)
            && is_hex_or_hyphen(last, 0b0000_0000_0000_1000)
    }
}

/// Returns whether the bytes are hyphens where `hyphens` has a bit, and hexadecimal digits everywhere else.
#[inline(always)]
fn is_hex_or_hyphen(bytes: &[u8; 16], hyphens: u32) -> bool {
    let bytes = load(bytes);
    // Setting bit 5 makes letters lower-case, and turns nothing else into a letter from a to f.
    let letter = is_within(or(bytes, all(0x20)), b'a', b'f');
    let hex = mask(or(is_within(bytes, b'0', b'9'), letter));
    hex == !hyphens & 0xffff && mask(is(bytes, b'-')) == hyphens
}

/// Applies `ask` to both halves and gathers the results, in which a byte of ones means yes.
#[inline(always)]
fn halves(bytes: &[u8; 32], ask: impl Fn(__m128i) -> __m128i) -> u32 {
    let [low, high] = split(bytes);
    mask(ask(load(low))) | mask(ask(load(high))) << 16
}

#[inline(always)]
fn split(bytes: &[u8; 32]) -> [&[u8; 16]; 2] {
    let (chunks, _) = bytes.as_chunks::<16>();
    [&chunks[0], &chunks[1]]
}

/// Loads sixteen bytes. Compiles to a single load.
#[inline(always)]
fn load(bytes: &[u8; 16]) -> __m128i {
    let (halves, _) = bytes.as_chunks::<8>();
    let [low, high] = [halves[0], halves[1]].map(i64::from_le_bytes);
    words(high, low)
}

#[inline(always)]
fn all(byte: u8) -> __m128i {
    each(byte.cast_signed())
}

#[inline(always)]
fn is(bytes: __m128i, byte: u8) -> __m128i {
    equal(bytes, all(byte))
}

/// Marks bytes from `first` to `last`, both ASCII.
#[inline(always)]
fn is_within(bytes: __m128i, first: u8, last: u8) -> __m128i {
    and(above(bytes, all(first - 1)), below(bytes, all(last + 1)))
}

#[inline(always)]
fn mask(answers: __m128i) -> u32 {
    high_bits(answers).cast_unsigned()
}
