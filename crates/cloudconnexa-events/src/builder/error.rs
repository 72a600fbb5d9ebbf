//! The error of a builder.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Checked, Place};
use crate::fields::{Scope, WithoutPosition};
use crate::scalar::Timestamp;

/// The most characters of a value that a message repeats.
const MAX_CHARS: usize = 60;

/// The reason that a builder builds nothing: what the schema does not accept, and what to do about it.
///
/// ```
/// use cloudconnexa_events::{BuildErrorKind, LogStreamPausedLog, Header};
///
/// let error = LogStreamPausedLog::builder().aws_region("eu-central-1").build().unwrap_err();
/// assert_eq!((error.kind(), error.pointer()), (BuildErrorKind::MissingField, "/log/aws-s3-bucket"));
/// assert_eq!(
///     error.to_string(),
///     "`/log` has no `aws-s3-bucket`, which is required: set it with `.aws_s3_bucket(…)`"
/// );
///
/// let error = Header::builder().trace_id("42").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`/traceId` is \"42\", but has to be a UUID in its hyphenated form: write it like \
///      \"693bbbde-626d-4940-ac2b-4e75efb49bf7\""
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuildError(Box<Repr>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Repr {
    kind: BuildErrorKind,
    pointer: String,
    message: String,
}

/// The kinds of [`BuildError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// A required field was not set.
    MissingField,
    /// A text is not in the format of its field.
    WrongFormat,
    /// A text is not in the closed list of its field.
    WrongValue,
    /// An integer is beyond the bounds of its field.
    OutOfRange,
    /// An unknown field has the name of a field that the schema knows.
    KnownField,
    /// An unknown field was added twice.
    RepeatedField,
    /// The value of an unknown field cannot be written as JSON that every reader accepts.
    UnreadableValue,
    /// An unknown event has the name of an event that the schema knows.
    KnownEvent,
}

impl BuildError {
    /// Returns the kind of error.
    pub fn kind(&self) -> BuildErrorKind {
        self.0.kind
    }

