//! Properties of a run, from bytes to findings, reports and outputs, that hold for any bytes.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use cloudconnexa_reader::{FileKind, HEAD_BYTES, Pace, Position};
use cloudconnexa_report::{FindingWriter, JunitWriter, ListFormat, Masking, RunFormat};
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;

use super::faulty::{Fault, source};
use super::{Format, InputForm, List, OutputTarget, RunBuilder};
use crate::exit::Exit;
use crate::levels::{Levels, RuleSet};
use crate::outputs::Output;
use crate::rejected;
use crate::split_outputs::{CommitOrder, SplitCounts, SplitOutputs};
use crate::unreadable::OnUnreadable;
use crate::visitors::overview::SharedOverview;
use crate::visitors::split;

/// Two limits of records in bytes: most records exceed the first, none exceeds the second.
const MAX_RECORD_BYTES: [usize; 2] = [40, 1 << 24];

/// The time of the run in microseconds since 1970, fixed so that runs are reproducible.
const NOW: i64 = 1_767_225_600_000_000;

/// The bytes of what can be between records: white space, punctuation, NUL bytes, and whatever else separates events.
const BETWEEN: &[u8] = b" \t\r\n,[];\\nr\0\x0b\x0c\x1e\xc2\x85\xe2\x80\xa8\xa9\xef\xbb\xbf";

fn lists() -> [List; 3] {
    let human = ListFormat::Human { width: 80 };
    [(human, true), (ListFormat::Concise, false), (ListFormat::Json, false)].map(|(format, is_limited)| {
        let masking = if is_limited { Masking::Shown } else { Masking::Masked };
        List { writer: FindingWriter::new(format, masking), is_limited }
    })
}

/// The outputs of a run.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    accepted: Vec<u8>,
    rejected: Vec<u8>,
    /// The counts of the split, or why the outputs were not committed.
    counts: Result<SplitCounts, String>,
    /// Lists and reports.
    reports: Vec<Vec<u8>>,
}

type Buffer = Arc<Mutex<Vec<u8>>>;

fn output(buffer: &Buffer) -> Output {
    Output::Failing { room: usize::MAX, written: Arc::clone(buffer) }
}

fn take(buffer: &Buffer) -> Vec<u8> {
    std::mem::take(&mut *buffer.lock().expect("not poisoned"))
}

/// How bytes arrive, and how they are read.
#[derive(Clone, Copy, Debug)]
struct Delivery {
    /// Maximum of bytes per read.
    max_read: usize,
    pace: Pace,
    form: InputForm,
    /// Whether to write reports, which takes longer than the run itself.
    has_reports: bool,
}

impl Delivery {
    fn at_once(form: InputForm) -> Self {
        Self { max_read: usize::MAX - 1, pace: Pace::Blocks, form, has_reports: false }
    }
}

fn run(bytes: &[u8], max_record_bytes: usize, delivery: Delivery) -> Written {
    let Delivery { max_read, pace, form, has_reports } = delivery;
    let mut formats: Vec<_> = lists().into_iter().map(Format::List).collect();
    if has_reports {
        formats.extend([
            Format::Report(RunFormat::Sarif),
            Format::Report(RunFormat::Gitlab),
            Format::Report(RunFormat::Html(Masking::Shown)),
            Format::Junit(JunitWriter::new()),
        ]);
    }
    let (mut targets, mut reports) = (Vec::new(), Vec::new());
    for format in formats {
        let buffer = Buffer::default();
        targets.push(OutputTarget { format, output: Some(output(&buffer)) });
        reports.push(buffer);
    }
    let [accepted, rejected] = [Buffer::default(), Buffer::default()];
    let outputs = SplitOutputs::of(output(&accepted), output(&rejected), false);
    let outputs = Rc::new(RefCell::new(outputs));
    let levels = Levels { rule_set: RuleSet::Semantic, ..Levels::default() };
    let builder = RunBuilder::for_test(max_record_bytes, levels)
        .form(form)
        .targets(targets, 20, 20)
        .groups(Some(Masking::Masked))
        .rules(Some(Semantics::new(Some(NOW))), None);
    let limits = Limits { horizon: i64::MAX, max_open: 20, latest: NOW };
    let overview = SharedOverview::new(None, Masking::Masked, limits);
    let builder = overview.register(builder);
    let mut run = split::register(builder, &outputs).run_test(&source(bytes, Fault::Slow(max_read)), pace);
    let overview = has_reports.then(|| overview.take());
    run.report(&[], Exit::Clean, overview.as_ref());
    assert!(run.output_failures().is_empty(), "{:?}", run.output_failures());
    let outputs = Rc::into_inner(outputs).expect("the run has ended").into_inner();
    let counts = outputs.commit(CommitOrder::AcceptedLast, &run.summary, OnUnreadable::Fail);
    Written {
        accepted: take(&accepted),
        rejected: take(&rejected),
        counts,
        reports: reports.iter().map(take).collect(),
    }
}

