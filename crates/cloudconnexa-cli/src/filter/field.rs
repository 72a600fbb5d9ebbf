//! The fields that options name, and their values in an event.

use std::borrow::Cow;
use std::cell::OnceCell;

use cloudconnexa_events::Actors;
use cloudconnexa_report::table::Cell;
use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{EVENTS, FieldSpec, HEADER, Kind, is_plausible_name};
use cloudconnexa_validator::outline::{self, ActorText, JsonType, Outline, Raw};
use cloudconnexa_validator::sessions::is_refusal;

use crate::nearest::nearest;

/// Before the name of a field of `log` that the header has as well.
const LOG: &str = "log.";

/// The event that `refused` is about.
const DISCONNECTED: &str = "client-disconnected";

/// A field of an event, or a fact that follows from several.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// As it was given.
    name: Box<str>,
    place: Place,
}

/// The place of a value.
#[derive(Clone, Debug)]
enum Place {
    /// The field of the header with this index in [`HEADER`].
    Header(usize),
    EventName,
    /// All of `log`.
    WholeLog,
    Log(LogField),
    /// Keys and indexes, as in a JSON Pointer.
    Pointer(Vec<Box<str>>),
    Derived(Derived),
}

/// A field of `log`.
#[derive(Clone, Debug)]
struct LogField {
    name: Box<str>,
    /// Its index in the `log` of each event in [`EVENTS`].
    indices: Vec<Option<usize>>,
}

/// A fact that follows from several fields.
#[derive(Clone, Debug)]
enum Derived {
    UserId,
    UserName,
    DeviceId,
    DeviceName,
    /// Whether a client-disconnected event is a refused login, by this reason.
    Refused(LogField),
}

/// The fields of an event. Who caused it is found out once, for all fields that say so.
#[derive(Debug)]
pub(crate) struct EventFields<'o, 'a> {
    pub(crate) outline: &'o Outline<'a>,
    actors: OnceCell<Actors<ActorText<'a>>>,
}

impl<'o, 'a> EventFields<'o, 'a> {
    pub(crate) fn new(outline: &'o Outline<'a>) -> Self {
        Self { outline, actors: OnceCell::new() }
    }

    fn actors(&self) -> &Actors<ActorText<'a>> {
        self.actors.get_or_init(|| self.outline.actors())
    }
}

