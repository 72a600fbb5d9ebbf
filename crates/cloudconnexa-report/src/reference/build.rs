//! Builds the reference from the schema, its released versions and the rules.

use std::collections::BTreeSet;

use cloudconnexa_compat::released::RELEASED;
use cloudconnexa_events::{Event, SCHEMA};
use cloudconnexa_schema::{
    EnvelopeField, Event as SchemaEvent, Field, Json, Object, ScalarKind, Schema, UnmodelledField, ValueKind,
};
use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::semantics::{is_record_rule, is_stream_rule, rules_judging};

use super::model::{
    Presence, Reference, ReferenceEvent, ReferenceField, ReferenceRule, ReferenceValue, Source,
    UndescribedField,
};
use super::{mapped, words};

/// A released version, and its schema.
pub(super) type Release<'a> = (&'a str, Schema);

impl Reference {
    /// Returns the reference of the schema that is built in.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the types are generated from the same schema")]
    pub fn built_in() -> Self {
        let parsed = |text: &str| Schema::parse_lenient(text).map(|(schema, _)| schema);
        let schema = parsed(SCHEMA).expect("codegen parses the schema");
        // The newest is listed first.
        let released: Vec<Release<'_>> = RELEASED
            .iter()
            .rev()
            .filter_map(|released| Some((released.version, parsed(released.schema).ok()?)))
            .collect();
        Self::new(&schema, &released)
    }

    /// Builds the reference of a schema. Its released versions come in order, the oldest first.
    pub(super) fn new(schema: &Schema, released: &[Release<'_>]) -> Self {
        let builder = Builder { schema, released };
        let id = schema.document().root().get("$id").and_then(Json::as_str).unwrap_or_default();
        let mut reference = Self {
            schema: id.to_owned(),
            version: id.rsplit([':', '/']).next().unwrap_or_default().to_owned(),
            header: builder.header(),
            events: schema.events().iter().map(|event| builder.event(event)).collect(),
            rules: Vec::new(),
        };
        reference.rules = named_rules(&reference);
        reference
    }
}

/// Returns the rules that are named at any field, in the order of all rules.
fn named_rules(reference: &Reference) -> Vec<ReferenceRule> {
    let fields = reference.header.iter().chain(reference.events.iter().flat_map(|event| &event.fields));
    let named: BTreeSet<&str> = fields.flat_map(|field| field.rules.iter().copied()).collect();
    let rules = RULES.iter().copied().filter(|rule| named.contains(rule.id));
    rules.map(rule).collect()
}

fn rule(rule: &'static Rule) -> ReferenceRule {
    let option = if is_record_rule(rule) {
        Some("--semantic")
    } else if is_stream_rule(rule) {
        Some("--stateful")
    } else {
        None
    };
    ReferenceRule { id: rule.id, severity: rule.severity.name(), summary: rule.summary, option }
}

struct Builder<'a> {
    schema: &'a Schema,
    released: &'a [Release<'a>],
}

