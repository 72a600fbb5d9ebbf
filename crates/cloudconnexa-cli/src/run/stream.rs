//! An input that comes bit by bit, for as long as the run goes on: each whole record is judged when it is there.

use std::sync::Arc;

use cloudconnexa_validator::Position;
use cloudconnexa_validator::records::{Item, Splitter};

use super::block::{Batch, Block, Content, SLICE};
use super::cutter::Sink;
use super::outcome::Outcome;

/// Text on its way to a judge, from one file or several that follow one another.
#[derive(Debug)]
pub(crate) struct Stream {
    name: Arc<str>,
    limit: usize,
    splitter: Splitter,
    /// Where the text ends that came so far.
    at: Position,
    is_within_line: bool,
    bytes: u64,
    /// Up to here all is judged: the end of the last line that ended a record; how many bytes of the file that is, and
    /// the number of the line behind it.
    pub(crate) judged: (u64, u64),
    /// Where the file begins at hand.
    file: u64,
}

impl Stream {
    /// Begins in a file behind `offset` bytes, in this line.
    pub(crate) fn new(name: &str, offset: u64, line: u64, limit: usize) -> Self {
        let at = Position { offset, line, column: 1 };
        let splitter = if offset == 0 { Splitter::following(at, limit) } else { Splitter::resume(at, limit) };
        let judged = (offset, line);
        Self { name: name.into(), limit, splitter, at, is_within_line: false, bytes: 0, judged, file: 0 }
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        let mut batch = empty(sink);
        for slice in bytes.chunks(SLICE) {
            let (judged, file) = (&mut self.judged, self.file);
            self.splitter.push(slice, |item| {
                if let Some((offset, line)) = end(&item) {
                    *judged = (offset - file, line);
                }
                batch.add(item);
            });
            if batch.is_full() {
                let full = std::mem::replace(&mut batch, empty(sink));
                self.hand_over(full, false, sink);
            }
        }
        self.bytes += bytes.len() as u64;
        self.at.offset += bytes.len() as u64;
        self.at.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.is_within_line = bytes.last().map_or(self.is_within_line, |last| *last != b'\n');
        self.hand_over(batch, false, sink);
    }

    /// Leaves out what is not judged yet: it is no text.
    pub(crate) fn forget(&mut self) {
        self.splitter = Splitter::following(self.at, self.limit);
    }

    /// No more comes of this file; another one follows, whose lines are numbered on.
    pub(super) fn next_file(&mut self, sink: &mut impl Sink) {
        self.at.line += u64::from(std::mem::take(&mut self.is_within_line));
        self.at.column = 1;
        self.finish(false, sink);
        (self.judged, self.file) = ((0, self.at.line), self.at.offset);
    }

    /// Judges what is left, and counts all as one input. `problem` says why that is not all.
    pub(super) fn end(mut self, problem: Option<String>, sink: &mut impl Sink) {
        let unread = problem.is_some();
        if let Some(message) = problem {
            let mut outcome = Outcome::of(&self.name);
            outcome.problem(&self.name, message);
            sink.outcome(outcome);
        }
        self.finish(unread, sink);
        let mut end = Outcome::of(&self.name);
        end.read(self.bytes, unread);
        end.file(&self.name).is_done = true;
        sink.outcome(end);
    }

    fn finish(&mut self, breaks_off: bool, sink: &mut impl Sink) {
        let mut batch = empty(sink);
        let next = Splitter::following(self.at, self.limit);
        std::mem::replace(&mut self.splitter, next).finish(|item| batch.add(item));
        self.hand_over(batch, breaks_off, sink);
    }

    fn hand_over(&self, batch: Batch, breaks_off: bool, sink: &mut impl Sink) {
        if batch.pieces.is_empty() {
            return sink.spare(batch.text);
        }
        sink.block(Block {
            input: Arc::clone(&self.name),
            memory: batch.text,
            content: Content::Cut(batch.pieces),
            breaks_off,
        });
    }
}

fn empty(sink: &mut impl Sink) -> Batch {
    let mut text = sink.memory();
    text.clear();
    Batch { text, pieces: Vec::new() }
}

/// Where the line ends that an item ends, and the number of the next; none within an array, where nobody could go on.
fn end(item: &Item<'_>) -> Option<(u64, u64)> {
    let Item::Record(record) = item else { return None };
    let is_end = !record.is_element && record.after.ends_with(b"\n");
    let bytes = (record.bytes.len() + record.after.len()) as u64;
    let lines = [record.bytes, record.after].map(|text| memchr::memchr_iter(b'\n', text).count() as u64);
    is_end.then(|| (record.at.offset + bytes, record.at.line + lines[0] + lines[1]))
}
