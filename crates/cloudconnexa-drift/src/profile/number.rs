//! Numbers of any size, in a total order.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number: an integer exactly, any other as the nearest 64-bit float. Serialized as a string, so that no reader rounds it.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer.
    Integer(i128),
    /// Any other number.
    Float(f64),
}

impl Number {
    /// Parses a number as JSON writes it; `None` for other text, and for what is beyond a 64-bit float.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(integer) = text.parse() {
            return Some(Self::Integer(integer));
        }
        let float: f64 = text.parse().ok()?;
        // Up to 2^53, a whole float is exactly that integer.
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i128);
        float.is_finite().then(|| whole(float).map_or(Self::Float(float), Self::Integer))
    }

    /// Returns a non-negative integer that fits 64 bits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::Integer(integer) => u64::try_from(integer).ok(),
            Self::Float(_) => None,
        }
    }

    /// Returns the sort key: the float, then floats after integers, then the exact integer.
    fn key(self) -> (f64, bool, i128) {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the exact integer is compared next")]
            Self::Integer(integer) => (integer as f64, false, integer),
            Self::Float(float) => (float, true, 0),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((a, a_float, a_integer), (b, b_float, b_integer)) = (self.key(), other.key());
        a.total_cmp(&b).then((a_float, a_integer).cmp(&(b_float, b_integer)))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Float(float) => write!(f, "{float:?}"),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a number as a string"))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
