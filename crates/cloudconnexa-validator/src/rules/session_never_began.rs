//! `session-never-began`: a session that ends without having started.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "session-never-began",
    severity: Severity::Warning,
    summary: "a session ends whose start is not in the input",
    explanation: "\
There is a client-disconnected, but no client-connected with the same `clientSessionId`, neither before nor after it,
although the session started after the input did: an event is missing. Sessions that started before the first event of
the input are not reported. Neither are refused logins, which end without having started, and sessions of a tenant
(`cloudId`) of which the input has no client-connected at all: tenants choose which events are streamed. A note counts
these. It applies with `--stateful`, or with `--warn` or `--deny` and its name. It is reported at the end of the run, or
after `--horizon`.

## Example

```json
{\"timestamp\": \"2023-12-20T10:00:00.000000Z\", \"eventName\": \"client-connected\", \"log\": {\"clientSessionId\": \"a\"}}
{\"eventName\": \"client-disconnected\", \"log\": {\"clientSessionId\": \"b\", \"sessionStartTime\": \"2023-12-20T10:45:10.000000Z\"}}
```

## What to do

Look for files that were not delivered or not read, and for a filter that drops events.
",
};

pub(crate) const JUDGED: Judged =
    Judged::fields(&[Field::ClientSessionId]).of_events(&["client-disconnected"]);

/// An end without a beginning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionNeverBegan;

impl Describe for SessionNeverBegan {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // There is nothing to mask: the message has no values.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = "the session ends here, but its `client-connected` is not in the input";
        let help = "look for files that were not read: the session started after the first event";
        Text::new(message, "never began", Some(help.to_owned()))
    }
}
