//! Splits a source into blocks: at line ends where it holds JSON lines or documents, else record by record.

use std::fmt;
use std::sync::Arc;

use cloudconnexa_inflate::WINDOW;

use crate::block::{BLOCK_BYTES, Batch, Block, Content, SLICE_BYTES};
use crate::bytes::SourceReader;
use crate::error::{ReadError, ReadErrorKind};
use crate::event::{InputEnd, ReadEvent};
use crate::file_kind::{FileKind, HEAD_BYTES};
use crate::position::Position;
use crate::records::{DEFAULT_LIMIT, Splitter, boundary, is_array};
use crate::source::Source;
use crate::stage::{BlockSink, Splitting};
use crate::unfinished::Unfinished;

/// Splits sources into the records that they hold.
#[derive(Clone)]
pub struct SplitRecords {
    /// The longest record, in bytes; longer ones are refused.
    pub max_record_bytes: usize,
    /// When records are handed on.
    pub pace: Pace,
    /// What becomes of an input that cannot be read to its end.
    pub on_error: OnError,
    /// Whether the run was asked to stop; then no other source is opened.
    pub is_stopped: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

/// When records are handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// Once a block is full: fastest.
    #[default]
    Blocks,
    /// As soon as they are read: somebody watches a slow pipe.
    Immediate,
}

/// What becomes of an input that cannot be read to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnError {
    /// It ends there, with a [`ReadEvent::Error`].
    #[default]
    Report,
    /// It is handed out as [`ReadEvent::Unfinished`], for another attempt.
    Retry,
}

impl Default for SplitRecords {
    fn default() -> Self {
        Self {
            max_record_bytes: DEFAULT_LIMIT,
            pace: Pace::Blocks,
            on_error: OnError::Report,
            is_stopped: None,
        }
    }
}

impl fmt::Debug for SplitRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { max_record_bytes, pace, on_error, is_stopped: _ } = self;
        write!(f, "SplitRecords({max_record_bytes}, {pace:?}, {on_error:?})")
    }
}

impl Splitting for SplitRecords {
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink) {
        if self.on_error == OnError::Retry {
            return Unfinished::new(source).attempt(reader, self, sink);
        }
        let name: Arc<str> = source.name().into();
        let end = if let Err(error) = reader.open(source) {
            sink.event(&name, ReadEvent::Error(ReadError::new(&name, ReadErrorKind::Open(error))));
            InputEnd::unopened()
        } else {
            let mut blocks = BlockReader::new(&name, reader, self, sink);
            blocks.run();
            let is_complete = !blocks.is_incomplete;
            let end = InputEnd::opened(blocks.bytes, is_complete).with_empty(is_complete && blocks.is_blank);
            blocks.finish();
            end
        };
        sink.event(&name, ReadEvent::End(end));
    }
}

impl SplitRecords {
    pub(crate) fn should_stop(&self) -> bool {
        self.is_stopped.as_ref().is_some_and(|is_stopped| is_stopped())
    }
}

/// Errors that are kept of an input that may be read again.
const MAX_ERRORS: usize = 1000;

/// One input on its way into blocks.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about what was read")]
pub(crate) struct BlockReader<'a, K> {
    name: &'a Arc<str>,
    reader: &'a mut SourceReader,
    options: &'a SplitRecords,
    sink: &'a mut K,
    /// What was read ends at `end`; what is not handed over starts at `start`, whose position is `at`.
    buf: Vec<u8>,
    start: usize,
    end: usize,
    at: Position,
    pub(crate) bytes: u64,
    /// Something could not be read.
    pub(crate) is_incomplete: bool,
    /// Everything after some byte could not be read.
    pub(crate) is_cut_off: bool,
    is_at_end: bool,
    /// The first bytes, unless they are those of JSON: what is not JSON is recognized by its start.
    head: Option<Arc<[u8]>>,
    /// Nothing but white space was read so far.
    pub(crate) is_blank: bool,
    /// Of an input that is read again: bytes that an earlier attempt split, and the splitter that goes on after them.
    pub(crate) done_before: u64,
    pub(crate) splitter: Option<Splitter>,
    /// Errors that are reported only if no other attempt succeeds.
    pub(crate) errors: Vec<ReadError>,
    pub(crate) is_transient: bool,
}

