//! Decoding tables: what the next bits of the input mean, and how many of them belong to it.

use super::DeflateError;

/// The greatest length of a code, in bits.
pub(super) const MAX_CODE_BITS: usize = 15;

/// An entry of a table.
///
/// * Bits 0–7: number of bits of the code and of the extra bits after it; of a subtable, number of bits of its index.
/// * Bits 8–11: number of bits of the code alone. Not for literals and exceptional entries.
/// * Bits 12–15: the flags below.
/// * Bits 16–31: a literal, the base of a length or distance, or the index of a subtable's first entry.
pub(super) type Entry = u32;

/// A literal byte.
pub(super) const LITERAL: Entry = 1 << 15;
/// Neither a literal nor a length or distance: a subtable, the end of a block, or an invalid code.
pub(super) const EXCEPTIONAL: Entry = 1 << 14;
/// The code is longer than the index of the table, and continues in a subtable.
pub(super) const SUBTABLE: Entry = 1 << 13;
/// The end of a block.
pub(super) const END_OF_BLOCK: Entry = 1 << 12;
/// Not a code. One bit is enough to see that, because only a code of one bit can be incomplete.
const INVALID: Entry = EXCEPTIONAL | 1;

/// Number of bits that index the main table of literals and lengths, and that of distances.
pub(super) const LITERAL_BITS: usize = 11;
pub(super) const DISTANCE_BITS: usize = 9;

/// With room for the main table and for all subtables that a complete code can need.
pub(super) type LiteralTable = Table<2400, LITERAL_BITS>;
pub(super) type DistanceTable = Table<960, DISTANCE_BITS>;

/// A table of `SIZE` entries. The main table is the first 2 to the power of `BITS`; subtables follow.
#[derive(Debug)]
pub(super) struct Table<const SIZE: usize, const BITS: usize> {
    pub(super) entries: Box<[Entry; SIZE]>,
}

impl<const SIZE: usize, const BITS: usize> Default for Table<SIZE, BITS> {
    fn default() -> Self {
        Self { entries: Box::new([INVALID; SIZE]) }
    }
}

/// Returns the number of bits of the code of a length or distance.
pub(super) fn code_bits(entry: Entry) -> u32 {
    entry >> 8 & 15
}

/// Returns the index of the entry in a subtable that the next bits select.
#[inline]
pub(super) fn subtable_index(entry: Entry, word: u64) -> usize {
    (entry >> 16) as usize + (word as usize & ((1 << (entry & 0xff)) - 1))
}

impl<const SIZE: usize, const BITS: usize> Table<SIZE, BITS> {
    /// Builds the table of a canonical code from the lengths of its symbols, none of which exceeds [`MAX_CODE_BITS`].
    ///
    /// `value` returns the upper half and the flags of a symbol's entry and its number of extra bits, or `None` if the
    /// symbol must not occur.
    pub(super) fn build(
        &mut self,
        lengths: &[u8],
        value: impl Fn(usize) -> Option<(Entry, u32)>,
    ) -> Result<(), DeflateError> {
        let codes = SortedCodes::new(lengths)?;
        let entry = |index: usize, bits: usize| {
            let symbol = usize::from(codes.symbols[index]);
            value(symbol).map_or(EXCEPTIONAL | bits as Entry, |(value, extra)| {
                value | (bits as Entry) << (8 * u32::from(value & LITERAL == 0)) | (bits as Entry + extra)
            })
        };
        // A code that is shorter than the index has an entry for every value of the bits after it. So start with a table for
        // the shortest codes, and double it by copying whenever the length grows.
        self.entries[0] = INVALID;
        let (mut index, mut code) = (0, 0_u32);
        for length in 1..=BITS {
            let (filled, copy) = self.entries[..1 << length].split_at_mut(1 << (length - 1));
            copy.copy_from_slice(filled);
            code <<= 1;
            for _ in 0..codes.counts[length] {
                self.entries[reverse_bits(code, length)] = entry(index, length);
                (index, code) = (index + 1, code + 1);
            }
        }
        // Longer codes that share their first `BITS` bits follow one another, the longest of them last.
        let mut free = 1 << BITS;
        let mut length = BITS;
        let extend = |index: usize, length: &mut usize, code: &mut u32| {
            while index >= codes.ends[*length] {
                *length += 1;
                *code <<= 1;
            }
        };
        while index < codes.used {
            extend(index, &mut length, &mut code);
            let prefix = code >> (length - BITS);
            let (mut last_length, mut last_code, mut last) = (length, code, index);
            while last + 1 < codes.used {
                let (mut next_length, mut next_code) = (last_length, last_code + 1);
                extend(last + 1, &mut next_length, &mut next_code);
                if next_code >> (next_length - BITS) != prefix {
                    break;
                }
                (last_length, last_code, last) = (next_length, next_code, last + 1);
            }
            let bits = last_length - BITS;
            let subtable = self.entries.get_mut(free..free + (1 << bits)).ok_or(DeflateError)?;
            while index <= last {
                extend(index, &mut length, &mut code);
                let rest = reverse_bits(code, length) >> BITS;
                let entry = entry(index, length - BITS);
                subtable.iter_mut().skip(rest).step_by(1 << (length - BITS)).for_each(|slot| *slot = entry);
                (index, code) = (index + 1, code + 1);
            }
            self.entries[reverse_bits(prefix, BITS)] =
                (free as Entry) << 16 | EXCEPTIONAL | SUBTABLE | bits as Entry;
            free += 1 << bits;
        }
        Ok(())
    }
}

/// The symbols of a code, sorted by code.
struct SortedCodes {
    /// Number of codes of each length.
    counts: [usize; MAX_CODE_BITS + 1],
    symbols: [u16; 320],
    /// Index after the last symbol of each length.
    ends: [usize; MAX_CODE_BITS + 1],
    used: usize,
}

impl SortedCodes {
    fn new(lengths: &[u8]) -> Result<Self, DeflateError> {
        let mut counts = [0; MAX_CODE_BITS + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let (mut ends, mut used, mut unassigned) = ([0; MAX_CODE_BITS + 1], 0, 1_usize);
        for length in 1..=MAX_CODE_BITS {
            ends[length] = used;
            used += counts[length];
            unassigned = (unassigned << 1).checked_sub(counts[length]).ok_or(DeflateError)?;
        }
        // Only two codes may be incomplete: a single code of one bit, and no distances at all.
        if unassigned > 0 && used > 0 && !(used == 1 && counts[1] == 1) {
            return Err(DeflateError);
        }
        let mut symbols = [0; 320];
        for (symbol, &length) in (0..).zip(lengths) {
            if length > 0 {
                let end = &mut ends[usize::from(length)];
                symbols[*end] = symbol;
                *end += 1;
            }
        }
        Ok(Self { counts, symbols, ends, used })
    }
}

/// Reverses a code, because the input has its first bit lowest.
fn reverse_bits(code: u32, length: usize) -> usize {
    (code.reverse_bits() >> (32 - length)) as usize
}
