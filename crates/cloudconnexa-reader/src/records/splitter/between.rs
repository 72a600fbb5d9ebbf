//! Between records: what follows a value on its line, and what means nothing but is reported.

use super::{Input, Splitter, State, byte_at, framing};
use crate::position::{Position, Span};
use crate::records::fault::FramingFault;
use crate::records::item::Item;
use crate::records::separator::{BYTE_ORDER_MARK, Next, Run, may_start};

impl Splitter {
    /// Decides where a record ends whose outermost bracket is closed, by what follows on the line.
    pub(super) fn after_value(&mut self, input: Input, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        let run = Run::at_start(&self.rest()[self.scanned..], input == Input::Open);
        let is_over = matches!(run.next, Next::LineEnd | Next::End);
        match run.next {
            Next::Unknown => return false,
            Next::Other => {
                self.scan.go_on();
                self.state = State::Record;
            }
            _ if is_over && !run.is_visible() => self.emit(self.scanned + run.length, sink),
            _ => {
                // Documents of several lines may follow one another on a line.
                let is_wrong = self.scan.is_on_first_line() && run.next == Next::Value;
                self.emit(self.scanned, sink);
                self.separator(run, is_wrong, sink);
            }
        }
        true
    }

    /// Skips a run, and reports it if it `is_wrong` or more than white space.
    fn separator(&mut self, run: Run, is_wrong: bool, sink: &mut dyn FnMut(Item<'_>)) {
        let start = self.at;
        self.skip(run.length);
        let span = if run.length == 0 { byte_at(start) } else { Span { start, end: self.at } };
        if is_wrong || run.is_visible() {
            sink(framing(span, run.separator.map_or(FramingFault::NoLineEnd, FramingFault::Separator)));
        }
    }

    /// Skips `byte`, the next one, and those that belong to it if they mean nothing and are reported. Returns `None` if they
    /// mean something, and whether to go on otherwise.
    pub(super) fn filling(
        &mut self,
        state: State,
        byte: u8,
        input: Input,
        sink: &mut dyn FnMut(Item<'_>),
    ) -> Option<bool> {
        let is_open = input == Input::Open;
        if byte == 0 {
            self.nuls = Some(self.at);
            return Some(true);
        }
        if byte == BYTE_ORDER_MARK[0] {
            let rest = self.rest();
            if rest.starts_with(BYTE_ORDER_MARK) {
                let span = byte_at(self.at);
                self.skip(BYTE_ORDER_MARK.len());
                sink(framing(Span { end: self.at, ..span }, FramingFault::ByteOrderMark));
                return Some(true);
            }
            return (is_open && BYTE_ORDER_MARK.starts_with(rest)).then_some(false);
        }
        if may_start(byte) && matches!(state, State::Opening | State::Between) {
            let run = Run::at_start(self.rest(), is_open);
            return match run.next {
                Next::Unknown => Some(false),
                Next::Other => None,
                _ => {
                    self.state = State::Between;
                    self.separator(run, false, sink);
                    Some(true)
                }
            };
        }
        None
    }

    /// Skips NUL bytes, and reports them once their number is known.
    pub(super) fn nul_bytes(&mut self, input: Input, sink: &mut dyn FnMut(Item<'_>)) -> bool {
        let rest = self.rest();
        let length = rest.iter().position(|byte| *byte != 0).unwrap_or(rest.len());
        let is_end = length < rest.len() || input == Input::Ended;
        self.skip(length);
        if is_end && let Some(start) = self.nuls.take() {
            let length = self.at.offset - start.offset;
            sink(framing(Span { start, end: self.at }, FramingFault::Nul { length }));
        }
        is_end
    }

    /// The start of the line up to which everything is handed out, if another splitter can [resume](Self::resume) there.
    #[must_use]
    pub fn line_start(&self) -> Option<Position> {
        let is_between = match self.state {
            State::Between => self.nuls.is_none(),
            State::Record | State::Closed => self.is_whole_line(),
            _ => false,
        };
        let indent = self.indent as u64;
        let Position { offset, line, column } = self.at;
        (is_between && column == indent + 1).then(|| Position { offset: offset - indent, line, column: 1 })
    }
}
