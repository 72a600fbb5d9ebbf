//! Which parts of the schema a set of events exercises: its points, and how many valid events meet each.
//!
//! [`points`] lists what there is to exercise, as the [catalogue](crate::catalog) has it: a field that the schema gains
//! is a new point. A [`Coverage`] counts, one record after the other; what it counts does not depend on their order, and
//! those that several threads counted are [merged](Coverage::merge).
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
//! * Each field: that it is there; of an optional one also that it is absent.
//! * Each value of a closed list, each known value of an open one, and a value beside them. Of integers that can have at
//!   most ten values, each; the bounds of other integers are those of 64 bits, or of ports, and no points.
//! * Each of several formats (IPv4, IPv6), and the empty string where that will do as well.
//! * `true` and `false`; null and not null.
//! * A field that the schema does not know, in the header and in the `log` of each event.
//!
//! The fields of a `log` are points of their event. Those of the header are points of all events together: that a blocked
//! domain comes in every category is nothing to ask for. [`Coverage::header`] tells which of them came with which event.
//!
//! Only valid records count.

mod count;
mod lines;
mod plan;

pub use count::Coverage;
pub use plan::{Branch, Point, points};
