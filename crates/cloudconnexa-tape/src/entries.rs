//! The entries of a tape, and how to walk them.

use std::borrow::Cow;
use std::ops::Range;

use super::listed::Listed;
use super::number;
use super::string::decode;

/// The deepest nesting that is accepted. It is what `serde_json` reads, and therefore what the types can hold.
pub const MAX_DEPTH: usize = 127;

/// A parsed record.
///
/// If it was [parsed partly](Tape::parse_partly), it may lack some values. Repeated keys and huge numbers are listed up to a
/// limit.
#[derive(Debug)]
pub struct Tape<'a> {
    pub(super) text: &'a str,
    pub(super) entries: Vec<Entry>,
    /// Objects of which some members have no entry, and how many, repeated keys not counted.
    pub(super) partial: Vec<(Index, usize)>,
    pub(super) repeated: Listed<Repeated>,
    pub(super) huge: Listed<HugeNumber>,
}

/// A value or a key of an object. The children of a container follow it, those of an object as key, value, key, value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The first byte, quotes and brackets included.
    pub(super) start: u32,
    /// The offset after the last byte.
    pub(super) end: u32,
    /// The index of the next entry that is not inside this one.
    pub(super) after: u32,
    /// The number of elements or distinct keys of a container.
    pub(super) len: u32,
    pub(super) kind: Kind,
    /// Whether it is a key that occurs earlier in the same object.
    pub(super) is_again: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    False,
    True,
    Number,
    /// A number too large for a 64-bit float.
    HugeNumber,
    /// A string without escapes.
    String,
    /// A string with escapes.
    EscapedString,
    /// A key that is repeated later in the same object. The last one counts.
    ShadowedKey,
    Array,
    Object,
}

/// A key that occurs earlier in the same object.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The offset of the first occurrence.
    pub first: usize,
    /// The byte range of this one, quotes included.
    pub range: Range<usize>,
    /// JSON Pointer to its value.
    pub pointer: String,
}

/// A number too large for a 64-bit float.
#[derive(Clone, Debug)]
pub struct HugeNumber {
    /// Its byte range.
    pub range: Range<usize>,
    /// JSON Pointer to it.
    pub pointer: String,
}

/// The index of an entry of a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Index(pub(super) u32);

impl Index {
    /// The record itself.
    pub const ROOT: Self = Self(0);

    /// The value of a key.
    #[must_use]
    pub fn value(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string, or a key of an object.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'a> Tape<'a> {
    /// The type of a value.
    pub fn type_of(&self, index: Index) -> Type {
        match self.entry(index).kind {
            Kind::Null => Type::Null,
            Kind::False | Kind::True => Type::Boolean,
            Kind::Number | Kind::HugeNumber => Type::Number,
            Kind::String | Kind::EscapedString | Kind::ShadowedKey => Type::String,
            Kind::Array => Type::Array,
            Kind::Object => Type::Object,
        }
    }

    /// The byte range of a value or a key, quotes and brackets included.
    pub fn range(&self, index: Index) -> Range<usize> {
        let entry = self.entry(index);
        entry.start as usize..entry.end as usize
    }

    /// The text in a byte range.
    pub fn text(&self, range: Range<usize>) -> &'a str {
        &self.text[range]
    }

    /// A value or a key as it is written.
    pub fn raw(&self, index: Index) -> &'a str {
        &self.text[self.range(index)]
    }

