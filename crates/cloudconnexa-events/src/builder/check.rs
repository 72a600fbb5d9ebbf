//! Checks that values are what the schema accepts, where their Rust types leave that open.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::Place;
use super::error::{BuildError, Refused};
use crate::fields::{Fields, Scope, check_value};
use crate::scalar::{IpAddressOrEmpty, Spelled, Timestamp};

/// The type of a field.
pub(crate) trait Check {
    /// Checks what the type leaves open. By default that is nothing.
    fn check(&self, _: Option<RangeInclusive<u64>>) -> Result<(), Refused> {
        Ok(())
    }
}

impl Check for bool {}
impl Check for String {}
impl Check for IpAddressOrEmpty {}
impl<T> Check for Spelled<T> {}

impl<T: Check> Check for Option<T> {
    fn check(&self, bounds: Option<RangeInclusive<u64>>) -> Result<(), Refused> {
        self.as_ref().map_or(Ok(()), |value| value.check(bounds))
    }
}

impl Check for Timestamp {
    fn check(&self, _: Option<RangeInclusive<u64>>) -> Result<(), Refused> {
        if self.is_rfc3339() { Ok(()) } else { Err(Refused::year(self)) }
    }
}

macro_rules! integers {
    ($($type:ty),*) => {
        $(impl Check for $type {
            fn check(&self, bounds: Option<RangeInclusive<u64>>) -> Result<(), Refused> {
                match bounds {
                    Some(bounds) if !bounds.contains(&u64::from(*self)) => {
                        Err(Refused::out_of_range(u64::from(*self), &bounds))
                    }
                    _ => Ok(()),
                }
            }
        })*
    };
}

integers!(u8, u16, u32, u64);

/// A struct whose fields are public, so that it need not be valid.
pub(crate) trait Checked {
    /// The object that its fields belong to.
    const SCOPE: Scope;
    /// The fields that the schema describes.
    const PLACES: &'static [Place];

    /// Returns an error if the schema does not accept it.
    fn check(&self) -> Result<(), BuildError>;
}

/// Checks unknown fields, which may have come from another object.
pub(crate) fn check_extra(extra: &Fields, scope: Scope, places: &'static [Place]) -> Result<(), BuildError> {
    let mut seen = HashSet::new();
    for (name, value) in extra.iter() {
        // A test message has no `log`, so it may have an unknown field of this name. `Event::new` knows which event it is.
        let is_log = matches!(scope, Scope::Event) && name == "log" && value.get().starts_with('{');
        if !is_log && let Some(refused) = described(name, scope, places) {
            return Err(refused.at(scope, name));
        }
        if !seen.insert(name) {
            return Err(Refused::repeated().at(scope, name));
        }
        check_value(value, scope).map_err(|error| Refused::unreadable(&error).at(scope, name))?;
    }
    Ok(())
}

/// Returns why a name cannot be that of an unknown field, if the schema describes it.
pub(super) fn described(name: &str, scope: Scope, places: &[Place]) -> Option<Refused> {
    if matches!(scope, Scope::Event) && matches!(name, "eventName" | "log") {
        return Some(Refused::log());
    }
    let place = places.iter().find(|place| place.name == name)?;
    Some(Refused::described(format!("set it with `.{}(…)`", place.setter)))
}
