//! Values as they are written, to be looked into without building anything.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::fast::scan::end_of_text;
use crate::tape::decode;

/// A well-formed JSON value as it is written, without whitespace around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(&'a str);

/// The types of JSON Schema that can be told apart without looking further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number, integers among them.
    Number,
    /// A text.
    String,
    /// A list of values.
    Array,
    /// Values by their names.
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

    /// The text that it is.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Its type.
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

    /// What a string stands for; `None` for all else.
    #[must_use]
    pub fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inner.contains('\\') { decode(inner) } else { Cow::Borrowed(inner) })
    }

    /// Keys and values of an object, in the order of the text; nothing for all else.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Raw<'a>)> {
        let mut inner = Inner::of(self, b'{');
        std::iter::from_fn(move || {
            let key = inner.next()?;
            inner.skip(b':');
            Some((key.text().unwrap_or_default(), inner.next()?))
        })
    }

    /// The elements of an array; nothing for all else.
    pub fn elements(self) -> impl Iterator<Item = Raw<'a>> {
        let mut inner = Inner::of(self, b'[');
        std::iter::from_fn(move || inner.next())
    }
}

/// What is in a container from a place on. The text is known to be well-formed, so that nothing is checked.
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

    /// The next value, behind the comma in front of it.
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
