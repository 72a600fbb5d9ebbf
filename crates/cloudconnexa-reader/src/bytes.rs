//! Opens sources one after another and reads their bytes, decompressed if they are gzip.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read, Stdin};
use std::sync::Arc;

use cloudconnexa_inflate::{GzipDecoder, Limits};

use crate::error::ReadErrorKind;
use crate::source::Source;

/// Bytes that are read of a source at once.
const READ_BYTES: usize = 1 << 16;

/// How a gzip file starts.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Is told the number of bytes, as stored, after each read.
pub type ProgressFn = Arc<dyn Fn(u64) + Send + Sync>;

/// Reads one source after another, with the same buffers for all.
#[derive(Debug)]
pub struct SourceReader {
    raw: RawReader,
    gzip: GzipDecoder,
    is_gzip: bool,
}

impl Default for SourceReader {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl SourceReader {
    /// A reader that decompresses within `limits`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let raw = RawReader { handle: Handle::Closed, buf: Vec::new(), from: 0, to: 0, progress: None };
        Self { raw, gzip: GzipDecoder::new().with_limits(limits), is_gzip: false }
    }

    /// Calls `progress` with the number of bytes, as stored, after each read.
    #[must_use]
    pub fn on_progress(mut self, progress: ProgressFn) -> Self {
        self.raw.progress = Some(progress);
        self
    }

    /// A reader with the same settings, for another thread.
    #[must_use]
    pub fn another(&self) -> Self {
        let mut another = Self::new(self.gzip.limits());
        another.raw.progress.clone_from(&self.raw.progress);
        another
    }

    /// Opens `source` and closes the one before.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or its first bytes cannot be read.
    pub fn open(&mut self, source: &Source) -> io::Result<()> {
        self.raw.handle = match source {
            Source::Stdin => Handle::Stdin(io::stdin()),
            Source::File(path) => Handle::File(File::open(path)?),
            Source::Object(object) => Handle::Stream(object.open()),
            Source::Custom(custom) => Handle::Stream(custom.open()?),
        };
        if self.raw.buf.is_empty() {
            self.raw.buf = vec![0; READ_BYTES];
        }
        (self.raw.from, self.raw.to) = (0, 0);
        while self.raw.to < 2 && self.raw.more()? > 0 {}
        self.is_gzip = self.raw.buf[..self.raw.to].starts_with(&GZIP_MAGIC);
        self.gzip.reset();
        Ok(())
    }

    /// Whether the open source is gzip.
    #[must_use]
    pub fn is_gzip(&self) -> bool {
        self.is_gzip
    }

    /// Reads some bytes into `buf[end..]` and returns how many; 0 at the end.
    ///
    /// If the source [is gzip](Self::is_gzip), the bytes that were read before have to be in front of `end`, as many of them as
    /// [`WINDOW`](cloudconnexa_inflate::WINDOW) says, since decompression looks back at them.
    ///
    /// # Errors
    ///
    /// If reading fails, or gzip data is damaged. After a wrong checksum the next call goes on with the next member.
    pub fn read(&mut self, buf: &mut [u8], end: usize) -> Result<usize, ReadErrorKind> {
        if self.is_gzip {
            return self.gzip.decode(&mut self.raw, buf, end).map_err(ReadErrorKind::Gzip);
        }
        match self.raw.buffered() {
            [] => self.raw.read(&mut buf[end..]).map_err(ReadErrorKind::Read),
            buffered => {
                let length = buffered.len().min(buf.len() - end);
                buf[end..end + length].copy_from_slice(&buffered[..length]);
                self.raw.from += length;
                Ok(length)
            }
        }
    }
}

/// The bytes of a source as stored.
struct RawReader {
    handle: Handle,
    /// Bytes that were read and not used are from `from` to `to`.
    buf: Vec<u8>,
    from: usize,
    to: usize,
    progress: Option<ProgressFn>,
}

impl fmt::Debug for RawReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawReader").field("buffered", &(self.to - self.from)).finish_non_exhaustive()
    }
}

enum Handle {
    Closed,
    Stdin(Stdin),
    File(File),
    Stream(Box<dyn Read + Send>),
}

impl RawReader {
    fn buffered(&self) -> &[u8] {
        &self.buf[self.from..self.to]
    }

    /// Reads more after what is buffered.
    fn more(&mut self) -> io::Result<usize> {
        let mut buf = std::mem::take(&mut self.buf);
        let read = self.read(&mut buf[self.to..]);
        self.buf = buf;
        if let Ok(length) = read {
            self.to += length;
        }
        read
    }
}

impl Read for RawReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.handle {
                Handle::Closed => Ok(0),
                Handle::Stdin(stdin) => stdin.read(buf),
                Handle::File(file) => file.read(buf),
                Handle::Stream(stream) => stream.read(buf),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => {
                    // A terminal would have to be sent the end of file a second time.
                    self.handle = Handle::Closed;
                    return Ok(0);
                }
                Ok(length) => {
                    if let Some(progress) = &self.progress {
                        progress(length as u64);
                    }
                    return Ok(length);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl BufRead for RawReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
            self.more()?;
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, amount: usize) {
        self.from += amount;
    }
}
