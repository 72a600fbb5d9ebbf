//! Adds values to lists of known values.

use cloudconnexa_schema::Json;

use super::{Draft, Reason, event_of, last_name, seen_in};
use crate::compare::Finding;
use crate::hash;
use crate::profile::Occurrences;
use crate::propose::field::Shape;
use crate::propose::names;

impl Draft<'_> {
    /// Adds a value to the list of its field.
    pub(super) fn value(&mut self, finding: &Finding, path: &str) -> Result<(), Reason> {
        let value = finding.value.as_deref().unwrap_or_default();
        if hash::is_fingerprint(value) {
            return Err("the profile does not contain values; write it with `--show-values`");
        }
        let object = self.object(event_of(finding), path).ok_or("it is not described")?;
        let name = last_name(path);
        // Without a definition, the field has already been widened to any string.
        let Some(definition) = self.definition_of(&object, &name) else { return Ok(()) };
        let seen = Occurrences { count: finding.count, first: finding.since, last: finding.last };
        let node = self.json(&definition).cloned().ok_or("it is not described")?;
        if let Some(list) = node.get("enum") {
            let mut others = list.elements().iter().filter_map(Json::as_str);
            if others.clone().any(|other| other == value) {
                return Ok(());
            }
            if names::can_be_variant(value, &mut others) {
                self.document.add(&format!("{definition}/enum/-"), Json::string(value));
            } else {
                let values = self.values(&object, path);
                self.reshape(&object, &name, &Shape::String, &values)?;
            }
        } else if let Some(branches) = node.get("anyOf") {
            self.add_known_value(&definition, branches.elements(), value, seen);
        } else if let Ok(number) = value.parse::<u64>() {
            self.document.add(&format!("{definition}/x-known-values/-"), number.into());
        }
        Ok(())
    }

    /// Adds a value to an open vocabulary, before the branch that takes any other.
    pub(super) fn add_known_value(
        &mut self,
        definition: &str,
        branches: &[Json],
        value: &str,
        seen: Occurrences,
    ) {
        let others = branches.iter().filter_map(|branch| branch.get("const")?.as_str());
        if others.clone().any(|other| other == value) {
            return;
        }
        if !names::can_be_variant(value, others) {
            self.add_unmodelled_value(definition, value);
            return;
        }
        let branch = Json::object([
            ("const", Json::string(value)),
            ("description", Json::string(seen_in(seen))),
            ("x-provenance", Json::string("real-data")),
        ]);
        self.document.add(&format!("{definition}/anyOf/{}", branches.len().saturating_sub(1)), branch);
    }

    /// Adds a value that no variant can be named after.
    pub(super) fn add_unmodelled_value(&mut self, definition: &str, value: &str) {
        let list = format!("{definition}/x-known-values");
        let values = self.json(&list).map(Json::elements);
        if values.is_some_and(|values| values.iter().any(|one| one.as_str() == Some(value))) {
            return;
        }
        if values.is_none() {
            self.document.add(&list, Json::Array(Vec::new()));
        }
        self.document.add(&format!("{list}/-"), Json::string(value));
    }
}
