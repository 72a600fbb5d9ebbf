//! Where the values of the known fields of an event are.

use cloudconnexa_events::Part;

use super::EventView;
use super::decode::Decode;
use super::generated::{HEADER_FIELDS, LOG_FIELDS};
use crate::fast::{START, offset};
use crate::outline::{Raw, Slot};
use crate::scope::Scope;

/// The byte range of a value in a record shorter than 4 GiB.
#[derive(Clone, Copy, Debug)]
struct ValueSpan {
    start: u32,
    end: u32,
}

impl ValueSpan {
    const NONE: Self = Self { start: 0, end: 0 };
}

/// The known fields that a scan finds. `scope` is 0 for the header, and 1 for the `log`.
pub(crate) struct Placed {
    /// The fields found in either, one bit each. The other spans are those of earlier records.
    pub(crate) seen: [u64; 2],
    /// The values by the indices of their fields. One array, so that a constant mask replaces the checks of bounds.
    spans: [ValueSpan; 128],
    /// Whether any of the values is a string with escapes.
    pub(crate) has_escapes: bool,
}

impl Placed {
    pub(crate) const NONE: Self = Self { seen: [0; 2], spans: [ValueSpan::NONE; 128], has_escapes: false };

    /// Forgets the record before.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.seen = [0; 2];
        self.has_escapes = false;
    }

    /// Records where a value starts.
    ///
    /// Start and end are recorded one at a time so that the start does not have to be kept while the value is scanned.
    #[inline(always)]
    pub(crate) fn start(&mut self, scope: usize, index: u8, at: usize) {
        self.span(scope, index).start = offset(at);
    }

    /// Records where a value ends.
    #[inline(always)]
    pub(crate) fn end(&mut self, scope: usize, index: u8, at: usize) {
        self.span(scope, index).end = offset(at);
    }

    #[inline(always)]
    fn span(&mut self, scope: usize, index: u8) -> &mut ValueSpan {
        &mut self.spans[(scope << 6 | usize::from(index & START)) & 127]
    }

    /// Adds a known field.
    pub(super) fn add(&mut self, slot: &Slot) {
        let scope = usize::from(slot.scope == Scope::Log);
        self.seen[scope] |= 1 << (slot.index & START);
        *self.span(scope, slot.index) = ValueSpan { start: slot.value, end: slot.end };
    }

    /// Returns the fields of the header.
    #[inline(always)]
    pub(super) fn header(&self) -> Spans<HEADER_FIELDS> {
        Spans::new(self.seen[0], &self.spans)
    }

    /// Returns the fields of the `log`.
    #[inline(always)]
    pub(super) fn log(&self) -> Spans<LOG_FIELDS> {
        Spans::new(self.seen[1], &self.spans[64..])
    }
}

/// The values of an object with at most `N` known fields.
#[derive(Clone, Debug)]
pub(super) struct Spans<const N: usize> {
    seen: u64,
    spans: [ValueSpan; N],
}

impl<const N: usize> Spans<N> {
    const NONE: &[ValueSpan; N] = &[ValueSpan::NONE; N];

    #[inline(always)]
    fn new(seen: u64, spans: &[ValueSpan]) -> Self {
        Self { seen, spans: *spans.first_chunk().unwrap_or(Self::NONE) }
    }

    /// Returns where a field is.
    #[inline]
    pub(super) fn part(&self, index: usize) -> Option<Part> {
        let is_there = self.seen.checked_shr(u32::try_from(index).ok()?)? & 1 == 1;
        let &ValueSpan { start, end } = self.spans.get(index)?;
        is_there.then_some(Part { start, end })
    }

    /// Returns the byte range of a field.
    #[inline]
    pub(super) fn range(&self, index: usize) -> Option<(usize, usize)> {
        self.part(index).map(|Part { start, end }| (start as usize, end as usize))
    }

    /// Returns the value of a field.
    #[inline]
    pub(super) fn raw<'a>(&self, record: &'a [u8], index: usize) -> Option<Raw<'a>> {
        let (start, end) = self.range(index)?;
        Raw::of(record, start..end)
    }

    /// Decodes the value of a field, if the event has it.
    #[inline]
    pub(super) fn optional<'a, T: Decode<'a>>(&self, view: &EventView<'a>, index: usize) -> Option<T> {
        let (start, end) = self.range(index)?;
        T::decode(view.record.get(start..end)?, view.may_have_escapes)
    }

    /// Decodes the value of a required field. As the record is valid, there is one.
    #[inline]
    pub(super) fn required<'a, T: Decode<'a>>(&self, view: &EventView<'a>, index: usize) -> T {
        self.optional(view, index).unwrap_or_else(T::nothing)
    }
}
