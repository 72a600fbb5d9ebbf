//! Changes a schema by one difference after the other.

mod definition;
mod event;
mod value;
mod widen;

use std::collections::BTreeSet;

use cloudconnexa_schema::Json;
use cloudconnexa_schema::pointer::{child, unescape};

use super::field;
use super::names;
use super::patch::PatchedDocument;
use crate::compare::{Finding, FindingKind};
use crate::known::Known;
use crate::profile::{FieldProfile, Occurrences, Profile};

/// The greatest number of fields that an object gets: readers of events keep one bit of a 64-bit mask for each.
const MAX_FIELDS: usize = 56;
/// The definition of the header.
const HEADER: &str = "/$defs/Header";

/// The reason why a difference is not described.
type Reason = &'static str;

/// A schema that is being changed.
pub(super) struct Draft<'a> {
    pub(super) document: PatchedDocument,
    pub(super) unresolved: Vec<String>,
    known: &'a Known,
    profile: &'a Profile,
}

impl<'a> Draft<'a> {
    pub(super) fn new(document: PatchedDocument, known: &'a Known, profile: &'a Profile) -> Self {
        Self { document, unresolved: Vec::new(), known, profile }
    }

    /// Changes the schema so that it describes a difference.
    pub(super) fn describe(&mut self, finding: &Finding) {
        let described = match (finding.kind, &finding.path) {
            _ if finding.is_rest => Err("there are too many to list"),
            (FindingKind::NewEvent, _) => self.event(finding),
            (FindingKind::NewField, Some(path)) => self.new_field(finding, path),
            (FindingKind::NewValue, Some(path)) => self.value(finding, path),
            (FindingKind::TypeChanged, Some(path)) => self.widen(finding, path),
            (FindingKind::FieldGone | FindingKind::FieldMissing, _) => Err(
                "a proposal never makes a required field optional; decide whether it is, and change `required` yourself",
            ),
            _ => Err("no schema can describe that"),
        };
        if let Err(reason) = described {
            self.unresolved.push(format!("{}: {reason}", finding.message()));
        }
    }

    /// Returns the pointer to the object in which a field of an event is described.
    fn object(&self, event: Option<&str>, path: &str) -> Option<String> {
        if !path.starts_with("/log/") {
            return Some(HEADER.to_owned());
        }
        let branch = self.branch(event?)?;
        let reference = self.json(&format!("{branch}/then/properties/log/$ref"))?;
        Some(reference.as_str()?.trim_start_matches('#').to_owned())
    }

    /// Returns the pointer to the branch of an event.
    fn branch(&self, event: &str) -> Option<String> {
        let branches = self.json("/allOf")?.elements();
        let is_of_event = |branch: &Json| {
            branch.pointer("/if/properties/eventName/const").and_then(Json::as_str) == Some(event)
        };
        Some(format!("/allOf/{}", branches.iter().position(is_of_event)?))
    }

    fn json(&self, pointer: &str) -> Option<&Json> {
        self.document.json.pointer(pointer)
    }

    fn definitions(&self) -> &[(String, Json)] {
        self.json("/$defs").map_or(&[], Json::members)
    }

    /// Returns the fields that an object describes.
    fn properties(&self, object: &str) -> &[(String, Json)] {
        self.json(&format!("{object}/properties")).map_or(&[], Json::members)
    }

    /// Returns the values of a field in all events for which `object` describes it.
    fn values(&self, object: &str, path: &str) -> FieldProfile {
        let mut all = FieldProfile::default();
        let nameless = self.profile.nameless.as_ref().map(|event| (None, event));
        let named = self.profile.events.iter().map(|(name, event)| (Some(name.as_str()), event));
        for (name, event) in named.chain(nameless) {
            if let Some(field) = event.fields.get(path)
                && self.object(name, path).as_deref() == Some(object)
            {
                all.merge(field.clone());
            }
        }
        all
    }

    /// Describes a field that is new in the header or in a described `log`, or a `log` that is new.
    fn new_field(&mut self, finding: &Finding, path: &str) -> Result<(), Reason> {
        let event = event_of(finding);
        if path == "/log" {
            let branch = event.and_then(|event| self.branch(event)).ok_or("its event is not described")?;
            let types = event
                .and_then(|event| self.profile.events.get(event)?.fields.get(path))
                .map(|field| field.types.clone())
                .unwrap_or_default();
            let values = FieldProfile { types, ..FieldProfile::default() };
            self.unmodelled(&branch, "log", &values, None);
            return Ok(());
        }
        let object = self.object(event, path).ok_or("its event has no `log` in the schema")?;
        let name = last_name(path);
        if self.json(&property(&object, &name)).is_some() {
            return Ok(());
        }
        let values = self.values(&object, path);
        self.add_field(&object, &name, &values);
        Ok(())
    }

    /// Adds the description of a field to an object.
    fn add_field(&mut self, object: &str, name: &str, values: &FieldProfile) {
        let shape = field::describe(values);
        let properties = self.properties(object);
        let can_be_field = names::can_be_field(name, properties.iter().map(|(name, _)| name.as_str()))
            && !(object == HEADER && matches!(name, "eventName" | "log"))
            && properties.len() < MAX_FIELDS;
        match self.keywords(&shape).filter(|_| can_be_field) {
            Some(mut members) => {
                members.push(("description".to_owned(), Json::string(seen_in(values.present()))));
                members.push(("x-provenance".to_owned(), Json::string("real-data")));
                self.document.add(&property(object, name), Json::Object(members));
            }
            None => self.unmodelled(object, name, values, None),
        }
    }

    /// Adds a field to those of an object or branch that are known to occur and not described.
    fn unmodelled(&mut self, owner: &str, name: &str, values: &FieldProfile, description: Option<&str>) {
        let list = format!("{owner}/x-unmodelled");
        let types: BTreeSet<_> = values.types.keys().map(|value_type| value_type.json_type()).collect();
        if self.json(&list).is_none() {
            self.document.add(&list, Json::Object(Vec::new()));
        }
        let seen_in = seen_in(values.present());
        let description = match description {
            Some(old) => format!("{old} No type that the schema supports takes all its values. {seen_in}"),
            None => seen_in,
        };
        let entry =
            Json::object([("types", Json::strings(types)), ("description", Json::string(description))]);
        self.document.add(&child(&list, name), entry);
    }
}

/// Returns the event that a finding is about: the first one, if they share the field of the header.
fn event_of(finding: &Finding) -> Option<&str> {
    finding.events.first().map(String::as_str)
}

/// Returns the name of the field at a path.
fn last_name(path: &str) -> String {
    unescape(path.rsplit_once('/').map_or("", |(_, name)| name))
}

/// Returns the pointer to a property of an object.
fn property(object: &str, name: &str) -> String {
    child(&format!("{object}/properties"), name)
}

/// Returns the description of everything that is drafted, for somebody to complete.
fn seen_in(seen: Occurrences) -> String {
    let since = seen.first.map(|first| format!(" since {first}")).unwrap_or_default();
    let events = if seen.count == 1 { "event" } else { "events" };
    format!("Seen in {} {events}{since}; describe it.", seen.count)
}
