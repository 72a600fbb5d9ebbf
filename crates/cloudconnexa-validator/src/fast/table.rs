//! The types of the generated tables: what the schema asks of an object, laid out for a pass over its bytes.

use super::scan::Scan;
use super::vocabulary::Vocabulary;
use super::window::{chunk, window};

/// Stands for no field.
pub(crate) const NONE: u8 = u8::MAX;

/// An object that the schema describes.
pub(crate) struct Shape {
    /// Its fields; the place of each is its bit in masks.
    pub(crate) fields: &'static [Field],
    /// The fields that have to be there.
    pub(crate) required: u64,
    /// The fields that say what comes in the others, or hold them: `eventName` and `log`.
    pub(crate) leading: u64,
    /// The fields for which not any text will do.
    pub(crate) constrained: u64,
    /// The fields that may be worth a notice for more than the text `"null"`.
    pub(crate) notable: u64,
    /// Leads from a name to its field.
    pub(crate) names: Names,
}

/// A field that the schema describes.
pub(crate) struct Field {
    /// A comma, its name in quotes and a colon: as they stand in compact JSON, behind the value before.
    key: [u8; 64],
    /// How much of `key` is used.
    length: usize,
    pub(crate) kind: Kind,
    /// Told of wherever it stands.
    pub(crate) is_deprecated: bool,
}

/// What the value of a field has to be.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    NullableText,
    Boolean,
    Integer {
        minimum: u64,
        maximum: u64,
    },
    Version {
        minimum: u64,
        maximum: u64,
    },
    DateTime,
    Uuid,
    Ipv4,
    Ipv6,
    Ip,
    IpOrEmpty,
    Constant(&'static [&'static str]),
    /// Any text; others than these are told of.
    Vocabulary(&'static Vocabulary),
    EventName,
    Log,
}

/// A perfect hash: leads from a known name to its place; from any other to any place or none.
pub(crate) struct Names {
    pub(crate) multiplier: u64,
    pub(crate) bits: u32,
    pub(crate) places: &'static [u8],
}

impl Shape {
    pub(crate) const fn new(fields: &'static [Field], required: u64, names: Names) -> Self {
        let (mut leading, mut constrained, mut notable) = (0, 0, 0);
        let mut index = 0;
        while index < fields.len() {
            let (field, bit) = (&fields[index], 1 << index);
            match field.kind {
                Kind::Text | Kind::NullableText => {}
                Kind::Vocabulary(_) => notable |= bit,
                Kind::EventName | Kind::Log => leading |= bit,
                _ => constrained |= bit,
            }
            if field.is_deprecated {
                notable |= bit;
            }
            index += 1;
        }
        Self { fields, required, leading, constrained, notable, names }
    }
}

impl Field {
    pub(crate) const fn new(name: &str, kind: Kind) -> Self {
        let name = name.as_bytes();
        let mut key = [0; 64];
        (key[0], key[1]) = (b',', b'"');
        let mut at = 0;
        while at < name.len() {
            key[2 + at] = name[at];
            at += 1;
        }
        (key[2 + at], key[3 + at]) = (b'"', b':');
        Self { key, length: at + 4, kind, is_deprecated: false }
    }

    pub(crate) const fn deprecated(name: &str, kind: Kind) -> Self {
        Self { is_deprecated: true, ..Self::new(name, kind) }
    }

    pub(crate) fn name(&self) -> &str {
        str::from_utf8(&self.key[2..self.length - 2]).unwrap_or_default()
    }

    /// Whether this is its name, but for the case of letters.
    pub(crate) fn is_in_another_case(&self, name: &[u8]) -> bool {
        self.length == name.len() + 4 && self.key[2..self.length - 2].eq_ignore_ascii_case(name)
    }

    /// How many bytes its name takes in a record, with quotes.
    #[inline(always)]
    pub(crate) fn quoted_length(&self) -> usize {
        self.length - 2
    }

    /// Behind comma, name in quotes and colon, if they stand at `at`; the comma only where `comma` is true.
    #[inline(always)]
    pub(crate) fn after_colon<S: Scan>(&self, record: &[u8], at: usize, comma: bool) -> Option<usize> {
        self.begins::<S>(record, at, comma, self.length).then_some(at + self.length)
    }

    /// Whether the name in quotes stands at `at`, which is not the first byte.
    #[inline(always)]
    pub(crate) fn is_at<S: Scan>(&self, record: &[u8], at: usize) -> bool {
        self.begins::<S>(record, at - 1, false, self.length - 1)
    }

    #[inline(always)]
    fn begins<S: Scan>(&self, record: &[u8], at: usize, comma: bool, length: usize) -> bool {
        let (head, tail) = self.key.split_at(32);
        let (Some(head), Some(tail)) = (head.first_chunk(), tail.first_chunk()) else { return false };
        let first = usize::from(!comma);
        window!(|bytes| S::has(bytes, head, first, length.min(32)), record, at)
            && (length <= 32 || window!(|bytes| S::has(bytes, tail, 0, length - 32), record, at + 32))
    }
}

