//! Reads any value of any format, and writes it as JSON text.

use std::fmt::{self, Display, Write};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::RAW_VALUE;
use super::number::is_number;
use crate::fields::{Key, MAX_DEPTH};

/// Reads the raw value of `serde_json`, or any value from what does not know raw values. The result is JSON text.
pub(super) struct RawOrAny;

impl<'de> Visitor<'de> for RawOrAny {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        match map.next_entry::<Key<'_>, String>()? {
            Some((Key(key), text)) if key == RAW_VALUE => Ok(text),
            _ => Err(de::Error::custom("this version of serde_json reads raw values in another way")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let mut text = String::new();
        deserializer.deserialize_any(Any::new(&mut text))?;
        Ok(text)
    }
}

/// Appends any value to a text. Not every format limits how deep values nest, so this does.
pub(super) struct Any<'a> {
    text: &'a mut String,
    /// How much deeper it may go.
    depth: usize,
}

impl<'a> Any<'a> {
    pub(super) fn new(text: &'a mut String) -> Self {
        Self { text, depth: MAX_DEPTH }
    }

    /// Returns how deep the elements of this value may go.
    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        self.depth.checked_sub(1).ok_or_else(|| E::custom("recursion limit exceeded"))
    }

    fn push(self, value: impl Display) {
        let _ = write!(self.text, "{value}");
    }
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Appends a string with quotes.
fn push_string(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push("null");
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.push("null");
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_u128<E>(self, value: u128) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_i128<E>(self, value: i128) -> Result<(), E> {
        self.push(value);
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        let Some(number) = serde_json::Number::from_f64(value) else {
            return Err(E::invalid_value(de::Unexpected::Float(value), &self));
        };
        self.push(number);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        push_string(self.text, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        self.text.push('[');
        let start = self.text.len();
        loop {
            let before = self.text.len();
            if before > start {
                self.text.push(',');
            }
            if seq.next_element_seed(Any { text: self.text, depth })?.is_none() {
                self.text.truncate(before);
                break;
            }
        }
        self.text.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = map.next_key()?;
        if next.as_ref().is_some_and(|Key(key)| is_number(key)) {
            self.text.push_str(&map.next_value::<String>()?);
            return Ok(());
        }
        let depth = self.deeper()?;
        self.text.push('{');
        let start = self.text.len();
        while let Some(Key(key)) = next {
            if self.text.len() > start {
                self.text.push(',');
            }
            push_string(self.text, &key);
            self.text.push(':');
            map.next_value_seed(Any { text: self.text, depth })?;
            next = map.next_key()?;
        }
        self.text.push('}');
        Ok(())
    }
}
