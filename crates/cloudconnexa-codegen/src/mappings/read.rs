//! Reads `schema/mappings.json` into the model, and reports what the schema of events does not have or the mapping leaves open.

use cloudconnexa_schema::pointer::child;
use cloudconnexa_schema::{Event, Json, Object, Problem, ProblemKind, ScalarKind, Schema, ValueKind};

use super::decision;
use super::model::{
    Case, Condition, Constants, Decision, EventMapping, FieldMapping, FieldRef, Kind, Scope, Shape, Target,
};

/// The name of the field that the root of the schema describes, and every event has.
const EVENT_NAME: &str = "eventName";

/// The keys of what an event is in OCSF and in ECS.
const OCSF_KEYS: &[&str] =
    &["class", "class-1.1", "set", "set-1.1", "with", "with-1.1", "cases", "otherwise"];
const ECS_KEYS: &[&str] = &["set", "cases"];

/// What the readers of the parts share.
pub(super) struct Reader<'a> {
    schema: &'a Schema,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn problem(&mut self, kind: ProblemKind, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(kind, pointer, message));
    }

    /// Reports a node that is not an object, and each key that is not in `known`.
    pub(super) fn keys(&mut self, node: &Json, pointer: &str, known: &[&str]) {
        if !matches!(node, Json::Object(_)) {
            self.problem(ProblemKind::Structure, pointer, "must be an object");
        }
        for (key, _) in node.members() {
            if !known.contains(&key.as_str()) {
                let message = format!("is not a key of a mapping; here are {}", list(known));
                self.problem(ProblemKind::Unsupported, &child(pointer, key), message);
            }
        }
    }

    /// Returns a text that has to be there.
    pub(super) fn text(&mut self, node: &Json, pointer: &str, what: &str) -> String {
        match node.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => {
                self.problem(ProblemKind::Structure, pointer, format!("must be {what}"));
                String::new()
            }
        }
    }
}

/// Reads the mappings, without those that have problems.
pub(super) fn read(root: &Json, schema: &Schema) -> (Vec<EventMapping>, Vec<Problem>) {
    let mut reader = Reader { schema, problems: Vec::new() };
    reader.keys(root, "", &["$schema", "title", "description", "header", "events", "other"]);
    let empty = Json::Object(Vec::new());
    let member = |key: &str| root.get(key).unwrap_or(&empty);
    let (header, events) = (member("header"), member("events"));
    reader.keys(header, "/header", &["ocsf", "ecs", "fields"]);
    reader.names(events, "/events", schema.events().iter().map(|event| event.name.as_str()), "event");
    let mut mappings = Vec::new();
    for event in schema.events() {
        let pointer = child("/events", &event.name);
        if let Some(node) = events.get(&event.name) {
            mappings.push(reader.event(Some(event), node, &pointer, header));
        } else {
            let message = format!("`{}` is an event of the schema; say where it goes", event.name);
            reader.problem(ProblemKind::Structure, &pointer, message);
        }
    }
    match root.get("other") {
        Some(node) => mappings.push(reader.event(None, node, "/other", header)),
        None => reader.problem(
            ProblemKind::Structure,
            "/other",
            "say where events go that the schema does not describe",
        ),
    }
    (mappings, reader.problems)
}

