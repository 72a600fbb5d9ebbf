//! What a schema has to look like to be compared: events by name, a header, and the fields of both.

use cloudconnexa_schema::{Document, Json, pointer};
use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::inline::{Definitions, Lists, Vocabulary, is_annotation};
use crate::version::Version;

/// The largest text of a schema, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// The field that names the event, and the field whose object depends on it.
pub(crate) const TAG: &str = "eventName";
pub(crate) const CONTENT: &str = "log";

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Keywords by which an object refuses fields that it does not list.
const CLOSING: &[&str] =
    &["additionalProperties", "unevaluatedProperties", "propertyNames", "maxProperties", "patternProperties"];

/// Where a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// In the event itself.
    Header,
    /// In its `log`.
    Log,
}

/// A schema of events, with its text.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) document: Document,
    pub(crate) version: Option<Version>,
    /// Names and pointers to the branches of the events.
    pub(crate) events: Vec<(String, String)>,
}

/// A field of an object, in one of the places that describe it.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) node: &'a Json,
    pub(crate) pointer: String,
}

/// An object with fields, put together from all schemas that apply to it.
#[derive(Debug, Default)]
pub(crate) struct Object<'a> {
    pub(crate) fields: Vec<Field<'a>>,
    /// Names, each with the pointer to the list that it is in.
    pub(crate) required: Vec<(&'a str, String)>,
    /// What is known to occur and is not described: the names and their types.
    pub(crate) unmodelled: Vec<(&'a str, Value)>,
    /// The nodes that describe it, each with its pointer.
    pub(crate) parts: Vec<(&'a Json, String)>,
}

impl Shape {
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        if text.len() > MAX_BYTES {
            return Err(Fault::too_large(format!("it has {} bytes, and may have {MAX_BYTES}", text.len())));
        }
        let document = Document::parse(text).map_err(Fault::not_a_schema)?;
        let root = document.root();
        if !matches!(root, Json::Object(_)) {
            return Err(Fault::not_a_schema("the text must be an object"));
        }
        if let Some(dialect) = root.get("$schema")
            && dialect.as_str().map(|dialect| dialect.trim_end_matches('#')) != Some(DIALECT)
        {
            return Err(Fault::shape(
                "/$schema",
                format!("must be `{DIALECT}`: other versions of JSON Schema differ"),
            ));
        }
        let Some(branches) = root.get("allOf") else {
            return Err(Fault::shape("/allOf", "is missing: it must have a condition for each event"));
        };
        let mut events: Vec<(String, String)> = Vec::new();
        for (index, branch) in branches.elements().iter().enumerate() {
            if let Some(name) = event_of(branch) {
                if events.iter().any(|(earlier, _)| earlier == name) {
                    return Err(Fault::shape(
                        &format!("/allOf/{index}"),
                        format!("is a second branch for `{name}`"),
                    ));
                }
                events.push((name.to_owned(), format!("/allOf/{index}")));
            }
        }
        if events.is_empty() {
            return Err(Fault::shape(
                "/allOf",
                "has no condition for an event: {\"if\": {\"properties\": {\"eventName\": {\"const\": NAME}}, \
                 \"required\": [\"eventName\"]}, \"then\": …}",
            ));
        }
        let version = root.get("$id").and_then(Json::as_str).and_then(Version::of_id);
        let shape = Self { document, version, events };
        // Everything is resolved once, so that what is wrong with a reference is known before anything is compared.
        shape.definitions().inline(shape.document.root(), "", Lists::Open)?;
        for (name, definition) in shape.document.root().get("$defs").map_or(&[][..], Json::members) {
            shape.definitions().inline(definition, &pointer::child("/$defs", name), Lists::Open)?;
        }
        Ok(shape)
    }

    pub(crate) fn definitions(&self) -> Definitions<'_> {
        Definitions(self.document.root())
    }

    /// Returns whether the schema has a branch for an event.
    pub(crate) fn has_event(&self, name: &str) -> bool {
        self.events.iter().any(|(event, _)| event == name)
    }

    /// Returns the fields of an event outside of `log`, which for all events are the same.
    pub(crate) fn header(&self) -> Result<Object<'_>, Fault> {
        let mut header = Object::default();
        self.gather(self.document.root(), String::new(), &mut header)?;
        header.fields.retain(|field| field.name != CONTENT);
        Ok(header)
    }

    /// Returns what the schema says about `log` in an event; `None` if it describes no fields of it.
    pub(crate) fn log(&self, event: &str) -> Result<Option<Object<'_>>, Fault> {
        let mut outer = Object::default();
        self.gather(self.document.root(), String::new(), &mut outer)?;
        if let Some((branch, at)) = self.branch(event) {
            if let Some(then) = branch.get("then") {
                self.gather(then, format!("{at}/then"), &mut outer)?;
            }
            outer.unmodelled.extend(unmodelled(branch));
        }
        let mut log = Object::default();
        for field in outer.fields.into_iter().filter(|field| field.name == CONTENT) {
            self.gather(field.node, field.pointer, &mut log)?;
        }
        Ok(if log.fields.is_empty() { None } else { Some(log) })
    }

    /// Returns whether `log` of an event is known to occur although the schema does not describe its fields.
    pub(crate) fn may_have_log(&self, event: &str) -> bool {
        let branch = self.branch(event).map(|(branch, _)| branch);
        branch.is_some_and(|branch| {
            unmodelled(branch).any(|(name, _)| name == CONTENT)
                || branch.pointer("/then/properties/log").is_some()
        })
    }

    /// Returns whether an event has to have a `log`.
    pub(crate) fn requires_log(&self, event: &str) -> bool {
        let required = self.branch(event).and_then(|(branch, _)| branch.get("then")?.get("required"));
        let names = required.map_or(&[][..], Json::elements);
        names.iter().any(|name| name.as_str() == Some(CONTENT))
    }

    /// Returns the pointer to what describes a field, behind its references.
    pub(crate) fn described_at(&self, field: &Field<'_>) -> Option<String> {
        let node = self.document.root().pointer(&field.pointer)?;
        self.definitions().follow(node, field.pointer.clone()).ok().map(|(_, at)| at)
    }

    pub(crate) fn branch(&self, event: &str) -> Option<(&Json, &str)> {
        let (_, at) = self.events.iter().find(|(name, _)| name == event)?;
        Some((self.document.root().pointer(at)?, at))
    }

    /// Collects what a node, and the nodes that it takes over, say about an object.
    fn gather<'a>(&'a self, node: &'a Json, at: String, object: &mut Object<'a>) -> Result<(), Fault> {
        if let Some(reference) = node.get("$ref") {
            let (name, target) = self.definitions().target(reference, &pointer::child(&at, "$ref"))?;
            // The whole document has been resolved before, so that this ends.
            self.gather(target, pointer::child("/$defs", &name), object)?;
        }
        for (name, field) in node.get("properties").map_or(&[][..], Json::members) {
            let pointer = pointer::child(&pointer::child(&at, "properties"), name);
            object.fields.push(Field { name, node: field, pointer });
        }
        for (index, name) in node.get("required").map_or(&[][..], Json::elements).iter().enumerate() {
            if let Some(name) = name.as_str() {
                object.required.push((name, format!("{at}/required/{index}")));
            }
        }
        object.unmodelled.extend(unmodelled(node));
        for (index, part) in node.get("allOf").map_or(&[][..], Json::elements).iter().enumerate() {
            if event_of(part).is_none() && part.get("if").is_none() {
                self.gather(part, format!("{at}/allOf/{index}"), object)?;
            }
        }
        object.parts.push((node, at));
        Ok(())
    }

    /// Returns the list of known values of a field, if it is one.
    pub(crate) fn vocabulary(&self, field: &Field<'_>) -> Result<Option<Vocabulary>, Fault> {
        // The node is one of this document.
        let node = self.document.root().pointer(&field.pointer);
        node.map_or(Ok(None), |node| self.definitions().vocabulary(node, &field.pointer))
    }
}

