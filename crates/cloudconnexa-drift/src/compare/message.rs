//! The wording of findings.

use super::finding::{Finding, FindingKind};
use crate::hash;

impl Finding {
    /// Says what differs, in a sentence without a full stop. It contains no values beyond those of the finding itself.
    #[must_use]
    pub fn message(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        let name = format!("`{path}`");
        let event = match self.events.as_slice() {
            [] => "records without a name".to_owned(),
            [event] if hash::is_fingerprint(event) => format!("an event whose name is not shown ({event})"),
            [event] => format!("`{event}`"),
            events => format!("{} events", events.len()),
        };
        let location = match path {
            "/log" => event.clone(),
            _ if self.is_in_header() => "the header".to_owned(),
            _ => format!("`log` of {event}"),
        };
        let described = if self.is_described { ", which the schema describes" } else { "" };
        let expected = self.expected.as_deref().unwrap_or("something else");
        match self.kind {
            FindingKind::Unreadable => "records are not JSON objects".to_owned(),
            FindingKind::NotAnEvent => {
                format!("records are not events: {}", self.value.as_deref().unwrap_or("unknown"))
            }
            FindingKind::NewEvent if self.is_rest => {
                "more unknown events, with too many names to list".to_owned()
            }
            FindingKind::NewEvent => format!("new event: {event}{described}"),
            FindingKind::EventStopped => format!("{event} no longer occurs"),
            FindingKind::NewField if self.is_rest => {
                format!("more unknown fields of {event}, with too many names to list")
            }
            FindingKind::NewField => format!("new field {name}{described} in {location}"),
            FindingKind::FieldGone => format!("field {name} is gone from {location}"),
            FindingKind::FieldMissing => {
                format!("field {name}, which was always present, is sometimes missing from {location}")
            }
            FindingKind::TypeChanged => {
                format!("{name} in {location} is {}, expected {expected}", self.found_types())
            }
            FindingKind::NewValue if self.is_rest => {
                format!("more new values of {name} in {location}, too many or too long to list")
            }
            FindingKind::NewValue => match &self.value {
                Some(value) if hash::is_fingerprint(value) => {
                    format!("new value of {name} in {location}, which is not shown ({value})")
                }
                Some(value) => format!("new value of {name} in {location}: {}", quoted(value)),
                None => format!("new value of {name} in {location}"),
            },
            FindingKind::NullsJumped => {
                format!("{name} in {location} is {} more often than before ({expected})", self.found_types())
            }
        }
    }

    /// Says what to do about the difference.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.kind {
            FindingKind::Unreadable => "`ccxlog validate` shows where they are and what is wrong with them",
            FindingKind::NotAnEvent => {
                "`ccxlog validate` says what they are, and how to get at events inside them; nothing in them is compared"
            }
            FindingKind::NewEvent if self.is_described => {
                "check whether somebody switched it on; the schema needs no change"
            }
            FindingKind::NewEvent if self.is_rest => "check what writes them: no vendor has that many events",
            FindingKind::NewEvent => "describe it in the schema: `--propose` drafts the change",
            FindingKind::EventStopped => {
                "check whether somebody switched it off, or a filter removes it: alerts on it no longer fire"
            }
            FindingKind::NewField if self.is_described => {
                "queries may use it from now on; the schema needs no change"
            }
            FindingKind::NewField if self.is_rest => {
                "check what writes them: names without limit belong in values, not in field names"
            }
            FindingKind::NewField => "describe it in the schema as optional: `--propose` drafts the change",
            FindingKind::FieldGone => {
                "change what reads it (queries, dashboards, alerts); if it is required, make it optional in the schema"
            }
            FindingKind::FieldMissing => {
                "make sure that whatever reads it can do without it; if it is required, make it optional in the schema"
            }
            FindingKind::TypeChanged if self.is_described => {
                "check what reads it: columns and parsers may refuse it, although the schema allows it"
            }
            FindingKind::TypeChanged => {
                "check what reads it: columns and parsers may refuse it; if the change is permanent, widen the schema: `--propose` drafts the change"
            }
            FindingKind::NewValue => {
                "check whether rules that list the values need it, and add it to the schema: `--propose` drafts the change"
            }
            FindingKind::NullsJumped => {
                "check where the values come from: whatever counts or joins by them finds less now"
            }
        }
    }
}

fn quoted(value: &str) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
