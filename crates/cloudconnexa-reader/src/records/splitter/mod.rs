//! Splits an input into records as its chunks arrive, and keeps the state between them.

mod between;
mod record;
mod refused;

use std::ops::Range;

use super::fault::FramingFault;
use super::item::Item;
use super::scan::{Container, Scan};
use super::separator::BYTE_ORDER_MARK;
use crate::position::{Position, Span};

/// The longest record, in bytes, that a [`Splitter`] hands out by default: 16 MiB.
pub const DEFAULT_LIMIT: usize = 16 << 20;

/// The buffer keeps no more than this once a long record is handed out.
pub(super) const KEPT_BYTES: usize = 1 << 20;

/// How many bytes of white space before a record on its line are kept for it.
const INDENT: usize = 1 << 12;

/// Splits an input into records, whatever its form, as its bytes arrive.
///
/// The content alone decides the form:
///
/// - **JSON lines**, one event per line, and **pretty-printed documents**, one after another, also mixed: a record ends
///   with the line on which its brackets close. So that a broken record does not swallow the next one, it also ends
///   where its first line ends within a string, and before a line that starts with `{` in its first column or where the
///   grammar allows no value.
/// - An input that starts with `[` is **one array of events**, handed out element by element. Anything wrong between
///   its elements is a fault.
///
/// White space around records and a UTF-8 byte order mark at the very start are skipped; LF and CRLF end a line. What
/// stands for a line end (see [`Separator`](super::Separator)), NUL bytes between records and other byte order marks are
/// skipped as well, each with a fault. A record longer than the limit is refused, piece by piece. The items do not depend on how the
/// input is cut into chunks, and every byte belongs to a record, to refused bytes, or to the bytes counted as between
/// them.
///
/// Holds at most one chunk and one record within the limit.
///
/// # Examples
///
/// ```
/// use cloudconnexa_reader::records::{Item, Splitter};
///
/// let mut found = Vec::new();
/// let mut collect = |item: Item<'_>| {
///     if let Item::Record(record) = item {
///         found.push((record.at.line, record.bytes.to_vec()));
///     }
/// };
/// let mut splitter = Splitter::new();
/// splitter.push(b"{\"eventName\":\"a\"}\n{\"event", &mut collect);
/// splitter.push(b"Name\":\"b\"}", &mut collect);
/// splitter.finish(&mut collect);
/// assert_eq!(found, [(1, b"{\"eventName\":\"a\"}".to_vec()), (2, b"{\"eventName\":\"b\"}".to_vec())]);
/// ```
#[derive(Debug)]
pub struct Splitter {
    limit: usize,
    /// Bytes received; those from `cursor` on are not handed out yet.
    buffer: Vec<u8>,
    cursor: usize,
    /// The end of the received bytes in `buffer`.
    filled: usize,
    /// The position of the byte at `cursor`.
    at: Position,
    state: State,
    /// The scan of the record that starts at `cursor`, after its first `scanned` bytes.
    scan: Scan,
    scanned: usize,
    /// Once that record is too long to be kept: the span of what is already refused of it.
    dropped: Option<Span>,
    /// How many pieces of the current refusal are handed out.
    part: u64,
    /// How many bytes before `cursor` indent the record that starts there, if one does.
    indent: usize,
    /// How many bytes are between records so far, including `indent`.
    between: u64,
    /// From `cursor` to here, no line and no object ends. A line that arrives in many chunks is thus searched once.
    single: usize,
    /// Where the NUL bytes in a row start that end at the cursor.
    nuls: Option<Position>,
}

/// Whether more bytes may arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Open,
    Ended,
}

