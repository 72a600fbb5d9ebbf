//! Tests that builders and validator agree: what a builder is given is valid as an event if, and only if, it builds one.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the event.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read settings")]

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use cloudconnexa_events::{BuildError, BuildErrorKind, Event, EventBody, SCHEMA, UnknownEvent};
use cloudconnexa_schema::{Field, Json, Object, Scalar, ScalarKind, Schema, ValueKind};
use cloudconnexa_validator::{Position, Validator};
use serde_json::value::RawValue;
use workspace_tests::mutate::{RAW, Random};
use workspace_tests::setting;

/// Declares a function for each builder that gives it the values of a random object.
macro_rules! builders {
    ($($type:ident $view:ident $function:ident { $($kind:ident $field:ident = $name:literal;)* })*) => {
        $(
            pub(crate) fn $function(
                values: &mut $crate::Values<'_>,
            ) -> Result<cloudconnexa_events::$type, cloudconnexa_events::BuildError> {
                let mut builder = cloudconnexa_events::$type::builder();
                $(if let Some(value) = values.$kind($name) {
                    builder = builder.$field(value);
                })*
                while let Some((name, value)) = values.extra() {
                    builder = builder.with_extra(name, value);
                }
                builder.build()
            }
        )*
    };
}

#[rustfmt::skip]
#[path = "generated/builders.rs"]
mod generated;

/// Names of unknown fields, some of which are known in some object.
const EXTRA: &[&str] = &["new", "newer", "", "a/b~c", "é\n\"", "log", "eventName", "timestamp", "clientUUID"];

/// Enough for each field to be missing and to be wrong.
const CASES: u64 = 30_000;

/// Rules about records that are not compared with the schema.
const NOT_JSON: &[&str] = &["syntax", "too-deep", "number-overflow", "duplicate-field"];

/// Invents the fields of an object, and writes them down as JSON.
struct Values<'a> {
    schema: &'a Schema,
    object: Option<&'a Object>,
    random: &'a mut Random,
    /// The members of the object so far, each with a comma after it.
    members: String,
    /// How many unknown fields are still to be added.
    extras: usize,
    /// Whether something was given that is only wrong to give to a builder.
    misused: bool,
}

impl<'a> Values<'a> {
    fn new(schema: &'a Schema, object: Option<&'a Object>, random: &'a mut Random) -> Self {
        let extras = if random.once_in(4) { 1 + random.below(2) } else { 0 };
        Self { schema, object, random, members: String::new(), extras, misused: false }
    }

    fn member(&mut self, name: &str, value: &str) {
        write!(self.members, "{}:{value},", serde_json::to_string(name).unwrap()).unwrap();
    }

