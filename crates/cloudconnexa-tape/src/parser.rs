//! Parses the text of a record into a tape, without recursion.

use std::ops::Range;

use super::entries::{Entry, HugeNumber, Index, Kind, MAX_DEPTH, Repeated, Tape, offset};
use super::keys::{Keys, key_text};
use super::listed::Listed;
use super::number::{self, NumberFault};
use super::open::Open;
use super::string::{self, StringFault};

/// The levels of objects of which members can be kept beyond the limit: the text itself, and objects in it.
const KEPT_LEVELS: usize = 2;

/// A fault because of which a text is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The offending bytes. Empty at the end of the text.
    pub range: Range<usize>,
    /// JSON Pointer to the value being read.
    pub pointer: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Something other than the expected token.
    Unexpected(Expected),
    /// A comma without a key or an element after it.
    TrailingComma,
    /// A malformed string.
    String(StringFault),
    /// A malformed number.
    Number(NumberFault),
    /// Arrays and objects nested too deep.
    TooDeep,
}

/// The tokens that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The value of the record.
    Record,
    /// A value after a colon, or after a comma in an array.
    Value,
    /// The first element of an array, or its end.
    ElementOrEnd,
    /// The first key of an object, or its end.
    KeyOrEnd,
    /// A key after a comma.
    Key,
    /// The colon after a key.
    Colon,
    /// A comma, or the end of an object.
    CommaOrObjectEnd,
    /// A comma, or the end of an array.
    CommaOrArrayEnd,
    /// Nothing more.
    Nothing,
}

/// The state of the parser between two tokens.
enum State {
    Value(Expected),
    FirstKey,
    Key,
    AfterValue,
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    at: usize,
    pub(super) entries: Vec<Entry>,
    /// Beyond this many entries, only members that [`is_kept`](Self::is_kept) get some.
    pub(super) max_entries: usize,
    /// Whether a member of this name gets an entry in any case.
    is_kept: fn(&str) -> bool,
    /// The containers that are open here, from the outside in.
    pub(super) open: Vec<Open>,
    /// Keys of open objects that have no entry.
    pub(super) keys: Keys,
    pub(super) partial: Vec<(Index, usize)>,
    pub(super) repeated: Listed<Repeated>,
    huge: Listed<HugeNumber>,
}

impl<'a> Tape<'a> {
    /// Parses a JSON text.
    ///
    /// # Errors
    ///
    /// Returns the first fault if it is not JSON, or nested deeper than [`MAX_DEPTH`].
    ///
    /// # Panics
    ///
    /// If the text has 4 GiB or more.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::parse_partly(text, usize::MAX, |_| true)
    }

    /// Parses a JSON text of which there may be too many values to keep.
    ///
    /// Beyond `max_entries` values, the tape has only those fields of the text and of its objects that `is_kept` is true for,
    /// and of a field that is repeated, only the first and the last.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    ///
    /// # Panics
    ///
    /// If the text has 4 GiB or more.
    pub fn parse_partly(text: &'a str, max_entries: usize, is_kept: fn(&str) -> bool) -> Result<Self, Fault> {
        assert!(u32::try_from(text.len()).is_ok(), "a tape holds less than 4 GiB");
        let mut parser = Parser {
            text,
            at: 0,
            entries: Vec::with_capacity((text.len() / 12).min(1024)),
            max_entries,
            is_kept,
            open: Vec::new(),
            keys: Keys::default(),
            partial: Vec::new(),
            repeated: Listed::default(),
            huge: Listed::default(),
        };
        match parser.run() {
            Ok(()) => {
                let Parser { entries, partial, repeated, huge, .. } = parser;
                Ok(Tape { text, entries, partial, repeated, huge })
            }
            Err((range, kind)) => Err(parser.fault(range, kind)),
        }
    }
}

/// Combines the length and the first and last eight bytes of a name. Names with different results differ.
#[inline]
#[must_use]
pub fn fingerprint(name: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let first = name.first_chunk().map_or_else(|| word(name), |first| u64::from_le_bytes(*first));
    let last = name.last_chunk().map_or(first, |last| u64::from_le_bytes(*last));
    first ^ last.rotate_left(29) ^ name.len() as u64
}

