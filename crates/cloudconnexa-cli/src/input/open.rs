//! Opens a source and undoes its compression; knows by its first bytes what is none of ours.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};

use indicatif::ProgressBar;

use super::Source;
use super::gzip::Gzip;

/// Why no more could be read.
#[derive(Debug)]
pub(crate) struct ReadError {
    /// A lower-case fragment: what, where, and what it may mean.
    pub(crate) message: String,
    /// Whether something is missing behind what was read: the last record may be a part of one.
    pub(crate) cut_off: bool,
}

/// How much it takes to tell what an input is: a tar archive says so behind its first file name.
const HEAD: u64 = 512;

type Raw = Box<dyn Read>;

/// A source with its first bytes put back.
type Whole = io::Chain<Cursor<Vec<u8>>, Raw>;

/// The decompressed bytes of a source.
pub(crate) enum Reader {
    Plain(Whole),
    Gzip(Box<Gzip<BufReader<Whole>>>),
}

/// Opens `source`; `progress` counts its bytes as they lie there.
pub(crate) fn open(source: &Source, progress: &ProgressBar) -> io::Result<Reader> {
    let raw: Raw = match source {
        Source::Stdin => Box::new(progress.wrap_read(io::stdin().lock())),
        Source::File(path) => Box::new(progress.wrap_read(File::open(path)?)),
    };
    from_raw(raw)
}

fn from_raw(mut raw: Raw) -> io::Result<Reader> {
    let mut head = Vec::new();
    raw.by_ref().take(HEAD).read_to_end(&mut head)?;
    let gzip = head.starts_with(&[0x1f, 0x8b]);
    let whole = Cursor::new(head).chain(raw);
    Ok(if gzip {
        Reader::Gzip(Box::new(Gzip::new(BufReader::with_capacity(1 << 16, whole))))
    } else {
        Reader::Plain(whole)
    })
}

impl Reader {
    /// Reads some bytes; none at the end. After an error it may go on behind the damage.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadError> {
        match self {
            Self::Gzip(gzip) => gzip.read(buffer),
            Self::Plain(plain) => loop {
                match plain.read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(ReadError { message: error.to_string(), cut_off: true }),
                    Ok(length) => return Ok(length),
                }
            },
        }
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
        (head.get(257..262) == Some(b"ustar"))
            .then_some("a tar archive; unpack it first, or pipe it through `tar -xO`")
    })
}
