//! Members, headers, limits and every kind of damage, each with its place.

use std::io::Write as _;

use super::GzipDecoder;
use crate::crc::Crc32;
use crate::gzip::header::flag;
use crate::{Error, ErrorKind, Limits};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Decodes with room for `room` bytes per call.
fn decode(decoder: &mut GzipDecoder, mut file: &[u8], room: usize) -> (Vec<u8>, Vec<Error>) {
    let (mut text, mut errors) = (Vec::new(), Vec::new());
    loop {
        let start = text.len();
        text.resize(start + room, 0);
        let result = decoder.decode(&mut file, &mut text, start);
        text.truncate(start + result.as_ref().map_or(0, |written| *written));
        match result {
            Ok(0) => return (text, errors),
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
}

fn read(file: &[u8]) -> (Vec<u8>, Vec<String>) {
    let (text, errors) = decode(&mut GzipDecoder::new(), file, 7);
    (text, errors.iter().map(Error::to_string).collect())
}

#[test]
fn members_follow_one_another() {
    let file = [gzip(b"one\n"), gzip(b""), gzip(b"two\n"), vec![0; 1000]].concat();
    assert_eq!(read(&file), (b"one\ntwo\n".to_vec(), vec![]));
}

/// Of which `gzip -d` reads the first member alone.
#[test]
fn white_space_and_zeros_between_members_are_skipped() {
    for gap in [&b"\n"[..], b"\r\n", b" ", b"\t\n \n", b"\0", b"\0\0\n\0", &[0; 700], &[b'\n'; 700]] {
        let file = [&gzip(b"one\n"), gap, &gzip(b"two\n"), gap, gap, &gzip(b"three\n"), gap].concat();
        assert_eq!(read(&file), (b"one\ntwo\nthree\n".to_vec(), vec![]), "{gap:?}");
    }
}

/// The message names where the member starts, not the gap before it.
#[test]
fn damage_after_a_gap_is_reported_at_its_member() {
    let mut second = gzip(b"two\n");
    second[2] = 7;
    let (text, errors) = read(&[&gzip(b"one\n")[..], b"\n\n", &second].concat());
    assert_eq!(
        (&text[..], &errors[..]),
        (&b"one\n"[..], &["the gzip header at byte 26 is damaged".to_owned()][..])
    );
    let mut second = gzip(b"two\n");
    let crc = second.len() - 8;
    second[crc] ^= 1;
    let (_, errors) = read(&[&gzip(b"one\n")[..], b"\n\n", &second].concat());
    let expected = "wrong checksum: the gzip member from byte 26 to 50 was damaged since it was written";
    assert_eq!(errors, [expected]);
}

#[test]
fn an_empty_source_is_an_empty_file() {
    assert_eq!(read(b""), (vec![], vec![]));
}

#[test]
fn a_decoder_can_be_reused_after_any_file() {
    let (mut decoder, whole) = (GzipDecoder::new(), gzip(b"whole"));
    for length in 0..=whole.len() {
        decode(&mut decoder, &whole[..length], 3);
        decoder.reset();
        let (text, errors) = decode(&mut decoder, &whole, 3);
        assert!(text == b"whole" && errors.is_empty(), "after {length} bytes");
        decoder.reset();
    }
}

#[test]
fn header_fields_are_skipped() {
    let mut encoder = flate2::GzBuilder::new().filename("name").comment("comment").extra(b"extra".to_vec());
    encoder = encoder.mtime(7);
    let mut encoder = encoder.write(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"text").unwrap();
    assert_eq!(read(&encoder.finish().unwrap()), (b"text".to_vec(), vec![]));
}

/// As in zlib and gzip, though neither writes one.
#[test]
fn the_checksum_of_a_header_is_checked() {
    let mut header = [&[0x1f, 0x8b, 8, flag::HEADER_CRC], &[0; 6][..]].concat();
    let mut crc = Crc32::default();
    crc.update(&header);
    header.extend_from_slice(&crc.value().to_le_bytes()[..2]);
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

/// Also if all output comes at once, so that the member is at its end before the limit is looked at.
#[test]
fn a_limit_holds_to_the_byte() {
    for room in [7, 1000] {
        for (max_bytes, is_within) in [(100, true), (99, false), (1, false)] {
            let limits = Limits::default().with_max_bytes(max_bytes);
            let mut decoder = GzipDecoder::new().with_limits(limits);
            let (_, errors) = decode(&mut decoder, &gzip(&[b'x'; 100]), room);
            assert_eq!(errors.is_empty(), is_within, "{room}, {max_bytes}");
            assert!(errors.iter().all(|error| error.kind() == ErrorKind::TooManyBytes));
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
    let (text, errors) = decode(&mut GzipDecoder::new(), &[first.clone(), first, gzip(b"two\n")].concat(), 7);
    assert_eq!(text, b"one\none\ntwo\n");
    let places: Vec<_> = errors.iter().map(|error| (error.member_start(), error.offset())).collect();
    assert_eq!(places, [(0, 24), (24, 48)]);
    assert!(errors.iter().all(Error::is_recoverable));
    assert_eq!(
        errors[1].to_string(),
        "wrong checksum: the gzip member from byte 24 to 48 was damaged since it was written"
    );
}

#[test]
fn trailing_data_is_reported() {
    for garbage in [
        &b"garbage"[..],
        b"\x1f",
        b"\x1fx",
        b"\0\0\0x",
        b"\nx",
        b"\n\x1f",
        b"\n\x1f\n\x8b",
        b"\x0c",
        b"\xc2\xa0",
    ] {
        let (text, errors) = read(&[&gzip(b"one\n")[..], garbage].concat());
        assert_eq!(text, b"one\n");
        assert_eq!(errors, ["something that is not gzip follows the gzip data, from byte 24"], "{garbage:?}");
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
