//! Coverage: which parts of the schema a set of events exercises.
//!
//! [`points`] lists what can be exercised, from the [catalog](crate::catalog): a new field of the schema is a new point. A
//! [`Coverage`] counts the valid events that hit each point, in any order, and [merges](Coverage::merge) the counts of
//! several threads.
//!
//! ```
//! use cloudconnexa_validator::Validator;
//! use cloudconnexa_validator::coverage::{Branch, Coverage};
//!
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let mut coverage = Coverage::default();
//! coverage.add(&mut checker, br#"{"CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z",
//!   "cloudId":"example-corp","service":"CloudConnexa","traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7",
//!   "initiator":"user@example.com","initiatorType":"User","category":"Activity.Admin","eventName":"test-message"}"#);
//!
//! let types: Vec<_> = coverage.points().filter(|(point, _)| point.pointer == "/initiatorType").collect();
//! let hits = |branch| types.iter().find(|(point, _)| point.branch == branch).map(|(_, hits)| *hits);
//! assert_eq!(hits(Branch::Present), Some(1));
//! assert_eq!(hits(Branch::Value("User")), Some(1));
//! assert_eq!(hits(Branch::Value("Device")), Some(0));
//! ```
//!
//! # What is a point
//!
//! * Each event, and an event that the schema does not know.
//! * Each field: that it is present, and for an optional one that it is absent.
//! * Each value of a closed list; each known value of an open one, and a value that is not known. Each value of an integer
//!   that can have at most ten. Bounds of other integers are not points: they are those of 64 bits or of ports.
//! * Each of several formats (IPv4, IPv6), and the empty string if it is valid.
//! * `true` and `false`; null and not null.
//! * A field that the schema does not know, in the header and in the `log` of each event.
//!
//! The fields of a `log` are points of their event. Those of the header are points of all events together: nobody needs a
//! blocked domain in every category. [`Coverage::header`] returns which of them came with which event.
//!
//! Only valid records count.

mod count;
mod lines;
mod plan;

pub use count::Coverage;
pub use plan::{Branch, Point, points};
