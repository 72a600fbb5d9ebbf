//! Reports how log events differ from what is known about them.
//!
#![doc = include_str!("../README.md")]
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | observe records while they are validated | [`Collector`], one per thread |
//! | keep, read and combine what was observed | [`Profile::to_text`], [`Profile::from_text`], [`Profile::merge`] |
//! | remove values of events before somebody else reads a profile | [`Profile::mask`] |
//! | compare with the built-in schema, or with another of the same shape | [`compare`] with [`Known::built_in`] or [`Known::parse`] |
//! | compare with an earlier profile as well | [`compare`] with that profile as its last argument |
//! | tell people what differs, and what to do | [`Finding::message`], [`Finding::remedy`] |
//! | draft the change to the schema | [`propose`] |

mod collect;
mod compare;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod hash;
mod known;
mod profile;
mod propose;
mod value_type;

pub use cloudconnexa_schema::{SchemaError, SchemaErrorKind};
pub use collect::{Collector, Validity};
pub use compare::{Drift, Finding, FindingKind, NeverSeen, compare};
pub use known::{Known, KnownField};
pub use profile::{
    EventProfile, Example, FORMAT, FieldProfile, Number, Occurrences, Profile, ProfileError,
    ProfileErrorKind, TypeProfile, ValueCounts,
};
pub use propose::{Proposal, propose};
pub use value_type::ValueType;

/// Returns the JSON Schema of the text of a profile.
#[cfg(feature = "schemars")]
#[must_use]
pub fn profile_schema() -> schemars::Schema {
    profile::file_schema()
}
