//! The scanner: one pass over a record, its state, and the root object.

use std::marker::PhantomData;
use std::ops::Range;

use memchr::memmem::Finder;

use super::accepted::{Notice, NoticeKind};
use super::scan::Scan;
use super::table::NONE;
use super::tables::{EVENTS, HEADER, LOGS};
use super::window::{byte, window};
use crate::catalog;
use crate::outline::Slot;
use crate::scope::Scope;
use crate::view::Placed;

/// The most notices and unknown keys to keep. A record with more is undecided.
const MOST: usize = 256;

/// The bytes before the name of an event in compact JSON.
const NAME: &[u8] = b"\"eventName\":\"";

/// The state that a checker keeps between records: the order of keys, and buffers for results.
pub(super) struct Scratch {
    /// For each object and each of its fields, the field that followed it last time. The first field is at `START`.
    pub(super) order: Vec<[u8; 64]>,
    /// For each object, the number of consecutive wrong predictions at its end.
    pub(super) mispredicts: Vec<u8>,
    /// Finds the name of an event that comes after its `log`.
    name: Finder<'static>,
    pub(super) notices: Vec<Notice>,
    /// Unknown keys of the open objects, without quotes.
    pub(super) keys: Vec<(u32, u32)>,
    /// The fields scanned, if an outline is requested, or the unknown ones, if a view is.
    pub(super) slots: Vec<Slot>,
    /// What a view is made of, if one is requested.
    pub(super) placed: Placed,
    /// For each object and each of its fields, a string whose check is deferred.
    pub(super) texts: Vec<[Text; 64]>,
}

/// A string that is scanned but not checked yet: the start of its key, and its own range with quotes.
#[derive(Clone, Copy, Default)]
pub(super) struct Text {
    pub(super) key: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// `KEEP`: nothing but whether the record is valid.
pub(super) const VALIDITY: u8 = 0;

/// `KEEP`: notices.
pub(super) const NOTICES: u8 = 1;

/// `KEEP`: notices, and where each field is.
pub(super) const OUTLINE: u8 = 2;

/// `KEEP`: where each field is, but no notices.
pub(super) const VIEW: u8 = 3;

/// The index in an order that holds the first field.
pub(crate) const START: u8 = 63;

/// The offset after what a method scanned. `None` leaves the record undecided.
pub(super) type Advance = Option<usize>;

/// The event that a record is about.
#[derive(Clone, Copy)]
pub(super) enum Event {
    /// Its name has not been seen yet.
    Missing,
    /// An event of the catalog, by its index.
    Known(usize),
    Unknown,
}

/// Scans one record. Methods take the offset of the next byte and return the one after what they scanned.
///
/// `KEEP` is [`VALIDITY`], [`NOTICES`], [`OUTLINE`] or [`VIEW`]. It is a constant, so what is not kept costs nothing.
pub(super) struct Scanner<'a, S, const KEEP: u8> {
    /// The bytes from the start of the record on: all of it, or a text that goes on after it if the record [is a
    /// line](Self::is_line). No method looks beyond the line feed, but for a few bytes.
    pub(super) record: &'a [u8],
    pub(super) scratch: &'a mut Scratch,
    pub(super) event: Event,
    name: Range<usize>,
    has_log: bool,
    /// A `log` that came before the name of its event and is still to be checked: the offset of its key, and its range.
    pending: Option<(usize, Range<usize>)>,
    /// The event assumed for a `log` that came before the name of its event.
    predicted: Option<usize>,
    /// Whether notices are out of the order of the record.
    pub(super) is_disordered: bool,
    /// Whether the record ends with its line, which is all that is known of its end.
    pub(super) is_line: bool,
    scan: PhantomData<S>,
}

/// A record that was scanned and is valid.
pub(super) struct Scanned {
    /// The index of its event in the catalog, if it is known.
    pub(super) event: Option<usize>,
    /// The range of the name of its event.
    pub(super) name: Range<usize>,
    /// Its length.
    pub(super) len: usize,
}

impl Scratch {
    pub(super) fn new(shapes: usize) -> Self {
        let mut order = [NONE; 64];
        for (next, index) in (1..).zip(&mut order[..63]) {
            *index = next;
        }
        order[usize::from(START)] = 0;
        Self {
            order: vec![order; shapes],
            mispredicts: vec![0; shapes],
            name: Finder::new(NAME),
            notices: Vec::with_capacity(MOST),
            keys: Vec::with_capacity(MOST),
            slots: Vec::new(),
            placed: Placed::NONE,
            texts: vec![[Text::default(); 64]; shapes],
        }
    }

