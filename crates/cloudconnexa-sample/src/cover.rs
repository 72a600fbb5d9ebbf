//! Events that together exercise everything that the schema describes.

use cloudconnexa_validator::catalog::{EVENTS, EventSpec, FieldSpec, HEADER, Kind};
use cloudconnexa_validator::coverage::{Branch, points};

use crate::fields;
use crate::layout::{UNKNOWN_FIELD, is_present};
use crate::sample::Sample;
use crate::simulator::Snapshot;
use crate::writer::{Scope, Writer};

/// The name of an event that the schema does not describe, such as the vendor may add any day.
const UNKNOWN_EVENT: &str = "sample-event";

/// A value of an open list that is not in it.
const UNKNOWN_VALUE: &str = "sample-value";

/// Events of one kind, one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoveringFile {
    /// The name of the event, or `unknown-event`.
    pub name: &'static str,
    /// The events, each with its line end.
    pub text: Vec<u8>,
}

impl Sample {
    /// Returns valid events that hit every [point](cloudconnexa_validator::coverage) of the schema, one file per event.
    ///
    /// Each has a variety of values in its `log`. The last file is an event that the schema does not describe, with all
    /// that a header can be.
    pub fn covering_set(&mut self) -> Vec<CoveringFile> {
        let mut files: Vec<_> =
            EVENTS.iter().map(|event| self.covering_file(event.name, Some(event))).collect();
        files.push(CoveringFile { name: "unknown-event", ..self.covering_file(UNKNOWN_EVENT, None) });
        files
    }

    fn covering_file(&mut self, name: &'static str, event: Option<&'static EventSpec>) -> CoveringFile {
        let varied = match event {
            Some(event) => {
                Object { event: Some(event), pointer: "/log", fields: event.log.unwrap_or_default() }
            }
            None => Object { event: None, pointer: "", fields: HEADER },
        };
        let count = varied.fields.iter().map(|field| varied.branches(field).len()).max().unwrap_or(1);
        let mut text = Vec::new();
        // The unknown event comes with and without a `log`.
        for variant in 0..count.max(2) {
            self.covering_event(
                name,
                &varied,
                Variant { index: variant, is_last: variant + 1 == count.max(2) },
                &mut text,
            );
            text.push(b'\n');
        }
        CoveringFile { name, text }
    }

    fn covering_event(&mut self, name: &'static str, varied: &Object, variant: Variant, out: &mut Vec<u8>) {
        let (snapshot, mut writer) = self.step(name, out);
        let has_log = varied.event.map_or(variant.index == 0, |event| event.log.is_some());
        let mut separator = "{";
        for field in HEADER {
            let branch = if varied.event.is_none() { varied.branch(field, variant) } else { None };
            let is_there = match branch {
                Some(branch) => branch != Branch::Absent,
                None => {
                    field.required || {
                        let presence = fields::presence(name, Scope::Header, field.name);
                        is_present(presence, &snapshot, writer.random)
                    }
                }
            };
            if is_there {
                key(&mut separator, field.name, &mut writer);
                value(name, Scope::Header, field, branch, &snapshot, &mut writer);
            }
            // The vendor writes both after `category`.
            if field.name == "category" {
                key(&mut separator, "eventName", &mut writer);
                writer.text(name);
                if has_log {
                    key(&mut separator, "log", &mut writer);
                    match varied.event {
                        Some(_) => log(name, varied, variant, &snapshot, &mut writer),
                        None => writer.raw("{}"),
                    }
                }
            }
        }
        if varied.event.is_none() && variant.is_last {
            unknown_field(&mut separator, &mut writer);
        }
        writer.raw("}");
    }
}

/// One of the events of a file.
#[derive(Clone, Copy, Debug)]
struct Variant {
    index: usize,
    is_last: bool,
}

/// The object whose fields vary.
#[derive(Debug)]
struct Object {
    event: Option<&'static EventSpec>,
    pointer: &'static str,
    fields: &'static [FieldSpec],
}

impl Object {
    /// Returns all that a field can be, starting with what it usually is.
    fn branches(&self, field: &FieldSpec) -> Vec<Branch> {
        let pointer = format!("{}/{}", self.pointer, field.name);
        let event = self.event.map(|event| event.name);
        let of_field = points().iter().filter(|point| {
            point.field.is_some() && point.pointer == pointer && point.event.map(|event| event.name) == event
        });
        of_field.map(|point| point.branch).collect()
    }

    fn branch(&self, field: &FieldSpec, variant: Variant) -> Option<Branch> {
        let branches = self.branches(field);
        let index = variant.index.checked_rem(branches.len())?;
        Some(branches[index])
    }
}

fn log(name: &str, varied: &Object, variant: Variant, snapshot: &Snapshot<'_>, writer: &mut Writer<'_>) {
    let mut separator = "{";
    for field in varied.fields {
        let branch = varied.branch(field, variant);
        if branch != Some(Branch::Absent) {
            key(&mut separator, field.name, writer);
            value(name, Scope::Log, field, branch, snapshot, writer);
        }
    }
    if variant.is_last {
        unknown_field(&mut separator, writer);
    }
    writer.raw(if separator == "{" { "{}" } else { "}" });
}

fn key(separator: &mut &'static str, name: &str, writer: &mut Writer<'_>) {
    writer.raw(separator);
    *separator = ",";
    writer.raw("\"");
    writer.raw(name);
    writer.raw("\":");
}

fn unknown_field(separator: &mut &'static str, writer: &mut Writer<'_>) {
    key(separator, UNKNOWN_FIELD, writer);
    writer.raw("17");
}

/// Writes a value that hits `branch`, or the usual one.
fn value(
    event: &str,
    scope: Scope,
    field: &'static FieldSpec,
    branch: Option<Branch>,
    snapshot: &Snapshot<'_>,
    writer: &mut Writer<'_>,
) {
    match (branch, field.kind) {
        (Some(Branch::Null), _) => writer.raw("null"),
        (Some(Branch::True), _) => writer.raw("true"),
        (Some(Branch::False), _) => writer.raw("false"),
        (Some(Branch::Value(value)), _) => writer.text(value),
        (Some(Branch::Number(number)), _) => writer.number(number),
        (Some(Branch::OtherValue), Kind::Integer { minimum, maximum, known }) => {
            let is_other = |number: &u64| !known.contains(number);
            writer.number((minimum..=maximum).find(is_other).unwrap_or(maximum));
        }
        (Some(Branch::OtherValue), _) => writer.text(UNKNOWN_VALUE),
        (Some(Branch::Format("ipv6")), _) => writer.raw(&snapshot.device.tunnel_v6),
        (Some(Branch::Format("ipv4")), _) => writer.raw(&snapshot.device.tunnel_v4),
        (Some(Branch::Empty), _) => writer.raw("\"\""),
        // The simulation may have no value.
        (Some(Branch::NotNull), _) => fields::write_by_kind(field, snapshot, writer),
        _ => match fields::value(event, scope, field.name) {
            Some(write) => write(snapshot, writer),
            None => fields::write_by_kind(field, snapshot, writer),
        },
    }
}
