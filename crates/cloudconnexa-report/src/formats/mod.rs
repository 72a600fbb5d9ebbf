//! The formats, one file each.
//!
//! A list (`human`, `concise`, `json`) has each finding as it comes. A report (`sarif`, `github`, `gitlab`, `html`) covers
//! the whole run, and has findings of one kind in one input as one entry, because its readers cannot cope with a million.
//! `junit` is written input by input.

mod concise;
mod excerpt;
mod github;
mod gitlab;
pub(crate) mod html;
mod human;
mod json;
mod junit;
mod list;
mod name;
mod report;
mod sarif;

pub(crate) use excerpt::excerpt;
pub use github::step_summary;
pub(crate) use github::{data, property};
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
pub use junit::JunitWriter;
pub use list::{FindingWriter, ListFormat};
pub use name::{Format, UnknownFormat};
pub use report::{RunFormat, write_entries};
pub(crate) use sarif::{artifact_location, level as sarif_level};
