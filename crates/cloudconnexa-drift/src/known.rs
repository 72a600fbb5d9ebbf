//! What is known of events, read from the text of a schema: the one that is built in, or one that people have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cloudconnexa_events::SCHEMA;
use serde_json::Value;

use crate::form::Form;
use crate::hash;
use crate::profile::{FieldProfile, Num};

/// What a schema says of events.
#[derive(Clone, Debug)]
pub struct Known {
    header: Fields,
    /// The fields of `log`, where it is described.
    events: BTreeMap<String, Option<Fields>>,
    /// Events whose `log` is known to come, and not described.
    unmodelled_logs: BTreeSet<String>,
    /// Names of events that are not described, but known to come.
    named: BTreeSet<String>,
}

type Fields = BTreeMap<String, KnownField>;

/// What a schema says of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownField {
    /// Whether an event without it is invalid.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// What its value has to be.
    pub kind: KnownKind,
}

/// What the value of a field has to be.
#[derive(Clone, Debug, PartialEq)]
pub enum KnownKind {
    /// `true` or `false`.
    Boolean,
    /// Any text.
    Text,
    /// An object, whose members are described elsewhere or not at all.
    Object,
    /// An integer within bounds.
    Integer {
        /// The least.
        minimum: u64,
        /// The greatest.
        maximum: u64,
        /// Those that are known, where a list says so.
        known: BTreeSet<String>,
    },
    /// A text in one of these formats, or the empty one.
    Format {
        /// The formats.
        formats: BTreeSet<String>,
        /// Whether the empty text will do as well.
        or_empty: bool,
    },
    /// A text, of which these are known.
    Values {
        /// The known ones.
        known: BTreeSet<String>,
        /// Whether there are no others.
        is_closed: bool,
    },
    /// Known to come, and not described but for the types of its values.
    Unmodelled(BTreeSet<String>),
}

/// Why a text is no schema that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl SchemaError {
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self(format!("is not JSON: {error}"))
    }
}

impl Known {
    /// What the schema that is built in says.
    ///
    /// # Panics
    ///
    /// Never: a test of this crate reads that schema.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(SCHEMA).expect("the built-in schema can be read")
    }

    /// Reads a schema that has the shape of the one that is built in.
    ///
    /// ```
    /// use cloudconnexa_drift::Known;
    ///
    /// let known = Known::parse(cloudconnexa_events::SCHEMA)?;
    /// assert!(known.field(Some("client-connected"), "/log/clientOsType").is_some());
    /// assert!(Known::parse("{}").is_err());
    /// # Ok::<(), cloudconnexa_drift::SchemaError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let schema: Value = serde_json::from_str(text).map_err(|error| SchemaError::not_json(&error))?;
        let reader = Reader(&schema);
        let header = reader.fields("/$defs/Header")?;
        let (mut events, mut unmodelled_logs) = (BTreeMap::new(), BTreeSet::new());
        for (place, branch) in reader.array("/allOf")?.iter().enumerate().skip(1) {
            let pointer = format!("/allOf/{place}/if/properties/eventName/const");
            let name = schema.pointer(&pointer).and_then(Value::as_str).ok_or_else(|| wrong(&pointer))?;
            let fields = match branch.pointer("/then/properties/log/$ref").and_then(Value::as_str) {
                Some(reference) => Some(reader.fields(reference.trim_start_matches('#'))?),
                None => None,
            };
            if branch.pointer("/x-unmodelled/log").is_some() {
                unmodelled_logs.insert(name.to_owned());
            }
            events.insert(name.to_owned(), fields);
        }
        let named = texts(schema.pointer("/$defs/EventName/x-known-values"));
        Ok(Self { header, events, unmodelled_logs, named })
    }

    /// The events that are described.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.keys().map(String::as_str)
    }

    /// Whether it describes an event.
    #[must_use]
    pub fn describes(&self, event: &str) -> bool {
        self.events.contains_key(event)
    }

    /// Whether it describes the `log` of an event.
    pub(crate) fn describes_log(&self, event: Option<&str>) -> bool {
        event.and_then(|event| self.events.get(event)).is_some_and(Option::is_some)
    }

    /// Whether it knows the name of an event, or what its fingerprint stands for.
    pub(crate) fn names(&self, event: &str) -> bool {
        self.describes(event) || has(&self.named, event)
    }

    /// What it says of the field at a path of an event, or of the header alone.
    #[must_use]
    pub fn field(&self, event: Option<&str>, path: &str) -> Option<KnownField> {
        let described = event.and_then(|event| self.events.get(event)).and_then(Option::as_ref);
        let envelope = |kind, required| Some(KnownField { required, nullable: false, kind });
        match path {
            "/eventName" => envelope(KnownKind::Text, true),
            "/log" => match event.filter(|event| self.describes(event)) {
                Some(event) if described.is_none() && !self.unmodelled_logs.contains(event) => None,
                _ => envelope(KnownKind::Object, described.is_some()),
            },
            _ => match path.strip_prefix("/log/") {
                Some(name) => described?.get(&unescaped(name)).cloned(),
                None => self.header.get(&unescaped(path.strip_prefix('/')?)).cloned(),
            },
        }
    }

    /// The paths of all fields that it describes of an event.
    pub(crate) fn paths(&self, event: &str) -> impl Iterator<Item = String> {
        let log = self.events.get(event).and_then(Option::as_ref).into_iter().flatten();
        let log = log.map(|(name, _)| format!("/log/{}", escaped(name)));
        self.header.keys().map(|name| format!("/{}", escaped(name))).chain(log)
    }
}

