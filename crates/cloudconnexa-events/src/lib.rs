//! Rust types for the log events that OpenVPN CloudConnexa's *Log Streaming* writes to an S3 bucket.
//!
//! [`Event`] is one event, a line of such a log: its [`Header`] and its [`EventBody`]. Events that this version does
//! not know parse as [`EventBody::Other`], fields that it does not know are kept in `extra`, values outside a known
//! list in a variant `Other`: nothing is lost, and what is parsed is written back as the same JSON value.
//!
//! ```
//! use cloudconnexa_events::{Event, EventBody};
//!
//! let line = include_str!("../examples/client-disconnected.json");
//! let event: Event = line.parse()?;
//! println!("{} {}", event.header.timestamp, event.user());
//!
//! match &event.body {
//!     EventBody::ClientDisconnected(log) => {
//!         assert_eq!(log.session_bytes_in, 34_409);
//!         assert_eq!(log.duration().as_secs(), 4);
//!         assert_eq!(log.disconnect_description(), None); // the text "null" means the same
//!     }
//!     EventBody::Other(other) => println!("new to us: {}", other.event_name),
//!     _ => {}
//! }
//! # Ok::<(), cloudconnexa_events::Error>(())
//! ```
//!
//! The [`guide`] shows each event.
//!
//! # What it accepts
//!
//! Exactly what the JSON Schema ([`SCHEMA`]) accepts, as long as no object holds a key twice. To learn *everything*
//! that is wrong with an event, and where, validate it with the crate `cloudconnexa-validator`; parsing stops at the
//! first error.
//!
//! # What it does not do
//!
//! It reads no files and knows no gzip: give it one event at a time. Deserializing goes through `serde_json` (from a
//! text, a slice, a reader or a `Value`): unknown fields are kept as raw JSON, which other formats do not have.
//!
//! It does not build events from parts: the vendor adds fields, so the structs cannot be written out. Where a test needs
//! an event, parse one, such as those in this crate's `examples/`, and change its fields.
//!
//! # Features
//!
//! * `schemars`: [`schemars::JsonSchema`](https://docs.rs/schemars) for every type.

mod error;
mod event;
mod fields;
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}
mod helpers;
pub mod scalar;
mod wire;

#[rustfmt::skip]
#[path = "generated/types.rs"]
mod generated;

pub use error::Error;
pub use event::{Event, UnknownEvent};
pub use fields::Fields;
pub use generated::*;
pub use scalar::{IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, Timestamp, Uuid};

/// The JSON Schema (2020-12) that these types are generated from, as text.
///
/// `format` is meant to be asserted: tell your validator to.
pub const SCHEMA: &str = include_str!("generated/log-event.schema.json");
