//! Finds where a record ends by its brackets, strings and lines; can stop and go on at any byte.

/// What a record stands in, which decides how it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Lines of text. A record ends with the line on which its brackets close, where its first line breaks off
    /// within a string, or where the next line begins with `{` in its first column.
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
    /// The last byte closed the outermost.
    JustClosed,
    /// All are closed, or there were none.
    Done,
}

/// A look at the bytes of one record, from its first.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    place: Place,
    brackets: Brackets,
    depth: u64,
    /// One bit for each open bracket, the innermost lowest: set for `{`. Those beyond 64 are forgotten.
    objects: u64,
    in_string: bool,
    escaped: bool,
    first_line: bool,
    /// Nothing but white space came since the line began.
    line_start: bool,
    /// The byte before stood at the end of a line.
    column_one: bool,
    /// The last byte that is neither white space nor inside a string.
    last: u8,
    seam: bool,
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
            in_string: false,
            escaped: false,
            first_line: true,
            line_start: false,
            column_one: false,
            last: 0,
            seam: false,
        }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Whether the record ended where another one begins on its only line: `…}{…`.
    pub(super) fn ended_at_seam(&self) -> bool {
        self.seam && self.first_line
    }

    /// Looks at the bytes that follow those seen; tells how many of them belong to the record if it ends there.
    pub(super) fn feed(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < text.len() {
            let byte = text[at];
            if self.in_string && byte != b'\n' {
                at += self.string_bytes(&text[at..]);
                continue;
            }
            // A string never spans lines: a missing quotation mark must not turn the rest inside out.
            let cut_off = std::mem::take(&mut self.in_string);
            self.escaped = false;
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
        match text[0] {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => return memchr::memchr3(b'"', b'\\', b'\n', text).unwrap_or(text.len()),
        }
        1
    }

    fn line_byte(&mut self, byte: u8, at: usize) -> Option<usize> {
        if self.brackets == Brackets::JustClosed {
            self.brackets = Brackets::Done;
            self.seam = byte == b'{';
            if self.seam {
                return Some(at);
            }
        }
        if self.brackets == Brackets::Done {
            return (byte == b'\n').then_some(at);
        }
        let resumes = std::mem::take(&mut self.column_one) && byte == b'{';
        if resumes {
            return Some(at);
        }
        match byte {
            b'\n' => {
                self.first_line = false;
                self.column_one = true;
            }
            b'"' => self.in_string = true,
            b'{' | b'[' => self.open(byte),
            b'}' | b']' if self.close() => self.brackets = Brackets::JustClosed,
            _ => {}
        }
        None
    }

    fn element_byte(&mut self, byte: u8, at: usize) -> Option<usize> {
        if self.brackets == Brackets::Done {
            self.in_string = byte == b'"';
            return matches!(byte, b',' | b']' | b'{' | b'[' | b'\n').then_some(at);
        }
        if byte == b'{' && self.line_start && self.objects & 1 == 1 && self.last != b':' {
            return Some(at);
        }
        match byte {
            b'\n' => self.line_start = true,
            b' ' | b'\t' | b'\r' => {}
            _ => {
                self.line_start = false;
                self.last = byte;
            }
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.open(byte),
            b'}' | b']' if self.close() => return Some(at + 1),
            _ => {}
        }
        None
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
