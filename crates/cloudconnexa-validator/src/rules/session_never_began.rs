//! `session-never-began`: a session that ends without having begun.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "session-never-began",
    severity: Severity::Warning,
    summary: "a session ends whose beginning is not in the input",
    explanation: "\
There is a client-disconnected, but no client-connected of the same `clientSessionId`, before it or behind it, though the
session began when the input had begun already: an event is missing. Sessions that began before the first event of the input
are not pairings of, nor are logins that were refused, which end without having begun. It takes `--stateful`, or `--warn` or
`--deny` with its name, and is pairings at the end of the run, or when more than `--horizon` has gone by.

## Example

```json
{\"timestamp\": \"2023-12-20T10:00:00.000000Z\", \"eventName\": \"test-message\"}
{\"eventName\": \"client-disconnected\", \"log\": {\"sessionStartTime\": \"2023-12-20T10:45:10.000000Z\"}}
```

## What to do

Context for files that were not delivered or not read, and for a filter that drops events.
",
};

/// An end without a beginning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionNeverBegan;

impl Describe for SessionNeverBegan {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // The rule says all: there is nothing to mask.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = "the session ends here, but no `client-connected` of it is in the input";
        let help = "look for files that were not read: the session began after the first event that was";
        Text::new(message, "never began", Some(help.to_owned()))
    }
}
