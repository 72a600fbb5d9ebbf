//! Splits rejected files into the raw records that they contain, to be checked at their positions in the original inputs.

use std::sync::Arc;

use crate::rejected::{self, OwnedEntry};
use cloudconnexa_reader::records::{FramingFault, Item, Record, Splitter};
use cloudconnexa_reader::{
    Batch, Block, BlockSink, FileKind, HEAD_BYTES, InputEnd, Position, ReadError, ReadErrorKind, ReadEvent,
    SLICE_BYTES, Source, SourceReader, Span, Splitting, WINDOW, sized_buf,
};
use cloudconnexa_validator::Finding;

/// How many bytes of a line a byte of its record can take, as an escape sequence.
const MAX_ESCAPE_BYTES: usize = 6;

/// How many bytes a line can have in addition to its record, mostly findings.
const MAX_EXTRA_BYTES: usize = 16 << 20;

/// How many bytes of white space can surround a record that is refused for its length.
const MAX_PADDING_BYTES: usize = 1 << 16;

/// Splits rejected files into the records that they contain.
#[derive(Clone, Copy, Debug)]
pub(super) struct SplitRejected {
    pub(super) max_record_bytes: usize,
}

impl Splitting for SplitRejected {
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink) {
        let name: Arc<str> = source.name().into();
        let end = if let Err(error) = reader.open(source) {
            sink.event(&name, ReadEvent::Error(ReadError::new(&name, ReadErrorKind::Open(error))));
            InputEnd::unopened()
        } else {
            let (bytes, is_complete) = Replay::new(&name, reader, self.max_record_bytes, sink).run();
            InputEnd::opened(bytes, is_complete)
        };
        sink.event(&name, ReadEvent::End(end));
    }
}

/// One rejected file that is being split into blocks.
struct Replay<'a, S> {
    name: &'a Arc<str>,
    reader: &'a mut SourceReader,
    max_record_bytes: usize,
    sink: &'a mut S,
    /// The items that were not sent yet, all from the input `original`.
    batch: Batch,
    original: Arc<str>,
    partial: Option<PartialRecord>,
    /// How many bytes of the original inputs the file has.
    raw_bytes: u64,
}

