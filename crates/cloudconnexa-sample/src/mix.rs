//! Which events a sample has, and how many of each.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use cloudconnexa_validator::catalog::EVENTS;

/// How often each event comes, as in a tenant whose people work all day.
const USUAL: &[(&str, u64)] = &[
    ("flow-established", 70),
    ("client-connected", 11),
    ("client-disconnected", 10),
    ("domain-blocked", 4),
    ("traffic-blocked", 2),
];

/// A weight for each event of the schema; read from `flow-established=70,client-connected=12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix(pub(crate) Vec<(usize, u64)>);

impl Default for Mix {
    fn default() -> Self {
        let usual = |name| USUAL.iter().find(|(known, _)| *known == name).map_or(1, |(_, weight)| *weight);
        Self(EVENTS.iter().enumerate().map(|(place, event)| (place, usual(event.name))).collect())
    }
}

impl Mix {
    pub(crate) fn has(&self, event: &str) -> bool {
        self.0.iter().any(|&(place, weight)| weight > 0 && EVENTS[place].name == event)
    }
}

/// What keeps a text from being a [`Mix`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixError(Problem);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Event(String),
    Weight { name: String, weight: String },
    Nothing,
}

impl MixError {
    /// The name that no event has, if that is what is wrong.
    pub fn unknown_event(&self) -> Option<&str> {
        match &self.0 {
            Problem::Event(name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for MixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::Event(name) => write!(f, "no event is named `{name}`"),
            Problem::Weight { name, weight } => {
                write!(f, "expected a whole number for how often `{name}` comes, found `{weight}`")
            }
            Problem::Nothing => write!(f, "expected at least one event that comes at all"),
        }
    }
}

impl Error for MixError {}

impl FromStr for Mix {
    type Err = MixError;

    fn from_str(text: &str) -> Result<Self, MixError> {
        let mut mix = Self(EVENTS.iter().enumerate().map(|(place, _)| (place, 0)).collect());
        for part in text.split(',') {
            let (name, weight) = part.split_once('=').unwrap_or((part, "1"));
            let (name, weight) = (name.trim(), weight.trim());
            let Some(place) = EVENTS.iter().position(|event| event.name == name) else {
                return Err(MixError(Problem::Event(name.to_owned())));
            };
            let wrong = |_| MixError(Problem::Weight { name: name.to_owned(), weight: weight.to_owned() });
            mix.0[place].1 = weight.parse::<u32>().map_err(wrong)?.into();
        }
        if mix.0.iter().all(|(_, weight)| *weight == 0) {
            return Err(MixError(Problem::Nothing));
        }
        Ok(mix)
    }
}

#[cfg(test)]
mod tests {
    use super::Mix;

    #[test]
    fn reads_names_and_weights() {
        let mix: Mix = "flow-established=70, client-connected".parse().unwrap();
        assert!(mix.has("flow-established") && mix.has("client-connected") && !mix.has("test-message"));
        assert_eq!(mix.0.iter().map(|(_, weight)| weight).sum::<u64>(), 71);
        assert!(Mix::default().0.iter().all(|(_, weight)| *weight > 0));
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<Mix>().unwrap_err();
        assert_eq!(error("x=1").to_string(), "no event is named `x`");
        assert_eq!(error("x=1").unknown_event(), Some("x"));
        assert!(error("test-message=some").to_string().ends_with("found `some`"));
        assert!(error("test-message=0").to_string().starts_with("expected at least one"));
        assert_eq!(error("test-message=0").unknown_event(), None);
    }
}
