//! Records: finds where the one at the cursor ends, and hands it out.

use memchr::memchr2;

use super::{Input, Splitter, State};
use crate::position::Position;
use crate::records::item::{Item, Record};
use crate::records::scan::{Container, Ending};
use crate::records::text::trim_end;

impl Splitter {
    pub(super) fn record(&mut self, input: Input, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        if self.scan.container() == Container::Lines && self.scanned == 0 && self.dropped.is_none() {
            // Most inputs are JSON lines. If the next line starts with `{`, or there is none, this line is the record
            // and its brackets need no scan, unless it may have another value in it or a separator at its end.
            match self.next_line() {
                Line::Plain(end) => {
                    let next = self.buffer[..self.filled].get(end + 1);
                    if next.map_or(input == Input::Ended, |&next| next == b'{') {
                        self.line(end, sink);
                        return true;
                    }
                }
                Line::Open if input == Input::Open && self.rest().len() <= self.limit => return false,
                Line::Open | Line::Several => {}
            }
        }
        let rest = &self.buffer[self.cursor..self.filled];
        if let Some(length) = self.scan.feed(rest, self.scanned) {
            if self.scan.ending() == Ending::Closed {
                (self.scanned, self.state) = (length, State::Closed);
            } else {
                self.emit(length, sink);
            }
            return true;
        }
        self.scanned = rest.len();
        if input == Input::Ended {
            self.emit(self.scanned, sink);
            return true;
        }
        // The byte beyond the limit may be the line end.
        if self.dropped.is_some() || self.scanned > self.limit.saturating_add(1) {
            let whole = self.whole_pieces(self.scanned);
            self.dropped = Some(self.extent(&self.rest()[..whole]));
            self.refuse(whole, None, sink);
            self.scanned -= whole;
        }
        false
    }

    /// Hands out a record that is the line up to `end`. What follows is a record or the end of the input.
    fn line(&mut self, end: usize, sink: &mut dyn FnMut(Item<'_>)) {
        let text = &self.buffer[self.cursor..end];
        self.state = State::Between;
        if text.len() > self.limit {
            let why = (self.extent(text), self.too_long());
            return self.refuse(text.len() + 1, Some(why), sink);
        }
        let whole = text.len() as u64 + 1;
        let bytes = trim_end(text);
        sink(Item::Record(Record {
            bytes,
            at: self.at,
            before: &self.buffer[self.cursor - self.indent..self.cursor],
            after: &self.buffer[self.cursor + bytes.len()..=end],
            is_element: false,
        }));
        self.between -= self.indent as u64;
        self.indent = 0;
        self.cursor = end + 1;
        self.at = Position { offset: self.at.offset + whole, line: self.at.line + 1, column: 1 };
    }

    /// Hands out the record at the cursor, which is `length` bytes long.
    pub(super) fn emit(&mut self, length: usize, sink: &mut dyn FnMut(Item<'_>)) {
        let end = self.cursor + length;
        let text = &self.buffer[self.cursor..end];
        let within = text.strip_suffix(b"\n").unwrap_or(text);
        let is_element = self.scan.container() == Container::Array;
        let has_line_end = !is_element && self.buffer[..self.filled].get(end) == Some(&b'\n');
        let whole = length + usize::from(has_line_end);
        if self.dropped.is_some() || within.len() > self.limit {
            let why = (self.extent(text), self.too_long());
            self.dropped = None;
            self.refuse(whole, Some(why), sink);
        } else {
            let bytes = trim_end(within);
            let after = self.cursor + bytes.len()..self.cursor + whole;
            if is_element {
                self.between += after.len() as u64;
            }
            sink(Item::Record(Record {
                bytes,
                at: self.at,
                before: &self.buffer[self.cursor - self.indent..self.cursor],
                after: if is_element { &[] } else { &self.buffer[after] },
                is_element,
            }));
            self.between -= self.indent as u64;
            self.consume(whole);
        }
        self.state = match self.scan.container() {
            Container::Lines => State::Between,
            // Whatever is missing before the next element is missing in this record, and reported there.
            Container::Array if self.scan.ending() == Ending::Interrupted => {
                State::BeforeElement { comma: None }
            }
            Container::Array => State::AfterElement,
        };
    }

    /// Whether nothing of the record at the cursor is handed out, and it is no element of an array.
    pub(super) fn is_whole_line(&self) -> bool {
        self.scan.container() == Container::Lines && self.dropped.is_none() && self.part == 0
    }

    /// Looks for the end of the line of the cursor, and for an object that ends before.
    ///
    /// Within another object, it ends before a bracket, or before a comma and the name of the next field.
    fn next_line(&mut self) -> Line {
        let mut from = self.single.max(self.cursor);
        while let Some(length) = memchr2(b'\n', b'}', &self.buffer[from..self.filled]) {
            let at = from + length;
            if self.buffer[at] == b'\n' {
                return Line::Plain(at);
            }
            from = at + 1;
            // Most lines end in two of them.
            while self.buffer[..self.filled].get(from) == Some(&b'}') {
                from += 1;
            }
            let rest = trim_blanks(&self.buffer[from..self.filled]);
            match rest {
                [b'\n', ..] => return Line::Plain(self.filled - rest.len()),
                [b'\r', b'\n', ..] => return Line::Plain(self.filled - rest.len() + 1),
                [] | [b'\r'] => {
                    self.single = at;
                    return Line::Open;
                }
                [b']', ..] => {}
                [b',', rest @ ..] if trim_blanks(rest).first() == Some(&b'"') => {}
                _ => return Line::Several,
            }
        }
        self.single = self.filled;
        Line::Open
    }
}

/// What is known of a line without a scan of its brackets.
enum Line {
    /// It ends at this index in the buffer, and no object ends on it but at its end.
    Plain(usize),
    /// An object may end on it, and something else follow.
    Several,
    /// Its end has not arrived.
    Open,
}

/// Returns `text` without the blanks at its start.
fn trim_blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}
