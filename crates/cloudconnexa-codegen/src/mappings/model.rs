//! The model of `schema/mappings.json`: for each event, where each of its fields goes.

use cloudconnexa_schema::Json;

/// A standard that events are mapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Ocsf,
    Ecs,
    Asim,
    Cim,
}

impl Target {
    pub(crate) const ALL: [Self; 4] = [Self::Ocsf, Self::Ecs, Self::Asim, Self::Cim];

    /// Returns the key of the file.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Ocsf => "ocsf",
            Self::Ecs => "ecs",
            Self::Asim => "asim",
            Self::Cim => "cim",
        }
    }
}

/// The object of an event that a field is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Header,
    Log,
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldRef {
    pub(crate) scope: Scope,
    /// Its index among the fields of the object in the schema. `eventName` follows those of the header.
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Integer,
    Text,
    Address,
    Time,
}

impl Kind {
    /// Returns its name, with an article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Text => "a text",
            Self::Address => "an address",
            Self::Time => "a time",
        }
    }
}

/// How a value is converted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Transform {
    /// It stays as it is.
    Copy,
    /// An integer becomes its digits as text.
    Text,
    /// A time becomes milliseconds since the Unix epoch.
    UnixMilliseconds,
    /// A time is written as RFC 3339 in UTC.
    Rfc3339,
    /// Seconds become milliseconds.
    Milliseconds,
    /// Seconds become nanoseconds.
    Nanoseconds,
    /// Digits in a text become a number.
    Number,
    /// A text becomes lower case.
    Lowercase,
    /// Values that are listed become others.
    Map(Vec<(String, Json)>),
}

impl Transform {
    /// The transforms that `as` may name, in the order of the documentation.
    pub(crate) const NAMED: [(&'static str, Self); 7] = [
        ("text", Self::Text),
        ("unix-milliseconds", Self::UnixMilliseconds),
        ("rfc3339", Self::Rfc3339),
        ("milliseconds", Self::Milliseconds),
        ("nanoseconds", Self::Nanoseconds),
        ("number", Self::Number),
        ("lowercase", Self::Lowercase),
    ];

    /// Returns what a field of this kind becomes; `None` if the transform does not fit it.
    pub(crate) fn result(&self, kind: Kind) -> Option<Kind> {
        match (self, kind) {
            (Self::Copy, kind) => Some(kind),
            (Self::Text, Kind::Integer) | (Self::Lowercase, Kind::Text) => Some(Kind::Text),
            (Self::UnixMilliseconds | Self::Rfc3339, Kind::Time) => Some(Kind::Time),
            (Self::Milliseconds | Self::Nanoseconds, Kind::Integer) | (Self::Number, Kind::Text) => {
                Some(Kind::Integer)
            }
            (Self::Map(rows), Kind::Text | Kind::Integer) => {
                let are_texts = rows.iter().any(|(_, value)| value.as_str().is_some());
                Some(if are_texts { Kind::Text } else { Kind::Integer })
            }
            _ => None,
        }
    }
}

/// A condition on a field: it has one of these values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) field: FieldRef,
    pub(crate) values: Vec<Json>,
}

/// Where a field goes in OCSF 1.1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum To11 {
    /// To the same path.
    Same,
    Path(String),
    Nothing,
}

/// A place in a target that a field goes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Goal {
    /// The path, such as `src_endpoint.ip` or `related.ip[]`.
    pub(crate) to: String,
    pub(crate) to_1_1: To11,
    pub(crate) transform: Transform,
    /// Which of several fields wins: the one with the lowest.
    pub(crate) rank: Option<u64>,
    /// All of these have to hold.
    pub(crate) when: Vec<Condition>,
    /// The value if no field has one.
    pub(crate) otherwise: Option<Json>,
    pub(crate) note: Option<String>,
    /// Where it is in the file.
    pub(crate) pointer: String,
}

/// What becomes of a field in a target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// It has no place, for this reason.
    Unmapped(String),
    /// The constants of a case express it, in this way.
    Cases(String),
    To(Vec<Goal>),
}

/// A field with its decisions, in the order of [`Target::ALL`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldMapping {
    pub(crate) field: FieldRef,
    pub(crate) decisions: [Decision; 4],
}

impl FieldMapping {
    pub(crate) fn decision(&self, target: Target) -> &Decision {
        &self.decisions[target as usize]
    }

    /// Returns the goals in a target.
    pub(crate) fn goals(&self, target: Target) -> &[Goal] {
        match self.decision(target) {
            Decision::To(goals) => goals,
            Decision::Unmapped(_) | Decision::Cases(_) => &[],
        }
    }
}

/// Constants by their paths. A value of null removes what an earlier list has.
pub(crate) type Constants = Vec<(String, Json)>;

/// Constants that an event has under conditions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Case {
    pub(crate) when: Vec<Condition>,
    pub(crate) set: Constants,
}

/// What an event is in OCSF or in ECS, apart from its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// The class, in OCSF.
    pub(crate) class: String,
    pub(crate) class_1_1: String,
    pub(crate) set: Constants,
    pub(crate) set_1_1: Constants,
    /// Constants of objects that occur only if the event has a value for the object.
    pub(crate) with: Constants,
    pub(crate) with_1_1: Constants,
    /// The first whose conditions hold applies. At least one, and the last has no conditions.
    pub(crate) cases: Vec<Case>,
    /// Alternatives for objects whose required members are missing.
    pub(crate) otherwise: Vec<(String, Json)>,
    pub(crate) pointer: String,
}

/// How an event is mapped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventMapping {
    /// `None` for events that the schema does not describe.
    pub(crate) name: Option<String>,
    pub(crate) ocsf: Shape,
    pub(crate) ecs: Shape,
    /// Those of the header, then `eventName`, then those of the `log`.
    pub(crate) fields: Vec<FieldMapping>,
}