impl Builder<'_> {
    fn header(&self) -> Vec<ReferenceField> {
        let header = self.schema.header();
        let envelope = self.schema.envelope().iter().map(|field| self.envelope_field(field));
        let fields = header.fields.iter().map(|field| {
            let since = self.since(|schema| schema.header().field(&field.name).is_some());
            let names = self.schema.events().iter().map(|event| event.name.as_str());
            self.field(None, names, field, since)
        });
        envelope.chain(fields).collect()
    }

    fn envelope_field(&self, field: &EnvelopeField) -> ReferenceField {
        let is_name = field.name == "eventName";
        let pointer = format!("/{}", field.name);
        let (ocsf, ecs) = mapped::paths(None, &pointer);
        let known_values = self.schema.events().iter().filter(|_| is_name).map(|event| ReferenceValue {
            value: Json::string(event.name.as_str()),
            description: Some(event.description.clone()),
            source: Source::Documented,
        });
        ReferenceField {
            name: field.name.clone(),
            pointer,
            anchor: anchor(None, &field.name),
            value_type: if is_name { "string" } else { "object" }.to_owned(),
            json_types: vec![if is_name { "string" } else { "object" }],
            presence: if is_name { Presence::Always } else { Presence::Sometimes },
            description: if is_name {
                field.description.clone()
            } else {
                format!("{} An event that has fields of its own is invalid without it.", field.description)
            },
            examples: Vec::new(),
            known_values: known_values.collect(),
            other_values: is_name,
            source: Source::Documented,
            deprecated: false,
            replaced_by: None,
            since: self.since(|schema| schema.envelope().iter().any(|released| released.name == field.name)),
            ocsf,
            ecs,
            rules: if is_name { vec!["unknown-event"] } else { Vec::new() },
        }
    }

    fn event(&self, event: &SchemaEvent) -> ReferenceEvent {
        let log = self.schema.log_of(event);
        let fields = log.map_or(&[] as &[Field], |log| &log.fields);
        let fields = fields.iter().map(|field| {
            let has = |log: &Object| log.field(&field.name).is_some();
            let since = self.since(|schema| {
                schema.event(&event.name).and_then(|event| schema.log_of(event)).is_some_and(has)
            });
            self.field(Some(&event.name), [event.name.as_str()].into_iter(), field, since)
        });
        let unmodelled = log.into_iter().flat_map(|log| &log.unmodelled).chain(&event.unmodelled);
        ReferenceEvent {
            name: event.name.clone(),
            title: event.title.clone(),
            description: event.description.clone(),
            since: self.since(|schema| schema.event(&event.name).is_some()),
            has_log: log.is_some() || !event.unmodelled.is_empty(),
            fields: fields.collect(),
            undescribed: unmodelled.map(undescribed).collect(),
            example: Event::example_json(&event.name).and_then(|text| Json::parse(text).ok()),
        }
    }

    /// Makes the entry of a field: of the header without an event, of `log` with one. `events` are those that have the field.
    fn field<'a>(
        &self,
        event: Option<&str>,
        events: impl Iterator<Item = &'a str>,
        field: &Field,
        since: Option<String>,
    ) -> ReferenceField {
        let kind = self.schema.value_kind(field);
        let pointer = match event {
            Some(_) => format!("/log/{}", field.name),
            None => format!("/{}", field.name),
        };
        let (known_values, other_values) = values(kind, field.provenance.into());
        let (ocsf, ecs) = mapped::paths(event, &pointer);
        let mut rules = schema_rules(kind, field);
        for event in events {
            for rule in rules_judging(event, &pointer) {
                if !rules.contains(&rule.id) {
                    rules.push(rule.id);
                }
            }
        }
        ReferenceField {
            name: field.name.clone(),
            pointer,
            anchor: anchor(event, &field.name),
            value_type: words::value_type(kind, field.nullable),
            json_types: words::json_types(kind, field.nullable),
            presence: if field.required { Presence::Always } else { Presence::Sometimes },
            description: field.description.clone(),
            examples: field.examples.clone(),
            known_values,
            other_values,
            source: field.provenance.into(),
            deprecated: field.deprecated,
            replaced_by: field.replaced_by.clone(),
            since,
            ocsf,
            ecs,
            rules,
        }
    }

    /// Returns the first version whose schema passes a test.
    fn since(&self, passes: impl Fn(&Schema) -> bool) -> Option<String> {
        let first = self.released.iter().find(|(_, schema)| passes(schema));
        first.map(|(version, _)| (*version).to_owned())
    }
}

fn anchor(event: Option<&str>, field: &str) -> String {
    format!("{}.{field}", event.unwrap_or("header"))
}

fn undescribed(field: &UnmodelledField) -> UndescribedField {
    UndescribedField {
        name: field.name.clone(),
        json_types: field.types.clone(),
        description: field.description.clone(),
    }
}

/// Returns the known values, and whether other values are valid. A value without a source of its own gets that of the field.
fn values(kind: ValueKind<'_>, source: Source) -> (Vec<ReferenceValue>, bool) {
    let ValueKind::Scalar(scalar) = kind else { return (Vec::new(), true) };
    let plain = |value| ReferenceValue { value, description: None, source };
    match &scalar.kind {
        ScalarKind::Integer { known, .. } => {
            (known.iter().map(|number| plain(Json::Number((*number).into()))).collect(), true)
        }
        ScalarKind::Constant(values) => {
            (values.iter().map(|value| plain(Json::string(value.as_str()))).collect(), false)
        }
        ScalarKind::Vocabulary { values, unmodelled } => {
            let modelled = values.iter().map(|known| ReferenceValue {
                value: Json::string(known.value.as_str()),
                description: Some(known.description.clone()),
                source: known.provenance.into(),
            });
            let others = unmodelled.iter().map(|value| plain(Json::string(value.as_str())));
            (modelled.chain(others).collect(), true)
        }
        ScalarKind::Format { .. } => (Vec::new(), true),
    }
}

/// Returns the rules of the schema itself that apply to such a field, and not to any.
fn schema_rules(kind: ValueKind<'_>, field: &Field) -> Vec<&'static str> {
    let mut rules = match kind {
        ValueKind::Boolean | ValueKind::String => Vec::new(),
        ValueKind::Scalar(scalar) => match &scalar.kind {
            ScalarKind::Integer { known, .. } if !known.is_empty() => vec!["out-of-range", "unknown-version"],
            ScalarKind::Integer { .. } => vec!["out-of-range"],
            ScalarKind::Format { .. } => vec!["wrong-format"],
            ScalarKind::Constant(_) => vec!["wrong-value"],
            ScalarKind::Vocabulary { .. } => vec!["unfamiliar-value"],
        },
    };
    if field.deprecated {
        rules.push("deprecated-field");
    }
    rules
}
