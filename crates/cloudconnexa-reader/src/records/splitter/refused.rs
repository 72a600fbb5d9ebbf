//! Refused bytes: records over the limit and text that belongs to no record, handed out piece by piece.

use super::{Input, Splitter, State};
use crate::position::{Position, Span};
use crate::records::fault::FramingFault;
use crate::records::item::{Item, Refused};
use crate::records::text::{trim_end, whole_characters};

/// The length of the longest piece of refused bytes; at least that of a character.
const PIECE: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// Why bytes are refused, and where.
type Why = (Span, FramingFault);

impl Splitter {
    /// Returns how many of the next `length` bytes can be refused before the rest has arrived.
    pub(super) fn whole_pieces(&self, length: usize) -> usize {
        let mut from = self.cursor - self.indent;
        let end = self.cursor + length;
        while end - from > PIECE {
            from += whole_characters(&self.buffer[from..from + PIECE]);
        }
        from.saturating_sub(self.cursor)
    }

    /// Refuses the next `length` bytes and their indent. With a cause these are all that is left; without one they
    /// have to be [whole pieces](Self::whole_pieces).
    pub(super) fn refuse(&mut self, length: usize, why: Option<Why>, sink: &mut dyn FnMut(Item<'_>)) {
        if length == 0 && why.is_none() {
            return;
        }
        let end = (self.cursor + length).min(self.filled);
        self.between -= self.indent as u64;
        self.cursor -= self.indent;
        self.at.offset -= self.indent as u64;
        self.at.column -= self.indent as u64;
        self.indent = 0;
        while end - self.cursor > PIECE || why.is_none() && end > self.cursor {
            // There is more than one piece here: `whole_pieces` made sure of it.
            let piece = whole_characters(&self.buffer[self.cursor..self.cursor + PIECE]);
            self.piece(piece, None, sink);
        }
        if why.is_some() {
            self.piece(end - self.cursor, why, sink);
            self.part = 0;
        }
    }

    fn piece(&mut self, length: usize, why: Option<Why>, sink: &mut dyn FnMut(Item<'_>)) {
        self.part += 1;
        let bytes = &self.buffer[self.cursor..self.cursor + length];
        sink(Item::Refused(Refused { bytes, at: self.at, part: self.part, why }));
        self.consume(length);
    }

    pub(super) fn too_long(&self) -> FramingFault {
        FramingFault::TooLong { limit: self.limit as u64 }
    }

    /// Returns the span of a record that is too long: what is dropped of it, and `text` without trailing white space.
    pub(super) fn extent(&self, text: &[u8]) -> Span {
        let text = trim_end(text);
        let dropped = self.dropped.unwrap_or(Span { start: self.at, end: self.at });
        let end = if text.is_empty() { dropped.end } else { self.at.after(text) };
        Span { end, ..dropped }
    }

    pub(super) fn unexpected_text(
        &mut self,
        input: Input,
        start: Position,
        mut end: Position,
        array_closed: bool,
        sink: &mut dyn FnMut(Item<'_>),
    ) -> bool {
        let rest = self.rest();
        let stop = rest
            .iter()
            .position(|&byte| matches!(byte, b'{' | b'[') || !array_closed && matches!(byte, b',' | b']'));
        let next = stop.map(|stop| rest[stop]);
        let is_open = stop.is_none() && input == Input::Open;
        let length = if is_open { self.whole_pieces(rest.len()) } else { stop.unwrap_or(rest.len()) };
        let text = trim_end(&rest[..length]);
        if !text.is_empty() {
            end = self.at.after(text);
        }
        if is_open {
            self.refuse(length, None, sink);
            self.state = State::UnexpectedText { start, end, array_closed };
            return false;
        }
        let fault = if array_closed { FramingFault::AfterArray } else { FramingFault::UnexpectedText };
        self.refuse(length, Some((Span { start, end }, fault)), sink);
        self.state = match next {
            _ if array_closed => State::Opening,
            Some(b'{' | b'[') => State::BeforeElement { comma: None },
            _ => State::AfterElement,
        };
        true
    }
}
