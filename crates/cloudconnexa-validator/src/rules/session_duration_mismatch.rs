//! `session-duration-mismatch`: a duration other than the time from start to end.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::Excerpt;
use crate::instant::{self, SECOND};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "session-duration-mismatch",
    severity: Severity::Warning,
    summary: "the duration of a session is not the time from its start to its end",
    explanation: "\
`sessionDurationSeconds` is the length of the session, and so is the time from `sessionStartTime` to `sessionEndTime`.
Here they differ by more than a second, which is more than rounding explains. Sums of hours in a report depend on
which of the two it uses. It applies with `--semantic` or `--stateful`, or with `--warn` or `--deny` and its name. A
session that ends before it starts is reported only by `session-end-before-start`.

## Example

```json
{\"sessionStartTime\": \"2023-12-20T10:45:10.000000Z\", \"sessionEndTime\": \"2023-12-20T10:45:14.000000Z\", \"sessionDurationSeconds\": 4000}
```

## What to do

Look at what wrote the event. A usual cause is milliseconds instead of seconds. Decide for one of the two, and say in
your report which one.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Start, Field::End, Field::Duration]);

/// The largest difference that rounding of start, end and duration can cause.
const TOLERANCE: i64 = SECOND;

/// The duration in the event, and the one from its start to its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionDurationMismatch {
    raw: Excerpt,
    seconds: i64,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<SessionDurationMismatch>> {
    let fields = context.fields;
    let duration = fields.number(Field::Duration)?;
    let length = fields.time(Field::End)?.checked_sub(fields.time(Field::Start)?)?;
    let pairings =
        i64::try_from(duration).ok().and_then(|seconds| seconds.checked_mul(SECOND)).unwrap_or(i64::MAX);
    if length < 0 || pairings.abs_diff(length) <= TOLERANCE.unsigned_abs() {
        return None;
    }
    let raw = Excerpt::of(fields.raw(Field::Duration)?);
    Hit::new(Field::Duration, SessionDurationMismatch { raw, seconds: length / SECOND })
}

impl Describe for SessionDurationMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let message = match masking {
            Masking::Shown => format!(
                "`sessionDurationSeconds` is {}, but from `sessionStartTime` to `sessionEndTime` it is {}",
                self.raw.quote(),
                instant::length(self.seconds.saturating_mul(SECOND))
            ),
            Masking::Masked => {
                "`sessionDurationSeconds` is not the time from `sessionStartTime` to `sessionEndTime`"
                    .to_owned()
            }
        };
        let (label, help) = match masking {
            Masking::Shown => (
                format!("expected {}", self.seconds),
                format!("by its start and end it is `{}`", self.seconds),
            ),
            Masking::Masked => ("another length".to_owned(), "correct the duration or the times".to_owned()),
        };
        Text::new(message, label, Some(help))
    }
}
