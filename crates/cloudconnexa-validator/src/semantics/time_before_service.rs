//! `time-before-service`: an event from before there was the service.

use super::fields::Field;
use super::{Breach, Context};
use crate::finding::{Place, Severity, Text};
use crate::instant::SECOND;
use crate::rules::Rule;
use crate::wording::{Excerpt, Values, Wording};

pub(crate) static RULE: Rule = Rule {
    id: "time-before-service",
    severity: Severity::Warning,
    summary: "an event is older than the service",
    explanation: "\
The event is from before 2020, and there was no such service then: OpenVPN Cloud, which became CloudConnexa, came after. A
time near 1970 is a clock that was never set, or seconds where another unit is meant. It takes `--semantic`, `--stateful`, or
`--warn` or `--deny` with its name.

## Example

```json
{\"timestamp\": \"1970-01-01T00:00:00.000000Z\"}
```

## What to do

Find what has written the time. The event itself may well be true: look for it where its neighbours in the file are.
",
};

/// 2020-01-01T00:00:00Z: no event is older.
pub(super) const FIRST: i64 = 1_577_836_800 * SECOND;

/// The time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeBeforeService {
    raw: Excerpt,
}

pub(super) fn check(context: &Context<'_>) -> Option<Breach> {
    if context.fields.time(Field::Timestamp)? >= FIRST {
        return None;
    }
    Breach::new(
        Field::Timestamp,
        TimeBeforeService { raw: Excerpt::of(context.fields.raw(Field::Timestamp)?) },
    )
}

impl Wording for TimeBeforeService {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Place, values: Values) -> Text {
        let message = match values {
            Values::Shown => format!("`timestamp` is {}, before there was the service", self.raw.quote()),
            Values::Masked => "`timestamp` is from before there was the service".to_owned(),
        };
        let help = "there are no events from before 2020; correct the clock";
        Text::new(message, "before 2020", Some(help.to_owned()))
    }
}