/// A name as a part of a pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A part of a pointer as a name.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// Whether a list has a text, or the text that a fingerprint stands for.
fn has(list: &BTreeSet<String>, text: &str) -> bool {
    list.contains(text)
        || hash::is_fingerprint(text) && list.iter().any(|known| hash::fingerprint(known) == text)
}

fn wrong(pointer: &str) -> SchemaError {
    SchemaError(format!("is no schema of log events: nothing that can be used stands at `{pointer}`"))
}

fn texts(list: Option<&Value>) -> BTreeSet<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

struct Reader<'a>(&'a Value);

impl<'a> Reader<'a> {
    fn array(&self, pointer: &str) -> Result<&'a Vec<Value>, SchemaError> {
        self.0.pointer(pointer).and_then(Value::as_array).ok_or_else(|| wrong(pointer))
    }

    fn fields(&self, pointer: &str) -> Result<Fields, SchemaError> {
        let object = self.0.pointer(pointer).ok_or_else(|| wrong(pointer))?;
        let required = texts(object.get("required"));
        let mut fields = Fields::new();
        let members = |key| object.get(key).and_then(Value::as_object).into_iter().flatten();
        for (name, node) in members("x-unmodelled") {
            let kind = KnownKind::Unmodelled(texts(node.get("types")));
            fields.insert(name.clone(), KnownField { required: false, nullable: false, kind });
        }
        for (name, node) in members("properties") {
            let pointer = format!("{pointer}/properties/{}", escaped(name));
            let (kind, nullable) = self.kind(node, &pointer)?;
            let required = required.contains(name);
            fields.insert(name.clone(), KnownField { required, nullable, kind });
        }
        Ok(fields)
    }

    fn kind(&self, node: &'a Value, pointer: &str) -> Result<(KnownKind, bool), SchemaError> {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let target = reference.trim_start_matches('#');
            let definition = self.0.pointer(target).ok_or_else(|| wrong(target))?;
            return Ok((scalar(definition, target)?, false));
        }
        let types = match &node["type"] {
            Value::String(one) => BTreeSet::from([one.clone()]),
            list => texts(Some(list)),
        };
        let nullable = types.contains("null");
        let mut types = types.iter().filter(|one| *one != "null");
        match (types.next().map(String::as_str), types.next()) {
            (Some("string"), None) => Ok((KnownKind::Text, nullable)),
            (Some("boolean"), None) => Ok((KnownKind::Boolean, nullable)),
            _ => Err(wrong(pointer)),
        }
    }
}

fn scalar(node: &Value, pointer: &str) -> Result<KnownKind, SchemaError> {
    let branches = node.get("anyOf").and_then(Value::as_array);
    let consts = || branches.into_iter().flatten().filter_map(|branch| branch.get("const")?.as_str());
    let listed = || match node.get("x-known-values").and_then(Value::as_array) {
        Some(list) => {
            list.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect()
        }
        None => BTreeSet::new(),
    };
    match node.get("type").and_then(Value::as_str) {
        Some("integer") => {
            let bound = |name: &str| node.get(name).and_then(Value::as_u64).ok_or_else(|| wrong(pointer));
            Ok(KnownKind::Integer { minimum: bound("minimum")?, maximum: bound("maximum")?, known: listed() })
        }
        Some("string") if node.get("enum").is_some() => {
            Ok(KnownKind::Values { known: texts(node.get("enum")), is_closed: true })
        }
        Some("string") => {
            let nodes = std::iter::once(node).chain(branches.into_iter().flatten());
            let formats = nodes.filter_map(|node| node.get("format")?.as_str().map(str::to_owned)).collect();
            Ok(KnownKind::Format { formats, or_empty: consts().any(str::is_empty) })
        }
        None if branches.is_some() => {
            let known = consts().map(str::to_owned).chain(listed()).collect();
            Ok(KnownKind::Values { known, is_closed: false })
        }
        _ => Err(wrong(pointer)),
    }
}

