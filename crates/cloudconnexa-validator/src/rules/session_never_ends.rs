//! `session-never-ends`: a session that does not end.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "session-never-ends",
    severity: Severity::Warning,
    summary: "a session does not end within `--horizon`",
    explanation: "\
There is a client-connected, but no client-disconnected with the same `clientSessionId`, although the events continue
for longer than `--horizon` (30 days by default). Either the session is that long, or an event is missing. Sessions
that are still open at the end of the input, within the horizon, are counted but not reported. Neither are sessions of
a tenant (`cloudId`) of which the input has no client-disconnected at all: tenants choose which events are streamed. It
applies with `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"timestamp\": \"2023-12-20T10:45:10.000000Z\", \"eventName\": \"client-connected\", \"log\": {\"clientSessionId\": \"a\"}}
{\"timestamp\": \"2024-03-20T10:45:10.000000Z\", \"eventName\": \"client-disconnected\", \"log\": {\"clientSessionId\": \"b\"}}
```

## What to do

Look for files that were not delivered or not read. Connectors keep sessions open for months: give them a longer
`--horizon`.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::ClientSessionId]).of_events(&["client-connected"]);

/// A beginning without an end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionNeverEnds;

impl Describe for SessionNeverEnds {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // There is nothing to mask: the message has no values.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = "the session starts here and does not end within `--horizon`";
        let help = "look for files that were not read, or give a longer `--horizon`";
        Text::new(message, "never ends", Some(help.to_owned()))
    }
}
