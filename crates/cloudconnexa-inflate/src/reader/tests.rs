//! The reader returns what the file has, by whichever of its methods, and errors with their cause.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};

use super::GzipReader;
use crate::{Error, ErrorKind, Limits};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn lines() -> String {
    (0..100_000_u32).flat_map(|n| [n.to_string(), format!(" {}\n", n % 977)]).collect()
}

fn cause(error: io::Error) -> ErrorKind {
    error.downcast::<Error>().unwrap().kind()
}

#[test]
fn a_file_is_read_alike_whole_in_pieces_and_by_lines() {
    let text = lines();
    let file = [gzip(&text.as_bytes()[..7777]), gzip(&text.as_bytes()[7777..])].concat();
    let mut whole = String::new();
    GzipReader::new(&*file).read_to_string(&mut whole).unwrap();
    assert!(whole == text);
    let (mut reader, mut pieces) =
        (GzipReader::new(BufReader::with_capacity(1000, &*file)), Vec::<u8>::new());
    let mut piece = [0; 100];
    while let length @ 1.. = reader.read(&mut piece).unwrap() {
        pieces.extend(&piece[..length]);
    }
    assert!(pieces == text.as_bytes());
    assert!(reader.into_inner().fill_buf().unwrap().is_empty());
    let by_lines = GzipReader::new(&*file).lines().map(|line| line.unwrap() + "\n");
    assert!(by_lines.collect::<String>() == text);
}

#[test]
fn what_precedes_an_error_is_read_first() {
    let (text, file) = (lines(), gzip(lines().as_bytes()));
    let (mut reader, mut got) = (GzipReader::new(&file[..file.len() / 2]), Vec::new());
    let error = reader.read_to_end(&mut got).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert!(text.as_bytes().starts_with(&got) && got.len() > text.len() / 3);
}

#[test]
fn reading_continues_after_a_wrong_checksum() {
    let mut first = gzip(b"one\n");
    let crc = first.len() - 8;
    first[crc] ^= 1;
    let file = [first, gzip(b"two\n")].concat();
    let (mut reader, mut got) = (GzipReader::new(&*file), Vec::new());
    let error = reader.read_to_end(&mut got).unwrap_err();
    assert_eq!((error.kind(), cause(error)), (io::ErrorKind::InvalidData, ErrorKind::ChecksumMismatch));
    reader.read_to_end(&mut got).unwrap();
    assert_eq!(got, b"one\ntwo\n");
}

#[test]
fn limits_hold() {
    let file = gzip(&[b'x'; 1000]);
    let read = |limit| {
        let limits = Limits::default().with_max_bytes(limit);
        GzipReader::new(&*file).with_limits(limits).read_to_end(&mut Vec::new())
    };
    assert_eq!(read(1000).unwrap(), 1000);
    assert_eq!(cause(read(999).unwrap_err()), ErrorKind::TooManyBytes);
}

#[test]
fn an_error_of_the_source_is_returned_as_it_is() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "the line is dead"))
        }
    }
    let start = &gzip(b"text")[..8];
    let error =
        GzipReader::new(BufReader::new(start.chain(Broken))).read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (io::ErrorKind::ConnectionReset, "the line is dead"));
}
