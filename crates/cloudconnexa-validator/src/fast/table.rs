//! The types of the generated tables: the requirements of the schema, laid out for a scan of bytes.

pub(crate) use super::names::{NONE, Names};
use super::needle::Needle;
use super::scan::Scan;
use super::vocabulary::Vocabulary;

/// An object that the schema describes.
pub(crate) struct Shape {
    /// Its fields. The index of a field is its bit in masks.
    pub(crate) fields: &'static [Field],
    /// The required fields.
    pub(crate) required: u64,
    /// `eventName` and `log`: other checks depend on them, so they are never deferred.
    pub(crate) leading: u64,
    /// The fields for which not every string is valid.
    pub(crate) constrained: u64,
    /// The fields that may need a notice other than about the string `"null"`.
    pub(crate) notable: u64,
    /// Finds a field by its name.
    pub(crate) names: Names,
}

/// A field that the schema describes.
pub(crate) struct Field {
    name: &'static str,
    /// A comma, its name in quotes, and a colon, as in compact JSON after another field.
    key: Needle,
    pub(crate) kind: Kind,
    /// Whether it is deprecated.
    pub(crate) is_deprecated: bool,
}

/// The type and bounds that the value of a field must have.
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
    /// Any string. Those not in the vocabulary get a notice.
    Vocabulary(&'static Vocabulary),
    EventName,
    Log,
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

    /// Returns the index of the field `name`.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        let index = usize::from(self.names.index(name.as_bytes()));
        self.fields.get(index).filter(|field| field.name() == name).map(|_| index)
    }
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, key: Needle::new(&[b",\"", name.as_bytes(), b"\":"]), kind, is_deprecated: false }
    }

    pub(crate) const fn deprecated(name: &'static str, kind: Kind) -> Self {
        Self { is_deprecated: true, ..Self::new(name, kind) }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether `name` is its name in another case.
    pub(crate) fn is_in_another_case(&self, name: &[u8]) -> bool {
        self.name().as_bytes().eq_ignore_ascii_case(name)
    }

    /// Returns the offset after comma, quoted name and colon, if they are at `at`. The comma is compared only with `comma`.
    #[inline(always)]
    pub(crate) fn after_colon<S: Scan>(&self, record: &[u8], at: usize, comma: bool) -> Option<usize> {
        self.key.is_at::<S>(record, at, comma).then_some(at + self.key.length())
    }

    /// Returns whether its quoted name is at `at`, which must not be 0.
    #[inline(always)]
    pub(crate) fn is_at<S: Scan>(&self, record: &[u8], at: usize) -> bool {
        self.key.is_within::<S>(record, at - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::fast::tables::{EVENTS, HEADER, LOGS};

    #[test]
    fn the_tables_have_the_fields_of_the_catalog() {
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
    fn known_values_and_deprecated_fields_match_the_catalog() {
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
    fn every_field_is_found_by_its_name() {
        for shape in [&HEADER].into_iter().chain(LOGS.iter().flatten()) {
            for (index, field) in shape.fields.iter().enumerate() {
                assert_eq!(usize::from(shape.names.index(field.name().as_bytes())), index);
            }
        }
    }
}
