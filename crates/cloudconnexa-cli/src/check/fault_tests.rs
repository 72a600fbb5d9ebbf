//! Split and replay with readers and writers that fail at every byte.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use cloudconnexa_reader::{Pace, Position};
use cloudconnexa_sample::{Options, Sample};

use super::faulty::{Fault, source};
use super::{InputForm, RunBuilder};
use crate::levels::Levels;
use crate::outputs::{InputAccess, Output};
use crate::split_outputs::{CommitOrder, SplitCounts, SplitOutputs};
use crate::unreadable::OnUnreadable;
use crate::visitors::split;

const MAX_RECORD_BYTES: usize = 2000;

/// Events, half of them invalid, bytes that are not UTF-8, and a record over the limit.
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

fn run(bytes: &[u8], fault: Fault, form: InputForm, outputs: SplitOutputs) -> Result<SplitCounts, String> {
    run_with(bytes, fault, form, outputs, OnUnreadable::Require)
}

fn run_with(
    bytes: &[u8],
    fault: Fault,
    form: InputForm,
    outputs: SplitOutputs,
    on_unreadable: OnUnreadable,
) -> Result<SplitCounts, String> {
    let outputs = Rc::new(RefCell::new(outputs));
    let builder = RunBuilder::for_test(MAX_RECORD_BYTES, Levels::default()).form(form);
    let run = split::register(builder, &outputs).run_test(&source(bytes, fault), Pace::Blocks);
    let outputs = Rc::into_inner(outputs).expect("the run has ended").into_inner();
    outputs.commit(CommitOrder::AcceptedLast, &run.summary, on_unreadable)
}

type Written = Arc<Mutex<Vec<u8>>>;

/// Returns outputs with room for this many bytes each, and the buffers that they write to.
fn outputs(accepted: usize, rejected: usize, is_gzip: bool) -> (SplitOutputs, [Written; 2]) {
    let written = [Written::default(), Written::default()];
    let output = |room: usize, written: &Written| Output::Failing { room, written: Arc::clone(written) };
    let parts = SplitOutputs::of(output(accepted, &written[0]), output(rejected, &written[1]), is_gzip);
    (parts, written)
}

fn take([accepted, rejected]: [Written; 2]) -> [Vec<u8>; 2] {
    [accepted, rejected].map(|written| std::mem::take(&mut *written.lock().unwrap()))
}

/// Runs without a fault, and returns both outputs and the counts.
fn run_without_fault(bytes: &[u8], form: InputForm) -> ([Vec<u8>; 2], SplitCounts) {
    let (parts, written) = outputs(usize::MAX, usize::MAX, false);
    let counts = run(bytes, Fault::Slow(usize::MAX - 1), form, parts).unwrap();
    (take(written), counts)
}

/// Returns events and a rejected file, each compressed and plain.
fn inputs() -> [(Vec<u8>, InputForm); 4] {
    let events = events();
    let ([_, rejected], _) = run_without_fault(&events, InputForm::Records);
    [
        (gzip(&events), InputForm::Records),
        (gzip(&rejected), InputForm::Rejected),
        (events, InputForm::Records),
        (rejected, InputForm::Rejected),
    ]
}

#[test]
fn the_inputs_have_accepted_and_rejected_records() {
    let ([accepted, rejected], counts) = run_without_fault(&events(), InputForm::Records);
    assert!(!accepted.is_empty() && counts.rejected.records >= 3, "{counts:?}");
    assert_eq!(counts.bytes(), events().len() as u64);
    let ([accepted, again], counts) = run_without_fault(&rejected, InputForm::Rejected);
    assert!(accepted.is_empty() && again == rejected);
    assert_eq!(counts.accepted.records, 0);
}

#[test]
fn short_and_interrupted_reads_change_nothing() {
    for (bytes, form) in inputs() {
        let expected = run_without_fault(&bytes, form);
        for max_bytes in [1, 2, 3, 7, 1000] {
            let (parts, written) = outputs(usize::MAX, usize::MAX, false);
            let counts = run(&bytes, Fault::Slow(max_bytes), form, parts).unwrap();
            assert!((take(written), counts) == expected, "{max_bytes} bytes at once");
        }
    }
}

/// Its first bytes say what it is, though no read returns all of them.
#[test]
fn a_replay_knows_a_foreign_file_however_it_is_read() {
    for length in [4, 3000] {
        let mut zip = b"PK\x03\x04".to_vec();
        zip.resize(length, b'\n');
        for max_bytes in [1, 3, 1000] {
            let (parts, written) = outputs(usize::MAX, usize::MAX, false);
            let failed = run(&zip, Fault::Slow(max_bytes), InputForm::Rejected, parts).unwrap_err();
            assert_eq!(failed, "1 input could not be read to the end; nothing was put into place");
            assert_eq!(take(written), [b"", b""], "{max_bytes} bytes at once");
        }
    }
}

