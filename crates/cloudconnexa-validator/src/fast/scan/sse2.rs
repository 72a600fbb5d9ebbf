//! The way of x86-64: sixteen bytes in a register of SSE2, which every such machine has.
//!
//! The one module of the crate with `unsafe`: calls of functions that need SSE2, of which the compiler cannot know that
//! they are made with SSE2 at hand. No pointer is read: loads are made from arrays, by words that the compiler joins.

#![allow(unsafe_code, reason = "functions that need a target feature are unsafe to call without it")]

use std::arch::x86_64::{
    __m128i, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_cmplt_epi8, _mm_min_epu8, _mm_movemask_epi8,
    _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
};

use super::ops::Scan;

/// Registers of SSE2.
pub(crate) struct Sse2;

// Every call below is safe because of this.
const _: () = assert!(cfg!(target_feature = "sse2"), "x86-64 without SSE2");

/// Functions of the machine as functions that can be called from anywhere, and are inlined whatever calls them: those
/// that the compiler is told to need SSE2 are not, if it takes the caller for large already.
macro_rules! callable {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $gives:ty = $function:ident;)*) => {$(
        #[inline(always)]
        fn $name($($argument: $kind),*) -> $gives {
            // SAFETY: SSE2 is there, as asserted above.
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
            // As signed numbers, what is not ASCII is below the control characters.
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
    fn has(bytes: &[u8; 32], name: &[u8; 32], first: usize, end: usize) -> bool {
        let asked = low_bits(end) & !low_bits(first);
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

/// As many ones as there are bytes to compare, at most 32.
#[inline(always)]
fn low_bits(length: usize) -> u32 {
    u32::try_from((1_u64 << length) - 1).unwrap_or(u32::MAX)
}

/// Whether hyphens stand where `hyphens` has a bit, and hexadecimal digits everywhere else.
#[inline(always)]
fn is_hex_or_hyphen(bytes: &[u8; 16], hyphens: u32) -> bool {
    let bytes = load(bytes);
    // In lower case; nothing but a letter becomes one of these.
    let letter = is_within(or(bytes, all(0x20)), b'a', b'f');
    let hex = mask(or(is_within(bytes, b'0', b'9'), letter));
    hex == !hyphens & 0xffff && mask(is(bytes, b'-')) == hyphens
}

/// Asks both halves, and gathers the answers: a byte that is all ones says yes.
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

/// The compiler makes a single load of it.
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

/// Which bytes are from `first` to `last`, both ASCII.
#[inline(always)]
fn is_within(bytes: __m128i, first: u8, last: u8) -> __m128i {
    and(above(bytes, all(first - 1)), below(bytes, all(last + 1)))
}

#[inline(always)]
fn mask(answers: __m128i) -> u32 {
    high_bits(answers).cast_unsigned()
}
