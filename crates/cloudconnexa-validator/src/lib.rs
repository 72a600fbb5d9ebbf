//! Validates CloudConnexa log events against their JSON Schema: bytes in, findings with positions out.
//!
//! A [`Validator`] takes the bytes of one record and returns a [`Report`]: which event it is, and everything that is wrong
//! with it or worth knowing about it. Each [`Finding`] has a stable id, a JSON Pointer, line and column, and a text that says
//! what was found, what was expected, and what to do.
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | learn what is wrong with a record | [`Validator::check`] |
//! | check many records, most of them valid | [`Checker::check`], one [`Checker`] per thread |
//! | know only whether records are valid | [`Checker::is_valid`] |
//! | read fields of valid events, or make typed events of them | [`Checker::view`] |
//! | run only the fast tier, and decide yourself about the rest | [`Checker::fast_check`] |
//! | read the records of files and buckets | `cloudconnexa_reader::Reader`, in the crate cloudconnexa-reader |
//! | read fields of a record, valid or not, without parsing it into types | [`outline`] |
//! | check what the schema cannot express | [`semantics`] |
//! | join the events of sessions | [`sessions`] |
//! | measure which parts of the schema a set of events exercises | [`coverage`] |
//! | find events inside the records of shippers and exports | [`unwrap`] |
//! | list events, fields and known values | [`catalog`] |
//! | list and explain rules | [`rules`] |
//!
//! Typed events are in [`cloudconnexa_events`]. The command line is `ccxlog`, in the crate `cloudconnexa-cli`.
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_validator::{Position, Validator};
//!
//! let record = br#"{
//!   "CloudConnexaLogVersion": 1,
//!   "timestamp": "2023-12-20 10:45:14Z",
//!   "cloudId": "example-corp",
//!   "service": "CloudConnexa",
//!   "traceId": "693bbbde-626d-4940-ac2b-4e75efb49bf7",
//!   "initiator": "5d34eabe-f88d-4570-9954-818c03b90b4b",
//!   "initatorType": "User",
//!   "category": "Activity.Admin",
//!   "eventName": "test-message"
//! }"#;
//!
//! let report = Validator::new().check(record, Position::START);
//! assert!(!report.is_valid());
//!
//! let [time, misspelt] = report.findings.as_slice() else { panic!("each cause is one finding") };
//! assert_eq!(time.rule().id, "wrong-format");
//! assert_eq!(time.pointer(), "/timestamp");
//! assert_eq!((time.span().start.line, time.span().start.column), (3, 16));
//! assert_eq!(
//!     time.text().message,
//!     r#"`timestamp` is the string `"2023-12-20 10:45:14Z"`, but must be a date-time by RFC 3339"#
//! );
//! assert_eq!(time.text().help.as_deref(), Some("put a `T` between date and time"));
//! // The same without values of the event:
//! assert_eq!(time.masked().message, "`timestamp` is a string, but must be a date-time by RFC 3339");
//!
//! assert_eq!(misspelt.rule().id, "missing-field");
//! assert_eq!(misspelt.text().help.as_deref(), Some("rename `initatorType` to `initiatorType`"));
//! ```
//!
//! # What is valid
//!
//! The schema decides ([`cloudconnexa_events::SCHEMA`]), including formats. The `jsonschema` crate applies it, and no part of
//! it is implemented a second time to report errors. Beyond the schema, a record must be JSON as defined in RFC 8259, in
//! UTF-8, nested less than 128 levels deep, without numbers too large for a 64-bit float, and without repeated fields:
//! programs would disagree about such records.
//!
//! What the vendor may add at any time (fields, events, versions, values of open lists) is valid, and reported as a
//! [warning](Severity::Warning). What the vendor is known to write but programs stumble over (a deprecated field, null in
//! quotes) is in nearly every event, and is a [note](Severity::Note).
//!
//! # Guarantees
//!
//! - Any bytes get a report. [`Validator::check`] never fails or panics, needs little stack however deep the nesting, and takes
//!   time proportional to the size of the record.
//! - The crate has no I/O and no clock. It fetches and caches nothing.
//! - One cause is one finding. Findings are in the order of the text.
//!
//! # Features
//!
//! - `serde`: [`Finding`] serializes, with the fields of `ccxlog validate --format json`, and so do [`Report`] and [`Severity`].
//!   None has values of the event.

pub mod catalog;
mod check;
pub mod coverage;
mod describe;
mod engine;
mod excerpt;
pub mod fast;
mod fields;
mod finding;
mod formats;
mod instant;
pub mod outline;
mod position;
mod recognise;
mod report;
mod rule;
pub mod rules;
mod scope;
pub mod semantics;
pub mod sessions;
mod similar;
mod tape;
#[cfg(test)]
mod testing;
pub mod unwrap;
mod validator;
pub mod view;
mod violations;

pub use describe::{Masking, Text};
pub use fast::{Accepted, Checker, FastCheck, Notice, NoticeKind};
pub use finding::Finding;
pub use instant::Micros;
pub use position::{Position, Span};
pub use recognise::TextKind;
pub use report::{Report, Subject};
pub use rule::Severity;
pub use scope::Scope;
pub use validator::Validator;
pub use view::EventView;