impl Reader<'_> {
    /// Reports members of `node` that the schema does not have.
    fn names<'n>(&mut self, node: &Json, pointer: &str, known: impl Iterator<Item = &'n str>, what: &str) {
        let known: Vec<&str> = known.collect();
        for (name, _) in node.members().iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let message =
                format!("the schema has no {what} `{name}` here: correct the name, or remove its mapping");
            self.problem(ProblemKind::Reference, &child(pointer, name), message);
        }
    }

    fn event(&mut self, event: Option<&Event>, node: &Json, pointer: &str, header: &Json) -> EventMapping {
        self.keys(node, pointer, &["ocsf", "ecs", "asim", "cim", "header", "fields"]);
        for target in [Target::Asim, Target::Cim] {
            let at = child(pointer, target.key());
            let what = "the name of a schema or data model";
            self.text(node.get(target.key()).unwrap_or(&Json::Null), &at, what);
        }
        let schema = self.schema;
        let log = event.and_then(|event| schema.log_of(event));
        let empty = Json::Object(Vec::new());
        let overrides = node.get("header").unwrap_or(&empty);
        let own = node.get("fields").unwrap_or(&empty);
        let defaults = header.get("fields").unwrap_or(&empty);
        let names = schema.header().fields.iter().map(|field| field.name.as_str()).chain([EVENT_NAME]);
        self.names(overrides, &child(pointer, "header"), names.clone(), "header field");
        if event.is_none()
            || schema.events().first().map(|first| &first.name) == event.map(|event| &event.name)
        {
            self.names(defaults, "/header/fields", names, "header field");
        }
        let log_names = log.into_iter().flat_map(|log| &log.fields).map(|field| field.name.as_str());
        self.names(own, &child(pointer, "fields"), log_names, "field");
        let mut fields = Vec::new();
        for field in fields_of(schema, log) {
            let (places, remedy) = match field.scope {
                Scope::Header => (
                    vec![(overrides, child(pointer, "header")), (defaults, "/header/fields".to_owned())],
                    "header field",
                ),
                Scope::Log => (vec![(own, child(pointer, "fields"))], "field"),
            };
            let decisions = Target::ALL.map(|target| self.decision(&field, target, log, &places, remedy));
            fields.push(FieldMapping { field, decisions });
        }
        let shape = |reader: &mut Self, target: Target, keys: &[&str]| {
            let shared = header.get(target.key()).unwrap_or(&empty);
            let at = child(pointer, target.key());
            reader.shape(shared, node.get(target.key()).unwrap_or(&empty), &at, log, keys)
        };
        let ocsf = shape(self, Target::Ocsf, OCSF_KEYS);
        let ecs = shape(self, Target::Ecs, ECS_KEYS);
        EventMapping { name: event.map(|event| event.name.clone()), ocsf, ecs, fields }
    }

    /// Returns the decision for a field: that of the first place that has one.
    fn decision(
        &mut self,
        field: &FieldRef,
        target: Target,
        log: Option<&Object>,
        places: &[(&Json, String)],
        what: &str,
    ) -> Decision {
        for (fields, pointer) in places {
            let at = child(pointer, &field.name);
            if let Some(node) = fields.get(&field.name) {
                let known = Target::ALL.map(Target::key);
                if target == Target::Ocsf {
                    self.keys(node, &at, &known);
                }
                if let Some(node) = node.get(target.key()) {
                    return decision::read(self, node, &child(&at, target.key()), field, target, log);
                }
            }
        }
        let at = places.last().map(|(_, pointer)| child(pointer, &field.name)).unwrap_or_default();
        let message = format!(
            "the {what} `{}` has no decision for `{}`: give a path there, or {{\"unmapped\": \"why\"}}",
            field.name,
            target.key()
        );
        self.problem(ProblemKind::Structure, &child(&at, target.key()), message);
        Decision::Unmapped(String::new())
    }

    fn shape(
        &mut self,
        shared: &Json,
        node: &Json,
        pointer: &str,
        log: Option<&Object>,
        keys: &[&str],
    ) -> Shape {
        self.keys(node, pointer, keys);
        let text = |key: &str| node.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let class = text("class");
        if keys.contains(&"class") && class.is_empty() {
            self.problem(ProblemKind::Structure, &child(pointer, "class"), "must be the name of a class");
        }
        let class_1_1 = text("class-1.1");
        let mut set = constants(shared.get("set"));
        for (path, value) in constants(node.get("set")) {
            set.retain(|(other, _)| *other != path);
            set.push((path, value));
        }
        let at = child(pointer, "cases");
        let cases = node.get("cases").map_or(&[][..], Json::elements);
        let mut cases: Vec<Case> = cases
            .iter()
            .enumerate()
            .map(|(index, case)| {
                let at = child(&at, &index.to_string());
                self.keys(case, &at, &["when", "set"]);
                let when = case.get("when").map(|when| self.conditions(when, &child(&at, "when"), log));
                Case { when: when.unwrap_or_default(), set: constants(case.get("set")) }
            })
            .collect();
        if cases.is_empty() {
            cases.push(Case::default());
        }
        let last = cases.len() - 1;
        if cases.iter().enumerate().any(|(index, case)| case.when.is_empty() != (index == last)) {
            let message =
                "the last case must have no `when`, so that one always applies, and the others must have one";
            self.problem(ProblemKind::Structure, &at, message);
        }
        Shape {
            class_1_1: if class_1_1.is_empty() { class.clone() } else { class_1_1 },
            class,
            set,
            set_1_1: constants(node.get("set-1.1")),
            with: constants(node.get("with")),
            with_1_1: constants(node.get("with-1.1")),
            cases,
            otherwise: constants(node.get("otherwise")),
            pointer: pointer.to_owned(),
        }
    }

    /// Reads `when`: fields and the values that they have to have, a value or a list.
    pub(super) fn conditions(&mut self, node: &Json, pointer: &str, log: Option<&Object>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, values) in node.members() {
            let at = child(pointer, name);
            let Some(field) = find(self.schema, log, name) else {
                let message = "is not a field of the event: write a header field as it is, and a field of `log` as `log.NAME`";
                self.problem(ProblemKind::Reference, &at, message);
                continue;
            };
            let values =
                if values.elements().is_empty() { vec![values.clone()] } else { values.elements().to_vec() };
            let fits = |value: &Json| match field.kind {
                Kind::Boolean => matches!(value, Json::Bool(_)),
                Kind::Text => value.as_str().is_some(),
                Kind::Integer | Kind::Address | Kind::Time => false,
            };
            if !values.iter().all(fits) {
                let message =
                    format!("is {}: a condition compares a text with texts, or a boolean", field.kind.name());
                self.problem(ProblemKind::Structure, &at, message);
                continue;
            }
            conditions.push(Condition { field, values });
        }
        if conditions.is_empty() && node.members().is_empty() {
            self.problem(ProblemKind::Structure, pointer, "must name at least one field and its values");
        }
        conditions
    }
}

