//! Replaces references by what they refer to, and leaves out what does not decide about validity.

use std::cell::Cell;

use cloudconnexa_schema::{Json, pointer};
use serde_json::{Map, Value, json};

use crate::error::Fault;

/// The most nodes of a schema once its references are resolved: about a hundred times those of ours.
const MAX_NODES: usize = 200_000;

/// Keywords that say something about values without deciding which are valid.
const ANNOTATIONS: &[&str] = &[
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords by which a schema refers to another in a way that is not followed here.
const REFERENCES: &[&str] =
    &["$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$vocabulary"];

/// Whether to keep the values that a list does not name.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Lists {
    /// As the schema says.
    Open,
    /// Only the known values: what is documented.
    Closed,
}

/// A list of known values.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// The known values, each with the pointer to it.
    pub(crate) known: Vec<(Value, String)>,
    /// The schema of further values; `None` if there are none.
    pub(crate) open: Option<Value>,
}

/// Returns whether a keyword does not decide about validity.
pub(crate) fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-") || ANNOTATIONS.contains(&keyword)
}

/// The definitions of a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definitions<'a>(pub(crate) &'a Json);

impl<'a> Definitions<'a> {
    /// Returns the name and the definition that a `$ref` stands for.
    pub(crate) fn target(self, reference: &Json, at: &str) -> Result<(String, &'a Json), Fault> {
        let name = reference.as_str().and_then(|text| text.strip_prefix("#/$defs/"));
        let Some(name) = name.filter(|name| !name.contains('/')).map(pointer::unescape) else {
            return Err(Fault::shape(at, "must be `#/$defs/NAME`: one document holds everything"));
        };
        match self.0.get("$defs").and_then(|defs| defs.get(&name)) {
            Some(definition) => Ok((name, definition)),
            None => Err(Fault::shape(at, format!("refers to `{name}`, which `$defs` does not have"))),
        }
    }

    /// Follows references to the node that says something itself. Annotations beside a reference are passed over.
    pub(crate) fn follow(self, mut node: &'a Json, mut at: String) -> Result<(&'a Json, String), Fault> {
        let mut seen: Vec<String> = Vec::new();
        while let Some(reference) = node.get("$ref") {
            if node.members().iter().any(|(keyword, _)| keyword != "$ref" && !is_annotation(keyword)) {
                break;
            }
            let (name, target) = self.target(reference, &pointer::child(&at, "$ref"))?;
            if seen.contains(&name) {
                return Err(Fault::recursive(&name));
            }
            at = pointer::child("/$defs", &name);
            seen.push(name);
            node = target;
        }
        Ok((node, at))
    }

    /// Returns a node with all references resolved and without annotations.
    pub(crate) fn inline(self, node: &'a Json, at: &str, lists: Lists) -> Result<Value, Fault> {
        let inliner = Inliner { definitions: self, lists, nodes: Cell::new(0) };
        inliner.schema(node, at, &mut Vec::new())
    }

    /// Returns the list of known values that a node is, if it is one.
    pub(crate) fn vocabulary(self, node: &'a Json, at: &str) -> Result<Option<Vocabulary>, Fault> {
        let (node, at) = self.follow(node, at.to_owned())?;
        let unmodelled = node.get("x-known-values").map_or(&[][..], Json::elements);
        let mut known: Vec<(Value, String)> = Vec::new();
        let mut open = None;
        if let Some(values) = node.get("enum") {
            for (index, value) in values.elements().iter().enumerate() {
                known.push((value.to_value(), format!("{at}/enum/{index}")));
            }
        } else if let Some(value) = node.get("const") {
            known.push((value.to_value(), format!("{at}/const")));
        } else if let Some(branches) = node.get("anyOf") {
            for (index, branch) in branches.elements().iter().enumerate() {
                let at = format!("{at}/anyOf/{index}");
                if let Some(value) = branch.get("const") {
                    known.push((value.to_value(), at));
                } else if is_type_alone(branch) && open.is_none() {
                    open = Some(self.inline(branch, &at, Lists::Open)?);
                } else {
                    return Ok(None);
                }
            }
        } else if !unmodelled.is_empty() {
            open = Some(self.inline(node, &at, Lists::Open)?);
        }
        if known.is_empty() && unmodelled.is_empty() {
            return Ok(None);
        }
        let further = unmodelled.iter().enumerate();
        known
            .extend(further.map(|(index, value)| (value.to_value(), format!("{at}/x-known-values/{index}"))));
        Ok(Some(Vocabulary { known, open }))
    }
}

