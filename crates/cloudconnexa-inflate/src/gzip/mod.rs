//! Gzip files, member by member.

mod header;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use crate::crc::Crc32;
use crate::error::Cause;
use crate::{Error, Inflate, Limits, Progress};

/// Which part of a gzip file comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The header of a member, perhaps after a gap, or the end of the file.
    Header,
    /// Compressed data.
    Data,
    /// The checksum and length of a member.
    Trailer,
    End,
}

/// Decodes all members of a gzip file, one after another, into a buffer of the caller's.
///
/// The source and the buffer are passed to each call of [`decode`](Self::decode), so that a decoder can be kept for many
/// files ([`reset`](Self::reset)): it has some 14 KiB of tables, but no buffer. [`GzipReader`](crate::GzipReader) is simpler
/// to use.
///
/// ```
/// use cloudconnexa_inflate::{GzipDecoder, Limits, WINDOW};
///
/// # const FILE: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\xe1\x02\0-;\x08\xaf\x0c\0\0\0";
/// let mut decoder = GzipDecoder::new().with_limits(Limits::default().with_max_bytes(1 << 30));
/// let mut source = FILE;
/// let (mut buf, mut end) = (vec![0; 4 * WINDOW], 0);
/// let mut text = Vec::new();
/// loop {
///     let written = decoder.decode(&mut source, &mut buf, end)?;
///     if written == 0 {
///         break;
///     }
///     text.extend_from_slice(&buf[end..end + written]);
///     end += written;
///     if end == buf.len() {
///         // Keep what the next bytes may repeat.
///         buf.copy_within(end - WINDOW.., 0);
///         end = WINDOW;
///     }
/// }
/// assert_eq!(text, b"hello world\n");
/// # Ok::<(), cloudconnexa_inflate::Error>(())
/// ```
#[derive(Debug)]
pub struct GzipDecoder {
    limits: Limits,
    state: State,
    inflate: Inflate,
    crc: Crc32,
    /// Bytes that the current member has inflated to so far.
    written: u64,
    /// Bytes taken from the source. `inflate` may hold the last few of them unused.
    consumed: u64,
    /// Offset of the current member in the source.
    member_start: u64,
}

impl Default for GzipDecoder {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            state: State::Header,
            inflate: Inflate::default(),
            crc: Crc32::default(),
            written: 0,
            consumed: 0,
            member_start: 0,
        }
    }
}

impl GzipDecoder {
    /// Creates a decoder with the default [`Limits`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits for each member.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns the limits for each member.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Prepares for the start of another file. The limits stay.
    pub fn reset(&mut self) {
        (self.state, self.consumed, self.member_start) = (State::Header, 0, 0);
        self.inflate.reset();
    }

    /// Decodes some bytes of `source` to `buf[start..]` and returns how many, or 0 at the end of the file.
    ///
    /// `buf[..start]` has to end with the output of earlier calls for the same file: all of it, or at least the last
    /// [`WINDOW`](crate::WINDOW) bytes. Bytes after the returned ones may be overwritten. Zeros and ASCII white space after
    /// a member are skipped, whether another member follows or not: tapes pad with zeros, and tools that join files put a
    /// line feed between them.
    ///
    /// A source that is empty gives no output and no error.
    ///
    /// # Errors
    ///
    /// If the file is damaged or truncated, exceeds the [`Limits`], or cannot be read. Output in front of the error is
    /// returned first, by earlier calls. After a [`ChecksumMismatch`](crate::ErrorKind::ChecksumMismatch) the next call
    /// continues with the member that follows; after any other error it returns 0.
    ///
    /// # Panics
    ///
    /// If `start` is not less than the length of `buf`.
    pub fn decode(
        &mut self,
        source: &mut impl BufRead,
        buf: &mut [u8],
        start: usize,
    ) -> Result<usize, Error> {
        assert!(start < buf.len(), "there is no room for output: {start} of {} bytes", buf.len());
        let mut member = Member { decoder: self, source };
        loop {
            match member.decoder.state {
                State::End => return Ok(0),
                State::Header => member.header()?,
                State::Data => match member.data(buf, start)? {
                    0 => {}
                    written => return Ok(written),
                },
                State::Trailer => member.trailer()?,
            }
        }
    }

