//! What must hold of a gzip file, whatever stands in it.

use std::io::{BufReader, Read as _};

use flate2::bufread::GzDecoder;

use super::gzip::{Gzip, Inflating};
use crate::inflate::WINDOW;

/// It inflates to what another decompressor gives, or both refuse it, however it is cut; and not beyond a limit.
pub(crate) fn gzip(file: &[u8]) {
    // By this an input is known.
    if !file.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    let (members, rest, is_whole) = reference(file);
    let text = [members.concat(), rest].concat();
    for (piece, room) in [(1 << 16, 1 << 12), (1, 1 << 10), (3, 1)] {
        // Byte by byte only where that is soon done.
        if text.len() > 1 << 16 && room == 1 {
            continue;
        }
        let (got, error) = inflated(file, Inflating::default(), piece, room);
        assert_eq!(error.is_none(), is_whole, "in pieces of {piece}: {error:?}");
        let common = got.len().min(text.len());
        assert!(got[..common] == text[..common], "in pieces of {piece}: another text");
        assert!(!is_whole || got.len() == text.len(), "{} of {} bytes", got.len(), text.len());
    }
    let greatest = members.iter().map(Vec::len).max().unwrap_or(0);
    if is_whole && greatest > 0 {
        for (limit, room) in
            [(greatest, 1 << 12), (greatest - 1, 1 << 12), (greatest - 1, 16), (greatest / 2, 64)]
        {
            let limits = Inflating { max_bytes: limit as u64, ..Inflating::default() };
            let (got, error) = inflated(file, limits, 1 << 16, room);
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

/// What is read up to the first error, and that.
fn inflated(file: &[u8], limits: Inflating, piece: usize, room: usize) -> (Vec<u8>, Option<String>) {
    let mut gzip = Gzip::default();
    gzip.limits = limits;
    let mut source = BufReader::with_capacity(piece, file);
    let (mut text, mut memory) = (Vec::new(), vec![0; WINDOW + room]);
    loop {
        match gzip.read(&mut source, &mut memory, WINDOW) {
            Ok(0) => return (text, None),
            Ok(length) => {
                assert!(length <= room);
                text.extend_from_slice(&memory[WINDOW..WINDOW + length]);
                // What comes next looks back at it.
                memory.copy_within(length..WINDOW + length, 0);
            }
            Err(error) => {
                assert!(!error.message.is_empty());
                return (text, Some(error.message));
            }
        }
    }
}

/// What flate2 makes of it: whole members, what it gave of one that is damaged, and whether there is none such.
fn reference(file: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>, bool) {
    let (mut members, mut rest) = (Vec::new(), file);
    // Zeros behind the last member are padding, as gzip itself has it.
    while rest.iter().any(|byte| *byte != 0) {
        let (mut decoder, mut text) = (GzDecoder::new(rest), Vec::new());
        if decoder.read_to_end(&mut text).is_err() {
            return (members, text, false);
        }
        members.push(text);
        rest = decoder.into_inner();
    }
    (members, Vec::new(), true)
}