/// What is expected at the cursor.
#[derive(Clone, Copy, Debug)]
enum State {
    /// A byte order mark, if there is one.
    Start,
    /// The byte that decides whether the input is an array.
    Opening,
    /// The start of a record, outside an array.
    Between,
    /// The rest of a record.
    Record,
    /// What follows the outermost bracket of a record outside an array, which is its last `scanned` byte.
    Closed,
    /// An element of the array, after this comma if there was one before.
    BeforeElement { comma: Option<Position> },
    /// A comma or the end of the array.
    AfterElement,
    /// Only white space: the array is closed.
    AfterArray,
    /// The rest of text that belongs to no record.
    UnexpectedText { start: Position, end: Position, array_closed: bool },
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

impl Splitter {
    /// Creates a splitter at the start of an input, with the [`DEFAULT_LIMIT`].
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// Creates a splitter at the start of an input that refuses records of more than `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self::resume(Position::START, limit)
    }

    /// Creates a splitter that resumes at a [`boundary`](super::boundary), whose position is `at`.
    ///
    /// This lets several threads split one input: for the bytes up to another boundary, or to the end of the input, it
    /// hands out the same items as a splitter of the whole input.
    pub fn resume(at: Position, limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            cursor: 0,
            filled: 0,
            at,
            state: if at == Position::START { State::Start } else { State::Between },
            scan: Scan::new(Container::Lines, 0),
            scanned: 0,
            dropped: None,
            part: 0,
            indent: 0,
            between: 0,
            single: 0,
            nuls: None,
        }
    }

    /// Creates a splitter at the start of an input that continues another one, which ended at `at`. Positions continue
    /// from there.
    pub fn following(at: Position, limit: usize) -> Self {
        Self { state: State::Start, ..Self::resume(at, limit) }
    }

    /// Creates a splitter that [resumes](Self::resume) at `at` with the bytes `block[range]`.
    ///
    /// Takes the buffer instead of copying it. [`finish`](Self::finish) returns it.
    #[must_use]
    pub fn over(block: Vec<u8>, range: Range<usize>, at: Position, limit: usize) -> Self {
        Self { buffer: block, cursor: range.start, filled: range.end, ..Self::resume(at, limit) }
    }

    /// Takes the next bytes of the input and hands out every item that is complete.
    pub fn push(&mut self, chunk: &[u8], mut sink: impl FnMut(Item<'_>)) {
        if !chunk.is_empty() {
            let done = self.cursor - self.indent;
            self.buffer.truncate(self.filled);
            self.buffer.drain(..done);
            if self.buffer.len() + chunk.len() <= KEPT_BYTES {
                // Frees most of a buffer that held a long record.
                self.buffer.shrink_to(2 * KEPT_BYTES);
            }
            self.single = self.single.saturating_sub(done);
            self.buffer.extend_from_slice(chunk);
            (self.cursor, self.filled) = (self.indent, self.buffer.len());
        }
        while self.step(Input::Open, &mut sink) {}
    }

    /// Ends the input, hands out the rest, and returns the buffer for reuse.
    pub fn finish(mut self, mut sink: impl FnMut(Item<'_>)) -> Vec<u8> {
        while self.step(Input::Ended, &mut sink) {}
        if self.between > 0 {
            sink(Item::Between(self.between));
        }
        self.buffer
    }

    /// How many bytes are held that are not handed out yet.
    #[must_use]
    pub fn held(&self) -> usize {
        self.filled - self.cursor
    }

    /// The received bytes that are not handed out yet.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.cursor..self.filled]
    }

    /// Advances by one item or state. Returns false if that needs more bytes, or if none are left.
    fn step(&mut self, input: Input, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        match self.state {
            State::Start => self.start(input),
            State::Record => self.record(input, sink),
            State::Closed => self.after_value(input, sink),
            State::UnexpectedText { start, end, array_closed } => {
                self.unexpected_text(input, start, end, array_closed, sink)
            }
            _ if self.nuls.is_some() => self.nul_bytes(input, sink),
            state => match self.skip_white_space() {
                Some(byte @ (b'{' | b'[')) => self.significant(state, byte, sink),
                Some(byte) => match self.filling(state, byte, input, sink) {
                    Some(goes_on) => goes_on,
                    None => self.significant(state, byte, sink),
                },
                None if input == Input::Ended => self.end(state, sink),
                None => false,
            },
        }
    }

    fn start(&mut self, input: Input) -> bool {
        let rest = &self.buffer[self.cursor..self.filled];
        if input == Input::Open && rest.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(rest) {
            return false;
        }
        if rest.starts_with(BYTE_ORDER_MARK) {
            self.cursor += BYTE_ORDER_MARK.len();
            self.between += BYTE_ORDER_MARK.len() as u64;
            self.at.offset += BYTE_ORDER_MARK.len() as u64;
        }
        self.state = State::Opening;
        true
    }

    /// Handles `byte`, the next one that is not white space, outside of records and unexpected text.
    fn significant(&mut self, state: State, byte: u8, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        let at = self.at;
        if !matches!(state, State::Opening | State::Between) {
            self.indent = 0;
        }
        self.state = match (state, byte) {
            (State::Opening, b'[') => {
                self.skip(1);
                State::BeforeElement { comma: None }
            }
            (State::BeforeElement { comma }, b']') => {
                if let Some(comma) = comma {
                    sink(framing(byte_at(comma), FramingFault::TrailingComma));
                }
                self.skip(1);
                State::AfterArray
            }
            (State::BeforeElement { .. }, b',') => {
                sink(framing(byte_at(at), FramingFault::LeadingComma));
                self.skip(1);
                State::BeforeElement { comma: None }
            }
            (State::AfterElement, b',') => {
                self.skip(1);
                State::BeforeElement { comma: Some(at) }
            }
            (State::AfterElement, b']') => {
                self.skip(1);
                State::AfterArray
            }
            (State::AfterElement, b'{' | b'[') => {
                sink(framing(byte_at(at), FramingFault::NoComma(char::from(byte))));
                return self.start_record(Container::Array, byte);
            }
            (State::AfterArray, b'{' | b'[') => {
                let is_array = byte == b'[';
                let fault = if is_array { FramingFault::SecondArray } else { FramingFault::AfterArray };
                sink(framing(byte_at(at), fault));
                State::Opening
            }
            (State::AfterElement, _) => State::UnexpectedText { start: at, end: at, array_closed: false },
            (State::AfterArray, _) => State::UnexpectedText { start: at, end: at, array_closed: true },
            (State::BeforeElement { .. }, _) => return self.start_record(Container::Array, byte),
            _ => return self.start_record(Container::Lines, byte),
        };
        true
    }

    fn start_record(&mut self, container: Container, first: u8) -> bool {
        self.scan = Scan::new(container, first);
        self.scanned = 0;
        self.state = State::Record;
        true
    }

    /// Handles the end of the input in `state`.
    fn end(&mut self, state: State, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        if let State::BeforeElement { .. } | State::AfterElement = state {
            let span = Span { start: self.at, end: self.at };
            sink(framing(span, FramingFault::ArrayNotClosed));
        }
        self.state = State::AfterArray;
        false
    }

    /// Skips bytes that mean nothing and counts them as between records.
    fn skip(&mut self, length: usize) {
        self.consume(length);
        self.between += length as u64;
    }

    fn consume(&mut self, length: usize) {
        self.at = self.at.after(&self.buffer[self.cursor..self.cursor + length]);
        self.cursor += length;
        self.indent = 0;
    }

    fn skip_white_space(&mut self) -> Option<u8> {
        loop {
            let byte = *self.rest().first()?;
            match byte {
                b'\n' => {
                    self.at.line += 1;
                    self.at.column = 1;
                    self.indent = 0;
                }
                b' ' | b'\t' | b'\r' => {
                    self.at.column += 1;
                    self.indent = self.indent % INDENT + 1;
                }
                _ => return Some(byte),
            }
            self.between += 1;
            self.at.offset += 1;
            self.cursor += 1;
        }
    }
}

fn framing(span: Span, fault: FramingFault) -> Item<'static> {
    Item::Fault(span, fault)
}

fn byte_at(start: Position) -> Span {
    Span { start, end: Position { offset: start.offset + 1, column: start.column + 1, ..start } }
}
