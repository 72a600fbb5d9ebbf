//! Tells how log events differ from what is known of them: what came, what went, since when, how often.
//!
#![doc = include_str!("../README.md")]
//!
//! # How it works
//!
//! A [`Collector`] looks at records as the validator goes over them. What comes of it is a [`Profile`], which can be written,
//! read and [merged](Profile::merge). [`compare`] tells how it differs from what is [`Known`] by a schema and by an earlier
//! profile, and [`propose`] drafts the change to that schema after which it doesn't.

mod collect;
mod compare;
mod form;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod hash;
mod known;
mod moment;
mod profile;
mod propose;

pub use collect::Collector;
pub use compare::{Drift, Finding, FindingKind, NeverSeen, compare};
pub use form::Form;
pub use known::{Known, KnownField, KnownKind, SchemaError};
pub use moment::Moment;
pub use profile::{
    EventProfile, Example, FORMAT, FieldProfile, FormProfile, Num, Profile, ProfileError, Seen, Values,
};
pub use propose::{Proposal, propose};

/// The JSON Schema of the text of a profile.
#[cfg(feature = "schemars")]
#[must_use]
pub fn profile_schema() -> schemars::Schema {
    profile::file_schema()
}
