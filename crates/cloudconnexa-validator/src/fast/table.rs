//! The types of the generated tables: what the schema asks of an object, laid out for a pass over its bytes.

use super::scan::Scan;
use super::vocabulary::Vocabulary;
use super::window::look;

/// Stands for no field.
pub(crate) const NONE: u8 = u8::MAX;

/// An object that the schema describes.
pub(crate) struct Shape {
    /// Its fields; the place of each is its bit in masks.
    pub(crate) fields: &'static [Field],
    /// The fields that have to be there.
    pub(crate) required: u64,
    /// Leads from a name to its field.
    pub(crate) names: Names,
}

/// A field that the schema describes.
pub(crate) struct Field {
    /// Its name, a quote and a colon: as they stand in compact JSON, behind the opening quote.
    key: [u8; 64],
    /// How much of `key` is used.
    length: usize,
    pub(crate) kind: Kind,
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
    /// What is told of by its name wherever it stands.
    Deprecated(&'static str, &'static Kind),
    EventName,
    Log,
}

/// A perfect hash: leads from a known name to its place; from any other to any place or none.
pub(crate) struct Names {
    pub(crate) multiplier: u64,
    pub(crate) bits: u32,
    pub(crate) places: &'static [u8],
}

impl Field {
    pub(crate) const fn new(name: &str, kind: Kind) -> Self {
        let name = name.as_bytes();
        let mut key = [0; 64];
        let mut at = 0;
        while at < name.len() {
            key[at] = name[at];
            at += 1;
        }
        key[at] = b'"';
        key[at + 1] = b':';
        Self { key, length: at + 2, kind }
    }

    pub(crate) fn name(&self) -> &str {
        str::from_utf8(&self.key[..self.length - 2]).unwrap_or_default()
    }

    /// Behind name, quote and colon, if they stand at `at`.
    #[inline(always)]
    pub(crate) fn behind_colon<S: Scan>(&self, record: &[u8], at: usize) -> Option<usize> {
        self.begins::<S>(record, at, self.length).then_some(at + self.length)
    }

    /// Whether the name and its quote stand at `at`.
    #[inline(always)]
    pub(crate) fn is_at<S: Scan>(&self, record: &[u8], at: usize) -> bool {
        self.begins::<S>(record, at, self.length - 1)
    }

    #[inline(always)]
    fn begins<S: Scan>(&self, record: &[u8], at: usize, length: usize) -> bool {
        let (head, tail) = self.key.split_at(32);
        let (Some(head), Some(tail)) = (head.first_chunk(), tail.first_chunk()) else { return false };
        look!(|bytes| S::begins(bytes, head, length.min(32)), record, at)
            && (length <= 32 || look!(|bytes| S::begins(bytes, tail, length - 32), record, at + 32))
    }
}

impl Names {
    /// The one place that can be the one of `name`.
    pub(crate) fn place(&self, name: &[u8]) -> u8 {
        self.place_of(fingerprint(name))
    }

    /// The one place that can be the one of the name with this fingerprint.
    #[inline(always)]
    pub(crate) fn place_of(&self, fingerprint: u64) -> u8 {
        let hash = fingerprint.wrapping_mul(self.multiplier) >> (64 - self.bits);
        usize::try_from(hash).ok().and_then(|hash| self.places.get(hash)).copied().unwrap_or(NONE)
    }
}

/// The same as `fingerprint` of the build crate's `acceptor`, which chose the multipliers.
pub(crate) fn fingerprint(name: &[u8]) -> u64 {
    let (first, last) = match (name.first_chunk(), name.last_chunk()) {
        (Some(&first), Some(&last)) => (u64::from_le_bytes(first), u64::from_le_bytes(last)),
        _ => (name.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)), 0),
    };
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
        for (place, (event, shape)) in catalog::EVENTS.iter().zip(LOGS).enumerate() {
            assert_eq!(usize::from(EVENTS.place(event.name.as_bytes())), place);
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
            if let Kind::Deprecated(name, _) = field.kind {
                assert_eq!((name, spec.deprecated), (spec.name, true));
            } else {
                assert!(!spec.deprecated, "{}", spec.name);
            }
            let kind = if let Kind::Deprecated(_, kind) = field.kind { *kind } else { field.kind };
            match (kind, spec.kind) {
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
            for (place, field) in shape.fields.iter().enumerate() {
                assert_eq!(usize::from(shape.names.place(field.name().as_bytes())), place);
            }
        }
    }
}
