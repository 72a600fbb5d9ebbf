//! Outlines: an index of the fields of a record, for code that reads events rather than checks them.
//!
//! For each field, an [`Outline`] has its offsets in the record, and which field of the schema it is. It copies nothing.
//! The fast tier makes one while it checks a record
//! ([`Checker::fast_check_with_outline`](crate::Checker::fast_check_with_outline)). For a record that it leaves undecided,
//! [`Checker::outline`](crate::Checker::outline) parses the record instead, valid or not.
//!
//! ```
//! use cloudconnexa_validator::{FastCheck, Validator};
//! use cloudconnexa_validator::outline::Field;
//!
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let record = br#"{"CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z","cloudId":"example-corp",
//!   "service":"CloudConnexa","traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7","initiator":"user@example.com",
//!   "initiatorType":"User","category":"Activity.Admin","eventName":"test-message","labels":["a","b"]}"#;
//!
//! let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record) else { panic!("it is valid") };
//! let outline = accepted.outline(record).expect("one was asked for");
//! let initiator = outline.members().find(|member| member.name() == "initiator").expect("it is there");
//! assert!(matches!(initiator.field, Field::Known { spec, .. } if spec.required));
//! assert_eq!(initiator.value().text().as_deref(), Some("user@example.com"));
//!
//! let labels = outline.members().find(|member| matches!(member.field, Field::Unknown)).expect("it is there");
//! assert_eq!((&*labels.name(), labels.value().elements().count()), ("labels", 2));
//! ```

mod actors;
mod fields;
mod parse;
mod raw;
#[cfg(test)]
mod tests;

pub use actors::ActorText;
pub use fields::{Field, Member, Outline};
pub(crate) use fields::{Head, Slot};
pub(crate) use parse::parse;
pub use raw::{JsonType, Raw};
