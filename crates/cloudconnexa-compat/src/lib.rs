//! Versions of the JSON Schema of CloudConnexa log events, and what changes between two of them for whom.
//!
#![doc = include_str!("../README.md")]

mod algebra;
mod changes;
mod compare;
mod error;
mod findings;
mod inline;
pub mod released;
mod rules;
mod rust_types;
mod search;
mod sets;
mod shape;
mod validators;
mod values;
mod verdict;
mod version;

pub use compare::{Schema, Strictness, compare};
pub use error::{CompareError, CompareErrorKind, Side};
pub use rules::{CHANGE_RULES, ChangeRule, change_rule};
pub use search::Opinion;
pub use verdict::{
    AcceptedChange, Answer, ChangeFinding, ChangeLevel, ChangeLocation, ChangedField, Comparison,
    CounterExample, EventVerdict, Question,
};
pub use version::{Size, Version};
