//! Validates CloudConnexa log events against their JSON Schema: bytes in, findings with positions out.
//!
//! A [`Validator`] takes the bytes of one record and gives a [`Report`]: what event it is, and everything that is wrong
//! or worth knowing about it, each a [`Finding`] with a stable id, a JSON Pointer, line and column, and a wording that
//! says what stands there, what must stand there, and what to do. A [`Splitter`](records::Splitter) cuts any input
//! (JSON lines, pretty-printed events, an array) into such records as its bytes arrive.
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
//! let [time, misspelt] = report.findings.as_slice() else { panic!("each cause gives one finding") };
//! assert_eq!(time.rule().id, "wrong-format");
//! assert_eq!(time.pointer(), "/timestamp");
//! assert_eq!((time.span().start.line, time.span().start.column), (3, 16));
//! assert_eq!(
//!     time.text().message,
//!     r#"`timestamp` is the string `"2023-12-20 10:45:14Z"`, but must be a date-time by RFC 3339"#
//! );
//! assert_eq!(time.text().help.as_deref(), Some("put a `T` between date and time"));
//! // The same for eyes that must not see the event:
//! assert_eq!(time.masked().message, "`timestamp` is a string, but must be a date-time by RFC 3339");
//!
//! assert_eq!(misspelt.rule().id, "missing-field");
//! assert_eq!(misspelt.text().help.as_deref(), Some("rename `initatorType` to `initiatorType`"));
//! ```
//!
//! # What is valid
//!
//! The schema decides ([`cloudconnexa_events::SCHEMA`]), formats included; the `jsonschema` crate applies it, and no rule
//! of it is written a second time here. Beyond the schema a record must be JSON by RFC 8259 in UTF-8, nested less than
//! 128 deep, with no number beyond a 64-bit float and no field twice in an object: what programs that read it would
//! disagree about. What the vendor may add at any time (fields, events, versions, values of open lists) is valid, and told
//! of as a [warning](Severity::Warning). What the vendor is known to write, but readers stumble over (a deprecated field,
//! null in quotes), comes with nearly every event, and is a [note](Severity::Note).
//!
//! [`rules::RULES`] lists all that can be found, each with an explanation to print; [`catalog`] has the events and their
//! fields as tables.
//!
//! # What is promised
//!
//! Whatever the bytes are, there is a report: [`Validator::check`] never fails and never panics, needs little stack
//! whatever the nesting, and takes time in proportion to the record. Nothing is read or written, fetched or cached: the
//! crate has no I/O. One cause gives one finding, and the order of findings is that of the text.
//!
//! It does not read files, and does not parse events into types: `cloudconnexa-cli` and [`cloudconnexa_events`] do.

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
pub mod records;
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
mod validator;
mod violations;

pub use describe::{Masking, Text};
pub use fast::{Accepted, Checker, FastCheck, Notice, NoticeKind};
pub use finding::Finding;
pub use position::{Position, Span};
pub use report::{Report, Subject};
pub use rule::Severity;
pub use scope::Scope;
pub use validator::Validator;
