//! Inflate (RFC 1951) from a slice of input to a slice of output, resumable at any byte of either.

#![expect(clippy::cast_possible_truncation, reason = "the lowest bits of a word are the wanted ones")]

mod decode;
mod header;
mod table;
#[cfg(test)]
mod tests;

use std::{error, fmt};

use header::CodeLengths;
use table::{DistanceTable, LiteralTable};

/// How far back repeated text can be: 32 KiB.
pub const WINDOW: usize = 1 << 15;

/// The input is not a valid deflate stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeflateError;

impl fmt::Display for DeflateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid deflate data")
    }
}

impl error::Error for DeflateError {}

/// The result of one call of [`Inflate::decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Progress {
    /// Number of bytes of the input that were used.
    pub consumed: usize,
    /// Number of bytes of output.
    pub written: usize,
}

/// What comes next in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The start of a block, or the end of the stream.
    Block,
    /// The length of a stored block.
    StoredLength,
    /// The bytes of a stored block.
    Stored {
        left: usize,
    },
    /// The numbers of codes of a dynamic block.
    CodeCounts,
    /// The code lengths of a dynamic block.
    CodeLengths,
    /// The symbols of a compressed block.
    Symbols,
    End,
    Invalid,
}

/// A decoder of raw deflate streams, without any container.
///
/// ```
/// use cloudconnexa_inflate::Inflate;
///
/// let data = b"\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\xe1\x02\0";
/// let (mut inflate, mut buf) = (Inflate::new(), [0; 100]);
/// let first = inflate.decode(&data[..7], &mut buf, 0)?;
/// let second = inflate.decode(&data[first.consumed..], &mut buf, first.written)?;
/// assert!(inflate.is_finished());
/// assert_eq!(&buf[..first.written + second.written], b"hello world\n");
/// # Ok::<(), cloudconnexa_inflate::DeflateError>(())
/// ```
#[derive(Debug)]
pub struct Inflate {
    state: State,
    is_last_block: bool,
    bits: BitBuffer,
    code_lengths: CodeLengths,
    literals: LiteralTable,
    distances: DistanceTable,
    /// The rest of a match that the output had no room for.
    pending: Match,
    /// How much of the output so far may be copied from, at most [`WINDOW`].
    available: usize,
}

/// A repetition of earlier output: `length` bytes from `distance` bytes back.
#[derive(Clone, Copy, Debug, Default)]
struct Match {
    length: usize,
    distance: usize,
}

/// Bits that were read and not used, the first of them lowest.
#[derive(Clone, Copy, Debug, Default)]
struct BitBuffer {
    word: u64,
    /// How many of the bits are valid. Those above may be anything that comes next.
    count: u32,
}

impl BitBuffer {
    /// Reads byte by byte until nearly full, or to the end of the input.
    fn fill(&mut self, input: &[u8], consumed: &mut usize) {
        if self.count < 64 {
            self.word &= (1 << self.count) - 1;
        }
        while self.count <= 56
            && let Some(&byte) = input.get(*consumed)
        {
            self.word |= u64::from(byte) << self.count;
            self.count += 8;
            *consumed += 1;
        }
    }

    /// Takes the first `count` bits, if there are that many.
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
            is_last_block: false,
            bits: BitBuffer::default(),
            code_lengths: CodeLengths::default(),
            literals: LiteralTable::default(),
            distances: DistanceTable::default(),
            pending: Match::default(),
            available: 0,
        }
    }
}

impl Inflate {
    /// Creates a decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Prepares for the start of another stream.
    pub fn reset(&mut self) {
        self.state = State::Block;
        self.is_last_block = false;
        self.bits = BitBuffer::default();
        self.pending = Match::default();
        self.available = 0;
    }

    /// Returns whether the end of the stream was reached.
    pub fn is_finished(&self) -> bool {
        self.state == State::End
    }

    /// Returns how many bytes were consumed that follow the end of the stream: less than 8.
    pub fn unused_bytes(&self) -> usize {
        (self.bits.count / 8) as usize
    }

    /// Takes the first of the [`unused_bytes`](Self::unused_bytes), once the stream [is finished](Self::is_finished).
    pub fn take_unused_byte(&mut self) -> Option<u8> {
        self.bits.skip(self.bits.count % 8);
        self.bits.take(8).and_then(|byte| u8::try_from(byte).ok())
    }

