//! Builders of the generated types. Whatever they build is valid.

mod check;
mod error;
mod field;

use serde::Serialize;

use crate::fields::{Fields, Scope, check_value};

pub(crate) use check::{Check, Checked, check_extra};
pub(crate) use error::Refused;
pub use error::{BuildError, BuildErrorKind};
pub use field::IntoField;

/// A field that the schema describes: where it is, and the method that sets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) setter: &'static str,
}

/// What every builder has apart from the fields of its own.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    scope: Scope,
    /// The fields that `with_extra` must not add.
    places: &'static [Place],
    extra: Fields,
    /// The first thing that was refused.
    error: Option<BuildError>,
}

impl Draft {
    pub(crate) fn new<T: Checked>(extra: Fields) -> Self {
        Self::of(T::SCOPE, T::PLACES, extra)
    }

    pub(crate) fn of(scope: Scope, places: &'static [Place], extra: Fields) -> Self {
        Self { scope, places, extra, error: None }
    }

    /// Returns the value of a field, or nothing if it was refused.
    pub(crate) fn accept<T>(&mut self, name: &str, value: Result<T, Refused>) -> Option<T> {
        value.map_err(|refused| self.refuse(name, refused)).ok()
    }

    /// Adds an unknown field.
    pub(crate) fn add(&mut self, name: String, value: &impl Serialize) {
        let value = serde_json::value::to_raw_value(value)
            .and_then(|value| check_value(&value, self.scope).map(|()| value));
        let repeated = || self.extra.get(&name).map(|_| Refused::repeated());
        let refused = check::described(&name, self.scope, self.places).or_else(repeated);
        match (refused, value) {
            (Some(refused), _) => self.refuse(&name, refused),
            (None, Err(error)) => self.refuse(&name, Refused::unreadable(&error)),
            (None, Ok(value)) => self.extra.push(name, value),
        }
    }

    /// Returns the unknown fields, or the first error.
    pub(crate) fn finish(self) -> Result<Fields, BuildError> {
        self.error.map_or(Ok(self.extra), Err)
    }

    fn refuse(&mut self, name: &str, refused: Refused) {
        self.error.get_or_insert_with(|| refused.at(self.scope, name));
    }
}

/// Declares the builder of a struct, and checks that a struct is what the schema accepts.
macro_rules! builder {
    ($name:ident, $builder:ident at $scope:ident {
        $($presence:ident $field:ident: $type:ty = $key:literal $(in $bounds:expr)?;)*
    }) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`], and refuses what the schema refuses.")]
        ///
        /// The [guide](crate::guide#making-events) has an example. A method that sets a field replaces the value that the field
        /// had.
        #[derive(Clone, Debug)]
        #[must_use = "nothing is built before `build` is called"]
        pub struct $builder {
            slots: <$name as $crate::wire::Record>::Slots,
            draft: $crate::builder::Draft,
        }

        impl $name {
            /// Returns a builder without any fields.
            pub fn builder() -> $builder {
                $builder {
                    slots: ::std::default::Default::default(),
                    draft: $crate::builder::Draft::new::<Self>($crate::fields::Fields::default()),
                }
            }

            /// Returns a builder with the fields of this value, to change some of them.
            pub fn to_builder(&self) -> $builder {
                let mut builder = Self::builder();
                $(builder.slots.$field = $crate::builder::slot!($presence self.$field.clone());)*
                builder.draft = $crate::builder::Draft::new::<Self>(self.extra.clone());
                builder
            }
        }

        impl $builder {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), "), which is `", $key, "` in the JSON.")]
                pub fn $field(mut self, value: impl $crate::builder::IntoField<$type>) -> Self {
                    self.slots.$field = self.draft.accept($key, value.into_field());
                    self
                }
            )*

            /// Adds a field that the schema does not know, after those that it has.
            ///
            /// The value is written by `serde_json`. A name that the schema knows, or that was added before, is an error of
            /// [`build`](Self::build).
            pub fn with_extra(
                mut self,
                name: impl ::std::convert::Into<String>,
                value: impl ::serde::Serialize,
            ) -> Self {
                self.draft.add(name.into(), &value);
                self
            }

            #[doc = concat!("Returns the [`", stringify!($name), "`].")]
            ///
            /// # Errors
            ///
            /// Returns the first thing that a method refused, or else that required fields are missing.
            pub fn build(self) -> ::std::result::Result<$name, $crate::builder::BuildError> {
                let extra = self.draft.finish()?;
                let mut missing = ::std::vec::Vec::new();
                $($crate::builder::missing!($presence self.slots.$field, $key, stringify!($field), missing);)*
                let built = $crate::wire::Slots::finish(self.slots, extra)
                    .map_err(|_| $crate::builder::BuildError::missing::<$name>(&missing))?;
                $crate::builder::Checked::check(&built)?;
                Ok(built)
            }
        }

        impl $crate::builder::Checked for $name {
            const SCOPE: $crate::fields::Scope = $crate::fields::Scope::$scope;
            const PLACES: &'static [$crate::builder::Place] = &[
                $($crate::builder::Place { name: $key, setter: stringify!($field) },)*
            ];

            fn check(&self) -> ::std::result::Result<(), $crate::builder::BuildError> {
                $(
                    $crate::builder::Check::check(&self.$field, $crate::builder::bounds!($($bounds)?))
                        .map_err(|refused| refused.at(Self::SCOPE, $key))?;
                )*
                $crate::builder::check_extra(&self.extra, Self::SCOPE, Self::PLACES)
            }
        }
    };
}

/// Puts the field of a finished struct into its slot.
macro_rules! slot {
    (required $value:expr) => {
        Some($value)
    };
    (optional $value:expr) => {
        $value
    };
}

macro_rules! missing {
    (required $slot:expr, $key:literal, $setter:expr, $missing:ident) => {
        if $slot.is_none() {
            $missing.push($crate::builder::Place { name: $key, setter: $setter });
        }
    };
    (optional $slot:expr, $key:literal, $setter:expr, $missing:ident) => {};
}

macro_rules! bounds {
    () => {
        None
    };
    ($bounds:expr) => {
        Some($bounds)
    };
}

pub(crate) use {bounds, builder, missing, slot};

#[cfg(test)]
mod tests;