impl Names {
    /// The one place that can be the one of `name`.
    pub(crate) fn index(&self, name: &[u8]) -> u8 {
        self.index_of(fingerprint(name))
    }

    /// The one place that can be the one of the name from `start` to `end` of `record`.
    #[inline(always)]
    pub(crate) fn index_within(&self, record: &[u8], start: usize, end: usize) -> u8 {
        let (Some(first), Some(last)) = (chunk(record, start), chunk(record, end.wrapping_sub(8))) else {
            return self.index(record.get(start..end).unwrap_or_default());
        };
        // The same fingerprint, without a branch on whether the name has eight bytes.
        let length = end.wrapping_sub(start);
        let others = 8 * 8_u32.saturating_sub(u32::try_from(length).unwrap_or(8));
        let first = u64::from_le_bytes(*first) & u64::MAX.checked_shr(others).unwrap_or(0);
        let last = u64::from_le_bytes(*last).checked_shr(others).unwrap_or(0);
        self.index_of(first ^ last.rotate_left(29) ^ length as u64)
    }

    #[inline(always)]
    fn index_of(&self, fingerprint: u64) -> u8 {
        let hash = fingerprint.wrapping_mul(self.multiplier) >> (64 - self.bits);
        usize::try_from(hash).ok().and_then(|hash| self.places.get(hash)).copied().unwrap_or(NONE)
    }
}

/// The same as `fingerprint` of the build crate's `acceptor`, which chose the multipliers.
pub(crate) fn fingerprint(name: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let first = name.first_chunk().map_or_else(|| word(name), |first| u64::from_le_bytes(*first));
    let last = name.last_chunk().map_or(first, |last| u64::from_le_bytes(*last));
    first ^ last.rotate_left(29) ^ name.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::fast::generated::{EVENTS, HEADER, LOGS};

    #[test]
    fn the_tables_are_those_of_the_catalogue() {
        let names = |shape: &Shape| -> Vec<String> {
            shape.fields.iter().map(|field| field.name().to_owned()).collect()
        };
        let mut header: Vec<_> = catalog::HEADER.iter().map(|field| field.name.to_owned()).collect();
        header.extend(["eventName".to_owned(), "log".to_owned()]);
        assert_eq!(names(&HEADER), header);
        assert_eq!(LOGS.len(), catalog::EVENTS.len());
        for (index, (event, shape)) in catalog::EVENTS.iter().zip(LOGS).enumerate() {
            assert_eq!(usize::from(EVENTS.index(event.name.as_bytes())), index);
            let known = event.log.map(|fields| fields.iter().map(|field| field.name.to_owned()).collect());
            assert_eq!(shape.as_ref().map(names), known);
        }
    }

    #[test]
    fn known_values_and_deprecated_fields_are_those_of_the_catalogue() {
        let header = HEADER.fields.iter().zip(catalog::HEADER);
        let logs = LOGS.iter().zip(catalog::EVENTS);
        let logs = logs.filter_map(|(shape, event)| Some(shape.as_ref()?.fields.iter().zip(event.log?)));
        for (field, spec) in header.chain(logs.flatten()) {
            assert_eq!((field.name(), field.is_deprecated), (spec.name, spec.deprecated));
            match (field.kind, spec.kind) {
                (Kind::Vocabulary(table), catalog::Kind::Vocabulary(known)) => {
                    assert!(
                        known.iter().map(|known| known.value).eq(table.words().iter().map(|word| &**word))
                    );
                }
                (kind, spec) => {
                    let is_open = matches!(kind, Kind::Vocabulary(_));
                    assert_eq!(is_open, matches!(spec, catalog::Kind::Vocabulary(_)));
                }
            }
        }
    }

    #[test]
    fn every_name_leads_to_its_field() {
        for shape in [&HEADER].into_iter().chain(LOGS.iter().flatten()) {
            for (index, field) in shape.fields.iter().enumerate() {
                assert_eq!(usize::from(shape.names.index(field.name().as_bytes())), index);
            }
        }
    }

    #[test]
    fn a_name_is_found_by_the_same_fingerprint_wherever_it_stands() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let bytes: &'static [u8] = bytes.leak();
        for length in 0..40 {
            let name: Vec<u8> = (b'a'..).take(length).collect();
            for (before, behind) in [(0, 0), (1, 0), (0, 9), (9, 0), (20, 20)] {
                let record = [&vec![b'!'; before][..], &name, &vec![b'?'; behind]].concat();
                for multiplier in (0..8).map(|byte| 1 << (8 * byte)) {
                    // Tells a byte of the fingerprint.
                    let names = Names { multiplier, bits: 8, places: bytes };
                    assert_eq!(names.index_within(&record, before, before + length), names.index(&name));
                }
            }
        }
    }
}
