//! Describes new events.

use cloudconnexa_schema::Json;
use cloudconnexa_schema::pointer::unescape;
use cloudconnexa_validator::catalog::is_plausible_name;

use super::{Draft, Reason, event_of, seen_in};
use crate::compare::Finding;
use crate::hash;
use crate::profile::EventProfile;
use crate::propose::names;
use crate::value_type::ValueType;

/// The vocabulary of event names.
const NAMES: &str = "/$defs/EventName";

impl Draft<'_> {
    /// Describes a new event.
    pub(super) fn event(&mut self, finding: &Finding) -> Result<(), Reason> {
        let name = event_of(finding).unwrap_or_default();
        let profile = self.profile.events.get(name).ok_or("nothing is known about it")?;
        if hash::is_fingerprint(name) {
            return Err("the profile does not contain its name; write it with `--show-values`");
        }
        let vocabulary =
            self.json(&format!("{NAMES}/anyOf")).cloned().ok_or("the schema has no names of events")?;
        let others = vocabulary.elements().iter().filter_map(|branch| branch.get("const")?.as_str());
        if !is_plausible_name(name) || !names::can_be_variant(name, others) {
            self.add_unmodelled_value(NAMES, name);
            return Ok(());
        }
        let log = profile.fields.get("/log");
        let objects = log.map_or(0, |log| log.count(ValueType::Object));
        self.add_known_value(NAMES, vocabulary.elements(), name, profile.seen);
        let definitions = self.definitions().iter().map(|(name, _)| name.as_str());
        let definition = names::definition(&format!("{name}-log"), definitions);
        if let Some(definition) = definition.filter(|_| objects == profile.seen.count) {
            self.document.add("/allOf/-", branch(name, profile, log_of(&definition)));
            self.add_log(&format!("/$defs/{definition}"), name, profile);
            return Ok(());
        }
        self.document.add("/allOf/-", branch(name, profile, Json::Bool(true)));
        let log = log.filter(|log| log.present().count > 0);
        if let (Some(log), Some(branch)) = (log, self.branch(name)) {
            self.unmodelled(&branch, "log", log, None);
        }
        Ok(())
    }

    /// Adds the definition of the `log` of a new event.
    fn add_log(&mut self, definition: &str, event: &str, profile: &EventProfile) {
        let log = Json::object([
            ("title", Json::string(format!("{}: log", names::title(event)))),
            ("description", Json::string(format!("What {event} reports. {}", seen_in(profile.seen)))),
            ("type", Json::string("object")),
            ("required", Json::Array(Vec::new())),
            ("properties", Json::Object(Vec::new())),
        ]);
        self.document.add(definition, log);
        for (path, field) in &profile.fields {
            let name = path.strip_prefix("/log/");
            if let Some(name) = name.filter(|name| !name.contains('/') && !name.ends_with("[]")) {
                self.add_field(definition, &unescape(name), field);
            }
        }
    }

    /// Turns a `log` without a described field into one that is known to occur: an object without fields makes no type.
    pub(in crate::propose) fn undescribe_empty_logs(&mut self) {
        let branches = self.json("/allOf").map_or(0, |branches| branches.elements().len());
        for branch in (1..branches).map(|index| format!("/allOf/{index}")) {
            let reference = self.json(&format!("{branch}/then/properties/log/$ref"));
            let object = reference.and_then(Json::as_str).map(|target| target.trim_start_matches('#'));
            let properties = object.and_then(|object| self.json(&format!("{object}/properties")));
            if properties.is_some_and(|properties| properties.members().is_empty()) {
                let name = self.json(&format!("{branch}/if/properties/eventName/const"));
                let name = name.and_then(Json::as_str).unwrap_or_default();
                let values = self.profile.events.get(name).and_then(|event| event.fields.get("/log"));
                let values = values.cloned().unwrap_or_default();
                self.document.replace(&format!("{branch}/then"), Json::Bool(true));
                self.unmodelled(&branch, "log", &values, None);
            }
        }
    }
}

/// Returns the branch of an event, with what `then` asks for.
fn branch(name: &str, profile: &EventProfile, then: Json) -> Json {
    let has_name = Json::object([("eventName", Json::object([("const", Json::string(name))]))]);
    let condition = Json::object([("properties", has_name), ("required", Json::strings(["eventName"]))]);
    Json::object([
        ("title", Json::string(names::title(name))),
        ("description", Json::string(seen_in(profile.seen))),
        ("if", condition),
        ("then", then),
    ])
}

/// Returns a `then` that asks for a `log` of this definition.
fn log_of(definition: &str) -> Json {
    let reference = Json::object([("$ref", Json::string(format!("#/$defs/{definition}")))]);
    Json::object([("properties", Json::object([("log", reference)])), ("required", Json::strings(["log"]))])
}
