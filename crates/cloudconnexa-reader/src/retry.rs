//! Reads inputs again that could not be read to their ends: each attempt goes on where the last one ended, so that no record
//! comes twice.

use std::sync::Arc;

use cloudconnexa_inflate::WINDOW;

use crate::block::{Batch, Block};
use crate::bytes::SourceReader;
use crate::error::{ReadError, ReadErrorKind};
use crate::event::{InputEnd, ReadEvent};
use crate::source::Source;
use crate::split::{BlockReader, OnError, SplitRecords, sized_buf};
use crate::stage::{BlockSink, Splitting as _};
use crate::unfinished::Unfinished;

impl Unfinished {
    /// Reads it from its start, but hands out only what comes after the last attempt. If its end is not reached, it comes
    /// back as [`ReadEvent::Unfinished`].
    pub fn attempt(mut self, reader: &mut SourceReader, options: &SplitRecords, sink: &mut impl BlockSink) {
        let name = Arc::clone(&self.name);
        if options.should_stop() {
            let event = if self.errors.is_empty() {
                ReadEvent::Skipped
            } else {
                ReadEvent::Unfinished(Box::new(self))
            };
            return sink.event(&name, event);
        }
        self.errors.clear();
        let event = if self.try_read(reader, options, sink) {
            // A file that is followed may get content later.
            let is_empty = self.is_blank && !matches!(self.source, Source::File(_));
            ReadEvent::End(InputEnd::opened(self.bytes, true).with_empty(is_empty))
        } else {
            ReadEvent::Unfinished(Box::new(self))
        };
        sink.event(&name, event);
    }

    /// Returns whether the end was reached.
    fn try_read(
        &mut self,
        reader: &mut SourceReader,
        options: &SplitRecords,
        sink: &mut impl BlockSink,
    ) -> bool {
        let is_readable = match &self.source {
            // Objects appear as a whole. What is handed out of a file that is still being written cannot be taken back.
            Source::File(_) if !self.has_begun() => self.is_complete_gzip_or_plain(reader, sink),
            _ => true,
        };
        if !is_readable {
            return false;
        }
        if let Err(error) = reader.open(&self.source) {
            self.is_transient = true;
            self.errors.push(ReadError::new(&self.name, ReadErrorKind::Open(error)));
            return false;
        }
        self.was_opened = true;
        let mut blocks = BlockReader::new(&self.name, reader, options, sink);
        (blocks.done_before, blocks.splitter) = (self.bytes, self.splitter.take());
        blocks.run();
        self.bytes = self.bytes.max(blocks.bytes);
        self.splitter = blocks.splitter.take();
        self.errors = std::mem::take(&mut blocks.errors);
        (self.is_transient, self.is_cut_off) = (blocks.is_transient, blocks.is_cut_off);
        self.is_blank = blocks.is_blank;
        let is_complete = !blocks.is_incomplete;
        blocks.finish();
        is_complete
    }

    /// Decompresses a gzip file to its end, to know whether it has one.
    fn is_complete_gzip_or_plain(&mut self, reader: &mut SourceReader, sink: &mut impl BlockSink) -> bool {
        if reader.open(&self.source).is_err() || !reader.is_gzip() {
            return true;
        }
        let mut buf = sized_buf(sink.buf());
        let (mut end, mut read) = (0, Ok(1));
        while let Ok(1..) = read {
            read = reader.read(&mut buf, end);
            end += read.as_ref().map_or(0, |length| *length);
            if end == buf.len() {
                buf.copy_within(end - WINDOW.., 0);
                end = WINDOW;
            }
        }
        sink.recycle(buf);
        let Err(kind) = read else { return true };
        (self.is_transient, self.is_truncated_gzip) = (kind.is_transient(), true);
        self.errors.push(ReadError::new(&self.name, kind));
        false
    }

    /// Hands out what is left of it and reports it as a run does that reads it once.
    pub fn give_up(mut self, reader: &mut SourceReader, options: &SplitRecords, sink: &mut impl BlockSink) {
        if matches!(&self.source, Source::File(path) if path.is_file()) && !self.has_begun() {
            let once = SplitRecords { on_error: OnError::Report, ..options.clone() };
            return once.split(&self.source, reader, sink);
        }
        for error in self.errors {
            sink.event(&self.name, ReadEvent::Error(error));
        }
        if let Some(splitter) = self.splitter.take() {
            let mut batch = Batch::new(sink.buf());
            splitter.finish(|item| batch.add(item));
            sink.block(Block::new(&self.name, batch, self.is_cut_off));
        }
        let end = if self.was_opened { InputEnd::opened(self.bytes, false) } else { InputEnd::unopened() };
        sink.event(&self.name, ReadEvent::End(end));
    }

    /// Reports how much was read of it: it was replaced, and its new content is read from the start.
    pub fn supersede(self, sink: &mut impl BlockSink) {
        sink.event(&self.name, ReadEvent::Replaced { bytes: self.bytes });
    }
}
