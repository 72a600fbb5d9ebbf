//! Values that keep their spelling.

use std::cmp::Ordering;
use std::fmt::{self, Display, Write};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::parts::{Blank, PutText};
use crate::texts::TextVisitor;

/// A value that displays and serializes as the text it was parsed from.
///
/// It derefs to the value and compares as the value.
///
/// ```
/// use cloudconnexa_events::Uuid;
///
/// let upper: Uuid = "8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5".parse()?;
/// let lower: Uuid = "8ee244a8-90c8-5aff-8f83-9b7e8290e4a5".parse()?;
/// assert_eq!(upper, lower);
/// assert_eq!(upper.get_version_num(), 5);
/// assert_eq!(upper.to_string(), "8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5");
/// # Ok::<(), cloudconnexa_events::scalar::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Spelled<T> {
    value: T,
    /// The text, or `None` if the value displays as that text.
    text: Option<Box<str>>,
}

/// A type of values that [`Spelled`] can hold.
pub trait Scalar: Copy + Display {
    /// What a text has to be, for messages, such as `a UUID`.
    const EXPECTED: &'static str;
    /// The values of `format` in JSON Schema, one of which has to match.
    const FORMATS: &'static [&'static str];
    /// Parses exactly the texts that the schema accepts.
    fn parse(text: &str) -> Option<Self>;

    /// Parses a text. Also returns whether the value displays as that text.
    ///
    /// Formatting takes several times as long as parsing, so types know it of the text where they can.
    #[doc(hidden)]
    fn read(text: &str) -> Option<(Self, bool)> {
        let value = Self::parse(text)?;
        Some((value, displays_as(&value, text)))
    }
}

/// The error of a text that is not in the format of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParseError {
    pub(crate) expected: &'static str,
}

impl ParseError {
    /// Returns what the text has to be, such as `a UUID in its hyphenated form`.
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

impl Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for ParseError {}

impl<T: Scalar> Spelled<T> {
    /// Returns the value.
    pub fn get(&self) -> T {
        self.value
    }

    fn read(text: &str) -> Option<Self> {
        let (value, is_usual) = T::read(text)?;
        Some(Self { value, text: (!is_usual).then(|| text.into()) })
    }
}

impl<T: Scalar + Blank> PutText for Spelled<T> {
    #[inline]
    fn put_text(&mut self, text: &str) -> Option<()> {
        let (value, is_usual) = T::read(text)?;
        self.value = value;
        if !is_usual {
            self.text = Some(text.into());
        }
        Some(())
    }
}

/// Returns whether `value` displays as `text`, without allocating.
pub(super) fn displays_as(value: &impl Display, text: &str) -> bool {
    struct Rest<'a>(&'a str);
    impl Write for Rest<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    let mut rest = Rest(text);
    write!(rest, "{value}").is_ok() && rest.0.is_empty()
}

impl<T> Deref for Spelled<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Blank> Blank for Spelled<T> {
    const BLANK: Self = Self { value: T::BLANK, text: None };
}

impl<T> From<T> for Spelled<T> {
    fn from(value: T) -> Self {
        Self { value, text: None }
    }
}

impl<T: Scalar> FromStr for Spelled<T> {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError { expected: T::EXPECTED })
    }
}

impl<T: Display> Display for Spelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.pad(text),
            None => self.value.fmt(f),
        }
    }
}

impl<T: Display> fmt::Debug for Spelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<T: PartialEq> PartialEq for Spelled<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spelled<T> {}

impl<T: PartialEq> PartialEq<T> for Spelled<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl<T: Hash> Hash for Spelled<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: Ord> Ord for Spelled<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: PartialOrd> PartialOrd for Spelled<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Display> Serialize for Spelled<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(&self.value),
        }
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Spelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor::new(Self::read, T::EXPECTED))
    }
}

#[cfg(feature = "schemars")]
impl<T: Scalar> schemars::JsonSchema for Spelled<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::FORMATS.join(" or ").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let formats: Vec<_> =
            T::FORMATS.iter().map(|format| schemars::json_schema!({ "format": format })).collect();
        schemars::json_schema!({ "type": "string", "anyOf": formats })
    }
}
