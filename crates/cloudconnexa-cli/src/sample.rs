//! What `ccxlog sample` takes, as clap reads it.

pub(crate) use cloudconnexa_sample::Mix;

use cloudconnexa_validator::catalog::EVENTS;

use crate::nearest::nearest;

/// How events are separated and indented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One event a line
    Jsonl,
    /// Events over many lines, one after another
    Pretty,
    /// One array of events
    Array,
}

impl From<Format> for cloudconnexa_sample::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Jsonl => Self::Jsonl,
            Format::Pretty => Self::Pretty,
            Format::Array => Self::Array,
        }
    }
}

/// Reads `flow-established=70,client-connected=12`.
pub(crate) fn parse_mix(text: &str) -> Result<Mix, String> {
    text.parse::<Mix>().map_err(|error| {
        let Some(name) = error.unknown_event() else { return error.to_string() };
        let remedy = nearest(name, EVENTS.iter().map(|event| event.name))
            .map_or("`ccxlog events` lists them".to_owned(), |name| format!("did you mean `{name}`?"));
        format!("{error}; {remedy}")
    })
}

#[cfg(test)]
mod tests {
    use super::parse_mix;

    #[test]
    fn a_misspelt_event_is_told_with_a_remedy() {
        let error = |text| parse_mix(text).unwrap_err();
        assert_eq!(
            error("flow-establish=1"),
            "no event is named `flow-establish`; did you mean `flow-established`?"
        );
        assert_eq!(error("x=1"), "no event is named `x`; `ccxlog events` lists them");
        assert!(error("test-message=0").starts_with("expected at least one"));
    }
}