    /// Returns the JSON Pointer to the field in the event, such as `/log/clientUUID`.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// Returns the rule that such an event would break, such as `wrong-format`: `ccxlog explain wrong-format` explains it. An
    /// unknown field or event that cannot be written has none.
    pub fn rule(&self) -> Option<&'static str> {
        match self.0.kind {
            BuildErrorKind::MissingField => Some("missing-field"),
            BuildErrorKind::WrongFormat => Some("wrong-format"),
            BuildErrorKind::WrongValue => Some("wrong-value"),
            BuildErrorKind::OutOfRange => Some("out-of-range"),
            BuildErrorKind::KnownField | BuildErrorKind::RepeatedField => Some("duplicate-field"),
            BuildErrorKind::UnreadableValue | BuildErrorKind::KnownEvent => None,
        }
    }

    fn new(kind: BuildErrorKind, pointer: String, message: String) -> Self {
        Self(Box::new(Repr { kind, pointer, message }))
    }

    pub(crate) fn missing<T: Checked>(missing: &[Place]) -> Self {
        let list = |of: fn(&Place) -> String| missing.iter().map(of).collect::<Vec<_>>().join(", ");
        let (names, setters) =
            (list(|place| format!("`{}`", place.name)), list(|place| format!("`.{}(…)`", place.setter)));
        let object = match T::SCOPE {
            Scope::Event => "the header",
            Scope::Log => "`/log`",
        };
        let (are, them) = if missing.len() == 1 { ("which is", "it") } else { ("which are", "them") };
        let message = format!("{object} has no {names}, {are} required: set {them} with {setters}");
        let first = missing.first().map_or("", |place| place.name);
        Self::new(BuildErrorKind::MissingField, pointer(T::SCOPE, first), message)
    }

    pub(crate) fn known_event(name: &str) -> Self {
        let message = format!(
            "`/eventName` is {}, which is not an unknown event: use its variant of `EventBody`",
            excerpt(name)
        );
        Self::new(BuildErrorKind::KnownEvent, "/eventName".to_owned(), message)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for BuildError {}

/// Why a value was refused, without the place that it was meant for.
#[derive(Debug)]
pub struct Refused {
    kind: BuildErrorKind,
    /// What the field is or has, after its name.
    problem: String,
    remedy: String,
}

impl Refused {
    pub(crate) fn at(self, scope: Scope, name: &str) -> BuildError {
        let Self { kind, problem, remedy } = self;
        let pointer = pointer(scope, name);
        let message = format!("`{pointer}` {problem}: {remedy}");
        BuildError::new(kind, pointer, message)
    }

    /// Refuses a text that is not in the expected format, of which there is an example.
    pub(crate) fn format(text: &str, expected: &str, example: &str) -> Self {
        Self {
            kind: BuildErrorKind::WrongFormat,
            problem: format!("is {}, but has to be {expected}", excerpt(text)),
            remedy: format!("write it like \"{example}\""),
        }
    }

    /// Refuses a text that is not in a closed list.
    pub(crate) fn value(text: &str, list: &[&str]) -> Self {
        let list: Vec<_> = list.iter().map(|value| excerpt(value)).collect();
        let (what, which) = match &*list {
            [only] => (only.clone(), "write that".to_owned()),
            _ => ("one of a fixed list".to_owned(), format!("write {}", list.join(" or "))),
        };
        Self {
            kind: BuildErrorKind::WrongValue,
            problem: format!("is {}, but has to be {what}", excerpt(text)),
            remedy: which,
        }
    }

    pub(super) fn out_of_range(value: u64, bounds: &RangeInclusive<u64>) -> Self {
        let (minimum, maximum) = (bounds.start(), bounds.end());
        let (than, bound) = if value < *minimum { ("at least", minimum) } else { ("at most", maximum) };
        Self {
            kind: BuildErrorKind::OutOfRange,
            problem: format!("is {value}, but has to be {than} {bound}"),
            remedy: format!("use an integer from {minimum} to {maximum}"),
        }
    }

    pub(super) fn year(time: &Timestamp) -> Self {
        Self {
            kind: BuildErrorKind::WrongFormat,
            problem: format!("is {time}, which a date and time by RFC 3339 cannot express"),
            remedy: "use a year from 0 to 9999".to_owned(),
        }
    }

    /// Refuses a time of the system.
    pub(crate) fn system_time() -> Self {
        Self {
            kind: BuildErrorKind::WrongFormat,
            problem: "is beyond what a date and time by RFC 3339 can express".to_owned(),
            remedy: "use a year from 0 to 9999".to_owned(),
        }
    }

    /// Refuses a field of the header that the body has.
    pub(crate) fn log() -> Self {
        Self::described("give the body of the event to `Event::new`".to_owned())
    }

    pub(super) fn described(remedy: String) -> Self {
        let problem = "is a field that the schema knows, not an unknown one".to_owned();
        Self { kind: BuildErrorKind::KnownField, problem, remedy }
    }

    pub(super) fn repeated() -> Self {
        Self {
            kind: BuildErrorKind::RepeatedField,
            problem: "was added twice, but an object has each name once".to_owned(),
            remedy: "remove one of the calls of `.with_extra(…)`".to_owned(),
        }
    }

    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        Self {
            kind: BuildErrorKind::UnreadableValue,
            problem: format!("is not a value that every reader of JSON accepts ({})", WithoutPosition(error)),
            remedy: "use a simpler one".to_owned(),
        }
    }
}

/// Returns the JSON Pointer to a field of an object.
fn pointer(scope: Scope, name: &str) -> String {
    let object = match scope {
        Scope::Event => "",
        Scope::Log => "/log",
    };
    format!("{object}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns a text in quotes, cut off if it is long.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
