//! `session-never-ends`: a session that begins and does not end.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "session-never-ends",
    severity: Severity::Warning,
    summary: "a session does not end within the horizon",
    explanation: "\
There is a client-connected, but no client-disconnected of the same `clientSessionId`, though the events go on for longer than
`--horizon` (30 days without it). Either the session is as long as that, or an event is missing. Sessions that are open at the
end of the input, within the horizon, are counted and not pairings of. It takes
`--stateful`, or `--warn` or `--deny` with its name.

## Example

```json
{\"timestamp\": \"2023-12-20T10:45:10.000000Z\", \"eventName\": \"client-connected\"}
{\"timestamp\": \"2024-03-20T10:45:10.000000Z\", \"eventName\": \"test-message\"}
```

## What to do

Context for files that were not delivered or not read. Connectors hold sessions for months: give them a longer `--horizon`.
",
};

/// A beginning without an end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionNeverEnds;

impl Describe for SessionNeverEnds {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // The rule says all: there is nothing to mask.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = "the session begins here, and does not end within the horizon";
        let help = "look for files that were not read, or give a longer `--horizon`";
        Text::new(message, "never ends", Some(help.to_owned()))
    }
}
