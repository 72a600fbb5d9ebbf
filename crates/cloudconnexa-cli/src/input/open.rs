//! Opens sources, undoes their compression, and knows by their first bytes what is none of ours.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read, Stdin};

use cloudconnexa_inflate::{ErrorKind, GzipDecoder, Limits};
use indicatif::ProgressBar;

use super::Source;

/// Why no more could be read.
#[derive(Debug)]
pub(crate) struct ReadError {
    /// A lower-case fragment: what, where, and what it may mean.
    pub(crate) message: String,
    /// Whether something is missing behind what was read: the last record may be a part of one.
    pub(crate) cut_off: bool,
    /// Whether the same input may be read another time: it is not its content that is to blame.
    pub(crate) is_passing: bool,
}

impl From<cloudconnexa_inflate::Error> for ReadError {
    fn from(error: cloudconnexa_inflate::Error) -> Self {
        let kind = error.kind();
        let remedy = match kind {
            ErrorKind::TooManyBytes => "; raise `--max-inflated-bytes` if it is genuine",
            ErrorKind::RatioTooHigh => ", as no log does; raise `--max-ratio` if it is genuine",
            _ => "",
        };
        // After these, all records of the member are complete.
        let is_complete =
            matches!(kind, ErrorKind::TrailingData | ErrorKind::InvalidHeader | ErrorKind::ChecksumMismatch);
        Self { message: format!("{error}{remedy}"), cut_off: !is_complete, is_passing: kind == ErrorKind::Io }
    }
}

/// How much it takes to tell what an input is: a tar archive says so behind its first file name.
pub(crate) const HEAD: usize = 512;

/// How much of a source is read at once.
const BUFFER: usize = 1 << 16;

/// Reads one source after another, with the same memory for all.
#[derive(Debug)]
pub(crate) struct Inputs {
    raw: Raw,
    gzip: GzipDecoder,
    is_gzip: bool,
}

impl Inputs {
    /// `progress` counts bytes as they lie there.
    pub(crate) fn new(progress: ProgressBar) -> Self {
        let raw = Raw { file: Handle::Nothing, buffer: Vec::new(), from: 0, to: 0, progress };
        Self { raw, gzip: GzipDecoder::default(), is_gzip: false }
    }

    /// With other limits for what is inflated.
    pub(crate) fn limited(mut self, limits: Limits) -> Self {
        self.gzip = self.gzip.with_limits(limits);
        self
    }

    /// Others, to be used by another thread.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.raw.progress.clone()).limited(self.gzip.limits())
    }

    /// Goes on to `source`.
    pub(crate) fn open(&mut self, source: &Source) -> io::Result<()> {
        self.raw.file = match source {
            Source::Stdin => Handle::Stdin(io::stdin()),
            Source::File(path) => Handle::File(File::open(path)?),
            #[cfg(any(test, fuzzing))]
            Source::Faulty(faulty) => Handle::Faulty(super::faulty::Reader {
                of: std::sync::Arc::clone(faulty),
                place: 0,
                was_interrupted: false,
            }),
            Source::Object(object) => Handle::Object(object.open()),
        };
        self.raw.buffer.resize(BUFFER, 0);
        (self.raw.from, self.raw.to) = (0, 0);
        while self.raw.to < 2 && self.raw.more()? > 0 {}
        self.is_gzip = self.raw.buffer[..self.raw.to].starts_with(&[0x1f, 0x8b]);
        self.gzip.reset();
        Ok(())
    }

    /// Whether what was opened is compressed.
    pub(crate) fn is_gzip(&self) -> bool {
        self.is_gzip
    }

    /// Reads some bytes to `memory[end..]`; none at the end. After an error it may go on behind the damage.
    ///
    /// In front of `end` there have to be the bytes that were read before, as many of them as a window ([`cloudconnexa_inflate::WINDOW`]) has.
    pub(crate) fn read(&mut self, memory: &mut [u8], end: usize) -> Result<usize, ReadError> {
        if self.is_gzip {
            return Ok(self.gzip.decode(&mut self.raw, memory, end)?);
        }
        let read = match self.raw.fill_buf_if_any() {
            [] => self.raw.read(&mut memory[end..]),
            buffered => {
                let length = buffered.len().min(memory.len() - end);
                memory[end..end + length].copy_from_slice(&buffered[..length]);
                self.raw.from += length;
                Ok(length)
            }
        };
        read.map_err(|error| ReadError { message: error.to_string(), cut_off: true, is_passing: true })
    }
}

