//! Gzip decoders over the usual events: in one member, and in members as small as the files that the vendor writes.

use std::io::Write as _;
use std::time::Duration;

use cloudconnexa_inflate::{GzipDecoder, GzipReader, WINDOW};
use cpu_time::ThreadTime;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use crate::scenarios::Input;

/// Events per member, where members are small.
const EVENTS_PER_MEMBER: usize = 11;
/// The output buffer of a streaming decoder.
const CHUNK: usize = 1 << 16;
/// The fixed part of a gzip header, which is all that our members have, and the trailer.
const HEADER: usize = 10;
const TRAILER: usize = 8;

/// A decoder: takes one gzip member, and its inflated size, and returns how many bytes it inflated.
struct Decoder {
    name: &'static str,
    run: Box<dyn FnMut(&[u8], usize) -> usize>,
}

fn decoder(name: &'static str, run: impl FnMut(&[u8], usize) -> usize + 'static) -> Decoder {
    Decoder { name, run: Box::new(run) }
}

/// Returns all decoders, ours first, as the others are compared with it.
fn all() -> Vec<Decoder> {
    let mut ours = GzipDecoder::new();
    let mut buf = vec![0; 1 << 20];
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let (mut chunk, mut zlib_chunk, mut reader_chunk) = (vec![0; CHUNK], vec![0; CHUNK], vec![0; CHUNK]);
    let mut libdeflate = libdeflater::Decompressor::new();
    let (mut whole, mut zlib_whole) = (Vec::new(), Vec::new());
    let mut zlib = flate2::Decompress::new(false);
    vec![
        decoder("**ours, `GzipDecoder`**", move |member, _| {
            ours.reset();
            let (mut source, mut end, mut total) = (member, 0, 0);
            while let written @ 1.. = ours.decode(&mut source, &mut buf, end).unwrap() {
                (end, total) = (end + written, total + written);
                if buf.len() - end < WINDOW {
                    buf.copy_within(end - WINDOW..end, 0);
                    end = WINDOW;
                }
            }
            total
        }),
        decoder("ours, `GzipReader`", move |member, _| read_all(GzipReader::new(member), &mut reader_chunk)),
        decoder("flate2 on zlib-rs", move |member, _| {
            read_all(flate2::bufread::MultiGzDecoder::new(member), &mut zlib_chunk)
        }),
        decoder("flate2 on zlib-rs, output at once", move |member, size| {
            zlib_whole.resize(size, 0);
            zlib.reset(false);
            let finish = flate2::FlushDecompress::Finish;
            let status = zlib.decompress(&member[HEADER..], &mut zlib_whole, finish).unwrap();
            assert_eq!(status, flate2::Status::StreamEnd);
            check_sum(member, crc32::hash(&zlib_whole));
            size
        }),
        decoder("miniz_oxide (as in flate2)", move |member, _| {
            state.reset(DataFormat::Raw);
            let (mut input, mut total, mut crc) = (&member[HEADER..], 0, crc32::Hasher::new());
            loop {
                let result = inflate(&mut state, input, &mut chunk, MZFlush::None);
                input = &input[result.bytes_consumed..];
                total += result.bytes_written;
                crc.update(&chunk[..result.bytes_written]);
                if result.status.unwrap() == MZStatus::StreamEnd {
                    check_sum(member, crc.finalize());
                    return total;
                }
            }
        }),
        decoder("zune-inflate, output at once", |member, size| zune(member, size, true).len()),
        decoder("zune-inflate, output at once, checksum by crc32fast", |member, size| {
            let text = zune(member, size, false);
            check_sum(member, crc32::hash(&text));
            text.len()
        }),
        decoder("libdeflate (C), output at once", move |member, size| {
            whole.resize(size, 0);
            libdeflate.gzip_decompress(member, &mut whole).unwrap()
        }),
    ]
}

fn read_all(mut reader: impl std::io::Read, chunk: &mut [u8]) -> usize {
    let mut total = 0;
    while let length @ 1.. = reader.read(chunk).unwrap() {
        total += length;
    }
    total
}

fn zune(member: &[u8], size: usize, confirms: bool) -> Vec<u8> {
    let options = zune_inflate::DeflateOptions::default();
    let options = options.set_size_hint(size).set_limit(usize::MAX).set_confirm_checksum(confirms);
    zune_inflate::DeflateDecoder::new_with_options(member, options).decode_gzip().unwrap()
}

fn check_sum(member: &[u8], sum: u32) {
    assert_eq!(member[member.len() - TRAILER..][..4], sum.to_le_bytes());
}

/// Compressed events, and the inflated size of each member.
struct Members {
    members: Vec<(Vec<u8>, usize)>,
    inflated: usize,
}

impl Members {
    fn of(input: &Input, events: usize) -> Self {
        let mut start = 0;
        let members = input.ends.chunks(events).map(|ends| {
            let text = &input.text[start..ends[ends.len() - 1]];
            start += text.len();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            encoder.write_all(text).unwrap();
            (encoder.finish().unwrap(), text.len())
        });
        Self { members: members.collect(), inflated: input.text.len() }
    }

    fn measure(&self, decoder: &mut Decoder) -> Duration {
        let start = ThreadTime::now();
        for (member, size) in &self.members {
            assert_eq!((decoder.run)(member, *size), *size, "{}", decoder.name);
        }
        start.elapsed()
    }
}

/// Prints the rates of all decoders whose name contains `part`.
pub fn run(input: &Input, rounds: usize, part: &str) {
    let mut decoders = all();
    let first = decoders[0].name;
    decoders.retain(|decoder| decoder.name == first || decoder.name.contains(part));
    let scenarios = [Members::of(input, usize::MAX), Members::of(input, EVENTS_PER_MEMBER)];
    let mut times = vec![[const { Vec::new() }; 2]; decoders.len()];
    for _ in 0..rounds {
        for (decoder, times) in decoders.iter_mut().zip(&mut times) {
            for (members, times) in scenarios.iter().zip(times) {
                times.push(members.measure(decoder));
            }
        }
    }
    let compressed: usize = scenarios[0].members.iter().map(|(member, _)| member.len()).sum();
    println!(
        "\nGzip, level 6, {:.1} to one; MB/s of inflated text\n\n\
         | decoder | one member | ours is faster by | members of {EVENTS_PER_MEMBER} events | ours is faster by |\n\
         |---|---:|---:|---:|---:|",
        input.bytes() / compressed as f64
    );
    let times: Vec<_> =
        times.iter_mut().map(|times| times.each_mut().map(|times| crate::median(times))).collect();
    for (decoder, time) in decoders.iter().zip(&times) {
        let cells = [0, 1].map(|scenario| {
            let (time, ours) = (time[scenario].as_secs_f64(), times[0][scenario].as_secs_f64());
            format!("{:.0} | {:.2}", scenarios[scenario].inflated as f64 / time / 1e6, time / ours)
        });
        println!("| {} | {} |", decoder.name, cells.join(" | "));
    }
}
