//! The writer that values are appended with, as JSON text.

use crate::random::Random;
use crate::text::{Spelling, TimestampWriter, number};

/// The object that a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The event itself.
    Header,
    /// Its `log`.
    Log,
}

/// Appends JSON values to `out`, drawing random ones where a value is random.
pub(crate) struct Writer<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) timestamps: &'a mut TimestampWriter,
    pub(crate) spelling: Spelling,
    pub(crate) out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    /// Appends text that is JSON already.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Appends `text` as a string. With [`Spelling::Plain`], `text` must not need an escape.
    pub(crate) fn text(&mut self, text: &str) {
        match self.spelling {
            Spelling::Plain => {
                self.out.push(b'"');
                self.raw(text);
                self.out.push(b'"');
            }
            spelling => self.raw(&spelling.json(text)),
        }
    }

    pub(crate) fn number(&mut self, value: u64) {
        number(value, self.out);
    }

    /// Appends a timestamp, given in microseconds since 1970.
    pub(crate) fn time(&mut self, micros: u64) {
        self.timestamps.write(micros, self.out);
    }
}
