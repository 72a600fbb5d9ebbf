//! The members of an object of the schema, in the order and with the text that they have there.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

pub(super) const SOUND: &str = "the schema that is built in has the shape that its tests ask for";

/// Reads the members of an object of the schema.
pub(super) fn object(text: &str) -> Ordered<'_> {
    serde_json::from_str(text).expect(SOUND)
}

/// The members of an object as they stand in the text.
pub(super) struct Ordered<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'a> Ordered<'a> {
    pub(super) fn get(&self, key: &str) -> &'a str {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.get()).expect(SOUND)
    }
}

impl<'de> Deserialize<'de> for Ordered<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Ordered<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Ordered(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
