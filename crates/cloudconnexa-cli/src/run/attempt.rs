//! Inputs that are followed: what can't be read to its end now may be later, and nothing is judged twice.

use std::sync::Arc;

use cloudconnexa_validator::records::Splitter;

use super::block::{Batch, Block, Content};
use super::cutter::{self, Cutter, Manner, Sink, sized};
use super::outcome::Outcome;
use crate::inflate::WINDOW;
use crate::input::{Inputs, ReadError, Source};
use crate::signals;

/// An input that could not be read to its end so far.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is told for itself")]
pub(crate) struct Broken {
    pub(crate) source: Source,
    pub(crate) name: Arc<str>,
    /// Why, in words: at least one, after an attempt.
    pub(crate) messages: Vec<String>,
    /// The same content may be read another time.
    pub(crate) is_passing: bool,
    /// A compressed file that lacks its end, of which nothing is judged.
    pub(crate) is_partial: bool,
    was_opened: bool,
    /// So much of its text is cut, and this goes on behind.
    bytes: u64,
    splitter: Option<Splitter>,
    breaks_off: bool,
}

impl Broken {
    /// One that nobody has tried to read.
    pub(crate) fn new(source: &Source) -> Self {
        Self {
            source: source.clone(),
            name: source.name().into(),
            messages: Vec::new(),
            is_passing: true,
            is_partial: false,
            was_opened: false,
            bytes: 0,
            splitter: None,
            breaks_off: false,
        }
    }

    /// Whether some of it is judged.
    pub(crate) fn has_begun(&self) -> bool {
        self.splitter.is_some()
    }

    /// Reads it from its start, but judges only what was not judged. If there is more to come, it comes back.
    pub(super) fn attempt(mut self, inputs: &mut Inputs, manner: Manner, sink: &mut impl Sink) {
        let mut outcome = Outcome::of(&self.name);
        if signals::is_stop_requested() {
            if self.messages.is_empty() {
                outcome.left = 1;
            } else {
                outcome.broken.push(self);
            }
            return sink.outcome(outcome);
        }
        self.messages.clear();
        if self.try_all(inputs, manner, sink) {
            outcome.read(self.bytes, false);
            outcome.file(&self.name).is_done = true;
        } else {
            outcome.broken.push(self);
        }
        sink.outcome(outcome);
    }

    /// Whether its end was reached.
    fn try_all(&mut self, inputs: &mut Inputs, manner: Manner, sink: &mut impl Sink) -> bool {
        let is_whole = match &self.source {
            // Objects appear whole. Of a file that is being written nothing can be taken back.
            Source::File(_) if !self.has_begun() => self.look(inputs, sink),
            _ => true,
        };
        if !is_whole {
            return false;
        }
        if let Err(error) = inputs.open(&self.source) {
            self.is_passing = true;
            self.messages.push(format!("cannot read `{}`: {error}", self.name));
            return false;
        }
        self.was_opened = true;
        let mut cutter = Cutter::new(&self.name, inputs, manner, sink);
        (cutter.cut_before, cutter.splitter) = (self.bytes, self.splitter.take());
        cutter.run();
        self.bytes = self.bytes.max(cutter.bytes);
        self.splitter = cutter.splitter.take();
        self.messages = std::mem::take(&mut cutter.messages);
        (self.is_passing, self.breaks_off) = (cutter.is_passing, cutter.breaks_off);
        let unread = cutter.unread;
        cutter.end();
        !unread
    }

    /// Whether a compressed file can be decompressed to its end.
    fn look(&mut self, inputs: &mut Inputs, sink: &mut impl Sink) -> bool {
        if inputs.open(&self.source).is_err() || !inputs.is_gzip() {
            return true;
        }
        let mut memory = sized(sink.memory());
        let (mut end, mut read) = (0, Ok(1));
        while let Ok(1..) = read {
            read = inputs.read(&mut memory, end);
            end += read.as_ref().map_or(0, |length| *length);
            if end == memory.len() {
                memory.copy_within(end - WINDOW.., 0);
                end = WINDOW;
            }
        }
        sink.spare(memory);
        let Err(ReadError { message, is_passing, .. }) = read else { return true };
        self.messages.push(format!("cannot read `{}` to its end: {message}", self.name));
        (self.is_passing, self.is_partial) = (is_passing, true);
        false
    }

    /// Tells of it as a run does that reads it once.
    pub(super) fn give_up(mut self, inputs: &mut Inputs, manner: Manner, sink: &mut impl Sink) {
        if matches!(&self.source, Source::File(path) if path.is_file()) && !self.has_begun() {
            return cutter::cut(&self.source, inputs, Manner { follows: false, ..manner }, sink);
        }
        let mut end = Outcome::of(&self.name);
        for message in self.messages {
            end.problem(&self.name, message);
        }
        sink.outcome(std::mem::replace(&mut end, Outcome::of(&self.name)));
        if let Some(splitter) = self.splitter.take() {
            let mut text = sink.memory();
            text.clear();
            let mut batch = Batch { text, pieces: Vec::new() };
            splitter.finish(|item| batch.add(item));
            sink.block(Block {
                input: Arc::clone(&self.name),
                memory: batch.text,
                content: Content::Cut(batch.pieces),
                breaks_off: self.breaks_off,
            });
        }
        end.tally.unread = 1;
        if self.was_opened {
            end.read(self.bytes, true);
        }
        end.file(&self.name).is_done = true;
        sink.outcome(end);
    }

    /// Tells of what was judged of it: it was replaced, and what it is now is read from the start.
    pub(super) fn supersede(self, sink: &mut impl Sink) {
        let mut outcome = Outcome::of(&self.name);
        outcome.tally.bytes = self.bytes;
        sink.outcome(outcome);
    }
}
