//! Where the values of the known fields of an object are.

use super::decode::Decode;
use crate::fast::START;
use crate::outline::{Raw, Slot};

/// The byte range of a value in a record shorter than 4 GiB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueSpan {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl ValueSpan {
    const NONE: Self = Self { start: 0, end: 0 };

    fn raw(self, record: &[u8]) -> Option<Raw<'_>> {
        Raw::of(record, self.start as usize..self.end as usize)
    }
}

/// The values that a scan finds in an object, by the indices of their fields.
pub(crate) struct Placed {
    /// The fields found, one bit each. The other spans are those of earlier records.
    pub(crate) seen: u64,
    pub(crate) spans: [ValueSpan; 64],
}

impl Placed {
    pub(crate) const NONE: Self = Self { seen: 0, spans: [ValueSpan::NONE; 64] };

    /// Adds a known field.
    pub(super) fn add(&mut self, slot: &Slot) {
        let index = slot.index & START;
        self.seen |= 1 << index;
        self.spans[usize::from(index)] = ValueSpan { start: slot.value, end: slot.end };
    }
}

/// The values of an object with at most `N` known fields.
#[derive(Clone, Debug)]
pub(super) struct Spans<const N: usize> {
    seen: u64,
    spans: [ValueSpan; N],
}

impl<const N: usize> Spans<N> {
    #[inline]
    pub(super) fn new(placed: &Placed) -> Self {
        let spans = placed.spans.first_chunk().copied().unwrap_or([ValueSpan::NONE; N]);
        Self { seen: placed.seen, spans }
    }

    #[inline]
    fn span(&self, index: usize) -> Option<ValueSpan> {
        let is_there = self.seen.checked_shr(u32::try_from(index).ok()?)? & 1 == 1;
        if is_there { self.spans.get(index).copied() } else { None }
    }

    /// Returns the byte range of a field.
    #[inline]
    pub(super) fn text<'a>(&self, record: &'a str, index: usize) -> Option<&'a str> {
        let ValueSpan { start, end } = self.span(index)?;
        record.get(start as usize..end as usize)
    }

    /// Returns the value of a field.
    #[inline]
    pub(super) fn raw<'a>(&self, record: &'a [u8], index: usize) -> Option<Raw<'a>> {
        self.span(index)?.raw(record)
    }

    /// Decodes the value of a field, if the event has it.
    #[inline]
    pub(super) fn optional<'a, T: Decode<'a>>(&self, record: &'a [u8], index: usize) -> Option<T> {
        T::decode(self.raw(record, index)?)
    }

    /// Decodes the value of a required field. As the record is valid, there is one.
    #[inline]
    pub(super) fn required<'a, T: Decode<'a>>(&self, record: &'a [u8], index: usize) -> T {
        self.optional(record, index).unwrap_or_else(T::nothing)
    }
}