impl<'a> Object<'a> {
    /// Returns the first place that describes a field.
    pub(crate) fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the pointer to where a field is required.
    pub(crate) fn required(&self, name: &str) -> Option<&str> {
        self.required.iter().find(|(required, _)| *required == name).map(|(_, pointer)| pointer.as_str())
    }

    /// Returns whether fields that are not listed are let in.
    pub(crate) fn is_open(&self) -> bool {
        !self
            .parts
            .iter()
            .any(|(part, _)| part.members().iter().any(|(keyword, value)| is_closing(keyword, value)))
    }

    /// Returns the place of the keyword that refuses fields that are not listed.
    pub(crate) fn closed_at(&self) -> Option<String> {
        self.parts.iter().find_map(|(part, at)| {
            let closing = part.members().iter().find(|(keyword, value)| is_closing(keyword, value));
            closing.map(|(keyword, _)| pointer::child(at, keyword))
        })
    }
}

/// Returns whether a keyword refuses fields that are not listed.
pub(crate) fn is_closing(keyword: &str, value: &Json) -> bool {
    let is_void = matches!(value, Json::Bool(true)) || *value == Json::Object(Vec::new());
    CLOSING.contains(&keyword) && !is_void
}

fn unmodelled(node: &Json) -> impl Iterator<Item = (&str, Value)> {
    node.get("x-unmodelled").map_or(&[][..], Json::members).iter().map(|(name, entry)| {
        let types = entry.get("types").map(Json::to_value);
        (name.as_str(), types.map_or(json!({}), |types| json!({ "type": types })))
    })
}

/// Returns the event that a branch of the root is for, if its condition asks for nothing else.
pub(crate) fn event_of(branch: &Json) -> Option<&str> {
    let condition = branch.get("if")?;
    let properties = condition.get("properties")?;
    let name = properties.get(TAG)?;
    let is_known = |(keyword, _): &(String, Json)| {
        is_annotation(keyword) || keyword == "properties" || keyword == "required"
    };
    let is_required = condition.get("required")?.elements().iter().any(|name| name.as_str() == Some(TAG));
    let is_alone = condition.members().iter().all(is_known)
        && condition.get("required")?.elements().len() == 1
        && properties.members().len() == 1
        && name.members().iter().all(|(keyword, _)| keyword == "const" || is_annotation(keyword));
    name.get("const")?.as_str().filter(|_| is_required && is_alone)
}

/// Returns a schema of an object without fields other than these.
pub(crate) fn only(names: impl IntoIterator<Item = String>) -> Value {
    let names: Map<String, Value> = names.into_iter().map(|name| (name, Value::Bool(true))).collect();
    json!({ "properties": names, "additionalProperties": false })
}
