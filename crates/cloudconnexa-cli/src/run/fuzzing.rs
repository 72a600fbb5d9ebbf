//! What must hold of the whole way from bytes to findings, reports and outputs, whatever the bytes are.

use std::path::Path;
use std::sync::{Arc, Mutex};

use cloudconnexa_reader::{
    FileKind, HEAD_BYTES, Inline, Pace, Position, SourceReader, SplitRecords, Splitting as _,
};
use cloudconnexa_report::{FindingWriter, JunitWriter, ListFormat, Masking, RunFormat};
use cloudconnexa_validator::semantics::Semantics;

use super::faulty::{Fault, source};
use super::judge::{Judge, Law};
use super::replay::SplitRejected;
use super::{Counts, Form, Format, Lenses, Merge, Sink, Task, VALIDATOR};
use crate::exit::Exit;
use crate::levels::{Levels, RuleSet};
use crate::list::List;
use crate::outputs::Output;
use crate::overview::SharedOverview;
use crate::paths::root_at;
use crate::progress::Progress;
use crate::rejected;
use crate::split_outputs::{CommitOrder, SplitOutputs};

/// A law for a whole thread, and where those who look at records put what they see.
#[derive(Clone)]
struct Court {
    law: Arc<Law>,
    max_record_bytes: usize,
    overview: SharedOverview,
}

thread_local! {
    /// Two limits of records: one that most exceed, and one that none does.
    static COURTS: [Court; 2] = [40, 1 << 24].map(court);
}

/// The present, in microseconds since 1970, which is always the same.
const NOW: i64 = 1_767_225_600_000_000;

fn lists() -> [List; 3] {
    let human = ListFormat::Human { width: 80 };
    [(human, true), (ListFormat::Concise, false), (ListFormat::Json, false)].map(|(format, is_limited)| {
        let masking = if is_limited { Masking::Shown } else { Masking::Masked };
        List { writer: FindingWriter::new(format, masking), is_limited }
    })
}

fn court(max_record_bytes: usize) -> Court {
    let mut lenses = Lenses::default();
    let overview = SharedOverview::new(&mut lenses, None, Masking::Masked);
    let law = Arc::new(Law {
        validator: &VALIDATOR,
        max_findings: 20,
        lists: lists().to_vec(),
        lists_all: true,
        groups: Some(Masking::Masked),
        levels: Levels { rule_set: RuleSet::Semantic, ..Levels::default() },
        levels_root: root_at(Path::new(".")),
        root: root_at(Path::new(".")),
        baseline: None,
        parts: true,
        sights: false,
        semantics: Some(Semantics::new(Some(NOW))),
        steps: false,
        lenses,
    });
    Court { law, max_record_bytes, overview }
}

/// All that comes of an input.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    accepted: Vec<u8>,
    rejected: Vec<u8>,
    /// What there was no way to do, if the outputs would not be put into place.
    counts: Result<Counts, String>,
    /// Lists and reports.
    told: Vec<Vec<u8>>,
}

type Written = Arc<Mutex<Vec<u8>>>;

fn output(written: &Written) -> Output {
    Output::Failing { room: usize::MAX, written: Arc::clone(written) }
}

fn taken(written: &Written) -> Vec<u8> {
    std::mem::take(&mut *written.lock().expect("whole"))
}

/// How the bytes come, and what is made of them.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// So many come at once, and each time are handed on at once.
    most: usize,
    promptly: bool,
    replays: bool,
    /// Reports are long, whatever they are about.
    reports: bool,
}

impl Way {
    fn at_once(replays: bool) -> Self {
        Self { most: usize::MAX - 1, promptly: false, replays, reports: false }
    }
}

fn run(bytes: &[u8], court: &Court, way: Way) -> Came {
    let Way { most, promptly, replays, reports } = way;
    let law = &court.law;
    let mut formats: Vec<_> = lists().into_iter().map(Format::List).collect();
    if reports {
        formats.extend([
            Format::Report(RunFormat::Sarif),
            Format::Report(RunFormat::Gitlab),
            Format::Report(RunFormat::Html(Masking::Shown)),
            Format::Junit(JunitWriter::new()),
        ]);
    }
    let (mut sinks, mut told) = (Vec::new(), Vec::new());
    for format in formats {
        let written = Written::default();
        sinks.push(Sink { format, output: Some(output(&written)) });
        told.push(written);
    }
    let [accepted, rejected] = [Written::default(), Written::default()];
    let task = Task {
        sinks,
        max_findings: law.max_findings,
        max_results: 20,
        root: law.root.clone(),
        baseline: None,
        draft: None,
        problems: Vec::new(),
        parts: Some(SplitOutputs::of(output(&accepted), output(&rejected), false)),
        table: None,
        state: None,
        overview: Some(court.overview.clone()),
    };
    let mut merge = Merge::new(task, Progress::new(None, true));
    let max_record_bytes = court.max_record_bytes;
    let form = if replays {
        Form::Rejected(SplitRejected { max_record_bytes })
    } else {
        let pace = if promptly { Pace::Immediate } else { Pace::Blocks };
        Form::Records(SplitRecords { max_record_bytes, pace, ..SplitRecords::default() })
    };
    let (mut reader, source) = (SourceReader::default(), source(bytes, Fault::Slow(most)));
    form.split(&source, &mut reader, &mut Inline::new(&mut Judge::new(law), &mut merge));
    merge.finish();
    merge.report(&[], Exit::Clean);
    assert!(merge.unwritten.is_empty(), "{:?}", merge.unwritten);
    let counts = merge.put_into_place(CommitOrder::AcceptedLast);
    Came {
        accepted: taken(&accepted),
        rejected: taken(&rejected),
        counts,
        told: told.iter().map(taken).collect(),
    }
}

