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
        let mut counts = [0_u32; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        // Codes are numbered by length; `next` is the first of each length.
        let mut next = [0_u32; LONGEST + 2];
        for length in 1..=LONGEST {
            next[length + 1] = (next[length] + counts[length]) << 1;
            if next[length] + counts[length] > 1 << length {
                return Err(Damaged);
            }
        }
        let used: u32 = counts.iter().sum();
        let is_complete = next[LONGEST] + counts[LONGEST] == 1 << LONGEST;
        // A single code of one bit may leave the other bit unused, and a block may have no distances at all.
        if !is_complete && used > 0 && !(used == 1 && counts[1] == 1) {
            return Err(Damaged);
        }
        if !is_complete {
            self.entries.fill(NOTHING);
        }
        let mut free = 1 << BITS;
        let codes = next;
        // Further tables need their sizes first: the longest code with the same first bits.
        let mut longest = [0_u8; 1 << LITERAL_BITS];
        if counts[BITS + 1..].iter().any(|&count| count > 0) {
            for &length in lengths {
                let code = reversed(&mut next, length);
                if usize::from(length) > BITS {
                    let first = &mut longest[code & ((1 << BITS) - 1)];
                    *first = (*first).max(length);
                }
            }
            for (first, &longest) in longest.iter().enumerate().filter(|(_, longest)| **longest > 0) {
                let bits = usize::from(longest) - BITS;
                if free + (1 << bits) > SIZE {
                    return Err(Damaged);
                }
                self.entries[first] = (free as Entry) << 16 | SPECIAL | FURTHER | bits as Entry;
                self.entries[free..free + (1 << bits)].fill(NOTHING);
                free += 1 << bits;
            }
            next = codes;
        }
        for (symbol, &length) in lengths.iter().enumerate() {
            if length == 0 {
                continue;
            }
            let code = reversed(&mut next, length);
            let length = usize::from(length);
            let behind = |bits: usize| {
                value(symbol).map_or(SPECIAL | bits as Entry, |(value, extra)| {
                    value | (bits as Entry) << 8 * u32::from(value & LITERAL == 0) | (bits as Entry + extra)
                })
            };
            if length <= BITS {
                let entry = behind(length);
                self.entries[..1 << BITS]
                    .iter_mut()
                    .skip(code)
                    .step_by(1 << length)
                    .for_each(|slot| *slot = entry);
            } else {
                let first = self.entries[code & ((1 << BITS) - 1)];
                let (start, bits) = ((first >> 16) as usize, (first & 0xff) as usize);
                let entry = behind(length - BITS);
                let further = &mut self.entries[start..start + (1 << bits)];
                further
                    .iter_mut()
                    .skip(code >> BITS)
                    .step_by(1 << (length - BITS))
                    .for_each(|slot| *slot = entry);
            }
        }
        Ok(())
    }
}

/// The next code of a length, its first bit lowest.
fn reversed(next: &mut [u32; LONGEST + 2], length: u8) -> usize {
    let length = usize::from(length);
    if length == 0 {
        return 0;
    }
    let code = next[length];
    next[length] += 1;
    (code.reverse_bits() >> (32 - length)) as usize
}
