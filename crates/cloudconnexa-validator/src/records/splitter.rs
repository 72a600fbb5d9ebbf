//! The state of an input between two chunks of it.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::scan::{Ending, Place, Scan};
use super::text::{trim_end, whole_characters};
use super::{DEFAULT_LIMIT, Item, Record, Refused};
use crate::finding::Finding;
use crate::position::{Position, Span};
use crate::rules::syntax::Around;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// White space in front of a record on its line that is kept for it.
const INDENT: usize = 1 << 12;

/// The longest piece of what is refused; at least a character.
const PIECE: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// Cuts an input into records, whatever its form, as its bytes arrive.
///
/// The form is told by the content alone:
///
/// - **JSON lines**, one event a line, and **pretty-printed documents**, one after another, also mixed: a record ends
///   with the line on which its brackets close. So that nothing broken swallows what follows, it also ends where its
///   first line breaks off within a string, and in front of a line that begins with `{` in its first column, or
///   where no value can stand.
/// - An input that begins with `[` is **one array of events**, handed out element by element. What is wrong between
///   its elements is a finding.
///
/// White space around records and a UTF-8 byte order mark at the very start are skipped; LF and CRLF end a line. A
/// record longer than the limit is refused, piece by piece. However the input is cut into chunks, the items are the same;
/// every byte belongs to a record, to what is refused, or to what stands between them and is counted.
///
/// No more is held than one chunk and one record within the limit.
///
/// ```
/// use cloudconnexa_validator::records::{Item, Splitter};
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
    /// What has come and is not accounted for begins at `cursor`, where `at` is the position.
    buffer: Vec<u8>,
    cursor: usize,
    /// How much of the buffer has come.
    filled: usize,
    at: Position,
    state: State,
    /// Of the record that begins at the cursor: how it stands after its first `scanned` bytes, …
    scan: Scan,
    scanned: usize,
    /// … and, once it is too long to be kept, what is left of it.
    dropped: Option<Span>,
    /// Pieces of what is being refused that are handed out.
    part: u64,
    /// Bytes in front of the cursor that indent the record which begins there, if one does.
    indent: usize,
    /// Bytes that stand between records so far, with the indent.
    between: u64,
    /// The buffer has no line end from the cursor up to here, and has one here if `line_end` says so: however many
    /// records a line holds, it is searched once.
    searched: usize,
    line_end: bool,
    /// Likewise, no seam begins from the cursor up to here.
    seamless: usize,
    seams: memmem::Finder<'static>,
}

/// What is expected at the cursor.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The byte order mark, if there is one.
    Start,
    /// The byte that tells whether there is an array.
    Opening,
    /// The start of a record, outside an array.
    Between,
    /// The rest of a record.
    Record,
    /// An element of the array, after this comma if there was one before.
    BeforeElement { comma: Option<Position> },
    /// A comma or the end of the array.
    AfterElement,
    /// Nothing but white space, since the array is closed.
    AfterArray,
    /// The rest of what belongs nowhere.
    Stray { start: Position, end: Position, closed: bool },
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