    pub(super) fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

impl<'a, S: Scan, const KEEP: u8> Scanner<'a, S, KEEP> {
    /// Whether notices are kept.
    pub(super) const KEEPS_NOTICES: bool = matches!(KEEP, NOTICES | OUTLINE);
    /// Whether it is kept where unknown fields are.
    pub(super) const KEEPS_UNKNOWN: bool = matches!(KEEP, OUTLINE | VIEW);

    pub(super) fn new(record: &'a [u8], scratch: &'a mut Scratch) -> Self {
        scratch.notices.clear();
        scratch.keys.clear();
        scratch.slots.clear();
        if KEEP == VIEW {
            scratch.placed.clear();
        }
        Self {
            record,
            scratch,
            event: Event::Missing,
            name: 0..0,
            has_log: false,
            pending: None,
            predicted: None,
            is_disordered: false,
            is_line: false,
            scan: PhantomData,
        }
    }

    /// Scans the whole record.
    pub(super) fn record(mut self) -> Option<Scanned> {
        let end = self.root(self.skip_space(0))?;
        let len = self.record.len();
        if self.skip_space(end) != len {
            return None;
        }
        self.scanned(len)
    }

    /// Scans a record that starts at the first byte, and that a line feed has to follow. There must be none before.
    pub(super) fn line(mut self) -> Option<Scanned> {
        self.is_line = true;
        let end = self.root(0)?;
        if self.byte(end) != b'\n' {
            return None;
        }
        self.scanned(end)
    }

    /// Scans the object at `at`.
    #[inline(always)]
    fn root(&mut self, at: usize) -> Advance {
        u32::try_from(self.record.len()).ok()?;
        if self.byte(at) != b'{' {
            return None;
        }
        self.object(at + 1, &HEADER, 0)
    }

    /// Decides about a record of `len` bytes, of which at most its `log` is still to be scanned.
    #[inline(always)]
    fn scanned(mut self, len: usize) -> Option<Scanned> {
        if let Some((key, value)) = self.pending.take() {
            if self.log(key, value.start)? != value.end {
                return None;
            }
            self.is_disordered = true;
        }
        if Self::KEEPS_NOTICES && self.is_disordered {
            self.scratch.notices.sort_unstable_by_key(|notice| notice.start);
        }
        let event = match self.event {
            Event::Known(index) => {
                let is_as_predicted = self.predicted.is_none_or(|predicted| predicted == index);
                // `log` is the one field of the header that only some events require.
                let is_complete = self.has_log || LOGS.get(index)?.is_none();
                if !is_as_predicted || !is_complete {
                    return None;
                }
                Some(index)
            }
            Event::Unknown if self.predicted.is_none() => None,
            Event::Unknown | Event::Missing => return None,
        };
        Some(Scanned { event, name: self.name, len })
    }

    /// Scans the name of the event, whose opening quote must be at `at`.
    #[inline(always)]
    pub(super) fn event_name(&mut self, at: usize) -> Advance {
        if self.byte(at) != b'"' {
            return None;
        }
        let end = self.plain_text(at + 1)?;
        self.name = at + 1..end - 1;
        let name = &self.record[at + 1..end - 1];
        let index = usize::from(EVENTS.index(name));
        if catalog::EVENTS.get(index).is_some_and(|event| event.name.as_bytes() == name) {
            self.event = Event::Known(index);
        } else {
            self.event = Event::Unknown;
            self.notice(NoticeKind::UnknownEvent, at..end)?;
        }
        Some(end)
    }

    /// Scans the value of `log` at `at`. Its key is at `key`.
    #[inline(always)]
    pub(super) fn log(&mut self, key: usize, at: usize) -> Advance {
        if self.byte(at) != b'{' {
            return None;
        }
        self.has_log = true;
        match self.event {
            Event::Known(index) => {
                if let Some(shape) = LOGS.get(index)? {
                    return self.object(at + 1, shape, index + 1);
                }
                if Self::KEEPS_NOTICES || KEEP == VIEW {
                    self.undescribed_log(key, at)
                } else {
                    self.unknown(at, 1)
                }
            }
            Event::Unknown => self.unknown(at, 1),
            Event::Missing => self.early_log(key, at),
        }
    }

    /// Scans the `log` of a known event that has none, and records where it is.
    #[inline(never)]
    fn undescribed_log(&mut self, key: usize, at: usize) -> Advance {
        let key = key..self.quoted(key)?;
        self.notice(NoticeKind::UnknownField(Scope::Header), key.clone())?;
        let end = self.unknown(at, 1)?;
        if KEEP == VIEW {
            self.push_slot(0, NONE, key, at..end);
        }
        Some(end)
    }