    /// Returns how many bytes of the source were used.
    fn offset(&self) -> u64 {
        self.consumed - self.inflate.unused_bytes() as u64
    }

    /// Returns which limit the current member exceeds.
    fn exceeded_limit(&self) -> Option<Cause> {
        let (written, Limits { max_bytes, max_ratio }) = (self.written, self.limits);
        if written > max_bytes {
            return Some(Cause::TooManyBytes { limit: max_bytes });
        }
        let compressed = self.offset() - self.member_start;
        let is_bomb = written > Limits::RATIO_EXEMPT_BYTES && written > compressed.saturating_mul(max_ratio);
        is_bomb.then_some(Cause::RatioTooHigh { limit: max_ratio, written })
    }
}

/// A decoder and its source, for the time of one call.
struct Member<'a, R> {
    decoder: &'a mut GzipDecoder,
    source: &'a mut R,
}

impl<R: BufRead> Member<'_, R> {
    /// Returns 0 if there is more to do before there is output.
    fn data(&mut self, buf: &mut [u8], start: usize) -> Result<usize, Error> {
        if let Some(cause) = self.decoder.exceeded_limit() {
            return self.fail(cause);
        }
        let input = match fill_buf(self.source) {
            Ok(input) => input,
            Err(error) => return self.fail(Cause::Io(error)),
        };
        let is_end = input.is_empty();
        let Ok(Progress { consumed, written }) = self.decoder.inflate.decode(input, buf, start) else {
            return self.fail(Cause::InvalidData);
        };
        self.source.consume(consumed);
        self.decoder.consumed += consumed as u64;
        self.decoder.crc.update(&buf[start..start + written]);
        self.decoder.written += written as u64;
        if self.decoder.inflate.is_finished() {
            self.decoder.state = State::Trailer;
        } else if is_end && written == 0 {
            return self.fail(Cause::UnexpectedEnd);
        }
        Ok(written)
    }

    fn trailer(&mut self) -> Result<(), Error> {
        // The last output of the member has not been checked yet.
        if let Some(cause) = self.decoder.exceeded_limit() {
            return self.fail(cause);
        }
        let mut trailer = [0; 8];
        self.read_exact(&mut trailer)?;
        self.decoder.state = State::Header;
        let (length, sum) = (self.decoder.written & 0xffff_ffff, self.decoder.crc.value());
        if u64::from_le_bytes(trailer) != length << 32 | u64::from(sum) {
            return Err(self.error(Cause::ChecksumMismatch));
        }
        Ok(())
    }

    fn next_byte(&mut self) -> Result<Option<u8>, Error> {
        let mut byte = self.decoder.inflate.take_unused_byte();
        if byte.is_none() {
            match fill_buf(self.source) {
                Ok(buffer) => byte = buffer.first().copied(),
                Err(error) => return self.fail(Cause::Io(error)),
            }
            let consumed = usize::from(byte.is_some());
            self.source.consume(consumed);
            self.decoder.consumed += consumed as u64;
        }
        if let (State::Header, Some(byte)) = (self.decoder.state, byte) {
            // Headers may have a checksum as well.
            self.decoder.crc.update(&[byte]);
        }
        Ok(byte)
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        for byte in bytes {
            match self.next_byte()? {
                Some(read) => *byte = read,
                None => return self.fail(Cause::UnexpectedEnd),
            }
        }
        Ok(())
    }

    /// Ends the file with an error.
    fn fail<T>(&mut self, cause: Cause) -> Result<T, Error> {
        self.decoder.state = State::End;
        Err(self.error(cause))
    }

    fn error(&self, cause: Cause) -> Error {
        let decoder = &*self.decoder;
        // Where the input ends, nothing of it is left for anything else.
        let offset = match cause {
            Cause::UnexpectedEnd => decoder.consumed,
            _ => decoder.offset(),
        };
        Error::new(cause, offset, decoder.member_start)
    }
}

fn fill_buf<R: BufRead>(source: &mut R) -> io::Result<&[u8]> {
    // In two steps, because the borrow checker cannot end a borrow that a loop may return.
    while let Err(error) = source.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    source.fill_buf()
}
