//! The events of a schema, looked up by event and path.

mod field;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use cloudconnexa_events::SCHEMA;
use cloudconnexa_schema::pointer::{escape, unescape};
use cloudconnexa_schema::{
    Event, Field, Object, ScalarKind, Schema, SchemaError, UnmodelledField, ValueKind,
};

use crate::hash;
pub use field::KnownField;
pub(crate) use field::KnownKind;

/// The known events: a schema, indexed.
#[derive(Clone, Debug)]
pub struct Known(Schema);

impl Known {
    /// Reads the built-in schema.
    ///
    /// # Panics
    ///
    /// Never: a test of this crate reads that schema.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(SCHEMA).expect("the built-in schema can be read")
    }

    /// Reads a schema that has the shape of the built-in one. It does not have to pass the lint of `cloudconnexa-schema`.
    ///
    /// ```
    /// use cloudconnexa_drift::Known;
    ///
    /// let known = Known::parse(cloudconnexa_events::SCHEMA)?;
    /// assert!(known.field(Some("client-connected"), "/log/clientOsType").is_some());
    /// assert!(Known::parse("{}").is_err());
    /// # Ok::<(), cloudconnexa_drift::SchemaError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON, or if its header, its events or the kind of one of their fields cannot be read.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        Schema::parse_lenient(text).map(|(schema, _)| Self(schema))
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0
    }

    /// Returns the names of the described events, sorted.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.0.events().iter().map(|event| event.name.as_str()).collect::<BTreeSet<_>>().into_iter()
    }

    /// Returns whether an event is described.
    #[must_use]
    pub fn describes(&self, event: &str) -> bool {
        self.0.event(event).is_some()
    }

    /// Returns whether the `log` of an event is described.
    pub(crate) fn describes_log(&self, event: Option<&str>) -> bool {
        event.is_some_and(|event| self.log(event).is_some())
    }

    /// Returns whether the name of an event, or the name with this fingerprint, is known.
    pub(crate) fn has_name(&self, event: &str) -> bool {
        self.describes(event)
            || match self.0.scalar("EventName").map(|scalar| &scalar.kind) {
                Some(ScalarKind::Vocabulary { unmodelled, .. }) => contains(unmodelled, event),
                _ => false,
            }
    }

    /// Returns the description of the field at a JSON Pointer of an event, or of the header alone if there is no event.
    #[must_use]
    pub fn field(&self, event: Option<&str>, path: &str) -> Option<KnownField<'_>> {
        let event = event.and_then(|event| self.0.event(event));
        match path {
            "/eventName" => Some(KnownField::new(KnownKind::String, true)),
            "/log" => match event {
                Some(event) if event.log.is_none() && !has_unmodelled_log(event) => None,
                event => {
                    let is_described = event.is_some_and(|event| event.log.is_some());
                    Some(KnownField::new(KnownKind::Object, is_described))
                }
            },
            _ => match path.strip_prefix("/log/") {
                Some(name) => self.field_of(self.0.log_of(event?)?, &unescape(name)),
                None => self.field_of(self.0.header(), &unescape(path.strip_prefix('/')?)),
            },
        }
    }

    /// Returns the paths of all fields of an event that are described or known to occur, sorted within header and `log`.
    pub(crate) fn paths(&self, event: &str) -> impl Iterator<Item = String> {
        fn names(object: &Object) -> BTreeSet<&str> {
            let described = object.fields.iter().map(|Field { name, .. }| name.as_str());
            described.chain(object.unmodelled.iter().map(|field| field.name.as_str())).collect()
        }
        let log = self.log(event).map(names).unwrap_or_default();
        let log = log.into_iter().map(|name| format!("/log/{}", escape(name)));
        names(self.0.header()).into_iter().map(|name| format!("/{}", escape(name))).chain(log)
    }

    fn log(&self, event: &str) -> Option<&Object> {
        self.0.event(event).and_then(|event| self.0.log_of(event))
    }

    fn field_of<'a>(&'a self, object: &'a Object, name: &str) -> Option<KnownField<'a>> {
        if let Some(field) = object.field(name) {
            let kind = match self.0.value_kind(field) {
                ValueKind::Boolean => KnownKind::Boolean,
                ValueKind::String => KnownKind::String,
                ValueKind::Scalar(scalar) => KnownKind::Scalar(&scalar.kind),
            };
            return Some(KnownField { nullable: field.nullable, ..KnownField::new(kind, field.required) });
        }
        let UnmodelledField { types, .. } = object.unmodelled.iter().find(|field| field.name == name)?;
        Some(KnownField::new(KnownKind::Unmodelled(types), false))
    }
}

fn has_unmodelled_log(event: &Event) -> bool {
    event.unmodelled.iter().any(|field| field.name == "log")
}

/// Returns whether a list has a text, or the text with this fingerprint.
fn contains<T: AsRef<str>>(list: impl IntoIterator<Item = T>, text: &str) -> bool {
    let is_fingerprint = hash::is_fingerprint(text);
    list.into_iter().any(|known| {
        let known = known.as_ref();
        known == text || is_fingerprint && hash::fingerprint(known) == text
    })
}
