//! `session-ends-twice`: a session that ends twice.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};
use crate::semantics::fields::Field;
use crate::semantics::first_seen::FirstSeen;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "session-ends-twice",
    severity: Severity::Warning,
    summary: "a session ends a second time",
    explanation: "\
Two client-disconnected events have the same `clientSessionId`, but not the same `traceId`: they are two events, not
one event delivered twice. Sums of hours and bytes count the session twice. It applies with `--stateful`, or with
`--warn` or `--deny` and its name.

## Example

```json
{\"traceId\": \"693bbbde-626d-4940-ac2b-4e75efb49bf7\", \"log\": {\"clientSessionId\": \"6582c5be4203d502df029d4a\"}}
{\"traceId\": \"0b7c9be0-52a8-4a50-9f6b-0f5b7de0a9f2\", \"log\": {\"clientSessionId\": \"6582c5be4203d502df029d4a\"}}
```

## What to do

Compare the two. If they are the same, count one; `ccxlog sessions` does that. If not, they may be two sessions with a
reused id.
",
};

pub(crate) const JUDGED: Judged =
    Judged::fields(&[Field::ClientSessionId]).of_events(&["client-disconnected"]);

/// The first end of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionEndsTwice {
    pub(crate) first: FirstSeen,
}

impl Describe for SessionEndsTwice {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // The location identifies the other event: there is nothing to mask.
    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = format!("the session already ended, with the event at {}", self.first);
        Text::new(message, "ended before", Some("count the session once".to_owned()))
    }
}
