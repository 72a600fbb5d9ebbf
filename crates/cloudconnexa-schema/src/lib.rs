//! An ordered model of the JSON Schema of CloudConnexa log events.
//!
#![doc = include_str!("../README.md")]
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | work with a schema that has to be complete, as code generation does | [`Schema::parse`] |
//! | work with somebody else's schema, as long as its events and fields can be read | [`Schema::parse_lenient`] |
//! | resolve what the value of a field has to be | [`Schema::value_kind`] |
//! | show where in the file something is | [`Document::locate`] with the `pointer` of a node |
//! | edit a schema, or build one, without losing the order of its keys | [`Json`] |

mod document;
mod error;
mod json;
mod lint;
mod model;
pub mod pointer;

pub use document::{Document, Location};
pub use error::{Problem, ProblemKind, SchemaError, SchemaErrorKind, sort_problems};
pub use json::Json;
pub use model::{
    EnvelopeField, Event, Field, FieldKind, KnownValue, Object, Provenance, Scalar, ScalarKind, Schema,
    UnmodelledField, ValueKind,
};
