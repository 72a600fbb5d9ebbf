//! The symbols of a block: literals and matches.

use super::table::{
    DISTANCE_BITS, END_OF_BLOCK, EXCEPTIONAL, Entry, LITERAL, LITERAL_BITS, SUBTABLE, code_bits,
    subtable_index,
};
use super::{BitBuffer, DeflateError, Inflate, Match, State};

/// The greatest length of a match.
const MAX_MATCH: usize = 258;
/// Copies write in chunks of this size, and so may write up to as much too far.
const CHUNK: usize = 32;
/// With more than this left on both sides, a round of the fast loop cannot reach either end: it refills at most twice, and
/// writes at most three literals, or two and a match.
const INPUT_MARGIN: usize = 32;
const OUTPUT_MARGIN: usize = MAX_MATCH + CHUNK + 4;

/// Returns a length or distance: its base, and the extra bits that follow the code in `word`.
#[inline]
fn value(entry: Entry, word: u64) -> usize {
    // The shift wraps, so that it takes its count from the lowest bits of the entry.
    let code_and_extra = word & !u64::MAX.wrapping_shl(entry);
    (entry >> 16) as usize + code_and_extra.wrapping_shr(code_bits(entry)) as usize
}

impl Inflate {
    /// Decodes until the block ends or one side is used up. `buf[window_start..*end]` is what matches may refer to.
    pub(super) fn decode_symbols(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
        buf: &mut [u8],
        end: &mut usize,
        window_start: usize,
    ) -> Result<(), DeflateError> {
        self.copy_pending(buf, end);
        while self.state == State::Symbols && self.pending.length == 0 {
            if input.len() - *consumed > INPUT_MARGIN && buf.len() - *end > OUTPUT_MARGIN {
                self.decode_fast(input, consumed, buf, end, window_start)?;
            } else if *end == buf.len() || !self.decode_one(input, consumed, buf, end, window_start)? {
                break;
            }
        }
        Ok(())
    }

    /// Copies as much of a pending match as there is room for.
    fn copy_pending(&mut self, buf: &mut [u8], end: &mut usize) {
        let Match { length, distance } = self.pending;
        let length = length.min(buf.len() - *end);
        for _ in 0..length {
            buf[*end] = buf[*end - distance];
            *end += 1;
        }
        self.pending.length -= length;
    }

    /// Decodes one symbol at the edge of either side. Returns false if the input does not have all of it.
    fn decode_one(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
        buf: &mut [u8],
        end: &mut usize,
        window_start: usize,
    ) -> Result<bool, DeflateError> {
        self.bits.fill(input, consumed);
        let mut bits = self.bits;
        let Some(entry) = look_up(&self.literals.entries[..], LITERAL_BITS, &mut bits)? else {
            return Ok(false);
        };
        if entry & LITERAL != 0 {
            buf[*end] = (entry >> 16) as u8;
            *end += 1;
            self.bits = bits;
            return Ok(true);
        }
        if entry & END_OF_BLOCK != 0 {
            self.bits = bits;
            self.state = State::Block;
            return Ok(true);
        }
        let Some(length) = take_value(entry, &mut bits) else { return Ok(false) };
        let Some(entry) = look_up(&self.distances.entries[..], DISTANCE_BITS, &mut bits)? else {
            return Ok(false);
        };
        let Some(distance) = take_value(entry, &mut bits) else { return Ok(false) };
        if distance > *end - window_start {
            return Err(DeflateError);
        }
        self.bits = bits;
        self.pending = Match { length, distance };
        self.copy_pending(buf, end);
        Ok(true)
    }

