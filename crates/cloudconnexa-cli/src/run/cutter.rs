//! Reads an input and cuts it into blocks, at line ends where it is JSON lines or documents, else record by record.

use std::sync::Arc;

use cloudconnexa_inflate::WINDOW;
use cloudconnexa_validator::Position;
use cloudconnexa_validator::records::{Splitter, boundary, is_array};

use super::attempt::Broken;
use super::block::{BLOCK, Batch, Block, Content, SLICE};
use super::outcome::Outcome;
use super::replay::Replay;
use crate::input::{self, HEAD, Inputs, ReadError, Source};

/// Who takes what is cut.
pub(super) trait Sink {
    /// Memory for a block, of any length and with anything in it.
    fn memory(&mut self) -> Vec<u8>;

    /// Memory that is not needed after all.
    fn spare(&mut self, memory: Vec<u8>);

    /// A block to judge.
    fn block(&mut self, block: Block);

    /// What there is to say without judging.
    fn outcome(&mut self, outcome: Outcome);

    /// Whether nobody wants any more.
    fn is_stopped(&self) -> bool;
}

/// How inputs are cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) max_record_bytes: usize,
    /// Hand over whatever came, at once.
    pub(super) promptly: bool,
    /// They are rejected files.
    pub(super) replays: bool,
    /// What could not be read to its end may be at another attempt.
    pub(super) follows: bool,
}

/// Cuts one source to its end, as far as it can be read.
pub(super) fn cut(source: &Source, inputs: &mut Inputs, manner: Manner, sink: &mut impl Sink) {
    if manner.follows {
        return Broken::new(source).attempt(inputs, manner, sink);
    }
    let name: Arc<str> = source.name().into();
    let mut end = Outcome::of(&name);
    if let Err(error) = inputs.open(source) {
        end.tally.unread = 1;
        end.problem(&name, format!("cannot read `{name}`: {error}"));
    } else {
        let (bytes, unread) = if manner.replays {
            Replay::new(&name, inputs, manner, sink).run()
        } else {
            let mut cutter = Cutter::new(&name, inputs, manner, sink);
            cutter.run();
            let (bytes, unread) = (cutter.bytes, cutter.unread);
            cutter.end();
            (bytes, unread)
        };
        end.read(bytes, unread);
    }
    end.file(&name).is_done = true;
    sink.outcome(end);
}

impl Outcome {
    /// Counts an input that was opened.
    pub(super) fn read(&mut self, bytes: u64, unread: bool) {
        self.tally.inputs = 1;
        self.tally.bytes = bytes;
        self.tally.unread = u64::from(unread);
        self.tally.empty = u64::from(bytes == 0 && !unread);
    }
}

/// One input on its way into blocks.
#[expect(clippy::struct_excessive_bools, reason = "each is told for itself")]
pub(super) struct Cutter<'a, S> {
    name: &'a Arc<str>,
    inputs: &'a mut Inputs,
    manner: Manner,
    sink: &'a mut S,
    /// What was read ends at `end`; what is not handed over begins at `start`, where `at` is the position.
    memory: Vec<u8>,
    start: usize,
    end: usize,
    at: Position,
    pub(super) bytes: u64,
    /// Whether something could not be read, and whether that was all behind some place.
    pub(super) unread: bool,
    pub(super) breaks_off: bool,
    is_at_end: bool,
    /// Of an input that is followed: what was cut at an earlier attempt, and what goes on behind that.
    pub(super) cut_before: u64,
    pub(super) splitter: Option<Splitter>,
    /// What would have been said if nothing could come of another attempt; whether something can.
    pub(super) messages: Vec<String>,
    pub(super) is_passing: bool,
}

/// What could not be read of an input: so much is told if it is not told at once.
const MESSAGES: usize = 1000;

impl<'a, S: Sink> Cutter<'a, S> {
    pub(super) fn new(name: &'a Arc<str>, inputs: &'a mut Inputs, manner: Manner, sink: &'a mut S) -> Self {
        let memory = sized(sink.memory());
        Self {
            name,
            inputs,
            manner,
            sink,
            memory,
            start: 0,
            end: 0,
            at: Position::START,
            bytes: 0,
            unread: false,
            breaks_off: false,
            is_at_end: false,
            cut_before: 0,
            splitter: None,
            messages: Vec::new(),
            is_passing: true,
        }
    }

    /// Gives its memory back.
    pub(super) fn end(self) {
        if !self.memory.is_empty() {
            self.sink.spare(self.memory);
        }
    }

    /// Cuts all.
    pub(super) fn run(&mut self) {
        while self.end < HEAD && !self.is_at_end {
            self.read();
        }
        if let Some(what) = input::foreign(&self.memory[..self.end]) {
            self.unread = true;
            self.is_passing = false;
            return self.say(format!("cannot validate `{}`: it is {what}", self.name));
        }
        let by_record = self.manner.promptly || self.manner.follows;
        if by_record || is_array(&self.memory[..self.end]) != Some(false) || !self.blocks() {
            self.records();
        }
    }

