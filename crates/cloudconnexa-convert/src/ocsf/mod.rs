//! OCSF: events as JSON, one per line, in the class that each belongs to.
//!
//! ```
//! use cloudconnexa_convert::ocsf::{Ocsf, OcsfVersion};
//! use cloudconnexa_validator::Validator;
//!
//! # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let mut ocsf = Ocsf::new(OcsfVersion::V1_8);
//!
//! let event = checker.view(record).expect("the record is valid");
//! let mut line = Vec::new();
//! ocsf.write(&event, &mut line);
//!
//! let event: serde_json::Value = serde_json::from_slice(&line)?;
//! assert_eq!(event["class_name"], "Tunnel Activity");
//! assert_eq!(event["time"], 1_703_069_114_000_i64);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What is written
//!
//! - Times and durations are milliseconds. `metadata.original_time` keeps how the time was written.
//! - `src_endpoint` is the client, `dst_endpoint` the gateway: `traffic.bytes_in` counts what the gateway sent.
//! - Each enumerated attribute has its text next to it. A value that OCSF does not know is 99, with the text of the event.
//! - `raw_data` is the record. What has no place in the class is in `unmapped`, in the shape of the event: unknown fields,
//!   the `log` of unknown events, and values that stand for none, such as an empty address.

mod classes;

use cloudconnexa_validator::view::EventView;

use crate::generated::mappings::{OCSF_1_1, OCSF_1_8};
use crate::mapping::{Absent, Plan, Writer, push_escaped};

pub use classes::{Class, Column, ColumnType, class_uid, classes};

/// A version of OCSF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcsfVersion {
    /// 1.1.0, which many consumers are still at, Amazon Security Lake among them. It has no class for tunnels: sessions are
    /// Network Activity.
    V1_1,
    /// 1.8.0.
    #[default]
    V1_8,
}

impl OcsfVersion {
    /// Returns the version as events state it, such as `1.8.0`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_1 => "1.1.0",
            Self::V1_8 => "1.8.0",
        }
    }

    fn plans(self) -> &'static [Plan] {
        match self {
            Self::V1_1 => OCSF_1_1,
            Self::V1_8 => OCSF_1_8,
        }
    }

    /// Returns the plan of an event. The last is that of events that the schema does not describe.
    fn plan(self, event: &EventView<'_>) -> Option<&'static Plan> {
        let plans = self.plans();
        event.event_index().and_then(|index| plans.get(index)).or(plans.last())
    }
}

/// Writes events in a version of OCSF.
#[derive(Debug, Default)]
pub struct Ocsf {
    version: OcsfVersion,
    unmapped_as_text: bool,
    scratch: Vec<u8>,
}

impl Ocsf {
    /// Creates a writer.
    #[must_use]
    pub fn new(version: OcsfVersion) -> Self {
        Self { version, ..Self::default() }
    }

    /// Sets whether `unmapped` is a string with JSON in it rather than an object, as columns of tables need it.
    #[must_use]
    pub fn with_unmapped_as_text(mut self, as_text: bool) -> Self {
        self.unmapped_as_text = as_text;
        self
    }

    /// Appends an event as a line of JSON.
    pub fn write(&mut self, event: &EventView<'_>, out: &mut Vec<u8>) {
        let Some(plan) = self.version.plan(event) else { return };
        // An event in OCSF is about three times as long: it holds the record, and most of its values again.
        out.reserve(4 * event.record().len());
        let mut writer = Writer::start(plan, event, out);
        let start = writer.out.len();
        let has_leftovers = writer.leftovers("\"unmapped\":{", Absent::Keep);
        if has_leftovers && self.unmapped_as_text {
            let key = "\"unmapped\":".len();
            self.scratch.clear();
            // Without the comma.
            let object = start + key..writer.out.len() - 1;
            self.scratch.extend_from_slice(writer.out.get(object).unwrap_or_default());
            writer.out.truncate(start + key);
            writer.out.push(b'"');
            push_escaped(writer.out, &self.scratch);
            writer.out.extend_from_slice(b"\",");
        }
        writer.end();
    }
}
