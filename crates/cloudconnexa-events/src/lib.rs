//! Rust types for the log events that OpenVPN CloudConnexa's *Log Streaming* writes to an S3 bucket.
//!
//! [`Event`] is one event, that is, one line of such a log. It has a [`Header`], which all events share, and an
//! [`EventBody`]. Nothing is lost: an event that this version does not know parses as [`EventBody::Other`], a field that it
//! does not know is kept in `extra`, and a value outside a known list becomes the variant `Other`. A parsed event is written
//! back as the same JSON value.
//!
//! ```
//! use cloudconnexa_events::{Event, EventBody};
//!
//! let line = include_str!("../examples/client-disconnected.json");
//! let event: Event = line.parse()?;
//! println!("{} {}", event.header.timestamp, event.user_name().unwrap_or("nobody"));
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
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | parse a line | [`str::parse`], or [`Event::from_slice`] for bytes |
//! | parse from a reader, or an array of events | `serde_json`: [`Event`] implements `Deserialize` |
//! | write an event | [`Event::to_json`], `Display` or `serde_json` |
//! | count by person or device | [`Event::user_id`], [`Event::device_id`] |
//! | show people who it was, and with which device | [`Event::user_name`], [`Event::device_name`] |
//! | ask from where, in which session | [`Event::public_ip`], [`Event::session_id`] |
//! | read the fields of one event | a `match` on [`EventBody`] |
//! | read a field that this version does not know | [`Fields::parse`] on `extra` |
//! | compare or convert times | [`Timestamp`] |
//! | group events by day, in UTC | [`Timestamp::date`] |
//! | decide what to do with a line that does not parse | [`Error::kind`] |
//! | make an event for a test | [`Event::example`] |
//! | make thousands of them | the crate `cloudconnexa-sample` |
//! | learn everything that is wrong with an event | the crate `cloudconnexa-validator` |
//!
//! # What it accepts
//!
//! It accepts exactly what the JSON Schema ([`SCHEMA`]) accepts, except for objects that have a key twice. Parsing stops at
//! the first error; to get all of them, with positions, validate the event with the crate `cloudconnexa-validator`.
//!
//! # What it does not do
//!
//! It reads no files and does not decompress: give it one event at a time. Deserializing works with `serde_json` only (from
//! a text, a slice, a reader or a `Value`), because unknown fields are kept as raw JSON, which other formats do not have.
//!
//! It does not build events from parts, because the structs grow with the vendor's fields. For tests, take
//! [`Event::example`] and change its fields.
//!
//! # Features
//!
//! * `jiff`: conversions between [`Timestamp`] and [`jiff::Timestamp`](https://docs.rs/jiff). `jiff` is a dependency either
//!   way; the feature makes its version part of this crate's API.
//! * `schemars`: [`schemars::JsonSchema`](https://docs.rs/schemars) for every type.

mod actors;
mod error;
mod event;
mod example;
mod fields;
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}
mod helpers;
pub mod scalar;
mod unknown;
mod wire;

#[rustfmt::skip]
#[path = "generated/types.rs"]
mod generated;

pub use actors::{Actors, Entity};
pub use error::{Error, ErrorKind};
pub use event::Event;
pub use fields::Fields;
pub use generated::*;
pub use scalar::{Date, IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, Timestamp, Uuid};
pub use unknown::UnknownEvent;

/// The JSON Schema (2020-12) that these types are generated from, as text.
///
/// It relies on `format`, which most validators only check if told to.
pub const SCHEMA: &str = include_str!("generated/log-event.schema.json");