/// The value of a field in an event.
#[derive(Clone, Debug)]
pub(crate) enum FieldValue<'a> {
    /// As it is written.
    Json(Raw<'a>),
    Text(Cow<'a, str>),
    Boolean(bool),
}

impl Field {
    /// Reads the name of a field, or a JSON Pointer. An error is a sentence.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        Ok(Self { name: name.into(), place: Place::parse(name)? })
    }

    /// Reads different names. `option` is for the message.
    pub(crate) fn parse_all(names: &[String], option: &str) -> Result<Vec<Self>, String> {
        let mut fields: Vec<Self> = Vec::new();
        for name in names {
            if fields.iter().any(|field| *field.name == **name) {
                return Err(format!("`{option}` has `{name}` twice"));
            }
            fields.push(Self::parse(name)?);
        }
        Ok(fields)
    }

    /// Its name, as it was given.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name of the field of `log` that has the same name as this one of the header, if its event has both.
    pub(crate) fn namesake(&self) -> Option<String> {
        // Nobody expects another `eventName`.
        let is_shared = matches!(self.place, Place::Header(_)) && LogField::find(&self.name).is_some();
        is_shared.then(|| [LOG, &self.name].concat())
    }

    /// Returns what may be meant by a JSON Pointer to a field that the schema does not describe, if it is similar to one that it
    /// describes.
    pub(crate) fn doubt(&self) -> Option<String> {
        let Place::Pointer(keys) = &self.place else { return None };
        let (name, folder, known): (_, _, Vec<_>) = match &keys[..] {
            [name] => (name, "", HEADER.iter().map(|spec| spec.name).chain(["eventName", "log"]).collect()),
            [log, name] if **log == *"log" => {
                let logs = EVENTS.iter().filter_map(|event| event.log).flatten();
                (name, "/log", logs.map(|spec| spec.name).collect())
            }
            _ => return None,
        };
        if known.iter().any(|known| **known == **name) {
            return None;
        }
        let meant = nearest(name, known)?;
        Some(format!("the schema does not describe `{}`; did you mean `{folder}/{meant}`?", self.name))
    }

    /// Returns the kinds of value that the schema allows it in one event or another. None if it describes no such field.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        match &self.place {
            Place::Header(index) => vec![HEADER[*index].kind],
            Place::Log(field) => {
                let logs = EVENTS.iter().zip(&field.indices);
                logs.filter_map(|(event, index)| Some(event.log?.get((*index)?)?.kind)).collect()
            }
            Place::Derived(Derived::Refused(_)) => vec![Kind::Boolean],
            Place::EventName | Place::WholeLog | Place::Pointer(_) | Place::Derived(_) => Vec::new(),
        }
    }

    /// Returns which booleans or numbers it may be, in words.
    pub(super) fn range(&self) -> String {
        match self.kinds().first() {
            Some(Kind::Integer { minimum, maximum, .. }) if u32::try_from(*maximum).is_ok() => {
                format!("a whole number from {minimum} to {maximum}")
            }
            Some(Kind::Integer { minimum, .. }) => format!("a whole number of at least {minimum}"),
            _ => "`true` or `false`".to_owned(),
        }
    }

    /// Returns a cell with a value of the field, which is masked unless it is absent or the name of an event.
    pub(crate) fn mask<'a>(&self, cell: Cell<'a>) -> Cell<'a> {
        let is_shown = matches!(cell, Cell::Missing)
            || matches!(self.place, Place::EventName) && is_plausible_name(&cell.text());
        if is_shown { cell } else { Cell::Text("masked".into()) }
    }

    /// Returns its value in an event that has it.
    pub(crate) fn value<'a>(&self, event: &EventFields<'_, 'a>) -> Option<FieldValue<'a>> {
        let outline = event.outline;
        match &self.place {
            Place::Header(index) => outline.at(Scope::Header, *index).map(|member| member.value().into()),
            Place::EventName => outline.name().map(FieldValue::Text),
            Place::WholeLog => log(outline).map(FieldValue::Json),
            Place::Log(field) => field.value(outline).map(FieldValue::Json),
            Place::Pointer(keys) => at_pointer(outline, keys).map(FieldValue::Json),
            Place::Derived(derived) => derived.value(event),
        }
    }
}

impl Place {
    fn parse(name: &str) -> Result<Self, String> {
        if let Some(pointer) = name.strip_prefix('/') {
            let key = |key: &str| key.replace("~1", "/").replace("~0", "~").into();
            return Ok(Self::Pointer(pointer.split('/').map(key).collect()));
        }
        if let Some(field) = name.strip_prefix(LOG).and_then(LogField::find) {
            return Ok(Self::Log(field));
        }
        if let Some(index) = HEADER.iter().position(|spec| spec.name == name) {
            return Ok(Self::Header(index));
        }
        if let Some(field) = LogField::find(name).filter(|_| name != "eventName") {
            return Ok(Self::Log(field));
        }
        match name {
            "eventName" => return Ok(Self::EventName),
            "log" => return Ok(Self::WholeLog),
            _ => {}
        }
        if let Some((_, derived)) = DERIVED.iter().find(|(known, _)| *known == name) {
            return Ok(Self::Derived(derived()));
        }
        Err(format!("no field `{name}`; {}", super::suggest::remedy(name, &known_names())))
    }
}

/// Returns all names of fields.
fn known_names() -> Vec<String> {
    let of_logs = || EVENTS.iter().filter_map(|event| event.log).flatten().map(|spec| spec.name);
    let of_header = HEADER.iter().map(|spec| spec.name).chain(["eventName", "log"]);
    let derived = DERIVED.iter().map(|(name, _)| *name);
    let plain = of_header.chain(of_logs()).chain(derived).map(str::to_owned);
    plain.chain(of_logs().map(|name| [LOG, name].concat())).collect()
}

impl LogField {
    fn find(name: &str) -> Option<Self> {
        let index = |fields: &[FieldSpec]| fields.iter().position(|spec| spec.name == name);
        let indices: Vec<_> = EVENTS.iter().map(|event| event.log.and_then(index)).collect();
        indices.iter().any(Option::is_some).then(|| Self { name: name.into(), indices })
    }