type Refused = (Range<usize>, FaultKind);

impl Parser<'_> {
    fn run(&mut self) -> Result<(), Refused> {
        let mut state = State::Value(Expected::Record);
        loop {
            self.skip_whitespace();
            state = match state {
                State::Value(expected) => self.value(expected)?,
                State::FirstKey if self.peek() == Some(b'}') => self.close(),
                State::FirstKey => self.key(Expected::KeyOrEnd)?,
                State::Key => self.key(Expected::Key)?,
                State::AfterValue => match self.open.last() {
                    Some(container) => self.after_value(container.is_object)?,
                    None if self.peek().is_none() => return Ok(()),
                    None => return Err(self.unexpected(Expected::Nothing)),
                },
            }
        }
    }

    fn value(&mut self, expected: Expected) -> Result<State, Refused> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => {
                self.open(Kind::Object)?;
                Ok(State::FirstKey)
            }
            Some(b'[') => {
                self.open(Kind::Array)?;
                Ok(State::Value(Expected::ElementOrEnd))
            }
            Some(b']') if expected == Expected::ElementOrEnd => Ok(self.close()),
            Some(b']') if self.is_after_comma() => Err(self.trailing_comma()),
            Some(b'"') => {
                let (end, kind) = self.string()?;
                self.push(end, kind);
                Ok(State::AfterValue)
            }
            Some(b'-' | b'0'..=b'9') => {
                let end = number::scan(self.text.as_bytes(), start).map_err(|(at, fault)| {
                    let found = self.character(at).unwrap_or(at..at);
                    (found, FaultKind::Number(fault))
                })?;
                let huge = number::is_huge(&self.text[start..end]);
                if huge {
                    let mut all = std::mem::take(&mut self.huge);
                    all.add(|| self.path(false), |pointer| HugeNumber { range: start..end, pointer });
                    self.huge = all;
                }
                self.push(end, if huge { Kind::HugeNumber } else { Kind::Number });
                Ok(State::AfterValue)
            }
            _ => {
                let word = self.word();
                let kind = match &self.text[word.clone()] {
                    "null" => Kind::Null,
                    "true" => Kind::True,
                    "false" => Kind::False,
                    _ => return Err(self.unexpected(expected)),
                };
                self.push(word.end, kind);
                Ok(State::AfterValue)
            }
        }
    }

    fn key(&mut self, expected: Expected) -> Result<State, Refused> {
        match self.peek() {
            Some(b'"') => {
                let (end, kind) = self.string()?;
                self.push_key(end, kind);
            }
            Some(b'}') if self.is_after_comma() => return Err(self.trailing_comma()),
            _ => return Err(self.unexpected(expected)),
        }
        self.skip_whitespace();
        if self.peek() != Some(b':') {
            return Err(self.unexpected(Expected::Colon));
        }
        self.at += 1;
        Ok(State::Value(Expected::Value))
    }

    fn after_value(&mut self, is_object: bool) -> Result<State, Refused> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(if is_object { State::Key } else { State::Value(Expected::Value) })
            }
            Some(b'}') if is_object => Ok(self.close()),
            Some(b']') if !is_object => Ok(self.close()),
            _ if is_object => Err(self.unexpected(Expected::CommaOrObjectEnd)),
            _ => Err(self.unexpected(Expected::CommaOrArrayEnd)),
        }
    }

    /// Scans a string or a key. Returns its end.
    fn string(&mut self) -> Result<(usize, Kind), Refused> {
        let (end, escaped) = string::scan(self.text.as_bytes(), self.at).map_err(|(at, fault)| {
            let first = self.character(at).unwrap_or(at..at);
            let range = match fault {
                StringFault::Unclosed | StringFault::Control => first,
                StringFault::Escape => at..self.character(at + 1).map_or(first.end, |second| second.end),
                StringFault::LoneSurrogate => at..at + 6,
            };
            (range, FaultKind::String(fault))
        })?;
        Ok((end, if escaped { Kind::EscapedString } else { Kind::String }))
    }

    fn open(&mut self, kind: Kind) -> Result<(), Refused> {
        if self.open.len() == MAX_DEPTH {
            return Err((self.at..self.at + 1, FaultKind::TooDeep));
        }
        let entry = self.has_entry().then(|| Index(offset(self.entries.len())));
        if entry.is_some() {
            self.push_entry(self.at + 1, kind);
        }
        self.at += 1;
        self.push_open(kind, entry);
        Ok(())
    }

    fn close(&mut self) -> State {
        self.at += 1;
        if let Some(container) = self.open.pop() {
            let repeated = if container.is_object { self.find_repeated(&container) } else { 0 };
            if let Some(Index(index)) = container.entry {
                let (end, after) = (offset(self.at), offset(self.entries.len()));
                let entry = &mut self.entries[index as usize];
                (entry.end, entry.after, entry.len) = (end, after, container.count - repeated);
            }
            self.complete_value();
        }
        State::AfterValue
    }

    /// Takes a key that ends at `end`.
    fn push_key(&mut self, end: usize, kind: Kind) {
        let has_entry = self.open.last().is_some_and(|object| object.entry.is_some())
            && (self.entries.len() < self.max_entries || self.may_be_described());
        let start = offset(self.at);
        if let Some(object) = self.open.last_mut() {
            (object.key, object.has_key_entry) = (Some(start), has_entry);
            object.left_out += usize::from(!has_entry);
        }
        if has_entry {
            self.compact();
            self.push_entry(end, kind);
        } else {
            self.keys.push(self.text, start);
        }
        self.at = end;
    }

    /// Returns whether the schema may describe the field whose key starts here.
    fn may_be_described(&self) -> bool {
        self.open.len() <= KEPT_LEVELS && (self.is_kept)(&key_text(self.text, offset(self.at)))
    }

    /// Takes a value that ends at `end` and is not a container.
    fn push(&mut self, end: usize, kind: Kind) {
        if self.has_entry() {
            self.push_entry(end, kind);
        }
        self.at = end;
        self.complete_value();
    }

    /// Returns whether the next value gets an entry.
    fn has_entry(&self) -> bool {
        self.open.last().is_none_or(|container| {
            if container.is_object {
                container.has_key_entry
            } else {
                container.entry.is_some() && self.entries.len() < self.max_entries
            }
        })
    }

    fn push_entry(&mut self, end: usize, kind: Kind) {
        let after = offset(self.entries.len() + 1);
        let start = offset(self.at);
        self.entries.push(Entry { start, end: offset(end), after, len: 0, kind, is_again: false });
    }

    fn skip_whitespace(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_after_comma(&self) -> bool {
        self.before_whitespace().ends_with(',')
    }

    /// Returns the range of the comma before a closing bracket.
    fn trailing_comma(&self) -> Refused {
        let comma = self.before_whitespace().len() - 1;
        (comma..comma + 1, FaultKind::TrailingComma)
    }

    fn before_whitespace(&self) -> &str {
        self.text[..self.at].trim_end_matches([' ', '\n', '\r', '\t'])
    }

    fn unexpected(&self, expected: Expected) -> Refused {
        let word = self.word();
        let range = if word.is_empty() { self.character(self.at).unwrap_or(self.at..self.at) } else { word };
        (range, FaultKind::Unexpected(expected))
    }

    /// Returns the range of letters, digits and signs from here, as in `None`, `NaN` or `+1`.
    fn word(&self) -> Range<usize> {
        let in_word =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'.' | b'$' | b'-');
        let length = self.text.as_bytes()[self.at..].iter().take_while(in_word).count();
        self.at..self.at + length
    }

    /// Returns the range of the character at `at`.
    fn character(&self, at: usize) -> Option<Range<usize>> {
        let character = self.text.get(at..)?.chars().next()?;
        Some(at..at + character.len_utf8())
    }

    /// Adds the pointer, which only a rejected record needs.
    fn fault(self, range: Range<usize>, kind: FaultKind) -> Fault {
        let between = matches!(
            kind,
            FaultKind::TrailingComma | FaultKind::Unexpected(Expected::CommaOrArrayEnd | Expected::Nothing)
        );
        Fault { range, pointer: self.path(between), kind }
    }
}
