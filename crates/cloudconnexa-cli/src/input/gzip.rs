//! Gzip, member by member: what could be decompressed is handed out, and damage is told with its place.

use std::io::{self, BufRead};

use crc32fast::Hasher;

use super::ReadError;
use crate::inflate::{Inflate, Progress};

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a member, or at the end.
    Member,
    /// Within the compressed data of one.
    Body,
    /// Before its checksum.
    Trailer,
    /// Within zeros behind the last.
    Padding,
    End,
}

/// What a member may inflate to: what is beyond is no log, but made to fill disks and memories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inflating {
    pub(crate) max_bytes: u64,
    /// So many times its size; a member that inflates to no more than [`HARMLESS`] may do so at any ratio.
    pub(crate) max_ratio: u64,
}

impl Default for Inflating {
    /// Deflate can do 1032 to one. Logs are at 10, at most at 200.
    fn default() -> Self {
        Self { max_bytes: u64::MAX, max_ratio: 1000 }
    }
}

/// Nobody minds if so much comes of nearly nothing.
const HARMLESS: u64 = 64 << 20;

/// Decompresses all members of one gzip file after another.
#[derive(Debug)]
pub(super) struct Gzip {
    pub(super) limits: Inflating,
    state: State,
    inflate: Inflate,
    crc: Hasher,
    /// Bytes that the member gave.
    given: u64,
    /// Bytes of the file that are read; the decompressor may not have used the last of them.
    offset: u64,
    /// Where the member began.
    member: u64,
}

impl Default for Gzip {
    fn default() -> Self {
        let (inflate, crc) = (Inflate::default(), Hasher::new());
        let limits = Inflating::default();
        Self { limits, state: State::Member, inflate, crc, given: 0, offset: 0, member: 0 }
    }
}

/// What a member may say about itself in its header.
mod flag {
    pub(super) const HEADER_CRC: u8 = 1 << 1;
    pub(super) const EXTRA: u8 = 1 << 2;
    pub(super) const NAME: u8 = 1 << 3;
    pub(super) const COMMENT: u8 = 1 << 4;
    pub(super) const RESERVED: u8 = 0b1110_0000;
}

impl Gzip {
    /// Begins with another file.
    pub(super) fn restart(&mut self) {
        (self.state, self.offset, self.member) = (State::Member, 0, 0);
        self.inflate.restart();
    }

    /// Reads some decompressed bytes to `memory[end..]`; none at the end. In front of them is what was read before, as
    /// far as it can be needed. After a wrong checksum it goes on with the next member.
    pub(super) fn read(
        &mut self,
        source: &mut impl BufRead,
        memory: &mut [u8],
        end: usize,
    ) -> Result<usize, ReadError> {
        let mut reading = Reading { gzip: self, source };
        loop {
            match reading.gzip.state {
                State::End => return Ok(0),
                State::Member => reading.member()?,
                State::Body => match reading.body(memory, end)? {
                    0 => {}
                    length => return Ok(length),
                },
                State::Trailer => reading.trailer()?,
                State::Padding => reading.padding()?,
            }
        }
    }
}

/// Where a file is read on.
struct Reading<'a, R> {
    gzip: &'a mut Gzip,
    source: &'a mut R,
}

