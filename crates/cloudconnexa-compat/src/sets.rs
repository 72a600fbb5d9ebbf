//! The sets of events that the questions are about, as schemas without references.

use std::collections::BTreeMap;

use cloudconnexa_schema::{Json, pointer};
use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::inline::{Lists, is_annotation};
use crate::shape::{CONTENT, Place, Shape, TAG, event_of, is_closing, only};

/// Which events a set is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// Those with this name.
    Event(&'a str),
    /// Those with none of these names.
    Other(&'a [String]),
}

/// How a set differs from what the schema says.
struct Variation<'a> {
    lists: Lists,
    /// Whether fields that are not listed are let in all the same, in the event and in its `log`.
    opens_header: bool,
    opens_log: bool,
    /// Further values of fields.
    further: &'a BTreeMap<(Place, String), Value>,
}

/// Returns what the schema accepts.
pub(crate) fn accepted(shape: &Shape, subject: Subject<'_>) -> Result<Value, Fault> {
    let further = BTreeMap::new();
    let as_it_is = Variation { lists: Lists::Open, opens_header: false, opens_log: false, further: &further };
    set(shape, subject, &as_it_is)
}

/// Returns what the schema documents: known fields with known values, and nothing else.
pub(crate) fn documented(shape: &Shape, event: &str) -> Result<Value, Fault> {
    let further = BTreeMap::new();
    let closed = Variation { lists: Lists::Closed, opens_header: false, opens_log: false, further: &further };
    let mut parts = vec![set(shape, Subject::Event(event), &closed)?];
    let header = shape.header()?;
    let log = shape.log(event)?;
    let mut names: Vec<String> = header.fields.iter().map(|field| field.name.to_owned()).collect();
    names.extend(header.unmodelled.iter().map(|(name, _)| (*name).to_owned()));
    if log.is_some() || shape.may_have_log(event) {
        names.push(CONTENT.to_owned());
    }
    parts.push(only(names));
    parts.extend(header.unmodelled.into_iter().map(|(name, value)| json!({ "properties": { name: value } })));
    if let Some(log) = log {
        let fields = log.fields.iter().map(|field| field.name);
        let names = fields.chain(log.unmodelled.iter().map(|(name, _)| *name)).map(str::to_owned);
        parts.push(json!({ "properties": { CONTENT: only(names) } }));
        for (name, value) in &log.unmodelled {
            parts.push(json!({ "properties": { CONTENT: { "properties": { *name: value } } } }));
        }
    }
    Ok(json!({ "allOf": parts }))
}

/// Returns what the new schema documents, with everything unknown that the old one lets in.
pub(crate) fn with_unknown(old: &Shape, new: &Shape, subject: Subject<'_>) -> Result<Value, Fault> {
    let mut further = BTreeMap::new();
    let (old_log, new_log) = match subject {
        Subject::Event(event) => (old.log(event)?, new.log(event)?),
        Subject::Other(_) => (None, None),
    };
    let (old_header, new_header) = (old.header()?, new.header()?);
    let objects = [
        (Place::Header, Some(&old_header), Some(&new_header)),
        (Place::Log, old_log.as_ref(), new_log.as_ref()),
    ];
    for (place, old_object, new_object) in objects {
        let (Some(old_object), Some(new_object)) = (old_object, new_object) else { continue };
        for field in old_object.fields.iter().filter(|field| new_object.field(field.name).is_some()) {
            if let Some(open) = old.vocabulary(field)?.and_then(|list| list.open) {
                further.insert((place, field.name.to_owned()), open);
            }
        }
    }
    let variation = Variation {
        lists: Lists::Closed,
        opens_header: old_header.is_open(),
        opens_log: old_log.is_none_or(|log| log.is_open()),
        further: &further,
    };
    set(new, subject, &variation)
}

fn set(shape: &Shape, subject: Subject<'_>, variation: &Variation<'_>) -> Result<Value, Fault> {
    let name = match subject {
        Subject::Event(name) => json!({ "const": name }),
        Subject::Other(names) => json!({ "type": "string", "not": { "enum": names } }),
    };
    let builder = Builder { shape, subject, variation };
    let root = builder.part(shape.document.root(), "", Place::Header)?;
    Ok(json!({ "allOf": [root, { "type": "object", "required": [TAG], "properties": { TAG: name } }] }))
}

struct Builder<'a> {
    shape: &'a Shape,
    subject: Subject<'a>,
    variation: &'a Variation<'a>,
}

impl Builder<'_> {
    /// Returns a node that describes an event or its `log`.
    fn part(&self, node: &Json, at: &str, place: Place) -> Result<Value, Fault> {
        let mut parts: Vec<Value> = Vec::new();
        if let Some(reference) = node.get("$ref") {
            let (name, target) = self.shape.definitions().target(reference, &pointer::child(at, "$ref"))?;
            parts.push(self.part(target, &pointer::child("/$defs", &name), place)?);
        }
        let opens = match place {
            Place::Header => self.variation.opens_header,
            Place::Log => self.variation.opens_log,
        };
        let mut rest: Vec<(String, Json)> = Vec::new();
        let mut properties = Map::new();
        for (keyword, value) in node.members() {
            let at = pointer::child(at, keyword);
            match keyword.as_str() {
                "$ref" => {}
                keyword if is_annotation(keyword) => {}
                keyword if opens && is_closing(keyword, value) => {}
                "properties" => {
                    for (name, field) in value.members() {
                        let made = self.field(name, field, &pointer::child(&at, name), place)?;
                        properties.insert(name.clone(), made);
                    }
                }
                "allOf" => {
                    for (index, branch) in value.elements().iter().enumerate() {
                        parts.extend(self.branch(branch, &format!("{at}/{index}"), place)?);
                    }
                }
                _ => rest.push((keyword.clone(), value.clone())),
            }
        }
        if !matches!(node, Json::Object(_)) {
            return self.shape.definitions().inline(node, at, self.variation.lists);
        }
        let rest = Json::Object(rest);
        let mut own = match self.shape.definitions().inline(&rest, at, self.variation.lists)? {
            Value::Object(own) => own,
            _ => Map::new(),
        };
        if !properties.is_empty() {
            own.insert("properties".to_owned(), Value::Object(properties));
        }
        if parts.is_empty() {
            return Ok(Value::Object(own));
        }
        if !own.is_empty() {
            parts.push(Value::Object(own));
        }
        Ok(json!({ "allOf": parts }))
    }

    fn field(&self, name: &str, node: &Json, at: &str, place: Place) -> Result<Value, Fault> {
        if (place, name) == (Place::Header, CONTENT) {
            return self.part(node, at, Place::Log);
        }
        // Which event it is is asked for beside.
        let lists = if (place, name) == (Place::Header, TAG) { Lists::Open } else { self.variation.lists };
        let value = self.shape.definitions().inline(node, at, lists)?;
        Ok(match self.variation.further.get(&(place, name.to_owned())) {
            Some(further) => json!({ "anyOf": [value, further] }),
            None => value,
        })
    }

    /// Returns what a branch of `allOf` means for the events that the set is about.
    fn branch(&self, branch: &Json, at: &str, place: Place) -> Result<Option<Value>, Fault> {
        let Some(name) = event_of(branch).filter(|_| place == Place::Header) else {
            return self.part(branch, at, place).map(Some);
        };
        let applies = matches!(self.subject, Subject::Event(event) if event == name);
        let keyword = if applies { "then" } else { "else" };
        let consequence = branch.get(keyword);
        consequence.map(|node| self.part(node, &pointer::child(at, keyword), place)).transpose()
    }
}