/// The bytes of a source as they lie there.
#[derive(Debug)]
struct Raw {
    file: Handle,
    /// What was read and not used is from `from` to `to`.
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    progress: ProgressBar,
}

enum Handle {
    Nothing,
    Stdin(Stdin),
    File(File),
    #[cfg(any(test, fuzzing))]
    Faulty(super::faulty::Reader),
    Object(Box<dyn Read + Send>),
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Stdin(_) => "Stdin",
            Self::File(_) => "File",
            Self::Object(_) => "Object",
            #[cfg(any(test, fuzzing))]
            Self::Faulty(_) => "Faulty",
        })
    }
}

impl Raw {
    fn fill_buf_if_any(&self) -> &[u8] {
        &self.buffer[self.from..self.to]
    }

    /// Reads more behind what is in the buffer.
    fn more(&mut self) -> io::Result<usize> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let read = self.read(&mut buffer[self.to..]);
        self.buffer = buffer;
        if let Ok(length) = read {
            self.to += length;
        }
        read
    }
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.file {
                Handle::Nothing => Ok(0),
                Handle::Stdin(stdin) => stdin.read(buffer),
                Handle::File(file) => file.read(buffer),
                #[cfg(any(test, fuzzing))]
                Handle::Faulty(reader) => reader.read(buffer),
                Handle::Object(object) => object.read(buffer),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => {
                    // At a terminal it would take another sign of the end.
                    self.file = Handle::Nothing;
                    return Ok(0);
                }
                Ok(length) => {
                    self.progress.inc(length as u64);
                    return Ok(length);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
            self.more()?;
        }
        Ok(self.fill_buf_if_any())
    }

    fn consume(&mut self, amount: usize) {
        self.from += amount;
    }
}

/// What the input is, and what to do about it, if its first bytes say that it holds no text.
pub(crate) fn foreign(head: &[u8]) -> Option<&'static str> {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "a zip archive; unpack it first"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"\x1f\x8b", "gzip within gzip; unpack it once first"),
        (b"\x28\xb5\x2f\xfd", "Zstandard-compressed; pipe it through `zstd -dc`"),
        (b"BZh", "bzip2-compressed; pipe it through `bzip2 -dc`"),
        (b"\xfd7zXZ\0", "xz-compressed; pipe it through `xz -dc`"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
        (b"PAR1", "a Parquet file; the schema is about the JSON that CloudConnexa writes"),
        (b"Obj\x01", "an Avro file; the schema is about the JSON that CloudConnexa writes"),
        (b"%PDF-", "a PDF document"),
        (b"\xff\xfe", "UTF-16 text; convert it to UTF-8 first"),
        (b"\xfe\xff", "UTF-16 text; convert it to UTF-8 first"),
    ];
    let by_start = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what);
    by_start.or_else(|| {
        // With the zeros that no text has: the five letters alone may be part of a name.
        let magic = head.get(257..265);
        (magic == Some(b"ustar\x0000") || magic == Some(b"ustar  \0"))
            .then_some("a tar archive; unpack it first, or pipe it through `tar -xO`")
    })
}

#[cfg(test)]
mod tests {
    use super::{HEAD, foreign};

    #[test]
    fn a_name_with_the_letters_of_tar_is_no_archive() {
        for (magic, is_tar) in [
            (&b"ustar\x0000"[..], true),
            (b"ustar  \0", true),
            (b"ustar.example", false),
            (b"custards", false),
        ] {
            let mut head = vec![b' '; HEAD];
            head[257..257 + magic.len()].copy_from_slice(magic);
            assert_eq!(foreign(&head).is_some_and(|what| what.contains("tar archive")), is_tar, "{magic:?}");
        }
    }
}
