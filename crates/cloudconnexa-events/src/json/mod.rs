//! JSON values that pass through any format of serde: read from it as JSON text, and written to it as what that text means.
//!
//! [`RawValue`] does this for `serde_json` alone, by a private agreement between the two. Another format, and the buffer of
//! `flatten`, `untagged` and tagged enums, does not know of it: reading fails, and writing leaves a private name in the data.

mod canonical;
mod capture;
mod number;
mod tree;

use std::any::type_name;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

pub(crate) use canonical::canonical;
pub(crate) use number::{NumberMap, is_number};

/// The name by which `serde_json` recognizes a raw value. It is private, but the same in all versions so far, and tests fail
/// if it changes.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Returns whether an error is that of `serde_json`, whose formats alone know raw values. An error of this type may also come
/// from a buffer that does not know them.
fn is_serde_json<E>() -> bool {
    type_name::<E>() == type_name::<serde_json::Error>()
}

/// A JSON value, as text.
#[derive(Debug)]
pub(crate) struct Json(pub(crate) Box<RawValue>);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = if is_serde_json::<D::Error>() {
            deserializer.deserialize_newtype_struct(RAW_VALUE, capture::RawOrAny)?
        } else {
            let mut text = String::new();
            deserializer.deserialize_any(capture::Any::new(&mut text))?;
            text
        };
        // It is JSON already: this only checks it and takes it over.
        RawValue::from_string(text).map(Self).map_err(D::Error::custom)
    }
}

/// Writes the JSON value in any format.
pub(crate) struct AsValue<'a>(pub(crate) &'a RawValue);

impl Serialize for AsValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_serde_json::<S::Error>() {
            return self.0.serialize(serializer);
        }
        let tree: tree::Tree<'_> = serde_json::from_str(self.0.get()).map_err(serde::ser::Error::custom)?;
        tree.serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