    /// Decodes from `input` to `buf[start..]`, until one of them is used up or the stream ends.
    ///
    /// `buf[..start]` has to end with the output of earlier calls for the same stream: all of it, or at least the last
    /// [`WINDOW`] bytes. Bytes after the returned ones may be overwritten. It is fastest if there are some hundred bytes of
    /// room.
    ///
    /// If neither anything is consumed nor written and the stream is not finished, it needs more input, or `buf` more room.
    ///
    /// # Errors
    ///
    /// If the stream is damaged. Output in front of the damage is returned first, by this or earlier calls.
    ///
    /// # Panics
    ///
    /// If `start` is greater than the length of `buf`.
    pub fn decode(&mut self, input: &[u8], buf: &mut [u8], start: usize) -> Result<Progress, DeflateError> {
        let (mut consumed, mut end) = (0, start);
        let result = self.run(input, &mut consumed, buf, &mut end);
        let written = end - start;
        self.available = (self.available + written).min(WINDOW);
        match result {
            Err(DeflateError) if written == 0 => Err(DeflateError),
            Err(DeflateError) => {
                self.state = State::Invalid;
                Ok(Progress { consumed, written })
            }
            Ok(()) => Ok(Progress { consumed, written }),
        }
    }

    /// Decodes to `buf[*end..]`.
    fn run(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
        buf: &mut [u8],
        end: &mut usize,
    ) -> Result<(), DeflateError> {
        let window_start = end.saturating_sub(self.available);
        loop {
            let before = (self.state, *consumed, self.bits.count, self.code_lengths.read());
            match self.state {
                State::End => return Ok(()),
                State::Invalid => return Err(DeflateError),
                State::Block => self.read_block_start(input, consumed)?,
                State::StoredLength => self.read_stored_length(input, consumed)?,
                State::Stored { left } => self.copy_stored(left, input, consumed, buf, end),
                State::CodeCounts => self.read_code_counts(input, consumed)?,
                State::CodeLengths => self.read_code_lengths(input, consumed)?,
                State::Symbols => {
                    self.decode_symbols(input, consumed, buf, end, window_start)?;
                    if self.state == State::Symbols {
                        return Ok(());
                    }
                    continue;
                }
            }
            if before == (self.state, *consumed, self.bits.count, self.code_lengths.read()) {
                return Ok(());
            }
        }
    }

    fn read_block_start(&mut self, input: &[u8], consumed: &mut usize) -> Result<(), DeflateError> {
        if self.is_last_block {
            self.state = State::End;
            return Ok(());
        }
        self.bits.fill(input, consumed);
        let Some(bits) = self.bits.take(3) else { return Ok(()) };
        self.is_last_block = bits & 1 == 1;
        self.state = match bits >> 1 {
            0 => State::StoredLength,
            1 => {
                self.use_fixed_codes()?;
                State::Symbols
            }
            2 => State::CodeCounts,
            _ => return Err(DeflateError),
        };
        Ok(())
    }

    fn read_stored_length(&mut self, input: &[u8], consumed: &mut usize) -> Result<(), DeflateError> {
        self.bits.skip(self.bits.count % 8);
        self.bits.fill(input, consumed);
        let Some(lengths) = self.bits.take(32) else { return Ok(()) };
        let (length, complement) = (lengths & 0xffff, lengths >> 16);
        if length != !complement & 0xffff {
            return Err(DeflateError);
        }
        self.state = State::Stored { left: length };
        Ok(())
    }

    fn copy_stored(
        &mut self,
        mut left: usize,
        input: &[u8],
        consumed: &mut usize,
        buf: &mut [u8],
        end: &mut usize,
    ) {
        while left > 0 && *end < buf.len() && self.bits.count > 0 {
            let Some(byte) = self.take_unused_byte() else { break };
            buf[*end] = byte;
            *end += 1;
            left -= 1;
        }
        let length = left.min(buf.len() - *end).min(input.len() - *consumed);
        buf[*end..*end + length].copy_from_slice(&input[*consumed..*consumed + length]);
        *end += length;
        *consumed += length;
        left -= length;
        self.state = if left == 0 { State::Block } else { State::Stored { left } };
    }
}
