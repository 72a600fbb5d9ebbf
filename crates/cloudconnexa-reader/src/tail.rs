//! An input that arrives piece by piece for as long as a run goes on: each record is handed out once it is complete.

use std::sync::Arc;

use crate::block::{Batch, Block, SLICE_BYTES};
use crate::error::{ReadError, ReadErrorKind};
use crate::event::{InputEnd, ReadEvent};
use crate::position::Position;
use crate::records::{Item, Splitter};
use crate::stage::BlockSink;

/// The text of one file that grows, or of several that follow one another.
#[derive(Debug)]
pub struct Tail {
    name: Arc<str>,
    limit: usize,
    splitter: Splitter,
    /// The end of the text so far.
    at: Position,
    is_within_line: bool,
    bytes: u64,
    handed_out: Resume,
    /// Where the current file starts.
    file_start: u64,
}

/// Where another run can go on with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Bytes of the file up to the end of the last line that ended a record.
    pub offset: u64,
    /// The number of the line after it.
    pub line: u64,
}

impl Tail {
    /// Starts in a file after `from.offset` bytes, in line `from.line`. Records of more than `max_record_bytes` are
    /// refused.
    #[must_use]
    pub fn new(name: &str, from: Resume, max_record_bytes: usize) -> Self {
        let at = Position { offset: from.offset, line: from.line, column: 1 };
        let splitter = match from.offset {
            0 => Splitter::following(at, max_record_bytes),
            _ => Splitter::resume(at, max_record_bytes),
        };
        Self {
            name: name.into(),
            limit: max_record_bytes,
            splitter,
            at,
            is_within_line: false,
            bytes: 0,
            handed_out: from,
            file_start: 0,
        }
    }

    /// Where another run can go on, so that no record is lost or comes twice.
    #[must_use]
    pub fn resume(&self) -> Resume {
        self.handed_out
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8], sink: &mut impl BlockSink) {
        let mut batch = Batch::new(sink.buf());
        for slice in bytes.chunks(SLICE_BYTES) {
            let (handed_out, file_start) = (&mut self.handed_out, self.file_start);
            self.splitter.push(slice, |item| {
                if let Some((offset, line)) = line_end(&item) {
                    *handed_out = Resume { offset: offset - file_start, line };
                }
                batch.add(item);
            });
            // Where separators end a line, it is not part of a record.
            if let Some(at) = self.splitter.line_start() {
                self.handed_out = Resume { offset: at.offset - self.file_start, line: at.line };
            }
            if batch.is_full() {
                let full = std::mem::replace(&mut batch, Batch::new(sink.buf()));
                self.hand_over(full, false, sink);
            }
        }
        self.bytes += bytes.len() as u64;
        self.at.offset += bytes.len() as u64;
        self.at.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.is_within_line = bytes.last().map_or(self.is_within_line, |last| *last != b'\n');
        self.hand_over(batch, false, sink);
    }

    /// Drops what is not handed out yet, because it is not text.
    pub fn discard_rest(&mut self) {
        self.splitter = Splitter::following(self.at, self.limit);
    }

    /// Ends this file; another one follows, whose lines are numbered on.
    pub fn next_file(&mut self, sink: &mut impl BlockSink) {
        self.at.line += u64::from(std::mem::take(&mut self.is_within_line));
        self.at.column = 1;
        self.finish(false, sink);
        (self.handed_out, self.file_start) = (Resume { offset: 0, line: self.at.line }, self.at.offset);
    }

    /// Hands out what is left, and reports the end of all of it as one input. `problem` says why that is not all.
    pub fn end(mut self, problem: Option<String>, sink: &mut impl BlockSink) {
        let is_complete = problem.is_none();
        if let Some(problem) = problem {
            let error = ReadError::new(&self.name, ReadErrorKind::Other(problem));
            sink.event(&self.name, ReadEvent::Error(error));
        }
        self.finish(!is_complete, sink);
        sink.event(&self.name, ReadEvent::End(InputEnd::opened(self.bytes, is_complete)));
    }

    fn finish(&mut self, is_cut_off: bool, sink: &mut impl BlockSink) {
        let mut batch = Batch::new(sink.buf());
        let next = Splitter::following(self.at, self.limit);
        std::mem::replace(&mut self.splitter, next).finish(|item| batch.add(item));
        self.hand_over(batch, is_cut_off, sink);
    }

    fn hand_over(&self, batch: Batch, is_cut_off: bool, sink: &mut impl BlockSink) {
        if batch.is_empty() {
            return sink.recycle(batch.into_buf());
        }
        sink.block(Block::new(&self.name, batch, is_cut_off));
    }
}

/// The end of the line that ends this item, and the number of the next; `None` within an array, where another run could
/// not go on.
fn line_end(item: &Item<'_>) -> Option<(u64, u64)> {
    let Item::Record(record) = item else { return None };
    let is_end = !record.is_element && record.after.ends_with(b"\n");
    let bytes = (record.bytes.len() + record.after.len()) as u64;
    let lines = [record.bytes, record.after].map(|text| memchr::memchr_iter(b'\n', text).count() as u64);
    is_end.then(|| (record.at.offset + bytes, record.at.line + lines[0] + lines[1]))
}