    /// Decodes as long as both sides have their margin.
    fn decode_fast(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
        buf: &mut [u8],
        end: &mut usize,
        window_start: usize,
    ) -> Result<(), DeflateError> {
        let (literals, distances) = (&*self.literals.entries, &*self.distances.entries);
        let literal = |word: u64| literals[word as usize & ((1 << LITERAL_BITS) - 1)];
        let BitBuffer { mut word, mut count } = self.bits;
        if count < 64 {
            word &= (1 << count) - 1;
        }
        let (mut from, mut to) = (*consumed, *end);
        let (from_limit, to_limit) = (input.len() - INPUT_MARGIN, buf.len() - OUTPUT_MARGIN);
        // Only the lowest byte of `count` counts. So a whole entry can be subtracted, without masking its lowest byte first,
        // and for the same reason shifts wrap.
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
        macro_rules! write_literal {
            ($entry:expr) => {
                skip!($entry);
                buf[to] = ($entry >> 16) as u8;
                to += 1;
            };
        }
        let mut result = Ok(());
        refill!();
        let mut entry = literal(word);
        while from < from_limit && to < to_limit {
            // A refill leaves at least 56 bits. Without another one they are enough for three literals of the main table (33
            // bits), or for two of them and a length (42 bits).
            if entry & LITERAL != 0 {
                write_literal!(entry);
                entry = literal(word);
                if entry & LITERAL != 0 {
                    write_literal!(entry);
                    entry = literal(word);
                    if entry & LITERAL != 0 {
                        write_literal!(entry);
                        refill!();
                        entry = literal(word);
                        continue;
                    }
                }
            }
            if entry & EXCEPTIONAL != 0 {
                if entry & SUBTABLE != 0 {
                    skip!(LITERAL_BITS as u32);
                    entry = literals[subtable_index(entry, word)];
                }
                if entry & LITERAL != 0 {
                    write_literal!(entry);
                    refill!();
                    entry = literal(word);
                    continue;
                }
                if entry & EXCEPTIONAL != 0 {
                    if entry & END_OF_BLOCK == 0 {
                        result = Err(DeflateError);
                    } else {
                        skip!(entry);
                        self.state = State::Block;
                    }
                    break;
                }
            }
            let length = value(entry, word);
            skip!(entry);
            // A distance takes up to 15 bits of code and 13 extra bits.
            if count & 0xff < 28 {
                refill!();
            }
            entry = distances[word as usize & ((1 << DISTANCE_BITS) - 1)];
            if entry & EXCEPTIONAL != 0 {
                if entry & SUBTABLE != 0 {
                    skip!(DISTANCE_BITS as u32);
                    entry = distances[subtable_index(entry, word)];
                }
                if entry & EXCEPTIONAL != 0 {
                    result = Err(DeflateError);
                    break;
                }
            }
            let distance = value(entry, word);
            skip!(entry);
            if distance > to - window_start {
                result = Err(DeflateError);
                break;
            }
            // Look up the next entry first: the load takes its time while the copy is under way.
            refill!();
            entry = literal(word);
            copy(buf, to, length, distance);
            to += length;
        }
        self.bits = BitBuffer { word, count: count & 0xff };
        (*consumed, *end) = (from, to);
        result
    }
}

/// Copies `length` bytes from `distance` before `to`. May write up to a chunk more, for which there has to be room.
#[inline]
fn copy(buf: &mut [u8], to: usize, length: usize, distance: usize) {
    let (mut from, mut to, end) = (to - distance, to, to + length);
    if distance >= CHUNK {
        copy_chunk::<CHUNK>(buf, from, to);
        while to + CHUNK < end {
            from += CHUNK;
            to += CHUNK;
            copy_chunk::<CHUNK>(buf, from, to);
        }
    } else if distance == 1 {
        let byte = buf[from];
        buf[to..end].fill(byte);
    } else if distance >= 8 {
        while to < end {
            copy_chunk::<8>(buf, from, to);
            from += 8;
            to += 8;
        }
    } else {
        while to < end {
            buf[to] = buf[from];
            from += 1;
            to += 1;
        }
    }
}

/// Copies a fixed number of bytes by way of registers.
#[inline]
fn copy_chunk<const LENGTH: usize>(buf: &mut [u8], from: usize, to: usize) {
    let bytes: [u8; LENGTH] = *buf[from..].first_chunk().expect("the margin");
    *buf[to..].first_chunk_mut().expect("the margin") = bytes;
}

/// Returns the entry for the next bits and skips its code, but leaves the code of a length or distance to [`take_value`].
/// Returns `None` if bits are missing.
fn look_up(
    entries: &[Entry],
    index_bits: usize,
    bits: &mut BitBuffer,
) -> Result<Option<Entry>, DeflateError> {
    let mut ahead = *bits;
    let mut entry = entries[ahead.word as usize & ((1 << index_bits) - 1)];
    if entry & SUBTABLE != 0 && entry & EXCEPTIONAL != 0 {
        if ahead.count < index_bits as u32 {
            return Ok(None);
        }
        ahead.skip(index_bits as u32);
        entry = entries[subtable_index(entry, ahead.word)];
    }
    if entry & EXCEPTIONAL != 0 && entry & END_OF_BLOCK == 0 {
        // With bits that are yet to come it may be another entry.
        return if ahead.count < entry & 0xff { Ok(None) } else { Err(DeflateError) };
    }
    let has_value = entry & (LITERAL | EXCEPTIONAL) == 0;
    let code = if has_value { code_bits(entry) } else { entry & 0xff };
    if ahead.count < code {
        return Ok(None);
    }
    if !has_value {
        ahead.skip(code);
    }
    *bits = ahead;
    Ok(Some(entry))
}

/// Takes a length or distance, if there are enough bits.
fn take_value(entry: Entry, bits: &mut BitBuffer) -> Option<usize> {
    let count = entry & 0xff;
    (bits.count >= count).then(|| {
        let value = value(entry, bits.word);
        bits.skip(count);
        value
    })
}
