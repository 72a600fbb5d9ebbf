//! Reading and writing of the generated types: the macros that generated code calls, and their support.
//!
//! serde's derive is not enough: it drops unknown fields or turns their numbers into `f64`, accepts null for an absent
//! field and an array for an object, and knows no bounds. The schema is stricter in all of these.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::fields::{Collector, Fields, Key, Scope};
use crate::json::NumberMap as _;

/// A struct that is read field by field.
pub(crate) trait Record: Sized {
    /// The object that its fields belong to.
    const SCOPE: Scope;
    /// Its fields while it is read.
    type Slots: Slots<Record = Self>;
}

/// The fields of a [`Record`] while it is read.
pub(crate) trait Slots: Default {
    /// The record that the fields belong to.
    type Record;
    /// Reads the value of `key`. Returns `false`, without reading, if the record has no such field.
    fn accept<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
    /// Returns the record, or the name of a required field that is missing.
    fn finish(self, extra: Fields) -> Result<Self::Record, &'static str>;
}

/// Reads a whole record.
pub(crate) fn read_record<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct RecordVisitor<T>(PhantomData<T>);
    impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut slots = T::Slots::default();
            let mut extra = Collector::new(T::SCOPE);
            while let Some(Key(key)) = map.next_key()? {
                if !slots.accept(&key, &mut map)? {
                    extra.read(key, &mut map)?;
                }
            }
            slots.finish(extra.finish()?).map_err(de::Error::missing_field)
        }
    }
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

/// Reads the value of `key` into its slot.
pub(crate) fn read<'de, T, S, A>(
    slot: &mut Option<T>,
    key: &'static str,
    seed: S,
    map: &mut A,
) -> Result<(), A::Error>
where
    S: DeserializeSeed<'de, Value = T>,
    A: MapAccess<'de>,
{
    if slot.is_some() {
        return Err(de::Error::duplicate_field(key));
    }
    *slot = Some(map.next_value_seed(seed)?);
    Ok(())
}

/// Returns the index of a key. Keys often come in the order of the schema, so the search starts at `next`.
pub(crate) fn position(keys: &[&str], key: &str, next: usize) -> Option<usize> {
    let (before, after) = keys.split_at_checked(next)?;
    // Most keys of the same length end in different letters, and a comparison of the whole is a call.
    let is_same = |other: &&str| {
        other.len() == key.len() && other.as_bytes().last() == key.as_bytes().last() && **other == *key
    };
    after.iter().position(is_same).map(|index| next + index).or_else(|| before.iter().position(is_same))
}

/// Reads an integer within inclusive bounds. As in JSON Schema, `4`, `4.0` and `4e0` are the same.
pub(crate) struct Integer<T>(pub(crate) RangeInclusive<u64>, pub(crate) PhantomData<T>);

impl<'de, T: TryFrom<u64>> DeserializeSeed<'de> for Integer<T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: TryFrom<u64>> Visitor<'de> for Integer<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer from {} to {}", self.0.start(), self.0.end())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        if self.0.contains(&value)
            && let Ok(value) = T::try_from(value)
        {
            return Ok(value);
        }
        Err(E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        match u64::try_from(value) {
            Ok(value) => self.visit_u64(value),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(value), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        // No upper bound is above 2^63 - 1, so larger values are invalid in any case.
        if value.fract() == 0.0 && (0.0..9_223_372_036_854_775_808.0).contains(&value) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "integral and within u64"
            )]
            return self.visit_u64(value as u64);
        }
        Err(E::invalid_value(de::Unexpected::Float(value), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let Some(digits) = map.next_number()? else {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        };
        match (digits.parse(), digits.parse()) {
            (Ok(value), _) => self.visit_u64(value),
            (_, Ok(value)) => self.visit_f64(value),
            _ => Err(de::Error::invalid_value(de::Unexpected::Other("number"), &self)),
        }
    }
}

/// Implements `Deserialize` for a struct, and declares its builder: unknown fields go to `extra`, null is not an absent field, and no key may occur
/// twice.
macro_rules! object {
    ($name:ident, $builder:ident at $scope:ident {
        $($presence:ident $field:ident: $type:ty = $key:literal $(in $bounds:expr)?;)*
    }) => {
        $crate::builder::builder! {
            $name, $builder at $scope { $($presence $field: $type = $key $(in $bounds)?;)* }
        }

        $crate::parts::values! { $name { $($presence $field: $type = $key $(in $bounds)?;)* } }

        const _: () = {
            #[derive(Clone, Debug, Default)]
            pub(crate) struct ObjectSlots {
                $($field: ::std::option::Option<$type>,)*
                /// The index of the field after the one that was read last. No field has a name like this.
                __next: usize,
            }

            impl $crate::wire::Record for $name {
                const SCOPE: $crate::fields::Scope = $crate::fields::Scope::$scope;
                type Slots = ObjectSlots;
            }

            impl $crate::wire::Slots for ObjectSlots {
                type Record = $name;

                fn accept<'de, A: ::serde::de::MapAccess<'de>>(
                    &mut self,
                    key: &str,
                    map: &mut A,
                ) -> ::std::result::Result<bool, A::Error> {
                    #[allow(non_camel_case_types, reason = "named after the fields")]
                    #[derive(Clone, Copy)]
                    enum Field {
                        $($field,)*
                    }
                    const KEYS: &[&str] = &[$($key,)*];
                    const FIELDS: &[Field] = &[$(Field::$field,)*];

                    let Some(index) = $crate::wire::position(KEYS, key, self.__next) else { return Ok(false) };
                    let Some(field) = FIELDS.get(index) else { return Ok(false) };
                    self.__next = index + 1;
                    match field {
                        $(Field::$field => {
                            let seed = $crate::wire::seed!($type $(, $bounds)?);
                            $crate::wire::read(&mut self.$field, $key, seed, map)?;
                        })*
                    }
                    Ok(true)
                }

                fn finish(
                    self,
                    extra: $crate::fields::Fields,
                ) -> ::std::result::Result<$name, &'static str> {
                    Ok($name {
                        $($field: $crate::wire::presence!($presence self.$field, $key),)*
                        extra,
                    })
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::std::result::Result<Self, D::Error> {
                    $crate::wire::read_record(deserializer)
                }
            }
        };
    };
}