/// A record that was rejected in parts, of which the last is still to come.
struct PartialRecord {
    first: OwnedEntry,
    /// The position of its first line in the rejected file.
    line: Position,
    /// The parts so far; empty if the record is too long.
    raw: Vec<u8>,
    /// The lines of the parts; empty if the record is too long.
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
            partial: None,
            raw_bytes: 0,
        }
    }

    /// Splits the whole file. Returns how many bytes of the original inputs it has, and whether all of it could be read.
    fn run(mut self) -> (u64, bool) {
        let mut buf = sized_buf(self.sink.buf());
        let limit = self.max_record_bytes.saturating_mul(MAX_ESCAPE_BYTES).saturating_add(MAX_EXTRA_BYTES);
        let mut splitter = Splitter::with_limit(limit);
        let (mut start, mut end) = (0, 0);
        let (mut is_at_end, mut unread, mut is_known) = (false, false, false);
        while !is_at_end && !self.sink.is_stopped() {
            match self.reader.read(&mut buf, end) {
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
                if let Some(kind) = FileKind::recognize(&buf[..end]) {
                    self.report(format!("cannot replay `{}`: it is {kind}", self.name));
                    self.sink.recycle(buf);
                    self.sink.recycle(self.batch.into_buf());
                    return (0, false);
                }
            }
            for index in (start..end).step_by(SLICE_BYTES) {
                let slice = &buf[index..end.min(index + SLICE_BYTES)];
                splitter.push(slice, |item| self.item(item));
                let parts =
                    self.partial.as_ref().map_or(0, |partial| partial.raw.len() + partial.lines.len());
                self.sink.holds(splitter.held() + parts);
            }
            // The decompressor refers back to the bytes before the next ones.
            let kept = end.saturating_sub(WINDOW);
            buf.copy_within(kept..end, 0);
            (start, end) = (end - kept, end - kept);
        }
        splitter.finish(|item| self.item(item));
        self.abandon();
        self.send_batch();
        self.sink.recycle(buf);
        self.sink.recycle(self.batch.into_buf());
        (self.raw_bytes, !unread)
    }

    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Record(record) => self.line(&record),
            Item::Refused(refused) => {
                self.abandon();
                self.batch.pass_through(refused.bytes, 0, refused.why.is_some());
                if let Some((span, fault)) = refused.why {
                    self.report_damage(span.start, &Finding::framing(span, fault).masked().message);
                }
            }
            // Neither affects the lines.
            Item::Fault(..) | Item::Between(_) => {}
        }
        if self.batch.is_full() {
            self.send_batch();
        }
    }

    /// Takes a line: a record, a part of one, or something else.
    fn line(&mut self, line: &Record<'_>) {
        let text = [line.before, line.bytes, line.after].concat();
        match rejected::read(line.bytes, line.at) {
            Ok(owned) => match owned.part {
                None => {
                    self.abandon();
                    self.raw_bytes += owned.raw.len() as u64;
                    self.record(&owned, &owned.raw, &text);
                }
                Some((part, more)) => self.part(&owned, part, more, line.at, &text),
            },
            Err((at, message)) => {
                self.abandon();
                self.batch.pass_through(&text, 0, true);
                self.report_damage(at, &message);
            }
        }
    }

    /// Takes a part of a record.
    fn part(&mut self, owned: &OwnedEntry, part: u64, more: bool, line: Position, text: &[u8]) {
        if part == 1 {
            self.abandon();
            let (raw, lines, end) = (Vec::new(), Vec::new(), owned.at);
            let first = OwnedEntry { raw: Vec::new(), ..owned.clone() };
            self.partial = Some(PartialRecord { first, line, raw, lines, next: 1, is_too_long: false, end });
        }
        let continues =
            |partial: &PartialRecord| partial.next == part && partial.first.source == owned.source;
        let Some(mut partial) = self.partial.take_if(|partial| continues(partial)) else {
            self.abandon();
            self.batch.pass_through(text, 0, true);
            return self
                .report_damage(line, &format!("part {part} of a record comes without the part before it"));
        };
        self.raw_bytes += owned.raw.len() as u64;
        self.switch(&owned.source);
        partial.next += 1;
        partial.end = partial.end.after(&owned.raw);
        partial.raw.extend(&owned.raw);
        partial.lines.extend(text);
        if text.last() != Some(&b'\n') {
            partial.lines.push(b'\n');
        }
        if partial.raw.len() > self.max_record_bytes.saturating_add(MAX_PADDING_BYTES) {
            partial.is_too_long = true;
        }
        if partial.is_too_long {
            let raw = partial.raw.len() as u64;
            self.batch.pass_through(&partial.lines, raw, !more);
            partial.raw.clear();
            partial.lines.clear();
        }
        if more {
            self.partial = Some(partial);
        } else if partial.is_too_long {
            let span = Span { start: partial.first.at, end: partial.end };
            self.batch.add(Item::Fault(span, self.too_long()));
        } else {
            self.record(&partial.first, &partial.raw, &partial.lines);
        }
    }

    /// Adds a record to be checked. One that is too long stays rejected as it is.
    fn record(&mut self, owned: &OwnedEntry, raw: &[u8], lines: &[u8]) {
        self.switch(&owned.source);
        // A line end before the record, which `split` never writes, is part of it; otherwise its start would be ambiguous.
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

    /// Keeps the parts of a record whose last part is missing.
    fn abandon(&mut self) {
        let Some(partial) = self.partial.take() else { return };
        self.batch.pass_through(&partial.lines, partial.raw.len() as u64, true);
        let (line, part) = (partial.line, partial.next);
        self.report_damage(line, &format!("part {part} of the record that starts here is missing"));
    }

    /// Makes `source` the input of the following items.
    fn switch(&mut self, source: &str) {
        if *self.original != *source {
            self.send_batch();
            self.original = source.into();
        }
    }

    /// Reports a line that cannot be used, and therefore stays rejected as it is.
    fn report_damage(&mut self, at: Position, message: &str) {
        self.send_batch();
        let Position { line, column, .. } = at;
        self.report(format!("{}:{line}:{column}: {message}; the line stays rejected as it is", self.name));
    }

    fn send_batch(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let batch = std::mem::replace(&mut self.batch, Batch::new(self.sink.buf()));
        self.sink.block(Block::new(&self.original, batch, false));
    }

    fn too_long(&self) -> FramingFault {
        FramingFault::TooLong { limit: self.max_record_bytes as u64 }
    }

    fn report(&mut self, message: String) {
        self.event(ReadErrorKind::Other(message));
    }

    fn event(&mut self, kind: ReadErrorKind) {
        self.sink.event(self.name, ReadEvent::Error(ReadError::new(self.name, kind)));
    }
}
