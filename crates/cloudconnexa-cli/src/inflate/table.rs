//! The codes of a block as tables: as many bits as come next in, what they stand for and how long it is out.

use super::Damaged;

/// The longest code.
pub(super) const LONGEST: usize = 15;

/// What some bits stand for.
///
/// Lowest byte: bits of the code and of the number behind it. Next: bits of the code alone, in four bits, and marks.
/// Upper half: a literal, the base of a length or distance, or where a further table begins.
pub(super) type Entry = u32;

/// A byte of text.
pub(super) const LITERAL: Entry = 1 << 15;
/// Neither text nor a length: see the other marks.
pub(super) const SPECIAL: Entry = 1 << 14;
/// The code goes on in a further table, whose index has as many bits as the lowest byte says behind those used.
pub(super) const FURTHER: Entry = 1 << 13;
/// The end of a block.
pub(super) const END: Entry = 1 << 12;
/// No code begins with these bits; one tells, as only a code of one bit can be alone.
const NOTHING: Entry = SPECIAL | 1;

/// Bits of the first table, for texts and lengths and for distances.
pub(super) const LITERAL_BITS: usize = 11;
pub(super) const DISTANCE_BITS: usize = 9;

/// Room for the first table and every further one that a complete code can need.
pub(super) type Literals = Table<2400, LITERAL_BITS>;
pub(super) type Distances = Table<960, DISTANCE_BITS>;

/// A table of `SIZE` entries, of which the first 2 to the power of `BITS` are the first table.
#[derive(Debug)]
pub(super) struct Table<const SIZE: usize, const BITS: usize> {
    pub(super) entries: Box<[Entry; SIZE]>,
}

impl<const SIZE: usize, const BITS: usize> Default for Table<SIZE, BITS> {
    fn default() -> Self {
        Self { entries: Box::new([NOTHING; SIZE]) }
    }
}

/// The bits of the code of an entry that is no literal.
pub(super) fn code_bits(entry: Entry) -> u32 {
    entry >> 8 & 15
}

impl<const SIZE: usize, const BITS: usize> Table<SIZE, BITS> {
    /// Builds it from the length of each symbol's code, none of which is above [`LONGEST`]; `value` gives the upper
    /// half and the marks of a symbol's entry, and the bits of the number behind the code.
    pub(super) fn build(
        &mut self,
        lengths: &[u8],
        value: impl Fn(usize) -> Option<(Entry, u32)>,
    ) -> Result<(), Damaged> {
        let codes = Codes::new(lengths)?;
        let entry = |place: usize, bits: usize| {
            let symbol = usize::from(codes.symbols[place]);
            value(symbol).map_or(SPECIAL | bits as Entry, |(value, extra)| {
                value | (bits as Entry) << (8 * u32::from(value & LITERAL == 0)) | (bits as Entry + extra)
            })
        };
        // A code of fewer bits than the index has stands wherever its bits come first: the table so far, again and again.
        self.entries[0] = NOTHING;
        let (mut place, mut code) = (0, 0_u32);
        for length in 1..=BITS {
            let (known, new) = self.entries[..1 << length].split_at_mut(1 << (length - 1));
            new.copy_from_slice(known);
            code <<= 1;
            for _ in 0..codes.counts[length] {
                self.entries[reversed(code, length)] = entry(place, length);
                (place, code) = (place + 1, code + 1);
            }
        }
        // Longer codes with the same first bits follow one another, the longest last.
        let mut free = 1 << BITS;
        let mut length = BITS;
        let step = |place: usize, length: &mut usize, code: &mut u32| {
            while place >= codes.ends[*length] {
                *length += 1;
                *code <<= 1;
            }
        };
        while place < codes.used {
            step(place, &mut length, &mut code);
            let first = code >> (length - BITS);
            let (mut last_length, mut last_code, mut last) = (length, code, place);
            while last + 1 < codes.used {
                let (mut next_length, mut next_code) = (last_length, last_code + 1);
                step(last + 1, &mut next_length, &mut next_code);
                if next_code >> (next_length - BITS) != first {
                    break;
                }
                (last_length, last_code, last) = (next_length, next_code, last + 1);
            }
            let bits = last_length - BITS;
            let further = self.entries.get_mut(free..free + (1 << bits)).ok_or(Damaged)?;
            while place <= last {
                step(place, &mut length, &mut code);
                let rest = reversed(code, length) >> BITS;
                let entry = entry(place, length - BITS);
                further.iter_mut().skip(rest).step_by(1 << (length - BITS)).for_each(|slot| *slot = entry);
                (place, code) = (place + 1, code + 1);
            }
            self.entries[reversed(first, BITS)] = (free as Entry) << 16 | SPECIAL | FURTHER | bits as Entry;
            free += 1 << bits;
        }
        Ok(())
    }
}

/// The symbols that have codes, in the order of these.
struct Codes {
    counts: [usize; LONGEST + 1],
    symbols: [u16; 320],
    /// Where the symbols behind those of each length begin.
    ends: [usize; LONGEST + 1],
    used: usize,
}

impl Codes {
    fn new(lengths: &[u8]) -> Result<Self, Damaged> {
        let mut counts = [0; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let (mut ends, mut used, mut room) = ([0; LONGEST + 1], 0, 1_usize);
        for length in 1..=LONGEST {
            ends[length] = used;
            used += counts[length];
            room = (room << 1).checked_sub(counts[length]).ok_or(Damaged)?;
        }
        // A single code of one bit may leave the other bit unused, and a block may have no distances at all.
        if room > 0 && used > 0 && !(used == 1 && counts[1] == 1) {
            return Err(Damaged);
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

/// A code with its first bit lowest.
fn reversed(code: u32, length: usize) -> usize {
    (code.reverse_bits() >> (32 - length)) as usize
}
