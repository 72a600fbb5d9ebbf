//! Widens described fields: other types, other bounds. A field that is required stays required.

use std::collections::BTreeSet;

use cloudconnexa_schema::pointer::child;
use cloudconnexa_schema::{Json, ScalarKind};

use super::{Draft, Reason, event_of, last_name, property};
use crate::compare::Finding;
use crate::known::KnownKind;
use crate::profile::FieldProfile;
use crate::propose::field::{Presence, Shape, widen};

impl Draft<'_> {
    /// Makes a field take the values that it has.
    pub(super) fn widen(&mut self, finding: &Finding, path: &str) -> Result<(), Reason> {
        let event = event_of(finding);
        if matches!(path, "/log" | "/eventName") {
            return Err("every reader expects `eventName` to be a string and `log` an object");
        }
        let object = self.object(event, path).ok_or("it is not described")?;
        let name = last_name(path);
        let known = self.known.field(event, path).ok_or("it is not described")?;
        let values = self.values(&object, path);
        if let KnownKind::Unmodelled(types) = known.kind {
            let seen = values.types.keys().map(|value_type| value_type.json_type());
            let types: BTreeSet<_> = seen.chain(types.iter().map(String::as_str)).collect();
            let pointer = format!("{}/types", child(&format!("{object}/x-unmodelled"), &name));
            self.document.replace(&pointer, Json::strings(types));
            return Ok(());
        }
        let presence = if values.missing.count == 0 { Presence::Always } else { Presence::Sometimes };
        let shape = widen(known, &values, presence);
        if let KnownKind::Scalar(ScalarKind::Integer { known: versions, .. }) = known.kind
            && !versions.is_empty()
        {
            return self.change_bounds(&object, &name, &shape);
        }
        self.reshape(&object, &name, &shape, &values)
    }

    /// Changes the bounds of integers with known values, in their definition.
    fn change_bounds(&mut self, object: &str, name: &str, shape: &Shape) -> Result<(), Reason> {
        let Shape::Integer { minimum, maximum } = shape else {
            return Err("every reader expects a version to be an integer");
        };
        let definition = self.definition_of(object, name).ok_or("it is not described")?;
        for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
            self.document.replace(&format!("{definition}/{key}"), (*bound).into());
        }
        Ok(())
    }

    /// Returns the pointer to the definition that a field refers to.
    pub(super) fn definition_of(&self, object: &str, name: &str) -> Option<String> {
        let reference = self.json(&format!("{}/$ref", property(object, name)))?;
        Some(reference.as_str()?.trim_start_matches('#').to_owned())
    }

    /// Gives a described field another shape, and keeps its annotations.
    pub(super) fn reshape(
        &mut self,
        object: &str,
        name: &str,
        shape: &Shape,
        values: &FieldProfile,
    ) -> Result<(), Reason> {
        let pointer = property(object, name);
        let Some(Json::Object(old)) = self.json(&pointer).cloned() else { return Ok(()) };
        if let Some(mut members) = self.keywords(shape) {
            members.extend(old.iter().filter(|(key, _)| key != "$ref" && key != "type").cloned());
            self.document.replace(&pointer, Json::Object(members));
            return Ok(());
        }
        // What is not described cannot be required.
        if self.is_required(object, name) {
            return Err(
                "no type that the schema supports takes all its values, and a proposal never makes a required field optional",
            );
        }
        if self.properties(object).len() == 1 {
            return Err(
                "no type that the schema supports takes all its values, and an object without fields makes no type",
            );
        }
        self.document.remove(&pointer);
        let replaced_by = |node: &Json| node.get("x-replaced-by").and_then(Json::as_str) == Some(name);
        let replaced: Vec<_> = self
            .properties(object)
            .iter()
            .filter(|(_, node)| replaced_by(node))
            .map(|(other, _)| format!("{}/x-replaced-by", property(object, other)))
            .collect();
        for pointer in &replaced {
            self.document.remove(pointer);
        }
        let description =
            old.iter().find(|(key, _)| key == "description").and_then(|(_, text)| text.as_str());
        self.unmodelled(object, name, values, description);
        Ok(())
    }

    fn is_required(&self, object: &str, name: &str) -> bool {
        let names = self.json(&format!("{object}/required")).map_or(&[][..], Json::elements);
        names.iter().any(|one| one.as_str() == Some(name))
    }
}