/// No temporary file remains.
#[test]
fn a_failed_read_at_any_byte_leaves_existing_files_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
    fs::write(&good, "old").unwrap();
    let mut faults = 0;
    for (bytes, form) in inputs() {
        for at in 0..=bytes.len() {
            let parts = SplitOutputs::open(&good, &bad, &InputAccess::default()).unwrap();
            let failed = run(&bytes, Fault::Broken(at), form, parts).unwrap_err();
            assert_eq!(failed, "1 input could not be read to the end; nothing was put into place");
            assert_eq!(fs::read(&good).unwrap(), b"old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "at {at}");
            faults += 1;
        }
    }
    assert!(faults > 8000, "{faults}");
}

/// Truncated gzip data is an error. Plain text that is truncated is split to its last byte.
#[test]
fn an_input_truncated_at_any_byte_is_an_error_or_loses_nothing() {
    for (bytes, form) in inputs() {
        let is_gzip = bytes.starts_with(b"\x1f\x8b");
        for at in 0..bytes.len() {
            let (parts, written) = outputs(usize::MAX, usize::MAX, false);
            let counts = run(&bytes, Fault::CutOff(at), form, parts);
            if is_gzip && at > 1 {
                assert!(counts.is_err(), "cut off at {at}");
            } else if form == InputForm::Records {
                assert_eq!(counts.unwrap().bytes(), at as u64);
            } else {
                // No line is lost, and the damaged one stays in the rejected file.
                let [accepted, rejected] = take(written);
                let expected = bytes[..at].strip_suffix(b"\n").unwrap_or(&bytes[..at]);
                assert!(accepted.is_empty());
                assert!(rejected.strip_suffix(b"\n").unwrap_or(&rejected) == expected, "cut off at {at}");
            }
        }
    }
}

/// The accepted and rejected bytes are the start of the text, up to where it could be read.
#[test]
fn a_skipped_input_that_breaks_at_any_byte_is_split_up_to_there() {
    let text = events();
    let (mut faults, mut lengths) = (0, HashSet::new());
    for bytes in [gzip(&text), text.clone()] {
        for at in 0..=bytes.len() {
            for fault in [Fault::Broken(at), Fault::CutOff(at)] {
                let (parts, written) = outputs(usize::MAX, usize::MAX, false);
                let counts = run_with(&bytes, fault, InputForm::Records, parts, OnUnreadable::Skip);
                let counts = counts.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
                let [accepted, rejected] = take(written);
                let length = usize::try_from(counts.bytes()).unwrap();
                // Bytes of a gzip file that lacks its second byte are text.
                let read =
                    if bytes.starts_with(b"\x1f") && at <= 1 { &bytes[..length] } else { &text[..length] };
                let mut found = raw_bytes(&rejected);
                let mut expected = read.to_vec();
                found.extend(accepted);
                // What is between records is white space; the order is that of the outputs.
                for bytes in [&mut found, &mut expected] {
                    bytes.retain(|byte| !byte.is_ascii_whitespace());
                    bytes.sort_unstable();
                }
                assert!(found == expected, "{fault:?}: {length} bytes");
                lengths.insert(length);
                faults += 1;
            }
        }
    }
    assert!(faults > 10_000 && lengths.len() > 1000, "{faults}, {}", lengths.len());
}

/// Returns the raw bytes of the lines of a rejected file.
fn raw_bytes(rejected: &[u8]) -> Vec<u8> {
    let lines = rejected.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.flat_map(|line| crate::rejected::read(line, Position::START).unwrap().raw).collect()
}

#[test]
fn a_full_disk_at_any_byte_fails_the_split() {
    let mut faults = 0;
    for (bytes, form) in inputs() {
        for is_gzip in [false, true] {
            let (parts, written) = outputs(usize::MAX, usize::MAX, is_gzip);
            run(&bytes, Fault::Slow(usize::MAX - 1), form, parts).unwrap();
            let [accepted, rejected] = take(written).map(|bytes| bytes.len());
            for room in 0..=accepted.max(rejected) {
                for rooms in [(room, usize::MAX), (usize::MAX, room)] {
                    let (parts, _) = outputs(rooms.0, rooms.1, is_gzip);
                    let result = run(&bytes, Fault::Slow(usize::MAX - 1), form, parts);
                    assert_eq!(
                        result.is_ok(),
                        rooms.0 >= accepted && rooms.1 >= rejected,
                        "{rooms:?}: {result:?}"
                    );
                    if let Err(error) = result {
                        assert!(error.starts_with("cannot write to a full disk: "), "{error}");
                        faults += 1;
                    }
                }
            }
        }
    }
    assert!(faults > 10_000, "{faults}");
}
