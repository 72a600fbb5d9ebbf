//! Where users say that events are: names joined with dots, or a JSON Pointer.

use std::fmt;
use std::str::FromStr;

/// The most names or segments of a path.
const MAX_STEPS: usize = 16;

/// Where events are in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventPath {
    /// Names of fields. Of an array on the way, each element is meant, and a name may have dots itself.
    Names(Vec<String>),
    /// The segments of a JSON Pointer, of which `*` is each element of an array.
    Pointer(Vec<String>),
}

/// Why a text does not say where events are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// It is empty, or one of its names is.
    Empty,
    /// It has more than 16 names.
    TooLong,
    /// A `~` of a JSON Pointer is not followed by 0 or 1.
    Escape,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a name is missing: write `message`, `result._raw` or `/a/0/b`",
            Self::TooLong => "it has more than 16 names",
            Self::Escape => "`~` in a JSON Pointer must be written as `~0`, and `/` in a name as `~1`",
        })
    }
}

impl std::error::Error for PathError {}

impl FromStr for EventPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let (is_pointer, steps) = match text.strip_prefix('/') {
            Some(rest) => (true, rest.split('/').map(unescape).collect::<Result<Vec<_>, _>>()?),
            // As `jq` has it: `.logEvents[].message`.
            None => (false, text.strip_prefix('.').unwrap_or(text).split('.').map(name).collect()),
        };
        if steps.len() > MAX_STEPS {
            return Err(PathError::TooLong);
        }
        if is_pointer {
            return Ok(Self::Pointer(steps));
        }
        if steps.iter().any(String::is_empty) { Err(PathError::Empty) } else { Ok(Self::Names(steps)) }
    }
}

fn name(text: &str) -> String {
    text.trim_end_matches("[]").to_owned()
}

fn unescape(segment: &str) -> Result<String, PathError> {
    let mut parts = segment.split('~');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escaped, rest) = match part.as_bytes().first() {
            Some(b'0') => ('~', &part[1..]),
            Some(b'1') => ('/', &part[1..]),
            _ => return Err(PathError::Escape),
        };
        name.push(escaped);
        name.push_str(rest);
    }
    Ok(name)
}

impl fmt::Display for EventPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names) => f.write_str(&names.join(".")),
            Self::Pointer(segments) => segments
                .iter()
                .try_for_each(|segment| write!(f, "/{}", segment.replace('~', "~0").replace('/', "~1"))),
        }
    }
}
