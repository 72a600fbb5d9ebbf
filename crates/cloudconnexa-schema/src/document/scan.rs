//! Walks through a text that is known to be JSON.

use std::ops::Range;

/// What a step of a pointer leads into.
pub(super) enum Entered {
    /// A member, with the bytes of its key.
    Member(Range<usize>),
    Element,
}

/// A position in a valid JSON text, always at the start of a value.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the root. `text` has to be valid JSON.
    pub(super) fn new(text: &'a str) -> Self {
        let mut scanner = Self { bytes: text.as_bytes(), at: 0 };
        scanner.skip_whitespace();
        scanner
    }

    /// Moves to the member or element `part` of the current value.
    pub(super) fn enter(&mut self, part: &str) -> Option<Entered> {
        match self.peek() {
            b'{' => self.enter_member(part).map(Entered::Member),
            b'[' => self.enter_element(part.parse().ok()?).map(|()| Entered::Element),
            _ => None,
        }
    }

    /// The bytes of the current value.
    pub(super) fn value(&self) -> Range<usize> {
        let mut end = Self { bytes: self.bytes, at: self.at };
        end.skip_value();
        self.at..end.at
    }

    fn enter_member(&mut self, name: &str) -> Option<Range<usize>> {
        self.at += 1;
        loop {
            self.skip_whitespace();
            if self.peek() != b'"' {
                return None;
            }
            let start = self.at;
            self.skip_string();
            let key = start..self.at;
            self.skip_whitespace();
            // The colon.
            self.at += 1;
            self.skip_whitespace();
            if serde_json::from_slice::<String>(&self.bytes[key.clone()]).is_ok_and(|key| key == name) {
                return Some(key);
            }
            self.skip_value();
            self.skip_whitespace();
            if self.peek() != b',' {
                return None;
            }
            self.at += 1;
        }
    }

    fn enter_element(&mut self, index: usize) -> Option<()> {
        self.at += 1;
        self.skip_whitespace();
        if self.peek() == b']' {
            return None;
        }
        for _ in 0..index {
            self.skip_value();
            self.skip_whitespace();
            if self.peek() != b',' {
                return None;
            }
            self.at += 1;
            self.skip_whitespace();
        }
        Some(())
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }

    /// In valid JSON, brackets outside of strings are balanced.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            match self.peek() {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                // The end of a literal, or of the object or array around it.
                b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }
}
