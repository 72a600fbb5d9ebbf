//! Finds the end of a record from its brackets, strings and lines; can pause and resume at any byte.

/// What contains a record, which decides how the record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// Lines of text. A record ends where its brackets close, unless other text follows on that line; where its first
    /// line ends within a string; and before a line that starts with `{` in its first column or where the grammar
    /// allows no value.
    Lines,
    /// An array of events. An element ends with its last bracket, or before a line that starts with `{` where the
    /// grammar allows no value.
    Array,
}

/// The state of a record's brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brackets {
    /// Some are open.
    Open,
    /// There were none, or all are closed and other text follows: the record ends with its line.
    Done,
}

/// Whether the next byte is within a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

/// Where on its line the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    First,
    Indented,
    Within,
}

/// How a record ended, which may call for more than handing it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// As it should.
    Regular,
    /// Outside an array, the outermost bracket is closed with `}`. What follows decides whether the record ends here.
    Closed,
    /// In an array, what looks like the next element starts while brackets are open.
    Interrupted,
}

/// The state of the search for the end of one record.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    container: Container,
    brackets: Brackets,
    depth: u64,
    /// One bit for each open bracket, the innermost lowest: set for `{`. Only the innermost 64 are kept.
    objects: u64,
    text: Text,
    column: Column,
    first_line: bool,
    /// The last byte that is neither white space nor inside a string.
    last: u8,
    ending: Ending,
}

impl Scan {
    /// Starts at a record whose first byte is `first`. That byte has to be fed as well.
    pub(super) fn new(container: Container, first: u8) -> Self {
        let bracketed = matches!(first, b'{' | b'[');
        Self {
            container,
            brackets: if bracketed { Brackets::Open } else { Brackets::Done },
            depth: 0,
            objects: 0,
            text: Text::Outside,
            column: Column::Within,
            first_line: true,
            last: 0,
            ending: Ending::Regular,
        }
    }

    /// Goes on after the outermost bracket is closed with `}`: the rest of the line belongs to the record.
    pub(super) fn go_on(&mut self) {
        (self.brackets, self.ending) = (Brackets::Done, Ending::Regular);
    }

    pub(super) fn container(&self) -> Container {
        self.container
    }

    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    /// Whether the record has no line end so far.
    pub(super) fn is_on_first_line(&self) -> bool {
        self.first_line
    }

    /// Takes the bytes of `text` after the first `from`, which it has taken before. Returns the length of the record if it
    /// ends within them.
    pub(super) fn feed(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        while at < text.len() {
            if self.is_rest_of_line() {
                return memchr::memchr(b'\n', &text[at..]).map(|length| at + length);
            }
            let byte = text[at];
            if self.text != Text::Outside && byte != b'\n' {
                at += self.string_bytes(&text[at..]);
                continue;
            }
            // A string never spans lines. Otherwise one missing quote would swap inside and outside of strings for
            // the rest of the input.
            let cut_off = std::mem::replace(&mut self.text, Text::Outside) != Text::Outside;
            let length = match self.container {
                Container::Lines if cut_off && self.first_line => Some(at),
                Container::Lines => self.line_byte(byte, at),
                Container::Array => self.element_byte(byte, at),
            };
            if length.is_some() {
                return length;
            }
            at += 1;
        }
        None
    }

    /// Whether the record goes on to the end of the line.
    fn is_rest_of_line(&self) -> bool {
        self.container == Container::Lines && self.brackets == Brackets::Done
    }

    /// Returns how many bytes to advance within a string: at least one, at most to its end.
    fn string_bytes(&mut self, text: &[u8]) -> usize {
        self.text = match text[0] {
            _ if self.text == Text::Escaped => Text::Inside,
            b'\\' => Text::Escaped,
            b'"' => Text::Outside,
            _ => return memchr::memchr3(b'"', b'\\', b'\n', text).unwrap_or(text.len()),
        };
        1
    }

    fn line_byte(&mut self, byte: u8, at: usize) -> Option<usize> {
        if byte == b'{' && (self.column == Column::First || self.starts_next_record()) {
            return Some(at);
        }
        self.advance(byte);
        match byte {
            b'\n' => {
                self.first_line = false;
            }
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.open(byte),
            b'}' if self.close() => {
                self.ending = Ending::Closed;
                return Some(at + 1);
            }
            b']' if self.close() => self.brackets = Brackets::Done,
            _ => {}
        }
        None
    }

    fn element_byte(&mut self, byte: u8, at: usize) -> Option<usize> {
        if self.brackets == Brackets::Done {
            if byte == b'"' {
                self.text = Text::Inside;
            }
            return matches!(byte, b',' | b']' | b'{' | b'[' | b'\n').then_some(at);
        }
        if byte == b'{' && self.starts_next_record() {
            self.ending = Ending::Interrupted;
            return Some(at);
        }
        self.advance(byte);
        match byte {
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.open(byte),
            b'}' | b']' if self.close() => return Some(at + 1),
            _ => {}
        }
        None
    }

    /// Returns whether a `{` here would be the first byte of its line although the grammar allows no value.
    fn starts_next_record(&self) -> bool {
        let in_object = self.objects & 1 == 1;
        self.column != Column::Within && in_object && self.last != b':'
    }

    fn advance(&mut self, byte: u8) {
        match byte {
            b'\n' => self.column = Column::First,
            b' ' | b'\t' | b'\r' if self.column != Column::Within => self.column = Column::Indented,
            b' ' | b'\t' | b'\r' => {}
            _ => {
                self.column = Column::Within;
                self.last = byte;
            }
        }
    }

    fn open(&mut self, byte: u8) {
        self.depth += 1;
        self.objects = self.objects << 1 | u64::from(byte == b'{');
    }

    /// Closes a bracket and returns whether it was the outermost.
    fn close(&mut self) -> bool {
        self.depth -= 1;
        self.objects >>= 1;
        self.depth == 0
    }
}