impl<R: BufRead> Reading<'_, R> {
    fn member(&mut self) -> Result<(), ReadError> {
        self.gzip.member = self.at();
        self.gzip.crc.reset();
        let Some(first) = self.byte()? else {
            self.gzip.state = State::End;
            return Ok(());
        };
        if first == 0 {
            self.gzip.state = State::Padding;
            return Ok(());
        }
        if first != 0x1f || self.byte()? != Some(0x8b) {
            return self.stray();
        }
        let mut fixed = [0; 8];
        self.exact(&mut fixed)?;
        let [method, flags, ..] = fixed;
        if method != 8 || flags & flag::RESERVED != 0 {
            return self.damaged_header();
        }
        if flags & flag::EXTRA != 0 {
            let mut length = [0; 2];
            self.exact(&mut length)?;
            for _ in 0..u16::from_le_bytes(length) {
                self.exact(&mut [0])?;
            }
        }
        for text in [flag::NAME, flag::COMMENT] {
            if flags & text != 0 {
                self.skip_text()?;
            }
        }
        if flags & flag::HEADER_CRC != 0 {
            let (sum, mut told) = (self.gzip.crc.clone().finalize(), [0; 2]);
            self.exact(&mut told)?;
            if u32::from(u16::from_le_bytes(told)) != sum & 0xffff {
                return self.damaged_header();
            }
        }
        self.gzip.inflate.restart();
        self.gzip.crc.reset();
        self.gzip.given = 0;
        self.gzip.state = State::Body;
        Ok(())
    }

    /// None, if there is more to do before there are bytes to hand out.
    fn body(&mut self, memory: &mut [u8], end: usize) -> Result<usize, ReadError> {
        if let Some(excess) = self.excess() {
            return self.fail(true, excess);
        }
        let input = match fill(self.source) {
            Ok(input) => input,
            Err(error) => return self.broke(&error),
        };
        let is_over = input.is_empty();
        let Ok(Progress { taken, given }) = self.gzip.inflate.read(input, memory, end) else {
            return self.fail(true, format!("the gzip data is damaged at byte {}", self.at()));
        };
        self.source.consume(taken);
        self.gzip.offset += taken as u64;
        self.gzip.crc.update(&memory[end..end + given]);
        self.gzip.given += given as u64;
        if self.gzip.inflate.is_at_end() {
            self.gzip.state = State::Trailer;
        } else if is_over && given == 0 {
            return self.truncated();
        }
        Ok(given)
    }

    /// Which limit is exceeded, in words.
    fn excess(&self) -> Option<String> {
        let (given, member, limits) = (self.gzip.given, self.gzip.member, self.gzip.limits);
        if given > limits.max_bytes {
            return Some(format!(
                "the gzip member from byte {member} inflates to more than {} bytes, which is the limit; \
                 raise `--max-inflated-bytes` if it is genuine",
                limits.max_bytes
            ));
        }
        let size = self.at() - member;
        let is_bomb = given > HARMLESS && given > size.saturating_mul(limits.max_ratio);
        is_bomb.then(|| {
            format!(
                "the gzip member from byte {member} inflates to more than {} times its size, {given} bytes of {size} \
                 so far, as no log does; raise `--max-ratio` if it is genuine",
                limits.max_ratio
            )
        })
    }

    /// How much of the file is used.
    fn at(&self) -> u64 {
        self.gzip.offset - self.gzip.inflate.left_over() as u64
    }

    fn trailer(&mut self) -> Result<(), ReadError> {
        // What the last bytes brought is looked at here.
        if let Some(excess) = self.excess() {
            return self.fail(true, excess);
        }
        let mut trailer = [0; 8];
        self.exact(&mut trailer)?;
        self.gzip.state = State::Member;
        let told = u64::from_le_bytes(trailer);
        let (length, sum) = (self.gzip.given & 0xffff_ffff, self.gzip.crc.clone().finalize());
        if told != length << 32 | u64::from(sum) {
            return Err(ReadError {
                message: format!(
                    "wrong checksum: the gzip member from byte {} to {} was damaged since it was written",
                    self.gzip.member,
                    self.at()
                ),
                cut_off: false,
                is_passing: false,
            });
        }
        Ok(())
    }

    /// Tapes and some tools fill up with zeros.
    fn padding(&mut self) -> Result<(), ReadError> {
        while let Some(byte) = self.byte()? {
            if byte != 0 {
                return self.stray();
            }
        }
        self.gzip.state = State::End;
        Ok(())
    }

    /// Text in a header ends with a zero.
    fn skip_text(&mut self) -> Result<(), ReadError> {
        let mut byte = [1];
        while byte != [0] {
            self.exact(&mut byte)?;
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<Option<u8>, ReadError> {
        let mut byte = self.gzip.inflate.take_left_over();
        if byte.is_none() {
            match fill(self.source) {
                Ok(buffer) => byte = buffer.first().copied(),
                Err(error) => return self.broke(&error),
            }
            let taken = usize::from(byte.is_some());
            self.source.consume(taken);
            self.gzip.offset += taken as u64;
        }
        if let (State::Member, Some(byte)) = (self.gzip.state, byte) {
            // Headers can have a checksum as well.
            self.gzip.crc.update(&[byte]);
        }
        Ok(byte)
    }

    fn exact(&mut self, bytes: &mut [u8]) -> Result<(), ReadError> {
        for byte in bytes {
            match self.byte()? {
                Some(read) => *byte = read,
                None => return self.truncated(),
            }
        }
        Ok(())
    }

    fn damaged_header<T>(&mut self) -> Result<T, ReadError> {
        self.fail(false, format!("the gzip header at byte {} is damaged", self.gzip.member))
    }

    fn truncated<T>(&mut self) -> Result<T, ReadError> {
        self.fail(true, format!("the gzip file ends too early, at byte {}: it was cut off", self.gzip.offset))
    }

    fn stray<T>(&mut self) -> Result<T, ReadError> {
        self.fail(
            false,
            format!("something that is not gzip follows the gzip data, from byte {}", self.gzip.member),
        )
    }

    /// No more could be read of the file.
    fn broke<T>(&mut self, error: &io::Error) -> Result<T, ReadError> {
        self.gzip.state = State::End;
        Err(ReadError { message: error.to_string(), cut_off: true, is_passing: true })
    }

    fn fail<T>(&mut self, cut_off: bool, message: String) -> Result<T, ReadError> {
        self.gzip.state = State::End;
        Err(ReadError { message, cut_off, is_passing: false })
    }
}

fn fill<R: BufRead>(source: &mut R) -> io::Result<&[u8]> {
    // In two steps, since the borrow checker can't let go of a buffer that is returned from within a loop.
    while let Err(error) = source.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    source.fill_buf()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Gzip;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(file: &[u8]) -> (Vec<u8>, Vec<String>) {
        let (mut gzip, mut file) = (Gzip::default(), file);
        let (mut text, mut errors) = (Vec::new(), Vec::new());
        loop {
            let end = text.len();
            text.resize(end + 7, 0);
            let read = gzip.read(&mut file, &mut text, end);
            text.truncate(end + read.as_ref().map_or(0, |length| *length));
            match read {
                Ok(0) => return (text, errors),
                Ok(_) => {}
                Err(error) => errors.push(error.message),
            }
        }
    }

    #[test]
    fn members_follow_one_another() {
        let file = [gzip(b"one\n"), gzip(b""), gzip(b"two\n"), vec![0; 1000]].concat();
        assert_eq!(read(&file), (b"one\ntwo\n".to_vec(), vec![]));
    }

    #[test]
    fn header_fields_are_skipped() {
        let mut encoder =
            flate2::GzBuilder::new().filename("name").comment("comment").extra(b"extra".to_vec());
        encoder = encoder.mtime(7);
        let mut encoder = encoder.write(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"text").unwrap();
        assert_eq!(read(&encoder.finish().unwrap()), (b"text".to_vec(), vec![]));
    }

    /// As zlib and gzip have it, though neither writes one.
    #[test]
    fn the_checksum_of_a_header_is_checked() {
        let mut header = [&[0x1f, 0x8b, 8, super::flag::HEADER_CRC], &[0; 6][..]].concat();
        let sum = crc32fast::hash(&header).to_le_bytes();
        header.extend_from_slice(&sum[..2]);
        let rest = &gzip(b"text")[10..];
        assert_eq!(read(&[&header, rest].concat()), (b"text".to_vec(), vec![]));
        for at in 4..12 {
            let mut damaged = header.clone();
            damaged[at] ^= 1;
            let (text, errors) = read(&[&damaged, rest].concat());
            assert!(text.is_empty());
            assert_eq!(errors, ["the gzip header at byte 0 is damaged"]);
        }
    }

    /// Also where all comes at once, so that the member is at its end before anybody looks.
    #[test]
    fn a_limit_holds_to_the_byte() {
        for room in [7, 1000] {
            for (max_bytes, is_within) in [(100, true), (99, false), (1, false)] {
                let (mut inflating, file) = (Gzip::default(), gzip(&[b'x'; 100]));
                inflating.limits.max_bytes = max_bytes;
                let (mut source, mut text) = (&*file, Vec::new());
                let end = loop {
                    let end = text.len();
                    text.resize(end + room, 0);
                    match inflating.read(&mut source, &mut text, end) {
                        Ok(length) if length > 0 => text.truncate(end + length),
                        other => break other,
                    }
                };
                assert_eq!(end.is_ok(), is_within, "{room}, {max_bytes}");
            }
        }
    }

    #[test]
    fn every_cut_is_noticed() {
        let text: Vec<u8> = (0..2000_u32).flat_map(|n| format!("{n:x}").into_bytes()).collect();
        let file = gzip(&text);
        for length in 2..file.len() {
            let (got, errors) = read(&file[..length]);
            assert!(text.starts_with(&got));
            assert_eq!(errors, [format!("the gzip file ends too early, at byte {length}: it was cut off")]);
        }
    }

    #[test]
    fn a_wrong_checksum_does_not_hide_the_next_member() {
        let mut first = gzip(b"one\n");
        let crc = first.len() - 8;
        first[crc] ^= 1;
        let (text, errors) = read(&[first, gzip(b"two\n")].concat());
        assert_eq!(text, b"one\ntwo\n");
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("wrong checksum: the gzip member from byte 0 to 24"));
    }

    #[test]
    fn what_follows_is_reported() {
        for garbage in [&b"garbage"[..], b"\x1f", b"\x1fx", b"\0\0\0x"] {
            let (text, errors) = read(&[&gzip(b"one\n")[..], garbage].concat());
            assert_eq!(text, b"one\n");
            assert_eq!(errors.len(), 1, "{garbage:?}");
        }
    }

    #[test]
    fn damage_anywhere_ends_in_an_error_or_the_same_text() {
        let text: Vec<u8> = (0..500_u32).flat_map(|n| format!("{n:x}").into_bytes()).collect();
        let file = gzip(&text);
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x55;
            let (got, errors) = read(&damaged);
            assert!(!errors.is_empty() || got == text, "byte {at}");
        }
    }
}
