//! The codes of a block: texts, and copies of what came before.

use super::table::{DISTANCE_BITS, END, Entry, FURTHER, LITERAL, LITERAL_BITS, SPECIAL, code_bits};
use super::{Bits, Damaged, Inflate, State};

/// The longest copy.
const LONGEST_COPY: usize = 258;
/// How much is copied at once: a copy may write so much more than it is long.
const STRIDE: usize = 32;
/// With that much left on both sides a round needs no look at either end.
const INPUT_MARGIN: usize = 32;
const OUTPUT_MARGIN: usize = LONGEST_COPY + STRIDE + 4;

/// A number that follows its code: base and as many bits of `word` as the entry says.
#[inline]
fn number(entry: Entry, word: u64) -> usize {
    let all = word & !u64::MAX.wrapping_shl(entry);
    (entry >> 16) as usize + all.wrapping_shr(code_bits(entry)) as usize
}

impl Inflate {
    /// Decodes until the block ends or one side is used up.
    pub(super) fn body(
        &mut self,
        input: &[u8],
        taken: &mut usize,
        memory: &mut [u8],
        at: &mut usize,
        floor: usize,
    ) -> Result<(), Damaged> {
        self.copy_pending(memory, at);
        while self.state == State::Body && self.pending.0 == 0 {
            if input.len() - *taken > INPUT_MARGIN && memory.len() - *at > OUTPUT_MARGIN {
                self.fast(input, taken, memory, at, floor)?;
            } else if *at == memory.len() || !self.one(input, taken, memory, at, floor)? {
                break;
            }
        }
        Ok(())
    }

    fn copy_pending(&mut self, memory: &mut [u8], at: &mut usize) {
        let (length, distance) = self.pending;
        let now = length.min(memory.len() - *at);
        for _ in 0..now {
            memory[*at] = memory[*at - distance];
            *at += 1;
        }
        self.pending.0 -= now;
    }

    /// Decodes one text or copy; false if the input does not have all of it.
    fn one(
        &mut self,
        input: &[u8],
        taken: &mut usize,
        memory: &mut [u8],
        at: &mut usize,
        floor: usize,
    ) -> Result<bool, Damaged> {
        self.bits.fill(input, taken);
        let mut bits = self.bits;
        let Some(entry) = look_up(&self.literals.entries[..], LITERAL_BITS, &mut bits)? else {
            return Ok(false);
        };
        if entry & LITERAL != 0 {
            memory[*at] = (entry >> 16) as u8;
            *at += 1;
            self.bits = bits;
            return Ok(true);
        }
        if entry & END != 0 {
            self.bits = bits;
            self.state = State::Block;
            return Ok(true);
        }
        let length = entry;
        let Some(length) = rest(length, &mut bits) else { return Ok(false) };
        let Some(entry) = look_up(&self.distances.entries[..], DISTANCE_BITS, &mut bits)? else {
            return Ok(false);
        };
        let Some(distance) = rest(entry, &mut bits) else { return Ok(false) };
        if distance > *at - floor {
            return Err(Damaged);
        }
        self.bits = bits;
        self.pending = (length, distance);
        self.copy_pending(memory, at);
        Ok(true)
    }