impl<'a, K: BlockSink> BlockReader<'a, K> {
    pub(crate) fn new(
        name: &'a Arc<str>,
        reader: &'a mut SourceReader,
        options: &'a SplitRecords,
        sink: &'a mut K,
    ) -> Self {
        let buf = sized_buf(sink.buf());
        Self {
            name,
            reader,
            options,
            sink,
            buf,
            start: 0,
            end: 0,
            at: Position::START,
            bytes: 0,
            is_incomplete: false,
            is_cut_off: false,
            is_at_end: false,
            head: None,
            is_blank: true,
            done_before: 0,
            splitter: None,
            errors: Vec::new(),
            is_transient: true,
        }
    }

    /// Gives the buffer back.
    pub(crate) fn finish(self) {
        if !self.buf.is_empty() {
            self.sink.recycle(self.buf);
        }
    }

    /// Reads and splits all of it.
    pub(crate) fn run(&mut self) {
        while self.end < HEAD_BYTES && !self.is_at_end {
            self.read();
        }
        self.is_blank = is_blank(without_mark(&self.buf[..self.end]));
        let head = &self.buf[..self.end];
        let damaged = || FileKind::recognize_damaged_gzip(self.name, head).filter(|_| !self.reader.is_gzip());
        if let Some(kind) = FileKind::recognize(head).or_else(damaged) {
            self.is_incomplete = true;
            // None of them is text, so none is handed over.
            self.bytes = 0;
            return self.error(ReadErrorKind::Foreign(kind));
        }
        self.head = kept_head(head);
        let by_record = self.options.pace == Pace::Immediate || self.options.on_error == OnError::Retry;
        if by_record || is_array(&self.buf[..self.end]) != Some(false) || !self.blocks() {
            self.records();
        }
    }

    /// Hands over blocks that end where a record starts; false if a block has no such place.
    fn blocks(&mut self) -> bool {
        while !self.sink.is_stopped() {
            while self.end < self.buf.len() && !self.is_at_end {
                self.read();
            }
            if self.is_at_end {
                self.hand_over_last();
                return true;
            }
            match boundary(&self.buf[self.start..self.end]) {
                Some(length) => self.hand_over(self.start + length),
                None => return false,
            }
        }
        true
    }

    /// Hands over what comes before `end`, and goes on with the rest in another buffer.
    fn hand_over(&mut self, end: usize) {
        let (range, at) = (self.start..end, self.at);
        let kept = self.window().min(end);
        let mut buf = sized_buf(self.sink.buf());
        buf[..self.end - kept].copy_from_slice(&self.buf[kept..self.end]);
        (self.start, self.end) = (end - kept, self.end - kept);
        let buf = std::mem::replace(&mut self.buf, buf);
        self.at.offset += range.len() as u64;
        self.at.line += memchr::memchr_iter(b'\n', &buf[range.clone()]).count() as u64;
        let limit = self.options.max_record_bytes;
        self.block(buf, Content::Unsplit { range, at, limit }, false);
    }

    /// Where the bytes start that the reader looks back at for the next ones.
    fn window(&self) -> usize {
        if self.reader.is_gzip() { self.end.saturating_sub(WINDOW) } else { self.end }
    }

    fn hand_over_last(&mut self) {
        let limit = self.options.max_record_bytes;
        let content = Content::Unsplit { range: self.start..self.end, at: self.at, limit };
        let buf = std::mem::take(&mut self.buf);
        self.block(buf, content, self.is_cut_off);
    }

    fn block(&mut self, buf: Vec<u8>, content: Content, is_cut_off: bool) {
        self.sink.block(Block {
            input: Arc::clone(self.name),
            buf,
            content,
            is_cut_off,
            head: self.head.clone(),
        });
    }

