//! A lower bound for any reader of JSON: finding the unescaped quotes, and so the strings.

use wide::u8x16;

/// The number of bytes scanned at a time.
const BLOCK: usize = 64;

/// Returns where a block has quotes, and where it has backslashes.
fn masks(block: &[u8; BLOCK]) -> (u64, u64) {
    let (parts, _) = block.as_chunks::<16>();
    let mask = |byte: u8| {
        let in_part = |part: &[u8; 16]| u8x16::new(*part).simd_eq(u8x16::splat(byte)).to_bitmask();
        parts.iter().rev().fold(0, |mask, part| mask << 16 | u64::from(in_part(part)))
    };
    (mask(b'"'), mask(b'\\'))
}

/// Fills `places` with the offsets of the unescaped quotes in a record.
pub fn find(record: &[u8], places: &mut Vec<u32>) {
    places.clear();
    let (blocks, rest) = record.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let mut carry = 0;
    for (block, start) in blocks.iter().chain([&last]).zip((0..).step_by(BLOCK)) {
        let (found, backslashes) = masks(block);
        let mut quotes = found & !escaped(backslashes, &mut carry);
        while quotes != 0 {
            places.push(start + quotes.trailing_zeros());
            quotes &= quotes - 1;
        }
    }
}

/// Returns which bytes are escaped. `carry` is 1 if the first one is.
fn escaped(backslashes: u64, carry: &mut u64) -> u64 {
    if backslashes == 0 {
        return std::mem::take(carry);
    }
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let backslashes = backslashes & !*carry;
    let follows = backslashes << 1 | *carry;
    // Runs of backslashes that start at an odd place; adding carries to the end of each.
    let odd_starts = backslashes & !EVEN & !follows;
    let (ends, overflows) = odd_starts.overflowing_add(backslashes);
    *carry = u64::from(overflows);
    (EVEN ^ ends << 1) & follows
}
