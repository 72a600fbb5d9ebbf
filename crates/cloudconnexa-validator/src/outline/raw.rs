//! Raw JSON values, read in place without building anything.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::fast::scan::end_of_text;
use cloudconnexa_tape::decode;

/// A well-formed JSON value as it is written, without white space around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(&'a str);

/// The type of a JSON value. Integers are not distinguished from other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number, integers among them.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// Its name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

impl<'a> Raw<'a> {
    pub(super) const NULL: Self = Self("null");

    pub(crate) fn of(record: &'a [u8], range: Range<usize>) -> Option<Self> {
        let raw = str::from_utf8(record.get(range)?).ok()?;
        (!raw.is_empty()).then_some(Self(raw))
    }

    #[inline]
    pub(crate) fn of_text(record: &'a str, range: Range<usize>) -> Option<Self> {
        let raw = record.get(range)?;
        (!raw.is_empty()).then_some(Self(raw))
    }

    /// Returns the value as it is written.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Returns its type.
    #[must_use]
    pub fn kind(self) -> JsonType {
        match self.0.as_bytes()[0] {
            b'"' => JsonType::String,
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b't' | b'f' => JsonType::Boolean,
            b'n' => JsonType::Null,
            _ => JsonType::Number,
        }
    }

    /// Returns the text of a string with its escapes decoded. `None` for other types.
    #[must_use]
    pub fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        let has_escapes = memchr::memchr(b'\\', inner.as_bytes()).is_some();
        Some(if has_escapes { decode(inner) } else { Cow::Borrowed(inner) })
    }

    /// Returns the keys and values of an object in the order of the text. Empty for other types.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Raw<'a>)> {
        let mut inner = Inner::of(self, b'{');
        std::iter::from_fn(move || {
            let key = inner.next()?;
            inner.skip(b':');
            Some((key.text().unwrap_or_default(), inner.next()?))
        })
    }

    /// Returns the elements of an array. Empty for other types.
    pub fn elements(self) -> impl Iterator<Item = Raw<'a>> {
        let mut inner = Inner::of(self, b'[');
        std::iter::from_fn(move || inner.next())
    }
}

/// A cursor in a container. The text is known to be well-formed, so nothing is checked.
struct Inner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Inner<'a> {
    fn of(raw: Raw<'a>, bracket: u8) -> Self {
        let is_such = raw.0.as_bytes()[0] == bracket;
        Self { text: if is_such { &raw.0[..raw.0.len() - 1] } else { "" }, at: 1 }
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn skip(&mut self, separator: u8) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') || self.byte() == separator {
            self.at += 1;
        }
    }

    /// Returns the next value, skipping the comma before it.
    fn next(&mut self) -> Option<Raw<'a>> {
        self.skip(b',');
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.byte() {
                0 => break,
                b'"' => self.string(),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open = open.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if open == 0 => break,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if open == 0 {
                break;
            }
        }
        let raw = self.text.get(start..self.at)?;
        (!raw.is_empty()).then_some(Raw(raw))
    }

    fn string(&mut self) {
        self.at += 1;
        loop {
            self.at = end_of_text(self.text.as_bytes(), self.at);
            match self.byte() {
                b'\\' => self.at += 2,
                b'"' => return self.at += 1,
                0 => return,
                _ => self.at += 1,
            }
        }
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
