//! The mix of a sample: which events it has, and how often.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use cloudconnexa_validator::catalog::EVENTS;

#[cfg(test)]
mod tests;

/// The default weights, as in a tenant whose people work all day; all other events have a weight of 1.
const DEFAULT_WEIGHTS: &[(&str, u64)] = &[
    ("flow-established", 70),
    ("client-connected", 11),
    ("client-disconnected", 10),
    ("domain-blocked", 4),
    ("traffic-blocked", 2),
];

/// A weight for each event of the schema.
///
/// Parsed from a comma-separated list of `NAME=WEIGHT`. A name alone has a weight of 1, and events that are not named
/// have none.
///
/// ```
/// use cloudconnexa_sample::{Mix, ParseMixErrorKind};
///
/// let mix: Mix = "flow-established=70, client-connected=12, client-disconnected".parse()?;
/// assert_ne!(mix, Mix::default());
///
/// let error = "flow-started=1".parse::<Mix>().unwrap_err();
/// assert_eq!(error.kind(), ParseMixErrorKind::UnknownEvent);
/// assert_eq!(error.unknown_event(), Some("flow-started"));
/// # Ok::<(), cloudconnexa_sample::ParseMixError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mix(pub(crate) Vec<(usize, u64)>);

impl Default for Mix {
    fn default() -> Self {
        let weight =
            |name| DEFAULT_WEIGHTS.iter().find(|(known, _)| *known == name).map_or(1, |(_, weight)| *weight);
        Self(EVENTS.iter().enumerate().map(|(index, event)| (index, weight(event.name))).collect())
    }
}

impl Mix {
    pub(crate) fn has(&self, event: &str) -> bool {
        self.0.iter().any(|&(index, weight)| weight > 0 && EVENTS[index].name == event)
    }
}

/// The reason that a text is not a [`Mix`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseMixError(Repr);

/// The kinds of [`ParseMixError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseMixErrorKind {
    /// No event has this name.
    UnknownEvent,
    /// The weight is not a whole number from 0 to [`u32::MAX`].
    InvalidWeight,
    /// All weights are 0.
    Empty,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Repr {
    UnknownEvent(String),
    InvalidWeight { name: String, weight: String },
    Empty,
}

impl ParseMixError {
    /// Returns the kind of error.
    pub fn kind(&self) -> ParseMixErrorKind {
        match self.0 {
            Repr::UnknownEvent(_) => ParseMixErrorKind::UnknownEvent,
            Repr::InvalidWeight { .. } => ParseMixErrorKind::InvalidWeight,
            Repr::Empty => ParseMixErrorKind::Empty,
        }
    }

    /// Returns the name that no event has, for [`ParseMixErrorKind::UnknownEvent`].
    pub fn unknown_event(&self) -> Option<&str> {
        match &self.0 {
            Repr::UnknownEvent(name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for ParseMixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::UnknownEvent(name) => write!(f, "no event is named `{name}`"),
            Repr::InvalidWeight { name, weight } => {
                write!(f, "expected a whole number as the weight of `{name}`, found `{weight}`")
            }
            Repr::Empty => write!(f, "expected at least one event with a weight above 0"),
        }
    }
}

impl Error for ParseMixError {}

impl FromStr for Mix {
    type Err = ParseMixError;

    fn from_str(text: &str) -> Result<Self, ParseMixError> {
        let mut mix = Self(EVENTS.iter().enumerate().map(|(index, _)| (index, 0)).collect());
        for part in text.split(',') {
            let (name, weight) = part.split_once('=').unwrap_or((part, "1"));
            let (name, weight) = (name.trim(), weight.trim());
            let Some(index) = EVENTS.iter().position(|event| event.name == name) else {
                return Err(ParseMixError(Repr::UnknownEvent(name.to_owned())));
            };
            let invalid =
                |_| ParseMixError(Repr::InvalidWeight { name: name.to_owned(), weight: weight.to_owned() });
            mix.0[index].1 = weight.parse::<u32>().map_err(invalid)?.into();
        }
        if mix.0.iter().all(|(_, weight)| *weight == 0) {
            return Err(ParseMixError(Repr::Empty));
        }
        Ok(mix)
    }
}
