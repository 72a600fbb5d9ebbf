//! Tells how log events differ from what is known of them: what came, what went, since when, how often.
#![cfg_attr(not(test), warn(missing_docs))]

mod collect;
mod compare;
mod form;
mod hash;
mod known;
mod moment;
mod profile;

pub use collect::Collector;
pub use compare::{Drift, Finding, FindingKind, NeverSeen, compare};
pub use form::Form;
pub use known::{Known, KnownField, KnownKind, SchemaError};
pub use moment::Moment;
pub use profile::{
    EventProfile, Example, FORMAT, FieldProfile, FormProfile, Num, Profile, ProfileError, Seen, Values,
};

/// The JSON Schema of the text of a profile.
#[cfg(feature = "schemars")]
#[must_use]
pub fn profile_schema() -> schemars::Schema {
    profile::file_schema()
}
