//! Splits rejected files into the raw records that they hold, to be checked at their positions in the original inputs.

use std::sync::Arc;

use crate::rejected::{self, OwnedEntry};
use cloudconnexa_reader::records::{FramingFault, Item, Record, Splitter};
use cloudconnexa_reader::{
    Batch, Block, BlockSink, FileKind, HEAD_BYTES, InputEnd, Position, ReadError, ReadErrorKind, ReadEvent,
    SLICE_BYTES, Source, SourceReader, Span, Splitting, WINDOW, sized_buf,
};
use cloudconnexa_validator::Finding;

/// How much longer a line can be than what stands in it: each byte may be written as six, with findings beside.
const ESCAPED: usize = 6;
const BESIDE: usize = 16 << 20;

/// What there is around a record that is refused for its length, at most.
const AROUND: usize = 1 << 16;

/// Splits rejected files into the records that stand in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct SplitRejected {
    pub(super) max_record_bytes: usize,
}

impl Splitting for SplitRejected {
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink) {
        let name: Arc<str> = source.name().into();
        let end = match reader.open(source) {
            Err(error) => {
                sink.event(&name, ReadEvent::Error(ReadError::new(&name, ReadErrorKind::Open(error))));
                InputEnd::unopened()
            }
            Ok(()) => {
                let (bytes, is_complete) = Replay::new(&name, reader, self.max_record_bytes, sink).run();
                InputEnd::opened(bytes, is_complete)
            }
        };
        sink.event(&name, ReadEvent::End(end));
    }
}

/// One rejected file on its way into blocks.
struct Replay<'a, S> {
    name: &'a Arc<str>,
    reader: &'a mut SourceReader,
    max_record_bytes: usize,
    sink: &'a mut S,
    /// What is not handed over: of one input.
    batch: Batch,
    original: Arc<str>,
    joining: Option<Joining>,
    /// Bytes of inputs that stood in the file.
    raw: u64,
}

/// A record that was rejected in pieces, as far as they have come.
struct Joining {
    first: OwnedEntry,
    /// Where its first line stands in the rejected file.
    line: Position,
    /// The pieces put together, and the lines that they stand in; of what is too long neither is kept.
    raw: Vec<u8>,
    lines: Vec<u8>,
    next: u64,
    is_too_long: bool,
    end: Position,
}

impl<'a, S: BlockSink> Replay<'a, S> {
    fn new(
        name: &'a Arc<str>,
        reader: &'a mut SourceReader,
        max_record_bytes: usize,
        sink: &'a mut S,
    ) -> Self {
        let batch = Batch::new(sink.buf());
        Self {
            name,
            reader,
            max_record_bytes,
            sink,
            batch,
            original: Arc::clone(name),
            joining: None,
            raw: 0,
        }
    }

