//! A typed reading of the `log` of audit events.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use crate::fields::Fields;
use crate::unknown::UnknownEvent;

/// What an administrator or a member changed, as events of the categories `Audit.Admin` and `Audit.Member` report it.
///
/// The vendor does not document these events, and the schema does not describe them. What is here is what two independent
/// public readers of such events agree on: a program that reads a real bucket, and the vendor's own REST API, which returns the
/// same records. So nothing is required: what an event does not have, or has in another form, is `None` or left out of a list.
/// The whole `log` is in [`UnknownEvent::log`].
///
/// Values that are not strings are here as JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Audit {
    /// What was done, such as `UPDATE`.
    pub operation: Option<String>,
    /// What kind of entity it was done to.
    pub entity_type: Option<String>,
    /// The identifier of that entity.
    pub entity_id: Option<String>,
    /// The name of that entity.
    pub entity_name: Option<String>,
    /// The name of the entity that it belongs to.
    pub parent_entity_name: Option<String>,
    /// The fields of the entity that were changed.
    pub fields: Vec<ChangedField>,
    /// Anything else, by name.
    pub additional_info: Vec<AdditionalInfo>,
}

/// A field that was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChangedField {
    /// Its name.
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    /// Its value before, if it had one.
    #[serde(deserialize_with = "text")]
    pub old_value: Option<String>,
    /// Its value after, if it has one.
    #[serde(deserialize_with = "text")]
    pub new_value: Option<String>,
}

/// A further fact about a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AdditionalInfo {
    /// What the fact is about.
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    /// The fact.
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
}

impl UnknownEvent {
    /// Returns what was changed, if this looks like an audit event: it has a `log` with an `operation`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::{Event, EventBody};
    ///
    /// let line = r#"{"CloudConnexaLogVersion": 1, "timestamp": "2026-03-02T08:00:00Z", "cloudId": "example",
    ///     "service": "CloudConnexa", "traceId": "693bbbde-626d-4940-ac2b-4e75efb49bf7", "initiator": "ann@example.com",
    ///     "initiatorType": "User", "category": "Audit.Admin", "eventName": "user-updated", "log": {
    ///         "operation": "UPDATE", "entityType": "USER", "entityName": "Bob",
    ///         "fields": [{"name": "role", "oldValue": null, "newValue": "ADMIN"}]}}"#;
    /// let event: Event = line.parse()?;
    /// let EventBody::Other(other) = &event.body else { panic!("a known event") };
    /// let audit = other.audit().expect("an audit event");
    /// assert_eq!(audit.operation.as_deref(), Some("UPDATE"));
    /// assert_eq!(audit.fields[0].new_value.as_deref(), Some("ADMIN"));
    /// # Ok::<(), cloudconnexa_events::Error>(())
    /// ```
    pub fn audit(&self) -> Option<Audit> {
        let log = self.log.as_ref()?;
        let operation = Some(log_text(log, "operation")?);
        Some(Audit {
            operation,
            entity_type: log_text(log, "entityType"),
            entity_id: log_text(log, "entityId"),
            entity_name: log_text(log, "entityName"),
            parent_entity_name: log_text(log, "parentEntityName"),
            fields: list(log, "fields"),
            additional_info: list(log, "additionalInfo"),
        })
    }
}

fn log_text(log: &Fields, name: &str) -> Option<String> {
    log.get(name).and_then(as_text)
}

/// Returns the elements of an array that are objects.
fn list<T: DeserializeOwned>(log: &Fields, name: &str) -> Vec<T> {
    let elements: Vec<Box<RawValue>> = log.parse(name).and_then(Result::ok).unwrap_or_default();
    // serde also reads a struct from an array.
    let objects = elements.iter().map(|element| element.get()).filter(|text| text.starts_with('{'));
    objects.filter_map(|text| serde_json::from_str(text).ok()).collect()
}

/// Returns a string without its quotes, nothing for null, and the JSON text of anything else.
fn as_text(value: &RawValue) -> Option<String> {
    match serde_json::from_str::<Option<String>>(value.get()) {
        Ok(text) => text,
        Err(_) => Some(value.get().to_owned()),
    }
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(as_text(&Box::<RawValue>::deserialize(deserializer)?))
}

#[cfg(test)]
mod tests;