/// The same, and that it does not depend on how the bytes come.
fn run_in_all_ways(bytes: &[u8], court: &Court, replays: bool) -> Came {
    let way = Way::at_once(replays);
    // Reports of records that are too long say nothing else.
    let with_reports = Way { reports: !replays && court.max_record_bytes > bytes.len(), ..way };
    let came = run(bytes, court, with_reports);
    let in_pieces = run(bytes, court, Way { most: 7, promptly: true, ..with_reports });
    assert_eq!(in_pieces, came, "in pieces of 7");
    let mut by_bytes = run(bytes, court, Way { most: 1, ..way });
    by_bytes.told.extend_from_slice(&came.told[by_bytes.told.len()..]);
    assert_eq!(by_bytes, came, "byte by byte");
    came
}

/// Whether it holds no text as it lies there: other functions are about that.
fn is_no_text(bytes: &[u8]) -> bool {
    FileKind::recognize(&bytes[..bytes.len().min(HEAD_BYTES)]).is_some()
}

/// A file of events.
pub(crate) fn lines(bytes: &[u8]) {
    if is_no_text(bytes) {
        return;
    }
    for court in &COURTS.with(Clone::clone) {
        let came = run_in_all_ways(bytes, court, false);
        let rejected = account(bytes, &came);
        // Without another law none of it is accepted, and nothing is lost.
        let again = run(&came.rejected, court, Way::at_once(true));
        let counts = again.counts.expect("a rejected file of our own");
        assert_eq!((counts.accepted.records, counts.rejected.bytes), (0, rejected.len() as u64));
        assert_eq!(raw(&again.rejected).concat(), rejected);
    }
}

/// Each byte is in one place, and that is where it is said to be; gives those that are rejected.
fn account(bytes: &[u8], came: &Came) -> Vec<u8> {
    let counts = came.counts.as_ref().expect("all was read");
    assert_eq!(counts.bytes(), bytes.len() as u64);
    assert_eq!(came.accepted.len() as u64, counts.accepted.bytes + counts.added);
    let (mut rest, mut rejected, mut done) = (Vec::new(), Vec::new(), 0);
    for line in came.rejected.split_inclusive(|byte| *byte == b'\n') {
        let entry = rejected::read(line, Position::START).expect("a line of our own");
        let from = usize::try_from(entry.at.offset).expect("within the input");
        assert!(from >= done, "rejected twice");
        rest.extend_from_slice(&bytes[done..from]);
        done = from + entry.raw.len();
        assert_eq!(&bytes[from..done], entry.raw);
        rejected.extend(entry.raw);
    }
    rest.extend_from_slice(&bytes[done..]);
    assert_eq!(rejected.len() as u64, counts.rejected.bytes);
    // But for white space and punctuation around records all others are accepted, in their order.
    let is_text = |byte: &u8| !b" \t\r\n,[]\xef\xbb\xbf".contains(byte);
    let texts = [&rest, &came.accepted].map(|text| text.iter().copied().filter(is_text).collect::<Vec<_>>());
    assert_eq!(texts[0], texts[1]);
    rejected
}

/// What stands in the lines of a rejected file that can be read.
fn raw(file: &[u8]) -> Vec<Vec<u8>> {
    let lines = file.split_inclusive(|byte| *byte == b'\n');
    lines.filter_map(|line| rejected::read(line, Position::START).ok()).map(|entry| entry.raw).collect()
}

/// A rejected file, by whomever it was written.
pub(crate) fn replay(bytes: &[u8]) {
    if is_no_text(bytes) || bytes.starts_with(b"\x1f\x8b") {
        return;
    }
    for court in &COURTS.with(Clone::clone) {
        let came = run_in_all_ways(bytes, court, true);
        let counts = came.counts.expect("all was read");
        assert_eq!(came.accepted.len() as u64, counts.accepted.bytes + counts.added);
        // Lines of an array may be others once they are no elements any more.
        let is_array =
            bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"[");
        if is_array {
            continue;
        }
        // What was accepted is gone from it, and what stays does so for good.
        let again = run(&came.rejected, court, Way::at_once(true));
        assert_eq!(again.counts.map(|counts| counts.accepted.records), Ok(0));
        assert!(again.accepted.is_empty());
        assert_eq!(text(&again.rejected), text(&came.rejected));
        // If nothing of it can be read, all stays to the letter, however its lines were ended.
        if raw(&came.rejected).is_empty() && counts.accepted.records == 0 {
            assert_eq!(text(&came.rejected), text(bytes));
        }
    }
}

/// All but what separates lines, which need not stay.
fn text(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}