    /// Cuts all; tells how many bytes of inputs stood there, and whether all of it could be read.
    fn run(mut self) -> (u64, bool) {
        let mut memory = sized_buf(self.sink.buf());
        let limit = self.max_record_bytes.saturating_mul(ESCAPED).saturating_add(BESIDE);
        let mut splitter = Splitter::with_limit(limit);
        let (mut start, mut end) = (0, 0);
        let (mut is_at_end, mut unread, mut is_known) = (false, false, false);
        while !is_at_end && !self.sink.is_stopped() {
            match self.reader.read(&mut memory, end) {
                Ok(0) => is_at_end = true,
                Ok(length) => end += length,
                Err(kind) => {
                    unread = true;
                    is_at_end = kind.is_cut_off();
                    self.event(kind);
                }
            }
            if !is_known {
                if end < HEAD_BYTES && !is_at_end {
                    continue;
                }
                is_known = true;
                if let Some(kind) = FileKind::recognize(&memory[..end]) {
                    self.say(format!("cannot replay `{}`: it is {kind}", self.name));
                    self.sink.recycle(memory);
                    self.sink.recycle(self.batch.into_buf());
                    return (0, false);
                }
            }
            for place in (start..end).step_by(SLICE_BYTES) {
                let slice = &memory[place..end.min(place + SLICE_BYTES)];
                splitter.push(slice, |item| self.item(item));
            }
            // What decompresses the next bytes looks back at those before.
            let kept = end.saturating_sub(WINDOW);
            memory.copy_within(kept..end, 0);
            (start, end) = (end - kept, end - kept);
        }
        splitter.finish(|item| self.item(item));
        self.abandon();
        self.hand_over();
        self.sink.recycle(memory);
        self.sink.recycle(self.batch.into_buf());
        (self.raw, !unread)
    }

    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Record(record) => self.line(&record),
            Item::Refused(refused) => {
                self.abandon();
                self.batch.pass_through(refused.bytes, 0, refused.why.is_some());
                if let Some((span, fault)) = refused.why {
                    self.damaged(span.start, &Finding::framing(span, fault).masked().message);
                }
            }
            // How lines are separated changes nothing about them.
            Item::Fault(..) | Item::Between(_) => {}
        }
        if self.batch.is_full() {
            self.hand_over();
        }
    }

    /// Takes a line, whatever stands in it.
    fn line(&mut self, line: &Record<'_>) {
        let text = [line.before, line.bytes, line.after].concat();
        match rejected::read(line.bytes, line.at) {
            Ok(owned) => match owned.part {
                None => {
                    self.abandon();
                    self.raw += owned.raw.len() as u64;
                    self.record(&owned, &owned.raw, &text);
                }
                Some((part, more)) => self.part(&owned, part, more, line.at, &text),
            },
            Err((at, message)) => {
                self.abandon();
                self.batch.pass_through(&text, 0, true);
                self.damaged(at, &message);
            }
        }
    }

    /// Takes a piece of a record.
    fn part(&mut self, owned: &OwnedEntry, part: u64, more: bool, line: Position, text: &[u8]) {
        if part == 1 {
            self.abandon();
            let (raw, lines, end) = (Vec::new(), Vec::new(), owned.at);
            let first = OwnedEntry { raw: Vec::new(), ..owned.clone() };
            self.joining = Some(Joining { first, line, raw, lines, next: 1, is_too_long: false, end });
        }
        let follows = |joining: &Joining| joining.next == part && joining.first.source == owned.source;
        let Some(mut joining) = self.joining.take_if(|joining| follows(joining)) else {
            self.abandon();
            self.batch.pass_through(text, 0, true);
            return self
                .damaged(line, &format!("part {part} of a record comes without the part in front of it"));
        };
        self.raw += owned.raw.len() as u64;
        self.switch(&owned.source);
        joining.next += 1;
        joining.end = joining.end.after(&owned.raw);
        joining.raw.extend(&owned.raw);
        joining.lines.extend(text);
        if text.last() != Some(&b'\n') {
            joining.lines.push(b'\n');
        }
        if joining.raw.len() > self.max_record_bytes.saturating_add(AROUND) {
            joining.is_too_long = true;
        }
        if joining.is_too_long {
            let raw = joining.raw.len() as u64;
            self.batch.pass_through(&joining.lines, raw, !more);
            joining.raw.clear();
            joining.lines.clear();
        }
        if more {
            self.joining = Some(joining);
        } else if joining.is_too_long {
            let span = Span { start: joining.first.at, end: joining.end };
            self.batch.add(Item::Fault(span, self.too_long()));
        } else {
            self.record(&joining.first, &joining.raw, &joining.lines);
        }
    }

    /// Hands a record over to be judged, or keeps its lines if it is too long to be.
    fn record(&mut self, owned: &OwnedEntry, raw: &[u8], lines: &[u8]) {
        self.switch(&owned.source);
        // A line end in front, which none of ours has, stays with the record: else nobody could tell where it began.
        let is_indent = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
        let from = raw.iter().position(|byte| !is_indent(byte)).unwrap_or(0);
        let is_blank = |byte: &u8| is_indent(byte) || *byte == b'\n';
        let to = raw.iter().rposition(|byte| !is_blank(byte)).map_or(raw.len(), |last| last + 1).max(from);
        let (before, bytes, after) = (&raw[..from], &raw[from..to], &raw[to..]);
        let at = owned.at.after(before);
        if bytes.len() > self.max_record_bytes {
            self.batch.pass_through(lines, raw.len() as u64, true);
            let span = Span { start: at, end: at.after(bytes) };
            return self.batch.add(Item::Fault(span, self.too_long()));
        }
        self.batch.add(Item::Record(Record { bytes, at, before, after, is_element: owned.is_element }));
    }

    /// Keeps the pieces of a record whose last does not come.
    fn abandon(&mut self) {
        let Some(joining) = self.joining.take() else { return };
        self.batch.pass_through(&joining.lines, joining.raw.len() as u64, true);
        let (line, part) = (joining.line, joining.next);
        self.damaged(line, &format!("part {part} of the record that begins here is missing"));
    }

    /// What comes next stood in `source`.
    fn switch(&mut self, source: &str) {
        if *self.original != *source {
            self.hand_over();
            self.original = source.into();
        }
    }

    /// Says that a line can't be used; it stays rejected as it is.
    fn damaged(&mut self, at: Position, message: &str) {
        self.hand_over();
        let Position { line, column, .. } = at;
        self.say(format!("{}:{line}:{column}: {message}; the line stays rejected as it is", self.name));
    }

    fn hand_over(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let batch = std::mem::replace(&mut self.batch, Batch::new(self.sink.buf()));
        self.sink.block(Block::new(&self.original, batch, false));
    }

    fn too_long(&self) -> FramingFault {
        FramingFault::TooLong { limit: self.max_record_bytes as u64 }
    }

    fn say(&mut self, message: String) {
        self.event(ReadErrorKind::Other(message));
    }

    fn event(&mut self, kind: ReadErrorKind) {
        self.sink.event(self.name, ReadEvent::Error(ReadError::new(self.name, kind)));
    }
}
