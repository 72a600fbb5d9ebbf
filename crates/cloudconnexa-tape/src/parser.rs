//! Parses the text of a record into a tape, without recursion.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::ops::Range;

use super::entries::{Duplicate, Entry, Index, Kind, MAX_DEPTH, Tape, offset};
use super::number::{self, NumberFault};
use super::string::{self, StringFault};

/// In objects with more keys than this, duplicates are found by hash rather than by comparing each key with each.
const FEW_KEYS: u32 = 32;

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

struct Parser<'a> {
    text: &'a str,
    at: usize,
    entries: Vec<Entry>,
    /// The containers that are open here, from the outside in.
    open: Vec<Index>,
    duplicates: Vec<Duplicate>,
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
        assert!(u32::try_from(text.len()).is_ok(), "a tape holds less than 4 GiB");
        let entries = Vec::with_capacity((text.len() / 12).min(1024));
        let mut parser = Parser { text, at: 0, entries, open: Vec::new(), duplicates: Vec::new() };
        match parser.run() {
            Ok(()) => Ok(Tape { text, entries: parser.entries, duplicates: parser.duplicates }),
            Err((range, kind)) => Err(parser.fault(range, kind)),
        }
    }
}

impl Tape<'_> {
    /// Returns whether the keys of a small object obviously differ, by their fingerprints.
    fn has_different_keys(&self, object: Index) -> bool {
        let mut prints = [0_u64; FEW_KEYS as usize];
        for (count, (key, _)) in self.all_members(object).enumerate() {
            if self.entry(key).kind != Kind::String {
                return false;
            }
            let Range { start, end } = self.range(key);
            let print = fingerprint(&self.text.as_bytes()[start + 1..end - 1]);
            if prints[..count].contains(&print) {
                return false;
            }
            prints[count] = print;
        }
        true
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
                    Some(&container) => self.after_value(container)?,
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
                self.string()?;
                Ok(State::AfterValue)
            }
            Some(b'-' | b'0'..=b'9') => {
                let end = number::scan(self.text.as_bytes(), start).map_err(|(at, fault)| {
                    let found = self.character(at).unwrap_or(at..at);
                    (found, FaultKind::Number(fault))
                })?;
                let huge = number::is_huge(&self.text[start..end]);
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
            Some(b'"') => self.string()?,
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

    fn after_value(&mut self, container: Index) -> Result<State, Refused> {
        let is_object = self.entries[container.0 as usize].kind == Kind::Object;
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

    fn string(&mut self) -> Result<(), Refused> {
        let (end, escaped) = string::scan(self.text.as_bytes(), self.at).map_err(|(at, fault)| {
            let first = self.character(at).unwrap_or(at..at);
            let range = match fault {
                StringFault::Unclosed | StringFault::Control => first,
                StringFault::Escape => at..self.character(at + 1).map_or(first.end, |second| second.end),
                StringFault::LoneSurrogate => at..at + 6,
            };
            (range, FaultKind::String(fault))
        })?;
        self.push(end, if escaped { Kind::EscapedString } else { Kind::String });
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<(), Refused> {
        if self.open.len() == MAX_DEPTH {
            return Err((self.at..self.at + 1, FaultKind::TooDeep));
        }
        self.open.push(Index(offset(self.entries.len())));
        self.push(self.at + 1, kind);
        Ok(())
    }

    fn close(&mut self) -> State {
        self.at += 1;
        if let Some(container) = self.open.pop() {
            let (end, after) = (offset(self.at), offset(self.entries.len()));
            let entry = &mut self.entries[container.0 as usize];
            (entry.end, entry.after) = (end, after);
            let keys_and_values = entry.kind == Kind::Object;
            let len = self.count(container);
            let len = if keys_and_values { len - self.shadow(container, len) } else { len };
            self.entries[container.0 as usize].len = len;
        }
        State::AfterValue
    }

    /// Counts the elements or members of a closed container.
    fn count(&self, container: Index) -> u32 {
        let Entry { kind, after, .. } = self.entries[container.0 as usize];
        let (mut child, mut count) = (container.0 + 1, 0);
        while child < after {
            let value = if kind == Kind::Object { child + 1 } else { child };
            child = self.entries[value as usize].after;
            count += 1;
        }
        count
    }

    /// Finds the repeated keys of an object and marks all but the last occurrence. Returns how many it marked.
    fn shadow(&mut self, object: Index, members: u32) -> u32 {
        let tape =
            Tape { text: self.text, entries: std::mem::take(&mut self.entries), duplicates: Vec::new() };
        let found = self.duplicates.len();
        if members <= FEW_KEYS && tape.has_different_keys(object) {
            // The usual case.
        } else if members <= FEW_KEYS {
            for (count, (again, _)) in tape.all_members(object).enumerate() {
                let first =
                    tape.all_members(object).take(count).find(|&(key, _)| tape.same_string(key, again));
                self.duplicates.extend(first.map(|(first, _)| Duplicate { first, again }));
            }
        } else {
            let mut seen: HashMap<Cow<'_, str>, Index> = HashMap::with_capacity(members as usize);
            for (key, _) in tape.all_members(object) {
                match seen.entry(tape.string(key).unwrap_or_default()) {
                    Slot::Vacant(slot) => _ = slot.insert(key),
                    Slot::Occupied(slot) => {
                        self.duplicates.push(Duplicate { first: *slot.get(), again: key });
                    }
                }
            }
        }
        let mut last: HashMap<Index, Index> = HashMap::new();
        self.entries = tape.entries;
        for &Duplicate { first, again } in &self.duplicates[found..] {
            let shadowed = last.insert(first, again).unwrap_or(first);
            self.entries[shadowed.0 as usize].kind = Kind::ShadowedKey;
        }
        offset(self.duplicates.len() - found)
    }

    fn push(&mut self, end: usize, kind: Kind) {
        let after = offset(self.entries.len() + 1);
        self.entries.push(Entry { start: offset(self.at), end: offset(end), after, len: 0, kind });
        self.at = end;
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
        let tape = Tape { text: self.text, entries: self.entries, duplicates: Vec::new() };
        Fault { range, pointer: tape.pointer_to_break(&self.open, !between), kind }
    }
}
