//! Undoes deflate (RFC 1951), bytes in, bytes out, as fast as the memory that it is given lets it.
//!
//! It can stop and go on at any byte of either side. What it gives is decoded in place: the memory in front of the place
//! where output goes is where repeated text is copied from, so that nothing is kept twice.

#![expect(clippy::cast_possible_truncation, reason = "what is wanted of a word are its lowest bits")]

mod body;
mod header;
mod table;
#[cfg(test)]
mod tests;

use header::Lengths;
use table::{Distances, Literals};

/// How far back repeated text can be.
pub(crate) const WINDOW: usize = 1 << 15;

/// What was read is no deflate data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Bytes of the input that were used.
    pub(crate) taken: usize,
    /// Bytes that were written.
    pub(crate) given: usize,
}

/// Where in a stream it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In front of a block.
    Block,
    /// In front of the length of bytes that are stored as they are.
    StoredLength,
    Stored {
        left: usize,
    },
    /// In front of the sizes of the codes.
    Sizes,
    /// Within the lengths of the codes.
    Lengths,
    /// Within codes.
    Body,
    End,
    Damaged,
}

/// The state of one stream.
#[derive(Debug)]
pub(crate) struct Inflate {
    state: State,
    is_last: bool,
    bits: Bits,
    lengths: Lengths,
    literals: Literals,
    distances: Distances,
    /// A copy that the output had no room for: its length and distance.
    pending: (usize, usize),
    /// How much of the output so far can be copied from: no more than a window.
    produced: usize,
}

/// Bits that were read and not used, the first lowest.
#[derive(Clone, Copy, Debug, Default)]
struct Bits {
    word: u64,
    /// How many of them count; those above may be anything that comes next.
    count: u32,
}

impl Bits {
    /// Reads byte by byte until nearly full, or to the end of the input.
    fn fill(&mut self, input: &[u8], taken: &mut usize) {
        if self.count < 64 {
            self.word &= (1 << self.count) - 1;
        }
        while self.count <= 56
            && let Some(&byte) = input.get(*taken)
        {
            self.word |= u64::from(byte) << self.count;
            self.count += 8;
            *taken += 1;
        }
    }

    /// The first `count` bits, if there are so many.
    fn take(&mut self, count: u32) -> Option<usize> {
        if self.count < count {
            return None;
        }
        let value = self.word & ((1 << count) - 1);
        self.skip(count);
        usize::try_from(value).ok()
    }

    fn skip(&mut self, count: u32) {
        self.word >>= count;
        self.count -= count;
    }
}

impl Default for Inflate {
    fn default() -> Self {
        Self {
            state: State::Block,
            is_last: false,
            bits: Bits::default(),
            lengths: Lengths::default(),
            literals: Literals::default(),
            distances: Distances::default(),
            pending: (0, 0),
            produced: 0,
        }
    }
}

impl Inflate {
    /// Begins with another stream.
    pub(crate) fn restart(&mut self) {
        self.state = State::Block;
        self.is_last = false;
        self.bits = Bits::default();
        self.pending = (0, 0);
        self.produced = 0;
    }

    /// Whether the stream is at its end.
    pub(crate) fn is_at_end(&self) -> bool {
        self.state == State::End
    }

    /// How many bytes were taken that stand behind the end of the stream.
    pub(crate) fn left_over(&self) -> usize {
        (self.bits.count / 8) as usize
    }

    /// The first of them.
    pub(crate) fn take_left_over(&mut self) -> Option<u8> {
        self.bits.skip(self.bits.count % 8);
        self.bits.take(8).and_then(|byte| u8::try_from(byte).ok())
    }

    /// Decodes from `input` to `memory[end..]`, until one of them is used up or the stream ends.
    ///
    /// In front of `end` stands what was decoded before, at least the last [`WINDOW`] of it.
    pub(crate) fn read(&mut self, input: &[u8], memory: &mut [u8], end: usize) -> Result<Progress, Damaged> {
        let (mut taken, mut at) = (0, end);
        let read = self.run(input, &mut taken, memory, &mut at);
        self.produced = (self.produced + (at - end)).min(WINDOW);
        match read {
            // What came before the damage is given; the damage is told next.
            Err(Damaged) if at == end => Err(Damaged),
            Err(Damaged) => {
                self.state = State::Damaged;
                Ok(Progress { taken, given: at - end })
            }
            Ok(()) => Ok(Progress { taken, given: at - end }),
        }
    }

    fn run(
        &mut self,
        input: &[u8],
        taken: &mut usize,
        memory: &mut [u8],
        at: &mut usize,
    ) -> Result<(), Damaged> {
        let floor = at.saturating_sub(self.produced);
        loop {
            let before = (self.state, *taken, self.bits.count, self.lengths.done());
            match self.state {
                State::End => return Ok(()),
                State::Damaged => return Err(Damaged),
                State::Block => self.block(input, taken)?,
                State::StoredLength => self.stored_length(input, taken)?,
                State::Stored { left } => self.stored(left, input, taken, memory, at),
                State::Sizes => self.sizes(input, taken)?,
                State::Lengths => self.code_lengths(input, taken)?,
                State::Body => {
                    self.body(input, taken, memory, at, floor)?;
                    if self.state == State::Body {
                        return Ok(());
                    }
                    continue;
                }
            }
            if before == (self.state, *taken, self.bits.count, self.lengths.done()) {
                return Ok(());
            }
        }
    }

    /// The first bits of a block.
    fn block(&mut self, input: &[u8], taken: &mut usize) -> Result<(), Damaged> {
        if self.is_last {
            self.state = State::End;
            return Ok(());
        }
        self.bits.fill(input, taken);
        let Some(bits) = self.bits.take(3) else { return Ok(()) };
        self.is_last = bits & 1 == 1;
        self.state = match bits >> 1 {
            0 => State::StoredLength,
            1 => {
                self.fixed_codes()?;
                State::Body
            }
            2 => State::Sizes,
            _ => return Err(Damaged),
        };
        Ok(())
    }

    fn stored_length(&mut self, input: &[u8], taken: &mut usize) -> Result<(), Damaged> {
        self.bits.skip(self.bits.count % 8);
        self.bits.fill(input, taken);
        let Some(lengths) = self.bits.take(32) else { return Ok(()) };
        let (length, complement) = (lengths & 0xffff, lengths >> 16);
        if length != !complement & 0xffff {
            return Err(Damaged);
        }
        self.state = State::Stored { left: length };
        Ok(())
    }

    fn stored(
        &mut self,
        mut left: usize,
        input: &[u8],
        taken: &mut usize,
        memory: &mut [u8],
        at: &mut usize,
    ) {
        while left > 0 && *at < memory.len() && self.bits.count > 0 {
            let Some(byte) = self.take_left_over() else { break };
            memory[*at] = byte;
            *at += 1;
            left -= 1;
        }
        let length = left.min(memory.len() - *at).min(input.len() - *taken);
        memory[*at..*at + length].copy_from_slice(&input[*taken..*taken + length]);
        *at += length;
        *taken += length;
        left -= length;
        self.state = if left == 0 { State::Block } else { State::Stored { left } };
    }
}
