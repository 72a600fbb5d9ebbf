//! The reference as data.

use cloudconnexa_schema::Json;
#[cfg(feature = "schemars")]
use schemars::JsonSchema;
use serde::Serialize;

// The comments on these types are descriptions in the JSON Schema.

/// What `ccxlog events --format json` writes: the events that the schema describes, with their fields. Later versions may add
/// fields here and there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(title = "Events of CloudConnexa, by ccxlog"))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Reference {
    /// The `$id` of the schema.
    pub schema: String,
    /// The version of the schema.
    pub version: String,
    /// The fields outside of `log`, `eventName` and `log` first.
    pub header: Vec<ReferenceField>,
    /// The events, in the order of the schema.
    pub events: Vec<ReferenceEvent>,
    /// The rules that are named at the fields.
    pub rules: Vec<ReferenceRule>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReferenceEvent {
    /// The value of `eventName`.
    pub name: String,
    /// A title of a few words.
    pub title: String,
    /// What it reports, as Markdown.
    pub description: String,
    /// The version of the schema that described it first; null if none that is released does.
    pub since: Option<String>,
    /// Whether it has a `log`.
    pub has_log: bool,
    /// The fields of `log`.
    pub fields: Vec<ReferenceField>,
    /// Fields that are known to occur, and that the schema does not describe.
    pub undescribed: Vec<UndescribedField>,
    /// The example that the vendor documents, if there is one.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<serde_json::Value>"))]
    pub example: Option<Json>,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReferenceField {
    /// Its name.
    pub name: String,
    /// The JSON Pointer to it in an event.
    pub pointer: String,
    /// Its anchor in the page that `--format html` writes.
    pub anchor: String,
    /// What its value has to be, in words.
    #[serde(rename = "type")]
    pub value_type: String,
    /// The types of its value in JSON.
    pub json_types: Vec<&'static str>,
    /// Whether each event has it.
    pub presence: Presence,
    /// What it means, as Markdown.
    pub description: String,
    /// Example values.
    #[cfg_attr(feature = "schemars", schemars(with = "Vec<serde_json::Value>"))]
    pub examples: Vec<Json>,
    /// The values that are known. Empty if the values are no list.
    pub known_values: Vec<ReferenceValue>,
    /// Whether values other than the known ones are valid.
    pub other_values: bool,
    /// How the field is known.
    pub source: Source,
    /// Whether the vendor has announced that it will go away.
    pub deprecated: bool,
    /// The field that replaces it.
    pub replaced_by: Option<String>,
    /// The version of the schema that described it first; null if none that is released does.
    pub since: Option<String>,
    /// The paths that it goes to in OCSF 1.8. Which of them depends on the event, and on what the field says; empty if it is
    /// only kept in `unmapped`.
    pub ocsf: Vec<&'static str>,
    /// The fields of Elastic Common Schema that it goes to, likewise; empty if it is only kept below `cloudconnexa`.
    pub ecs: Vec<&'static str>,
    /// The ids of rules about it, apart from `missing-field`, `wrong-type` and others that apply to any field.
    pub rules: Vec<&'static str>,
}

/// Whether each event has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// An event without it is invalid.
    Always,
    /// An event without it may be valid.
    Sometimes,
}

/// A known value of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReferenceValue {
    /// The value.
    #[cfg_attr(feature = "schemars", schemars(with = "serde_json::Value"))]
    pub value: Json,
    /// What it means, as Markdown; null if the schema does not say.
    pub description: Option<String>,
    /// How it is known.
    pub source: Source,
}

/// How something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The vendor documents it.
    Documented,
    /// It occurs in an example or a repository of the vendor.
    Example,
    /// People have seen it in real logs.
    RealData,
    /// It follows from the rest.
    Inferred,
}

/// A field that is known to occur, and that the schema does not describe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UndescribedField {
    /// Its name.
    pub name: String,
    /// The types of its values in JSON.
    pub json_types: Vec<String>,
    /// What is known of it, as Markdown.
    pub description: String,
}

/// A rule about fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReferenceRule {
    /// Its id.
    pub id: &'static str,
    /// The severity of its findings: `error`, `warning` or `note`.
    pub severity: &'static str,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// The option of `ccxlog validate` without which it does not apply; null if it always does.
    pub option: Option<&'static str>,
}

impl Reference {
    /// Returns the event with this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&ReferenceEvent> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Returns the reference with no other event than this one, and no rules about the fields of others.
    ///
    /// Returns `None` if there is no event with this name.
    #[must_use]
    pub fn only(mut self, name: &str) -> Option<Self> {
        self.events.retain(|event| event.name == name);
        let event = self.events.first()?;
        let fields = || self.header.iter().chain(&event.fields);
        self.rules.retain(|rule| fields().any(|field| field.rules.contains(&rule.id)));
        Some(self)
    }
}
