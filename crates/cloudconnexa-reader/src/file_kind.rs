//! Kinds of files that hold no JSON text, recognized by their first bytes.

use std::fmt;

/// How many bytes it takes to recognize every kind: a tar archive has its mark after its first file name.
pub const HEAD_BYTES: usize = 512;

/// The length of the header of gzip data, without its optional parts.
const GZIP_HEADER_BYTES: usize = 10;

/// A kind of file that holds no JSON text.
///
/// Its text says what the file is and what to do about it: `a zip archive; unpack it first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind(&'static str);

const SIGNATURES: &[(&[u8], &str)] = &[
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
    (b"\xff\xfe", "UTF-16 text; convert it first: `iconv -f UTF-16 -t UTF-8 FILE | ccxlog validate`"),
    (b"\xfe\xff", "UTF-16 text; convert it first: `iconv -f UTF-16 -t UTF-8 FILE | ccxlog validate`"),
];

/// zlib data, without the header of gzip.
const ZLIB: &str = "zlib data; inflate it first: `python3 -c 'import sys,zlib; sys.stdout.buffer.write(zlib.decompress(\
     sys.stdin.buffer.read()))' < FILE | ccxlog validate`";

/// Returns whether a file starts with the header of zlib, whose two bytes are divisible by 31, and goes on as no text does.
fn is_zlib(head: &[u8]) -> bool {
    let &[0x78, flags @ (0x01 | 0x5e | 0x9c | 0xda), ..] = head else { return false };
    let rest = &head[2..];
    let is_binary = |byte: &u8| *byte >= 0x80 || *byte < b' ' && !byte.is_ascii_whitespace();
    (0x7800 | u16::from(flags)).is_multiple_of(31) && rest.iter().any(is_binary)
}

impl FileKind {
    /// Recognizes a file by its first [`HEAD_BYTES`], decompressed; `None` if it may hold JSON text.
    #[must_use]
    pub fn recognize(head: &[u8]) -> Option<Self> {
        let by_start = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature));
        by_start.map(|(_, kind)| Self(kind)).or_else(|| is_zlib(head).then_some(Self(ZLIB))).or_else(|| {
            // With the zeros that no text has: the five letters alone may be part of a name.
            let mark = head.get(257..265);
            (mark == Some(b"ustar\x0000") || mark == Some(b"ustar  \0"))
                .then_some(Self("a tar archive; unpack it first, or pipe it through `tar -xO`"))
        })
    }
}

impl FileKind {
    /// Recognizes gzip data that does not start as such, by the name of its file and its first bytes as they are. A file that
    /// is named after gzip may hold text, but no text starts with the control characters of the header.
    #[must_use]
    pub fn recognize_damaged_gzip(name: &str, head: &[u8]) -> Option<Self> {
        let is_named = name.len() >= 3 && name.as_bytes()[name.len() - 3..].eq_ignore_ascii_case(b".gz");
        // A shorter file may still grow.
        let header = head.get(..GZIP_HEADER_BYTES)?;
        let is_text = header.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace());
        (is_named && !is_text)
            .then_some(Self("gzip data by its name, but its first bytes are damaged; fetch it again"))
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, HEAD_BYTES};

    #[test]
    fn only_what_is_named_after_gzip_and_is_no_text_is_damaged() {
        let header = b"\0\x8b\x08\0\0\0\0\0\0\x03rest";
        for (name, head, is_damaged) in [
            ("logs/a.jsonl.gz", &header[..], true),
            ("s3://b/A.JSON.GZ", header, true),
            ("a.gz", b"\x1f", false),
            ("a.jsonl", header, false),
            ("gz", header, false),
            ("a.gz", b"{\"eventName\":\t1}\r\n", false),
            ("a.gz", "\u{feff}{}".as_bytes(), false),
            ("a.gz", b"", false),
        ] {
            assert_eq!(FileKind::recognize_damaged_gzip(name, head).is_some(), is_damaged, "{name} {head:?}");
        }
    }

    #[test]
    fn zlib_data_is_not_taken_for_text_that_starts_alike() {
        let is_zlib =
            |head: &[u8]| FileKind::recognize(head).is_some_and(|kind| kind.to_string().contains("zlib"));
        assert!(is_zlib(b"\x78\x9c\xab\x56\x2a"));
        assert!(is_zlib(b"\x78\x01\x01\x05\x00\xfa"));
        for text in [&b"x^2 + y^2"[..], b"x\x9d\xab", b"x", b"{\"a\":1}", b"\x78\x9c"] {
            assert!(!is_zlib(text), "{text:?}");
        }
    }

    #[test]
    fn a_name_with_the_letters_of_tar_is_not_an_archive() {
        for (mark, is_tar) in [
            (&b"ustar\x0000"[..], true),
            (b"ustar  \0", true),
            (b"ustar.example", false),
            (b"custards", false),
        ] {
            let mut head = vec![b' '; HEAD_BYTES];
            head[257..257 + mark.len()].copy_from_slice(mark);
            let kind = FileKind::recognize(&head).map(|kind| kind.to_string());
            assert_eq!(kind.is_some_and(|kind| kind.contains("tar archive")), is_tar, "{mark:?}");
        }
    }
}