    /// Hands over records in batches, as the splitter finds them.
    fn records(&mut self) {
        let fresh = || Splitter::resume(self.at, self.options.max_record_bytes);
        let mut splitter = self.splitter.take().unwrap_or_else(fresh);
        let mut batch = self.batch();
        // Bytes since a record, if there is none in the batch.
        let mut idle = 0;
        while !self.sink.is_stopped() {
            let available = (self.end - self.start) as u64;
            let done_before = self.done_before.min(available);
            self.done_before -= done_before;
            self.start += usize::try_from(done_before).unwrap_or_default();
            for start in (self.start..self.end).step_by(SLICE_BYTES) {
                let slice = &self.buf[start..self.end.min(start + SLICE_BYTES)];
                splitter.push(slice, |item| batch.add(item));
                idle = if batch.is_empty() { idle + slice.len() } else { 0 };
                if batch.is_full() || idle >= BLOCK_BYTES {
                    // Without records as well: the merging thread only looks whether it is done when something arrives.
                    idle = 0;
                    let full = std::mem::replace(&mut batch, self.batch());
                    self.hand_over_batch(full, false);
                }
                self.sink.holds(splitter.held());
            }
            let kept = self.window();
            self.buf.copy_within(kept..self.end, 0);
            (self.start, self.end) = (self.end - kept, self.end - kept);
            if self.options.pace == Pace::Immediate {
                let full = std::mem::replace(&mut batch, self.batch());
                self.hand_over_batch(full, false);
            }
            if self.is_at_end {
                break;
            }
            self.read();
        }
        if self.is_incomplete && self.options.on_error == OnError::Retry {
            self.splitter = Some(splitter);
            return self.hand_over_batch(batch, false);
        }
        if self.is_cut_off {
            let complete = std::mem::replace(&mut batch, self.batch());
            self.hand_over_batch(complete, false);
        }
        splitter.finish(|item| batch.add(item));
        self.hand_over_batch(batch, self.is_cut_off);
    }

    fn batch(&mut self) -> Batch {
        Batch::new(self.sink.buf())
    }

    fn hand_over_batch(&mut self, batch: Batch, is_cut_off: bool) {
        self.sink.block(Block::new(self.name, batch, is_cut_off).with_head(self.head.clone()));
    }

    fn read(&mut self) {
        match self.reader.read(&mut self.buf, self.end) {
            Ok(0) => self.is_at_end = true,
            Ok(length) => {
                // The first byte that counts decides, and then there is nothing more to look at.
                self.is_blank = self.is_blank && is_blank(&self.buf[self.end..self.end + length]);
                self.end += length;
                self.bytes += length as u64;
            }
            Err(kind) => {
                self.is_incomplete = true;
                self.is_cut_off |= kind.is_cut_off();
                self.is_at_end = kind.is_cut_off();
                self.error(kind);
            }
        }
    }

    fn error(&mut self, kind: ReadErrorKind) {
        self.is_transient &= kind.is_transient();
        let error = ReadError::new(self.name, kind);
        match self.options.on_error {
            OnError::Report => self.sink.event(self.name, ReadEvent::Error(error)),
            OnError::Retry if self.errors.len() < MAX_ERRORS => self.errors.push(error),
            OnError::Retry => {}
        }
    }
}

/// Whether there is nothing but white space.
fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Returns the first bytes of an input, unless they are those of JSON.
fn kept_head(text: &[u8]) -> Option<Arc<[u8]>> {
    let first = without_mark(text).trim_ascii_start().first()?;
    (!matches!(first, b'{' | b'[')).then(|| text[..text.len().min(HEAD_BYTES)].into())
}

/// Returns the start of an input without its byte order mark.
fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)
}

/// Returns `buf` with room for a block and the bytes that decompression looks back at, which is what
/// [`SourceReader::read`] works best with.
#[must_use]
pub fn sized_buf(buf: Vec<u8>) -> Vec<u8> {
    const BYTES: usize = BLOCK_BYTES + WINDOW;
    // A new buffer gets its zeros from the system; growing one would write them.
    if buf.len() < BYTES { vec![0; BYTES] } else { buf }
}
