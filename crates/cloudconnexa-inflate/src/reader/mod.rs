//! A gzip file as a reader.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, BufRead, Read};

use crate::{GzipDecoder, Limits, WINDOW};

/// Room for the window, and for output after it.
const BUFFER: usize = 4 * WINDOW;

/// Reads the inflated bytes of all members of a gzip file.
///
/// It is a [`BufRead`] as well as a [`Read`], so that lines can be read from it without another buffer. An error of the file
/// is an [`io::Error`] that has an [`Error`](crate::Error) in it; bytes in front of the error are read first.
///
/// ```no_run
/// use std::fs::File;
/// use std::io::{BufRead as _, BufReader};
///
/// use cloudconnexa_inflate::GzipReader;
///
/// let file = BufReader::with_capacity(1 << 16, File::open("events.jsonl.gz")?);
/// for line in GzipReader::new(file).lines() {
///     println!("{}", line?);
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// To see what is wrong with a file:
///
/// ```
/// use std::io::{self, Read as _};
///
/// use cloudconnexa_inflate::{Error, ErrorKind, GzipReader};
///
/// # const FILE: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\xe1\x02\0-;\x08\xaf\x0c\0\0\0";
/// let cut_off = &FILE[..FILE.len() - 3];
/// let mut text = Vec::new();
/// let error = GzipReader::new(cut_off).read_to_end(&mut text).unwrap_err();
/// assert_eq!(text, b"hello world\n");
/// assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
/// let error = error.downcast::<Error>().unwrap();
/// assert_eq!(error.kind(), ErrorKind::UnexpectedEnd);
/// assert_eq!(error.to_string(), "the gzip file ends too early, at byte 29: it was cut off");
/// ```
pub struct GzipReader<R> {
    source: R,
    decoder: GzipDecoder,
    buf: Box<[u8]>,
    /// What was decoded and not read is `buf[start..end]`.
    start: usize,
    end: usize,
}

impl<R: BufRead> GzipReader<R> {
    /// Creates a reader with the default [`Limits`].
    ///
    /// The source should have a buffer of at least 32 KiB: with each refill of it the decoder has to start over.
    pub fn new(source: R) -> Self {
        let buf = vec![0; BUFFER].into_boxed_slice();
        Self { source, decoder: GzipDecoder::new(), buf, start: 0, end: 0 }
    }

    /// Sets the limits for each member.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.decoder = self.decoder.with_limits(limits);
        self
    }

    /// Returns the source. How far it was read does not follow from what was read of the reader, before its end.
    pub fn get_ref(&self) -> &R {
        &self.source
    }

    /// Returns the source; inflated bytes that have not been read are lost.
    pub fn into_inner(self) -> R {
        self.source
    }
}

impl<R: BufRead> BufRead for GzipReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            if self.buf.len() - self.end < WINDOW {
                self.buf.copy_within(self.end - WINDOW..self.end, 0);
                self.end = WINDOW;
            }
            self.start = self.end;
            self.end += self.decoder.decode(&mut self.source, &mut self.buf, self.end)?;
        }
        Ok(&self.buf[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start = self.end.min(self.start + amount);
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let decoded = self.fill_buf()?;
        let length = decoded.len().min(buf.len());
        buf[..length].copy_from_slice(&decoded[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: fmt::Debug> fmt::Debug for GzipReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, decoder, buf: _, start, end } = self;
        f.debug_struct("GzipReader")
            .field("source", source)
            .field("decoder", decoder)
            .field("buffered", &(end - start))
            .finish_non_exhaustive()
    }
}