/// Asserts that the outputs do not depend on how the bytes arrive, and returns them.
fn run_in_all_ways(bytes: &[u8], max_record_bytes: usize, form: InputForm) -> Written {
    let delivery = Delivery::at_once(form);
    // With records over the limit, reports contain nothing else.
    let has_reports = form == InputForm::Records && max_record_bytes > bytes.len();
    let with_reports = Delivery { has_reports, ..delivery };
    let written = run(bytes, max_record_bytes, with_reports);
    let in_pieces =
        run(bytes, max_record_bytes, Delivery { max_read: 7, pace: Pace::Immediate, ..with_reports });
    assert_eq!(in_pieces, written, "in pieces of 7");
    let mut by_bytes = run(bytes, max_record_bytes, Delivery { max_read: 1, ..delivery });
    by_bytes.reports.extend_from_slice(&written.reports[by_bytes.reports.len()..]);
    assert_eq!(by_bytes, written, "byte by byte");
    written
}

/// Whether `bytes` are compressed or another file format, which other targets cover.
fn is_not_text(bytes: &[u8]) -> bool {
    FileKind::recognize(&bytes[..bytes.len().min(HEAD_BYTES)]).is_some()
}

/// Checks a file of events.
pub(crate) fn lines(bytes: &[u8]) {
    if is_not_text(bytes) {
        return;
    }
    for limit in MAX_RECORD_BYTES {
        let written = run_in_all_ways(bytes, limit, InputForm::Records);
        let rejected = account(bytes, &written);
        // Replayed with the same rules, no record is accepted, and no byte is lost.
        let again = run(&written.rejected, limit, Delivery::at_once(InputForm::Rejected));
        let counts = again.counts.expect("a rejected file that a split wrote");
        assert_eq!((counts.accepted.records, counts.rejected.bytes), (0, rejected.len() as u64));
        assert_eq!(raw(&again.rejected).concat(), rejected);
    }
}

/// Asserts that each byte is accounted for once, at the position stated, and returns the rejected bytes.
fn account(bytes: &[u8], written: &Written) -> Vec<u8> {
    let counts = written.counts.as_ref().expect("all was read");
    assert_eq!(counts.bytes(), bytes.len() as u64);
    assert_eq!(written.accepted.len() as u64, counts.accepted.bytes + counts.added);
    let (mut rest, mut rejected, mut end) = (Vec::new(), Vec::new(), 0);
    for line in written.rejected.split_inclusive(|byte| *byte == b'\n') {
        let entry = rejected::read(line, Position::START).expect("a line that a split wrote");
        let start = usize::try_from(entry.at.offset).expect("within the input");
        assert!(start >= end, "rejected twice");
        rest.extend_from_slice(&bytes[end..start]);
        end = start + entry.raw.len();
        assert_eq!(&bytes[start..end], entry.raw);
        rejected.extend(entry.raw);
    }
    rest.extend_from_slice(&bytes[end..]);
    assert_eq!(rejected.len() as u64, counts.rejected.bytes);
    // All other bytes are accepted in order, except for what is between records.
    let is_text = |byte: &u8| !BETWEEN.contains(byte);
    let texts =
        [&rest, &written.accepted].map(|text| text.iter().copied().filter(is_text).collect::<Vec<_>>());
    assert_eq!(texts[0], texts[1]);
    rejected
}

/// Returns the raw bytes of each intact line of a rejected file.
fn raw(file: &[u8]) -> Vec<Vec<u8>> {
    let lines = file.split_inclusive(|byte| *byte == b'\n');
    lines.filter_map(|line| rejected::read(line, Position::START).ok()).map(|entry| entry.raw).collect()
}

/// Checks a rejected file, which may be damaged or forged.
pub(crate) fn replay(bytes: &[u8]) {
    if is_not_text(bytes) || bytes.starts_with(b"\x1f\x8b") {
        return;
    }
    for limit in MAX_RECORD_BYTES {
        let written = run_in_all_ways(bytes, limit, InputForm::Rejected);
        let counts = written.counts.expect("all was read");
        assert_eq!(written.accepted.len() as u64, counts.accepted.bytes + counts.added);
        // Elements of an array may be read as other lines once they are not in an array.
        let is_array =
            bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"[");
        if is_array {
            continue;
        }
        // A second replay accepts nothing more.
        let again = run(&written.rejected, limit, Delivery::at_once(InputForm::Rejected));
        assert_eq!(again.counts.map(|counts| counts.accepted.records), Ok(0));
        assert!(again.accepted.is_empty());
        assert_eq!(text(&again.rejected), text(&written.rejected));
        // If no line is intact, all lines stay unchanged, whatever their line ends.
        if raw(&written.rejected).is_empty() && counts.accepted.records == 0 {
            assert_eq!(text(&written.rejected), text(bytes));
        }
    }
}

/// Returns the bytes without those that may be between records, which replay need not keep.
fn text(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !BETWEEN.contains(byte)).collect()
}