fn constants(node: Option<&Json>) -> Constants {
    node.map_or(&[][..], Json::members).to_vec()
}

/// Returns the fields of an event: those of the header, then `eventName`, then those of the `log`.
fn fields_of(schema: &Schema, log: Option<&Object>) -> Vec<FieldRef> {
    let reference = |scope, index, name: &str, kind| FieldRef { scope, index, name: name.to_owned(), kind };
    let header = &schema.header().fields;
    let mut fields: Vec<FieldRef> = Vec::new();
    for (index, field) in header.iter().enumerate() {
        fields.push(reference(Scope::Header, index, &field.name, kind(schema, field)));
    }
    fields.push(reference(Scope::Header, header.len(), EVENT_NAME, Kind::Text));
    for (index, field) in log.into_iter().flat_map(|log| &log.fields).enumerate() {
        fields.push(reference(Scope::Log, index, &field.name, kind(schema, field)));
    }
    fields
}

/// Returns the field that a condition names.
fn find(schema: &Schema, log: Option<&Object>, name: &str) -> Option<FieldRef> {
    let (scope, name) = match name.strip_prefix("log.") {
        Some(name) => (Scope::Log, name),
        None => (Scope::Header, name),
    };
    fields_of(schema, log).into_iter().find(|field| field.scope == scope && field.name == name)
}

fn kind(schema: &Schema, field: &cloudconnexa_schema::Field) -> Kind {
    match schema.value_kind(field) {
        ValueKind::Boolean => Kind::Boolean,
        ValueKind::String => Kind::Text,
        ValueKind::Scalar(scalar) => match &scalar.kind {
            ScalarKind::Integer { .. } => Kind::Integer,
            ScalarKind::Constant(_) | ScalarKind::Vocabulary { .. } => Kind::Text,
            ScalarKind::Format { formats, .. } => match formats.first().map(String::as_str) {
                Some("date-time") => Kind::Time,
                Some("ipv4" | "ipv6") => Kind::Address,
                _ => Kind::Text,
            },
        },
    }
}

/// Lists names in a sentence: `a`, `b` and `c`.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
