//! Numbers of `serde_json`, which are maps if its feature `arbitrary_precision` is on and they pass through a buffer.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// The name by which `serde_json` recognizes the digits of a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether `serde_json` was built with the feature `arbitrary_precision`, which any crate of a program can ask for.
static IS_ARBITRARY: LazyLock<bool> = LazyLock::new(|| {
    struct Probe(bool);
    impl<'de> Deserialize<'de> for Probe {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct ProbeVisitor;
            impl<'de> Visitor<'de> for ProbeVisitor {
                type Value = Probe;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a number")
                }
                fn visit_f64<E>(self, _: f64) -> Result<Probe, E> {
                    Ok(Probe(false))
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Probe, A::Error> {
                    while map.next_entry::<String, String>()?.is_some() {}
                    Ok(Probe(true))
                }
            }
            deserializer.deserialize_any(ProbeVisitor)
        }
    }
    serde_json::from_str("0.5").is_ok_and(|Probe(is_map)| is_map)
});

/// Returns whether the first key of a map says that it is a number. Without the feature, such a map is an object like any
/// other.
pub(crate) fn is_number(key: &str) -> bool {
    key == NUMBER && *IS_ARBITRARY
}

/// Reads a map that may be a number.
pub(crate) trait NumberMap<'de>: MapAccess<'de> {
    /// Reads the digits of the number that the map is, if it is one.
    fn next_number(&mut self) -> Result<Option<String>, Self::Error> {
        match self.next_key::<String>()? {
            Some(key) if is_number(&key) => self.next_value().map(Some),
            _ => Ok(None),
        }
    }
}

impl<'de, A: MapAccess<'de>> NumberMap<'de> for A {}