impl Splitter {
    /// A splitter at the start of an input, with the [`DEFAULT_LIMIT`].
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// A splitter at the start of an input that refuses records of more than `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self::resume(Position::START, limit)
    }

    /// A splitter that goes on at a [`boundary`](super::boundary), which stands at `at`.
    ///
    /// That is how an input is cut by many: what it gives for the bytes up to another boundary, or to the end of the
    /// input, is what a splitter over the whole input gives for them.
    pub fn resume(at: Position, limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            cursor: 0,
            filled: 0,
            at,
            state: if at == Position::START { State::Start } else { State::Between },
            scan: Scan::new(Place::Lines, 0),
            scanned: 0,
            dropped: None,
            part: 0,
            indent: 0,
            between: 0,
            searched: 0,
            line_end: false,
            seamless: 0,
            seams: memmem::Finder::new(b"}{"),
        }
    }

    /// A splitter at the start of an input that follows another one, which ended in front of `at`: places are counted on.
    pub fn following(at: Position, limit: usize) -> Self {
        Self { state: State::Start, ..Self::resume(at, limit) }
    }

    /// Likewise [resumed](Self::resume), with the bytes of `block` in `range` as the first that came; [`finish`](Self::finish) gives it back.
    #[must_use]
    pub fn over(block: Vec<u8>, range: Range<usize>, at: Position, limit: usize) -> Self {
        Self { buffer: block, cursor: range.start, filled: range.end, ..Self::resume(at, limit) }
    }

    /// Takes the next bytes of the input and hands out what is complete.
    pub fn push(&mut self, chunk: &[u8], mut sink: impl FnMut(Item<'_>)) {
        if !chunk.is_empty() {
            let done = self.cursor - self.indent;
            self.buffer.truncate(self.filled);
            self.buffer.drain(..done);
            self.line_end &= self.searched >= self.cursor;
            self.searched = self.searched.saturating_sub(done);
            self.seamless = self.seamless.saturating_sub(done);
            self.buffer.extend_from_slice(chunk);
            (self.cursor, self.filled) = (self.indent, self.buffer.len());
        }
        while self.step(false, &mut sink) {}
    }

    /// Ends the input and hands out the rest. What comes back is the memory, to be used again.
    pub fn finish(mut self, mut sink: impl FnMut(Item<'_>)) -> Vec<u8> {
        while self.step(true, &mut sink) {}
        if self.between > 0 {
            sink(Item::Between(self.between));
        }
        self.buffer
    }

    /// What has come and is not accounted for.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.cursor..self.filled]
    }

    /// Goes on by one item or state; false if that takes more bytes, or if there are no more.
    fn step(&mut self, last: bool, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        match self.state {
            State::Start => self.start(last),
            State::Record => self.record(last, sink),
            State::Stray { start, end, closed } => self.stray(last, start, end, closed, sink),
            state => match self.skip_white_space() {
                Some(byte) => self.significant(state, byte, sink),
                None if last => self.end(state, sink),
                None => false,
            },
        }
    }

    fn start(&mut self, last: bool) -> bool {
        let rest = &self.buffer[self.cursor..self.filled];
        if !last && rest.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(rest) {
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

    /// The next byte is neither white space nor within anything.
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
                    sink(wrong(byte_at(comma), Around::TrailingComma));
                }
                self.skip(1);
                State::AfterArray
            }
            (State::BeforeElement { .. }, b',') => {
                sink(wrong(byte_at(at), Around::LeadingComma));
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
                sink(wrong(byte_at(at), Around::NoComma(char::from(byte))));
                return self.begin(Place::Array, byte);
            }
            (State::AfterArray, b'{' | b'[') => {
                sink(wrong(byte_at(at), Around::BehindArray));
                State::Opening
            }
            (State::AfterElement, _) => State::Stray { start: at, end: at, closed: false },
            (State::AfterArray, _) => State::Stray { start: at, end: at, closed: true },
            (State::BeforeElement { .. }, _) => return self.begin(Place::Array, byte),
            _ => return self.begin(Place::Lines, byte),
        };
        true
    }

    fn begin(&mut self, place: Place, first: u8) -> bool {
        self.scan = Scan::new(place, first);
        self.scanned = 0;
        self.state = State::Record;
        true
    }

    /// Where in the buffer the line ends in which the cursor stands.
    fn next_line_end(&mut self) -> Option<usize> {
        if self.searched < self.cursor {
            (self.searched, self.line_end) = (self.cursor, false);
        }
        if !self.line_end {
            let found = memchr(b'\n', &self.buffer[self.searched..self.filled]);
            self.line_end = found.is_some();
            self.searched = found.map_or(self.filled, |length| self.searched + length);
        }
        self.line_end.then_some(self.searched)
    }

    /// Whether one record may end and another begin between the cursor and `end`.
    fn has_seam(&mut self, end: usize) -> bool {
        let from = self.seamless.max(self.cursor).min(end);
        let found = self.seams.find(&self.buffer[from..end]).is_some();
        if !found {
            // The last byte may be the first half of one.
            self.seamless = end.saturating_sub(1).max(from);
        }
        found
    }

    /// The input ends where `state` waits for something.
    fn end(&mut self, state: State, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        if let State::BeforeElement { .. } | State::AfterElement = state {
            let span = Span { start: self.at, end: self.at };
            sink(wrong(span, Around::ArrayNotClosed));
        }
        self.state = State::AfterArray;
        false
    }

    fn record(&mut self, last: bool, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        if self.scan.place() == Place::Lines && self.scanned == 0 && self.dropped.is_none() {
            // Most inputs are JSON lines. Where the next line begins with `{`, or is none, this one need not be looked at.
            match self.next_line_end() {
                Some(end) => {
                    let next = self.buffer[..self.filled].get(end + 1);
                    if next.map_or(last, |&next| next == b'{') && !self.has_seam(end) {
                        self.line(end - self.cursor, sink);
                        return true;
                    }
                }
                None if !last && self.rest().len() <= self.limit && !self.has_seam(self.filled) => {
                    return false;
                }
                None => {}
            }
        }
        let rest = &self.buffer[self.cursor..self.filled];
        if let Some(length) = self.scan.feed(&rest[self.scanned..]) {
            self.emit(self.scanned + length, sink);
            return true;
        }
        self.scanned = rest.len();
        if last {
            self.emit(self.scanned, sink);
            return true;
        }
        // The byte beyond the limit may be the line end.
        if self.dropped.is_some() || self.scanned > self.limit + 1 {
            let whole = self.whole_pieces(self.scanned);
            self.dropped = Some(self.extent(&self.rest()[..whole]));
            self.refuse(whole, None, sink);
            self.scanned -= whole;
        }
        false
    }

    /// Hands out the record, which is one line of `length` bytes, with a record or nothing behind it.
    fn line(&mut self, length: usize, sink: &mut dyn FnMut(Item<'_>)) {
        let end = self.cursor + length;
        let text = &self.buffer[self.cursor..end];
        self.state = State::Between;
        if length > self.limit {
            let finding = Finding::too_long(self.extent(text), self.limit as u64);
            return self.refuse(length + 1, Some(finding), sink);
        }
        let bytes = trim_end(text);
        sink(Item::Record(Record {
            bytes,
            at: self.at,
            before: &self.buffer[self.cursor - self.indent..self.cursor],
            behind: &self.buffer[self.cursor + bytes.len()..=end],
            is_element: false,
        }));
        self.between -= self.indent as u64;
        self.indent = 0;
        self.cursor = end + 1;
        self.at = Position { offset: self.at.offset + length as u64 + 1, line: self.at.line + 1, column: 1 };
    }

    /// Hands out the record, which ends after `length` bytes.
    fn emit(&mut self, length: usize, sink: &mut dyn FnMut(Item<'_>)) {
        let end = self.cursor + length;
        let text = &self.buffer[self.cursor..end];
        let within = text.strip_suffix(b"\n").unwrap_or(text);
        let is_element = self.scan.place() == Place::Array;
        let has_line_end = !is_element && self.buffer[..self.filled].get(end) == Some(&b'\n');
        let whole = length + usize::from(has_line_end);
        if self.dropped.is_some() || within.len() > self.limit {
            let finding = Finding::too_long(self.extent(text), self.limit as u64);
            self.dropped = None;
            self.refuse(whole, Some(finding), sink);
        } else {
            let bytes = trim_end(within);
            let behind = self.cursor + bytes.len()..self.cursor + whole;
            if is_element {
                self.between += behind.len() as u64;
            }
            sink(Item::Record(Record {
                bytes,
                at: self.at,
                before: &self.buffer[self.cursor - self.indent..self.cursor],
                behind: if is_element { &[] } else { &self.buffer[behind] },
                is_element,
            }));
            self.between -= self.indent as u64;
            self.consume(whole);
        }
        self.state = match self.scan.place() {
            Place::Lines => State::Between,
            // Whatever is missing in front of the next is missing in the record, and told there.
            Place::Array if self.scan.ending() == Ending::Interrupted => State::BeforeElement { comma: None },
            Place::Array => State::AfterElement,
        };
        if self.scan.ending() == Ending::Seam {
            sink(wrong(byte_at(self.at), Around::NoLineEnd));
        }
    }

    /// How many of the next `length` bytes can be refused before the rest is known.
    fn whole_pieces(&self, length: usize) -> usize {
        let mut from = self.cursor - self.indent;
        let end = self.cursor + length;
        while end - from > PIECE {
            from += whole_characters(&self.buffer[from..from + PIECE]);
        }
        from.saturating_sub(self.cursor)
    }

    /// Refuses the next `length` bytes and what indents them: with a finding all that is left, without one as many as
    /// are [whole pieces](Self::whole_pieces).
    fn refuse(&mut self, length: usize, finding: Option<Finding>, sink: &mut dyn FnMut(Item<'_>)) {
        if length == 0 && finding.is_none() {
            return;
        }
        let end = (self.cursor + length).min(self.filled);
        self.between -= self.indent as u64;
        self.cursor -= self.indent;
        self.at.offset -= self.indent as u64;
        self.at.column -= self.indent as u64;
        self.indent = 0;
        while end - self.cursor > PIECE || finding.is_none() && end > self.cursor {
            // More than a piece is at hand, as it was when `length` was found.
            let piece = whole_characters(&self.buffer[self.cursor..self.cursor + PIECE]);
            self.piece(piece, None, sink);
        }
        if finding.is_some() {
            self.piece(end - self.cursor, finding, sink);
            self.part = 0;
        }
    }

    fn piece(&mut self, length: usize, finding: Option<Finding>, sink: &mut dyn FnMut(Item<'_>)) {
        self.part += 1;
        let bytes = &self.buffer[self.cursor..self.cursor + length];
        sink(Item::Refused(Refused { bytes, at: self.at, part: self.part, finding }));
        self.consume(length);
    }

    /// The stretch of a record that is too long: what is dropped of it, and `text`, without white space at the end.
    fn extent(&self, text: &[u8]) -> Span {
        let text = trim_end(text);
        let dropped = self.dropped.unwrap_or(Span { start: self.at, end: self.at });
        let end = if text.is_empty() { dropped.end } else { self.at.after(text) };
        Span { end, ..dropped }
    }

    fn stray(
        &mut self,
        last: bool,
        start: Position,
        mut end: Position,
        closed: bool,
        sink: &mut dyn FnMut(Item<'_>),
    ) -> bool {
        let rest = self.rest();
        let stop = rest
            .iter()
            .position(|&byte| matches!(byte, b'{' | b'[') || !closed && matches!(byte, b',' | b']'));
        let next = stop.map(|stop| rest[stop]);
        let is_open = stop.is_none() && !last;
        let length = if is_open { self.whole_pieces(rest.len()) } else { stop.unwrap_or(rest.len()) };
        let text = trim_end(&rest[..length]);
        if !text.is_empty() {
            end = self.at.after(text);
        }
        if is_open {
            self.refuse(length, None, sink);
            self.state = State::Stray { start, end, closed };
            return false;
        }
        let fault = if closed { Around::BehindArray } else { Around::Stray };
        self.refuse(length, Some(Finding::around(Span { start, end }, fault)), sink);
        self.state = match next {
            _ if closed => State::Opening,
            Some(b'{' | b'[') => State::BeforeElement { comma: None },
            _ => State::AfterElement,
        };
        true
    }

    /// Goes over what means nothing.
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

fn wrong(span: Span, fault: Around) -> Item<'static> {
    Item::Finding(Finding::around(span, fault))
}

fn byte_at(start: Position) -> Span {
    Span { start, end: Position { offset: start.offset + 1, column: start.column + 1, ..start } }
}