macro_rules! seed {
    ($type:ty) => {
        ::std::marker::PhantomData::<$type>
    };
    ($type:ty, $bounds:expr) => {
        $crate::wire::Integer::<$type>($bounds, ::std::marker::PhantomData)
    };
}

macro_rules! presence {
    (required $slot:expr, $key:literal) => {
        $slot.ok_or($key)?
    };
    (optional $slot:expr, $key:literal) => {
        $slot
    };
}

/// Implements what [`Event`](crate::event::Event) needs of the enum of bodies.
macro_rules! body {
    ($($name:literal => $variant:ident $(($log:ident))?;)*) => {
        impl EventBody {
            /// Returns the name of the event, such as `client-disconnected`.
            pub fn event_name(&self) -> &str {
                match self {
                    $($crate::wire::variant!($variant $(($log))?) => $name,)*
                    Self::Other(other) => &other.event_name,
                }
            }

            /// Returns an error if the schema does not accept it.
            pub(crate) fn check(&self) -> ::std::result::Result<(), $crate::builder::BuildError> {
                match self {
                    $($crate::wire::variant_log!($variant log $(($log))?) => $crate::wire::check_log!(log $($log)?),)*
                    Self::Other(other) => other.check(),
                }
            }

            /// Returns whether the event `name` may have a `log`: only a known event without one may not.
            pub(crate) fn has_log(name: &str) -> bool {
                match name {
                    $($name => $crate::wire::has_log!($($log)?),)*
                    _ => true,
                }
            }

            /// Reads the `log` of the event `name`.
            pub(crate) fn read_log<'de, D: ::serde::Deserializer<'de>>(
                name: &str,
                log: D,
            ) -> ::std::result::Result<Self, D::Error> {
                match name {
                    $($($name => <$log as ::serde::Deserialize>::deserialize(log).map(Self::$variant),)?)*
                    _ => Ok(Self::Other($crate::unknown::UnknownEvent {
                        event_name: name.to_owned(),
                        log: Some(<$crate::fields::Fields as ::serde::Deserialize>::deserialize(log)?),
                    })),
                }
            }

            /// Returns a blank event of the event `name`.
            #[inline]
            pub(crate) fn blank(name: &str) -> ::std::result::Result<$crate::Event, $crate::Error> {
                match name {
                    $($name => const { Self::blank_of($crate::wire::blank_variant!($variant $(($log))?)) },)*
                    _ => const { Self::blank_of(Self::Other(<$crate::unknown::UnknownEvent as $crate::parts::Blank>::BLANK)) },
                }
            }

            const fn blank_of(body: Self) -> ::std::result::Result<$crate::Event, $crate::Error> {
                Ok($crate::Event { header: <Header as $crate::parts::Blank>::BLANK, body })
            }

            /// Makes the body of an event of a blank one.
            #[inline]
            pub(crate) fn fill<'a>(
                &mut self,
                parts: &impl $crate::parts::Parts<'a>,
                source: &$crate::parts::Source<'_>,
            ) -> ::std::option::Option<()> {
                match self {
                    $($crate::wire::variant_log!($variant log $(($log))?) => {
                        $crate::wire::fill_log!(log parts source $($log)?)
                    })*
                    Self::Other(other) => $crate::parts::fill_unknown(other, parts),
                }
            }

            /// Returns the event `name` without a `log`.
            pub(crate) fn without_log<E: ::serde::de::Error>(name: String) -> ::std::result::Result<Self, E> {
                match &*name {
                    $($name => $crate::wire::without_log!($variant $(($log))?),)*
                    _ => Ok(Self::Other($crate::unknown::UnknownEvent { event_name: name, log: None })),
                }
            }
        }
    };
}

macro_rules! variant {
    ($variant:ident) => {
        Self::$variant
    };
    ($variant:ident ($log:ident)) => {
        Self::$variant(_)
    };
}

macro_rules! variant_log {
    ($variant:ident $bound:ident) => {
        Self::$variant
    };
    ($variant:ident $bound:ident ($log:ident)) => {
        Self::$variant($bound)
    };
}

macro_rules! check_log {
    ($bound:ident) => {
        Ok(())
    };
    ($bound:ident $log:ident) => {
        $crate::builder::Checked::check($bound)
    };
}

macro_rules! has_log {
    () => {
        false
    };
    ($log:ident) => {
        true
    };
}

macro_rules! blank_variant {
    ($variant:ident) => {
        Self::$variant
    };
    ($variant:ident ($log:ident)) => {
        Self::$variant(<$log as $crate::parts::Blank>::BLANK)
    };
}

macro_rules! fill_log {
    ($bound:ident $parts:ident $source:ident) => {
        Some(())
    };
    ($bound:ident $parts:ident $source:ident $log:ident) => {
        $crate::parts::fill_log($bound, $parts, $source)
    };
}

macro_rules! without_log {
    ($variant:ident) => {
        Ok(Self::$variant)
    };
    ($variant:ident ($log:ident)) => {
        Err(E::missing_field("log"))
    };
}

pub(crate) use {
    blank_variant, body, check_log, fill_log, has_log, object, presence, seed, variant, variant_log,
    without_log,
};
