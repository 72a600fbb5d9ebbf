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
//! | parse from a reader, an array of events, or another format | [serde](#every-format-of-serde): [`Event`] implements `Deserialize` |
//! | write an event | [`Event::to_json`], `Display` or `serde_json` |
//! | count by person or device | [`Event::user_id`], [`Event::device_id`] |
//! | show people who it was, and with which device | [`Event::user_name`], [`Event::device_name`] |
//! | ask from where, in which session | [`Event::public_ip`], [`Event::session_id`] |
//! | read the fields of one event | a `match` on [`EventBody`] |
//! | read a few fields of very many events, or parse valid ones faster | `EventView` of the crate `cloudconnexa-validator` |
//! | read a field that this version does not know | [`Fields::parse`] on `extra` |
//! | read an audit event, which nobody documents | [`UnknownEvent::audit`] |
//! | compare or convert times | [`Timestamp`] |
//! | compute with the times of many events | [`UtcMicros`] |
//! | group events by day, in UTC | [`Timestamp::date`] |
//! | decide what to do with a line that does not parse | [`Error::kind`] |
//! | find what is wrong with it | [`Error::line`], [`Error::column`], [`Error::pointer`] |
//! | make an event for a test | [`Event::example`], and [`to_builder`](Header::to_builder) to change it |
//! | make an event from values | [`Event::new`], with [`builder`](Header::builder) of the header and the `log` |
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
//! It reads no files and does not decompress: give it one event at a time.
//!
//! The structs cannot be written out, because they grow with the vendor's fields: [builders](guide#making-events) make them,
//! and refuse what the schema refuses.
//!
//! # Every format of serde
//!
//! [`Event`] implements `Serialize` and `Deserialize`. What is written can be read again, and is equal, with unknown fields,
//! unknown events, and `log` before `eventName`:
//!
//! | through | kept |
//! |---|---|
//! | text of `serde_json`: `from_str`, `from_slice`, `from_reader`, `to_string`, `to_writer`; [`str::parse`] and [`Event::to_json`] | everything, to the last digit |
//! | `Vec<Event>`, `Box<Event>`, `Option<Event>` | what the format keeps |
//! | `serde_json::Value`: `to_value`, `from_value` | the value \* |
//! | `#[serde(flatten)]`, and enums that are untagged, internally or adjacently tagged | the value \* |
//! | the serde interfaces of `simd-json` and `sonic-rs` | the value \* |
//! | YAML (`serde_norway`), CBOR (`ciborium`), `MessagePack` (`rmp-serde`) | the value \* |
//! | formats that do not describe themselves, such as `bincode` | an error, as they cannot hold fields that nobody has foreseen |
//!
//! \* In unknown fields, a number that does not fit into 64 bits becomes the nearest `f64`; `serde_json` keeps its digits if
//! the program turns on the feature `arbitrary_precision`. White space and escapes of unknown fields are lost, which does not
//! change what they mean. A float that JSON does not have, such as `NaN`, is an error.
//!
//! # Features
//!
//! * `jiff`: conversions between [`Timestamp`] and [`jiff::Timestamp`](https://docs.rs/jiff). `jiff` is a dependency either
//!   way; the feature makes its version part of this crate's API.
//! * `schemars`: [`schemars::JsonSchema`](https://docs.rs/schemars) for every type.

mod actors;
mod audit;
mod builder;
mod error;
mod event;
mod example;
mod fields;
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}
mod helpers;
mod json;
mod parts;
mod pointer;
pub mod scalar;
mod texts;
mod unknown;
mod wire;

#[rustfmt::skip]
#[path = "generated/types.rs"]
mod generated;

pub use actors::{Actors, Entity};
pub use audit::{AdditionalInfo, Audit, ChangedField};
pub use builder::{BuildError, BuildErrorKind, IntoField};
pub use error::{Error, ErrorKind};
pub use event::Event;
pub use fields::Fields;
pub use generated::*;
#[doc(hidden)]
pub use parts::{Part, Parts};
pub use scalar::{Date, IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, Timestamp, UtcMicros, Uuid};
pub use unknown::{UnknownEvent, UnknownEventBuilder};

/// The JSON Schema (2020-12) that these types are generated from, as text.
///
/// It relies on `format`, which most validators only check if told to.
pub const SCHEMA: &str = include_str!("generated/log-event.schema.json");
