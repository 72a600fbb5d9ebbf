//! Numbers in an order that all agree on.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number: an integer as it is, any other as the nearest 64-bit float.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// An integer.
    Integer(i128),
    /// Any other.
    Float(f64),
}

impl Num {
    /// Reads a number as JSON has it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(integer) = text.parse() {
            return Some(Self::Integer(integer));
        }
        let float: f64 = text.parse().ok()?;
        // To 2^53 a float that is whole is that integer.
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and not great")]
        let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i128);
        float.is_finite().then(|| whole(float).map_or(Self::Float(float), Self::Integer))
    }

    /// The integer that it is, from 0 on.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::Integer(integer) => u64::try_from(integer).ok(),
            Self::Float(_) => None,
        }
    }

    fn key(self) -> (f64, bool, i128) {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "what is lost is compared behind")]
            Self::Integer(integer) => (integer as f64, false, integer),
            Self::Float(float) => (float, true, 0),
        }
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((a, a_float, a_integer), (b, b_float, b_integer)) = (self.key(), other.key());
        a.total_cmp(&b).then((a_float, a_integer).cmp(&(b_float, b_integer)))
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Num {}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Float(float) => write!(f, "{float:?}"),
        }
    }
}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a number as text"))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Num {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::Num;

    #[test]
    fn numbers_have_one_order_and_come_back() {
        let texts = [
            "-1e300",
            "-9223372036854775809",
            "-1.5",
            "-1",
            "0",
            "1e-9",
            "1",
            "1.5",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "1e19",
            "1e300",
        ];
        let numbers: Vec<_> = texts.iter().map(|text| Num::parse(text).expect("a number")).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        assert!(numbers.iter().all(|number| Num::parse(&number.to_string()) == Some(*number)));
        assert_eq!(
            (Num::parse("4.0"), Num::parse("1e999"), Num::parse("x")),
            (Some(Num::Integer(4)), None, None)
        );
    }
}
