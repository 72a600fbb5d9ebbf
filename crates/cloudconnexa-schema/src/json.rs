//! JSON values whose objects keep the order of their keys.
//!
//! serde_json's `preserve_order` would do the same, but a feature applies to every crate of a build.

mod serde_impls;
#[cfg(test)]
mod tests;

use serde_json::{Map, Number, Value};

use crate::pointer::unescape;

/// A JSON value whose objects keep the order of their keys.
///
/// Deserializing it fails on an object with duplicate keys. Keys are looked up in linear time: schemas have short objects.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, as its members in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Parses a JSON text.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON or an object in it has duplicate keys.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Builds a string.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// Builds an array of strings.
    #[must_use]
    pub fn strings<'a>(list: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Array(list.into_iter().map(Self::string).collect())
    }

    /// Builds an object.
    #[must_use]
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// Returns the value of the member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Returns the members of an object; an empty slice for any other value.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the elements of an array; an empty slice for any other value.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::Array(elements) => elements,
            _ => &[],
        }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a non-negative integer.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// Returns the value at a JSON Pointer.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, |node, part| match node {
            Self::Array(elements) => elements.get(part.parse::<usize>().ok()?),
            other => other.get(&unescape(part)),
        })
    }

    /// Returns the value at a JSON Pointer, to be changed.
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        pointer.split('/').skip(1).try_fold(self, |node, part| match node {
            Self::Array(elements) => elements.get_mut(part.parse::<usize>().ok()?),
            Self::Object(members) => {
                let name = unescape(part);
                members.iter_mut().find(|(key, _)| *key == name).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// Converts to a serde_json value, which loses the order of keys.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::String(value) => Value::String(value.clone()),
            Self::Array(values) => Value::Array(values.iter().map(Self::to_value).collect()),
            Self::Object(members) => Value::Object(
                members.iter().map(|(key, value)| (key.clone(), value.to_value())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// Writes the value indented by two spaces, with a line break at the end.
    #[must_use]
    pub fn to_pretty_string(&self) -> String {
        // Cannot fail: keys are strings, and every number was parsed or made from an integer.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}
