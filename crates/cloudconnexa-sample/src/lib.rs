//! Generates log events that look like those of OpenVPN CloudConnexa, from a seed.
//!
//! The same seed gives the same bytes on every machine, and the first events of a long sample are those of a short one.
//!
//! ```
//! use cloudconnexa_sample::{Mix, Options, Sample};
//!
//! let mix: Mix = "flow-established=9,traffic-blocked=1".parse()?;
//! let mut sample = Sample::new(&Options::default().seed(7).mix(mix));
//! let mut lines = Vec::new();
//! sample.write(100, &mut lines)?;
//! assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 100);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | write a file of events | [`Sample::write`] |
//! | get one event at a time, into a buffer of your own | [`Sample::event`] |
//! | choose which events there are, and how often | [`Mix`] |
//! | spread events over days | [`Options::interval`], [`Sample::key`] |
//! | get events that cover the schema | [`Sample::covering_set`] |
//! | get invalid events, unknown fields, shuffled keys, escapes | [`Options`] |
//! | get one valid event as a Rust value, for a unit test | `Event::example` of the crate `cloudconnexa-events` |
//! | do all this on the command line | `ccxlog sample` |
//!
//! The bytes of a seed can change with the schema, and so with the version of this crate: generate a sample when you need
//! it rather than keeping one.

mod cover;
mod fault;
mod fields;
mod inventory;
mod key;
mod layout;
mod mix;
mod options;
mod pools;
mod random;
mod sample;
mod simulator;
#[cfg(test)]
mod tests;
mod text;
mod writer;

pub use cover::CoveringFile;
pub use layout::Format;
pub use mix::{Mix, ParseMixError, ParseMixErrorKind};
pub use options::Options;
pub use sample::Sample;
pub use text::Spelling;
