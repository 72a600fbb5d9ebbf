//! A pass over a record: where it stands, what it has seen, and the root of the record.

use std::marker::PhantomData;
use std::ops::Range;

use memchr::memmem::Finder;

use super::accepted::{Notice, Noticed, Owner};
use super::generated::{EVENTS, HEADER, LOGS};
use super::scan::Scan;
use super::table::NONE;
use super::window::{byte, look};
use crate::catalog;
use crate::outline::Slot;

/// Notices and unknown keys that are kept; a record with more is undecided.
const MOST: usize = 256;

/// What stands before the name of an event in compact JSON.
const NAME: &[u8] = b"\"eventName\":\"";

/// What outlasts a record: the order of keys, and space for what is found.
pub(super) struct Memory {
    /// For each object and each of its fields, the field that came behind it the last time; first that of the start.
    pub(super) order: Vec<[u8; 64]>,
    /// For each object how many guesses had failed at its end.
    pub(super) failed: Vec<u8>,
    /// Finds the name of an event that comes behind its `log`.
    name: Finder<'static>,
    pub(super) notices: Vec<Notice>,
    /// Unknown keys of the objects that are open, quotes not included.
    pub(super) keys: Vec<(u32, u32)>,
    /// The fields that were gone over, where an outline is made.
    pub(super) slots: Vec<Slot>,
    /// For each object and each of its fields, a text that may be still to be judged.
    pub(super) texts: Vec<[Text; 64]>,
}

/// A text that was gone over and not judged yet: where its key begins, and itself, quotes included.
#[derive(Clone, Copy, Default)]
pub(super) struct Text {
    pub(super) key: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Keeps nothing of a record.
pub(super) const VERDICT: u8 = 0;

/// Keeps what is worth knowing of a record.
pub(super) const NOTICES: u8 = 1;

/// Keeps that, and where each field stands.
pub(super) const OUTLINE: u8 = 2;

/// The place in an order that says which field comes first.
pub(super) const START: u8 = 63;

/// Where a record may stand; `None` leaves it undecided.
pub(super) type Step = Option<usize>;

/// The event that a record is about.
#[derive(Clone, Copy)]
pub(super) enum Event {
    /// Not told yet.
    Untold,
    /// One of the catalogue.
    Known(usize),
    Unknown,
}

/// A pass over a record. Methods take the place of the next byte, and give the one behind what they went over.
///
/// `KEEP` is [`VERDICT`], [`NOTICES`] or [`OUTLINE`]: what it does not keep costs nothing.
pub(super) struct Judge<'a, S, const KEEP: u8> {
    pub(super) record: &'a [u8],
    pub(super) memory: &'a mut Memory,
    pub(super) event: Event,
    name: Range<usize>,
    has_log: bool,
    /// A `log` that came before the name of its event: its key and its value.
    pending: Option<(usize, Range<usize>)>,
    /// The event by which a `log` was judged that came before the name of its event.
    foretold: Option<usize>,
    /// Whether notices were taken in another order than that of the record.
    pub(super) is_disordered: bool,
    scan: PhantomData<S>,
}

impl Memory {
    pub(super) fn new(shapes: usize) -> Self {
        let mut order = [NONE; 64];
        for (next, place) in (1..).zip(&mut order[..63]) {
            *place = next;
        }
        order[usize::from(START)] = 0;
        Self {
            order: vec![order; shapes],
            failed: vec![0; shapes],
            name: Finder::new(NAME),
            notices: Vec::with_capacity(MOST),
            keys: Vec::with_capacity(MOST),
            slots: Vec::new(),
            texts: vec![[Text::default(); 64]; shapes],
        }
    }

    pub(super) fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

impl<'a, S: Scan, const KEEP: u8> Judge<'a, S, KEEP> {
    pub(super) fn new(record: &'a [u8], memory: &'a mut Memory) -> Self {
        memory.notices.clear();
        memory.keys.clear();
        memory.slots.clear();
        Self {
            record,
            memory,
            event: Event::Untold,
            name: 0..0,
            has_log: false,
            pending: None,
            foretold: None,
            is_disordered: false,
            scan: PhantomData,
        }
    }

    /// Judges the whole record. Gives the place of its event in the catalogue, if it has one, and where its name stands.
    pub(super) fn record(mut self) -> Option<(Option<usize>, Range<usize>)> {
        u32::try_from(self.record.len()).ok()?;
        let at = self.space(0);
        if self.byte(at) != b'{' {
            return None;
        }
        let end = self.object(at + 1, &HEADER, 0)?;
        if self.space(end) != self.record.len() {
            return None;
        }
        if let Some((key, value)) = self.pending.take() {
            if self.log(key, value.start)? != value.end {
                return None;
            }
            self.is_disordered = true;
        }
        if KEEP != VERDICT && self.is_disordered {
            self.memory.notices.sort_unstable_by_key(|notice| notice.start);
        }
        match self.event {
            Event::Known(place) => {
                let is_foretold = self.foretold.is_none_or(|foretold| foretold == place);
                // The one field that is required by some events and not by others.
                let is_complete = self.has_log || LOGS.get(place)?.is_none();
                (is_foretold && is_complete).then_some((Some(place), self.name))
            }
            Event::Unknown => self.foretold.is_none().then_some((None, self.name)),
            Event::Untold => None,
        }
    }