    /// Scans a `log` that comes before the name of its event.
    ///
    /// Which fields it may have depends on the event, so the name is searched for in the rest of the record and assumed to
    /// be right. If it was not, because an `eventName` inside another `log` was found, the record ends up undecided.
    #[inline(never)]
    fn early_log(&mut self, key: usize, at: usize) -> Advance {
        if let Some(index) = self.predicted(at)
            && let Some(shape) = LOGS.get(index)?
        {
            let (notices, keys) = (self.scratch.notices.len(), self.scratch.keys.len());
            let slots = self.scratch.slots.len();
            if let Some(end) = self.object(at + 1, shape, index + 1) {
                self.predicted = Some(index);
                return Some(end);
            }
            self.scratch.notices.truncate(notices);
            self.scratch.keys.truncate(keys);
            self.scratch.slots.truncate(slots);
        }
        let end = self.skip_object(at)?;
        self.pending = Some((key, at..end));
        Some(end)
    }

    /// Returns the event whose name seems to follow.
    fn predicted(&self, at: usize) -> Option<usize> {
        let mut rest = self.record.get(at..)?;
        if self.is_line {
            rest = rest.get(..memchr::memchr(b'\n', rest)?)?;
        }
        let name = at + self.scratch.name.find(rest)? + NAME.len();
        let rest = self.record.get(name..)?;
        let name = &rest[..rest.iter().take(64).position(|&byte| byte == b'"')?];
        let index = usize::from(EVENTS.index(name));
        catalog::EVENTS.get(index).filter(|event| event.name.as_bytes() == name).map(|_| index)
    }

    #[inline(always)]
    pub(super) fn notice(&mut self, kind: NoticeKind, range: Range<usize>) -> Option<()> {
        if Self::KEEPS_NOTICES { self.push_notice(kind, range) } else { Some(()) }
    }

    #[inline(never)]
    fn push_notice(&mut self, kind: NoticeKind, range: Range<usize>) -> Option<()> {
        if self.scratch.notices.len() == MOST {
            return None;
        }
        let (start, end) = (offset(range.start), offset(range.end));
        self.scratch.notices.push(Notice { kind, start, end });
        Some(())
    }

    /// Records where a field of the object with this id is.
    #[inline(always)]
    pub(super) fn push_slot(&mut self, id: usize, index: u8, key: Range<usize>, value: Range<usize>) {
        self.scratch.slots.push(Slot {
            scope: Scope::of(id),
            index,
            key: offset(key.start),
            key_end: offset(key.end),
            value: offset(value.start),
            end: offset(value.end),
        });
    }

    /// Remembers an unknown key, without quotes. Returns `None` if one of the keys from `base` on is the same.
    pub(super) fn remember_key(&mut self, base: usize, key: Range<usize>) -> Option<()> {
        let Self { record, scratch, .. } = self;
        let name = &record[key.clone()];
        let same = |&(start, end): &(u32, u32)| record[start as usize..end as usize] == *name;
        if scratch.keys.len() == MOST || scratch.keys[base..].iter().any(same) {
            return None;
        }
        scratch.keys.push((offset(key.start), offset(key.end)));
        Some(())
    }

    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        byte(self.record, at)
    }

    /// Returns whether the record has these bytes at `at`.
    #[inline(always)]
    pub(super) fn starts_with(&self, at: usize, bytes: &[u8]) -> bool {
        self.record.get(at..).is_some_and(|rest| rest.starts_with(bytes))
    }

    /// Returns the offset after the white space at `at`, if any. If the record is a line, its line feed is not skipped, and no token
    /// starts there.
    #[inline(always)]
    pub(super) fn skip_space(&self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.skip_long_space(at) }
    }

    #[inline(always)]
    fn skip_long_space(&self, mut at: usize) -> usize {
        let start = at;
        loop {
            let other = window!(S::not_space, self.record, at);
            if other != 0 {
                at += other.trailing_zeros() as usize;
                return if self.is_line { self.line_end(start, at) } else { at };
            }
            at += 32;
        }
    }

    /// Returns the offset of the first line feed in `start..end`, or `end`.
    fn line_end(&self, start: usize, end: usize) -> usize {
        let space = self.record.get(start..end).unwrap_or_default();
        space.iter().position(|byte| *byte == b'\n').map_or(end, |length| start + length)
    }
}

/// Converts an offset in a text, which is shorter than 4 GiB.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "`Scanner::root` scans no longer texts")]
pub(crate) fn offset(index: usize) -> u32 {
    index as u32
}
