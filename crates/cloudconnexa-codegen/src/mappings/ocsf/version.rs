//! The classes of a version of OCSF, and which values their attributes take.

use cloudconnexa_schema::Json;

use crate::mappings::model::{Kind, Shape, Transform};
use crate::mappings::plan::{Array, Sibling, steps};
use crate::mappings::read::list;

/// The classes and objects of a version, as `schema/targets/ocsf-*.json` has them.
pub(in crate::mappings) struct Version<'a> {
    pub(in crate::mappings) schema: &'a Json,
    pub(in crate::mappings) is_1_1: bool,
}

/// An attribute at the end of a path.
pub(in crate::mappings) struct Attribute<'a> {
    pub(in crate::mappings) node: &'a Json,
    /// The attributes on the way, without itself.
    pub(in crate::mappings) parents: Vec<&'a Json>,
}

impl<'a> Version<'a> {
    pub(in crate::mappings) fn name(&self) -> &'a str {
        self.schema.get("version").and_then(Json::as_str).unwrap_or_default()
    }

    pub(in crate::mappings) fn class(&self, shape: &'a Shape) -> (&'a str, Option<&'a Json>) {
        let name = if self.is_1_1 { &shape.class_1_1 } else { &shape.class };
        (name, self.schema.get("classes").and_then(|classes| classes.get(name)))
    }

    pub(in crate::mappings) fn object(&self, attribute: &Json) -> Option<&'a Json> {
        self.schema.get("objects")?.get(attribute.get("object")?.as_str()?)
    }

    /// Returns the attribute at a path, or what is wrong with the path.
    pub(in crate::mappings) fn attribute(
        &self,
        class: &'a Json,
        path: &str,
    ) -> Result<Attribute<'a>, String> {
        let steps = steps(path);
        let (mut node, mut parents) = (class, Vec::new());
        for (index, step) in steps.iter().enumerate() {
            let found = node.get("attributes").and_then(|attributes| attributes.get(&step.name));
            let Some(attribute) = found else {
                let known = node.get("attributes").map_or(&[][..], Json::members);
                let near = known.iter().map(|(name, _)| name.as_str());
                let near: Vec<&str> =
                    near.filter(|name| name.starts_with(&step.name[..1.min(step.name.len())])).collect();
                let hint = if near.is_empty() { String::new() } else { format!("; it has {}", list(&near)) };
                return Err(format!(
                    "`{}` of `{path}` is not an attribute in OCSF {}{hint}",
                    step.name,
                    self.name()
                ));
            };
            let is_array = attribute.get("array").is_some();
            if is_array != (step.array != Array::No) {
                let expected = if is_array {
                    "is an array: write `[]` after it, or `[0]`"
                } else {
                    "is not an array: remove the brackets"
                };
                return Err(format!("`{}` of `{path}` {expected}", step.name));
            }
            let is_last = index + 1 == steps.len();
            let is_object = attribute.get("object").is_some();
            if is_last == is_object {
                return Err(format!("`{path}` must end at an attribute that is not an object"));
            }
            if is_last {
                return Ok(Attribute { node: attribute, parents });
            }
            parents.push(attribute);
            node = self.object(attribute).ok_or_else(|| {
                format!(
                    "the object of `{}` is not in schema/targets: add it to packaging/targets/ocsf.py",
                    step.name
                )
            })?;
        }
        Err("must not be empty".to_owned())
    }
}

impl Attribute<'_> {
    /// Returns the basic type, without `_t`.
    pub(in crate::mappings) fn base(&self) -> &str {
        let base = self.node.get("base").or_else(|| self.node.get("type"));
        base.and_then(Json::as_str).unwrap_or_default()
    }

    pub(in crate::mappings) fn kind(&self) -> &str {
        self.node.get("type").and_then(Json::as_str).unwrap_or_default()
    }

    pub(in crate::mappings) fn sibling(&self) -> Option<Sibling> {
        let name = self.node.get("sibling")?.as_str()?.to_owned();
        let captions = self.node.get("enum")?.members();
        let captions = captions
            .iter()
            .map(|(value, caption)| (value.clone(), caption.as_str().unwrap_or_default().to_owned()));
        Some(Sibling { name, captions: captions.collect() })
    }

    /// Returns why the attribute does not take such a value.
    pub(in crate::mappings) fn refuses(&self, result: Kind, transform: &Transform) -> Option<String> {
        let fits = match (self.kind(), self.base()) {
            ("timestamp_t", _) => *transform == Transform::UnixMilliseconds,
            ("ip_t", _) => result == Kind::Address,
            (_, "string_t") => {
                *transform != Transform::UnixMilliseconds
                    && matches!(result, Kind::Text | Kind::Address | Kind::Time)
            }
            (_, "integer_t" | "long_t") => result == Kind::Integer,
            (_, "boolean_t") => result == Kind::Boolean,
            _ => false,
        };
        let remedy =
            if self.kind() == "timestamp_t" { ": write a time `as` `unix-milliseconds`" } else { "" };
        (!fits)
            .then(|| format!("is of type `{}`, which does not take {}{remedy}", self.kind(), result.name()))
    }
}
