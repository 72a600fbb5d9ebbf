//! Rules beyond the schema: whether the fields of a record agree with each other, and records with earlier ones.
//!
//! [`Semantics`] checks single records, [`Stream`] compares consecutive ones. Their findings do not make a record invalid,
//! and none of these rules applies unless you use this module.
//!
//! ```
//! use cloudconnexa_validator::semantics::Semantics;
//! use cloudconnexa_validator::{Position, Validator};
//!
//! # let example = include_str!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let record = example.replace("\"sessionDurationSeconds\": 4", "\"sessionDurationSeconds\": 4000");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let outline = checker.outline(record.as_bytes()).expect("it is an object");
//! let findings = Semantics::new(None).check(&outline, Position::START, |_| true);
//! assert_eq!(findings[0].rule().id, "session-duration-mismatch");
//! ```

pub(crate) mod context;
mod event;
pub(crate) mod fields;
pub(crate) mod first_seen;
pub(crate) mod judged;
mod record;
mod stream;
#[cfg(test)]
mod tests;

pub use event::StreamEvent;
pub use record::Semantics;
pub use stream::{Stream, StreamCounts, StreamFinding};

pub use crate::rules::{RECORD_RULES, STREAM_RULES, is_record_rule, is_stream_rule, rules_judging};
