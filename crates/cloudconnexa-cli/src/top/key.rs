//! The values of a group as bytes: equal if the values are, and in the same order.

use std::borrow::Cow;

use cloudconnexa_report::table::Cell;

/// No value.
const MISSING: u8 = 1;
/// Starts a value other than text, such as a number.
const JSON: u8 = 2;
/// Starts text.
const TEXT: u8 = 3;
/// Ends a value; within one, [`ZERO`] follows it.
const END: u8 = 0;
/// Follows a zero within a value. No value starts with it.
const ZERO: u8 = 255;

/// Writes a key.
pub(super) struct Key<'a>(&'a mut Vec<u8>);

impl<'a> Key<'a> {
    /// Starts a key in a buffer, whose content is dropped.
    pub(super) fn new(buffer: &'a mut Vec<u8>) -> Self {
        buffer.clear();
        Self(buffer)
    }

    pub(super) fn push_time(&mut self, micros: i64) {
        // The sign bit is flipped, as bytes have no sign.
        self.0.extend_from_slice(&(micros ^ i64::MIN).to_be_bytes());
    }

    pub(super) fn push_missing(&mut self) {
        self.0.push(MISSING);
    }

    pub(super) fn push_json(&mut self, json: &str) {
        self.push(JSON, json);
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.push(TEXT, text);
    }

    fn push(&mut self, start: u8, text: &str) {
        self.0.push(start);
        for (index, part) in text.as_bytes().split(|byte| *byte == END).enumerate() {
            if index > 0 {
                self.0.extend_from_slice(&[END, ZERO]);
            }
            self.0.extend_from_slice(part);
        }
        self.0.push(END);
    }
}

/// Takes the time from the start of a key.
pub(super) fn take_time(key: &mut &[u8]) -> Option<i64> {
    let (time, rest) = key.split_first_chunk()?;
    *key = rest;
    Some(i64::from_be_bytes(*time) ^ i64::MIN)
}

/// Takes the next value from the start of a key.
pub(super) fn take_value<'k>(key: &mut &'k [u8]) -> Option<Cell<'k>> {
    let (start, mut rest) = key.split_first()?;
    if *start == MISSING {
        *key = rest;
        return Some(Cell::Missing);
    }
    let mut text: Cow<'k, [u8]> = Cow::Borrowed(&[]);
    loop {
        let end = rest.iter().position(|byte| *byte == END)?;
        let (part, after) = (&rest[..end], &rest[end + 1..]);
        if text.is_empty() {
            text = Cow::Borrowed(part);
        } else {
            text.to_mut().extend_from_slice(part);
        }
        let Some((&ZERO, more)) = after.split_first() else {
            *key = after;
            break;
        };
        text.to_mut().push(END);
        rest = more;
    }
    let text = match text {
        Cow::Borrowed(text) => String::from_utf8_lossy(text),
        Cow::Owned(text) => Cow::Owned(String::from_utf8_lossy(&text).into_owned()),
    };
    Some(if *start == JSON { Cell::Json(text) } else { Cell::Text(text) })
}
