//! Kinds of files that hold no JSON text, recognized by their first bytes.

use std::fmt;

/// How many bytes it takes to recognize every kind: a tar archive has its mark after its first file name.
pub const HEAD_BYTES: usize = 512;

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
    (b"\xff\xfe", "UTF-16 text; convert it to UTF-8 first"),
    (b"\xfe\xff", "UTF-16 text; convert it to UTF-8 first"),
];

impl FileKind {
    /// Recognizes a file by its first [`HEAD_BYTES`], decompressed; `None` if it may hold JSON text.
    #[must_use]
    pub fn recognize(head: &[u8]) -> Option<Self> {
        let by_start = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature));
        by_start.map(|(_, kind)| Self(kind)).or_else(|| {
            // With the zeros that no text has: the five letters alone may be part of a name.
            let mark = head.get(257..265);
            (mark == Some(b"ustar\x0000") || mark == Some(b"ustar  \0"))
                .then_some(Self("a tar archive; unpack it first, or pipe it through `tar -xO`"))
        })
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
