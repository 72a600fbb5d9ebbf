//! The envelope: an event is a header and a body, written as one object.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::fields::{Collector, Fields, Key, Level, Unplaced};
use crate::wire::{Record, Slots};
use crate::{Error, EventBody, Header};

/// One log event.
///
/// Parse it with [`str::parse`], [`Event::from_slice`] or `serde_json`; write it with [`Event::to_json`], `Display` or
/// `serde_json`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Event {
    /// What every event tells.
    #[serde(flatten)]
    pub header: Header,
    /// What this one reports.
    #[serde(flatten)]
    pub body: EventBody,
}

/// An event that this version does not know: kept whole.
///
/// Audit events come this way, for instance: they exist in numbers and are documented nowhere.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// Its name.
    #[serde(rename = "eventName")]
    pub event_name: String,
    /// The fields of its `log`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Fields>,
}

impl Event {
    /// Parses one event; white space around it is fine, anything else is not.
    ///
    /// Fails where the bytes are not UTF-8, not JSON, or not an event that the schema accepts.
    pub fn from_slice(json: &[u8]) -> Result<Self, Error> {
        std::str::from_utf8(json).map_err(Error::utf8)?.parse()
    }

    /// Writes the event as one line of JSON, without a line end.
    pub fn to_json(&self) -> String {
        self.to_string()
    }

    /// The name of the event, such as `client-disconnected`.
    pub fn event_name(&self) -> &str {
        self.body.event_name()
    }
}

impl FromStr for Event {
    type Err = Error;
    fn from_str(json: &str) -> Result<Self, Error> {
        Ok(serde_json::from_str(json)?)
    }
}

/// The event as one line of JSON.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every key is a text and every value writes itself: nothing here can fail.
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EventVisitor)
    }
}

struct EventVisitor;

/// What is known of `log` while the rest of the event is read.
#[expect(clippy::large_enum_variant, reason = "one on the stack for the time of a parse")]
enum Log {
    Absent,
    /// Read before `eventName`, which tells what it holds, and behind so many unknown fields.
    Waiting(Box<RawValue>, usize),
    Read(EventBody),
    /// The event documents none: an unknown field like others.
    Extra,
}

impl<'de> Visitor<'de> for EventVisitor {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let mut header = <Header as Record>::Slots::default();
        let mut extra = Collector::new(Level::Event);
        let mut name: Option<String> = None;
        let mut log = Log::Absent;
        while let Some(Key(key)) = map.next_key()? {
            match (&*key, &name) {
                ("eventName", Some(_)) => return Err(de::Error::duplicate_field("eventName")),
                ("eventName", None) => name = Some(map.next_value()?),
                ("log", _) if !matches!(log, Log::Absent) => return Err(de::Error::duplicate_field("log")),
                ("log", Some(name)) if EventBody::has_log(name) => {
                    log = Log::Read(map.next_value_seed(BodySeed(name))?);
                }
                ("log", Some(_)) => {
                    let at = extra.len();
                    undocumented_log(&mut extra, map.next_value()?, at)?;
                    log = Log::Extra;
                }
                ("log", None) => log = Log::Waiting(map.next_value()?, extra.len()),
                _ => {
                    if !header.accept(&key, &mut map)? {
                        extra.read(key, &mut map)?;
                    }
                }
            }
        }
        let name = name.ok_or_else(|| de::Error::missing_field("eventName"))?;
        let body = match log {
            Log::Read(body) => body,
            Log::Waiting(json, _) if EventBody::has_log(&name) => {
                let mut deserializer = serde_json::Deserializer::from_str(json.get());
                BodySeed(&name)
                    .deserialize(&mut deserializer)
                    .map_err(|error| de::Error::custom(format_args!("`log`: {}", Unplaced(&error))))?
            }
            Log::Waiting(json, at) => {
                undocumented_log(&mut extra, json, at)?;
                EventBody::without_log(name)?
            }
            Log::Absent | Log::Extra => EventBody::without_log(name)?,
        };
        Ok(Event { header: header.finish(extra.finish()?)?, body })
    }
}

/// A `log` where none is documented is an unknown field, but an object all the same.
fn undocumented_log<E: de::Error>(extra: &mut Collector, json: Box<RawValue>, at: usize) -> Result<(), E> {
    if !json.get().starts_with('{') {
        return Err(E::custom("`log` must be an object"));
    }
    extra.insert(at, "log".into(), json)
}

/// Reads a `log` as that of the event of this name.
struct BodySeed<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for BodySeed<'_> {
    type Value = EventBody;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EventBody, D::Error> {
        EventBody::read_log(self.0, deserializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for UnknownEvent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UnknownEvent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "An event that this version does not know.",
            "required": ["eventName"],
            "properties": {
                "eventName": { "type": "string", "not": { "enum": crate::EventName::KNOWN } },
                "log": { "type": "object" },
            },
        })
    }
}