    /// The decoded text of a string or a key.
    pub fn string(&self, index: Index) -> Option<Cow<'a, str>> {
        let raw = self.raw(index);
        match self.entry(index).kind {
            Kind::String => Some(Cow::Borrowed(&raw[1..raw.len() - 1])),
            Kind::EscapedString | Kind::ShadowedKey => Some(decode(&raw[1..raw.len() - 1])),
            _ => None,
        }
    }

    /// The value of a number. For one that is too large, the nearest float.
    pub fn number(&self, index: Index) -> Option<serde_json::Number> {
        match self.entry(index).kind {
            Kind::Number => Some(number::value(self.raw(index))),
            Kind::HugeNumber => Some(number::greatest(self.raw(index))),
            _ => None,
        }
    }

    /// All keys and values of an object, including shadowed ones. Empty for other values.
    pub fn all_members(&self, index: Index) -> Members<'_, 'a> {
        Members { tape: self, key: index.0 + 1, end: self.end(index, Kind::Object) }
    }

    /// The keys and values of an object. Of a repeated key, the last.
    pub fn members(&self, index: Index) -> impl Iterator<Item = (Index, Index)> {
        self.all_members(index).filter(|&(key, _)| !self.is_shadowed(key))
    }

    /// The elements of an array. Empty for other values.
    pub fn elements(&self, index: Index) -> Elements<'_, 'a> {
        Elements { tape: self, element: index.0 + 1, end: self.end(index, Kind::Array) }
    }

    /// The end of the children of a container of this kind. For anything else, their start.
    fn end(&self, index: Index, kind: Kind) -> u32 {
        let entry = self.entry(index);
        if entry.kind == kind { entry.after } else { index.0 + 1 }
    }

    /// How many members of an object have no entry, repeated keys not counted. None of them was to be kept.
    pub fn members_left_out(&self, object: Index) -> usize {
        self.partial.iter().find(|(partial, _)| *partial == object).map_or(0, |(_, count)| *count)
    }

    /// The value of a field of an object.
    pub fn field(&self, object: Index, name: &str) -> Option<Index> {
        self.members(object).find(|&(key, _)| self.is_string(key, name)).map(|(_, value)| value)
    }

    /// Whether a value or a key is this string.
    pub fn is_string(&self, index: Index, text: &str) -> bool {
        match self.entry(index).kind {
            Kind::String => {
                let Range { start, end } = self.range(index);
                let (inside, text) = (&self.text.as_bytes()[start + 1..end - 1], text.as_bytes());
                // Most keys differ in their length, and most others where they start or end.
                inside.len() == text.len()
                    && inside.first() == text.first()
                    && inside.last() == text.last()
                    && inside == text
            }
            _ => self.string(index).is_some_and(|string| string == text),
        }
    }

    /// Returns whether a key is repeated later in its object.
    pub fn is_shadowed(&self, key: Index) -> bool {
        self.entry(key).kind == Kind::ShadowedKey
    }

    /// Returns whether a key occurs earlier in its object.
    pub fn is_again(&self, key: Index) -> bool {
        self.entry(key).is_again
    }

    /// Returns whether a value is a number too large for a 64-bit float.
    pub fn is_huge(&self, index: Index) -> bool {
        self.entry(index).kind == Kind::HugeNumber
    }

    /// The numbers that are too large for a 64-bit float.
    pub fn huge_numbers(&self) -> &Listed<HugeNumber> {
        &self.huge
    }

    /// The repeated keys. Within an object they are in the order of the text.
    pub fn repeated(&self) -> &Listed<Repeated> {
        &self.repeated
    }

    pub(super) fn entry(&self, index: Index) -> &Entry {
        &self.entries[index.0 as usize]
    }
}

/// The keys and values of an object.
pub struct Members<'t, 'a> {
    tape: &'t Tape<'a>,
    key: u32,
    end: u32,
}

impl Iterator for Members<'_, '_> {
    type Item = (Index, Index);

    fn next(&mut self) -> Option<(Index, Index)> {
        let key = self.key;
        (key < self.end).then(|| {
            self.key = self.tape.entry(Index(key + 1)).after;
            (Index(key), Index(key + 1))
        })
    }
}

/// The elements of an array.
pub struct Elements<'t, 'a> {
    tape: &'t Tape<'a>,
    element: u32,
    end: u32,
}

impl Iterator for Elements<'_, '_> {
    type Item = Index;

    fn next(&mut self) -> Option<Index> {
        let element = self.element;
        (element < self.end).then(|| {
            self.element = self.tape.entry(Index(element)).after;
            Index(element)
        })
    }
}

/// An offset or an index into a record of less than 4 GiB.
pub(super) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
