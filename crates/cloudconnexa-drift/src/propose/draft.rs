//! Changes a schema by one difference after the other.

use std::collections::BTreeSet;

use cloudconnexa_validator::catalog::is_plausible_name;

use super::field::{Shape, describe, widen};
use super::json::Json;
use super::names;
use super::patch::Edited;
use crate::compare::{Finding, FindingKind};
use crate::form::Form;
use crate::hash;
use crate::known::{Known, KnownKind, escaped, unescaped};
use crate::profile::{FieldProfile, Profile, Seen};

/// Fields of one object that are described: what was seen is kept in 64 bits by those who read events.
const FIELDS: usize = 56;
/// What the vocabulary of names is called.
const NAMES: &str = "/$defs/EventName";
/// A definition for integers whose bounds nobody has told.
const INTEGER: &str = "UndescribedInteger";

/// A schema on its way.
pub(super) struct Draft<'a> {
    pub(super) edited: Edited,
    pub(super) left: Vec<String>,
    known: &'a Known,
    profile: &'a Profile,
}

impl<'a> Draft<'a> {
    pub(super) fn new(edited: Edited, known: &'a Known, profile: &'a Profile) -> Self {
        Self { edited, left: Vec::new(), known, profile }
    }

    /// Makes room for what a finding tells of.
    pub(super) fn describe(&mut self, finding: &Finding) {
        let described = match (finding.kind, &finding.path) {
            _ if finding.is_rest => Err("there are too many to tell each"),
            (FindingKind::NewEvent, _) => self.event(finding),
            (FindingKind::NewField, Some(path)) => self.new_field(finding, path),
            (FindingKind::NewValue, Some(path)) => self.value(finding, path),
            (FindingKind::TypeChanged, Some(path)) => self.widen(finding, path),
            (FindingKind::FieldGone | FindingKind::FieldMissing, Some(path)) => self.optional(finding, path),
            _ => Err("that is nothing for a schema"),
        };
        if let Err(why) = described {
            self.left.push(format!("{}: {why}", finding.message()));
        }
    }

    /// The pointer to the object that a field of an event is described in.
    fn object(&self, event: Option<&str>, path: &str) -> Option<String> {
        if !path.starts_with("/log/") {
            return Some("/$defs/Header".to_owned());
        }
        let branch = self.branch(event?)?;
        let reference = self.edited.json.at(&format!("{branch}/then/properties/log/$ref"))?;
        Some(reference.as_str()?.trim_start_matches('#').to_owned())
    }

    /// The pointer to the branch of an event.
    fn branch(&self, event: &str) -> Option<String> {
        let branches = self.edited.json.at("/allOf")?.elements();
        let is_it =
            |branch: &Json| branch.at("/if/properties/eventName/const").and_then(Json::as_str) == Some(event);
        Some(format!("/allOf/{}", branches.iter().position(is_it)?))
    }

    /// Its values in all events that the description is for.
    fn values(&self, object: &str, path: &str) -> FieldProfile {
        let mut all = FieldProfile::default();
        let nameless = self.profile.nameless.as_ref().map(|event| (None, event));
        for (name, event) in
            self.profile.events.iter().map(|(name, event)| (Some(name.as_str()), event)).chain(nameless)
        {
            if let Some(field) = event.fields.get(path)
                && self.object(name, path).as_deref() == Some(object)
            {
                all.merge(field.clone());
            }
        }
        all
    }

