//! What the fuzz target `gzip` calls, in `fuzz/`. It panics if a property does not hold; `cargo test` calls it with all seeds.

#![allow(clippy::missing_panics_doc, reason = "a panic is how it reports a failure")]

#[cfg(test)]
mod tests;

use std::io::{BufReader, Read as _};

use flate2::bufread::GzDecoder;

use crate::{Error, GzipDecoder, GzipReader, Limits, WINDOW};

/// A file inflates to what flate2 gives, or both refuse it, however it is cut; and not beyond a limit.
pub fn gzip(file: &[u8]) {
    // Files that do not start like this are not read as gzip.
    if !file.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    let (members, partial, is_valid) = reference(file);
    let text = [members.concat(), partial].concat();
    let check = |got: &[u8], error: Option<&Error>, how: &str| {
        assert_eq!(error.is_none(), is_valid, "{how}: {error:?}");
        let common = got.len().min(text.len());
        assert!(got[..common] == text[..common], "{how}: the text differs");
        assert!(!is_valid || got.len() == text.len(), "{how}: {} of {} bytes", got.len(), text.len());
    };
    for (piece, room) in [(1 << 16, 1 << 12), (1, 1 << 10), (3, 1)] {
        // Byte by byte takes too long for large outputs.
        if text.len() > 1 << 16 && room == 1 {
            continue;
        }
        let (got, error) = decode(file, Limits::default(), piece, room);
        check(&got, error.as_ref(), &format!("in pieces of {piece}"));
    }
    let mut read = Vec::new();
    let error = GzipReader::new(file).read_to_end(&mut read).err().map(|error| error.downcast().unwrap());
    check(&read, error.as_ref(), "by the reader");
    let greatest = members.iter().map(Vec::len).max().unwrap_or(0);
    if is_valid && greatest > 0 {
        for (limit, room) in
            [(greatest, 1 << 12), (greatest - 1, 1 << 12), (greatest - 1, 16), (greatest / 2, 64)]
        {
            let limits = Limits::default().with_max_bytes(limit as u64);
            let (got, error) = decode(file, limits, 1 << 16, room);
            assert_eq!(error.is_none(), limit == greatest, "a limit of {limit}: {error:?}");
            let within: usize = members.iter().map(Vec::len).take_while(|length| *length <= limit).sum();
            assert!(
                limit == greatest || got.len() <= within + limit + room,
                "a limit of {limit}: {} bytes",
                got.len()
            );
        }
    }
}

/// Decodes up to the first error, with at most `piece` bytes of input and `room` bytes of output at once.
fn decode(file: &[u8], limits: Limits, piece: usize, room: usize) -> (Vec<u8>, Option<Error>) {
    let mut decoder = GzipDecoder::new().with_limits(limits);
    let mut source = BufReader::with_capacity(piece, file);
    let (mut text, mut buf) = (Vec::new(), vec![0; WINDOW + room]);
    loop {
        match decoder.decode(&mut source, &mut buf, WINDOW) {
            Ok(0) => return (text, None),
            Ok(written) => {
                assert!(written <= room);
                text.extend_from_slice(&buf[WINDOW..WINDOW + written]);
                // Keep what the next bytes may repeat.
                buf.copy_within(written..WINDOW + written, 0);
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                assert!(error.member_start() <= error.offset() && error.offset() <= file.len() as u64);
                return (text, Some(error));
            }
        }
    }
}

/// Returns what flate2 makes of a file: its valid members, the output of one that is damaged, and whether none is.
fn reference(file: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>, bool) {
    let (mut members, mut rest) = (Vec::new(), file);
    while !rest.is_empty() {
        let (mut decoder, mut text) = (GzDecoder::new(rest), Vec::new());
        if decoder.read_to_end(&mut text).is_err() {
            return (members, text, false);
        }
        members.push(text);
        // Zeros and white space after a member mean nothing.
        let is_gap = |byte: &u8| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n');
        rest = decoder.into_inner();
        rest = &rest[rest.iter().position(|byte| !is_gap(byte)).unwrap_or(rest.len())..];
    }
    (members, Vec::new(), true)
}
