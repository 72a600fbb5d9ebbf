//! Fields that the schema does not know, kept to the last digit and in their order.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::json::{AsValue, Json, canonical, is_number};
use crate::parts::blank;

/// The maximum nesting of arrays and objects, the event included: the limit of `serde_json`.
pub(crate) const MAX_DEPTH: usize = 127;

/// The unknown fields of an object, in their order, each with its JSON text.
///
/// Strings keep their escapes and numbers their digits: `1.50` stays `1.50`.
#[derive(Clone, Default)]
pub struct Fields(Vec<(Box<str>, Box<RawValue>)>);

blank! {
    Fields = Self(Vec::new());
}

impl Fields {
    /// Returns the number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the JSON text of the field `name`, if there is such a field.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(key, _)| **key == *name).map(|(_, value)| &**value)
    }

    /// Parses the field `name` as a `T`. Returns `None` if there is no such field.
    ///
    /// # Errors
    ///
    /// Returns the error of `serde_json` if the field is not a `T`.
    ///
    /// # Examples
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

    /// Returns the fields with their JSON text, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }

    /// Appends a field, which must be checked and not there yet.
    pub(crate) fn push(&mut self, name: String, value: Box<RawValue>) {
        self.0.push((name.into(), value));
    }

    fn sorted(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut fields: Vec<_> = self.iter().map(|(key, value)| (key, canonical(value.get()))).collect();
        fields.sort_unstable();
        fields
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, value.get()))).finish()
    }
}

/// Compares names and JSON values: spelling, white space and the order of keys do not matter, every digit does.
impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.sorted() == other.sorted()
    }
}

impl Eq for Fields {}

impl Hash for Fields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sorted().hash(state);
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, &AsValue(value))?;
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

/// Reads the `log` of an unknown event.
impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Collector::new(Scope::Log);
                while let Some(Key(key)) = map.next_key()? {
                    fields.read(key, &mut map)?;
                }
                fields.finish()
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// The object that fields belong to, which decides how deep their values may nest.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    /// The event itself.
    Event,
    /// Its `log`.
    Log,
}

impl Scope {
    /// Returns how deep the values of its fields may nest.
    fn depth(self) -> usize {
        match self {
            Self::Event => MAX_DEPTH - 1,
            Self::Log => MAX_DEPTH - 2,
        }
    }
}

/// Collects the unknown fields of an object while it is read.
pub(crate) struct Collector {
    fields: Fields,
    scope: Scope,
}

impl Collector {
    pub(crate) fn new(scope: Scope) -> Self {
        Self { fields: Fields::default(), scope }
    }

    /// Reads the value of `key`.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'_, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let Json(value) = map.next_value()?;
        self.insert(self.len(), key, value)
    }

    /// Returns the number of fields so far.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Inserts a field at index `at`. Its JSON must be what the strictest reader accepts.
    pub(crate) fn insert<E: de::Error>(
        &mut self,
        at: usize,
        key: Cow<'_, str>,
        value: Box<RawValue>,
    ) -> Result<(), E> {
        check_value(&value, self.scope)
            .map_err(|error| E::custom(format_args!("unknown field `{key}`: {}", WithoutPosition(&error))))?;
        self.fields.0.insert(at, (key.into(), value));
        Ok(())
    }

    /// Returns the fields, unless a key occurs twice.
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

/// Checks that the value of an unknown field is what the strictest reader accepts.
pub(crate) fn check_value(value: &RawValue, scope: Scope) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    StrictValue { depth: scope.depth() }.deserialize(&mut deserializer)
}

/// Displays an error without its position, which is one in the raw value rather than in the event.
pub(crate) struct WithoutPosition<'a>(pub(crate) &'a serde_json::Error);

impl fmt::Display for WithoutPosition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split(" at line ").next().unwrap_or(&text))
    }
}

/// Checks a raw value for what `RawValue` accepts: a key twice in one object, a lone surrogate, a number beyond `f64`, and
/// nesting that is too deep.
struct StrictValue {
    depth: usize,
}

impl StrictValue {
    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        self.depth.checked_sub(1).ok_or_else(|| E::custom("recursion limit exceeded"))
    }
}

impl<'de> DeserializeSeed<'de> for StrictValue {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue {
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
        while seq.next_element_seed(StrictValue { depth })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = map.next_key()?;
        if next.as_ref().is_some_and(|Key(key)| is_number(key)) {
            return check_digits(&map.next_value::<String>()?);
        }
        let depth = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(Key(key)) = next {
            if seen.contains(&key) {
                return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
            }
            seen.insert(key);
            map.next_value_seed(StrictValue { depth })?;
            next = map.next_key()?;
        }
        Ok(())
    }
}

/// Refuses a number beyond `f64`, as `serde_json` does where it does not keep all digits.
fn check_digits<E: de::Error>(digits: &str) -> Result<(), E> {
    if digits.parse::<f64>().is_ok_and(f64::is_finite) {
        Ok(())
    } else {
        Err(E::custom("number out of range"))
    }
}