    fn new_field(&mut self, finding: &Finding, path: &str) -> Result<(), &'static str> {
        let event = finding.events.first().map(String::as_str);
        let name = unescaped(path.rsplit_once('/').map_or("", |(_, name)| name));
        if path == "/log" {
            let branch = event.and_then(|event| self.branch(event)).ok_or("its event is not described")?;
            let values = FieldProfile {
                forms: event
                    .and_then(|event| self.profile.events.get(event)?.fields.get(path))
                    .map(|field| field.forms.clone())
                    .unwrap_or_default(),
                ..FieldProfile::default()
            };
            self.unmodelled(&branch, "log", &values, None);
            return Ok(());
        }
        let object = self.object(event, path).ok_or("its event has no `log` in the schema")?;
        if self.edited.json.at(&format!("{object}/properties/{}", escaped(&name))).is_some() {
            return Ok(());
        }
        let values = self.values(&object, path);
        self.field(&object, &name, &values);
        Ok(())
    }

    /// Describes a field that is not described yet.
    fn field(&mut self, object: &str, name: &str, values: &FieldProfile) {
        let shape = describe(values);
        let properties = self.edited.json.at(&format!("{object}/properties")).map_or(&[][..], Json::members);
        let can_be = names::can_be_field(name, properties.iter().map(|(name, _)| name.as_str()))
            && !(object == "/$defs/Header" && matches!(name, "eventName" | "log"))
            && properties.len() < FIELDS;
        match self.node(&shape).filter(|_| can_be) {
            Some(mut members) => {
                members.push(("description".to_owned(), Json::text(seen_in(values.present()))));
                members.push(("x-provenance".to_owned(), Json::text("real-data")));
                self.edited.add(&format!("{object}/properties/{}", escaped(name)), Json::Object(members));
            }
            None => self.unmodelled(object, name, values, None),
        }
    }

    /// The keywords for a shape; for what needs a definition, that is found or made.
    fn node(&mut self, shape: &Shape) -> Option<Vec<(String, Json)>> {
        let one = |key: &str, value: Json| Some(vec![(key.to_owned(), value)]);
        match shape {
            Shape::Boolean => one("type", Json::text("boolean")),
            Shape::Text => one("type", Json::text("string")),
            Shape::NullableText => one("type", Json::texts(["string", "null"])),
            Shape::Format { formats, or_empty } => {
                let name = self.with_format(formats, *or_empty);
                match name {
                    Some(name) => one("$ref", Json::text(format!("#/$defs/{name}"))),
                    None => one("type", Json::text("string")),
                }
            }
            Shape::Integer { minimum, maximum } => {
                let name = self.integer(*minimum, *maximum)?;
                one("$ref", Json::text(format!("#/$defs/{name}")))
            }
            Shape::Unmodelled => None,
        }
    }

    /// The definition that asks for these formats, if there is one.
    fn with_format(&self, formats: &[&str], or_empty: bool) -> Option<String> {
        let fits = |node: &Json| {
            let own = node.get("format").and_then(Json::as_str);
            let branches = node.get("anyOf").map_or(&[][..], Json::elements);
            let asked =
                own.into_iter().chain(branches.iter().filter_map(|branch| branch.get("format")?.as_str()));
            let takes_empty =
                branches.iter().any(|branch| branch.get("const").and_then(Json::as_str) == Some(""));
            asked.eq(formats.iter().copied()) && takes_empty == or_empty
        };
        let definitions = self.edited.json.get("$defs")?.members();
        definitions.iter().find(|(_, node)| fits(node)).map(|(name, _)| name.clone())
    }

    /// A definition of integers within bounds, made where there is none: one that has a meaning is not borrowed for another.
    fn integer(&mut self, minimum: u64, maximum: u64) -> Option<String> {
        let definitions = self.edited.json.get("$defs")?.members();
        let has = |node: &Json, key: &str, bound: u64| matches!(node.get(key), Some(Json::Number(number)) if number.as_u64() == Some(bound));
        let is_it = |(name, node): &&(String, Json)| {
            name.starts_with(INTEGER) && has(node, "minimum", minimum) && has(node, "maximum", maximum)
        };
        if let Some((name, _)) = definitions.iter().find(is_it) {
            return Some(name.clone());
        }
        let name = names::definition(INTEGER, definitions.iter().map(|(name, _)| name.as_str()))?;
        let number = |number: u64| Json::Number(number.into());
        let definition = Json::object([
            ("title", Json::text("Undescribed integer")),
            (
                "description",
                Json::text(
                    "An integer that was seen and is not described yet: its bounds are those that were seen, or those of a signed 64-bit integer.",
                ),
            ),
            ("type", Json::text("integer")),
            ("minimum", number(minimum)),
            ("maximum", number(maximum)),
        ]);
        self.edited.add(&format!("/$defs/{name}"), definition);
        Some(name)
    }

    /// Puts a field among those that come and are not described.
    fn unmodelled(&mut self, object: &str, name: &str, values: &FieldProfile, said: Option<&str>) {
        let list = format!("{object}/x-unmodelled");
        let types: BTreeSet<_> = values.forms.keys().map(|form| form.json_type()).collect();
        if self.edited.json.at(&list).is_none() {
            self.edited.add(&list, Json::Object(Vec::new()));
        }
        let description = match said {
            Some(said) => format!(
                "{said} No type that the schema has takes all its values. {}",
                seen_in(values.present())
            ),
            None => seen_in(values.present()),
        };
        let entry = Json::object([("types", Json::texts(types)), ("description", Json::text(description))]);
        self.edited.add(&format!("{list}/{}", escaped(name)), entry);
    }

    /// Makes a field take the values that it has.
    fn widen(&mut self, finding: &Finding, path: &str) -> Result<(), &'static str> {
        let event = finding.events.first().map(String::as_str);
        if matches!(path, "/log" | "/eventName") {
            return Err("`eventName` is a string and `log` an object in all that reads them");
        }
        let object = self.object(event, path).ok_or("it is not described")?;
        let name = unescaped(path.rsplit_once('/').map_or("", |(_, name)| name));
        let known = self.known.field(event, path).ok_or("it is not described")?;
        let values = self.values(&object, path);
        if let KnownKind::Unmodelled(types) = &known.kind {
            let all =
                values.forms.keys().map(|form| form.json_type()).chain(types.iter().map(String::as_str));
            let types: BTreeSet<_> = all.collect();
            self.edited
                .replace(&format!("{object}/x-unmodelled/{}/types", escaped(&name)), Json::texts(types));
            return Ok(());
        }
        let shape = widen(&known, &values, values.missing.count == 0);
        if let KnownKind::Integer { known: versions, .. } = &known.kind
            && !versions.is_empty()
        {
            return self.rebound(&object, &name, &shape);
        }
        self.reshape(&object, &name, &shape, &values);
        Ok(())
    }

    /// Gives integers of which some are known other bounds: their definition stays what it is.
    fn rebound(&mut self, object: &str, name: &str, shape: &Shape) -> Result<(), &'static str> {
        let Shape::Integer { minimum, maximum } = shape else {
            return Err("a version is an integer in all that reads it");
        };
        let reference = self.edited.json.at(&format!("{object}/properties/{}/$ref", escaped(name)));
        let definition =
            reference.and_then(Json::as_str).map(|target| target.trim_start_matches('#').to_owned());
        let definition = definition.ok_or("it is not described")?;
        for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
            self.edited.replace(&format!("{definition}/{key}"), Json::Number((*bound).into()));
        }
        Ok(())
    }

    /// Gives a field that is described another shape.
    fn reshape(&mut self, object: &str, name: &str, shape: &Shape, values: &FieldProfile) {
        let pointer = format!("{object}/properties/{}", escaped(name));
        let Some(Json::Object(old)) = self.edited.json.at(&pointer).cloned() else { return };
        if let Some(mut members) = self.node(shape) {
            members.extend(old.iter().filter(|(key, _)| key != "$ref" && key != "type").cloned());
            self.edited.replace(&pointer, Json::Object(members));
            return;
        }
        self.require_no_more(object, name);
        self.edited.remove(&pointer);
        let properties = self.edited.json.at(&format!("{object}/properties")).map_or(&[][..], Json::members);
        let replaced: Vec<_> = properties
            .iter()
            .filter(|(_, node)| node.get("x-replaced-by").and_then(Json::as_str) == Some(name))
            .map(|(other, _)| format!("{object}/properties/{}/x-replaced-by", escaped(other)))
            .collect();
        for pointer in &replaced {
            self.edited.remove(pointer);
        }
        let said = old.iter().find(|(key, _)| key == "description").and_then(|(_, said)| said.as_str());
        self.unmodelled(object, name, values, said);
    }

    fn require_no_more(&mut self, object: &str, name: &str) {
        let list = format!("{object}/required");
        let names = self.edited.json.at(&list).map_or(&[][..], Json::elements);
        if let Some(place) = names.iter().position(|one| one.as_str() == Some(name)) {
            self.edited.remove(&format!("{list}/{place}"));
        }
    }

    /// Makes a field optional.
    fn optional(&mut self, finding: &Finding, path: &str) -> Result<(), &'static str> {
        let event = finding.events.first().map(String::as_str);
        if matches!(path, "/log" | "/eventName") {
            return Err(
                "an event is told by its `eventName`, and one that has a `log` always has it, in all that reads them",
            );
        }
        let object = self.object(event, path).ok_or("it is not described")?;
        let name = unescaped(path.rsplit_once('/').map_or("", |(_, name)| name));
        let types = self.edited.json.at(&format!("{object}/properties/{}/type", escaped(&name)));
        if types.is_some_and(|types| types.elements().iter().any(|one| one.as_str() == Some("null"))) {
            // One Rust `Option` can't tell null from absent.
            let mut values = self.values(&object, path);
            for form in [Form::Null, Form::String] {
                values.forms.entry(form).or_default();
            }
            self.reshape(&object, &name, &Shape::Unmodelled, &values);
        } else {
            self.require_no_more(&object, &name);
        }
        Ok(())
    }

    /// Adds a value to its vocabulary.
    fn value(&mut self, finding: &Finding, path: &str) -> Result<(), &'static str> {
        let event = finding.events.first().map(String::as_str);
        let value = finding.value.as_deref().unwrap_or_default();
        if hash::is_fingerprint(value) {
            return Err("the profile does not tell values; write it with `--show-values`");
        }
        let object = self.object(event, path).ok_or("it is not described")?;
        let name = unescaped(path.rsplit_once('/').map_or("", |(_, name)| name));
        let reference = self.edited.json.at(&format!("{object}/properties/{}/$ref", escaped(&name)));
        // It may have been widened to any text already.
        let Some(reference) = reference.and_then(Json::as_str) else { return Ok(()) };
        let definition = reference.trim_start_matches('#').to_owned();
        let seen = Seen { count: finding.count, first: finding.since, last: finding.last };
        let node = self.edited.json.at(&definition).cloned().ok_or("it is not described")?;
        if let Some(list) = node.get("enum") {
            let others = list.elements().iter().filter_map(Json::as_str);
            if others.clone().any(|other| other == value) {
                return Ok(());
            }
            if names::can_be_variant(value, others) {
                self.edited.add(&format!("{definition}/enum/-"), Json::text(value));
            } else {
                let values = self.values(&object, path);
                self.reshape(&object, &name, &Shape::Text, &values);
            }
        } else if let Some(branches) = node.get("anyOf") {
            self.word(&definition, branches.elements(), value, seen);
        } else if let Ok(number) = value.parse::<u64>() {
            self.edited.add(&format!("{definition}/x-known-values/-"), Json::Number(number.into()));
        }
        Ok(())
    }

    /// Adds a word to an open vocabulary, in front of what takes all others.
    fn word(&mut self, definition: &str, branches: &[Json], value: &str, seen: Seen) {
        let others = branches.iter().filter_map(|branch| branch.get("const")?.as_str());
        if others.clone().any(|other| other == value) {
            return;
        }
        if names::can_be_variant(value, others) {
            let branch = Json::object([
                ("const", Json::text(value)),
                ("description", Json::text(seen_in(seen))),
                ("x-provenance", Json::text("real-data")),
            ]);
            self.edited.add(&format!("{definition}/anyOf/{}", branches.len().saturating_sub(1)), branch);
        } else {
            self.name_only(definition, value);
        }
    }

    /// Adds a value that no variant can be made of.
    fn name_only(&mut self, definition: &str, value: &str) {
        let list = format!("{definition}/x-known-values");
        let values = self.edited.json.at(&list).map(Json::elements);
        if values.is_some_and(|values| values.iter().any(|one| one.as_str() == Some(value))) {
            return;
        }
        if values.is_none() {
            self.edited.add(&list, Json::Array(Vec::new()));
        }
        self.edited.add(&format!("{list}/-"), Json::text(value));
    }

    /// Describes a new event.
    fn event(&mut self, finding: &Finding) -> Result<(), &'static str> {
        let name = finding.events.first().map(String::as_str).unwrap_or_default();
        let profile = self.profile.events.get(name).ok_or("nothing is known of it")?;
        if hash::is_fingerprint(name) {
            return Err("the profile does not tell its name; write it with `--show-values`");
        }
        let vocabulary = self
            .edited
            .json
            .at(&format!("{NAMES}/anyOf"))
            .cloned()
            .ok_or("the schema has no names of events")?;
        let names = vocabulary.elements().iter().filter_map(|branch| branch.get("const")?.as_str());
        if !is_plausible_name(name) || !names::can_be_variant(name, names) {
            self.name_only(NAMES, name);
            return Ok(());
        }
        let log = profile.fields.get("/log");
        let objects = log.map_or(0, |log| log.count(Form::Object));
        let mut branch = vec![
            ("title".to_owned(), Json::text(names::title(name))),
            ("description".to_owned(), Json::text(seen_in(profile.seen))),
            (
                "if".to_owned(),
                Json::object([
                    (
                        "properties",
                        Json::object([("eventName", Json::object([("const", Json::text(name))]))]),
                    ),
                    ("required", Json::texts(["eventName"])),
                ]),
            ),
        ];
        self.word(NAMES, vocabulary.elements(), name, profile.seen);
        let definitions = self.edited.json.get("$defs").map_or(&[][..], Json::members);
        let definition =
            names::definition(&format!("{name}-log"), definitions.iter().map(|(name, _)| name.as_str()));
        let Some(definition) = definition.filter(|_| objects == profile.seen.count) else {
            branch.push(("then".to_owned(), Json::Bool(true)));
            self.edited.add("/allOf/-", Json::Object(branch));
            if let (Some(log), Some(branch)) = (log.filter(|log| log.present().count > 0), self.branch(name))
            {
                self.unmodelled(&branch, "log", log, None);
            }
            return Ok(());
        };
        let reference = Json::object([("$ref", Json::text(format!("#/$defs/{definition}")))]);
        let then = Json::object([
            ("properties", Json::object([("log", reference)])),
            ("required", Json::texts(["log"])),
        ]);
        branch.push(("then".to_owned(), then));
        self.edited.add("/allOf/-", Json::Object(branch));
        let object = format!("/$defs/{definition}");
        let log = Json::object([
            ("title", Json::text(format!("{}: log", names::title(name)))),
            ("description", Json::text(format!("What {name} reports. {}", seen_in(profile.seen)))),
            ("type", Json::text("object")),
            ("required", Json::Array(Vec::new())),
            ("properties", Json::Object(Vec::new())),
        ]);
        self.edited.add(&object, log);
        for (path, field) in &profile.fields {
            let Some(name) =
                path.strip_prefix("/log/").filter(|name| !name.contains('/') && !name.ends_with("[]"))
            else {
                continue;
            };
            self.field(&object, &unescaped(name), field);
        }
        Ok(())
    }

    /// A `log` of which no field is described is known to come, and no more: an object without fields makes no type.
    pub(super) fn undescribe_empty(&mut self) {
        let branches = self.edited.json.at("/allOf").map_or(0, |branches| branches.elements().len());
        for branch in (1..branches).map(|place| format!("/allOf/{place}")) {
            let reference = self.edited.json.at(&format!("{branch}/then/properties/log/$ref"));
            let object = reference.and_then(Json::as_str).map(|target| target.trim_start_matches('#'));
            let properties = object.and_then(|object| self.edited.json.at(&format!("{object}/properties")));
            if properties.is_some_and(|properties| properties.members().is_empty()) {
                let name = self.edited.json.at(&format!("{branch}/if/properties/eventName/const"));
                let name = name.and_then(Json::as_str).unwrap_or_default();
                let values = self.profile.events.get(name).and_then(|event| event.fields.get("/log"));
                let values = values.cloned().unwrap_or_default();
                self.edited.replace(&format!("{branch}/then"), Json::Bool(true));
                self.unmodelled(&branch, "log", &values, None);
            }
        }
    }

    /// Takes out definitions that nothing refers to any more.
    pub(super) fn remove_unused(&mut self) {
        while self.edited.is_changed() {
            let mut used = BTreeSet::new();
            references(&self.edited.json, &mut used);
            let definitions = self.edited.json.get("$defs").map_or(&[][..], Json::members);
            let unused = definitions.iter().map(|(name, _)| name).find(|name| !used.contains(*name)).cloned();
            let Some(name) = unused else { return };
            self.edited.remove(&format!("/$defs/{}", escaped(&name)));
        }
    }
}

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

/// What a draft says of everything: somebody has to say more.
fn seen_in(seen: Seen) -> String {
    let since = seen.first.map(|first| format!(" since {first}")).unwrap_or_default();
    let events = if seen.count == 1 { "event" } else { "events" };
    format!("Seen in {} {events}{since}; describe it.", seen.count)
}
