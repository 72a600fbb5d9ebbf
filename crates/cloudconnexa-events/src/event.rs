//! The event: a header and a body, written as one object.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::builder::{BuildError, Checked, Refused};
use crate::error::Error;
use crate::fields::{Collector, Key, Scope, WithoutPosition};
use crate::generated::{EventBody, Header};
use crate::json::Json;
use crate::wire::{Record, Slots};

/// One log event.
///
/// Parse it with [`str::parse`], [`Event::from_slice`] or `serde_json`; make it with [`Event::new`]; write it with [`Event::to_json`], `Display` or
/// `serde_json`.
///
/// Events are equal if their values mean the same: spelling and the order of keys do not matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Event {
    /// The fields that every event has.
    #[serde(flatten)]
    pub header: Header,
    /// What the event reports, by the name of the event.
    #[serde(flatten)]
    pub body: EventBody,
}

impl Event {
    /// Puts an event together from its header and its body, which is the `log` of a known event, an
    /// [`UnknownEvent`](crate::UnknownEvent), or [`EventBody::TestMessage`].
    ///
    /// Builders make the parts: [`Header::builder`], and `builder` of the type of each `log`. The fields of both are public, so
    /// this checks them again: an event that this returns is one that the schema accepts.
    ///
    /// # Errors
    ///
    /// Returns an error if the schema does not accept the event: an integer is beyond its bounds, or the name of an unknown
    /// field or event is that of a known one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::{Event, EventName, LogStreamPausedLog};
    ///
    /// let header = Event::example(EventName::LogStreamPaused).header.to_builder().cloud_id("acme").build()?;
    /// let log = LogStreamPausedLog::builder().aws_s3_bucket("acme-logs").aws_region("eu-central-1").build()?;
    /// let event = Event::new(header, log)?;
    /// assert_eq!(event.event_name(), "log-stream-paused");
    /// assert_eq!(event.to_json().parse::<Event>()?, event);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(header: Header, body: impl Into<EventBody>) -> Result<Self, BuildError> {
        let body = body.into();
        header.check()?;
        body.check()?;
        if EventBody::has_log(body.event_name()) && header.extra.get("log").is_some() {
            return Err(Refused::log().at(Scope::Event, "log"));
        }
        Ok(Self { header, body })
    }

    /// Parses one event, with optional white space around it.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not UTF-8, not JSON, or not an event that the schema accepts.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_events::Event;
    ///
    /// let event = Event::from_slice(include_bytes!("../examples/test-message.json"))?;
    /// assert_eq!(event.event_name(), "test-message");
    /// # Ok::<(), cloudconnexa_events::Error>(())
    /// ```
    pub fn from_slice(json: &[u8]) -> Result<Self, Error> {
        std::str::from_utf8(json).map_err(|error| Error::utf8(error, json))?.parse()
    }

    /// Returns the event as one line of JSON, without a line end.
    pub fn to_json(&self) -> String {
        self.to_string()
    }

    /// Returns the name of the event, such as `client-disconnected`.
    pub fn event_name(&self) -> &str {
        self.body.event_name()
    }
}

impl FromStr for Event {
    type Err = Error;
    fn from_str(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| Error::json(in_place(json).unwrap_or(error), json))
    }
}

/// Returns the error of an event whose `log` comes before `eventName`, with its position in the event. `None` if the order is the
/// usual one.
///
/// Such a `log` is read after the rest, apart from it. Here it is read again, in its place.
fn in_place(json: &str) -> Option<serde_json::Error> {
    let mut name = None;
    // The name is there even if what follows it is wrong.
    _ = serde_json::Deserializer::from_str(json).deserialize_map(LateName(&mut name));
    let visitor = EventVisitor { expected: Some(&name?) };
    serde_json::Deserializer::from_str(json).deserialize_map(visitor).err()
}

/// Finds the name of an event that comes after its `log`.
struct LateName<'n>(&'n mut Option<String>);

impl<'de> Visitor<'de> for LateName<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut has_log = false;
        while let Some(Key(key)) = map.next_key()? {
            if key == "eventName" {
                let name = map.next_value()?;
                *self.0 = has_log.then_some(name);
                return Ok(());
            }
            has_log |= key == "log";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Writes the event as one line of JSON.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cannot fail: every key is a string, and the values do not return errors.
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EventVisitor { expected: None })
    }
}

struct EventVisitor<'n> {
    /// The name of the event, if it is known before it is read.
    expected: Option<&'n str>,
}

/// The state of `log` while the rest of the event is read.
#[expect(clippy::large_enum_variant, reason = "there is one, on the stack, during a parse")]
enum Log {
    Absent,
    /// Came before `eventName`, which decides what it holds, and after this many unknown fields.
    Deferred(Box<RawValue>, usize),
    Read(EventBody),
    /// An unknown field, because the event has no documented `log`.
    Unknown,
}

impl<'de> Visitor<'de> for EventVisitor<'_> {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let mut header = <Header as Record>::Slots::default();
        let mut extra = Collector::new(Scope::Event);
        let mut name: Option<String> = None;
        let mut log = Log::Absent;
        while let Some(Key(key)) = map.next_key()? {
            match (&*key, name.as_deref().or(self.expected)) {
                ("eventName", _) if name.is_some() => return Err(de::Error::duplicate_field("eventName")),
                ("eventName", _) => name = Some(map.next_value()?),
                ("log", _) if !matches!(log, Log::Absent) => return Err(de::Error::duplicate_field("log")),
                ("log", Some(name)) if EventBody::has_log(name) => {
                    log = Log::Read(map.next_value_seed(BodySeed(name))?);
                }
                ("log", Some(_)) => {
                    let at = extra.len();
                    let Json(json) = map.next_value()?;
                    undocumented_log(&mut extra, json, at)?;
                    log = Log::Unknown;
                }
                ("log", None) => {
                    let Json(json) = map.next_value()?;
                    log = Log::Deferred(json, extra.len());
                }
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
            Log::Deferred(json, _) if EventBody::has_log(&name) => {
                let mut deserializer = serde_json::Deserializer::from_str(json.get());
                BodySeed(&name)
                    .deserialize(&mut deserializer)
                    .map_err(|error| de::Error::custom(format_args!("`log`: {}", WithoutPosition(&error))))?
            }
            Log::Deferred(json, at) => {
                undocumented_log(&mut extra, json, at)?;
                EventBody::without_log(name)?
            }
            Log::Absent | Log::Unknown => EventBody::without_log(name)?,
        };
        let header = header.finish(extra.finish()?).map_err(de::Error::missing_field)?;
        Ok(Event { header, body })
    }
}

/// Keeps a `log` that is not documented as an unknown field. The schema still wants an object.
fn undocumented_log<E: de::Error>(extra: &mut Collector, json: Box<RawValue>, at: usize) -> Result<(), E> {
    if !json.get().starts_with('{') {
        return Err(E::custom("`log` must be an object"));
    }
    extra.insert(at, "log".into(), json)
}

/// Reads the `log` of the event of this name.
struct BodySeed<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for BodySeed<'_> {
    type Value = EventBody;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EventBody, D::Error> {
        EventBody::read_log(self.0, deserializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for crate::unknown::UnknownEvent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UnknownEvent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "An event that this version does not know.",
            "required": ["eventName"],
            "properties": {
                "eventName": { "type": "string", "not": { "enum": crate::generated::EventName::KNOWN } },
                "log": { "type": "object" },
            },
        })
    }
}
