//! Texts: the macro that generated enums of known texts call, and the visitor of all types that are read from text.

use std::fmt;

use serde::de::{self, Visitor};

/// Implements the conversions of an enum of known texts, with a catch-all (`open`) or without (`closed`).
macro_rules! texts {
    (open $name:ident { $($variant:ident = $text:literal,)* }) => {
        $crate::texts::texts!(common $name { $($variant = $text,)* } [Self::Other(text) => text,] "anyOf" [
            { "type": "string" }
        ]);

        impl $name {
            /// Returns whether the schema knows the text.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text.into()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(&*text)
            }
        }

        impl $crate::builder::IntoField<$name> for &str {
            fn into_field(self) -> ::std::result::Result<$name, $crate::builder::Refused> {
                Ok(self.into())
            }
        }

        impl $crate::parts::PutText for $name {
            #[inline]
            fn put_text(&mut self, text: &str) -> ::std::option::Option<()> {
                // As in `From`. Only the variant is written.
                match text {
                    $($text => *self = Self::$variant,)*
                    _ => *self = Self::Other(text.into()),
                }
                Some(())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                deserializer.deserialize_str($crate::texts::TextVisitor::new(|text| Some(Self::from(text)), "a string"))
            }
        }
    };
    (closed $name:ident { $($variant:ident = $text:literal,)* }) => {
        $crate::texts::texts!(common $name { $($variant = $text,)* } [] "oneOf" []);

        impl ::std::str::FromStr for $name {
            type Err = $crate::scalar::ParseError;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err($crate::scalar::ParseError { expected: concat!("one of" $(, " `", $text, "`")*) }),
                }
            }
        }

        impl $crate::builder::IntoField<$name> for &str {
            fn into_field(self) -> ::std::result::Result<$name, $crate::builder::Refused> {
                self.parse().map_err(|_| $crate::builder::Refused::value(self, $name::KNOWN))
            }
        }

        impl $crate::parts::PutText for $name {
            #[inline]
            fn put_text(&mut self, text: &str) -> ::std::option::Option<()> {
                *self = text.parse().ok()?;
                Some(())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let read = |text: &str| text.parse().ok();
                let expected = concat!("one of" $(, " `", $text, "`")*);
                deserializer.deserialize_str($crate::texts::TextVisitor::new(read, expected))
            }
        }
    };
    (common $name:ident { $($variant:ident = $text:literal,)* } [$($other:tt)*] $union:literal [$($rest:tt)*]) => {
        impl $name {
            /// The texts that the schema knows, in its order.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Returns the value of a text that the schema knows, without the check for UTF-8 that other texts need. For the
            /// views of `cloudconnexa-validator`.
            #[doc(hidden)]
            #[inline]
            pub fn of_known(text: &[u8]) -> Option<Self> {
                match text {
                    $(text if text == $text.as_bytes() => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Returns the text, as it is in the JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    $($other)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::builder::Check for $name {}

        impl $crate::parts::Blank for $name {
            const BLANK: Self = $crate::texts::first!($(Self::$variant),*);
        }

        impl $crate::builder::IntoField<$name> for String {
            fn into_field(self) -> ::std::result::Result<$name, $crate::builder::Refused> {
                (&*self).into_field()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        /// Compares the texts.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        /// Compares the texts.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ $union: [$({ "const": $text },)* $($rest)*] })
            }
        }
    };
}

macro_rules! first {
    ($first:expr $(, $rest:expr)*) => {
        $first
    };
}

/// Reads a string with a function that returns `None` for invalid ones.
pub(crate) struct TextVisitor<T> {
    read: fn(&str) -> Option<T>,
    expected: &'static str,
}

impl<T> TextVisitor<T> {
    pub(crate) fn new(read: fn(&str) -> Option<T>, expected: &'static str) -> Self {
        Self { read, expected }
    }
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

pub(crate) use {first, texts};
