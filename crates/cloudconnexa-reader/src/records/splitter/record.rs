//! Records: finds where the one at the cursor ends, and hands it out.

use memchr::memchr;

use super::{Input, Splitter, State, byte_at, framing};
use crate::position::Position;
use crate::records::fault::FramingFault;
use crate::records::item::{Item, Record};
use crate::records::scan::{Container, Ending};
use crate::records::text::trim_end;

impl Splitter {
    pub(super) fn record(&mut self, input: Input, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        if self.scan.container() == Container::Lines && self.scanned == 0 && self.dropped.is_none() {
            // Most inputs are JSON lines. If the next line starts with `{`, or there is none, this line is the record
            // and its brackets need no scan.
            match self.next_line_end() {
                Some(end) => {
                    let next = self.buffer[..self.filled].get(end + 1);
                    if next.map_or(input == Input::Ended, |&next| next == b'{') && !self.has_seam(end) {
                        self.line(end - self.cursor, sink);
                        return true;
                    }
                }
                None if input == Input::Open
                    && self.rest().len() <= self.limit
                    && !self.has_seam(self.filled) =>
                {
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
        if input == Input::Ended {
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

    /// Hands out a record that is one line of `length` bytes, followed by a record or the end of the input.
    fn line(&mut self, length: usize, sink: &mut dyn FnMut(Item<'_>)) {
        let end = self.cursor + length;
        let text = &self.buffer[self.cursor..end];
        self.state = State::Between;
        if length > self.limit {
            let why = (self.extent(text), self.too_long());
            return self.refuse(length + 1, Some(why), sink);
        }
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
        self.at = Position { offset: self.at.offset + length as u64 + 1, line: self.at.line + 1, column: 1 };
    }

    /// Hands out the record at the cursor, which is `length` bytes long.
    fn emit(&mut self, length: usize, sink: &mut dyn FnMut(Item<'_>)) {
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
        if self.scan.ending() == Ending::Seam {
            sink(framing(byte_at(self.at), FramingFault::NoLineEnd));
        }
    }

    /// Returns the index in the buffer at which the line of the cursor ends, if its end has arrived.
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

    /// Returns whether one record may end and another start between the cursor and `end`.
    fn has_seam(&mut self, end: usize) -> bool {
        let from = self.seamless.max(self.cursor).min(end);
        let found = self.seams.find(&self.buffer[from..end]).is_some();
        if !found {
            // The last byte may be the first half of a seam.
            self.seamless = end.saturating_sub(1).max(from);
        }
        found
    }
}