impl KnownField {
    /// Whether it takes values of this form, those of a profile.
    pub(crate) fn admits(&self, form: Form, profile: &FieldProfile) -> bool {
        if form == Form::Null && self.nullable {
            return true;
        }
        match &self.kind {
            KnownKind::Boolean => form == Form::Boolean,
            KnownKind::Text => form.is_text(),
            KnownKind::Object => form == Form::Object,
            KnownKind::Integer { minimum, maximum, .. } => {
                let bounds = Num::Integer((*minimum).into())..=Num::Integer((*maximum).into());
                let is_within = [profile.minimum, profile.maximum]
                    .into_iter()
                    .flatten()
                    .all(|number| bounds.contains(&number));
                match form {
                    // Those beyond the bounds are told for themselves.
                    Form::Integer => {
                        is_within
                            || profile.count(Form::IntegerOutOfBounds) > 0
                            || profile.count(Form::Number) > 0
                    }
                    Form::IntegerOutOfBounds => is_within,
                    _ => false,
                }
            }
            KnownKind::Format { formats, or_empty } => match form {
                Form::DateTime => formats.contains("date-time"),
                Form::Uuid => formats.contains("uuid"),
                Form::Ipv4 => formats.contains("ipv4"),
                Form::Ipv6 => formats.contains("ipv6"),
                Form::EmptyString => *or_empty,
                _ => false,
            },
            KnownKind::Values { is_closed, .. } => form == Form::String || form.is_text() && !is_closed,
            KnownKind::Unmodelled(types) => {
                types.contains(form.json_type()) || form.json_type() == "integer" && types.contains("number")
            }
        }
    }

    /// Whether it has a list of values, and this is not in it.
    pub(crate) fn lacks(&self, value: &str) -> bool {
        match &self.kind {
            KnownKind::Values { known, .. } => !has(known, value),
            KnownKind::Integer { known, .. } => !known.is_empty() && !has(known, value),
            _ => false,
        }
    }

    /// What it has to be, for a sentence.
    #[must_use]
    pub fn expected(&self) -> String {
        let or_null = if self.nullable { " or null" } else { "" };
        let kind = match &self.kind {
            KnownKind::Boolean => "a boolean".to_owned(),
            KnownKind::Text => "a string".to_owned(),
            KnownKind::Object => "an object".to_owned(),
            KnownKind::Integer { minimum, maximum, .. } => format!("an integer from {minimum} to {maximum}"),
            KnownKind::Format { formats, or_empty } => {
                let formats: Vec<_> = formats.iter().map(String::as_str).collect();
                let or_empty = if *or_empty { ", or empty" } else { "" };
                format!("a string ({}{or_empty})", formats.join(" or "))
            }
            KnownKind::Values { is_closed: true, .. } => "one of a closed list of strings".to_owned(),
            KnownKind::Values { is_closed: false, .. } => "a string out of a vocabulary".to_owned(),
            KnownKind::Unmodelled(types) => {
                let types: Vec<_> = types.iter().map(String::as_str).collect();
                format!("of type {}", types.join(" or "))
            }
        };
        kind + or_null
    }
}

#[cfg(test)]
mod tests {
    use cloudconnexa_validator::catalog::{self, FieldSpec, Kind};

    use super::*;

    /// The text of the schema and the tables that are made of it say the same.
    #[test]
    fn the_built_in_schema_is_the_catalogue() {
        fn same(field: &KnownField, spec: &FieldSpec) {
            assert_eq!((field.required, field.nullable), (spec.required, spec.nullable), "{}", spec.name);
            match (&field.kind, spec.kind) {
                (KnownKind::Boolean, Kind::Boolean) | (KnownKind::Text, Kind::String) => {}
                (
                    KnownKind::Integer { minimum, maximum, .. },
                    Kind::Integer { minimum: least, maximum: most, .. },
                ) => assert_eq!((*minimum, *maximum), (least, most)),
                (
                    KnownKind::Format { formats, or_empty },
                    Kind::Format { formats: list, or_empty: empty },
                ) => {
                    assert!(
                        formats.iter().map(String::as_str).eq(list.iter().copied()) && *or_empty == empty
                    );
                }
                (KnownKind::Values { known, is_closed: true }, Kind::Constant(values)) => {
                    assert!(values.iter().all(|value| known.contains(*value)) && known.len() == values.len());
                }
                (KnownKind::Values { known, is_closed: false }, Kind::Vocabulary(values)) => {
                    assert!(
                        values.iter().all(|value| known.contains(value.value)) && known.len() == values.len()
                    );
                }
                (kind, spec) => panic!("{kind:?} is not {spec:?}"),
            }
        }
        let known = Known::built_in();
        assert_eq!(known.events.len(), catalog::EVENTS.len());
        assert_eq!(known.header.len(), catalog::HEADER.len());
        for spec in catalog::HEADER {
            same(&known.header[spec.name], spec);
        }
        for event in catalog::EVENTS {
            let fields = known.events[event.name].as_ref();
            assert_eq!(fields.map(BTreeMap::len), event.log.map(<[_]>::len));
            for spec in event.log.unwrap_or_default() {
                same(&fields.expect("it has a log")[spec.name], spec);
            }
        }
        let version = known.field(None, "/CloudConnexaLogVersion").expect("it is there");
        assert!(version.lacks("2") && !version.lacks("1"));
    }
}
