//! Splits and replays with readers and writers that fail at every place there is.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use cloudconnexa_sample::{Options, Sample};
use cloudconnexa_validator::Validator;
use indicatif::ProgressBar;

use super::cutter::{Manner, cut};
use super::inline::Inline;
use super::judge::{Judge, Law};
use super::{Counts, Lenses, Merge, Task};
use crate::forge::Root;
use crate::input::{Fault, Faulty, Inputs, Source};
use crate::levels::Levels;
use crate::outputs::Output;
use crate::parts::{Last, Parts};
use crate::progress::Progress;

static LAW: LazyLock<Law> = LazyLock::new(|| Law {
    validator: Validator::new(),
    max_record_bytes: 2000,
    max_findings: 0,
    lists: Vec::new(),
    lists_all: false,
    groups: None,
    levels: Levels::default(),
    levels_root: Root::at(Path::new(".")),
    root: Root::at(Path::new(".")),
    baseline: None,
    parts: true,
    sights: false,
    semantics: None,
    steps: false,
    lenses: Lenses::default(),
});

/// Some events, of which every other is invalid, text that is none, and a record beyond the limit.
fn events() -> Vec<u8> {
    let mut text = Vec::new();
    let options = Options::default().invalid(500_000);
    Sample::new(&options).write(3, &mut text).unwrap();
    text.extend_from_slice(b"\xff{\n");
    text.extend(vec![b'x'; 2100]);
    text
}

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn run(bytes: &[u8], fault: Fault, replays: bool, parts: Parts) -> Result<Counts, String> {
    let task = Task {
        sinks: Vec::new(),
        max_findings: 0,
        max_results: 0,
        root: Root::at(Path::new(".")),
        baseline: None,
        draft: None,
        problems: Vec::new(),
        parts: Some(parts),
        table: None,
        state: None,
        overview: None,
    };
    let mut merge = Merge::new(task, Progress::new(None, true));
    let mut inputs = Inputs::new(ProgressBar::hidden());
    let source = Source::Faulty(Arc::new(Faulty { bytes: bytes.to_vec(), fault }));
    let manner = Manner { max_record_bytes: LAW.max_record_bytes, promptly: false, replays, follows: false };
    cut(&source, &mut inputs, manner, &mut Inline::new(&mut Judge::new(&LAW), &mut merge));
    merge.finish();
    merge.put_into_place(Last::Accepted)
}

type Written = Arc<Mutex<Vec<u8>>>;

/// Outputs with room for so many bytes each, and what is written to them.
fn outputs(accepted: usize, rejected: usize, is_gzip: bool) -> (Parts, [Written; 2]) {
    let written = [Written::default(), Written::default()];
    let output = |room: usize, written: &Written| Output::Failing { room, written: Arc::clone(written) };
    let parts = Parts::of(output(accepted, &written[0]), output(rejected, &written[1]), is_gzip);
    (parts, written)
}

fn taken([accepted, rejected]: [Written; 2]) -> [Vec<u8>; 2] {
    [accepted, rejected].map(|written| std::mem::take(&mut *written.lock().unwrap()))
}

/// What comes of it if nothing goes wrong.
fn unharmed(bytes: &[u8], replays: bool) -> ([Vec<u8>; 2], Counts) {
    let (parts, written) = outputs(usize::MAX, usize::MAX, false);
    let counts = run(bytes, Fault::Slow(usize::MAX - 1), replays, parts).unwrap();
    (taken(written), counts)
}

/// The inputs: events as they are and compressed, and a rejected file likewise.
fn inputs() -> [(Vec<u8>, bool); 4] {
    let events = events();
    let ([_, rejected], _) = unharmed(&events, false);
    [(gzip(&events), false), (gzip(&rejected), true), (events, false), (rejected, true)]
}

#[test]
fn the_inputs_are_worth_it() {
    let ([accepted, rejected], counts) = unharmed(&events(), false);
    assert!(!accepted.is_empty() && counts.rejected.records >= 3, "{counts:?}");
    assert_eq!(counts.bytes(), events().len() as u64);
    let ([accepted, again], counts) = unharmed(&rejected, true);
    assert!(accepted.is_empty() && again == rejected);
    assert_eq!(counts.accepted.records, 0);
}

#[test]
fn short_and_interrupted_reads_change_nothing() {
    for (bytes, replays) in inputs() {
        let expected = unharmed(&bytes, replays);
        for most in [1, 2, 3, 7, 1000] {
            let (parts, written) = outputs(usize::MAX, usize::MAX, false);
            let counts = run(&bytes, Fault::Slow(most), replays, parts).unwrap();
            assert!((taken(written), counts) == expected, "{most} bytes at once");
        }
    }
}

/// Nothing is put into place, whatever was there stays, and nothing is left beside.
#[test]
fn a_reader_that_fails_at_any_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
    fs::write(&good, "old").unwrap();
    let mut faults = 0;
    for (bytes, replays) in inputs() {
        for at in 0..=bytes.len() {
            let parts = Parts::open(&good, &bad).unwrap();
            let failed = run(&bytes, Fault::Broken(at), replays, parts).unwrap_err();
            assert_eq!(failed, "1 input could not be read to the end; nothing was put into place");
            assert_eq!(fs::read(&good).unwrap(), b"old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "at {at}");
            faults += 1;
        }
    }
    assert!(faults > 8000, "{faults}");
}

/// Compressed data tells that it is cut off. Of plain text what is there is parted, to the last byte.
#[test]
fn an_input_that_ends_at_any_byte() {
    for (bytes, replays) in inputs() {
        let is_gzip = bytes.starts_with(b"\x1f\x8b");
        for at in 0..bytes.len() {
            let (parts, written) = outputs(usize::MAX, usize::MAX, false);
            let counts = run(&bytes, Fault::CutOff(at), replays, parts);
            if is_gzip && at > 1 {
                assert!(counts.is_err(), "cut off at {at}");
            } else if !replays {
                assert_eq!(counts.unwrap().bytes(), at as u64);
            } else {
                // No line that was there is lost, and the damaged one stays.
                let [accepted, rejected] = taken(written);
                let whole = bytes[..at].strip_suffix(b"\n").unwrap_or(&bytes[..at]);
                assert!(accepted.is_empty());
                assert!(rejected.strip_suffix(b"\n").unwrap_or(&rejected) == whole, "cut off at {at}");
            }
        }
    }
}

#[test]
fn a_disk_that_is_full_at_any_byte() {
    let mut faults = 0;
    for (bytes, replays) in inputs() {
        for is_gzip in [false, true] {
            let (parts, written) = outputs(usize::MAX, usize::MAX, is_gzip);
            run(&bytes, Fault::Slow(usize::MAX - 1), replays, parts).unwrap();
            let [accepted, rejected] = taken(written).map(|bytes| bytes.len());
            for room in 0..=accepted.max(rejected) {
                for rooms in [(room, usize::MAX), (usize::MAX, room)] {
                    let (parts, _) = outputs(rooms.0, rooms.1, is_gzip);
                    let done = run(&bytes, Fault::Slow(usize::MAX - 1), replays, parts);
                    assert_eq!(
                        done.is_ok(),
                        rooms.0 >= accepted && rooms.1 >= rejected,
                        "{rooms:?}: {done:?}"
                    );
                    if let Err(error) = done {
                        assert!(error.starts_with("cannot write to a full disk: "), "{error}");
                        faults += 1;
                    }
                }
            }
        }
    }
    assert!(faults > 10_000, "{faults}");
}