    /// Decodes as long as both sides have enough for a round.
    fn fast(
        &mut self,
        input: &[u8],
        taken: &mut usize,
        memory: &mut [u8],
        at: &mut usize,
        floor: usize,
    ) -> Result<(), Damaged> {
        let (literals, distances) = (&*self.literals.entries, &*self.distances.entries);
        let literal = |word: u64| literals[word as usize & ((1 << LITERAL_BITS) - 1)];
        let Bits { mut word, mut count } = self.bits;
        if count < 64 {
            word &= (1 << count) - 1;
        }
        let (mut from, mut to) = (*taken, *at);
        let (last_from, last_to) = (input.len() - INPUT_MARGIN, memory.len() - OUTPUT_MARGIN);
        // Of `count` the lowest byte counts: so an entry can be subtracted as it is.
        macro_rules! refill {
            () => {
                let bytes = input[from..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
                word |= bytes.wrapping_shl(count);
                from += (63_u32.wrapping_sub(count) >> 3 & 7) as usize;
                count |= 56;
            };
        }
        macro_rules! skip {
            ($entry:expr) => {
                word = word.wrapping_shr($entry);
                count = count.wrapping_sub($entry);
            };
        }
        macro_rules! write {
            ($entry:expr) => {
                skip!($entry);
                memory[to] = ($entry >> 16) as u8;
                to += 1;
            };
        }
        let mut result = Ok(());
        refill!();
        let mut entry = literal(word);
        while from < last_from && to < last_to {
            if entry & LITERAL != 0 {
                write!(entry);
                entry = literal(word);
                if entry & LITERAL != 0 {
                    write!(entry);
                    entry = literal(word);
                    if entry & LITERAL != 0 {
                        write!(entry);
                        refill!();
                        entry = literal(word);
                        continue;
                    }
                }
            }
            if entry & SPECIAL != 0 {
                if entry & FURTHER != 0 {
                    skip!(LITERAL_BITS as u32);
                    entry = literals[further(entry, word)];
                }
                if entry & LITERAL != 0 {
                    write!(entry);
                    refill!();
                    entry = literal(word);
                    continue;
                }
                if entry & SPECIAL != 0 {
                    if entry & END == 0 {
                        result = Err(Damaged);
                    } else {
                        skip!(entry);
                        self.state = State::Block;
                    }
                    break;
                }
            }
            let length = number(entry, word);
            skip!(entry);
            if count & 0xff < 28 {
                refill!();
            }
            entry = distances[word as usize & ((1 << DISTANCE_BITS) - 1)];
            if entry & SPECIAL != 0 {
                if entry & FURTHER != 0 {
                    skip!(DISTANCE_BITS as u32);
                    entry = distances[further(entry, word)];
                }
                if entry & SPECIAL != 0 {
                    result = Err(Damaged);
                    break;
                }
            }
            let distance = number(entry, word);
            skip!(entry);
            if distance > to - floor {
                result = Err(Damaged);
                break;
            }
            // What comes next is looked up while the copy is under way.
            refill!();
            entry = literal(word);
            copy(memory, to, length, distance);
            to += length;
        }
        self.bits = Bits { word, count: count & 0xff };
        (*taken, *at) = (from, to);
        result
    }
}

/// The place of an entry in a further table.
#[inline]
fn further(entry: Entry, word: u64) -> usize {
    (entry >> 16) as usize + (word as usize & ((1 << (entry & 0xff)) - 1))
}

/// Copies `length` bytes from `distance` before; may write up to a stride more, for which there is room.
#[inline]
fn copy(memory: &mut [u8], to: usize, length: usize, distance: usize) {
    let (mut from, mut to, end) = (to - distance, to, to + length);
    if distance >= STRIDE {
        stride::<STRIDE>(memory, from, to);
        while to + STRIDE < end {
            from += STRIDE;
            to += STRIDE;
            stride::<STRIDE>(memory, from, to);
        }
    } else if distance == 1 {
        let byte = memory[from];
        memory[to..end].fill(byte);
    } else if distance >= 8 {
        while to < end {
            stride::<8>(memory, from, to);
            from += 8;
            to += 8;
        }
    } else {
        while to < end {
            memory[to] = memory[from];
            from += 1;
            to += 1;
        }
    }
}

/// Copies so many bytes at once, by way of registers.
#[inline]
fn stride<const LENGTH: usize>(memory: &mut [u8], from: usize, to: usize) {
    let bytes: [u8; LENGTH] = *memory[from..].first_chunk().expect("the margin");
    *memory[to..].first_chunk_mut().expect("the margin") = bytes;
}

/// The entry that the next bits stand for, with the code used up except that of a number; none if bits are missing.
fn look_up(entries: &[Entry], first: usize, bits: &mut Bits) -> Result<Option<Entry>, Damaged> {
    let mut ahead = *bits;
    let mut entry = entries[ahead.word as usize & ((1 << first) - 1)];
    if entry & FURTHER != 0 && entry & SPECIAL != 0 {
        if ahead.count < first as u32 {
            return Ok(None);
        }
        ahead.skip(first as u32);
        entry = entries[further(entry, ahead.word)];
    }
    if entry & SPECIAL != 0 && entry & END == 0 {
        // Bits that are still to come may make it another.
        return if ahead.count < entry & 0xff { Ok(None) } else { Err(Damaged) };
    }
    let used = if entry & (LITERAL | SPECIAL) != 0 { entry & 0xff } else { code_bits(entry) };
    if ahead.count < used {
        return Ok(None);
    }
    if entry & (LITERAL | SPECIAL) != 0 {
        ahead.skip(used);
    }
    *bits = ahead;
    Ok(Some(entry))
}

/// The number of an entry.
fn rest(entry: Entry, bits: &mut Bits) -> Option<usize> {
    let all = entry & 0xff;
    (bits.count >= all).then(|| {
        let value = number(entry, bits.word);
        bits.skip(all);
        value
    })
}
