//! Inflating gives the same as flate2, for any input, however it is cut.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::{DeflateError, Inflate, Progress, WINDOW};

/// Decodes with at most `piece` bytes of input and `room` bytes of output per call. Returns the output, and whether the end was
/// reached.
fn inflate(data: &[u8], piece: usize, room: usize) -> (Vec<u8>, Result<bool, DeflateError>) {
    let mut inflate = Inflate::default();
    let (mut text, mut from) = (Vec::new(), 0);
    // In front of the output there is no more of the window than the documentation asks for.
    let mut buf = vec![0xa5; WINDOW + room];
    loop {
        let kept = text.len().min(WINDOW);
        buf.fill(0xa5);
        buf[WINDOW - kept..WINDOW].copy_from_slice(&text[text.len() - kept..]);
        let input = &data[from..data.len().min(from + piece)];
        match inflate.decode(input, &mut buf, WINDOW) {
            Err(DeflateError) => return (text, Err(DeflateError)),
            Ok(Progress { consumed, written }) => {
                from += consumed;
                text.extend_from_slice(&buf[WINDOW..WINDOW + written]);
                if inflate.is_finished() {
                    assert!(inflate.unused_bytes() < 8 && from >= inflate.unused_bytes());
                    return (text, Ok(true));
                }
                if consumed == 0 && written == 0 && (from == data.len() || !input.is_empty()) {
                    assert!(from == data.len(), "no progress");
                    return (text, Ok(false));
                }
            }
        }
    }
}

/// The same by flate2.
fn reference(data: &[u8]) -> (Vec<u8>, Result<bool, DeflateError>) {
    let mut flate2 = Decompress::new(false);
    let mut text = Vec::new();
    loop {
        text.reserve(1 << 16);
        let from = usize::try_from(flate2.total_in()).unwrap();
        let before = text.len();
        match flate2.decompress_vec(&data[from..], &mut text, FlushDecompress::None) {
            Err(_) => return (text, Err(DeflateError)),
            Ok(Status::StreamEnd) => return (text, Ok(true)),
            Ok(_) if text.len() == before => return (text, Ok(false)),
            Ok(_) => {}
        }
    }
}

fn deflate(text: &[u8], level: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2 + 1000);
    let status =
        Compress::new(Compression::new(level), false).compress_vec(text, &mut out, FlushCompress::Finish);
    assert_eq!(status.unwrap(), Status::StreamEnd);
    out
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// Returns noise, texts of few letters, long runs, and repetitions from near and far.
fn text(random: &mut Random, length: usize) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::with_capacity(length + 300);
    let letters = [2, 5, 40, 256][random.below(4)];
    while text.len() < length {
        match random.below(5) {
            0 => text.extend(vec![u8::try_from(random.below(256)).unwrap(); random.below(400)]),
            1 | 2 if !text.is_empty() => {
                let reach = [8, 40, 40_000][random.below(3)];
                let from = text.len() - 1 - random.below(text.len().min(reach));
                for place in from..from + random.below(300) {
                    text.push(text[place]);
                }
            }
            _ => text.extend((0..random.below(60)).map(|_| u8::try_from(random.below(letters)).unwrap())),
        }
    }
    text
}

#[test]
fn what_flate2_compresses_is_decoded_whatever_the_level_and_the_pieces() {
    let mut random = Random(7);
    for round in 0..300 {
        let text = text(&mut random, [0, 10, 300, 5000, 90_000][round % 5]);
        for level in [0, 1, 2, 6, 9] {
            let data = deflate(&text, level);
            for (piece, room) in [
                (usize::MAX >> 1, 1 << 17),
                (1 + random.below(40), 1 << 17),
                (777, 1 + random.below(600)),
                (1 << 16, 1 << 12),
            ] {
                let (got, end) = inflate(&data, piece, room);
                assert!(
                    got == text && end == Ok(true),
                    "round {round}, level {level}, {piece} {room}: {end:?}"
                );
            }
        }
    }
}

#[test]
fn a_truncated_stream_is_not_finished_and_loses_no_output() {
    let mut random = Random(8);
    for level in [0, 1, 6] {
        let text = text(&mut random, 3000);
        let data = deflate(&text, level);
        for length in 0..data.len() {
            let (got, end) = inflate(&data[..length], 1 << 16, 1 << 16);
            assert_eq!(end, Ok(false), "{length}");
            assert!(text.starts_with(&got));
            let (expected, _) = reference(&data[..length]);
            assert!(got.len() + 1 >= expected.len(), "{} of {}", got.len(), expected.len());
        }
    }
}

/// The same error, or the same output.
#[test]
fn damaged_streams_decode_as_flate2_decodes_them() {
    let mut random = Random(9);
    let mut damaged = 0;
    for round in 0..20_000 {
        let length = 1 + random.below(1500);
        let text = text(&mut random, length);
        let mut data = deflate(&text, [1, 6, 9][round % 3]);
        for _ in 0..=random.below(3) {
            let (place, bit) = (random.below(data.len().min(150)), random.below(8));
            data[place] ^= 1 << bit;
        }
        let ((got, end), (expected, other)) = (inflate(&data, 1 << 16, 1 << 16), reference(&data));
        assert_eq!(end, other, "round {round}: {data:?}");
        if end == Ok(true) {
            assert!(got == expected, "round {round}");
        }
        let (again, end_again) = inflate(&data, 1 + random.below(9), 1 + random.below(300));
        assert_eq!(end_again, end, "in pieces, round {round}");
        assert!(end == Ok(false) || again == got, "in pieces, round {round}");
        damaged += usize::from(end.is_err());
    }
    assert!(damaged > 5000, "{damaged}");
}

/// Each of the eight block headers, followed by noise.
#[test]
fn noise_decodes_as_flate2_decodes_it() {
    let mut random = Random(10);
    for round in 0..200_000 {
        let length = 1 + random.below(60);
        let mut data: Vec<u8> = (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        data[0] = data[0] & !7 | u8::try_from(round % 8).unwrap();
        let ((got, end), (expected, other)) = (inflate(&data, 1 << 16, 1 << 10), reference(&data));
        assert_eq!(end, other, "{data:?}");
        assert!(end != Ok(true) || got == expected, "{data:?}");
    }
}

#[test]
fn matches_reach_back_as_far_as_the_format_allows() {
    let mut text = vec![0; WINDOW];
    let mut random = Random(11);
    text.fill_with(|| u8::try_from(random.below(256)).unwrap());
    let text = [&text[..], &text[..300]].concat();
    // A level that looks for matches as far back as possible.
    let data = deflate(&text, 9);
    assert_eq!(inflate(&data, 1 << 16, 64).0, text);
    assert_eq!(inflate(&data, 5, 1 << 17).0, text);
}