    /// The text that names the event, whose opening quote is at `at`.
    #[inline(always)]
    pub(super) fn event_name(&mut self, at: usize) -> Step {
        if self.byte(at) != b'"' {
            return None;
        }
        let end = self.plain_text(at + 1)?;
        self.name = at + 1..end - 1;
        let name = &self.record[at + 1..end - 1];
        let place = usize::from(EVENTS.place(name));
        if catalog::EVENTS.get(place).is_some_and(|event| event.name.as_bytes() == name) {
            self.event = Event::Known(place);
        } else {
            self.event = Event::Unknown;
            self.notice(Noticed::UnknownEvent, at..end)?;
        }
        Some(end)
    }

    /// The value of `log`, at `at`, whose key is at `key`.
    #[inline(always)]
    pub(super) fn log(&mut self, key: usize, at: usize) -> Step {
        if self.byte(at) != b'{' {
            return None;
        }
        self.has_log = true;
        match self.event {
            Event::Known(place) => {
                if let Some(shape) = LOGS.get(place)? {
                    return self.object(at + 1, shape, place + 1);
                }
                self.notice(Noticed::UnknownField(Owner::Header), key..key + "\"log\"".len())?;
                self.unknown(at, 1)
            }
            Event::Unknown => self.unknown(at, 1),
            Event::Untold => self.early_log(key, at),
        }
    }

    /// The value of a `log` that comes before the name of its event.
    ///
    /// The name is looked for in the text that follows, and what is found is taken at its word: if it was something
    /// else (there is an `eventName` in the `log` of another event), the record comes out as undecided.
    #[inline(never)]
    fn early_log(&mut self, key: usize, at: usize) -> Step {
        if let Some(place) = self.foretold(at)
            && let Some(shape) = LOGS.get(place)?
        {
            let (notices, keys) = (self.memory.notices.len(), self.memory.keys.len());
            let slots = self.memory.slots.len();
            if let Some(end) = self.object(at + 1, shape, place + 1) {
                self.foretold = Some(place);
                return Some(end);
            }
            self.memory.notices.truncate(notices);
            self.memory.keys.truncate(keys);
            self.memory.slots.truncate(slots);
        }
        let end = self.leap(at)?;
        self.pending = Some((key, at..end));
        Some(end)
    }

    /// The event whose name seems to follow.
    fn foretold(&self, at: usize) -> Option<usize> {
        let name = at + self.memory.name.find(self.record.get(at..)?)? + NAME.len();
        let rest = self.record.get(name..)?;
        let name = &rest[..rest.iter().take(64).position(|&byte| byte == b'"')?];
        let place = usize::from(EVENTS.place(name));
        catalog::EVENTS.get(place).filter(|event| event.name.as_bytes() == name).map(|_| place)
    }

    #[inline(always)]
    pub(super) fn notice(&mut self, noticed: Noticed, range: Range<usize>) -> Option<()> {
        if KEEP == VERDICT { Some(()) } else { self.write_down(noticed, range) }
    }

    #[inline(never)]
    fn write_down(&mut self, noticed: Noticed, range: Range<usize>) -> Option<()> {
        if self.memory.notices.len() == MOST {
            return None;
        }
        let (start, end) = (offset(range.start), offset(range.end));
        self.memory.notices.push(Notice { noticed, start, end });
        Some(())
    }

    /// Keeps where a field of the object that is `id` among the orders of keys stands. What the schema describes has a key as it
    /// names it.
    #[inline(always)]
    pub(super) fn keep(&mut self, id: usize, place: u8, key: Range<usize>, value: Range<usize>) {
        self.memory.slots.push(Slot {
            owner: Owner::of(id),
            place,
            key: offset(key.start),
            key_end: offset(key.end),
            value: offset(value.start),
            end: offset(value.end),
        });
    }

    /// Remembers a key that is not known, quotes not included, unless one of those behind `base` is the same.
    pub(super) fn remember(&mut self, base: usize, key: Range<usize>) -> Option<()> {
        let Self { record, memory, .. } = self;
        let name = &record[key.clone()];
        let same = |&(start, end): &(u32, u32)| record[start as usize..end as usize] == *name;
        if memory.keys.len() == MOST || memory.keys[base..].iter().any(same) {
            return None;
        }
        memory.keys.push((offset(key.start), offset(key.end)));
        Some(())
    }

    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        byte(self.record, at)
    }

    /// Whether these bytes stand at `at`.
    #[inline(always)]
    pub(super) fn has(&self, at: usize, bytes: &[u8]) -> bool {
        self.record.get(at..).is_some_and(|rest| rest.starts_with(bytes))
    }

    /// Behind the whitespace that may begin at `at`.
    #[inline(always)]
    pub(super) fn space(&self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.long_space(at) }
    }

    #[inline(always)]
    fn long_space(&self, mut at: usize) -> usize {
        loop {
            let other = look!(S::not_space, self.record, at);
            if other != 0 {
                return at + other.trailing_zeros() as usize;
            }
            at += 32;
        }
    }
}

/// A place in a record of less than 4 GiB.
pub(super) fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
