//! Fields that the schema does not know: kept to the last digit, in the order they came.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// How deep arrays and objects may nest in an event, itself included; that of `serde_json`.
const MAX_DEPTH: usize = 127;

/// Unknown fields of an object, in the order they came, each with its JSON as it came.
///
/// Texts keep their escapes and numbers their digits: `1.50` stays `1.50`.
#[derive(Clone, Default)]
pub struct Fields(Vec<(Box<str>, Box<RawValue>)>);

impl Fields {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The JSON of the field `name`.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(key, _)| **key == *name).map(|(_, value)| &**value)
    }

    /// The field `name`, parsed as a `T`; `None` where there is no such field.
    ///
    /// ```
    /// # let event: cloudconnexa_events::Event =
    /// #     include_str!("../examples/client-disconnected.json").replacen('{', r#"{"riskScore": 7.50,"#, 1).parse()?;
    /// let score: Option<f64> = event.header.extra.parse("riskScore").transpose()?;
    /// assert_eq!(score, Some(7.5));
    /// assert_eq!(event.header.extra.get("riskScore").map(|json| json.get()), Some("7.50"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse<T: DeserializeOwned>(&self, name: &str) -> Option<serde_json::Result<T>> {
        self.get(name).map(|value| serde_json::from_str(value.get()))
    }

    /// The fields, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, value.get()))).finish()
    }
}

/// Equal when the same fields have the same JSON text, in whatever order.
impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |fields: &Self| {
            let mut fields: Vec<(String, String)> =
                fields.iter().map(|(key, value)| (key.to_owned(), value.get().to_owned())).collect();
            fields.sort_unstable();
            fields
        };
        self.len() == other.len() && sorted(self) == sorted(other)
    }
}

impl Eq for Fields {}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Fields {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
}

/// As the `log` of an unknown event.
impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Collector::new(Level::Log);
                while let Some(Key(key)) = map.next_key()? {
                    fields.read(key, &mut map)?;
                }
                fields.finish()
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// A key, borrowed where it can be.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Where in an event an object stands: what is left of the depth depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Level {
    /// The event itself.
    Event,
    /// Its `log`.
    Log,
}

/// Collects the unknown fields of an object while it is read.
pub(crate) struct Collector {
    fields: Fields,
    depth: usize,
}

impl Collector {
    pub(crate) fn new(level: Level) -> Self {
        let depth = match level {
            Level::Event => MAX_DEPTH - 1,
            Level::Log => MAX_DEPTH - 2,
        };
        Self { fields: Fields::default(), depth }
    }

    /// Reads the value of `key`.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'_, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.insert(self.len(), key, value)
    }

    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Adds a field behind `at` others; its JSON must be what the strictest reader accepts.
    pub(crate) fn insert<E: de::Error>(
        &mut self,
        at: usize,
        key: Cow<'_, str>,
        value: Box<RawValue>,
    ) -> Result<(), E> {
        let mut deserializer = serde_json::Deserializer::from_str(value.get());
        Strict { depth: self.depth }
            .deserialize(&mut deserializer)
            .map_err(|error| E::custom(format_args!("unknown field `{key}`: {}", Unplaced(&error))))?;
        self.fields.0.insert(at, (key.into(), value));
        Ok(())
    }

    /// All of them; a key that stands twice is an error.
    pub(crate) fn finish<E: de::Error>(self) -> Result<Fields, E> {
        if self.fields.len() > 1 {
            let mut seen = HashSet::with_capacity(self.fields.len());
            for (key, _) in self.fields.iter() {
                if !seen.insert(key) {
                    return Err(E::custom(format_args!("duplicate field `{key}`")));
                }
            }
        }
        Ok(self.fields)
    }
}

/// An error without its place, which is one in the raw value and not in the event.
pub(crate) struct Unplaced<'a>(pub(crate) &'a serde_json::Error);

impl fmt::Display for Unplaced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split(" at line ").next().unwrap_or(&text))
    }
}

/// Goes over a raw value for what `RawValue` lets pass: a key twice in one object, a lone surrogate, a number that no
/// `f64` holds, deeper nesting than a reader may stand.
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        self.depth.checked_sub(1).ok_or_else(|| E::custom("recursion limit exceeded"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        while seq.next_element_seed(Strict { depth })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(Key(key)) = map.next_key()? {
            if seen.contains(&key) {
                return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
            }
            seen.insert(key);
            map.next_value_seed(Strict { depth })?;
        }
        Ok(())
    }
}
