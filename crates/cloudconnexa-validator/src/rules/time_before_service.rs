//! `time-before-service`: an event from before the service existed.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::Excerpt;
use crate::instant::SECOND;
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "time-before-service",
    severity: Severity::Warning,
    summary: "an event is older than the service",
    explanation: "\
The event is from before 2020, when there was no such service: OpenVPN Cloud, which became CloudConnexa, came later. A
time near 1970 comes from a clock that was never set, or from seconds where another unit is expected. It applies with
`--semantic` or `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"timestamp\": \"1970-01-01T00:00:00.000000Z\"}
```

## What to do

Find out what wrote the time. The event itself may well be real: look for it near its neighbours in the file.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Timestamp]);

/// 2020-01-01T00:00:00Z: no event is older.
pub(crate) const FIRST: i64 = 1_577_836_800 * SECOND;

/// The time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeBeforeService {
    raw: Excerpt,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<TimeBeforeService>> {
    if context.fields.time(Field::Timestamp)? >= FIRST {
        return None;
    }
    Hit::new(Field::Timestamp, TimeBeforeService { raw: Excerpt::of(context.fields.raw(Field::Timestamp)?) })
}

impl Describe for TimeBeforeService {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let message = match masking {
            Masking::Shown => format!("`timestamp` is {}, before the service existed", self.raw.quote()),
            Masking::Masked => "`timestamp` is from before the service existed".to_owned(),
        };
        let help = "there are no events from before 2020; correct the clock";
        Text::new(message, "before 2020", Some(help.to_owned()))
    }
}
