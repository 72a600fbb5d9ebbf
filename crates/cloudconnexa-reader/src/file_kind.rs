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
    // Before UTF-16, whose byte order mark is the start of this one.
    (b"\xff\xfe\0\0", UTF_32),
    (b"\0\0\xfe\xff", UTF_32),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
];

/// With a byte order mark, which `iconv` takes away.
const UTF_16: &str = "UTF-16 text; convert it first: `iconv -f UTF-16 -t UTF-8 FILE | ccxlog validate`";
const UTF_32: &str = "UTF-32 text; convert it first: `iconv -f UTF-32 -t UTF-8 FILE | ccxlog validate`";

/// How many characters have to be ASCII if there is no byte order mark, in a file that has as many.
const WIDE_CHARACTERS: usize = 8;

/// Encodings without a byte order mark: bytes per character, and which of them is not zero if the character is ASCII.
const WIDE: &[(usize, usize, &str)] = &[
    (
        4,
        0,
        "UTF-32 text without a byte order mark; convert it first: `iconv -f UTF-32LE -t UTF-8 FILE | ccxlog validate`",
    ),
    (
        4,
        3,
        "UTF-32 text without a byte order mark; convert it first: `iconv -f UTF-32BE -t UTF-8 FILE | ccxlog validate`",
    ),
    (
        2,
        0,
        "UTF-16 text without a byte order mark; convert it first: `iconv -f UTF-16LE -t UTF-8 FILE | ccxlog validate`",
    ),
    (
        2,
        1,
        "UTF-16 text without a byte order mark; convert it first: `iconv -f UTF-16BE -t UTF-8 FILE | ccxlog validate`",
    ),
];

/// Recognizes text whose characters take more than one byte. JSON, and every other format of logs, starts with ASCII.
fn wide_text(head: &[u8]) -> Option<&'static str> {
    let is_text = |width: usize, low: usize| {
        let mut characters = head.chunks_exact(width).take(WIDE_CHARACTERS);
        let is_ascii = |character: &[u8]| {
            character
                .iter()
                .enumerate()
                .all(|(at, byte)| if at == low { matches!(byte, 1..0x80) } else { *byte == 0 })
        };
        // One character alone could be anything.
        head.len() >= 2 * width && characters.all(is_ascii)
    };
    WIDE.iter().find(|(width, low, _)| is_text(*width, *low)).map(|(.., kind)| *kind)
}

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
        let by_start = by_start.map(|(_, kind)| *kind).or_else(|| wide_text(head));
        by_start.map(Self).or_else(|| is_zlib(head).then_some(Self(ZLIB))).or_else(|| {
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

impl FileKind {
    /// Returns its text, with the name of the file in the command that reads it, quoted for a shell.
    ///
    /// A `name` that no shell can open, that of standard input or of an object in a bucket, is not put in: the command has
    /// `FILE` there.
    #[must_use]
    pub fn text_for(self, name: &str) -> String {
        if name.starts_with('<') || name.contains("://") {
            return self.0.to_owned();
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(&byte);
        let path = if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
        let quoted =
            if path.bytes().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) };
        // Compressed text is recognized by what it inflates to.
        let is_gzip = name.len() >= 3 && name.as_bytes()[name.len() - 3..].eq_ignore_ascii_case(b".gz");
        match self.0.split_once("`iconv ") {
            Some((before, command)) if is_gzip => {
                let command = command.replace(" FILE ", " ");
                format!("{before}`gzip -dc {quoted} | iconv {command}")
            }
            _ => self.0.replace(" FILE ", &format!(" {quoted} ")),
        }
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
    fn wide_text_is_recognized_with_and_without_a_byte_order_mark() {
        let wide = |text: &str, width: usize, is_little: bool| -> Vec<u8> {
            let units = |character: char| {
                let mut bytes = u32::from(character).to_be_bytes()[4 - width..].to_vec();
                if is_little {
                    bytes.reverse();
                }
                bytes
            };
            text.chars().flat_map(units).collect()
        };
        for (text, is_marked) in
            [("\u{feff}{\"a\":\"ü\"}", true), ("{\"eventName\":\"ü\"}", false), ("[]", false)]
        {
            for (width, name) in [(2, "UTF-16"), (4, "UTF-32")] {
                for (is_little, order) in [(true, "LE"), (false, "BE")] {
                    let kind = FileKind::recognize(&wide(text, width, is_little)).unwrap().to_string();
                    let order = if is_marked { "" } else { order };
                    assert!(kind.contains(&format!("`iconv -f {name}{order} -t UTF-8 FILE |")), "{kind}");
                }
            }
        }
        for head in [
            &b"{}\0{}\0{}\0{}\0"[..],
            b"\0\0\0\0\0\0\0\0",
            b"{\0",
            b"{\"a\":1}\n",
            b"\0\0{}\0\0",
            b"{\0\"\0a\"}",
        ] {
            assert_eq!(FileKind::recognize(head), None, "{head:?}");
        }
    }

    #[test]
    fn the_command_names_the_file() {
        let kind = FileKind::recognize(b"{\0}\0\n\0").unwrap();
        for (name, command) in [
            ("logs/a.json", "`iconv -f UTF-16LE -t UTF-8 logs/a.json | ccxlog validate`"),
            ("it's.json", "`iconv -f UTF-16LE -t UTF-8 'it'\\''s.json' | ccxlog validate`"),
            ("-a.json", "`iconv -f UTF-16LE -t UTF-8 ./-a.json | ccxlog validate`"),
            ("a b.GZ", "`gzip -dc 'a b.GZ' | iconv -f UTF-16LE -t UTF-8 | ccxlog validate`"),
            ("s3://b/a.json", "`iconv -f UTF-16LE -t UTF-8 FILE | ccxlog validate`"),
            ("<stdin>", "`iconv -f UTF-16LE -t UTF-8 FILE | ccxlog validate`"),
        ] {
            assert!(kind.text_for(name).contains(command), "{}", kind.text_for(name));
        }
        let zip = FileKind::recognize(b"PK\x03\x04").unwrap();
        assert_eq!(zip.text_for("a.zip"), zip.to_string());
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