    /// Returns the field with this name, or `None` if the object shall not have it.
    fn field(&mut self, name: &str) -> Option<&'a Field> {
        let field = self.object.unwrap().field(name).unwrap();
        let absent = self.random.once_in(if field.required { 200 } else { 2 });
        (!absent).then_some(field)
    }

    fn any_text(&mut self, field: &Field) -> String {
        let usual: Vec<String> = match self.schema.value_kind(field) {
            ValueKind::Scalar(Scalar { kind: ScalarKind::Vocabulary { values, .. }, .. }) => {
                values.iter().map(|known| known.value.clone()).collect()
            }
            ValueKind::Scalar(Scalar { kind: ScalarKind::Constant(values), .. }) => values.clone(),
            _ => field.examples.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        };
        if !self.random.once_in(40) && !usual.is_empty() {
            return usual[self.random.below(usual.len())].clone();
        }
        loop {
            if let Ok(text) = serde_json::from_str(RAW[self.random.below(RAW.len())]) {
                return text;
            }
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let field = self.field(name)?;
        let text = self.any_text(field);
        self.member(name, &serde_json::to_string(&text).unwrap());
        Some(text)
    }

    #[expect(clippy::option_option, reason = "absent, null, or a text")]
    fn nullable(&mut self, name: &str) -> Option<Option<String>> {
        let field = self.field(name)?;
        let text = if self.random.once_in(3) { None } else { Some(self.any_text(field)) };
        self.member(name, &serde_json::to_string(&text).unwrap());
        Some(text)
    }

    fn integer<T: TryFrom<u64> + Display>(&mut self, name: &str) -> Option<T> {
        const ODD: [u64; 9] =
            [0, 1, 3, 4, 65_535, 65_536, u32::MAX as u64 + 1, i64::MAX as u64, i64::MAX as u64 + 1];
        let field = self.field(name)?;
        let example = field.examples.first().map(|example| example.to_value().as_u64().unwrap());
        let odd = [ODD[self.random.below(ODD.len())], self.random.next_u64()][self.random.below(2)];
        let value = if self.random.once_in(8) { odd } else { example.unwrap_or(1) };
        // What does not fit into its type does not compile.
        let value = T::try_from(value).ok().or_else(|| T::try_from(1).ok()).unwrap();
        self.member(name, &value.to_string());
        Some(value)
    }

    fn u8(&mut self, name: &str) -> Option<u8> {
        self.integer(name)
    }

    fn u16(&mut self, name: &str) -> Option<u16> {
        self.integer(name)
    }

    fn u32(&mut self, name: &str) -> Option<u32> {
        self.integer(name)
    }

    fn u64(&mut self, name: &str) -> Option<u64> {
        self.integer(name)
    }

    fn boolean(&mut self, name: &str) -> Option<bool> {
        self.field(name)?;
        let value = self.random.once_in(2);
        self.member(name, &value.to_string());
        Some(value)
    }

    fn extra(&mut self) -> Option<(String, Box<RawValue>)> {
        self.extras = self.extras.checked_sub(1)?;
        let names = if self.random.once_in(5) { EXTRA } else { &EXTRA[..5] };
        let name = names[self.random.below(names.len())];
        self.misused |= self.object.is_some_and(|object| object.field(name).is_some());
        let is_header = self.object.is_some_and(|object| *object == *self.schema.header());
        self.misused |= is_header && matches!(name, "log" | "eventName");
        let value = loop {
            let depth = 120 + self.random.below(10);
            let json = match self.random.below(8) {
                0 => format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
                _ => RAW[self.random.below(RAW.len())].to_owned(),
            };
            if let Ok(value) = RawValue::from_string(json) {
                break value;
            }
        };
        self.member(name, value.get());
        Some((name.to_owned(), value))
    }

    fn json(&self) -> String {
        format!("{{{}}}", self.members.trim_end_matches(','))
    }
}

/// Returns the body of a random event, with the members of the event that describe it.
fn body(schema: &Schema, random: &mut Random) -> (Result<EventBody, BuildError>, String, bool) {
    fn known<T: Into<EventBody>>(log: Result<T, BuildError>) -> Result<EventBody, BuildError> {
        log.map(Into::into)
    }
    let at = random.below(schema.events().len() + 1);
    let Some(event) = schema.events().get(at) else { return unknown(schema, random) };
    let log = schema.log_of(event);
    let mut values = Values::new(schema, log, random);
    let body = match &*event.name {
        "log-stream-started" => known(generated::log_stream_started_log(&mut values)),
        "log-stream-paused" => known(generated::log_stream_paused_log(&mut values)),
        "test-message" => Ok(EventBody::TestMessage),
        "client-connected" => known(generated::client_connected_log(&mut values)),
        "client-disconnected" => known(generated::client_disconnected_log(&mut values)),
        "domain-blocked" => known(generated::domain_blocked_log(&mut values)),
        "flow-established" => known(generated::flow_established_log(&mut values)),
        "traffic-blocked" => known(generated::traffic_blocked_log(&mut values)),
        other => panic!("call the builder of {other} here"),
    };
    let log = if log.is_some() { format!(",\"log\":{}", values.json()) } else { String::new() };
    (body, format!("\"eventName\":\"{}\"{log}", event.name), values.misused)
}