    fn value<'a>(&self, outline: &Outline<'a>) -> Option<Raw<'a>> {
        let event = outline.event().filter(|event| event.log.is_some());
        let Some(event) = event.and_then(|event| EVENTS.iter().position(|known| std::ptr::eq(known, event)))
        else {
            // The outline does not list the fields of this `log`.
            return log(outline)?
                .members()
                .filter(|(key, _)| **key == *self.name)
                .map(|(_, value)| value)
                .last();
        };
        if let Some(index) = self.indices[event] {
            return Some(outline.at(Scope::Log, index)?.value());
        }
        let unknown = outline.members().filter(|member| {
            member.scope == Scope::Log
                && matches!(member.field, outline::Field::Unknown)
                && member.name() == *self.name
        });
        unknown.last().map(|member| member.value())
    }
}

/// Makes a derived field.
type MakeDerived = fn() -> Derived;

const DERIVED: [(&str, MakeDerived); 5] = [
    ("userId", || Derived::UserId),
    ("userName", || Derived::UserName),
    ("deviceId", || Derived::DeviceId),
    ("deviceName", || Derived::DeviceName),
    ("refused", || {
        let name = "sessionDisconnectReason";
        let none = || LogField { name: name.into(), indices: vec![None; EVENTS.len()] };
        Derived::Refused(LogField::find(name).unwrap_or_else(none))
    }),
];

impl Derived {
    fn value<'a>(&self, event: &EventFields<'_, 'a>) -> Option<FieldValue<'a>> {
        let actors = || event.actors();
        let text = match self {
            Self::UserId => actors().user_id(),
            Self::UserName => actors().user_name(),
            Self::DeviceId => actors().device_id(),
            Self::DeviceName => actors().device_name(),
            Self::Refused(reason) => {
                event.outline.event().filter(|event| event.name == DISCONNECTED)?;
                return reason
                    .value(event.outline)?
                    .text()
                    .map(|reason| FieldValue::Boolean(is_refusal(&reason)));
            }
        };
        text.map(|text| FieldValue::Text(text.text().clone()))
    }
}

/// Returns the value of `log`.
fn log<'a>(outline: &Outline<'a>) -> Option<Raw<'a>> {
    let logs = outline.members().filter(|member| matches!(member.field, outline::Field::Log));
    logs.last().map(|member| member.value())
}

fn at_pointer<'a>(outline: &Outline<'a>, keys: &[Box<str>]) -> Option<Raw<'a>> {
    let (first, others) = keys.split_first()?;
    let members =
        outline.members().filter(|member| member.scope == Scope::Header && member.name() == **first);
    let root = members.last()?.value();
    others.iter().try_fold(root, |value, key| match value.kind() {
        JsonType::Object => {
            value.members().filter(|(name, _)| **name == **key).map(|(_, value)| value).last()
        }
        JsonType::Array => value.elements().nth(key.parse().ok()?),
        _ => None,
    })
}

impl<'a> FieldValue<'a> {
    /// Returns it as text: a string without quotes and escapes, anything else as it is written.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        match self {
            Self::Json(raw) => raw.text().unwrap_or(Cow::Borrowed(raw.as_str())),
            Self::Text(text) => text.clone(),
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
        }
    }

    /// Whether it is a number, rather than text with digits.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Json(raw) if raw.kind() == JsonType::Number)
    }

    /// Whether it is null, which says no more than an absent field.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Json(raw) if raw.kind() == JsonType::Null)
    }

    /// Whether it is text.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::Json(raw) => raw.kind() == JsonType::String,
            Self::Text(_) => true,
            Self::Boolean(_) => false,
        }
    }
}

impl<'a> From<Raw<'a>> for FieldValue<'a> {
    fn from(raw: Raw<'a>) -> Self {
        Self::Json(raw)
    }
}

impl<'a> From<FieldValue<'a>> for Cell<'a> {
    fn from(value: FieldValue<'a>) -> Self {
        match value {
            value if value.is_null() => Self::Missing,
            FieldValue::Json(raw) => Self::Value(raw),
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Boolean(value) => Self::Json(if value { "true" } else { "false" }.into()),
        }
    }
}