/// Returns whether a node asks for a type, and for nothing else.
fn is_type_alone(node: &Json) -> bool {
    let mut keywords = node.members().iter().filter(|(keyword, _)| !is_annotation(keyword));
    keywords.next().is_some_and(|(keyword, _)| keyword == "type") && keywords.next().is_none()
}

struct Inliner<'a> {
    definitions: Definitions<'a>,
    lists: Lists,
    nodes: Cell<usize>,
}

impl<'a> Inliner<'a> {
    fn count(&self) -> Result<(), Fault> {
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() > MAX_NODES {
            return Err(Fault::too_large(format!(
                "it has more than {MAX_NODES} nodes once references are resolved"
            )));
        }
        Ok(())
    }

    fn schema(&self, node: &'a Json, at: &str, within: &mut Vec<String>) -> Result<Value, Fault> {
        self.count()?;
        let Json::Object(members) = node else {
            return match node {
                Json::Bool(value) => Ok(Value::Bool(*value)),
                _ => Err(Fault::not_a_schema(format!("`#{at}` must be an object, `true` or `false`"))),
            };
        };
        let mut made = Map::new();
        for (keyword, value) in members {
            let at = pointer::child(at, keyword);
            if keyword == "$ref" || is_annotation(keyword) {
                continue;
            }
            if REFERENCES.contains(&keyword.as_str()) {
                return Err(Fault::shape(&at, "is a kind of reference that events do not need; use `$ref`"));
            }
            made.insert(keyword.clone(), self.keyword(keyword, value, &at, within)?);
        }
        if let Some(known) = self.known_alone(node, at)? {
            // Beside the rest of the node, so that a known value that is not valid stays invalid.
            made.insert("enum".to_owned(), known);
        }
        let Some(reference) = node.get("$ref") else { return Ok(Value::Object(simplified(made))) };
        let (name, target) = self.definitions.target(reference, &pointer::child(at, "$ref"))?;
        if within.contains(&name) {
            return Err(Fault::recursive(&name));
        }
        let target_at = pointer::child("/$defs", &name);
        within.push(name);
        let target = self.schema(target, &target_at, within)?;
        within.pop();
        Ok(if made.is_empty() { target } else { json!({ "allOf": [target, made] }) })
    }

    /// Returns the known values of an open list, if only these are wanted.
    fn known_alone(&self, node: &'a Json, at: &str) -> Result<Option<Value>, Fault> {
        if self.lists == Lists::Open || node.get("$ref").is_some() {
            return Ok(None);
        }
        let list = self.definitions.vocabulary(node, at)?;
        let known = list.filter(|list| list.open.is_some()).map(|list| list.known);
        Ok(known.map(|known| known.into_iter().map(|(value, _)| value).collect()))
    }

    fn keyword(
        &self,
        keyword: &str,
        value: &'a Json,
        at: &str,
        within: &mut Vec<String>,
    ) -> Result<Value, Fault> {
        match (keyword, value) {
            ("properties" | "patternProperties" | "dependentSchemas", Json::Object(members)) => {
                let mut made = Map::new();
                for (name, value) in members {
                    made.insert(name.clone(), self.schema(value, &pointer::child(at, name), within)?);
                }
                Ok(Value::Object(made))
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Json::Array(elements)) => {
                let mut made = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    made.push(self.schema(element, &format!("{at}/{index}"), within)?);
                }
                Ok(Value::Array(made))
            }
            (
                "additionalProperties"
                | "unevaluatedProperties"
                | "propertyNames"
                | "items"
                | "contains"
                | "unevaluatedItems"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contentSchema",
                value,
            ) => self.schema(value, at, within),
            (_, value) => Ok(value.to_value()),
        }
    }
}

/// Replaces a choice between strings and any string by any string, which accepts the same.
fn simplified(mut schema: Map<String, Value>) -> Map<String, Value> {
    let any_string = json!({ "type": "string" });
    let is_any_string = |branches: &Vec<Value>| {
        branches.contains(&any_string)
            && branches
                .iter()
                .all(|branch| *branch == any_string || branch.get("const").is_some_and(Value::is_string))
    };
    let found = schema.get("anyOf").and_then(Value::as_array).is_some_and(is_any_string);
    if found && schema.get("type").is_none_or(|own| own == "string") {
        schema.remove("anyOf");
        schema.insert("type".to_owned(), "string".into());
    }
    schema
}