    /// Hands over blocks that end where a record begins; false if a block has no such place.
    fn blocks(&mut self) -> bool {
        while !self.sink.is_stopped() {
            while self.end < self.memory.len() && !self.is_at_end {
                self.read();
            }
            if self.is_at_end {
                self.hand_over_last();
                return true;
            }
            match boundary(&self.memory[self.start..self.end]) {
                Some(length) => self.hand_over(self.start + length),
                None => return false,
            }
        }
        true
    }

    /// Hands over what comes before `cut`, and goes on with the rest in other memory.
    fn hand_over(&mut self, cut: usize) {
        let (range, at) = (self.start..cut, self.at);
        // What decompresses the next bytes looks back at those before.
        let kept = self.end.saturating_sub(WINDOW).min(cut);
        let mut memory = sized(self.sink.memory());
        memory[..self.end - kept].copy_from_slice(&self.memory[kept..self.end]);
        (self.start, self.end) = (cut - kept, self.end - kept);
        let memory = std::mem::replace(&mut self.memory, memory);
        self.at.offset += range.len() as u64;
        self.at.line += memchr::memchr_iter(b'\n', &memory[range.clone()]).count() as u64;
        self.block(memory, Content::Uncut { range, at }, false);
    }

    /// Hands over the rest.
    fn hand_over_last(&mut self) {
        let content = Content::Uncut { range: self.start..self.end, at: self.at };
        let memory = std::mem::take(&mut self.memory);
        self.block(memory, content, self.breaks_off);
    }

    fn block(&mut self, memory: Vec<u8>, content: Content, breaks_off: bool) {
        self.sink.block(Block { input: Arc::clone(self.name), memory, content, breaks_off });
    }

    /// Hands over record by record, as the splitter finds them.
    fn records(&mut self) {
        let fresh = || Splitter::resume(self.at, self.manner.max_record_bytes);
        let mut splitter = self.splitter.take().unwrap_or_else(fresh);
        let mut batch = self.batch();
        while !self.sink.is_stopped() {
            let here = (self.end - self.start) as u64;
            let cut_before = self.cut_before.min(here);
            self.cut_before -= cut_before;
            self.start += usize::try_from(cut_before).unwrap_or_default();
            for place in (self.start..self.end).step_by(SLICE) {
                let slice = &self.memory[place..self.end.min(place + SLICE)];
                splitter.push(slice, |item| batch.add(item));
                if batch.is_full() {
                    let full = std::mem::replace(&mut batch, self.batch());
                    self.hand_over_batch(full, false);
                }
            }
            // As above.
            let kept = self.end.saturating_sub(WINDOW);
            self.memory.copy_within(kept..self.end, 0);
            (self.start, self.end) = (self.end - kept, self.end - kept);
            if self.manner.promptly {
                let full = std::mem::replace(&mut batch, self.batch());
                self.hand_over_batch(full, false);
            }
            if self.is_at_end {
                break;
            }
            self.read();
        }
        if self.unread && self.manner.follows {
            self.splitter = Some(splitter);
            return self.hand_over_batch(batch, false);
        }
        if self.breaks_off {
            let whole = std::mem::replace(&mut batch, self.batch());
            self.hand_over_batch(whole, false);
        }
        splitter.finish(|item| batch.add(item));
        self.hand_over_batch(batch, self.breaks_off);
    }

    fn batch(&mut self) -> Batch {
        let mut text = self.sink.memory();
        text.clear();
        Batch { text, pieces: Vec::new() }
    }

    fn hand_over_batch(&mut self, batch: Batch, breaks_off: bool) {
        self.block(batch.text, Content::Cut(batch.pieces), breaks_off);
    }

    fn read(&mut self) {
        match self.inputs.read(&mut self.memory, self.end) {
            Ok(0) => self.is_at_end = true,
            Ok(length) => {
                self.end += length;
                self.bytes += length as u64;
            }
            Err(ReadError { message, cut_off, is_passing }) => {
                self.unread = true;
                self.is_passing &= is_passing;
                self.breaks_off |= cut_off;
                self.is_at_end = cut_off;
                self.say(format!("cannot read `{}` to its end: {message}", self.name));
            }
        }
    }

    fn say(&mut self, message: String) {
        if self.manner.follows {
            if self.messages.len() < MESSAGES {
                self.messages.push(message);
            }
            return;
        }
        let mut outcome = Outcome::of(self.name);
        outcome.problem(self.name, message);
        self.sink.outcome(outcome);
    }
}

/// `memory` with room for a block and what comes before it.
pub(super) fn sized(mut memory: Vec<u8>) -> Vec<u8> {
    if memory.len() < BLOCK + WINDOW {
        memory.resize(BLOCK + WINDOW, 0);
    }
    memory
}