fn unknown(schema: &Schema, random: &mut Random) -> (Result<EventBody, BuildError>, String, bool) {
    let known = schema.events()[random.below(schema.events().len())].name.clone();
    let name =
        if random.once_in(8) { known.clone() } else { ["", "new", "é\n"][random.below(3)].to_owned() };
    let mut values = Values::new(schema, None, random);
    let mut builder = UnknownEvent::builder(&name);
    while let Some((name, value)) = values.extra() {
        builder = builder.with_extra(name, value);
    }
    let log = if values.members.is_empty() { String::new() } else { format!(",\"log\":{}", values.json()) };
    let misused = values.misused || name == known;
    let members = format!("\"eventName\":{}{log}", serde_json::to_string(&name).unwrap());
    (builder.build().map(EventBody::Other), members, misused)
}

#[test]
fn a_builder_builds_what_is_valid_and_nothing_else() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", CASES);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let schema = Schema::parse(SCHEMA).unwrap();
    let validator = Validator::new();
    let mut random = Random::new(seed);
    let mut refused = BTreeSet::new();
    let (mut built, mut misused) = (0, 0);
    for _ in 0..cases {
        let mut values = Values::new(&schema, Some(schema.header()), &mut random);
        let header = generated::header(&mut values);
        let (members, header_misused) = (values.members, values.misused);
        let (body, body_members, body_misused) = body(&schema, &mut random);
        let json = format!("{{{members}{body_members}}}");
        let event = header.and_then(|header| Event::new(header, body?));

        let report = validator.check(json.as_bytes(), Position::START);
        let is_misused = header_misused || body_misused;
        assert_eq!(
            event.is_ok(),
            report.is_valid() && !is_misused,
            "CCX_SEED={seed}: the builders say {:?}, the validator says {:#?} of\n{json}",
            event.err(),
            report.findings,
        );
        match event {
            Ok(event) => {
                let written = event.to_json();
                assert!(validator.check(written.as_bytes(), Position::START).is_valid(), "{written}");
                assert_eq!(json.parse::<Event>().unwrap(), event, "{json}");
                assert_eq!(written.parse::<Event>().unwrap(), event, "{written}");
                built += 1;
            }
            Err(error) if is_misused => {
                assert!(!error.pointer().is_empty());
                misused += 1;
            }
            Err(error) => {
                let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule().id).collect();
                // What is not JSON to every reader is not compared with the schema.
                let is_json = !rules.iter().any(|rule| NOT_JSON.contains(rule));
                let is_reported = error.rule().is_none_or(|rule| rules.contains(&rule)) || !is_json;
                assert!(is_reported, "{error}: the validator says {rules:?} of {json}");
                refused.insert((error.kind() as u8, error.pointer().to_owned()));
            }
        }
    }
    println!("{built} built, {misused} misused");
    assert!(built > cases / 5 && misused > cases / 100, "a one-sided run: {built} built, {misused} misused");
    if cases >= CASES {
        assert_every_field_was_refused(&schema, &refused);
    }
}

/// Every required field was missing once, and every value that can be wrong was wrong once.
fn assert_every_field_was_refused(schema: &Schema, refused: &BTreeSet<(u8, String)>) {
    for object in [schema.header()].into_iter().chain(schema.logs()) {
        let parent = if object == schema.header() { "" } else { "/log" };
        for field in &object.fields {
            let was_refused = |kind: BuildErrorKind| {
                let at = format!("{parent}/{}", field.name);
                assert!(refused.contains(&(kind as u8, at)), "{}: no {kind:?}", field.name);
            };
            if field.required {
                was_refused(BuildErrorKind::MissingField);
            }
            match schema.value_kind(field) {
                ValueKind::Scalar(Scalar { kind: ScalarKind::Format { .. }, .. }) => {
                    was_refused(BuildErrorKind::WrongFormat);
                }
                ValueKind::Scalar(Scalar { kind: ScalarKind::Constant(_), .. }) => {
                    was_refused(BuildErrorKind::WrongValue);
                }
                // Where the bounds are those of the type, nothing else compiles.
                ValueKind::Scalar(Scalar { kind: ScalarKind::Integer { minimum, maximum, .. }, .. })
                    if *minimum > 0 || !matches!(*maximum, 0xff | 0xffff | 0xffff_ffff) =>
                {
                    was_refused(BuildErrorKind::OutOfRange);
                }
                _ => {}
            }
        }
    }
}
