//! Finds where a record ends by its brackets, strings and lines; can stop and go on at any byte.

/// What a record stands in, which decides how it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Lines of text. A record ends with the line on which its brackets close, where its first line breaks off
    /// within a string, and in front of a line that begins with `{` in its first column, or where the grammar allows no
    /// value.
    Lines,
    /// An array of events. An element ends with its last bracket, or in front of a line that begins with `{` where
    /// the grammar allows no value.
    Array,
}

/// How far the brackets of a record are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brackets {
    /// Some are open.
    Open,
    /// The last byte was the `}` that closed the outermost.
    JustClosed,
    /// All are closed, or there were none.
    Done,
}

/// Where the next byte stands, as to strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

/// Where the next byte stands, as to lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    First,
    Indented,
    Within,
}

/// What made a record end that needs more than a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nothing out of the way.
    Regular,
    /// Another record that begins on its only line, right behind it: `…}{…`.
    Seam,
    /// In an array, what looks like the next element while brackets are open.
    Interrupted,
}

/// A look at the bytes of one record, from its first.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    place: Place,
    brackets: Brackets,
    depth: u64,
    /// One bit for each open bracket, the innermost lowest: set for `{`. Those beyond 64 are forgotten.
    objects: u64,
    text: Text,
    column: Column,
    first_line: bool,
    /// The last byte that is neither white space nor inside a string.
    last: u8,
    ending: Ending,
}

impl Scan {
    /// For a record that begins with the byte `first`, which has to be fed as well.
    pub(super) fn new(place: Place, first: u8) -> Self {
        let bracketed = matches!(first, b'{' | b'[');
        Self {
            place,
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

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    /// Looks at the bytes that follow those seen; tells how many of them belong to the record if it ends there.
    pub(super) fn feed(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < text.len() {
            let byte = text[at];
            if self.text != Text::Outside && byte != b'\n' {
                at += self.string_bytes(&text[at..]);
                continue;
            }
            // A string never spans lines: a missing quotation mark must not turn the rest inside out.
            let cut_off = std::mem::replace(&mut self.text, Text::Outside) != Text::Outside;
            let length = match self.place {
                Place::Lines if cut_off && self.first_line => Some(at),
                Place::Lines => self.line_byte(byte, at),
                Place::Array => self.element_byte(byte, at),
            };
            if length.is_some() {
                return length;
            }
            at += 1;
        }
        None
    }

    /// Goes on within a string, at least by one byte, at most to its end.
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
        if self.brackets == Brackets::JustClosed {
            self.brackets = Brackets::Done;
            if byte == b'{' {
                if self.first_line {
                    self.ending = Ending::Seam;
                }
                return Some(at);
            }
        }
        if self.brackets == Brackets::Done {
            return (byte == b'\n').then_some(at);
        }
        if byte == b'{' && (self.column == Column::First || self.begins_anew()) {
            return Some(at);
        }
        self.note(byte);
        match byte {
            b'\n' => {
                self.first_line = false;
            }
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.open(byte),
            b'}' if self.close() => self.brackets = Brackets::JustClosed,
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
        if byte == b'{' && self.begins_anew() {
            self.ending = Ending::Interrupted;
            return Some(at);
        }
        self.note(byte);
        match byte {
            b'"' => self.text = Text::Inside,
            b'{' | b'[' => self.open(byte),
            b'}' | b']' if self.close() => return Some(at + 1),
            _ => {}
        }
        None
    }

    /// Whether a `{` here is the first of its line, where the grammar allows no value.
    fn begins_anew(&self) -> bool {
        let in_object = self.objects & 1 == 1;
        self.column != Column::Within && in_object && self.last != b':'
    }

    fn note(&mut self, byte: u8) {
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

    /// Whether that was the outermost.
    fn close(&mut self) -> bool {
        self.depth -= 1;
        self.objects >>= 1;
        self.depth == 0
    }
}
