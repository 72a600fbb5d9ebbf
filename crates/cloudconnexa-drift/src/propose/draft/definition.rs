//! Finds and makes the definitions that described fields refer to.

use std::collections::BTreeSet;

use cloudconnexa_schema::Json;
use cloudconnexa_schema::pointer::child;

use super::Draft;
use crate::propose::field::Shape;
use crate::propose::names;

/// The name of a definition for integers whose meaning nobody has described.
const INTEGER: &str = "UndescribedInteger";

impl Draft<'_> {
    /// Returns the keywords that describe a shape. A definition that they refer to is found or made.
    pub(super) fn keywords(&mut self, shape: &Shape) -> Option<Vec<(String, Json)>> {
        let one = |key: &str, value: Json| Some(vec![(key.to_owned(), value)]);
        let reference = |name: String| Json::string(format!("#/$defs/{name}"));
        match shape {
            Shape::Boolean => one("type", Json::string("boolean")),
            Shape::String => one("type", Json::string("string")),
            Shape::NullableString => one("type", Json::strings(["string", "null"])),
            Shape::Format { formats, or_empty } => match self.with_formats(formats, *or_empty) {
                Some(name) => one("$ref", reference(name)),
                None => one("type", Json::string("string")),
            },
            Shape::Integer { minimum, maximum } => one("$ref", reference(self.integer(*minimum, *maximum)?)),
            Shape::Unmodelled => None,
        }
    }

    /// Returns the name of the definition with these formats, if there is one.
    fn with_formats(&self, formats: &[&str], or_empty: bool) -> Option<String> {
        let fits = |node: &Json| {
            let own = node.get("format").and_then(Json::as_str);
            let branches = node.get("anyOf").map_or(&[][..], Json::elements);
            let required =
                own.into_iter().chain(branches.iter().filter_map(|branch| branch.get("format")?.as_str()));
            let takes_empty =
                branches.iter().any(|branch| branch.get("const").and_then(Json::as_str) == Some(""));
            required.eq(formats.iter().copied()) && takes_empty == or_empty
        };
        self.definitions().iter().find(|(_, node)| fits(node)).map(|(name, _)| name.clone())
    }

    /// Returns the name of a definition of integers within bounds, which is made if there is none. A definition with a meaning of
    /// its own is not used for another field.
    fn integer(&mut self, minimum: u64, maximum: u64) -> Option<String> {
        let definitions = self.definitions();
        let has = |node: &Json, key: &str, bound| node.get(key).and_then(Json::as_u64) == Some(bound);
        let fits = |(name, node): &&(String, Json)| {
            name.starts_with(INTEGER) && has(node, "minimum", minimum) && has(node, "maximum", maximum)
        };
        if let Some((name, _)) = definitions.iter().find(fits) {
            return Some(name.clone());
        }
        let name = names::definition(INTEGER, definitions.iter().map(|(name, _)| name.as_str()))?;
        let definition = Json::object([
            ("title", Json::string("Undescribed integer")),
            (
                "description",
                Json::string(
                    "An integer that occurs and is not described yet: its bounds are those of the values seen, or those of a signed 64-bit integer.",
                ),
            ),
            ("type", Json::string("integer")),
            ("minimum", minimum.into()),
            ("maximum", maximum.into()),
        ]);
        self.document.add(&format!("/$defs/{name}"), definition);
        Some(name)
    }

    /// Removes definitions that nothing refers to any more.
    pub(in crate::propose) fn remove_unused_definitions(&mut self) {
        while self.document.is_changed() {
            let mut used = BTreeSet::new();
            references(&self.document.json, &mut used);
            let mut names = self.definitions().iter().map(|(name, _)| name);
            let Some(name) = names.find(|name| !used.contains(*name)).cloned() else { return };
            self.document.remove(&child("/$defs", &name));
        }
    }
}

/// Collects the names of definitions that are referred to.
fn references(node: &Json, used: &mut BTreeSet<String>) {
    for (key, value) in node.members() {
        if let ("$ref", Some(target)) =
            (key.as_str(), value.as_str().and_then(|target| target.strip_prefix("#/$defs/")))
        {
            used.insert(target.to_owned());
        }
        references(value, used);
    }
    node.elements().iter().for_each(|element| references(element, used));
}
